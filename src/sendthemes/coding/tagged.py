"""What only spaCy's tagger can say: which lemma and part of speech a word has here, and token patterns.

The tagger is slow, so it reads only the words on which something depends. A form that has one possible lemma,
or is the entry's word itself, is certain; the others are undecided until they are tagged. The lemma in
context is spaCy's own, case-folded, where it is one of the form's possible lemmas; where it is none of them
(names, unknown words), every possible lemma holds. So certain ⊆ in context ⊆ possible, and tagging everything
would give the same.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from sendthemes.coding.compile import Needed, Slot, Tokens
from sendthemes.coding.stretches import COMPONENTS, Reader, Stretch
from sendthemes.language.index import TextIndex
from sendthemes.language.model import load_pipeline
from sendthemes.language.types import load_types

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from sendthemes.coding.stretches import Around, Places

    Ints = NDArray[Any]
    Flags = NDArray[Any]

_TAGS: Mapping[str, tuple[str, ...]] = {
    "noun": ("NOUN", "PROPN"),
    "verb": ("VERB", "AUX"),
    "adjective": ("ADJ",),
    "adverb": ("ADV",),
}
_LEMMAS = 64  # more than any form has possible ones
_UNREAD = -1  # for a lemma


class Tagged:
    """Readings of the words of one index, tagged as they are asked for.

    Args:
        index: The index.
        known: What ``columns`` gave for the same index.
    """

    def __init__(self, index: TextIndex, known: Mapping[str, NDArray[Any]] | None = None) -> None:
        self._index = index
        self._types = load_types()
        read = known or {name: np.full(len(index), _UNREAD, dtype=np.int8) for name in ("lemma", "tag")}
        self._lemma, self._tag = (read[name].copy() for name in ("lemma", "tag"))
        self._new = False
        self._tags = {name: at for at, names in enumerate(_TAGS.values(), 1) for name in names}
        self._possible: dict[str, list[str]] = {}
        self._misfits: dict[Slot, Ints] = {}

    @cached_property
    def _reader(self) -> Reader:
        return Reader()

    def keep(self, words: Ints, slot: Slot, *, in_context: bool) -> Flags:
        """Say for each word (accepted by its form) whether its reading fits the slot.

        Args:
            words: Places of words in the index.
            slot: What the words must be.
            in_context: Whether the lemma in context counts, or any possible one.
        """
        index = self._index
        kept = np.ones(len(words), dtype=bool)
        if slot.pos:
            self._read(words)
            kept = self._tag[words] == list(_TAGS).index(slot.pos) + 1
        if in_context and slot.bases:
            misfits = self._misfitting(slot)
            undecided = np.flatnonzero(kept & np.isin(index.form[words], misfits // _LEMMAS))
            words = words[undecided]
            self._read(words)
            kept[undecided] = ~np.isin(index.form[words] * _LEMMAS + self._lemma[words], misfits)
        return kept

    def columns(self) -> dict[str, NDArray[Any]] | None:
        """Give what was read, as numbers to be kept; ``None`` if nothing is new."""
        new, self._new = self._new, False
        return {"lemma": self._lemma, "tag": self._tag} if new else None

    def patterns(self, asked: Sequence[Tokens]) -> list[list[tuple[int, int, int]]]:
        """Find token patterns: for each, (text, start, end) in characters of the comparable text.

        All patterns share one reading of what may hold one of them.
        """
        from spacy.matcher import Matcher

        vocab = load_pipeline(COMPONENTS).vocab
        matcher = Matcher(vocab)
        for at, pattern in enumerate(asked):
            matcher.add(str(at), [pattern.listed()])
        found: list[list[tuple[int, int, int]]] = [[] for _ in asked]
        for stretch in self._reader.read(self._candidates(asked)):
            for key, first, after in set(matcher(stretch.doc)):
                if any(low <= first and after <= high for low, high in stretch.cores):
                    span = stretch.doc[first:after]
                    where = stretch.begin + span.start_char, stretch.begin + span.end_char
                    found[int(vocab.strings[key])].append((stretch.text, *where))
        return [sorted(rows) for rows in found]

    def _candidates(self, asked: Sequence[Tokens]) -> Iterator[Stretch]:
        """Give the parts of texts that may hold a pattern, with the tokens of which its hits may be made."""
        index = self._index
        asking: dict[int, list[tuple[Tokens, Needed | None]]] = defaultdict(list)
        around: dict[int, list[Around]] = defaultdict(list)
        for pattern in asked:
            texts, rarest = np.arange(len(index.texts), dtype=np.int32), None
            fewest, places = len(index) + 1, np.zeros(0, np.int32)
            for needed in pattern.needed:
                ids = [index.form_ids[form] for form in needed.forms & index.form_ids.keys()]
                words = np.concatenate([np.zeros(0, np.int32), *map(index.where, ids)])
                texts = np.intersect1d(texts, index.text[words])
                if len(words) < fewest:
                    rarest, fewest, places = needed, len(words), words
            for text in texts.tolist():
                asking[text].append((pattern, rarest))
                if rarest is None:
                    around[text].append((0, 0, len(index.comparable(text).text)))
            places = places[np.isin(index.text[places], texts)]
            before, after = (rarest.before, rarest.after) if rarest else (0, 0)
            for text, start in zip(index.text[places].tolist(), index.start[places].tolist(), strict=True):
                around[text].append((start, before, after))
        for text in sorted(asking):
            for begin, doc in self._reader.cut(index.comparable(text).text, around[text]):
                forms = [token.text.casefold() for token in doc]
                cores = [each for ask in asking[text] for each in _possible(*ask, forms)]
                if cores:
                    yield Stretch(text, begin, doc, cores)

    def _misfitting(self, slot: Slot) -> Ints:
        """List forms and lemmas (form * _LEMMAS + place among its possible ones) that are not the slot's.

        A form that is the entry's word itself, or whose lemmas are all the slot's, has none: it is certain.
        """
        if slot not in self._misfits:
            ids = self._index.form_ids
            self._misfits[slot] = np.array(
                [
                    ids[form] * _LEMMAS + at
                    for form in slot.forms & ids.keys() - set(slot.bases)
                    for at, lemma in enumerate(self._lemmas(form), 1)
                    if lemma not in slot.bases
                ],
                dtype=np.int32,
            )
        return self._misfits[slot]

    def _lemmas(self, form: str) -> list[str]:
        if form not in self._possible:
            self._possible[form] = sorted(self._types.lemmas(form))
        return self._possible[form]

    def _read(self, words: Ints) -> None:
        """Ask the tagger about those of the words that it has not read yet."""
        index = self._index
        new = np.unique(words[self._lemma[words] == _UNREAD])
        if not len(new):
            return
        self._new = True
        covering: dict[tuple[int, int], list[int]] = defaultdict(list)

        def asked() -> Iterator[Stretch]:
            texts, heads = np.unique(index.text[new], return_index=True)
            for text, here in zip(texts.tolist(), np.split(new, heads[1:]), strict=True):
                words = list(zip(index.start[here].tolist(), here.tolist(), strict=True))
                around = [(start, 0, 0) for start, _ in words]
                for begin, doc in self._reader.cut(index.comparable(text).text, around):
                    starts = [begin + token.idx for token in doc]
                    places: list[Places] = []
                    while words and words[0][0] < begin + len(doc.text):
                        start, word = words.pop(0)
                        at = bisect_right(starts, start) - 1
                        covering[text, starts[at]].append(word)
                        places.append((at, at + 1))
                    yield Stretch(text, begin, doc, places)

        for stretch in self._reader.read(asked()):
            for token in stretch.read():
                for word in covering.pop((stretch.text, stretch.begin + token.idx)):
                    possible = self._lemmas(index.forms[int(index.form[word])])
                    self._tag[word] = self._tags.get(token.pos_, 0)
                    self._lemma[word] = possible.index(token.lemma_) + 1 if token.lemma_ in possible else 0


def _possible(pattern: Tokens, anchor: Needed | None, forms: Sequence[str]) -> Iterator[Places]:
    """Say where among the tokens of a text a pattern's hits may lie, by the forms that they need."""
    if anchor is None:
        if forms:
            yield 0, len(forms)
        return
    others = [needed.forms for needed in pattern.needed if needed is not anchor]
    for at, form in enumerate(forms):
        if form in anchor.forms:
            first, after = max(0, at - anchor.before), min(len(forms), at + 1 + anchor.after)
            if not any(needed.isdisjoint(forms[first:after]) for needed in others):
                yield first, after
