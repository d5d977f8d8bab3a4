"""A codebook improved from coded answers by a fixed rule.

How often an entry is right is estimated from the coded answers in which it counts, shrunk towards what is
expected beforehand: something of an entry that was written, less of a lemma-mate, and of any other word
what a regression on all words of the answers says of the answers it stands in, coded or not. The entries of
a theme are then chosen greedily: each step takes the one with the most to gain in answers of the survey
that no chosen entry covers yet. A theme changes only where this does better on held-out respondents than
its entries as they are.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np

from sendthemes.analysis.variables import Flags, Numbers
from sendthemes.codebook.model import Codebook, Entry, Theme
from sendthemes.coding.apply import Engine
from sendthemes.sensecheck.borrowing import Source, lists
from sendthemes.sensecheck.evidence import Evidence, Parts, covered, f1, gather, said
from sendthemes.sensecheck.excluding import Exclusion, exclusions
from sendthemes.sensecheck.gold import Gold, read_gold
from sendthemes.sensecheck.guess import Guess
from sendthemes.survey.answers import Answers

Lists = Mapping[str, Sequence[Entry]]
Steps = dict[int, float]  # place of an entry → gain in answers

# The least precision that helps F1 is half the F1 reached, which is lower of rare themes than of common ones.
_RAREST, _COMMON, _COMMON_SHARE = 0.27, 0.42, 0.08
_CHANCE = 30  # answers of a theme that weigh as much as the mean of all themes
_WORKED_OUT = 10  # own entries from which a theme must do better by a whole standard error
_NOTHING = 1e-9  # gains below are rounding
_MOST = 60  # entries of a theme that the answers speak for
_WEIGHT = 3.0  # answers that what is expected of an entry is worth
_MORE, _EACH = 3.0, 0.3  # weight added at most to what a regression expects, and by each answer of the entry
_UNJUDGED = 3  # answers below which an entry that was written is not judged
_FEW = 10  # answers of a theme at which a regression is half believed


def learnt(all_evidence: Sequence[Evidence], guess: Guess, rows: Numbers) -> list[Steps]:
    """Choose each theme's entries by all that these coded answers tell: place → gain in answers.

    Own entries that seem to do no harm stay, with gain 0.
    """
    likely = guess.of(rows, np.column_stack([each.right[rows] for each in all_evidence]))
    result = []
    for each, likely_here in zip(all_evidence, likely.T, strict=True):
        share = float(each.right[rows].mean())
        threshold = _RAREST + (_COMMON - _RAREST) * min(share / _COMMON_SHARE, 1.0)
        prior = each.prior(rows)
        expected, weight = _expected(each, rows, likely_here, prior)
        steps = _chosen(each, rows, _Before(prior > 0, expected, weight), threshold)
        own = each.found[rows][:, : each.own]
        many = own.T @ np.ones(len(rows))
        good = own.T @ each.right[rows].astype(np.float64) + (weight * expected)[: each.own]
        stay = (good >= threshold * (many + weight[: each.own])) | (many < _UNJUDGED)
        result.append(steps | {at: 0.0 for at in np.flatnonzero(stay).tolist() if at not in steps})
    return result


def unchanged(evidence: Evidence, rows: Numbers) -> Steps:
    """Give a theme's own entries, those first (by gain) without which most answers would be lost."""
    own = evidence._replace(found=evidence.found[:, : evidence.own])
    kind = evidence.kind[: evidence.own]
    steps = _chosen(own, rows, _Before(kind > 0, kind, np.full(evidence.own, _WEIGHT)), 0.0)
    return dict.fromkeys(range(evidence.own), 0.0) | steps


class _Before(NamedTuple):
    """What is thought of entries before they are counted: whether anything, which precision, its weight."""

    known: Flags
    expected: Numbers
    weight: Numbers


def _expected(evidence: Evidence, rows: Numbers, likely: Numbers, prior: Numbers) -> tuple[Numbers, Numbers]:
    """Give for each entry the precision expected beforehand, and how many answers that is worth."""
    right = int(evidence.right[rows].sum())
    share = max(right / len(rows), 0.002)
    believed = right / (right + _FEW)
    many = np.asarray(evidence.found.sum(axis=0), dtype=np.float64).ravel()
    guessed = (evidence.found.T @ likely + _WEIGHT * share) / (many + _WEIGHT)
    guessed = share + believed * (guessed - share)
    more = np.where(prior > 0, 0.0, believed * np.minimum(_EACH * many, _MORE))
    return np.maximum(guessed, prior), _WEIGHT + more


