"""Mentions: who mentions which theme, and how many of whom, on one explicit base."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from sendthemes.analysis.statistics import effective_base, newcombe_difference, wilson_interval
from sendthemes.analysis.variables import Flags, Numbers, Sparse, Variable, answers_of, ones_at, variable
from sendthemes.codebook.model import Codebook, Theme
from sendthemes.coding.code import CodedAnswers
from sendthemes.coding.scopes import find_question
from sendthemes.errors import AnswersError, CodebookError, Problem, nearest
from sendthemes.survey.answers import Answers, Question
from sendthemes.survey.bases import Base, base_mask
from sendthemes.table import Cell

Names = str | Sequence[str] | None


@dataclass(frozen=True, slots=True)
class Share:
    """How many respondents (or groups) of how many: counted, weighed, and on which effective base."""

    count: int
    base: int
    part: float  # the count, or the sum of weights where answers are weighted
    whole: float  # the base, or the sum of weights
    of: float  # the base, or Kish's effective base

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


def counted(n: int, noun: str) -> str:
    """Put a number and a noun together: "1 respondent", "1,200 respondents"."""
    return f"{n:,} {noun}{'' if n == 1 else 's'}"


def listed(names: Sequence[str]) -> str:
    """Join names as a sentence does: "a, b and c"."""
    return " and ".join([*([", ".join(names[:-1])] if len(names) > 1 else []), *names[-1:]])


def unweighted_note(*waves: Answers) -> tuple[str, ...]:
    """Say of a table that takes no weights that its answers carry some; nothing where they do not."""
    weighted = any(wave.weights for wave in waves)
    return ("The answers carry weights; this table does not use them.",) if weighted else ()


def open_scope(answers: Answers, questions: Names) -> tuple[Question, ...]:
    """Give the open questions in scope, in the order of the survey; ``AnswersError`` for any other."""
    if questions is None:
        return answers.open_questions
    wanted = [answers.question(name) for name in ((questions,) if isinstance(questions, str) else questions)]
    if closed := [question.id for question in wanted if question.kind != "open"]:
        told = "is not an open question: it is never coded."
        raise AnswersError(Problem(f"{name!r} {told}", answers.source) for name in closed)
    return tuple(question for question in answers.open_questions if question in wanted)


def theme_scope(codebook: Codebook, themes: Names) -> dict[int, tuple[str, str]]:
    """Give position in ``codebook.theme_ids`` → id and title; ``CodebookError`` names unknown ids."""
    ids = codebook.theme_ids
    wanted = set(ids) if themes is None else {themes} if isinstance(themes, str) else set(themes)
    if unknown := [(f"The codebook has no theme {name!r}.", name) for name in sorted(wanted - set(ids))]:
        raise CodebookError(Problem(told, codebook.codebook, nearest(name, ids)) for told, name in unknown)
    walked = enumerate(theme for theme, _ in codebook.walk())
    return {at: (theme.theme, theme.title) for at, theme in walked if theme.theme in wanted}


def is_looked_for(coded: CodedAnswers, theme: Theme, question: Question) -> bool:
    """Say whether any entry of a theme or its sub-themes can be found in answers to a question."""

    def holds(names: Sequence[str]) -> bool:
        return not names or question in [find_question(coded.answers, each, coded.codebook) for each in names]

    return holds(theme.questions) and (
        any(holds(scope) for scope in {entry.questions for entry in theme.entries})
        or any(is_looked_for(coded, child, question) for child in theme.themes)
    )


class Counter:
    """Counts a part of the respondents: as people or as groups, weighted or not."""

    def __init__(self, answers: Answers, unit: Variable | None = None, *, weighted: bool) -> None:
        self.unit = unit
        own = answers.weights if weighted and unit is None else None
        self.weights: Numbers | None = None if own is None else np.asarray(own, dtype=float)

    def shares(self, mentions: Any, mask: Flags) -> list[Share]:
        """Give one share a column of ``mentions``, among the respondents of ``mask``."""
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

    def size(self, mask: Flags) -> int:
        """Give how many respondents or groups a part of the respondents is."""
        if self.unit is None:
            return int(mask.sum())
        return int((self.unit.members[np.flatnonzero(mask)].getnnz(axis=0) > 0).sum())

    def notes(self, mask: Flags | slice = slice(None), wave: str = "") -> tuple[str, ...]:
        """Say that percents are weighted, with Kish's effective base; nothing where they are not."""
        if self.weights is None:
            return ()
        said = f"{wave}Percents are weighted; respondents and base are not."
        effective = effective_base(self.weights[mask].tolist())
        return (f"{said} The effective base (Kish) is {effective:,.1f}.",)


