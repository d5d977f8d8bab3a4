"""Columns of cells become the questions, values and texts of ``Answers``."""

from __future__ import annotations

from array import array
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

from sendthemes.survey import headings, kinds
from sendthemes.survey.answers import Answers, Question, Value
from sendthemes.survey.bases import is_null_like
from sendthemes.survey.grid import Findings, blank
from sendthemes.survey.packed import Cell, MadeIds, Packed, Texts
from sendthemes.survey.settings import Override

_NOBODY = frozenset({"anonymous", "other", "prefer not to say", "no", "yes"})
_REFUSALS = frozenset({"no", "n", "false", "0", "none", "confidential", "not selected", "unchecked"})


@dataclass(frozen=True, slots=True)
class Built:
    """One question with its answers, one a respondent: ``texts`` where it is open, else ``values``."""

    question: Question
    values: tuple[Value, ...] = ()
    texts: Sequence[Cell] = ()


@dataclass(frozen=True, slots=True)
class Cells:
    """A column's cells, one a respondent, the file's own value labels, and its place in words."""

    cells: Sequence[Cell]
    labels: tuple[str, ...]
    place: str


def build(column: Cells, question: Question, said: Override, findings: Findings) -> list[Built]:
    """Turn one column into a question and its answers; joined options may leave an "Other" question behind.

    Args:
        column: The cells.
        question: Id and wording; its kind is inferred where ``said`` is silent.
        said: What the caller or survey.yml says about it.
        findings: Takes what does not fit.
    """
    cells, labels, place = column.cells, column.labels, column.place
    if said.kind is None:
        inferred = kinds.infer(
            question.text, cells, closed=bool(said.closed or said.levels), labelled=bool(labels)
        )
        question = replace(question, kind=inferred.kind, reason=inferred.reason)
    else:
        question = replace(question, kind=said.kind, reason=question.reason or "as named")
    if question.kind == "open":
        return [Built(question, texts=cells)]
    stripped = [None if cell is None or blank(cell) else cell.strip(" \t\r\n\xa0") for cell in cells]
    if question.kind in {"number", "metadata"}:
        return [Built(question, tuple(stripped))]
    if question.kind == "multiple":
        return _multiple(question, stripped, said, place, findings)
    if question.kind == "statement":
        return [_statement(question, stripped, said, place, findings)]
    if said.options is None:
        _tell_commas(question.text, stripped, place, findings)
    levels = said.levels or labels
    values = _levelled(stripped, levels, place, findings) if levels else stripped
    seen = dict.fromkeys(value for value in values if value is not None)
    known = (
        (*levels, *kinds.level_order(value for value in seen if value not in levels))
        if levels
        else kinds.level_order(seen)
    )
    if not levels:
        _tell_variants(known, place, findings)
    return [Built(replace(question, levels=known), tuple(values))]


def _statement(
    question: Question, cells: list[Cell], said: Override, place: str, findings: Findings
) -> Built:
    wordings = kinds.statements(cell for cell in cells if cell is not None)
    found = dict(wordings)
    values: list[Cell] = []
    for cell in cells:
        level = cell
        if cell is not None and cell not in found:
            head, colon, _ = cell.partition(":")
            level = head.strip() if colon else cell
            found.setdefault(level, " ".join(cell.split()))
        values.append(level)
    if said.levels:
        values = _levelled(values, said.levels, place, findings)
    seen = kinds.level_order(value for value in dict.fromkeys(values) if value is not None)
    levels = (*said.levels, *(level for level in seen if level not in said.levels)) if said.levels else seen
    kept = tuple((level, found[level]) for level in levels if level in found)
    return Built(replace(question, levels=levels, wordings=kept), tuple(values))


def _multiple(
    question: Question, cells: list[Cell], said: Override, place: str, findings: Findings
) -> list[Built]:
    options = said.options or said.levels
    rest: list[Cell] = [None] * len(cells)
    values: list[tuple[str, ...] | None] = []
    if options:
        for row, cell in enumerate(cells):
            found, pieces = kinds.split_options(cell, options, said.delimiter or ";,") if cell else ([], [])
            if pieces:
                rest[row] = "; ".join(pieces)
                found.append("Other") if "Other" not in found else None
            values.append(tuple(found) or None)
        levels = tuple(options)
    else:
        delimiter = said.delimiter or ";"
        split = [
            tuple(part.strip() for part in cell.split(delimiter) if part.strip()) if cell else ()
            for cell in cells
        ]
        levels = kinds.level_order(option for parts in split for option in parts)
        rank = {level: at for at, level in enumerate(levels)}
        values = [tuple(sorted(set(parts), key=lambda part: rank[part])) or None for parts in split]
    if not any(rest):
        return [Built(replace(question, levels=levels), tuple(values))]
    levels = levels if "Other" in levels else (*levels, "Other")
    count = sum(piece is not None for piece in rest)
    findings.tell(
        place,
        f"{count} cells hold text that is none of the options.",
        f"Counted as 'Other' and read as the open question {question.id}_other.",
    )
    other = Question(
        f"{question.id}_other", f"{question.text} - Other", "open", reason="text beside the options",
        section=question.section, parent=question.id,
    )  # fmt: skip
    return [Built(replace(question, levels=levels), tuple(values)), Built(other, texts=rest)]


