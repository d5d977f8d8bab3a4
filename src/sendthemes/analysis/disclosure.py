"""Disclosure control: small counts hidden or rounded before a table is published."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Literal

from sendthemes.analysis.mentions import check_choice
from sendthemes.analysis.protection import hidden_in_cross, hidden_in_list
from sendthemes.errors import AnswersError
from sendthemes.table import Cell, Table

HIDDEN = "[c]"
_DERIVED = (
    "percent",
    "rest",
    "agree",
    "neither",
    "disagree",
    "low",
    "high",
    "residual",
    "difference",
    "p",
    "jaccard",
    "lift",
    "net",
    "mean",
)


def suppress(table: Table, *, threshold: int = 5, mode: Literal["hide", "round"] = "hide") -> Table:
    """Make a table of counts safe to publish.

    ``"hide"`` puts ``[c]`` in place of every count from 1 to just below the threshold, of whatever is
    computed from it, and of as many other counts as it takes that no hidden one can be worked out, from
    this table's totals or from the table of one of its variables alone. Zeros stay. ``"round"`` shows
    all counts and bases to the nearest multiple of the threshold, and percents of the rounded ones.

    Args:
        table: Any table with columns ``respondents`` and ``base`` (or ``respondents_then``, ``base_then``
            and the like). Themes overlap: within a theme the counts of a variable's levels are taken to add
            up to the theme's total; different themes are not taken to add up.
        threshold: The smallest count that may be shown, 2 or more; with "round" the multiple.
        mode: "hide" or "round".

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
        raise AnswersError(
            f"There are no counts to protect: no column 'respondents' in {', '.join(table.columns)}."
        )
    if any(cell == HIDDEN for row in table.rows for cell in row):
        return table
    if mode == "round":
        return _rounded(table, suffixes, threshold)
    rows = [dict(row) for row in table]
    touched: set[int] = set()
    if "base" in table.columns and len(suffixes) > 1:  # one respondent stands in one of these columns
        touched |= _hide_across(rows, suffixes, threshold)
    else:
        for suffix in suffixes:
            touched |= _hide(table, rows, suffix, threshold)
    for at in sorted(touched):
        for name in table.columns:
            if name.split("_")[0] in _DERIVED and rows[at][name] is not None:
                rows[at][name] = HIDDEN
    note = f"{HIDDEN}: hidden, because it is below {threshold} or would give such a number away."
    return replace(
        table,
        rows=tuple(tuple(row[name] for name in table.columns) for row in rows),
        base=_safe_words(table.base, threshold),
        notes=(*_safe_notes(table.notes, threshold), *([note] if touched else [])),
        reading="",
    )


def _hide(table: Table, rows: list[dict[str, Cell]], suffix: str, threshold: int) -> set[int]:
    """Hide counts and bases of one pair of columns in place; give the rows whose percents must go."""
    count, base = f"respondents{suffix}", f"base{suffix}"
    touched = _hidden_counts(table, rows, count, threshold)
    bases = _hidden_bases(table, rows, base, threshold) if base in table.columns else set()
    for at in touched:
        rows[at][count] = HIDDEN
    for at in bases:
        rows[at][base] = HIDDEN
    return touched | bases


def _hide_across(rows: list[dict[str, Cell]], suffixes: Sequence[str], threshold: int) -> set[int]:
    """Hide counts that add up across columns (agree, neither, disagree) in place; give the rows touched."""
    touched: set[int] = set()
    for at, row in enumerate(rows):
        names = [f"respondents{suffix}" for suffix in suffixes]
        hidden = {names[place] for place in hidden_in_list([_whole(row[name]) for name in names], threshold)}
        if 0 < _whole(row["base"]) < threshold:
            hidden.add("base")
        row.update(dict.fromkeys(hidden, HIDDEN))
        touched |= {at} if hidden else set()
    return touched


def _hidden_counts(table: Table, rows: list[dict[str, Cell]], count: str, threshold: int) -> set[int]:
    hidden: set[int] = set()
    for places in _blocks(table, rows):
        values = [[_whole(rows[at][count]) if at is not None else 0 for at in line] for line in places]
        if len(places) == 1:
            found = {(0, at) for at in hidden_in_list(values[0], threshold)}
        else:
            found = {arc for arc in hidden_in_cross(values, threshold) if -1 not in arc}
        hidden |= {at for i, j in found if (at := places[i][j]) is not None}
    return hidden


