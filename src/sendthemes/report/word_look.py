"""How a Word report looks: styles, page, fields; a corporate template keeps its own."""

from __future__ import annotations

import io
import zipfile
from datetime import datetime
from pathlib import Path
from typing import Any

from docx import Document
from docx.document import Document as WordDocument
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_TAB_ALIGNMENT
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import qn
from docx.shared import Cm, Emu
from docx.styles import BabelFish

from sendthemes.errors import Problem, StudyError
from sendthemes.files import zipped

INK, ASIDE = "0B0C0C", "484C50"
TABLE_STYLE = "Report table"
_STYLES = Path(__file__).parent / "templates" / "word_styles.xml"
_EPOCH = datetime(1980, 1, 1)
_MOST = 50_000_000  # bytes of a template unpacked


def opened(template: Path | None) -> WordDocument:
    """Open a document to write into: a corporate template with what stands in it, or ours.

    Raises:
        StudyError: The template is no Word document (.docx), or is too large.
    """
    if template is None:
        document = Document()
        section, styles = document.sections[0], document.styles.element
        section.page_width, section.page_height = Cm(21), Cm(29.7)
        section.left_margin = section.right_margin = section.top_margin = Cm(2.2)
        section.bottom_margin, section.header_distance, section.footer_distance = Cm(2), Cm(1), Cm(1)
        styles[:] = parse_xml(_STYLES.read_bytes())
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
    there = {style.name for style in document.styles}
    for style in parse_xml(_STYLES.read_bytes()).style_lst:
        if BabelFish.internal2ui(style.name_val) not in there and not style.default:
            document.styles.element.append(style)
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
