"""Wide sources: one row a respondent, one column a question or a part of one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from sendthemes.survey import headings, kinds
from sendthemes.survey.answers import CLOSED, Answers, Question, Value
from sendthemes.survey.build import Built, assemble, build_column
from sendthemes.survey.grid import blank
from sendthemes.survey.layouts import Column
from sendthemes.survey.people import About, about, one_a_row, respondent_column
from sendthemes.survey.units import Reader, Unit, units

_TICKED = frozenset({"1", "yes", "true", "x", "y", "selected", "checked", "ticked", "✓", "✔", "quoted"})
_UNTICKED = frozenset({"0", "false", "not selected", "unchecked", "unticked", "not quoted"})
_NO = frozenset({"no", "n"})


def read_wide(reader: Reader) -> Answers:
    """Turn a wide sheet into answers."""
    respondent = respondent_column(reader)
    reader.people = one_a_row(reader, respondent)
    return read_columns(reader, None, respondent)


def read_columns(reader: Reader, known: About | None, respondent: Column | None = None) -> Answers:
    """Turn columns of one cell a respondent (or of rows of a long sheet) into answers.

    What is known about the respondents is looked for where it is not given.
    """
    asked = units(reader.sheet, respondent)
    for unit in asked:
        reader.learn([column for column in unit.columns if not column.follows], unit.id, unit.text)
    for name, override in reader.settings.overrides.items():
        found = reader.find(name, f"the question {name!r}", closed=override.closed)
        if len(found) > 1:  # parts of one question
            reader.say((-1, found[0].text), override)
        of_part = override if len(found) == 1 else override.model_copy(update={"id": "", "text": ""})
        for column in found:
            reader.say(column.key, of_part)
    known = known or about(reader, [respondent])
    reader.findings.stop()
    return known.told(assemble(reader, _questions(reader, asked)), reader)


def _questions(reader: Reader, asked: Sequence[Unit]) -> list[Built]:
    """Build every question; a text box or "Tell us more" after a closed one follows it up."""
    built: list[Built] = []
    for unit in asked:
        new = _unit(reader, unit)
        first = new[0].question if len(new) == 1 else None
        follows = first is not None and first.kind == "open" and not first.parent and not new[0].rows
        follows = follows and (headings.says(unit.text, "other") or headings.says(unit.text, "follow-up"))
        if follows and built and built[-1].question.kind in CLOSED:
            new = [new[0].changed(parent=built[-1].question.id)]
        built += new
    return built


def _unit(reader: Reader, unit: Unit) -> list[Built]:
    """Turn one question's columns into one question, or one a matrix row, and its text boxes."""
    plain = [column for column in unit.columns if not column.part]
    parts = [column for column in unit.columns if column.part and not column.follows]
    boxes = [column for column in unit.columns if column.follows]
    others = [box for box in boxes if headings.says(box.part, "other")]
    head = unit.columns[0]
    override = reader.said((-1, head.text)).over(reader.said(head.key))
    name = override.id or unit.id
    said = {reader.said(column.key).kind or override.kind for column in parts}
    asked = bool(others) or reader.sheet.tool == "LimeSurvey" or kinds.asks_for_ticks(unit.text)
    if parts and said <= {None, "multiple"} and _are_options(parts, no=asked):
        question = override.told(Question(name, unit.text, "multiple", reason="one column an option"))
        built = [_ticked(reader, question, parts, others)]
    else:
        built = _rows(reader, unit, name, parts)
    for column in plain:
        built += build_column(reader, _with_other(column, others), name, unit.text)
    parent = name if any(each.question.id == name for each in built) else ""
    for column in boxes:
        own = column.id or f"{name}_{'other' if column in others else 'comments'}"
        box = build_column(reader, column, own, f"{unit.text} - {column.part}")
        built += [each.changed(parent=parent) for each in box]
    return built


def _rows(reader: Reader, unit: Unit, name: str, parts: Sequence[Column]) -> list[Built]:
    """Build parts that are no options: the rows of a matrix where they share its levels, else questions."""
    levels = _matrix_levels(reader, unit, parts)
    built: list[Built] = []
    for at, column in enumerate(parts, start=1):
        own = column.id or (unit.id if len(unit.columns) == 1 else f"{name}_{at}")
        new = build_column(reader, column, own, f"{unit.text} - {column.part}")
        for each in new if levels else ():
            answers = [cell if isinstance(cell, tuple) or not blank(cell) else None for cell in each.answers]
            row = replace(each.question, kind="matrix", levels=levels, reason="a row of a matrix")
            built.append(Built(row, answers))
        built += [] if levels else new
    return built


def _matrix_levels(reader: Reader, unit: Unit, parts: Sequence[Column]) -> tuple[str, ...]:
    """Give the levels that the rows of a matrix share; empty where the parts are questions of their own."""
    said = [reader.said(column.key) for column in parts]
    if len(parts) < 2 or any(each.kind not in {None, "matrix"} for each in said):
        return ()
    if given := next((each.levels for each in said if each.levels), None):
        return given
    pooled = [cell for column in parts for cell in column.cells]
    if kinds.infer(unit.text, pooled)[0] not in {"single", "scale"}:
        return ()
    levels = kinds.level_order(cell.strip() for cell in pooled if cell is not None and not blank(cell))
    return levels if len(levels) <= 12 else ()


def _are_options(parts: Sequence[Column], *, no: bool) -> bool:
    """Say whether columns are options: each cell a tick, its absence (also "no"), or the option's words."""
    seen = False
    marks: set[str] = set()
    for column in parts:
        values = {headings.folded(cell or "") for cell in set(column.cells) if not blank(cell)}
        seen = seen or bool(values)
        marks |= values - {headings.folded(column.part)}
    return seen and marks <= _UNTICKED | _TICKED | (_NO if no else set())


def _ticked(reader: Reader, question: Question, parts: Sequence[Column], others: Sequence[Column]) -> Built:
    """Bring one column an option together as a question of several answers."""
    options = {headings.folded(column.part) for column in parts}
    boxes = [box for box in others if not headings.folded(box.part).startswith(tuple(options))]
    empty = {(column.part, cell) for column in parts for cell in set(column.cells) if _is_empty(column, cell)}
    values: list[Value] = []
    known: dict[Value, Value] = {}  # equal answers are kept once
    for row in range(len(parts[0].cells)):
        ticks = [column.part for column in parts if (column.part, column.cells[row]) not in empty]
        ticks += [box.part for box in boxes if not blank(box.cells[row])]
        ticked = tuple(dict.fromkeys(ticks)) or None
        values.append(known.setdefault(ticked, ticked))
    if without := values.count(None):
        problem = f"{without} of {len(values)} respondents ticked none of the options"
        marked = any(not blank(cell) for _, cell in empty)
        problem += "." if marked else ", or passed over them: the file cannot tell."
        reader.tell(parts[0], problem, "Read as blank: not answered.")
    levels = tuple(dict.fromkeys(column.part for column in (*parts, *boxes)))
    return Built(replace(question, levels=levels), values)


def _is_empty(option: Column, cell: str | None) -> bool:
    return blank(cell) or (cell != option.part and headings.folded(cell or "") in _UNTICKED | _NO)


def _with_other(column: Column, others: Sequence[Column]) -> Column:
    """Fill a closed answer that is blank because the respondent wrote into the box "Other" instead."""
    if not others or column.kind == "open":
        return column
    cells = list(column.cells)
    for row in (row for row, cell in enumerate(cells) if blank(cell)):
        cells[row] = next((box.part for box in others if not blank(box.cells[row])), cells[row])
    return replace(column, cells=cells)
