import pytest
from hypothesis import given, settings
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
    assert table.notes == ("Left out: 5 pairs that nobody mentions together.",)


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


def groups(inside, outside, n=20, **more):
    said = [{"funding"}] * inside + [set()] * (n - inside) + [{"funding"}] * outside + [set()] * (n - outside)
    return coded(said, closed={"role": ["a"] * n + ["b"] * n}, **more)


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


weighted_people = st.lists(
    st.tuples(st.sets(st.sampled_from(THEMES)), st.integers(0, 3), st.sampled_from("ab")),
    min_size=1,
    max_size=12,
)


@pytest.mark.parametrize(
    "make", [theme_cooccurrence, theme_spread, lambda coded: group_differences(coded, by="role", least=1)]
)
@settings(max_examples=60)
@given(weighted_people)
def test_whole_weights_give_the_percents_of_as_many_respondents(make, people):
    def survey(rows, **more):
        return coded([row[0] for row in rows], closed={"role": [row[2] for row in rows]}, **more)

    def shares(table):
        keys = [name for name in ("theme", "other", "role") if name in table.columns]
        names = ("percent", "rest_percent", "jaccard", "lift", "lowest", "highest")
        return {tuple(row[key] for key in keys): [row.get(name) for name in names] for row in table}

    repeated = shares(make(survey([row for row in people for _ in range(row[1])])))
    weighted = shares(make(survey(people, weights=tuple(float(row[1]) for row in people))))
    for key, expected in repeated.items():
        assert weighted[key] == [None if value is None else pytest.approx(value) for value in expected]


def test_weighted_tables_print_the_effective_base_and_can_leave_weights_aside():
    weighted = coded([{"funding"}, {"peer"}], weights=(1.0, 2.0), closed={"role": ["a", "b"]})
    assert "Percents are weighted; respondents and base are not. The effective base (Kish) is 1.8." in (
        theme_spread(weighted).notes
    )
    assert theme_spread(weighted).rows[2][5] == pytest.approx(100 / 3)
    assert theme_spread(weighted, weighted=False).rows[2][5] == 50.0


def test_weighted_groups_are_told_apart_by_the_interval_and_not_tested():
    weighted = groups(18, 4, weights=(1.0, 3.0) * 20)
    table = group_differences(weighted, by="role")
    low, high = newcombe_difference(0.9 * 16, 16, 0.2 * 16, 16)
    assert table.rows[0][8:] == (pytest.approx(100 * low), pytest.approx(100 * high), None, "higher")
    assert "Findings go by each interval alone." in table.notes[1]
