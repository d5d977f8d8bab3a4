"""Replacement tokens, and a text with its findings replaced."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from sendthemes.redaction.spans import Label, Span

TOKENS: Mapping[Label, str] = {
    "name": "[Name]",
    "la": "[LA]",
    "place": "[Place]",
    "school": "[School]",
    "organisation": "[Organisation]",
    "email": "[Email]",
    "phone": "[Phone]",
    "postcode": "[Postcode]",
    "url": "[Link]",
    "number": "[Number]",
    "date": "[Date]",
    "handle": "[Handle]",
    "reference": "[Reference]",
    "address": "[Address]",
    "vehicle": "[Vehicle]",
}
_BY_RULE = {"trust": "[Trust]", "hospital": "[Hospital]"}
_WORDS = sorted(
    {token[1:-1].casefold() for token in [*TOKENS.values(), *_BY_RULE.values()]}
    | {"local authority", "council", "role", "date", "person"}
)
_BRACKETED = (
    rf"\[(?:{'|'.join(_WORDS)})(?: (?:\d{{1,5}}|[A-Z]{{1,3}}))?\]|\[(?:(?:{'|'.join(_WORDS)}|details?|text|"
    rf"information|identifying)\s)?(?:redacted|removed|anonymised|anonymized|withheld|hidden|omitted)\]"
)


def printed(style: str, code: str) -> str:
    """Give an authority's code as it is shown; ``{n}`` is its number (A is 1, AA is 27)."""
    number = int(code) if code.isdigit() else 0
    if not number:
        for letter in code:
            number = number * 26 + ord(letter) - ord("A") + 1
    return style.replace("{code}", code).replace("{n}", str(number))


def tokens_pattern(style: str) -> re.Pattern[str]:
    """Give the pattern of replacement tokens, ours and others' ("[name redacted]"), and of LA codes."""
    codes = {
        re.escape(style.replace("{n}", "{code}")).replace(re.escape("{code}"), "{code}"),
        "LA {code}",
        r"(?:Local\ Authority|LA)\ {code}",
    }
    alternatives = [
        rf"(?<!\w){code.replace('{code}', r'(?:[A-Z]{1,2}|[0-9]{1,4})')}(?!\w)(?: district council\b)?"
        for code in sorted(codes)
    ]
    return re.compile(f"(?i:{_BRACKETED})|" + "|".join(alternatives))


def token_of(span: Span) -> str:
    """Give what stands for a finding that has no pseudonym."""
    return _BY_RULE.get(span.rule, TOKENS[span.label])


@dataclass(frozen=True)
class Rendering:
    """A text with its findings replaced, and the way from the new text back to the old one.

    ``new`` and ``old`` say where each piece that was kept starts in the new text and in the old.
    """

    text: str
    new: Sequence[int]
    old: Sequence[int]

    def back(self, start: int, end: int) -> tuple[int, int]:
        """Give the old offsets of a stretch of kept text."""
        piece = bisect_right(self.new, start) - 1
        shift = self.old[piece] - self.new[piece]
        return start + shift, end + shift


def render(text: str, spans: Sequence[Span]) -> Rendering:
    """Replace findings (in order, not overlapping, with replacements) in a text."""
    pieces: list[str] = []
    new, old = [0], [0]
    length = at = 0
    for span in spans:
        kept = text[at : span.start]
        pieces += [kept, span.replacement]
        length += len(kept) + len(span.replacement)
        at = span.end
        new.append(length)
        old.append(at)
    pieces.append(text[at:])
    return Rendering("".join(pieces), new, old)


def merged(text: str, spans: Iterable[Span]) -> list[Span]:
    """Put spans in order; neighbours of one person or kind become one ("Jane", "Okafor" → one name)."""
    joined: list[Span] = []
    for span in sorted(spans, key=lambda each: each.start):
        last = joined[-1] if joined else None
        if last and last.label == span.label and _touching(text[last.end : span.start], span.label):
            joined[-1] = replace(
                last,
                end=span.end,
                value=last.value if last.value == span.value else "",
                confidence=min(last.confidence, span.confidence),
            )
        else:
            joined.append(span)
    return joined


def _touching(gap: str, label: Label) -> bool:
    if label == "name":
        return re.fullmatch(r"\s{0,3}|\s?[-'’.]\s?", gap) is not None
    return not gap and label not in ("la", "place")
