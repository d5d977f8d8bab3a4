"""Findings about a codebook, and those that only answers can give."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Literal, NamedTuple

import numpy as np

from sendthemes.codebook.model import Codebook, Theme
from sendthemes.codebook.source import Path, Source
from sendthemes.coding.code import CodedAnswers

if TYPE_CHECKING:
    from numpy.typing import NDArray

_MOST = 0.8
_MOSTLY = 0.5
_FEW_ANSWERS = 5
_FEW_HITS = 3


class Finding(NamedTuple):
    """One finding; the fields are the columns of ``check_codebook``'s table."""

    where: str
    code: str
    severity: Literal["error", "warning", "info"]
    theme: str
    entry: str
    message: str
    remedy: str


def located(codebook: Codebook) -> Iterator[tuple[Theme, Path]]:
    """Go through all themes as ``Codebook.walk`` does, each with its path in the source."""
    stack: list[tuple[Theme, Path]] = [
        (theme, ("themes", at)) for at, theme in reversed(list(enumerate(codebook.themes)))
    ]
    while stack:
        theme, path = stack.pop()
        yield theme, path
        children = reversed(list(enumerate(theme.themes)))
        stack.extend((child, (*path, "themes", at)) for at, child in children)


class _Tried(NamedTuple):
    """What one entry finds by itself."""

    answers: frozenset[int]
    hits: int
    negated: int
    echo: int


def tried(coded: CodedAnswers, source: Source) -> Iterator[Finding]:
    """Say what the answers tell about each entry.

    An entry's share and its company are counted in answers of its theme (themes with fewer than 5 answers
    are left alone), negation and echo in its hits (from 3 on).
    """
    for theme, path in located(coded.codebook):
        if not _is_asked(coded, theme.questions):
            continue
        alone = _each_alone(coded, theme)
        whole = frozenset[int]().union(*(found.answers for found in alone))
        times = np.zeros(len(coded.answers.texts), dtype=np.int32)
        for found in alone:
            times[sorted(found.answers)] += 1
        for at, (entry, found) in enumerate(zip(theme.entries, alone, strict=True)):
            if not _is_asked(coded, entry.questions):
                continue
            where = source.where((*path, "entries", at))
            for code, severity, message, remedy in _doubts(found, whole, times, len(alone)):
                yield Finding(where, code, severity, theme.theme, entry.label, message, remedy)


def _is_asked(coded: CodedAnswers, scope: tuple[str, ...]) -> bool:
    return not scope or any(coded.answers.has_question(name) for name in scope)


def _each_alone(coded: CodedAnswers, theme: Theme) -> list[_Tried]:
    """Code the answers with a theme for each entry: no entry then hides behind a longer one."""
    if not theme.entries:
        return []
    ones = tuple(
        theme.model_copy(update={"theme": f"entry-{at}", "entries": (entry,), "themes": ()})
        for at, entry in enumerate(theme.entries)
    )
    changes = {
        "themes": ones,
        "classifications": (),
        "prompt_echo": "flag",
    }  # dropped echoes count as echoes here
    columns = coded.recode(coded.codebook.model_copy(update=changes)).columns
    found = []
    for at in range(len(ones)):
        which = columns.theme == at
        found.append(
            _Tried(
                frozenset(columns.answer[which].tolist()),
                int(which.sum()),
                int(columns.negated[which].sum()),
                int(columns.echo[which].sum()),
            )
        )
    return found


def _doubts(
    found: _Tried, whole: frozenset[int], times: NDArray[np.int32], entries: int
) -> Iterator[tuple[str, Literal["warning", "info"], str, str]]:
    if not found.hits:
        yield "dead-entry", "info", "It finds nothing that counts in these answers.", "Check its spelling."
        return
    share = len(found.answers) / len(whole)
    if len(whole) >= _FEW_ANSWERS and share > _MOST and entries > 1:
        message = (
            f"It is found in {len(found.answers)} of the theme's {len(whole)} answers ({100 * share:.0f} %)."
        )
        yield "one-entry-theme", "warning", message, "Is the theme this one word? Look at its excerpts."
    if all(times[answer] > 1 for answer in found.answers):
        message = "It never finds an answer alone: others of the theme's entries are there too."
        yield "never-alone", "info", message, "Taking it out would change no count of answers."
    for code, count, what in (
        ("mostly-negated", found.negated, "negated"),
        ("mostly-echo", found.echo, "words of the question"),
    ):
        if found.hits >= _FEW_HITS and count > _MOSTLY * found.hits:
            message = f"{count} of its {found.hits} hits are {what}."
            yield code, "warning", message, "Look at them with kwic; drop or exclude them if they mislead."
