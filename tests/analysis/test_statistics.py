from itertools import product
from math import comb, inf, isnan, prod, sqrt

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats
from statsmodels.stats.contingency_tables import Table2x2
from statsmodels.stats.multitest import multipletests
from statsmodels.stats.proportion import proportion_confint

from sendthemes.analysis.statistics import (
    adjusted_residuals,
    benjamini_hochberg,
    chi_squared,
    cramers_v,
    effective_base,
    expected_counts,
    fisher_exact,
    holm,
    newcombe_difference,
    odds_ratio,
    wilson_interval,
)

counts = st.integers(0, 12)
two_by_two = st.tuples(st.tuples(counts, counts), st.tuples(counts, counts))
p_values = st.lists(st.one_of(st.none(), st.floats(0, 1)), max_size=8)


@pytest.mark.parametrize(
    ("count", "n", "low", "high"),
    [(81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0.0, 0.1611), (1, 29, 0.0061, 0.1718)],
)
def test_wilson_gives_the_published_intervals_of_newcombe_1998_table_i(count, n, low, high):
    assert wilson_interval(count, n) == pytest.approx((low, high), abs=5e-5)


@pytest.mark.parametrize(
    ("counts", "low", "high"),
    [
        ((56, 70, 48, 80), 0.0524, 0.3339),
        ((9, 10, 3, 10), 0.1705, 0.8090),
        ((6, 7, 2, 7), 0.0582, 0.8062),
        ((5, 56, 0, 29), -0.0381, 0.1926),
        ((0, 10, 0, 20), -0.1611, 0.2775),
        ((0, 10, 0, 10), -0.2775, 0.2775),
        ((10, 10, 0, 20), 0.6791, 1.0),
        ((10, 10, 0, 10), 0.6075, 1.0),
    ],
)
def test_newcombe_gives_the_published_intervals_of_newcombe_1998_table_ii(counts, low, high):
    assert newcombe_difference(*counts) == pytest.approx((low, high), abs=5e-5)


