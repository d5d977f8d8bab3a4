"""The last look at an output before it is written: does it show what must stay hidden?"""

from __future__ import annotations

import html
import io
import re
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from urllib.parse import unquote_plus

from sendthemes.errors import Problem, RedactionError
from sendthemes.redaction.redactor import Redactor
from sendthemes.redaction.render import render
from sendthemes.redaction.spans import Span, resolve
from sendthemes.text import normalise

_BLOCK = re.compile(
    r"</?(?:p|div|td|th|tr|li|h[1-6]|table|section|title|option|br|hr|dt|dd|caption|text|blockquote|w:p|"
    r"w:tc|w:br|w:tab|si|row|c|a:p|dc:\w+|cp:\w+)\b[^>]*>",
    re.IGNORECASE,
)
_UNSEEN = re.compile(
    r"<style\b.*?</style>|data:[a-z]+/[a-z0-9+.-]+;base64,[A-Za-z0-9+/=]*", re.IGNORECASE | re.DOTALL
)
_ATTRIBUTE = re.compile(r"""=\s*"([^"<>]*)"|=\s*'([^'<>]*)'""")
_ESCAPED = re.compile(r"\\u([0-9a-fA-F]{4})")
_CONTEXT = 30  # characters shown on either side of a leak


def find_leaks(content: str | bytes, *, redactor: Redactor) -> tuple[Problem, ...]:
    """Find known people, schools, addresses and authorities in an output.

    Looked for are all known values of the redactor, and every authority that its key or its survey names,
    in all their written forms, after Unicode and HTML tricks are undone; spaced-out letters too.

    Args:
        content: Text, HTML, or the bytes of a text, HTML, Word or Excel file (their parts are unzipped).
        redactor: What the output was redacted with.

    Returns:
        One problem a leak: the words around it, the leak itself replaced. Empty where there is none.
    """
    problems: dict[Problem, None] = {}
    for part, text in _parts(content):
        normal = normalise(text).text
        spans = [replace(span, replacement=f"[{span.label}]") for span in _leaks(normal, redactor)]
        rendering = render(normal, spans)
        for span, after in zip(spans, rendering.new[1:], strict=True):
            start = max(0, after - len(span.replacement) - _CONTEXT)
            shown = " ".join(rendering.text[start : after + _CONTEXT].split())
            problems[Problem(f"{span.rule} is readable: “…{shown}…”", part, code="leak")] = None
    return tuple(sorted(problems, key=lambda problem: (problem.where, problem.message)))


def refuse_leaks(content: str | bytes, *, redactor: Redactor, name: str) -> None:
    """Stop an output from being published if it shows what must stay hidden.

    Args:
        content: As for ``find_leaks``.
        redactor: What the output was redacted with.
        name: The output's name, for the message.

    Raises:
        RedactionError: Something leaks; every place that was found.
    """
    leaks = find_leaks(content, redactor=redactor)
    if leaks:
        message = f"{name} is not written: it shows what must stay hidden, in {len(leaks)} places."
        remedy = (
            "Redact these places at their source (theme labels, titles, notes; a table by authority: name "
            "'la' in place of the question, and it shows codes), or make an internal report."
        )
        raise RedactionError([Problem(message, name, remedy, "leak"), *leaks])


def _leaks(text: str, redactor: Redactor) -> Iterator[Span]:
    secret = set(redactor.known.authorities) | set(redactor.key.authorities)
    spans = [*redactor.kept(text), *redactor.known.spans(text)]
    places = redactor.places(text)
    spans += [
        replace(span, authority="known") for span in places if secret & set(re.split(r"[|>]", span.value))
    ]
    folded = text.lower()
    for address in redactor.known.emails:
        at = folded.find(address)
        if at >= 0:
            spans.append(Span(at, at + len(address), "email", "known e-mail", "known"))
    yield from resolve(spans, text)


def _parts(content: str | bytes) -> Iterator[tuple[str, str]]:
    """Give the readable texts of an output, each with the name of its part."""
    if isinstance(content, str):
        yield from (("", text) for text in _readable(content))
    elif content.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            for name in sorted(archive.namelist()):
                if not name.lower().endswith(
                    (".png", ".jpg", ".jpeg", ".gif", ".bin", "styles.xml", "theme1.xml")
                ):
                    text = archive.read(name).decode("utf-8", errors="replace")
                    yield from ((name, part) for part in _readable(text))
    else:
        yield from (("", text) for text in _readable(content.decode("utf-8", errors="replace")))


def _readable(text: str) -> Iterator[str]:
    """Give a text as a reader sees it; of markup, its text across tags and its attributes."""
    text = _ESCAPED.sub(lambda code: chr(int(code.group(1), 16)), text)
    if "<" not in text:
        yield html.unescape(text)
        return
    text = _UNSEEN.sub(" ", text)
    yield html.unescape(re.sub(r"<[^<>]*>", "", _BLOCK.sub("\n\n", text)))
    values = dict.fromkeys(one or other for one, other in _ATTRIBUTE.findall(text))
    shown = [value for value in values if value.istitle() or not {" ", "@", "%", "/"}.isdisjoint(value)]
    yield html.unescape(unquote_plus("\n".join(shown)))
