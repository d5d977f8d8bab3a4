"""Capitals where a writer used none, or nothing else: what the rules then read.

An answer typed in lower case or in capitals says nothing by them. It is read as if names, places and
initials had the capitals that a careful writer would have given them; its own letters stay where they are.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
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

_TITLED = re.compile(r"\b[A-ZÀ-Þ][a-zß-ÿ][\w'-]*")
_LOUD = re.compile(r"\b[A-ZÀ-Þ][A-ZÀ-Þ'-]+\b")
_LOWER = re.compile(r"(?<!['\w])[a-zß-ÿ][\w'-]+")


@lru_cache(maxsize=2048)
def recased(text: str, *, headlines: bool = False) -> str:
    """Read a normalised text with capitals where its lines have none that say anything, as long as it was.

    With ``headlines`` lines in Headline Case too: there a capital makes nobody a person, but still a school.
    """
    lines = text.splitlines(keepends=True)
    return "".join(_with_capitals(line) if _says_nothing(line, headlines) else line for line in lines)


def _says_nothing(line: str, headlines: bool) -> bool:
    """Whether a line is in lower case, in capitals, or in Headline Case."""
    titles, loud, lower = _TITLED.findall(line), len(_LOUD.findall(line)), len(_LOWER.findall(line))
    if len(titles) + loud + lower < 3:
        return False
    if not titles or loud > 0.6 * (len(titles) + loud + lower):
        return True
    if not headlines or lower > len(titles) + loud:
        return False
    if not lower and len(titles) + loud >= 5:
        return True
    longer = [word for word in titles if len(word) > 3]
    small = sum(len(word) > 3 for word in _LOWER.findall(line))
    plain = (
        len(word) > 3 and _is_plain(fold(word)) and not (before and _is_name(fold(before)))
        for before, word in pairwise(["", *titles])  # "Sarah Steel" is no headline
    )
    return len(longer) > 0.75 * (len(longer) + small) and sum(plain) >= 2


def _is_plain(word: str) -> bool:
    lists = names()
    return (
        word not in lists.given
        and word not in lists.surnames
        and is_dictionary_word(word, ("adj", "adv", "verb"))
    )


def _with_capitals(line: str) -> str:
    words = [found.span() for found in WORD.finditer(line)]
    letters, loud = list(line), sum(map(str.isupper, line)) > sum(map(str.islower, line))
    for (low, high), written in zip(words, _capitals([fold(line[a:b]) for a, b in words]), strict=True):
        word = line[low:high]
        if len(word) > 1 and (word.istitle() if loud else word.isupper()):
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
    """Whether a word asks for a capital by itself: a name, an initial, a word of no dictionary."""
    if len(word) < 3:
        return word not in ("a", "i") and (len(word) == 1 or given_band(word) == "common")
    if is_function_word(word) or word_class(word) not in (None, "first"):
        return False
    return given_band(word) in ("common", "known") or not is_dictionary_word(word)
