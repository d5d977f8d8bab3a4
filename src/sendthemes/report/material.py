"""Material: everything that the sections of a report are written from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from sendthemes.report.definition import Mode, Rated, StudyDefinition
from sendthemes.report.rules import Figures
from sendthemes.table import Cell, Table

if TYPE_CHECKING:
    from sendthemes.coding.code import CodedAnswers
    from sendthemes.redaction.spans import Redacted


@dataclass(frozen=True)
class Material:
    """What the sections are written from."""

    study: StudyDefinition  # what the study file asks for
    mode: Mode  # ``internal`` or ``publish``
    coded: CodedAnswers  # the coded answers
    tables: Mapping[str, Table]  # id → table as it is shown
    figures: Figures  # what rules read: shown counts, and the domains' colours as they are in force
    # RAG domain → the colour that the rules gave and their figures
    ruled: Mapping[str, tuple[Rated, tuple[str, ...]]]
    redacted: Sequence[Redacted]  # one redacted text an answer, in the order of the answers' texts
    may_show: Sequence[bool]  # one an answer: whether its words may be printed
    codes: Mapping[str, str]  # respondent → the code printed for it
    areas: Mapping[str, str]  # authority as the answers write it → the code that tables print
    names: Mapping[str, str]  # question, variable or classification → its short name
    numbers: Mapping[str, str]  # question → its number in the survey ("Q7")
    manifest: Mapping[str, Any]  # versions, hashes, settings, counts

    @property
    def people(self) -> str:
        """What respondents are called, in the plural."""
        return f"{self.coded.answers.unit}s"

    def asked(self, question: str) -> str:
        """Give a question as headings do: its number and wording."""
        text = self.coded.answers.question(question).text
        number = self.numbers.get(question, "")
        return f"{number}. {text}" if number else text

    def source(self, classification: str) -> str:
        """Give the open question that a classification reads."""
        reads = {each.classification: each.question for each in self.coded.codebook.classifications}
        return self.coded.answers.question(reads[classification]).id

    @property
    def hides(self) -> bool:
        """Whether small numbers are hidden: for publication, unless documents are counted and not people."""
        return self.mode == "publish" and not self.study.documents

    def code(self, respondent: int) -> str:
        """Give the code printed beside a respondent's words; none where numbers are hidden.

        Beside a theme it would say that a hidden count of its authority is not nought, and on several quotes
        it would put together what one respondent said.
        """
        return "" if self.hides else self.codes[self.coded.answers.respondents[respondent]]

    @property
    def counting(self) -> str:
        """How themes are counted, in a sentence."""
        unit = self.coded.answers.unit
        return f"A {unit} counts once for a theme, however often and in however many answers it occurs."

    @cached_property
    def codings(self) -> dict[int, list[int]]:
        """Answer → its codings, as positions in the columns."""
        found: dict[int, list[int]] = {}
        for row, answer in enumerate(self.coded.columns.answer.tolist()):
            found.setdefault(answer, []).append(row)
        return found

    @property
    def openings(self) -> int:
        """How many answers each count brings into the evidence: for publication no more than are quoted."""
        wish = self.study.excerpts
        return min(wish.evidence, wish.limit) if self.mode == "publish" else wish.evidence

    def is_open(self, theme: int, question: int) -> bool:
        """Say whether a theme may be named beside answers to a question: its count there is shown."""
        return self._shown is None or (theme, question) in self._shown

    @cached_property
    def _shown(self) -> frozenset[tuple[int, int]] | None:
        """The themes and questions (positions) whose counts are shown; ``None`` where all are."""
        if not self.hides:
            return None
        ids = self.coded.codebook.theme_ids
        asked = [question.id for question in self.coded.answers.questions]
        return frozenset(
            (ids.index(str(row["theme"])), asked.index(str(row["question"])))
            for row in self.tables["themes_by_question"]
            if counts(row["respondents"])
        )


def counts(cell: Cell) -> bool:
    """Say whether a cell holds a count that is shown and not nought, so that somebody stands behind it."""
    return isinstance(cell, (int, float)) and bool(cell)
