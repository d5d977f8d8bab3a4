"""Schools, trusts and hospitals named in a text: hidden, their kind kept."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache

from sendthemes.redaction.lexicon import is_dictionary_word, names, read_sections
from sendthemes.redaction.phrases import fold
from sendthemes.redaction.spans import Label, Span

_NAME = r"(?:[A-Z][a-z]+(?:['-][A-Za-z]+)*|St\.?|SS|[A-Z]{2,})"
_NAMES = rf"{_NAME}(?:\s+(?:(?:of|the|&|de|le|upon)\s+){{0,2}}{_NAME}){{0,4}}?"
_FAITH = (
    r"(?:C\s?of\s?E|CE|RC|C\.E\.|R\.C\.|Church\s+of\s+England|(?:Roman\s+)?Catholic|Methodist|Jewish|"
    r"Islamic|Muslim)"
)
_TYPE = (
    r"(?:Infants?|Juniors?|Primary|Secondary|High|Grammar|Nursery|Special|Middle|First|Upper|Lower|"
    r"Community|Preparatory|Prep|Comprehensive|Foundation|Academy|VA|VC|Girls'?|Boys'?|Aided|Voluntary|"
    r"Controlled|Sixth\s+Form|Technology|Free|Studio|Specialist|Learning|and|&)"
)
_HEAD = (
    r"(?:School|Academy|College|Nursery|Primary|Infants|Juniors|Secondary|Pre-?school|Federation|PRU|"
    r"Sixth\s+Form)"
)
_LOWER_TYPE = (
    r"(?:c\s?of\s?e|ce|rc|catholic|church\s+of\s+england|roman\s+catholic|infants?|juniors?|primary|secondary|"
    r"high|grammar|nursery|special|middle|first|academy|va|vc|voluntary|aided|controlled)"
)
_LOWER_HEAD = r"(?:school|academy|college|nursery|federation|primary|infants|juniors|secondary|high)"
_AFTER_NAME = r"(?=[.,;:!?)]|\s+[a-z]|$)"

_SCHOOL = re.compile(
    rf"\b({_NAMES})((?:\s+{_FAITH})?(?:\s+{_TYPE}){{0,5}}\s+{_HEAD}"
    rf"(?:(?<=Academy)\s(?!Trust|Order|Schools?|Head|Chain|SEN){_NAME})?)\b"
)
# Saints are schools in any case of letters: "st marys primary", "St. John's CofE school".
_SAINT = re.compile(
    r"\b((?:ss?t\.?|saint|our\s+lady(?:\s+of)?|holy|sacred)\s+[a-z]+(?:['-]?s)?(?:\s+(?:and|&)\s+"
    rf"(?:st\.?\s+)?[a-z]+(?:'?s)?)?)((?:\s+{_LOWER_TYPE}){{0,5}}\s+{_LOWER_HEAD})\b",
    re.IGNORECASE,
)
# In lower case or capitals something must lead to it: "at oakfield primary", "AT HOLLY BANK PRIMARY SCHOOL".
_CASELESS = re.compile(
    r"\b(?i:at|from|attends?|attended|attending|go(?:es)? to|went to|called)\s+"
    rf"(?:((?:[a-z']{{3,}}\s+){{1,3}}?)((?:{_LOWER_TYPE}\s+){{0,3}}{_LOWER_HEAD})\b"
    rf"|((?:[A-Z']{{3,}}\s+){{1,3}}?)((?i:(?:{_LOWER_TYPE}\s+){{0,3}}{_LOWER_HEAD}))\b)"
)
# By its name alone: "his school, Larkmead, said", "he is at Ashdown Manor"; "Brookvale High", "St Aidan's".
_CALLED = re.compile(
    r"\b(?i:school|nursery|college|academy|pre-?school)(?:,|:| -| \(|\s+(?:called|named|is|was))\s+"
    rf"(?:the\s+)?({_NAME}(?:\s{_NAME}){{1,2}}){_AFTER_NAME}|\b(St\.?\s[A-Z][a-z]+'?s)\b{_AFTER_NAME}"
)
_STRANGE = re.compile(
    r"\b(?i:school|nursery|college|academy|at|attend(?:s|ed|ing)?|nam(?:ed|ing|es)|joined|moved to)"
    rf"(?:,|:| -| \(|\s+(?:called|named|is|was))?\s+(?:the\s+)?({_NAME}(?:\s{_NAME}){{0,2}}){_AFTER_NAME}"
    rf"|\b({_NAME}\s+(?:High|Manor|Grange|Lodge)){_AFTER_NAME}"
    rf"|\b({_NAME})(?=\s+(?:is|was)\s+(?:a|an|our|the)\s+(?:\w+\s+){{0,2}}(?:school|nursery|academy|college)\b)"
)
_TRUST = re.compile(
    rf"\b({_NAME}(?:,?\s+(?:(?:of|the|and|&|on|for|upon)\s+){{0,2}}{_NAME}){{0,6}}?)"
    r"(\s+(?:(?:NHS|Hospitals?|University|Foundation|Partnership|Healthcare|Health(?:\s+and\s+Care)?|Community|"
    r"Mental\s+Health|Learning|Education(?:al)?|Academ(?:y|ies)|Multi-?\s?Academy|Schools?|MAT)\s+){1,5}?Trust"
    r"|\s+(?:MAT|Multi-?\s?Academy\s+Trust))\b"
)
_HOSPITAL = re.compile(
    rf"\b({_NAMES})(\s+(?:(?:General|Children'?s|University|Community|County|District|Teaching|Royal|Cottage)\s+)"
    r"{0,3}(?:Hospitals?|Infirmary|Hospice|Medical\s+Centre|Surgery|Health\s+Centre|Child\s+Development\s+Centre))\b"
)
_OUR_LADY = re.compile(r"Our\s+Lady\b", re.IGNORECASE)
_KINDS: tuple[tuple[str, Label, re.Pattern[str], float], ...] = (
    ("school", "school", _SCHOOL, 0.9),
    ("school", "school", _SAINT, 0.9),
    ("trust", "organisation", _TRUST, 0.9),
    ("hospital", "organisation", _HOSPITAL, 0.9),
    ("school in any case", "school", _CASELESS, 0.6),
    ("school by its name", "school", _CALLED, 0.6),
    ("school by its name", "school", _STRANGE, 0.6),
)


def find_organisations(text: str, *, kept: Callable[[str], bool]) -> list[Span]:
    """Find schools, trusts and hospitals by name.

    Args:
        text: A normalised text.
        kept: Says whether a phrase is protected vocabulary ("Virtual School", "Royal College").

    Returns:
        Spans with label ``school`` or ``organisation`` (rule "trust" or "hospital").
    """
    spans = []
    for rule, label, pattern, confidence in _KINDS:
        for match in pattern.finditer(text):
            first = next(group for group in range(1, pattern.groups + 1) if match.group(group))
            start, end = _proper(text, *match.span(first)), match.end()
            named = text[start : match.end(first)].split()
            if not named or kept(text[start:end]):
                continue
            if pattern is _STRANGE and not _is_strange(fold(named[0])):
                continue
            if pattern is _CASELESS and not _is_named(named):
                continue
            spans.append(Span(start, end, label, rule, "authority", confidence))
    return spans


def _proper(text: str, start: int, end: int) -> int:
    """Cut words that name nothing off the front of a name; give its end where nothing of a name is left."""
    words = [(word.start() + start, word.group()) for word in re.finditer(r"\S+", text[start:end])]
    plain = [word.casefold().strip(".,'") in _nameless() for _, word in words]
    if all(nothing or word in ("Royal", "Great") for (_, word), nothing in zip(words, plain, strict=True)):
        return end
    while plain[0] and not _OUR_LADY.match(text, words[0][0]):
        del words[0], plain[0]
    return (
        end if words[0][1].casefold() in ("and", "&", "of", "the", "at", "in", "for", "on") else words[0][0]
    )


@lru_cache(maxsize=1)
def _nameless() -> frozenset[str]:
    return frozenset(
        word
        for _, lines in read_sections("organisation_words.txt")
        for line in lines
        for word in line.split()
    )


def _is_strange(word: str) -> bool:
    """Whether a word is no known word and nobody's name: "Larkmead", not "Monday" or "Priya"."""
    lists = names()
    return len(word) > 4 and not (word in lists.given or word in lists.surnames or is_dictionary_word(word))


def _is_named(words: list[str]) -> bool:
    """Whether words in lower case or in capitals name a school: "oakfield", not "lovely" or "my local"."""
    folded = [fold(word) for word in words]
    return not any(word in _nameless() for word in folded) and not all(
        is_dictionary_word(word, ("adj", "adv")) for word in folded
    )
