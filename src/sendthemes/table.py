"""Table: what every analysis returns."""

from __future__ import annotations

import csv
import html
import io
import textwrap
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from importlib import import_module
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Literal

from sendthemes.files import write_whole
from sendthemes.text import markdown_safe

if TYPE_CHECKING:
    import altair
    import pandas
    import polars

Cell = str | int | float | bool | None
_TERMINAL_ROWS = 60
_TERMINAL_WIDTH = 60  # characters of one cell
_LONG = 30  # characters from which a column of a notebook keeps some width
_UP, _DOWN = "#12436d", "#b8470b"  # the colours of the reports' charts
_SHADES = ("#f3f2f1", "#dcebf7", "#a9d0ee", "#6bace6", "#2073bc", "#12436d")
_INK = "#0b0c0c"
Format = Literal["text", "before", "count", "percent", "number", "ratio", "p"]


@dataclass(frozen=True, slots=True, repr=False)
class Table:
    """Tidy rows with what a reader needs to trust them.

    Numbers are unrounded; percent is 0-100; rounding is presentation (``formats``). A suppressed or
    undefined cell holds a symbol (``"[c]"``) or ``None``, and a note says why.

    Attributes:
        columns: Column names, in order.
        rows: One tuple a row, in the order of the columns.
        title: What the table shows, as a caption.
        base: Whom the percents are of, in words with the number ("8 respondents who answered"); may be empty.
        notes: What else a reader must know, a sentence each.
        reading: A plain sentence that reads the table, computed from it; may be empty.
        formats: How a column is shown, where the default (whole numbers as counts, others to one
            decimal) is not meant.
    """

    columns: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    title: str = ""
    base: str = ""
    notes: tuple[str, ...] = ()
    reading: str = ""
    formats: Mapping[str, Format] = field(default_factory=lambda: MappingProxyType({}))

    def __post_init__(self) -> None:
        if len(set(self.columns)) != len(self.columns):
            raise ValueError(f"a table's column names must differ; found {', '.join(self.columns)}")
        for row in self.rows:
            if len(row) != len(self.columns):
                raise ValueError(
                    f"a row of {len(row)} cells in a table of {len(self.columns)} columns: {row!r}"
                )

    @classmethod
    def from_dicts(cls, rows: Iterable[Mapping[str, Cell]], columns: Iterable[str], **about: Any) -> Table:
        """Make a table of mappings; a key that a mapping lacks gives an empty cell (``None``)."""
        names = tuple(columns)
        return cls(names, tuple(tuple(row.get(name) for name in names) for row in rows), **about)

    def __len__(self) -> int:
        return len(self.rows)

    def __iter__(self) -> Iterator[dict[str, Cell]]:
        """Go through the rows as dicts."""
        return (dict(zip(self.columns, row, strict=True)) for row in self.rows)

    def __reduce__(self) -> tuple[Any, ...]:
        return (
            Table,
            (self.columns, self.rows, self.title, self.base, self.notes, self.reading, dict(self.formats)),
        )

    def column(self, name: str) -> tuple[Cell, ...]:
        """Give one column's cells, in row order; ``KeyError`` names the columns there are."""
        if name not in self.columns:
            raise KeyError(f"no column {name!r}; the table has {', '.join(self.columns)}")
        at = self.columns.index(name)
        return tuple(row[at] for row in self.rows)

    def with_notes(self, *notes: str) -> Table:
        """Give the same table with more notes at the end."""
        return replace(self, notes=self.notes + notes)

    def with_rows(
        self, rows: Iterable[Mapping[str, Cell]], columns: Iterable[str] | None = None, **about: Any
    ) -> Table:
        """Give the same table with other rows.

        Args:
            rows: One mapping a row; a key that it lacks gives an empty cell.
            columns: Their columns; default: those there are.
            **about: What else changes: title, base, notes, reading, formats.
        """
        made = Table.from_dicts(rows, self.columns if columns is None else columns)
        return replace(self, columns=made.columns, rows=made.rows, **about)

    def to_dicts(self) -> list[dict[str, Cell]]:
        """Give one dict a row, numbers unrounded."""
        return list(self)

    def to_pandas(self) -> pandas.DataFrame:
        """Give a pandas frame, numbers unrounded; ``ImportError`` says which extra to install."""
        frame: pandas.DataFrame = _extra("pandas", "to_pandas()").DataFrame(
            {name: list(self.column(name)) for name in self.columns}, columns=list(self.columns)
        )
        return frame

    def to_polars(self) -> polars.DataFrame:
        """Give a polars frame, numbers unrounded; ``ImportError`` says which extra to install."""
        columns = {name: list(self.column(name)) for name in self.columns}
        frame: polars.DataFrame = _extra("polars", "to_polars()").DataFrame(columns, strict=False)
        return frame

    def to_csv(self, path: str | Path | None = None) -> str:
        """Write the table as CSV (RFC 4180 in UTF-8, numbers unrounded), to a file where a path is given.

        A text cell that a spreadsheet would run as a formula gets a leading apostrophe.

        Returns:
            The CSV text.
        """
        out = io.StringIO()
        writer = csv.writer(out)
        writer.writerow([defused(name) for name in self.columns])
        writer.writerows([defused(cell) for cell in row] for row in self.rows)
        if path is not None:
            write_whole(path, out.getvalue().encode("utf-8"))
        return out.getvalue()

    def to_markdown(self) -> str:
        """Give a Markdown table with title, base, notes; numbers rounded for reading."""
        heads = [heading(name) for name in self.columns]
        head, *body = (f"| {' | '.join(map(markdown_safe, row))} |" for row in [heads, *self.shown()])
        rule = "|" + "|".join(" ---: " if self.is_numeric(name) else " --- " for name in self.columns) + "|"
        title = [f"**{markdown_safe(self.title)}**", ""] if self.title else []
        under = (line for note in self.under() for line in ("", markdown_safe(note)))
        return "\n".join([*title, head, rule, *body, *under]) + "\n"

    def under(self) -> tuple[str, ...]:
        """Give what stands under the table: the base, the sentence that reads it, the notes."""
        base = f"Base: {self.base.removesuffix('.')}." if self.base else ""
        return tuple(filter(None, (base, self.reading, *self.notes)))

    def plot(self) -> altair.LayerChart:
        """Draw the percents: bars, a grid where two things are crossed, lines where there are two waves.

        Hidden and undefined percents are named and leave their place empty. Colours are those of the reports.

        Returns:
            An Altair chart, which shows itself in a notebook. Altair loads its scripts from the web; after
            ``altair.renderers.enable("svg")`` it draws on this machine alone.

        Raises:
            ImportError: Altair is not installed; says which extra to install.
            ValueError: The table has no percents, or more than two things are crossed.
        """
        library = _extra("altair", "plot()")
        twice = "percent_then" in self.columns
        first = "percent_then" if twice else "percent"
        if first not in self.columns:
            raise ValueError(f"plot() draws percents; the table has {', '.join(self.columns)}.")
        labels = [
            name
            for name in self.columns[: self.columns.index(first)]
            if not self.is_numeric(name) and not (name == "theme" and "label" in self.columns)
        ]
        labels.sort(key=lambda name: name != "label")
        if not 1 <= len(labels) <= 2:
            raise ValueError(f"plot() crosses at most two things; the table has {', '.join(labels)}.")
        rows = library.Y("row:N", sort=None, title=None, axis=library.Axis(labelLimit=420))
        chart = library.Chart({"values": _points(self, labels, first)}).encode(y=rows)
        draw = _waves if twice else _bars if len(labels) == 1 else _grid
        under = textwrap.wrap(f"Base: {self.base}." if self.base else "", 110)
        title = library.TitleParams(textwrap.wrap(self.title, 90), subtitle=under, anchor="start")
        plot: altair.LayerChart = library.LayerChart(layer=list(draw(library, chart)), title=title)
        return plot

    def is_numeric(self, name: str) -> bool:
        """Say whether a column holds numbers (symbols such as ``[c]`` and empty cells aside)."""
        if name in self.formats:
            return self.formats[name] not in {"text", "before"}
        kinds = {type(cell) for cell in self.column(name) if cell is not None and not _is_symbol(cell)}
        return bool(kinds) and kinds <= {int, float}

    def shown(self) -> list[list[str]]:
        """Give all cells as a reader sees them: rounded, an empty string for ``None``."""
        return [
            [show(cell, self.formats.get(name)) for name, cell in zip(self.columns, row, strict=True)]
            for row in self.rows
        ]

    def _runs_right(self, name: str) -> bool:
        return self.is_numeric(name) or self.formats.get(name) == "before"

    def __repr__(self) -> str:
        """Show the table in a terminal: aligned columns, then base, reading and notes; the first 60 rows."""
        cells = [[heading(name) for name in self.columns], *(row for row in self.shown()[:_TERMINAL_ROWS])]
        lines = [[_cut(" ".join(cell.split())) for cell in row] for row in cells]
        widths = [max(len(line[at]) for line in lines) for at in range(len(self.columns))]
        right = [self._runs_right(name) for name in self.columns]
        body = [
            "  ".join(
                cell.rjust(width) if side else cell.ljust(width)
                for cell, width, side in zip(line, widths, right, strict=True)
            ).rstrip()
            for line in lines
        ]
        left_out = len(self.rows) - _TERMINAL_ROWS
        more = f"… and {left_out:,} more rows" if left_out > 0 else ""
        return "\n".join(filter(None, [self.title, *body, more, *self.under()]))

    def _repr_html_(self) -> str:
        """Show the table in a notebook: caption, scope, right-aligned numbers, base and notes."""
        styles = []
        for name in self.columns:
            side = "right" if self._runs_right(name) else "left"
            wide = any(len(str(cell or "")) > _LONG for cell in self.column(name))
            styles.append(f' style="text-align:{side}{";min-width:14em" if wide else ""}"')

        def row(tag: str, cells: Iterable[str]) -> str:
            end = tag.partition(" ")[0]
            pairs = zip(cells, styles, strict=True)
            return (
                f"<tr>{''.join(f'<{tag}{style}>{html.escape(cell)}</{end}>' for cell, style in pairs)}</tr>"
            )

        head = row('th scope="col"', map(heading, self.columns))
        body = "".join(row("td", cells) for cells in self.shown())
        title = f'<caption style="text-align:left;font-weight:bold">{html.escape(self.title)}</caption>'
        under = (f"<p style='margin:.2em 0'><small>{html.escape(line)}</small></p>" for line in self.under())
        return f"<table>{title}<thead>{head}</thead><tbody>{body}</tbody></table>{''.join(under)}"


