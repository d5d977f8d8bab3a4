"""Excel workbooks: the sheet with the answers, its cells as a reader sees them."""

from __future__ import annotations

import datetime
import zipfile
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from sendthemes.errors import nearest
from sendthemes.files import digest
from sendthemes.survey.grid import Findings, Grid, as_text, blank
from sendthemes.survey.packed import Cell, ColumnBuilder

_ERRORS = {
    "#N/A",
    "#NAME?",
    "#VALUE!",
    "#REF!",
    "#DIV/0!",
    "#NUM!",
    "#NULL!",
    "#GETTING_DATA",
    "#SPILL!",
    "#CALC!",
}


def read_workbook(path: Path, findings: Findings, *, sheet: str | None = None) -> Grid:
    """Read one sheet of a workbook.

    Args:
        path: The .xlsx or .xlsm file.
        findings: Takes what is found: error cells, formulas without a value, hidden rows and sheets.
        sheet: The sheet's name; default: the one with the most filled cells, hidden sheets last.
    """
    _refuse_other_files(path, findings)
    findings.stop()
    from openpyxl import load_workbook

    try:
        book = load_workbook(path)
    except (zipfile.BadZipFile, KeyError, ValueError, OSError, SyntaxError) as error:
        findings.refuse(
            f"The workbook cannot be opened: {error}.",
            path.name,
            "Open it in Excel or LibreOffice and save it again as .xlsx.",
            "bad-workbook",
        )
        findings.stop()
        raise AssertionError from error
    page = _page(book, sheet, path.name, findings)
    findings.stop()
    cells, formulas, bad = _cells(page)
    if formulas:
        bad += _computed(path, page.title, cells, formulas)
    grid = _grid(path, page, cells)
    for row, column, problem in sorted(bad):
        findings.tell(grid.place(row, column), problem, "Read as blank.")
    hidden = [row for row, size in page.row_dimensions.items() if size.hidden and row <= page.max_row]
    if hidden:
        findings.tell(
            f"{grid.place()}, rows {_ranges(hidden)}",
            f"Hidden rows ({len(hidden)}).",
            "Read like the others.",
        )
    return grid


def _refuse_other_files(path: Path, findings: Findings) -> None:
    with path.open("rb") as file:
        head = file.read(512)
    if head.startswith(b"PK"):
        return
    text = head.lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if not head:
        findings.refuse("The file is empty.", path.name, "Export the answers again.", "empty-file")
    elif head.startswith(b"\xd0\xcf\x11\xe0"):
        if path.suffix.lower() == ".xls":
            message, remedy = "This is an Excel 97 workbook (.xls).", "Open it in Excel and save it as .xlsx."
        else:
            message = "The workbook is protected by a password, or an old .xls under a new name."
            remedy = (
                "Open it in Excel, take the password off (File, Info, Protect Workbook) and save it again."
            )
        findings.refuse(message, path.name, remedy, "locked-workbook")
    elif text.startswith((b"<!doctype", b"<html", b"<head", b"<table", b"<meta", b"<body", b"<?xml")):
        findings.refuse(
            "This is a web page named as a workbook.",
            path.name,
            "Open it in Excel and save it as 'Excel Workbook (.xlsx)', or download the export again.",
            "html-as-workbook",
        )
    else:
        findings.refuse(
            "This is not an Excel workbook.", path.name, "If it is text, name it .csv.", "not-a-workbook"
        )


def _page(book: Any, wanted: str | None, name: str, findings: Findings) -> Any:
    pages = book.worksheets
    if wanted is not None:
        for page in pages:
            if page.title.strip().casefold() == wanted.strip().casefold():
                return page
        titles = [page.title for page in pages]
        findings.refuse(
            f"There is no sheet {wanted!r}; there are {', '.join(titles)}.",
            name,
            nearest(wanted, titles),
            "no-sheet",
        )
        return None
    if not pages:
        findings.refuse("The workbook has no sheet with cells.", name, code="empty-file")
        return None

    def filled(page: Any) -> tuple[bool, int]:
        return page.sheet_state == "visible", sum(
            value is not None for row in page.iter_rows(values_only=True) for value in row
        )

    best = max(pages, key=filled)  # of equals the first
    others = [page.title for page in pages if page is not best and filled(page)[1]]
    if others:
        findings.tell(
            name,
            f"The workbook has more sheets: {', '.join(others)}.",
            f"Sheet {best.title!r}, the fullest, was read; name another with sheet=.",
        )
    return best


