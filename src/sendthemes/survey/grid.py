"""Grid: a source's cells as text, column by column, each with its place."""

from __future__ import annotations

import datetime
import hashlib
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from types import MappingProxyType
from typing import Any, NoReturn, TypeVar

from sendthemes.errors import AnswersError, Problem
from sendthemes.survey.answers import problems_table
from sendthemes.survey.packed import Cell
from sendthemes.table import Table

_SHOWN = 50  # faults listed one by one
_UNSEEN = " \t\r\n\x0b\x0c\xa0\u200b\u200c\u200d\u2060\ufeff\u3000"
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Grid:
    """One sheet, headings and all, before anything is understood."""

    name: str  # the file's name without its folder, or the kind of frame
    # the cells of each column, from the first row down; ``None`` is an empty cell
    columns: list[Sequence[Cell]]
    # for each row its number in the source (line of a CSV file, row of a sheet, 1 for a frame's first)
    rows: Sequence[int]
    row_word: str = "row"  # what such a number counts: "line", "row"
    sheet: str = ""  # the name of the sheet, where there are sheets: columns are then known by letters
    # column index → wording, where the file keeps it apart from the name (SPSS)
    labels: Mapping[int, str] = field(default_factory=lambda: MappingProxyType({}))
    # column index → the file's own value labels, in their order
    levels: Mapping[int, tuple[str, ...]] = field(default_factory=lambda: MappingProxyType({}))
    digest: str = ""  # SHA-256 of the file in hex; empty for frames

    @property
    def width(self) -> int:
        """The number of columns."""
        return len(self.columns)

    @property
    def height(self) -> int:
        """The number of rows, headings included."""
        return len(self.rows)

    def row(self, at: int) -> list[Cell]:
        """Give the cells of one row."""
        return [column[at] for column in self.columns]

    def column_name(self, at: int) -> str:
        """Give what a column is known by: its letters in a workbook, else its number from 1."""
        if not self.sheet:
            return str(at + 1)
        from openpyxl.utils import get_column_letter

        return str(get_column_letter(at + 1))

    def place(self, row: int | None = None, column: int | None = None) -> str:
        """Name a row, a column or a cell of the source in words (both are positions from 0)."""
        parts = [self.name] + ([f"sheet {self.sheet}"] if self.sheet else [])
        if self.sheet and row is not None and column is not None:
            return ", ".join([*parts, f"cell {self.column_name(column)}{self.rows[row]}"])
        parts += [f"{self.row_word} {self.rows[row]}"] if row is not None else []
        return ", ".join(parts + ([f"column {self.column_name(column)}"] if column is not None else []))


class Findings:
    """What reading finds on its way: faults that refuse the source, and things mended and told."""

    def __init__(self) -> None:
        self._faults: list[Problem] = []
        self._told: list[tuple[str, str, str]] = []

    def add(self, problem: Problem) -> None:
        """Add a fault that is made already."""
        self._faults.append(problem)

    def refuse(self, message: str, where: str = "", remedy: str = "", code: str = "") -> None:
        """Add a fault; the source is refused when all have been gathered."""
        self.add(Problem(message, where, remedy, code))

    def tell(self, where: str, problem: str, action: str) -> None:
        """Add something that was found and how it was dealt with."""
        self._told.append((where, problem, action))

    def tell_many(self, places: Sequence[str], problem: str, action: str, limit: int = 20) -> None:
        """Add one line a place, the places past the limit as one line."""
        for place in places[:limit]:
            self.tell(place, problem, action)
        if len(places) > limit:
            self.tell(f"and {len(places) - limit} more places", problem, action)

    def stop(self) -> None:
        """Refuse the source if any fault has been found."""
        faults = list(dict.fromkeys(self._faults))
        more = [Problem(f"{len(faults) - _SHOWN:,} more faults like these.")] if len(faults) > _SHOWN else []
        if faults:
            raise AnswersError(faults[:_SHOWN] + more)

    def stop_at(self, message: str, where: str = "", remedy: str = "", code: str = "") -> NoReturn:
        """Refuse the source for this fault, which leaves nothing to read on, and those found before."""
        self.refuse(message, where, remedy, code)
        self.stop()
        raise AssertionError(message)

    def table(self) -> Table:
        """Give the problems table of ``Answers``."""
        return problems_table(self._told)


def shown(steps: Iterable[T], progress: bool, unit: str) -> Iterable[T]:
    """Go through steps, with a bar on standard error after five seconds where ``progress`` asks for it."""
    if not progress:
        return steps
    from tqdm import tqdm

    bar: Iterable[T] = tqdm(steps, desc="Reading", unit=f" {unit}", mininterval=0.5, delay=5)
    return bar


def file_digest(path: Path) -> str:
    """Give a file's SHA-256 in hex without holding it in memory."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def as_text(value: Any) -> Cell:
    """Give a cell as text: whole numbers without a decimal point, dates as ISO 8601; nothing is ``None``."""
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, bool):
        return str(value).upper()
    if type(value).__name__ in {"NAType", "NaTType"}:  # the missing values of pandas
        return None
    if isinstance(value, float | Decimal):
        if math.isnan(value):
            return None
        whole = math.isfinite(value) and value == int(value) and -1e16 < value < 1e16
        return str(int(value) if whole else value)
    if isinstance(value, datetime.datetime):
        midnight = value.time() == datetime.time.min and not value.tzinfo
        return value.date().isoformat() if midnight else value.isoformat(sep=" ")
    if isinstance(value, datetime.date | datetime.time):
        return value.isoformat()
    if isinstance(value, bytes):
        return value.decode("utf-8")
    if isinstance(value, list | tuple):
        return ";".join(part for part in map(as_text, value) if part is not None)
    if hasattr(value, "item"):  # numpy scalars
        return as_text(value.item())
    return str(value)


def blank(cell: Cell) -> bool:
    """Say whether a cell holds nothing a reader could see."""
    return cell is None or not cell.strip(_UNSEEN)
