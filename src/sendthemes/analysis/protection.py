"""Protection: which cells of a table of counts to hide so that no hidden one can be worked out.

A count is small if it, or what is left of its total without it, is from 1 to just below a threshold. Zeros
are shown, so a reader knows that every hidden count is at least 1; it may rise, and fall as far as 1.

A table with its totals is a flow network: the total goes to the rows, from the rows through the cells to the
columns, and out again. What is hidden can be changed only along closed ways through hidden cells; a hidden
cell that lies on none is known from the rest.

Source: complementary cell suppression as a network problem: Gusfield 1988, SIAM Journal on Computing 17,
552-571; Castro 2002, European Journal of Operational Research 143, 1-18.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence, Set
from heapq import heappop, heappush

Arc = tuple[int, int]  # (row, column) of a cell; (row, -1) a row's total; (-1, column) a column's total


def is_small(count: int, of: int, threshold: int) -> bool:
    """Say whether a count, or the rest of its total, is of so few that it could tell who they are."""
    return 0 < count < threshold or 0 < of - count < threshold


def hidden_in_list(counts: Sequence[int], threshold: int, also: Iterable[int] = ()) -> frozenset[int]:
    """Choose which counts of a list to hide whose total is known.

    Args:
        counts: Counts that add to the known total.
        threshold: Counts from 1 to just below this are small.
        also: Positions hidden for another reason.

    Returns:
        Positions: the small ones, and the next smallest until they cannot be worked out. Equal counts are
        taken in order. Where only ones stand beside noughts, all of them.
    """
    hidden = {*also, *(at for at, count in enumerate(counts) if is_small(count, sum(counts), threshold))}
    others = sorted((count, at) for at, count in enumerate(counts) if count and at not in hidden)

    def told() -> bool:  # one alone is the total less the rest; several that add to their number are all 1
        return len(hidden) == 1 or sum(counts[at] for at in hidden) == len(hidden) > 0

    while others and told():
        hidden.add(others.pop(0)[1])
    return frozenset(range(len(counts)) if told() else hidden)


def hidden_in_cross(
    counts: Sequence[Sequence[int]], threshold: int, also: Iterable[Arc] = ()
) -> frozenset[Arc]:
    """Choose which cells of a cross table to hide, all of whose totals are known unless small themselves.

    Args:
        counts: One sequence a row; all of equal length.
        threshold: Counts from 1 to just below this are small.
        also: Cells hidden for another reason.

    Returns:
        (row, column) of every hidden cell; (row, -1) and (-1, column) of totals that are hidden, chosen as
        ``hidden_in_list`` would, so that a table of one variable alone hides the same. Few cells, though
        not always the fewest there are, then small ones; noughts where nothing else will do.
    """
    if not counts or not counts[0]:
        return frozenset()
    network = _Network(counts)
    sums = [sum(row) for row in counts], [sum(column) for column in zip(*counts, strict=True)]
    rows, columns = (hidden_in_list(each, threshold) for each in sums)
    given = {*also, *((i, -1) for i in rows), *((-1, j) for j in columns)}
    for i, row in enumerate(counts):
        for j, count in enumerate(row):
            if count and (is_small(count, sums[0][i], threshold) or is_small(count, sums[1][j], threshold)):
                given.add((i, j))
    orders: list[Callable[[Arc], tuple[int, ...]]] = [
        lambda arc: arc,
        lambda arc: (-arc[0], -arc[1]),
        lambda arc: (network.value[arc], *arc),
        lambda arc: (-network.value[arc], arc[1], arc[0]),
    ]
    found = [network.protected(frozenset(given), order) for order in orders]
    best = min(found, key=lambda each: (len(each), sum(network.value[arc] for arc in each), sorted(each)))
    return best if network.is_safe(best) else best | {arc for arc in network.value if -1 not in arc}


class _Network:
    """One table as a network; immutable after it is made."""

    def __init__(self, counts: Sequence[Sequence[int]]) -> None:
        r, c = len(counts), len(counts[0])
        self.value: dict[Arc, int] = {(i, j): counts[i][j] for i in range(r) for j in range(c)}
        self.value |= {(i, -1): sum(counts[i]) for i in range(r)}
        self.value |= {(-1, j): sum(row[j] for row in counts) for j in range(c)}
        self._rows, self._sink = r, r + c + 1
        self._arcs: dict[int, list[tuple[Arc, int]]] = {node: [] for node in range(r + c + 2)}
        for arc, value in self.value.items():
            tail, head = self._ends(arc)
            if value or -1 not in arc:
                self._arcs[tail].append((arc, head))
            if value > 1:
                self._arcs[head].append((arc, tail))

    def _ends(self, arc: Arc) -> tuple[int, int]:
        i, j = arc
        tail = 0 if i == -1 and j == -1 else (self._rows + 1 + j if i == -1 else (0 if j == -1 else i + 1))
        head = self._sink if i == -1 else (i + 1 if j == -1 else self._rows + 1 + j)
        return tail, head

    def protected(self, given: frozenset[Arc], order: Callable[[Arc], tuple[int, ...]]) -> frozenset[Arc]:
        """Add cells to those given until none can be worked out, then take back what is not needed."""
        hidden = set(given)
        for arc in sorted(given, key=order):
            if self.value[arc] and not self._is_free(arc, hidden):
                hidden |= self._closed_way(arc, hidden)
        for arc in sorted(hidden - given, key=lambda arc: (self.value[arc] > 0, -self.value[arc], arc)):
            if self.is_safe(hidden - {arc}):
                hidden.discard(arc)
        return frozenset(hidden)

    def is_safe(self, hidden: Set[Arc]) -> bool:
        """Say whether none of these can be worked out, noughts aside."""
        return all(self._is_free(arc, hidden) for arc in hidden if self.value[arc])

    def _is_free(self, arc: Arc, hidden: Set[Arc]) -> bool:
        return any(self._way(*ends, arc, hidden, {}) is not None for ends in self._changes(arc))

    def _changes(self, arc: Arc) -> Iterable[tuple[int, int]]:
        """Give from where to where a way must lead that lets a count rise, or fall."""
        tail, head = self._ends(arc)
        yield head, tail
        if self.value[arc] > 1:
            yield tail, head

    def _closed_way(self, arc: Arc, hidden: Set[Arc]) -> set[Arc]:
        """Give the cells to hide for the cheapest closed way through a count; none where there is no way."""
        largest = max(self.value.values()) + 1
        inner = [other for other in self.value if -1 not in other]  # totals may be shown by another table
        costs = {each: 1 + self.value[each] / (largest * len(inner)) for each in inner if self.value[each]}
        for allowed in (costs, dict.fromkeys(inner, 1000.0) | costs):
            ways = [self._way(*ends, arc, hidden, allowed) for ends in self._changes(arc)]
            found = [way for way in ways if way is not None]
            if found:
                return min(found, key=lambda way: (way[0], sorted(way[1])))[1]
        return set()

    def _way(
        self, start: int, end: int, without: Arc, hidden: Set[Arc], costs: dict[Arc, float]
    ) -> tuple[float, set[Arc]] | None:
        """Find the cheapest way between two nodes: hidden counts cost nothing, others what ``costs`` says."""
        queue: list[tuple[float, int, tuple[Arc, ...]]] = [(0.0, start, ())]
        done: set[int] = set()
        while queue:
            cost, node, added = heappop(queue)
            if node == end:
                return cost, set(added)
            if node in done:
                continue
            done.add(node)
            for arc, neighbour in self._arcs[node]:
                if arc == without or neighbour in done:
                    continue
                if arc in hidden:
                    heappush(queue, (cost, neighbour, added))
                elif arc in costs:
                    heappush(queue, (cost + costs[arc], neighbour, (*added, arc)))
        return None
