"""Schools, trusts, hospitals and local groups named in a text.

Patterns propose, the words of the name decide: "Oakfield" names a school, "Special" and "Monday" do not. Which words
name nothing, how names of schools end and what is said of schools lies in ``data/organisation_words.txt``.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache

from sendthemes.redaction.gazetteer import forms
from sendthemes.redaction.lexicon import is_dictionary_word, names, read_sections, word_class
from sendthemes.redaction.phrases import PhraseIndex, fold, tokenise
from sendthemes.redaction.spans import Label, Span

_WORDS = {section: " ".join(lines).split() for section, lines in read_sections("organisation_words.txt")}


def _any(section: str) -> str:
    return "(?i:" + "|".join(word.replace("_", r"\s+") for word in _WORDS[section]) + ")"


_NAME = r"(?:[A-Z][a-z]+(?:['-][A-Za-z]+)*|St\.?|SS|[A-Z]{2,})"
_NAMES = rf"{_NAME}(?:\s+(?:(?:of|the|&|de|le|upon)\s+){{0,2}}{_NAME}){{0,4}}?"
_LONG = rf"{_NAME}(?:,?\s+(?:(?:of|the|and|&|on|for|upon)\s+){{0,2}}{_NAME}){{0,6}}?"
_SHORT = rf"{_NAME}(?:\s{_NAME}){{0,2}}"
_KIND = rf"(?:\s+{_any('kinds of school')}){{0,5}}\s+{_any('school')}"
_TRUST_KIND = rf"(?:(?:\s+{_any('kinds of trust')}){{1,5}}\s+(?i:trust)|\s+MAT)"
_HOSPITAL_KIND = rf"(?:\s+{_any('kinds of hospital')}){{0,3}}\s+{_any('hospital')}"
_ENDING = re.compile("(?:" + "|".join(_WORDS["ends a one-word name"]) + ")s?$")
_END = r"(?=\s*(?:[.,;:!?)/&(-]|$)|\s+[a-z\d])"

_PATTERNS: tuple[tuple[str, Label, float, str], ...] = (
    (
        "school",
        "school",
        0.9,
        rf"\b({_NAMES}){_KIND}(?:(?<=Academy)\s(?!Trust|Order|Schools?|Head|Chain|SEN){_NAME})?\b",
    ),
    # Saints are schools in any case of letters: "st marys primary", "St. John's CofE school", "St Hilda's".
    (
        "saint",
        "school",
        0.9,
        r"\b((?i:(?:ss?t\.?|saint|our\s+lady(?:\s+of)?|holy|sacred)\s+[a-z]+(?:['-]?s)?(?:\s+(?:and|&)\s+(?:st\.?\s+)?"
        rf"[a-z]+(?:'?s)?)?)){_KIND}\b|\b((?i:ss?t)\.?\s[A-Z][a-z]+'?s)\b{_END}",
    ),
    ("trust", "organisation", 0.9, rf"\b({_LONG}){_TRUST_KIND}\b"),
    ("hospital", "organisation", 0.9, rf"\b({_NAMES}){_HOSPITAL_KIND}\b"),
    # Ordinary words, in an answer without capitals: "at holly bank primary".
    ("lower", "school", 0.6, rf"\b{_any('of a school')}\s+((?:[A-Za-z']{{3,}}\s)*?[A-Za-z']{{3,}}){_KIND}\b"),
    ("school called", "school", 0.6, rf"\b{_any('called')}\s+(?:[Tt]he\s+)?({_SHORT}){_END}"),
    ("school by its name", "school", 0.6, rf"\b{_any('of a school')}\s+(?:[Tt]he\s+)?({_SHORT}){_END}"),
    ("school by its name", "school", 0.6, rf"\b({_NAME}\s+(?:High|Manor|Grange|Lodge)){_END}"),
    ("school by what is said", "school", 0.6, rf"\b{_any('perhaps of a school')}\s+(?:[Tt]he\s+)?({_SHORT}){_END}"),
    ("school by what is said", "school", 0.6, rf"\b({_SHORT})(?=\s+{_any('said of a school')}\b)"),
    ("group", "organisation", 0.6, rf"\b({_SHORT})(?=\s+{_any('group')}\b)"),
    ("group", "organisation", 0.6, rf"\b{_any('group')}(?:,|:|\s-|\s\(|\s+called|\s+is)?\s+({_SHORT}){_END}"),
)
_COMPILED = tuple((rule, label, sure, re.compile(pattern)) for rule, label, sure, pattern in _PATTERNS)
_OUR_LADY = re.compile(r"Our\s+Lady\b", re.IGNORECASE)
_JOINING = frozenset({"and", "&", "of", "the", "at", "in", "for", "on", "with"})


def find_organisations(text: str, *, kept: Callable[[str], bool]) -> list[Span]:
    """Find schools, trusts, hospitals and local groups by name.

    Args:
        text: A normalised text.
        kept: Says whether a phrase is protected vocabulary ("Virtual School", "Royal College").

    Returns:
        Spans with label ``school`` or ``organisation`` (rule "trust", "hospital", "group" or "local body").
    """
    spans = [
        Span(start, end, "organisation", "local body", "authority", 0.9)
        for start, end, written in _local_bodies().find(text, tokenise(text))
        if text[start:end] in written
    ]
    for rule, label, sure, pattern in _COMPILED:
        for match in pattern.finditer(text):
            group = match.lastindex or 1
            start, stop = _proper(text, *match.span(group)), match.end(group)
            words = [fold(word).strip("'.") for word in text[start:stop].split()]
            kind = text[stop : match.end()]
            if words and not kept(text[start : match.end()]) and _names_one(rule, words, kind, text[:start]):
                spans.append(Span(start, match.end(), label, rule, "authority", sure))
    return spans


def _names_one(rule: str, words: list[str], kind: str, before: str) -> bool:
    """Whether these folded words name an institution of this kind, and nobody and nothing else."""
    if rule == "saint":
        return True
    if rule == "lower":
        plain = all(is_dictionary_word(word, ("adj", "adv")) for word in words)
        return not plain and not any(word in _nameless() for word in words)
    if kind:
        return any(word[0].isupper() for word in kind.split()) or any(map(_tells, words))
    ends = len(words) > 1 and words[-1] in _WORDS["ends a school's name"]
    article = before[-5:].strip() if before.endswith("he ") else ""
    person = words[0] in names().given and word_class(words[0]) not in ("hardly", "often")
    if (person and not ends) or (len(words) == 1 and article == "the"):
        return False
    if len(words) > 1:
        sure = rule in ("group", "school called")
        return sure or ends or any(map(_is_strange, words)) or words[0] in _WORDS["founders"]
    if rule == "school by what is said":
        return _ENDING.search(words[0]) is not None and not is_dictionary_word(words[0], ("adj", "adv", "verb"))
    return _is_strange(words[0]) or (rule == "school by its name" and article == "The")


def _proper(text: str, start: int, end: int) -> int:
    """Cut words that name nothing off the front of a name; give its end where nothing of a name is left."""
    words = [(word.start() + start, word.group()) for word in re.finditer(r"\S+", text[start:end])]
    plain = [word.casefold().strip(".,'") in _nameless() for _, word in words]
    if all(nothing or word in ("Royal", "Great") for (_, word), nothing in zip(words, plain, strict=True)):
        return end
    while plain[0] and not _OUR_LADY.match(text, words[0][0]):
        del words[0], plain[0]
    return end if words[0][1].casefold() in _JOINING else words[0][0]


@lru_cache(maxsize=1)
def _nameless() -> frozenset[str]:
    return frozenset(_WORDS["no part of a name"])


@lru_cache(maxsize=1)
def _local_bodies() -> PhraseIndex[str]:
    return PhraseIndex((line, line) for _, lines in read_sections("local_bodies.txt") for line in lines)


def _tells(word: str) -> bool:
    """Whether a word names something by itself: a place, somebody, or no word of the language."""
    return word in names().surnames or bool(forms().of(word)) or _is_strange(word)


def _is_strange(word: str) -> bool:
    """Whether a word is no known word and nobody's name: "Larkmead", not "Monday" or "Priya"."""
    lists = names()
    return len(word) > 4 and not (word in lists.given or word in lists.surnames or is_dictionary_word(word))
