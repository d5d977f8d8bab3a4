"""Protection: which numbers of a table of counts to hide so that no hidden one can be worked out.

A count is small if it is from 1 to just below a threshold. Zeros are shown, so a reader knows that every
hidden count is at least 1; it may rise, and fall as far as 1.

A table with its totals is a flow network: the total goes to the rows, from the rows through the cells to the
columns, and out again. What is hidden can be changed only along closed ways through hidden numbers; one
that lies on none is known from the rest.

Source: complementary cell suppression as a network problem: Gusfield 1988, SIAM Journal on Computing 17,
552-571; Castro 2002, European Journal of Operational Research 143, 1-18.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence, Set
from heapq import heappop, heappush

Arc = tuple[int, int]  # (row, column) of a cell; (row, -1) a row's total; (-1, column) a column's total
_SOURCE, _SINK = (-1, -1), (-2, -2)  # nodes beside (row, -1) and (-1, column)
_NOUGHT = 1000.0  # what hiding a nought costs: as much as a thousand counts


def small(counts: Iterable[int], threshold: int) -> set[int]:
    """Give the places of counts from 1 to just below the threshold."""
    return {at for at, count in enumerate(counts) if 0 < count < threshold}


def hidden_in_list(
    counts: Sequence[int], threshold: int, also: Iterable[int] = (), of: Sequence[int] | None = None
) -> set[int]:
    """Choose which counts of a list to hide, whose total is known unless it is small itself.

    Hidden are the places of the small ones, those ``also`` hidden for another reason, and the next smallest
    until they cannot be worked out; equal counts are taken in order. Where nothing else is left (ones beside
    noughts), all are. ``of`` says what each count can be at most; ``None`` sets no limit.
    """
    hidden = small(counts, threshold).union(also)
    others = sorted((count, at) for at, count in enumerate(counts) if count and at not in hidden)

    def told() -> bool:  # of a known total none can rise unless another can fall
        rise = {at for at in hidden if of is None or counts[at] < of[at]}
        fall = {at for at in hidden if counts[at] > 1}
        return bool(hidden) and (not rise or not fall or len(rise | fall) == 1)

    if sum(counts) < threshold or (of is not None and sum(counts) == sum(of)):
        return hidden  # the total is hidden, or everybody is counted: each count is what ``of`` says
    while others and told():
        hidden.add(others.pop(0)[1])
    return set(range(len(counts))) if told() else hidden


def hidden_in_cross(counts: Sequence[Sequence[int]], threshold: int) -> set[Arc]:
    """Choose which numbers of a cross table to hide, all of whose totals are known unless hidden themselves.

    Totals are chosen as ``hidden_in_list`` would, so that a table of one variable alone hides the same. Few
    cells, though not always the fewest there are, then small ones; noughts where nothing else will do.
    """
    network = _Network(counts)
    cells = {arc for arc in network.value if -1 not in arc}
    given: set[Arc] = {arc for arc in cells if 0 < network.value[arc] < threshold}
    given |= {(i, -1) for i in hidden_in_list([sum(row) for row in counts], threshold)}
    given |= {(-1, j) for j in hidden_in_list([sum(each) for each in zip(*counts, strict=True)], threshold)}
    hidden = set(given)
    for arc in sorted(given):
        if network.value[arc] and not network.is_free(arc, hidden):
            hidden |= network.closed_way(arc, hidden)
    for arc in sorted(hidden - given, key=lambda arc: (-network.value[arc], arc)):
        if network.is_safe(hidden - {arc}):
            hidden -= {arc}
    return hidden if network.is_safe(hidden) else hidden | cells


class _Network:
    """One table as a network; immutable after it is made."""

    def __init__(self, counts: Sequence[Sequence[int]]) -> None:
        self.value: dict[Arc, int] = {(i, j): n for i, row in enumerate(counts) for j, n in enumerate(row)}
        self.value |= {(i, -1): sum(row) for i, row in enumerate(counts)}
        self.value |= {(-1, j): sum(column) for j, column in enumerate(zip(*counts, strict=True))}
        self._arcs: dict[Arc, list[tuple[Arc, Arc]]] = {}
        for arc in self.value:
            for start, end in self._changes(arc):
                self._arcs.setdefault(end, []).append((arc, start))

    def _changes(self, arc: Arc) -> Iterable[tuple[Arc, Arc]]:
        """Give from where to where a way must lead back that lets a number rise, or fall."""
        i, j = arc
        tail = (i, -1) if j >= 0 and i >= 0 else _SOURCE if j < 0 else arc
        head = (-1, j) if j >= 0 and i >= 0 else _SINK if i < 0 else arc
        if self.value[arc] or -1 not in arc:
            yield head, tail
        if self.value[arc] > 1:
            yield tail, head

    def is_safe(self, hidden: Set[Arc]) -> bool:
        """Say whether none of these can be worked out, noughts aside."""
        return all(self.is_free(arc, hidden) for arc in hidden if self.value[arc])

    def is_free(self, arc: Arc, hidden: Set[Arc]) -> bool:
        """Say whether a hidden number may be another than it is."""
        return any(self._way(*ends, arc, hidden, {}) is not None for ends in self._changes(arc))

    def closed_way(self, arc: Arc, hidden: Set[Arc]) -> set[Arc]:
        """Give the cells to hide for the cheapest closed way through a number; none where there is no way."""
        cells = [other for other in self.value if -1 not in other]  # totals may be shown by another table
        whole = sum(self.value[cell] for cell in cells) + 1
        costs = {cell: 1 + self.value[cell] / whole if self.value[cell] else _NOUGHT for cell in cells}
        ways = [self._way(*ends, arc, hidden, costs) for ends in self._changes(arc)]
        return set(min(filter(None, ways), default=(0.0, ()))[1])

    def _way(
        self, start: Arc, end: Arc, without: Arc, hidden: Set[Arc], costs: Mapping[Arc, float]
    ) -> tuple[float, tuple[Arc, ...]] | None:
        """Find the cheapest way between two nodes: hidden numbers are free, others have ``costs``."""
        queue: list[tuple[float, Arc, tuple[Arc, ...]]] = [(0.0, start, ())]
        done: set[Arc] = set()
        while queue:
            cost, node, added = heappop(queue)
            if node == end:
                return cost, added
            if node in done:
                continue
            done.add(node)
            for arc, neighbour in self._arcs.get(node, ()):
                if arc == without or neighbour in done:
                    continue
                if arc in hidden:
                    heappush(queue, (cost, neighbour, added))
                elif arc in costs:
                    heappush(queue, (cost + costs[arc], neighbour, (*added, arc)))
        return None
