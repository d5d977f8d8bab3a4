"""The report as one HTML file: no script, no request to anywhere, readable by everybody."""

from __future__ import annotations

from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markdown_it import MarkdownIt
from markupsafe import Markup

from sendthemes.report import charts
from sendthemes.report.blocks import Block, Figure, Pages
from sendthemes.report.present import presented, spans

_TEMPLATES = Path(__file__).parent / "templates"

_CHART_SAYS = {
    "bars": ": percent of respondents, with 95% intervals",
    "heat": ": percent of those who answered",
    "stacked": ": percent of those who answered",
    "change": ": percent then and now",
}


def to_html(pages: Pages) -> str:
    """Set a report as one HTML page that needs no other file."""
    style = (_TEMPLATES / "report.css").read_text(encoding="utf-8")
    page = _environment().get_template("report.html").render(pages=pages, style=Markup(style))  # noqa: S704 - ours
    return page.lstrip()


def to_card(pages: Pages) -> str:
    """Give a report as a notebook shows it: what is in it, without any respondent's words."""
    return _environment().get_template("card.html").render(pages=pages)


def to_prose(markdown: str) -> Markup:
    """Turn the analyst's Markdown into HTML; raw HTML is shown as text, pictures are left out."""
    parser = MarkdownIt("commonmark", {"html": False}).enable("table").disable("image")
    return Markup(parser.render(markdown))  # noqa: S704 - the parser escapes everything it is given


def chart(pages: Pages, figure: Figure) -> Markup:
    """Draw the chart that a figure asks for; nothing where it asks for none."""
    table = pages.tables[figure.table]
    if figure.chart == "bars":
        return charts.bars(table)
    if figure.chart == "change":
        return charts.change(table, label=table.columns[0], then="percent_then", now="percent_now")
    if figure.chart in {"heat", "stacked"}:
        names = list(dict.fromkeys(str(cell) for cell in table.column(figure.across)))
        label = "label" if "label" in table.columns else table.columns[0]
        if figure.chart == "heat":
            heads = {name: figure.heads.get(name, name) for name in names}
            return charts.heat(table, rows=label, columns=figure.across, names=heads)
        if all(map(charts.is_number, table.column("percent"))):  # with parts hidden, a bar would mislead
            return charts.stacked(table, label=label, level=figure.across, levels=names)
    return Markup("")


def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(_TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["kind"] = _kind
    environment.filters["prose"] = to_prose
    environment.filters["slug"] = slug
    environment.globals.update(chart_says=_CHART_SAYS, chart=chart, presented=presented, spans=spans)
    return environment


def _kind(block: Block) -> str:
    return type(block).__name__


def slug(text: str) -> str:
    """Make an id for links of any text: letters, digits and hyphens."""
    return "-".join("".join(c if c.isascii() and c.isalnum() else " " for c in text.casefold()).split())
