"""Answers: what was asked, of whom, and what they said."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Literal

from sendthemes.errors import AnswersError, Problem, nearest
from sendthemes.table import Table

if TYPE_CHECKING:
    import pandas
    import polars

Kind = Literal["open", "single", "multiple", "statement", "scale", "matrix", "number", "metadata"]
Value = str | tuple[str, ...] | None
CLOSED: frozenset[Kind] = frozenset({"single", "multiple", "statement", "scale", "matrix"})


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
        parent: The id of the question that it follows up ("Tell us more", "Other (please specify)"); may be
            empty.
        wordings: For a statement, what each level says in full (level, wording). Never coded as a
            respondent's words.
        asked_if: Routing: asked only of respondents whose answer to that question is one of these
            (question id, levels); None asks everybody.
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


@dataclass(frozen=True, slots=True)
class Answer:
    """One non-blank answer to an open question, in the respondent's words."""

    id: str
    respondent: str
    question: str
    text: str


@dataclass(frozen=True, slots=True)
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
    problems: Table = field(
        default_factory=lambda: Table(("where", "problem", "action"), (), title="Problems in the input")
    )
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
        """Show in a notebook how many questions of each kind there are; never a text."""
        kinds: dict[str, list[str]] = {}
        for question in self.questions:
            kinds.setdefault(question.kind, []).append(question.id)
        rows = tuple((kind, len(ids), ", ".join(ids)) for kind, ids in kinds.items())
        title = f"{len(self.respondents):,} {self.unit}s, {len(self.texts):,} open answers"
        notes = (f"{len(self.problems)} problems in the input: see .problems.",) if len(self.problems) else ()
        return Table(("kind", "questions", "ids"), rows, title=title, notes=notes)._repr_html_()

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

    def has_question(self, name: str) -> bool:
        """Say whether a question of this id or wording is here."""
        return self._find(name) is not None

    def question(self, name: str) -> Question:
        """Give the question of this id or wording (case and spaces aside), or offer the nearest."""
        found = self._find(name)
        if found is None:
            names = [each for question in self.questions for each in (question.id, question.text)]
            raise AnswersError(
                Problem(f"There is no question {name!r} in the answers.", self.source, nearest(name, names))
            )
        return found

    def _find(self, name: str) -> Question | None:
        for question in self.questions:
            if name == question.id:
                return question
        folded = _folded(name)
        for question in self.questions:
            if folded in {_folded(question.id), _folded(question.text), _folded(question.heading)} - {""}:
                return question
        return None

    @property
    def open_questions(self) -> tuple[Question, ...]:
        """The questions whose answers are coded, in the order of the survey."""
        return tuple(question for question in self.questions if question.kind == "open")

    def value(self, question: str) -> tuple[Value, ...]:
        """Give one value a respondent of a question that is not open, by id or wording."""
        found = self.question(question)
        if found.kind == "open":
            raise AnswersError(
                Problem(
                    f"{found.id!r} is an open question: it has texts, no levels to count or cross.",
                    self.source,
                    "Name a closed question, or a classification of the codebook made from it.",
                )
            )
        return self.values[found.id]

    def only(self, respondents: Iterable[str]) -> Answers:
        """Give the same survey with these respondents alone (ids), in their old order."""
        keep = set(respondents)
        rows = [at for at, name in enumerate(self.respondents) if name in keep]
        new_row = {old: new for new, old in enumerate(rows)}
        kept = [at for at, row in enumerate(self.answer_respondents) if row in new_row]
        return replace(
            self,
            respondents=tuple(self.respondents[row] for row in rows),
            answer_ids=[self.answer_ids[at] for at in kept],
            answer_respondents=[new_row[self.answer_respondents[at]] for at in kept],
            answer_questions=[self.answer_questions[at] for at in kept],
            texts=[self.texts[at] for at in kept],
            values={name: tuple(column[row] for row in rows) for name, column in self.values.items()},
            identifiers={
                kind: tuple(column[row] for row in rows) for kind, column in self.identifiers.items()
            },
            weights=None if self.weights is None else tuple(self.weights[row] for row in rows),
            quotable=None if self.quotable is None else tuple(self.quotable[row] for row in rows),
        )

    def to_pandas(self) -> pandas.DataFrame:
        """Give one row a respondent, one column a question (raw data: treat it as such)."""
        return self._wide().to_pandas()

    def to_polars(self) -> polars.DataFrame:
        """Give one row a respondent, one column a question (raw data: treat it as such)."""
        return self._wide().to_polars()

    def _wide(self) -> Table:
        """One row a respondent; several answers to one question stand under each other in the cell."""
        columns: dict[str, list[str | None]] = {}
        for question in self.questions:
            if question.kind != "open":
                cells = self.values[question.id]
                columns[question.id] = [";".join(cell) if isinstance(cell, tuple) else cell for cell in cells]
            else:
                columns[question.id] = [None] * len(self.respondents)
        for row, which, text in zip(self.answer_respondents, self.answer_questions, self.texts, strict=True):
            column = columns[self.questions[which].id]
            before = column[row]
            column[row] = text if before is None else f"{before}\n{text}"
        first = "respondent" if "respondent" not in columns else "respondent_id"
        rows = zip(self.respondents, *columns.values(), strict=True)
        return Table((first, *columns), tuple(rows))


def _folded(text: str) -> str:
    return " ".join(text.casefold().split())
