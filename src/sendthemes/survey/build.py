"""Columns of cells become the questions and answers of ``Answers``."""

from __future__ import annotations

from array import array
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any, cast

from sendthemes.survey import headings, kinds
from sendthemes.survey.answers import Answers, Question, Value
from sendthemes.survey.bases import is_null_like
from sendthemes.survey.grid import blank
from sendthemes.survey.layouts import Column
from sendthemes.survey.packed import Cell, MadeIds, Opened, Packed, take
from sendthemes.survey.settings import Override
from sendthemes.survey.units import Reader

Tell = Callable[[str, str], None]  # a problem, and what is done about it


@dataclass(frozen=True, slots=True)
class Built:
    """One question with its answers, one a respondent: texts as they are where it is open, else values.

    Open answers of a long sheet have ``rows`` instead: those of the sheet that they stand in.
    """

    question: Question
    answers: Sequence[Value] = ()
    rows: Sequence[int] | None = None

    def changed(self, **fields: Any) -> Built:
        """Give the same answers to a question of which some fields are changed."""
        return replace(self, question=replace(self.question, **fields))


def build_column(reader: Reader, column: Column, name: str, text: str) -> list[Built]:
    """Build the question of one column under an id and wording, as the caller or its heading overrides them.

    Joined options may leave a question "Other" behind.
    """
    said, kind = reader.said(column.key), reader.said(column.key).kind
    reason = "long layout" if column.rows is not None else "a text box" if column.follows else ""
    if kind is None and not said.closed:
        added = column.rows is None and headings.is_metadata(column.heading, reader.sheet.tool)
        fact = reader.facts.get(column.key) or ("a column that survey tools add" if added else "")
        kind, reason = "metadata" if fact else column.kind, fact or reason
    question = said.told(Question(name, text, "open"))
    if column.heading not in {question.text, question.id}:
        question = replace(question, heading=column.heading)
    if column.rows is not None and kind != "open":
        column = _one_each(reader, column, question.id)
    reason = reason or "as named"
    if kind is None:
        closed, labelled = bool(said.closed or said.levels), bool(column.labels)
        kind, reason = kinds.infer(question.text, column.cells, closed=closed, labelled=labelled)
    if kind == "open" and column.aside and said.kind is None:
        kind = "metadata"
    question = replace(question, kind=kind, reason=reason)
    if kind == "open":
        return [Built(question, column.cells, column.rows)]
    return _closed(reader, column, question, said)


def _one_each(reader: Reader, column: Column, name: str) -> Column:
    """Give a closed question of a long sheet with one cell a respondent; several answers are joined."""
    cells: list[Cell] = [None] * len(reader.people.ids)
    for cell, row in zip(column.cells, column.rows or (), strict=True):
        at = reader.people.of[row]
        if cells[at] is not None and not blank(cell) and cells[at] != cell:
            where = reader.sheet.place(row, column)
            reader.findings.tell(where, f"A second answer to {name!r} by one respondent.", "Joined with ';'.")
            cells[at] = f"{cells[at]};{cell}"
        elif not blank(cell):
            cells[at] = cell
    return replace(column, cells=cells, rows=None)


def _closed(reader: Reader, column: Column, question: Question, said: Override) -> list[Built]:
    """Turn cells, one a respondent, into answers to a question of a known kind that is not open."""
    kind = question.kind
    cells = [None if blank(cell) else (cell or "").strip(" \t\r\n\xa0") for cell in column.cells]
    tell: Tell = partial(reader.tell, column)
    if kind == "number" and said.kind is None:
        cells = _numbers(cells, tell)
    if kind in {"number", "metadata"}:
        return [Built(question, cells)]
    if kind == "multiple":
        return _multiple(question, cells, said, tell)
    known: dict[str, str] = {}
    if kind == "statement":
        cells, known = _statements(cells)
    elif not said.options and kinds.joined_by_commas(question.text, list(filter(None, cells))):
        given = "give the list of options (options=, or 'options' in survey.yml) to split them"
        tell("Cells look like several options joined by commas.", f"Kept whole; {given}.")
    if listed := said.levels or (() if kind == "statement" else column.labels):
        levels, cells = _levelled(reader, column, cells, listed)
    else:
        levels = kinds.level_order(filter(None, cells))
        if not known:
            _tell_alike(levels, tell)
    wordings = tuple((level, known[level]) for level in levels if level in known)
    return [Built(replace(question, levels=levels, wordings=wordings), cells)]


def _numbers(cells: list[Cell], tell: Tell) -> list[Cell]:
    """Take what says nothing ("n/a") from among numbers."""
    said = filter(None, set(cells))
    words = sorted(cell for cell in said if kinds.number(cell) is None and is_null_like(cell))
    if not words:
        return cells
    count = sum(cell in words for cell in cells)
    tell(f"Among the numbers stand {', '.join(map(repr, words))} ({count}).", "Read as blank.")
    return [None if cell in words else cell for cell in cells]


