"""Which entry covers another: every hit of the one holds a hit of the other."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from sendthemes.codebook.model import Entry, Theme
from sendthemes.language.types import load_types

_SIMPLE = ("word", "form", "exact")
_WILD = re.compile(r"[*?]")


def swallowed(theme: Theme) -> Iterator[tuple[int, Entry]]:
    """Find entries that add no answer to a theme, because a broader entry of it hits wherever they hit.

    Entries that mean the same swallow each other; only the later one is named.

    Yields:
        The place of the swallowed entry in ``theme.entries``, and the entry that covers it.
    """
    broad = [
        (at, entry)
        for at, entry in enumerate(theme.entries)
        if entry.kind in _SIMPLE
        and entry.pos is None
        and not any(covers(entry, exclusion) for exclusion in theme.exclusions)
    ]
    for at, entry in enumerate(theme.entries):
        for other, cover in broad:
            if other == at or not _as_free(cover, entry) or not covers(cover, entry):
                continue
            if other > at and _as_free(entry, cover) and covers(entry, cover):
                continue  # they mean the same: the later one is named
            yield at, cover
            break


def _as_free(cover: Entry, entry: Entry) -> bool:
    """Say whether the options of the broader entry let through all that the other's do."""
    scope = not cover.questions or set(entry.questions) == set(cover.questions)
    return scope and cover.negated == entry.negated and (cover.fuzzy or not entry.fuzzy)


def covers(cover: Entry, entry: Entry) -> bool:
    """Say whether every hit of ``entry`` holds a hit of ``cover`` (a word, form or exact entry)."""
    if cover.kind not in _SIMPLE or cover.pos is not None:
        return False
    if entry.kind in {"near", "sequence", "all"}:
        return any(covers(cover, part) for part in entry.parts if part not in entry.none)
    if entry.kind not in _SIMPLE:
        return False
    needed, given = _units(cover), _units(entry)
    return any(
        all(
            _unit_covers(one, cover.kind, other, entry.kind)
            for one, other in zip(needed, given[at:], strict=False)
        )
        for at in range(len(given) - len(needed) + 1)
    )


def _units(entry: Entry) -> list[str]:
    """The words of an entry; hyphened ones stay together, for they are also found closed up."""
    text = str(getattr(entry, entry.kind))
    return (text if entry.kind == "exact" else text.casefold()).replace("/", " ").split()


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
    forms = _forms(unit) if kind == "word" else frozenset({unit})
    if _WILD.search(cover):
        pattern = re.escape(cover).replace(r"\*", r"\w*").replace(r"\?", r"\w")
        return all(re.fullmatch(pattern, form) for form in forms)
    return forms <= (_forms(cover) if cover_kind == "word" else frozenset({cover}))


@lru_cache(maxsize=20_000)
def _forms(word: str) -> frozenset[str]:
    return load_types().covered(word)
