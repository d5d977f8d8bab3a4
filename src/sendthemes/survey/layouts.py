"""Layouts: where a source's headings end, which tool wrote it, and which rows are answers.

Nothing is taken from a fixed number of heading rows: the rows themselves tell.
"""

from __future__ import annotations

import json
import re
from array import array
from collections.abc import Sequence
from dataclasses import dataclass, replace

from sendthemes.survey import headings
from sendthemes.survey.answers import Kind
from sendthemes.survey.grid import Findings, Grid, blank
from sendthemes.survey.packed import Cell, take

Key = tuple[int, str]
_SEARCHED = 30  # rows in which the headings must begin
_SIGNATURES: tuple[tuple[str, frozenset[str]], ...] = (
    ("Qualtrics", frozenset({"startdate", "enddate", "recordeddate", "finished"})),
    ("SurveyMonkey", frozenset({"respondentid", "collectorid"})),
    ("SmartSurvey", frozenset({"userid", "userno"})),
    ("SmartSurvey", frozenset({"started", "ended", "uniqueid"})),
    ("Microsoft Forms", frozenset({"id", "starttime", "completiontime"})),
    ("Jisc Online Surveys", frozenset({"uniqueresponsenumber"})),
    ("Jisc Online Surveys", frozenset({"urn"})),
    ("Google Forms", frozenset({"timestamp"})),
    ("Citizen Space", frozenset({"responseid"})),
)
_SUB_HEADINGS = frozenset({"response", "openendedresponse", "answer", "comments", "otherpleasespecify"})
_FOOTER = re.compile(
    r"^(?:total|source|notes?|exported|generated|created|end of|prepared|page \d|\*|©|n\s?=|report run)", re.I
)
_SUMMARY = re.compile(r"^(?:grand )?(?:totals?|averages?|mean|sum|count)\s*:?$", re.I)


@dataclass(frozen=True, slots=True)
class Column:
    """One column of answers, with what its headings say.

    Attributes:
        at: Its position in the grid, from 0.
        heading: What stands above it, cleaned.
        text: The wording of its question, cleaned.
        cells: One cell a row of answers.
        id: The id that the source gives it; empty where there is only a wording.
        part: The option or matrix row that this column is of the question ``text``; empty for a whole
            question.
        kind: The kind that the layout tells; ``None`` leaves it to the cells.
        follows: Whether it is the text box of the question before it ("Other (please specify)", "Comments").
        labels: The file's own value labels, in order.
    """

    at: int
    heading: str
    text: str
    cells: Sequence[Cell]
    id: str = ""
    part: str = ""
    kind: Kind | None = None
    follows: bool = False
    labels: tuple[str, ...] = ()

    @property
    def key(self) -> Key:
        """What tells it from the other columns, whatever its cells become."""
        return self.at, self.part


@dataclass(frozen=True, slots=True)
class Sheet:
    """The answers of a source, row by row, under understood headings.

    Attributes:
        grid: The grid they come from; its cells have been handed over to the columns.
        tool: The tool whose layout it is, or "table".
        columns: The columns, in order.
        rows: For each row of answers its position in the grid.
        heading_rows: How many rows were read as headings.
    """

    grid: Grid
    tool: str
    columns: tuple[Column, ...]
    rows: Sequence[int]
    heading_rows: int

    def place(self, row: int | None = None, column: Column | None = None) -> str:
        """Name a row of answers, a column, or a cell, as the source counts them."""
        return self.grid.place(None if row is None else self.rows[row], column.at if column else None)