def _chosen(evidence: Evidence, rows: Numbers, before: _Before, threshold: float) -> Steps:
    """Choose entries greedily: place → gain in answers of the survey (all × precision less threshold)."""
    here = np.zeros(len(evidence.right))
    here[rows] = 1.0
    right = here * evidence.right
    possible = np.flatnonzero((evidence.found.T @ right > 0) | before.known)
    found = evidence.found[:, possible]
    columns = found.tocsc()
    known, expected, weight = (each[possible] for each in before)
    sums = np.column_stack([here, right, np.ones(len(right))])  # answers coded, right, all
    coded, good, many = np.asarray(found.T @ sums, dtype=np.float64).T
    unseen = ~known & (coded < 1)
    covered = np.zeros(len(right), dtype=bool)
    steps: Steps = {}
    while len(steps) < _MOST and len(possible):
        gain = many * ((good + weight * expected) / (coded + weight) - threshold)
        gain[unseen] = -1.0
        best = int(np.argmax(gain))
        if gain[best] <= _NOTHING:
            break
        steps[int(possible[best])] = float(gain[best])
        holding = columns.indices[columns.indptr[best] : columns.indptr[best + 1]]
        new = np.sort(holding[~covered[holding]])
        covered[new] = True
        less = np.asarray(found[new].T @ sums[new], dtype=np.float64).T
        coded, good, many = coded - less[0], good - less[1], many - less[2]
        unseen |= ~known & (coded < 1)
    return steps


def better(all_evidence: Sequence[Evidence], tried: Sequence[Parts], gold: Gold) -> list[bool]:
    """Say of each theme whether what is learnt beats its entries as they are, by F1 on held-out folds.

    Of a theme with few answers the difference is mostly chance: it is shrunk towards the mean of all themes,
    and must be more than a standard error (the root of the number of answers in which anything changes); of
    a theme with few entries, which nobody has worked out yet, more than a part of it.
    """
    right = np.array([each.right[gold.rows] for each in all_evidence])
    start = np.array([covered(each.found[gold.rows], range(each.own)) for each in all_evidence])
    now = np.array([said(each, parts, gold) for each, parts in zip(all_evidence, tried, strict=True)])
    gain = _each_f1(now, right) - _each_f1(start, right)
    many = right.sum(axis=1)
    worked_out = np.minimum([each.own / _WORKED_OUT for each in all_evidence], 1.0)
    surely = many * gain + _CHANCE * gain.mean() > worked_out * np.sqrt((now != start).sum(axis=1))
    return [bool(parts) and bool(sure) for parts, sure in zip(tried, surely, strict=True)]


def _each_f1(found: Flags, right: Flags) -> Numbers:
    return np.array([f1(one, other) for one, other in zip(found, right, strict=True)])


class Plan(NamedTuple):
    """What becomes of one theme."""

    evidence: Evidence
    kept: set[int]  # places of the entries it has in the end
    parts: Parts  # for each fold its answers, and the entries that the theme would have without them
    excluded: list[Exclusion]

    def said(self, gold: Gold) -> Flags:
        """Say of each coded answer whether the theme would be found in it, had it not been coded."""
        found = said(self.evidence, self.parts, gold)
        for each in self.excluded:
            found = found & ~each.answers
        return found


def plans(engine: Engine, codebook: Codebook, gold: Gold, limit: int | None, borrowed: Lists) -> list[Plan]:
    """Decide what becomes of each theme.

    First the entries, then the exclusions: neither may lower micro or macro F1 of all themes on held-out
    folds. What does is left out, and the codebook stays as it is (of one with more entries than the limit:
    as the limit leaves it).
    """
    evidence = gather(engine, codebook, gold, borrowed)
    guess = Guess(engine.answers)
    full = learnt(evidence, guess, gold.rows)
    folds = _folds(gold)
    tried = [learnt(evidence, guess, rows) for _, rows in folds]
    changing = better(evidence, _parts(folds, tried, len(evidence)), gold)

    def made(changes: Sequence[bool]) -> list[Plan]:
        kept = _kept(evidence, full, changes, gold.rows, limit)
        taught = zip(tried, folds, strict=True)
        without = [_kept(evidence, each, changes, rows, limit) for each, (_, rows) in taught]
        parts = _parts(folds, without, len(evidence))
        return [Plan(*each, []) for each in zip(evidence, kept, parts, strict=True)]

    plain = _unless_worse(made(changing), made([False] * len(evidence)), gold)
    excluding = [
        plan._replace(excluded=exclusions(engine, codebook, plan.evidence, plan.parts, gold))
        for plan in plain
    ]
    return _unless_worse(excluding, plain, gold)


