"""Texts as word ids: what the matcher reads instead of documents.

A *word* is a token of spaCy's tokenizer that holds a letter, a digit or a symbol, with three amendments that
make hyphen, slash and apostrophe transparent:

- a token is cut at hyphens and slashes between letters or digits ("post-16" is *post*, *16*); hyphen,
  slash and apostrophe alone are no words;
- ``'s`` belongs to the word before it;
- a full stop at the end of a token of letters is punctuation ("etc.", "Dr.").

A *segment* ends at any other punctuation and at a sentence end: no phrase crosses it. A *sentence* ends
at ``. ! ?`` before white space and at a line break. All this is decided by the white-space chunk a word
stands in, so each distinct chunk is tokenised once.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import islice
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from sendthemes.language.model import load_pipeline
from sendthemes.text import Normalised, normalise

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from spacy.language import Language

    Ints = NDArray[Any]
    Flags = NDArray[Any]

_COMPOUND = re.compile(r"[^\W_]+(?:[-/–][^\W_]+)+")
_PARTS = re.compile(r"[^\W_]+")
_SYMBOLS = "&%@#*"  # punctuation by its Unicode class, yet words: "parents & carers"
_SHORTENED = {"ca": "can", "wo": "will", "sha": "shall"}  # where n't follows
# Letters, perhaps with 's, in brackets, with one mark after them: cut as the tokenizer would cut them,
# unless it has a rule for the word.
_PLAIN = re.compile(r"(\((?=[A-Za-z]{3}))?(([A-Za-z]+)('s)?)((?<=[A-Za-z]{3})\))?((?:[,;:!?]|(?<=[a-z])\.)?)")
_TEXTS_A_BATCH = 50_000


class Word(NamedTuple):
    """One word of a chunk: its form, where it stands in the chunk, and how it hangs together with others."""

    form: str
    start: int
    end: int
    barriers: int
    possessive: bool = False
    hyphened: bool = False


_Row = tuple[str, int, int, int, bool, bool]


class Chunk(NamedTuple):
    """One white-space chunk: its words, and how many barriers to phrases it holds in all."""

    words: tuple[Word, ...]
    barriers: int


def words_of(tokens: Iterable[tuple[str, int]]) -> Chunk:
    """Make words of one chunk's spaCy tokens, given as (text, offset in the chunk)."""
    listed = list(tokens)
    words: list[Word] = []
    barriers = 0
    for at, (token, start) in enumerate(listed):
        touching = bool(words) and words[-1].end == start
        if token in {"'s", "'S"} and touching:
            words[-1] = words[-1]._replace(possessive=True, end=start + 2)
        elif any(map(str.isalnum, token)):
            dotted = token[-1] == "." and token[:-1].isalpha() and len(token) > 2
            if touching and token.casefold() in {"n't", "nt"}:
                words[-1] = words[-1]._replace(form=_SHORTENED.get(words[-1].form.casefold(), words[-1].form))
            words.extend(_cut(token[:-1] if dotted else token, start, barriers, touching))
            barriers += dotted
        elif token in {"-", "–"} and touching and at + 1 < len(listed):
            words[-1] = words[-1]._replace(hyphened=True)
        elif token in {"-", "/", "'"}:
            continue
        elif all(unicodedata.category(sign)[0] == "P" and sign not in _SYMBOLS for sign in token):
            barriers += 1
        else:
            words.append(Word(token, start, start + len(token), barriers))
    return Chunk(tuple(words), barriers)


def _cut(token: str, start: int, barriers: int, touching: bool) -> list[Word]:
    """Cut a token at its inner hyphens and slashes; give short forms one spelling."""
    if _COMPOUND.fullmatch(token):
        parts = list(_PARTS.finditer(token))
        return [
            Word(
                part[0],
                start + part.start(),
                start + part.end(),
                barriers,
                False,
                token[part.end() :][:1] in {"-", "–"},
            )
            for part in parts
        ]
    end = start + len(token)
    return [Word("n't" if touching and token.casefold() == "nt" else token, start, end, barriers)]


