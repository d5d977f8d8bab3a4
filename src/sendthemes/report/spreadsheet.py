"""The report's tables as an Excel workbook, set as the Government Analysis Function asks for.

https://analysisfunction.civilservice.gov.uk/policy-store/releasing-statistics-in-spreadsheets/:
a cover, contents and notes; one tagged table a sheet, starting in column A; no merged and no hidden cells;
symbols explained.
"""

from __future__ import annotations

import io
import math
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import xlsxwriter

from sendthemes.report.blocks import Pages
from sendthemes.report.present import heading_of
from sendthemes.survey.headings import unique
from sendthemes.table import Cell, Table, show
from sendthemes.text import row_height, xml_safe

_LONGEST = 32_767  # characters that a cell holds
_MOST_ROWS = 1_048_000
_WIDEST = 70  # characters of a column
_ACROSS = 180  # of all columns of texts, so that a printed page can be read
_EPOCH = datetime(1980, 1, 1)
_BRAND = "#12436D"
_FORMS = {"percent": "0.0", "number": "#,##0.0", "ratio": "0.00", "p": "0.000", "count": "#,##0"}
_HEADER = {"bold": True, "font_color": "#FFFFFF", "bg_color": _BRAND, "text_wrap": True, "valign": "bottom"}
_LINE = {"bottom": 1, "bottom_color": "#B1B4B6", "valign": "top"}
_LINK = {"font_color": "#1A65A6", "underline": 1}
_TERMS = (
    ("[c]", "Hidden so that nobody can be recognised (confidential)."),
    ("[x]", "Not available."),
    ("[z]", "Not applicable: there is no such figure, for example a percent of nobody."),
    ("[low]", "Too small to be shown at this rounding, but not nought."),
    ("Percent", "From 0 to 100, shown with one decimal; the cells hold the figures unrounded."),
    ("Base", "The number that a percent is of; it stands beside every percent."),
    ("Codes", "Respondents and authorities are shown by code."),
)


def to_workbook(pages: Pages) -> bytes:
    """Set a report's tables as a workbook (.xlsx); every text is a text, never a formula."""
    out = io.BytesIO()
    as_text = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    book = xlsxwriter.Workbook(out, as_text)
    title, author = _fit(pages.study.title), _fit(pages.study.author)
    book.set_properties({"title": title, "author": author, "created": _EPOCH})
    writer = _Writer(book, {})
    sheets = tuple(_sheets(pages))
    writer.cover(pages)
    writer.contents(sheets)
    writer.notes(pages)
    for sheet in sheets:
        writer.table(sheet)
    book.close()
    return out.getvalue()


@dataclass(frozen=True, slots=True)
class _Sheet:
    """One sheet: its name, the table on it, and the section of the report that it belongs to."""

    name: str
    table: Table
    section: str


def _sheets(pages: Pages) -> Iterator[_Sheet]:
    """Give the sheets in the report's order, each named after its table, at most 31 characters."""
    owner = {block: section.title for section in pages.sections for block in section.tables}
    tables = {name: (table, owner[name]) for name, table in pages.tables.items()}
    if pages.codings is not None:
        tables["codings"] = (pages.codings, pages.sections[-1].title)
    for number, (name, (table, section)) in enumerate(tables.items(), 1):
        short = re.sub(r"[^A-Za-z0-9 _-]", " ", name.replace("_", " ")).strip()
        yield _Sheet(f"{number} {short}"[:31].strip(), table, section)


