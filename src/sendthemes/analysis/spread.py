"""Spread: where themes are present, absent or uneven, and which go together."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations
from typing import TYPE_CHECKING

from sendthemes.analysis.association import associate
from sendthemes.analysis.frequencies import PERCENTS, column_name
from sendthemes.analysis.mentions import (
    Counter,
    Mentions,
    Names,
    counted,
    listed,
    open_scope,
    shown_base,
    theme_scope,
    unweighted_note,
)
from sendthemes.analysis.statistics import holm, newcombe_difference
from sendthemes.analysis.variables import variable
from sendthemes.survey.answers import Question
from sendthemes.survey.bases import Base
from sendthemes.table import Cell, Table

if TYPE_CHECKING:
    from sendthemes.coding.code import CodedAnswers


def theme_cooccurrence(
    coded: CodedAnswers,
    *,
    base: Base = "answered",
    questions: Names = None,
    themes: Names = None,
    minimum: int = 1,
) -> Table:
    """Count the respondents who mention two themes, for every pair of themes.

    Args:
        coded: The coded answers.
        base: Which respondents take part (see ``theme_frequencies``).
        questions: Only answers to these open questions.
        themes: Only these themes. A theme and its own sub-theme make no pair.
        minimum: Leave out pairs with fewer respondents than this, and note how many.

    Returns:
        theme, label, other, other_label, respondents (who mention both), base, percent, jaccard (both of
        either, 0-1), lift (how many times more than if unrelated; 1 is unrelated). Highest first, ties in
        codebook order. Jaccard and lift are empty where nobody mentions either.
    """
    scope = open_scope(coded.answers, questions)
    who = Mentions(coded)
    mask = who.base(base, scope)
    mentions = who.matrix(scope)[mask]
    both = (mentions.T @ mentions).toarray()
    n = int(mask.sum())
    walked = [theme for theme, _ in coded.codebook.walk()]
    rows: list[tuple[Cell, ...]] = []
    pairs = list(combinations(theme_scope(coded.codebook, themes), 2))
    for i, j in sorted(pairs, key=lambda pair: (-int(both[pair]), pair)):
        one, other, count = walked[i], walked[j], int(both[i, j])
        if count < minimum or other.theme in coded.codebook.descendants(one.theme):
            continue
        either = int(both[i, i] + both[j, j]) - count
        alone = int(both[i, i]) * int(both[j, j])
        names = (one.theme, one.title, other.theme, other.title)
        measures = (count / either if either else None, count * n / alone if alone else None)
        rows.append((*names, count, n, 100 * count / n if n else None, *measures))
    left_out = sum(int(both[pair]) < minimum for pair in pairs)
    note = f"Left out: {counted(left_out, 'pair')} with fewer than {counted(minimum, 'respondent')}."
    return Table(
        ("theme", "label", "other", "other_label", "respondents", "base", "percent", "jaccard", "lift"),
        tuple(rows),
        title="Themes mentioned together",
        base=shown_base(coded.answers, base, n, scope, Counter(coded.answers, None, weighted=False)),
        notes=(*([note] if left_out else []), *unweighted_note(coded.answers)),
        reading=f"Most often together: {rows[0][1]} and {rows[0][3]} ({rows[0][4]:,} of {n:,})."
        if rows
        else "",
        formats=PERCENTS | {"jaccard": "ratio", "lift": "ratio"},
    )


def theme_spread(
    coded: CodedAnswers,
    *,
    by: str = "question",
    base: Base = "answered",
    questions: Names = None,
    themes: Names = None,
) -> Table:
    """Say for each theme in which groups it is absent, and how uneven it is over them.

    What prompts name is mentioned by nearly everybody, so that a frequency shows best where a theme is
    missing or uneven.

    Args:
        coded: The coded answers.
        by: ``"question"``, or a variable or identifier ("la") whose levels are the groups.
        base: Which respondents take part.
        questions: Only answers to these open questions.
        themes: Only these themes.

    Returns:
        theme, label, present (groups where anybody mentions it), groups (with anybody in the base), absent_in
        (their names), lowest and highest (percent of a group's respondents), range (percentage points).
        Most uneven first: fewest groups present, then the widest range, then codebook order.
    """
    scope = open_scope(coded.answers, questions)
    groups = _group_counts(coded, by, base, scope)
    walked = [theme for theme, _ in coded.codebook.walk()]
    found = []
    for at in theme_scope(coded.codebook, themes):
        known = [(name, counts[at], n) for name, counts, n in groups if n]
        absent = [name for name, count, _ in known if not count]
        percents = [100 * count / n for _, count, n in known]
        low, high = (min(percents), max(percents)) if percents else (None, None)
        span = None if low is None or high is None else high - low
        present = len(known) - len(absent)
        row = (walked[at].theme, walked[at].title, present, len(known), listed(absent), low, high, span)
        found.append(((present, -(span or 0), at), row))
    rows = tuple(row for _, row in sorted(found, key=lambda pair: pair[0]))
    n = int(Mentions(coded).base(base, scope).sum())
    empty = [name for name, _, size in groups if not size]
    name = "question" if by == "question" else variable(coded, by).title
    return Table(
        ("theme", "label", "present", "groups", "absent_in", "lowest", "highest", "range"),
        rows,
        title=f"Where themes are absent or uneven, by {name}",
        base=shown_base(coded.answers, base, n, scope, Counter(coded.answers, None, weighted=False)),
        notes=(
            *([f"Nobody in the base: {listed(empty)}."] if empty else []),
            *unweighted_note(coded.answers),
        ),
        reading=_spread_reading(rows),
        formats={"lowest": "percent", "highest": "percent", "range": "percent", "absent_in": "text"},
    )


def group_differences(
    coded: CodedAnswers,
    *,
    by: str,
    base: Base = "answered",
    questions: Names = None,
    themes: Names = None,
    least: int = 10,
) -> Table:
    """Compare each group (an LA, a role) with all others together, theme by theme.

    Args:
        coded: The coded answers.
        by: A closed question, classification or identifier.
        base: Which respondents take part.
        questions: Only answers to these open questions.
        themes: Only these themes.
        least: A group, or its rest, smaller than this is shown but not compared.

    Returns:
        theme, label, the group, respondents, base, percent, rest_percent, difference (percentage points),
        low, high (Newcombe 95% interval of the difference), p_adjusted (chi-squared or Fisher's exact, Holm
        over the table), finding: "higher", "lower" (adjusted p below 0.05), "similar" (the interval lies
        within 10 points either way), "no clear difference", "too few to compare". Themes in codebook order.
    """
    scope = open_scope(coded.answers, questions)
    groups = variable(coded, by)
    who = Mentions(coded)
    mask = who.base(base, scope) & groups.known
    mentions, members = who.matrix(scope)[mask], groups.members[mask]
    counts = (mentions.T @ members).toarray().tolist()
    sizes, totals = members.sum(axis=0).tolist()[0], mentions.sum(axis=0).tolist()[0]
    total = int(mask.sum())
    walked = [theme for theme, _ in coded.codebook.walk()]
    compared = []
    for at in theme_scope(coded.codebook, themes):
        for j, level in enumerate(groups.levels):
            one = (counts[at][j], sizes[j])
            # In multiple choice a respondent may be in the group and in others: the rest is everybody else.
            rest = (totals[at] - counts[at][j], total - sizes[j])
            compared.append(((walked[at].theme, walked[at].title, level), one, rest))
    tested = [min(one[1], rest[1]) >= least for _, one, rest in compared]
    p = [
        associate([[one[0], one[1] - one[0]], [rest[0], rest[1] - rest[0]]]).p if test else None
        for (_, one, rest), test in zip(compared, tested, strict=True)
    ]
    rows = tuple(
        (
            *names,
            *_compared(one, rest),
            adjusted,
            _finding(one, rest, adjusted) if test else "too few to compare",
        )
        for (names, one, rest), test, adjusted in zip(compared, tested, holm(p), strict=True)
    )
    return Table(
        (
            "theme",
            "label",
            column_name(groups.id),
            "respondents",
            "base",
            "percent",
            "rest_percent",
            "difference",
            "low",
            "high",
            "p_adjusted",
            "finding",
        ),
        rows,
        title=f"How each group of {groups.title!r} differs from the others",
        base=shown_base(coded.answers, base, total, scope, Counter(coded.answers, None, weighted=False)),
        notes=(
            f"A group is compared where it and its rest have at least {least} respondents. "
            f"p-values are adjusted over {sum(each is not None for each in p)} comparisons (Holm).",
            *unweighted_note(coded.answers),
        ),
        reading=_differences_reading(rows),
        formats=PERCENTS | {"rest_percent": "percent", "difference": "percent", "p_adjusted": "p"},
    )


def _group_counts(
    coded: CodedAnswers, by: str, base: Base, scope: Sequence[Question]
) -> list[tuple[str, list[int], int]]:
    """Give each group's name, respondents who mention each theme, and respondents in the base."""
    who = Mentions(coded)
    if by == "question":
        parts = [(question.id, who.matrix((question,)), who.base(base, (question,))) for question in scope]
        counts = [(name, mentions[mask].sum(axis=0).tolist()[0], mask) for name, mentions, mask in parts]
        return [(name, each, int(mask.sum())) for name, each, mask in counts]
    groups, mask = variable(coded, by), who.base(base, scope)
    members = groups.members[mask]
    crossed = (members.T @ who.matrix(scope)[mask]).toarray().tolist()
    return list(zip(groups.levels, crossed, members.sum(axis=0).tolist()[0], strict=True))


def _spread_reading(rows: Sequence[tuple[Cell, ...]]) -> str:
    """Name the themes that are everywhere, and the one that is in fewest groups."""
    if not rows or not rows[0][3]:
        return ""
    everywhere = [str(row[1]) for row in rows if row[2] == row[3]]
    words = [f"In every group: {listed(everywhere)}."] if everywhere else []
    if rows[0][2] != rows[0][3]:
        words.append(f"{rows[0][1]} is in fewest: {rows[0][2]} of {rows[0][3]}.")
    elif rows[0][7]:
        words.append(f"{rows[0][1]} is most uneven: {rows[0][5]:.1f}% to {rows[0][6]:.1f}%.")
    return " ".join(words)


def _compared(one: tuple[int, int], rest: tuple[int, int]) -> tuple[Cell, ...]:
    """Give respondents, base, percent, the rest's percent, the difference and its interval."""
    percent = 100 * one[0] / one[1] if one[1] else None
    others = 100 * rest[0] / rest[1] if rest[1] else None
    interval = newcombe_difference(*one, *rest)
    if percent is None or others is None or interval is None:
        return (*one, percent, others, None, None, None)
    return (*one, percent, others, percent - others, 100 * interval.low, 100 * interval.high)


def _finding(one: tuple[int, int], rest: tuple[int, int], p: float | None) -> str:
    interval = newcombe_difference(*one, *rest)
    if interval is not None and interval.low >= -0.1 and interval.high <= 0.1:
        return "similar"
    if p is None or p >= 0.05:
        return "no clear difference"
    return "higher" if one[0] * rest[1] > rest[0] * one[1] else "lower"


def _differences_reading(rows: Sequence[tuple[Cell, ...]]) -> str:
    clear = [row for row in rows if row[11] in ("higher", "lower")]
    if not clear:
        return "No group stands out clearly from the others." if rows else ""
    first = max(clear, key=lambda row: abs(float(row[7] or 0)))
    more = f" ({len(clear)} such differences in all)" if len(clear) > 1 else ""
    return (
        f"The clearest difference: {first[1]} is {first[11]} in {first[2]!r} ({first[5]:.1f}%, "
        f"n = {first[4]:,}) than elsewhere ({first[6]:.1f}%){more}."
    )
