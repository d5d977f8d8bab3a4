"""Wide sources: one row a respondent, one column a question or a part of one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from sendthemes.survey import headings, kinds
from sendthemes.survey.answers import CLOSED, Answers, Question
from sendthemes.survey.build import Built, Cells, assemble, build, consents, identifier_values
from sendthemes.survey.grid import Findings, blank
from sendthemes.survey.layouts import Column, Sheet
from sendthemes.survey.packed import Cell
from sendthemes.survey.settings import Override, Settings
from sendthemes.survey.units import Finder, Key, Unit, respondent_column, single, units

_TICKED = frozenset({"1", "yes", "true", "x", "y", "selected", "checked", "ticked", "✓", "✔", "quoted"})
_UNTICKED = frozenset({"0", "false", "not selected", "unchecked", "unticked", "not quoted"})


def read_wide(sheet: Sheet, settings: Settings, findings: Findings) -> Answers:
    """Turn a wide sheet into answers.

    Args:
        sheet: The sheet, its headings understood.
        settings: What the caller says.
        findings: Takes faults and what was mended.
    """
    finder = Finder(sheet, findings)
    for column in sheet.columns:
        finder.learn(
            column,
            column.heading,
            column.id,
            column.text if not column.part else "",
            headings.own_id(column.heading),
        )
    respondent = respondent_column(sheet, settings, finder)
    respondents = _respondents(sheet, respondent, findings)
    asked = units(sheet, respondent)
    for unit in asked:
        for column in unit.columns:
            finder.learn(
                column, unit.id if not column.follows else "", unit.text if not column.follows else ""
            )
    said = _said(settings, finder)
    known = _identifiers(sheet, settings, finder, respondent)
    consent = single(finder, settings.consent, "consent") or next(
        (
            column
            for column in sheet.columns
            if not settings.consent and column is not respondent and _asks_consent(column)
        ),
        None,
    )
    weight = single(finder, settings.weight, "weight")
    findings.stop()
    kind_of = {column.key: f"identifies: {kind}" for kind, columns in known.items() for column in columns}
    if consent is not None:
        kind_of[consent.key] = "asks whether the answers may be published"
    answers = _assembled(Told(sheet, said, kind_of, findings), asked, respondents)
    if consent is not None:
        quotable = consents(consent.cells)
        findings.tell(
            sheet.place(column=consent),
            f"{quotable.count(False)} of {len(quotable)} respondents did not agree to be published.",
            "Their answers are counted, never quoted.",
        )
        answers = replace(answers, quotable=quotable)
    if weight is not None:
        answers = replace(answers, weights=_weights(sheet, weight, findings))
    findings.stop()
    identifiers = {
        kind: identifier_values([column.cells for column in columns], len(respondents))
        for kind, columns in known.items()
    }
    return replace(answers, identifiers=identifiers)


def _respondents(sheet: Sheet, column: Column | None, findings: Findings) -> list[str]:
    """Give the ids; duplicates refuse the source, a blank one becomes its row's number."""
    if column is None:
        findings.tell(
            sheet.place(),
            "No column of respondent ids.",
            "Respondents are numbered in the order of the rows.",
        )
        return [str(row + 1) for row in range(len(sheet.rows))]
    ids: list[str] = []
    for row, cell in enumerate(column.cells):
        if cell is None or blank(cell):
            name = f"{sheet.grid.row_word} {sheet.grid.rows[sheet.rows[row]]}"
            findings.tell(sheet.place(row, column), "No respondent id.", f"Called {name!r}.")
        else:
            name = cell.strip()
        ids.append(name)
    if len(set(ids)) < len(ids):
        first: dict[str, int] = {}
        for row, name in enumerate(ids):
            if first.setdefault(name, row) != row:
                before = sheet.grid.rows[sheet.rows[first[name]]]
                findings.refuse(
                    f"Respondent {name!r} is here twice, first in {sheet.grid.row_word} {before}.",
                    sheet.place(row, column),
                    "Take one out, name another column with respondent=, or read with layout='long'.",
                    "duplicate-respondent",
                )
    return ids


