"""Local groups, schools and sites by their capitals: inside a sentence, and in no list of what is not local.

Ordinary words with capitals ("Inclusion Support Team", "Absolute Nightmare"), protected vocabulary and things
("the Rowan Assessment") are left. The words lie in ``data/capital_words.txt``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import groupby
from typing import NamedTuple

from sendthemes.redaction.evidence import opens
from sendthemes.redaction.lexicon import TITLE, alternatives, is_function_word, is_misspelling, read_sections
from sendthemes.redaction.organisations import INSIDE, NAMELESS, NUMBERS, is_strange
from sendthemes.redaction.phrases import fold
from sendthemes.redaction.recase import recased
from sendthemes.redaction.spans import Label, Span

_CAPITAL = r"(?:[A-ZÀ-ÞŴŶ][a-zß-ÿŵŷ]+(?:['-][^\W\d_]+)*|[A-Z]{2,}s?)"
_RUN = re.compile(
    rf"(?<![\w'\[-]){_CAPITAL}(?:[ ](?:(?:of|upon|de|le|and|&)[ ])?(?:the[ ])?{_CAPITAL})*(?![\w'-])"
    r"(?=[ ](\w+)(?:[ ](\w+))?)?"
)
_WORD = re.compile(r"[\w-]+(?:'(?!s\b)[\w-]+)*|&")
_BEHIND = re.compile(
    r"(?:\[(?:Place|LA|(School|Organisation|Trust|Hospital)|(Name)(?: \d+)?)\]|\bLA [A-Z]{1,2})\s$"
)
_AHEAD = re.compile(r"\s(?:\[(?:Place|LA)\]|LA [A-Z]{1,2}\b)")
_ENDINGS = [
    "'s:", "ies:y", "s:", "xes:x", "ses:s", "hes:h", "zes:z", "oes:o",
    "ing:", "ing:e", "ed:", "ed:e", "er:", "er:e", "ly:",
]  # fmt: skip
_WORDS = {
    section: frozenset(" ".join(lines).split()) for section, lines in read_sections("capital_words.txt")
}
_PLACED = re.compile(r"\b(?:at|in|from|to|with|by|for|the)\s$", re.IGNORECASE)
_ANY = alternatives("capital_words.txt")
_CUES = [re.compile(rf"\b{_ANY[each]}\s?(?:the\s)?$", re.I) for each in ("before a body", "called")]
_BODIES, _PLACES = _WORDS["bodies"], _WORDS["ends a place"]


class _Word(NamedTuple):
    start: int
    end: int
    key: str  # folded
    capital: bool
    kept: bool  # protected vocabulary
    telling: bool  # neither ordinary, nor an acronym


def may_name(text: str) -> bool:
    """Whether a normalised text has a capital inside a sentence, or one that is no ordinary word's."""
    return bool(INSIDE.search(text)) or not all(_is_plain(fold(word)) for word in re.findall(_CAPITAL, text))


def find_capitals(text: str, kept: Sequence[Span]) -> list[Span]:
    """Find capitals in a normalised text that name something local; ``kept`` are spans that stay."""
    reading = recased(text, headlines=True)
    loud = sum(map(str.isupper, text)) > sum(map(str.islower, text))
    spans = []
    for run in _RUN.finditer(reading):
        start, end = run.span()
        if text[start:end] != reading[start:end] and not _shouted_place(text, start, end):
            continue  # its capitals are guessed
        words = list(_words(reading, start, end, kept))
        cues = [cue.search(reading, max(0, start - 40), start) is not None for cue in _CUES]
        cues.append(text[start:end].istitle() and loud)
        after = [fold(word) for word in run.groups() if word]
        after = after[:1] if after and is_function_word(after[0]) else after
        for piece in [words] if cues[1] or words[-1].key in _WORDS["joined"] else _pieces(words):
            behind = set(after) if piece[-1] is words[-1] else set[str]()
            named = _trimmed(reading, piece)
            if named and _names(reading, named, piece, cues, behind):
                saint = named[0].key == "st" and text.startswith("'s", named[-1].end)
                start, end = named[0].start, named[-1].end + 2 * saint
                spans.append(Span(start, end, _label(named[-1].key), "capitals", "model", 0.5))
    return spans


def _shouted_place(text: str, start: int, end: int) -> bool:
    """Whether an unknown word in capitals stands where a place does: "THE ONE IN STANNINGLEY"."""
    where = text[max(0, start - 5) : start].isupper() and _PLACED.search(text, max(0, start - 8), start)
    return text[start:end].isupper() and bool(where) and is_strange(fold(text[start:end]))


