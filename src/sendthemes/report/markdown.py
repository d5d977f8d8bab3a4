"""The report as Markdown: the same sections and tables, for a repository or a wiki."""

from __future__ import annotations

import re
from pathlib import Path

from markupsafe import Markup

from sendthemes.report.blocks import Pages
from sendthemes.report.present import presented
from sendthemes.templates import page_template
from sendthemes.text import markdown_safe


def to_markdown(pages: Pages) -> str:
    """Write a report as Markdown (CommonMark with tables)."""
    page = page_template(
        Path(__file__).parent / "templates" / "report.md",
        autoescape=False,
        finalize=lambda value: value if isinstance(value, Markup) else markdown_safe(str(value)),
    )
    # What is as it is: the analyst's own words, and our own marks.
    text = page.render(pages=pages, presented=presented, as_it_is=Markup)
    return re.sub(r"\n{3,}", "\n\n", text).strip() + "\n"
