"""How a Word report looks: styles, page, fields; a corporate template keeps its own."""

from __future__ import annotations

import io
import zipfile
from datetime import datetime
from pathlib import Path
from typing import Any

from docx import Document
from docx.document import Document as WordDocument
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_TAB_ALIGNMENT, WD_TAB_LEADER
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Cm, Emu, Pt, RGBColor

from sendthemes.errors import Problem, StudyError
from sendthemes.files import zipped

BRAND, INK, ASIDE, LINE, SOFT = "12436D", "0B0C0C", "484C50", "B1B4B6", "F3F2F1"
TABLE_STYLE = "Report table"
_FONT = "Arial"
_EPOCH = datetime(1980, 1, 1)
_MOST = 50_000_000  # bytes of a template unpacked

# Style → (based on, size in points, bold, colour, space before, space after); a template keeps those it has.
_PARAGRAPHS: dict[str, tuple[str, float, bool, str, float, float]] = {
    "Normal": ("", 10.5, False, INK, 0, 6),
    "Title": ("Normal", 28, True, BRAND, 96, 6),
    "Subtitle": ("Normal", 15, False, ASIDE, 0, 12),
    "Heading 1": ("Normal", 20, True, BRAND, 0, 10),
    "Heading 2": ("Normal", 14, True, BRAND, 16, 6),
    "Heading 3": ("Normal", 11.5, True, INK, 12, 4),
    "Caption": ("Normal", 10, True, INK, 10, 4),
    "List Bullet": ("Normal", 10.5, False, INK, 0, 3),
    "List Number": ("Normal", 10.5, False, INK, 0, 3),
    "Quote": ("Normal", 10.5, False, INK, 6, 0),
    "TOC Heading": ("Normal", 14, True, BRAND, 30, 6),
    "TOC 1": ("Normal", 10.5, False, INK, 0, 4),
    "Header": ("Normal", 8.5, False, ASIDE, 0, 0),
    "Footer": ("Normal", 8.5, False, ASIDE, 0, 0),
    "Report lead": ("Normal", 15, True, INK, 0, 6),
    "Report aside": ("Normal", 9, False, ASIDE, 0, 3),
    "Report callout": ("Normal", 10.5, False, INK, 4, 8),
    "Report cell": ("Normal", 9.5, False, INK, 2, 2),
}
_KEPT_WITH_NEXT = ("Heading 1", "Heading 2", "Heading 3", "Caption", "TOC Heading")


def opened(template: Path | None) -> WordDocument:
    """Open a document to write into: a corporate template with what stands in it, or ours.

    Raises:
        StudyError: The template is no Word document (.docx), or is too large.
    """
    if template is None:
        document = Document()
        _page(document)
        _styles(document, own=True)
        return document
    try:
        with zipfile.ZipFile(template) as archive:
            if sum(entry.file_size for entry in archive.infolist()) > _MOST:
                raise StudyError(Problem("The template unpacks to more than 50 MB.", template.name))
        document = Document(str(template))
    except (zipfile.BadZipFile, KeyError, ValueError, OSError) as fault:
        raise StudyError(
            Problem(
                f"The template is no Word document: {type(fault).__name__}.",
                template.name,
                "Save it as .docx (not .dotx, .docm or .doc).",
            )
        ) from None
    _styles(document, own=False)
    return document


def sealed(document: WordDocument, *, title: str, author: str) -> bytes:
    """Give the document's bytes: fixed properties and times, nothing of machine or template's author."""
    properties = document.core_properties
    for name in ("category", "comments", "content_status", "identifier", "keywords", "subject", "version"):
        setattr(properties, name, "")
    properties.title, properties.author, properties.last_modified_by = title, author, author
    properties.language, properties.revision = "en-GB", 1
    properties.created = properties.modified = properties.last_printed = _EPOCH
    package: Any = document.part.package
    for key, rel in list(package.rels.items()):
        if rel.reltype.endswith(("/thumbnail", "/custom-properties", "/extended-properties")):
            package.rels.pop(key)
    out = io.BytesIO()
    document.save(out)
    with zipfile.ZipFile(out) as archive:
        return zipped((name, archive.read(name)) for name in archive.namelist())


