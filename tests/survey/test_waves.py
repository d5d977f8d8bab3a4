"""Waves: questions matched by wording, renumbered ones too, every match shown."""

import pytest

from sendthemes.errors import AnswersError
from sendthemes.survey.bases import base_mask
from sendthemes.survey.read import read_answers
from sendthemes.survey.waves import combine_waves

OLD = read_answers(
    [
        {
            "ref": "1",
            "Q1. What helps you stay?": "Pay and time",
            "Q2. I feel supported": "Agree",
            "Q3. Which office?": "Main",
        },
        {
            "ref": "2",
            "Q1. What helps you stay?": "Colleagues here",
            "Q2. I feel supported": "Disagree",
            "Q3. Which office?": "Main",
        },
    ],
    wave="2021",
    kinds={"q1": "open", "q3": "single"},
)
NEW = read_answers(
    [
        {
            "ref": "1",
            "Q1. I feel supported": "Strongly agree",
            "Q2. What helps you to stay?": "Nothing much here",
            "Q3. Something new?": "It is",
        },
    ],
    wave="2023",
    kinds={"q1": "single", "q2": "open", "q3": "open"},
)


def test_renumbered_questions_are_matched_by_their_wording():
    both = combine_waves([OLD, NEW])
    assert both.respondents == ("2021/1", "2021/2", "2023/1")
    assert both.values["wave"] == ("2021", "2021", "2023")
    assert both.values["q1"] == ("Agree", "Disagree", "Strongly agree")
    assert both.question("q1").levels == ("Disagree", "Agree", "Strongly agree")
    assert [(each.question, each.text) for each in both] == [
        ("q2", "Pay and time"),
        ("q2", "Colleagues here"),
        ("q2", "Nothing much here"),
        ("q3", "It is"),
    ]


def test_a_question_that_is_gone_is_kept_apart_under_its_wave():
    both = combine_waves([OLD, NEW])
    assert both.question("q3_2021").text == "Which office?"
    assert both.values["q3_2021"] == ("Main", "Main", None)


def test_a_question_of_one_wave_was_asked_in_that_wave_only():
    both = combine_waves([OLD, NEW])
    assert base_mask(both, "asked", ["q3"]).tolist() == [False, False, True]
    assert base_mask(both, "asked", ["q2"]).tolist() == [True] * 3


def test_routing_follows_the_question_that_routes_to_its_new_number():
    asked = {
        "questions": [
            {"text": "Why not?", "kind": "open", "asked_if": {"question": "Sure?", "levels": ["No"]}}
        ]
    }
    rows = [{"id": "1", "Sure?": "No", "Why not?": "Time"}, {"id": "2", "Sure?": "Yes", "Why not?": ""}]
    old = read_answers(rows, respondent="id", wave="old", survey=asked, kinds={"Sure?": "single"})
    new = read_answers(
        [{"id": "1", "Other?": "Yes", "Sure?": "No"}],
        respondent="id",
        wave="new",
        kinds={"Other?": "single", "Sure?": "single"},
    )
    both = combine_waves([old, new])
    sure = both.question("Sure?").id
    assert both.question("Why not?").asked_if == (sure, ("No",)) != old.question("Why not?").asked_if
    assert base_mask(both, "asked", ["Why not?"]).tolist() == [True, False, True]


def test_matches_are_shown_for_confirmation():
    rows = [row for row in combine_waves([OLD, NEW]).problems.rows if row[0].startswith("wave 2021, ")]
    assert rows == [
        ("wave 2021, q1", "Alike: please confirm (93%)", "Read as q2: What helps you to stay?"),
        ("wave 2021, q2", "Same wording, renumbered (100%)", "Read as q1: I feel supported"),
        ("wave 2021, q3", "None", "Kept apart as q3_2021."),
    ]


def test_a_match_that_is_given_goes_first():
    both = combine_waves([OLD, NEW], match={"2021": {"q1": ""}})
    assert both.question("q1_2021").text == "What helps you stay?"


def test_a_number_that_differs_is_another_question():
    one = read_answers(
        [{"ref": "1", "Satisfied with year 7 support?": "Yes"}], wave="a", kinds={"q1": "single"}
    )
    two = read_answers(
        [{"ref": "1", "Satisfied with year 8 support?": "Yes"}], wave="b", kinds={"q1": "single"}
    )
    assert "Kept apart" in combine_waves([one, two]).problems.rows[0][2]


def test_waves_need_names():
    with pytest.raises(AnswersError, match="no name"):
        combine_waves([OLD, read_answers([{"ref": "1", "Why?": "x"}])])
