"""The report as one HTML file: no script, no request to anywhere, readable by everybody."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from pathlib import Path

from markdown_it import MarkdownIt
from markupsafe import Markup

from sendthemes.report.blocks import Evidence, Pages, Sighting
from sendthemes.report.charts import drawn
from sendthemes.report.present import presented
from sendthemes.templates import page_template

_TEMPLATES = Path(__file__).parent / "templates"


def to_html(pages: Pages) -> str:
    """Set a report as one HTML page that needs no other file."""
    style = (_TEMPLATES / "report.css").read_text(encoding="utf-8") + _opening(pages.evidence)
    page = page_template(_TEMPLATES / "report.html").render(
        pages=pages,
        style=Markup(style),  # noqa: S704 - ours
        anchors={name: f"table-{at}" for at, name in enumerate(pages.tables)},
        questions=_by_question(pages.evidence.sightings),
        prose=to_prose,
        drawn=drawn,
        presented=presented,
    )
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
    return page_template(_TEMPLATES / "card.html").render(pages=pages)


def to_prose(markdown: str) -> Markup:
    """Turn the analyst's Markdown into HTML; raw HTML is shown as text, pictures are left out."""
    parser = MarkdownIt("commonmark", {"html": False}).enable("table").disable("image")
    return Markup(parser.render(markdown))  # noqa: S704 - the parser escapes everything it is given
