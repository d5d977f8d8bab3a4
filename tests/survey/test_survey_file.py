"""survey.yml: read, refused with its lines, and written to start from."""

import pickle
import tempfile
from pathlib import Path

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from sendthemes.errors import AnswersError, Problem
from sendthemes.survey.describe import describe, initialise
from sendthemes.survey.read import read_answers
from sendthemes.survey.settings import load_survey

ROWS = [
    {
        "ref": "1",
        "Your area": "Northvale",
        "Do you agree?": "yes",
        "Why?": "Time",
        "May we quote you?": "Yes",
        "w": "1.5",
    },
    {
        "ref": "2",
        "Your area": "Southvale",
        "Do you agree?": "No",
        "Why?": "tbd later",
        "May we quote you?": "No",
        "w": "0.5",
    },
]
SURVEY = """\
respondent: ref
identifiers: {la: [Your area]}
consent: May we quote you?
weight: w
null_like: [tbd later]
questions:
  - id: agree
    text: Do you agree?
    kind: single
    levels: [No, Yes]
    section: The plan
    label: Agreement
  - id: why
    column: Why?
    text: Why do you agree or not?
    kind: open
    parent: agree
    asked_if: {question: agree, levels: [Yes]}
"""


@pytest.fixture
def answers(tmp_path):
    path = tmp_path / "survey.yml"
    path.write_text(SURVEY, encoding="utf-8")
    return read_answers(ROWS, survey=path)


def test_everything_said_is_believed(answers):
    agree, why = answers.question("agree"), answers.question("why")
    assert (agree.kind, agree.levels, agree.section, agree.label) == (
        "single",
        ("No", "Yes"),
        "The plan",
        "Agreement",
    )
    assert (why.kind, why.text, why.parent, why.asked_if) == (
        "open", "Why do you agree or not?", "agree", ("agree", ("Yes",)),
    )  # fmt: skip
    assert answers.identifiers["la"] == (("Northvale",), ("Southvale",))
    assert answers.quotable == (True, False)
    assert answers.weights == (1.5, 0.5)
    assert answers.null_like == ("tbd later",)


def test_a_level_spelt_otherwise_is_brought_to_its_level_and_told(answers):
    assert answers.values["agree"] == ("Yes", "No")
    assert any("'yes' (1) is spelt otherwise" in str(row[1]) for row in answers.problems.rows)


def test_a_question_is_still_found_by_the_heading_of_its_column(answers):
    assert answers.question("Why?").id == "why"


def test_arguments_go_before_the_file():
    survey = {"questions": [{"text": "Do you agree?", "levels": ["No", "Yes"]}]}
    answers = read_answers(ROWS, survey=survey, levels={"Do you agree?": ["yes", "No"]})
    assert answers.question("Do you agree?").levels == ("yes", "No")


def test_every_fault_has_its_line(tmp_path):
    path = tmp_path / "survey.yml"
    path.write_text(
        "respondant: ref\nquestions:\n  - text: Why?\n    kind: opn\n  - kind: open\n", encoding="utf-8"
    )
    with pytest.raises(AnswersError) as raised:
        load_survey(path)
    assert [problem.where for problem in raised.value.problems] == [
        "survey.yml:1:1",
        "survey.yml:4:11",
        "survey.yml:5:5",
    ]
    assert "Did you mean 'respondent'?" in str(raised.value)
    assert "Did you mean 'open'?" in str(raised.value)


def test_an_id_given_goes_before_one_made():
    answers = read_answers(
        [{"ref": "1", "First thing?": "a b c", "Second thing?": "d e f"}],
        survey={"questions": [{"id": "q1", "text": "Second thing?"}]},
    )
    assert [(each.id, each.text) for each in answers.questions] == [
        ("q1_2", "First thing?"),
        ("q1", "Second thing?"),
    ]


