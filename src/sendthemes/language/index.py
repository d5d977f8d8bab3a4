"""Texts as word ids: what the matcher reads instead of documents; see ``chunks`` for what a word is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from sendthemes.language.chunks import Chunks
from sendthemes.text import Normalised, normalise

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Ints = NDArray[Any]
    Flags = NDArray[Any]

_TEXTS_A_BATCH = 50_000
POSSESSIVE, HYPHENED, SEGMENT, SENTENCE = 1, 2, 4, 8  # bits of ``TextIndex.signs``


@dataclass(frozen=True, eq=False)
class TextIndex:
    """Distinct texts as columns of words.

    Attributes:
        texts: The distinct texts as given; ``comparable`` makes them so.
        rows: For each text given, its place in ``texts``.
        moved: For each text whether its offsets may differ from the original's.
        word_bounds: For each text its first word; one more at the end.
        clauses: Where a semicolon, colon, bracket or dash ends a clause: texts in the upper 32 bits,
            characters in the lower, sorted.
        spellings: Distinct words as written.
        spelling: For each word its spelling; with ``start``, ``end`` (characters of the comparable text) and
            ``signs`` in parallel; these have a bit each for: 's follows, a hyphen ties it to the next
            word, it begins a segment, it begins a sentence.
        order: The words sorted by form, then by place.
        bounds: For each form its first place in ``order``; one more at the end.
    """

    texts: Sequence[str]
    rows: Ints
    moved: Flags
    word_bounds: Ints
    clauses: Ints
    spellings: Sequence[str]
    spelling: Ints
    start: Ints
    end: Ints
    signs: Ints
    order: Ints
    bounds: Ints

    def __len__(self) -> int:
        return len(self.spelling)

    @cached_property
    def text(self) -> Ints:
        """For each word its text."""
        return np.repeat(np.arange(len(self.texts), dtype=np.int32), np.diff(self.word_bounds))

    @cached_property
    def possessive(self) -> Flags:
        """For each word whether 's follows."""
        return (self.signs & POSSESSIVE).astype(bool)

    @cached_property
    def hyphened(self) -> Flags:
        """For each word whether a hyphen ties it to the next."""
        return (self.signs & HYPHENED).astype(bool)

    @cached_property
    def segment(self) -> Ints:
        """For each word the number of its segment."""
        return np.cumsum((self.signs & SEGMENT).astype(bool), dtype=np.int32)

    @cached_property
    def sentence(self) -> Ints:
        """For each word the number of its sentence."""
        return np.cumsum((self.signs & SENTENCE).astype(bool), dtype=np.int32)

    @cached_property
    def _folded(self) -> tuple[list[str], Ints]:
        return _folded(self.spellings)

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

    def where(self, form: int) -> Ints:
        """Give the words of this form, in order."""
        return self.order[self.bounds[form] : self.bounds[form + 1]]

    def count(self, form: int) -> int:
        """Say how many words have this form."""
        return int(self.bounds[form + 1] - self.bounds[form])

    @cached_property
    def compounds(self) -> dict[str, set[tuple[str, ...]]]:
        """Hyphened words of the texts by their closed spelling: ``wellbeing`` → (well, being)."""
        found: dict[str, set[tuple[str, ...]]] = {}
        tied = np.flatnonzero(self.signs & HYPHENED)
        heads = np.flatnonzero(np.diff(tied, prepend=-2) != 1)
        sizes, heads = np.diff(heads, append=len(tied)) + 1, tied[heads]
        for size in np.unique(sizes).tolist():
            runs = self.form[heads[sizes == size][:, None] + np.arange(size)]
            if size == 2:  # nearly all of them
                runs = runs[np.unique(runs[:, 0].astype(np.int64) << 32 | runs[:, 1], return_index=True)[1]]
            for run in set(map(tuple, runs.tolist())):
                parts = tuple(self.forms[int(form)] for form in run)
                found.setdefault("".join(parts), set()).add(parts)
        return found

    @cached_property
    def _made(self) -> dict[int, Normalised]:
        return {}

    def comparable(self, text: int) -> Normalised:
        """Give a text made comparable, with its offset map."""
        made = self._made.get(text)
        if made is None:
            made = self._made[text] = normalise(self.texts[text])
        return made

    def original(self, text: Ints, start: Ints, end: Ints) -> tuple[Ints, Ints]:
        """Bring offsets of comparable texts to offsets of the texts as given."""
        begins, ends = start.copy(), end.copy()
        for at in np.flatnonzero(self.moved[text]).tolist():
            begins[at], ends[at] = self.comparable(int(text[at])).span(int(start[at]), int(end[at]))
        return begins, ends


def index_texts(texts: Sequence[str]) -> TextIndex:
    """Index texts, which may repeat: each distinct one once, each distinct chunk tokenised once."""
    distinct: dict[str, int] = {}
    rows = np.array([distinct.setdefault(text, len(distinct)) for text in texts], dtype=np.int32)
    normals = list(map(normalise, distinct))
    chunks = Chunks()
    parts: list[dict[str, Ints]] = []
    for first in range(0, max(1, len(normals)), _TEXTS_A_BATCH):
        parts.append(_columns([each.text for each in normals[first : first + _TEXTS_A_BATCH]], chunks))
        parts[-1]["clauses"] += first << 32
    joined = {name: np.concatenate([part.pop(name) for part in parts]) for name in list(parts[0])}
    spellings = list(chunks.spellings)
    forms, of = _folded(spellings)
    form = of[joined["spelling"]]
    return TextIndex(
        texts=list(distinct),
        rows=rows,
        moved=np.array([not isinstance(each.starts, range) for each in normals], dtype=bool),
        word_bounds=np.concatenate(([0], np.cumsum(joined.pop("words")))),
        spellings=spellings,
        order=_sorted(form, len(forms)),
        bounds=np.concatenate(([0], np.cumsum(np.bincount(form, minlength=len(forms))))),
        **joined,
    )


