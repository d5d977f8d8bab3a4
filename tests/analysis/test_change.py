from dataclasses import replace

import pytest
from tests.analysis.making import make_answers, make_codebook, make_coded

from sendthemes.analysis.change import change_lists, scale_change, theme_change
from sendthemes.analysis.statistics import newcombe_difference
from sendthemes.errors import AnswersError, CodebookError

SCALE = ("Strongly agree", "Agree", "Neither agree nor disagree", "Disagree", "Don't know")


def wave(funding, n):
    return make_coded(make_answers(["funding"] * funding + ["peer"] * (n - funding)))


def row_of(table, name):
    return next(row for row in table if name in row.values())


def test_a_theme_is_compared_with_newcombes_interval():
    row = row_of(theme_change(wave(10, 50), wave(30, 60)), "funding")
    low, high = newcombe_difference(30, 60, 10, 50)
    assert (row["respondents_then"], row["base_then"], row["percent_then"]) == (10, 50, 20.0)
    assert (row["difference"], row["low"], row["high"]) == pytest.approx((30.0, 100 * low, 100 * high))
    assert row["change"] == "up"


def test_a_difference_that_chance_can_make_is_no_clear_change():
    assert row_of(theme_change(wave(10, 50), wave(11, 50)), "funding")["change"] == "no clear change"
    assert row_of(theme_change(wave(10, 50), wave(11, 50), direction="any"), "funding")["change"] == "up"
    assert (
        row_of(theme_change(wave(10, 50), wave(10, 50), direction="any"), "funding")["change"]
        == "no clear change"
    )


def test_waves_coded_by_different_codebooks_are_refused_or_flagged():
    other = make_coded(make_answers(["funding"]), make_codebook(("funding", "cuts")))
    with pytest.raises(CodebookError, match=r"then\.recode\(now\.codebook\)"):
        theme_change(other, wave(1, 2))
    table = theme_change(other, wave(1, 2), codebooks="flag")
    assert table.column("theme") == ("funding",)
    assert table.notes[0].startswith("WARNING.")


def test_waves_with_different_lemma_modes_are_not_the_same_coding():
    with pytest.raises(CodebookError, match="in_context lemmas"):
        theme_change(replace(wave(1, 2), lemmas="in_context"), wave(1, 2))


def test_an_empty_wave_has_no_difference():
    row = row_of(theme_change(make_coded(make_answers([""])), wave(1, 2)), "funding")
    assert (row["percent_then"], row["difference"], row["change"]) == (None, None, None)


def answers(**agreed):
    """For each statement: how many of 100 agree; ten more know nothing."""
    closed = {
        name: ["Agree"] * yes + ["Disagree"] * (100 - yes) + ["Don't know"] * 10
        for name, yes in agreed.items()
    }
    return make_answers(["x"] * 110, closed=closed, levels=dict.fromkeys(agreed, SCALE))


THEN = answers(plan=95, offer=70, budget=10, panel=40)
NOW = answers(plan=93, offer=50, budget=30, panel=42)
ALL = ("plan", "offer", "budget", "panel")


def test_statements_are_compared_on_those_who_placed_themselves():
    row = row_of(scale_change(THEN, NOW, questions=ALL), "offer")
    assert (row["respondents_then"], row["base_then"], row["percent_now"], row["change"]) == (
        70,
        100,
        50.0,
        "down",
    )


def test_an_average_over_questions_has_a_direction_and_no_interval():
    row = scale_change(THEN, NOW, questions=["plan"], averages={"Both": ["offer", "budget"]}).rows[-1]
    assert row == (
        "Both",
        "average of 2 questions",
        None,
        None,
        40.0,
        None,
        None,
        40.0,
        0.0,
        None,
        None,
        "no clear change",
    )


def test_the_four_lists_are_sorted_by_what_matters():
    table = scale_change(THEN, NOW, questions=ALL, averages={"Both": ["offer", "budget"]})
    lists = change_lists(table)
    assert [(row["list"], row["question"]) for row in lists] == [
        ("celebrate", "plan"),
        ("fell", "offer"),
        ("low but rising", "budget"),
        ("average", "Both"),
    ]
    assert "Celebrate: 90% or more now." in lists.notes[-1]


def test_lists_are_made_of_changes_only():
    with pytest.raises(AnswersError, match="no column 'change'"):
        change_lists(scale_change(THEN, NOW, questions=[]).__class__(("a",), ()))


def test_the_reading_counts_what_rose_and_fell():
    assert scale_change(THEN, NOW, questions=ALL).reading == (
        "1 of 4 went up: Rate budget. 1 of 4 went down: Rate offer."
    )


def test_weights_of_each_wave_change_percents_and_intervals_and_not_counts():
    then, now = (
        make_coded(make_answers(["funding", "peer", "peer"] * 5, weights=(weight, 1.0, 1.0) * 5))
        for weight in (1.0, 2.0)
    )
    row = row_of(table := theme_change(then, now), "funding")
    low, high = newcombe_difference(0.5 * 40 / 3, 40 / 3, 5, 15)
    assert (row["respondents_now"], row["base_now"], row["percent_now"]) == (5, 15, pytest.approx(50))
    assert (row["low"], row["high"]) == (pytest.approx(100 * low), pytest.approx(100 * high))
    assert [note[:5] for note in table.notes[:2]] == ["Then:", "Now: "]
    assert row_of(theme_change(then, now, weighted=False), "funding")["percent_now"] == pytest.approx(100 / 3)


def test_weighted_agreement_is_compared_and_averaged_by_weight():
    closed = {"plan": ["Agree", "Disagree"], "offer": ["Disagree", "Agree"]}
    plain, heavy = (
        make_answers(["x", "x"], closed=closed, levels=dict.fromkeys(closed, SCALE), weights=weights)
        for weights in (None, (3.0, 1.0))
    )
    table = scale_change(plain, heavy, questions=["plan", "offer"], averages={"Both": ["plan", "offer"]})
    assert table.column("percent_then") == pytest.approx((50, 50, 50))
    assert table.column("percent_now") == pytest.approx((75, 25, 50))
    assert "Now: Percents are weighted" in table.notes[0]
