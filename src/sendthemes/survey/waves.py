"""Several waves of a survey as one, with every match of questions shown."""

from __future__ import annotations

import re
from array import array
from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import chain
from typing import NamedTuple, TypeVar

from sendthemes.errors import AnswersError, unknown
from sendthemes.survey import headings
from sendthemes.survey.answers import Answers, Question, Value, problems_table
from sendthemes.survey.kinds import level_order
from sendthemes.table import Cell

_SURE = 97.0
T = TypeVar("T")


class Match(NamedTuple):
    """Which question of the last wave a question is, how alike they are (percent), and how one knows."""

    later: Question | None = None
    alike: float = 0.0
    how: str = "none"


def combine_waves(
    waves: Sequence[Answers] | Mapping[str, Answers],
    *,
    match: Mapping[str, Mapping[str, str]] | None = None,
    cutoff: float = 88.0,
    variable: str = "wave",
) -> Answers:
    """Put waves together; the last one's questions, ids and wordings hold for all.

    A question of an earlier wave is the later one's where ``match`` says so, where the wordings are equal, or
    where they are alike by at least ``cutoff`` (rapidfuzz, 0–100); where a wording is only its id, equal
    ids match. Equal ids with unlike wordings do not: surveys are renumbered. Each question is matched once,
    the best first.

    Args:
        waves: Answers read with ``wave=``, or a mapping of wave → answers, oldest first.
        match: Wave → {its question: the last wave's question, or "" for none}, ids or wordings.
        cutoff: How alike wordings must be to be matched, in percent.
        variable: The id of the new variable that holds the wave.

    Returns:
        Answers whose respondents are "wave/id". ``problems`` holds one line for each question of an earlier
        wave: how it was matched and how alike the wordings are, for confirmation.

    Raises:
        AnswersError: Fewer than two waves, one without a name, two of one name, a match of no question.
    """
    named = _named(waves, variable)
    (latest, last), match = named[-1], match or {}
    names = [name for name, _ in named[:-1]]
    if strange := sorted(set(match) - set(names)):
        raise AnswersError([unknown("earlier wave", name, names, "match") for name in strange])
    questions: dict[str, Question] = {question.id: question for question in last.questions}
    renamed: list[dict[str, str]] = []  # for each wave what its questions are called now
    notes: list[tuple[Cell, ...]] = []
    for wave, each in named:
        found = {question.id: Match(question) for question in last.questions}
        if wave != latest:
            found = _matches(each, last, match.get(wave, {}), cutoff)
        ids: dict[str, str] = {}
        for question in each.questions:
            later = found[question.id].later
            to = later.id if later else question.id
            ids[question.id] = f"{to}_{headings.slug(wave)}" if later is None and to in questions else to
            if wave != latest:
                notes.append((f"wave {wave}, {question.id}", *_told(found[question.id], ids[question.id])))
        for question in each.questions:  # it, and those that it follows, are named as they are called now
            routed = question.asked_if and (ids.get(question.asked_if[0], ""), question.asked_if[1])
            parent = ids.get(question.parent, "")
            called = replace(question, id=ids[question.id], parent=parent, asked_if=routed)
            questions[called.id] = _merged(questions.get(called.id, called), called)
        renamed.append(ids)
        notes += [(f"wave {wave}: {where}", problem, action) for where, problem, action in each.problems.rows]
    for to, question in questions.items():
        held = tuple(name for (name, _), ids in zip(named, renamed, strict=True) if to in ids.values())
        if len(held) < len(named) and not question.asked_if:
            questions[to] = replace(question, asked_if=(variable, held))
    return _stacked(named, renamed, questions, notes, variable)


def _named(waves: Sequence[Answers] | Mapping[str, Answers], variable: str) -> list[tuple[str, Answers]]:
    named = list(waves.items()) if isinstance(waves, Mapping) else [(each.wave, each) for each in waves]
    names = [name for name, _ in named]
    if len(named) < 2:
        raise AnswersError("Two waves or more are needed.")
    if not all(names):
        raise AnswersError("A wave has no name: read it with wave=, or give a mapping of wave → answers.")
    if len(set(names)) < len(names):
        raise AnswersError(f"Two waves have one name: {', '.join(names)}.")
    if any(question.id == variable for _, each in named for question in each.questions):
        raise AnswersError(f"There is a question {variable!r} already: choose another variable=.")
    return named


def _matches(earlier: Answers, later: Answers, given: Mapping[str, str], cutoff: float) -> dict[str, Match]:
    """Find for each question of an earlier wave the later one's; the best pairs first."""
    found = {
        earlier.question(old).id: Match(later.question(new) if new else None, 100.0 if new else 0.0, "given")
        for old, new in given.items()
    }
    taken = {match.later.id for match in found.values() if match.later}
    candidates = [
        (-score, at, to, how)
        for at, old in enumerate(earlier.questions)
        for to, new in enumerate(later.questions)
        if old.id not in found and new.id not in taken
        for score, how in [_alike(old, new)]
        if score >= cutoff
    ]
    for score, at, to, how in sorted(candidates):
        old, new = earlier.questions[at], later.questions[to]
        if old.id not in found and new.id not in taken:
            found[old.id] = Match(new, -score, how)
            taken.add(new.id)
    return {question.id: found.get(question.id, Match()) for question in earlier.questions}


