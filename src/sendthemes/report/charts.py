"""Charts as inline SVG: no scripts, no pictures from elsewhere, readable at any width and by a screen reader.

Lengths across are percents of the space there is, so bars grow with the page while letters keep their size.
Colours are CSS classes (``c1`` …) that the page defines for light, dark and print; they follow the Analysis
Function's palette for charts (https://analysisfunction.civilservice.gov.uk/policy-store/data-visualisation-colours-in-charts/).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TypeGuard

from markupsafe import Markup

from sendthemes.table import Cell, Table, show

_ROW = 46  # pixels for a label line and the bar under it
_BAR = 14
_CELL = 38  # pixels across in a heat map
_LABELS = (230, 400)  # pixels for the labels of a heat map, at least and at most
_LETTER = 8  # pixels of one letter, about
_LINE = 95  # letters that a label and the words beside it may take together


def bars(table: Table, *, label: str = "label", title: str = "") -> Markup:
    """Draw one bar a row: percent, count and base beside it, the interval as a line over it.

    Args:
        table: A table with ``percent``, ``respondents``, ``base`` and, for intervals, ``low`` and ``high``.
        label: The column that names the rows.
        title: What the chart shows; default: the table's title.

    Returns:
        An ``<svg>``; rows whose percent is empty or hidden are named without a bar. Nothing of no rows.
    """
    rows = list(table)
    parts = [_bar(row, label, at * _ROW) for at, row in enumerate(rows)]
    said = "; ".join(f"{row[label]} {_percent(row.get('percent'))}" for row in rows)
    return _svg(parts, len(rows) * _ROW, title or table.title, said)


def _bar(row: dict[str, Cell], label: str, top: int) -> Markup:
    percent, low, high = row.get("percent"), row.get("low"), row.get("high")
    counts = f"{show(row.get('respondents'))} of {show(row.get('base'))}"
    parts = [
        Markup('<text x="0" y="{}" class="label">{}</text>').format(top + 15, row[label]),
        Markup('<text x="100%" y="{}" class="value" text-anchor="end">{} ({})</text>').format(
            top + 15, _percent(percent), counts
        ),
        _rect(0, 100, top + 22, "track"),
    ]
    if is_number(percent):
        parts.append(_rect(0, percent, top + 22, "c1"))
    if is_number(low) and is_number(high):
        parts.append(_interval(low, high, top + 22 + _BAR / 2))
    return Markup("").join(parts)


def stacked(table: Table, *, label: str, level: str, levels: Sequence[str], title: str = "") -> Markup:
    """Draw one bar of 100 percent a row of ``label``, cut by level.

    Args:
        table: Tidy rows with ``percent`` for each (label, level).
        label: The column that names the bars.
        level: The column that names the parts.
        levels: The levels in order, lowest first; at most five are told apart by colour.
        title: What the chart shows; default: the table's title.
    """
    names = list(dict.fromkeys(str(cell) for cell in table.column(label)))
    share = {(str(row[label]), str(row[level])): row.get("percent") for row in table}
    shares_of = {name: [(each, share.get((name, each))) for each in levels] for name in names}
    words_of = {name: _in_words(shares) for name, shares in shares_of.items()}
    if any(len(name) + len(words) > _LINE for name, words in words_of.items()):
        words_of = {name: _in_words(shares[-1:]) for name, shares in shares_of.items()}
    parts = [_legend(levels)]
    for at, name in enumerate(names):
        top = 34 + at * _ROW
        shares, words = shares_of[name], words_of[name]
        parts.append(Markup('<text x="0" y="{}" class="label">{}</text>').format(top + 15, name))
        parts.append(
            Markup('<text x="100%" y="{}" class="value wide" text-anchor="end">{}</text>').format(
                top + 15, words
            )
        )
        left = 0.0
        for rank, (_, value) in enumerate(shares):
            if is_number(value) and value:
                parts.append(_rect(left, value, top + 22, f"s{shade(rank, len(levels))} edge"))
                left += value
    said = "; ".join(
        f"{name}: " + ", ".join(f"{each} {_percent(share.get((name, each)))}" for each in levels)
        for name in names
    )
    return _svg(parts, 34 + len(names) * _ROW, title or table.title, said)


def _in_words(shares: Sequence[tuple[str, Cell]]) -> str:
    return ", ".join(f"{each} {_percent(value)}" for each, value in shares if is_number(value) and value)


def heat(table: Table, *, rows: str, columns: str, names: Mapping[str, str], title: str = "") -> Markup:
    """Draw a grid of percents, darker for higher; the figure stands in each cell.

    Args:
        table: Tidy rows with ``percent`` for each (row, column).
        rows: The column that names the rows.
        columns: The column whose values head the grid.
        names: Those values in order → what stands over their column; short, such as Q3.
        title: What the chart shows; default: the table's title.
    """
    lines = list(dict.fromkeys(str(cell) for cell in table.column(rows)))
    share = {(str(row[rows]), str(row[columns])): row.get("percent") for row in table}
    left = min(max(_LABELS[0], _LETTER * max(map(len, lines), default=0)), _LABELS[1])
    wide = left + _CELL * len(names)
    parts = [
        Markup('<text x="{}" y="18" class="value" text-anchor="middle">{}</text>').format(
            left + _CELL * at + _CELL / 2, name
        )
        for at, name in enumerate(names.values())
    ]
    for line, name in enumerate(lines):
        top = 28 + 32 * line
        parts.append(Markup('<text x="0" y="{}" class="label">{}</text>').format(top + 20, name))
        for at, column in enumerate(names):
            parts.append(_cell(share.get((name, column)), left + _CELL * at, top))
    said = "; ".join(
        f"{name}: "
        + ", ".join(f"{head} {_percent(share.get((name, column)))}" for column, head in names.items())
        for name in lines
    )
    return _svg(parts, 28 + 32 * len(lines), title or table.title, said, wide=wide)


def _cell(value: Cell, left: int, top: int) -> Markup:
    shade = min(4, int(value // 20)) if is_number(value) and value else -1
    name = f"h{shade + 1}"
    said = show(value, "count") if is_number(value) else ("" if value is None else str(value))
    return Markup(
        '<rect x="{}" y="{}" width="{}" height="30" class="{}"/>'
        '<text x="{}" y="{}" class="{}t" text-anchor="middle">{}</text>'
    ).format(left, top, _CELL - 2, name, left + _CELL / 2 - 1, top + 20, name, said)


def change(
    table: Table, *, label: str = "label", then: str = "then", now: str = "now", title: str = ""
) -> Markup:
    """Draw an arrow a row from the percent then to the percent now.

    Args:
        table: A table with two columns of percents.
        label: The column that names the rows.
        then: The column of the earlier percents.
        now: The column of the later percents.
        title: What the chart shows; default: the table's title.
    """
    rows = list(table)
    parts: list[Markup] = []
    for at, row in enumerate(rows):
        top, before, after = at * _ROW, row[then], row[now]
        words = f"{_percent(before)} → {_percent(after)}"
        parts.append(Markup('<text x="0" y="{}" class="label">{}</text>').format(top + 15, row[label]))
        parts.append(
            Markup('<text x="100%" y="{}" class="value" text-anchor="end">{}</text>').format(top + 15, words)
        )
        parts.append(_rect(0, 100, top + 22, "track"))
        if is_number(before) and is_number(after):
            name = "c1" if after >= before else "c4"
            low, high = sorted((before, after))
            parts.append(_rect(low, high - low, top + 22, name))
            parts.append(
                Markup('<circle cx="{}%" cy="{}" r="6" class="{} dot"/>').format(
                    _round(after), top + 29, name
                )
            )
    said = "; ".join(f"{row[label]} from {_percent(row[then])} to {_percent(row[now])}" for row in rows)
    return _svg(parts, len(rows) * _ROW, title or table.title, said)


def _legend(levels: Sequence[str]) -> Markup:
    step = 100 / max(1, len(levels))
    return Markup("").join(
        Markup('<rect x="{}%" y="2" width="14" height="14" class="s{} edge"/>').format(
            _round(at * step), shade(at, len(levels))
        )
        + Markup(
            '<svg x="{}%" y="0" width="{}%" height="20"><text x="20" y="14" class="value">{}</text></svg>'
        ).format(_round(at * step), _round(step), level)
        for at, level in enumerate(levels)
    )


def shade(rank: int, of: int) -> int:
    """Spread the levels over the five shades, the highest darkest."""
    return 5 if of == 1 else 1 + round(rank * 4 / (of - 1))


def _rect(left: float, width: float, top: float, name: str) -> Markup:
    return Markup('<rect x="{}%" y="{}" width="{}%" height="{}" class="{}"/>').format(
        _round(left), _round(top), _round(width), _BAR, name
    )


def _interval(low: float, high: float, middle: float) -> Markup:
    """Draw an interval with its ends, over a wider line in the page's colour that parts it from the bar."""
    line = Markup('<line x1="{}%" x2="{}%" y1="{}" y2="{}" class="{}"/>')
    left, right = _round(low), _round(high)
    ends = ((left, right, middle, middle), *((at, at, middle - 4, middle + 4) for at in (left, right)))
    return Markup("").join(line.format(*end, name) for name in ("halo", "interval") for end in ends)


def _svg(parts: Sequence[Markup], height: int, title: str, said: str, *, wide: int = 0) -> Markup:
    if not height or not parts:
        return Markup("")
    width = str(wide) if wide else "100%"
    return Markup('<svg class="chart" role="img" width="{}" height="{}" aria-label="{}">{}</svg>').format(
        width, height + 4, f"{title}. {said}." if title else f"{said}.", Markup("").join(parts)
    )


def is_number(cell: Cell) -> TypeGuard[int | float]:
    """Say whether a cell holds a number (a truth value is none)."""
    return isinstance(cell, (int, float)) and not isinstance(cell, bool)


def _percent(cell: Cell) -> str:
    if cell is None:
        return "no figure"
    return f"{show(cell, 'percent')}%" if is_number(cell) else str(cell)


def _round(value: float) -> str:
    return f"{value:.2f}".rstrip("0").rstrip(".")