def _extra(name: str, call: str) -> Any:
    """Import a library that an extra brings."""
    try:
        return import_module(name)
    except ImportError as missing:
        raise ImportError(f"{call} needs {name}: pip install 'sendthemes[notebook]'") from missing


def _points(table: Table, labels: list[str], first: str) -> list[dict[str, Cell]]:
    """Give what a chart is drawn from: one dict a row of the table, hidden percents as ``None``."""
    points = []
    for row, words in zip(table, table.shown(), strict=True):
        shown = dict(zip(table.columns, words, strict=True))
        of = f" ({shown['respondents']} of {shown['base']})" if {"respondents", "base"} <= set(shown) else ""
        percent = row[first]
        point: dict[str, Cell] = {
            "row": shown[labels[0]],
            "column": shown[labels[-1]],
            "said": shown[first] if percent is None or _is_symbol(percent) else f"{shown[first]}%{of}",
        }
        for name, column in (("percent", first), ("now", "percent_now"), ("low", "low"), ("high", "high")):
            cell = row.get(column)
            point[name] = cell if isinstance(cell, (int, float)) else None
        points.append(point)
    return points


def _bars(altair: Any, chart: altair.Chart) -> Iterator[altair.Chart]:
    """Draw one bar a row, the interval over it, the figure beside it."""
    scale = altair.Scale(domain=[0, 100])
    yield chart.mark_bar(color=_UP).encode(x=altair.X("percent:Q", scale=scale, title="Percent"))
    for colour, wide in (("white", 4), (_INK, 1.5)):  # a halo parts the line from the bar
        yield chart.mark_rule(color=colour, strokeWidth=wide).encode(x="low:Q", x2="high:Q")
    yield chart.mark_text(align="left", color=_INK).encode(x=altair.value(306), text="said:N")


