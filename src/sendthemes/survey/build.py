"""Columns of cells become the questions and answers of ``Answers``."""

from __future__ import annotations

from array import array
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any, cast

from sendthemes.survey import headings, kinds
from sendthemes.survey.answers import Answers, Question, Value
from sendthemes.survey.bases import is_null_like
from sendthemes.survey.grid import blank
from sendthemes.survey.layouts import Column, Key
from sendthemes.survey.packed import Cell, MadeIds, Opened, Packed
from sendthemes.survey.people import People
from sendthemes.survey.settings import Override
from sendthemes.survey.units import Reader

Tell = Callable[[str, str], None]  # a problem, and what is done about it


@dataclass(frozen=True, slots=True)
class Built:
    """One question with its answers, one a respondent: texts as they are where it is open, else values."""

    question: Question
    answers: Sequence[Value] = ()

    def changed(self, **fields: Any) -> Built:
        """Give the same answers to a question of which some fields are changed."""
        return replace(self, question=replace(self.question, **fields))


@dataclass(frozen=True, slots=True)
class Builder:
    """Turns columns into questions by what is known of them.

    Attributes:
        reader: The sheet; takes what does not fit.
        said: What the caller says about a column; under (-1, wording) about a question of several columns.
        facts: Why a column is a fact about the respondent, no question: "identifies: name".
    """

    reader: Reader
    said: Mapping[Key, Override]
    facts: Mapping[Key, str]

    def column(self, column: Column, name: str, text: str) -> list[Built]:
        """Build one column under its id and wording, as overridden."""
        said = self.said.get(column.key, Override())
        reason = "a text box" if column.follows else ""
        if said.kind is None and not said.closed:
            added = headings.is_metadata(column.heading, self.reader.sheet.tool)
            fact = self.facts.get(column.key, "") or ("a column that survey tools add" if added else "")
            kind = "metadata" if fact else column.kind
            said, reason = said.model_copy(update={"kind": kind}), fact or reason
        question = said.told(Question(name, text, "open", reason=reason))
        if column.heading not in {question.text, question.id}:
            question = replace(question, heading=column.heading)
        return self.cells(column, question, said)

    def cells(self, column: Column, question: Question, said: Override) -> list[Built]:
        """Turn cells into a question and its answers; joined options may leave an "Other" question behind.

        Args:
            column: The column: its cells, one a respondent, and the file's own value labels.
            question: Id and wording; its kind is inferred where ``said`` is silent.
            said: What is said about it.
        """
        kind, reason = said.kind, question.reason or "as named"
        if kind is None:
            closed, labelled = bool(said.closed or said.levels), bool(column.labels)
            kind, reason = kinds.infer(question.text, column.cells, closed=closed, labelled=labelled)
        question = replace(question, kind=kind, reason=reason)
        if kind == "open":
            return [Built(question, column.cells)]
        cells = [None if blank(cell) else (cell or "").strip(" \t\r\n\xa0") for cell in column.cells]
        place = self.reader.sheet.place(column=column)
        tell: Tell = partial(self.reader.findings.tell, place)
        if kind == "number" and said.kind is None:
            cells = _numbers(cells, tell)
        if kind in {"number", "metadata"}:
            return [Built(question, tuple(cells))]
        if kind == "multiple":
            return _multiple(question, cells, said, tell)
        known: Mapping[str, str] = {}
        if kind == "statement":
            cells, known = _statements(cells)
        elif not said.options and kinds.joined_by_commas(question.text, list(filter(None, cells))):
            given = "give the list of options (options=, or 'options' in survey.yml) to split them"
            tell("Cells look like several options joined by commas.", f"Kept whole; {given}.")
        listed = said.levels or (column.labels if kind != "statement" else ())
        levels, values = (
            self._levelled(cells, listed, place) if listed else _ordered(cells, tell, bool(known))
        )
        wordings = tuple((level, known[level]) for level in levels if level in known)
        return [Built(replace(question, levels=levels, wordings=wordings), values)]

    def _levelled(
        self, cells: Sequence[Cell], given: Sequence[str], place: str
    ) -> tuple[tuple[str, ...], tuple[Cell, ...]]:
        """Give the given levels and further ones, and the cells in their spelling; tell what differs."""
        spelt = {headings.folded(level): level for level in given} | {level: level for level in given}
        counts = Counter(cell for cell in cells if cell is not None and cell not in given)
        strange: list[str] = []
        for cell, count in sorted(counts.items()):
            meant = spelt.get(headings.folded(cell))
            if meant is None:
                strange.append(f"{place}, {cell if len(cell) <= 40 else cell[:39] + '…'!r} ({count})")
            else:
                spelt[cell] = meant
                problem = f"{cell!r} ({count}) is spelt otherwise than its level."
                self.reader.findings.tell(place, problem, f"Read as {meant!r}.")
        action = "Kept, as a further level at the end."
        self.reader.findings.tell_many(strange, "This is none of the levels.", action)
        values = tuple(None if cell is None else spelt.get(cell, cell) for cell in cells)
        more = kinds.level_order(value for value in values if value is not None and value not in given)
        return (*given, *more), values

    def assemble(self, people: People, built: Sequence[Built], opened: Opened) -> Answers:
        """Put questions, each with an id of its own, and answers together; long texts are not copied."""
        given = {override.id for override in self.said.values() if override.id}
        names = tuple(headings.unique((each.question.id for each in built), given))
        built = [each.changed(id=name) for each, name in zip(built, names, strict=True)]
        texts: Sequence[str] = opened
        ids: Sequence[str] = MadeIds(opened, people.ids, names)
        if not any(isinstance(cells, Packed) for cells in opened.cells.values()):
            texts, ids = list(texts), list(ids)
        questions = tuple(each.question for each in built)
        values = {each.question.id: tuple(each.answers) for each in built if each.question.kind != "open"}
        return Answers(people.ids, questions, ids, opened.of, opened.which, texts, values)


