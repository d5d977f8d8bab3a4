"""Local groups, schools and sites by capitals alone: a run of them inside a sentence that no list knows.

Ordinary words with capitals ("Inclusion Support Team", "Absolute Nightmare"), protected vocabulary and
names of things ("the Rowan Assessment") are left. The words lie in ``data/capital_words.txt``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import groupby
from typing import NamedTuple

from sendthemes.redaction.evidence import opens
from sendthemes.redaction.lexicon import TITLE, is_function_word, read_sections
from sendthemes.redaction.organisations import NUMBERS, is_strange, nameless
from sendthemes.redaction.phrases import fold
from sendthemes.redaction.recase import recased
from sendthemes.redaction.spans import Label, Span

_CAPITAL = r"(?:[A-Z][a-z]+(?:['-][A-Za-z]+)*|[A-Z]{2,}s?)"
_RUN = re.compile(
    rf"(?<![\w'\[-]){_CAPITAL}(?:\s(?:(?:of|upon|de|le|and|&)\s)?(?:the\s)?{_CAPITAL})*(?![\w'-])"
    r"(?=\s(\w+)(?:\s(\w+))?)?"
)
_WORD = re.compile(r"[\w'-]+|&")
_TOKEN = re.compile(r"(?:\[(?:Place|LA|(School|Organisation|Trust|Hospital))\]|\bLA [A-Z]{1,2})\s$")
_ENDINGS = (
    ("ies", "y"),
    ("s", ""),
    ("es", ""),
    ("ing", ""),
    ("ing", "e"),
    ("ed", ""),
    ("ed", "e"),
    ("er", ""),
    ("er", "e"),
    ("ly", ""),
)


class _Word(NamedTuple):
    start: int
    end: int
    key: str  # folded
    capital: bool
    upper: bool
    kept: bool  # protected vocabulary


@lru_cache(maxsize=1)
def _words() -> dict[str, frozenset[str]]:
    return {
        section: frozenset(" ".join(lines).split()) for section, lines in read_sections("capital_words.txt")
    }


@lru_cache(maxsize=2)
def _cue(section: str) -> re.Pattern[str]:
    cues = "|".join(_words()[section]).replace("_", r"\s")
    return re.compile(rf"\b(?:{cues})\s?(?:the\s)?$", re.IGNORECASE)


def find_capitals(text: str, kept: Sequence[Span]) -> list[Span]:
    """Find runs of capitals in a normalised text that name something local; ``kept`` are spans that stay."""
    reading = recased(text, headlines=True)
    spans = []
    for run in _RUN.finditer(reading):
        start, end = run.span()
        if text[start:end] != reading[start:end]:
            continue  # its capitals are guessed
        words = list(_cut(reading, start, end, kept))
        called, cued = (
            _cue(each).search(reading, max(0, start - 40), start) for each in ("called", "before a body")
        )
        after = {fold(word) for word in run.groups() if word}
        for piece in [words] if called else _pieces(words):
            named = _named(
                reading,
                piece,
                called is not None,
                cued is not None,
                after if piece[-1] is words[-1] else set(),
            )
            if named:
                spans.append(_span(named))
    return spans


def _cut(text: str, start: int, end: int, kept: Sequence[Span]) -> Iterator[_Word]:
    for found in _WORD.finditer(text, start, end):
        low, high = found.span()
        word = found.group()
        stays = any(span.start < high and low < span.end for span in kept)
        yield _Word(low, high, fold(word), word[0].isupper(), word.isupper(), stays)


def _pieces(words: Sequence[_Word]) -> Iterator[list[_Word]]:
    """Take "the Alders Club and the Music Service" apart."""
    for joining, piece in groupby(words, key=lambda word: word.key in ("and", "&")):
        if not joining:
            yield list(piece)


def _named(text: str, words: list[_Word], called: bool, cued: bool, after: set[str]) -> list[_Word]:
    """Give the words of a name, or none: ordinary ones are taken off the front, protected ones off both ends."""
    lists = _words()
    while words and (words[0].kept or not words[0].capital or _says_nothing(text, words[0])):
        words = words[1:]
    while words and (not words[-1].capital or (words[-1].kept and words[-1].key not in lists["bodies"])):
        words = words[:-1]
    if not words or {words[-1].key, *after} & lists["things"]:
        return []
    token = _TOKEN.search(text, max(0, words[0].start - 16), words[0].start)
    capitals = sum(word.capital for word in words) + (token is not None)
    naming = [word.key for word in words if word.capital and not (word.kept or word.upper or _plain(word.key))]
    if naming and (capitals > 1 or called or cued or after & lists["sites"]):
        return words
    if naming and is_strange(words[0].key) and not opens(text, words[0].start):
        return words
    if token and words[-1].key in lists["ends a place"] | (lists["bodies"] if token[1] else set()):
        return words
    made = [word.key in lists["names are made of"] for word in words]
    own = called and any(word.key not in nameless() for word in words)
    return words if capitals > 1 and (own or all(made) or (cued and any(made))) else []


def _says_nothing(text: str, word: _Word) -> bool:
    """Whether the first of some capitals is none of a name: "Since", "Respite" at the head of a sentence."""
    if word.key == "the":
        return opens(text, word.start)
    title = TITLE.fullmatch(f"{text[word.start : word.end]} ")
    return title is not None or (is_function_word(word.key) and word.key not in NUMBERS)


def _span(words: Sequence[_Word]) -> Span:
    label: Label = "organisation"
    for kind in ("school", "place"):
        if words[-1].key in _words()[f"ends a {kind}"]:
            label = kind
    return Span(words[0].start, words[-1].end, label, "capitals", "model", 0.5)


@lru_cache(maxsize=65_536)
def _plain(word: str) -> bool:
    """Whether a folded word names nothing by having a capital: "support", "nightmare", not "lantern"."""
    words, stem = _words()["ordinary"], word.removesuffix("'s")
    return (
        stem in words
        or is_function_word(stem)
        or any(
            stem.endswith(old) and ((base := stem[: -len(old)] + new) in words or is_function_word(base))
            for old, new in _ENDINGS
        )
        or ("-" in stem and all(map(_plain, stem.split("-"))))
    )
