"""derive: new variables from old ones, each step kept in the problems table."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from sendthemes.errors import AnswersError, Problem, nearest
from sendthemes.survey.answers import Answers, Kind, Question, Value
from sendthemes.survey.kinds import level_order, number
from sendthemes.table import Table

Bands = Sequence[tuple[float | None, float | None, str]]


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
        mapping: Old level → new level (merges levels); ``None`` makes it blank. Of multiple choice each
            option.
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
        AnswersError: For an id that is taken, a level or respondent that is not there, a cell that is no
            number.
    """
    source = answers.question(from_)
    values = answers.value(from_)
    ways = {"mapping": mapping, "bands": bands, "smallest": smallest, "others": others}
    said = [way for way, value in ways.items() if value is not None]
    if len(said) != 1:
        raise AnswersError(
            f"Say how to derive {name!r} by one of {', '.join(ways)}; found {', '.join(said) or 'none'}."
        )
    if any(name.casefold() == question.id.casefold() for question in answers.questions):
        raise AnswersError(Problem(f"The id {name!r} is taken.", "derive", "Choose another."))
    if mapping is not None:
        new, order = _mapped(source, values, mapping, rest)
    elif bands is not None:
        new, order = _banded(source, values, bands, rest)
    elif smallest is not None:
        new, order = _grouped(source, values, smallest, rest or "Other")
    else:
        new, order = _folded(answers, source, values, others or {}, rest or "Other")
    seen = {
        each
        for value in new
        for each in (value if isinstance(value, tuple) else (value,))
        if each is not None
    }
    if levels is not None:
        strange = sorted(seen - set(levels))
        if strange:
            raise AnswersError(f"levels= of {name!r} lacks {', '.join(map(repr, strange))}.")
        order = list(levels)
    else:
        order = [*order, *level_order(sorted(seen - set(order)))]
    rank = {level: at for at, level in enumerate(order)}
    new = tuple(
        tuple(sorted(value, key=lambda each: rank[each])) if isinstance(value, tuple) else value
        for value in new
    )
    kind: Kind = "multiple" if source.kind == "multiple" else "single"
    question = Question(
        name,
        text or f"{source.text} ({name})",
        kind,
        tuple(order),
        f"derived from {source.id}",
        source.section,
        source.id,
    )
    at = answers.questions.index(source) + 1
    return replace(
        answers,
        questions=(*answers.questions[:at], question, *answers.questions[at:]),
        answer_questions=[which + (which >= at) for which in answers.answer_questions],
        values=dict(answers.values) | {name: new},
        problems=_recorded(answers.problems, source.id, name, values, new),
    )


def _each(value: Value, change: Callable[[str], str | None]) -> Value:
    if isinstance(value, tuple):
        return tuple(dict.fromkeys(new for each in value if (new := change(each)) is not None)) or None
    return None if value is None else change(value)


def _mapped(
    source: Question, values: Sequence[Value], mapping: Mapping[str, str | None], rest: str | None
) -> tuple[tuple[Value, ...], list[str]]:
    strange = [level for level in mapping if level not in source.levels]
    if source.levels and strange:
        raise AnswersError(
            [
                Problem(
                    f"{source.id!r} has no level {level!r}.", "derive, mapping", nearest(level, source.levels)
                )
                for level in strange
            ]
        )

    def change(level: str) -> str | None:
        return mapping.get(level, level if rest is None else rest)

    order = [new for level in source.levels if (new := change(level)) is not None]
    return tuple(_each(value, change) for value in values), list(dict.fromkeys(order))


def _banded(
    source: Question, values: Sequence[Value], bands: Bands, rest: str | None
) -> tuple[tuple[Value, ...], list[str]]:
    def change(cell: str) -> str | None:
        value = number(cell)
        if value is None:
            raise AnswersError(Problem(f"{cell!r} in {source.id!r} is no number.", "derive, bands"))
        for low, high, level in bands:
            if (low is None or value >= low) and (high is None or value <= high):
                return level
        return rest

    return tuple(_each(value, change) for value in values), [level for _, _, level in bands]


def _grouped(
    source: Question, values: Sequence[Value], smallest: int, rest: str
) -> tuple[tuple[Value, ...], list[str]]:
    counts = Counter(
        each for value in values for each in (value if isinstance(value, tuple) else (value,)) if each
    )
    small = {level for level in counts if counts[level] < smallest}
    kept = [level for level in source.levels if level not in small]

    def change(level: str) -> str | None:
        return rest if level in small else level

    return tuple(_each(value, change) for value in values), [
        *(level for level in kept if level != rest),
        rest,
    ]


def _folded(
    answers: Answers,
    source: Question,
    values: Sequence[Value],
    others: Mapping[str, Sequence[str] | str],
    rest: str,
) -> tuple[tuple[Value, ...], list[str]]:
    known = set(answers.respondents)
    strange = [respondent for respondent in others if respondent not in known]
    if strange:
        raise AnswersError(
            [
                Problem(f"There is no respondent {name!r}.", "derive, others", nearest(name, known))
                for name in strange
            ]
        )
    other = next((level for level in source.levels if level == rest), None) or next(
        (level for level in source.levels if level.casefold().startswith("other")), rest
    )
    new: list[Value] = []
    for respondent, value in zip(answers.respondents, values, strict=True):
        if respondent not in others:
            new.append(value)
            continue
        coded = others[respondent]
        options = (coded,) if isinstance(coded, str) else tuple(coded)
        before = value if isinstance(value, tuple) else ((value,) if value else ())
        folded = tuple(dict.fromkeys([*(each for each in before if each != other), *options]))
        if source.kind != "multiple" and len(folded) > 1:
            raise AnswersError(
                f"Respondent {respondent!r} would have {len(folded)} answers to the single choice "
                f"{source.id!r}."
            )
        new.append(folded if source.kind == "multiple" else (folded[0] if folded else None))
    return tuple(new), list(source.levels)


def _recorded(problems: Table, old: str, name: str, before: Sequence[Value], after: Sequence[Value]) -> Table:
    """Add to the problems what became what, with the number of respondents."""
    moved = Counter(
        (_shown(a), _shown(b)) for a, b in zip(before, after, strict=True) if a is not None and a != b
    )
    steps = "; ".join(f"{a} → {b} ({count})" for (a, b), count in sorted(moved.items())[:20])
    row = (f"{old} → {name}", f"Derived variable {name!r}.", steps or "Nothing changed.")
    return replace(problems, rows=(*problems.rows, row))


def _shown(value: Value) -> str:
    return "blank" if value is None else ", ".join(value) if isinstance(value, tuple) else value
