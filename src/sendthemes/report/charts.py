"""Charts as shapes with percents for lengths, which HTML sets as SVG and Word as DrawingML (grids as tables).

Lengths across are percents of the space there is, so bars grow with the page while letters keep their size;
only grids have a width of their own. Looks (``c1`` …) are CSS classes in HTML, which the page defines for
light, dark and print, and fixed colours in Word; they follow the Analysis Function's palette for charts
(https://analysisfunction.civilservice.gov.uk/policy-store/data-visualisation-colours-in-charts/).
"""

from __future__ import annotations

import textwrap
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal, TypeGuard

from sendthemes.report.blocks import Figure
from sendthemes.table import Cell, Table, show

_LINE = 22  # pixels of a line of words
_BAR = 14
_GAP = 12  # pixels between one bar and the next words
CELL = 36  # pixels across in a grid
_LABELS = (230, 400)  # pixels for the labels of a grid, at least and at most
_LETTER = 8  # pixels of one letter, about
_MOST = 12  # themes in a grid of themes by themes, which grows with their square
_SHORT = 52  # letters that stand beside each other on a phone
_WHOM = {
    "bars": "of respondents, with 95% intervals",
    "pairs": "of respondents who mention both",
    "change": "of those who answered; the dot is now",
}
_BESIDE = 26  # letters at least for a name that has its figures beside it

Box = tuple[float, float, str]  # left and width in percents, and the look


@dataclass(frozen=True, slots=True)
class Shape:
    """A rectangle, a dot or words."""

    kind: Literal["box", "dot", "words"]  # what it is
    look: str  # how it is coloured
    left: float  # its place across: percent of the width, or pixels in a drawing that is as wide as it says
    top: float  # its place down, in pixels; of words their base line
    width: float = 0  # in the unit of ``left``; pixels where ``fixed``
    height: float = _BAR  # in pixels
    text: str = ""  # the words; of a box those in its middle
    anchor: Literal["start", "middle", "end"] = "start"  # which end of the words stands at ``left``
    fixed: bool = False  # whether the width is in pixels whatever the unit
    shift: float = 0  # pixels by which it is moved to the right


@dataclass(frozen=True, slots=True)
class Drawing:
    """A chart."""

    title: str  # what it shows
    said: str  # the same figures in words, for those who hear the report
    shapes: tuple[Shape, ...]  # what is drawn, the hindmost first
    height: float  # in pixels
    width: int = 0  # in pixels; 0 for all the width there is


def drawn(figure: Figure, *, letters: int = _SHORT) -> Drawing | None:
    """Draw the chart of a figure's table, so many letters beside each other; longer words take more lines.

    ``None`` where it asks for no chart, where there are no rows, and where parts of a bar are hidden: what is
    left of it would mislead.
    """
    table, draw = figure.table, _CHARTS.get(figure.chart)
    if draw is None or not len(table):
        return None
    if figure.chart in {"stacked", "diverging"} and not all(map(is_number, table.column("percent"))):
        return None
    made = draw(figure, letters)
    whom = _WHOM.get(figure.chart, "of those who answered")
    title = ": ".join(part for part in (table.title, f"percent {whom}") if part)
    return replace(made, title=title)


def _bars(figure: Figure, letters: int) -> Drawing:
    """Draw one bar a row: percent, count and base beside it, the interval as a line over it."""
    rows = []
    for row in figure.table:
        percent = row.get("percent")
        boxes = [(0.0, 100.0, "track")]
        if is_number(percent):
            boxes.append((0, percent, "c1"))
        low, high = row.get("low"), row.get("high")
        if is_number(low) and is_number(high):
            boxes.append((low, high - low, "interval"))
        of = f" ({show(row.get('respondents'))} of {show(row.get('base'))})"
        rows.append((str(row["label"]), _percent(percent) + (of if is_number(percent) else ""), boxes))
    return _rows(rows, "; ".join(f"{name}: {words}" for name, words, _ in rows), letters)


def _stacked(figure: Figure, letters: int) -> Drawing:
    """Draw one bar of 100 percent a question, cut by level, the lowest first; five shades at most."""
    parts, of = _parts(figure), len(_values(figure.table, figure.across))
    looks = [f"s{1 + round(rank * 4 / (of - 1))}" for rank in range(of)] if of > 1 else ["s5"]
    bars = [list(_side_by_side(0, percents, looks)) for percents in parts.values()]
    return _cut_bars(figure, letters, looks, bars)


