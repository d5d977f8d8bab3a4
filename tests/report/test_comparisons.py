"""Comparisons in a report: waves, groups, documents, questions with themes of their own."""

import re

import pytest

import sendthemes
from sendthemes.errors import StudyError
from sendthemes.report.sections import found_differences
from sendthemes.table import Table

CODEBOOK = """
codebook: tiny
version: 1.0.0
themes:
  - {theme: pay, entries: [pay]}
  - {theme: time, entries: [time]}
"""
STUDY = """
study: tiny
title: Tiny
data: {file: now.csv, wave: "2023", earlier: {wave: "2021", file: then.csv}}
survey: survey.yml
codebook: tiny.yml
change: {questions: [area]}
sections: [change]
"""
SURVEY = """
respondent: id
questions:
  - {id: area, text: area, kind: single, levels: [School, LA]}
  - {id: why, text: why, kind: open}
"""


@pytest.fixture
def folder(tmp_path):
    files = {
        "tiny.yml": CODEBOOK,
        "study.yml": STUDY,
        "survey.yml": SURVEY,
        "now.csv": "id,area,why\n1,LA,pay\n2,LA,pay and time\n3,School,nothing else\n",
        "then.csv": "id,area,why\n1,School,time\n2,LA,time\n3,LA,no time\n4,School,pay\n",
    }
    for name, words in files.items():
        (tmp_path / name).write_text(words, encoding="utf-8")
    return tmp_path


def test_waves_stand_side_by_side_oldest_first(folder):
    table = sendthemes.load_study(folder / "study.yml").run().tables["area_by_wave"]
    cells = [(row["area"], row["wave"], row["respondents"], row["base"]) for row in table]
    assert cells == [
        ("School", "2021", 2, 4),
        ("School", "2023", 1, 3),
        ("LA", "2021", 2, 4),
        ("LA", "2023", 2, 3),
    ]


def test_themes_are_compared_where_both_waves_were_asked(folder):
    table = sendthemes.load_study(folder / "study.yml").run().tables["theme_change"]
    counts = {row["theme"]: (row["respondents_then"], row["respondents_now"]) for row in table}
    assert counts == {"pay": (1, 2), "time": (3, 1)}


def test_the_earlier_wave_is_an_input_that_the_manifest_names(folder):
    report = sendthemes.load_study(folder / "study.yml").run()
    assert {"now.csv", "then.csv"} <= set(report.pages.manifest["inputs"])


def test_a_change_without_an_earlier_wave_is_a_fault(folder):
    words = re.sub(r", earlier: \{.*?\}", "", STUDY)
    (folder / "study.yml").write_text(words, encoding="utf-8")
    with pytest.raises(StudyError, match="no earlier wave"):
        sendthemes.load_study(folder / "study.yml")


def test_a_question_that_the_earlier_wave_lacks_is_a_fault(folder):
    (folder / "then.csv").write_text("id,why\n1,time\n", encoding="utf-8")
    (folder / "then.yml").write_text("respondent: id\n", encoding="utf-8")
    words = STUDY.replace("file: then.csv", "file: then.csv, survey: then.yml")
    (folder / "study.yml").write_text(words, encoding="utf-8")
    with pytest.raises(StudyError, match="earlier wave has no question 'area'"):
        sendthemes.load_study(folder / "study.yml")


def test_only_differences_that_were_found_are_shown_and_the_rest_is_counted():
    columns = ("theme", "label", "la", "respondents", "base", "percent", "finding")
    rows = tuple(
        ("pay", "Pay", f"LA {at}", at, 20, 5.0 * at, finding)
        for at, finding in enumerate(["higher", "no clear difference", "too few to compare", "similar"])
    )
    table = found_differences(Table(columns, rows))
    assert list(table.column("finding")) == ["higher", "similar"]
    assert "1 comparison without a clear difference and 1 of groups" in table.notes[0]
