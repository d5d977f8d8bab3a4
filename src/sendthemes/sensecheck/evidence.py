"""What a survey and its coded answers say of a theme's entries, its own and those that could be added."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from sendthemes.codebook.model import Codebook, Entry, Theme
from sendthemes.coding.apply import Engine
from sendthemes.sensecheck.drafts import drafts, mates
from sendthemes.sensecheck.gold import Gold

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from scipy.sparse import csr_matrix

    Flags = NDArray[np.bool_]
    Numbers = NDArray[Any]
    Parts = Sequence[tuple[Numbers, dict[int, float]]]  # answers of a fold, what the others taught

# What is expected of an entry of the theme, or of a lemma-mate, before it is counted.
_WRITTEN, _MATE = 0.5, 0.4


class Evidence(NamedTuple):
    """What a survey says of one theme's entries, its own first.

    Attributes:
        theme: The theme.
        entries: Its own entries, then the drafts.
        own: How many are its own.
        found: Answers of the survey × entries: 1 where the entry counts.
        right: For each answer of the survey whether people coded it with the theme.
        prior: For each entry the precision expected of its kind: its own, lemma-mates; 0 for other words.
    """

    theme: Theme
    entries: tuple[Entry, ...]
    own: int
    found: csr_matrix
    right: Flags
    prior: Numbers


def gather(engine: Engine, codebook: Codebook, gold: Gold) -> list[Evidence]:
    """Find for each theme in which answers its own entries and the drafts count."""
    from scipy.sparse import csr_matrix, hstack

    drafted = drafts(engine.index, engine.answers, [theme for theme, _ in codebook.walk()])
    engine.prepare(codebook)
    engine.prepare(codebook.model_copy(update={"themes": (Theme(theme="drafts", entries=tuple(drafted)),)}))
    labels = [entry.label for entry in drafted]
    shared: dict[tuple[object, ...], csr_matrix] = {}
    result = []
    for theme, _ in codebook.walk():
        have = {entry.label for entry in theme.entries}
        key = (theme.exclusions, theme.questions, theme.negated)
        if key not in shared:
            shared[key] = matrix(engine, theme, drafted, codebook)
        new = [at for at, label in enumerate(labels) if label not in have]
        entries = (*theme.entries, *(drafted[at] for at in new))
        own = len(theme.entries)
        prior = np.where(mates(theme, entries), _MATE, 0.0)
        prior[:own] = _WRITTEN
        found = csr_matrix(hstack([matrix(engine, theme, theme.entries, codebook), shared[key][:, new]]))
        right = np.zeros(len(engine.answers.texts), dtype=bool)
        right[gold.rows] = gold.themes[theme.theme]
        result.append(Evidence(theme, entries, own, found, right, prior))
    return result


def matrix(engine: Engine, theme: Theme, entries: Sequence[Entry], codebook: Codebook) -> csr_matrix:
    """Give answers × entries: 1 where the entry, alone in the theme, counts."""
    from scipy.sparse import csr_matrix

    answer, entry = engine.each_alone(theme, entries, codebook.prompt_echo)
    shape = (len(engine.answers.texts), len(entries))
    return csr_matrix((np.ones(len(answer), np.float32), (answer, entry)), shape=shape)


def covered(found: csr_matrix, entries: Iterable[int]) -> Flags:
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
