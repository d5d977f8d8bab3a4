"""The regional example, for publication, against the published figures."""

import csv
import re
import runpy
import shutil
from collections import Counter
from pathlib import Path

import pytest

import sendthemes

EXAMPLE = Path(__file__).parents[2] / "examples" / "regional"

AREA = [
    ("LA", 162, 51.92),
    ("School", 80, 25.64),
    ("Health organisation", 56, 17.95),
    ("Other (please specify)", 14, 4.49),
]
SHARES = {"Surrey": 29.45, "Brighton & Hove": 23.95, "West Berkshire": 8.41, "East Sussex": 7.12}
REASONS = [("High caseload/workload", 57.5), ("Personal circumstances", 35.8), ("Poor management", 33.8)]
FIVE = [
    "High caseloads",
    "Workforce stability, vacancies and agency use",
    "Staff wellbeing and psychological safety",
    "Digital systems and AI readiness",
    "Partnership working with health and education",
]
HIDDEN = (
    *("Sandhu", "Priyanka", "Wetherby", "Callum", "Okafor", "Gemma", "Idris", "Ashdown", "Halloran", "Tariq"),
    *("pemberton", "westmere", "marchetti"),
)


@pytest.fixture(scope="module")
def study(tmp_path_factory):
    folder = tmp_path_factory.mktemp("study") / "regional"
    shutil.copytree(EXAMPLE, folder)
    return sendthemes.load_study(folder / "study.yml")


@pytest.fixture(scope="module")
def published(study):
    return study.run()


@pytest.fixture(scope="module")
def internal(study):
    return study.run(mode="internal")


@pytest.fixture(scope="module")
def codes():
    with (EXAMPLE / "la_key.csv").open(encoding="utf-8", newline="") as file:
        names = {row["name"]: f"LA {row['code']}" for row in csv.DictReader(file)}
    return names | {"Brighton & Hove": names["Brighton and Hove"]}


def test_the_committed_answers_are_those_of_the_generator(tmp_path):
    runpy.run_path(str(EXAMPLE / "generate.py"))["main"](tmp_path)
    assert (tmp_path / "answers.csv").read_bytes() == (EXAMPLE / "answers.csv").read_bytes()


def test_no_sentence_comes_more_than_a_handful_of_times(study):
    said = Counter(
        sentence
        for text in study.answers.texts
        for sentence in re.split(r"\W*[.!?]+\W*", text.casefold().replace("'", ""))
        if sentence
    )
    assert said.most_common(1)[0][1] <= 4


def test_the_area_of_work_has_the_published_counts_on_its_own_base(published):
    rows = [row for row in published.tables["choices"] if row["question"] == "Area of work"]
    assert [(row["response"], row["respondents"]) for row in rows] == [each[:2] for each in AREA]
    assert {row["base"] for row in rows} == {312}
    for row, (_, _, percent) in zip(rows, AREA, strict=True):
        assert row["percent"] == pytest.approx(percent, abs=0.005)


def test_the_shares_of_the_authorities_are_those_published(internal, codes):
    rows = {row["response"]: row for row in internal.tables["responses_la"]}
    assert len(rows) == 19
    for name, percent in SHARES.items():
        assert rows[codes[name]]["base"] == 309
        assert rows[codes[name]]["percent"] == pytest.approx(percent, abs=0.005)


def test_the_top_reasons_are_those_published(published):
    rows = [row for row in published.tables["choices"] if row["question"] == "Reasons for leaving"][:3]
    assert [(row["response"], f"{row['percent']:.1f}") for row in rows] == [
        (reason, f"{percent}") for reason, percent in REASONS
    ]
    assert sum(row["base"] == 240 for row in rows) == 3


def test_no_other_base_that_the_report_prints_fits_the_reasons():
    def fits(base):
        return all(
            any(f"{100 * count / base:.1f}" == f"{percent}" for count in range(base + 1))
            for _, percent in REASONS
        )

    assert [base for base in (240, 301, 312, 320) if fits(base)] == [240]


def test_the_five_themes_are_crossed_with_the_authorities(published):
    table = published.tables["themes_by_la"]
    assert set(table.column("label")) == set(FIVE)
    assert len(table) == 5 * 19


def test_what_people_ticked_as_other_is_coded(internal):
    coded = [coding for coding in internal.coded if coding.question == "reasons_other"]
    assert {coding.theme.partition("-")[0] for coding in coded} == {
        "caseload",
        "stability",
        "wellbeing",
        "digital",
        "partnership",
    }


def test_differences_have_a_group_size_beside_them_and_are_true_ones(published, codes):
    rows = {(row["theme"], row["la"]): row for row in published.tables["differences_by_la"]}
    assert rows["caseload", codes["Surrey"]]["finding"] == "higher"
    assert all(isinstance(row["base"], int) and row["base"] >= 10 for row in rows.values())


def test_nothing_under_the_threshold_is_published(published):
    for name, table in published.tables.items():
        for column in ("respondents", "base"):
            if column in table.columns:
                small = [cell for cell in table.column(column) if isinstance(cell, int) and 0 < cell < 5]
                assert small == [], name


def test_nothing_is_told_of_an_authority_with_very_few_respondents(published):
    rows = [row for row in published.tables["themes_by_la"] if row["base"] == "[c]"]
    assert len(rows) == 5 * 7
    assert {row["respondents"] for row in rows} == {row["percent"] for row in rows} == {"[c]"}


def test_the_order_of_authorities_follows_the_codes(published):
    order = [str(row["la"]) for row in published.tables["themes_by_la"]][:19]
    assert order == sorted(order)
    hidden = [str(row["response"]) for row in published.tables["responses_la"] if row["respondents"] == "[c]"]
    assert len(hidden) == 7
    assert hidden == sorted(hidden)


@pytest.mark.parametrize("suffix", [".html", ".md", ".json", ""])
def test_nothing_that_identifies_is_published(published, study, codes, suffix, tmp_path):
    target = published.save(tmp_path / f"report{suffix}")
    files = sorted(target.iterdir()) if target.is_dir() else [target]
    words = "\n".join(file.read_text(encoding="utf-8") for file in files)
    names = [name for name in (*codes, *HIDDEN, "Brighton") if re.search(rf"\b{re.escape(name)}\b", words)]
    assert names == []
    assert [name for name in study.answers.respondents if name in words] == []
