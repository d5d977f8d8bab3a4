from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.analysis.making import THEMES, make_answers, make_codebook, make_coded

from sendthemes.analysis.association import associate, crosstab_tests, theme_tests
from sendthemes.analysis.crosstabs import crosstab, theme_crosstab
from sendthemes.analysis.statistics import adjusted_residuals, chi_squared, cramers_v, fisher_exact, holm
from sendthemes.codebook.model import Classification
from sendthemes.errors import AnswersError

ROWS, COLUMNS = ("Poor", "Fair", "Good"), ("No", "Yes")
values = st.lists(
    st.tuples(st.sampled_from([None, *ROWS]), st.sampled_from([None, *COLUMNS])), min_size=1, max_size=30
)
picks = st.one_of(st.none(), st.sets(st.sampled_from("abc"), min_size=1).map(lambda s: tuple(sorted(s))))


def two(pairs, **more):
    return make_answers(
        ["x"] * len(pairs),
        closed={"one": [pair[0] for pair in pairs], "two": [pair[1] for pair in pairs]},
        levels={"one": ROWS, "two": COLUMNS},
        **more,
    )


def cells(table):
    return {row[:2]: row[2:5] for row in table.rows}


@given(values)
def test_every_cell_equals_counting_by_hand(pairs):
    table = crosstab(two(pairs), rows="one", columns="two")
    assert table.columns == ("one", "two", "respondents", "base", "percent")
    assert [row[:2] for row in table.rows] == list(product(ROWS, COLUMNS))
    for (row, column), (count, base, percent) in cells(table).items():
        of = sum(one == row and other is not None for one, other in pairs)
        assert count == pairs.count((row, column))
        assert base == of
        assert percent == (pytest.approx(100 * count / of) if of else None)


@given(values)
def test_percents_can_be_of_the_column_or_the_total(pairs):
    known = [pair for pair in pairs if None not in pair]
    by_column = cells(crosstab(two(pairs), rows="one", columns="two", percent_of="column"))
    by_total = cells(crosstab(two(pairs), rows="one", columns="two", percent_of="total"))
    for key in product(ROWS, COLUMNS):
        assert by_column[key][1] == sum(pair[1] == key[1] for pair in known)
        assert by_total[key][1] == len(known)
        assert by_total[key][0] == by_column[key][0] == known.count(key)


@given(values)
def test_turning_a_table_round_turns_its_cells(pairs):
    one = cells(crosstab(two(pairs), rows="one", columns="two", percent_of="row"))
    other = cells(crosstab(two(pairs), rows="two", columns="one", percent_of="column"))
    assert {key[::-1]: cell for key, cell in one.items()} == other


@given(st.lists(st.tuples(picks, st.sampled_from([None, *COLUMNS])), min_size=1, max_size=20))
def test_multiple_choice_counts_a_respondent_at_each_option(pairs):
    answers = make_answers(
        ["x"] * len(pairs),
        closed={"why": [pair[0] for pair in pairs], "two": [pair[1] for pair in pairs]},
        levels={"why": "abc", "two": COLUMNS},
        multiple=("why",),
    )
    table = crosstab(answers, rows="two", columns="why")
    for (level, option), (count, base, _) in cells(table).items():
        assert count == sum(other == level and bool(why) and option in why for why, other in pairs)
        assert base == sum(other == level and why is not None for why, other in pairs)
    if any(why for why, _ in pairs):
        assert any("multiple choice" in note for note in table.notes)


def readiness():
    rating = ["Excellent", "Excellent", "Fair", "Good", "Good", "Good", "Good", "Poor"]
    monitoring = (
        "In place",
        "In place",
        "In place",
        "Developing",
        "Developing",
        "In place",
        "In place",
        "None",
    )
    classification = Classification(
        classification="monitoring",
        label="Monitoring of impact",
        question="q1",
        levels=("None", "Developing", "In place"),
        rules=({"level": "None", "entries": ["none"]},),
    )
    answers = make_answers(
        ["words"] * 8, closed={"training": rating}, levels={"training": ["Poor", "Fair", "Good", "Excellent"]}
    )
    codebook = make_codebook(classifications=(classification,))
    return make_coded(answers, codebook, levels={"monitoring": monitoring})


