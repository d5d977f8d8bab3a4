"""Charts in a Word report: Word's own bar charts, which stay sharp and bear a text that is read out.

No workbook lies inside a chart (the figures stand in its own XML), so that nothing can hide there.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from docx.opc.constants import RELATIONSHIP_TYPE
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docx.oxml import parse_xml
from docx.shared import Cm
from markupsafe import Markup

from sendthemes.report.charts import is_number, shade
from sendthemes.table import Cell, Table, show
from sendthemes.text import xml_safe

SHADES = {1: "CFE3F3", 2: "8FC1E6", 3: "4B97CC", 4: "2073BC", 5: "12436D"}
_TYPE = "application/vnd.openxmlformats-officedocument.drawingml.chart+xml"
_WIDTH = Cm(16.6)
_INK = "0B0C0C"


@dataclass(frozen=True, slots=True)
class Series:
    """One run of bars: a name, a value a row (``None``: no bar), a colour, intervals where there are any."""

    name: str
    values: tuple[float | None, ...]
    colour: str
    intervals: tuple[tuple[float, float] | None, ...] = ()


def bars(table: Table) -> tuple[tuple[str, ...], tuple[Series, ...], str]:
    """Give categories, series and spoken text of a chart with one bar a row."""
    rows = list(table)
    values = tuple(_value(row.get("percent")) for row in rows)
    ends = [(_value(row.get("low")), _value(row.get("high"))) for row in rows]
    intervals = tuple(None if low is None or high is None else (low, high) for low, high in ends)
    names = tuple(f"{row['label']}: {_said(row.get('percent'))}" for row in rows)
    counts = [f"({show(row.get('respondents'))} of {show(row.get('base'))})" for row in rows]
    said = "; ".join(f"{name} {count}" for name, count in zip(names, counts, strict=True))
    return names, (Series("Percent", values, SHADES[5], intervals),), said


def stacked(table: Table, *, level: str) -> tuple[tuple[str, ...], tuple[Series, ...], str]:
    """Give categories, series and spoken text of a chart with one bar a question, cut by level."""
    label = table.columns[0]
    names = tuple(dict.fromkeys(str(cell) for cell in table.column(label)))
    levels = tuple(dict.fromkeys(str(cell) for cell in table.column(level)))
    share = {(str(row[label]), str(row[level])): row.get("percent") for row in table}
    series = tuple(
        Series(
            each,
            tuple(_value(share.get((name, each))) or None for name in names),
            SHADES[shade(at, len(levels))],
        )
        for at, each in enumerate(levels)
    )
    said = "; ".join(
        f"{name}: {', '.join(f'{each} {_said(share.get((name, each)))}' for each in levels)}"
        for name in names
    )
    return names, series, said


def add_chart(
    paragraph: Any, number: int, names: Sequence[str], series: Sequence[Series], *, title: str, said: str
) -> None:
    """Put a bar chart into a paragraph, with a text that says what it shows."""
    package = paragraph.part.package
    uri = PackURI(f"/word/charts/chart{number}.xml")
    part = Part(uri, _TYPE, chart_xml(names, series).encode("utf-8"), package)
    key = paragraph.part.relate_to(part, RELATIONSHIP_TYPE.CHART)
    height = Cm(1.6 + 0.82 * len(names) + (0.9 if len(series) > 1 else 0))
    words = xml_safe(f"{title}. {said}.")
    drawing = _DRAWING.format(
        width=_WIDTH,
        height=min(height, Cm(22)),
        id=1000 + number,
        words=words,
        title=xml_safe(title),
        key=key,
    )
    paragraph.add_run()._r.append(parse_xml(str(drawing)))


def chart_xml(names: Sequence[str], series: Sequence[Series]) -> str:
    """Write a chart of horizontal bars from 0 to 100 percent."""
    parts = [_series(at, each, names, many=len(series) > 1) for at, each in enumerate(series)]
    legend = _LEGEND if len(series) > 1 else Markup("")
    return str(
        _CHART.format(
            grouping="stacked" if len(series) > 1 else "clustered",
            overlap=100 if len(series) > 1 else 0,
            series=Markup("\n").join(parts),
            legend=legend,
            ink=_INK,
        )
    )


def _series(at: int, series: Series, names: Sequence[str], *, many: bool) -> Markup:
    dark = series.colour in {SHADES[4], SHADES[5]}
    labels = _LABELS.format(colour="FFFFFF" if dark else _INK) if many else Markup("")
    return _SERIES.format(
        at=at,
        name=xml_safe(series.name),
        colour=series.colour,
        labels=labels,
        errors=_errors(series),
        count=len(names),
        names=_points([xml_safe(name) for name in names]),
        values=_points(series.values),
    )


def _errors(series: Series) -> Markup:
    if not any(series.intervals):
        return Markup("")
    plus, minus = (
        _points([
            None if each is None or value is None else abs(each[side] - value)
            for each, value in zip(series.intervals, series.values, strict=True)
        ])
        for side in (1, 0)
    )  # fmt: skip
    return _ERRORS.format(count=len(series.values), plus=plus, minus=minus)


def _points(values: Sequence[str | float | None]) -> Markup:
    return Markup("\n").join(
        Markup('<c:pt idx="{}"><c:v>{}</c:v></c:pt>').format(
            at, value if isinstance(value, str) else f"{value:.6g}"
        )
        for at, value in enumerate(values)
        if value is not None
    )


def _value(cell: Cell) -> float | None:
    return float(cell) if is_number(cell) else None


def _said(cell: Cell) -> str:
    return f"{show(cell, 'percent')}%" if is_number(cell) else str(cell or "no figure")


_TEXT = """<c:txPr><a:bodyPr/><a:lstStyle/><a:p><a:pPr><a:defRPr sz="900"><a:solidFill><a:srgbClr val="{}"/>
</a:solidFill><a:latin typeface="Arial"/></a:defRPr></a:pPr><a:endParaRPr lang="en-GB"/></a:p></c:txPr>"""
_DRAWING = Markup(
    """<w:drawing xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"
 xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing"
 xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"
 xmlns:c="http://schemas.openxmlformats.org/drawingml/2006/chart"
 xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships">
