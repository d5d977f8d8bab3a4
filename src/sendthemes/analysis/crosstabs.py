"""Cross tables: closed against closed, against classifications, and themes against either."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby
from math import isnan
from operator import itemgetter
from typing import Any, Literal, NamedTuple

import numpy as np

from sendthemes.analysis.association import SMALL, associate_variables, test_sentence
from sendthemes.analysis.mentions import Counter, Names, Tally, counted
from sendthemes.analysis.statistics import adjusted_residuals, expected_counts
from sendthemes.analysis.variables import Variable, answers_of, variable
from sendthemes.coding.code import CodedAnswers
from sendthemes.errors import AnswersError, check_choice
from sendthemes.survey.answers import Answers
from sendthemes.survey.bases import Base
from sendthemes.table import Cell, Format, Table

_COUNTS = ("respondents", "base", "percent")
_FORMATS: dict[str, Format] = {"percent": "percent", "residual": "number"}
PercentOf = Literal["row", "column", "total"]
_OF: tuple[PercentOf, ...] = ("row", "column", "total")


def crosstab(
    data: Answers | CodedAnswers,
    *,
    rows: str,
    columns: str,
    percent_of: PercentOf = "row",
    residuals: bool = False,
    weighted: bool = True,
) -> Table:
    """Cross two variables: closed or multiple-choice questions, classifications, identifiers.

    Args:
        data: Answers; coded answers where a classification is named.
        rows: The variable whose levels are rows.
        columns: The variable whose levels are columns.
        percent_of: Whether percents are of the ``"row"`` level's respondents, the ``"column"`` level's, or
            of the ``"total"``.
        residuals: Add a column ``residual``: the adjusted residual (beyond about 2 either way, the cell
            departs from independence; meaningful only where expected counts are not tiny).
        weighted: Weight percents by the answers' own weights, if they have any; counts never are.

    Returns:
        The row variable, the column variable, respondents, base, percent (0-100): one row a cell, every
        cell of every level in the order of the levels, zeros too. The base is the row level's (column
        level's, table's) respondents who are known on both sides; those missing on either are left out
        and noted. A level that nobody has gives no percent. A note holds the test, or why there is none.
    """
    check_choice("percent_of", percent_of, _OF)
    answers, one, other = answers_of(data), variable(data, rows), variable(data, columns)
    if one.id == other.id:
        raise AnswersError(f"rows and columns are both {one.id!r}: a cross table needs two variables.")
    both = one.known & other.known
    counter = Counter(answers, weighted=weighted)
    crossed = _crossed(one.members[both], other.members[both], percent_of, counter, both)
    extra = adjusted_residuals(crossed.counts) if residuals and one.levels and other.levels else ()
    levels = {"row": one, "column": other}
    of = f"each level of {levels[percent_of].title!r}" if percent_of in levels else "all of them"
    test = test_sentence(associate_variables(answers, one, other))
    n = int(both.sum())
    return Table(
        (one.column, other.column, *_COUNTS, *(["residual"] if residuals else [])),
        tuple(crossed.rows({at: (level,) for at, level in enumerate(one.levels)}, other.levels, extra)),
        title=f"{one.title} by {other.title}",
        base=f"{counted(n, answers.unit)} known on both sides; percents are of {of}",
        notes=(*_missing_notes(answers, one, other), *one.notes, *other.notes, *counter.notes(both), test),
        reading=_reading(one, other, crossed.counts, n),
        formats=_FORMATS,
    )


def theme_crosstab(
    coded: CodedAnswers,
    *,
    by: str,
    base: Base = "answered",
    questions: Names = None,
    themes: Names = None,
    percent_of: PercentOf = "column",
    residuals: bool = False,
    weighted: bool = True,
) -> Table:
    """Cross themes with a variable: how many of each level's respondents mention each theme.

    Args:
        coded: The coded answers.
        by: A closed or multiple-choice question, a classification, or an identifier ("la").
        base: Which respondents take part (see ``theme_frequencies``).
        questions: Only answers to these open questions (ids or wordings).
        themes: Only these themes (ids).
        percent_of: ``"column"``: of the level's respondents (themes are the rows, levels the columns);
            ``"row"``: of those who mention the theme; ``"total"``: of all in the table.
        residuals: Add a column ``residual``: the adjusted residual of mentioning against not mentioning.
        weighted: Weight percents by the answers' own weights, if they have any; counts never are.

    Returns:
        theme, label, the variable, respondents, base, percent (0-100). Themes most mentioned first, ties in
        codebook order; every level in its order, zeros too. Respondents at no level are left out and noted.
    """
    check_choice("percent_of", percent_of, _OF)
    tally, groups = Tally(coded, base, questions, themes, weighted=weighted), variable(coded, by)
    mask, mentions, members = tally.among(groups)
    crossed = _crossed(mentions, members, percent_of, tally.counter, mask)
    sizes, totals = (each.sum(axis=0).A1.tolist() for each in (members, mentions))
    ranked = dict(sorted(tally.themes.items(), key=lambda each: -totals[each[0]]))
    extra: list[Sequence[float | None]] = [()] * len(totals)
    for at in ranked if residuals and groups.levels else ():
        rest = [size - count for size, count in zip(sizes, crossed.counts[at], strict=True)]
        extra[at] = adjusted_residuals([crossed.counts[at], rest])[0]
    cells = list(crossed.rows(ranked, groups.levels, extra if residuals else ()))
    n, lost = int(mask.sum()), int((tally.mask & ~groups.known).sum())
    left_out = f"Left out: {lost:,} without a level of {groups.title!r}{groups.unplaced}."
    of = {"row": "who mention the theme", "column": f"at each level of {groups.title!r}"}
    return Table(
        ("theme", "label", groups.column, *_COUNTS, *(["residual"] if residuals else [])),
        tuple(cells),
        title=f"Themes by {groups.title}",
        base=f"{tally.base(mask)}; percents are of those {of.get(percent_of, 'in the table')}",
        notes=(
            *([left_out] if lost else ()),
            *groups.notes,
            *tally.counter.notes(mask),
            *([f"With n = {n} no test is meaningful."] if n < SMALL else ()),
        ),
        reading=_theme_reading(cells, n) if percent_of == "column" else "",
        formats=_FORMATS,
    )


class _Crossed(NamedTuple):
    """Two sets of columns crossed: counts, bases and percents, one list a row."""

    counts: list[list[int]]
    bases: list[list[int]]
    percents: list[list[float | None]]

    def rows(
        self,
        names: Mapping[int, tuple[str, ...]],
        levels: Sequence[str],
        residuals: Sequence[Sequence[float | None]],
    ) -> Iterator[tuple[Cell, ...]]:
        """Give a table's rows: the row's names (by its place), the level, counts, perhaps the residual."""
        for i, own in names.items():
            for j, level in enumerate(levels):
                extra = (residuals[i][j],) if residuals else ()
                yield (*own, level, self.counts[i][j], self.bases[i][j], self.percents[i][j], *extra)


def _crossed(left: Any, right: Any, percent_of: PercentOf, counter: Counter, mask: Any) -> _Crossed:
    """Cross two sparse matrices with one row a respondent in the table."""

    def crossed(weights: Any) -> tuple[Any, Any]:
        counts = (left.multiply(weights[:, None]).tocsr().T @ right).toarray()
        rows, columns = (left.T @ weights)[:, None], (right.T @ weights)[None, :]
        bases = {"row": rows, "column": columns, "total": weights.sum()}
        return counts, np.broadcast_to(bases[percent_of], counts.shape)

    counts, bases = crossed(np.ones(left.shape[0], dtype=np.int64))
    over, under = (counts, bases) if counter.weights is None else crossed(counter.weights[mask])
    shares = np.divide(100.0 * over, under, out=np.full(counts.shape, np.nan), where=under > 0)
    shown = [[None if isnan(value) else value for value in row] for row in shares.tolist()]
    return _Crossed(counts.tolist(), bases.tolist(), shown)


def _missing_notes(answers: Answers, one: Variable, other: Variable) -> Iterator[str]:
    both = one.known & other.known
    lost = len(answers.respondents) - int(both.sum())
    if lost:
        numbers = [(int((~side.known).sum()), side) for side in (one, other)]
        sides = [f"{n:,} without {side.title!r}{side.unplaced}" for n, side in numbers if n]
        yield f"Left out: {lost:,} of {len(answers.respondents):,} {answers.unit}s ({'; '.join(sides)})."


def _reading(one: Variable, other: Variable, counts: list[list[int]], n: int) -> str:
    """Read a cross table: the largest departure from independence, then rows that are all alike."""
    expected = expected_counts(counts) if n else None
    if expected is None:
        return "Nobody is known on both sides."
    words = []
    if not (one.multiple or other.multiple):
        cells = [(i, j) for i in range(len(one.levels)) for j in range(len(other.levels))]
        apart = [round(abs(counts[i][j] - expected[i][j]), 9) for i, j in cells]
        i, j = cells[apart.index(max(apart))]
        words.append(
            f"The largest departure from independence is {one.levels[i]!r} with {other.levels[j]!r}: "
            f"{counts[i][j]:,} where {expected[i][j]:.1f} would be expected if the two were unrelated."
            if max(apart)
            else "The levels are shared out exactly as if the two were unrelated."
        )
        words += [
            f"Everyone at {level!r} ({sum(line):,}) is at {other.levels[line.index(max(line))]!r}."
            for level, line in zip(one.levels, counts, strict=True)
            if max(line) == sum(line) > 1
        ]
    if n < SMALL:
        words.append(f"With n = {n} this describes these respondents only.")
    return " ".join(words)


def _theme_reading(cells: list[tuple[Cell, ...]], n: int) -> str:
    """Name the theme whose percents differ most between levels."""
    known = [row for row in cells if row[5] is not None]
    if len({row[2] for row in known}) < 2:
        return ""
    blocks = [sorted(block, key=_percent) for _, block in groupby(known, key=itemgetter(0))]
    below, *_, above = max(blocks, key=lambda block: _percent(block[-1]) - _percent(block[0]))
    if above[5] == below[5]:
        return "Every theme is as common at one level as at another."
    said = (
        f"{above[1]} differs most: {above[5]:.1f}% at {above[2]!r} ({above[3]:,} of {above[4]:,}) "
        f"against {below[5]:.1f}% at {below[2]!r} ({below[3]:,} of {below[4]:,})."
    )
    return said + (f" With n = {n} this describes these respondents only." if n < SMALL else "")


def _percent(row: tuple[Cell, ...]) -> float:
    return float(row[5] or 0)
