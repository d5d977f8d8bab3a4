"""derive: merged levels, bands, small groups, coded others."""

import pytest

from sendthemes.errors import AnswersError
from sendthemes.survey.derive import derive
from sendthemes.survey.read import read_answers

ROWS = [
    {"id": "a", "rating": "Good", "years": "3", "area": "North", "help": "Time;Other;", "why": "x y z"},
    {"id": "b", "rating": "Excellent", "years": "10", "area": "North", "help": "Money;", "why": ""},
    {"id": "c", "rating": "Poor", "years": "", "area": "South", "help": "Other;", "why": "u v w"},
    {"id": "d", "rating": None, "years": "25", "area": "East", "help": "", "why": ""},
]
ANSWERS = read_answers(ROWS, respondent="id", questions=["why"], kinds={"years": "number", "area": "single"})


def test_levels_are_merged_in_their_old_order():
    new = derive(ANSWERS, "well", from_="rating", mapping={"Good": "Well", "Excellent": "Well"})
    assert new.values["well"] == ("Well", "Well", "Poor", None)
    assert new.question("well").levels == ("Poor", "Well")


def test_numbers_are_banded_ends_included():
    new = derive(
        ANSWERS, "experience", from_="years", bands=[(None, 3, "up to 3"), (4, 10, "4-10"), (11, None, "11+")]
    )
    assert new.values["experience"] == ("up to 3", "4-10", None, "11+")


def test_small_groups_become_other():
    new = derive(ANSWERS, "region", from_="area", smallest=2)
    assert new.values["region"] == ("North", "North", "Other", "Other")
    assert new.question("region").levels == ("North", "Other")


def test_coded_others_are_folded_back():
    new = derive(ANSWERS, "help2", from_="help", others={"a": "Money", "c": ["Staff", "Time"]})
    assert new.values["help2"] == (("Money", "Time"), ("Money",), ("Time", "Staff"), None)


def test_every_step_is_in_the_audit():
    row = derive(ANSWERS, "well", from_="rating", mapping={"Good": "Well"}).problems.rows[-1]
    assert row == ("rating → well", "Derived variable 'well'.", "Good → Well (1)")


def test_open_answers_keep_their_question():
    new = derive(ANSWERS, "well", from_="rating", mapping={"Good": "Well"})
    assert [each.question for each in new] == [each.question for each in ANSWERS] == ["why", "why"]


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"from_": "rating", "mapping": {"Goood": "x"}}, "Did you mean 'Good'"),
        ({"from_": "ratin", "mapping": {}}, "Did you mean 'rating'"),
        ({"from_": "area", "bands": [(0, 1, "x")]}, "'North' in 'area' is no number"),
        ({"from_": "help", "others": {"zz": "Time"}}, "no respondent 'zz'"),
        ({"from_": "years", "bands": [3, 10]}, "3 is no band"),
        ({"from_": "rating"}, "by one of mapping, bands, smallest, others; found none"),
    ],
)
def test_what_is_not_there_is_refused(options, message):
    with pytest.raises(AnswersError, match=message):
        derive(ANSWERS, "new", **options)


def test_a_taken_id_is_refused():
    with pytest.raises(AnswersError, match="is taken"):
        derive(ANSWERS, "Area", from_="area", smallest=2)
