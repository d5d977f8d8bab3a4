"""The fieldwork example: six case studies against the published table of references."""

import re
import shutil
from pathlib import Path

import pytest

import sendthemes
from sendthemes.errors import StudyError

EXAMPLE = Path(__file__).parents[2] / "examples" / "fieldwork"

REFERENCED = {
    "Stable leadership": (1, 3, 6),
    "Recruitment campaign strategies": (2, 3, 4, 5),
    "Training and development in retention": (1, 4, 6),
    "Agency usage": (1, 4, 5),
    "Backlog of annual plans and caseloads": (2, 5, 6),
    "Diverse and representative teams": (1, 2, 4, 6),
}
SECTIONS = ["Context", "SEND Caseworkers", "Educational Psychologists", "Green Shoots", "Pull quotes"]
PLACES = (
    *("Ealing", "Lewisham", "Sutton", "Hackney", "Barnet", "Harrow"),
    *("Brent", "Hounslow", "Croydon", "Surrey", "Islington", "Hendon"),
)
PEOPLE = (
    *("Oyelaran", "Ashgrove", "Delphine", "Ngozi", "Kofi", "Lindqvist", "Brandt", "Yusuf", "Adair"),
    *("Leila", "Marcus", "Devgan", "Castellane"),
)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("study") / "fieldwork"
    shutil.copytree(EXAMPLE, folder)
    return folder


@pytest.fixture(scope="module")
def report(folder):
    return sendthemes.load_study(folder / "study.yml").run()


def test_the_case_studies_are_long_and_have_their_sections(report):
    assert len(report.answers.respondents) == 6
    assert [question.text for question in report.answers.questions] == SECTIONS
    for file in sorted((EXAMPLE / "cases").glob("*.md")):
        assert len(file.read_text(encoding="utf-8").split()) >= 1000


@pytest.mark.parametrize("theme", REFERENCED)
def test_a_theme_is_referenced_within_the_published_case_studies(report, theme):
    row = next(row for row in report.tables["document_references"] if row["label"] == theme)
    *before, last = map(str, REFERENCED[theme])
    assert row["referenced"] == f"Referenced in Case Studies {', '.join(before)} and {last}"
    assert (row["documents"], row["base"]) == (len(REFERENCED[theme]), 6)


def test_all_36_cells_of_the_matrix_are_shown(report):
    cells = {(row["label"], row["document"]): row["mentions"] for row in report.tables["document_matrix"]}
    assert len(cells) == 36
    for (theme, document), mentions in cells.items():
        assert bool(mentions) == (int(document.removeprefix("Case Study ")) in REFERENCED[theme])


def test_every_cell_with_mentions_opens_to_its_sentences(report, tmp_path):
    page = report.save(tmp_path / "report.html").read_text(encoding="utf-8")
    counts = {each.title: each for each in report.pages.evidence.counts}
    for row in report.tables["document_matrix"]:
        count = counts.get(f"{row['label']} · {row['document']}")
        assert (count is not None) == bool(row["mentions"])
        if count:
            assert f'href="#{count.id}"' in page
            assert f'id="{count.id}"' in page
            behind = {report.pages.evidence.sightings[place].respondent for place in count.sightings}
            assert behind == {row["document"]}


def test_positives_stand_apart(report):
    rows = {row["label"]: row for row in report.tables["document_positives"]}
    assert rows["Backlog of annual plans and caseloads"]["as_a_positive"] == "Case Study 6"
    assert rows["Backlog of annual plans and caseloads"]["elsewhere"] == "Case Studies 2, 5 and 6"
    counts = report.tables["document_matrix"]
    assert all(row["positive"] + row["other"] == row["mentions"] for row in counts)


@pytest.mark.parametrize("mode", ["internal", "publish"])
def test_authorities_are_numbered_and_nobody_is_named(folder, mode, tmp_path):
    made = sendthemes.load_study(folder / "study.yml").run(mode=mode)
    for suffix in (".html", ".md", ".json"):
        page = made.save(tmp_path / f"report{suffix}").read_text(encoding="utf-8")
        assert [name for name in (*PLACES, *PEOPLE) if re.search(rf"\b{name}\b", page)] == []


def test_redaction_numbers_the_authorities_and_leaves_the_text_readable(report):
    answers = report.answers
    redacted = report.redactor.redact_all(answers.texts)
    opening = redacted[list(answers.answer_ids).index("case-study-3:context")].text
    assert opening.startswith("Local Authority 3 is one of the smaller outer boroughs")
    everything = " ".join(each.text for each in redacted)
    assert [name for name in (*PLACES, *PEOPLE) if re.search(rf"\b{name}\b", everything)] == []
    assert len(re.findall(r"\[Name\]", everything)) == 15  # each person, each time


def test_a_section_of_positives_that_no_document_has_is_a_fault_of_the_study(folder):
    wrong = folder / "wrong.yml"
    words = (folder / "study.yml").read_text(encoding="utf-8").replace("[green_shoots]", "[green_shots]")
    wrong.write_text(words, encoding="utf-8")
    with pytest.raises(StudyError, match="green_shoots"):
        sendthemes.load_study(wrong)
