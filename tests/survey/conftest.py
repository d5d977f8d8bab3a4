"""Writers of test files."""

from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest


@pytest.fixture
def csv_of(tmp_path: Path) -> Callable[..., Path]:
    """Write rows as a CSV file."""
    import csv

    def write(
        rows: list[list[str]], name: str = "answers.csv", encoding: str = "utf-8", delimiter: str = ","
    ) -> Path:
        path = tmp_path / name
        with path.open("w", encoding=encoding, newline="") as file:
            csv.writer(file, delimiter=delimiter).writerows(rows)
        return path

    return write


@pytest.fixture
def xlsx_of(tmp_path: Path) -> Callable[..., Path]:
    """Write rows as a workbook; further sheets by name."""

    def write(rows: list[list[object]], name: str = "answers.xlsx", **sheets: list[list[object]]) -> Path:
        book = openpyxl.Workbook()
        for title, cells in {"Sheet1": rows, **sheets}.items():
            page = book.active if title == "Sheet1" else book.create_sheet(title)
            for row in cells:
                page.append(row)
        path = tmp_path / name
        book.save(path)
        return path

    return write
