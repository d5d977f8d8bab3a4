"""Layouts: where a source's headings end, which tool wrote it, and which rows are answers.

Nothing is taken from a fixed number of heading rows: the rows themselves tell.
"""

from __future__ import annotations

import json
import re
from array import array
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from sendthemes.survey import headings
from sendthemes.survey.answers import Kind
from sendthemes.survey.grid import Findings, Grid, blank
from sendthemes.survey.packed import Cell, take

Key = tuple[int, str]
_SEARCHED = 30  # rows in which the headings must begin
_SAMPLE = 1000  # rows by which headings are told from answers
_WHOLE = {"": None, "response": None, "answer": None, "openendedresponse": "open"}  # sub-headings of no part
_SUB_HEADINGS = frozenset({"response", "openendedresponse", "answer", "comments", "otherpleasespecify"})
_QUALTRICS_OWN = frozenset(
    {"startdate", "enddate", "recordeddate", "finished", "responseid", "responsetype", "status"}
)
_FOOTER = re.compile(
    r"^(?:total|source|notes?|exported|generated|created|end of|prepared|page \d|\*|©|n\s?=|report run)", re.I
)
_CODE = re.compile(r"[A-Za-z]{1,3}_?\d+[a-z]?(?:_\d+)?")
_SUMMARY = re.compile(r"^(?:grand )?(?:totals?|averages?|mean|sum|count)\s*:?$", re.I)
_REPEATED = re.compile(r"(?:[._ ]?\d{1,2}| \(\d{1,2}\))$")


@dataclass(frozen=True, slots=True)
class Column:
    """One column of answers, with what its headings say."""

    at: int  # its position in the grid, from 0
    heading: str  # what stands above it, cleaned
    text: str  # the wording of its question, cleaned
    cells: Sequence[Cell] = ()  # one cell a row of answers
    id: str = ""  # the id that the source gives it; empty where there is only a wording
    # the option or matrix row that this column is of the question ``text``; empty for a whole question
    part: str = ""
    kind: Kind | None = None  # the kind that the layout tells; ``None`` leaves it to the cells
    # whether it is the text box of the question before it ("Other (please specify)", "Comments")
    follows: bool = False
    labels: tuple[str, ...] = ()  # the file's own value labels, in order
    # of a question of a long sheet: the rows of the sheet that the cells stand in
    rows: Sequence[int] | None = None
    aside: bool = False  # whether words in it are facts about the respondent, never coded

    @property
    def key(self) -> Key:
        """What tells it from the other columns, whatever its cells become."""
        return self.at, self.heading

    def of(self, text: str, part: str) -> Column:
        """Give the column as a part of a question: an option, a matrix row, or one of its text boxes."""
        box = headings.says(part, "other") or headings.says(part, "comments")
        return replace(self, text=text, part=part, kind="open" if box else self.kind, follows=box)


@dataclass(frozen=True, slots=True)
class Sheet:
    """The answers of a source, row by row, under understood headings.

    The grid's cells have been handed over to the columns; ``rows`` gives for each row of answers its position
    in the grid, ``tool`` the tool whose layout it is, or "table".
    """

    grid: Grid
    tool: str
    columns: tuple[Column, ...]
    rows: Sequence[int]

    def place(self, row: int | None = None, column: Column | None = None) -> str:
        """Name a row of answers, a column, or a cell, as the source counts them."""
        return self.grid.place(None if row is None else self.rows[row], column.at if column else None)


def recognise(grid: Grid, findings: Findings, *, framed: bool = False) -> Sheet:
    """Find the headings and the rows of answers in a grid, whose cells are handed over, not copied.

    ``framed`` says that the first row is known to be the column names (frames, SPSS, Parquet).
    """
    filled = _filled(grid)
    if not any(filled):
        findings.stop_at("There is nothing in it.", grid.place(), "Export the answers again.", "empty-file")
    top, tool = (0, _tool(grid.row(0))) if framed else _find_top(grid, filled)
    titles = [grid.place(row) for row in range(top) if filled[row]]
    findings.tell_many(titles, "A title above the headings.", "Left out.")
    columns, first = _columns(grid, top, tool)
    rows = _answer_rows(grid, top, first, filled, findings)
    rows = _without_previews(grid, columns, rows, findings)
    if not rows:
        message = "There are headings and no answers."
        findings.stop_at(message, grid.place(), "Export the answers again.", "no-rows")
    taken = []
    for column in columns:
        cells, grid.columns[column.at] = grid.columns[column.at], []
        taken.append(replace(column, cells=take(cells, rows)))
    if tool == "table" and not framed and first == top + 1:
        _doubt_headings(taken, grid.place(top), findings)
    return Sheet(grid, tool, tuple(_matrix_cells(_parts(_repeated(taken)))), rows)


