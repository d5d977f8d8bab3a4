"""Schools, trusts, hospitals and local groups named in a text.

Patterns propose, the words of the name decide: "Oakfield" names a school, "Special" and "Monday" do not.
Which words name nothing, how names of schools end and what is said of schools lies in
``data/organisation_words.txt``.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from functools import lru_cache

from sendthemes.redaction.evidence import opens
from sendthemes.redaction.gazetteer import forms
from sendthemes.redaction.lexicon import (
    alternatives,
    is_dictionary_word,
    is_function_word,
    is_misspelling,
    names,
    read_sections,
    word_class,
)
from sendthemes.redaction.phrases import PhraseIndex, fold
from sendthemes.redaction.spans import Label, Span

_WORDS = {section: " ".join(lines).split() for section, lines in read_sections("organisation_words.txt")}
_ANY = {section: f"(?i:{words})" for section, words in alternatives("organisation_words.txt").items()}
_NAME = r"(?:[A-Z][a-z]+(?:['-][A-Za-z]+)*|St\.?|SS|[A-Z]{2,})"
_NAMES = rf"{_NAME}(?:\s+(?:(?:of|the|&|de|le|upon)\s+){{0,2}}{_NAME}){{0,4}}?"
_LONG = rf"{_NAME}(?:,?\s+(?:(?:of|the|and|&|on|for|upon)\s+){{0,2}}{_NAME}){{0,6}}?"
_SHORT = rf"{_NAME}(?:\s{_NAME}){{0,2}}"
_KIND = rf"(?:\s+{_ANY['kinds of school']}(?:\s+(?:and|&))?){{0,5}}\s+{_ANY['school']}"
_TRUST_KIND = rf"(?:(?:\s+{_ANY['kinds of trust']}){{0,5}}\s+(?i:trust)|\s+MAT)"
_HOSPITAL_KIND = rf"(?:\s+{_ANY['kinds of hospital']}){{0,3}}\s+{_ANY['hospital']}"
_ENDING = re.compile("(?:" + "|".join(_WORDS["ends a one-word name"]) + ")s?$")
_END = r"(?=\s*(?:[.,;:!?)/&(-]|$)|\s+[a-z\d])"


def _patterns() -> Iterator[tuple[str, str, str]]:
    """Give rules: name, the section a word of which every hit holds ("": a capital inside), pattern."""
    academy = rf"(?<=Academy)\s(?!Trust|Order|Schools?|Head|Chain|SEN){_NAME}"
    yield "school", "school", rf"\b({_NAMES}){_KIND}(?:{academy})?\b"
    # Saints are schools in any case of letters: "st marys primary", "St. John's CofE school", "St Hilda's".
    holy = r"(?:ss?t\.?|saint|our\s+lady(?:\s+of)?|holy|sacred)\s+[a-z]+(?:['-]?s)?"
    also = r"(?:\s+(?:and|&)\s+(?:st\.?\s+)?[a-z]+(?:'?s)?)?"
    yield "saint", "school", rf"\b((?i:{holy}{also})){_KIND}\b"
    named = rf"(?:(?:St|ST)\.?\s[A-Z][a-z]+'?s|{_ANY['saints']})"
    yield "church school", "", rf"\b({_NAMES})\s(?:C\sof\sE|CofE|RC)\b"  # "Bishop Latimer C of E told us"
    yield "saint", "", rf"\b({named}(?:\s(?:C\w+|RC))?(?:\sHigh)?){_END}"
    yield "trust", "trust", rf"\b({_LONG}){_TRUST_KIND}\b"
    yield "initials of a body", "", r"\b(?!NHS|SEND?|LA)([A-Z][a-z]?[A-Z&]{1,4}\s(?:ICB|ICS|CCG|PCF|FT))\b"
    yield "spelt with a digit", "", r"\b([A-Z][A-Za-z]{2,}[24][A-Za-z]{3,})\b"  # "Voice4Parents"
    yield "hospital", "hospital", rf"\b({_NAMES}){_HOSPITAL_KIND}\b"
    # Ordinary words, in an answer without capitals: "at holly bank primary".
    words = r"(?:[A-Za-z']{3,}\s){0,2}?[A-Za-z']{3,}"
    where = f"(?:{_ANY['of a school']}|{_ANY['perhaps of a school']})"
    yield "lower", "school", rf"\b{where}\s+({words}){_KIND}\b"
    yield "school by its name", "", rf"\b{_ANY['of a school']}\s+(?:[Tt]he\s+)?({_SHORT}){_END}"
    yield "school by its name", "", rf"\b({_NAME}\s+(?:High|Manor|Grange|Lodge)){_END}"
    yield "school by what is said", "", rf"\b{_ANY['perhaps of a school']}\s+(?:[Tt]he\s+)?({_SHORT}){_END}"
    yield "school by what is said", "said", rf"\b({_SHORT})(?=\s+{_ANY['said of a school']}\b)"
    yield "place by its name", "ends a place", rf"\b((?:{_NAME}\s){{1,2}}{_ANY['ends a place']}){_END}"


def _telling(section: str) -> tuple[str, ...]:
    """Give letters of each word of a section: a text that holds one of the words holds its letters."""
    return tuple(
        max(re.findall("[a-z]+", word.lower()), key=len).rstrip("s") for word in _WORDS.get(section, ())
    )


@lru_cache(maxsize=1)
def _rules() -> tuple[tuple[str, tuple[str, ...], re.Pattern[str]], ...]:
    return tuple((rule, _telling(section), re.compile(pattern)) for rule, section, pattern in _patterns())


_LABELS: Mapping[str, Label] = {
    "trust": "organisation",
    "hospital": "organisation",
    "place by its name": "place",
    "initials of a body": "organisation",
    "spelt with a digit": "organisation",
}
_SURE = {"school": 0.9, "saint": 0.9, "church school": 0.9, "trust": 0.9, "hospital": 0.9}
INSIDE = re.compile(r"[^.!?\s]\s+\W?[A-Z][A-Za-z]")  # a capital inside a sentence
_OUR_LADY = re.compile(r"Our\s+Lady\b", re.IGNORECASE)
NUMBERS, NAMELESS = frozenset(_WORDS["numbers"]), frozenset(_WORDS["no part of a name"])
_JOINING = frozenset({"and", "&", "of", "the", "at", "in", "for", "on", "with"})


def find_organisations(text: str, *, kept: Callable[[str], bool]) -> list[Span]:
    """Find schools, trusts, hospitals and local groups by name in a normalised text.

    ``kept`` says whether a phrase is protected vocabulary ("Virtual School", "Royal College").
    """
    spans = [
        Span(start, end, "organisation", "local body", "authority", 0.9)
        for start, end, written in _local_bodies().find(text)
        if text[start:end] in written
    ]
    folded, inside = text.lower(), INSIDE.search(text) is not None
    gates = {gate for _, gate, _ in _rules()}
    shut = {gate for gate in gates if not (any(map(folded.__contains__, gate)) if gate else inside)}
    for rule, gate, pattern in _rules():
        if gate in shut:
            continue
        for match in pattern.finditer(text):
            group = match.lastindex or 1
            start, stop = _proper(text, *match.span(group)), match.end(group)
            words = [fold(word).strip("'.") for word in text[start:stop].split()]
            kind = text[stop : match.end()]
            if words and not kept(text[start : match.end()]) and _names_one(rule, words, kind, text[:start]):
                label, sure = _LABELS.get(rule, "school"), _SURE.get(rule, 0.6)
                spans.append(Span(start, match.end(), label, rule, "authority", sure))
    return spans


def _names_one(rule: str, words: list[str], kind: str, before: str) -> bool:
    """Whether these folded words name an institution of this kind, and nobody and nothing else."""
    article = before[-4:].strip() if before[-4:] in ("The ", "the ") else ""
    opening = before.removesuffix(f"{article} ").rstrip(" \"'(")[-1:] in ".!?:;\n"
    ends = len(words) > 1 and words[-1] in _WORDS["ends a school's name"]
    person = words[0] in names().given and word_class(words[0]) not in ("hardly", "often")
    strange = any(map(is_strange, words))
    noun = not any(is_dictionary_word(word, ("adj", "adv", "verb")) for word in words)
    match rule:
        case "saint" | "initials of a body" | "spelt with a digit":
            return True
        case "place by its name":
            return any(map(_tells, words)) or not (opening or person)
        case "lower":
            plain = all(is_dictionary_word(word, ("adj", "adv")) for word in words)
            return not plain and not any(word in NAMELESS or is_function_word(word) for word in words)
        case "school" | "trust" | "hospital":
            if kind.casefold().strip() == "trust":
                return any(map(_tells, words))
            return any(word[0].isupper() for word in kind.split()) or any(map(_tells, words))
    if rule == "church school":
        return any(map(_tells, words))
    if person and (not ends or rule == "school by what is said"):
        return False
    if len(words) > 1:
        return strange or words[0] in _WORDS["begins a name"] or ends
    if rule == "school by its name":
        return (strange and article != "the") or article == "The"
    # A strange word that opens a sentence is misspelt as often: "Coucil refused us".
    return (noun and _ENDING.search(words[0]) is not None) or (
        not opening and (article == "The" or (strange and article != "the"))
    )


def _proper(text: str, start: int, end: int) -> int:
    """Cut words that name nothing off the front of a name; give its end where nothing of a name is left."""
    words = [(word.start() + start, word.group()) for word in re.finditer(r"\S+", text[start:end])]
    plain = [word.casefold().strip(".,'") in NAMELESS for _, word in words]
    if all(nothing or word in ("Royal", "Great") for (_, word), nothing in zip(words, plain, strict=True)):
        return end
    while plain[0] and not _OUR_LADY.match(text, words[0][0]):
        if words[0][1] in ("Lower", "Upper", "Old", "New") and len(words) > 1 and _tells(fold(words[1][1])):
            break
        if words[0][1].casefold() in NUMBERS and words[0][1].istitle() and not opens(text, words[0][0]):
            break
        del words[0], plain[0]
    return end if words[0][1].casefold() in _JOINING else words[0][0]


@lru_cache(maxsize=1)
def _local_bodies() -> PhraseIndex[str]:
    return PhraseIndex((line, line) for _, lines in read_sections("local_bodies.txt") for line in lines)


def _tells(word: str) -> bool:
    """Whether a word names something by itself: a place, somebody, or no word of the language."""
    return word in names().surnames or bool(forms().of(word)) or is_strange(word)


def is_strange(word: str) -> bool:
    """Whether a word is no known word and nobody's name: "Larkmead", not "Monday" or "Priya"."""
    lists = names()
    known = word in lists.given or word in lists.surnames or is_dictionary_word(word)
    return len(word) > 4 and not known and not is_misspelling(word)