def _diverging(figure: Figure, letters: int) -> Drawing:
    """Draw one bar a statement about a line: who disagrees to its left, who agrees to its right.

    Who does neither stands half on each side. All bars have one scale, as wide as the page allows.
    """
    parts, looks = _parts(figure), ["c4", "s1", "c1"]
    lefts = [disagree + neither / 2 for disagree, neither, _ in parts.values()]
    rights = [neither / 2 + agree for _, neither, agree in parts.values()]
    middle, scale = max(lefts), 100 / max(1, max(lefts) + max(rights))
    line = (middle * scale, 0.0, "middle")
    bars = [
        [*_side_by_side((middle - left) * scale, [scale * percent for percent in percents], looks), line]
        for left, percents in zip(lefts, parts.values(), strict=True)
    ]
    return _cut_bars(figure, letters, looks, bars)


def _parts(figure: Figure) -> dict[str, list[float]]:
    """Give each bar's percents, in the order of the levels."""
    label, levels = figure.table.columns[0], _values(figure.table, figure.across)
    share = _shares(figure.table, label, figure.across)
    cells = {name: [share.get((name, level)) for level in levels] for name in _values(figure.table, label)}
    return {name: [cell if is_number(cell) else 0.0 for cell in row] for name, row in cells.items()}


def _side_by_side(start: float, widths: Sequence[float], looks: Sequence[str]) -> Iterator[Box]:
    for width, look in zip(widths, looks, strict=True):
        if width:
            yield start, width, look
        start += width


def _cut_bars(figure: Figure, letters: int, looks: Sequence[str], bars: Sequence[Sequence[Box]]) -> Drawing:
    """Set bars that are cut by level, with their percents in words and a legend over them."""
    levels = _values(figure.table, figure.across)
    rows = []
    for (name, cells), bar in zip(_parts(figure).items(), bars, strict=True):
        told = (f"{level} {_percent(cell)}" for level, cell in zip(levels, cells, strict=True))
        rows.append((name, ", ".join(told), bar))
    step = 100 / len(levels)
    legend: list[Shape] = []
    for at, (level, look) in enumerate(zip(levels, looks, strict=True)):
        legend.append(Shape("box", look, at * step, 2, 14, fixed=True))
        legend.append(Shape("words", "value", at * step, 14, step, text=level, shift=20))
    return _rows(rows, "; ".join(f"{name}: {words}" for name, words, _ in rows), letters, legend)


def _change(figure: Figure, letters: int) -> Drawing:
    """Draw a line a row from the percent then to the percent now, which bears a dot."""
    rows = []
    for row in figure.table:
        before, after = row["percent_then"], row["percent_now"]
        boxes = [(0.0, 100.0, "track")]
        if is_number(before) and is_number(after):
            look = "c1" if after >= before else "c4"
            boxes += [(min(before, after), abs(after - before), f"{look} thin"), (after, 0, f"{look} dot")]
        rows.append((str(row[figure.table.columns[0]]), f"{_percent(before)} → {_percent(after)}", boxes))
    said = (f"{name} from {words.replace(' → ', ' to ')}" for name, words, _ in rows)
    return _rows(rows, "; ".join(said), letters)


def _rows(
    rows: Sequence[tuple[str, str, Sequence[Box]]], said: str, letters: int, above: Sequence[Shape] = ()
) -> Drawing:
    """Set rows of words with boxes (left, width, look) under them; long words take further lines."""
    shapes = list(above)
    top: float = _LINE + _GAP if above else 0
    room = letters - 2 - max(len(words) for _, words, _ in rows)
    beside = room >= _BESIDE
    for name, words, boxes in rows:
        lines = textwrap.wrap(name, room if beside else letters) or [""]
        for at, line in enumerate(lines):
            shapes.append(Shape("words", "label", 0, top + 15 + at * _LINE, 100, text=line))
        top += _LINE * (len(lines) - beside)
        anchor: Literal["start", "end"] = "end" if beside else "start"
        shapes.append(Shape("words", "value", 100 if beside else 0, top + 15, 100, text=words, anchor=anchor))
        top += _LINE
        for left, width, look in boxes:
            shapes += _interval(left, width, top) if look == "interval" else [_box(left, width, look, top)]
        top += _BAR + _GAP
    return Drawing("", said, tuple(shapes), top)


def _box(left: float, width: float, look: str, top: float) -> Shape:
    if look == "middle":
        return Shape("box", "interval", left, top - 3, 2, _BAR + 6, fixed=True, shift=-1)
    if look.endswith("dot"):
        return Shape("dot", look, left, top - 1, 16, 16, fixed=True, shift=-8)
    if look.endswith("thin"):
        return Shape("box", look, left, top + 5, width, 4)
    return Shape("box", look, left, top, width)


