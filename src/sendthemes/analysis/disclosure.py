"""Disclosure control: small counts hidden or rounded before a table is published."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Literal

from sendthemes.analysis.protection import hidden_in_cross, hidden_in_list, small
from sendthemes.codebook.model import Codebook
from sendthemes.errors import AnswersError, check_choice
from sendthemes.table import Cell, Table

HIDDEN = "[c]"
_OVERLAPPING = {"theme", "other", "question", "statement"}  # a respondent may stand in several rows
_DERIVED = {
    "percent", "rest", "agree", "neither", "disagree", "low", "high", "residual", "difference", "p",
    "jaccard", "lift", "net", "mean", "change", "finding",
}  # fmt: skip
Row = dict[str, Cell]
Cells = tuple[int, int]  # a count and its base
Hidden = tuple[set[int], set[int]]  # rows whose count, and rows whose base is hidden


def suppress(
    table: Table,
    *,
    threshold: int = 5,
    mode: Literal["hide", "round"] = "hide",
    codebook: Codebook | None = None,
) -> Table:
    """Make a table of counts safe to publish.

    ``"hide"`` puts ``[c]`` in place of every count and base that is from 1 to just below the threshold, of
    whatever is computed from it, and of as many others as it takes that no hidden one can be worked out,
    from this table's totals or from the table of one of its variables alone. Zeros stay, unless nothing else
    protects a count. ``"round"`` shows all counts and bases to the nearest multiple of the threshold, and
    percents of the rounded ones.

    Args:
        table: Any table with columns ``respondents`` and ``base`` (or ``respondents_then``, ``base_then``
            and the like). Themes, questions, statements and the options of multiple choice overlap; the
            levels of any other variable are taken to share out the respondents.
        threshold: The smallest count that may be shown, 2 or more; with "round" the multiple.
        mode: "hide" or "round".
        codebook: With it a theme is hidden where its count would tell that of a sub-theme which is hidden:
            a theme without entries of its own counts no more than its sub-themes do together.

    Returns:
        The table with symbols and a note that explains them. Its reading is left out, and so are notes
        that name a small number. A table hidden before comes back as it is.

    Raises:
        AnswersError: There are no counts in the table, or an option is not a choice.
    """
    check_choice("mode", mode, ("hide", "round"))
    if threshold < 2:
        raise AnswersError(f"threshold is the smallest count that may be shown, 2 or more; got {threshold}")
    suffixes = [name.removeprefix("respondents") for name in table.columns if name.startswith("respondents")]
    if not suffixes:
        found = f"no column 'respondents' in {', '.join(table.columns)}"
        raise AnswersError(f"There are no counts to protect: {found}.")
    if any(cell == HIDDEN for row in table.rows for cell in row):
        return table
    if mode == "round":
        return _rounded(table, suffixes, threshold)
    rows = [dict(row) for row in table]
    for at, names in _hidden_cells(table, rows, suffixes, threshold, codebook):
        rows[at].update({name: HIDDEN for name in names if rows[at].get(name) is not None})
    shown = tuple(tuple(row.values()) for row in rows)
    note = f"{HIDDEN}: hidden, because it is below {threshold} or would give such a number away."
    return _published(table, shown, threshold, *([note] if shown != table.rows else []))


def _hidden_cells(
    table: Table, rows: Sequence[Row], suffixes: Sequence[str], threshold: int, codebook: Codebook | None
) -> Iterator[tuple[int, list[str]]]:
    """Give rows with the columns to hide in them: counts, bases, and what is computed from them."""
    first = next(at for at, name in enumerate(table.columns) if name.startswith("respondents"))
    keys = [name for name in table.columns[:first] if name != "label"]
    multiple = any("multiple choice" in note for note in table.notes)
    walked = [] if codebook is None else [theme for theme, _ in codebook.walk()]
    below = {each.theme: [] if each.entries else [child.theme for child in each.themes] for each in walked}
    across = "base" in table.columns and len(suffixes) > 1  # agree, neither, disagree share out one base
    derived = [name for name in table.columns[first:] if name.split("_")[0] in _DERIVED]
    for suffix in suffixes:
        count, base = f"respondents{suffix}", "base" if across else f"base{suffix}"
        whole = sum(_whole(row[count]) for row in rows)
        cells = [(_whole(row[count]), _whole(row.get(base, whole))) for row in rows]
        if across:
            sides = [[_whole(row[f"respondents{each}"]) for each in suffixes] for row in rows]
            place = suffixes.index(suffix)
            counts = {at for at, side in enumerate(sides) if place in hidden_in_list(side, threshold)}
            bases = small((n for _, n in cells), threshold)
        else:
            shared = [name for name in keys if name not in _OVERLAPPING and not suffix]
            if multiple and len(shared) == 1:
                shared = []
            grid = len(shared) == len(keys) == 2 and not multiple
            found = _hidden_in_grid(rows, keys, cells, threshold) if grid else None
            counts, bases = found or _hidden(rows, keys, shared, cells, threshold=threshold, below=below)
        others = [each for each in suffixes if each not in ("", suffix)]
        alien = [each[1:] for each in others]
        own = [name for name in derived if not (name.endswith(tuple(others)) or name in alien)]
        for at in counts | bases:
            yield at, [*([count] if at in counts else []), *([base] if at in bases else []), *own]


def _hidden(
    rows: Sequence[Row],
    keys: Sequence[str],
    shared: Sequence[str],
    cells: Sequence[Cells],
    *,
    threshold: int,
    below: Mapping[str, Sequence[str]],
) -> Hidden:
    """Choose rows whose count, and rows whose base, must be hidden.

    ``keys`` are the columns that say what a row counts, ``shared`` those whose levels share out the
    respondents; ``below`` names the sub-themes of each theme without entries of its own.
    """
    counts, bases = set[int](), small((base for _, base in cells), threshold)
    place = {tuple(row[key] for key in keys): at for at, row in enumerate(rows)}

    def tells(at: int) -> bool:
        """Say whether a theme counts as many as its sub-themes in all, of which one is hidden."""
        row = rows[at]
        own = below.get(str(row.get("theme")), ())
        names = [tuple(each if key == "theme" else row[key] for key in keys) for each in own]
        under = [place[name] for name in names if name in place]
        return bool(counts & set(under)) and sum(cells[each][0] for each in under) == cells[at][0]

    for name in shared or [""]:
        sizes = {row[name]: base for row, (_, base) in zip(rows, cells, strict=True)} if name else {}
        lost = {list(sizes)[at] for at in hidden_in_list(list(sizes.values()), threshold)}
        bases |= {at for at, row in enumerate(rows) if name and row[name] in lost}
        for block in _blocks(rows, [key for key in keys if key != name], list(below), alone=not name):
            own, limits = zip(*(cells[at] for at in block), strict=True)
            told = {at for at, each in enumerate(block) if tells(each)}
            # Everybody in a group of hidden size: the count would say how large it is at least.
            told |= {at for at, each in enumerate(block) if each in bases and 0 < own[at] == limits[at]}
            counts |= {block[at] for at in hidden_in_list(own, threshold, told, limits)}
    return counts, bases


def _blocks(
    rows: Sequence[Row], keys: Sequence[str], themes: Sequence[str], *, alone: bool
) -> list[list[int]]:
    """Give the rows that are alike in these keys, or each by itself; sub-themes before their themes."""
    blocks: dict[tuple[Cell, ...], list[int]] = defaultdict(list)
    for at, row in enumerate(rows):
        blocks[*(row[key] for key in keys), *([at] if alone else [])].append(at)
    order = {name: -at for at, name in enumerate(themes)}
    return sorted(blocks.values(), key=lambda block: order.get(str(rows[block[0]].get("theme")), 0))


def _hidden_in_grid(
    rows: Sequence[Row], keys: Sequence[str], cells: Sequence[Cells], threshold: int
) -> Hidden | None:
    """Choose in a cross of two variables; ``None`` where the bases are not those of rows, columns or all."""
    one, other = sorted(keys)  # a table turned round hides the same
    levels = [list(dict.fromkeys(row[name] for row in rows)) for name in (one, other)]
    places = [(levels[0].index(row[one]), levels[1].index(row[other])) for row in rows]
    counts = [[0] * len(levels[1]) for _ in levels[0]]
    for (i, j), (count, _) in zip(places, cells, strict=True):
        counts[i][j] += count
    sums = [sum(row) for row in counts], [sum(column) for column in zip(*counts, strict=True)]
    of_rows, of_columns, of_all = (
        all(base == of(i, j) for (i, j), (_, base) in zip(places, cells, strict=True))
        for of in (lambda i, j: sums[0][i], lambda i, j: sums[1][j], lambda i, j: sum(sums[0]))
    )
    if not (of_rows or of_columns or of_all):
        return None
    arcs = hidden_in_cross(counts, threshold)
    bases = small((base for _, base in cells), threshold)
    bases |= {at for at, (i, _) in enumerate(places) if of_rows and (i, -1) in arcs}
    bases |= {at for at, (_, j) in enumerate(places) if of_columns and (-1, j) in arcs}
    return {at for at, place in enumerate(places) if place in arcs}, bases


def _whole(cell: Cell) -> int:
    return cell if isinstance(cell, int) else 0


def _rounded(table: Table, suffixes: Sequence[str], to: int) -> Table:
    rows = []
    for row in table:
        for name in table.columns:
            if name.startswith(("respondents", "base")) and isinstance(row[name], int):
                row[name] = (2 * _whole(row[name]) + to) // (2 * to) * to
        for name in table.columns:
            if name.split("_")[0] in _DERIVED:
                suffix = name.removeprefix("percent")
                n = _whole(row.get(f"base{suffix}")) if suffix in suffixes else 0
                row[name] = 100 * _whole(row[f"respondents{suffix}"]) / n if n else None
        rows.append(tuple(row.values()))
    note = f"Counts and bases are rounded to the nearest {to}; percents are of the rounded counts."
    return _published(table, tuple(rows), to, note)


def _published(table: Table, rows: tuple[tuple[Cell, ...], ...], threshold: int, *more: str) -> Table:
    """Leave out the reading, and notes with a small number or a test (which lets a table be worked back)."""
    notes = []
    for note in table.notes:
        numbers = map(int, re.findall(r"(?<![\d.,])\d+(?![\d.,]*\d)", note))
        if " = " not in note and not small(numbers, threshold):
            notes.append(note)
    first, base = re.match(r"\d+(?![\d,])", table.base), table.base
    if first and 0 < int(first[0]) < threshold:
        base = HIDDEN + base[first.end() :]
    return replace(table, rows=rows, base=base, notes=(*notes, *more), reading="")
