"""Change: two waves of a survey, what rose, what fell, and what cannot be told."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from math import fsum
from typing import Literal

from sendthemes.analysis.mentions import Counter, Names, Share, Tally, difference
from sendthemes.analysis.scales import scale_of
from sendthemes.coding.code import CodedAnswers
from sendthemes.errors import AnswersError, CodebookError, Problem, check_choice
from sendthemes.survey.answers import Answers
from sendthemes.survey.bases import Base
from sendthemes.table import Cell, Format, Table

Direction = Literal["clear", "any"]
_COLUMNS = (
    "respondents_then", "base_then", "percent_then", "respondents_now", "base_now", "percent_now",
    "difference", "low", "high", "change",
)  # fmt: skip
_PERCENTS = ("percent_then", "percent_now", "difference", "low", "high")
_FORMATS: dict[str, Format] = dict.fromkeys(_PERCENTS, "percent")
_LISTS = ("celebrate", "fell", "low but rising", "average")


def theme_change(
    then: CodedAnswers,
    now: CodedAnswers,
    *,
    base: Base = "answered",
    questions: Names = None,
    themes: Names = None,
    direction: Direction = "clear",
    codebooks: Literal["refuse", "flag"] = "refuse",
    weighted: bool = True,
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
        weighted: Weight percents and intervals by each wave's own weights, if it has any; counts never are.

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
    first = Tally(then, base, questions, weighted=weighted)
    second = Tally(now, base, questions, themes, weighted=weighted)
    before = dict(zip(then.codebook.theme_ids, first.shares(), strict=True))
    after = second.shares()
    both = {at: names for at, names in second.themes.items() if names[0] in before}
    rows = [(*names, *_changed(before[names[0]], after[at], direction)) for at, names in both.items()]
    notes += [*first.counter.notes(first.mask, "Then: "), *second.counter.notes(second.mask, "Now: ")]
    sizes = [f"{tally.counter.size(tally.mask):,}" for tally in (first, second)]
    base_words = f"{sizes[0]} respondents then, {sizes[1]} now"
    return _change_table("theme", rows, direction, title="Themes then and now", base=base_words, notes=notes)


def scale_change(
    then: Answers,
    now: Answers,
    *,
    questions: Names,
    agree: Sequence[str] | None = None,
    averages: Mapping[str, Sequence[str]] | None = None,
    direction: Direction = "clear",
    weighted: bool = True,
) -> Table:
    """Compare the percent that agrees with statements in two waves (independent respondents).

    Args:
        then: The earlier wave.
        now: The later wave; a question is the same where id or wording is.
        questions: Ids or wordings of closed questions.
        agree: Levels that count as agreement; ``None`` takes those that say "agree".
        averages: Name → questions whose percents are averaged into one more row, without interval.
        direction: As in ``theme_change``; an average goes by its difference alone.
        weighted: As in ``theme_change``.

    Returns:
        question, label, then the columns of ``theme_change``. The base is who placed themselves on the
        scale. Averages come last; their label is ``average of N questions``, their counts and interval empty.
    """
    counters = [(wave, Counter(wave, weighted=weighted)) for wave in (then, now)]

    def agreed(name: str) -> tuple[Share, Share]:
        first, second = (scale_of(wave, name, agree).shares(wave, counter)[0] for wave, counter in counters)
        return first, second

    rows: list[tuple[Cell, ...]] = []
    for name in (questions,) if isinstance(questions, str) else questions or ():
        question = now.question(name)
        rows.append((question.id, question.text, *_changed(*agreed(name), direction)))
    for label, group in (averages or {}).items():
        rows.append((label, f"average of {len(group)} questions", *_averaged(map(agreed, group))))
    notes = [*counters[0][1].notes(wave="Then: "), *counters[1][1].notes(wave="Now: ")]
    if averages:
        why = "its direction is that of the difference."
        notes.append(f"An average over questions has no interval here; {why}")
    base = "respondents of each wave who placed themselves on the scale"
    return _change_table("question", rows, direction, title="Agreement then and now", base=base, notes=notes)


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
        sorts = "change_lists sorts the table of theme_change or scale_change"
        raise AnswersError(f"{sorts}; this one has no column 'change'.")
    kept: list[tuple[int, float, tuple[Cell, ...]]] = []
    for cells, row in zip(table.rows, table, strict=True):
        percent, moved = row["percent_now"], row["difference"]
        if not isinstance(percent, float) or not isinstance(moved, float):
            continue
        if row["base_now"] is None:
            kept.append((3, 0.0, cells))
            continue
        if percent >= high:
            kept.append((0, -percent, cells))
        if row["change"] == "down":
            kept.append((1, moved, cells))
        if row["change"] == "up" and percent < low:
            kept.append((2, -moved, cells))
    kept.sort(key=lambda each: each[:2])
    rows = tuple((_LISTS[which], *cells) for which, _, cells in kept)
    note = f"Celebrate: {high:g}% or more now. Low but rising: below {low:g}% now."
    return replace(table, columns=("list", *table.columns), rows=rows, notes=(*table.notes, note), reading="")


def _change_table(
    head: str,
    rows: list[tuple[Cell, ...]],
    direction: Direction,
    *,
    title: str,
    base: str,
    notes: Sequence[str],
) -> Table:
    check_choice("direction", direction, ("clear", "any"))
    when = "where the interval leaves 0 out" if direction == "clear" else "for any difference"
    note = f"Difference in percentage points with its 95% interval (Newcombe); up and down {when}."
    moved = {way: [str(row[1]) for row in rows if row[-1] == way] for way in ("up", "down")}
    told = [(way, len(names), ", ".join(names)) for way, names in moved.items() if names]
    words = [f"{number} of {len(rows)} went {way}: {names}." for way, number, names in told]
    return Table(
        (head, "label", *_COLUMNS),
        tuple(rows),
        title=title,
        base=base,
        notes=(*notes, note),
        reading=" ".join(words) or ("Nothing changed clearly." if rows else ""),
        formats=_FORMATS,
    )


def _changed(then: Share, now: Share, direction: Direction) -> tuple[Cell, ...]:
    """Give counts, bases and percents of both waves, the difference, its interval and its direction."""
    apart, low, high = difference(now, then)
    change = None
    if apart is not None and low is not None and high is not None:
        sure = direction == "any" or low > 0 or high < 0
        change = _way(apart) if sure else "no clear change"
    return *then.cells[:3], *now.cells[:3], apart, low, high, change


def _averaged(pairs: Iterable[Sequence[Share]]) -> tuple[Cell, ...]:
    means: list[float | None] = []
    for wave in zip(*pairs, strict=True):
        shares = [share.percent for share in wave if share.percent is not None]
        means.append(fsum(shares) / len(shares) if shares else None)
    before, after = means or (None, None)
    apart = None if before is None or after is None else after - before
    change = None if apart is None else _way(apart)
    return None, None, before, None, None, after, apart, None, None, change


def _way(apart: float) -> str:
    return "no clear change" if abs(apart) < 1e-9 else "up" if apart > 0 else "down"


def _how(then: CodedAnswers, now: CodedAnswers) -> str:
    books = ((wave.codebook, wave.lemmas) for wave in (then, now))
    one, other = (f"{book.codebook} {book.version} ({lemmas} lemmas)" for book, lemmas in books)
    return f"{one} and {other}." if one != other else f"two different codebooks both called {one}."
