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
_OPEN = -1  # the tagger's lemma is none of the possible ones


class Tagged:
    """Readings of the words of one index, tagged as they are asked for."""

    def __init__(self, index: TextIndex) -> None:
        self._index = index
        self._types = load_types()
        self._done = np.zeros(len(index.texts), dtype=bool)
        self._lemma = np.full(len(index), _OPEN, dtype=np.int32)
        self._tag = np.zeros(len(index), dtype=np.int8)
        self._names: dict[str, int] = {}
        self._tags = {name: at for at, names in enumerate(_TAGS.values(), 1) for name in names}
        self._possible: dict[str, frozenset[str]] = {}
        self._certain: dict[Slot, Flags] = {}

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
            undecided = np.flatnonzero(kept & ~self._certainly(slot)[index.form[words]])
            self._read(index.text[words[undecided]])
            fitting = [_OPEN, *(self._names[base] for base in slot.bases if base in self._names)]
            kept[undecided] = np.isin(self._lemma[words[undecided]], fitting)
        return kept

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

    def _certainly(self, slot: Slot) -> Flags:
        """Say for each form whether a slot accepts it whatever the context."""
        if slot not in self._certain:
            certain = np.ones(len(self._index.forms), dtype=bool)
            for form in slot.forms & self._index.form_ids.keys():
                open_ = form not in slot.bases and not self._lemmas(form) <= set(slot.bases)
                certain[self._index.form_ids[form]] = not open_
            self._certain[slot] = certain
        return self._certain[slot]

    def _lemmas(self, form: str) -> frozenset[str]:
        if form not in self._possible:
            self._possible[form] = self._types.lemmas(form)
        return self._possible[form]

    def _docs(self, texts: Sequence[int]) -> Iterable[Doc]:
        return load_pipeline(COMPONENTS).pipe(
            (self._index.texts[text].text for text in texts), batch_size=128
        )

    def _read(self, texts: Ints) -> None:
        """Tag those of the texts that are not tagged yet."""
        index = self._index
        new = [text for text in np.unique(texts).tolist() if not self._done[text]]
        for text, doc in zip(new, self._docs(new), strict=True):
            first, after = index.word_bounds[text], index.word_bounds[text + 1]
            starts = np.array([token.idx for token in doc])
            covering = np.searchsorted(starts, index.start[first:after], side="right") - 1
            for word, at in zip(range(first, after), covering.tolist(), strict=True):
                token = doc[at]
                lemma = token.lemma_.casefold()
                self._tag[word] = self._tags.get(token.pos_, 0)
                if lemma in self._lemmas(index.forms[int(index.form[word])]):
                    self._lemma[word] = self._names.setdefault(lemma, len(self._names))
            self._done[text] = True
