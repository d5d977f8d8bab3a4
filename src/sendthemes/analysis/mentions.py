"""Mentions: who mentions which theme, and how many of whom, on one explicit base."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sendthemes.analysis.statistics import effective_base, newcombe_difference, wilson_interval
from sendthemes.analysis.variables import Variable, variable
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
    """How many of how many.

    Attributes:
        count: Respondents (or groups), never weighted.
        base: Of how many, never weighted.
        part: The count, or the sum of weights where answers are weighted.
        whole: The base, or the sum of weights.
        of: The base, or Kish's effective base.
    """

    count: int
    base: int
    part: float
    whole: float
    of: float

    @property
    def percent(self) -> float | None:
        """0-100, weighted where the answers are; ``None`` on a base of 0."""
        return 100 * self.part / self.whole if self.whole else None

    @property
    def hits(self) -> float:
        """How many of the effective base."""
        return min(self.of, self.part / self.whole * self.of) if self.whole != self.of else self.part

    @property
    def cells(self) -> tuple[Cell, ...]:
        """Respondents, base, percent, and the ends of the Wilson interval in percent."""
        found = wilson_interval(self.hits, self.of)
        ends = (None, None) if found is None else (100 * found.low, 100 * found.high)
        return self.count, self.base, self.percent, *ends


def difference(one: Share, other: Share) -> tuple[float | None, float | None, float | None]:
    """Give by how many percentage points one share is above another, with Newcombe's interval."""
    found = newcombe_difference(one.hits, one.of, other.hits, other.of)
    if found is None or one.percent is None or other.percent is None:
        return None, None, None
    return one.percent - other.percent, 100 * found.low, 100 * found.high


def check_choice(name: str, value: str, choices: Sequence[str]) -> None:
    """Refuse a word that is not among an option's choices; ``AnswersError`` offers the nearest."""
    if value not in choices:
        found = f"{name}={value!r} is not a choice; it is one of {', '.join(map(repr, choices))}."
        raise AnswersError(Problem(found, remedy=nearest(str(value), choices)))


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
    closed = [
        Problem(f"{question.id!r} is not an open question: it is never coded.", answers.source)
        for question in wanted
        if question.kind != "open"
    ]
    if closed:
        raise AnswersError(closed)
    return tuple(question for question in answers.open_questions if question in wanted)


def theme_scope(codebook: Codebook, themes: Names) -> dict[int, tuple[str, str]]:
    """Give position in ``codebook.theme_ids`` → id and title; ``CodebookError`` names unknown ids."""
    ids = codebook.theme_ids
    wanted = set(ids) if themes is None else {themes} if isinstance(themes, str) else set(themes)
    unknown = [
        Problem(f"The codebook has no theme {name!r}.", codebook.codebook, nearest(name, ids))
        for name in sorted(wanted - set(ids))
    ]
    if unknown:
        raise CodebookError(unknown)
    walked = enumerate(theme for theme, _ in codebook.walk())
    return {at: (theme.theme, theme.title) for at, theme in walked if theme.theme in wanted}