def _grid(altair: Any, chart: altair.Chart) -> Iterator[altair.Chart]:
    """Draw a cell a row × column, darker for higher, the figure in it."""
    heads = altair.Axis(orient="top", labelAngle=-30, labelAlign="left", labelLimit=200)
    cell = chart.encode(x=altair.X("column:N", sort=None, title=None, axis=heads)).properties(
        width=altair.Step(76), height=altair.Step(30)
    )
    scale = altair.Scale(type="threshold", domain=[1e-9, 20, 40, 60, 80], range=list(_SHADES))
    ink = altair.condition("datum.percent >= 60", altair.value("white"), altair.value(_INK))
    yield cell.mark_rect().encode(color=altair.Color("percent:Q", scale=scale, legend=None))
    yield cell.mark_text().encode(text=altair.Text("percent:Q", format=".0f"), color=ink)


def _waves(altair: Any, chart: altair.Chart) -> Iterator[altair.Chart]:
    """Draw a line a row from then to now, a dot at now."""
    scale = altair.Scale(domain=[0, 100])
    ink = altair.condition("datum.now >= datum.percent", altair.value(_UP), altair.value(_DOWN))
    line = chart.mark_rule(strokeWidth=5)
    yield line.encode(x=altair.X("percent:Q", scale=scale, title="Percent"), x2="now:Q", color=ink)
    yield chart.mark_circle(size=130, opacity=1).encode(x=altair.X("now:Q", scale=scale), color=ink)


