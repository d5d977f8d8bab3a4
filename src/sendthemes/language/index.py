"""Texts as word ids: what the matcher reads instead of documents; see ``chunks`` for what a word is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from sendthemes.language.chunks import Chunks
from sendthemes.language.model import load_pipeline
from sendthemes.text import Normalised, normalise

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Ints = NDArray[Any]
    Flags = NDArray[Any]

_TEXTS_A_BATCH = 50_000


@dataclass(frozen=True, eq=False)
class TextIndex:
    """Distinct texts as columns of words.

    Attributes:
        texts: The distinct texts, comparable, with their offset maps.
        rows: For each text given, its place in ``texts``.
        spellings: Distinct words as written.
        spelling: For each word its spelling; with ``text``, ``start``, ``end`` (characters of the
            comparable text), ``segment``, ``sentence``, ``possessive``, ``hyphened`` in parallel. Of
            segments and sentences only the changes mean anything, not the numbers.
        moved: For each text whether its offsets may differ from the original's.
    """

    texts: Sequence[Normalised]
    rows: Ints
    spellings: Sequence[str]
    spelling: Ints
    text: Ints
    start: Ints
    end: Ints
    segment: Ints
    sentence: Ints
    possessive: Flags
    hyphened: Flags
    moved: Flags

    def __len__(self) -> int:
        return len(self.spelling)

    @cached_property
    def _folded(self) -> tuple[list[str], Ints]:
        forms: dict[str, int] = {}
        of = [forms.setdefault(word.casefold(), len(forms)) for word in self.spellings]
        return list(forms), np.array(of, dtype=np.int32)

    @property
    def forms(self) -> Sequence[str]:
        """The distinct words, case-folded."""
        return self._folded[0]

    @property
    def form_of(self) -> Ints:
        """For each spelling its form."""
        return self._folded[1]

    @cached_property
    def form(self) -> Ints:
        """For each word its form."""
        return self.form_of[self.spelling]

    @cached_property
    def form_ids(self) -> dict[str, int]:
        """Form → id."""
        return {form: at for at, form in enumerate(self.forms)}

    @cached_property
    def spelling_ids(self) -> dict[str, int]:
        """Spelling → id."""
        return {spelling: at for at, spelling in enumerate(self.spellings)}

    @cached_property
    def _postings(self) -> tuple[Ints, NDArray[Any]]:
        # numpy sorts 16-bit numbers in linear time
        order = np.argsort((self.form & 0xFFFF).astype(np.uint16), kind="stable")
        if len(self.forms) > 1 << 16:
            high = (self.form[order] >> 16).astype(np.uint16)
            order = order[np.argsort(high, kind="stable")]
        counts = np.bincount(self.form, minlength=len(self.forms))
        return order.astype(np.int32), np.concatenate(([0], np.cumsum(counts)))

    def where(self, form: int) -> Ints:
        """Give the words of this form, in order."""
        order, bounds = self._postings
        return order[bounds[form] : bounds[form + 1]]

    def count(self, form: int) -> int:
        """Say how many words have this form."""
        bounds = self._postings[1]
        return int(bounds[form + 1] - bounds[form])

    @cached_property
    def word_bounds(self) -> NDArray[Any]:
        """For each text its first word; one more at the end."""
        return np.searchsorted(self.text, np.arange(len(self.texts) + 1)).astype(np.int64)

    @cached_property
    def compounds(self) -> dict[str, set[tuple[str, ...]]]:
        """Hyphened words of the texts by their closed spelling: ``wellbeing`` → (well, being)."""
        found: dict[str, set[tuple[str, ...]]] = {}
        heads = np.flatnonzero(self.hyphened & ~np.concatenate(([False], self.hyphened[:-1])))
        runs = set()
        for head in heads.tolist():
            last = head
            while self.hyphened[last]:
                last += 1
            runs.add(tuple(self.form[head : last + 1].tolist()))
        for run in runs:
            parts = tuple(self.forms[form] for form in map(int, run))
            found.setdefault("".join(parts), set()).add(parts)
        return found

    def original(self, text: Ints, start: Ints, end: Ints) -> tuple[Ints, Ints]:
        """Bring offsets of comparable texts to offsets of the texts as given."""
        begins, ends = start.copy(), end.copy()
        for at in np.flatnonzero(self.moved[text]).tolist():
            begins[at], ends[at] = self.texts[text[at]].span(int(start[at]), int(end[at]))
        return begins, ends


def index_texts(texts: Sequence[str]) -> TextIndex:
    """Index texts: each distinct one once, each distinct chunk tokenised once.

    Args:
        texts: Texts as given; may be empty, and may repeat.
    """
    distinct, rows = distinguished(texts)
    chunks = Chunks(load_pipeline())
    normals = [normalise(text) for text in distinct]
    parts: list[_Columns] = []
    for first in range(0, len(normals), _TEXTS_A_BATCH):
        last = parts[-1] if parts else None
        parts.append(
            _columns([each.text for each in normals[first : first + _TEXTS_A_BATCH]], chunks, first, last)
        )
    joined = [
        np.concatenate(column) if column else np.zeros(0, np.int32)
        for column in zip(*(part[:8] for part in parts), strict=True)
    ]
    if not joined:
        joined = [np.zeros(0, np.int32)] * 6 + [np.zeros(0, bool)] * 2
    spelling, text, start, end, segment, sentence, possessive, hyphened = joined
    moved = np.array([not isinstance(each.starts, range) for each in normals], dtype=bool)
    return TextIndex(
        normals, rows, list(chunks.spellings),
        spelling, text, start, end, segment, sentence, possessive, hyphened, moved,
    )  # fmt: skip


def distinguished(texts: Sequence[str]) -> tuple[list[str], Ints]:
    """Give the distinct texts, and for each text its place among them."""
    distinct: dict[str, int] = {}
    rows = np.array([distinct.setdefault(text, len(distinct)) for text in texts], dtype=np.int32)
    return list(distinct), rows


class _Columns(NamedTuple):
    spelling: Ints
    text: Ints
    start: Ints
    end: Ints
    segment: Ints
    sentence: Ints
    possessive: Flags
    hyphened: Flags
    segments: int
    sentences: int


def _columns(texts: Sequence[str], chunks: Chunks, first: int, before: _Columns | None) -> _Columns:
    """Lay out a batch of comparable texts; ``first`` is the number of its first text."""
    written = ("\n".join(texts) + "\n").encode("utf-8", "surrogatepass")
    signs = np.frombuffer(written, dtype=np.uint8)
    breaks = np.flatnonzero(signs == 10)
    blank = signs == 32
    blank[breaks] = True
    edges = np.flatnonzero(np.diff(blank, prepend=True))  # chunk, gap, chunk, gap, …
    starts, lengths = edges[::2], edges[1::2] - edges[::2]
    ids = _numbered(signs[~blank], lengths, chunks)
    lines = np.cumsum(np.bincount(np.searchsorted(starts, breaks), minlength=len(ids) + 1), dtype=np.int32)
    bounds = np.concatenate(([0], np.cumsum([len(text) + 1 for text in texts])))
    if bounds[-1] != len(signs):  # from bytes to characters
        starts = np.cumsum((signs & 0xC0) != 0x80, dtype=np.int64)[starts] - 1
    in_text = np.diff(np.searchsorted(starts, bounds))
    text = np.repeat(np.arange(first, first + len(texts), dtype=np.int32), in_text)
    offset = (starts - np.repeat(bounds[:-1], in_text)).astype(np.int32)
    stops = np.frombuffer(chunks.ends_sentence, dtype=np.int8)[ids]
    sentence = np.cumsum(stops, dtype=np.int32) - stops + lines[:-1]
    barriers = np.frombuffer(chunks.barriers, dtype=np.int32)[ids]
    segment = np.cumsum(barriers, dtype=np.int32) - barriers + sentence
    heads = np.frombuffer(chunks.first, dtype=np.int32)
    counts = np.diff(heads)[ids]
    owner = np.repeat(np.arange(len(ids), dtype=np.int32), counts)
    local = (
        np.arange(len(owner), dtype=np.int32)
        + (heads[ids] + counts - np.cumsum(counts, dtype=np.int32))[owner]
    )
    words = np.frombuffer(chunks.words, dtype=np.int32).reshape(-1, 6)
    spelling, begin, end, barrier, possessive, hyphened = (words[:, at][local] for at in range(6))
    past, passed = (before.segments, before.sentences) if before else (0, 0)
    offset = offset[owner]
    return _Columns(
        spelling,
        text[owner],
        offset + begin,
        offset + end,
        (segment + np.int32(past))[owner] + barrier,
        (sentence + np.int32(passed))[owner],
        possessive.astype(bool),
        hyphened.astype(bool),
        past + int(barriers.sum() + len(ids) + len(breaks)) + 1,
        passed + int(len(ids) + len(breaks)) + 1,
    )


def _numbered(letters: NDArray[Any], lengths: NDArray[Any], chunks: Chunks) -> Ints:
    """Number chunks that stand one after the other as UTF-8; each distinct one is looked at once."""
    import pyarrow

    ends = np.concatenate(([0], np.cumsum(lengths)))
    buffers = [None, pyarrow.py_buffer(ends), pyarrow.py_buffer(np.ascontiguousarray(letters))]
    column = pyarrow.Array.from_buffers(pyarrow.large_binary(), len(lengths), buffers).dictionary_encode()
    distinct = [chunk.decode("utf-8", "surrogatepass") for chunk in column.dictionary.to_pylist()]
    places: Ints = column.indices.to_numpy()
    return chunks.number(distinct)[places]