def _folds(gold: Gold) -> list[tuple[Numbers, Numbers]]:
    """Give for each fold its answers and those of the others; nothing where there is one fold only."""
    numbers = np.unique(gold.folds).tolist()
    parted = [(gold.rows[gold.folds == fold], gold.rows[gold.folds != fold]) for fold in numbers]
    return parted if len(parted) > 1 else []


def _parts(
    folds: Sequence[tuple[Numbers, Numbers]], taught: Sequence[Sequence[Collection[int]]], themes: int
) -> list[Parts]:
    """Give for each theme (answers of a fold, entries that the others taught)."""
    return [[(test, each[at]) for (test, _), each in zip(folds, taught, strict=True)] for at in range(themes)]


def _unless_worse(end: list[Plan], start: list[Plan], gold: Gold) -> list[Plan]:
    """Give the end, or the start where micro or macro F1 of all themes would fall on held-out folds."""
    right = np.array([plan.evidence.right[gold.rows] for plan in start])
    before, after = (np.array([plan.said(gold) for plan in made]) for made in (start, end))
    macro = (_each_f1(after, right) - _each_f1(before, right)).sum()
    return end if min(macro, f1(after, right) - f1(before, right)) >= -_NOTHING else start


def _kept(
    evidence: Sequence[Evidence],
    taught: Sequence[Steps],
    changes: Sequence[bool],
    rows: Numbers,
    limit: int | None,
) -> list[set[int]]:
    """Keep the worthiest entries of all themes, up to the limit.

    Worth is the gain as a share of all codings and of the theme's: micro and macro F1 count alike.
    """
    total = max(sum(int(each.right[rows].sum()) for each in evidence), 1)
    listed: list[tuple[float, int, int]] = []
    for at, each in enumerate(evidence):
        share = 1 / total + 1 / (max(int(each.right[rows].sum()), 1) * len(evidence))
        entries = taught[at] if changes[at] else unchanged(each, rows)
        listed += [(-gain * share, at, entry) for entry, gain in entries.items()]
    kept: list[set[int]] = [set() for _ in evidence]
    for _, theme, entry in sorted(listed)[:limit]:
        kept[theme].add(entry)
    return kept


def improve_codebook(
    codebook: Codebook,
    answers: Answers,
    gold: Any,
    *,
    borrow: Iterable[Source] | None = None,
    limit: int = 250,
    folds: int = 5,
    seed: int = 0,
) -> Codebook:
    """Improve the entries of a codebook from answers that people have coded.

    Args:
        codebook: Where to start; its themes, definitions and exclusions stay.
        answers: The survey, coded answers and others (which tell in what company words stand).
        gold: What people coded: ``answer_id, theme`` (see ``read_gold``).
        borrow: Codebooks whose entries may be taken where a whole theme of theirs fits one of these:
            names, paths, mappings or codebooks; by default all bundled ones, with ``[]`` none.
        limit: Entries in all, at most. Of a start that has more, those go that lose the fewest answers.
        folds: Of respondents, to choose by what holds on answers not learnt from.
        seed: Of the folds.

    Returns:
        A codebook with the same themes. A theme on which nothing does better keeps its entries. On held-out
        folds neither micro nor macro F1 is below that of a start within the limit.

    Raises:
        AnswersError: ``gold`` is empty, or of another survey or codebook.
        CodebookError: A codebook to borrow from cannot be loaded.
    """
    read = read_gold(gold, codebook, answers, folds=folds, seed=seed)
    return improved(codebook, plans(Engine(answers), codebook, read, limit, lists(borrow, answers)))


def improved(codebook: Codebook, made: Sequence[Plan]) -> Codebook:
    """Give the codebook with what was planned for each of its themes."""
    of = {plan.evidence.theme.theme: plan for plan in made}
    return codebook.model_copy(update={"themes": _improved(codebook.themes, of)})


def _improved(themes: Sequence[Theme], made: Mapping[str, Plan]) -> tuple[Theme, ...]:
    result = []
    for theme in themes:
        plan = made[theme.theme]
        changes = {
            "entries": tuple(plan.evidence.entries[at] for at in sorted(plan.kept)),
            "exclusions": (*theme.exclusions, *(each.entry for each in plan.excluded)),
            "themes": _improved(theme.themes, made),
        }
        result.append(theme.model_copy(update=changes))
    return tuple(result)
