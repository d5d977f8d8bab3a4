"""How right the rules are, from answers that people read: precision, recall, corrected counts.

Only answers marked ``reviewed`` tell: hits that were picked because they looked wrong say nothing about the
rest. What people said of a theme or of one under it counts for it, as in the counts of themes.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import sqrt
from pathlib import Path
from typing import TYPE_CHECKING, Literal, NamedTuple

import numpy as np

from sendthemes.analysis.frequencies import theme_frequencies
from sendthemes.analysis.mentions import counted, listed, unweighted_note
from sendthemes.analysis.statistics import Interval, wilson_interval
from sendthemes.coding.code import CodedAnswers
from sendthemes.errors import AnswersError
from sendthemes.sensecheck.decisions import Decision, duplicates, read_decisions, settled
from sendthemes.sensecheck.sample import UNCODED, answer_strata
from sendthemes.survey.bases import Base, base_mask
from sendthemes.table import Cell, Table

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Flags = NDArray[np.bool_]

_HITS, _LONE, _BESIDE, _WITHOUT = _CLASSES = range(4)  # of answers: see corrected_frequencies
_FEW = 10  # answers read below which a class has no share of its own


def entry_precision(
    coded: CodedAnswers, decisions: Sequence[Decision] | str | Path, *, confidence: float = 95.0
) -> Table:
    """Say of each theme and entry how often people agree that it applies, and how much the theme misses.

    Precision is the share of reviewed answers with a hit in which the theme applies, with Wilson's interval.
    Recall is estimated: of the answers in which the theme applies, the share with a hit, where answers that
    nobody read count by the rates found in those read. Each answer read stands for the answers of its
    sampling stratum (question × rarest theme; a stratum without one is joined to those of its theme, else to
    all coded or all uncoded answers), so that uncoded answers weigh as much as there are. Recall's interval
    combines Wilson intervals of the two rates (MOVER: Zou and Donner 2008, Statistics in Medicine 27,
    1693-1702) on Kish's effective base, with finite population correction.

    Args:
        coded: The coding; decisions already applied are left aside, for the rules are what is judged.
        decisions: Decisions with ``reviewed`` answers (as ``read_sample`` and the review page give them), or
            the path of a decisions file. Where coders contradict each other the answer is left out.
        confidence: Of the intervals, in percent.

    Returns:
        theme, label, entry (empty in the theme's own row; entries without a hit are left out), answers (with
        a hit), reviewed (of them), right, precision, low, high, recall, recall_low, recall_high (percent
        0-100; recall for themes alone). In codebook order. ``None`` where nothing was reviewed, with the
        reason in the notes.

    Raises:
        AnswersError: The decisions are at fault.
    """
    read = _read(coded, decisions)
    rows: list[tuple[Cell, ...]] = []
    unread: list[str] = []
    unseen = 0
    columns, labels = read.rules.columns, read.rules.entry_labels
    for at, (theme, _) in enumerate(read.rules.codebook.walk()):
        said = read.said(theme.theme)
        own = _judged(np.flatnonzero(read.hits(theme.theme)), said, confidence)
        rows.append((theme.theme, theme.title, "", *own, *_recall(read, theme.theme, confidence)))
        unread += [theme.title] if own[2] is None else []
        of_theme = columns.theme == at
        found = set(columns.entry[of_theme].tolist())
        for label in dict.fromkeys(entry.label for entry in theme.entries):
            place = labels.index(label) if label in labels else -1
            if place in found:
                answers = np.unique(columns.answer[of_theme & (columns.entry == place)])
                cells = _judged(answers, said, confidence)
                rows.append((theme.theme, theme.title, label, *cells, None, None, None))
                unseen += cells[2] is None
    notes = [*read.notes, "Entries without a hit are left out: check_codebook lists them."]
    if unread:
        notes.append(f"No precision, as no reviewed answer has a hit: {listed(unread)}.")
    if unseen:
        notes.append(f"Entries of which no reviewed answer has a hit: {unseen:,}.")
    names = ("precision", "low", "high", "recall", "recall_low", "recall_high")
    return Table(
        ("theme", "label", "entry", "answers", "reviewed", "right", *names),
        tuple(rows),
        title="Precision of themes and entries",
        base=read.base,
        notes=(*notes, f"Intervals are {confidence:g} %."),
        formats=dict.fromkeys(names, "percent"),
    )


def corrected_frequencies(
    coded: CodedAnswers,
    decisions: Sequence[Decision] | str | Path,
    *,
    base: Base = "answered",
    confidence: float = 95.0,
) -> Table:
    """Estimate how many respondents mention each theme, beside the rules' count.

    Answers that people read count as they said. The others count by the share of answers read in which the
    theme applies, taken apart for answers with a hit (one of several of the respondent's, or the only one)
    and answers without one (beside a hit of the respondent's, or of respondents without any); each answer
    read stands for its sampling stratum, as in ``entry_precision``. A respondent's answers are taken as
    independent given these shares; where some people come back to a theme and others never name it, the
    estimate is somewhat high. This is the correction by predictive values (Buonaccorsi 2010, Measurement
    Error, section 2.3); the interval combines the Wilson intervals of the shares (MOVER, as in
    ``entry_precision``).

    Args:
        coded: The coding; decisions already applied are left aside.
        decisions: Decisions with ``reviewed`` answers, or the path of a decisions file.
        base: Of whom the percents are, as in ``theme_frequencies``.
        confidence: Of the interval, in percent.

    Returns:
        theme, label, respondents (by the rules), base, percent, corrected (respondents, unrounded),
        corrected_low, corrected_high, corrected_percent; highest by the rules first. ``None`` where too
        little was reviewed, with the reason in the notes. Nothing is weighted by the answers' own weights.

    Raises:
        AnswersError: The decisions are at fault.
    """
    read = _read(coded, decisions)
    mask = base_mask(read.rules.answers, base)
    rows: list[tuple[Cell, ...]] = []
    missing: list[str] = []
    for row in theme_frequencies(read.rules, base=base, weighted=False):
        rates = read.rates(str(row["theme"]))
        cells: tuple[Cell, ...] = (None,) * 4
        number = int(mask.sum())
        if any(rate is None for rate in rates):
            missing.append(str(row["label"]))
        elif number:
            count = read.respondents(str(row["theme"]), mask)
            found = _combined(count, rates, (1,) * 4, confidence)
            cells = (*found, 100 * found[0] / number)
        rows.append((row["theme"], row["label"], row["respondents"], row["base"], row["percent"], *cells))
    notes = [*read.notes]
    if missing:
        notes.append(f"Not corrected, as too few answers with or without a hit were read: {listed(missing)}.")
    columns = ("theme", "label", "respondents", "base", "percent")
    names = ("corrected", "corrected_low", "corrected_high", "corrected_percent")
    return Table(
        (*columns, *names),
        tuple(rows),
        title="Themes mentioned, corrected by what people read",
        base=read.base,
        notes=(*notes, f"The interval is {confidence:g} %.", *unweighted_note(read.rules.answers)),
        formats={"percent": "percent", **dict.fromkeys(names, "number")},
    )


class _Rate(NamedTuple):
    """The share of a class of answers in which a theme applies, and on how many answers it rests."""

    share: float
    n: float

    def interval(self, confidence: float) -> Interval:
        if not self.n:  # no answer is left to estimate
            return Interval(self.share, self.share)
        count = min(self.share * self.n, self.n)  # but for rounding
        found = wilson_interval(count, self.n, confidence=confidence / 100)
        return found or Interval(0.0, 1.0)


Rates = tuple[_Rate | None, ...]


@dataclass(frozen=True, slots=True)
class _Read:
    """What people read: verdicts by answer, and for how many answers each stands.

    Attributes:
        rules: The rules' coding.
        verdicts: (place of the answer, theme) → whether it applies.
        places: Places of the reviewed answers.
        weights: For each answer of the survey for how many it stands; 0 where nobody read it.
        says: For each answer whether it says something (is no "N/A").
        notes: How many were read, and what was left out.
        base: The same as a caption.
    """

    rules: CodedAnswers
    verdicts: dict[tuple[int, str], bool]
    places: tuple[int, ...]
    weights: NDArray[np.float64]
    says: Flags
    notes: tuple[str, ...]
    base: str

    def hits(self, theme: str) -> Flags:
        """Say of each answer whether the rules found the theme, or one under it."""
        wanted = self.rules.codebook.descendants(theme)
        at = [place for place, name in enumerate(self.rules.codebook.theme_ids) if name in wanted]
        found = np.zeros(len(self.says), dtype=bool)
        found[self.rules.columns.answer[np.isin(self.rules.columns.theme, at)]] = True
        return found

    def said(self, theme: str) -> dict[int, bool]:
        """Give what people said of the theme, or of one under it: place of the answer → verdict."""
        family = self.rules.codebook.descendants(theme)
        said = {}
        for place in self.places:
            views = [self.verdicts.get((place, name)) for name in family]
            if True in views or None not in views:
                said[place] = True in views
        return said

    def classes(self, theme: str) -> NDArray[np.int8]:
        """Give each answer's class: one of several hits, a lone one, none beside a hit, or none at all."""
        hits = self.hits(theme)
        whose = np.asarray(self.rules.answers.answer_respondents, dtype=np.int64)
        number = np.bincount(whose[hits], minlength=len(self.rules.answers.respondents))[whose]
        having = np.where(number > 1, _HITS, _LONE)
        return np.where(hits, having, np.where(number > 0, _BESIDE, _WITHOUT)).astype(np.int8)

    def unread(self, theme: str) -> Flags:
        """Say which answers that say something nobody judged for the theme."""
        unread = self.says.copy()
        unread[list(self.said(theme))] = False
        return unread

    def rates(self, theme: str) -> Rates:
        """Give the share of each class in which the theme applies; a class that nobody read has none.

        A class of which few answers were read takes the share of both classes with (or without) a hit.
        """
        classes, said, hits = self.classes(theme), self.said(theme), self.hits(theme)
        found = []
        for kind in _CLASSES:
            few = sum(classes[at] == kind for at in said) < _FEW
            alike = hits if kind in (_HITS, _LONE) else ~hits
            found.append(self.rate(theme, alike if few else classes == kind))
        return tuple(found)

    def rate(self, theme: str, kind: Flags) -> _Rate | None:
        """Estimate a share, on Kish's effective base, corrected for the finite number left to estimate."""
        said, left = self.said(theme), int((self.unread(theme) & kind).sum())
        places = [at for at in said if kind[at] and self.weights[at] > 0]
        if not places:
            return None if left else _Rate(0.0, 0.0)
        weights = self.weights[places]
        share = float(weights @ [said[at] for at in places] / weights.sum())
        if not left:
            return _Rate(share, 0.0)
        effective = float(weights.sum() ** 2 / (weights @ weights))
        return _Rate(share, 1 / (1 / effective + 1 / left))

    def respondents(self, theme: str, mask: Flags) -> Callable[[Sequence[float]], float]:
        """Give how many respondents of the base mention the theme, to be expected from rates."""
        classes, said = self.classes(theme), self.said(theme)
        whose = np.asarray(self.rules.answers.answer_respondents, dtype=np.int64)
        number = len(self.rules.answers.respondents)
        sure = np.zeros(number, dtype=bool)
        unread = self.unread(theme)
        certain = [at for at, applies in said.items() if applies]
        certain += np.flatnonzero(~self.says & self.hits(theme)).tolist()  # "N/A" is as the rules say
        sure[whose[certain]] = True
        left = [np.bincount(whose[unread & (classes == kind)], minlength=number) for kind in _CLASSES]

        def expected(shares: Sequence[float]) -> float:
            none = np.prod([(1 - share) ** count for share, count in zip(shares, left, strict=True)], axis=0)
            return float(np.where(sure, 1.0, 1 - none)[mask].sum())

        return expected


def _read(coded: CodedAnswers, decisions: Sequence[Decision] | str | Path) -> _Read:
    if isinstance(decisions, str | Path):
        decisions = read_decisions(decisions)
    if problems := duplicates(decisions):
        raise AnswersError(problems)
    rules = coded.recode(coded.codebook)
    place = {name: at for at, name in enumerate(rules.answers.answer_ids)}
    reviewed = {each.answer_id for each in decisions if each.decision == "reviewed"}
    verdicts = {
        (place[answer], theme): applies
        for (answer, theme), (applies, _) in settled(rules, decisions).items()
        if answer in reviewed
    }
    places = tuple(sorted({at for at, _ in verdicts}))
    strata = answer_strata(rules)
    says = np.zeros(len(place), dtype=bool)
    says[[at for rows in strata.values() for at in rows]] = True
    total, coders = int(says.sum()), len({each.coder for each in decisions if each.decision == "reviewed"})
    base = f"{len(places):,} of {counted(total, 'substantive answer')}, read by {counted(coders, 'coder')}"
    notes = []
    if not places:
        notes.append("No answer was reviewed: decisions on picked hits say nothing about the rest.")
    if left := len(places) * len(rules.codebook.theme_ids) - len(verdicts):
        notes.append(f"Left out: {counted(left, 'verdict')} on which coders contradict each other.")
    weights = _weights(strata, places, len(place))
    return _Read(rules, verdicts, places, weights, says, tuple(notes), base)


def _weights(
    strata: dict[tuple[str, str], list[int]], places: Sequence[int], number: int
) -> NDArray[np.float64]:
    """Let each answer read stand for its share of its stratum, or of the nearest one without any."""
    read: dict[tuple[str | bool, ...], list[int]] = defaultdict(list)
    wanted = set(places)
    for (question, theme), rows in strata.items():
        found = [at for at in rows if at in wanted]
        for wider in ((question, theme), (theme,), (theme == UNCODED,), ()):
            read[wider] += found
    weights = np.zeros(number)
    for (question, theme), rows in strata.items():
        for wider in ((question, theme), (theme,), (theme == UNCODED,), ()):
            if read[wider]:
                weights[read[wider]] += len(rows) / len(read[wider])
                break
    return weights


def _judged(
    places: Sequence[int] | NDArray[np.int64], said: dict[int, bool], confidence: float
) -> tuple[Cell, ...]:
    """Give answers with a hit, reviewed, right, precision and its interval (percent)."""
    views = [said[at] for at in (int(place) for place in places) if at in said]
    found = wilson_interval(sum(views), len(views), confidence=confidence / 100)
    if found is None:
        return len(places), 0, None, None, None, None
    percents = (100 * sum(views) / len(views), 100 * found.low, 100 * found.high)
    return len(places), len(views), sum(views), *percents


def _recall(read: _Read, theme: str, confidence: float) -> tuple[float | None, ...]:
    """Give the estimated recall and its interval, in percent; ``None`` where it cannot be told."""
    hits, said = read.hits(theme), read.said(theme)
    rates = (read.rate(theme, hits), read.rate(theme, ~hits))
    if rates[0] is None or rates[1] is None:
        return None, None, None
    unread = read.unread(theme)
    left = int((unread & hits).sum()), int((unread & ~hits).sum())
    known = [sum(applies for at, applies in said.items() if bool(hits[at]) is hit) for hit in (True, False)]
    if not sum(known) + left[0] * rates[0].share + left[1] * rates[1].share:
        return None, None, None  # nobody mentions it

    def recall(shares: Sequence[float]) -> float:
        found, missed = (known[at] + left[at] * shares[at] for at in (0, 1))
        return found / (found + missed) if found + missed else 0.0

    return tuple(100 * value for value in _combined(recall, rates, (1, -1), confidence))


def _combined(
    of: Callable[[Sequence[float]], float],
    rates: Sequence[_Rate | None],
    signs: Sequence[Literal[1, -1]],
    confidence: float,
) -> tuple[float, float, float]:
    """Give an estimate and its interval from the rates it rests on (MOVER); signs say where each pulls."""
    known = [rate for rate in rates if rate is not None]
    shares = [rate.share for rate in known]
    estimate = of(shares)
    down = up = 0.0
    for at, (rate, sign) in enumerate(zip(known, signs, strict=True)):
        ends = rate.interval(confidence)[::sign]
        lower, upper = (of([*shares[:at], end, *shares[at + 1 :]]) for end in ends)
        down += (estimate - lower) ** 2
        up += (upper - estimate) ** 2
    return estimate, estimate - sqrt(down), estimate + sqrt(up)