def test_a_question_that_nobody_answered_has_no_cells():
    coded = make_coded(make_answers(["peer"] * 2, {"one": [None] * 2, "two": COLUMNS}))
    table = crosstab(coded, rows="one", columns="two", residuals=True)
    assert (table.rows, table.reading) == ((), "Nobody is known on both sides.")
    assert theme_crosstab(coded, by="one", residuals=True).rows == ()


def test_a_classification_crosses_with_a_rating_zero_cells_and_all():
    table = crosstab(readiness(), rows="training", columns="monitoring")
    assert table.columns[:2] == ("training", "monitoring")
    assert [row[2] for row in table.rows] == [1, 0, 0, 0, 0, 1, 0, 2, 2, 0, 0, 2]
    assert table.title == "Rate training by Monitoring of impact"


def test_the_reading_says_what_departs_who_is_alike_and_how_few_they_are():
    assert crosstab(readiness(), rows="training", columns="monitoring").reading == (
        "The largest departure from independence is 'Good' with 'Developing': 2 where 1.0 would be expected "
        "if the two were unrelated. Everyone at 'Excellent' (2) is at 'In place'. "
        "With n = 8 this describes these respondents only."
    )


def test_a_small_table_says_that_no_test_is_meaningful():
    assert (
        "Not tested. With n = 8 no test is meaningful."
        in crosstab(readiness(), rows="training", columns="monitoring").notes
    )


def test_those_missing_on_either_side_are_left_out_and_counted():
    table = crosstab(
        two([("Poor", "No"), (None, "Yes"), ("Good", None), (None, None)]), rows="one", columns="two"
    )
    assert table.notes[0] == "Left out: 3 of 4 respondents (2 without 'Rate one'; 2 without 'Rate two')."
    assert table.base.startswith("1 respondent known on both sides")


def test_unclassified_answers_are_told_from_missing_ones():
    coded = readiness()
    coded = make_coded(coded.answers, coded.codebook, {"monitoring": (None, *coded.levels["monitoring"][1:])})
    table = crosstab(coded, rows="training", columns="monitoring")
    assert "1 without 'Monitoring of impact' (1 answered but could not be classified)" in table.notes[0]


def test_residuals_are_a_column_on_request():
    pairs = [("Poor", "No")] * 12 + [("Poor", "Yes")] * 3 + [("Good", "No")] * 4 + [("Good", "Yes")] * 11
    table = crosstab(two(pairs), rows="one", columns="two", residuals=True)
    expected = adjusted_residuals([[12, 3], [0, 0], [4, 11]])
    assert table.column("residual") == tuple(cell for row in expected for cell in row)


def test_a_table_large_enough_carries_its_test():
    pairs = [("Poor", "No")] * 12 + [("Poor", "Yes")] * 3 + [("Good", "No")] * 4 + [("Good", "Yes")] * 11
    note = crosstab(two(pairs), rows="one", columns="two").notes[-1]
    assert note.startswith("Chi-squared = 8.57, df = 1, p = 0.003; Cramér's V (bias-corrected) = 0.51")


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"rows": "one", "columns": "one"}, "both 'one'"),
        ({"rows": "one", "columns": "tow"}, "Did you mean 'two'"),
        ({"rows": "q1", "columns": "two"}, "open question"),
        ({"rows": "one", "columns": "two", "percent_of": "rows"}, "Did you mean 'row'"),
    ],
)
def test_what_cannot_be_crossed_is_refused_with_the_remedy(options, message):
    with pytest.raises(AnswersError, match=message):
        crosstab(two([("Poor", "No")]), **options)


def test_a_classification_whose_question_is_absent_is_named():
    coded = readiness()
    with pytest.raises(AnswersError, match="'monitoring' reads 'q1'"):
        crosstab(make_coded(coded.answers, coded.codebook), rows="training", columns="monitoring")