def _filled(grid: Grid) -> bytearray:
    """Count for each row the cells that hold something (up to 255)."""
    filled = bytearray(grid.height)
    for column in grid.columns:
        for row, cell in enumerate(column):
            if cell is not None and filled[row] < 255 and not blank(cell):
                filled[row] += 1
    return filled


def _tool(row: Sequence[Cell], *, surely: bool = False) -> str:
    """Say which tool writes such a row of headings; ``surely`` asks for those that nobody else writes."""
    keys = {headings.key(cell) for cell in row if cell}
    for line in headings.listed("headings.txt", "tool"):
        tool, sure, own = line.split("\t")
        if keys.issuperset(own.split()) and (sure == "surely" or not surely):
            return tool
    return "table"


def _find_top(grid: Grid, filled: bytearray) -> tuple[int, str]:
    """Find the first heading row: the one a tool is known by, else the first that is about as full as any."""
    searched = range(min(grid.height, _SEARCHED))
    for row in searched:
        if (filled[row] > 1 or grid.width == 1) and (tool := _tool(grid.row(row), surely=True)) != "table":
            return row, tool
    enough = max(1, min(2, grid.width), 0.5 * max(filled[: len(searched)]))
    tops = (row for row in searched if filled[row] >= enough or (filled[row] > 1 and _two_rows(grid, row)))
    top = next(tops, 0)
    if top + 1 < grid.height and not _two_rows(grid, top):
        over, under = ([headings.key(cell or "") for cell in grid.row(row)] for row in (top, top + 1))
        ids = headings.respondent_ids()
        if under[0] in ids and over[0] not in ids and len({*over} - {""}) < len({*under} - {""}):
            top += 1  # what stands above are the titles of groups of columns
    return top, _tool(grid.row(top))


def _columns(grid: Grid, top: int, tool: str) -> tuple[list[Column], int]:
    """Read the headings; give the columns (without cells) and the position of the first row of answers."""
    if tool == "Qualtrics" or all(cell and _CODE.fullmatch(cell.strip()) for cell in grid.row(top)):
        columns, first = _qualtrics(grid, top)
        if first > top + 1:
            return columns, first
    if _two_rows(grid, top):
        return _paired(grid, top), top + 2
    columns = []
    for at, cell in enumerate(grid.row(top)):
        name, wording = headings.clean(cell), headings.clean(grid.labels.get(at))
        if name or not _nothing_below(grid, at, top):
            name = name or f"Column {grid.column_name(at)}"
            own = headings.own_id(name) if wording else ""
            columns.append(Column(at, name, wording or name, id=own, labels=grid.levels.get(at, ())))
    return columns, top + 1


def _doubt_headings(columns: Sequence[Column], where: str, findings: Findings) -> None:
    """Tell where the row of headings looks like a row of answers: the file may have none."""
    odd = [
        column.heading
        for column in columns
        if re.fullmatch(r"[\d.,:/-]+", column.heading)
        or (column.heading in column.cells[:_SAMPLE] and len(set(column.cells[:_SAMPLE]) - {None}) > 1)
    ]
    if len(odd) > 1:
        problem = f"Some headings look like answers: {', '.join(map(repr, odd[:5]))}."
        action = "Read as headings; if the file has none, write them above the first answers."
        findings.tell(where, problem, action)


def _nothing_below(grid: Grid, column: int, row: int) -> bool:
    return all(blank(cell) for at, cell in enumerate(grid.columns[column]) if at > row)