@dataclass(frozen=True, eq=False)
class TextIndex:
    """Distinct texts as columns of words.

    Attributes:
        texts: The distinct texts, comparable, with their offset maps.
        rows: For each text given, its place in ``texts``.
        spellings: Distinct words as written; ``forms``: distinct words, case-folded.
        form_of: For each spelling the form.
        spelling: For each word its spelling; with ``text``, ``start``, ``end`` (characters of the
            comparable text), ``segment``, ``sentence``, ``possessive``, ``hyphened`` in parallel.
    """

    texts: Sequence[Normalised]
    rows: Ints
    spellings: Sequence[str]
    forms: Sequence[str]
    form_of: Ints
    spelling: Ints
    text: Ints
    start: Ints
    end: Ints
    segment: Ints
    sentence: Ints
    possessive: Flags
    hyphened: Flags

    def __len__(self) -> int:
        return len(self.spelling)

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
        order = np.argsort(self.form, kind="stable").astype(np.int32)
        counts = np.bincount(self.form, minlength=len(self.forms))
        return order, np.concatenate(([0], np.cumsum(counts)))

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
            parts = tuple(self.forms[form] for form in run)
            found.setdefault("".join(parts), set()).add(parts)
        return found

    @cached_property
    def _moved(self) -> Flags:
        """For each text whether its offsets may differ from the original's."""
        return np.array([not isinstance(each.starts, range) for each in self.texts], dtype=bool)

    def original(self, text: Ints, start: Ints, end: Ints) -> tuple[Ints, Ints]:
        """Bring offsets of comparable texts to offsets of the texts as given."""
        begins, ends = start.copy(), end.copy()
        for at in np.flatnonzero(self._moved[text]).tolist():
            begins[at], ends[at] = self.texts[text[at]].span(int(start[at]), int(end[at]))
        return begins, ends


def index_texts(texts: Sequence[str]) -> TextIndex:
    """Index texts: each distinct one once, each distinct chunk tokenised once.

    Args:
        texts: Texts as given; may be empty, and may repeat.
    """
    distinct: dict[str, int] = {}
    rows = np.array([distinct.setdefault(text, len(distinct)) for text in texts], dtype=np.int32)
    chunks = _Chunks(load_pipeline())
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
    forms: dict[str, int] = {}
    form_of = np.array(
        [forms.setdefault(word.casefold(), len(forms)) for word in chunks.spellings], dtype=np.int32
    )
    return TextIndex(
        normals, rows, list(chunks.spellings), list(forms), form_of,
        spelling, text, start, end, segment, sentence, possessive, hyphened,
    )  # fmt: skip


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


class _Numbers(dict[str, int]):
    """Numbers words as they come: a new one gets the next number."""

    def __missing__(self, word: str) -> int:
        self[word] = number = len(self)
        return number


class _Chunks:
    """The distinct chunks met so far, as columns of their words."""

    def __init__(self, nlp: Language) -> None:
        self._nlp = nlp
        self._rules = frozenset(nlp.tokenizer.rules)  # type: ignore[union-attr]  # a Tokenizer
        self.ids = _Numbers()
        self.spellings = _Numbers()
        self.first: list[int] = [0]
        self.barriers: list[int] = []
        self.ends_sentence: list[bool] = []
        self.words: list[tuple[int, ...]] = []

    def number(self, chunks: Sequence[str]) -> Ints:
        """Give each chunk its number; tokenise those that are new."""
        numbers = np.fromiter(map(self.ids.__getitem__, chunks), dtype=np.int32, count=len(chunks))
        new = list(islice(self.ids, len(self.barriers), None))
        ready = [plain_chunk(chunk, self._rules) for chunk in new]
        cut = tokenised(self._nlp, [chunk for chunk, made in zip(new, ready, strict=True) if made is None])
        for chunk, made in zip(new, ready, strict=True):
            self._put(chunk, *(words_of(next(cut)) if made is None else made))
        return numbers

    def _put(self, chunk: str, words: Iterable[_Row], barriers: int) -> None:
        self.barriers.append(barriers)
        self.ends_sentence.append(chunk[-1] in ".!?")
        for form, *rest in words:
            self.words.append((self.spellings[form], *rest))
        self.first.append(len(self.words))