class Mentions:
    """Who mentions what, and who is in the base, over any part of the open questions of coded answers."""

    def __init__(self, coded: CodedAnswers) -> None:
        import numpy as np
        from scipy.sparse import csr_matrix

        self._answers = coded.answers
        self._of = np.asarray(coded.answers.answer_respondents, dtype=np.int64)
        self._to = np.asarray(coded.answers.answer_questions, dtype=np.int64)
        self._answer, self._theme = np.asarray(coded.columns.answer), np.asarray(coded.columns.theme)
        ids = coded.codebook.theme_ids
        below = [
            (ids.index(own), at) for at, name in enumerate(ids) for own in coded.codebook.descendants(name)
        ]
        own, above = np.array(below, dtype=np.int64).reshape(-1, 2).T
        size = (len(ids), len(ids))
        self._lines: Any = csr_matrix((np.ones(len(below), dtype=np.int64), (own, above)), shape=size)

    def matrix(self, scope: Sequence[Question]) -> Any:
        """Give a sparse matrix (scipy CSR) of respondents by themes, 1 where mentioned in these questions.

        A theme counts its sub-themes' respondents too, once each.
        """
        import numpy as np
        from scipy.sparse import csr_matrix

        kept = self._inside(scope)[self._to[self._answer]] if len(self._answer) else slice(None)
        who, theme = self._of[self._answer[kept]], self._theme[kept].astype(np.int64)
        shape = (len(self._answers.respondents), self._lines.shape[0])
        found: Any = csr_matrix((np.ones(len(who), dtype=np.int64), (who, theme)), shape=shape) @ self._lines
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

    def __init__(self, answers: Answers, unit: Variable | None = None, *, weighted: bool) -> None:
        import numpy as np

        self.unit = unit
        own = answers.weights if weighted and unit is None else None
        self.weights: NDArray[Any] | None = None if own is None else np.asarray(own, dtype=float)

    def shares(self, mentions: Any, mask: NDArray[bool_]) -> list[Share]:
        """Give one share a column of ``mentions``, among the respondents of ``mask``."""
        import numpy as np

        inside, base = mask.astype(np.int64), self.size(mask)
        if self.unit is not None:
            rows = np.flatnonzero(mask)
            mentions = (self.unit.members[rows].T @ mentions[rows]) > 0
            inside = np.ones(mentions.shape[0], dtype=np.int64)
        counts = (mentions.T @ inside).tolist()
        if self.weights is None:
            return [Share(count, base, count, base, base) for count in counts]
        weights = self.weights * inside
        whole, of = float(weights.sum()), effective_base(weights.tolist())
        parts = (mentions.T @ weights).tolist()
        return [Share(count, base, part, whole, of) for count, part in zip(counts, parts, strict=True)]

    def size(self, mask: NDArray[bool_]) -> int:
        """Give how many respondents or groups a part of the respondents is."""
        import numpy as np

        if self.unit is None:
            return int(mask.sum())
        return int((self.unit.members[np.flatnonzero(mask)].getnnz(axis=0) > 0).sum())

    def notes(self, mask: NDArray[bool_], wave: str = "") -> tuple[str, ...]:
        """Say that percents are weighted, with Kish's effective base; nothing where they are not."""
        if self.weights is None:
            return ()
        said = f"{wave}Percents are weighted; respondents and base are not."
        effective = effective_base(self.weights[mask].tolist())
        return (f"{said} The effective base (Kish) is {effective:,.1f}.",)


def parts(
    coded: CodedAnswers, by: str | None, base: Base, scope: Sequence[Question]
) -> Iterator[tuple[str, Any, NDArray[bool_]]]:
    """Give the parts of a table: a name, who mentions what (respondents by themes), and who is in the base.

    Args:
        coded: The coded answers.
        by: ``None`` for all as one part, ``"question"``, or a variable for each of its levels.
        base: Which respondents take part.
        scope: The open questions counted.
    """
    who = Mentions(coded)
    if by == "question":
        for question in scope:
            yield question.id, who.matrix((question,)), who.base(base, (question,))
        return
    mentions, mask = who.matrix(scope), who.base(base, scope)
    if by is None:
        yield "", mentions, mask
        return
    groups = variable(coded, by)
    for at, level in enumerate(groups.levels):
        yield level, mentions, mask & groups.mask(at)


def shown_base(
    answers: Answers, base: Base, n: int, scope: Sequence[Question], unit: Variable | None = None
) -> str:
    """Put a base in words, with its number: "8 respondents who answered 'q27'"."""
    one = n == 1
    if unit is not None:
        noun, has = f"{unit.title} group{'' if one else 's'}", "with a respondent who"
    else:
        noun, has = answers.unit + ("" if one else "s"), "who"
    every = {question.id for question in scope} == {question.id for question in answers.open_questions}
    if len(scope) == 1:
        where = f" {scope[0].id!r}"
    else:
        where = " at least one open question" if every else f" at least one of {len(scope)} questions"
    ending = {
        "all": "",
        "asked": f" {has} {'was' if one or unit else 'were'} asked{where}",
        "answered": f" {has} answered{where}",
        "substantive": f" {has} gave a substantive answer to{where}",
    }[base]
    return f"{n:,} {noun}{ending}"
