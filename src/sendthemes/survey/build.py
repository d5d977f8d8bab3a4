"""Columns of cells become the questions, values and texts of ``Answers``."""

from __future__ import annotations

from array import array
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sendthemes.survey import headings, kinds
from sendthemes.survey.answers import Answers, Question, Value
from sendthemes.survey.bases import is_null_like
from sendthemes.survey.grid import Findings, blank
from sendthemes.survey.layouts import Column, Key, Sheet
from sendthemes.survey.packed import Cell, MadeIds, Packed, Texts
from sendthemes.survey.people import People
from sendthemes.survey.settings import Override


@dataclass(frozen=True, slots=True)
class Built:
    """One question with its answers, one a respondent: ``texts`` where it is open, else ``values``."""

    question: Question
    values: tuple[Value, ...] = ()
    texts: Sequence[Cell] = ()

    def changed(self, **fields: Any) -> Built:
        """Give the same answers to a question of which some fields are changed."""
        return replace(self, question=replace(self.question, **fields))


@dataclass(frozen=True, slots=True)
class Builder:
    """Turns columns into questions by what is known of them.

    Attributes:
        sheet: The sheet.
        said: What the caller says about a column; under (-1, wording) about a question of several columns.
        facts: Why a column is a fact about the respondent, no question: "identifies: name".
        findings: Takes what does not fit.
    """

    sheet: Sheet
    said: Mapping[Key, Override]
    facts: Mapping[Key, str]
    findings: Findings

    def column(self, column: Column, name: str, text: str) -> list[Built]:
        """Build one column under its id and wording, as overridden."""
        said = self.said.get(column.key, Override())
        reason = "a text box" if column.follows else ""
        if said.kind is None and not said.closed:
            added = headings.is_metadata(column.heading, self.sheet.tool)
            fact = self.facts.get(column.key, "") or ("a column that survey tools add" if added else "")
            said, reason = replace(said, kind="metadata" if fact else column.kind), fact or reason
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
            return [Built(question, texts=column.cells)]
        cells = [None if blank(cell) else (cell or "").strip(" \t\r\n\xa0") for cell in column.cells]
        notes = _Notes(self.sheet.place(column=column), self.findings)
        if kind == "number" and said.kind is None and (words := _wordless(cells)):
            count = sum(cell in words for cell in cells)
            notes.tell(f"Among the numbers stand {', '.join(map(repr, words))} ({count}).", "Read as blank.")
            cells = [None if cell in words else cell for cell in cells]
        if kind in {"number", "metadata"}:
            return [Built(question, tuple(cells))]
        if kind == "multiple":
            return _multiple(question, cells, said, notes)
        if kind == "statement":
            return [_statement(question, cells, said, notes)]
        if said.options is None and kinds.joined_by_commas(question.text, [cell for cell in cells if cell]):
            action = (
                "Kept whole; give the list of options (options=, or 'options' in survey.yml) to split them."
            )
            notes.tell("Cells look like several options joined by commas.", action)
        levels, values = _levelled(cells, said.levels or column.labels, notes)
        return [Built(replace(question, levels=levels), values)]

    def assemble(self, people: People, built: Sequence[Built], opened: Opened) -> Answers:
        """Put questions, each with an id of its own, and answers together; long texts are not copied."""
        given = {override.id for override in self.said.values() if override.id}
        names = tuple(headings.unique((each.question.id for each in built), given))
        built = [each.changed(id=name) for each, name in zip(built, names, strict=True)]
        texts: Sequence[str] = Texts(opened.cells, opened.rows, opened.which)
        ids: Sequence[str] = MadeIds(people.ids, names, opened.of, opened.which)
        if not any(isinstance(cells, Packed) for cells in opened.cells.values()):
            texts, ids = list(texts), list(ids)
        questions = tuple(each.question for each in built)
        values = {each.question.id: each.values for each in built if each.question.kind != "open"}
        return Answers(people.ids, questions, ids, opened.of, opened.which, texts, values)


def _wordless(cells: Sequence[Cell]) -> list[str]:
    """Find what stands among numbers and says nothing ("n/a")."""
    found = {cell for cell in cells if cell is not None}
    return sorted(cell for cell in found if kinds.number(cell) is None and is_null_like(cell))


@dataclass(frozen=True, slots=True)
class _Notes:
    """Tells what is found in one column."""

    place: str
    findings: Findings

    def tell(self, problem: str, action: str) -> None:
        self.findings.tell(self.place, problem, action)


