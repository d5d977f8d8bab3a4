"""Excel workbooks: the sheet with the answers, its cells as a reader sees them."""

from __future__ import annotations

import contextlib
import datetime
import zipfile
from collections.abc import Iterator
from itertools import groupby
from pathlib import Path
from typing import Any

from sendthemes.errors import SendThemesError, nearest
from sendthemes.survey.grid import Findings, Grid, as_text, blank, file_digest
from sendthemes.survey.packed import Cell, ColumnBuilder

_HTML = (b"<!doctype", b"<html", b"<head", b"<table", b"<meta", b"<body", b"<?xml")
_UNSAVED = "The cell holds a formula whose value was never saved."
_SAVE = "Open it in Excel or LibreOffice and save it again as .xlsx."


def read_workbook(path: Path, findings: Findings, *, sheet: str | None = None) -> Grid:
    """Read one sheet of an .xlsx or .xlsm file; by default the fullest, hidden sheets last."""
    _refuse_other_files(path, findings)
    from openpyxl import load_workbook

    bad: dict[tuple[int, int], str] = {}  # row and column of a cell that cannot be read → its fault
    try:
        with contextlib.closing(load_workbook(path, data_only=True)) as book:
            page = _page(book, sheet, path.name, findings)
        with zipfile.ZipFile(path) as parts:
            sheets = [name for name in parts.namelist() if name.startswith("xl/worksheets/")]
            if any(mark in parts.read(name) for name in sheets for mark in (b"<f>", b"<f ")):
                with contextlib.closing(load_workbook(path)) as formulas:
                    bad = dict.fromkeys(_unsaved(formulas[page.title], page), _UNSAVED)
    except (zipfile.BadZipFile, KeyError, TypeError, ValueError, OSError, SyntaxError) as error:
        if isinstance(error, SendThemesError):
            raise
        findings.stop_at(f"The workbook cannot be opened: {error}.", path.name, _SAVE, "bad-workbook")
    cells = [list(map(_shown, row)) for row in page.iter_rows()]
    for cell in (cell for row in page.iter_rows() for cell in row if cell.data_type == "e"):
        bad[cell.row - 1, cell.column - 1] = f"The cell holds the Excel error {cell.value}."
    _spread_merged(page, cells)
    grid = _grid(path, page.title, cells)
    for (row, column), problem in sorted(bad.items()):
        findings.tell(grid.place(row, column), problem, "Read as blank.")
    if hidden := [row for row, size in page.row_dimensions.items() if size.hidden and row <= page.max_row]:
        where = f"{grid.place()}, rows {_ranges(sorted(hidden))}"
        findings.tell(where, f"Hidden rows ({len(hidden)}).", "Read like the others.")
    return grid


def _refuse_other_files(path: Path, findings: Findings) -> None:
    with path.open("rb") as file:
        head = file.read(512)
    if head.startswith(b"PK"):
        return
    message, remedy, code = "This is not an Excel workbook.", "If it is text, name it .csv.", "not-a-workbook"
    if head.startswith(b"\xd0\xcf\x11\xe0"):
        code = "locked-workbook"
        message = "The workbook is protected by a password, or an old .xls under a new name."
        remedy = "Open it in Excel, take the password off (File, Info, Protect Workbook) and save it again."
        if path.suffix.lower() == ".xls":
            message, remedy = "This is an Excel 97 workbook (.xls).", "Open it in Excel and save it as .xlsx."
    elif head.lstrip(b"\xef\xbb\xbf \t\r\n").lower().startswith(_HTML):
        message, code = "This is a web page named as a workbook.", "html-as-workbook"
        remedy = "Open it in Excel and save it as 'Excel Workbook (.xlsx)', or download the export again."
    findings.stop_at(message, path.name, remedy, code)


def _page(book: Any, wanted: str | None, name: str, findings: Findings) -> Any:
    """Choose the sheet: the one named, else the fullest that is visible."""
    pages = {page.title: page for page in book.worksheets}
    if wanted is not None:
        for title, page in pages.items():
            if title.strip().casefold() == wanted.strip().casefold():
                return page
        message = f"There is no sheet {wanted!r}; there are {', '.join(pages)}."
        findings.stop_at(message, name, nearest(wanted, pages), "no-sheet")
    rows = {title: page.iter_rows(values_only=True) for title, page in pages.items()}
    filled = {title: sum(value is not None for row in each for value in row) for title, each in rows.items()}
    if not any(filled.values()):
        findings.stop_at("No sheet of the workbook has cells.", name, "Export it again.", "empty-file")
    best = max(pages, key=lambda title: (pages[title].sheet_state == "visible", filled[title]))
    others = [title for title in pages if title != best and filled[title]]
    if others:
        action = f"Sheet {best!r}, the fullest, was read; name another with sheet=."
        findings.tell(name, f"The workbook has more sheets: {', '.join(others)}.", action)
    return pages[best]


def _unsaved(formulas: Any, values: Any) -> Iterator[tuple[int, int]]:
    """Find the formulas whose value is not in the file."""
    for cell in (cell for row in formulas.iter_rows() for cell in row):
        if cell.data_type == "f" and values.cell(cell.row, cell.column).value is None:
            yield cell.row - 1, cell.column - 1


def _shown(cell: Any) -> Cell:
    """Give a cell as it looks where its format changes what is read: 007, 45%; no error."""
    value, shape = cell.value, cell.number_format or ""
    if value is None or cell.data_type == "e":
        return None
    if isinstance(value, int | float) and not isinstance(value, bool):
        if len(shape) > 1 and set(shape) == {"0"} and value == int(value):
            return f"{int(value):0{len(shape)}d}"
        if shape in {"0%", "0.0%", "0.00%"}:
            return f"{as_text(round(value * 100, 10))}%"
    return str(value) if isinstance(value, datetime.timedelta) else as_text(value)


def _spread_merged(page: Any, cells: list[list[Cell]]) -> None:
    """Write what stands in a merged heading into each of its columns; a title, alone in its row, stays."""
    for area in page.merged_cells.ranges:
        row = cells[area.min_row - 1]
        alone = sum(not blank(cell) for cell in row) < 2
        if area.min_row == area.max_row and area.max_col > area.min_col and not alone:
            row[area.min_col : area.max_col] = [row[area.min_col - 1]] * (area.max_col - area.min_col)


def _grid(path: Path, title: str, cells: list[list[Cell]]) -> Grid:
    """Trim what is empty below and to the right."""
    while cells and all(blank(cell) for cell in cells[-1]):
        cells.pop()
    width = max((at + 1 for row in cells for at, cell in enumerate(row) if not blank(cell)), default=0)
    builder = ColumnBuilder(width)
    for row in cells:
        builder.add(row[:width])
    rows = range(1, len(cells) + 1)
    return Grid(path.name, builder.columns, rows, sheet=title, digest=file_digest(path))


def _ranges(numbers: list[int]) -> str:
    """Write rising numbers as ranges: 3-5, 9."""
    together = groupby(enumerate(numbers), key=lambda pair: pair[1] - pair[0])
    runs = [[number for _, number in run] for _, run in together]
    return ", ".join(str(run[0]) if len(run) == 1 else f"{run[0]}-{run[-1]}" for run in runs)
