"""Excel workbooks: the sheet with the answers, its cells as a reader sees them."""

from __future__ import annotations

import contextlib
import datetime
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

from sendthemes.errors import SendThemesError, nearest
from sendthemes.survey.grid import Findings, Grid, as_text, blank, file_digest
from sendthemes.survey.packed import Cell, ColumnBuilder

_HTML = (b"<!doctype", b"<html", b"<head", b"<table", b"<meta", b"<body", b"<?xml")
_LARGE = 100_000  # rows of all sheets past which a workbook is read as a stream
_SAVE = "Open it in Excel or LibreOffice and save it again as .xlsx."
Place = tuple[int, int]  # row, column


def read_workbook(path: Path, findings: Findings, *, sheet: str | None = None) -> Grid:
    """Read one sheet of a workbook; one of over 100,000 rows as a stream, without its hidden rows and merges.

    Args:
        path: The .xlsx or .xlsm file.
        findings: Takes what is found: error cells, formulas without a value, hidden rows and sheets.
        sheet: The sheet's name; default: the one with the most filled cells, hidden sheets last.
    """
    _refuse_other_files(path, findings)
    from openpyxl import load_workbook

    try:
        large = _count(path, b"<row ") > _LARGE
        with contextlib.closing(load_workbook(path, read_only=large, data_only=True)) as book:
            page = _page(book, sheet, path.name, findings)
            cells, bad = _cells(page)
        if _count(path, b"<f>", b"<f "):
            with contextlib.closing(load_workbook(path, read_only=large)) as book:
                bad = _unsaved(book[page.title], cells) | bad
    except (zipfile.BadZipFile, KeyError, TypeError, ValueError, OSError, SyntaxError) as error:
        if isinstance(error, SendThemesError):
            raise
        findings.stop_at(f"The workbook cannot be opened: {error}.", path.name, _SAVE, "bad-workbook")
    if not large:
        _spread_merged(page, cells)
    grid = _grid(path, page.title, cells)
    for (row, column), problem in sorted(bad.items()):
        findings.tell(grid.place(row, column), problem, "Read as blank.")
    if large:
        action = "Read as a stream: hidden rows and merged cells are not looked for."
        findings.tell(grid.place(), f"The workbook has more than {_LARGE:,} rows.", action)
    elif hidden := [row for row, size in page.row_dimensions.items() if size.hidden and row <= page.max_row]:
        where = f"{grid.place()}, rows {_ranges(hidden)}"
        findings.tell(where, f"Hidden rows ({len(hidden)}).", "Read like the others.")
    return grid


def _refuse_other_files(path: Path, findings: Findings) -> None:
    with path.open("rb") as file:
        head = file.read(512)
    if head.startswith(b"PK"):
        return
    if head.startswith(b"\xd0\xcf\x11\xe0"):
        message = "The workbook is protected by a password, or an old .xls under a new name."
        remedy = "Open it in Excel, take the password off (File, Info, Protect Workbook) and save it again."
        if path.suffix.lower() == ".xls":
            message, remedy = "This is an Excel 97 workbook (.xls).", "Open it in Excel and save it as .xlsx."
        findings.stop_at(message, path.name, remedy, "locked-workbook")
    if head.lstrip(b"\xef\xbb\xbf \t\r\n").lower().startswith(_HTML):
        message = "This is a web page named as a workbook."
        remedy = "Open it in Excel and save it as 'Excel Workbook (.xlsx)', or download the export again."
        findings.stop_at(message, path.name, remedy, "html-as-workbook")
    remedy = "If it is text, name it .csv."
    findings.stop_at("This is not an Excel workbook.", path.name, remedy, "not-a-workbook")


def _count(path: Path, *marks: bytes) -> int:
    """Count marks in all sheets from the bytes, without taking the cells in."""
    count = 0
    with zipfile.ZipFile(path) as book:
        for name in book.namelist():
            if name.startswith("xl/worksheets/"):
                with book.open(name) as part:
                    for piece in iter(lambda: part.read(1 << 20), b""):
                        count += sum(map(piece.count, marks))
    return count


def _rows(page: Any) -> Iterator[tuple[Any, ...]]:
    if hasattr(page, "reset_dimensions"):  # of a streamed sheet, which may tell a wrong size
        page.reset_dimensions()
    rows: Iterator[tuple[Any, ...]] = page.iter_rows()
    return rows


def _page(book: Any, wanted: str | None, name: str, findings: Findings) -> Any:
    """Choose the sheet: the one named, else the fullest that is visible."""
    pages = {page.title: page for page in book.worksheets}
    if wanted is not None:
        for title, page in pages.items():
            if title.strip().casefold() == wanted.strip().casefold():
                return page
        message = f"There is no sheet {wanted!r}; there are {', '.join(pages)}."
        findings.stop_at(message, name, nearest(wanted, pages), "no-sheet")
    filled = {
        title: sum(cell.value is not None for row in _rows(page) for cell in row)
        for title, page in pages.items()
    }
    if not any(filled.values()):
        findings.stop_at("No sheet of the workbook has cells.", name, "Export it again.", "empty-file")
    best = max(pages, key=lambda title: (pages[title].sheet_state == "visible", filled[title]))
    others = [title for title in pages if title != best and filled[title]]
    if others:
        action = f"Sheet {best!r}, the fullest, was read; name another with sheet=."
        findings.tell(name, f"The workbook has more sheets: {', '.join(others)}.", action)
    return pages[best]


def _cells(page: Any) -> tuple[list[list[Cell]], dict[Place, str]]:
    """Give the cells as text, and the fault of each cell that holds an error."""
    rows: list[list[Cell]] = []
    bad: dict[Place, str] = {}
    for at, row in enumerate(_rows(page)):
        rows.append([_shown(cell) for cell in row])
        errors = {column: cell.value for column, cell in enumerate(row) if cell.data_type == "e"}
        bad |= {(at, column): f"The cell holds the Excel error {error}." for column, error in errors.items()}
    return rows, bad


def _unsaved(page: Any, cells: Sequence[Sequence[Cell]]) -> dict[Place, str]:
    """Find the formulas whose value is not in the file."""
    message = "The cell holds a formula whose value was never saved."
    return {
        (at, column): message
        for at, row in enumerate(_rows(page))
        for column, cell in enumerate(row)
        if cell.data_type == "f" and cells[at][column] is None
    }


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
        builder.add(row[:width] + [None] * (width - len(row)))
    rows = range(1, len(cells) + 1)
    return Grid(path.name, builder.columns, rows, sheet=title, digest=file_digest(path))


def _ranges(numbers: Iterable[int]) -> str:
    """Write numbers as ranges: 3-5, 9."""
    ranges: list[list[int]] = []
    for number in sorted(numbers):
        if ranges and number == ranges[-1][1] + 1:
            ranges[-1][1] = number
        else:
            ranges.append([number, number])
    return ", ".join(str(low) if low == high else f"{low}-{high}" for low, high in ranges)
