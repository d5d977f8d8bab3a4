"""Capitals where a writer used none, or nothing else: what the rules then read.

An answer typed in lower case or in capitals says nothing by them. It is read as if names, places and initials had the
capitals that a careful writer would have given them; its own letters stay where they are.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

from sendthemes.redaction.gazetteer import forms
from sendthemes.redaction.lexicon import (
    WORD,
    acronyms,
    given_band,
    is_dictionary_word,
    is_function_word,
    names,
    word_class,
)
from sendthemes.redaction.phrases import fold


def recased(text: str, *, headlines: bool = False) -> str:
    """Read a text with capitals where its lines have none that say anything.

    Args:
        text: A normalised text.
        headlines: Whether lines in Headline Case are read so too: there a capital makes nobody a person, but still
            a school.

    Returns:
        The text as long as it was; reading it again changes nothing.
    """
    return "".join(
        _with_capitals(line, words)
        if _says_nothing([line[low:high] for low, high in words], headlines)
        else line
        for line in text.splitlines(keepends=True)
        for words in [[found.span() for found in WORD.finditer(line)]]
    )


def _says_nothing(words: Sequence[str], headlines: bool) -> bool:
    """Whether a line is in lower case, in capitals, or in Headline Case."""
    lower = sum(word[0].islower() for word in words)
    capitals = sum(len(word) > 1 and word.isupper() for word in words)
    if len(words) < 3:
        return False
    if lower + capitals + words.count("I") == len(words) or capitals > 0.6 * sum(len(w) > 1 for w in words):
        return True
    longer = [word for word in words if len(word) > 3]
    capital = sum(not word[0].islower() for word in longer)
    if not headlines or (lower and (len(longer) < 4 or capital <= 0.7 * len(longer))):
        return False
    plain = (
        word.istitle() and len(word) > 3 and _is_plain(fold(word)) and not (before and _is_name(fold(before)))
        for before, word in pairwise(["", *words])  # "Sarah Steel" is no headline
    )
    return (not lower and len(words) >= 5) or sum(plain) >= 2


def _is_plain(word: str) -> bool:
    lists = names()
    return (
        word not in lists.given
        and word not in lists.surnames
        and is_dictionary_word(word, ("adj", "adv", "verb"))
    )


def _with_capitals(line: str, words: Sequence[tuple[int, int]]) -> str:
    letters, loud = list(line), sum(map(str.isupper, line)) > sum(map(str.islower, line))
    for (low, high), written in zip(words, _capitals([fold(line[a:b]) for a, b in words]), strict=True):
        word = line[low:high]
        if len(word) > 1 and word.isupper() and not loud:
            continue
        shown = {"upper": word.upper(), "title": word.title().replace("'S", "'s")}.get(written, word.lower())
        if len(shown) == len(word):
            letters[low:high] = shown
    return "".join(letters)


def _capitals(words: Sequence[str]) -> Iterator[str]:
    """Give "title", "upper" or "lower" for each of some folded words."""
    named = False
    for at, word in enumerate(words):
        following = words[at + 1] if at + 1 < len(words) else ""
        is_name = _is_name(word) or (
            named and word in names().surnames and word_class(word) != "hardly" and not is_function_word(word)
        )
        if not is_name and given_band(word) == "common" and following in names().surnames:
            is_name = word_class(word) != "hardly" and word_class(following) in (None, "first")
        named = is_name
        if (
            word in acronyms()
            or word == "i"
            or (any(form.manner == "exact" for form in forms().of(word)) and not is_dictionary_word(word))
        ):
            yield "upper"
        else:
            yield "title" if is_name else "lower"


def _is_name(word: str) -> bool:
    """Whether a word by itself asks for a capital: a name that is no word, an initial, a word of no dictionary."""
    if len(word) < 3:
        return word not in ("a", "i") and (len(word) == 1 or given_band(word) == "common")
    if is_function_word(word) or word_class(word) not in (None, "first"):
        return False
    return given_band(word) in ("common", "known") or not is_dictionary_word(word)
