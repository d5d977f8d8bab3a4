"""Local authorities, towns and villages in a text, however they are written."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import pairwise

from sendthemes.redaction.gazetteer import Form, Manner, forms, long_forms
from sendthemes.redaction.lexicon import alternatives
from sendthemes.redaction.phrases import PhraseIndex, continues, spelt_out, tokenise
from sendthemes.redaction.spans import Span

_W = alternatives("place_words.txt")
# "London Borough of Camden", "the City of York", "LB Camden": what stands before a name and belongs to it.
_BEFORE = re.compile(
    r"(?:(?:\bthe\s+)?\b(?:(?:london|royal|metropolitan|county)\s+)*(?:borough|city|county|council|"
    r"district)(?:\s+council)?\s+(?:of|for)\s+(?:the\s+)?|\b(?:LB|RB|MBC)(?:\s+of)?\s+)$",
    re.IGNORECASE,
)
# "Surrey County Council", "Surrey CC", "Camden LA" – but not "Surrey council tax".
_AFTER = re.compile(
    r",?\s+\(?(?:city|county|borough)\s+of\b\)?|\s+(?:(?:county|city|borough|district|metropolitan|unitary|"
    r"london|mayoral|combined)\s+){0,3}(?:CCA|MCA|council|local\s+authority|authority|corporation|LA|CC|BC|"
    r"DC|MBC|MDC|CBC|UA)\b(?!\s+(?:tax|hous|estate|flat|schools?\s+forum))|\s+(?-i:(?:County|City)\b(?!\s[A-Z]))",
    re.IGNORECASE,
)
# In lower case only this makes a place of a word ("reading borough council").
_COUNCIL = re.compile(
    r"\s+(?:(?:county|city|borough|district|metropolitan|london)\s+(?:borough\s+)?(?:council|boro)\b|"
    r"local\s+authority\b|(?:borough|district)\b"
    r"|(?:send?|ehcp?|camhs|portage)\s+(?:team|service|panel|office)\b)",
    re.IGNORECASE,
)
_LOWER_TIER = re.compile(r"\b(?:district|borough|city)\s+council|\b[BD]C\b", re.IGNORECASE)
_WHERE = re.compile(
    r"\b(?:in|near|across|around|outside|within|throughout|town\s+of|village\s+of)\s+(?:the\s+)?(?:"
    r"(?:north|south|east|west|central|rural|inner|outer|upper|lower)\s+)?$",
    re.IGNORECASE,
)
_WHENCE = re.compile(r"\b(?:from|at|to|visit(?:ed|ing)?|leav(?:e|ing)|via|like)\s+$", re.IGNORECASE)
_FROM = re.compile(
    r"\bfrom\s+$|\b(?:case\s?worker|officer|manager|work(?:s|ed|ing)?)\s+(?:at|for)\s+$", re.IGNORECASE
)
_INSTITUTION = re.compile(rf"(?:'s)?\s+{_W['institutions']}")
_ACTS = re.compile(
    rf"\s+(?:(?:also|now|currently|still)\s+)?{_W['acts']}(?:s|d|ed)?\b|\s+ha[sd]\s+{_W['has']}\b"
)
_ELSE = re.compile(rf"(?:'s)?\s*(?:[-,/&]|\b(?:and|or)\b)?\s*{_W['something else']}\b", re.IGNORECASE)
_SUBJECT = re.compile(
    r"\b(?:writing|maths?|numeracy|literacy|spelling|phonics|English)\s*(?:,|&|/|and|or)\s*$", re.IGNORECASE
)
_LIST = re.compile(r"\s*(?:,|/|&|,?\s+and\s|,?\s+or\s)\s*")


_CONTRACTED = frozenset({"havent", "havnt", "hasent"})  # one edit from Havant


_DEMANDS: tuple[Manner, ...] = ("any", "exact", "context", "place", "place in context", "place or name")


def find_authorities(
    text: str, *, ordinary: Callable[[str], bool], more: PhraseIndex[Form] | None = None
) -> list[Span]:
    """Find authorities, areas, towns and villages in a normalised text.

    Args:
        text: The text.
        ordinary: Says whether a folded word is ordinary English or a known name: never a misspelling.
        more: Forms of authorities that the caller knows, found as "known".

    Returns:
        Spans with label ``la`` or ``place``. ``value`` is the id of the authority whose pseudonym is meant,
        several joined by ``|`` where the form fits several; after ``>`` stand those of towns of the same name
        elsewhere ("Newport"). A district's council by name has the rule "district council".
    """
    pending: list[tuple[int, int, Sequence[Form]]] = []
    spans: list[Span] = []
    for start, end, found in forms().find(text):
        manner = _manner(found)
        if _stands(text, start, end, manner):
            spans.append(_span(text, start, end, found, "authority" if manner != "exact" else "initials"))
        elif manner not in ("exact", "any") and text[start].isupper():
            pending.append((start, end, found))
    spans.extend(_listed(text, pending, spans))
    if more:
        spans.extend(
            _span(text, start, end, found, "known authority", known=True)
            for start, end, found in more.find(text)
            if _stands(text, start, end, _manner(found))
        )
    for start, end, word in spelt_out(text):
        if found := forms().of(word):
            spans.append(_span(text, start, end, found, "authority spelt out"))
    spans.extend(_misspelt(text, ordinary, spans))
    return spans


def _designated(text: str, start: int, end: int) -> bool:
    """Say whether a designation makes a name of a word: "Reading Council", "london borough of harrow"."""
    if _COUNCIL.match(text, end) or _BEFORE.search(text, max(0, start - 60), start):
        return True
    return text[start].isupper() and _AFTER.match(text, end) is not None


def _manner(found: Sequence[Form]) -> Manner:
    """The least demanding manner of several forms written alike."""
    return min(found, key=lambda form: _DEMANDS.index(form.manner)).manner


def _stands(text: str, start: int, end: int, manner: Manner) -> bool:
    """Say whether a form is the authority or the place here, and not the word that it is too."""
    written, before = text[start:end], text[max(0, start - 40) : start]
    capital = written[0].isupper()
    if manner in ("any", "exact"):
        return manner == "any" or (capital and written[-1].isupper())
    if _designated(text, start, end):
        return True
    if manner == "place":
        if capital:
            return not _ELSE.match(text, end) or " " in written
        placed = _WHERE.search(before) or _FROM.search(before) or _AFTER.match(text, end)
        return len(written) > 3 and placed is not None
    shouted = manner == "context" and written.isupper() and text[max(0, start - 20) : end + 20].isupper()
    if not capital or shouted or _ELSE.match(text, end) or _SUBJECT.search(before):
        return False
    return bool(
        _INSTITUTION.match(text, end)
        or _WHERE.search(before)
        or (manner != "place or name" and _WHENCE.search(before))
        or (manner == "context" and _ACTS.match(text, end))
    )


def _span(
    text: str,
    start: int,
    end: int,
    found: Sequence[Form],
    rule: str,
    *,
    known: bool = False,
    confidence: float = 1.0,
) -> Span:
    """Make the span of a form, with the designations around it."""
    governing = [form for form in found if form.kind != "place"] or list(found)
    codes = sorted({form.code_as for form in governing if form.code_as})
    towns = sorted({form.code_as for form in found if form.code_as} - set(codes))
    place = all(form.kind in ("place", "area") for form in governing)
    if not place or _AFTER.match(text, end):
        before = _BEFORE.search(text, max(0, start - 60), start)
        after = _AFTER.match(text, end)
        if after and {form.kind for form in governing} == {"district"} and _LOWER_TIER.search(after.group()):
            rule = "district council"
        start, end = before.start() if before else start, after.end() if after else end
    return Span(
        start,
        end,
        "place" if place else "la",
        rule if not place else "place",
        "known" if known else "authority",
        confidence if len(codes) < 2 else min(confidence, 0.8),
        "|".join(codes) + (f">{'|'.join(towns)}" if towns else ""),
    )


def _listed(
    text: str, pending: Iterable[tuple[int, int, Sequence[Form]]], sure: Iterable[Span]
) -> Iterator[Span]:
    """Accept a place that is also a word where a list has a sure one ("Slough, Reading and Bath")."""
    waiting = list(pending)
    ends = {span.end for span in sure}
    starts = {span.start for span in sure}
    while True:
        accepted = []
        for start, end, found in waiting:
            others = [(s, e) for s, e, _ in waiting if s != start]
            before = {at for at in ends.union(e for _, e in others) if at < start and start - at < 12}
            after = _LIST.match(text, end)
            follows = after and (after.end() in starts or any(after.end() == s for s, _ in others))
            if (follows or any(_LIST.fullmatch(text, at, start) for at in before)) and not _ELSE.match(
                text, end
            ):
                accepted.append((start, end, found))
        if not accepted:
            return
        for start, end, found in accepted:
            yield _span(text, start, end, found, "authority in a list")
            starts.add(start)
            ends.add(end)
        waiting = [each for each in waiting if each not in accepted]


def _misspelt(text: str, ordinary: Callable[[str], bool], taken: Iterable[Span]) -> Iterator[Span]:
    """Find misspelt names in windows of one to three words, at least one of which is no known word."""
    tokens = tokenise(text)
    covered = {at for span in taken for at in range(span.start, span.end)}
    strange = [
        len(token.base) >= 5
        and token.start not in covered
        and token.base.isalpha()
        and "'" not in text[token.start : token.end]
        and token.base not in _CONTRACTED
        and not ordinary(token.base)
        for token in tokens
    ]
    for at, is_strange in enumerate(strange):
        if not is_strange:
            continue
        for count in (3, 2, 1):
            for first in range(max(0, at - count + 1), at + 1):
                window = tokens[first : first + count]
                if len(window) < count or tokens[at].start in covered:
                    continue
                if not all(continues(text, one, other) for one, other in pairwise(window)):
                    continue
                found = _nearest(" ".join(token.base for token in window), count)
                if found:
                    start, end = window[0].start, window[-1].end
                    covered.update(range(start, end))
                    yield _span(text, start, end, found, "misspelt authority", confidence=0.7)


def _nearest(written: str, count: int) -> tuple[Form, ...]:
    """Give the forms meant by a misspelt name: one edit, two from nine letters; the first letter is right."""
    from rapidfuzz import process
    from rapidfuzz.distance import OSA

    if len(written) < 5:
        return ()
    edits = 1 if len(written) < 9 else 2
    choices = long_forms().get(count, {})
    hit = process.extractOne(written, choices.keys(), scorer=OSA.distance, score_cutoff=edits)
    return choices[hit[0]] if hit and hit[0][0] == written[0] else ()
