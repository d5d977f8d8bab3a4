"""The report as one HTML file: no script, no request to anywhere, readable by everybody."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markdown_it import MarkdownIt
from markupsafe import Markup

from sendthemes.report import charts
from sendthemes.report.blocks import Block, Evidence, Figure, Pages, Sighting
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
    style = (_TEMPLATES / "report.css").read_text(encoding="utf-8") + _opening(pages.evidence)
    environment = _environment()
    numbers = {name: f"table-{at}" for at, name in enumerate(pages.tables)}
    environment.filters["anchor"] = numbers.__getitem__
    page = environment.get_template("report.html").render(pages=pages, style=Markup(style))  # noqa: S704 - ours
    return page.lstrip()


def _by_question(sightings: Sequence[Sighting]) -> list[tuple[str, list[tuple[int, Sighting]]]]:
    """Put answers, with their places, under their questions."""
    whole = groupby(enumerate(sightings), key=lambda pair: pair[1].question)
    return [(question, list(part)) for question, part in whole]


def _opening(evidence: Evidence) -> str:
    """Give the styles by which a count that a link leads to shows only the answers and words behind it."""
    of = {at: n for n, (_, part) in enumerate(_by_question(evidence.sightings)) for at, _ in part}
    rules = []
    for count in evidence.counts:
        shown = [f"#a{at}" for at in count.sightings]
        shown += [f"#asked-{n}" for n in sorted({of[at] for at in count.sightings})]
        if shown:
            rules.append(f"#evidence:has(#{count.id}:target) :is({','.join(shown)}){{display:block}}")
    for theme in sorted({count.theme for count in evidence.counts if count.theme is not None}):
        mine = f"#evidence:has(.count.t{theme}:target)"
        rules.append(f"{mine} mark:not(.t{theme}){{all:unset}}")
        rules.append(f"{mine} .found:not(.t{theme}){{display:none}}")
    return "\n".join(("", *rules))


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
    environment.filters["groupby_question"] = _by_question
    environment.filters["prose"] = to_prose
    environment.filters["slug"] = slug
    environment.globals.update(chart_says=_CHART_SAYS, chart=chart, presented=presented, spans=spans)
    return environment


def _kind(block: Block) -> str:
    return type(block).__name__


def slug(text: str) -> str:
    """Make an id for links of any text: letters, digits and hyphens."""
    return "-".join("".join(c if c.isascii() and c.isalnum() else " " for c in text.casefold()).split())
