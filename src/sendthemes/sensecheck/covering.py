"""Which entry covers another: every hit of the one holds a hit of the other."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from sendthemes.codebook.model import Entry, Theme
from sendthemes.language.types import load_types

_SIMPLE = ("word", "form", "exact")
_WILD = re.compile(r"[*?]")


class _Row(NamedTuple):
    """The words of an entry that is a word, form or exact."""

    kind: str
    words: tuple[str, ...]


def swallowed(theme: Theme) -> Iterator[tuple[int, Entry]]:
    """Find entries that add no answer to a theme, because a broader entry of it hits wherever they hit.

    Entries that mean the same swallow each other; only the later one is named.

    Yields:
        The place of the swallowed entry in ``theme.entries``, and the entry that covers it.
    """
    rows = [list(_rows(entry)) for entry in theme.entries]
    exclusions = [list(_rows(entry)) for entry in theme.exclusions]
    covering = {
        at: rows[at][0]
        for at, entry in enumerate(theme.entries)
        if entry.kind in _SIMPLE and entry.pos is None
    }
    holding: dict[str, set[int]] = {}
    for at, listed in enumerate(rows):
        for word in {word.casefold() for row in listed for word in row.words}:
            holding.setdefault(word, set()).add(at)
    covers: list[list[int]] = [[] for _ in rows]
    for at, row in covering.items():
        if not any(_covers(row, excluded) for excluded in exclusions):
            for other in _candidates(row, holding, len(rows)):
                covers[other].append(at)
    for at, entry in enumerate(theme.entries):
        for other in covers[at]:
            cover = theme.entries[other]
            if other == at or not _as_free(cover, entry) or not _covers(covering[other], rows[at]):
                continue
            again = other > at and at in covering and _covers(covering[at], rows[other])
            if again and _as_free(entry, cover):
                continue  # they mean the same: the later one is named
            yield at, cover
            break


def _candidates(cover: _Row, holding: Mapping[str, set[int]], entries: int) -> Iterable[int]:
    """List the entries that hold a form of the broader entry's first word; all, where that has wildcards."""
    first = cover.words[0].casefold() if cover.words else "*"
    if _WILD.search(first):
        return range(entries)
    return sorted(set().union(*(holding.get(form, ()) for form in load_types().covered(first))))


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
        text = str(getattr(entry, entry.kind))
        words = (text if entry.kind == "exact" else text.casefold()).replace("/", " ").split()
        yield _Row(entry.kind, tuple(words))


def _covers(cover: _Row, rows: list[_Row]) -> bool:
    """Say whether every hit of an entry of these rows holds a hit of ``cover``."""
    needed = cover.words
    return any(
        all(
            _unit_covers(one, cover.kind, other, kind) for one, other in zip(needed, given[at:], strict=False)
        )
        for kind, given in rows
        for at in range(len(given) - len(needed) + 1)
    )


def _unit_covers(cover: str, cover_kind: str, unit: str, kind: str) -> bool:
    if cover_kind == "exact":
        return kind == "exact" and cover == unit and not _WILD.search(cover)
    unit = unit.casefold()
    if cover == unit and (kind in {cover_kind, "exact"} or cover_kind == "word"):
        return set(cover) != {"*"}
    if "-" in unit or "-" in cover or set(cover) <= {"*", "?"}:
        return False
    if _WILD.search(unit):
        start = _WILD.split(unit)[0]
        return _WILD.sub("", cover) == cover[:-1] and cover.endswith("*") and start.startswith(cover[:-1])
    forms = load_types().covered(unit) if kind == "word" else frozenset({unit})
    if _WILD.search(cover):
        pattern = re.escape(cover).replace(r"\*", r"\w*").replace(r"\?", r"\w")
        return all(re.fullmatch(pattern, form) for form in forms)
    return forms <= (load_types().covered(cover) if cover_kind == "word" else frozenset({cover}))
