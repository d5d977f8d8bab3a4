"""What a report for publication hides beyond each table by itself."""

from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import sendthemes
from sendthemes.report.hiding import hide
from sendthemes.report.study import read_study
from sendthemes.report.tables import count_tables, short_names
from sendthemes.table import Table

LEVELS = ["Disagree", "Neither agree nor disagree", "Agree", "Strongly agree"]
STUDY = """
study: small
title: Small
data: {file: a.csv, wave: "2", earlier: {wave: "1", file: b.csv}}
codebook: x.yml
scales: {questions: [safe, heard]}
change: {direction: any, averages: {Both: [safe, heard]}}
"""
CODEBOOK = {"codebook": "x", "version": "1.0.0", "themes": [{"theme": "pay", "entries": ["pay"]}]}


def _answers(safe, heard):
    """Answers with so many at each level of two statements."""
    columns = [
        [level for level, count in zip(LEVELS, counts, strict=True) for _ in range(count)]
        for counts in (safe, heard)
    ]
    rows = [
        {"id": f"p{at}", "safe": one, "heard": other, "why": "pay"}
        for at, (one, other) in enumerate(zip(*columns, strict=True))
    ]
    levels = {"safe": LEVELS, "heard": LEVELS}
    return sendthemes.read_answers(rows, respondent="id", questions=["why"], levels=levels)


def _published(tmp_path, now, then):
    (tmp_path / "study.yml").write_text(STUDY, encoding="utf-8")
    study, _ = read_study(tmp_path / "study.yml")
    codebook = sendthemes.load_codebook(CODEBOOK)
    coded, earlier = (sendthemes.code_answers(each, codebook) for each in (now, then))
    return hide(count_tables(study, coded, short_names(coded), {}, earlier), study, "publish", coded.codebook)


def test_a_hidden_sum_is_hidden_in_the_change_and_in_averages_of_it(tmp_path):
    now = _answers([3, 0, 20, 17], [10, 10, 10, 10])
    shown = _published(tmp_path, now, _answers([10, 10, 10, 10], [10, 10, 10, 10]))
    assert [row["respondents_agree"] for row in shown["scales"]] == ["[c]", 20]
    assert [row["percent_now"] for row in shown["scale_change"]] == ["[c]", 50.0, "[c]"]
    assert [row["change"] for row in shown["scale_change"]] == ["[c]", "no clear change", "[c]"]


def test_levels_of_a_statement_are_published_as_sums_only(tmp_path):
    now = _answers([10, 10, 17, 3], [10, 10, 10, 10])
    shown = _published(tmp_path, now, _answers([10, 10, 10, 10], [10, 10, 10, 10]))
    assert [(row["response"], row["respondents"]) for row in shown["responses_safe"]] == [
        ("Agree", 20),
        ("Neither", 10),
        ("Disagree", 10),
    ]


def test_a_level_hidden_beside_the_earlier_wave_is_hidden_alone_too(tmp_path):
    now = _answers([3, 12, 13, 14], [10, 12, 10, 10])
    then = _answers([30, 2, 12, 13], [20, 10, 10, 17])
    study = STUDY.replace("direction: any", "direction: any, questions: [safe]").replace(
        "[safe, heard]}\n", "[heard]}\n", 1
    )
    (tmp_path / "study.yml").write_text(study, encoding="utf-8")
    definition, _ = read_study(tmp_path / "study.yml")
    codebook = sendthemes.load_codebook(CODEBOOK)
    coded, earlier = (sendthemes.code_answers(each, codebook) for each in (now, then))
    names = short_names(coded)
    shown = hide(count_tables(definition, coded, names, {}, earlier), definition, "publish", coded.codebook)
    alone = {row["response"]: row["respondents"] for row in shown["responses_safe"]}
    beside = {row["safe"]: row["respondents"] for row in shown["safe_by_wave"] if row["wave"] == "2"}
    assert alone == beside
    assert sum(count == "[c]" for count in alone.values()) >= 2


ORDER = """
study: small
title: Small
data: {file: a.csv}
codebook: x.yml
themes: {by: [kind], together: true}
"""
THEMES = {
    "codebook": "x",
    "version": "1.0.0",
    "themes": [{"theme": name, "entries": [name]} for name in ("pay", "time", "bus", "heat")],
}