def _folded(spellings: Sequence[str]) -> tuple[list[str], Ints]:
    """Give the distinct words, case-folded, and for each spelling its place among them."""
    forms: dict[str, int] = {}
    of = [forms.setdefault(word.casefold(), len(forms)) for word in spellings]
    return list(forms), np.array(of, dtype=np.int32)


def _sorted(form: Ints, forms: int) -> Ints:
    """Sort words by form, then by place; numpy sorts 16-bit numbers in linear time."""
    order = np.argsort((form & 0xFFFF).astype(np.uint16), kind="stable").astype(np.int32)
    if forms > 1 << 16:
        order = order[np.argsort((form[order] >> 16).astype(np.uint16), kind="stable")]
    return order


def _columns(texts: Sequence[str], chunks: Chunks) -> dict[str, Ints]:
    """Lay out the words of some comparable texts."""
    written = ("\n".join(texts) + "\n").encode("utf-8", "surrogatepass")
    signs = np.frombuffer(written, dtype=np.uint8)
    breaks = np.flatnonzero(signs == 10)
    blank = signs == 32
    blank[breaks] = True
    edges = np.flatnonzero(np.diff(blank, prepend=True))  # chunk, gap, chunk, gap, …
    starts, lengths = edges[::2], edges[1::2] - edges[::2]
    ids = _numbered(signs[~blank], lengths, chunks).astype(np.intp)
    lines = np.cumsum(np.bincount(np.searchsorted(starts, breaks), minlength=len(ids) + 1), dtype=np.int32)
    ends = _clause_ends(signs, starts[np.frombuffer(chunks.is_dash, dtype=bool)[ids]])
    bounds = np.concatenate(([0], np.cumsum([len(text) + 1 for text in texts], dtype=np.int64)))
    if bounds[-1] != len(signs):  # from bytes to characters
        characters = np.cumsum((signs & 0xC0) != 0x80, dtype=np.int64) - 1
        starts, ends = characters[starts], characters[ends]
    owner = np.searchsorted(bounds, ends, side="right") - 1
    stops = np.frombuffer(chunks.ends_sentence, dtype=np.int8)[ids]
    sentence = np.cumsum(stops, dtype=np.int32) - stops + lines[:-1]
    barriers = np.frombuffer(chunks.barriers, dtype=np.int32)[ids]
    segment = np.cumsum(barriers, dtype=np.int32) - barriers + sentence
    heads = np.frombuffer(chunks.first, dtype=np.int32)
    counts = np.diff(heads)[ids]
    passed = np.cumsum(counts)
    local = np.arange(passed[-1] if len(ids) else 0) + np.repeat(heads[ids] - passed + counts, counts)
    words = np.frombuffer(chunks.words, dtype=np.int32).reshape(-1, 6)
    spelling, begin, end, barrier, possessive, hyphened = (words[:, at].copy()[local] for at in range(6))
    in_text = np.diff(np.searchsorted(starts, bounds))
    offset = np.repeat((starts - np.repeat(bounds[:-1], in_text)).astype(np.int32), counts)
    segment, sentence = np.repeat(segment, counts) + barrier, np.repeat(sentence, counts)
    first_word = np.concatenate(([0], passed))[np.concatenate(([0], np.cumsum(in_text)))]
    marks = possessive * POSSESSIVE | hyphened * HYPHENED
    marks |= (np.diff(segment, prepend=-1) > 0) * SEGMENT | (np.diff(sentence, prepend=-1) > 0) * SENTENCE
    return {
        "spelling": spelling,
        "words": np.diff(first_word),
        "start": offset + begin,
        "end": offset + end,
        "signs": marks.astype(np.uint8),
        "clauses": owner << 32 | ends - bounds[owner],
    }


def _clause_ends(signs: NDArray[Any], dashes: Ints) -> Ints:
    """Find the bytes at which clauses end: ``;:()``, long dashes, and these chunks."""
    table = np.zeros(256, dtype=bool)
    table[list(b";:()")] = True
    last = np.flatnonzero(signs == 0x94)
    long = last[(last > 1) & (signs[last - 1] == 0x80) & (signs[last - 2] == 0xE2)] - 2
    return np.unique(np.concatenate((np.flatnonzero(table[signs]), long, dashes)))


def _numbered(letters: NDArray[Any], lengths: NDArray[Any], chunks: Chunks) -> Ints:
    """Number chunks that stand one after the other as UTF-8; each distinct one is looked at once."""
    import pyarrow

    ends = np.concatenate(([0], np.cumsum(lengths)))
    buffers = [None, pyarrow.py_buffer(ends), pyarrow.py_buffer(np.ascontiguousarray(letters))]
    column = pyarrow.Array.from_buffers(pyarrow.large_binary(), len(lengths), buffers).dictionary_encode()
    distinct = [chunk.decode("utf-8", "surrogatepass") for chunk in column.dictionary.to_pylist()]
    places: Ints = column.indices.to_numpy()
    return chunks.number(distinct)[places]
