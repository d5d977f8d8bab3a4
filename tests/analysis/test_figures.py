import pytest
from hypothesis import given
from hypothesis import strategies as st

from sendthemes.analysis.figures import check_figures
from sendthemes.table import Table


def problems(rows, **options):
    return [row["problem"] for row in check_figures(rows, **options)]


def test_counts_that_pass_their_stated_total_are_found():
    rows = [{"area": "a", "count": 101}, {"area": "b", "count": 87}]
    table = check_figures(rows, base=187)
    assert table.rows == ((0, "total", 188, "parts do not sum", "The parts sum to 188; 187 is stated."),)
    assert problems(rows, base=187, exclusive=False) == []


def test_a_percent_that_no_count_gives_is_found_with_its_neighbours():
    table = check_figures([{"s": "plan", "percent": 69.06}], base=159)
    assert table.rows == (
        (
            1,
            "plan",
            69.06,
            "fits no count",
            "No count of 159 gives 69.06%; of 159, 109 is 68.55% and 110 is 69.18%.",
        ),
    )


def test_rounded_shares_added_up_are_recognised():
    assert problems([{"s": "plan", "percent": 54.71}], base=159) == ["may be a sum of rounded shares"]


def test_a_percent_is_right_on_any_of_several_bases():
    rows = [{"s": "panel", "percent": 26.49}]
    assert problems(rows, base=187) == ["fits no count"]
    assert problems(rows, base=range(180, 188)) == []


def test_a_percent_that_is_not_its_counts_is_found():
    assert problems([{"s": "a", "count": 3, "percent": 30.0}], base=8, exclusive=False) == [
        "does not fit its count"
    ]


@pytest.mark.parametrize(
    ("row", "problem"),
    [
        ({"s": "a", "count": 9}, "more than its base"),
        ({"s": "a", "count": 2.5}, "not a whole number"),
        ({"s": "a", "percent": 120.0}, "more than its base"),
    ],
)
def test_figures_that_cannot_be_are_found(row, problem):
    assert problems([row], base=8, exclusive=False) == [problem]


@given(st.integers(1, 400).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))), st.integers(0, 2))
def test_a_percent_made_from_a_count_is_never_flagged(pair, places):
    count, n = pair
    row = {"s": "a", "percent": round(100 * count / n, places)}
    assert problems([row], base=n, decimals=places) == []
    assert problems([row | {"count": count}], base=n, decimals=places, exclusive=False) == []


def test_our_own_tables_pass_as_they_are_printed():
    table = Table(
        ("response", "respondents", "base", "percent"), (("Good", 5, 8, 62.5), ("Poor", 3, 8, 37.5))
    )
    assert check_figures(table).reading == "Every figure can be."


def test_symbols_and_empty_cells_are_passed_over():
    table = Table(
        ("response", "respondents", "base", "percent"),
        (("Good", "[c]", 8, "[c]"), ("Poor", None, None, None)),
    )
    assert len(check_figures(table)) == 0


def test_themes_and_multiple_choice_are_not_taken_to_add_up():
    themes = [
        {"theme": "funding", "respondents": 7, "base": 8},
        {"theme": "peer", "respondents": 8, "base": 8},
    ]
    assert problems(themes) == []
    picks = Table(
        ("response", "respondents", "base"), (("a", 3, 4), ("b", 2, 4)), notes=("'Why' is multiple choice.",)
    )
    assert problems(picks) == []


def test_unrounded_percents_of_our_own_tables_fit():
    rows = [{"response": at, "respondents": at, "base": 41, "percent": 100 * at / 41} for at in range(42)]
    assert problems(rows, exclusive=False) == []
