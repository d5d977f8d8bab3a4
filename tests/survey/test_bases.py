"""Who counts, and what says nothing."""

from dataclasses import replace

import pytest

from sendthemes.errors import AnswersError
from sendthemes.survey.bases import base_mask, is_back_reference, is_null_like
from sendthemes.survey.read import read_answers

NOTHING = [
    "N/A",
    "n/a",
    "NA",
    "na.",
    "N.A.",
    "none",
    "None.",
    "NONE",
    "nil",
    "-",
    "--",
    "...",
    "?",
    "as above",
    "As above.",
    "see above",
    "See previous answers",
    "see previous answer",
    "no further comment",
    "No further comments.",
    "no comment",
    "nothing to add",
    "Nothing further to add",
    "Nothing else",
    "No",
    "not applicable",
    "Don't know",
    "",
    "same as above",
    "as previous",
    "As previously stated",
    "covered above",
    "No additional comments",
    "None at this time",
    "no more to add",
    "prefer not to say",
    "Please see above",
    "see answer above",
    "unsure",
    "none that I am aware of",
    "nothing more to say",
    "N/A at present",
]
SOMETHING = [
    "None of our schools has a SENCO",
    "No funding",
    "nothing works",
    "Not enough time",
    "As above but worse in the north",
    "No capacity",
    "n/a for primary, but secondary schools need help",
    "See above: training",
    "Above all, time",
    "nothing about us without us",
]


@pytest.mark.parametrize("text", NOTHING)
def test_answers_that_say_nothing(text):
    assert is_null_like(text)


@pytest.mark.parametrize("text", SOMETHING)
def test_answers_that_say_something(text):
    assert not is_null_like(text)


def test_more_wordings_may_be_given():
    assert not is_null_like("See attached.")
    assert is_null_like("See attached.", ("see attached",))


def test_pointing_back_is_told_from_saying_nothing():
    assert is_back_reference("See previous answers")
    assert not is_back_reference("N/A")


ROWS = [
    {"id": "a", "asked": "Yes", "why": "Time", "how": ""},
    {"id": "b", "asked": "Yes", "why": "n/a", "how": None},
    {"id": "c", "asked": "No", "why": "", "how": ""},
    {"id": "d", "asked": "No", "why": "", "how": "As above"},
]
ANSWERS = read_answers(ROWS, respondent="id", questions=["why", "how"], variables=["asked"])


@pytest.mark.parametrize(
    ("base", "questions", "expected"),
    [
        ("all", None, [True, True, True, True]),
        ("asked", None, [True, True, True, True]),
        ("answered", None, [True, True, False, True]),
        ("answered", ["why"], [True, True, False, False]),
        ("answered", ["asked"], [True, True, True, True]),
        ("substantive", None, [True, False, False, False]),
        ("substantive", ["how"], [False, False, False, False]),
    ],
)
def test_bases(base, questions, expected):
    assert base_mask(ANSWERS, base, questions).tolist() == expected


def test_routing_says_who_was_asked():
    routed = tuple(
        replace(question, asked_if=("asked", ("Yes",))) if question.id == "why" else question
        for question in ANSWERS.questions
    )
    answers = replace(ANSWERS, questions=routed)
    assert base_mask(answers, "asked", ["why"]).tolist() == [True, True, False, False]


def test_an_unknown_base_is_refused():
    with pytest.raises(AnswersError, match="one of all, asked, answered, substantive"):
        base_mask(ANSWERS, "everyone")
