"""The statistics behind the tables, each exact against a published source and checkable alone.

All proportions are 0-1. What is undefined comes back as ``None``, never as 0, 1 or NaN; counts that cannot
be (negative, not finite, more than their base) raise ``ValueError``. Counts may be fractions where answers
are weighted; Fisher's test alone needs whole ones.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import accumulate
from math import comb, fsum, inf, isfinite, prod, sqrt
from statistics import NormalDist
from typing import Any, Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

Counts = Sequence[Sequence[float]]
Alternative = Literal["two-sided", "less", "greater"]
FISHER_STEPS = 1_000_000  # bounds the work of an r x c test to about two seconds


class Interval(NamedTuple):
    """A confidence interval of a proportion or of a difference of two."""

    low: float
    high: float


class ChiSquared(NamedTuple):
    """Pearson's test of independence: statistic, p, degrees of freedom."""

    statistic: float
    p: float
    df: int


class OddsRatio(NamedTuple):
    """An odds ratio with its interval; the interval is ``None`` where a cell is 0."""

    estimate: float
    low: float | None
    high: float | None


def wilson_interval(count: float, n: float, *, confidence: float = 0.95) -> Interval | None:
    """Give the Wilson score interval of a proportion, without continuity correction; ``None`` where n is 0.

    Args:
        count: How many have it.
        n: Of how many; the effective base where answers are weighted.
        confidence: 0-1, both excluded.

    Source: Wilson 1927; method 3 of Newcombe 1998, Statistics in Medicine 17, 857-872.
    """
    z = _z(confidence)
    if not (isfinite(count) and isfinite(n) and 0 <= count <= n):
        raise ValueError(f"a count lies between 0 and its base; got {count} of {n}")
    if n == 0:
        return None
    p = count / n
    middle = (p + z * z / (2 * n)) / (1 + z * z / n)
    half = z * sqrt(p * (1 - p) / n + z * z / (4 * n * n)) / (1 + z * z / n)
    return Interval(max(0.0, middle - half) if count else 0.0, min(1.0, middle + half) if count < n else 1.0)


def newcombe_difference(
    count1: float, n1: float, count2: float, n2: float, *, confidence: float = 0.95
) -> Interval | None:
    """Give the interval of ``count1 / n1 - count2 / n2`` for two independent groups; ``None`` on a base of 0.

    Args:
        count1: How many of the first group.
        n1: Its size.
        count2: How many of the second group.
        n2: Its size.
        confidence: 0-1, both excluded.

    Source: the hybrid score interval, method 10 of Newcombe 1998, Statistics in Medicine 17, 873-890.
    """
    first = wilson_interval(count1, n1, confidence=confidence)
    second = wilson_interval(count2, n2, confidence=confidence)
    if first is None or second is None:
        return None
    p1, p2 = count1 / n1, count2 / n2
    down = sqrt((p1 - first.low) ** 2 + (second.high - p2) ** 2)
    up = sqrt((first.high - p1) ** 2 + (p2 - second.low) ** 2)
    return Interval(p1 - p2 - down, p1 - p2 + up)


def chi_squared(table: Counts, yates: bool = False) -> ChiSquared | None:
    """Test independence of rows and columns by Pearson's chi-squared.

    Args:
        table: Counts, one sequence a row.
        yates: Whether to correct for continuity; matters only for two rows by two columns.

    Returns:
        Statistic, p and degrees of freedom; ``None`` where a row or column is empty, or there is only one.

    Whether the approximation holds is another question: see ``expected_counts``.
    """
    counts = _checked(table)
    if not _is_crossed(counts):
        return None
    from scipy.special import chdtrc

    df = (counts.shape[0] - 1) * (counts.shape[1] - 1)
    statistic = _pearson(counts, yates=yates and df == 1)
    return ChiSquared(statistic, float(chdtrc(df, statistic)), df)


def expected_counts(table: Counts) -> tuple[tuple[float, ...], ...] | None:
    """Give each cell's count if rows and columns were unrelated; ``None`` for a table of zeros."""
    counts = _checked(table)
    return tuple(map(tuple, _expected(counts).tolist())) if counts.any() else None


def adjusted_residuals(table: Counts) -> tuple[tuple[float | None, ...], ...]:
    """Give each cell's departure from independence in standard errors (about N(0, 1) if there is none).

    Returns:
        One residual a cell; ``None`` where the cell's row or column is empty or holds everybody.

    Source: Haberman 1973; Agresti 2013, Categorical Data Analysis, 3.3.1.
    """
    counts = _checked(table)
    if not counts.any():
        return tuple((None,) * len(row) for row in counts)
    expected = _expected(counts)
    rows, columns = (1 - counts.sum(axis=axis) / counts.sum() for axis in (1, 0))
    error = np.sqrt(expected * np.outer(rows, columns))
    found = np.divide(counts - expected, error, out=np.zeros_like(counts), where=error > 0)
    return tuple(
        tuple(value if wide else None for value, wide in zip(*line, strict=True))
        for line in zip(found.tolist(), error.tolist(), strict=True)
    )


