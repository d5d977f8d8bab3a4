"""read_answers: what a source's cells become."""

import re

import pandas
import polars
import pyarrow
import pytest

from sendthemes.errors import AnswersError
from sendthemes.survey.read import read_answers

ROWS = [
    {
        "id": "007",
        "training": "Good",
        "leaders": "Embedded: Leaders across the area share a vision for all.",
        "more": "We need money; and time",
        "barriers": "Funding; Poor communication;",
    },
    {
        "id": "008",
        "training": "Poor",
        "leaders": "Developing: Some leaders in the area share a vision.",
        "more": "None",
        "barriers": "Funding;",
    },
    {
        "id": "009",
        "training": None,
        "leaders": "Embedded: Leaders across the area share a vision for all.",
        "more": " \u00a0",
        "barriers": "",
    },
]
NAMED = {
    "respondent": "id",
    "questions": ["more"],
    "variables": ["training"],
    "levels": {"training": ["Poor", "Fair", "Good", "Excellent"]},
}


def test_open_answers_are_kept_to_the_character_and_blanks_are_none() -> None:
    answers = read_answers(ROWS, **NAMED)
    assert [(each.id, each.text) for each in answers] == [
        ("007:more", "We need money; and time"),
        ("008:more", "None"),
    ]


def test_statement_level_is_the_prefix_and_its_wording_is_kept() -> None:
    question = read_answers(ROWS, **NAMED).question("leaders")
    assert question.kind == "statement"
    assert question.levels == ("Developing", "Embedded")
    assert dict(question.wordings)["Developing"] == "Developing: Some leaders in the area share a vision."


def test_given_levels_keep_their_order_and_those_nobody_chose() -> None:
    assert read_answers(ROWS, **NAMED).question("training").levels == ("Poor", "Fair", "Good", "Excellent")


def test_trailing_semicolon_makes_no_option() -> None:
    answers = read_answers(ROWS, **NAMED)
    assert answers.question("barriers").levels == ("Funding", "Poor communication")
    assert answers.values["barriers"] == (("Funding", "Poor communication"), ("Funding",), None)


@pytest.mark.parametrize("frame", [pandas.DataFrame, polars.DataFrame, pyarrow.Table.from_pylist])
def test_every_kind_of_frame_reads_as_the_list_of_dicts(frame) -> None:
    expected, found = read_answers(ROWS, **NAMED), read_answers(frame(ROWS), **NAMED)
    assert found.respondents == expected.respondents == ("007", "008", "009")
    assert (found.values, found.texts) == (expected.values, expected.texts)


@pytest.mark.parametrize("text", ["None", "NA", "no", "null", "nan", "-", "007", "1e5", "TRUE", "=1+1"])
def test_words_that_other_readers_take_for_missing_survive_csv(tmp_path, text: str) -> None:
    path = tmp_path / "answers.csv"
    path.write_text(f"id,more\n1,{text}\n2,\n", encoding="utf-8")
    answers = read_answers(path, respondent="id", questions=["more"])
    assert list(answers.texts) == [text]
    assert answers.respondents == ("1", "2")


def test_an_absent_column_is_refused_with_the_nearest_name() -> None:
    with pytest.raises(AnswersError, match=r"no column 'trainin'.*Did you mean 'training'"):
        read_answers(ROWS, respondent="id", variables=["trainin"])


def test_duplicate_respondents_are_refused_with_both_rows() -> None:
    with pytest.raises(AnswersError, match="'1' is here twice, first in row 1"):
        read_answers([{"id": "1", "a": "x"}, {"id": "1", "a": "y"}], respondent="id")


def test_all_faults_come_at_once() -> None:
    with pytest.raises(AnswersError) as raised:
        read_answers(ROWS, respondent="idd", questions=["mor"], variables=["trainin"])
    assert len(raised.value.problems) == 3


def test_long_layout_is_found_and_every_question_is_open() -> None:
    rows = [
        {"respondent": "a", "question": "Q1. Why?", "answer": "Because", "trust": "X"},
        {"respondent": "a", "question": "Q2. How?", "answer": "So", "trust": "X"},
        {"respondent": "b", "question": "Q1. Why?", "answer": "None", "trust": "Y"},
    ]
    answers = read_answers(rows)
    assert [question.id for question in answers.open_questions] == ["q1", "q2"]
    assert answers.question("Q1. Why?").text == "Why?"
    assert answers.value("trust") == ("X", "Y")
    assert [each.id for each in answers] == ["a:q1", "a:q2", "b:q1"]