def _page(document: WordDocument) -> None:
    section = document.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.left_margin = section.right_margin = Cm(2.2)
    section.top_margin, section.bottom_margin = Cm(2.2), Cm(2)
    section.header_distance = section.footer_distance = Cm(1)


def _styles(document: WordDocument, *, own: bool) -> None:
    """Make the styles: all of them in our own document, in a template those that it lacks."""
    there = {style.name for style in document.styles}
    for name, look in _PARAGRAPHS.items():
        if not own and name in there:
            continue
        style: Any = document.styles[name] if name in there else _added(document, name)
        _set(style, name, look)
        if look[0]:
            style.base_style = document.styles[look[0]]
    if TABLE_STYLE not in there:
        document.styles.element.append(parse_xml(_TABLE))
    if own:
        _fonts_of_defaults(document)


def _added(document: WordDocument, name: str) -> Any:
    return document.styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH, builtin=not name.startswith("Report"))


def _set(style: Any, name: str, look: tuple[str, float, bool, str, float, float]) -> None:
    _, size, bold, colour, before, after = look
    font, shape = style.font, style.paragraph_format
    fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
    for key in list(fonts.attrib):
        del fonts.attrib[key]
    for key in ("w:ascii", "w:hAnsi", "w:cs", "w:eastAsia"):
        fonts.set(qn(key), _FONT)
    for spacing in style.element.rPr.findall(qn("w:spacing")):
        style.element.rPr.remove(spacing)
    font.size, font.bold, font.italic = Pt(size), bold, False
    font.color.rgb = RGBColor.from_string(colour)
    shape.space_before, shape.space_after = Pt(before), Pt(after)
    shape.line_spacing = 1.15 if not name.startswith(("Title", "Heading", "Report cell")) else 1.0
    shape.keep_with_next = name in _KEPT_WITH_NEXT
    shape.widow_control = True
    borders = style.element.pPr.find(qn("w:pBdr"))
    if borders is not None:
        style.element.pPr.remove(borders)
    if name == "Heading 1":
        shape.page_break_before = True
    if name in {"Quote", "Report callout"}:
        shape.left_indent = Cm(0.5)
        colour = LINE if name == "Quote" else "28A197"
        _side(style.element.pPr, f'<w:left w:val="single" w:sz="24" w:space="8" w:color="{colour}"/>')
        shape.keep_with_next = name == "Quote"
    if name == "TOC 1":
        shape.tab_stops.add_tab_stop(Cm(16.6), WD_TAB_ALIGNMENT.RIGHT, WD_TAB_LEADER.DOTS)


def _side(pPr: Any, border: str) -> None:  # noqa: N803 - Word's name
    pPr.insert_element_before(
        parse_xml(f"<w:pBdr {nsdecls('w')}>{border}</w:pBdr>"),
        "w:shd", "w:tabs", "w:suppressAutoHyphens", "w:spacing", "w:ind", "w:jc", "w:outlineLvl",
    )  # fmt: skip


def _fonts_of_defaults(document: WordDocument) -> None:
    fonts = document.styles.element.find(f".//{qn('w:rPrDefault')}//{qn('w:rFonts')}")
    if fonts is not None:
        fonts.attrib.clear()
        fonts.set(qn("w:ascii"), _FONT)
        fonts.set(qn("w:hAnsi"), _FONT)
    language = document.styles.element.find(f".//{qn('w:rPrDefault')}//{qn('w:lang')}")
    if language is not None:
        language.set(qn("w:val"), "en-GB")


