"""Frequencies: how many respondents mention each theme, and who gave which closed answer."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

from sendthemes.analysis.mentions import Counter, Names, Share, Tally, counted, is_looked_for, listed
from sendthemes.analysis.variables import Variable, answers_of, variable
from sendthemes.coding.code import CodedAnswers
from sendthemes.errors import check_choice
from sendthemes.survey.answers import Answers
from sendthemes.survey.bases import Base, base_mask
from sendthemes.table import Cell, Format, Table, show

PERCENTS: dict[str, Format] = {"percent": "percent", "low": "percent", "high": "percent"}
COUNTS = ("respondents", "base", "percent", "low", "high")


def theme_frequencies(
    coded: CodedAnswers,
    *,
    by: str | None = None,
    base: Base = "answered",
    unit: str | None = None,
    questions: Names = None,
    themes: Names = None,
    minimum: int = 0,
    weighted: bool = True,
) -> Table:
    """Count the respondents who mention each theme: once each, however often and wherever they do.

    Args:
        coded: The coded answers.
        by: ``None`` for all together, ``"question"`` for each open question on its own base, or a variable
            (closed question, classification, identifier) for each of its levels.
        base: Of whom the percents are: ``"all"`` respondents, ``"asked"``, ``"answered"`` (at least one
            open question in scope), ``"substantive"`` (and said something).
        unit: Count groups instead, by this variable or identifier ("la"): a group mentions a theme if
            anybody in it does. Respondents in no group are left out and noted.
        questions: Only answers to these open questions (ids or wordings).
        themes: Only these themes (ids).
        minimum: Leave out rows with fewer respondents than this, and note how many.
        weighted: Weight percents and intervals by the answers' own weights, if they have any; counts
            and bases are never weighted.

    Returns:
        theme, label, respondents, base, percent (0-100), low, high (Wilson 95% interval, percent), with
        the question or level first where ``by`` says so. Highest first, ties in codebook order. A base of
        0 leaves percent and interval empty. A theme that no entry seeks in a question has no row there.
    """
    tally = Tally(coded, base, questions, themes, unit=unit, weighted=weighted)
    rows: list[tuple[Cell, ...]] = []
    left_out = 0
    for name, shares in tally.parts(by):
        kept = list(tally.themes)
        if by == "question":
            asked = coded.answers.question(name)
            sought = {at: coded.codebook.theme(theme) for at, (theme, _) in tally.themes.items()}
            kept = [at for at in sought if shares[at].count or is_looked_for(coded, sought[at], asked)]
        enough = [at for at in kept if shares[at].count >= minimum]
        left_out += len(kept) - len(enough)
        enough.sort(key=lambda at: (-(shares[at].percent or 0), -shares[at].count, at))
        rows += [(*([name] if by else []), *tally.themes[at], *shares[at].cells) for at in enough]
    head = () if by is None else (by if by == "question" else variable(coded, by).column,)
    return Table(
        (*head, "theme", "label", *COUNTS),
        tuple(rows),
        title="Themes mentioned" + ("" if by is None else f", by {by}"),
        base=tally.base(),
        notes=tuple(_notes(coded, tally, minimum=minimum, left_out=left_out)),
        reading="" if by else _reading(rows),
        formats=PERCENTS,
    )


def response_counts(
    data: Answers | CodedAnswers,
    question: str,
    *,
    base: Base = "answered",
    order: Literal["count", "levels"] = "count",
    weighted: bool = True,
) -> Table:
    """Count who gave which answer to a closed question (or fell into which level of a classification).

    Args:
        data: Answers; coded answers where a classification is meant.
        question: A question's id or wording, a classification's id, or a kind of identifier.
        base: Of whom the percents are: those who ``"answered"`` it, were ``"asked"``, or ``"all"``;
            ``"substantive"`` is the same as answered.
        order: ``"count"`` puts the highest first, ties in the order of the levels; ``"levels"`` keeps theirs.
        weighted: Weight percents by the answers' own weights, if they have any.

    Returns:
        response, respondents, base, percent (0-100); levels that nobody chose stay. Percents of multiple
        choice may add to more than 100, and a note says so.
    """
    check_choice("order", order, ("count", "levels"))
    answers = answers_of(data)
    found = variable(data, question)
    mask = found.known
    if base in ("all", "asked") and answers.has_question(question):
        mask = mask | base_mask(answers, base, [answers.question(question).id])
    elif base not in ("answered", "substantive"):
        mask = base_mask(answers, base, None)
    counter = Counter(answers, weighted=weighted)
    shares = counter.shares(found.members, mask)
    positions = list(range(len(shares)))
    if order == "count":
        positions.sort(key=lambda at: (-shares[at].count, at))
    n, unknown = int(mask.sum()), int((~found.known).sum())
    none = f"{unknown:,} of {len(answers.respondents):,} {answers.unit}s have no answer here{found.unplaced}."
    words = {"all": "", "asked": " who were asked"}.get(base, " who answered")
    return Table(
        ("response", "respondents", "base", "percent"),
        tuple((found.levels[at], *shares[at].cells[:3]) for at in positions),
        title=found.title,
        base=counted(n, answers.unit) + words,
        notes=(*found.notes, *([none] if unknown else ()), *counter.notes(mask)),
        reading=_response_reading(found, shares),
        formats=PERCENTS,
    )


def _notes(coded: CodedAnswers, tally: Tally, *, minimum: int, left_out: int) -> Iterator[str]:
    unit = tally.counter.unit
    if unit is not None:
        once = "a group counts once if anybody in it does."
        yield f"Counts are of groups by {unit.title!r}, not of respondents: {once}"
        lost = int((tally.mask & ~unit.known).sum())
        if lost:
            yield f"Left out: {lost:,} in no group."
    yield from tally.counter.notes(tally.mask)
    if left_out:
        yield f"Left out: {counted(left_out, 'row')} with fewer than {minimum} respondents."
    if any(parent for _, parent in coded.codebook.walk()):
        yield "A theme counts its sub-themes' respondents too, once each."
    echoes = int(coded.columns.echo.sum())
    if echoes:
        yield f"Of the codings counted, {echoes:,} repeat words of the question itself."


def _reading(rows: list[tuple[Cell, ...]]) -> str:
    """Say which themes everybody mentions, which is most and which least common."""
    if not rows or not rows[0][3]:
        return ""
    if not any(row[2] for row in rows):
        return "Nobody mentions a theme."
    everybody = [str(row[1]) for row in rows if row[2] == row[3]]
    first = f"Everyone mentions {listed(everybody)}." if everybody else ""
    first = first or f"Most often mentioned: {_most(rows[0])}."
    return first + (f" Least often: {_most(rows[-1])}." if rows[-1][2] != rows[0][2] else "")


def _most(row: tuple[Cell, ...]) -> str:
    percent = f", {show(row[4], 'percent')}%" if row[4] is not None else ""  # none where all weigh nothing
    return f"{row[1]} ({row[2]:,} of {row[3]:,}{percent})"


def _response_reading(found: Variable, shares: list[Share]) -> str:
    most = max(shares, key=lambda each: each.count, default=None)
    if most is None or not most.count:
        return ""
    levels = zip(found.levels, shares, strict=True)
    first = [repr(level) for level, each in levels if each.count == most.count]
    verb, each = ("is", "") if len(first) == 1 else ("are", " each")
    percent = f" ({show(most.percent, 'percent')}%)" if most.percent is not None else ""
    return f"{listed(first)} {verb} most common: {most.count:,} of {most.base:,}{percent}{each}."
