"""derive: new variables from old ones, each step kept in the problems table."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from sendthemes.errors import AnswersError, Problem, unknown
from sendthemes.survey.answers import Answers, Kind, Question
from sendthemes.survey.kinds import level_order, number

Bands = Sequence[tuple[float | None, float | None, str]]
Parts = tuple[str, ...]  # the answers of one respondent
Way = tuple[Callable[[str], str | None], Sequence[str]]  # what an answer becomes, and the new levels


def derive(
    answers: Answers,
    name: str,
    *,
    from_: str,
    mapping: Mapping[str, str | None] | None = None,
    bands: Bands | None = None,
    smallest: int | None = None,
    others: Mapping[str, Sequence[str] | str] | None = None,
    rest: str | None = None,
    levels: Sequence[str] | None = None,
    text: str = "",
) -> Answers:
    """Add a closed variable made from another question; the old one stays.

    Exactly one of ``mapping``, ``bands``, ``smallest`` and ``others`` says how:

    Args:
        answers: The survey.
        name: The id of the new variable.
        from_: The closed or number question (id or wording) it is made from.
        mapping: Old level (of multiple choice: option) → new level; ``None`` makes it blank.
        bands: Numbers in bands: (from, to, level), both ends included, ``None`` for open ends.
        smallest: Group levels of fewer respondents than this as ``rest`` (default "Other").
        others: Respondent id → option or options that their "Other" answer was coded with; takes the place of
            the option ``rest`` (default "Other") of these respondents.
        rest: The level of what nothing else covers; default for ``mapping``: as it was; for ``bands``: blank.
        levels: The new levels in order; default: the mapping's, the bands' or the old order.
        text: The wording; default: that of ``from_`` with the name.

    Returns:
        The survey with the new variable after ``from_``, and a line in ``problems`` that counts what moved.

    Raises:
        AnswersError: An id is taken, a level or respondent is not there, a cell is no number.
    """
    source = answers.question(from_)
    given = answers.value(from_)
    values = [each if isinstance(each, tuple) else () if each is None else (each,) for each in given]
    ways = {"mapping": mapping, "bands": bands, "smallest": smallest, "others": others}
    said = [way for way, value in ways.items() if value is not None]
    if len(said) != 1:
        found = ", ".join(said) or "none"
        raise AnswersError(f"Say how to derive {name!r} by one of {', '.join(ways)}; found {found}.")
    if any(name.casefold() == question.id.casefold() for question in answers.questions):
        raise AnswersError(Problem(f"The id {name!r} is taken.", "derive", "Choose another."))
    order: Sequence[str]
    if others is not None:
        new, order = _coded(answers, source, values, others, rest or "Other"), source.levels
    else:
        if mapping is not None:
            change, order = _mapped(source, mapping, rest)
        elif bands is not None:
            change, order = _banded(source, bands, rest)
        else:
            change, order = _grouped(source, values, smallest or 0, rest or "Other")
        new = [tuple(part for each in parts if (part := change(each)) is not None) for parts in values]
    seen = {part for parts in new for part in parts}
    if levels is not None and (strange := sorted(seen - set(levels))):
        raise AnswersError(f"levels= of {name!r} lacks {', '.join(map(repr, strange))}.")
    known = tuple(dict.fromkeys(order if levels is None else levels))
    known = (*known, *level_order(seen - set(known)))
    new = [tuple(sorted(set(parts), key=known.index)) for parts in new]
    kind: Kind = "multiple" if source.kind == "multiple" else "single"
    made = Question(name, text or f"{source.text} ({name})", kind, known, f"derived from {source.id}")
    at = answers.questions.index(source) + 1
    column = tuple((parts if kind == "multiple" else parts[0]) if parts else None for parts in new)
    made = replace(made, section=source.section, parent=source.id)
    steps = zip(values, new, strict=True)
    pairs = ((", ".join(a), ", ".join(b) or "blank") for a, b in steps if a and a != b)
    told = "; ".join(f"{a} → {b} ({count})" for (a, b), count in sorted(Counter(pairs).items())[:20])
    record = (f"{source.id} → {name}", f"Derived variable {name!r}.", told or "Nothing changed.")
    return replace(
        answers,
        questions=(*answers.questions[:at], made, *answers.questions[at:]),
        answer_questions=[which + (which >= at) for which in answers.answer_questions],
        values=dict(answers.values) | {name: column},
        problems=replace(answers.problems, rows=(*answers.problems.rows, record)),
    )


def _mapped(source: Question, mapping: Mapping[str, str | None], rest: str | None) -> Way:
    if strange := [level for level in mapping if source.levels and level not in source.levels]:
        what = f"level of {source.id!r} called"
        raise AnswersError([unknown(what, level, source.levels, "derive, mapping") for level in strange])

    def change(level: str) -> str | None:
        return mapping.get(level, level if rest is None else rest)

    return change, [new for level in source.levels if (new := change(level)) is not None]


def _banded(source: Question, bands: Sequence[Any], rest: str | None) -> Way:
    for band in bands:
        match band:
            case [None | int() | float(), None | int() | float(), str()]:
                continue
        remedy = "Write (from, to, level), such as (None, 10, 'up to 10')."
        raise AnswersError(Problem(f"{band!r} is no band.", "derive, bands", remedy))

    def change(cell: str) -> str | None:
        value = number(cell)
        if value is None:
            raise AnswersError(Problem(f"{cell!r} in {source.id!r} is no number.", "derive, bands"))
        for low, high, level in bands:
            if (low is None or value >= low) and (high is None or value <= high):
                return str(level)
        return rest

    return change, [level for _, _, level in bands]


def _grouped(source: Question, values: Sequence[Parts], smallest: int, rest: str) -> Way:
    counts = Counter(part for parts in values for part in parts)
    small = {level for level in counts if counts[level] < smallest}
    kept = [level for level in source.levels if level not in small and level != rest]
    return lambda level: rest if level in small else level, [*kept, rest]


def _coded(
    answers: Answers,
    source: Question,
    values: Sequence[Parts],
    others: Mapping[str, Sequence[str] | str],
    rest: str,
) -> list[Parts]:
    """Put what "Other" answers were coded with in the place of the option "Other"."""
    rows = {name: at for at, name in enumerate(answers.respondents)}
    if strange := [name for name in others if name not in rows]:
        raise AnswersError([unknown("respondent", name, rows, "derive, others") for name in strange])
    named = [level for level in source.levels if level.casefold().startswith("other")]
    other = rest if rest in source.levels or not named else named[0]
    new = list(values)
    for name, coded in others.items():
        kept = [part for part in values[rows[name]] if part != other]
        options = dict.fromkeys([*kept, *([coded] if isinstance(coded, str) else coded)])
        if source.kind != "multiple" and len(options) > 1:
            found = f"{len(options)} answers to the single choice {source.id!r}"
            raise AnswersError(f"Respondent {name!r} would have {found}.")
        new[rows[name]] = tuple(options)
    return new