def cramers_v(table: Counts, corrected: bool = False) -> float | None:
    """Give Cramér's V, 0 (unrelated) to 1 (one decides the other).

    Args:
        table: Counts, one sequence a row.
        corrected: Whether to take away the bias of small samples and many cells (Bergsma 2013, Journal of
            the Korean Statistical Society 42, 323-328).

    Returns:
        V; ``None`` where a row or column is empty, there is only one, or n is too small to correct.
    """
    counts = _checked(table)
    if not _is_crossed(counts):
        return None
    n = float(counts.sum())
    r, c = counts.shape
    phi2 = _pearson(counts, yates=False) / n
    if not corrected:
        return min(1.0, sqrt(phi2 / (min(r, c) - 1)))
    if n <= 1:
        return None
    phi2 = max(0.0, phi2 - (r - 1) * (c - 1) / (n - 1))
    smaller = min(r - (r - 1) ** 2 / (n - 1), c - (c - 1) ** 2 / (n - 1)) - 1
    return min(1.0, sqrt(phi2 / smaller)) if smaller > 0 else None


def odds_ratio(table: Counts, haldane: bool = False, *, confidence: float = 0.95) -> OddsRatio | None:
    """Give the odds ratio of a table of two by two, with Woolf's logit interval.

    Args:
        table: Two rows of two counts.
        haldane: Whether to add 0.5 to every cell first (Haldane 1956, Anscombe 1956), which gives an
            estimate and an interval where a cell is 0.
        confidence: 0-1, both excluded.

    Returns:
        Estimate (0 or infinity where a cell is 0 and nothing is added: the interval is then ``None``);
        ``None`` altogether where a row or column is empty.
    """
    z = _z(confidence)
    counts = _checked(table)
    if counts.shape != (2, 2):
        raise ValueError(f"an odds ratio needs two rows of two counts; got {len(counts)} x {len(counts[0])}")
    if not _is_crossed(counts):
        return None
    counts += 0.5 * haldane
    if not counts.all():
        return OddsRatio(inf if 0 in (counts[0, 1], counts[1, 0]) else 0.0, None, None)
    (a, b), (c, d) = np.log(counts)
    centre, half = a + d - b - c, z * sqrt((1 / counts).sum())
    return OddsRatio(*(float(np.exp(each)) for each in (centre, centre - half, centre + half)))


def fisher_exact(table: Counts, alternative: Alternative = "two-sided") -> float | None:
    """Give the exact p of independence, all margins fixed (Fisher; Freeman and Halton for more than 2 x 2).

    Two-sided p is the share of all tables with these margins that are at most as likely as this one. More
    than 2 x 2 is counted in whole numbers, column by column, so that equally likely tables are never
    told apart by rounding. Empty rows and columns change nothing and are left out.

    Args:
        table: Whole counts, one sequence a row.
        alternative: ``less`` or ``greater`` (odds ratio below or above 1) for 2 x 2 only.

    Returns:
        p; 1 where fewer than two rows or columns hold anybody; ``None`` where the tables to go through are
        too many (about two seconds of work), which only large tables reach.
    """
    if alternative not in ("two-sided", "less", "greater"):
        raise ValueError(f"alternative must be 'two-sided', 'less' or 'greater'; got {alternative!r}")
    counts = _checked(table).astype(int)
    if (counts != _checked(table)).any():
        raise ValueError("Fisher's test needs whole counts; weighted ones have none")
    if counts.shape != (2, 2) and alternative != "two-sided":
        raise ValueError(f"alternative {alternative!r} is for tables of two by two")
    kept = counts[counts.any(axis=1)][:, counts.any(axis=0)]
    if min(kept.shape) < 2:
        return 1.0
    if kept.shape == (2, 2):
        from scipy.stats import fisher_exact as scipy_fisher

        p: Any = scipy_fisher(kept, alternative=alternative)[1]  # scipy's stubs do not say
        return min(1.0, float(p))
    return _fisher_rxc((kept if len(kept) <= len(kept[0]) else kept.T).tolist())


def holm(p: Sequence[float | None]) -> list[float | None]:
    """Adjust p-values for their number, step down (Holm 1979); ``None`` stays and does not count."""
    return _adjusted(p, step_down=True)


def benjamini_hochberg(p: Sequence[float | None]) -> list[float | None]:
    """Adjust p-values to the false discovery rate (Benjamini and Hochberg 1995); ``None`` stays."""
    return _adjusted(p, step_down=False)


def effective_base(weights: Sequence[float]) -> float:
    """Give Kish's effective base of weighted answers: (sum of w)^2 / sum of w^2; 0 for none.

    Source: Kish 1965, Survey Sampling, 11.7.
    """
    if any(not isfinite(weight) or weight < 0 for weight in weights):
        raise ValueError("weights must be finite and not negative")
    squares = fsum(weight * weight for weight in weights)
    return fsum(weights) ** 2 / squares if squares else 0.0