class Tally:
    """Who mentions which theme in the answers to some questions, and who is in the base.

    Attributes:
        scope: The open questions counted.
        themes: Position of a theme wanted in ``codebook.theme_ids`` → its id and title.
        counter: Counts the respondents.
        mask: For each respondent whether they are in the base.
    """

    def __init__(
        self,
        coded: CodedAnswers,
        base: Base = "answered",
        questions: Names = None,
        themes: Names = None,
        *,
        unit: str | None = None,
        weighted: bool = True,
    ) -> None:
        self.answers = answers_of(coded, coded=True)
        self.scope = open_scope(self.answers, questions)
        self.themes = theme_scope(coded.codebook, themes)
        group = None if unit is None else variable(coded, unit)
        self.counter = Counter(self.answers, group, weighted=weighted)
        self._coded = coded
        self._base: Base = base
        self._of = np.asarray(self.answers.answer_respondents, dtype=np.int64)
        self._to = np.asarray(self.answers.answer_questions, dtype=np.int64)
        self.mask = self._in_base(self.scope)

    @cached_property
    def mentions(self) -> Sparse:
        """Who mentions what in all these questions: see ``_mentions``."""
        return self._mentions(self.scope)

    def shares(self, mask: Flags | None = None) -> list[Share]:
        """Give one share a theme of the codebook, of the base or of the part of it that a mask keeps."""
        return self.counter.shares(self.mentions, self.mask if mask is None else self.mask & mask)

    def parts(self, by: str | None) -> Iterator[tuple[str, list[Share]]]:
        """Give the parts of a table by name, each with one share a theme of the codebook.

        Args:
            by: ``None`` for all as one part, ``"question"``, or a variable for each of its levels.
        """
        if by is None:
            yield "", self.shares()
        elif by == "question":
            for question in self.scope:
                mentions, mask = self._mentions((question,)), self._in_base((question,))
                yield question.id, self.counter.shares(mentions, mask)
        else:
            groups = variable(self._coded, by)
            for at, level in enumerate(groups.levels):
                yield level, self.shares(groups.mask(at))

    def among(self, groups: Variable) -> tuple[Flags, Sparse, Sparse]:
        """Give who of the base is in any group; of these, who mentions what and who is in which group."""
        mask = self.mask & groups.known
        return mask, self.mentions[mask], groups.members[mask]

    def base(self, mask: Flags | None = None) -> str:
        """Put the base in words, with its number: "8 respondents who answered 'q27'"."""
        n, unit = self.counter.size(self.mask if mask is None else mask), self.counter.unit
        noun = self.answers.unit if unit is None else f"{unit.title} group"
        has = "who" if unit is None else "with a respondent who"
        every = len(self.scope) == len(self.answers.open_questions)
        where = " at least one open question" if every else f" at least one of {len(self.scope)} questions"
        where = f" {self.scope[0].id!r}" if len(self.scope) == 1 else where
        ending = {
            "all": "",
            "asked": f" {has} {'was' if n == 1 or unit else 'were'} asked{where}",
            "answered": f" {has} answered{where}",
            "substantive": f" {has} gave a substantive answer to{where}",
        }
        return counted(n, noun) + ending[self._base]

    @cached_property
    def _lines(self) -> Sparse:
        """Themes by themes, 1 where the one is the other or under it."""
        book = self._coded.codebook
        at = {name: place for place, name in enumerate(book.theme_ids)}
        below = [(at[own], at[name]) for name in at for own in book.descendants(name)]
        own, above = np.array(below, dtype=np.int64).reshape(-1, 2).T
        return ones_at(own, above, (len(at), len(at)))

    def _mentions(self, scope: Sequence[Question]) -> Sparse:
        """Give respondents by themes: 1 where the theme, or one under it, is mentioned in these questions."""
        answer, theme = (np.asarray(each) for each in (self._coded.columns.answer, self._coded.columns.theme))
        kept = self._inside(scope)[self._to[answer]] if len(answer) else slice(None)
        who, shape = self._of[answer[kept]], (len(self.answers.respondents), self._lines.shape[0])
        found = ones_at(who, theme[kept], shape) @ self._lines
        found.data[:] = 1
        return found

    def _in_base(self, scope: Sequence[Question]) -> Flags:
        """Say for each respondent whether they are in the base over these questions."""
        if self._base != "answered":
            return base_mask(self.answers, self._base, [question.id for question in scope])
        mask: Flags = np.zeros(len(self.answers.respondents), dtype=bool)
        if len(self._to):
            mask[self._of[self._inside(scope)[self._to]]] = True
        return mask

    def _inside(self, scope: Sequence[Question]) -> Flags:
        """Say for each question whether it is one of these."""
        wanted = {question.id for question in scope}
        return np.array([question.id in wanted for question in self.answers.questions], dtype=bool)
