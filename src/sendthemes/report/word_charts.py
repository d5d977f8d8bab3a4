"""Charts in a Word report: the shapes of the HTML report, placed in English metric units."""

from __future__ import annotations

from dataclasses import dataclass

from docx.shared import Cm

from sendthemes.report.charts import CELL, Drawing, Shape

_COLOURS = {
    "c1": "12436D", "c4": "B8470B", "track": "E8EAEC", "halo": "FFFFFF", "interval": "0B0C0C",
    "s1": "CFE3F3", "s2": "8FC1E6", "s3": "4B97CC", "s4": "2073BC", "s5": "12436D",
    "h0": "F3F2F1", "h1": "DCEBF7", "h2": "A9D0EE", "h3": "6BACE6", "h4": "2073BC", "h5": "12436D",
    "label": "0B0C0C", "value": "484C50", "h4t": "FFFFFF", "h5t": "FFFFFF",
}  # fmt: skip
_INK = "0B0C0C"
_PIXEL = 9525 * 0.72  # English metric units, at the size in which a page of Word shows a chart
_ACROSS = int(Cm(16.6))
_LETTERS = 16  # pixels high, with what hangs under the base line


@dataclass(frozen=True, slots=True)
class Placed:
    """A chart as Word places it: its size, the letters' in half points, and each shape's place and colour."""

    width: int
    height: int
    size: int
    shapes: tuple[tuple[Shape, int, int, int, int, str], ...]


def placed(drawing: Drawing) -> Placed:
    """Place a chart as wide as the page; of a grid see ``gridded``."""
    height, shapes = round((drawing.height + 4) * _PIXEL), tuple(map(_place, drawing.shapes))
    return Placed(_ACROSS, height, _size(_PIXEL), shapes)


def _size(pixel: float) -> int:
    return round(15 * pixel / 9525 * 0.75 * 2)


def _place(shape: Shape) -> tuple[Shape, int, int, int, int, str]:
    unit = _ACROSS / 100
    left, width = shape.left * unit + shape.shift * _PIXEL, shape.width * (_PIXEL if shape.fixed else unit)
    top, height = shape.top * _PIXEL, shape.height * _PIXEL
    if shape.kind == "words":
        top, height = (shape.top - _LETTERS) * _PIXEL, (_LETTERS + 4) * _PIXEL
        if shape.anchor == "end":
            left, width = left - _ACROSS, _ACROSS
    colour = _COLOURS.get(shape.look.split()[0], _INK)
    return shape, round(left), round(top), round(width), round(height), colour


@dataclass(frozen=True, slots=True)
class Grid:
    """A grid as a table of Word: widths in twentieths of a point, letters in half points.

    A row is its label with a text, fill and ink for each cell; a cell without fill is not drawn.
    """

    label: int
    cell: int
    size: int
    heads: tuple[str, ...]
    rows: tuple[tuple[str, tuple[tuple[str, str, str], ...]], ...]
    note: str


def gridded(drawing: Drawing) -> Grid:
    """Set a grid as a table: as shapes, a thousand cells keep LibreOffice busy for minutes."""
    words = [each for each in drawing.shapes if each.kind == "words"]
    labels = [each for each in words if each.look == "label"]
    heads = [each for each in words if each.anchor == "middle"]
    boxes = {(box.top, box.left): box for box in drawing.shapes if box.kind == "box"}
    rows = []
    for line in labels:
        found = [boxes.get((line.top - 20, head.left - CELL / 2)) for head in heads]
        looks = [(box.text, box.look) if box else ("", "") for box in found]
        cells = tuple((text, _COLOURS.get(look, ""), _COLOURS.get(f"{look}t", _INK)) for text, look in looks)
        rows.append((line.text, cells))
    pixel = min(_PIXEL, _ACROSS / drawing.width)
    label, cell = (round(pixels * pixel / 635) for pixels in (labels[0].width, CELL))  # 635 a twentieth
    note = "".join(each.text for each in words if each not in labels and each not in heads)
    return Grid(label, cell, _size(pixel), tuple(head.text for head in heads), tuple(rows), note)
