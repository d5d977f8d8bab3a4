"""The report as a Word document: real styles, captions and fields, so that an editor can work on in it."""

from __future__ import annotations

import io
import zipfile
from collections import defaultdict
from collections.abc import Iterator
from datetime import datetime
from itertools import count
from pathlib import Path
from typing import Any, cast

from docx import Document
from docx.document import Document as WordDocument
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Cm
from docx.styles import BabelFish
from markdown_it import MarkdownIt
from markupsafe import Markup, escape

from sendthemes.errors import Problem, StudyError
from sendthemes.files import zipped
from sendthemes.report.blocks import Pages
from sendthemes.report.charts import drawn
from sendthemes.report.present import Shown, presented
from sendthemes.report.word_charts import gridded, placed
from sendthemes.templates import page_template
from sendthemes.text import xml_safe

TABLE_STYLE = "Report table"
_TEMPLATES = Path(__file__).parent / "templates"
_SHORT = 10  # letters of a cell that stays on one line
_WIDTH = 9411  # twentieths of a point between the margins
_EPOCH = datetime(1980, 1, 1)
_MOST = 50_000_000  # bytes of a template unpacked
_ROLES = {
    "plain": "Normal",
    "lead": "Report lead",
    "method": "Report aside",
    "caveat": "Report callout",
    "reading": "Report callout",
}
_SHADE = '<w:b/><w:color w:val="0B0C0C"/><w:shd w:val="clear" w:color="auto" w:fill="{}"/>'
_LOOKS = {
    "aside": '<w:b w:val="0"/><w:color w:val="484C50"/><w:sz w:val="18"/>',
    "bold": "<w:b/>",
    "italic": "<w:i/>",
    "head": '<w:b/><w:color w:val="FFFFFF"/>',
    "right": '<w:jc w:val="right"/>',
    "middle": '<w:jc w:val="center"/>',
    "small": '<w:sz w:val="SIZE"/>',
    "ink": '<w:color w:val="INK"/>',
    "fill": '<w:shd w:val="clear" w:color="auto" w:fill="FILL"/>',
    "next": "<w:keepNext/>",
    "together": "<w:keepLines/>",
    "above": '<w:spacing w:before="80"/>',
    "said": '<w:spacing w:after="160"/><w:ind w:left="284"/>',
    "start": '<w:vMerge w:val="restart"/>',
    "merge": '<w:vMerge w:val="continue"/>',
    "tab": "<w:r><w:tab/></w:r>",
    "Green": _SHADE.format("CCE2D8"),
    "Green/Amber": _SHADE.format("E3E6C0"),
    "Amber": _SHADE.format("FFE2A8"),
    "Amber/Red": _SHADE.format("FBD2B0"),
    "Red": _SHADE.format("F6CDC6"),
    "Not rated": _SHADE.format("E8EAEC"),
}


def to_word(pages: Pages, *, template: Path | None = None) -> bytes:
    """Set a report as a Word document (.docx).

    Of a corporate ``template`` the styles, page, header and footer hold, and what stands in it stays in
    front; styles that it lacks are added. ``StudyError`` says that it is no .docx, or too large.
    """
    document = _opened(template)
    section = document.sections[-1]
    looks = _LOOKS | {"stop": _stop(document)}
    numbers: defaultdict[str, Iterator[int]] = defaultdict(lambda: count(1))
    page = page_template(
        _TEMPLATES / "word.xml", finalize=lambda value: xml_safe(value) if type(value) is str else value
    )
    words: dict[str, Any] = {
        "pages": pages,
        "styles": {style.name: style.style_id for style in document.styles},
        "looks": {name: Markup(look) for name, look in looks.items()},  # noqa: S704 - ours
        "roles": _ROLES,
        "number": lambda kind: next(numbers[kind]),
        "lines": _lines,
        "prose": _prose,
        "widths": _widths,
        "placed": placed,
        "gridded": gridded,
        "drawn": drawn,
        "presented": presented,
    }
    parts: dict[str, Any] = {"": document.element.body, "head": section.header, "foot": section.footer}
    for part, holder in parts.items():
        made = list(parse_xml(page.render(words, part=part)))
        if not part:
            end = holder.get_or_add_sectPr()
            for each in made:
                end.addprevious(each)
        elif not "".join(each.text for each in holder.paragraphs).strip():
            holder._element[:] = made
    _update_on_open(document)
    title, author = (xml_safe(text)[:255] for text in (pages.study.title, pages.study.author))  # Word's limit
    return _sealed(document, title=title, author=author)