def _blocks(table: Table, rows: list[dict[str, Cell]]) -> Iterator[list[list[int | None]]]:
    """Give the parts of a table whose counts add up, as positions of rows: lists, or crosses."""
    names = _dimensions(table)
    others = [name for name in names if name != "theme"]
    if "theme" in names and (not others or {"question", "other"} & set(others)):
        for at in range(len(rows)):
            yield [[at]]  # overlapping: nothing adds up
        return
    if len(others) == 2 and "theme" not in names:
        yield _grid(rows, others[0], others[1])
        return
    by_theme: dict[Cell, list[int | None]] = defaultdict(list)
    for at, row in enumerate(rows):
        by_theme[row.get("theme")].append(at)
    yield from ([line] for line in by_theme.values())


def _grid(rows: list[dict[str, Cell]], one: str, other: str) -> list[list[int | None]]:
    at = {(row[one], row[other]): position for position, row in enumerate(rows)}
    levels = [list(dict.fromkeys(row[name] for row in rows)) for name in (one, other)]
    return [[at.get((i, j)) for j in levels[1]] for i in levels[0]]


def _dimensions(table: Table) -> list[str]:
    first = next(at for at, name in enumerate(table.columns) if name.startswith("respondents"))
    return [name for name in table.columns[:first] if name != "label"]


def _hidden_bases(table: Table, rows: list[dict[str, Cell]], base: str, threshold: int) -> set[int]:
    """Choose bases to hide: small ones and, where a variable's groups make up the whole, their like."""
    hidden = {at for at, row in enumerate(rows) if 0 < _whole(row[base]) < threshold}
    for name in _dimensions(table):
        if name in ("theme", "question"):
            continue
        sizes: dict[Cell, set[int]] = defaultdict(set)
        for row in rows:
            sizes[row[name]].add(_whole(row[base]))
        if all(len(each) == 1 for each in sizes.values()) and len({frozenset(s) for s in sizes.values()}) > 1:
            levels = list(sizes)
            chosen = hidden_in_list([next(iter(sizes[level])) for level in levels], threshold)
            hidden |= {at for at, row in enumerate(rows) if levels.index(row[name]) in chosen}
    return hidden


def _whole(cell: Cell) -> int:
    return cell if isinstance(cell, int) else 0


def _rounded(table: Table, suffixes: Sequence[str], to: int) -> Table:
    rows = []
    for row in table:
        for suffix in suffixes:
            count, base, percent = f"respondents{suffix}", f"base{suffix}", f"percent{suffix}"
            for name in (count, base):
                if isinstance(row.get(name), int):
                    row[name] = (2 * _whole(row[name]) + to) // (2 * to) * to
            if row.get(percent) is not None:
                n = _whole(row.get(base))
                row[percent] = 100 * _whole(row[count]) / n if n else None
        for name in table.columns:
            if name.split("_")[0] in _DERIVED and not name.startswith("percent"):
                row[name] = None
        rows.append(tuple(row[name] for name in table.columns))
    note = f"Counts and bases are rounded to the nearest {to}; percents are of the rounded counts."
    notes = (*_safe_notes(table.notes, to), note)
    return replace(table, rows=tuple(rows), base=_safe_words(table.base, to), notes=notes, reading="")


def _safe_notes(notes: Sequence[str], threshold: int) -> list[str]:
    """Leave out notes that name a small number, or a test (from which a table can be worked back)."""
    return [note for note in notes if not _names_small(note, threshold) and " = " not in note]


def _names_small(text: str, threshold: int) -> bool:
    return any(0 < int(number) < threshold for number in re.findall(r"(?<![\d.,])\d+(?![\d.,]*\d)", text))


def _safe_words(words: str, threshold: int) -> str:
    first = re.match(r"\d+(?![\d,])", words)
    return HIDDEN + words[first.end() :] if first and 0 < int(first[0]) < threshold else words
