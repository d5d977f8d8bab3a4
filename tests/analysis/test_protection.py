from itertools import combinations
from random import Random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.optimize import linprog

from sendthemes.analysis.protection import _Network, hidden_in_cross, hidden_in_list, is_small

THRESHOLD = 5


def _equations(counts, hidden):
    """What a reader knows of the hidden numbers: rows and columns add up, and so do the totals."""
    names = sorted(hidden)
    at = {arc: position for position, arc in enumerate(names)}
    r, c = len(counts), len(counts[0])
    lines, right = [], []

    def line(parts, total):
        row, rest = np.zeros(len(names)), total
        for arc, sign, value in parts:
            if arc in at:
                row[at[arc]] += sign
            else:
                rest -= sign * value
        if row.any():
            lines.append(row)
            right.append(rest)

    for i in range(r):
        line([((i, j), 1, counts[i][j]) for j in range(c)] + [((i, -1), -1, sum(counts[i]))], 0)
    for j in range(c):
        total = sum(row[j] for row in counts)
        line([((i, j), 1, counts[i][j]) for i in range(r)] + [((-1, j), -1, total)], 0)
    n = sum(map(sum, counts))
    line([((i, -1), 1, sum(counts[i])) for i in range(r)], n)
    line([((-1, j), 1, sum(row[j] for row in counts)) for j in range(c)], n)
    return names, np.array(lines), np.array(right)


def recoverable(counts, hidden):
    """Go through the hidden numbers by linear programming: those with one possible value alone."""
    if not hidden:
        return []
    names, left, right = _equations(counts, hidden)
    noughts = [-1 not in arc and counts[arc[0]][arc[1]] == 0 for arc in names]
    bounds = (0 if any(noughts) else 1, 10_000)  # a reader who sees noughts takes none to be hidden
    known = []
    for position, arc in enumerate(names):
        aim = np.zeros(len(names))
        aim[position] = 1
        ends = [sign * linprog(sign * aim, A_eq=left, b_eq=right, bounds=bounds).fun for sign in (1, -1)]
        if ends[1] - ends[0] < 1e-6 and ends[0] > 1e-6:
            known.append(arc)
    return known


def table(random, sizes=(2, 6)):
    r, c = random.randint(*sizes), random.randint(*sizes)
    top = random.choice([6, 12, 40])
    return [
        [random.choice([0, random.randint(0, top), random.randint(0, top)]) for _ in range(c)]
        for _ in range(r)
    ]


def small_cells(counts):
    sums = [sum(row) for row in counts], [sum(column) for column in zip(*counts, strict=True)]
    return {
        (i, j)
        for i, row in enumerate(counts)
        for j, count in enumerate(row)
        if count and (is_small(count, sums[0][i], THRESHOLD) or is_small(count, sums[1][j], THRESHOLD))
    }


def least(counts):
    """Try all ways to hide more cells, the fewest first, and give how many cells are hidden at least."""
    network = _Network(counts)
    given_arcs = {arc for arc in hidden_in_cross(counts, THRESHOLD) if -1 in arc}
    small = small_cells(counts)
    others = [arc for arc, value in network.value.items() if -1 not in arc and value and arc not in small]
    for more in range(len(others) + 1):
        for chosen in combinations(others, more):
            hidden = small | given_arcs | set(chosen)
            if network.is_safe(hidden):
                return len(small) + more
    return None


def check_safety(tables):
    """None of these tables gives a hidden number away, but those that would with every number hidden."""
    for counts in tables:
        known = recoverable(counts, hidden_in_cross(counts, THRESHOLD))
        if known:
            everything = {arc for arc, value in _Network(counts).value.items() if value or -1 not in arc}
            assert set(known) <= set(recoverable(counts, everything)), counts


def test_no_hidden_cell_can_be_worked_out_by_linear_programming():
    random = Random(1)
    check_safety(table(random) for _ in range(60))


@pytest.mark.slow
def test_no_hidden_cell_of_a_thousand_tables_can_be_worked_out():
    random = Random(2)
    check_safety(table(random) for _ in range(1000))


def _ratios(n, seed):
    random = Random(seed)
    ratios = []
    for _ in range(n):
        counts = table(random, (2, 4))
        fewest = least(counts)
        if fewest:  # without hiding noughts
            chosen = sum(-1 not in arc for arc in hidden_in_cross(counts, THRESHOLD))
            ratios.append(chosen / fewest)
    return ratios


def test_hardly_more_cells_are_hidden_than_must_be():
    ratios = _ratios(60, 3)
    assert max(ratios) <= 1.5
    assert sum(ratios) / len(ratios) < 1.03


@pytest.mark.slow
def test_hardly_more_cells_of_a_thousand_tables_are_hidden_than_must_be():
    assert max(_ratios(1000, 4)) <= 1.5


def test_the_network_and_linear_programming_agree_on_what_can_be_worked_out():
    random = Random(5)
    for _ in range(60):
        counts = table(random, (2, 4))
        network = _Network(counts)
        hidden = {
            arc for arc, value in network.value.items() if value and -1 not in arc and random.random() < 0.5
        }
        free = {arc for arc in hidden if network._is_free(arc, hidden)}
        assert hidden - free == set(recoverable(counts, hidden))


@pytest.mark.parametrize(
    ("counts", "hidden"),
    [
        ([5, 6, 7], set()),
        ([1, 6, 7], {0, 1}),
        ([1, 7], {0, 1}),
        ([12, 5, 2, 1], {2, 3}),
        ([17, 2, 1], {0, 1, 2}),
        ([1, 1, 9], {0, 1, 2}),
        ([0, 3, 9], {1, 2}),
        ([0, 9], set()),
        ([0, 1, 1, 1], {0, 1, 2, 3}),
        ([3], {0}),
        ([], set()),
    ],
)
def test_a_list_hides_small_counts_and_what_gives_them_away(counts, hidden):
    assert hidden_in_list(counts, THRESHOLD) == hidden


@given(st.lists(st.integers(0, 20), max_size=8))
def test_a_list_never_hides_one_count_alone_beside_others(counts):
    hidden = hidden_in_list(counts, THRESHOLD)
    assert {at for at, count in enumerate(counts) if is_small(count, sum(counts), THRESHOLD)} <= hidden
    if len(hidden) == 1:
        assert len(counts) == 1


def test_zeros_are_shown():
    assert (0, 0) not in hidden_in_cross([[0, 11, 9], [8, 7, 6], [3, 9, 0]], THRESHOLD)


def test_a_zero_is_hidden_where_nothing_else_protects_a_count():
    # All seven who mention it are of the first group, in which two do not: the others' noughts would tell.
    assert hidden_in_cross([[7, 0, 0], [2, 9, 9]], THRESHOLD) == {(0, 0), (1, 0), (0, 1), (1, 1)}


def test_totals_are_hidden_as_a_table_of_one_variable_hides_them():
    counts = [[1, 2], [9, 9], [20, 30]]
    rows = {i for i, j in hidden_in_cross(counts, THRESHOLD) if j == -1}
    assert rows == hidden_in_list([3, 18, 50], THRESHOLD)


def test_an_empty_table_hides_nothing():
    assert hidden_in_cross([], THRESHOLD) == frozenset()