def test_a_variable_that_differs_within_a_respondent_is_blank_and_told() -> None:
    rows = [
        {"respondent": "a", "question": "Why?", "answer": "x", "trust": "X"},
        {"respondent": "a", "question": "How?", "answer": "y", "trust": "Y"},
    ]
    answers = read_answers(rows, layout="long", variables=["trust"])
    assert answers.value("trust") == (None,)
    assert "more than one value" in answers.problems.rows[0][1]


def test_a_cell_that_is_no_level_is_kept_at_the_end_and_told() -> None:
    rows = [{"id": "1", "rating": "Good"}, {"id": "2", "rating": "Goood"}, {"id": "3", "rating": " good "}]
    answers = read_answers(rows, levels={"rating": ["Poor", "Good"]})
    assert answers.values["rating"] == ("Good", "Goood", "Good")
    assert answers.question("rating").levels == ("Poor", "Good", "Goood")
    assert "'Goood' (1)" in str(answers.problems.column("where"))


def test_a_respondent_without_an_id_is_called_by_the_row_and_told() -> None:
    answers = read_answers([{"id": "1", "why": "x"}, {"id": "", "why": "y"}], questions=["why"])
    assert answers.respondents == ("1", "row 2")
    assert answers.problems.rows[0][1] == "No respondent id."


def test_many_faults_are_summed_up() -> None:
    with pytest.raises(AnswersError, match="49 more faults like these"):
        read_answers([{"id": "1", "why": "x"}] * 100, respondent="id")


def test_closed_answers_of_a_long_layout_are_counted() -> None:
    rows = [
        {"who": "a", "question": "q1", "answer": "Good"},
        {"who": "a", "question": "q2", "answer": "Words of mine"},
        {"who": "b", "question": "q1", "answer": "Poor"},
    ]
    answers = read_answers(rows, respondent="who", kinds={"q1": "single"}, levels={"q1": ["Poor", "Good"]})
    assert answers.values == {"q1": ("Good", "Poor")}
    assert [each.question for each in answers] == ["q2"]


def test_repeated_answer_ids_are_refused() -> None:
    rows = [{"who": "a", "question": "q1", "answer": text, "answer_id": "x"} for text in ("one", "two")]
    with pytest.raises(AnswersError, match="1 answer ids are here more than once: 'x'"):
        read_answers(rows, respondent="who")


def test_a_second_answer_to_a_question_has_its_own_id() -> None:
    rows = [{"who": "a", "question": "q1", "answer": text} for text in ("one", "two")]
    assert list(read_answers(rows, respondent="who").answer_ids) == ["a:q1", "a:q1_2"]


def test_repr_shows_counts_and_no_text() -> None:
    assert "money" not in repr(read_answers(ROWS, **NAMED))


def test_a_notebook_shows_how_many_answered_each_question_and_no_text() -> None:
    said = [("a", "q1", "secret"), ("a", "q1", "more"), ("b", "q1", "x"), ("b", "rate", "")]
    rows = [dict(zip(("who", "question", "answer"), each, strict=True)) for each in said]
    answers = read_answers(rows, respondent="who", kinds={"rate": "single"})
    card = answers._repr_html_()
    assert re.findall(r">(q1|rate|open|single|\d)<", card) == [
        "q1",
        "q1",
        "open",
        "2",
        "rate",
        "rate",
        "single",
        "0",
    ]
    assert "secret" not in card


def test_identifiers_are_found_beside_those_named_in_both_layouts() -> None:
    row = {"who": "a", "place": "Northvale", "Email": "a@example.org", "question": "q1", "answer": "x y z"}
    for layout in ("long", "wide"):
        answers = read_answers([row], layout=layout, respondent="who", identifiers={"la": ["place"]})
        assert answers.identifiers == {"la": (("Northvale",),), "email": (("a@example.org",),)}


def test_consent_and_weights_hold_in_the_long_layout() -> None:
    rows = [
        {"who": "a", "question": "Why?", "answer": "x y", "May we quote you?": "No", "w": "0.5"},
        {"who": "b", "question": "Why?", "answer": "z", "May we quote you?": "Yes", "w": "1.5"},
        {"who": "a", "question": "How?", "answer": "q", "May we quote you?": "No", "w": "0.5"},
    ]
    answers = read_answers(rows, respondent="who", survey={"weight": "w"})
    assert answers.quotable == (False, True)
    assert answers.weights == (0.5, 1.5)


def test_answers_to_consent_that_differ_between_rows_are_no_consent() -> None:
    rows = [
        {"who": "a", "question": "Why?", "answer": "x y", "May we quote you?": cell} for cell in ("Yes", "No")
    ]
    assert read_answers(rows, respondent="who").quotable == (False,)


