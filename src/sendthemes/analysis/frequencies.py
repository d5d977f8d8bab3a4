"""Frequencies: how many respondents mention each theme, and who gave which closed answer."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any, Literal

from sendthemes.analysis.mentions import (
    Counter,
    Mentions,
    Names,
    Share,
    check_choice,
    counted,
    is_looked_for,
    listed,
    open_scope,
    percent_cells,
    shown_base,
    theme_scope,
)
from sendthemes.analysis.variables import Variable, answers_of, variable
from sendthemes.survey.answers import Answers, Question
from sendthemes.survey.bases import Base, base_mask
from sendthemes.table import Cell, Format, Table

if TYPE_CHECKING:
    from sendthemes.codebook.model import Theme
    from sendthemes.coding.code import CodedAnswers

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
    answers = coded.answers
    scope = open_scope(answers, questions)
    groups = None if unit is None else variable(coded, unit)
    counter = Counter(answers, groups, weighted=weighted)
    wanted = theme_scope(coded.codebook, themes)
    walked = [theme for theme, _ in coded.codebook.walk()]
    rows: list[tuple[Cell, ...]] = []
    left_out = 0
    who = Mentions(coded)
    for first, part, mentions, mask in _parts(coded, who, by, base, scope):
        shares = counter.shares(mentions, mask)
        searched = [at for at in wanted if by != "question" or _has_row(walked[at], part, shares[at])]
        kept = [at for at in searched if shares[at].count >= minimum]
        left_out += len(searched) - len(kept)
        rows += [
            (*first, walked[at].theme, walked[at].title, *percent_cells(shares[at]))
            for at in _highest_first(kept, shares)
        ]
    everybody = who.base(base, scope)
    head: tuple[str, ...] = ()
    if by is not None:
        head = ("question",) if by == "question" else (column_name(variable(coded, by).id),)
    return Table(
        (*head, "theme", "label", *COUNTS),
        tuple(rows),
        title="Themes mentioned" + ("" if by is None else f", by {by}"),
        base=shown_base(answers, base, counter.size(everybody), scope, counter),
        notes=tuple(_notes(coded, counter, everybody, minimum=minimum, left_out=left_out)),
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
    import numpy as np

    check_choice("order", order, ("count", "levels"))
    answers = answers_of(data)
    found = variable(data, question)
    mask = found.known
    if base in ("all", "asked") and answers.has_question(question):
        mask = mask | base_mask(answers, base, [answers.question(question).id])
    elif base not in ("answered", "substantive"):
        mask = base_mask(answers, base, None)
    counter = Counter(answers, None, weighted=weighted)
    shares = counter.shares(found.members, mask)
    positions = list(range(len(shares)))
    if order == "count":
        positions.sort(key=lambda at: (-shares[at].count, at))
    n = int(mask.sum())
    words = {"all": "", "asked": " who were asked"}.get(base, " who answered")
    return Table(
        ("response", "respondents", "base", "percent"),
        tuple((found.levels[at], *percent_cells(shares[at])[:3]) for at in positions),
        title=found.title,
        base=counted(n, answers.unit) + words,
        notes=tuple(_response_notes(answers, found, int(np.sum(~found.known)), counter, mask)),
        reading=_response_reading(found, shares),
        formats=PERCENTS,
    )


def column_name(name: str) -> str:
    """Give the column that shows a variable; one that is named like a column of counts gets ``_level``."""
    return (
        f"{name}_level"
        if name in {"theme", "label", "respondents", "base", "percent", "low", "high"}
        else name
    )


def weight_note(counter: Counter, mask: Any) -> Iterator[str]:
    """Say that percents are weighted, with the effective base; nothing where they are not."""
    effective = counter.effective(mask)
    if effective is not None:
        yield (
            f"Percents are weighted; respondents and base are not. "
            f"The effective base (Kish) is {effective:,.1f}."
        )


def multiple_note(found: Variable) -> Iterator[str]:
    """Say of multiple choice that its percents may pass 100 in sum."""
    if found.multiple:
        yield (
            f"{found.title!r} is multiple choice: a respondent may count at several levels, "
            "so percents may add to more than 100."
        )


def _parts(
    coded: CodedAnswers, who: Mentions, by: str | None, base: Base, scope: Sequence[Question]
) -> Iterator[tuple[tuple[Cell, ...], Sequence[Question], Any, Any]]:
    """Give the parts of a table: first cells, questions counted, mentions, and respondents in the base."""
    if by == "question":
        for question in scope:
            yield (question.id,), (question,), who.matrix((question,)), who.base(base, (question,))
        return
    mentions, mask = who.matrix(scope), who.base(base, scope)
    if by is None:
        yield (), scope, mentions, mask
        return
    groups = variable(coded, by)
    for at, level in enumerate(groups.levels):
        yield (level,), scope, mentions, mask & groups.mask(at)


def _highest_first(positions: Sequence[int], shares: Sequence[Share]) -> list[int]:
    return sorted(positions, key=lambda at: (-(shares[at].percent or 0), -shares[at].count, at))


def _has_row(theme: Theme, part: Sequence[Question], found: Share) -> bool:
    return bool(found.count) or any(is_looked_for(theme, question) for question in part)


def _notes(
    coded: CodedAnswers,
    counter: Counter,
    everybody: Any,
    *,
    minimum: int,
    left_out: int,
) -> Iterator[str]:
    if counter.unit is not None:
        yield (
            f"Counts are of groups by {counter.unit.title!r}, not of respondents: "
            "a group counts once if anybody in it does."
        )
        lost = int((everybody & ~counter.unit.known).sum())
        if lost:
            yield f"Left out: {lost:,} in no group."
    yield from weight_note(counter, everybody)
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
    everybody = [str(row[1]) for row in rows if row[2] == row[3]]
    words = []
    if everybody:
        words.append(f"Everyone mentions {listed(everybody)}.")
    else:
        words.append(f"Most often mentioned: {_most(rows[0])}.")
    if len(rows) > 1 and rows[-1][2] != rows[0][2]:
        words.append(f"Least often: {_most(rows[-1])}.")
    return " ".join(words)


def _most(row: tuple[Cell, ...]) -> str:
    return f"{row[1]} ({row[2]:,} of {row[3]:,}, {row[4]:.1f}%)"


def _response_notes(
    answers: Answers, found: Variable, unknown: int, counter: Counter, mask: Any
) -> Iterator[str]:
    yield from multiple_note(found)
    if unknown:
        said = f" ({found.unclassified:,} answered but could not be classified)" if found.unclassified else ""
        yield f"{unknown:,} of {len(answers.respondents):,} {answers.unit}s have no answer here{said}."
    yield from weight_note(counter, mask)


def _response_reading(found: Variable, shares: list[Share]) -> str:
    highest = max((each.count for each in shares), default=0)
    if not highest:
        return ""
    first = [level for level, each in zip(found.levels, shares, strict=True) if each.count == highest]
    most = shares[found.levels.index(first[0])]
    verb, each = ("is", "") if len(first) == 1 else ("are", " each")
    names = listed([repr(level) for level in first])
    return f"{names} {verb} most common: {highest:,} of {most.base:,} ({most.percent:.1f}%){each}."
