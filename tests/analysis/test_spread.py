import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.analysis.making import THEMES, make_answers, make_codebook, make_coded

from sendthemes.analysis.spread import group_differences, theme_cooccurrence, theme_spread
from sendthemes.analysis.statistics import chi_squared, newcombe_difference

mentions = st.lists(st.sets(st.sampled_from(THEMES)), min_size=1, max_size=15)


def coded(said, **more):
    return make_coded(make_answers([" ".join(["word", *sorted(each)]) for each in said], **more))


@given(mentions)
def test_pairs_equal_counting_by_hand(said):
    for row in theme_cooccurrence(coded(said), minimum=0):
        both = sum({row["theme"], row["other"]} <= each for each in said)
        one, other = (sum(row[name] in each for each in said) for name in ("theme", "other"))
        assert row["respondents"] == both
        assert row["jaccard"] == (pytest.approx(both / (one + other - both)) if one + other else None)
        assert row["lift"] == (pytest.approx(both * len(said) / (one * other)) if one and other else None)


@given(mentions)
def test_every_pair_stands_once_highest_first(said):
    table = theme_cooccurrence(coded(said), minimum=0)
    assert len({frozenset(row[:3:2]) for row in table.rows}) == len(table) == 6
    counts = table.column("respondents")
    assert list(counts) == sorted(counts, reverse=True)


def test_pairs_that_nobody_mentions_are_left_out_and_noted():
    table = theme_cooccurrence(coded([{"funding", "peer"}, {"funding"}]))
    assert [row[:5:2] for row in table.rows] == [("funding", "peer", 1)]
    assert table.notes == ("Left out: 5 pairs with fewer than 1 respondent.",)


def test_a_theme_makes_no_pair_with_its_own_sub_theme():
    codebook = make_codebook(("funding", "peer"), nested={"funding": ("cuts",)})
    table = theme_cooccurrence(make_coded(make_answers(["cuts peer"]), codebook))
    assert [row[:3:2] for row in table.rows] == [("funding", "peer"), ("cuts", "peer")]


def by_la():
    said = [{"funding"}, {"funding", "peer"}, {"funding"}, set(), {"funding"}]
    return coded(said, identifiers={"la": (("x",), ("x",), ("y",), ("y",), ("z",))})


def test_spread_names_the_groups_where_a_theme_is_absent_most_uneven_first():
    table = theme_spread(by_la(), by="la")
    assert table.rows[0][:5] == ("training", "Training", 0, 3, "x, y and z")
    assert table.rows[2] == ("peer", "Peer", 1, 3, "y and z", 0.0, 50.0, 50.0)
    assert table.rows[3] == ("funding", "Funding", 3, 3, "", 50.0, 100.0, 50.0)
    assert table.reading == "In every group: Funding. Training is in fewest: 0 of 3."


def test_spread_over_questions_is_on_each_questions_own_base():
    answers = make_answers([{"q1": "funding", "q2": "peer"}, {"q1": "funding"}], questions=("q1", "q2", "q3"))
    table = theme_spread(make_coded(answers))
    rows = {row["theme"]: row for row in table}
    assert (rows["funding"]["present"], rows["funding"]["groups"]) == (1, 2)
    assert rows["peer"]["highest"] == 100.0
    assert table.notes == ("Nobody in the base: q3.",)


def groups(inside, outside, n=20):
    said = [{"funding"}] * inside + [set()] * (n - inside) + [{"funding"}] * outside + [set()] * (n - outside)
    return coded(said, closed={"role": ["a"] * n + ["b"] * n})


def test_a_group_is_compared_with_the_rest():
    row = group_differences(groups(18, 4), by="role").rows[0]
    low, high = newcombe_difference(18, 20, 4, 20)
    assert row[:5] == ("funding", "Funding", "a", 18, 20)
    assert row[5:10] == pytest.approx((90.0, 20.0, 70.0, 100 * low, 100 * high))
    assert row[10] == pytest.approx(chi_squared([[18, 2], [4, 16]]).p * 2)
    assert row[11] == "higher"


@pytest.mark.parametrize(
    ("inside", "outside", "n", "finding"),
    [
        (4, 18, 20, "lower"),
        (9, 10, 20, "no clear difference"),
        (0, 0, 60, "similar"),
        (3, 0, 5, "too few to compare"),
    ],
)
def test_what_a_comparison_finds(inside, outside, n, finding):
    assert group_differences(groups(inside, outside, n), by="role").rows[0][-1] == finding


def test_the_clearest_difference_is_read_out_with_its_n():
    assert group_differences(groups(18, 4), by="role").reading.startswith(
        "The clearest difference: Funding is higher in 'a' (90.0%, n = 20) than elsewhere (20.0%)"
    )


@pytest.mark.parametrize(
    "make", [theme_cooccurrence, theme_spread, lambda coded: group_differences(coded, by="role")]
)
def test_a_table_that_takes_no_weights_says_so(make):
    weighted = coded([{"funding"}, {"peer"}], weights=(1.0, 2.0), closed={"role": ["a", "b"]})
    assert "The answers carry weights; this table does not use them." in make(weighted).notes
