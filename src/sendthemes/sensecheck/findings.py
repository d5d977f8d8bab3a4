"""Findings about a codebook, and those that only answers can give."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Literal, NamedTuple

import numpy as np

from sendthemes.analysis.variables import Numbers
from sendthemes.codebook.model import Codebook, Entry, Theme
from sendthemes.coding.code import CodedAnswers
from sendthemes.coding.scopes import find_question
from sendthemes.errors import nearest
from sendthemes.strict_yaml.source import Path, Source

_MOST = 0.8
_MOSTLY = 0.5
_FEW_ANSWERS = 5
_FEW_HITS = 3
_MANY_ANSWERS = 20
Severity = Literal["error", "warning", "info"]
Doubt = tuple[str, Severity, str, str]  # code, severity, message, remedy
_NO_QUESTION: tuple[str, Severity] = ("no-question", "info")


class Finding(NamedTuple):
    """One finding; the fields are the columns of ``check_codebook``'s table."""

    where: str
    code: str
    severity: Severity
    theme: str
    entry: str
    message: str
    remedy: str


def located(codebook: Codebook) -> Iterator[tuple[Theme, Path]]:
    """Go through all themes as ``Codebook.walk`` does, each with its path in the source."""

    def under(themes: Sequence[Theme], path: Path) -> Iterator[tuple[Theme, Path]]:
        for at, theme in enumerate(themes):
            here = (*path, "themes", at)
            yield theme, here
            yield from under(theme.themes, here)

    return under(codebook.themes, ())


class _Tried(NamedTuple):
    """What one entry finds by itself."""

    answers: frozenset[int]
    hits: int
    negated: int
    echo: int
    aside: Counter[str]


def tried(coded: CodedAnswers, source: Source) -> Iterator[Finding]:
    """Say what the answers tell about each entry, exclusion and classification.

    An entry's share and its company are counted in answers of its theme (themes with fewer than 5 answers
    are left alone), negation and echo in its hits (from 3 on).
    """
    for theme, path in located(coded.codebook):
        if absent := _absent(coded, theme.questions):
            yield Finding(source.where((*path, "questions")), *_NO_QUESTION, theme.theme, "", *absent)
            continue
        alone = _each_alone(coded, theme, theme.entries)
        whole = frozenset[int]().union(*(found.answers for found in alone))
        times = np.zeros(len(coded.answers.texts), dtype=np.int32)
        for found in alone:
            times[sorted(found.answers)] += 1
        for at, (entry, found) in enumerate(zip(theme.entries, alone, strict=True)):
            where = source.where((*path, "entries", at))
            if absent := _absent(coded, entry.questions):
                yield Finding(where, *_NO_QUESTION, theme.theme, entry.label, *absent)
                continue
            doubts = _doubts(found, whole, times, len(alone)) if found.hits else [_silent(found)]
            for code, severity, message, remedy in doubts:
                yield Finding(where, code, severity, theme.theme, entry.label, message, remedy)
        plain = theme.model_copy(update={"exclusions": ()})
        for at, found in enumerate(_each_alone(coded, plain, theme.exclusions)):
            if not found.hits:
                where, label = source.where((*path, "exclusions", at)), theme.exclusions[at].label
                message, remedy = "This exclusion is not in these answers.", "Check its spelling."
                yield Finding(where, "dead-exclusion", "info", theme.theme, label, message, remedy)
    yield from _classified(coded, source)


def _absent(coded: CodedAnswers, scope: tuple[str, ...]) -> tuple[str, str] | None:
    """Say that none of the questions of a scope is here, and which was perhaps meant."""
    if not scope or any(find_question(coded.answers, name, coded.codebook) for name in scope):
        return None
    names = [name for question in coded.answers.open_questions for name in (question.id, question.text)]
    message = f"These answers have no question {' or '.join(map(repr, scope))}, to which it is limited."
    return message, nearest(scope[0], names) or "It is skipped; name one of theirs, or leave the limit out."


def _classified(coded: CodedAnswers, source: Source) -> Iterator[Finding]:
    for at, each in enumerate(coded.codebook.classifications):
        name, where = each.classification, source.where(("classifications", at, "question"))
        if absent := _absent(coded, (each.question,)):
            yield Finding(where, *_NO_QUESTION, name, "", *absent)
            continue
        without = len(coded.unclassified(name))
        answered = without + sum(level is not None for level in coded.levels[name])
        if without > _MOSTLY * answered:
            message = f"No rule holds for {without} of {answered} answers."
            remedy = "Read them with coded.unclassified(…), and add entries or 'otherwise'."
            yield Finding(where, "unclassified", "warning", name, "", message, remedy)


def _each_alone(coded: CodedAnswers, theme: Theme, entries: Sequence[Entry]) -> list[_Tried]:
    """Code the answers with a theme for each entry: no entry then hides behind a longer one."""
    if not entries:
        return []
    bare = theme.model_copy(update={"themes": ()})
    each = ({"theme": f"entry-{at}", "entries": (entry,)} for at, entry in enumerate(entries))
    ones = tuple(bare.model_copy(update=own) for own in each)
    # Dropped echoes count as echoes here.
    changes = {"themes": ones, "classifications": (), "prompt_echo": "flag"}
    alone = coded.recode(coded.codebook.model_copy(update=changes))
    columns = alone.columns
    aside = Counter((row["theme"], str(row["reason"])) for row in alone.set_aside)
    found = []
    for at, one in enumerate(ones):
        which = columns.theme == at
        reasons = Counter({reason: count for (name, reason), count in aside.items() if name == one.theme})
        hits, negated, echo = (int(column[which].sum()) for column in (which, columns.negated, columns.echo))
        answers = frozenset(columns.answer[which].tolist())
        found.append(_Tried(answers, hits, negated, echo, reasons))
    return found


def _silent(found: _Tried) -> Doubt:
    """Say why an entry finds nothing, as far as the answers tell."""
    if found.aside:
        reasons = ", ".join(f"{reason}: {count}" for reason, count in sorted(found.aside.items()))
        message = f"All {found.aside.total()} of its hits are set aside ({reasons})."
        return "set-aside", "warning", message, "Look at coded.set_aside; narrow what sets them aside."
    message = "It finds nothing in these answers."
    return "dead-entry", "info", message, "Check its spelling; keep it where other surveys may say it."


def _doubts(found: _Tried, whole: frozenset[int], times: Numbers, entries: int) -> Iterator[Doubt]:
    count = len(found.answers)
    if len(whole) >= _FEW_ANSWERS and count > _MOST * len(whole) and entries > 1:
        share = f"{100 * count / len(whole):.0f} %"
        message = f"It is found in {count} of the theme's {len(whole)} answers ({share})."
        yield "one-entry-theme", "warning", message, "Is the theme this one word? Look at its excerpts."
    if len(times) >= _MANY_ANSWERS and count > _MOSTLY * len(times):
        message = f"It is found in {count} of all {len(times)} answers: it tells them hardly apart."
        yield "common-entry", "warning", message, "Ask for a word beside it (near:), or take it out."
    if all(times[answer] > 1 for answer in found.answers):
        message = "It never finds an answer alone: others of the theme's entries are there too."
        yield "never-alone", "info", message, "Taking it out would change no count of answers."
    for code, hits, what in (
        ("mostly-negated", found.negated, "negated"),
        ("mostly-echo", found.echo, "words of the question"),
    ):
        if found.hits >= _FEW_HITS and hits > _MOSTLY * found.hits:
            message = f"{hits} of its {found.hits} hits are {what}."
            yield code, "warning", message, "Look at them with kwic; drop or exclude them if they mislead."
