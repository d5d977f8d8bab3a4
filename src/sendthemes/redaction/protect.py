"""Words that must stay readable: the vocabulary of the field, national bodies, idioms, and ordinary English.

A quote with the middle of "High Needs Block" blanked out is as useless as one with a name left in. What is
found here outranks name lists and the model; values known from the data set outrank it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

from sendthemes.redaction.evidence import Scene
from sendthemes.redaction.lexicon import CALENDAR, TITLE, WORD, names, read_sections, word_class
from sendthemes.redaction.phrases import PhraseIndex, fold, words_of
from sendthemes.redaction.spans import Span

# Addresses and references are for the identifier rules: "send@kent.gov.uk", "EHCP-2024-0031".
_ADDRESS = re.compile(
    r"\S*(?:@|://|\bwww\.|\.(?:gov|nhs|org|com|co|ac|sch|net)\b)\S*|\b\w*[-/_#]?\d[\d/_-]{3,}\w*",
    re.IGNORECASE,
)
_SIGN = re.compile(r"[@/]|www\.|\.[a-z]|[\d/_-]{4}", re.IGNORECASE)  # no address is without one of these
_GIVEN_BEFORE = re.compile(r"(" + WORD.pattern + r")[ ]+$", re.IGNORECASE)
_DOUBLE = re.compile(r"[A-Z][^\W\d_]+-$")


def is_ordinary_word(word: str) -> bool:
    """Tell whether a word is more than a name: "will", "hope", "reading", "provision".

    The dictionary is that of the spaCy model's lemmatiser, inflections included, without the words that are
    names first ("jack", "carol").
    """
    folded = fold(word.strip())
    return bool(folded) and word_class(folded) in {"hardly", "often"}


def is_protected(phrase: str) -> bool:
    """Tell whether a whole phrase is an entry of the protected vocabulary (hyphen as space, plural)."""
    return _as_written(phrase.strip(), _vocabulary().of(phrase))


def protected_spans(text: str, *, extra: Iterable[str] = (), without: Iterable[str] = ()) -> list[Span]:
    """Find the words of a normalised text that must stay readable, in order and apart; longer phrases win.

    A single word of the vocabulary is not protected right after a title or a first name: "Bowlby's theory"
    stays, "Mrs Bowlby" and "Sarah Bowlby" are people. Nor is a month where the sentence makes it a person
    ("our EP June"). Nothing is protected inside an address or a reference. ``extra`` are more phrases to
    protect, ``without`` entries not to.
    """
    return list(_protected(text, tuple(extra), tuple(without)))


@lru_cache(maxsize=2048)  # several finders ask about the same text
def _protected(text: str, extra: tuple[str, ...], without: tuple[str, ...]) -> tuple[Span, ...]:
    shielded: list[tuple[int, int]] | None = None
    spans: list[Span] = []
    reach = 0
    for start, last, exact in _vocabulary(extra, without).find(text):
        end = last + 2 * (text[start : last + 2] in exact)  # "Barnardo's"
        if start < reach or not _as_written(text[start:end], exact):
            continue
        if text[start:end].isalnum() and _is_person(text, start, end):
            continue
        if shielded is None:
            shielded = [found.span() for found in _ADDRESS.finditer(text)] if _SIGN.search(text) else []
        reach = end
        if not any(low < end and start < high for low, high in shielded):
            spans.append(Span(start, end, "protected", "protected vocabulary", "protected"))
    return tuple(spans)


def _as_written(phrase: str, exact: Iterable[str]) -> bool:
    """Whether a phrase is in the case that its entry asks for ("ELSA", "ELSAs"); most ask for none."""
    return any(entry in ("", phrase, phrase.removesuffix("s")) for entry in exact)


def _is_person(text: str, start: int, end: int) -> bool:
    """Tell whether a single protected word stands as somebody's surname ("Mrs Thompson", "Sarah Bowlby")."""
    if not text[start:end].istitle():
        return False
    if _DOUBLE.search(text, max(0, start - 24), start):
        return True  # "Abiola-Thompson"
    if fold(text[start:end]) in CALENDAR:
        return Scene(text).evidence_from(start).enough
    before = text[max(0, start - 24) : start]
    if any(found.end() == len(before) for found in TITLE.finditer(before)):
        return True
    given = _GIVEN_BEFORE.search(before)
    if given is None or not given.group(1)[0].isupper():
        return False
    word = fold(given.group(1))
    return word in names().given and word_class(word) not in {"hardly", "often"}


@lru_cache(maxsize=8)
def _vocabulary(extra: tuple[str, ...] = (), without: tuple[str, ...] = ()) -> PhraseIndex[str]:
    """Every entry and its plural, to the form that is asked for exactly or ""."""
    given, left_out = names().given, {words_of(entry) for entry in without}
    listed = [line for _, lines in read_sections("protected_vocabulary.txt") for line in lines]
    phrases: dict[tuple[str, str], None] = {}
    for entry in (*listed, *extra):
        words = words_of(entry)
        if words and words not in left_out:
            key = "".join(words)
            exact = entry if len(words) == 1 and (fold(entry) in given or len(key) < 3) else ""
            phrases |= {(entry, exact): None, (f"{entry}s", exact): None}
            if len(words) == 1 and entry.endswith("'s"):
                phrases[entry.removesuffix("'s"), entry] = None
    return PhraseIndex(phrases)
