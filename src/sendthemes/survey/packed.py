"""Long columns of text, packed as UTF-8, so that a million answers fit into memory.

A Python string costs 49 bytes beside its characters, and two bytes a character as soon as one is a curly
quote.
"""

from __future__ import annotations

import itertools
from array import array
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar, overload

Cell = str | None
_CHUNK = 4096  # cells a chunk
_PLAIN = 16 * _CHUNK  # columns up to this length stay plain lists
_KEPT = 4000  # different cells that are kept once
T = TypeVar("T")


class _View(Sequence[T]):
    """A read-only sequence that makes its items at need; a slice is a plain list."""

    __slots__ = ()

    def _at(self, at: int) -> T:
        raise NotImplementedError

    @overload
    def __getitem__(self, at: int) -> T: ...
    @overload
    def __getitem__(self, at: slice) -> Sequence[T]: ...
    def __getitem__(self, at: int | slice) -> T | Sequence[T]:
        places = range(len(self))[at]  # refuses what is outside
        return self._at(places) if isinstance(places, int) else list(map(self._at, places))

    def __iter__(self) -> Iterator[T]:
        return map(self._at, range(len(self)))


@dataclass(frozen=True, slots=True)
class Packed(_View[Cell]):
    """Some rows, rising, of a column that is kept in chunks: their bytes, and where each cell ends."""

    chunks: Sequence[tuple[bytes, array[int]]]
    rows: Sequence[int]

    def __len__(self) -> int:
        return len(self.rows)

    def _at(self, at: int) -> Cell:
        chunk, place = divmod(self.rows[at], _CHUNK)
        blob, ends = self.chunks[chunk]
        return blob[ends[place - 1] if place else 0 : ends[place]].decode("utf-8", "surrogatepass") or None


class ColumnBuilder:
    """Gathers rows into columns: cells that recur are kept once, long columns are packed."""

    def __init__(self, width: int) -> None:
        self._rows: list[Sequence[Cell]] = []
        self._plain: list[list[Cell]] = [[] for _ in range(width)]
        self._known: list[dict[str, str]] = [{} for _ in range(width)]
        self._packed: list[list[tuple[bytes, array[int]]]] = [[] for _ in range(width)]

    def add(self, cells: Sequence[Cell]) -> None:
        """Add one row of as many cells as there are columns; an empty string becomes ``None``."""
        self._rows.append(cells)
        if len(self._rows) == _CHUNK:
            self._flush()

    @property
    def columns(self) -> list[Sequence[Cell]]:
        """The columns gathered so far."""
        self._flush()
        found: list[Sequence[Cell]] = []
        for plain, packed in zip(self._plain, self._packed, strict=True):
            size = len(packed) * _CHUNK + len(plain)
            found.append(Packed([*packed, *_chunks(plain)], range(size)) if packed else plain)
        return found

    def _flush(self) -> None:
        for at, cells in enumerate(zip(*self._rows, strict=True)):
            known, plain = self._known[at], self._plain[at]
            if len(known) < _KEPT:
                plain += [known.setdefault(cell, cell) if cell else None for cell in cells]
                continue
            plain += [known.get(cell, cell) if cell else None for cell in cells]
            last = [cell for cell in plain[-_CHUNK:] if cell]
            if len(plain) >= _PLAIN and (self._packed[at] or len(set(last)) > len(last) / 2):
                whole = len(plain) // _CHUNK * _CHUNK
                self._packed[at] += _chunks(plain[:whole])
                del plain[:whole]
        self._rows = []


def _chunks(cells: Sequence[Cell]) -> Iterator[tuple[bytes, array[int]]]:
    for start in range(0, len(cells), _CHUNK):
        encoded = [(cell or "").encode("utf-8", "surrogatepass") for cell in cells[start : start + _CHUNK]]
        yield b"".join(encoded), array("I", itertools.accumulate(map(len, encoded)))


def take(cells: Sequence[Cell], rows: Sequence[int]) -> Sequence[Cell]:
    """Give the cells of some rows, rising; of a packed column without a copy."""
    if isinstance(cells, Packed):
        whole = cells.rows == range(len(cells))
        return Packed(cells.chunks, rows if whole else array("q", (cells.rows[row] for row in rows)))
    return [cells[row] for row in rows]


@dataclass(frozen=True, slots=True)
class Opened(_View[str]):
    """The open answers of a source, in order, as a view of their columns: nothing is copied.

    ``cells`` gives for the position of a question the cells in which its answers stand; ``rows``, ``of`` and
    ``which`` give for each answer its row in them and the positions of its respondent and question.
    """

    cells: Mapping[int, Sequence[Cell]]
    rows: Sequence[int]
    of: Sequence[int]
    which: Sequence[int]

    def __len__(self) -> int:
        return len(self.rows)

    def _at(self, at: int) -> str:
        return self.cells[self.which[at]][self.rows[at]] or ""


@dataclass(frozen=True, slots=True)
class MadeIds(_View[str]):
    """The ids of open answers, made of respondent and question at need."""

    opened: Opened
    respondents: Sequence[str]
    names: Sequence[str]

    def __len__(self) -> int:
        return len(self.opened)

    def _at(self, at: int) -> str:
        return f"{self.respondents[self.opened.of[at]]}:{self.names[self.opened.which[at]]}"
