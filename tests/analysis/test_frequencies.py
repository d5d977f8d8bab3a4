import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.analysis.making import THEMES, make_answers, make_codebook, make_coded

from sendthemes.analysis.frequencies import response_counts, theme_frequencies
from sendthemes.analysis.statistics import wilson_interval
from sendthemes.errors import AnswersError, CodebookError

COLUMNS = ("theme", "label", "respondents", "base", "percent", "low", "high")
words = st.lists(st.sampled_from([*THEMES, "other", "n/a"]), max_size=5).map(" ".join)
surveys = st.lists(st.fixed_dictionaries({"q1": words, "q2": words}), min_size=1, max_size=12)
ratings = st.sampled_from([None, "Poor", "Fair", "Good"])


def counts(table, key="theme"):
    return {row[key]: row["respondents"] for row in table}


def small():
    return make_answers(
        ["funding training funding", "training peer", "", {"q1": "funding", "q2": "peer"}, "n/a"],
        questions=("q1", "q2"),
        closed={"rating": ["Good", "Poor", "Good", None, "Good"]},
        levels={"rating": ["Poor", "Fair", "Good"]},
        identifiers={"la": (("x",), ("x",), ("y",), ("y",), ())},
    )


def slow_counts(rows, questions, themes=THEMES):
    """Count as one would by hand: for each respondent, which words stand in any of these answers."""
    found = dict.fromkeys(themes, 0)
    for row in rows:
        said = {word for question in questions for word in row[question].split()}
        for theme in themes:
            found[theme] += theme in said
    return found


@given(surveys)
def test_counts_equal_counting_by_hand(rows):
    table = theme_frequencies(make_coded(make_answers(rows, questions=("q1", "q2"))))
    answered = sum(any(row.values()) for row in rows)
    assert counts(table) == slow_counts(rows, ("q1", "q2"))
    assert set(table.column("base")) == {answered}


@given(surveys)
def test_counts_by_question_equal_counting_each_by_hand(rows):
    table = theme_frequencies(make_coded(make_answers(rows, questions=("q1", "q2"))), by="question")
    for question in ("q1", "q2"):
        part = [row for row in table if row["question"] == question]
        assert {row["theme"]: row["respondents"] for row in part} == slow_counts(rows, (question,))
        assert {row["base"] for row in part} == {sum(bool(row[question]) for row in rows)}


@given(surveys, st.data())
def test_counts_by_a_variable_equal_counting_its_levels_by_hand(rows, data):
    values = [data.draw(ratings) for _ in rows]
    answers = make_answers(
        rows, questions=("q1", "q2"), closed={"rating": values}, levels={"rating": ["Poor", "Fair", "Good"]}
    )
    table = theme_frequencies(make_coded(answers), by="rating", base="all")
    assert [*dict.fromkeys(table.column("rating"))] == ["Poor", "Fair", "Good"]
    for level in ("Poor", "Fair", "Good"):
        inside = [row for row, value in zip(rows, values, strict=True) if value == level]
        part = [row for row in table if row["rating"] == level]
        assert {row["theme"]: row["respondents"] for row in part} == slow_counts(inside, ("q1", "q2"))
        assert {row["base"] for row in part} == {len(inside)}


@given(surveys, st.randoms())
def test_the_order_of_respondents_changes_nothing(rows, random):
    shuffled = random.sample(rows, len(rows))
    tables = [
        theme_frequencies(make_coded(make_answers(each, questions=("q1", "q2")))) for each in (rows, shuffled)
    ]
    assert tables[0] == tables[1]


@given(surveys)
def test_percent_and_interval_are_those_of_the_count(rows):
    for row in theme_frequencies(make_coded(make_answers(rows, questions=("q1", "q2")))):
        if row["base"]:
            low, high = wilson_interval(row["respondents"], row["base"])
            assert row["percent"] == pytest.approx(100 * row["respondents"] / row["base"])
            assert (row["low"], row["high"]) == pytest.approx((100 * low, 100 * high))
            assert row["low"] <= row["percent"] + 1e-9
            assert row["percent"] <= row["high"] + 1e-9
        else:
            assert (row["percent"], row["low"], row["high"]) == (None, None, None)