def plain_chunk(chunk: str, rules: Collection[str]) -> Chunk | None:
    """Cut a chunk of letters and everyday marks; ``None`` if it needs the tokenizer with these rules."""
    found = _PLAIN.fullmatch(chunk)
    if found is None or chunk in rules or found[2] in rules or found[3] in rules:
        return None
    before = 1 if found[1] else 0
    word = Word(found[3], before, found.end(2), before, bool(found[4]))
    return Chunk((word,), before + len(chunk) - found.end(2))


@lru_cache(maxsize=50_000)
def cut(chunk: str) -> Chunk:
    """Cut one chunk of an entry or a question: text without white space."""
    nlp = load_pipeline()
    plain = plain_chunk(chunk, nlp.tokenizer.rules)  # type: ignore[union-attr]  # a Tokenizer
    return words_of(next(tokenised(nlp, [chunk]))) if plain is None else plain


def tokenised(nlp: Language, chunks: Sequence[str]) -> Iterator[list[tuple[str, int]]]:
    """Tokenise chunks without white space with spaCy's tokenizer, each as if it stood alone."""
    for first in range(0, len(chunks), 1000):
        some = chunks[first : first + 1000]
        # A line break is a token of its own: no rule of the tokenizer reaches over it.
        doc = nlp.tokenizer("\n".join(some))
        tokens: list[tuple[str, int]] = []
        at = 0
        for token in doc:
            text = token.text
            if text == "\n":
                yield tokens
                tokens, at = [], 0
            else:
                tokens.append((text, at))
                at += len(text)
        yield tokens


def _columns(texts: Sequence[str], chunks: _Chunks, first: int, before: _Columns | None) -> _Columns:
    """Lay out a batch of comparable texts; ``first`` is the number of its first text."""
    joined = "\n".join(texts) + "\n"
    pieces = joined.split()
    ids = chunks.number(pieces)
    narrow = max(joined) <= "\xff"
    signs = (
        np.frombuffer(joined.encode("latin-1"), dtype=np.uint8)
        if narrow
        else np.frombuffer(joined.encode("utf-32-le", "surrogatepass"), dtype=np.uint32)
    )
    breaks = signs == 10
    blank = breaks | (signs == 32)
    starts = np.flatnonzero(~blank & np.concatenate(([True], blank[:-1])))
    bounds = np.concatenate(([0], np.cumsum([len(text) + 1 for text in texts])))
    lines = np.cumsum(breaks)[starts]
    stops = np.array(chunks.ends_sentence, dtype=np.int64)[ids]
    ends = np.cumsum(stops) - stops
    barriers = np.array(chunks.barriers, dtype=np.int64)[ids]
    segments = np.cumsum(barriers) - barriers + ends + lines
    spelling, begin, end, barrier, possessive, hyphened = (
        np.array(chunks.words, dtype=np.int32).reshape(-1, 6).T.copy()
    )
    heads = np.array(chunks.first, dtype=np.int32)
    counts = np.diff(heads)[ids]
    owner = np.repeat(np.arange(len(ids), dtype=np.int32), counts)
    local = np.arange(len(owner), dtype=np.int32) + (heads[ids] + counts - np.cumsum(counts))[owner]
    text = np.searchsorted(bounds, starts, side="right") - 1
    offset = (starts - bounds[text]).astype(np.int32)[owner]
    past, passed = (before.segments, before.sentences) if before else (0, 0)
    return _Columns(
        spelling[local],
        (text + first).astype(np.int32)[owner],
        offset + begin[local],
        offset + end[local],
        (segments + past).astype(np.int32)[owner] + barrier[local],
        (ends + lines + passed).astype(np.int32)[owner],
        possessive.astype(bool)[local],
        hyphened.astype(bool)[local],
        past + int(barriers.sum() + len(ids) + breaks.sum()) + 1,
        passed + int(len(ids) + breaks.sum()) + 1,
    )