def recognise(grid: Grid, findings: Findings, *, framed: bool = False) -> Sheet:
    """Find the headings and the rows of answers in a grid.

    Args:
        grid: The cells; they are handed over, so that a million rows are held once.
        findings: Takes every row that is left out, with the reason.
        framed: Whether the first row is known to be the column names (frames, SPSS, Parquet).
    """
    if not grid.width or all(blank(cell) for column in grid.columns for cell in column):
        findings.refuse("There is nothing in it.", grid.place(), "Export the answers again.", "empty-file")
        findings.stop()
    filled = _filled(grid)
    top, tool = (0, _tool(grid.row(0))) if framed else _find_top(grid, filled)
    for row in range(top):
        if filled[row]:
            findings.tell(grid.place(row), "A title above the headings.", "Left out.")
    columns, first = _columns(grid, top, tool)
    rows = _answer_rows(grid, top, first, filled, findings)
    rows = _without_previews(columns, rows, findings, grid)
    if not rows:
        findings.refuse(
            "There are headings and no answers.", grid.place(), "Export the answers again.", "no-rows"
        )
        findings.stop()
    taken = []
    for column in columns:
        cells = grid.columns[column.at]
        taken.append(replace(column, cells=take(cells, rows)))
        grid.columns[column.at] = []
    return Sheet(grid, tool, tuple(_matrix_cells(_parts(_repeated(taken)))), rows, first - top)


def _filled(grid: Grid) -> bytearray:
    """Count for each row the cells that hold something (up to 255)."""
    filled = bytearray(grid.height)
    for column in grid.columns:
        for row, cell in enumerate(column):
            if cell is not None and filled[row] < 255 and not blank(cell):
                filled[row] += 1
    return filled


def _tool(row: Sequence[Cell]) -> str:
    keys = {headings.key(cell) for cell in row if cell}
    return next((tool for tool, signature in _SIGNATURES if signature <= keys), "table")


def _find_top(grid: Grid, filled: bytearray) -> tuple[int, str]:
    """Find the first heading row: the one a tool is known by, else the first that is about as full as any."""
    last = min(grid.height, _SEARCHED)
    for row in range(last):
        if filled[row] > 1 or grid.width == 1:
            tool = _tool(grid.row(row))
            if tool not in {"table", "Google Forms", "Citizen Space"}:
                return row, tool
    most = max(filled[:last])
    for row in range(last):
        if filled[row] >= max(1, min(2, grid.width), 0.5 * most) or (
            filled[row] > 1 and _two_rows(grid, row)
        ):
            return row, _tool(grid.row(row))
    return 0, "table"


def _columns(grid: Grid, top: int, tool: str) -> tuple[list[Column], int]:
    """Read the headings; give the columns (without cells) and the position of the first row of answers."""
    if tool == "Qualtrics":
        columns, first = _qualtrics(grid, top)
        if first > top + 1:
            return columns, first
    if _two_rows(grid, top):
        return _paired(grid, top), top + 2
    columns = []
    for at, cell in enumerate(grid.row(top)):
        heading = headings.clean(cell)
        if not heading and all(blank(cell) for cell in grid.columns[at][top:]):
            continue
        name = heading or f"Column {grid.place(column=at).rsplit(' ', 1)[-1]}"
        wording = headings.clean(grid.labels.get(at))
        columns.append(
            Column(
                at,
                name,
                wording or name,
                [],
                headings.own_id(name) if wording else "",
                labels=grid.levels.get(at, ()),
            )
        )
    return columns, top + 1


def _two_rows(grid: Grid, top: int) -> bool:
    """Say whether the row under the headings holds sub-headings: options, "Response", matrix rows."""
    if top + 1 >= grid.height:
        return False
    upper, lower = grid.row(top), grid.row(top + 1)
    first = next((at for at in range(grid.width) if not blank(upper[at]) or not blank(lower[at])), None)
    if first is None or blank(upper[first]) == blank(lower[first]):
        return False
    known = any(headings.key(cell) in _SUB_HEADINGS for cell in lower if cell)
    under_blank = [at for at in range(1, grid.width) if blank(upper[at]) and not blank(lower[at])]
    repeated = [
        at
        for at in range(1, grid.width)
        if not blank(upper[at]) and upper[at] == upper[at - 1] and not blank(lower[at])
    ]
    if not known and not under_blank and not repeated:
        return False
    values = [cell for cell in lower if not blank(cell)]
    return known or len(set(values)) > 1 or len(values) == 1


