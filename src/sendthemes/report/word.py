"""The report as a Word document: real styles, captions and fields, so that an editor can work on in it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from docx.document import Document as WordDocument
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Cm, Pt, RGBColor
from docx.text.paragraph import Paragraph
from markdown_it import MarkdownIt

from sendthemes.report import word_look
from sendthemes.report.blocks import (
    Block,
    Figure,
    Heading,
    Items,
    Narrative,
    Pages,
    Prose,
    Quotes,
    Rating,
)
from sendthemes.report.charts import drawn
from sendthemes.report.present import Shown, lines_under, presented, spans
from sendthemes.report.word_charts import add_chart
from sendthemes.report.word_parts import (
    add_aside,
    add_inline,
    add_link,
    add_run,
    add_table,
    fill_cell,
    shading,
    widths_of,
)
from sendthemes.text import xml_safe

_FILLS = {
    "Green": "CCE2D8",
    "Green/Amber": "E3E6C0",
    "Amber": "FFE2A8",
    "Amber/Red": "FBD2B0",
    "Red": "F6CDC6",
}
_HEAD: dict[str, Any] = {"bold": True, "ink": "FFFFFF"}
_ROLES = {
    "plain": "Normal",
    "lead": "Report lead",
    "method": "Report aside",
    "caveat": "Report callout",
    "reading": "Report callout",
}


def to_word(pages: Pages, *, template: Path | None = None) -> bytes:
    """Set a report as a Word document (.docx).

    Args:
        pages: The report.
        template: A corporate .docx: its styles, page, header and footer hold, and what stands in it stays
            in front; styles that it lacks are added.

    Raises:
        StudyError: The template is no Word document.
    """
    document = word_look.opened(template)
    writer = _Writer(pages, document)
    writer.cover()
    for at, section in enumerate(pages.sections):
        writer.heading(section.title, 1, mark=f"section{at}")
        for block in section.blocks:
            writer.block(block)
    mark = (
        "For publication: small numbers are hidden"
        if pages.mode == "publish"
        else "Internal: not for publication"
    )
    word_look.footer(document, xml_safe(pages.study.title), mark)
    word_look.update_on_open(document)
    return word_look.sealed(document, title=xml_safe(pages.study.title), author=xml_safe(pages.study.author))


@dataclass
class _Writer:
    """Writes blocks one after the other at the end of a document."""

    pages: Pages
    document: WordDocument
    styles: dict[str, str] = field(default_factory=dict)
    end: Any = None
    marks: int = 0
    tables: int = 0
    charts: int = 0

    def __post_init__(self) -> None:
        self.end = self.document.element.body.get_or_add_sectPr()

    def cover(self) -> None:
        """Write title, who made it when, the introduction and the contents."""
        study = self.pages.study
        self.paragraph(study.title, "Title")
        if study.subtitle:
            self.paragraph(study.subtitle, "Subtitle")
        shown = "small numbers are hidden" if self.pages.mode == "publish" else "small numbers are shown"
        self.paragraph(
            " · ".join(part for part in (study.author, study.date, self.pages.respondents, shown) if part),
            "Report aside",
        )
        if study.narrative.introduction:
            self.markdown(study.narrative.introduction)
        self._contents([section.title for section in self.pages.sections])

    def _contents(self, titles: Sequence[str]) -> None:
        """Write a contents field that shows the sections until Word brings it up to date."""
        self.paragraph("Contents", "TOC Heading")
        for at, title in enumerate(titles):
            paragraph = self.paragraph("", "TOC 1")
            if not at:
                for kind in ("begin", "code", "separate"):
                    run = paragraph.add_run()._r
                    if kind == "code":
                        code = OxmlElement("w:instrText")
                        code.set(qn("xml:space"), "preserve")
                        code.text = ' TOC \\o "1-1" \\h \\z \\u '
                        run.append(code)
                    else:
                        run.append(word_look.mark_of_field(kind))
            add_run(add_link(paragraph._p, f"section{at}"), title)
            if at == len(titles) - 1:
                paragraph.add_run()._r.append(word_look.mark_of_field("end"))

    def block(self, block: Block) -> None:
        """Write one block."""
        writers: dict[type, Callable[[Any], None]] = {
            Prose: lambda each: self.paragraph(each.text, _ROLES[each.role]),
            Narrative: lambda each: self.markdown(each.markdown),
            Heading: lambda each: self.heading(each.text, 2),
            Items: self._items,
            Figure: self._figure,
            Quotes: self._quotes,
            Rating: self._rating,
        }
        writers[type(block)](block)

    def paragraph(self, text: str, style: str = "Normal") -> Any:
        """Add a paragraph in a style."""
        paragraph = Paragraph(OxmlElement("w:p"), self.document._body)
        self.end.addprevious(paragraph._p)  # python-docx would look for the end each time
        paragraph._p.style = self.style(style)
        if text:
            add_run(paragraph._p, text)
        return paragraph

    def style(self, name: str) -> str:
        """Give the id of a style; python-docx looks through all of them each time."""
        if name not in self.styles:
            self.styles[name] = self.document.styles[name].style_id
        return self.styles[name]

    def heading(self, text: str, level: int, *, mark: str = "") -> Any:
        """Add a heading, with a bookmark where something points at it."""
        made = self.paragraph(text, f"Heading {level}")
        if mark:
            self._bookmark(made, mark)
        return made

    def markdown(self, text: str) -> None:
        """Add the analyst's own words; raw HTML is shown as text, pictures are left out."""
        tokens = MarkdownIt("commonmark", {"html": False}).disable("image").parse(text)
        lists: list[str] = []
        quoted = 0
        rank = 0
        for token in tokens:
            if token.type in {"bullet_list_open", "ordered_list_open"}:
                lists.append("List Bullet" if token.type.startswith("bullet") else "List Number")
            elif token.type in {"bullet_list_close", "ordered_list_close"}:
                lists.pop()
            elif token.type in {"blockquote_open", "blockquote_close"}:
                quoted += 1 if token.nesting > 0 else -1
            elif token.type == "heading_open":
                rank = 2 if token.tag in {"h1", "h2"} else 3
            elif token.type == "inline":
                style = f"Heading {rank}" if rank else lists[-1] if lists else "Quote" if quoted else "Normal"
                add_inline(self.paragraph("", style), token.children or [])
                rank = 0
            elif token.type in {"fence", "code_block"}:
                self.paragraph(token.content)

    def _items(self, block: Items) -> None:
        if block.title:
            self.heading(block.title, 2)
        for words, under in block.items:
            paragraph = self.paragraph(words, "List Bullet")
            if under:
                paragraph.add_run().add_break()
                add_aside(paragraph, under)

    def _figure(self, block: Figure) -> None:
        table = self.pages.tables[block.table]
        drawing = drawn(table, block, letters=100)
        if drawing:
            self.charts += 1
            self._caption("Figure", self.charts, drawing.title)
            add_chart(self.paragraph(""), 10_000 * self.charts, drawing)
        if block.chart in {"heat", "pairs"}:
            self._under((*lines_under(table), "Counts and bases of every cell are in the workbook."))
        else:
            self._table(presented(table, block))

    def _caption(self, kind: str, number: int, title: str) -> None:
        paragraph = self.paragraph(f"{kind} ", "Caption")
        word_look.field(paragraph, f"SEQ {kind} \\* ARABIC", str(number))
        paragraph.add_run(xml_safe(f". {title}" if title else ""))

    def _table(self, shown: Shown) -> None:
        self.tables += 1
        self._caption("Table", self.tables, shown.title)
        if not shown.rows:
            self.paragraph("Nothing to show.", "Report aside")
        else:
            self._grid(shown)
        self._under(shown.lines)

    def _grid(self, shown: Shown) -> None:
        cells = add_table(self.document, len(shown.rows) + 1, widths_of(shown), shown.title)
        style = self.style("Report cell")
        sides = [{"side": "right"} if right else {} for right in shown.numeric]
        for cell, name, side in zip(cells[0], shown.headings, sides, strict=True):
            fill_cell(cell, name, style, _HEAD | side)
        for row, (words, run) in enumerate(zip(shown.rows, spans(shown), strict=True)):
            for at, text in enumerate(words):
                fill_cell(cells[row + 1][at], text if at or run else "", style, sides[at])
            if run != 1:
                cells[row + 1][0].vMerge = "restart" if run else "continue"

    def _under(self, lines: Iterable[str]) -> None:
        for at, line in enumerate(lines):
            paragraph = self.paragraph(line, "Report aside")
            if not at:
                paragraph.paragraph_format.space_before = Pt(4)

    def _quotes(self, block: Quotes) -> None:
        self.heading(block.title, 2)
        for quote in block.items:
            paragraph = self.paragraph(quote.text, "Quote")
            paragraph.paragraph_format.keep_together = True
            self._said_by(quote.respondent, quote.theme)
        if block.note:
            self.paragraph(block.note, "Report aside")

    def _said_by(self, who: str, *more: str) -> None:
        paragraph = self.paragraph("", "Report aside")
        paragraph.paragraph_format.left_indent = Cm(0.5)
        paragraph.paragraph_format.space_after = Pt(8)
        paragraph.add_run(xml_safe(who)).bold = True
        if any(more):
            paragraph.add_run(xml_safe(" · " + " · ".join(part for part in more if part)))

    def _rating(self, block: Rating) -> None:
        heading = self.heading(f"{block.domain}  ", 2)
        chip = heading.add_run(f"\u00a0{block.colour}\u00a0")
        chip.font.color.rgb = RGBColor.from_string(word_look.INK)
        chip._r.get_or_add_rPr().append(shading(_FILLS[block.colour]))
        if block.suggests:
            self.markdown(block.suggests)
        if block.reason:
            paragraph = self.paragraph("", "Report callout")
            paragraph.add_run("The analyst's colour. ").bold = True
            paragraph.add_run(xml_safe(f"The rules gave {block.ruled}. {block.reason}"))
        for title, lines in (
            (f"Why {block.ruled}:", block.because),
            ("Further evidence:", block.evidence),
            ("Priority actions:", block.actions),
        ):
            if lines:
                self.paragraph(title, "Report aside").paragraph_format.keep_with_next = True
            for line in lines:
                add_aside(self.paragraph("", "List Bullet"), line)

    def _bookmark(self, paragraph: Any, name: str) -> None:
        self.marks += 1
        for kind, extra in (("Start", f' w:name="{name}"'), ("End", "")):
            mark = parse_xml(f'<w:bookmark{kind} {nsdecls("w")} w:id="{self.marks}"{extra}/>')
            paragraph._p.append(mark) if kind == "End" else paragraph._p.insert(1, mark)
