"""An id is believed unless the codebook says what the question asks."""

from dataclasses import replace

import pytest
from tests.coding.test_code import survey

from sendthemes.codebook.load import load_codebook
from sendthemes.coding.code import code_answers
from sendthemes.coding.scopes import find_question, likeness
from sendthemes.errors import CodebookError
from sendthemes.survey.answers import Question

ASKED = "How is the impact of training monitored?"


def book(**more):
    entry = {"word": "cost", "questions": ["q27"]}
    return load_codebook({"codebook": "b", "themes": [{"theme": "t", "entries": [entry]}], **more})


TOLD = book(questions=[{"question": "q27", "text": ASKED}])


def answers(*questions):
    asked = tuple(Question(name, text, "open") for name, text in questions)
    return survey(("r0", 0, "cost"), ("r0", 1, "cost"), questions=asked)


def test_an_id_is_believed_where_the_codebook_says_nothing_of_it():
    given = answers(("q27", "Which biscuits do you like?"), ("q1", ASKED))
    assert [c.question for c in code_answers(given, book())] == ["q27"]


def test_a_question_of_that_id_that_asks_something_else_is_not_meant():
    coded = code_answers(answers(("q27", "Which biscuits do you like?"), ("q1", "And who?")), TOLD)
    assert len(coded) == 0
    assert any("'q27' is another one" in note for note in coded.notes)


def test_the_question_that_asks_it_is_found_under_another_id():
    given = answers(
        ("q27", "Which biscuits do you like?"), ("q3", "How do you monitor the impact of training?")
    )
    assert [c.question for c in code_answers(given, TOLD)] == ["q3"]


@pytest.mark.parametrize("text", ["q27", "How do you know that training works?", ASKED])
def test_a_question_of_that_id_counts_if_it_asks_about_the_same_or_is_not_worded(text):
    given = answers(("q27", text), ("q1", "Monitoring of the impact of training"))
    assert find_question(given, "q27", TOLD) == given.question("q27")


def test_a_closed_question_is_never_meant():
    given = answers(("q27", ASKED), ("q1", "And who?"))
    closed = replace(given, questions=(Question("q27", ASKED, "single", ("Yes", "No")), given.questions[1]))
    assert find_question(closed, "q27", TOLD) is None


def test_an_edited_wording_is_not_answered_from_memory():
    given = answers(("q27", "Which biscuits do you like?"), ("q1", ASKED))
    coded = code_answers(given, book())
    assert [c.question for c in coded.recode(TOLD)] == ["q1"]
    assert [c.question for c in coded.recode(book())] == ["q27"]


def test_words_are_compared_in_dictionary_form_without_those_of_grammar_and_of_asking():
    assert likeness("Please tell us how training is monitored", "Monitor the trainings") == 1
    assert likeness("Tell us more about your job", "Tell us more about networks") == 0
    assert likeness("", "What?") == 0


def test_a_question_told_twice_is_refused():
    with pytest.raises(CodebookError, match="'q27' is given twice"):
        book(questions=[{"question": "q27", "text": "a"}, {"question": "q27", "text": "b"}])