@dataclass(frozen=True, slots=True)
class _Writer:
    """Writes sheets into a workbook; formats are made once."""

    book: Any
    formats: dict[str, Any]

    def format(self, **look: Any) -> Any:
        """Give the format of this look."""
        key = repr(sorted(look.items()))
        if key not in self.formats:
            self.formats[key] = self.book.add_format({"font_name": "Arial", "font_size": 11, **look})
        return self.formats[key]

    def sheet(self, name: str, title: str) -> Any:
        """Add a sheet with its title in A1, set to be printed on A4 across."""
        sheet = self.book.add_worksheet(name)
        sheet.hide_gridlines(2)
        sheet.set_paper(9)
        sheet.set_landscape()
        sheet.set_margins(left=0.5, right=0.5)
        sheet.fit_to_pages(1, 0)
        sheet.set_footer("&L&A&RPage &P of &N")
        self.text(sheet, 0, 0, title, bold=True, font_size=15, font_color=_BRAND)
        return sheet

    def text(self, sheet: Any, row: int, column: int, text: str, **look: Any) -> None:
        """Write a text as a text."""
        sheet.write_string(row, column, _fit(text), self.format(**look))

    def cover(self, pages: Pages) -> None:
        """Write what this is, whose it is and who may read it."""
        study = pages.study
        sheet = self.sheet("Cover", study.title)
        sheet.set_column(0, 0, 100)
        for_whom = "Internal: small numbers are shown. Not for publication."
        if pages.mode == "publish":
            for_whom = "For publication: small numbers are hidden."
        about = (study.subtitle, study.author, study.date, pages.respondents, for_whom)
        for at, line in enumerate(filter(None, about), 2):
            self.text(sheet, at, 0, line, text_wrap=True, valign="top")
        sheet.activate()

    def contents(self, sheets: Sequence[_Sheet]) -> None:
        """List the sheets with a link to each."""
        rows = [(each.name, each.table.title, each.section) for each in sheets]
        heads = ("Sheet", "What it shows", "Section of the report")
        sheet = self._listed("Contents", heads, rows, (34, 80, 44))
        for at, each in enumerate(sheets, 3):
            sheet.write_url(at, 0, f"internal:'{each.name}'!A1", self.format(**_LINK), each.name)

    def notes(self, pages: Pages) -> None:
        """Explain the symbols and how to read the tables."""
        codings = ("Codings", "One row a coding; the words are redacted as in the report.")
        rows = [*_TERMS, codings] if pages.mode == "internal" else _TERMS
        self._listed("Notes", ("Symbol or term", "Meaning"), rows, (24, 100))

    def _listed(
        self, name: str, heads: Sequence[str], rows: Sequence[Sequence[str]], widths: Sequence[int]
    ) -> Any:
        """Write a sheet that is a list of texts."""
        sheet = self.sheet(name, name)
        self._tagged(sheet, (2, len(rows)), heads, name, [False] * len(heads))
        for at, row in enumerate(rows, 3):
            for column, words in enumerate(row):
                self.text(sheet, at, column, words, text_wrap=True, valign="top")
        for column, width in enumerate(widths):
            sheet.set_column(column, column, width)
        return sheet

    def table(self, this: _Sheet) -> None:
        """Write one table: title, what a reader must know, a link back, then the table itself."""
        table = this.table
        sheet = self.sheet(this.name, table.title or this.name)
        rows, notes = table.rows[:_MOST_ROWS], table.under()
        if len(rows) < len(table):
            notes += (f"Only the first {_MOST_ROWS:,} of {len(table):,} rows fit into a sheet.",)
        for at, line in enumerate(notes, 1):
            self.text(sheet, at, 0, line, font_color="#484C50")
        top = len(notes) + 2
        sheet.write_url(top - 1, 0, "internal:'Contents'!A1", self.format(**_LINK), "Contents")
        numeric = [table.is_numeric(name) for name in table.columns]
        heads = [heading_of(name, table) for name in table.columns]
        widest = min(_WIDEST, max(25, _ACROSS // max(1, numeric.count(False))))
        self._tagged(sheet, (top, len(rows)), heads, this.name, numeric)
        for at, row in enumerate(rows, top + 1):
            for column, cell in enumerate(row):
                self._cell(sheet, at, column, cell, table, numeric=numeric[column])
            sheet.set_row(at, row_height((cell, widest) for cell in row if isinstance(cell, str)))
        if not rows:
            self.text(sheet, top + 1, 0, "Nothing to show.")
        lines = 1
        for column, head in enumerate(heads):
            width = min(widest, _width(head, [row[column] for row in rows[:2000]]))
            sheet.set_column(column, column, width)
            lines = max(lines, math.ceil(len(head) * 1.15 / width))
        sheet.set_row(top, 16 * lines)
        sheet.freeze_panes(top + 1, 0)
        sheet.repeat_rows(top)

    def _tagged(
        self, sheet: Any, place: tuple[int, int], heads: Sequence[str], name: str, right: Sequence[bool]
    ) -> None:
        """Mark cells (from a header row on, so many rows) as a table, which a screen reader announces."""
        top, rows = place
        sides = ({"align": "right"} if each else {"indent": int(at > 0)} for at, each in enumerate(right))
        looks = [self.format(**_HEADER, **side) for side in sides]
        names = unique((_fit(head, 255).strip() or "Column" for head in heads), form="{} ({})")
        columns = [{"header": head, "header_format": look} for head, look in zip(names, looks, strict=True)]
        tag = "t_" + re.sub(r"\W+", "_", name, flags=re.ASCII)
        sheet.add_table(
            top, 0, top + max(1, rows), len(heads) - 1,
            {"columns": columns, "name": tag, "style": None, "autofilter": rows > 30},
        )  # fmt: skip

    def _cell(self, sheet: Any, row: int, column: int, cell: Cell, table: Table, *, numeric: bool) -> None:
        form = table.formats.get(table.columns[column])
        if isinstance(cell, int | float) and not isinstance(cell, bool):
            default = "percent" if isinstance(cell, float) else "count"
            shape = _FORMS.get(form or default, _FORMS[default])
            sheet.write_number(row, column, cell, self.format(**_LINE, num_format=shape, align="right"))
            return
        words = "[z]" if cell is None and numeric else show(cell, "text")
        look = {"align": "right"} if numeric else {"text_wrap": True, "indent": int(column > 0)}
        if words:
            self.text(sheet, row, column, words, **_LINE, **look)
        else:
            sheet.write_blank(row, column, None, self.format(**_LINE))


def _width(head: str, cells: Sequence[Cell]) -> float:
    lines = (line for cell in cells if cell is not None for line in str(cell).split("\n"))
    longest = max(map(len, lines), default=0)
    numbers = all(not isinstance(cell, str) for cell in cells)
    words = max((len(word) for word in head.split()), default=1)
    return max(9, words + 3, 12 if numbers else longest + 2)


def _fit(text: str, most: int = _LONGEST) -> str:
    plain = xml_safe(text)
    return plain if len(plain) <= most else plain[: most - 1] + "…"