def _paired(grid: Grid, top: int) -> list[Column]:
    """Read two heading rows: the question, carried to the right, over its options, rows and text boxes."""
    columns: list[Column] = []
    question = ""
    for at, (over, under) in enumerate(zip(grid.row(top), grid.row(top + 1), strict=True)):
        upper, lower = headings.clean(over), headings.clean(under)
        if not upper and not lower and all(blank(cell) for cell in grid.columns[at][top + 2 :]):
            continue
        question = upper or (question if lower else "")
        name = headings.key(lower)
        if not question:
            columns.append(Column(at, lower or f"Column {at + 1}", lower or f"Column {at + 1}", []))
        elif not lower or name in {"response", "answer", "openendedresponse"}:
            kind: Kind | None = "open" if name == "openendedresponse" else None
            columns.append(Column(at, question, question, [], kind=kind))
        elif headings.is_other(lower) or headings.is_comments(lower):
            columns.append(
                Column(at, f"{question} - {lower}", question, [], part=lower, kind="open", follows=True)
            )
        else:
            columns.append(Column(at, f"{question} - {lower}", question, [], part=lower))
    return columns


def _qualtrics(grid: Grid, top: int) -> tuple[list[Column], int]:
    """Read ids, wordings and the ImportId row, of which an editor may have taken one out."""
    wordings: list[Cell] | None = None
    first = top + 1
    while first < min(grid.height, top + 3):
        row = grid.row(first)
        if any(cell and '"ImportId"' in cell for cell in row):
            first += 1
        elif wordings is None and _tells_wordings(grid.row(top), row):
            wordings = row
            first += 1
        else:
            break
    columns = []
    for at, cell in enumerate(grid.row(top)):
        name = headings.clean(cell) or f"Column {at + 1}"
        text = re.sub(r" - Selected Choice\b", "", headings.clean(wordings[at] if wordings else cell)) or name
        part = ""
        if re.search(r"_\d+$", name) and " - " in text:
            text, part = text.rsplit(" - ", 1)
        follows = name.casefold().endswith("_text")
        if follows and " - " in text:
            text, part = text.split(" - ", 1)
        columns.append(Column(at, name, text, [], name, part, "open" if follows else None, follows))
    return columns, first


def _tells_wordings(ids: Sequence[Cell], row: Sequence[Cell]) -> bool:
    """Say whether a row repeats the ids of the tool's own columns in words ("Start Date" under StartDate)."""
    own = [(headings.key(a or ""), headings.key(b or "")) for a, b in zip(ids, row, strict=True)]
    known = [
        b for a, b in own if a in {"startdate", "enddate", "recordeddate", "finished", "responseid", "status"}
    ]
    return any(
        b in {"startdate", "enddate", "recordeddate", "finished", "responseid", "responsetype"} for b in known
    )


def _answer_rows(grid: Grid, top: int, first: int, filled: bytearray, findings: Findings) -> Sequence[int]:
    """Give the rows that are answers: not blank, no headings again, no footer."""
    rows: Sequence[int] = range(first, grid.height)
    if 0 in filled[first:]:
        rows = array("q", (row for row in rows if filled[row]))
    empty = grid.height - first - len(rows)
    if empty:
        findings.tell(grid.place(), f"{empty} blank rows.", "Left out.")
    start = grid.columns[0][top]
    if start is not None:
        same = (row for row, cell in enumerate(grid.columns[0]) if cell == start and row >= first)
        again = {row for row in same if grid.row(row) == grid.row(top)}
        for row in sorted(again):
            findings.tell(grid.place(row), "The headings again.", "Left out.")
        if again:
            rows = array("q", (row for row in rows if row not in again))
    while len(rows) > 1 and _is_footer(grid, rows, filled):
        findings.tell(grid.place(rows[-1]), "A footer below the answers.", "Left out.")
        rows = rows[:-1]
    return rows


def _is_footer(grid: Grid, rows: Sequence[int], filled: bytearray) -> bool:
    last = rows[-1]
    cells = [cell.strip() for cell in grid.row(last) if cell is not None and not blank(cell)]
    if grid.width < 3:
        return False
    if len(cells) == 1:
        apart = any(not filled[row] for row in range(rows[-2] + 1, last))
        return bool(_FOOTER.match(cells[0])) or (apart and " " in cells[0])
    return bool(_SUMMARY.match(cells[0])) and all(re.fullmatch(r"[\d.,%£ ]+", cell) for cell in cells[1:])