def _levelled(
    reader: Reader, column: Column, cells: Sequence[Cell], given: Sequence[str]
) -> tuple[tuple[str, ...], list[Cell]]:
    """Give the given levels and further ones, and the cells in their spelling; tell what differs."""
    spelt = {headings.folded(level): level for level in given} | {level: level for level in given}
    counts = Counter(cell for cell in cells if cell is not None and cell not in given)
    strange: list[str] = []
    for cell, count in sorted(counts.items()):
        meant = spelt.get(headings.folded(cell))
        if meant is None:
            shown = cell if len(cell) <= 40 else cell[:39] + "…"
            strange.append(f"{reader.sheet.place(column=column)}, {shown!r} ({count})")
        else:
            spelt[cell] = meant
            problem = f"{cell!r} ({count}) is spelt otherwise than its level."
            reader.tell(column, problem, f"Read as {meant!r}.")
    action = "Kept, as a further level at the end."
    reader.findings.tell_many(strange, "This is none of the levels.", action)
    values = [cell and spelt.get(cell, cell) for cell in cells]
    more = kinds.level_order(value for value in values if value is not None and value not in given)
    return (*given, *more), values


def _tell_alike(levels: Sequence[str], tell: Tell) -> None:
    """Tell of levels that differ only in capitals or spaces."""
    by_fold: dict[str, list[str]] = {}
    for level in levels:
        by_fold.setdefault(headings.folded(level), []).append(level)
    for same in by_fold.values():
        if len(same) > 1:
            problem = f"{', '.join(map(repr, same))} differ only in capitals or spaces."
            tell(problem, "Kept apart; give levels= to read them as one.")


def _statements(cells: Sequence[Cell]) -> tuple[list[Cell], dict[str, str]]:
    """Take the level before the colon as the answer; give each level's wording too."""
    wordings = dict(kinds.statements(filter(None, cells)))
    values: list[Cell] = []
    for cell in cells:
        head, colon, _ = (cell or "").partition(":")
        level = head.strip() if colon and cell not in wordings else cell
        if cell is not None and level is not None:
            wordings.setdefault(level, " ".join(cell.split()))
        values.append(level)
    return values, wordings


def _multiple(question: Question, cells: Sequence[Cell], said: Override, tell: Tell) -> list[Built]:
    """Split joined options, by their list where it is given; what none of it explains is kept apart."""
    listed = said.options or said.levels
    if not listed:
        return [_split(question, cells, said.delimiter or ";", tell)]
    split_by_list = kinds.splitter(listed, said.delimiter or ";,")
    rest: list[Cell] = []
    values: list[Value] = []
    for cell in cells:
        found, pieces = split_by_list(cell or "")
        rest.append("; ".join(pieces) or None)
        if pieces and "Other" not in found:
            found = [*found, "Other"]
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


def assemble(reader: Reader, built: Sequence[Built]) -> Answers:
    """Put questions, each with an id of its own, and answers together; long texts are not copied."""
    given = {override.id for override in reader.settings.overrides.values() if override.id}
    names = tuple(headings.unique((each.question.id for each in built), given))
    built = [each.changed(id=name) for each, name in zip(built, names, strict=True)]
    rows, opened = _opened(reader, built)
    texts: Sequence[str] = opened
    ids: Sequence[str] = MadeIds(opened, reader.people.ids, names)
    if any(each.rows is not None for each in built):
        ids = _answer_ids(reader, ids, opened, rows)
    if not any(isinstance(cells, Packed) for cells in opened.cells.values()):
        texts, ids = list(texts), list(ids)
    questions = tuple(each.question for each in built)
    values = {each.question.id: tuple(each.answers) for each in built if each.question.kind != "open"}
    return Answers(reader.people.ids, questions, ids, opened.of, opened.which, texts, values)


def _opened(reader: Reader, built: Sequence[Built]) -> tuple[Sequence[int], Opened]:
    """Find the open answers, in the order of the rows and then of the questions; give their rows too."""
    import numpy as np

    asked = [at for at, each in enumerate(built) if each.question.kind == "open"]
    cells = {at: cast("Sequence[Cell]", built[at].answers) for at in asked}
    found = [np.zeros((4, 0), dtype=np.int32)]  # for each question: rows, places in its cells, whose, which
    for at, column in cells.items():
        filled = array("i", (place for place, cell in enumerate(column) if not blank(cell)))
        places = rows = of = np.frombuffer(filled, dtype=np.int32)
        if (in_rows := built[at].rows) is not None:
            rows = np.array(in_rows, dtype=np.int32)[places]
            of = np.array(reader.people.of, dtype=np.int32)[rows]
        found.append(np.stack((rows, places, of, np.full(len(rows), at, dtype=np.int32))))
    columns = np.concatenate(found, axis=1)
    del found
    order = np.lexsort((columns[3], columns[0]))
    in_order = [array("i", column[order].tobytes()) for column in columns]
    return in_order[0], Opened(cells, *in_order[1:])


def _answer_ids(reader: Reader, made: Sequence[str], opened: Opened, rows: Sequence[int]) -> Sequence[str]:
    """Give the source's answer ids, which must differ, or made ones, numbered where they recur."""
    column = reader.people.answer_id
    if column is None:
        width = max(opened.which, default=0) + 1
        seen = bytearray(len(reader.people.ids) * width)
        for person, question in zip(opened.of, opened.which, strict=True):
            seen[person * width + question] = 1
        return made if seen.count(1) == len(made) else headings.unique(made)
    given = take(column.cells, rows)
    ids = [made[at] if blank(cell) else (cell or "").strip() for at, cell in enumerate(given)]
    if again_ids := sorted(name for name, count in Counter(ids).items() if count > 1):
        shown = ", ".join(map(repr, again_ids[:10]))
        message = f"{len(again_ids)} answer ids are here more than once: {shown}."
        where = reader.sheet.place(column=column)
        reader.findings.refuse(message, where, "Each answer needs its own id.", "duplicate-answer")
    return ids