@given(st.integers(1, 200).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_wilson_equals_statsmodels(pair):
    assert wilson_interval(*pair) == pytest.approx(proportion_confint(*pair, method="wilson"), abs=1e-12)


def test_wilson_reaches_exactly_0_and_1_at_the_ends():
    assert wilson_interval(0, 7).low == 0
    assert wilson_interval(7, 7).high == 1


def test_wilson_widens_with_confidence():
    assert wilson_interval(3, 9, confidence=0.99).low < wilson_interval(3, 9).low


def test_no_base_has_no_interval():
    assert wilson_interval(0, 0) is None
    assert newcombe_difference(0, 0, 3, 5) is None
    assert newcombe_difference(3, 5, 0, 0) is None


@pytest.mark.parametrize("pair", [(-1, 5), (6, 5), (1, inf), (float("nan"), 5), (0, -1)])
def test_an_impossible_count_is_refused(pair):
    with pytest.raises(ValueError, match="between 0 and its base"):
        wilson_interval(*pair)


@pytest.mark.parametrize("confidence", [0, 1, 95])
def test_confidence_is_a_proportion(confidence):
    with pytest.raises(ValueError, match=r"such as 0\.95"):
        wilson_interval(1, 2, confidence=confidence)


def test_chi_squared_of_party_and_gender_is_that_of_agresti_2007():
    test = chi_squared([[762, 327, 468], [484, 239, 477]])
    assert (round(test.statistic, 1), test.df) == (30.1, 2)
    assert test.p < 0.001


def test_adjusted_residuals_of_party_and_gender_are_those_of_agresti_2007():
    rows = adjusted_residuals([[762, 327, 468], [484, 239, 477]])
    assert [round(value, 2) for value in rows[0]] == [4.50, 0.70, -5.32]
    assert rows[1] == pytest.approx([-value for value in rows[0]])


def test_residuals_are_undefined_where_a_margin_is_empty_or_full():
    assert adjusted_residuals([[0, 0], [1, 2]]) == ((None, None), (None, None))


@given(two_by_two, st.booleans())
def test_chi_squared_equals_scipy_or_is_none_where_a_margin_is_empty(table, yates):
    test = chi_squared(table, yates=yates)
    if any(sum(line) == 0 for line in (*table, *zip(*table, strict=True))):
        assert test is None
    else:
        assert test[:2] == pytest.approx(stats.chi2_contingency(table, correction=yates)[:2])


def test_a_single_row_has_no_association():
    assert chi_squared([[1, 2, 3]]) is None
    assert cramers_v([[1], [2]]) is None


@given(st.lists(st.tuples(counts, counts, counts), min_size=2, max_size=4))
def test_cramers_v_equals_scipy(table):
    v = cramers_v(table)
    if v is not None:
        assert v == pytest.approx(stats.contingency.association(table, method="cramer"))


def test_corrected_v_follows_bergsma():
    table, n = [[12, 3], [4, 11]], 30
    phi2 = chi_squared(table).statistic / n - 1 / (n - 1)
    assert cramers_v(table, corrected=True) == pytest.approx(sqrt(phi2 / (2 - 1 / (n - 1) - 1)))


def test_corrected_v_is_0_where_chance_explains_more():
    assert cramers_v([[5, 5], [5, 6]], corrected=True) == 0
    assert cramers_v([[1, 0], [0, 1]], corrected=True) is None


def test_odds_ratio_of_the_physicians_health_study_is_that_of_agresti():
    assert odds_ratio([[189, 10845], [104, 10933]]) == pytest.approx((1.832, 1.440, 2.331), abs=5e-4)


@given(st.tuples(*[st.tuples(*[st.integers(1, 30)] * 2)] * 2))
def test_odds_ratio_equals_statsmodels(table):
    oracle = Table2x2([list(row) for row in table])
    assert odds_ratio(table) == pytest.approx((oracle.oddsratio, *oracle.oddsratio_confint()))


def test_a_zero_cell_leaves_an_estimate_without_interval():
    assert odds_ratio([[0, 5], [3, 4]]) == (0, None, None)
    assert odds_ratio([[3, 0], [3, 4]]) == (inf, None, None)


def test_haldane_adds_a_half_to_each_cell():
    assert odds_ratio([[3, 0], [3, 4]], haldane=True).estimate == pytest.approx(3.5 * 4.5 / (0.5 * 3.5))


def test_an_empty_margin_leaves_no_odds_ratio_even_with_haldane():
    assert odds_ratio([[0, 0], [3, 4]], haldane=True) is None


def test_an_odds_ratio_of_more_than_two_by_two_is_refused():
    with pytest.raises(ValueError, match="two rows of two"):
        odds_ratio([[1, 2, 3], [4, 5, 6]])


def test_fisher_of_the_lady_tasting_tea():
    assert fisher_exact([[3, 1], [1, 3]], "greater") == pytest.approx(17 / 70)
    assert fisher_exact([[3, 1], [1, 3]]) == pytest.approx(34 / 70)


def test_fisher_of_job_satisfaction_is_that_of_agresti_2002_and_r():
    job = [[1, 3, 10, 6], [2, 3, 10, 7], [1, 6, 14, 12], [0, 1, 9, 11]]
    assert fisher_exact(job) == pytest.approx(0.7827, abs=5e-5)


def _all_tables(rows, columns):
    if len(rows) == 1:
        yield [list(columns)]
        return
    for first in product(*(range(c + 1) for c in columns)):
        if sum(first) == rows[0]:
            for rest in _all_tables(rows[1:], [c - f for c, f in zip(columns, first, strict=True)]):
                yield [list(first), *rest]


def _weight(table):
    ways = 1
    for column in zip(*table, strict=True):
        n = 0
        for cell in column:
            n += cell
            ways *= comb(n, cell)
    return ways


@settings(max_examples=60, deadline=None)
@given(
    st.integers(2, 4).flatmap(
        lambda c: st.lists(st.lists(st.integers(0, 3), min_size=c, max_size=c), min_size=2, max_size=3)
    )
)
def test_fisher_equals_going_through_every_table(table):
    rows = [sum(row) for row in table]
    columns = [sum(column) for column in zip(*table, strict=True)]
    weights = [_weight(each) for each in _all_tables(rows, columns)]
    expected = sum(w for w in weights if w <= _weight(table)) / sum(weights)
    assert fisher_exact(table) == pytest.approx(expected)


@given(two_by_two, st.sampled_from(["two-sided", "less", "greater"]))
def test_fisher_of_two_by_two_equals_scipy(table, alternative):
    p = fisher_exact(table, alternative)
    if any(sum(line) == 0 for line in (*table, *zip(*table, strict=True))):
        assert p == 1
    else:
        assert p == pytest.approx(stats.fisher_exact(table, alternative).pvalue)


def test_fisher_leaves_empty_rows_and_columns_out():
    assert fisher_exact([[3, 0, 1], [0, 0, 0], [1, 0, 3]]) == pytest.approx(34 / 70)
    assert fisher_exact([[3, 0, 1], [0, 0, 0]]) == 1


def test_fisher_does_not_depend_on_the_order_of_rows_and_columns():
    table = [[0, 2, 0], [0, 1, 0], [2, 2, 0], [0, 0, 1]]
    assert fisher_exact(table) == fisher_exact(list(zip(*reversed(table), strict=True)))


def test_fisher_gives_up_on_a_table_too_large_to_go_through():
    assert fisher_exact([[40, 31, 28, 55, 20], [33, 21, 49, 37, 26], [44, 52, 38, 41, 23]] * 2) is None


def test_fisher_refuses_fractions_and_sides_of_large_tables():
    with pytest.raises(ValueError, match="whole counts"):
        fisher_exact([[1.5, 2], [3, 4]])
    with pytest.raises(ValueError, match="two by two"):
        fisher_exact([[1, 2, 3], [3, 4, 5]], "less")
    with pytest.raises(ValueError, match="'two-sided'"):
        fisher_exact([[1, 2], [3, 4]], "both")


@pytest.mark.parametrize("table", [[], [[]], [[1, 2], [3]], [[1, -1], [2, 3]], [[1, float("nan")], [2, 3]]])
def test_what_is_no_table_of_counts_is_refused(table):
    with pytest.raises(ValueError, match=r"rows of equal length|not negative"):
        chi_squared(table)


@pytest.mark.parametrize(("adjust", "method"), [(holm, "holm"), (benjamini_hochberg, "fdr_bh")])
@given(p=p_values)
def test_adjusted_p_values_equal_statsmodels_and_skip_the_undefined(adjust, method, p):
    known = [value for value in p if value is not None]
    adjusted = adjust(p)
    assert [value is None for value in adjusted] == [value is None for value in p]
    if known:
        expected = multipletests(known, method=method)[1]
        assert [value for value in adjusted if value is not None] == pytest.approx(list(expected))


def test_a_p_value_above_1_is_refused():
    with pytest.raises(ValueError, match="between 0 and 1"):
        holm([0.2, 1.2])


def test_the_effective_base_is_kishs():
    assert effective_base([1, 1, 1, 1]) == 4
    assert effective_base([2, 1, 1]) == pytest.approx(16 / 6)
    assert effective_base([]) == 0


def test_expected_counts_are_products_of_margins():
    assert expected_counts([[3, 1], [1, 3]]) == ((2, 2), (2, 2))
    assert expected_counts([[0, 0], [0, 0]]) is None


@given(st.lists(st.tuples(counts, counts, counts), min_size=2, max_size=3))
def test_nothing_undefined_comes_back_as_nan(table):
    values = [cramers_v(table), cramers_v(table, corrected=True), fisher_exact(table)]
    assert not any(value is not None and isnan(value) for value in values)
    assert (
        prod(1 for row in adjusted_residuals(table) for value in row if value is not None and isnan(value))
        == 1
    )
