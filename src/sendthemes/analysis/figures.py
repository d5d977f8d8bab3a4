"""Figures checked: parts that do not sum, percents that fit no count, rounded shares added up."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from math import ceil, floor
from typing import TypeGuard

from sendthemes.table import Cell, Table

_COUNTS = ("respondents", "count", "n")


def check_figures(
    table: Table | Iterable[Mapping[str, Cell]],
    *,
    count: str | None = None,
    percent: str = "percent",
    base: int | Sequence[int] | None = None,
    total: int | None = None,
    exclusive: bool | None = None,
    decimals: int | None = None,
) -> Table:
    """Check published figures: would these counts and percents come from any respondents at all?

    Args:
        table: Rows with a count, a percent, or both; a column ``base`` is used where there is one.
        count: The column of counts; ``None`` takes respondents, count or n, whichever there is.
        percent: The column of percents, 0-100.
        base: Respondents that the percents are of, as stated, where the rows do not say; several (such as
            ``range(140, 160)``) where it is known only roughly: a figure that fits any of them is right.
        total: What the counts should add to; ``None`` takes the base where parts are exclusive.
        exclusive: Whether each respondent is in one row only; ``None`` says so of all tables but those of
            themes and those whose notes say multiple choice.
        decimals: To how many places percents were rounded; ``None`` takes the most that any of them shows.

    Returns:
        row (its number from 1, 0 for the whole table), what (the first cell), figure, problem (the kind),
        finding (in words, with the nearest figures that could be). No row where nothing is wrong.

        Kinds: "does not fit its count" (percent is not count / base rounded), "fits no count" (no whole
        number of respondents on the base gives it), "may be a sum of rounded shares" (fits no count,
        but adds up from two that do), "parts do not sum", "more than its base", "not a whole number".
    """
    rows = [dict(row) for row in table]
    if exclusive is None:
        multiple = isinstance(table, Table) and any("multiple choice" in each for each in table.notes)
        exclusive = not multiple and not any("theme" in row for row in rows)
    if count is None:
        count = next((name for name in _COUNTS if rows and name in rows[0]), None)
    places = decimals if decimals is not None else max((_places(row.get(percent)) for row in rows), default=0)
    found: list[tuple[Cell, ...]] = []
    stated = (base,) if isinstance(base, int) else tuple(base or ())
    for number, row in enumerate(rows, start=1):
        own = row.get("base")
        bases = (int(own),) if _is_number(own) else stated
        what, whole = next(iter(row.values()), None), row.get(count) if count else None
        found += [(number, what, *each) for each in _row_problems(whole, row.get(percent), bases, places)]
    if exclusive and count:
        bases = tuple({int(own) for row in rows if _is_number(own := row.get("base"))} or stated)
        known = total if total is not None else bases[0] if len(bases) == 1 else None
        found += _sum_problems([row.get(count) for row in rows], known)
    checked = f"Percents are checked as rounded to {places} decimal{'' if places == 1 else 's'}."
    return Table(
        ("row", "what", "figure", "problem", "finding"),
        tuple(found),
        title="Figures that cannot be",
        notes=(checked,),
        reading=f"{len(found)} cannot be as they stand." if found else "Every figure can be.",
        formats={"figure": "text", "row": "text"},
    )


def _row_problems(
    count: Cell, percent: Cell, bases: Sequence[int], places: int
) -> Iterator[tuple[Cell, str, str]]:
    n = max(bases, default=0)
    if _is_number(count):
        if count != int(count) or count < 0:
            yield count, "not a whole number", f"{count} is no number of respondents."
            return
        if n and count > n:
            yield count, "more than its base", f"{count} of {n}."
            return
    if not _is_number(percent) or not n:
        return
    if not 0 <= percent <= 100:
        yield percent, "more than its base", f"{percent}% of {n}."
    elif _is_number(count):
        if not any(_fits(int(count), each, percent, places) for each in bases):
            right = f"{100 * int(count) / n:.{places}f}%"
            yield percent, "does not fit its count", f"{int(count)} of {n} is {right}, not {percent}%."
    elif not any(_fits(near, each, percent, places) for each in bases for near in _near(percent, each)):
        below, above = floor(percent * n / 100), ceil(percent * n / 100)
        summed = any(_is_rounded_sum(percent, each, places) for each in bases)
        kind = "may be a sum of rounded shares" if summed else "fits no count"
        nearest = " and ".join(f"{each} is {100 * each / n:.{places}f}%" for each in (below, above))
        of = f"{n}" if len(bases) == 1 else f"{min(bases)} to {n}"
        yield percent, kind, f"No count of {of} gives {percent}%; of {n}, {nearest}."


def _sum_problems(counts: list[Cell], known: Cell) -> Iterator[tuple[Cell, ...]]:
    numbers = [count for count in counts if _is_number(count)]
    if len(numbers) == len(counts) > 0 and _is_number(known) and sum(numbers) != known:
        finding = f"The parts sum to {sum(numbers)}; {known} is stated."
        yield 0, "total", sum(numbers), "parts do not sum", finding


def _fits(count: int, n: int, percent: float, places: int) -> bool:
    """Say whether a count of n, rounded, gives a percent; a half may have been rounded either way."""
    slack = Decimal(10) ** -places / 2
    return abs(Decimal(100 * count) / n - Decimal(str(percent))) <= slack


def _near(percent: float, n: int) -> range:
    middle = round(percent * n / 100)
    return range(max(0, middle - 1), min(n, middle + 1) + 1)


def _is_rounded_sum(percent: float, n: int, places: int) -> bool:
    """Say whether two shares of n, each rounded first, add to a percent."""
    step = Decimal(10) ** -places
    aim = Decimal(str(percent)).quantize(step)
    shares = [(Decimal(100 * each) / n).quantize(step) for each in range(n + 1)]
    pairs = ((one, both - one) for both in _near(percent, n) for one in range(both + 1))
    return any(shares[one] + shares[other] == aim for one, other in pairs)


def _places(value: Cell) -> int:
    if not _is_number(value):
        return 0
    exponent = Decimal(str(value)).normalize().as_tuple().exponent
    return min(6, max(0, -exponent)) if isinstance(exponent, int) else 0


def _is_number(value: Cell) -> TypeGuard[int | float]:
    return isinstance(value, int | float) and not isinstance(value, bool)