def test_weights_are_never_coded_and_a_blank_one_is_refused() -> None:
    rows = [
        {"id": "1", "w": "1.5", "why": "a b"},
        {"id": "2", "w": "two and a half", "why": "c d"},
        {"id": "3"},
    ]
    answers = read_answers(rows[:1], survey={"weight": "w"})
    assert answers.question("w").kind == "metadata"
    with pytest.raises(AnswersError) as raised:
        read_answers(rows, survey={"weight": "w"})
    assert [problem.where for problem in raised.value.problems] == [
        "list of dicts, row 2, column 2",
        "list of dicts, row 3, column 2",
    ]
    assert "The weight is blank." in str(raised.value)


def test_options_without_a_mark_for_unticked_ones_say_what_cannot_be_told(csv_of) -> None:
    heads = [["id", "Help? - Time", "Help? - Money", "Why?"]]
    words = read_answers(csv_of([*heads, ["1", "Time", "", "x y"], ["2", "", "", "z"]]))
    assert words.values["q1"] == (("Time",), None)
    assert words.problems.rows[0][1] == (
        "1 of 2 respondents ticked none of the options, or passed over them: the file cannot tell."
    )
    marks = read_answers(csv_of([*heads, ["1", "1", "0", "x y"], ["2", "0", "0", "z"]]))
    assert marks.problems.rows[0][1] == "1 of 2 respondents ticked none of the options."


@pytest.mark.parametrize("argument", ["levels", "options", "kinds", "identifiers"])
def test_a_list_where_a_mapping_is_meant_is_refused(argument: str) -> None:
    with pytest.raises(AnswersError, match=rf"{argument}: .*a mapping; found a list"):
        read_answers(ROWS, **{argument: ["training"]})


def test_missing_values_of_every_library_are_blank() -> None:
    frame = pandas.DataFrame(
        {"id": ["1", "2"], "why": pandas.array(["x", pandas.NA], dtype="string"), "when": [pandas.NaT, None]}
    )
    answers = read_answers(frame, respondent="id", questions=["why"], kinds={"when": "metadata"})
    assert [each.text for each in answers] == ["x"]
    assert answers.values["when"] == (None, None)
    assert read_answers(frame.to_dict("records"), respondent="id", questions=["why"]).texts == ["x"]


def test_ids_differ_in_the_long_layout_too() -> None:
    rows = [{"who": "a", "q1": "N", "question": text, "answer": "x"} for text in ("Q1. Why?", "Q2. How?")]
    survey = {"questions": [{"text": "Why?", "id": "same"}, {"text": "How?", "id": "same"}]}
    assert [each.id for each in read_answers(rows, respondent="who").questions] == ["q1", "q1_2", "q2"]
    assert [each.id for each in read_answers(rows, respondent="who", survey=survey)] == ["a:same_2", "a:same"]


def test_a_frame_with_two_columns_of_one_name_is_refused() -> None:
    with pytest.raises(AnswersError, match="'q' 2 times"):
        read_answers(pandas.DataFrame([["1", "a", "b"]], columns=["id", "q", "q"]))


def test_a_folder_in_the_place_of_a_file_is_told(tmp_path) -> None:
    with pytest.raises(AnswersError, match=r"is a folder.*read_documents"):
        read_answers(tmp_path)


def test_text_beside_the_options_is_kept_in_the_long_layout_too() -> None:
    rows = [
        {"who": "a", "question": "help", "answer": "Time"},
        {"who": "a", "question": "help", "answer": "Money"},
        {"who": "b", "question": "help", "answer": "Time; a quiet room"},
        {"who": "b", "question": "why", "answer": "Because"},
    ]
    answers = read_answers(rows, respondent="who", options={"help": ["Time", "Money"]})
    assert answers.values["help"] == (("Time", "Money"), ("Time", "Other"))
    assert [(each.id, each.text) for each in answers] == [
        ("b:help_other", "a quiet room"),
        ("b:why", "Because"),
    ]


def test_a_name_of_a_question_and_a_column_is_the_questions_unless_it_is_closed() -> None:
    rows = [{"who": at, "question": "area", "answer": "Here", "area": "N"} for at in "ab"]
    by_question = read_answers(rows, respondent="who", kinds={"area": "single"})
    assert by_question.values["area_2"] == ("Here", "Here")
    by_column = read_answers(rows, respondent="who", variables=["area"])
    assert by_column.values == {"area": ("N", "N")}
    assert [each.question for each in by_column] == ["area_2", "area_2"]


def test_questions_are_found_by_id_before_wording_and_case_aside() -> None:
    answers = read_answers([{"id": "1", "Q1. b": "x y", "b": "z w"}], questions=["q1", "b"])
    assert answers.question("b").id == "b"
    assert answers.question(" Q1.  B ").id == "q1"
    assert not answers.has_question("c")
