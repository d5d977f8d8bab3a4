import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.analysis.making import make_answers

from sendthemes.analysis.disclosure import suppress
from sendthemes.analysis.scales import scale_of, scale_summary
from sendthemes.errors import AnswersError

SCALE = (
    "Strongly agree",
    "Agree",
    "Neither agree nor disagree",
    "Disagree",
    "Strongly disagree",
    "Don't know",
)


def survey(values, levels=SCALE):
    return make_answers(["x"] * len(values), closed={"q": values}, levels={"q": levels})


@given(st.lists(st.sampled_from([None, *SCALE]), max_size=30))
def test_shares_equal_counting_by_hand(values):
    row = next(iter(scale_summary(survey(values), questions="q")))
    known = [value for value in values if value not in (None, "Don't know")]
    yes = sum(value in SCALE[:2] for value in known)
    no = sum(value in SCALE[3:5] for value in known)
    assert (row["respondents_agree"], row["respondents_disagree"], row["base"]) == (yes, no, len(known))
    if known:
        assert row["agree"] + row["neither"] + row["disagree"] == pytest.approx(100)
        assert row["net"] == pytest.approx(100 * (yes - no) / len(known))
        assert row["mean"] == pytest.approx(sum(5 - SCALE.index(value) for value in known) / len(known))
    else:
        assert (row["agree"], row["net"], row["mean"]) == (None, None, None)


@pytest.mark.parametrize("levels", [SCALE, SCALE[::-1]])
def test_the_mean_rises_with_agreement_however_levels_are_listed(levels):
    table = scale_summary(survey(["Strongly agree", "Agree"], levels), questions=["q"])
    assert table.column("mean") == (4.5,)


@given(st.lists(st.tuples(st.sampled_from([None, *SCALE]), st.integers(0, 3)), max_size=12))
def test_whole_weights_give_what_as_many_respondents_give(people):
    answers = make_answers(
        ["x"] * len(people),
        closed={"q": [value for value, _ in people]},
        levels={"q": SCALE},
        weights=tuple(float(weight) for _, weight in people),
    )
    weighted = scale_summary(answers, questions="q").rows[0]
    repeated = scale_summary(survey([v for v, weight in people for _ in range(weight)]), questions="q").rows[
        0
    ]
    assert weighted[6:] == tuple(None if each is None else pytest.approx(each) for each in repeated[6:])
    unweighted = scale_summary(answers, questions="q", weighted=False).rows[0]
    assert weighted[2:6] == unweighted[2:6]


def test_what_stands_off_the_scale_is_noted():
    assert scale_summary(survey(["Agree", "Don't know"]), questions="q").notes == (
        "q: left out 1 answer off the scale.",
    )


def test_sides_can_be_named():
    table = scale_summary(
        survey(["Good", "Poor"], ("Poor", "Fair", "Good")), questions="q", agree=["Good"], disagree=["Poor"]
    )
    assert table.rows[0][2:6] == (1, 0, 1, 2)


@pytest.mark.parametrize(
    ("levels", "agree", "message"),
    [(("Poor", "Good"), None, "no level that says 'agree'"), (("Poor", "Good"), ["Fine"], "no level 'Fine'")],
)
def test_a_scale_without_sides_is_refused_with_its_levels(levels, agree, message):
    with pytest.raises(AnswersError, match=message):
        scale_of(survey(["Good"], levels), "q", agree)


def test_an_open_question_is_no_scale():
    with pytest.raises(AnswersError, match="no question with one level"):
        scale_of(survey(["Agree"]), "q1")


def test_small_sides_are_hidden_so_that_none_can_be_worked_out():
    table = suppress(
        scale_summary(
            survey(["Agree"] * 12 + ["Disagree"] * 2 + ["Neither agree nor disagree"] * 6), questions="q"
        )
    )
    assert table.rows[0][2:6] == (12, "[c]", "[c]", 20)
    assert table.rows[0][6:] == (60.0, "[c]", "[c]", "[c]", "[c]")