def _expected(counts: NDArray[Any]) -> NDArray[Any]:
    expected: NDArray[Any] = np.outer(counts.sum(axis=1), counts.sum(axis=0)) / counts.sum()
    return expected


def _pearson(counts: NDArray[Any], *, yates: bool) -> float:
    expected = _expected(counts)
    apart = np.abs(counts - expected)
    return float(((apart - np.minimum(0.5, apart) * yates) ** 2 / expected).sum())


def _adjusted(p: Sequence[float | None], *, step_down: bool) -> list[float | None]:
    known = [(value, at) for at, value in enumerate(p) if value is not None]
    if any(not 0 <= value <= 1 for value, _ in known):
        raise ValueError("p-values lie between 0 and 1")
    m = len(known)
    result: list[float | None] = [None] * len(p)
    bound = 0.0 if step_down else 1.0
    ranked = list(enumerate(sorted(known)))
    for rank, (value, at) in ranked if step_down else reversed(ranked):
        bound = max(bound, min(1.0, (m - rank) * value)) if step_down else min(bound, value * m / (rank + 1))
        result[at] = bound
    return result


def _fisher_rxc(counts: list[list[int]]) -> float | None:
    """Sum the weights of all tables at most as likely as this one.

    A table's weight is the product over columns of the multinomial coefficient of the column's cells: a
    whole number in proportion to its likelihood. States are what the columns left must still hold in each
    row (the order of rows does not matter); a branch is closed as soon as all or none of its tables count.
    """
    turned = list(zip(*counts, strict=True))
    totals = sorted(map(sum, turned), reverse=True)
    observed = prod(map(_multinomial, turned))
    steps = 0

    @lru_cache(None)
    def columns(left: tuple[int, ...], at: int) -> list[tuple[int, tuple[int, ...]]]:
        """List the ways to fill one column: its multinomial coefficient, what the rows then need."""
        nonlocal steps
        known = []
        for cells in _compositions(left, totals[at]):
            known.append((_multinomial(cells), tuple(sorted(map(int.__sub__, left, cells)))))
            steps += 1
            if steps > FISHER_STEPS:
                raise _TooLargeError
        return known

    @lru_cache(None)
    def bounds(left: tuple[int, ...], at: int) -> tuple[int, int]:
        """Give the least and greatest weight of the columns from here on."""
        if at == len(totals) - 1:
            last = _multinomial(left)
            return last, last
        below = [(factor, bounds(rest, at + 1)) for factor, rest in columns(left, at)]
        return min(f * least for f, (least, _) in below), max(f * most for f, (_, most) in below)

    rows = tuple(sorted(map(sum, counts)))
    states: dict[tuple[int, ...], dict[int, int]] = {rows: {1: 1}}
    counted = 0
    try:
        for at in range(len(totals)):
            following: dict[tuple[int, ...], dict[int, int]] = {}
            for left, weights in states.items():
                if steps > FISHER_STEPS:
                    return None
                least, most = bounds(left, at)
                counted += sum(w * n for w, n in weights.items() if w * most <= observed) * _multinomial(left)
                still_open = [(w, n) for w, n in weights.items() if w * least <= observed < w * most]
                for factor, rest in columns(left, at) if still_open else ():
                    steps += len(still_open)
                    into = following.setdefault(rest, {})
                    for weight, ways in still_open:
                        into[weight * factor] = into.get(weight * factor, 0) + ways
            states = following
    except _TooLargeError:
        return None
    return counted / _multinomial(rows)


class _TooLargeError(Exception):
    """The tables to go through are too many."""


def _compositions(limits: tuple[int, ...], total: int) -> Iterator[tuple[int, ...]]:
    """Go through the ways to share a total over cells, none above its limit."""
    if len(limits) == 1:
        if total <= limits[0]:
            yield (total,)
        return
    room = sum(limits[1:])
    for first in range(max(0, total - room), min(limits[0], total) + 1):
        for others in _compositions(limits[1:], total - first):
            yield (first, *others)


def _multinomial(cells: Sequence[int]) -> int:
    """Give n! over the product of the cells' factorials: in how many ways n people fill the cells."""
    return prod(map(comb, accumulate(cells), cells))


def _checked(table: Counts) -> NDArray[Any]:
    rows = [list(row) for row in table]
    if not rows or not rows[0] or any(len(row) != len(rows[0]) for row in rows):
        raise ValueError("a table of counts needs rows of equal length, none of them empty")
    counts = np.array(rows, dtype=float)
    if not (np.isfinite(counts) & (counts >= 0)).all():
        raise ValueError("counts must be finite and not negative")
    return counts


def _is_crossed(counts: NDArray[Any]) -> bool:
    return min(counts.shape) > 1 and bool(counts.any(axis=0).all() and counts.any(axis=1).all())


def _z(confidence: float) -> float:
    if not 0 < confidence < 1:
        raise ValueError(f"confidence lies between 0 and 1, such as 0.95; got {confidence}")
    return NormalDist().inv_cdf((1 + confidence) / 2)
