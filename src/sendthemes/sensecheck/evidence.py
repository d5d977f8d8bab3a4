"""What a survey and its coded answers say of a theme's entries, its own and those that could be added."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import NamedTuple

import numpy as np

from sendthemes.analysis.variables import Flags, Numbers, Sparse, ones_at
from sendthemes.codebook.model import Codebook, Entry, Theme
from sendthemes.coding.apply import Engine
from sendthemes.sensecheck.drafts import drafts, mates
from sendthemes.sensecheck.gold import Gold

Parts = Sequence[tuple[Numbers, Collection[int]]]  # answers of a fold, entries the others taught

# What is expected of an entry of the theme, or of a lemma-mate, before it is counted.
_WRITTEN, _MATE = 0.5, 0.4
_FITS = 0.3  # of the way from the theme's share to 1, from which a list's precision says that it fits
_LIST = 3  # answers that the theme's share weighs beside a list's own
_BORROWED = 0.9  # of a list's precision is expected of its entries


class Evidence(NamedTuple):
    """What a survey says of one theme's entries."""

    theme: Theme
    entries: tuple[Entry, ...]  # its own, then the drafts and those that may be borrowed
    own: int  # how many are its own
    found: Sparse  # answers of the survey × entries: 1 where the entry counts
    right: Flags  # for each answer of the survey whether people coded it with the theme
    kind: Numbers  # for each entry the precision expected of its kind: own, lemma-mates; 0 for other words
    lists: tuple[str, ...]  # names of the lists to borrow from
    listed: Sparse  # entries × lists: 1 where the entry stands in the list

    def prior(self, rows: Numbers) -> Numbers:
        """Give for each entry the precision expected beforehand: of its kind, or of a list that fits."""
        if not self.lists:
            return self.kind
        borrowed = self.listed.multiply(self._fit(rows)).max(axis=1)
        return np.asarray(np.maximum(self.kind, borrowed.toarray().ravel()))

    def lender(self, entry: int, rows: Numbers) -> str:
        """Name the list of which most is expected of this entry; nothing where its kind says as much."""
        fit = self.listed[[entry]].toarray().ravel() * self._fit(rows)
        return self.lists[int(np.argmax(fit))] if fit.max(initial=0.0) > self.kind[entry] else ""

    def _fit(self, rows: Numbers) -> Numbers:
        """Give the precision these answers let expect of each list's entries; 0 where it does not fit."""
        right = self.right[rows].astype(np.float64)
        share, found = right.mean(), (self.found[rows] @ self.listed) > 0
        precision = (found.T @ right + _LIST * share) / (found.T @ np.ones(len(rows)) + _LIST)
        return np.where(precision >= share + _FITS * (1 - share), _BORROWED * precision, 0.0)


def gather(
    engine: Engine, codebook: Codebook, gold: Gold, borrowed: Mapping[str, Sequence[Entry]]
) -> list[Evidence]:
    """Find for each theme in which answers its own entries, the drafts and borrowed entries count."""
    from scipy.sparse import hstack

    drafted = drafts(engine.index, engine.answers, [theme for theme, _ in codebook.walk()])
    more = {entry.label: entry for entries in (drafted, *borrowed.values()) for entry in entries}
    drafted = [more[label] for label in sorted(more)]
    engine.prepare(codebook)
    engine.prepare(codebook.model_copy(update={"themes": (Theme(theme="drafts", entries=tuple(drafted)),)}))
    labels = [entry.label for entry in drafted]
    shared: dict[tuple[object, ...], Sparse] = {}
    result = []
    for theme, _ in codebook.walk():
        have = {entry.label for entry in theme.entries}
        key = (theme.exclusions, theme.questions, theme.negated)
        if key not in shared:
            shared[key] = matrix(engine, theme, drafted, codebook)
        new = [at for at, label in enumerate(labels) if label not in have]
        entries = (*theme.entries, *(drafted[at] for at in new))
        own = len(theme.entries)
        kind = np.where(mates(theme, entries), _MATE, 0.0)
        kind[:own] = _WRITTEN
        alone = (matrix(engine, theme, theme.entries, codebook), shared[key][:, new])
        found = hstack(alone, format="csr")
        right = np.zeros(len(engine.answers.texts), dtype=bool)
        right[gold.rows] = gold.themes[theme.theme]
        listed = _membership(entries, borrowed)
        result.append(Evidence(theme, entries, own, found, right, kind, tuple(borrowed), listed))
    return result


def _membership(entries: Sequence[Entry], borrowed: Mapping[str, Sequence[Entry]]) -> Sparse:
    place = {entry.label: at for at, entry in enumerate(entries)}
    pairs = {(place[each.label], at) for at, listed in enumerate(borrowed.values()) for each in listed}
    rows, columns = np.array(sorted(pairs), dtype=np.int64).reshape(-1, 2).T
    return ones_at(rows, columns, (len(entries), len(borrowed)), np.float32)


def matrix(engine: Engine, theme: Theme, entries: Sequence[Entry], codebook: Codebook) -> Sparse:
    """Give answers × entries: 1 where the entry, alone in the theme, counts."""
    answer, entry = engine.each_alone(theme, entries, codebook)
    return ones_at(answer, entry, (len(engine.answers.texts), len(entries)), np.float32)


def covered(found: Sparse, entries: Iterable[int]) -> Flags:
    """Say of each answer whether one of these entries counts in it."""
    return np.asarray(found[:, sorted(entries)].sum(axis=1)).ravel() > 0


def f1(said: Flags, right: Flags) -> float:
    """Give F1 = 2 both / (said + right); 0 where nothing is either."""
    return float(2 * (said & right).sum() / max(said.sum() + right.sum(), 1))


def said(evidence: Evidence, parts: Parts, gold: Gold) -> Flags:
    """Say of each coded answer whether the theme is found in it by what the other folds taught."""
    found = np.zeros(len(evidence.right), dtype=bool)
    for test, entries in parts:
        found[test] = covered(evidence.found[test], entries)
    return found[gold.rows]
