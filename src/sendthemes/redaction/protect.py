"""Words that must stay readable: the vocabulary of the field, national bodies, idioms, and ordinary English.

A quote with the middle of "High Needs Block" blanked out is as useless as one with a name left in. What is
found here outranks name lists and the model; values known from the data set outrank it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import lru_cache
from types import MappingProxyType

from sendthemes.redaction.evidence import Scene
from sendthemes.redaction.lexicon import CALENDAR, TITLE, WORD, fold_name, names, read_sections, word_class
from sendthemes.redaction.spans import Span

_TOKEN = re.compile(r"\d+|" + WORD.pattern.replace("(?:-|", "(?:"), re.IGNORECASE)
_WITHIN_PHRASE = re.compile(r"[-/&, .!']{0,3}")
# Addresses and references are for the identifier rules: "send@kent.gov.uk", "EHCP-2024-0031".
_ADDRESS = re.compile(
    r"\S*(?:@|://|\bwww\.|\.(?:gov|nhs|org|com|co|ac|sch|net)\b)\S*|\b\w*[-/_#]?\d[\d/_-]{3,}\w*",
    re.IGNORECASE,
)
_GIVEN_BEFORE = re.compile(r"(" + WORD.pattern + r")[ ]+$", re.IGNORECASE)
_DOUBLE = re.compile(r"[A-Z][^\W\d_]+-$")
# First word of a phrase to its phrases: (all folded words, the form that is asked for exactly or "").
_Phrases = Mapping[str, tuple[tuple[tuple[str, ...], str], ...]]


def is_ordinary_word(word: str) -> bool:
    """Tell whether a word is more than a name: "will", "hope", "reading", "provision".

    Such a value is hidden only where the sentence treats it as a name. The dictionary is that of the spaCy
    model's lemmatiser, inflections included, without the words that are names first ("jack", "carol").

    Args:
        word: One word, any case. An empty word is none.
    """
    folded = fold_name(word.strip())
    return bool(folded) and word_class(folded) in {"hardly", "often"}


def is_protected(phrase: str) -> bool:
    """Tell whether a whole phrase is an entry of the protected vocabulary (hyphen as space, plural)."""
    words = tuple(fold_name(found.group()) for found in _TOKEN.finditer(phrase))
    if not words:
        return False
    return any(
        _same(words, entry) and (not exact or phrase.strip() in {exact, f"{exact}s"})
        for entry, exact in _vocabulary().get(words[0], ())
        + _vocabulary().get(words[0].removesuffix("s"), ())
    )


def protected_spans(text: str, *, extra: Iterable[str] = (), without: Iterable[str] = ()) -> list[Span]:
    """Find the words of a text that must stay readable.

    A single word of the vocabulary is not protected right after a title or a first name: "Thompson's model"
    stays, "Mrs Thompson" and "Sarah Thompson" are people. Nor is a month where the sentence makes it a person
    ("our EP June"). Nothing is protected inside an address or a reference.

    Args:
        text: A normalised text (``sendthemes.text.normalise``).
        extra: More words and phrases to protect: the codebook's entries, the caller's own.
        without: Entries not to protect here.

    Returns:
        Spans with label and authority ``protected``, without overlap, in order; the longest phrase wins.
    """
    vocabulary = _vocabulary(tuple(extra), tuple(without))
    tokens = list(_TOKEN.finditer(text))
    folded = [fold_name(token.group()) for token in tokens]
    shielded: list[tuple[int, int]] | None = None
    spans: list[Span] = []
    at = 0
    while at < len(tokens):
        length = _longest(text, tokens, folded, at, vocabulary)
        if length:
            start, end = tokens[at].start(), tokens[at + length - 1].end()
            if shielded is None:
                shielded = [found.span() for found in _ADDRESS.finditer(text)]
            if not any(low < end and start < high for low, high in shielded):
                spans.append(Span(start, end, "protected", "protected vocabulary", "protected"))
        at += length or 1
    return spans


def _longest(text: str, tokens: list[re.Match[str]], folded: list[str], at: int, vocabulary: _Phrases) -> int:
    """Give the number of tokens of the longest entry that starts here; 0 for none."""
    best = 0
    first = folded[at]
    entries = vocabulary.get(first, ())
    if first.endswith("s"):
        entries += vocabulary.get(first[:-1], ())
    for entry, exact in entries:
        size = len(entry)
        if size <= best or not _same(tuple(folded[at : at + size]), entry):
            continue
        if any(
            not _WITHIN_PHRASE.fullmatch(text, tokens[i].end(), tokens[i + 1].start())
            for i in range(at, at + size - 1)
        ):
            continue
        if exact and tokens[at].group() not in {exact, f"{exact}s"}:
            continue
        if size == 1 and _is_person(text, tokens[at]):
            continue
        best = size
    return best


def _same(words: tuple[str, ...], entry: tuple[str, ...]) -> bool:
    return words == entry or (
        len(words) == len(entry)
        and words[:-1] == entry[:-1]
        and words[-1] in {f"{entry[-1]}s", f"{entry[-1]}'s"}
    )


def _is_person(text: str, token: re.Match[str]) -> bool:
    """Tell whether a single protected word stands as somebody's surname ("Mrs Thompson", "Sarah Bowlby")."""
    if not token.group().istitle():
        return False
    if _DOUBLE.search(text, max(0, token.start() - 24), token.start()):
        return True  # "Abiola-Thompson"
    if fold_name(token.group()) in CALENDAR:
        return Scene(text).evidence_from(token.start()).enough
    before = text[max(0, token.start() - 24) : token.start()]
    if any(found.end() == len(before) for found in TITLE.finditer(before)):
        return True
    given = _GIVEN_BEFORE.search(before)
    if given is None or not given.group(1)[0].isupper():
        return False
    word = fold_name(given.group(1))
    return word in names().given and word_class(word) not in {"hardly", "often"}


def _key(entry: str) -> str:
    return " ".join(fold_name(found.group()) for found in _TOKEN.finditer(entry))


@lru_cache(maxsize=8)
def _vocabulary(extra: tuple[str, ...] = (), without: tuple[str, ...] = ()) -> _Phrases:
    given, left_out = names().given, {_key(entry) for entry in without}
    listed = [line for _, lines in read_sections("protected_vocabulary.txt") for line in lines]
    phrases: dict[str, set[tuple[tuple[str, ...], str]]] = {}
    for entry in (*listed, *extra):
        key = _key(entry)
        words = tuple(key.split())
        if words and key not in left_out:
            exact = entry if len(words) == 1 and (key in given or len(key) < 3) else ""
            phrases.setdefault(words[0], set()).add((words, exact))
    return MappingProxyType({first: tuple(sorted(entries)) for first, entries in phrases.items()})
