"""Which entry covers another: every hit of the one holds a hit of the other."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fnmatch import fnmatchcase

from sendthemes.codebook.model import Entry, Theme
from sendthemes.language.types import load_types

_WILD = frozenset("*?")
_Row = Sequence[tuple[str, frozenset[str]]]  # words of a simple entry or part, each with its forms


def swallowed(theme: Theme) -> Iterator[tuple[int, Entry]]:
    """Find entries that add no answer to a theme, because a broader entry of it hits wherever they hit.

    Entries that mean the same swallow each other; only the later one is named. In doubt nothing is.

    Yields:
        The place of the swallowed entry in ``theme.entries``, and the entry that covers it.
    """
    rows = [list(_rows(entry)) for entry in theme.entries]
    silenced = [row for entry in theme.exclusions for row in _rows(entry)]
    covering = {
        at: rows[at][0]
        for at, entry in enumerate(theme.entries)
        if entry.kind in {"word", "form"} and entry.pos is None and not _covers(rows[at][0], silenced)
    }
    for at, entry in enumerate(theme.entries):
        forms = frozenset[str]().union(*(forms for row in rows[at] for _, forms in row))
        for other, row in covering.items():
            cover = theme.entries[other]
            near = not row[0][1].isdisjoint(forms) or _WILD & set(row[0][0])  # else it is soon told
            if other == at or not near or not _as_free(cover, entry) or not _covers(row, rows[at]):
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
    elif entry.kind in {"word", "form", "exact"}:
        words = str(getattr(entry, entry.kind)).casefold().replace("/", " ").split()
        yield [(word, _forms(entry.kind, word)) for word in words]


def _forms(kind: str, word: str) -> frozenset[str]:
    if "-" in word:  # also found closed up, and then in other forms: only its like covers it
        return frozenset({f"{kind}: {word}"})
    return load_types().covered(word) if kind == "word" and not _WILD & set(word) else frozenset({word})


def _covers(cover: _Row, rows: Sequence[_Row]) -> bool:
    """Say whether every hit of an entry of these rows holds a hit of ``cover``."""
    return any(
        all(_word_covers(*one, other) for one, (_, other) in zip(cover, row[at:], strict=False))
        for row in rows
        for at in range(len(row) - len(cover) + 1)
    )


def _word_covers(word: str, forms: frozenset[str], other: frozenset[str]) -> bool:
    if other <= forms:
        return word != "*"
    wild = _WILD & set(word) and set(word) - _WILD and "-" not in word
    return bool(wild) and all("-" not in form and fnmatchcase(form, word) for form in other)
