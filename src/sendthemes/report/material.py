"""Material: everything that the sections of a report are written from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sendthemes.report.definition import Colour, Mode, StudyDefinition
from sendthemes.report.rules import Figures
from sendthemes.table import Cell, Table

if TYPE_CHECKING:
    from sendthemes.coding.code import CodedAnswers
    from sendthemes.redaction.spans import Redacted


@dataclass(frozen=True, slots=True)
class Material:
    """What the sections are written from.

    Attributes:
        study: What the study file asks for.
        mode: ``internal`` or ``publish``.
        coded: The coded answers.
        tables: Id → table as it is shown.
        figures: What rules read: true and shown counts, the domains' colours.
        colours: RAG domain → the colour that the rules gave and their figures.
        redacted: One redacted text an answer, in the order of the answers' texts.
        may_show: One an answer: whether its words may be printed.
        codes: Respondent → the code printed for it.
        areas: Authority as the answers write it → the code that tables print.
        names: Question, variable or classification → its short name.
        numbers: Question → its number in the survey ("Q7").
        manifest: Versions, hashes, settings, counts.
    """

    study: StudyDefinition
    mode: Mode
    coded: CodedAnswers
    tables: Mapping[str, Table]
    figures: Figures
    colours: Mapping[str, tuple[Colour, tuple[str, ...]]]
    redacted: Sequence[Redacted]
    may_show: Sequence[bool]
    codes: Mapping[str, str]
    areas: Mapping[str, str]
    names: Mapping[str, str]
    numbers: Mapping[str, str]
    manifest: Mapping[str, Any]

    @property
    def people(self) -> str:
        """What respondents are called, in the plural."""
        return f"{self.coded.answers.unit}s"

    def asked(self, question: str) -> str:
        """Give a question as headings do: its number and wording."""
        text = self.coded.answers.question(question).text
        number = self.numbers.get(question, "")
        return f"{number}. {text}" if number else text

    @property
    def openings(self) -> int:
        """How many answers each count brings into the evidence: for publication no more than are quoted."""
        wish = self.study.excerpts
        return min(wish.evidence, wish.limit) if self.mode == "publish" else wish.evidence

    def hidden(self, cell: Cell) -> bool:
        """Say whether a count is empty, nought or not to be shown, so that no evidence stands behind it."""
        return not isinstance(cell, (int, float)) or not cell
