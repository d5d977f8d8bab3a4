"""Long columns of text, packed as UTF-8, so that a million answers fit into memory.

A Python string costs 49 bytes beside its characters, and two bytes a character as soon as one is a curly
quote.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Iterator, Sequence
from typing import overload

Cell = str | None
_CHUNK = 4096  # cells a chunk; a power of two is not needed, a fixed size is
_PLAIN = 16 * _CHUNK  # columns up to this length stay plain lists
_KEPT = 4000  # different cells that are kept once


class Packed(Sequence[Cell]):
    """A column of cells, read-only; an empty cell is ``None``."""

    __slots__ = ("_chunks", "_start", "_stop")

    def __init__(self, chunks: Sequence[tuple[bytes, array[int]]], start: int, stop: int) -> None:
        self._chunks, self._start, self._stop = chunks, start, stop

    def __len__(self) -> int:
        return self._stop - self._start

    @overload
    def __getitem__(self, at: int) -> Cell: ...
    @overload
    def __getitem__(self, at: slice) -> Sequence[Cell]: ...
    def __getitem__(self, at: int | slice) -> Cell | Sequence[Cell]:
        if isinstance(at, slice):
            start, stop, step = at.indices(len(self))
            if step == 1:
                return Packed(self._chunks, self._start + start, self._start + max(start, stop))
            return [self[each] for each in range(start, stop, step)]
        if not -len(self) <= at < len(self):
            raise IndexError(at)
        chunk, place = divmod(self._start + at % len(self), _CHUNK)
        blob, ends = self._chunks[chunk]
        return blob[ends[place - 1] if place else 0 : ends[place]].decode("utf-8", "surrogatepass") or None

    def __iter__(self) -> Iterator[Cell]:
        for chunk in range(self._start // _CHUNK, -(-self._stop // _CHUNK)):
            blob, ends = self._chunks[chunk]
            low = max(self._start - chunk * _CHUNK, 0)
            start = ends[low - 1] if low else 0
            for end in ends[low : self._stop - chunk * _CHUNK]:
                yield blob[start:end].decode("utf-8", "surrogatepass") or None
                start = end


class ColumnBuilder:
    """Gathers rows into columns: cells that recur are kept once, long columns are packed."""

    def __init__(self, width: int) -> None:
        self._rows: list[Sequence[Cell]] = []
        self._width = width
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
            found.append(Packed([*packed, *map(_pack, _pieces(plain))], 0, size) if packed else plain)
        return found

    def _flush(self) -> None:
        if not self._rows:
            return
        for at, cells in enumerate(zip(*self._rows, strict=True)):
            known, plain = self._known[at], self._plain[at]
            if len(known) < _KEPT:
                plain += [known.setdefault(cell, cell) if cell else None for cell in cells]
            else:
                plain += [known.get(cell, cell) if cell else None for cell in cells]
                if len(plain) >= _PLAIN and (self._packed[at] or _differs(plain)):
                    whole = len(plain) // _CHUNK * _CHUNK
                    self._packed[at] += map(_pack, _pieces(plain[:whole]))
                    del plain[:whole]
        self._rows = []


def _differs(cells: Sequence[Cell]) -> bool:
    """Say whether most of the last cells are different texts."""
    last = [cell for cell in cells[-_CHUNK:] if cell]
    return len(set(last)) > len(last) / 2


def _pieces(cells: Sequence[Cell]) -> Iterable[Sequence[Cell]]:
    return (cells[at : at + _CHUNK] for at in range(0, len(cells), _CHUNK))


def _pack(cells: Iterable[Cell]) -> tuple[bytes, array[int]]:
    encoded = [(cell or "").encode("utf-8", "surrogatepass") for cell in cells]
    ends = array("I")
    end = 0
    for each in encoded:
        end += len(each)
        ends.append(end)
    return b"".join(encoded), ends


def take(cells: Sequence[Cell], rows: Sequence[int]) -> Sequence[Cell]:
    """Give the cells of some rows; of adjoining rows without a copy."""
    if isinstance(rows, range) and rows.step == 1:
        return cells[rows.start : rows.stop]
    builder = ColumnBuilder(1)
    for row in rows:
        builder.add((cells[row],))
    return builder.columns[0]


class Texts(Sequence[str]):
    """The open answers as a view of their columns: nothing is copied."""

    __slots__ = ("_columns", "_of", "_which")

    def __init__(self, columns: dict[int, Sequence[Cell]], of: array[int], which: array[int]) -> None:
        self._columns, self._of, self._which = columns, of, which

    def __len__(self) -> int:
        return len(self._of)

    @overload
    def __getitem__(self, at: int) -> str: ...
    @overload
    def __getitem__(self, at: slice) -> Sequence[str]: ...
    def __getitem__(self, at: int | slice) -> str | Sequence[str]:
        if isinstance(at, slice):
            return [self[each] for each in range(*at.indices(len(self)))]
        return self._columns[self._which[at]][self._of[at]] or ""


class MadeIds(Sequence[str]):
    """Answer ids made of respondent and question, at need."""

    __slots__ = ("_names", "_of", "_respondents", "_which")

    def __init__(
        self, respondents: Sequence[str], names: Sequence[str], of: array[int], which: array[int]
    ) -> None:
        self._respondents, self._names, self._of, self._which = respondents, names, of, which

    def __len__(self) -> int:
        return len(self._of)

    @overload
    def __getitem__(self, at: int) -> str: ...
    @overload
    def __getitem__(self, at: slice) -> Sequence[str]: ...
    def __getitem__(self, at: int | slice) -> str | Sequence[str]:
        if isinstance(at, slice):
            return [self[each] for each in range(*at.indices(len(self)))]
        return f"{self._respondents[self._of[at]]}:{self._names[self._which[at]]}"
