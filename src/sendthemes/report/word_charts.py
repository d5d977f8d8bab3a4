"""Charts in a Word report: the shapes of the HTML report, placed in English metric units."""

from __future__ import annotations

from dataclasses import dataclass

from docx.shared import Cm

from sendthemes.report.charts import Drawing, Shape

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
    """A chart as Word places it: its size, the letters' in half points, the shapes' places, colours, ink."""

    width: int
    height: int
    size: int
    shapes: tuple[tuple[Shape, int, int, int, int, str, str], ...]


def placed(drawing: Drawing) -> Placed:
    """Place a chart on a page."""
    pixel = min(_PIXEL, _ACROSS / drawing.width) if drawing.width else _PIXEL
    return Placed(
        round(drawing.width * pixel) or _ACROSS,
        round((drawing.height + 4) * pixel),
        round(15 * pixel / 9525 * 0.75 * 2),
        tuple(_place(shape, pixel if drawing.width else _ACROSS / 100, pixel) for shape in drawing.shapes),
    )


def _place(shape: Shape, unit: float, pixel: float) -> tuple[Shape, int, int, int, int, str, str]:
    left, width = shape.left * unit + shape.shift * pixel, shape.width * (pixel if shape.fixed else unit)
    top, height = shape.top * pixel, shape.height * pixel
    if shape.kind == "words":
        top, height = (shape.top - _LETTERS) * pixel, (_LETTERS + 4) * pixel
        if shape.anchor == "middle":
            left, width = left - 30 * pixel, 60 * pixel
        elif shape.anchor == "end":
            left, width = left - _ACROSS, _ACROSS
    look = shape.look.split()[0]
    colour = _COLOURS.get(look, _INK)
    ink = _COLOURS.get(f"{look}t", _INK) if shape.kind == "box" else colour
    return shape, round(left), round(top), round(width), round(height), colour, ink