def _levelled(
    cells: Sequence[Cell], given: Sequence[str], notes: _Notes
) -> tuple[tuple[str, ...], tuple[Cell, ...]]:
    """Give the levels in order, and the cells in the levels' spelling; tell of those that differ."""
    if not given:
        levels = kinds.level_order(cell for cell in cells if cell is not None)
        by_fold: dict[str, list[str]] = {}
        for level in levels:
            by_fold.setdefault(headings.folded(level), []).append(level)
        for same in by_fold.values():
            if len(same) > 1:
                problem = f"{', '.join(map(repr, same))} differ only in capitals or spaces."
                notes.tell(problem, "Kept apart; give levels= to read them as one.")
        return levels, tuple(cells)
    spelt = {headings.folded(level): level for level in given} | {level: level for level in given}
    counts = Counter(cell for cell in cells if cell is not None and cell not in given)
    strange: list[str] = []
    for cell, count in sorted(counts.items()):
        meant = spelt.get(headings.folded(cell))
        if meant is None:
            strange.append(f"{notes.place}, {_short(cell)!r} ({count})")
        else:
            spelt[cell] = meant
            notes.tell(f"{cell!r} ({count}) is spelt otherwise than its level.", f"Read as {meant!r}.")
    notes.findings.tell_many(strange, "This is none of the levels.", "Kept, as a further level at the end.")
    values = tuple(None if cell is None else spelt.get(cell, cell) for cell in cells)
    more = kinds.level_order(value for value in values if value is not None and value not in given)
    return (*given, *more), values


def _statement(question: Question, cells: Sequence[Cell], said: Override, notes: _Notes) -> Built:
    """Take the level before the colon as the answer, and keep each level's wording."""
    wordings = dict(kinds.statements(cell for cell in cells if cell is not None))
    values: list[Cell] = []
    for cell in cells:
        level = cell
        if cell is not None and cell not in wordings:
            head, colon, _ = cell.partition(":")
            level = head.strip() if colon else cell
            wordings.setdefault(level, " ".join(cell.split()))
        values.append(level)
    if said.levels:
        levels, found = _levelled(values, said.levels, notes)
    else:
        levels, found = kinds.level_order(value for value in values if value is not None), tuple(values)
    kept = tuple((level, wordings[level]) for level in levels if level in wordings)
    return Built(replace(question, levels=levels, wordings=kept), found)


def _multiple(question: Question, cells: Sequence[Cell], said: Override, notes: _Notes) -> list[Built]:
    """Split joined options, by their list where it is given; what none of it explains is kept apart."""
    listed = said.options or said.levels
    rest: list[Cell] = [None] * len(cells)
    values: list[tuple[str, ...] | None] = []
    if not listed:
        delimiter = said.delimiter or ";"
        split = [{part.strip() for part in (cell or "").split(delimiter)} - {""} for cell in cells]
        levels = kinds.level_order(option for parts in split for option in sorted(parts))
        rank = {level: at for at, level in enumerate(levels)}
        values = [tuple(sorted(parts, key=rank.__getitem__)) or None for parts in split]
        answered = {cell for cell, parts in zip(cells, split, strict=True) if len(parts) > 1}
        if len(answered) > 1 and all(len(parts) in {0, len(levels)} for parts in split):
            problem = "Everybody chose all options, in different orders: this looks like a ranking."
            notes.tell(problem, "Counted as chosen options; the order is not kept.")
        return [Built(replace(question, levels=levels), tuple(values))]
    split_by_list = kinds.splitter(listed, said.delimiter or ";,")
    for row, cell in enumerate(cells):
        found, pieces = split_by_list(cell or "")
        if pieces:
            rest[row] = "; ".join(pieces)
            found = [*found, *(["Other"] if "Other" not in found else [])]
        values.append(tuple(found) or None)
    count = sum(piece is not None for piece in rest)
    levels = (*listed, "Other") if count and "Other" not in listed else tuple(listed)
    built = [Built(replace(question, levels=levels), tuple(values))]
    if count:
        name = f"{question.id}_other"
        action = f"Counted as 'Other' and read as the open question {name}."
        notes.tell(f"{count} cells hold text that is none of the options.", action)
        other = Question(name, f"{question.text} - Other", "open", reason="text beside the options")
        other = replace(other, section=question.section, parent=question.id)
        built.append(Built(other, texts=rest))
    return built


def _short(text: str) -> str:
    return text if len(text) <= 40 else text[:39] + "…"


@dataclass(frozen=True, slots=True)
class Opened:
    """The open answers of a source, in order.

    Attributes:
        cells: Position of a question → the cells in which its answers stand.
        rows: For each answer its row in these cells.
        of: For each answer the position of its respondent.
        which: For each answer the position of its question.
    """

    cells: Mapping[int, Sequence[Cell]]
    rows: Sequence[int]
    of: Sequence[int]
    which: Sequence[int]


def by_respondent(built: Sequence[Built]) -> Opened:
    """Find the open answers of columns of one cell a respondent, in the order of the questions."""
    of, which = array("i"), array("i")
    cells = {at: each.texts for at, each in enumerate(built) if each.question.kind == "open"}
    for row, texts in enumerate(zip(*cells.values(), strict=True)):
        for at, cell in zip(cells, texts, strict=True):
            if cell is not None and not blank(cell):
                of.append(row)
                which.append(at)
    return Opened(cells, of, of, which)