def test_the_order_of_hidden_rows_tells_nothing_of_their_counts(tmp_path):
    """Levels and themes change places, and the published tables stay the same but for names."""
    counts = {"pay": 20, "time": 4, "bus": 2, "heat": 3}
    orders = []
    for names in (["pay", "time", "bus", "heat"], ["pay", "heat", "time", "bus"]):
        many = dict(zip(names, counts.values(), strict=True))
        rows = [
            {"id": f"p{at}{name}", "kind": f"kind of {name}", "why": f"{name} for all"}
            for name, count in many.items()
            for at in range(count)
        ]
        answers = sendthemes.read_answers(rows, respondent="id", questions=["why"], variables=["kind"])
        (tmp_path / "study.yml").write_text(ORDER, encoding="utf-8")
        study, _ = read_study(tmp_path / "study.yml")
        coded = sendthemes.code_answers(answers, sendthemes.load_codebook(THEMES))
        shown = hide(count_tables(study, coded, short_names(coded), {}), study, "publish", coded.codebook)
        orders.append(
            [
                shown["responses_kind"].column("response"),
                *(shown[name].column("theme") for name in ("themes", "themes_by_question", "themes_by_kind")),
            ]
        )
    assert orders[0] == orders[1]
    assert orders[0][0] == ("kind of pay", "kind of bus", "kind of heat", "kind of time")


def _of_themes(counts):
    """Tables of one theme: how many of 40 mention it, in all answers (the first) and in each question."""
    columns = ("theme", "label", "respondents", "base", "percent")
    rows = [("pay", "Pay", count, 40, 2.5 * count) for count in counts]
    rows += [("time", "Time", 20, 40, 50.0) for _ in counts]
    questions = [f"q{at}" for at in range(1, len(counts))]
    return {
        "themes": Table(columns, (rows[0], rows[len(counts)])),
        "themes_by_question": Table(
            ("question", *columns),
            tuple(
                (name, *rows[at + first])
                for at, name in enumerate(questions, 1)
                for first in (0, len(counts))
            ),
        ),
    }


def _counts(table, theme="pay"):
    return [row["respondents"] for row in table if row["theme"] == theme]


@pytest.fixture
def published(tmp_path):
    (tmp_path / "study.yml").write_text(ORDER, encoding="utf-8")
    study, _ = read_study(tmp_path / "study.yml")
    codebook = sendthemes.load_codebook(THEMES)
    return lambda tables: hide(tables, study, "publish", codebook)


def test_a_question_hidden_alone_takes_the_smallest_other_one_with_it(published):
    """Of 30 in all and 20 and 8 in two questions, at least 2 would be in the third."""
    shown = published(_of_themes([30, 20, 8, 3, 0]))
    assert _counts(shown["themes"]) == [30]
    assert _counts(shown["themes_by_question"]) == [20, "[c]", "[c]", 0]


def test_a_theme_of_one_hidden_question_alone_shows_no_total_anywhere(published):
    """Its total, 12 of 40, is that question's count, which is hidden as 12 of 14 who answered leave 2."""
    tables = _of_themes([12, 12, 0])
    parts = tables["themes_by_question"]
    rows = tuple(
        ("q1", "pay", "Pay", 12, 14, 1200 / 14) if row[:2] == ("q1", "pay") else row for row in parts.rows
    )
    rows_of = [(theme, theme, kind, 6, 20, 30.0) for theme in ("pay", "time") for kind in "AB"]
    kind = Table(("theme", "label", "kind", "respondents", "base", "percent"), tuple(rows_of))
    pairs = Table(
        ("theme", "label", "other", "other_label", "respondents", "base", "percent", "jaccard", "lift"),
        (("pay", "Pay", "time", "Time", 6, 40, 15.0, 6 / 26, 1.0),),
    )
    more = {"themes_by_kind": kind, "themes_together": pairs}
    shown = published(tables | {"themes_by_question": replace(parts, rows=rows)} | more)
    assert _counts(shown["themes"]) == ["[c]"]
    assert set(_counts(shown["themes_by_question"])) == {"[c]"}
    assert _counts(shown["themes_by_kind"]) == ["[c]", "[c]"]
    assert _counts(shown["themes_by_kind"], "time") == [6, 6]
    assert shown["themes_together"].rows[0][4:] == ("[c]", 40, "[c]", "[c]", "[c]")


@given(
    st.lists(st.integers(0, 40), min_size=1, max_size=5).flatmap(
        lambda parts: st.tuples(st.just(parts), st.integers(max(parts), min(40, sum(parts))))
    )
)
@settings(max_examples=200, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_totals_and_questions_tell_no_hidden_count_of_each_other(published, case):
    """Who knows that the total is at least the largest part and at most their sum finds no hidden number."""
    parts, total = case
    shown = published(_of_themes([total, *parts]))
    (whole,), split = _counts(shown["themes"]), _counts(shown["themes_by_question"])
    low = [0 if count == "[c]" else count for count in split]
    high = [40 if count == "[c]" else count for count in split]
    if whole == "[c]":
        assert max(low) < min(40, sum(high))
    for at, count in enumerate(split):
        if count == "[c]" and whole != "[c]":
            rest = sum(high) - high[at]
            assert max(0, whole - rest) < min(40, whole)
