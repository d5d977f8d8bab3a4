"""Several coders' work brought together: their files, and every table that compares them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import combinations
from pathlib import Path

from sendthemes.analysis.excerpts import AnyRedactor
from sendthemes.coding.code import CodedAnswers
from sendthemes.errors import AnswersError, Problem
from sendthemes.sensecheck.coders import agreement, disagreements
from sendthemes.sensecheck.decisions import Decision, duplicates, read_cells, read_decisions
from sendthemes.sensecheck.judgements import by_coder, flagged_decisions
from sendthemes.sensecheck.precision import corrected_frequencies, entry_precision
from sendthemes.sensecheck.sample import read_sample
from sendthemes.table import Table


def gather_decisions(paths: Iterable[str | Path], coded: CodedAnswers) -> tuple[Decision, ...]:
    """Read decisions files and filled-in samples together; a sample's coder is its file's name.

    Raises:
        AnswersError: All faults of all files at once; one coder decided twice on an answer and theme.
    """
    decisions: list[Decision] = []
    problems: list[Problem] = []
    for path in map(Path, paths):
        try:
            sample = "none of these" in read_cells(path, "decisions file or sample")[0]
            decisions += read_sample(path, coded, coder=path.stem) if sample else read_decisions(path)
        except AnswersError as fault:
            problems += fault.problems
    if problems := problems or duplicates(decisions):
        raise AnswersError(problems)
    return tuple(decisions)


def agreement_tables(
    coded: CodedAnswers, decisions: Sequence[Decision], *, redactor: AnyRedactor | None
) -> dict[str, Table]:
    """Compare the rules with each coder, and coders with each other.

    Args:
        coded: The rules' coding.
        decisions: Those of all coders.
        redactor: Hides names and places in the answers on which they differ; ``None`` hides nothing.

    Returns:
        Agreement of each pair ("agreement-rules-AB"), "differences" (first and second as in the pair named),
        "precision", "corrected" and, where there are any, "flagged" decisions.

    Raises:
        AnswersError: Nobody decided anything.
    """
    coders: dict[str, CodedAnswers | tuple[Decision, ...]] = {"rules": coded, **by_coder(decisions)}
    if len(coders) == 1:
        raise AnswersError(Problem("There is no decision.", remedy="Fill in a sample, or review answers."))
    tables: dict[str, Table] = {}
    differ: list[Table] = []
    for (name, first), (other, second) in combinations(coders.items(), 2):
        found = agreement(first, second, answers=coded.answers, codebook=coded.codebook)
        tables[f"agreement-{name}-{other}"] = replace(found, title=f"Agreement of {name} and {other}")
        found = disagreements(
            first, second, answers=coded.answers, codebook=coded.codebook, redactor=redactor
        )
        rows = tuple((f"{name} and {other}", *row) for row in found.rows)
        differ.append(replace(found, columns=("coders", *found.columns), rows=rows))
    tables["differences"] = replace(differ[0], rows=tuple(row for each in differ for row in each.rows))
    tables["precision"] = entry_precision(coded, decisions)
    tables["corrected"] = corrected_frequencies(coded, decisions)
    if len(flagged := flagged_decisions(coded, decisions)):
        tables["flagged"] = flagged
    return tables