def test_a_variable_named_like_a_count_gets_a_column_of_its_own():
    answers = make_answers(["x"], closed={"base": ["a"], "two": ["b"]})
    assert crosstab(answers, rows="base", columns="two").columns[:2] == ("base_level", "two")


@given(
    st.lists(
        st.tuples(st.sets(st.sampled_from(THEMES)), st.sampled_from([None, *ROWS])), min_size=1, max_size=20
    )
)
def test_theme_cells_equal_counting_by_hand(people):
    answers = make_answers(
        [" ".join(["word", *sorted(said)]) for said, _ in people],
        closed={"one": [level for _, level in people]},
        levels={"one": ROWS},
    )
    table = theme_crosstab(make_coded(answers), by="one")
    assert table.columns == ("theme", "label", "one", "respondents", "base", "percent")
    assert len(table) == len(THEMES) * len(ROWS)
    for row in table:
        of = [said for said, level in people if level == row["one"]]
        assert row["base"] == len(of)
        assert row["respondents"] == sum(row["theme"] in said for said in of)
        assert row["percent"] == (pytest.approx(100 * row["respondents"] / len(of)) if of else None)


def themed(n=40):
    texts = ["funding" if at < n // 2 else "peer" for at in range(n)]
    rating = ["Poor" if at < n // 2 + 2 else "Good" for at in range(n)]
    return make_coded(make_answers(texts, closed={"one": rating}, levels={"one": ROWS}))


def test_theme_percents_can_be_of_those_who_mention_the_theme():
    table = theme_crosstab(themed(), by="one", percent_of="row")
    funding = [row for row in table if row["theme"] == "funding"]
    assert [(row["base"], row["percent"]) for row in funding] == [(20, 100.0), (20, 0.0), (20, 0.0)]


def test_theme_tests_are_adjusted_over_the_themes_that_can_be_tested():
    table = theme_tests(themed(), by="one")
    p = [row["p"] for row in table]
    assert table.column("theme") == THEMES
    assert p[0] == pytest.approx(chi_squared([[20, 0], [2, 18]]).p)
    assert table.column("p_adjusted") == tuple(holm(p))
    assert table.rows[1][-1] == "All are at one level: there is nothing to compare."


def test_tests_of_several_tables_keep_a_row_for_each_pair():
    answers = two([("Poor", "No"), ("Good", "Yes")] * 12)
    table = crosstab_tests(answers, rows=["one", "two"], columns=["two"])
    assert [row[:3] for row in table.rows] == [("one", "two", "chi-squared")]
    assert table.reading == "Associated after adjustment (adjusted p below 0.05): one and two."


@pytest.mark.parametrize(
    ("counts", "test"),
    [
        ([[10, 10], [10, 10]], "chi-squared"),
        ([[10, 6], [10, 9]], "chi-squared"),
        ([[9, 1], [10, 2]], "Fisher's exact"),
    ],
)
def test_the_test_is_the_one_whose_assumptions_hold(counts, test):
    result = associate(counts)
    assert result.test == test
    assert result.p == pytest.approx(chi_squared(counts).p if test == "chi-squared" else fisher_exact(counts))
    assert result.v == cramers_v(counts, corrected=True)


def test_levels_that_nobody_has_take_no_part_in_the_test():
    assert associate([[10, 0, 10], [0, 0, 0], [12, 0, 9]]) == associate([[10, 10], [12, 9]])


def test_weighted_answers_are_not_tested_as_if_they_were_not():
    answers = two([("Poor", "No"), ("Good", "Yes")] * 12, weights=(1.0, 2.0) * 12)
    assert any(
        note.startswith("Not tested. The answers are weighted")
        for note in crosstab(answers, rows="one", columns="two").notes
    )


def test_weights_change_percents_of_a_cross_table_and_not_its_counts():
    answers = two([("Poor", "No"), ("Poor", "Yes")], weights=(1.0, 3.0))
    assert cells(crosstab(answers, rows="one", columns="two"))["Poor", "Yes"] == (1, 2, 75.0)
