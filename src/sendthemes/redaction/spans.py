"""Spans: what was found in a text, and which finding wins where two overlap."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
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


_EDGES = " \t\n.,;:!?()[]{}\"'-/&_*"
_LINKING = frozenset(
    {"and", "or", "of", "the", "a", "from", "at", "in", "s", "with", "our", "my", "for", "to", "by"}
)


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
        value: Which person or authority it is, where known: an id (GSS code), a folded name.
        replacement: What is printed instead; empty until pseudonyms are given.
    """

    start: int
    end: int
    label: Label
    rule: str
    authority: Authority
    confidence: float = 1.0
    value: str = field(default="", repr=False)  # who it is: not for a notebook or a log
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


def moved(redacted: Redacted, start: int, end: int) -> tuple[int, int]:
    """Carry a span of the original text over to the redacted one.

    A span that begins or ends inside something hidden takes in the whole replacement.

    Args:
        redacted: The redacted text with what was hidden.
        start: Offset in the original text.
        end: Offset just after the span in the original text.

    Returns:
        The offsets in ``redacted.text``.
    """
    shift = 0
    new_start, new_end = start, end
    for span in redacted.found:
        grown = len(span.replacement) - (span.end - span.start)
        if span.end <= start:
            new_start += grown
        elif span.start < start:
            new_start = span.start + shift
        if span.end <= end:
            new_end += grown
        elif span.start < end:
            new_end = span.end + shift + grown
        shift += grown
    return new_start, new_end


def resolve(spans: Iterable[Span], text: str) -> tuple[Span, ...]:
    """Choose among overlapping spans, so that no finding leaves a part of another readable.

    1. Protected words stay: what lies within them is dropped; of people and the model's guesses they are
       cut out ("Jane Okafor SENCO" leaves "SENCO"). A checked pattern, an authority or a school that holds
       a protected word and more is hidden whole ("Oakfield Special School").
    2. A span that holds another and more wins ("Jane Kent" is a person), unless it is the model's.
    3. Else the higher authority wins, then the longer, the earlier, the label, the rule; what is left of
       the other stays a span of its own.

    Args:
        spans: What was found, with offsets in ``text``.
        text: The text; decides whether a part that is left holds a word.

    Returns:
        Spans that do not overlap, in order of the text; protected ones are left out.
    """
    chosen: list[Span] = []
    for cluster in _clusters(spans):
        if len(cluster) == 1:
            chosen.extend(span for span in cluster if span.label != "protected")
            continue
        protected = [span for span in cluster if span.label == "protected"]
        found = [
            part
            for span in cluster
            if span.label != "protected"
            for part in _unprotected(span, protected, text)
        ]
        taken: list[Span] = []
        for span in sorted(_outermost(found), key=_rank):
            taken.extend(_without(span, [other for other in taken if _overlap(span, other)], text))
        chosen.extend(taken)
    return tuple(sorted(chosen, key=lambda span: span.start))


def _clusters(spans: Iterable[Span]) -> Iterator[list[Span]]:
    """Group spans that overlap each other, directly or through others, in order of the text."""
    cluster: list[Span] = []
    reach = 0
    for span in sorted(spans, key=lambda span: (span.start, -span.end)):
        if cluster and span.start >= reach:
            yield cluster
            cluster = []
        cluster.append(span)
        reach = max(reach, span.end)
    if cluster:
        yield cluster


def _overlap(one: Span, other: Span) -> bool:
    return one.start < other.end and other.start < one.end


def _rank(span: Span) -> tuple[int, int, int, str, str, str]:
    return (
        AUTHORITIES.index(span.authority),
        span.start - span.end,
        span.start,
        span.label,
        span.rule,
        span.value,
    )


def _unprotected(span: Span, protected: Iterable[Span], text: str) -> list[Span]:
    """Give what protected words leave of a span; "known" ones are tokens, which nothing touches."""
    marks = [other for other in protected if other.authority == "known" and _overlap(span, other)]
    words = [other for other in protected if other.authority != "known" and _overlap(span, other)]
    if span.authority != "known" and any(
        other.start <= span.start and span.end <= other.end for other in words
    ):
        return []
    length = span.end - span.start
    if span.label == "name" and any(
        other.start <= span.start and span.end <= other.end and other.end - other.start > length
        for other in words
    ):
        return []  # "robbing Peter to pay Paul", whoever Peter is
    if span.authority in ("known", "identifier"):
        words = []
    elif span.authority == "authority" or span.rule == "capitals":
        words = [other for other in words if other.start < span.start or span.end < other.end]
    return _without(span, [*marks, *words], text)


def _outermost(spans: list[Span]) -> list[Span]:
    """Leave out what lies within a longer span (the model's aside)."""
    ordered = sorted(spans, key=lambda span: (span.start, -span.end))
    kept: list[Span] = []
    reach: Span | None = None
    for span in ordered:
        inside = (
            reach is not None and span.end <= reach.end and span.end - span.start < reach.end - reach.start
        )
        if not inside:
            kept.append(span)
        if span.authority != "model" and (reach is None or span.end > reach.end):
            reach = span
    return kept


def _without(span: Span, holes: Sequence[Span], text: str) -> list[Span]:
    """Give what is left of a span outside others, where that holds more than linking words."""
    if not holes:
        return [span]
    parts: list[Span] = []
    at = span.start
    for start, end in [*sorted((hole.start, hole.end) for hole in holes), (span.end, span.end)]:
        piece = text[at : max(at, start)]
        kept = piece.strip(_EDGES)
        if kept and kept.casefold() not in _LINKING:
            left = at + len(piece) - len(piece.lstrip(_EDGES))
            parts.append(replace(span, start=left, end=left + len(kept)))
        at = max(at, end)
    return parts