def test_describe_shows_kinds_and_counts_and_no_answer():
    table = describe(ROWS)
    assert table.columns[:3] == ("question", "text", "kind")
    assert "Time" not in table.to_markdown()


def test_describe_tells_blanks_from_answers_that_say_nothing():
    rows = [{"id": str(at), "Why?": text} for at, text in enumerate(["Because of it", "N/A", "as above", ""])]
    row = describe(rows, questions=["Why?"]).to_dicts()[0]
    assert [row[name] for name in ("answered", "null_like", "see_above", "blank")] == [3, 1, 1, 1]


def test_init_writes_files_that_read_the_same(csv_of):
    path = csv_of(
        [["ref", "Do you agree?", "Tell us more"], ["1", "Yes", "Time: a lot"], ["2", "No", "#no; really"]]
    )
    survey, study = initialise(path)
    first, second = read_answers(path), read_answers(path, survey=survey)
    assert (first.values, first.texts) == (second.values, second.texts)
    assert [(each.id, each.kind) for each in first.questions] == [
        (each.id, each.kind) for each in second.questions
    ]
    assert yaml.safe_load(study.read_text(encoding="utf-8"))["data"] == {"file": "answers.csv"}


def test_init_in_another_folder_names_the_answers_from_there(csv_of):
    path = csv_of([["ref", "Why?"], ["1", "Because"]])
    folder = path.parent / "work"
    _, study = initialise(path, folder)
    named = yaml.safe_load(study.read_text(encoding="utf-8"))["data"]["file"]
    assert (folder / named).resolve() == path.resolve()


def test_init_writes_over_nothing(csv_of):
    path = csv_of([["ref", "Why?"], ["1", "Because"]])
    initialise(path)
    with pytest.raises(AnswersError, match="there already"):
        initialise(path)


def test_routing_by_a_question_or_level_that_is_not_there_is_refused():
    survey = {
        "questions": [
            {"text": "Why?", "kind": "open", "asked_if": {"question": "Do you agre?", "levels": ["Yes"]}},
            {"text": "May we quote you?", "asked_if": {"question": "Do you agree?", "levels": ["Maybe"]}},
        ]
    }
    with pytest.raises(AnswersError) as raised:
        read_answers(ROWS, survey=survey, kinds={"Do you agree?": "single"})
    assert len(raised.value.problems) == 2


def test_other_names_the_text_box_of_a_question(csv_of):
    rows = [["ref", "What helps?", "Say which"], ["1", "Money;Other;", "A dog"], ["2", "Money;", ""]]
    survey = {"questions": [{"id": "help", "text": "What helps?", "kind": "multiple", "other": "Say which"}]}
    answers = read_answers(csv_of(rows), survey=survey)
    assert answers.question("help_other").parent == "help"
    assert [each.text for each in answers] == ["A dog"]


def test_answers_can_be_sent_to_other_processes():
    answers = read_answers(ROWS)
    assert pickle.loads(pickle.dumps(answers)) == answers


WORDS = st.sampled_from(
    ["no", "2026", "~", "*a", "&a", "'a'", "[", "{x: 1}", "#x", "- ", "|", "wide", "open"]
)
KEYS = st.sampled_from(
    ["respondent", "questions", "text", "kind", "levels", "asked_if", "identifiers", "la", "x"]
)
LINES = st.tuples(
    st.integers(0, 4), st.sampled_from(["", "- "]), KEYS, st.sampled_from([": ", ":", ""]), WORDS
)


@settings(max_examples=150, deadline=None)
@given(st.lists(LINES, max_size=8))
def test_random_files_give_settings_or_readable_faults(rows):
    text = "\n".join(" " * depth + "".join(parts) for depth, *parts in rows)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "survey.yml"
        path.write_text(text, encoding="utf-8")
        problems: tuple[Problem, ...] = ()
        try:
            load_survey(path)
        except AnswersError as error:
            problems = error.problems
        assert all(problem.message and problem.where.startswith("survey.yml") for problem in problems)
