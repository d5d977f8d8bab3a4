"""The report as a Word document: real styles, captions and fields, so that an editor can go on working in it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from docx.document import Document as WordDocument
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Cm, Pt, RGBColor
from docx.text.run import Run
from markdown_it import MarkdownIt
from markdown_it.token import Token

from sendthemes.report import word_charts, word_look
from sendthemes.report.blocks import (
    Block,
    Evidence,
    EvidenceList,
    Figure,
    Heading,
    Items,
    Narrative,
    Pages,
    Prose,
    Quotes,
    Rating,
    Sighting,
)
from sendthemes.report.charts import is_number
from sendthemes.report.present import Shown, lines_under, presented, spans
from sendthemes.table import show
from sendthemes.text import xml_safe

_WIDE = 16.6  # centimetres between the margins
_HEAT = ("F3F2F1", "DCEBF7", "A9D0EE", "6BACE6", "2073BC", "12436D")  # none, under 20, 40, 60, 80, up to 100
_FILLS = {
    "Green": "CCE2D8",
    "Green/Amber": "E3E6C0",
    "Amber": "FFE2A8",
    "Amber/Red": "FBD2B0",
    "Red": "F6CDC6",
}
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
    writer = _Writer(pages, document, links={each.id: f"evidence{at}" for at, each in enumerate(_all(pages))})
    writer.cover()
    for at, section in enumerate(pages.sections):
        writer.heading(section.title, 1, mark=f"section{at}")
        for block in section.blocks:
            writer.block(block)
    writer.evidence(len(pages.sections))
    mark = "For publication: small numbers are hidden" if pages.mode == "publish" else "Internal: not for publication"
    word_look.footer(document, xml_safe(pages.study.title), mark)
    word_look.update_on_open(document)
    return word_look.sealed(document, title=xml_safe(pages.study.title), author=xml_safe(pages.study.author))


def _all(pages: Pages) -> list[Evidence]:
    lists = (block for section in pages.sections for block in section.blocks if isinstance(block, EvidenceList))
    return [each for block in lists for each in block.items]


@dataclass
class _Writer:
    """Writes blocks one after the other at the end of a document."""

    pages: Pages
    document: WordDocument
    links: dict[str, str]
    marks: int = 0
    tables: int = 0
    charts: int = 0
    shown: str = ""
    later: list[tuple[str, EvidenceList]] = field(default_factory=list)

    def cover(self) -> None:
        """Write title, who made it when, the introduction and the contents."""
        study = self.pages.study
        self.paragraph(study.title, "Title")
        if study.subtitle:
            self.paragraph(study.subtitle, "Subtitle")
        shown = "small numbers are hidden" if self.pages.mode == "publish" else "small numbers are shown"
        self.paragraph(" · ".join(part for part in (study.author, study.date, self.pages.respondents, shown) if part), "Report aside")
        if study.narrative.introduction:
            self.markdown(study.narrative.introduction)
        titles = [section.title for section in self.pages.sections]
        if self.links:
            titles.append(_EVIDENCE)
        self._contents(titles)

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
            _run(self._link(paragraph, f"section{at}"), title)
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
            EvidenceList: lambda each: self.later.append((self.shown, each)),
            Quotes: self._quotes,
            Rating: self._rating,
        }
        writers[type(block)](block)

    def paragraph(self, text: str, style: str = "Normal") -> Any:
        """Add a paragraph in a style."""
        return self.document.add_paragraph(xml_safe(text), style=self.document.styles[style])

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
                _inline(self.paragraph("", style), token.children or [])
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
                _aside(paragraph, under)

    def _figure(self, block: Figure) -> None:
        table = self.pages.tables[block.table]
        self.shown = table.title
        if block.chart == "heat":
            self._heat(block)
            return
        if block.chart in {"bars", "stacked"} and len(table):
            names, series, said = (
                word_charts.bars(table) if block.chart == "bars" else word_charts.stacked(table, level=block.across)
            )
            self.charts += 1
            title = f"{table.title}, percent"
            self._caption("Figure", self.charts, title + (" with 95% intervals" if block.chart == "bars" else ""))
            paragraph = self.paragraph("")
            word_charts.add_chart(paragraph, self.charts, names, series, title=title, said=said)
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
        table = self._empty(len(shown.rows) + 1, _widths(shown), shown.title)
        for at, name in enumerate(shown.headings):
            self._cell(table, 0, at, name, right=shown.numeric[at])
        runs = spans(shown)
        for row, cells in enumerate(shown.rows):
            for at, text in enumerate(cells):
                if at or runs[row]:
                    self._cell(table, row + 1, at, text, right=shown.numeric[at], to=shown.opens.get((row, at), ""))
            if runs[row] != 1:
                _merged(table.rows[row + 1].cells[0], "restart" if runs[row] else "continue")
                if not runs[row]:
                    table.rows[row + 1].cells[0].paragraphs[0].style = self.document.styles["Report cell"]
        if len(shown.rows) <= 14:
            _together(table)

    def _heat(self, block: Figure) -> None:
        """Write a grid of percents as cells that are darker for higher ones; counts are in the table's own file."""
        table = self.pages.tables[block.table]
        label = "label" if "label" in table.columns else table.columns[0]
        lines = list(dict.fromkeys(str(cell) for cell in table.column(label)))
        heads = list(dict.fromkeys(str(cell) for cell in table.column(block.across)))
        share = {(str(row[label]), str(row[block.across])): row.get("percent") for row in table}
        self.tables += 1
        self._caption("Table", self.tables, f"{table.title}: percent of those who answered")
        if not lines:
            self.paragraph("Nothing to show.", "Report aside")
            return
        first = min(5.2, max(3.0, _WIDE - 0.72 * len(heads)))
        grid = self._empty(len(lines) + 1, [first] + [(_WIDE - first) / len(heads)] * len(heads), table.title)
        size = 8.5 if len(heads) <= 16 else 7
        grid._tbl.tblPr.append(parse_xml(_TIGHT))
        for at, head in enumerate(heads, 1):
            self._cell(grid, 0, at, block.heads.get(head, head), middle=True, size=size)
        self._cell(grid, 0, 0, "Theme" if label == "label" else label)
        for row, line in enumerate(lines, 1):
            self._cell(grid, row, 0, line, size=9)
            for at, head in enumerate(heads, 1):
                value = share.get((line, head))
                fill = _HEAT[1 + min(4, int(value // 20)) if is_number(value) and value else 0]
                words = show(value, "count") if is_number(value) else show(value)
                self._cell(grid, row, at, words, middle=True, size=size, fill=fill)
        _together(grid)
        self._under((*lines_under(table), "Counts and bases of every cell are in the workbook and the CSV tables."))

    def _empty(self, rows: int, widths: Sequence[float], said: str) -> Any:
        """Make a table with a header row that repeats, and words for those who hear it."""
        table = self.document.add_table(rows, len(widths))
        table.style = self.document.styles[word_look.TABLE_STYLE]
        table.autofit = False
        properties = table._tbl.tblPr
        properties.find(qn("w:tblW")).attrib.update({qn("w:w"): str(_twips(sum(widths))), qn("w:type"): "dxa"})
        look = properties.find(qn("w:tblLook"))
        if look is not None:
            look.attrib.update({qn("w:firstColumn"): "0", qn("w:noHBand"): "1", qn("w:val"): "0620"})
        caption = OxmlElement("w:tblCaption")
        caption.set(qn("w:val"), xml_safe(said))
        properties.append(caption)
        for column, width in zip(table.columns, widths, strict=True):
            column.width = Cm(width)
            for cell in column.cells:
                cell.width = Cm(width)
        for at, row in enumerate(table.rows):
            settings = row._tr.get_or_add_trPr()
            settings.append(OxmlElement("w:cantSplit"))
            if not at:
                settings.append(OxmlElement("w:tblHeader"))
        return table

    def _cell(self, table: Any, row: int, at: int, text: str, *, right: bool = False, middle: bool = False,
              size: float = 0, fill: str = "", to: str = "") -> None:  # fmt: skip
        cell = table.cell(row, at)
        paragraph = cell.paragraphs[0]
        paragraph.style = self.document.styles["Report cell"]
        if right or middle:
            paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT if right else WD_ALIGN_PARAGRAPH.CENTER
        holder = self._link(paragraph, self.links[to]) if to in self.links else paragraph._p
        font = _run(holder, text).font
        if size:
            font.size = Pt(size)
        if to in self.links:
            font.underline, font.color.rgb = True, RGBColor.from_string("1A65A6")
        if not row:
            font.bold = True
        if fill:
            cell._tc.get_or_add_tcPr().append(_shading(fill))
        if not row or fill in _HEAT[4:]:
            font.color.rgb = RGBColor.from_string("FFFFFF")

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
        chip._r.get_or_add_rPr().append(_shading(_FILLS[block.colour]))
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
                _aside(self.paragraph("", "List Bullet"), line)

    def evidence(self, at: int) -> None:
        """Write, after everything else, the words that the counts open."""
        if not self.later:
            return
        self.heading(_EVIDENCE, 1, mark=f"section{at}")
        for shown, block in self.later:
            self.heading(f"{shown}: {_lowered(block.title)}" if shown else block.title, 2)
            for item in block.items:
                heading = self.heading(item.title, 3, mark=self.links[item.id])
                _aside(heading, f"  {item.summary}", bold=False)
                if item.note:
                    self.paragraph(item.note, "Report aside")
                for each in item.sightings:
                    self._sighting(each)

    def _sighting(self, each: Sighting) -> None:
        paragraph = self.paragraph("", "Quote")
        for piece in each.pieces:
            run = paragraph.add_run(xml_safe(piece.text))
            if piece.marked:
                run.bold = True
                run._r.get_or_add_rPr().append(_shading("FFF2A8"))
        label = "entry" if len(each.entries) == 1 else "entries"
        entries = f"{label}: {', '.join(each.entries)}" if each.entries else ""
        self._said_by(each.respondent, each.question, entries, *each.flags)

    def _bookmark(self, paragraph: Any, name: str) -> None:
        self.marks += 1
        for kind, extra in (("Start", f' w:name="{name}"'), ("End", "")):
            mark = parse_xml(f'<w:bookmark{kind} {nsdecls("w")} w:id="{self.marks}"{extra}/>')
            paragraph._p.append(mark) if kind == "End" else paragraph._p.insert(1, mark)

    def _link(self, paragraph: Any, target: str) -> Any:
        link = parse_xml(f'<w:hyperlink {nsdecls("w")} w:anchor="{target}" w:history="1"/>')
        paragraph._p.append(link)
        return link


_EVIDENCE = "Evidence behind the counts"
_TIGHT = (
    f'<w:tblCellMar {nsdecls("w")}><w:left w:w="20" w:type="dxa"/><w:right w:w="20" w:type="dxa"/></w:tblCellMar>'
)


def _lowered(text: str) -> str:
    return text[:1].lower() + text[1:]


def _run(holder: Any, text: str) -> Run:
    run = Run(OxmlElement("w:r"), holder)
    holder.append(run._r)
    run.text = xml_safe(text)
    return run


def _inline(paragraph: Any, tokens: Sequence[Token]) -> None:
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


def _aside(paragraph: Any, text: str, *, bold: bool | None = None) -> None:
    run = paragraph.add_run(xml_safe(text))
    run.bold, run.font.size = bold, Pt(9)
    run.font.color.rgb = RGBColor.from_string(word_look.ASIDE)


def _shading(fill: str) -> Any:
    return parse_xml(f'<w:shd {nsdecls("w")} w:val="clear" w:color="auto" w:fill="{fill}"/>')


def _merged(cell: Any, how: str) -> None:
    cell._tc.get_or_add_tcPr().append(parse_xml(f'<w:vMerge {nsdecls("w")} w:val="{how}"/>'))


def _together(table: Any) -> None:
    """Keep a short table on one page: every row but the last holds on to the next."""
    for row in table.rows[:-1]:
        for cell in row.cells:
            for paragraph in cell.paragraphs:
                paragraph.paragraph_format.keep_with_next = True


def _twips(centimetres: float) -> int:
    return round(centimetres * 567)


def _widths(shown: Shown) -> list[float]:
    """Share the page's width out: to each column what its longest words want, numbers no more than they need."""
    words, wants = [], []
    for at, head in enumerate(shown.headings):
        cells = [row[at] for row in shown.rows]
        words.append(max(len(word) for word in [" ", *head.split(), *(part for cell in cells for part in cell.split())]))
        wants.append(min(max(map(len, [head, *cells])), 60))
    least = [min(0.5 + 0.2 * word, 3.5) for word in words]
    more = [
        0.0 if shown.numeric[at] else max(0.1, 0.5 + 0.2 * want - least[at]) for at, want in enumerate(wants)
    ]
    spare = max(0.0, _WIDE - sum(least)) / (sum(more) or 1)
    widths = [low + spare * extra for low, extra in zip(least, more, strict=True)]
    return [width * _WIDE / sum(widths) for width in widths]
