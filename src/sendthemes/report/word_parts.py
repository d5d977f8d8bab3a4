"""The small parts of a Word report: runs, links, cells, tables and their widths."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from docx.document import Document as WordDocument
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Cm, Pt, RGBColor
from docx.text.run import Run
from markdown_it.token import Token

from sendthemes.report.present import Shown
from sendthemes.report.word_look import ASIDE, TABLE_STYLE
from sendthemes.text import xml_safe

WIDTH = 16.6  # centimetres between the margins


def add_run(holder: Any, text: str) -> Run:
    """Add words to a paragraph or link (its XML element)."""
    run = Run(OxmlElement("w:r"), holder)
    holder.append(run._r)
    run.text = xml_safe(text)
    return run


def add_link(paragraph: Any, target: str) -> Any:
    """Add a link to a bookmark of the document; give the element that takes its words."""
    link = parse_xml(f'<w:hyperlink {nsdecls("w")} w:anchor="{target}" w:history="1"/>')
    paragraph.append(link)
    return link


def add_inline(paragraph: Any, tokens: Sequence[Token]) -> None:
    """Add the words of one Markdown line; a link keeps its words and shows where it leads."""
    bold = italic = 0
    leads = ""
    for token in tokens:
        if token.type in {"strong_open", "strong_close"}:
            bold += token.nesting
        elif token.type in {"em_open", "em_close"}:
            italic += token.nesting
        elif token.type == "link_open":
            leads = str(token.attrGet("href") or "")
        elif token.type in {"softbreak", "hardbreak"}:
            paragraph.add_run(" ") if token.type == "softbreak" else paragraph.add_run().add_break()
        else:
            words = f" ({leads})" if token.type == "link_close" else token.content
            run = paragraph.add_run(xml_safe(words))
            run.bold, run.italic = bool(bold) or None, bool(italic) or None


def add_aside(paragraph: Any, text: str, *, bold: bool | None = None) -> None:
    """Add words that stand back: smaller and grey."""
    run = paragraph.add_run(xml_safe(text))
    run.bold, run.font.size = bold, Pt(9)
    run.font.color.rgb = RGBColor.from_string(ASIDE)


def shading(fill: str) -> Any:
    """Give the background of a run or a cell."""
    return parse_xml(f'<w:shd {nsdecls("w")} w:val="clear" w:color="auto" w:fill="{fill}"/>')


def add_table(document: WordDocument, rows: int, widths: Sequence[float], said: str) -> list[list[Any]]:
    """Add a table whose header row repeats, with words for those who hear it; give its cells by row.

    Args:
        document: Where to add it, at the end.
        rows: How many rows, the header's included; a short table is kept on one page.
        widths: One a column, in centimetres.
        said: What it shows.
    """
    table: Any = document.add_table(rows, len(widths))
    table.style = document.styles[TABLE_STYLE]
    table.autofit = False
    properties = table._tbl.tblPr
    whole = str(sum(map(_twips, widths)))
    properties.find(qn("w:tblW")).attrib.update({qn("w:w"): whole, qn("w:type"): "dxa"})
    look = properties.find(qn("w:tblLook"))
    look.attrib.update({qn("w:firstColumn"): "0", qn("w:noHBand"): "1", qn("w:val"): "0620"})
    caption = OxmlElement("w:tblCaption")
    caption.set(qn("w:val"), xml_safe(said))
    look.addnext(caption)
    for column, width in zip(table._tbl.tblGrid.gridCol_lst, widths, strict=True):
        column.w = Cm(width)
    for at, row in enumerate(table._tbl.tr_lst):
        settings = row.get_or_add_trPr()
        settings.append(OxmlElement("w:cantSplit"))
        if not at:
            settings.append(OxmlElement("w:tblHeader"))
        for cell, width in zip(row.tc_lst, widths, strict=True):
            cell.width = Cm(width)
            if at < rows - 1 and rows <= _SHORT:
                cell.p_lst[0].get_or_add_pPr().get_or_add_keepNext()
    return [row.tc_lst for row in table._tbl.tr_lst]


def fill_cell(cell: Any, text: str, style: str, look: Mapping[str, Any]) -> None:
    """Write into a cell.

    Args:
        cell: Its XML element.
        text: The words.
        style: The id of the paragraph style.
        look: Any of ``side`` ("right", "centre"), ``size`` (points), ``fill``, ``ink`` (colours), ``bold``.
    """
    paragraph = cell.p_lst[0]
    paragraph.style = style
    if "side" in look:
        paragraph.get_or_add_pPr().jc_val = _SIDES[look["side"]]
    font = add_run(paragraph, text).font
    if "size" in look:
        font.size = Pt(look["size"])
    if "fill" in look:
        cell.get_or_add_tcPr().append(shading(look["fill"]))
    font.bold = look.get("bold")
    if "ink" in look:
        font.color.rgb = RGBColor.from_string(look["ink"])


def widths_of(shown: Shown) -> list[float]:
    """Share the page's width out: each column gets what its longest word wants, texts get the rest."""
    least, more = [], []
    for at, head in enumerate(shown.headings):
        cells = [row[at] for row in shown.rows]
        unbroken = [*head.split(), *(cells if shown.numeric[at] else " ".join(cells).split())]
        word = max(map(len, unbroken), default=1)
        least.append(min(0.5 + 0.2 * word, 3.5))
        want = 0.5 + 0.2 * min(max(map(len, [head, *cells])), 60)
        more.append(0.0 if shown.numeric[at] else max(0.1, want - least[at]))
    spare = max(0.0, WIDTH - sum(least)) / (sum(more) or 1)
    widths = [low + spare * extra for low, extra in zip(least, more, strict=True)]
    return [width * WIDTH / sum(widths) for width in widths]


_SHORT = 15  # rows
_SIDES = {"right": WD_ALIGN_PARAGRAPH.RIGHT, "centre": WD_ALIGN_PARAGRAPH.CENTER}


def _twips(centimetres: float) -> int:
    return round(centimetres * 567)
