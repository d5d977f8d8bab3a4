"""Answers: what was asked, of whom, and what they said."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Literal

from sendthemes.errors import AnswersError, Problem, nearest
from sendthemes.table import Cell, Table

if TYPE_CHECKING:
    import pandas
    import polars

Kind = Literal["open", "single", "multiple", "statement", "scale", "matrix", "number", "metadata"]
Value = str | tuple[str, ...] | None
CLOSED: frozenset[Kind] = frozenset({"single", "multiple", "statement", "scale", "matrix"})


def problems_table(rows: Iterable[tuple[Cell, ...]]) -> Table:
    """Make the problems table of ``Answers``: where, problem, action."""
    return Table(("where", "problem", "action"), tuple(rows), title="Problems in the input")


@dataclass(frozen=True, slots=True)
class Question:
    """One question, or one column of facts about the respondents.

    Attributes:
        id: Short and unique ("q27"); what codebooks, studies and tables name it by.
        text: The wording, cleaned.
        kind: What sort of answer it takes; only ``open`` ones are coded.
        levels: The possible answers in order; empty for open questions, numbers and metadata.
        reason: Why the kind was inferred, or that it was given.
        section: The part of the survey it stands in; may be empty.
        parent: The id of the question that it follows up ("Other (please specify)"); may be empty.
        wordings: For a statement, what each level says in full (level, wording): no respondent's words.
        asked_if: Routing: asked only of those who answered so (question id, levels); None asks everybody.
        label: A short title for tables and charts; may be empty.
        heading: What stands in the source above the answers, where that is neither id nor text.
    """

    id: str
    text: str
    kind: Kind
    levels: tuple[str, ...] = ()
    reason: str = ""
    section: str = ""
    parent: str = ""
    wordings: tuple[tuple[str, str], ...] = ()
    asked_if: tuple[str, tuple[str, ...]] | None = None
    label: str = ""
    heading: str = ""

    def __post_init__(self) -> None:
        object.__setattr__(self, "levels", tuple(dict.fromkeys(self.levels)))  # counted once each


@dataclass(frozen=True, slots=True)
class Answer:
    """One non-blank answer to an open question, in the respondent's words."""

    id: str
    respondent: str
    question: str
    text: str


