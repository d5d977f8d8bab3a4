"""Drafted entries: every word, phrase and pair of the answers that a codebook might look for.

What is drafted depends on the answers alone, not on how they were coded, nor on their order.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

import numpy as np

from sendthemes.codebook.model import Entry, Theme
from sendthemes.language.types import load_types

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from sendthemes.language.index import TextIndex

    Ints = NDArray[Any]

_LONGEST = 3  # words of a phrase
_FEWEST = 3  # distinct answers that a draft stands in
_STEM = 4  # letters that lemma-mates share at least


def drafts(index: TextIndex) -> list[Entry]:
    """Draft an entry for each word, exact form and phrase that stands in three distinct answers, by label.

    A phrase is one of dictionary forms, written as it stands most often ("phone was answered").
    """
    names = [_written(form) for form in index.forms]
    usable = np.array([name.isalpha() for name in names], dtype=bool)
    bases = load_types().bases
    numbers: dict[str, int] = {}
    base = np.array([numbers.setdefault(bases(name)[0], len(numbers)) for name in names], dtype=np.int64)
    made = {}
    for length in range(1, _LONGEST + 1):
        start = np.arange(max(len(index) - length + 1, 0))
        whole = index.segment[start] == index.segment[start + length - 1]
        for at in range(length):
            whole &= usable[index.form[start + at]]
        for words in _usual(index, start[whole], length, base):
            made[" ".join(words)] = Entry(word=" ".join(names[index.form_ids[word]] for word in words))
    single = np.flatnonzero(usable[index.form])
    for form in _frequent(index.form[single].astype(np.int64), index.text[single]):
        made[f"form: {names[form]}"] = Entry(form=names[form])
    unique = {entry.label: entry for entry in made.values()}
    return [unique[label] for label in sorted(unique)]


def _written(form: str) -> str:
    return {"n't": "not"}.get(form, form)


def _usual(index: TextIndex, start: Ints, length: int, base: Ints) -> Iterator[tuple[str, ...]]:
    """Give for each frequent run of dictionary forms the run of forms that it mostly is."""
    rows = np.stack([index.form[start + at] for at in range(length)], axis=1)
    kinds, which = np.unique(base[rows], axis=0, return_inverse=True)
    del kinds
    wanted = np.zeros(int(which.max(initial=-1)) + 1, dtype=bool)
    wanted[_frequent(which.reshape(-1), index.text[start])] = True
    kept = wanted[which.reshape(-1)]
    spelled, counts = np.unique(
        np.column_stack([which.reshape(-1)[kept], rows[kept]]), axis=0, return_counts=True
    )
    best: dict[int, tuple[int, tuple[str, ...]]] = {}
    for (kind, *forms), count in zip(spelled.tolist(), counts.tolist(), strict=True):
        here = (-count, tuple(index.forms[form] for form in forms))
        best[kind] = min(best.get(kind, here), here)
    return (words for _, words in best.values())


def _frequent(keys: Ints, text: Ints) -> list[int]:
    """Give the keys that stand in enough distinct texts."""
    pairs = np.unique(np.column_stack([keys, text]), axis=0)[:, 0]
    found, counts = np.unique(pairs, return_counts=True)
    return [int(key) for key in found[counts >= _FEWEST]]


def mates(theme: Theme, entries: Iterable[Entry]) -> NDArray[np.bool_]:
    """Say of each entry whether it is one word of the same family as a word of the theme's label or entries.

    Families are told by their letters: *medicine* and *medication*, *organised* and *organisation*.
    """
    texts = [theme.title, *(entry.word for entry in theme.entries if entry.word)]
    words = {word for text in texts for word in text.casefold().split() if word.isalpha()}
    heads = defaultdict(list)
    for word in sorted(words):
        heads[word[:_STEM]].append(word)
    return np.array(
        [
            any(_related(text, word) for word in heads.get(text[:_STEM], ()))
            for entry in entries
            for text in [entry.word or entry.form or ""]
        ],
        dtype=bool,
    )


def _related(first: str, second: str) -> bool:
    shared = 0
    for one, other in zip(first, second, strict=False):
        if one != other:
            break
        shared += 1
    shorter, longer = sorted((len(first), len(second)))
    return shared >= max(_STEM, shorter - 2, 0.6 * longer)
