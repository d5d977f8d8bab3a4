from random import Random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.optimize import Bounds, LinearConstraint, linprog, milp

from sendthemes.analysis.protection import _Network, hidden_in_cross, hidden_in_list

THRESHOLD = 5


def numbers(counts):
    """All numbers of a table: cells, then the totals of rows (row, -1) and of columns (-1, column)."""
    r, c = len(counts), len(counts[0])
    return (
        {(i, j): counts[i][j] for i in range(r) for j in range(c)}
        | {(i, -1): sum(counts[i]) for i in range(r)}
        | {(-1, j): sum(row[j] for row in counts) for j in range(c)}
    )


def sums(counts):
    """What adds up: each row and column to its total, and totals to the whole; (parts, total) each."""
    r, c = len(counts), len(counts[0])
    lines = [([(i, j) for j in range(c)], (i, -1)) for i in range(r)]
    lines += [([(i, j) for i in range(r)], (-1, j)) for j in range(c)]
    return [*lines, ([(i, -1) for i in range(r)], None), ([(-1, j) for j in range(c)], None)]


def changes(counts, hidden):
    """The matrix by which any change of hidden numbers must come to nothing, and their order."""
    names = sorted(hidden)
    at = {name: place for place, name in enumerate(names)}
    left = np.zeros((len(sums(counts)), len(names)))
    for line, (parts, total) in zip(left, sums(counts), strict=True):
        for part in parts:
            if part in at:
                line[at[part]] += 1
        if total in at:
            line[at[total]] -= 1
    return names, left


def recoverable(counts, hidden):
    """Go through the hidden numbers by linear programming: those with one possible value alone."""
    if not hidden:
        return []
    names, left = changes(counts, hidden)
    true = np.array([numbers(counts)[name] for name in names])
    noughts = any(-1 not in name and not value for name, value in zip(names, true, strict=True))
    bounds = (0 if noughts else 1, 10_000)  # a reader who sees noughts takes none to be hidden
    known = []
    for place, name in enumerate(names):
        aim = np.zeros(len(names))
        aim[place] = 1
        ends = [
            sign * linprog(sign * aim, A_eq=left, b_eq=left @ true, bounds=bounds).fun for sign in (1, -1)
        ]
        if ends[1] - ends[0] < 1e-6 and ends[0] > 1e-6:
            known.append(name)
    return known


def table(random, sizes=(2, 6)):
    r, c = random.randint(*sizes), random.randint(*sizes)
    top = random.choice([6, 12, 40])
    return [
        [random.choice([0, random.randint(0, top), random.randint(0, top)]) for _ in range(c)]
        for _ in range(r)
    ]


def least(counts):
    """Give the fewest cells to hide, noughts aside; ``None`` where they cannot protect every small one.

    A whole-number program: which cells are hidden, and for each small one a change of 1, up or down, that
    passes through hidden numbers alone and takes no 1 below 1.
    """
    value = numbers(counts)
    lost = {arc for arc in hidden_in_cross(counts, THRESHOLD) if -1 in arc}
    small = [arc for arc, n in value.items() if -1 not in arc and 0 < n < THRESHOLD]
    names, left = changes(counts, {arc for arc, n in value.items() if n and (-1 not in arc or arc in lost)})
    free = {arc: at for at, arc in enumerate(arc for arc in names if -1 not in arc and arc not in small)}
    # Columns: hidden or not; then for each small count its way (up or down), all rises and all falls.
    width = len(free) + len(small) * (1 + 2 * len(names))
    equal, right, below, top = [], [], [], np.ones(width)
    for number, arc in enumerate(small):
        begin = len(free) + number * (1 + 2 * len(names))
        rise, fall = (begin + 1 + side * len(names) for side in (0, 1))
        for line in left:
            row = np.zeros(width)
            row[rise:fall], row[fall : fall + len(names)] = line, -line
            equal.append(row)
            right.append(0)
        for sign, start, goal in ((-1, rise, 0), (1, fall, 1)):
            row = np.zeros(width)
            row[begin], row[start + names.index(arc)] = sign, 1
            equal.append(row)
            right.append(goal)
        for at, name in enumerate(names):
            top[fall + at] = value[name] > 1
            if name in free:
                for start in (rise, fall):
                    row = np.zeros(width)
                    row[start + at], row[free[name]] = 1, -1
                    below.append(row)
    if not small:
        return 0
    limits = [LinearConstraint(np.array(equal), right, right)]
    limits += [LinearConstraint(np.array(below), -np.inf, 0)] if below else []
    whole = np.zeros(width)
    whole[: len(free)] = 1
    found = milp(whole, constraints=limits, integrality=np.ones(width), bounds=Bounds(0, top))
    return None if found.x is None else len(small) + round(found.fun)


