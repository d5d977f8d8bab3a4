"""How right the rules are, from answers that people read: precision, recall, corrected counts.

Only answers marked ``reviewed`` tell: hits that were picked because they looked wrong say nothing about the
rest. What people said of a theme or of one under it counts for it, as in the counts of themes.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from math import sqrt
from pathlib import Path
from typing import Literal, NamedTuple

import numpy as np

from sendthemes.analysis.frequencies import theme_frequencies
from sendthemes.analysis.mentions import counted, listed, unweighted_note
from sendthemes.analysis.statistics import Interval, wilson_interval
from sendthemes.analysis.variables import Flags, Numbers
from sendthemes.coding.code import CodedAnswers
from sendthemes.sensecheck.decisions import Decision
from sendthemes.sensecheck.judgements import UNSAID, YES, known_decisions, of_rules, settled, with_those_under
from sendthemes.sensecheck.sample import UNCODED, answer_strata
from sendthemes.survey.bases import Base, base_mask
from sendthemes.table import Cell, Table

_FEW = 10  # answers read below which a class has no share of its own


def entry_precision(
    coded: CodedAnswers, decisions: Sequence[Decision] | str | Path, *, confidence: float = 95.0
) -> Table:
    """Say of each theme and entry how often people agree that it applies, and how much the theme misses.

    Precision is the share of reviewed answers with a hit in which the theme applies, with Wilson's interval.
    Recall is estimated: of the answers in which the theme applies, the share with a hit; answers that nobody
    read count by the rates found in those read. Each answer read stands for those of its sampling stratum
    (question × rarest theme; one without any joins those of its theme, else all coded or all uncoded ones).
    Recall's interval combines Wilson intervals of the two rates (MOVER: Zou and Donner 2008, Statistics in
    Medicine 27, 1693-1702) on Kish's effective base, with finite population correction.

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
        of = read.of(theme.theme)
        own = _judged(np.flatnonzero(of.hits), of.said, confidence)
        rows.append((theme.theme, theme.title, "", *own, *_recall(of, confidence)))
        unread += [theme.title] if own[2] is None else []
        of_theme = columns.theme == at
        found = set(columns.entry[of_theme].tolist())
        for label in dict.fromkeys(entry.label for entry in theme.entries):
            place = labels.index(label) if label in labels else -1
            if place in found:
                answers = np.unique(columns.answer[of_theme & (columns.entry == place)])
                cells = _judged(answers, of.said, confidence)
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
    theme applies, apart for answers with a hit (one of several of the respondent's, or the only one) and
    without (beside a hit of the respondent's, or of respondents without any), weighed as in
    ``entry_precision``. A respondent's answers are taken as independent given these shares: where some
    people come back to a theme and others never name it, the estimate is somewhat high. This is the
    correction by predictive values (Buonaccorsi 2010, Measurement Error, section 2.3).

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
        of = read.of(str(row["theme"]))
        rates = of.rates()
        cells: tuple[Cell, ...] = (None,) * 4
        number = int(mask.sum())
        if any(rate is None for rate in rates):
            missing.append(str(row["label"]))
        elif number:
            found = _combined(of.respondents(mask), rates, (1,) * 4, confidence)
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


class _Read(NamedTuple):
    """What people read of a survey."""

    rules: CodedAnswers
    found: Numbers  # the same as a matrix
    judged: Numbers  # what people said, on answers reviewed, and stands
    weights: Numbers  # for each answer of the survey for how many it stands; 0 where nobody read it
    says: Flags  # for each answer whether it says something (is no "N/A")
    notes: tuple[str, ...]
    base: str

    def of(self, theme: str) -> _Theme:
        """Give what was found and said of a theme, or of one under it."""
        codebook, answers = self.rules.codebook, self.rules.answers
        hits = with_those_under(self.found, codebook, theme) == YES
        said = with_those_under(self.judged, codebook, theme)
        whose = np.asarray(answers.answer_respondents, dtype=np.int64)
        return _Theme(hits, said, self.weights, self.says, whose, len(answers.respondents))


class _Theme(NamedTuple):
    """One theme in each answer."""

    hits: Flags  # whether the rules found it
    said: Numbers  # what people say of it
    weights: Numbers  # as in _Read
    says: Flags  # as in _Read
    whose: Numbers  # the respondent
    people: int  # how many respondents there are

    @property
    def unread(self) -> Flags:
        """Say which answers that say something nobody judged for the theme."""
        return np.asarray(self.says & (self.said == UNSAID))

    def classes(self) -> list[Flags]:
        """Say which answers are one of several hits, a lone one, none beside a hit, or none at all."""
        number = np.bincount(self.whose[self.hits], minlength=self.people)[self.whose]
        return [self.hits & (number > 1), self.hits & (number == 1), ~self.hits & (number > 0), number == 0]

    def rates(self) -> list[_Rate | None]:
        """Give the share of each class in which the theme applies; a class that nobody read has none.

        A class of which few answers were read takes the share of both classes with (or without) a hit.
        """
        alike = (self.hits, self.hits, ~self.hits, ~self.hits)
        return [
            self.rate(wider if ((self.said != UNSAID) & kind).sum() < _FEW else kind)
            for kind, wider in zip(self.classes(), alike, strict=True)
        ]

    def rate(self, kind: Flags) -> _Rate | None:
        """Estimate a share, on Kish's effective base, corrected for the finite number left to estimate."""
        left = int((self.unread & kind).sum())
        read = kind & (self.said != UNSAID) & (self.weights > 0)
        if not read.any():
            return None if left else _Rate(0.0, 0.0)
        weights = self.weights[read]
        share = float(weights @ self.said[read] / weights.sum())
        if not left:
            return _Rate(share, 0.0)
        effective = float(weights.sum() ** 2 / (weights @ weights))
        return _Rate(share, 1 / (1 / effective + 1 / left))

    def respondents(self, mask: Flags) -> Callable[[Sequence[float]], float]:
        """Give how many respondents of the base mention the theme, to be expected from rates."""
        sure = np.zeros(self.people, dtype=bool)
        sure[self.whose[(self.said == YES) | (~self.says & self.hits)]] = True  # "N/A" is as the rules say
        left = [np.bincount(self.whose[self.unread & kind], minlength=self.people) for kind in self.classes()]

        def expected(shares: Sequence[float]) -> float:
            none = np.prod([(1 - share) ** count for share, count in zip(shares, left, strict=True)], axis=0)
            return float(np.where(sure, 1.0, 1 - none)[mask].sum())

        return expected


def _read(coded: CodedAnswers, decisions: Sequence[Decision] | str | Path) -> _Read:
    decisions = known_decisions(decisions)
    rules = coded.recode(coded.codebook)
    reviewed = {each.answer_id for each in decisions if each.decision == "reviewed"}
    judged = settled(rules, decisions)
    judged[[name not in reviewed for name in rules.answers.answer_ids]] = UNSAID
    places = np.flatnonzero((judged != UNSAID).any(axis=1)).tolist()
    strata = answer_strata(rules)
    says = np.zeros(len(judged), dtype=bool)
    says[[at for rows in strata.values() for at in rows]] = True
    total, coders = int(says.sum()), len({each.coder for each in decisions if each.decision == "reviewed"})
    said = int(says[places].sum())
    base = f"{said:,} of {counted(total, 'substantive answer')}, read by {counted(coders, 'coder')}"
    notes = []
    if not places:
        notes.append("No answer was reviewed: decisions on picked hits say nothing about the rest.")
    if left := int((judged[places] == UNSAID).sum()):
        notes.append(f"Left out: {counted(left, 'verdict')} on which coders contradict each other.")
    found = of_rules(rules, rules.answers, rules.codebook.theme_ids)
    return _Read(rules, found, judged, _weights(strata, places, len(judged)), says, tuple(notes), base)


def _weights(strata: dict[tuple[str, str], list[int]], places: Sequence[int], number: int) -> Numbers:
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


def _judged(places: Numbers, said: Numbers, confidence: float) -> tuple[Cell, ...]:
    """Give answers with a hit, reviewed, right, precision and its interval (percent)."""
    views = said[places][said[places] != UNSAID]
    right = int(views.sum())
    found = wilson_interval(right, len(views), confidence=confidence / 100)
    if found is None:
        return len(places), 0, None, None, None, None
    return len(places), len(views), right, 100 * right / len(views), 100 * found.low, 100 * found.high


def _recall(of: _Theme, confidence: float) -> tuple[float | None, ...]:
    """Give the estimated recall and its interval, in percent; ``None`` where it cannot be told."""
    kinds = (of.hits, ~of.hits)
    rates = [of.rate(kind) for kind in kinds]
    known, left = ([int((which & kind).sum()) for kind in kinds] for which in (of.said == YES, of.unread))
    shares = [rate.share for rate in rates if rate is not None]
    if len(shares) < 2 or not sum(known) + left[0] * shares[0] + left[1] * shares[1]:
        return None, None, None  # it cannot be told, or nobody mentions it

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