def _said(settings: Settings, finder: Finder) -> dict[Key, Override]:
    """Say for each column (by position) what the caller says about it."""
    said: dict[Key, Override] = {}
    for name, override in settings.overrides.items():
        found = finder.find(name, f"the question {name!r}")
        for column in found:
            own = override if len(found) == 1 else replace(override, id=None, text=None)
            said[column.key] = own.over(said.get(column.key, Override()))
        if len(found) > 1:
            whole = (-1, found[0].text)
            said[whole] = override.over(said.get(whole, Override()))
    return said


def _identifiers(
    sheet: Sheet, settings: Settings, finder: Finder, respondent: Column | None
) -> dict[str, list[Column]]:
    """Find the columns of names, addresses, authorities and schools: those named and those so headed."""
    known: dict[str, list[Column]] = {}
    for kind, names in settings.identifiers.items():
        known[kind] = [column for name in names for column in finder.find(name, f"identifiers[{kind!r}]")]
    named = {column.key for columns in known.values() for column in columns}
    for column in sheet.columns:
        kind = headings.identifier(column.heading)
        if kind and column.key not in named and column is not respondent:
            known.setdefault(kind, []).append(column)
    return known


def _asks_consent(column: Column) -> bool:
    if column.follows or not headings.is_consent(column.heading):
        return False
    return 0 < len({cell.strip() for cell in column.cells if cell is not None and not blank(cell)}) <= 6


def _weights(sheet: Sheet, column: Column, findings: Findings) -> tuple[float, ...]:
    weights: list[float] = []
    for row, cell in enumerate(column.cells):
        try:
            weight = kinds.number(cell or "")
        except ValueError:
            weight = -1.0
        if not 0 <= weight < float("inf"):
            findings.refuse(
                f"{cell!r} is no weight.",
                sheet.place(row, column),
                "Give every respondent a number of 0 or more.",
                "bad-weight",
            )
        weights.append(weight)
    return tuple(weights)


@dataclass(frozen=True, slots=True)
class Told:
    """What is known of the columns of a sheet: what the caller says, and what their headings tell.

    Attributes:
        sheet: The sheet.
        said: What is said about a column; under (-1, wording) about a question of several columns.
        facts: Why a column is a fact about the respondent, no question: "identifies: name".
        findings: Takes what does not fit.
    """

    sheet: Sheet
    said: Mapping[Key, Override]
    facts: Mapping[Key, str]
    findings: Findings


def _assembled(told: Told, asked: Sequence[Unit], respondents: Sequence[str]) -> Answers:
    built: list[Built] = []
    for unit in asked:
        new = _unit(told, unit)
        if built and len(new) == 1 and built[-1].question.kind in CLOSED and headings.follows_up(unit.text):
            new = [_following(new[0], built[-1].question.id)]
        built += new
    given = {override.id for override in told.said.values() if override.id}
    names = headings.unique((each.question.id for each in built), given)
    return assemble(
        respondents,
        [
            each if each.question.id == name else replace(each, question=replace(each.question, id=name))
            for each, name in zip(built, names, strict=True)
        ],
    )


def _following(built: Built, parent: str) -> Built:
    question = built.question
    if question.kind != "open" or question.parent:
        return built
    return replace(built, question=replace(question, parent=parent))


def _unit(told: Told, unit: Unit) -> list[Built]:
    """Turn one question's columns into one question, or one a matrix row, and its text boxes."""
    plain = [column for column in unit.columns if not column.part]
    parts = [column for column in unit.columns if column.part and not column.follows]
    boxes = [column for column in unit.columns if column.follows]
    built: list[Built] = []
    override = told.said.get((-1, unit.columns[0].text), told.said.get(unit.columns[0].key, Override()))
    name = override.id or unit.id
    if (
        parts
        and _are_options(parts)
        and all(told.said.get(column.key, override).kind in {None, "multiple"} for column in parts)
    ):
        options = [headings.folded(column.part) for column in parts]
        others = [
            box
            for box in boxes
            if headings.is_other(box.part) and not headings.folded(box.part).startswith(tuple(options))
        ]
        built.append(_ticked(unit, name, parts, others, override))
    else:
        matrix = _matrix_levels(unit, parts, told.said)
        for at, column in enumerate(parts, start=1):
            part = unit.id if len(unit.columns) == 1 else f"{name}_{at}"
            wording = f"{unit.text} - {column.part}"
            row = _column(told, column, column.id or part, wording)
            built += [_row_of_matrix(each, matrix) for each in row] if matrix else row
    for column in plain:
        others = [box for box in boxes if headings.is_other(box.part)]
        built += _column(told, _with_other(column, others), name, unit.text)
    for column in boxes:
        word = "other" if headings.is_other(column.part) else "comments"
        follow = _column(told, column, column.id or f"{name}_{word}", f"{unit.text} - {column.part}")
        parent = name if any(each.question.id == name for each in built) else ""
        built += [replace(each, question=replace(each.question, parent=parent)) for each in follow]
    return built


