"""Scales: how many agree, neither agree nor disagree, or disagree; net; and the mean of the levels."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from sendthemes.analysis.mentions import Names, counted, listed, unweighted_note
from sendthemes.errors import AnswersError, Problem
from sendthemes.survey.answers import CLOSED, Answers, Question
from sendthemes.table import Cell, Format, Table

_ASIDE = re.compile(
    r"(?i)do(n't| not) know|not (sure|applicable)|n/?a\b|prefer not|no (answer|opinion)|unsure"
)
_NEITHER = re.compile(r"(?i)neither|\bnor\b")
_FORMATS: dict[str, Format] = {
    "agree": "percent",
    "neither": "percent",
    "disagree": "percent",
    "net": "percent",
    "mean": "number",
}


class Scale(NamedTuple):
    """One question as a scale, from its lowest level to its highest.

    Attributes:
        question: The question.
        agree: Levels that count as agreement.
        disagree: Levels that count as disagreement.
        order: All levels that have a number, 1 for the first; "Don't know" and the like have none.
    """

    question: Question
    agree: tuple[str, ...]
    disagree: tuple[str, ...]
    order: tuple[str, ...]

    def values(self, answers: Answers) -> list[str]:
        """Give the levels chosen, of those respondents who placed themselves on the scale."""
        known = set(self.order)
        return [
            value for value in answers.values[self.question.id] if isinstance(value, str) and value in known
        ]


def scale_of(
    answers: Answers, name: str, agree: Sequence[str] | None = None, disagree: Sequence[str] | None = None
) -> Scale:
    """Read a closed question as a scale.

    Args:
        answers: The survey.
        name: The question's id or wording.
        agree: Levels that count as agreement; ``None`` takes those that say "agree".
        disagree: Levels that count as disagreement; ``None`` takes those that say "disagree", or, where
            ``agree`` is given, none.

    Raises:
        AnswersError: No such question or level, or no level that says "agree" where none is given.
    """
    question = answers.question(name)
    if question.kind not in CLOSED or question.kind == "multiple":
        raise AnswersError(
            Problem(f"{question.id!r} is no question with one level a respondent.", answers.source)
        )
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
) -> Table:
    """Sum up scale questions: agree, neither, disagree, net and mean.

    Args:
        answers: The survey.
        questions: Ids or wordings of closed questions with one level a respondent.
        agree: Levels that count as agreement; ``None`` takes those that say "agree".
        disagree: Levels that count as disagreement; ``None`` takes those that say "disagree".

    Returns:
        question, label, respondents_agree, respondents_neither, respondents_disagree, base, agree, neither,
        disagree (percents of the base), net (agree less disagree, percentage points), mean (levels
        numbered from 1, the lowest, up). The base is who placed themselves on the scale; "Don't know" and
        the like are left out and noted. In the order given; a base of 0 leaves the rest empty.
    """
    rows: list[tuple[Cell, ...]] = []
    notes: list[str] = []
    for name in (questions,) if isinstance(questions, str) else questions or ():
        scale = scale_of(answers, name, agree, disagree)
        values = scale.values(answers)
        n = len(values)
        yes, no = (sum(value in side for value in values) for side in (scale.agree, scale.disagree))
        counts = (yes, n - yes - no, no)
        shares = tuple(100 * count / n if n else None for count in counts)
        mean = sum(scale.order.index(value) + 1 for value in values) / n if n else None
        net = 100 * (yes - no) / n if n else None
        rows.append((scale.question.id, scale.question.text, *counts, n, *shares, net, mean))
        aside = sum(value is not None for value in answers.values[scale.question.id]) - n
        if aside:
            notes.append(f"{scale.question.id}: left out {counted(aside, 'answer')} off the scale.")
    columns = (
        "question",
        "label",
        "respondents_agree",
        "respondents_neither",
        "respondents_disagree",
        "base",
    )
    return Table(
        (*columns, "agree", "neither", "disagree", "net", "mean"),
        tuple(rows),
        title="Agreement",
        base="respondents who placed themselves on each scale",
        notes=(*notes, *unweighted_note(answers)),
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