def heading(name: str) -> str:
    """Make a column's name readable: ``low`` stays, ``answer_id`` becomes ``Answer id``."""
    words = name.replace("_", " ").strip()
    return words[:1].upper() + words[1:]


def show(cell: Cell, form: Format | None = None) -> str:
    """Show one cell as a reader sees it.

    Args:
        cell: The value.
        form: ``percent`` and ``number`` give one decimal, ``ratio`` two, ``p`` three (``<0.001`` below),
            ``count`` a whole number with thousands separated, ``before`` text that runs up to the
            next column; by default whole numbers are counts.
    """
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "Yes" if cell else "No"
    if isinstance(cell, str):
        return cell
    if form == "ratio":
        return f"{cell:z.2f}"  # z: nothing rounds to "-0.00"
    if form == "p":
        return "<0.001" if cell < 0.001 else f"{cell:.3f}"
    if form in {"text", "before"}:
        return str(cell)
    if isinstance(cell, int) and form not in {"percent", "number"}:
        return f"{cell:,}"
    return f"{cell:z,.0f}" if form == "count" else f"{cell:z,.1f}"


def defused(cell: Cell) -> Cell:
    """Make a text cell harmless in a spreadsheet: formula starts get a leading apostrophe."""
    return "'" + cell if isinstance(cell, str) and cell.startswith(("=", "+", "-", "@", "\t", "\r")) else cell


def _cut(text: str) -> str:
    """Shorten a cell for a terminal, so that the cut can be seen."""
    return text if len(text) <= _TERMINAL_WIDTH else f"{text[: _TERMINAL_WIDTH - 1]}…"


def _is_symbol(cell: Cell) -> bool:
    return isinstance(cell, str) and cell.startswith("[") and cell.endswith("]")
