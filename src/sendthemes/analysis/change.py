"""Change: two waves of a survey, what rose, what fell, and what cannot be told."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Literal

from sendthemes.analysis.mentions import (
    Counter,
    Mentions,
    Names,
    check_choice,
    open_scope,
    theme_scope,
    unweighted_note,
)
from sendthemes.analysis.scales import scale_of
from sendthemes.analysis.statistics import newcombe_difference
from sendthemes.errors import AnswersError, CodebookError, Problem
from sendthemes.survey.answers import Answers
from sendthemes.survey.bases import Base
from sendthemes.table import Cell, Format, Table

if TYPE_CHECKING:
    from sendthemes.coding.code import CodedAnswers

Count = tuple[int, int]  # how many, of how many
Direction = Literal["clear", "any"]
_COLUMNS = (
    "respondents_then", "base_then", "percent_then", "respondents_now", "base_now", "percent_now",
    "difference", "low", "high", "change",
)  # fmt: skip
_FORMATS: dict[str, Format] = dict.fromkeys(
    ("percent_then", "percent_now", "difference", "low", "high"), "percent"
)
_NOTE = "Difference in percentage points with its 95% interval (Newcombe); "


def theme_change(
    then: CodedAnswers,
    now: CodedAnswers,
    *,
    base: Base = "answered",
    questions: Names = None,
    themes: Names = None,
    direction: Direction = "clear",
    codebooks: Literal["refuse", "flag"] = "refuse",
) -> Table:
    """Compare how many respondents mention each theme in two waves (independent respondents).

    Args:
        then: The earlier wave, coded.
        now: The later wave, coded with the same codebook.
        base: Which respondents take part, in each wave.
        questions: Only answers to these open questions, which both waves must have.
        themes: Only these themes.
        direction: ``"clear"`` says up or down only where the interval leaves 0 out, ``"any"`` always.
        codebooks: What to do where the waves were coded by different codebooks or lemma modes: ``"refuse"``,
            or ``"flag"`` it in the first note and compare the themes of both. Better than either:
            ``then.recode(now.codebook)``.

    Returns:
        theme, label, respondents_then, base_then, percent_then, respondents_now, base_now, percent_now,
        difference (percentage points), low, high, change ("up", "down", "no clear change", empty on a base
        of 0). In codebook order.
    """
    check_choice("codebooks", codebooks, ("refuse", "flag"))
    notes = []
    if (then.codebook, then.lemmas) != (now.codebook, now.lemmas):
        found = "The two waves were not coded in the same way: " + _how(then, now)
        if codebooks == "refuse":
            remedy = "Code both alike, such as then.recode(now.codebook), or say codebooks='flag'."
            raise CodebookError(Problem(found, remedy=remedy))
        notes.append(f"WARNING. {found} Differences may come from the coding and not from the respondents.")
    counts = [_theme_counts(wave, base, questions) for wave in (then, now)]
    rows: list[tuple[Cell, ...]] = []
    for at in theme_scope(now.codebook, themes):
        name = now.codebook.theme_ids[at]
        if name in counts[0]:
            change = _changed(counts[0][name], counts[1][name], direction)
            rows.append((name, now.codebook.theme(name).title, *change))
    return Table(
        ("theme", "label", *_COLUMNS),
        tuple(rows),
        title="Themes then and now",
        base=f"{_n(counts[0])} respondents then, {_n(counts[1])} now",
        notes=(*notes, _NOTE + _direction_words(direction), *unweighted_note(then.answers, now.answers)),
        reading=_reading([row[1:] for row in rows]),
        formats=_FORMATS,
    )


def scale_change(
    then: Answers,
    now: Answers,
    *,
    questions: Names,
    agree: Sequence[str] | None = None,
    averages: Mapping[str, Sequence[str]] | None = None,
    direction: Direction = "clear",
) -> Table:
    """Compare the percent that agrees with statements in two waves (independent respondents).

    Args:
        then: The earlier wave.
        now: The later wave; a question is the same where id or wording is.
        questions: Ids or wordings of closed questions.
        agree: Levels that count as agreement; ``None`` takes those that say "agree".
        averages: Name → questions whose percents are averaged into one more row, without interval.
        direction: As in ``theme_change``; an average goes by its difference alone.

    Returns:
        question, label, then the columns of ``theme_change``. The base is who placed themselves on the
        scale. Averages come last; their label is ``average of N questions``, their counts and interval empty.
    """
    names = (questions,) if isinstance(questions, str) else tuple(questions or ())
    extra = tuple(dict.fromkeys(name for group in (averages or {}).values() for name in group))
    counts = {
        name: (_agreed(then, name, agree), _agreed(now, name, agree))
        for name in dict.fromkeys((*names, *extra))
    }
    rows: list[tuple[Cell, ...]] = []
    for name in names:
        question = now.question(name)
        rows.append((question.id, question.text, *_changed(*counts[name], direction)))
    for label, group in (averages or {}).items():
        rows.append(
            (label, f"average of {len(group)} questions", *_averaged([counts[name] for name in group]))
        )
    notes = [_NOTE + _direction_words(direction)]
    if averages:
        notes.append(
            "An average over questions has no interval here; its direction is that of the difference."
        )
    return Table(
        ("question", "label", *_COLUMNS),
        tuple(rows),
        title="Agreement then and now",
        base="respondents of each wave who placed themselves on the scale",
        notes=(*notes, *unweighted_note(then, now)),
        reading=_reading([row[1:] for row in rows]),
        formats=_FORMATS,
    )


def change_lists(table: Table, *, high: float = 90.0, low: float = 50.0) -> Table:
    """Sort statements of two waves into lists to act on; a statement stands in every list that it fits.

    Args:
        table: What ``scale_change`` or ``theme_change`` gave.
        high: Percent now from which a statement is celebrated.
        low: Percent now below which a rise is "low but rising".

    Returns:
        The same columns after ``list``: "celebrate" (highest first), "fell" (most first), "low but rising"
        (most first), "average" (rows that average questions).
    """
    if "change" not in table.columns:
        raise AnswersError(
            "change_lists sorts the table of theme_change or scale_change; this one has no column 'change'."
        )
    kept: dict[str, list[tuple[float, tuple[Cell, ...]]]] = {
        "celebrate": [], "fell": [], "low but rising": [], "average": []
    }  # fmt: skip
    for cells, row in zip(table.rows, table, strict=True):
        percent, difference = row["percent_now"], row["difference"]
        if not isinstance(percent, float) or not isinstance(difference, float):
            continue
        if row["base_now"] is None:
            kept["average"].append((0.0, cells))
            continue
        if percent >= high:
            kept["celebrate"].append((-percent, cells))
        if row["change"] == "down":
            kept["fell"].append((difference, cells))
        if row["change"] == "up" and percent < low:
            kept["low but rising"].append((-difference, cells))
    rows = [
        (name, *cells) for name, part in kept.items() for _, cells in sorted(part, key=lambda pair: pair[0])
    ]
    note = f"Celebrate: {high:g}% or more now. Low but rising: below {low:g}% now."
    return replace(
        table, columns=("list", *table.columns), rows=tuple(rows), notes=(*table.notes, note), reading=""
    )


def _theme_counts(wave: CodedAnswers, base: Base, questions: Names) -> dict[str, Count]:
    scope = open_scope(wave.answers, questions)
    counter = Counter(wave.answers, None, weighted=False)
    who = Mentions(wave)
    shares = counter.shares(who.matrix(scope), who.base(base, scope))
    return {name: (each.count, each.base) for name, each in zip(wave.codebook.theme_ids, shares, strict=True)}


def _agreed(answers: Answers, name: str, agree: Sequence[str] | None) -> Count:
    scale = scale_of(answers, name, agree)
    values = scale.values(answers)
    return sum(value in scale.agree for value in values), len(values)


def _changed(then: Count, now: Count, direction: Direction) -> tuple[Cell, ...]:
    """Give counts, bases and percents of both waves, the difference, its interval and its direction."""
    check_choice("direction", direction, ("clear", "any"))
    interval = newcombe_difference(*now, *then)
    if interval is None:
        shares = [100 * count / n if n else None for count, n in (then, now)]
        return (*then, shares[0], *now, shares[1], None, None, None, None)
    before, after = 100 * then[0] / then[1], 100 * now[0] / now[1]
    sure = direction == "any" or interval.low > 0 or interval.high < 0
    rose = now[0] * then[1] - then[0] * now[1]
    change = ("up" if rose > 0 else "down") if sure and rose else "no clear change"
    return (*then, before, *now, after, after - before, 100 * interval.low, 100 * interval.high, change)


def _averaged(counts: Sequence[tuple[Count, Count]]) -> tuple[Cell, ...]:
    means = []
    for wave in (0, 1):
        shares = [100 * pair[wave][0] / pair[wave][1] for pair in counts if pair[wave][1]]
        means.append(sum(shares) / len(shares) if shares else None)
    before, after = means
    if before is None or after is None:
        return (None, None, before, None, None, after, None, None, None, None)
    change = "up" if after > before else "down" if after < before else "no clear change"
    return (None, None, before, None, None, after, after - before, None, None, change)


def _how(then: CodedAnswers, now: CodedAnswers) -> str:
    one, other = (
        f"{wave.codebook.codebook} {wave.codebook.version} ({wave.lemmas} lemmas)" for wave in (then, now)
    )
    return f"{one} and {other}." if one != other else f"two different codebooks both called {one}."


def _direction_words(direction: Direction) -> str:
    return (
        "up and down where the interval leaves 0 out."
        if direction == "clear"
        else "up and down for any difference."
    )


def _n(counts: Mapping[str, Count]) -> str:
    return f"{next((n for _, n in counts.values()), 0):,}"


def _reading(rows: Sequence[tuple[Cell, ...]]) -> str:
    """Say how many rose and fell; rows start with the label."""
    moved = {way: [str(row[0]) for row in rows if row[-1] == way] for way in ("up", "down")}
    if not rows:
        return ""
    if not any(moved.values()):
        return "Nothing changed clearly."
    words = [
        f"{len(names)} of {len(rows)} went {way}: {', '.join(names)}."
        for way, names in moved.items()
        if names
    ]
    return " ".join(words)