def _numbers(cells: list[Cell], tell: Tell) -> list[Cell]:
    """Take what says nothing ("n/a") from among numbers."""
    found = {cell for cell in cells if cell is not None}
    words = sorted(cell for cell in found if kinds.number(cell) is None and is_null_like(cell))
    if not words:
        return cells
    count = sum(cell in words for cell in cells)
    tell(f"Among the numbers stand {', '.join(map(repr, words))} ({count}).", "Read as blank.")
    return [None if cell in words else cell for cell in cells]


def _ordered(cells: Sequence[Cell], tell: Tell, statements: bool) -> tuple[tuple[str, ...], tuple[Cell, ...]]:
    """Give the levels found in their default order; tell of those that only look alike."""
    levels = kinds.level_order(cell for cell in cells if cell is not None)
    by_fold: dict[str, list[str]] = {}
    for level in levels:
        by_fold.setdefault(headings.folded(level), []).append(level)
    for same in by_fold.values():
        if len(same) > 1 and not statements:
            problem = f"{', '.join(map(repr, same))} differ only in capitals or spaces."
            tell(problem, "Kept apart; give levels= to read them as one.")
    return levels, tuple(cells)


def _statements(cells: Sequence[Cell]) -> tuple[list[Cell], dict[str, str]]:
    """Take the level before the colon as the answer; give each level's wording too."""
    wordings = dict(kinds.statements(cell for cell in cells if cell is not None))
    values: list[Cell] = []
    for cell in cells:
        level = cell
        if cell is not None and cell not in wordings:
            head, colon, _ = cell.partition(":")
            level = head.strip() if colon else cell
            wordings.setdefault(level, " ".join(cell.split()))
        values.append(level)
    return values, wordings


def _multiple(question: Question, cells: Sequence[Cell], said: Override, tell: Tell) -> list[Built]:
    """Split joined options, by their list where it is given; what none of it explains is kept apart."""
    listed = said.options or said.levels
    if not listed:
        return [_split(question, cells, said.delimiter or ";", tell)]
    split_by_list = kinds.splitter(listed, said.delimiter or ";,")
    rest: list[Cell] = [None] * len(cells)
    values: list[Value] = []
    for row, cell in enumerate(cells):
        found, pieces = split_by_list(cell or "")
        if pieces:
            rest[row] = "; ".join(pieces)
            found = [*found, *(["Other"] if "Other" not in found else [])]
        values.append(tuple(found) or None)
    count = sum(piece is not None for piece in rest)
    if not count:
        return [Built(replace(question, levels=tuple(listed)), values)]
    name = f"{question.id}_other"
    action = f"Counted as 'Other' and read as the open question {name}."
    tell(f"{count} cells hold text that is none of the options.", action)
    other = Question(name, f"{question.text} - Other", "open", reason="text beside the options")
    other = replace(other, section=question.section, parent=question.id)
    levels = tuple(dict.fromkeys((*listed, "Other")))
    return [Built(replace(question, levels=levels), values), Built(other, rest)]


def _split(question: Question, cells: Sequence[Cell], delimiter: str, tell: Tell) -> Built:
    """Split cells at each delimiter; equal cells share their answer."""
    split = {cell: {part.strip() for part in (cell or "").split(delimiter)} - {""} for cell in set(cells)}
    levels = kinds.level_order(option for parts in split.values() for option in parts)
    rank = {level: at for at, level in enumerate(levels)}
    answers = {cell: tuple(sorted(parts, key=rank.__getitem__)) or None for cell, parts in split.items()}
    several = [parts for parts in split.values() if len(parts) > 1]
    if len(several) > 1 and all(len(parts) in {0, len(levels)} for parts in split.values()):
        problem = "Everybody chose all options, in different orders: this looks like a ranking."
        tell(problem, "Counted as chosen options; the order is not kept.")
    return Built(replace(question, levels=levels), [answers[cell] for cell in cells])


def by_respondent(built: Sequence[Built]) -> Opened:
    """Find the open answers of columns of one cell a respondent, in the order of the questions."""
    of, which = array("i"), array("i")
    texts = {at: each.answers for at, each in enumerate(built) if each.question.kind == "open"}
    cells = cast("dict[int, Sequence[Cell]]", texts)
    for row, row_cells in enumerate(zip(*cells.values(), strict=True)):
        for at, cell in zip(cells, row_cells, strict=True):
            if cell is not None and not blank(cell):
                of.append(row)
                which.append(at)
    return Opened(cells, of, of, which)
