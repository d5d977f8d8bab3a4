"""Mentions: who mentions which theme, and how many of whom, on one explicit base."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sendthemes.analysis.statistics import effective_base, wilson_interval
from sendthemes.analysis.variables import Variable
from sendthemes.errors import AnswersError, CodebookError, Problem, nearest
from sendthemes.survey.answers import Answers, Question
from sendthemes.survey.bases import Base, base_mask
from sendthemes.table import Cell

if TYPE_CHECKING:
    from numpy import bool_
    from numpy.typing import NDArray

    from sendthemes.codebook.model import Codebook, Theme
    from sendthemes.coding.code import CodedAnswers

Names = str | Sequence[str] | None


@dataclass(frozen=True, slots=True)
class Share:
    """How many of how many, weighted or not.

    Attributes:
        count: Respondents (or groups), never weighted.
        base: Of how many, never weighted.
        percent: 0-100, weighted where the answers are; ``None`` on a base of 0.
        low: Lower end of the Wilson interval, percent.
        high: Upper end of the Wilson interval, percent.
    """

    count: int
    base: int
    percent: float | None
    low: float | None
    high: float | None


def check_choice(name: str, value: str, choices: Sequence[str]) -> None:
    """Refuse a word that is not among an option's choices; ``AnswersError`` offers the nearest."""
    if value not in choices:
        listed = ", ".join(repr(choice) for choice in choices)
        raise AnswersError(
            Problem(
                f"{name}={value!r} is not a choice; it is one of {listed}.",
                remedy=nearest(str(value), choices),
            )
        )


def counted(n: int, noun: str) -> str:
    """Put a number and a noun together: "1 respondent", "1,200 respondents"."""
    return f"{n:,} {noun}{'' if n == 1 else 's'}"


def listed(names: Sequence[str]) -> str:
    """Join names as a sentence does: "a, b and c"."""
    return " and ".join([*([", ".join(names[:-1])] if len(names) > 1 else []), *names[-1:]])


def unweighted_note(*waves: Answers) -> tuple[str, ...]:
    """Say of a table that takes no weights that its answers carry some; nothing where they do not."""
    return (
        ("The answers carry weights; this table does not use them.",) if any(w.weights for w in waves) else ()
    )


def open_scope(answers: Answers, questions: Names) -> tuple[Question, ...]:
    """Give the open questions in scope, in the order of the survey; ``AnswersError`` for any other."""
    if questions is None:
        return answers.open_questions
    wanted = [answers.question(name) for name in ((questions,) if isinstance(questions, str) else questions)]
    closed = [question.id for question in wanted if question.kind != "open"]
    if closed:
        raise AnswersError(
            [
                Problem(f"{name!r} is not an open question: it is never coded.", answers.source)
                for name in closed
            ]
        )
    return tuple(question for question in answers.open_questions if question in wanted)


def theme_scope(codebook: Codebook, themes: Names) -> list[int]:
    """Give positions in ``codebook.theme_ids``, in codebook order; ``CodebookError`` names unknown ids."""
    ids = codebook.theme_ids
    if themes is None:
        return list(range(len(ids)))
    wanted = {themes} if isinstance(themes, str) else set(themes)
    unknown = sorted(wanted - set(ids))
    if unknown:
        raise CodebookError(
            [
                Problem(f"The codebook has no theme {name!r}.", codebook.codebook, nearest(name, ids))
                for name in unknown
            ]
        )
    return [at for at, name in enumerate(ids) if name in wanted]


class Mentions:
    """Who mentions what, and who is in the base, over any part of the open questions of coded answers."""

    def __init__(self, coded: CodedAnswers) -> None:
        import numpy as np

        self._answers = coded.answers
        self._of = np.asarray(coded.answers.answer_respondents, dtype=np.int64)
        self._to = np.asarray(coded.answers.answer_questions, dtype=np.int64)
        self._answer, self._theme = np.asarray(coded.columns.answer), np.asarray(coded.columns.theme)
        ids = coded.codebook.theme_ids
        above = {theme.theme: parent for theme, parent in coded.codebook.walk()}
        self._themes = len(ids)
        self._lines = []  # for each theme: itself and all themes above it
        for name in ids:
            line = [name]
            while above[line[-1]]:
                line.append(above[line[-1]])
            self._lines.append([ids.index(each) for each in line])

    def matrix(self, scope: Sequence[Question]) -> Any:
        """Give a sparse matrix (scipy CSR) of respondents by themes, 1 where mentioned in these questions.

        A theme counts its sub-themes' respondents too, once each.
        """
        import numpy as np
        from scipy.sparse import csr_matrix

        kept = self._inside(scope)[self._to[self._answer]] if len(self._answer) else slice(None)
        who, theme = self._of[self._answer[kept]], self._theme[kept].astype(np.int64)
        for depth in range(1, max((len(line) for line in self._lines), default=0)):
            up = np.array([line[depth] if depth < len(line) else -1 for line in self._lines])
            higher = up[self._theme[kept]]
            who = np.concatenate([who, self._of[self._answer[kept]][higher >= 0]])
            theme = np.concatenate([theme, higher[higher >= 0]])
        found = csr_matrix(
            (np.ones(len(who), dtype=np.int64), (who, theme)),
            shape=(len(self._answers.respondents), self._themes),
        )
        found.sum_duplicates()
        found.data[:] = 1
        return found

    def base(self, base: Base, scope: Sequence[Question]) -> NDArray[bool_]:
        """Say for each respondent whether they are in the base over these questions."""
        import numpy as np

        if base != "answered":
            return base_mask(self._answers, base, [question.id for question in scope])
        mask: NDArray[bool_] = np.zeros(len(self._answers.respondents), dtype=bool)
        if len(self._to):
            mask[self._of[self._inside(scope)[self._to]]] = True
        return mask

    def _inside(self, scope: Sequence[Question]) -> NDArray[bool_]:
        import numpy as np

        wanted = {question.id for question in scope}
        return np.array([question.id in wanted for question in self._answers.questions], dtype=bool)