def _column(told: Told, column: Column, name: str, text: str) -> list[Built]:
    """Build one column under its id and wording, as overridden."""
    override = told.said.get(column.key, Override())
    fact = told.facts.get(column.key, "")
    if override.kind is None and not override.closed:
        if fact or headings.is_metadata(column.heading, told.sheet.tool):
            override = replace(override, kind="metadata")
        elif column.kind is not None:
            override = replace(override, kind=column.kind)
    reason = fact or ("a text box" if column.follows else "")
    question = override.told(Question(name, text, "open", reason=reason))
    if column.heading not in {question.text, question.id}:
        question = replace(question, heading=column.heading)
    cells = Cells(column.cells, column.labels, told.sheet.place(column=column))
    return build(cells, question, override, told.findings)


def _are_options(parts: Sequence[Column]) -> bool:
    """Say whether columns are the options of one question: each cell a tick, or the option's own words."""
    seen = False
    marks: set[str] = set()
    for column in parts:
        values = {
            headings.folded(cell)
            for cell in dict.fromkeys(column.cells)
            if cell is not None and not blank(cell)
        }
        seen = seen or bool(values)
        if values and values != {headings.folded(column.part)}:
            marks |= values
    return (
        seen
        and (not marks or marks <= _UNTICKED | _TICKED)
        and not {"yes", "no"} <= marks
        and bool(not marks or marks & _TICKED or marks <= _UNTICKED)
    )


def _ticked(
    unit: Unit, name: str, parts: Sequence[Column], others: Sequence[Column], said: Override
) -> Built:
    """Bring one column an option together as a question of several answers."""
    levels = [column.part for column in (*parts, *others)]
    chosen: list[tuple[str, ...] | None] = []
    for row in range(len(parts[0].cells)):
        ticks = [column.part for column in parts if _tick(column.cells[row])]
        ticks += [column.part for column in others if not blank(column.cells[row])]
        chosen.append(tuple(dict.fromkeys(ticks)) or None)
    options = tuple(dict.fromkeys(levels))
    question = said.told(Question(name, unit.text, "multiple", options, "one column an option"))
    return Built(question, tuple(chosen))


def _tick(cell: Cell) -> bool:
    return cell is not None and not blank(cell) and headings.folded(cell) not in _UNTICKED


def _with_other(column: Column, others: Sequence[Column]) -> Column:
    """Fill a closed answer that is blank because the respondent wrote into the box "Other" instead."""
    if not others or column.kind == "open":
        return column
    cells = [
        next((box.part for box in others if not blank(box.cells[row])), cell) if blank(cell) else cell
        for row, cell in enumerate(column.cells)
    ]
    return replace(column, cells=cells)


def _matrix_levels(unit: Unit, parts: Sequence[Column], said: Mapping[Key, Override]) -> tuple[str, ...]:
    """Give the levels that the rows of a matrix share; empty where the parts are questions of their own."""
    overrides = [said.get(column.key, Override()) for column in parts]
    if len(parts) < 2 or any(each.kind not in {None, "matrix"} for each in overrides):
        return ()
    if given := next((each.levels for each in overrides if each.levels), None):
        return given
    pooled = [cell for column in parts for cell in column.cells]
    if kinds.infer(unit.text, pooled).kind not in {"single", "scale"}:
        return ()
    levels = kinds.level_order(
        sorted({cell.strip() for cell in pooled if cell is not None and not blank(cell)})
    )
    return levels if len(levels) <= 12 else ()


def _row_of_matrix(built: Built, levels: tuple[str, ...]) -> Built:
    """Make one column a row of a matrix; a column without answers has none."""
    values = built.values or tuple(None if blank(cell) else cell for cell in built.texts)
    question = replace(built.question, kind="matrix", levels=levels, reason="a row of a matrix")
    return Built(question, values)
