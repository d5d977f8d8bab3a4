"""Spans: what was found in a text, and which finding wins where two overlap."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

Label = Literal[
    "name",
    "la",
    "place",
    "school",
    "organisation",
    "email",
    "phone",
    "postcode",
    "url",
    "number",
    "date",
    "handle",
    "reference",
    "address",
    "vehicle",
    "protected",
]

# Highest first (docs/redaction.md, "Who wins").
AUTHORITIES = ("known", "protected", "identifier", "authority", "people", "model")
Authority = Literal["known", "protected", "identifier", "authority", "people", "model"]


@dataclass(frozen=True, slots=True)
class Span:
    """One finding in a text.

    Attributes:
        start: Offset of the first character in the text as given.
        end: Offset just after the last character.
        label: What it is; ``protected`` marks words that must stay.
        rule: The detector that found it ("postcode", "role + name").
        authority: The kind of evidence, which decides overlaps.
        confidence: 0-1, how sure the rule is.
        value: Which person or authority it is, where known: the GSS code of an LA, the folded name of a person.
        replacement: What is printed instead; empty until pseudonyms are given.
    """

    start: int
    end: int
    label: Label
    rule: str
    authority: Authority
    confidence: float = 1.0
    value: str = ""
    replacement: str = ""

    def __post_init__(self) -> None:
        if not 0 <= self.start < self.end:
            raise ValueError(f"a span must have a length; got {self.start}-{self.end}")


@dataclass(frozen=True, slots=True)
class Redacted:
    """A text that is safe to show, as far as the rules can tell, and what was hidden in it.

    Attributes:
        text: The redacted text.
        found: What was hidden; offsets are of the original text, in order.
    """

    text: str
    found: tuple[Span, ...] = ()


def resolve(spans: Iterable[Span]) -> tuple[Span, ...]:
    """Choose among overlapping spans: the higher authority, then the longer, then the earlier, then by label.

    Protected spans take part and are then left out: what they cover stays readable.

    Returns:
        Spans that do not overlap, in order of the text.
    """
    rank = {name: at for at, name in enumerate(AUTHORITIES)}
    ordered = sorted(
        spans, key=lambda s: (rank[s.authority], s.start - s.end, s.start, s.label, s.rule, s.value)
    )
    taken: list[Span] = []
    for span in ordered:
        if all(span.end <= other.start or other.end <= span.start for other in taken):
            taken.append(span)
    return tuple(sorted((span for span in taken if span.label != "protected"), key=lambda s: s.start))