def check_safety(tables):
    """None of these tables gives a hidden number away, but those that would with every number hidden."""
    for counts in tables:
        known = recoverable(counts, hidden_in_cross(counts, THRESHOLD))
        if known:
            everything = {arc for arc, n in numbers(counts).items() if n or -1 not in arc}
            assert set(known) <= set(recoverable(counts, everything)), counts


def test_no_hidden_cell_can_be_worked_out_by_linear_programming():
    random = Random(1)
    check_safety(table(random) for _ in range(60))


@pytest.mark.slow
def test_no_hidden_cell_of_a_thousand_tables_can_be_worked_out():
    random = Random(2)
    check_safety(table(random) for _ in range(1000))


def hidden_and_least(n, seed, sizes):
    random = Random(seed)
    for counts in (table(random, sizes) for _ in range(n)):
        if fewest := least(counts):
            yield sum(-1 not in arc for arc in hidden_in_cross(counts, THRESHOLD)), fewest


def check_thrift(n, seed, sizes):
    pairs = list(hidden_and_least(n, seed, sizes))
    assert sum(hidden for hidden, _ in pairs) <= 1.1 * sum(fewest for _, fewest in pairs)
    assert sum(hidden > 1.5 * fewest for hidden, fewest in pairs) <= len(pairs) / 50


def test_hardly_more_cells_are_hidden_than_must_be():
    check_thrift(40, 3, (2, 4))


@pytest.mark.slow
def test_hardly_more_cells_of_a_thousand_tables_are_hidden_than_must_be():
    check_thrift(1000, 4, (2, 5))


def test_the_network_and_linear_programming_agree_on_what_can_be_worked_out():
    random = Random(5)
    for _ in range(60):
        counts = table(random, (2, 4))
        network = _Network(counts)
        hidden = {
            arc for arc, value in network.value.items() if value and -1 not in arc and random.random() < 0.5
        }
        free = {arc for arc in hidden if network.is_free(arc, hidden)}
        assert hidden - free == set(recoverable(counts, hidden))


@pytest.mark.parametrize(
    ("counts", "hidden"),
    [
        ([5, 6, 7], set()),
        ([1, 6, 7], {0, 1}),
        ([1, 7], {0, 1}),
        ([12, 5, 2, 1], {2, 3}),
        ([17, 2, 1], {1, 2}),
        ([17, 1, 1], {0, 1, 2}),
        ([0, 3, 9], {1, 2}),
        ([0, 9], set()),
        ([0, 1, 1, 1], {1, 2, 3}),
        ([0, 1, 1, 1, 1, 1], {0, 1, 2, 3, 4, 5}),
        ([3], {0}),
        ([], set()),
    ],
)
def test_a_list_hides_small_counts_and_what_gives_them_away(counts, hidden):
    assert hidden_in_list(counts, THRESHOLD) == hidden


@pytest.mark.parametrize(
    ("counts", "of", "hidden"),
    [
        ([2, 6, 7], [9, 9, 9], {0, 1}),
        ([3, 6, 7], [3, 6, 9], {0, 1, 2}),  # the first two are everybody there: none of them can rise
        ([1, 6, 7], [1, 9, 9], {0, 1, 2}),  # the first can neither rise nor fall
    ],
)
def test_a_count_that_is_everybody_cannot_rise(counts, of, hidden):
    assert hidden_in_list(counts, THRESHOLD, of=of) == hidden


@given(st.lists(st.integers(0, 20), max_size=8))
def test_a_list_never_hides_one_count_alone_beside_others_of_a_known_total(counts):
    hidden = hidden_in_list(counts, THRESHOLD)
    assert {at for at, count in enumerate(counts) if 0 < count < THRESHOLD} <= hidden
    if len(hidden) == 1:
        assert len(counts) == 1 or sum(counts) < THRESHOLD


def test_zeros_are_shown():
    assert (0, 0) not in hidden_in_cross([[0, 11, 9], [8, 7, 6], [3, 9, 0]], THRESHOLD)


def test_a_zero_is_hidden_where_nothing_else_protects_a_count():
    # All seven of the first row are in the first column, with two more: the noughts beside would tell.
    assert hidden_in_cross([[7, 0, 0], [2, 9, 9]], THRESHOLD) == {(0, 0), (1, 0), (0, 1), (1, 1)}


def test_totals_are_hidden_as_a_table_of_one_variable_hides_them():
    counts = [[1, 2], [9, 9], [20, 30]]
    rows = {i for i, j in hidden_in_cross(counts, THRESHOLD) if j == -1}
    assert rows == hidden_in_list([3, 18, 50], THRESHOLD) == {0, 1}


def test_a_table_without_small_counts_hides_nothing():
    assert hidden_in_cross([[0, 9], [7, 6]], THRESHOLD) == set()
    assert hidden_in_cross([], THRESHOLD) == set()