def is_looked_for(theme: Theme, question: Question) -> bool:
    """Say whether any entry of a theme or its sub-themes can be found in answers to a question."""
    if not _in_scope(theme.questions, question):
        return False
    return any(_in_scope(entry.questions, question) for entry in theme.entries) or any(
        is_looked_for(child, question) for child in theme.themes
    )


def _in_scope(questions: Sequence[str], question: Question) -> bool:
    names = {" ".join(name.casefold().split()) for name in questions}
    here = {" ".join(name.casefold().split()) for name in (question.id, question.text)}
    return not names or bool(names & here)


class Counter:
    """Counts who mentions what among a part of the respondents: as people or as groups, weighted or not."""

    def __init__(self, answers: Answers, unit: Variable | None, *, weighted: bool) -> None:
        import numpy as np

        self.unit = unit
        own = answers.weights if weighted and unit is None else None
        self.weights = None if own is None else np.asarray(own, dtype=float)

    def shares(self, mentions: Any, mask: NDArray[bool_]) -> list[Share]:
        """Give one share a column of ``mentions``, among the respondents of ``mask``."""
        import numpy as np

        rows = np.flatnonzero(mask)
        inside = mentions[rows]
        if self.unit is not None:
            groups = self.unit.members[rows].T
            inside = (groups @ inside) > 0
            base = int((groups.getnnz(axis=1) > 0).sum())
        else:
            base = len(rows)
        counts = [int(count) for count in np.asarray(inside.sum(axis=0)).ravel()]
        if self.weights is None:
            return [share(count, base) for count in counts]
        weights = self.weights[rows]
        total, effective = float(weights.sum()), effective_base(weights.tolist())
        sums = np.asarray(inside.T @ weights).ravel()
        return [
            share(count, base, float(weight) / total if total else 0.0, effective)
            for count, weight in zip(counts, sums, strict=True)
        ]

    def size(self, mask: NDArray[bool_]) -> int:
        """Give how many respondents or groups a part of the respondents is."""
        import numpy as np

        if self.unit is None:
            return int(mask.sum())
        return int((self.unit.members[np.flatnonzero(mask)].getnnz(axis=0) > 0).sum())

    def effective(self, mask: NDArray[bool_]) -> float | None:
        """Give Kish's effective base of a part of the respondents; ``None`` where nothing is weighted."""
        return None if self.weights is None else effective_base(self.weights[mask].tolist())


def share(count: int, base: int, weighted: float | None = None, effective: float | None = None) -> Share:
    """Make a share of a count and its base, or of a weighted proportion (0-1) and its effective base."""
    n = float(base) if effective is None else effective
    if not base or not n:
        return Share(count, base, None, None, None)
    proportion = count / base if weighted is None else min(1.0, weighted)
    interval = wilson_interval(count if weighted is None else min(proportion * n, n), n)
    if interval is None:
        return Share(count, base, None, None, None)
    return Share(count, base, 100 * proportion, 100 * interval.low, 100 * interval.high)


def shown_base(answers: Answers, base: Base, n: int, scope: Sequence[Question], counter: Counter) -> str:
    """Put a base in words, with its number: "8 respondents who answered 'q27'"."""
    one = n == 1
    if counter.unit is not None:
        noun, has = f"{counter.unit.title} group{'' if one else 's'}", "with a respondent who"
    else:
        noun, has = answers.unit + ("" if one else "s"), "who"
    every = {question.id for question in scope} == {question.id for question in answers.open_questions}
    if len(scope) == 1:
        where = f" {scope[0].id!r}"
    else:
        where = " at least one open question" if every else f" at least one of {len(scope)} questions"
    ending = {
        "all": "",
        "asked": f" {has} {'was' if one or counter.unit else 'were'} asked{where}",
        "answered": f" {has} answered{where}",
        "substantive": f" {has} gave a substantive answer to{where}",
    }[base]
    return f"{n:,} {noun}{ending}"


def percent_cells(found: Share) -> tuple[Cell, ...]:
    """Give respondents, base, percent, low, high as cells."""
    return found.count, found.base, found.percent, found.low, found.high