@dataclass(frozen=True)
class Answers:
    """One survey: its questions, respondents and answers. Frozen; functions give new ones.

    Open answers are columns of equal length (``answer_ids``, ``answer_respondents``, ``answer_questions``,
    ``texts``), one entry for each non-blank open answer; a respondent may have several to one question.

    Attributes:
        respondents: Respondent ids, in the order of the source.
        questions: All questions, in the order of the survey, open and closed.
        answer_ids: Unique ids of the open answers.
        answer_respondents: For each open answer the index of its respondent in ``respondents``.
        answer_questions: For each open answer the index of its question in ``questions``.
        texts: The open answers as read, to the character.
        values: Question id → one value a respondent for every question that is not open: text, a tuple
            of options for multiple choice, ``None`` where blank.
        identifiers: Kind ("name", "email", "la", "school") → for each respondent the values known.
        problems: What was found and done while reading: where, problem, action.
        unit: What a respondent is: "respondent", or "document".
        weights: One weight a respondent; ``None`` counts everybody as one.
        quotable: For each respondent whether the words may be published; ``None`` means all may.
        wave: The name of this wave of the survey; may be empty.
        null_like: More wordings that say nothing, beside the known ones ("nothing to add").
        source: The name of the file (no folder) or kind of frame that was read.
        digest: SHA-256 of the source's bytes in hex; empty for frames.
    """

    respondents: tuple[str, ...]
    questions: tuple[Question, ...]
    answer_ids: Sequence[str] = ()
    answer_respondents: Sequence[int] = ()
    answer_questions: Sequence[int] = ()
    texts: Sequence[str] = ()
    values: Mapping[str, tuple[Value, ...]] = field(default_factory=dict)
    identifiers: Mapping[str, tuple[tuple[str, ...], ...]] = field(default_factory=dict)
    problems: Table = field(default_factory=lambda: problems_table(()))
    unit: str = "respondent"
    weights: tuple[float, ...] | None = None
    quotable: tuple[bool, ...] | None = None
    wave: str = ""
    null_like: tuple[str, ...] = ()
    source: str = ""
    digest: str = ""

    def __repr__(self) -> str:
        kinds = [question.kind for question in self.questions]
        return (
            f"<Answers: {len(self.respondents)} {self.unit}s, {len(kinds)} questions "
            f"({kinds.count('open')} open), {len(self.texts)} open answers, {len(self.problems)} problems>"
        )

    def _repr_html_(self) -> str:
        """Show each question with its kind and how many answered it in a notebook; never a text."""
        said = Counter(at for at, _ in {*zip(self.answer_questions, self.answer_respondents, strict=True)})
        for at, values in enumerate(self.values.get(question.id, ()) for question in self.questions):
            said[at] += len(values) - values.count(None)
        rows = tuple((each.id, each.text, each.kind, said[at]) for at, each in enumerate(self.questions))
        return Table(("id", "question", "kind", "answered"), rows, title=repr(self)[1:-1])._repr_html_()

    def __iter__(self) -> Iterator[Answer]:
        """Go through the open answers in order."""
        return (self.answer(at) for at in range(len(self.texts)))

    def answer(self, at: int) -> Answer:
        """Give the open answer at a position (0 to ``len(texts) - 1``)."""
        return Answer(
            self.answer_ids[at],
            self.respondents[self.answer_respondents[at]],
            self.questions[self.answer_questions[at]].id,
            self.texts[at],
        )

    @cached_property
    def _by_name(self) -> dict[str, Question]:
        """Id → question, and each wording, heading and id, folded, that is not an id → the first of it."""
        found = {question.id: question for question in self.questions}
        for question in self.questions:
            for name in filter(None, map(_folded, (question.id, question.text, question.heading))):
                found.setdefault(name, question)
        return found

    def has_question(self, name: str) -> bool:
        """Say whether a question of this id or wording is here."""
        return name in self._by_name or _folded(name) in self._by_name

    def question(self, name: str) -> Question:
        """Give the question of this id or wording (case and spaces aside), or offer the nearest."""
        found = self._by_name.get(name) or self._by_name.get(_folded(name))
        if found is None:
            names = (each for question in self.questions for each in (question.id, question.text))
            message = f"There is no question {name!r} in the answers."
            raise AnswersError(Problem(message, self.source, nearest(name, names)))
        return found

    @property
    def open_questions(self) -> tuple[Question, ...]:
        """The questions whose answers are coded, in the order of the survey."""
        return tuple(question for question in self.questions if question.kind == "open")

    def value(self, question: str) -> tuple[Value, ...]:
        """Give one value a respondent of a question that is not open, by id or wording."""
        found = self.question(question)
        if found.kind == "open":
            message = f"{found.id!r} is an open question: it has texts, no levels to count or cross."
            remedy = "Name a closed question, or a classification of the codebook made from it."
            raise AnswersError(Problem(message, self.source, remedy))
        return self.values[found.id]

    def to_pandas(self) -> pandas.DataFrame:
        """Give one row a respondent, one column a question (raw data: treat it as such)."""
        return self._wide().to_pandas()

    def to_polars(self) -> polars.DataFrame:
        """Give one row a respondent, one column a question (raw data: treat it as such)."""
        return self._wide().to_polars()

    def _wide(self) -> Table:
        """One row a respondent; several answers to one question stand under each other in the cell."""
        texts: dict[tuple[int, int], str] = {}
        cells = zip(self.answer_questions, self.answer_respondents, strict=True)
        for cell, text in zip(cells, self.texts, strict=True):
            texts[cell] = f"{texts[cell]}\n{text}" if cell in texts else text
        columns: dict[str, list[str | None]] = {}
        for at, question in enumerate(self.questions):
            values: Sequence[Value] = self.values.get(question.id, ())
            if question.kind == "open":
                values = [texts.get((at, row)) for row in range(len(self.respondents))]
            columns[question.id] = [";".join(cell) if isinstance(cell, tuple) else cell for cell in values]
        first = "respondent" if "respondent" not in columns else "respondent_id"
        return Table((first, *columns), tuple(zip(self.respondents, *columns.values(), strict=True)))


def _folded(text: str) -> str:
    return " ".join(text.casefold().split())