def _cells(page: Any) -> tuple[list[list[Cell]], list[tuple[int, int]], list[tuple[int, int, str]]]:
    """Give the cells as text, the places of formulas, and the cells that hold an Excel error."""
    rows: list[list[Cell]] = []
    formulas: list[tuple[int, int]] = []
    bad: list[tuple[int, int, str]] = []
    for at, row in enumerate(page.iter_rows()):
        cells: list[Cell] = []
        for column, cell in enumerate(row):
            if cell.data_type == "f":
                formulas.append((at, column))
                cells.append(None)
            elif cell.data_type == "e":
                bad.append((at, column, f"The cell holds the Excel error {cell.value}."))
                cells.append(None)
            else:
                cells.append(_shown(cell.value, cell.number_format))
        rows.append(cells)
    return rows, formulas, bad


def _computed(
    path: Path, title: str, cells: list[list[Cell]], formulas: Iterable[tuple[int, int]]
) -> list[tuple[int, int, str]]:
    """Fill in the values that Excel computed for formulas; say where there are none."""
    from openpyxl import load_workbook

    page = load_workbook(path, data_only=True)[title]
    bad: list[tuple[int, int, str]] = []
    for row, column in formulas:
        cell = page.cell(row + 1, column + 1)
        if cell.value is None:
            bad.append((row, column, "The cell holds a formula whose value was never saved."))
        elif cell.value in _ERRORS:
            bad.append((row, column, f"The cell holds the Excel error {cell.value}."))
        else:
            cells[row][column] = _shown(cell.value, cell.number_format)
    return bad


def _shown(value: Any, shape: str) -> Cell:
    """Give a cell as it looks where its format changes what is read: 007, 45%."""
    if isinstance(value, int | float) and not isinstance(value, bool):
        if len(shape) > 1 and set(shape) == {"0"} and value == int(value):
            return f"{int(value):0{len(shape)}d}"
        if shape in {"0%", "0.0%", "0.00%"}:
            return f"{as_text(round(value * 100, 10))}%"
    if isinstance(value, datetime.timedelta):
        return str(value)
    return as_text(value)


def _grid(path: Path, page: Any, cells: list[list[Cell]]) -> Grid:
    """Trim what is empty on all sides and write merged headings into each of their columns."""
    for area in page.merged_cells.ranges:
        if (
            area.min_row == area.max_row
            and area.max_col > area.min_col
            and area.max_col - area.min_col < page.max_column - 1
        ):
            value = cells[area.min_row - 1][area.min_col - 1]
            for column in range(area.min_col, area.max_col):
                cells[area.min_row - 1][column] = value
    while cells and all(blank(cell) for cell in cells[-1]):
        cells.pop()
    width = max((at + 1 for row in cells for at, cell in enumerate(row) if not blank(cell)), default=0)
    builder = ColumnBuilder(width)
    for row in cells:
        builder.add(row[:width] + [None] * (width - len(row)))
    return Grid(
        path.name,
        builder.columns,
        range(1, len(cells) + 1),
        sheet=page.title,
        lettered=True,
        digest=digest(path.read_bytes()),
    )


def _ranges(numbers: Iterable[int]) -> str:
    """Write numbers as ranges: 3-5, 9."""
    ranges: list[list[int]] = []
    for number in sorted(numbers):
        if ranges and number == ranges[-1][1] + 1:
            ranges[-1][1] = number
        else:
            ranges.append([number, number])
    return ", ".join(str(low) if low == high else f"{low}-{high}" for low, high in ranges)
