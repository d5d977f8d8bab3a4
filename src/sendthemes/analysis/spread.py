"""Spread: where themes are present, absent or uneven, and which go together."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations

from sendthemes.analysis.association import associate, untestable
from sendthemes.analysis.frequencies import PERCENTS
from sendthemes.analysis.mentions import Names, Tally, counted, difference, listed
from sendthemes.analysis.statistics import holm
from sendthemes.analysis.variables import variable
from sendthemes.coding.code import CodedAnswers
from sendthemes.survey.bases import Base
from sendthemes.table import Cell, Table


def theme_cooccurrence(
    coded: CodedAnswers,
    *,
    base: Base = "answered",
    questions: Names = None,
    themes: Names = None,
    minimum: int = 1,
    weighted: bool = True,
) -> Table:
    """Count the respondents who mention two themes, for every pair of themes.

    Args:
        coded: The coded answers.
        base: Which respondents take part (see ``theme_frequencies``).
        questions: Only answers to these open questions.
        themes: Only these themes. A theme and its own sub-theme make no pair.
        minimum: Leave out pairs with fewer respondents than this, and note how many.
        weighted: Weight percent, Jaccard and lift by the answers' own weights, if they have any.

    Returns:
        theme, label, other, other_label, respondents (who mention both), base, percent, jaccard (both of
        either, 0-1), lift (how many times more than if unrelated; 1 is unrelated). Highest first, ties in
        codebook order. Jaccard and lift are empty where nobody mentions either.
    """
    tally = Tally(coded, base, questions, themes, weighted=weighted)
    mentions, weights = tally.mentions[tally.mask], tally.counter.weights
    both = counts = (mentions.T @ mentions).toarray()
    n = total = int(tally.mask.sum())
    if weights is not None:
        both = (mentions.multiply(weights[tally.mask][:, None]).T @ mentions).toarray()
        total = weights[tally.mask].sum()
    rows: list[tuple[Cell, ...]] = []
    pairs = sorted(combinations(tally.themes, 2), key=lambda pair: -counts[pair])
    for i, j in pairs:
        if counts[i, j] < minimum or tally.themes[j][0] in coded.codebook.descendants(tally.themes[i][0]):
            continue
        together, one, other = (float(both[pair]) for pair in ((i, j), (i, i), (j, j)))
        jaccard = together / (one + other - together) if one + other else None
        lift = float(together * total / (one * other)) if one and other else None
        percent = float(100 * together / total) if total else None
        rows.append((*tally.themes[i], *tally.themes[j], int(counts[i, j]), n, percent, jaccard, lift))
    left_out = sum(int(counts[pair]) < minimum for pair in pairs)
    few = f"with fewer than {counted(minimum, 'respondent')}"
    few = few if minimum > 1 else "that nobody mentions together"
    note = f"Left out: {counted(left_out, 'pair')} {few}."
    return Table(
        ("theme", "label", "other", "other_label", "respondents", "base", "percent", "jaccard", "lift"),
        tuple(rows),
        title="Themes mentioned together",
        base=tally.base(),
        notes=(*([note] if left_out else []), *tally.counter.notes(tally.mask)),
        reading=f"Most often together: {rows[0][1]} and {rows[0][3]} ({rows[0][4]:,} of {n:,})."
        if rows
        else "",
        formats={**PERCENTS, "jaccard": "ratio", "lift": "ratio"},
    )


def theme_spread(
    coded: CodedAnswers,
    *,
    by: str = "question",
    base: Base = "answered",
    questions: Names = None,
    themes: Names = None,
    weighted: bool = True,
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
        weighted: Weight percents by the answers' own weights, if they have any.

    Returns:
        theme, label, present (groups where anybody mentions it), groups (with anybody in the base), absent_in
        (their names), lowest and highest (percent of a group's respondents), range (percentage points).
        Most uneven first: fewest groups present, then the widest range, then codebook order.
    """
    tally = Tally(coded, base, questions, themes, weighted=weighted)
    groups = dict(tally.parts(by))
    known = {name: shares for name, shares in groups.items() if shares and shares[0].base}
    found = []
    for at, names in tally.themes.items():
        absent = [name for name, shares in known.items() if not shares[at].count]
        percents = [percent for shares in known.values() if (percent := shares[at].percent) is not None]
        low, high = (min(percents), max(percents)) if percents else (None, None)
        span = None if low is None or high is None else high - low
        present = len(known) - len(absent)
        row = (*names, present, len(known), listed(absent), low, high, span)
        found.append(((present, -(span or 0), at), row))
    rows = tuple(row for _, row in sorted(found, key=lambda pair: pair[0]))
    empty = [name for name in groups if name not in known]
    name = "question" if by == "question" else variable(coded, by).title
    return Table(
        ("theme", "label", "present", "groups", "absent_in", "lowest", "highest", "range"),
        rows,
        title=f"Where themes are absent or uneven, by {name}",
        base=tally.base(),
        notes=(
            *([f"Nobody in the base: {listed(empty)}."] if empty else []),
            *tally.counter.notes(tally.mask),
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
    weighted: bool = True,
) -> Table:
    """Compare each group (an LA, a role) with all others together, theme by theme.

    Args:
        coded: The coded answers.
        by: A closed question, classification or identifier.
        base: Which respondents take part.
        questions: Only answers to these open questions.
        themes: Only these themes.
        least: A group, or its rest, smaller than this is shown but not compared.
        weighted: Weight percents and intervals by the answers' own weights, if they have any. Tests allow for
            none, so that groups are then told apart by the interval alone.

    Returns:
        theme, label, the group, respondents, base, percent, rest_percent, difference (percentage points),
        low, high (Newcombe 95% interval of the difference), p_adjusted (chi-squared or Fisher's exact, Holm
        over the table; empty for weighted answers), finding: "higher", "lower" (adjusted p below 0.05),
        "similar" (the interval lies within 10 points either way), "no clear difference", "too few to
        compare". Themes in codebook order.
    """
    tally, groups = Tally(coded, base, questions, themes, weighted=weighted), variable(coded, by)
    mask = tally.mask & groups.known
    # In multiple choice a respondent may be in the group and in others: the rest is everybody else.
    members = map(groups.mask, range(len(groups.levels)))
    sides = [[tally.shares(groups.known & side) for side in (member, ~member)] for member in members]
    compared = [
        ((*names, level), one[at], rest[at])
        for at, names in tally.themes.items()
        for level, (one, rest) in zip(groups.levels, sides, strict=True)
    ]
    tested = [min(one.base, rest.base) >= least for _, one, rest in compared]
    no_test = untestable((), tally.counter)
    counts = [[[side.count, side.base - side.count] for side in (one, rest)] for _, one, rest in compared]
    tests = zip(counts, tested, strict=True)
    p = holm([associate(table).p if test and not no_test else None for table, test in tests])
    rows = []
    for (names, one, rest), test, adjusted in zip(compared, tested, p, strict=True):
        apart = difference(one, rest)
        finding = _finding(apart, adjusted, no_test) if test else "too few to compare"
        rows.append((*names, *one.cells[:3], rest.percent, *apart, adjusted, finding))
    columns = ("rest_percent", "difference", "low", "high", "p_adjusted", "finding")
    return Table(
        ("theme", "label", groups.column, "respondents", "base", "percent", *columns),
        tuple(rows),
        title=f"How each group of {groups.title!r} differs from the others",
        base=tally.base(mask),
        notes=(
            f"A group is compared where it and its rest have at least {least} respondents. "
            f"p-values are adjusted over {sum(each is not None for each in p)} comparisons (Holm).",
            *([f"{no_test} Findings go by each interval alone."] if no_test else []),
            *groups.notes,
            *tally.counter.notes(mask),
        ),
        reading=_differences_reading(rows),
        formats={**PERCENTS, "rest_percent": "percent", "difference": "percent", "p_adjusted": "p"},
    )


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


def _finding(apart: tuple[float | None, ...], p: float | None, no_test: str) -> str:
    difference, low, high = apart
    if difference is None or low is None or high is None:
        return "no clear difference"
    if low >= -10 and high <= 10:
        return "similar"
    clear = low > 0 or high < 0 if no_test else p is not None and p < 0.05
    return "no clear difference" if not clear else "higher" if difference > 0 else "lower"


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