def _without_previews(
    columns: Sequence[Column], rows: Sequence[int], findings: Findings, grid: Grid
) -> Sequence[int]:
    """Leave out test answers of a Qualtrics export and tell of unfinished ones."""
    named = {headings.key(column.heading): grid.columns[column.at] for column in columns}
    status, channel, finished = (named.get(name) for name in ("status", "distributionchannel", "finished"))
    if finished is None or (status is None and channel is None):
        return rows
    tests = {
        row
        for row in rows
        if (status and headings.key(status[row] or "") in {"surveypreview", "surveytest", "spam"})
        or (channel and headings.key(channel[row] or "") in {"preview", "test"})
    }
    findings.tell_many([grid.place(row) for row in sorted(tests)], "A preview or test answer.", "Left out.")
    kept = array("q", (row for row in rows if row not in tests)) if tests else rows
    partial = [row for row in kept if headings.key(finished[row] or "") in {"false", "0"}]
    findings.tell_many(
        [grid.place(row) for row in partial], "The respondent did not finish.", "Read like the others."
    )
    return kept


def _parts(columns: Sequence[Column]) -> list[Column]:
    """Find questions spread over columns by their headings: "Question [Row]", "Question - Part"."""
    split = [_split(column.heading) if column.text == column.heading else ("", "") for column in columns]
    stems = [stem for stem, _ in split]
    found = []
    for column, (stem, part) in zip(columns, split, strict=True):
        if stem and stems.count(stem) > 1 and not column.part and not headings.is_metadata(column.heading):
            follows = headings.is_other(part) or headings.is_comments(part)
            found.append(
                replace(
                    column, text=stem, part=part, follows=follows, kind="open" if follows else column.kind
                )
            )
        else:
            found.append(column)
    return found


def _repeated(columns: Sequence[Column]) -> list[Column]:
    """Take off the numeral that tells a repeated title apart ("Tell us more2", "Tell us more.1")."""
    titles: set[str] = set()
    found = []
    for column in columns:
        stem = re.sub(r"(?:[._ ]?\d{1,2}| \(\d{1,2}\))$", "", column.heading)
        repeats = column.text == column.heading != stem and " " in stem and stem in titles
        titles.add(column.heading)
        found.append(replace(column, text=stem) if repeats else column)
    return found


def _split(heading: str) -> tuple[str, str]:
    bracket = re.fullmatch(r"(.+?)\s*\[([^\[\]]+)\]", heading)
    if bracket:
        return bracket[1], bracket[2]
    stem, dash, part = heading.rpartition(" - ")
    return (re.sub(r" - (?:Options?|Choices?)$", "", stem.strip()), part.strip()) if dash else ("", "")


def _matrix_cells(columns: Sequence[Column]) -> list[Column]:
    """Open cells that hold a matrix as JSON ({"Row": "Answer"}) into one column a row of the matrix."""
    found: list[Column] = []
    for column in columns:
        first = next((cell for cell in column.cells if cell is not None and not blank(cell)), "")
        if not first.lstrip().startswith("{"):
            found.append(column)
            continue
        read = [_mapping(cell) for cell in column.cells]
        names = dict.fromkeys(name for cells in read if cells for name in cells)
        if not names or any(cells is None for cells in read):
            found.append(column)
            continue
        for name in names:
            cells = [(cells or {}).get(name) for cells in read]
            heading = f"{column.heading} - {name}"
            found.append(replace(column, heading=heading, part=headings.clean(name), cells=cells))
    return found


def _mapping(cell: Cell) -> dict[str, Cell] | None:
    """Read a cell as a JSON object of texts; a blank cell is an empty one, anything else ``None``."""
    if blank(cell):
        return {}
    try:
        value = json.loads(cell or "")
    except ValueError:
        return None
    if not isinstance(value, dict) or any(isinstance(each, dict | list) for each in value.values()):
        return None
    return {name: None if each is None else str(each) for name, each in value.items()}