def _two_rows(grid: Grid, top: int) -> bool:
    """Say whether the row under the headings holds sub-headings: options, "Response", matrix rows."""
    if top + 1 >= grid.height:
        return False
    upper, lower = grid.row(top), grid.row(top + 1)
    first = next((at for at in range(grid.width) if not (blank(upper[at]) and blank(lower[at]))), None)
    if first is None or blank(upper[first]) == blank(lower[first]):
        return False
    if any(headings.key(cell) in _SUB_HEADINGS for cell in lower if cell):
        return True
    under = [at for at in range(1, grid.width) if not blank(lower[at])]
    parted = any(blank(upper[at]) or upper[at] == upper[at - 1] for at in under)
    values = [cell for cell in lower if not blank(cell)]
    return parted and (len(set(values)) > 1 or len(values) == 1)


def _paired(grid: Grid, top: int) -> list[Column]:
    """Read two heading rows: the question, carried to the right, over its options, rows and text boxes."""
    columns: list[Column] = []
    question = ""
    for at, (over, under) in enumerate(zip(grid.row(top), grid.row(top + 1), strict=True)):
        upper, lower = headings.clean(over), headings.clean(under)
        if not upper and not lower and _nothing_below(grid, at, top + 1):
            continue
        question = upper or (question if lower else "")
        name = headings.key(lower)
        if not question:
            columns.append(Column(at, lower or f"Column {at + 1}", lower or f"Column {at + 1}"))
        elif name in _WHOLE:
            columns.append(Column(at, question, question, kind="open" if _WHOLE[name] else None))
        else:
            columns.append(Column(at, f"{question} - {lower}", question).of(question, lower))
    return columns


def _qualtrics(grid: Grid, top: int) -> tuple[list[Column], int]:
    """Read ids, wordings and the ImportId row, of which an editor may have taken one out."""
    ids = grid.row(top)
    wordings, first = ids, top + 1
    for row in map(grid.row, range(top + 1, min(grid.height, top + 3))):
        if not any(cell and '"ImportId"' in cell for cell in row):
            if wordings is not ids or not _tells_wordings(ids, row):
                break
            wordings = row
        first += 1
    columns = []
    for at, (cell, wording) in enumerate(zip(ids, wordings, strict=True)):
        name = headings.clean(cell) or f"Column {at + 1}"
        text = re.sub(r" - Selected Choice\b", "", headings.clean(wording)) or name
        part, box = "", name.casefold().endswith("_text")
        if box:
            text, _, part = text.partition(" - ")
        elif re.search(r"_\d+$", name) and " - " in text:
            text, _, part = text.rpartition(" - ")
        columns.append(Column(at, name, text, id=name, part=part, kind="open" if box else None, follows=box))
    return columns, first


def _tells_wordings(ids: Sequence[Cell], row: Sequence[Cell]) -> bool:
    """Say whether a row repeats the ids of the tool's own columns in words, or asks what codes stand for."""
    keys = ((headings.key(a or ""), headings.key(b or "")) for a, b in zip(ids, row, strict=True))
    codes = all(cell and _CODE.fullmatch(cell.strip()) for cell in ids)
    asked = sum(cell is not None and cell.rstrip().endswith("?") for cell in row)
    own = any(a in _QUALTRICS_OWN and b in _QUALTRICS_OWN and b != "status" for a, b in keys)
    return own or (codes and asked > 1)


def _answer_rows(grid: Grid, top: int, first: int, filled: bytearray, findings: Findings) -> Sequence[int]:
    """Give the rows that are answers: not blank, no headings again, no footer."""
    rows: Sequence[int] = range(first, grid.height)
    if empty := filled.count(0, first):
        findings.tell(grid.place(), f"{empty} blank rows.", "Left out.")
        rows = array("q", (row for row in rows if filled[row]))
    start = next((at for at in range(grid.width) if not blank(grid.columns[at][top])), 0)
    title = grid.columns[start][top]
    same = [row for row, cell in enumerate(grid.columns[start]) if cell == title and row >= first]
    again = {row for row in same if title and grid.row(row) == grid.row(top)}
    findings.tell_many([grid.place(row) for row in sorted(again)], "The headings again.", "Left out.")
    if again:
        rows = array("q", (row for row in rows if row not in again))
    end = len(rows)
    while end > 1 and _is_footer(grid, rows[:end], filled):
        end -= 1
    findings.tell_many([grid.place(row) for row in rows[end:]], "A footer below the answers.", "Left out.")
    return rows[:end]