def test_columns_stand_as_promised():
    coded = make_coded(small())
    assert theme_frequencies(coded).columns == COLUMNS
    assert theme_frequencies(coded, by="question").columns == ("question", *COLUMNS)
    assert theme_frequencies(coded, by="rating").columns == ("rating", *COLUMNS)


def test_highest_comes_first_and_ties_follow_the_codebook():
    table = theme_frequencies(make_coded(small()))
    assert table.column("theme") == ("funding", "training", "peer", "inclusion")
    assert table.column("respondents") == (2, 2, 2, 0)


@pytest.mark.parametrize(("base", "n"), [("all", 5), ("asked", 5), ("answered", 4), ("substantive", 3)])
def test_each_base_is_counted_and_named(base, n):
    table = theme_frequencies(make_coded(small()), base=base)
    assert set(table.column("base")) == {n}
    assert table.base.startswith(f"{n} respondents")


def test_an_unknown_base_is_refused():
    with pytest.raises(AnswersError, match="answered"):
        theme_frequencies(make_coded(small()), base="answerd")


def test_a_scope_of_questions_counts_only_their_answers():
    table = theme_frequencies(make_coded(small()), questions=["q2"])
    assert counts(table)["peer"] == 1
    assert set(table.column("base")) == {1}
    assert "'q2'" in table.base


def test_a_scope_that_is_not_open_is_refused():
    with pytest.raises(AnswersError, match="'rating' is not an open question"):
        theme_frequencies(make_coded(small()), questions=["rating"])


def test_themes_can_be_chosen_and_unknown_ones_are_refused():
    coded = make_coded(small())
    assert theme_frequencies(coded, themes=["peer", "funding"]).column("theme") == ("funding", "peer")
    with pytest.raises(CodebookError, match="Did you mean 'funding'"):
        theme_frequencies(coded, themes=["fundin"])


def test_rows_under_the_minimum_are_left_out_and_noted():
    table = theme_frequencies(make_coded(small()), minimum=1)
    assert "inclusion" not in table.column("theme")
    assert any("Left out: 1 row" in note for note in table.notes)


def test_groups_count_once_and_those_in_no_group_are_noted():
    table = theme_frequencies(make_coded(small()), unit="la")
    assert counts(table) == {"funding": 2, "training": 1, "peer": 2, "inclusion": 0}
    assert set(table.column("base")) == {2}
    assert table.base.startswith("2 LA groups")
    assert "Left out: 1 in no group." in table.notes


def test_a_parent_counts_its_sub_themes_respondents_once():
    codebook = make_codebook(("funding",), nested={"funding": ("cuts", "grants")})
    coded = make_coded(make_answers(["cuts grants", "funding cuts", "grants", "other"]), codebook)
    assert counts(theme_frequencies(coded)) == {"funding": 3, "cuts": 2, "grants": 2}


def test_weights_change_percents_and_not_counts():
    answers = make_answers(["funding", "peer", "peer"], weights=(2.0, 1.0, 1.0))
    table = theme_frequencies(make_coded(answers))
    funding = next(row for row in table if row["theme"] == "funding")
    assert (funding["respondents"], funding["base"], funding["percent"]) == (1, 3, 50.0)
    assert funding["low"] == pytest.approx(100 * wilson_interval(16 / 12, 16 / 6).low)
    assert any("effective base (Kish) is 2.7" in note for note in table.notes)


def test_where_all_weigh_nothing_counts_stand_without_percent():
    table = theme_frequencies(make_coded(make_answers(["funding", "peer"], weights=(0.0, 0.0))))
    assert table.column("respondents")[:2] == (1, 1)
    assert set(table.column("percent")) == {None}
    assert "(1 of 2)" in table.reading


