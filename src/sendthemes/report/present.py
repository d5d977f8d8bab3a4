"""Tables as a reader sees them: plain headings, ids left out, grids where two things are crossed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from operator import add

from sendthemes.report.blocks import Figure
from sendthemes.table import Cell, Table, heading, show

# Headings that say more than the column's name.
_HEADINGS = {
    "label": "Theme",
    "interval": "95% interval",
    "percent": "Percent",
    "respondents": "Respondents",
    "p": "p-value",
    "p_adjusted": "p-value (adjusted)",
    "rest_percent": "Percent of the others",
    "la": "LA",
}
_COUNT = ("respondents", "now", "mentions", "documents")


@dataclass(frozen=True, slots=True)
class Shown:
    """A table ready to be set: words only."""

    title: str  # the caption
    headings: tuple[str, ...]  # one a column
    numeric: tuple[bool, ...]  # for each column whether its figures stand to the right
    rows: tuple[tuple[str, ...], ...]  # the cells in words
    # (row, column), both from 0 → id of the evidence that the cell opens
    opens: Mapping[tuple[int, int], str]
    lines: tuple[str, ...]  # what stands under it: the base, the sentence that reads it, the notes

    @property
    def runs(self) -> list[int]:
        """Over how many rows each first cell runs: 0 where it repeats the one above."""
        runs: list[int] = []
        start = 0
        for at, row in enumerate(self.rows):
            if at and len(row) > 2 and not self.numeric[1] and row[0] == self.rows[start][0]:
                runs[start] += 1
                runs.append(0)
            else:
                start = at
                runs.append(1)
        return runs


def presented(figure: Figure) -> Shown:
    """Set a figure's table for reading."""
    table = figure.table
    if "percent_then" in table.columns:
        return _plain(_then_and_now(table), figure)
    if {"low", "high"} <= set(table.columns):
        columns = (*(name for name in table.columns if name not in ("low", "high")), "interval")
        rows = (row | {"interval": _interval(row)} for row in table)
        table = table.with_rows(rows, columns, formats={**table.formats, "interval": "percent"})
    return _grid(table, figure) if figure.across and len(table) else _plain(table, figure)


def heading_of(name: str, table: Table) -> str:
    """Give what stands over a column."""
    if name == "theme" and "label" in table.columns:
        return "Theme id"
    return _HEADINGS.get(name, heading(name))


def _interval(row: Mapping[str, Cell]) -> str:
    """Put the ends of the interval into one cell."""
    ends = [show(row[name], "percent") for name in ("low", "high")]
    return ends[0] if ends[0] == ends[1] and isinstance(row["low"], str) else " to ".join(filter(None, ends))


def _then_and_now(table: Table) -> Table:
    """Put each wave's count, base and percent into one cell, and the ends of the interval into another."""
    computed = ("difference", "low", "high", "change")
    own = [name for name in table.columns if not name.endswith(("_then", "_now")) and name not in computed]
    columns = (*own, "change", "then", "now", "difference", "interval")
    waves = ({wave: _wave(row, wave) for wave in ("then", "now")} for row in table)
    rows = (row | made | {"interval": _interval(row)} for row, made in zip(table, waves, strict=True))
    return table.with_rows(rows, columns, formats={"difference": "percent", "interval": "percent"})


def _wave(row: Mapping[str, Cell], wave: str) -> str:
    """Say one wave's figures: "77.5% (145 of 187)"."""
    percent, base = row[f"percent_{wave}"], row[f"base_{wave}"]
    of = "" if base is None else f" ({show(row[f'respondents_{wave}'])} of {show(base)})"
    return show(percent, "percent") + ("%" if isinstance(percent, float) else "") + of


def _plain(table: Table, figure: Figure) -> Shown:
    """Set the rows as they are, without columns that only repeat as an id what another says in words."""
    ids = {"label": {"theme", "question_id"}, "question": {"question_id"}}
    repeated = {name for said in table.columns for name in ids.get(said, ())}
    kept = table.with_rows(table, [name for name in table.columns if name not in repeated])
    count = next((at for at, name in enumerate(kept.columns) if name in _COUNT), len(kept.columns) - 1)
    return Shown(
        table.title,
        tuple(heading_of(name, table) for name in kept.columns),
        tuple(map(kept.is_numeric, kept.columns)),
        tuple(map(tuple, kept.shown())),
        {(row, count): target for row, target in figure.opens.items()},
        table.under(),
    )


def _grid(table: Table, figure: Figure) -> Shown:
    """Put counts with their percents into rows and columns, the base at the end."""
    across = figure.across
    keys = [name for name in table.columns if name not in (across, "theme")]
    key = "label" if "label" in keys else keys[0]
    heads = list(dict.fromkeys(str(cell) for cell in table.column(across)))
    lines = list(dict.fromkeys(str(cell) for cell in table.column(key)))
    cells: dict[tuple[str, str], str] = {}
    bases: dict[str, set[Cell]] = {}
    below: dict[str, set[Cell]] = {}
    opens: dict[tuple[int, int], str] = {}
    for at, row in enumerate(table):
        place = (str(row[key]), str(row[across]))
        cells[place] = count_of(row)
        bases.setdefault(place[0], set()).add(row.get("base"))
        below.setdefault(place[1], set()).add(row.get("base"))
        if at in figure.opens:
            opens[lines.index(place[0]), 1 + heads.index(place[1])] = figure.opens[at]
    rows = [(line, *(cells.get((line, head), "") for head in heads)) for line in lines]
    named = [heading_of(key, table), *(figure.heads.get(head, head) for head in heads)]
    if all(len(found) == 1 for found in bases.values()):
        rows = [(*row, show(bases[row[0]].pop())) for row in rows]
        named.append("Base")
    elif all(len(found) == 1 for found in below.values()):
        sizes = (f" (n\u00a0=\u00a0{show(below[head].pop())})" for head in heads)
        named[1:] = map(add, named[1:], sizes)
    numeric = (False,) + (True,) * (len(named) - 1)
    return Shown(table.title, tuple(named), numeric, tuple(rows), opens, table.under())


def count_of(row: Mapping[str, Cell]) -> str:
    """Say a count with its percent, where there is one that may be shown: "7 (87.5%)"."""
    count, percent = row.get("respondents", row.get("mentions")), row.get("percent")
    if isinstance(count, str) or percent is None or isinstance(percent, str):
        return show(count)
    return f"{show(count)} ({show(percent, 'percent')}%)"