def _words(text: str, start: int, end: int, kept: Sequence[Span]) -> Iterator[_Word]:
    for found in _WORD.finditer(text, start, end):
        low, high = found.span()
        word, key = found.group(), fold(found.group())
        stays = any(span.start < high and low < span.end for span in kept)
        capital = word[0].isupper()
        telling = capital and not (stays or word.rstrip("s").isupper() or _is_plain(key))
        yield _Word(low, high, key, capital, stays, telling)


def _pieces(words: Sequence[_Word]) -> list[list[_Word]]:
    """Take "the Alders Club and the Music Service" apart."""
    joined = groupby(words, key=lambda word: word.key == "and")
    return [list(piece) for joining, piece in joined if not joining]


def _trimmed(text: str, words: list[_Word]) -> list[_Word]:
    """Take off the front what is none of a name ("Since"), and protected words at both ends."""
    behind = words and _BEHIND.search(text, max(0, words[0].start - 16), words[0].start)
    while (
        words
        and not (behind and words[0].kept and len(words) > 1)
        and (words[0].kept or not words[0].capital or _opening(text, words[0]))
    ):
        if words[0].key.endswith("day") and [word.telling for word in words[1:2]] == [True]:
            break  # "Wednesday Wigglers"
        words = words[1:]
    while words and (not words[-1].capital or (words[-1].kept and not _belongs(text, words))):
        words = words[:-1]
    return words


def _belongs(text: str, words: Sequence[_Word]) -> bool:
    """Whether a protected word at the end is a part of the name: "Little Lanterns Trust"."""
    last, made = words[-1], _WORDS["names are made of"]
    plain = len(words) > 1 and words[-2].key in made and text[last.start + 1 : last.end].islower()
    return last.key in _BODIES or (plain and not words[-2].kept)


def _opening(text: str, word: _Word) -> bool:
    if word.key == "the":
        return opens(text, word.start)  # inside a sentence it is a part: "at The Lindens"
    if word.key in _WORDS["names are made of"] and not opens(text, word.start):
        return False  # "Autism Together"
    title = TITLE.fullmatch(text[word.start : word.end] + " ")
    return title is not None or (is_function_word(word.key) and word.key not in NUMBERS)


def _names(text: str, words: list[_Word], run: list[_Word], cues: Sequence[bool], after: set[str]) -> bool:
    """Whether these words name something local, given the run that they are of and what is around."""
    first, last, (body, called, meant) = words[0], words[-1], cues
    if {last.key, *after} & _WORDS["things"]:
        return False
    behind = _BEHIND.search(text, max(0, run[0].start - 16), run[0].start)
    beside = behind or _AHEAD.match(text, last.end)
    capitals = (
        word.capital and not _opening(text, word) and text[word.start + 1 : word.start + 2].islower()
        for word in run
    )
    several = beside is not None or sum(word.capital for word in words) > 1 or sum(capitals) > 1
    if any(word.telling for word in words):
        placed = is_strange(first.key) or _PLACED.search(text, max(0, first.start - 8), first.start)
        alone = placed and (meant or not opens(text, first.start))
        return bool(several or body or called or alone or after & _WORDS["sites"])
    if behind and last.key in (_PLACES | _BODIES if behind[1] or behind[2] else _PLACES):
        return True  # "[Place] Park", "[Name] Autism Families"
    if behind and behind[2] and last.key.endswith("s") and not last.key.endswith(("ss", "days")):
        return True  # "[Name] Lights"
    made = any(word.key in _WORDS["names are made of"] for word in words if not word.kept)
    own = called and any(word.key not in NAMELESS for word in words)
    return several and (own or made)


def _label(last: str) -> Label:
    return "school" if last in _WORDS["ends a school"] else "place" if last in _PLACES else "organisation"


@lru_cache(maxsize=65_536)
def _is_plain(word: str) -> bool:
    """Whether a folded word names nothing by having a capital: "supporting", "nightmare", not "lantern"."""
    if word in _WORDS["ordinary"] or is_function_word(word):
        return True
    endings = (ending.partition(":") for ending in _ENDINGS if len(word) > 3)
    bases = (word.removesuffix(old) + new for old, _, new in endings if word.endswith(old))
    parts = "-" in word and all(map(_is_plain, word.split("-")))
    return parts or any(map(_is_plain, bases)) or is_misspelling(word)
