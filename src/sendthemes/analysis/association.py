"""Association: whether two things go together, tested only where a test means something."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, NamedTuple

from sendthemes.analysis.mentions import Counter, Names, Tally
from sendthemes.analysis.statistics import (
    benjamini_hochberg,
    chi_squared,
    cramers_v,
    expected_counts,
    fisher_exact,
    holm,
)
from sendthemes.analysis.variables import Variable, answers_of, variable
from sendthemes.coding.code import CodedAnswers
from sendthemes.errors import check_choice
from sendthemes.survey.answers import Answers
from sendthemes.survey.bases import Base
from sendthemes.table import Cell, Format, Table

Adjust = Literal["holm", "benjamini-hochberg"]
SMALL = 20  # below so many respondents nothing but the crudest difference could show
_COLUMNS = ("test", "n", "statistic", "df", "p", "p_adjusted", "v", "reason")
_FORMATS: dict[str, Format] = {"p": "p", "p_adjusted": "p", "v": "ratio", "statistic": "ratio"}


class Association(NamedTuple):
    """One test of independence, or the reason why there is none."""

    test: str  # "chi-squared", "Fisher's exact"; empty where there is none
    n: int  # respondents in the table
    statistic: float | None = None  # chi-squared; Fisher's test has none
    df: int | None = None
    p: float | None = None
    v: float | None = None  # Cramér's, corrected for bias (Bergsma 2013)
    reason: str = ""  # why there is no test


def associate(counts: Sequence[Sequence[int]]) -> Association:
    """Test a table of counts by the test whose assumptions hold; levels that nobody has take no part.

    Chi-squared where no expected count is below 1 and at most a fifth are below 5 (none of a 2 x 2;
    Cochran 1954), without continuity correction; else Fisher's exact test. Below 20 respondents, or with one
    level only, there is no test.
    """
    columns = [at for at, column in enumerate(zip(*counts, strict=True)) if sum(column)]
    table = [[row[at] for at in columns] for row in counts if sum(row)]
    n = sum(map(sum, table))
    if len(table) < 2 or len(columns) < 2:
        return Association("", n, reason="All are at one level: there is nothing to compare.")
    if n < SMALL:
        return Association("", n, reason=f"With n = {n} no test is meaningful.")
    v = cramers_v(table, corrected=True)
    expected = [cell for row in expected_counts(table) or () for cell in row]
    few = sum(cell < 5 for cell in expected)
    if min(expected) >= 1 and few <= (0 if len(expected) == 4 else len(expected) / 5):
        pearson = chi_squared(table)
        assert pearson is not None  # no row or column is empty
        return Association("chi-squared", n, pearson.statistic, pearson.df, pearson.p, v)
    p = fisher_exact(table)
    if p is None:
        return Association("", n, v=v, reason="Too sparse for chi-squared and too large for Fisher's test.")
    return Association("Fisher's exact", n, p=p, v=v)


def crosstab_tests(
    data: Answers | CodedAnswers,
    *,
    rows: str | Sequence[str],
    columns: str | Sequence[str],
    adjust: Adjust = "holm",
) -> Table:
    """Test each row variable against each column variable, with p-values adjusted over all of them.

    Args:
        data: Answers, or coded answers where a classification is named.
        rows: One variable or several, as in ``crosstab``.
        columns: One variable or several.
        adjust: ``"holm"`` (any false finding) or ``"benjamini-hochberg"`` (their share).

    Returns:
        rows, columns, test, n, statistic, df, p, p_adjusted, v (Cramér's, bias-corrected), reason. A pair
        that cannot be tested keeps its row, with the reason.
    """
    found: list[tuple[tuple[Cell, ...], Association]] = []
    for row in (rows,) if isinstance(rows, str) else rows:
        for column in (columns,) if isinstance(columns, str) else columns:
            one, other = variable(data, row), variable(data, column)
            if one.id != other.id:
                found.append(((one.id, other.id), associate_variables(answers_of(data), one, other)))
    return _tests_table(("rows", "columns"), found, adjust, "Tests of cross tables")


def theme_tests(
    coded: CodedAnswers,
    *,
    by: str,
    base: Base = "answered",
    questions: Names = None,
    themes: Names = None,
    adjust: Adjust = "holm",
) -> Table:
    """Test whether mentioning each theme goes with a variable, with p-values adjusted over the themes.

    Args:
        coded: The coded answers.
        by: A closed question, classification or identifier, as in ``theme_crosstab``.
        base: Which respondents take part.
        questions: Only answers to these open questions.
        themes: Only these themes.
        adjust: ``"holm"`` or ``"benjamini-hochberg"``.

    Returns:
        theme, label, test, n, statistic, df, p, p_adjusted, v (Cramér's, bias-corrected), reason.
    """
    tally, groups = Tally(coded, base, questions, themes), variable(coded, by)
    mask, mentions, members = tally.among(groups)
    mentioned, totals = (mentions.T @ members).toarray(), members.sum(axis=0).A1
    reason = untestable((groups,), tally.counter)
    found: list[tuple[tuple[Cell, ...], Association]] = []
    for at, names in tally.themes.items():
        counts = [mentioned[at].tolist(), (totals - mentioned[at]).tolist()]
        result = Association("", int(mask.sum()), reason=reason) if reason else associate(counts)
        found.append((names, result))
    return _tests_table(("theme", "label"), found, adjust, f"Tests of themes by {groups.title}")


def associate_variables(answers: Answers, one: Variable, other: Variable) -> Association:
    """Test two variables over the respondents known on both; multiple choice and weights allow no test."""
    both = one.known & other.known
    reason = untestable((one, other), Counter(answers, weighted=True))
    if reason:
        return Association("", int(both.sum()), reason=reason)
    return associate((one.members[both].T @ other.members[both]).toarray().tolist())


def untestable(variables: Sequence[Variable], counter: Counter) -> str:
    """Say why these variables, counted so, allow no test; empty where they do."""
    if any(each.multiple for each in variables):
        return "A respondent can be in several cells (multiple choice)."
    if counter.weights is not None:
        return "The answers are weighted, which these tests do not allow for."
    return ""


def test_sentence(result: Association) -> str:
    """Put a test in a sentence, or say why there is none."""
    if result.p is None:
        return f"Not tested. {result.reason}"
    p = "p < 0.001" if result.p < 0.001 else f"p = {result.p:.3f}"
    size = "" if result.v is None else f"; Cramér's V (bias-corrected) = {result.v:.2f}"
    if result.test == "chi-squared":
        return f"Chi-squared = {result.statistic:.2f}, df = {result.df}, {p}{size}, n = {result.n:,}."
    return f"Fisher's exact test: {p}{size}, n = {result.n:,}."


def _tests_table(
    head: tuple[str, str], found: list[tuple[tuple[Cell, ...], Association]], adjust: Adjust, title: str
) -> Table:
    check_choice("adjust", adjust, ("holm", "benjamini-hochberg"))
    adjusted = (holm if adjust == "holm" else benjamini_hochberg)([result.p for _, result in found])
    tested = sum(p is not None for p in adjusted)
    name = "Holm" if adjust == "holm" else "Benjamini-Hochberg"
    rows = tuple(
        (*names, result.test or None, *result[1:5], p, result.v, result.reason)
        for (names, result), p in zip(found, adjusted, strict=True)
    )
    return Table(
        (*head, *_COLUMNS),
        rows,
        title=title,
        notes=(f"p-values are adjusted over the {tested} tests of this table ({name}).",) if tested else (),
        reading=_tests_reading(rows),
        formats=_FORMATS,
    )


def _tests_reading(rows: tuple[tuple[Cell, ...], ...]) -> str:
    clear = [f"{row[0]} and {row[1]}" for row in rows if isinstance(row[7], float) and row[7] < 0.05]
    if all(row[6] is None for row in rows):
        return "No test is meaningful here." if rows else ""
    if not clear:
        return "No association stands after adjustment (all adjusted p at least 0.05)."
    return f"Associated after adjustment (adjusted p below 0.05): {', '.join(clear)}."