def _opened(template: Path | None) -> WordDocument:
    """Open a document to write into: a corporate template with what stands in it, or ours."""
    ours: Any = parse_xml((_TEMPLATES / "word_styles.xml").read_bytes())
    if template is None:
        document = Document()
        section, styles = document.sections[0], document.styles.element
        section.page_width, section.page_height = Cm(21), Cm(29.7)
        section.left_margin = section.right_margin = section.top_margin = Cm(2.2)
        section.bottom_margin, section.header_distance, section.footer_distance = Cm(2), Cm(1), Cm(1)
        styles[:] = ours
        return document
    try:
        with zipfile.ZipFile(template) as archive:
            if sum(entry.file_size for entry in archive.infolist()) > _MOST:
                raise StudyError(Problem("The template unpacks to more than 50 MB.", template.name))
        document = Document(str(template))
    except (zipfile.BadZipFile, KeyError, ValueError, OSError) as fault:
        message = f"The template is no Word document: {type(fault).__name__}."
        remedy = "Save it as .docx (not .dotx, .docm or .doc)."
        raise StudyError(Problem(message, template.name, remedy)) from None
    there = {style.name for style in document.styles}
    for style in ours.style_lst:
        if BabelFish.internal2ui(style.name_val) not in there and not style.default:
            document.styles.element.append(style)
    return document


def _stop(document: WordDocument) -> str:
    """Give the tab stop at the right margin for the footer's page numbers, in place of the style's own."""
    section, footer = document.sections[-1], cast("Any", document.styles["Footer"])
    page = section.page_width, section.left_margin, section.right_margin
    width, left, right = (0 if each is None else each.twips for each in page)
    old = [each.position.twips for each in footer.paragraph_format.tab_stops]
    stops = [*(f'w:val="clear" w:pos="{at}"' for at in old), f'w:val="right" w:pos="{width - left - right}"']
    return f"<w:tabs>{''.join(f'<w:tab {each}/>' for each in stops)}</w:tabs>"


def _lines(text: object) -> Markup:
    """Escape a text for Word, its line ends kept."""
    broken = Markup('</w:t><w:br/><w:t xml:space="preserve">')
    return broken.join(escape(line) for line in xml_safe(str(text)).split("\n"))


def _prose(markdown: str) -> Iterator[tuple[str, list[tuple[str, bool, bool]]]]:
    """Cut the analyst's Markdown into paragraphs: the style, and the words with whether bold and italic.

    Raw HTML is shown as text, pictures are left out; a link keeps its words and shows where it leads.
    """
    lists: list[str] = []
    quoted = rank = 0
    for token in MarkdownIt("commonmark", {"html": False}).disable("image").parse(markdown):
        if token.type in {"bullet_list_open", "ordered_list_open"}:
            lists.append("List Bullet" if token.type.startswith("bullet") else "List Number")
        elif token.type in {"bullet_list_close", "ordered_list_close"}:
            lists.pop()
        elif token.type in {"blockquote_open", "blockquote_close"}:
            quoted += token.nesting
        elif token.type == "heading_open":
            rank = 2 if token.tag in {"h1", "h2"} else 3
        elif token.type == "inline":
            style = f"Heading {rank}" if rank else lists[-1] if lists else "Quote" if quoted else "Normal"
            yield style, list(_runs(token.children or []))
            rank = 0
        elif token.type in {"fence", "code_block"}:
            yield "Normal", [(token.content, False, False)]


def _runs(tokens: list[Any]) -> Iterator[tuple[str, bool, bool]]:
    bold = italic = 0
    leads = ""
    for token in tokens:
        bold += token.nesting * token.type.startswith("strong")
        italic += token.nesting * token.type.startswith("em_")
        if token.type == "link_open":
            leads = str(token.attrGet("href") or "")
        ends = {"softbreak": " ", "hardbreak": "\n", "link_close": f" ({leads})"}
        yield str(ends.get(token.type, token.content)), bool(bold), bool(italic)


def _widths(shown: Shown) -> list[int]:
    """Share the page's width out: each column gets what its longest word wants, texts get the rest."""
    least, more = [], []
    for at, head in enumerate(shown.headings):
        cells = [row[at] for row in shown.rows]
        short = (cell if shown.numeric[at] or len(cell) <= _SHORT else "" for cell in cells)
        unbroken = [*head.split(), *" ".join(cells).split(), *short]
        least.append(min(0.5 + 0.2 * max(map(len, unbroken), default=1), 3.5))
        want = 0.5 + 0.2 * min(max(map(len, [head, *cells])), 60)
        more.append(0.0 if shown.numeric[at] else max(0.1, want - least[at]))
    spare = max(0.0, 16.6 - sum(least)) / (sum(more) or 1)
    widths = [low + spare * extra for low, extra in zip(least, more, strict=True)]
    return [round(width * _WIDTH / sum(widths)) for width in widths]


def _sealed(document: WordDocument, *, title: str, author: str) -> bytes:
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


def _update_on_open(document: WordDocument) -> None:
    """Have Word bring contents and numbers up to date when the document is opened."""
    settings = document.settings.element
    if settings.find(qn("w:updateFields")) is None:
        settings.insert_element_before(
            parse_xml(f'<w:updateFields {nsdecls("w")} w:val="true"/>'),
            "w:hdrShapeDefaults", "w:footnotePr", "w:endnotePr", "w:compat", "w:docVars", "w:rsids",
            "m:mathPr", "w:themeFontLang", "w:clrSchemeMapping", "w:shapeDefaults", "w:decimalSymbol",
            "w:listSeparator",
        )  # fmt: skip
