"""What was hidden, and what a person should still look at."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from sendthemes.redaction import protect
from sendthemes.redaction.lexicon import alternatives, is_function_word
from sendthemes.redaction.phrases import fold
from sendthemes.redaction.spans import Redacted
from sendthemes.table import Cell, Table

_LOW = 0.7  # confidence below which a finding is listed
_CAPITALISED = re.compile(r"(?<=[a-z,;] )[A-Z][\w'-]{2,}(?:\s[A-Z][\w'-]{2,})*")
_W = alternatives("identifier_words.txt")
_SINGULAR_ROLE = re.compile(rf"\b{_W['roles that few hold']}\b", re.IGNORECASE)
_UNUSUAL = re.compile(rf"\b{_W['unusual']}\b", re.IGNORECASE)
_PLACE_TOKEN = re.compile(
    r"\bLA [A-Z]{1,2}\b|\bLocal Authority \w{1,3}\b|\[(?:LA|Place|School|Trust|Hospital)\]"
)


def redaction_log(
    redacted: Sequence[Redacted], *, ids: Sequence[str] | None = None, originals: Sequence[str] | None = None
) -> Table:
    """List what was hidden, without the words themselves unless they are asked for.

    Args:
        redacted: Results of a redactor.
        ids: What to call each text; default: its number from 1.
        originals: The texts as they were; adds the column ``words`` with the clear text: private.

    Returns:
        text, start, end, label, rule, authority, confidence (0-1), replacement; in order of the texts.
    """
    columns = ("text", "start", "end", "label", "rule", "authority", "confidence", "replacement")
    rows: list[tuple[Cell, ...]] = []
    for at, (name, result) in enumerate(zip(_names(redacted, ids), redacted, strict=True)):
        for span in result.found:
            row: tuple[Cell, ...] = (name, span.start, span.end, span.label, span.rule, span.authority)
            words = () if originals is None else (originals[at][span.start : span.end],)
            rows.append((*row, span.confidence, span.replacement, *words))
    note = "Holds the words that were hidden: keep it apart from everything published."
    return Table(
        columns if originals is None else (*columns, "words"),
        tuple(rows),
        title="What was hidden",
        notes=() if originals is None else (note,),
        formats={"start": "count", "end": "count", "confidence": "number"},
    )


def residual_risks(
    redacted: Sequence[Redacted], *, ids: Sequence[str] | None = None, alone: Iterable[str] = ()
) -> Table:
    """List what may still give somebody away, for a person to check before a quote is published.

    Args:
        redacted: Results of a redactor.
        ids: What to call each text; default: its number from 1.
        alone: Names of texts (of ``ids``) whose respondent is alone in a cell of a published table.

    Returns:
        text, risk, words (of the redacted text), why. Risks: unknown word, low confidence, rare combination,
        unusual circumstance, table cell of 1. No row means that the rules saw none, not that there is none.
    """
    single = {str(name) for name in alone}
    rows = [
        (name, *risk)
        for name, result in zip(_names(redacted, ids), redacted, strict=True)
        for risk in _risks(result, name in single)
    ]
    note = "Never anonymous: whether a motivated reader could find somebody is for a person to judge."
    return Table(
        ("text", "risk", "words", "why"), tuple(rows), title="What a person should check", notes=(note,)
    )


def _names(redacted: Sequence[Redacted], ids: Sequence[str] | None) -> Sequence[str]:
    return [str(at) for at in range(1, len(redacted) + 1)] if ids is None else [str(name) for name in ids]


def _risks(result: Redacted, alone: bool) -> Iterator[tuple[str, str, str]]:
    text = result.text
    if alone and text.strip():
        yield (
            "table cell of 1",
            _short(text),
            "The respondent is alone in a cell of a table beside this quote.",
        )
    kept = [(span.start, span.end) for span in protect.protected_spans(text)]
    for match in _CAPITALISED.finditer(text):
        inside = any(start <= match.start() < end for start, end in kept)
        words = [fold(word) for word in match.group().split()]
        if not inside and not all(protect.is_ordinary_word(word) or is_function_word(word) for word in words):
            yield "unknown word", match.group(), "A capital inside a sentence, and no known word: a name?"
    for span in result.found:
        if span.confidence < _LOW:
            why = (
                f"Hidden by '{span.rule}' with confidence {span.confidence:.1f}: was it needed, is it whole?"
            )
            yield "low confidence", span.replacement, why
    role, place = _SINGULAR_ROLE.search(text), _PLACE_TOKEN.search(text)
    if role and place:
        yield "rare combination", f"{role.group()} + {place.group()}", "Few people hold this role there."
    unusual = _UNUSUAL.search(text)
    if unusual:
        yield "unusual circumstance", unusual.group(), "A story that few can tell may be known locally."


def _short(text: str) -> str:
    return text if len(text) <= 60 else text[:59].rstrip() + "…"
