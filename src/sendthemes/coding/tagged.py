"""What only spaCy's tagger can say: which lemma and part of speech a word has here, and token patterns.

The tagger is slow, so it reads only the texts on which something depends. A form that has one possible lemma,
or is the entry's word itself, is certain; the others are undecided until their text is tagged. The lemma in
context is spaCy's own, case-folded, where it is one of the form's possible lemmas; where it is none of them
(names, unknown words), every possible lemma holds. So certain ⊆ in context ⊆ possible, and tagging everything
would give the same.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from sendthemes.coding.compile import Slot, Tokens
from sendthemes.language.index import TextIndex
from sendthemes.language.model import load_pipeline
from sendthemes.language.types import load_types

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from spacy.tokens import Doc

    Ints = NDArray[Any]
    Flags = NDArray[Any]

COMPONENTS = ("tok2vec", "tagger", "attribute_ruler", "lemmatizer")
_TAGS: Mapping[str, tuple[str, ...]] = {
    "noun": ("NOUN", "PROPN"),
    "verb": ("VERB", "AUX"),
    "adjective": ("ADJ",),
    "adverb": ("ADV",),
}
_LEMMAS = 64  # more than any form has possible ones


class Tagged:
    """Readings of the words of one index, tagged as they are asked for.

    Args:
        index: The index.
        known: What ``columns`` gave for the same index.
    """

    def __init__(self, index: TextIndex, known: Mapping[str, NDArray[Any]] | None = None) -> None:
        self._index = index
        self._types = load_types()
        sizes = {"done": len(index.texts), "lemma": len(index), "tag": len(index)}
        read = known or {name: np.zeros(size, dtype=np.int8) for name, size in sizes.items()}
        self._done, self._lemma, self._tag = (read[name].copy() for name in sizes)
        self._new = False
        self._tags = {name: at for at, names in enumerate(_TAGS.values(), 1) for name in names}
        self._possible: dict[str, list[str]] = {}
        self._misfits: dict[Slot, Ints] = {}

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
            self._read(index.text[words])
            kept = self._tag[words] == list(_TAGS).index(slot.pos) + 1
        if in_context and slot.bases:
            misfits = self._misfitting(slot)
            undecided = np.flatnonzero(kept & np.isin(index.form[words], misfits // _LEMMAS))
            words = words[undecided]
            self._read(index.text[words])
            kept[undecided] = ~np.isin(index.form[words] * _LEMMAS + self._lemma[words], misfits)
        return kept

    def columns(self) -> dict[str, NDArray[Any]] | None:
        """Give what was read, as numbers to be kept; ``None`` if nothing is new."""
        new, self._new = self._new, False
        return {"done": self._done, "lemma": self._lemma, "tag": self._tag} if new else None

    def patterns(self, asked: Sequence[Tokens]) -> list[list[tuple[int, int, int]]]:
        """Find token patterns: for each, (text, start, end) in characters of the comparable text.

        All patterns share one reading of the texts that may hold one of them.
        """
        from spacy.matcher import Matcher

        nlp = load_pipeline(COMPONENTS)
        matchers = []
        where: list[set[int]] = []
        for pattern in asked:
            matcher = Matcher(nlp.vocab)
            matcher.add("pattern", [pattern.listed()])
            matchers.append(matcher)
            where.append(self._candidates(pattern))
        found: list[list[tuple[int, int, int]]] = [[] for _ in asked]
        texts = sorted(set().union(*where))
        for text, doc in zip(texts, self._docs(texts), strict=True):
            for token in doc:
                token.lemma_ = token.lemma_.casefold()
            for at, matcher in enumerate(matchers):
                if text in where[at]:
                    spans = matcher(doc, as_spans=True)
                    found[at].extend({(text, span.start_char, span.end_char) for span in spans})
        return [sorted(rows) for rows in found]

    def _candidates(self, pattern: Tokens) -> set[int]:
        """List the texts that may hold a pattern: those with a form that each of its hits needs."""
        index = self._index
        best: set[int] | None = None
        for needed in pattern.needed:
            ids = [index.form_ids[form] for form in needed if form in index.form_ids]
            texts = {text for form in ids for text in index.text[index.where(form)].tolist()}
            if best is None or len(texts) < len(best):
                best = texts
        return set(range(len(index.texts))) if best is None else best

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

    def _docs(self, texts: Sequence[int]) -> Iterable[Doc]:
        return load_pipeline(COMPONENTS).pipe(
            (self._index.comparable(text).text for text in texts), batch_size=128
        )

    def _read(self, texts: Ints) -> None:
        """Tag those of the texts that are not tagged yet."""
        index = self._index
        new = np.unique(texts)
        new = new[self._done[new] == 0]
        for text, doc in zip(new.tolist(), self._docs(new.tolist()), strict=True):
            first, after = index.word_bounds[text], index.word_bounds[text + 1]
            starts = np.array([token.idx for token in doc])
            covering = np.searchsorted(starts, index.start[first:after], side="right") - 1
            for word, at in zip(range(first, after), covering.tolist(), strict=True):
                token = doc[at]
                lemma, possible = token.lemma_.casefold(), self._lemmas(index.forms[int(index.form[word])])
                self._tag[word] = self._tags.get(token.pos_, 0)
                self._lemma[word] = possible.index(lemma) + 1 if lemma in possible else 0
        self._done[new] = 1
        self._new |= len(new) > 0