<wp:inline distT="0" distB="0" distL="0" distR="0"><wp:extent cx="{width}" cy="{height}"/>
<wp:docPr id="{id}" name="Chart {id}" title="{title}" descr="{words}"/><wp:cNvGraphicFramePr/>
<a:graphic><a:graphicData uri="http://schemas.openxmlformats.org/drawingml/2006/chart"><c:chart r:id="{key}"/>
</a:graphicData></a:graphic></wp:inline></w:drawing>"""
)
_LABELS = Markup(  # noqa: S704 - our own text
    """<c:dLbls><c:numFmt formatCode="0.0" sourceLinked="0"/><c:spPr><a:noFill/></c:spPr>"""
    + _TEXT.format("{colour}")
    + """<c:dLblPos val="ctr"/><c:showLegendKey val="0"/><c:showVal val="1"/><c:showCatName val="0"/>
<c:showSerName val="0"/><c:showPercent val="0"/><c:showBubbleSize val="0"/></c:dLbls>"""
)
_ERRORS = Markup(
    """<c:errBars><c:errBarType val="both"/><c:errValType val="cust"/><c:noEndCap val="0"/>
<c:plus><c:numLit><c:formatCode>General</c:formatCode><c:ptCount val="{count}"/>{plus}</c:numLit></c:plus>
<c:minus><c:numLit><c:formatCode>General</c:formatCode><c:ptCount val="{count}"/>{minus}</c:numLit></c:minus>
<c:spPr><a:ln w="15875"><a:solidFill><a:srgbClr val="F46A25"/></a:solidFill></a:ln></c:spPr></c:errBars>"""
)
_SERIES = Markup(
    """<c:ser><c:idx val="{at}"/><c:order val="{at}"/><c:tx><c:v>{name}</c:v></c:tx>
<c:spPr><a:solidFill><a:srgbClr val="{colour}"/></a:solidFill></c:spPr><c:invertIfNegative val="0"/>
{labels}{errors}
<c:cat><c:strLit><c:ptCount val="{count}"/>{names}</c:strLit></c:cat>
<c:val><c:numLit><c:formatCode>0.0</c:formatCode><c:ptCount val="{count}"/>{values}</c:numLit></c:val>
</c:ser>"""
)
_LEGEND = Markup(  # noqa: S704 - our own text
    """<c:legend><c:legendPos val="t"/><c:overlay val="0"/>""" + _TEXT.format(_INK) + "</c:legend>"
)
_AXIS_LINE = """<c:spPr><a:ln w="6350"><a:solidFill><a:srgbClr val="B1B4B6"/></a:solidFill></a:ln></c:spPr>"""
_CHART = Markup(  # noqa: S704 - our own text
    """<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<c:chartSpace xmlns:c="http://schemas.openxmlformats.org/drawingml/2006/chart"
 xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main">
<c:roundedCorners val="0"/><c:chart><c:autoTitleDeleted val="1"/><c:plotArea><c:layout/><c:barChart>
<c:barDir val="bar"/><c:grouping val="{grouping}"/><c:varyColors val="0"/>
{series}
<c:gapWidth val="40"/><c:overlap val="{overlap}"/><c:axId val="1"/><c:axId val="2"/></c:barChart>
<c:catAx><c:axId val="1"/><c:scaling><c:orientation val="maxMin"/></c:scaling><c:delete val="0"/>
<c:axPos val="l"/><c:majorTickMark val="none"/><c:minorTickMark val="none"/><c:tickLblPos val="low"/>"""
    + _AXIS_LINE
    + _TEXT.format("{ink}")
    + """<c:crossAx val="2"/><c:crosses val="autoZero"/></c:catAx>
<c:valAx><c:axId val="2"/><c:scaling><c:orientation val="minMax"/><c:max val="100"/>
<c:min val="0"/></c:scaling>
<c:delete val="0"/><c:axPos val="b"/><c:majorGridlines><c:spPr><a:ln w="6350"><a:solidFill>
<a:srgbClr val="E8EAEC"/></a:solidFill></a:ln></c:spPr></c:majorGridlines>
<c:numFmt formatCode="0&quot;%&quot;" sourceLinked="0"/><c:majorTickMark val="none"/>
<c:minorTickMark val="none"/><c:tickLblPos val="nextTo"/>"""
    + _AXIS_LINE
    + _TEXT.format("{ink}")
    + """<c:crossAx val="1"/><c:crosses val="max"/><c:majorUnit val="20"/></c:valAx></c:plotArea>{legend}
<c:plotVisOnly val="1"/><c:dispBlanksAs val="gap"/></c:chart>
<c:spPr><a:noFill/><a:ln><a:noFill/></a:ln></c:spPr></c:chartSpace>"""
)