def _alike(a: Question, b: Question) -> tuple[float, str]:
    from rapidfuzz import fuzz

    if (a.kind == "open") != (b.kind == "open") and "number" not in {a.kind, b.kind}:
        return 0.0, ""
    first, second = _wording(a.text), _wording(b.text)
    if first == second:
        return 100.0, "same wording" if a.id == b.id else "same wording, renumbered"
    if a.id.casefold() == b.id.casefold() and (a.text == a.id or b.text == b.id):
        return 99.0, "same id"
    # Numbers and "not" turn a question into another one, however alike the rest is.
    if re.findall(r"\d+|\bnot\b", first) != re.findall(r"\d+|\bnot\b", second):
        return 0.0, ""
    score = fuzz.ratio(first, second)
    return score, "alike" if score >= _SURE else "alike: please confirm"


def _wording(text: str) -> str:
    return " ".join(re.findall(r"[a-z0-9']+", headings.folded(text)))


def _told(match: Match, name: str) -> tuple[str, str]:
    """Say in the problems how a question of an earlier wave was matched."""
    how = match.how.capitalize() + (f" ({match.alike:.0f}%)" if match.alike else "")
    later = match.later
    return how, f"Read as {later.id}: {later.text}" if later else f"Kept apart as {name}."


def _merged(kept: Question, other: Question) -> Question:
    """Add another wave's levels and wordings to a question; the kind is that of a wave with levels."""
    levels = (*kept.levels, *(level for level in other.levels if level not in kept.levels))
    if all(each.levels == level_order(each.levels) for each in (kept, other)):
        levels = level_order(levels)
    takes_other = other.levels and not kept.levels and not {"open", "multiple"} & {kept.kind, other.kind}
    wordings = tuple((dict(other.wordings) | dict(kept.wordings)).items())
    return replace(kept, kind=(other if takes_other else kept).kind, levels=levels, wordings=wordings)


def _stacked(
    named: Sequence[tuple[str, Answers]],
    renamed: Sequence[Mapping[str, str]],
    questions: Mapping[str, Question],
    notes: Sequence[tuple[Cell, ...]],
    variable: str,
) -> Answers:
    """Put the respondents and answers of all waves under each other."""
    waves = [each for _, each in named]
    wave = Question(variable, variable, "single", tuple(name for name, _ in named), "the wave read")
    all_questions = (wave, *questions.values())
    place = {question.id: at for at, question in enumerate(all_questions)}
    values: dict[str, list[Value]] = {each.id: [] for each in all_questions if each.kind != "open"}
    of, which, starts = array("i"), array("i"), 0
    for (name, each), names in zip(named, renamed, strict=True):
        count = len(each.respondents)
        of.extend(starts + row for row in each.answer_respondents)
        starts += count
        to = [place[names[question.id]] for question in each.questions]
        which.extend(to[at] for at in each.answer_questions)
        here = {names[old]: column for old, column in each.values.items()} | {variable: (name,) * count}
        for question, column in values.items():
            column.extend(here.get(question, (None,) * count))
    kinds = dict.fromkeys(kind for each in waves for kind in each.identifiers)
    known = {kind: _laid(waves, [each.identifiers.get(kind) for each in waves], ()) for kind in kinds}
    return Answers(
        tuple(f"{name}/{respondent}" for name, each in named for respondent in each.respondents),
        all_questions,
        [f"{name}/{answer}" for name, each in named for answer in each.answer_ids],
        of,
        which,
        [text for each in waves for text in each.texts],
        {name: tuple(column) for name, column in values.items()},
        {kind: column for kind, column in known.items() if column is not None},
        problems=problems_table(notes),
        unit=waves[-1].unit,
        weights=_laid(waves, [each.weights for each in waves], 1.0),
        quotable=_laid(waves, [each.quotable for each in waves], True),
        null_like=tuple(dict.fromkeys(text for each in waves for text in each.null_like)),
        source=", ".join(each.source for each in waves),
        digest="+".join(each.digest for each in waves),
    )


def _laid(
    waves: Sequence[Answers], columns: Sequence[tuple[T, ...] | None], default: T
) -> tuple[T, ...] | None:
    """Lay columns of one value a respondent under each other; ``None`` where no wave has one."""
    if all(column is None for column in columns):
        return None
    filled = ((default,) * len(each.respondents) for each in waves)
    return tuple(chain.from_iterable(column or gap for column, gap in zip(columns, filled, strict=True)))