def _levelled(cells: Sequence[Cell], levels: Sequence[str], place: str, findings: Findings) -> list[Cell]:
    """Bring cells to the spelling of the levels; tell of those that are none."""
    exact = set(levels)
    by_fold = {headings.folded(level): level for level in levels}
    brought: Counter[str] = Counter()
    strange: Counter[str] = Counter()
    values: list[Cell] = []
    for cell in cells:
        value = cell
        if cell is not None and cell not in exact:
            value = by_fold.get(headings.folded(cell), cell)
            (brought if value != cell else strange)[cell] += 1
        values.append(value)
    for cell, count in sorted(brought.items()):
        findings.tell(
            place,
            f"{cell!r} ({count}) is spelt otherwise than its level.",
            f"Read as {by_fold[headings.folded(cell)]!r}.",
        )
    for cell, count in sorted(strange.items())[:20]:
        findings.tell(
            place,
            f"{_short(cell)!r} ({count}) is none of the levels.",
            "Kept, as a further level at the end.",
        )
    return values


def _tell_commas(wording: str, cells: Sequence[Cell], place: str, findings: Findings) -> None:
    """Ask for the list of options where cells look comma-joined: commas do not say where one ends."""
    if kinds.joined_by_commas(wording, [cell for cell in cells if cell is not None]):
        findings.tell(
            place,
            "Cells look like several options joined by commas.",
            "Kept whole; give the list of options (options=, or 'options' in survey.yml) to split them.",
        )


def _tell_variants(levels: Sequence[str], place: str, findings: Findings) -> None:
    by_fold: dict[str, list[str]] = {}
    for level in levels:
        by_fold.setdefault(headings.folded(level), []).append(level)
    for same in by_fold.values():
        if len(same) > 1:
            findings.tell(
                place,
                f"{', '.join(map(repr, same))} differ only in capitals or spaces.",
                "Kept apart; give levels= to read them as one.",
            )


def _short(text: str) -> str:
    return text if len(text) <= 40 else text[:39] + "…"


def identifier_values(columns: Sequence[Sequence[Cell]], count: int) -> tuple[tuple[str, ...], ...]:
    """Gather each respondent's values of identifier columns, without "anonymous" and its like."""
    known: list[tuple[str, ...]] = []
    for row in range(count):
        values = (cell.strip() for cells in columns if (cell := cells[row]) is not None and not blank(cell))
        known.append(
            tuple(
                dict.fromkeys(
                    value for value in values if value.casefold() not in _NOBODY and not is_null_like(value)
                )
            )
        )
    return tuple(known)


def consents(cells: Sequence[Cell]) -> tuple[bool, ...]:
    """Say for each respondent whether the words may be published; a blank cell is no consent."""
    return tuple(cell is not None and not blank(cell) and not _refuses(cell) for cell in cells)


def _refuses(cell: str) -> bool:
    words = headings.folded(cell).replace("'", "")
    first = (
        words.replace(",", " ").replace(".", " ").replace("-", " ").split()[0] if words.strip(",.- ") else ""
    )
    return (
        words.strip(" .") in _REFUSALS
        or first in {"no", "dont", "never", "nobody"}
        or "do not" in words
        or "dont" in words.split()
        or "not publish" in words
        or "not consent" in words
    )


def assemble(respondents: Sequence[str], built: Sequence[Built]) -> Answers:
    """Put questions and answers together; open answers by respondent, then in the order of the questions."""
    of, which = array("i"), array("i")
    opened = {at: each.texts for at, each in enumerate(built) if each.question.kind == "open"}
    for row, cells in enumerate(zip(*opened.values(), strict=True)):
        for at, cell in zip(opened, cells, strict=True):
            if cell is not None and not blank(cell):
                of.append(row)
                which.append(at)
    names = tuple(respondents)
    texts: Sequence[str] = Texts(opened, of, which)
    ids: Sequence[str] = MadeIds(names, tuple(each.question.id for each in built), of, which)
    if not any(isinstance(cells, Packed) for cells in opened.values()):
        texts, ids = list(texts), list(ids)
    return Answers(
        respondents=names,
        questions=tuple(each.question for each in built),
        answer_ids=ids,
        answer_respondents=of,
        answer_questions=which,
        texts=texts,
        values={each.question.id: each.values for each in built if each.question.kind != "open"},
    )
