from collections import Counter

import krippendorff
import pytest
from hypothesis import given
from hypothesis import strategies as st
from statsmodels.stats import inter_rater

from sendthemes.sensecheck.agreement import (
    cohen_kappa,
    fleiss_kappa,
    gwet_ac1,
    krippendorff_alpha,
    percent_agreement,
)

# Four coders, twelve units (Krippendorff 2011; Gwet 2014; data set cac.raw4raters of irrCAC).
GWET = [
    [1, 1, None, 1], [2, 2, 3, 2], [3, 3, 3, 3], [3, 3, 3, 3], [2, 2, 2, 2], [1, 2, 3, 4],
    [4, 4, 4, 4], [1, 1, 2, 1], [2, 2, 2, 2], [None, 5, 5, 5], [None, None, 1, 1], [None, None, 3, None],
]  # fmt: skip
# Fourteen raters, ten subjects, five categories (Fleiss 1971, as in many textbooks).
FLEISS = [
    [0, 0, 0, 0, 14], [0, 2, 6, 4, 2], [0, 0, 3, 5, 6], [0, 3, 9, 2, 0], [2, 2, 8, 1, 1],
    [7, 7, 0, 0, 0], [3, 2, 6, 3, 0], [2, 5, 3, 2, 2], [6, 5, 2, 1, 0], [0, 2, 2, 3, 7],
]  # fmt: skip

values = st.one_of(st.none(), st.sampled_from("abc"))
units_of_three = st.lists(st.tuples(values, values, values), min_size=1, max_size=12)
complete_pairs = st.lists(st.tuples(st.sampled_from("abc"), st.sampled_from("abc")), min_size=1, max_size=15)


def _pairs(table):
    return [[i, j] for i, row in enumerate(table) for j, count in enumerate(row) for _ in range(count)]


def test_with_missing_codings_the_figures_are_gwets():
    assert percent_agreement(GWET) == pytest.approx(0.81818, abs=5e-6)
    assert fleiss_kappa(GWET) == pytest.approx(0.76117, abs=5e-6)
    assert gwet_ac1(GWET) == pytest.approx(0.77544, abs=5e-6)
    assert krippendorff_alpha(GWET) == pytest.approx(0.743, abs=5e-4)


def test_cohens_kappa_of_the_abstractors_is_gwets():
    units = _pairs([[13, 0, 0], [0, 20, 7], [0, 4, 56]])
    assert cohen_kappa(units) == pytest.approx(0.7964094)


def test_fleiss_kappa_of_fleiss_1971():
    units = [[j for j, count in enumerate(row) for _ in range(count)] for row in FLEISS]
    assert fleiss_kappa(units) == pytest.approx(0.210, abs=5e-4)
    assert fleiss_kappa(units) == pytest.approx(inter_rater.fleiss_kappa(FLEISS))


@given(complete_pairs)
def test_cohens_kappa_equals_statsmodels(units):
    kappa = cohen_kappa(units)
    table = [[Counter(units)[a, b] for b in "abc"] for a in "abc"]
    if kappa is not None:
        assert kappa == pytest.approx(inter_rater.cohens_kappa(table, return_results=False))


def test_cohens_kappa_takes_each_coders_shares_from_all_that_he_coded():
    units = [["a", "a"], ["b", "b"], ["a", "b"], ["a", None]]
    chance = 3 / 4 * 1 / 3 + 1 / 4 * 2 / 3
    assert cohen_kappa(units) == pytest.approx((2 / 3 - chance) / (1 - chance))


@given(units_of_three)
def test_alpha_equals_the_krippendorff_package(units):
    alpha = krippendorff_alpha(units)
    table = [Counter(value for value in unit if value is not None) for unit in units]
    paired = [unit for unit in table if unit.total() > 1]
    if len({value for unit in paired for value in unit}) < 2:
        assert alpha is None
    else:
        matrix = [[unit[value] for value in "abc"] for unit in table]
        expected = krippendorff.alpha(value_counts=matrix, level_of_measurement="nominal")
        assert alpha == pytest.approx(expected)


@given(units_of_three, st.randoms())
def test_no_figure_depends_on_the_order_of_units_or_coders(units, random):
    shuffled = random.sample(units, len(units))
    turned = [tuple(reversed(unit)) for unit in shuffled]
    for statistic in (percent_agreement, fleiss_kappa, krippendorff_alpha, gwet_ac1):
        before, after = statistic(units), statistic(turned)
        assert (before is None) == (after is None)
        assert before is None or before == pytest.approx(after)


def test_ac1_of_two_categories_is_gwets_formula():
    units = _pairs([[118, 5], [2, 0]])  # the paradox: 94% agreement, kappa near 0
    share = (123 / 125 + 120 / 125) / 2
    chance = 2 * share * (1 - share)
    assert gwet_ac1(units) == pytest.approx((118 / 125 - chance) / (1 - chance))
    assert gwet_ac1(units) > 0.9
    assert cohen_kappa(units) < 0.1


def test_single_codings_enter_the_category_shares_of_ac1_only():
    pairs = [["a", "a"], ["b", "b"], ["a", "b"]]
    assert percent_agreement([*pairs, ["a", None]]) == percent_agreement(pairs)
    assert krippendorff_alpha([*pairs, ["a", None]]) == krippendorff_alpha(pairs)
    assert gwet_ac1([*pairs, ["a", None]]) != gwet_ac1(pairs)


@pytest.mark.parametrize(
    "statistic", [percent_agreement, cohen_kappa, fleiss_kappa, krippendorff_alpha, gwet_ac1]
)
@pytest.mark.parametrize("units", [[], [[None, None]], [["a", None], [None, "b"]]])
def test_nothing_coded_twice_is_undefined(statistic, units):
    assert statistic(units) is None


@pytest.mark.parametrize("statistic", [cohen_kappa, fleiss_kappa, krippendorff_alpha, gwet_ac1])
def test_one_category_used_leaves_chance_corrected_figures_undefined(statistic):
    assert statistic([["a", "a"], ["a", "a"]]) is None
    assert percent_agreement([["a", "a"], ["a", "a"]]) == 1


def test_ac1_counts_a_category_that_nobody_used():
    assert gwet_ac1([[True, True], [True, True]], categories=[True, False]) == 1


def test_a_value_outside_the_categories_is_refused():
    with pytest.raises(ValueError, match="'c', which is not among"):
        fleiss_kappa([["a", "c"]], categories=["a", "b"])


def test_nan_is_not_taken_for_a_category():
    with pytest.raises(ValueError, match="write None"):
        percent_agreement([[1.0, float("nan")]])


def test_cohens_kappa_is_for_two_coders():
    with pytest.raises(ValueError, match="two coders"):
        cohen_kappa(GWET)
