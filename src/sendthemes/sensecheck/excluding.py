"""Exclusions: phrases in which a theme's entries are mostly wrong, and without which it does better."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from sendthemes.analysis.variables import Flags, ones_at
from sendthemes.codebook.model import Codebook, Entry
from sendthemes.coding.apply import Engine
from sendthemes.sensecheck.evidence import Evidence, Parts, covered, f1, matrix, said
from sendthemes.sensecheck.gold import Gold

_EVEN = 1 / 3  # the share of right answers that may go with the wrong ones without a loss of F1, about
_LUCK = 0.05  # how likely so few right ones may be where their share is that
_FEWEST = 8  # answers behind an exclusion: fewer cannot rule luck out
_TRIED = 5  # exclusions tried for a theme
_WRONG = 0.2  # the highest precision of the theme's entries inside a phrase worth trying


class Exclusion(NamedTuple):
    """A phrase to exclude from a theme."""

    entry: Entry
    gain: float  # of the theme's F1 on held-out folds, beside all other changes of the theme
    answers: Flags  # for each coded answer whether the theme is no longer found in it


def exclusions(
    engine: Engine, codebook: Codebook, evidence: Evidence, parts: Parts, gold: Gold
) -> list[Exclusion]:
    """Give the phrases whose exclusion raises F1 on held-out folds, one after the other.

    ``parts`` are the entries that the theme has by what each fold's others taught.
    """
    from scipy.stats import binom

    used = sorted({at for _, entries in parts for at in entries})
    right, now = evidence.right[gold.rows], said(evidence, parts, gold)
    theme, narrow, found = evidence.theme, evidence, []
    for at in _candidates(evidence, now, right, gold):
        entry = evidence.entries[at]
        tried = theme.model_copy(update={"exclusions": (*theme.exclusions, entry)})
        counts = matrix(engine, tried, [evidence.entries[each] for each in used], codebook)
        rows, columns = counts.nonzero()  # what is not used stays empty
        less = narrow._replace(found=ones_at(rows, np.array(used)[columns], narrow.found.shape, np.float32))
        then = now.copy()
        for test, entries in parts:
            among = np.isin(gold.rows, test)
            before, after = (covered(each.found[gold.rows], entries) for each in (narrow, less))
            if f1(after[~among], right[~among]) > f1(before[~among], right[~among]):
                then[among] = after[among]
        gain = f1(then, right) - f1(now, right)
        mended, spoilt = (int((now & ~then & which).sum()) for which in (~right, right))
        if gain > 0 and binom.cdf(spoilt, mended + spoilt, _EVEN) < _LUCK:
            found.append(Exclusion(entry, gain, now & ~then))
            theme, narrow, now = tried, less, then
    return found


def _candidates(evidence: Evidence, now: Flags, right: Flags, gold: Gold) -> list[int]:
    """Give drafted phrases in which the theme is mostly found wrongly, the worst first."""
    phrase = np.array([" " in str(entry.word or "") for entry in evidence.entries], dtype=bool)
    phrase[: evidence.own] = False
    here = evidence.found[gold.rows]
    wrong, good = here.T @ (now & ~right).astype(float), here.T @ (now & right).astype(float)
    bad = np.flatnonzero(phrase & (wrong + good >= _FEWEST) & (good < _WRONG * (wrong + good)))
    ordered: list[int] = bad[np.lexsort((bad, good[bad] - wrong[bad]))][:_TRIED].tolist()
    return ordered
