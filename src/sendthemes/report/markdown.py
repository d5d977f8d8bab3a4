"""The report as Markdown: the same sections and tables, for a repository or a wiki."""

from __future__ import annotations

import re
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from sendthemes.report.blocks import Pages, kind_of
from sendthemes.report.present import presented

# What Markdown would read as its own, escaped wherever it stands; words of respondents stay words.
_SPECIAL = str.maketrans({character: f"\\{character}" for character in "\\`*_[]|~"} | {"<": "&lt;"})
_ENTITY = re.compile(r"&(?=#?\w+;)")
_AT_START = re.compile(r"(\d+(?=[.)](?:\s|$))|[+=#>]|-(?!\d))")


def to_markdown(pages: Pages) -> str:
    """Write a report as Markdown (CommonMark with tables)."""
    environment = Environment(  # noqa: S701 - Markdown is escaped by its own rules
        loader=FileSystemLoader(Path(__file__).parent / "templates"),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=lambda value: value if isinstance(value, Markup) else escaped(str(value)),
    )
    environment.filters.update(kind=kind_of, as_it_is=_as_it_is)
    page = environment.get_template("report.md").render(pages=pages, presented=presented)
    return re.sub(r"\n{3,}", "\n\n", page).strip() + "\n"


def escaped(text: str) -> str:
    """Make a text stand for itself in Markdown, on one line."""
    plain = _ENTITY.sub("&amp;", " ".join(text.split())).translate(_SPECIAL)
    return _AT_START.sub(_escaped_start, plain, count=1) if _AT_START.match(plain) else plain


def _escaped_start(found: re.Match[str]) -> str:
    return f"{found[0]}\\" if found[0].isdigit() else f"\\{found[0]}"


def _as_it_is(markdown: str) -> Markup:
    return Markup(markdown)  # noqa: S704 - the analyst's own words, or ours
