"""Which entry covers another: every hit of the one holds a hit of the other."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from sendthemes.codebook.model import Entry, Theme
from sendthemes.language.types import load_types

_SIMPLE = ("word", "form", "exact")
_WILD = re.compile(r"[*?]")


class _Word(NamedTuple):
    """One word of a simple entry, and the forms that it stands for (samples of them, if it has wildcards)."""

    kind: str
    text: str
    forms: frozenset[str]
    common: frozenset[str]  # of which each word that it covers has one; empty: any

    def covers(self, other: _Word) -> bool:
        """Say whether this word is found wherever the other is; in doubt not."""
        if self.kind == "exact":
            return self[:2] == other[:2] and not _WILD.search(self.text)
        if self.text == other.text.casefold() and (self.kind == "word" or other.kind in {self.kind, "exact"}):
            return set(self.text) != {"*"}
        if "-" in self.text + other.text:
            return False
        if _WILD.search(self.text):
            pattern = re.escape(self.text).replace(r"\*", r"\w*").replace(r"\?", r"\w")
            return not set(self.text) <= {"*", "?"} and all(
                re.fullmatch(pattern, form) for form in other.forms
            )
        return other.forms <= self.forms


_Row = Sequence[_Word]  # the words of a simple entry or part


def swallowed(theme: Theme) -> Iterator[tuple[int, Entry]]:
    """Find entries that add no answer to a theme, because a broader entry of it hits wherever they hit.

    Entries that mean the same swallow each other; only the later one is named.

    Yields:
        The place of the swallowed entry in ``theme.entries``, and the entry that covers it.
    """
    rows = [list(_rows(entry)) for entry in theme.entries]
    silenced = [row for entry in theme.exclusions for row in _rows(entry)]
    covering = {
        at: rows[at][0]
        for at, entry in enumerate(theme.entries)
        if entry.kind in _SIMPLE and entry.pos is None and not _covers(rows[at][0], silenced)
    }
    for at, entry in enumerate(theme.entries):
        forms = {form.casefold() for row in rows[at] for word in row for form in word.forms}
        for other, row in covering.items():
            if other == at or (row[0].common.isdisjoint(forms) and row[0].common):
                continue  # soon told: they share no word
            cover = theme.entries[other]
            if not _as_free(cover, entry) or not _covers(row, rows[at]):
                continue
            if (
                other > at
                and at in covering
                and _covers(covering[at], rows[other])
                and _as_free(entry, cover)
            ):
                continue  # they mean the same: the later one is named
            yield at, cover
            break


def _as_free(cover: Entry, entry: Entry) -> bool:
    """Say whether the options of the broader entry let through all that the other's do."""
    scope = not cover.questions or set(entry.questions) == set(cover.questions)
    return scope and cover.negated == entry.negated and (cover.fuzzy or not entry.fuzzy)


def _rows(entry: Entry) -> Iterator[_Row]:
    """Give the words of an entry, or of its parts, in a row: whatever covers one row covers the entry."""
    if entry.kind in {"near", "sequence", "all"}:
        for part in entry.parts:
            if part not in entry.none:
                yield from _rows(part)
    elif entry.kind in _SIMPLE:
        # Hyphened words stay together, for they are also found closed up.
        yield [_word(entry.kind, word) for word in str(getattr(entry, entry.kind)).replace("/", " ").split()]


def _word(kind: str, text: str) -> _Word:
    folded = text.casefold()
    if _WILD.search(text):
        forms = frozenset(folded.replace("?", "z").replace("*", more) for more in ("", "zz"))
        return _Word(kind, text if kind == "exact" else folded, forms, frozenset())
    forms = load_types().covered(folded) if kind == "word" else frozenset({folded})
    return _Word(kind, text if kind == "exact" else folded, forms, forms)


def _covers(cover: _Row, rows: Sequence[_Row]) -> bool:
    """Say whether every hit of an entry of these rows holds a hit of ``cover``."""
    return any(
        all(one.covers(other) for one, other in zip(cover, row[at:], strict=False))
        for row in rows
        for at in range(len(row) - len(cover) + 1)
    )