def _interval(left: float, width: float, top: float) -> Iterator[Shape]:
    """Draw an interval with its ends, over a wider line in the page's colour that parts it from the bar."""
    for look, more in (("halo", 1.5), ("interval", 0.0)):
        yield Shape("box", look, left, top + 6 - more, width, 2 + 2 * more)
        for end in (left, left + width):
            place = end, top + 3 - more, 2 + 2 * more, 8 + 2 * more
            yield Shape("box", look, *place, fixed=True, shift=-1 - more)


def _heat(figure: Figure, _: int) -> Drawing:
    """Draw a grid of percents, darker for higher; the figure stands in each cell."""
    table = figure.table
    label = "label" if "label" in table.columns else table.columns[0]
    names = {name: figure.heads.get(name, name) for name in _values(table, figure.across)}
    return _grid(_values(table, label), names, _shares(table, label, figure.across))


def _pairs(figure: Figure, _: int) -> Drawing:
    """Draw how often themes are mentioned together: half a grid of themes by themes, its columns by number.

    The themes of the first pairs are drawn; all pairs are in the table.
    """
    share = _shares(figure.table, "label", "other_label")
    share |= {(other, one): value for (one, other), value in share.items()}
    known = list(dict.fromkeys(name for pair in share for name in pair))
    shown = known[:_MOST]
    names = {name: f"{at}. {name}" for at, name in enumerate(shown, 1)}
    cells = {(names[one], two): share.get((one, two)) for at, one in enumerate(shown) for two in shown[:at]}
    made = _grid(list(names.values()), {name: str(at) for at, name in enumerate(shown[:-1], 1)}, cells)
    if known == shown:
        return made
    more = f"{len(names)} of {len(known)} themes: those of the pairs that are mentioned most."
    told = Shape("words", "value", 0, made.height + 16, made.width, text=more)
    return replace(made, said=f"{made.said}. {more}", shapes=(*made.shapes, told), height=made.height + _LINE)


def _grid(lines: Sequence[str], heads: Mapping[str, str], share: Mapping[tuple[str, str], Cell]) -> Drawing:
    """Draw the cells that ``share`` knows, their columns under heads."""
    left = min(max(_LABELS[0], _LETTER * max(map(len, lines))), _LABELS[1])
    shapes = [
        Shape("words", "value", left + CELL * (at + 0.5), 18, text=head, anchor="middle")
        for at, head in enumerate(heads.values())
    ]
    said = []
    for line, name in enumerate(lines):
        top = 28 + 32 * line
        short = textwrap.shorten(name, _LABELS[1] // _LETTER, placeholder="…")
        shapes.append(Shape("words", "label", 0, top + 20, left, text=short))
        known = [(at, column) for at, column in enumerate(heads) if (name, column) in share]
        for at, column in known:
            value = share[name, column]
            look = f"h{1 + min(4, int(value // 20)) if is_number(value) and value else 0}"
            words = show(value, "count") if is_number(value) else str(value or "")
            shapes.append(Shape("box", look, left + CELL * at, top, CELL - 2, 30, text=words))
        if known:
            told = ", ".join(f"{heads[column]} {_percent(share[name, column])}" for _, column in known)
            said.append(f"{name}: {told}")
    width = left + CELL * len(heads)
    return Drawing("", "; ".join(said), tuple(shapes), 28 + 32 * len(lines), width)


def _values(table: Table, column: str) -> list[str]:
    return list(dict.fromkeys(map(str, table.column(column))))


def _shares(table: Table, rows: str, columns: str) -> dict[tuple[str, str], Cell]:
    return {(str(row[rows]), str(row[columns])): row["percent"] for row in table}


def is_number(cell: Cell) -> TypeGuard[int | float]:
    """Say whether a cell holds a number (a truth value is none)."""
    return isinstance(cell, (int, float)) and not isinstance(cell, bool)


def _percent(cell: Cell) -> str:
    if cell is None:
        return "no figure"
    return f"{show(cell, 'percent')}%" if is_number(cell) else str(cell)


_CHARTS: Mapping[str, Callable[[Figure, int], Drawing]] = {
    "bars": _bars,
    "stacked": _stacked,
    "diverging": _diverging,
    "heat": _heat,
    "pairs": _pairs,
    "change": _change,
}