_TABLE = f"""<w:style {nsdecls("w")} w:type="table" w:customStyle="1" w:styleId="ReportTable">
<w:name w:val="{TABLE_STYLE}"/><w:basedOn w:val="TableNormal"/><w:uiPriority w:val="99"/><w:qFormat/>
<w:tblPr><w:tblBorders><w:top w:val="single" w:sz="8" w:space="0" w:color="{BRAND}"/>
<w:bottom w:val="single" w:sz="8" w:space="0" w:color="{BRAND}"/>
<w:insideH w:val="single" w:sz="4" w:space="0" w:color="{LINE}"/></w:tblBorders>
<w:tblCellMar><w:top w:w="20" w:type="dxa"/><w:left w:w="80" w:type="dxa"/><w:bottom w:w="20" w:type="dxa"/>
<w:right w:w="80" w:type="dxa"/></w:tblCellMar></w:tblPr>
<w:tblStylePr w:type="firstRow"><w:rPr><w:b/><w:color w:val="FFFFFF"/></w:rPr><w:tblPr/>
<w:tcPr><w:shd w:val="clear" w:color="auto" w:fill="{BRAND}"/><w:vAlign w:val="bottom"/></w:tcPr>
</w:tblStylePr>
</w:style>"""


def footer(document: WordDocument, words: str, mark: str) -> None:
    """Put the title and page numbers at the foot, who may read it at the head, where nothing stands yet."""
    section = document.sections[-1]
    if not "".join(each.text for each in section.footer.paragraphs).strip():
        paragraph: Any = section.footer.paragraphs[0]
        style: Any = document.styles["Footer"]
        paragraph.style = style
        stops = paragraph.paragraph_format.tab_stops
        for stop in style.paragraph_format.tab_stops:
            stops.add_tab_stop(stop.position, WD_TAB_ALIGNMENT.CLEAR)
        page = [section.page_width, section.left_margin, section.right_margin]
        width, left, right = (each or Cm(0) for each in page)
        stops.add_tab_stop(Emu(width - left - right), WD_TAB_ALIGNMENT.RIGHT)
        paragraph.add_run(f"{words}\tPage ")
        field(paragraph, "PAGE", "1")
        paragraph.add_run(" of ")
        field(paragraph, "NUMPAGES", "1")
    if mark and not "".join(each.text for each in section.header.paragraphs).strip():
        head: Any = section.header.paragraphs[0]
        head.style = document.styles["Header"]
        head.alignment = WD_ALIGN_PARAGRAPH.RIGHT
        head.add_run(mark)


def field(paragraph: Any, code: str, shown: str) -> None:
    """Add a field (page number, table number) that shows these words until it is updated."""
    for kind in ("begin", "", "separate", "shown", "end"):
        run = paragraph.add_run(shown if kind == "shown" else "")
        if kind == "":
            instruction = OxmlElement("w:instrText")
            instruction.set(qn("xml:space"), "preserve")
            instruction.text = f" {code} "
            run._r.append(instruction)
        elif kind != "shown":
            run._r.append(mark_of_field(kind))


def mark_of_field(kind: str) -> Any:
    """Give one of the marks between which a field stands: begin, separate, end."""
    mark = OxmlElement("w:fldChar")
    mark.set(qn("w:fldCharType"), kind)
    return mark


def update_on_open(document: WordDocument) -> None:
    """Have Word bring contents and numbers up to date when the document is opened."""
    settings = document.settings.element
    if settings.find(qn("w:updateFields")) is None:
        update = OxmlElement("w:updateFields")
        update.set(qn("w:val"), "true")
        settings.insert_element_before(
            update, "w:hdrShapeDefaults", "w:footnotePr", "w:endnotePr", "w:compat", "w:docVars", "w:rsids",
            "m:mathPr", "w:themeFontLang", "w:clrSchemeMapping", "w:shapeDefaults", "w:decimalSymbol",
            "w:listSeparator",
        )  # fmt: skip
