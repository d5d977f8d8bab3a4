"""Scales: how many agree, neither agree nor disagree, or disagree; net; and the mean of the levels."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from sendthemes.analysis.mentions import Counter, Names, Share, counted, listed
from sendthemes.analysis.variables import Numbers, answers_of
from sendthemes.errors import AnswersError, Problem
from sendthemes.survey.answers import CLOSED, Answers, Question, Value
from sendthemes.table import Cell, Format, Table

_ASIDE = re.compile(
    r"(?i)do(n't| not) know|not (sure|applicable)|n/?a\b|prefer not|no (answer|opinion)|unsure"
)
_NEITHER = re.compile(r"(?i)neither|\bnor\b")
_SIDES = ("agree", "neither", "disagree")
_FORMATS: dict[str, Format] = {**dict.fromkeys((*_SIDES, "net"), "percent"), "mean": "number"}


class Scale(NamedTuple):
    """One question as a scale, with the levels that count as agreement and as disagreement."""

    question: Question
    agree: tuple[str, ...]
    disagree: tuple[str, ...]
    order: tuple[str, ...]  # from the lowest level to the highest; "Don't know" and the like have no place

    def places(self, answers: Answers) -> Numbers:
        """Give each respondent's level as a number from 1; 0 for those who are not on the scale."""
        number: dict[Value, int] = {level: at for at, level in enumerate(self.order, start=1)}
        values = answers.values[self.question.id]
        return np.array([number.get(value, 0) for value in values], dtype=int)

    def shares(self, answers: Answers, counter: Counter) -> list[Share]:
        """Give how many agree, neither agree nor disagree, and disagree, of those on the scale."""
        sides = ([level in side for level in self.order] for side in (self.agree, self.disagree))
        yes, no = (np.array([False, *side]) for side in sides)
        places = self.places(answers)
        return counter.shares(np.column_stack((yes, ~(yes | no), no))[places], places > 0)


def scale_of(
    answers: Answers, name: str, agree: Sequence[str] | None = None, disagree: Sequence[str] | None = None
) -> Scale:
    """Read a closed question (id or wording) as a scale.

    ``agree`` and ``disagree`` name the levels that count as such; ``None`` takes those that say "agree", and
    those that say "disagree" or, where ``agree`` is given, none. ``AnswersError``: no such question or
    level, or no level that says "agree" where none is given.
    """
    question = answers.question(name)
    if question.kind not in CLOSED or question.kind == "multiple":
        told = f"{question.id!r} is no question with one level a respondent."
        raise AnswersError(Problem(told, answers.source))
    order = [level for level in question.levels if not _ASIDE.search(level)]
    if agree is None:
        sided = [level for level in order if not _NEITHER.search(level)]
        low = [level for level in sided if re.search(r"(?i)disagree", level)]
        high = [level for level in sided if re.search(r"(?i)\bagree", level)]
    else:
        high, low = list(agree), list(disagree or ())
    strange = [level for level in (*high, *low) if level not in question.levels]
    if strange or not high:
        found = f"has no level {strange[0]!r}" if strange else "has no level that says 'agree'"
        remedy = f"Its levels are {listed(question.levels)}; name those that count with agree= and disagree=."
        raise AnswersError(Problem(f"{question.id!r} {found}.", answers.source, remedy))
    if order and order[0] in high and order[-1] not in high:
        order.reverse()
    return Scale(question, tuple(high), tuple(low), tuple(order))


def scale_summary(
    answers: Answers,
    *,
    questions: Names,
    agree: Sequence[str] | None = None,
    disagree: Sequence[str] | None = None,
    weighted: bool = True,
) -> Table:
    """Sum up scale questions: agree, neither, disagree, net and mean.

    Args:
        answers: The survey.
        questions: Ids or wordings of closed questions with one level a respondent.
        agree: Levels that count as agreement; ``None`` takes those that say "agree".
        disagree: Levels that count as disagreement; ``None`` takes those that say "disagree".
        weighted: Weight percents, net and mean by the answers' own weights, if they have any.

    Returns:
        question, label, respondents_agree, respondents_neither, respondents_disagree, base, agree, neither,
        disagree (percents of the base), net (agree less disagree, percentage points), mean (levels
        numbered from 1, the lowest, up). The base is who placed themselves on the scale; "Don't know" and
        the like are left out and noted. In the order given; a base of 0 leaves the rest empty.
    """
    rows: list[tuple[Cell, ...]] = []
    notes: list[str] = []
    answers = answers_of(answers)
    counter = Counter(answers, weighted=weighted)
    for name in (questions,) if isinstance(questions, str) else questions or ():
        scale = scale_of(answers, name, agree, disagree)
        shares, places = scale.shares(answers, counter), scale.places(answers)
        yes, neither, no = (each.percent for each in shares)
        net = None if yes is None or no is None else yes - no
        weights = None if counter.weights is None else counter.weights[places > 0]
        mean = None if net is None else float(np.average(places[places > 0], weights=weights))
        counts = (*(each.count for each in shares), shares[0].base)
        rows.append((scale.question.id, scale.question.text, *counts, yes, neither, no, net, mean))
        aside = sum(value is not None for value in answers.values[scale.question.id]) - shares[0].base
        if aside:
            notes.append(f"{scale.question.id}: left out {counted(aside, 'answer')} off the scale.")
    return Table(
        ("question", "label", *(f"respondents_{side}" for side in _SIDES), "base", *_SIDES, "net", "mean"),
        tuple(rows),
        title="Agreement",
        base="respondents who placed themselves on each scale",
        notes=(*notes, *counter.notes()),
        reading=_reading(rows),
        formats=_FORMATS,
    )


def _reading(rows: Sequence[tuple[Cell, ...]]) -> str:
    known = [(row[6], str(row[1] or row[0])) for row in rows if isinstance(row[6], float)]
    if not known:
        return ""
    high, low = max(known, key=lambda pair: pair[0]), min(known, key=lambda pair: pair[0])
    words = f"Most agree with {high[1]!r} ({high[0]:.1f}%)"
    return words + (f", fewest with {low[1]!r} ({low[0]:.1f}%)." if low[0] < high[0] else ".")