def test_weights_can_be_left_aside():
    answers = make_answers(["funding", "peer", "peer"], weights=(2.0, 1.0, 1.0))
    assert theme_frequencies(make_coded(answers), weighted=False).column("percent")[0] == pytest.approx(
        200 / 3
    )


@settings(max_examples=50)
@given(surveys)
def test_equal_weights_change_no_percent(rows):
    plain = make_answers(rows, questions=("q1", "q2"))
    even = make_answers(rows, questions=("q1", "q2"), weights=(0.5,) * len(rows))
    before, after = (theme_frequencies(make_coded(each)) for each in (plain, even))
    for one, other in zip(before, after, strict=True):
        assert one["theme"] == other["theme"]
        assert one["percent"] == (None if other["percent"] is None else pytest.approx(other["percent"]))
        assert one["high"] == (None if other["high"] is None else pytest.approx(other["high"]))


def test_the_reading_names_no_theme_where_nobody_mentions_any():
    assert theme_frequencies(make_coded(make_answers(["word"]))).reading == "Nobody mentions a theme."


def test_the_reading_names_what_everyone_mentions_and_what_fewest_do():
    coded = make_coded(make_answers(["funding peer", "funding peer", "funding peer training"]))
    assert theme_frequencies(coded).reading == (
        "Everyone mentions Funding and Peer. Least often: Inclusion (0 of 3, 0.0%)."
    )


def test_no_answer_at_all_gives_rows_without_percents():
    table = theme_frequencies(make_coded(make_answers(["", ""])))
    assert set(table.column("base")) == {0}
    assert set(table.column("percent")) == {None}


def test_responses_come_highest_first_with_zero_levels_and_ties_in_their_order():
    table = response_counts(small(), "rating")
    assert table.columns == ("response", "respondents", "base", "percent")
    assert table.rows == (("Good", 3, 4, 75.0), ("Poor", 1, 4, 25.0), ("Fair", 0, 4, 0.0))
    assert table.base == "4 respondents who answered"
    assert "1 of 5 respondents have no answer here." in table.notes


def test_responses_can_keep_the_order_of_levels_and_the_base_of_all():
    table = response_counts(small(), "Rate rating", order="levels", base="all")
    assert table.column("response") == ("Poor", "Fair", "Good")
    assert set(table.column("base")) == {5}


def test_multiple_choice_counts_each_option_and_says_so():
    answers = make_answers(
        ["x"] * 4, closed={"why": [("a", "b"), ("a",), None, ("a", "a")]}, multiple=("why",)
    )
    table = response_counts(answers, "why")
    assert table.rows == (("a", 3, 3, 100.0), ("b", 1, 3, pytest.approx(100 / 3)))
    assert any("multiple choice" in note for note in table.notes)


def test_none_is_an_answer_where_it_is_a_level():
    answers = make_answers(["x"] * 3, closed={"how": ["None", "None", None]})
    assert response_counts(answers, "how").rows == (("None", 2, 2, 100.0),)


def test_an_answer_outside_the_levels_is_never_lost():
    answers = make_answers(["x"] * 2, closed={"how": ["Good", "Odd"]}, levels={"how": ["Good"]})
    assert counts(response_counts(answers, "how"), "response") == {"Good": 1, "Odd": 1}


def test_numbers_are_ordered_by_size():
    answers = make_answers(["x"] * 3, closed={"n": ["10", "9", "2"]}, levels={"n": []})
    from dataclasses import replace

    bare = replace(answers, questions=tuple(replace(q, levels=()) for q in answers.questions))
    assert response_counts(bare, "n", order="levels").column("response") == ("2", "9", "10")


def test_an_open_or_unknown_question_has_no_responses_to_count():
    with pytest.raises(AnswersError, match="open question"):
        response_counts(small(), "q1")
    with pytest.raises(AnswersError, match="Did you mean 'rating'"):
        response_counts(small(), "ratings")
    with pytest.raises(AnswersError, match="'count', 'levels'"):
        response_counts(small(), "rating", order="alphabet")
