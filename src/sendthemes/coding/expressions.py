"""Regular expressions, looked for only in the texts that hold what they cannot do without.

From ``(?:waits?|waiting) for (?:months|years)`` follows: a hit holds "wait", "for", and "months" or "years".
The index knows the texts with such letters in a word, so the expression itself runs on few.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from sendthemes.language.index import TextIndex

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Ints = NDArray[Any]
    Flags = NDArray[Any]

TIMEOUT = 0.25  # seconds that a regular expression may take on one answer
_OPENING = re.compile(r"\((?:\?(?:([ims]*)(:|\))|P?<(?![=!])\w+>|>|(<?[=!])))?")
_CLASS = re.compile(r"\[\^?\]?(?:\\.|[^\]\\\[&|~])*\]")
_SIGN = re.compile(r"\\[bBdDsSwWAZnrtfv\W_]|[^\\()\[|{}*+?]", re.DOTALL)
_COUNT = re.compile(r"(?:([*?])|\+|\{(?=[\d,])(\d*)(?:,\d*)?\})[?+]?")
_LEAST = 2  # letters; one letter is in nearly every text


class _Looked(NamedTuple):
    """Where an expression was looked for and found: spans by text, and texts on which it took too long."""

    done: Flags
    hits: dict[int, list[tuple[int, int]]]
    late: set[int]


class Expressions:
    """Finds regular expressions in an index; an expression meets each text once."""

    def __init__(self, index: TextIndex) -> None:
        self._index = index
        self._looked: dict[str, _Looked] = {}
        self._possible: dict[str, Flags] = {}

    def possible(self, expression: str) -> Flags:
        """Say for each text whether the expression can match there."""
        if expression not in self._possible:
            flags = np.ones(len(self._index.texts), dtype=bool)
            for needed in needs(expression):
                flags &= self._holding(needed)
            self._possible[expression] = flags
        return self._possible[expression]

    def find(self, expression: str, texts: Flags) -> tuple[list[tuple[int, int, int]], list[int]]:
        """Find an expression in some texts.

        Args:
            expression: Any regular expression of the ``regex`` library.
            texts: For each text whether it is asked for.

        Returns:
            (text, start, end) of each hit that has a length, and the texts on which it took too long.
        """
        import regex

        if expression not in self._looked:
            self._looked[expression] = _Looked(np.zeros(len(texts), dtype=bool), {}, set())
        done, hits, late = self._looked[expression]
        asked = texts & self.possible(expression)
        finder = regex.compile(expression)
        for at in np.flatnonzero(asked & ~done).tolist():
            try:
                found = finder.finditer(self._index.comparable(at).text, timeout=TIMEOUT)
                if spans := [each.span() for each in found if each.end() > each.start()]:
                    hits[at] = spans
            except TimeoutError:
                late.add(at)
        done |= asked
        rows = [(at, *span) for at in sorted(hits) if asked[at] for span in hits[at]]
        return rows, [at for at in sorted(late) if asked[at]]

    def _holding(self, needed: frozenset[str]) -> Flags:
        """Say for each text whether one of these runs of letters stands in one of its words."""
        index, (words, bounds) = self._index, self._words
        flags = np.zeros(len(index.texts), dtype=bool)
        forms = {
            int(np.searchsorted(bounds, found.start(), side="right")) - 1
            for letters in needed
            for found in re.finditer(letters, words)
        }
        for form in forms:
            flags[index.text[index.where(form)]] = True
        for word, texts in self._touching.items():
            if any(letters in word for letters in needed):
                flags[texts] = True
        return flags

    @cached_property
    def _words(self) -> tuple[str, Ints]:
        """The distinct words in one text, and where each begins."""
        words = [_folded(form) for form in self._index.forms]
        return "\n".join(words), np.cumsum([0, *(len(word) + 1 for word in words)])

    @cached_property
    def _touching(self) -> dict[str, list[int]]:
        """Words that the tokenizer cut in two ("cannot", "don't"), as they stand, and their texts."""
        index = self._index
        beside = (index.end[:-1] == index.start[1:]) & (index.text[:-1] == index.text[1:])
        found: dict[str, list[int]] = {}
        edges = np.flatnonzero(np.diff(np.concatenate(([False], beside, [False])).astype(np.int8)))
        for first, last in edges.reshape(-1, 2).tolist():
            text = int(index.text[first])
            written = index.comparable(text).text[index.start[first] : index.end[last]]
            found.setdefault(_folded(written), []).append(text)
        return found


def _folded(word: str) -> str:
    """Fold case; all i are one, with a dot or without, as for regular expressions."""
    return word.casefold() if word.isascii() else word.casefold().replace("\u0307", "").replace("ı", "i")


class _UnreadError(Exception):
    """The expression holds something of which nothing is known here."""


@lru_cache(maxsize=10_000)
def needs(expression: str) -> tuple[frozenset[str], ...]:
    """Say what every hit of a regular expression holds.

    Args:
        expression: A valid regular expression.

    Returns:
        Sets of runs of letters, in lower case: of each set a hit holds at least one, in one word. Empty where
        nothing is known.
    """
    try:
        return tuple(_Reader(expression).read())
    except _UnreadError:
        return ()


class _Reader:
    """Reads the everyday part of the syntax; gives up at any other sign."""

    def __init__(self, expression: str) -> None:
        self._expression = expression
        self._at = 0

    def read(self) -> list[frozenset[str]]:
        needed = self._branches()
        if self._at < len(self._expression):
            raise _UnreadError
        return needed

    def _take(self, pattern: re.Pattern[str]) -> re.Match[str] | None:
        found = pattern.match(self._expression, self._at)
        if found:
            self._at = found.end()
        return found

    def _branches(self) -> list[frozenset[str]]:
        branches = [list(self._branch())]
        while self._expression.startswith("|", self._at):
            self._at += 1
            branches.append(list(self._branch()))
        if len(branches) == 1:
            return branches[0]
        best = [max(branch, key=lambda needed: min(map(len, needed)), default=None) for branch in branches]
        some = [needed for needed in best if needed is not None]
        return [frozenset().union(*some)] if len(some) == len(best) else []

    def _branch(self) -> Iterator[frozenset[str]]:
        letters = ""
        while self._at < len(self._expression) and self._expression[self._at] not in "|)":
            inner: list[frozenset[str]] = []
            letter = ""
            if (opening := self._take(_OPENING)) is not None:
                if opening[2] != ")":  # else flags for all that follows
                    inner = self._group(looks_around=opening[3] is not None)
            elif self._take(_CLASS) is None:
                sign = self._take(_SIGN)
                if sign is None:
                    raise _UnreadError
                letter = sign[0].lower() if sign[0].isascii() and sign[0].isalpha() else ""
            count = self._take(_COUNT)
            if count and (count[1] or (count[2] is not None and int(count[2] or 0) == 0)):
                inner, letter, ended = [], "", True
            else:
                letters, ended = letters + letter, count is not None or not letter
            if ended:
                if len(letters) >= _LEAST:
                    yield frozenset({letters})
                letters = ""
            yield from inner
        if len(letters) >= _LEAST:
            yield frozenset({letters})

    def _group(self, *, looks_around: bool) -> list[frozenset[str]]:
        needed = self._branches()
        if not self._expression.startswith(")", self._at):
            raise _UnreadError
        self._at += 1
        return [] if looks_around else needed
