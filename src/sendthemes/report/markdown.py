"""The report as Markdown: the same sections and tables, for a repository or a wiki."""

from __future__ import annotations

import re
from collections.abc import Iterable

from sendthemes.report.blocks import (
    Block,
    Figure,
    Heading,
    Items,
    Narrative,
    Pages,
    Prose,
    Quotes,
    Rating,
)
from sendthemes.report.present import Shown, presented

# What Markdown would read as its own, escaped wherever it stands; words of respondents stay words.
_SPECIAL = str.maketrans(
    {character: f"\\{character}" for character in "\\`*_[]|~"} | {"<": "&lt;", "\n": " ", "\r": " "}
)
_ENTITY = re.compile(r"&(?=#?\w+;)")
_AT_START = re.compile(r"(\d+(?=[.)])|[-+=#>])")


def to_markdown(pages: Pages) -> str:
    """Write a report as Markdown (CommonMark with tables)."""
    study = pages.study
    shown = "small numbers are hidden" if pages.mode == "publish" else "internal"
    about = [part for part in (study.author, study.date, pages.respondents, shown) if part]
    lines = [f"# {escaped(study.title)}", *([f"*{escaped(study.subtitle)}*"] if study.subtitle else [])]
    lines.append(escaped(" · ".join(about)))
    if study.narrative.introduction:
        lines.append(study.narrative.introduction.strip())
    for section in pages.sections:
        lines.append(f"## {escaped(section.title)}")
        for block in section.blocks:
            lines += _block(pages, block)
    return "\n\n".join(line for line in lines if line) + "\n"


def escaped(text: str) -> str:
    """Make a text stand for itself in Markdown, on one line."""
    plain = _words(" ".join(text.split()))
    return _AT_START.sub(_escaped_start, plain, count=1) if _AT_START.match(plain) else plain


def _escaped_start(found: re.Match[str]) -> str:
    return f"{found[0]}\\" if found[0].isdigit() else f"\\{found[0]}"


def _words(text: str) -> str:
    return _ENTITY.sub("&amp;", text).translate(_SPECIAL)


def _block(pages: Pages, block: Block) -> list[str]:
    if isinstance(block, Prose):
        return [f"> {escaped(block.text)}" if block.role in {"caveat", "reading"} else escaped(block.text)]
    if isinstance(block, Narrative):
        return [block.markdown.strip()]
    if isinstance(block, Heading):
        return [f"### {escaped(block.text)}"]
    if isinstance(block, Items):
        title = [f"### {escaped(block.title)}"] if block.title else []
        return [
            *title,
            _bullets(
                f"{escaped(words)}{f' ({escaped(under)})' if under else ''}" for words, under in block.items
            ),
        ]
    if isinstance(block, Figure):
        return _table(presented(pages.tables[block.table], block), titled=block.titled)
    if isinstance(block, Quotes):
        return _quotes(block)
    return _rating(block)


def _table(shown: Shown, *, titled: bool) -> list[str]:
    rule = "|".join(" ---: " if right else " --- " for right in shown.numeric)
    rows = [_row(shown.headings), f"|{rule}|", *(_row(row) for row in shown.rows)]
    title = [f"**{escaped(shown.title)}**"] if shown.title and not titled else []
    return [*title, "\n".join(rows), *(escaped(line) for line in shown.lines)]


def _row(cells: Iterable[str]) -> str:
    return "| " + " | ".join(escaped(cell) for cell in cells) + " |"


def _bullets(lines: Iterable[str]) -> str:
    return "\n".join(f"- {line}" for line in lines)


def _quotes(block: Quotes) -> list[str]:
    lines = [f"### {escaped(block.title)}"]
    for quote in block.items:
        theme = f", {escaped(quote.theme)}" if quote.theme else ""
        lines.append(f"> {escaped(quote.text)}\n>\n> — {escaped(quote.respondent)}{theme}")
    return [*lines, escaped(block.note)]


def _rating(block: Rating) -> list[str]:
    lines = [f"### {escaped(block.domain)}: {block.colour}", block.suggests.strip()]
    if block.reason:
        lines.append(f"The analyst's colour; the rules gave {block.ruled}. {escaped(block.reason)}")
    for title, these in (
        (f"Why {block.ruled}:", block.because),
        ("Further evidence:", block.evidence),
        ("Priority actions:", block.actions),
    ):
        if these:
            lines += [title, _bullets(escaped(line) for line in these)]
    return lines
