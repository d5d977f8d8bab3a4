"""The report as Markdown: the same sections and tables, for a repository or a wiki."""

from __future__ import annotations

import re
from pathlib import Path

from markupsafe import Markup

from sendthemes.report.blocks import Pages
from sendthemes.report.present import presented
from sendthemes.templates import page_template

# What Markdown would read as its own, escaped wherever it stands; words of respondents stay words.
_SPECIAL = str.maketrans({character: f"\\{character}" for character in "\\`*_[]|~"} | {"<": "&lt;"})
_ENTITY = re.compile(r"&(?=#?\w+;)")
_AT_START = re.compile(r"(\d+(?=[.)](?:\s|$))|[+=#>]|-(?!\d))")


def to_markdown(pages: Pages) -> str:
    """Write a report as Markdown (CommonMark with tables)."""
    page = page_template(
        Path(__file__).parent / "templates" / "report.md",
        autoescape=False,
        finalize=lambda value: value if isinstance(value, Markup) else escaped(str(value)),
    )
    # What is as it is: the analyst's own words, and our own marks.
    text = page.render(pages=pages, presented=presented, as_it_is=Markup)
    return re.sub(r"\n{3,}", "\n\n", text).strip() + "\n"


def escaped(text: str) -> str:
    """Make a text stand for itself in Markdown, on one line."""
    plain = _ENTITY.sub("&amp;", " ".join(text.split())).translate(_SPECIAL)
    return _AT_START.sub(_escaped_start, plain, count=1) if _AT_START.match(plain) else plain


def _escaped_start(found: re.Match[str]) -> str:
    return f"{found[0]}\\" if found[0].isdigit() else f"\\{found[0]}"