def _is_footer(grid: Grid, rows: Sequence[int], filled: bytearray) -> bool:
    last = rows[-1]
    cells = [cell.strip() for cell in grid.row(last) if cell is not None and not blank(cell)]
    if grid.width < 3:
        return False
    if len(cells) == 1:
        apart = not all(filled[rows[-2] + 1 : last])
        return bool(_FOOTER.match(cells[0])) or (apart and " " in cells[0])
    return bool(_SUMMARY.match(cells[0])) and all(re.fullmatch(r"[\d.,%£ ]+", cell) for cell in cells[1:])


def _without_previews(
    grid: Grid, columns: Sequence[Column], rows: Sequence[int], findings: Findings
) -> Sequence[int]:
    """Leave out test answers of a Qualtrics export and tell of unfinished ones."""
    named = {headings.key(column.heading): grid.columns[column.at] for column in columns}
    if "finished" not in named or not {"status", "distributionchannel"} & named.keys():
        return rows

    def having(name: str, *words: str) -> set[int]:
        return {row for row in rows if name in named and headings.key(named[name][row] or "") in words}

    tests = having("status", "surveypreview", "surveytest", "spam")
    tests |= having("distributionchannel", "preview", "test")
    partial = having("finished", "false", "0") - tests
    findings.tell_many(list(map(grid.place, sorted(tests))), "A preview or test answer.", "Left out.")
    problem, action = "The respondent did not finish.", "Read like the others."
    findings.tell_many(list(map(grid.place, sorted(partial))), problem, action)
    return array("q", (row for row in rows if row not in tests)) if tests else rows


def _repeated(columns: Sequence[Column]) -> list[Column]:
    """Take off the numeral that tells a repeated title apart ("Tell us more2", "Tell us more.1")."""
    titles: set[str] = set()
    found = []
    for column in columns:
        stem = _REPEATED.sub("", column.heading)
        plain = " " in stem or column.heading.startswith(f"{stem}.")
        repeats = column.text == column.heading != stem and plain and stem in titles
        titles.add(column.heading)
        found.append(replace(column, text=stem) if repeats else column)
    return found


def _parts(columns: Sequence[Column]) -> list[Column]:
    """Find questions spread over columns by their headings: "Question [Row]", "Question - Part"."""
    aside = [column.part or headings.is_metadata(column.heading) for column in columns]
    split = [("", "") if out else _split(column.text) for out, column in zip(aside, columns, strict=True)]
    stems = Counter(stem for stem, _ in split if stem)
    pairs = zip(columns, split, strict=True)
    return [column.of(*names) if stems[names[0]] > 1 else column for column, names in pairs]


def _split(heading: str) -> tuple[str, str]:
    if bracket := re.fullmatch(r"(.+?)\s*\[([^\[\]]+)\]", heading):
        return bracket[1], bracket[2]
    stem, dash, part = heading.rpartition(" - ")
    return (re.sub(r" - (?:Options?|Choices?)$", "", stem.strip()), part.strip()) if dash else ("", "")


def _matrix_cells(columns: Sequence[Column]) -> Iterator[Column]:
    """Open cells that hold a matrix as JSON ({"Row": "Answer"}) into one column a row of the matrix."""
    for column in columns:
        first = next((cell for cell in column.cells if cell is not None and not blank(cell)), "")
        read = [_mapping(cell) for cell in column.cells] if first.lstrip().startswith("{") else [None]
        names = {} if None in read else dict.fromkeys(name for cells in read if cells for name in cells)
        if not names:
            yield column
        for name in names:
            cells = [(cells or {}).get(name) for cells in read]
            heading, part = f"{column.heading} - {name}", headings.clean(name)
            yield replace(column, heading=heading, part=part, cells=cells)


def _mapping(cell: Cell) -> dict[str, Cell] | None:
    """Read a cell as a JSON object of texts; a blank cell is an empty one, anything else ``None``."""
    try:
        value = {} if blank(cell) else json.loads(cell or "")
    except ValueError:
        return None
    if not isinstance(value, dict) or any(isinstance(each, dict | list) for each in value.values()):
        return None
    return {name: None if each is None else str(each) for name, each in value.items()}
