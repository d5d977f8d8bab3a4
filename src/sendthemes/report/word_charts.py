"""Charts in a Word report: the shapes of the HTML report, sharp at any size, with a text that is read out."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from docx.oxml import parse_xml
from docx.shared import Cm
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from sendthemes.report.charts import Drawing, Shape
from sendthemes.text import xml_safe

_COLOURS = {
    "c1": "12436D", "c4": "B8470B", "track": "E8EAEC", "halo": "FFFFFF", "interval": "0B0C0C",
    "s1": "CFE3F3", "s2": "8FC1E6", "s3": "4B97CC", "s4": "2073BC", "s5": "12436D",
    "h0": "F3F2F1", "h1": "DCEBF7", "h2": "A9D0EE", "h3": "6BACE6", "h4": "2073BC", "h5": "12436D",
    "label": "0B0C0C", "value": "484C50", "h4t": "FFFFFF", "h5t": "FFFFFF",
}  # fmt: skip
_PIXEL = 9525 * 0.72  # English metric units, at the size in which a page of Word shows a chart
_ACROSS = int(Cm(16.6))
_LETTERS = 16  # pixels high, with what hangs under the base line


@dataclass(frozen=True, slots=True)
class _Placed:
    """A shape in English metric units."""

    kind: str
    colour: str
    left: int
    top: int
    width: int
    height: int
    text: str
    side: str


def add_chart(paragraph: Any, number: int, drawing: Drawing) -> None:
    """Put a chart into a paragraph; the numbers of what is in it start at ``number``."""
    pixel = min(_PIXEL, _ACROSS / drawing.width) if drawing.width else _PIXEL
    templates = FileSystemLoader(Path(__file__).parent / "templates")
    template = Environment(loader=templates, autoescape=True, undefined=StrictUndefined).get_template(
        "drawing.xml"
    )
    xml = template.render(
        shapes=[_placed(shape, drawing, pixel) for shape in drawing.shapes],
        width=round(drawing.width * pixel) or _ACROSS,
        height=round((drawing.height + 4) * pixel),
        size=round(15 * pixel / 9525 * 0.75 * 2),
        number=number,
        said=xml_safe(f"{drawing.title}. {drawing.said}."),
    )
    paragraph.add_run()._r.append(parse_xml(xml))


def _placed(shape: Shape, drawing: Drawing, pixel: float) -> _Placed:
    unit = pixel if drawing.width else _ACROSS / 100
    left, width = shape.left * unit + shape.shift * pixel, shape.width * (pixel if shape.fixed else unit)
    top, height, side = shape.top * pixel, shape.height * pixel, "left"
    if shape.kind == "words":
        top, height = (shape.top - _LETTERS) * pixel, (_LETTERS + 4) * pixel
        if shape.anchor == "middle":
            left, width, side = left - 30 * pixel, 60 * pixel, "center"
        elif shape.anchor == "end":
            left, width, side = left - _ACROSS, _ACROSS, "right"
    colour = _COLOURS.get(shape.look.removesuffix(" dot"), "0B0C0C")
    sizes = (round(each) for each in (left, top, width, height))
    return _Placed(shape.kind, colour, *sizes, xml_safe(shape.text), side)
