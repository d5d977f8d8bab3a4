"""Judgements: does a theme apply to an answer? The rules, a coder or several, each as one matrix.

A matrix has a row an answer and a column a theme, and says yes, no or nothing. Whatever compares, counts or
learns from what people said reads it in this form; ``apply_decisions`` lays what people agree on over the
rules' coding.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import compress
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sendthemes.analysis.variables import Numbers
from sendthemes.codebook.model import Codebook
from sendthemes.coding.code import CodedAnswers
from sendthemes.coding.codings import STATUSES
from sendthemes.errors import AnswersError, Problem
from sendthemes.sensecheck.decisions import (
    Decision,
    answer_hash,
    duplicates,
    read_decisions,
    theme_hash,
)
from sendthemes.survey.answers import Answers
from sendthemes.table import Table

Matrix = NDArray[np.int8]

NO, YES, UNSAID = 0, 1, -1


def of_rules(coded: CodedAnswers, answers: Answers, themes: Sequence[str]) -> Matrix:
    """Say what the rules found: they judge every answer that they coded for every theme."""
    row = {name: at for at, name in enumerate(answers.answer_ids)}
    rows = np.array([row.get(name, UNSAID) for name in coded.answers.answer_ids], dtype=np.int64)
    judged = np.full((len(row), len(themes)), UNSAID, dtype=np.int8)
    judged[rows[rows >= 0]] = NO
    for at, name in enumerate(coded.codebook.theme_ids):
        found = rows[coded.columns.answer[coded.columns.theme == at]]
        judged[found[found >= 0], themes.index(name)] = YES
    return judged


def of_people(decisions: Iterable[Decision], answers: Answers, themes: Sequence[str]) -> Matrix:
    """Say what one coder decided: on all themes of answers reviewed, otherwise on those named.

    Sub-themes stand for themselves. Decisions on answers and themes that are not here, or on answers whose
    text has changed, say nothing.
    """
    row = {name: at for at, name in enumerate(answers.answer_ids)}
    column = {name: at for at, name in enumerate(themes)}
    judged = np.full((len(row), len(column)), UNSAID, dtype=np.int8)
    for each in sorted(decisions, key=lambda each: bool(each.theme)):
        if each.answer_id in row and not changed(each, answers.texts[row[each.answer_id]]):
            if not each.theme:
                judged[row[each.answer_id]] = NO
            elif each.theme in column:
                judged[row[each.answer_id], column[each.theme]] = each.decision != "drop"
    return judged


def changed(decision: Decision, text: str) -> bool:
    """Say whether an answer's text is another than when it was decided on."""
    return decision.answer_hash not in {"", answer_hash(text)}


def with_those_under(judged: Matrix, codebook: Codebook, theme: str) -> Matrix:
    """Give the column of a theme and those under it: yes where one applies, no where none of them does."""
    family = set(codebook.descendants(theme))
    columns = judged[:, [name in family for name in codebook.theme_ids]]
    return np.where(columns.max(axis=1) == YES, YES, columns.min(axis=1)).astype(np.int8)


def by_coder(decisions: Iterable[Decision]) -> dict[str, tuple[Decision, ...]]:
    """Part decisions by coder, in alphabet."""
    parts: dict[str, list[Decision]] = {}
    for each in decisions:
        parts.setdefault(each.coder, []).append(each)
    return {name: tuple(parts[name]) for name in sorted(parts)}


def _yes_and_no(coded: CodedAnswers, decisions: Sequence[Decision]) -> tuple[Numbers, Numbers]:
    """Say for each answer and theme whether some coder says yes, and whether some says no."""
    themes = coded.codebook.theme_ids
    yes, no = np.zeros((2, len(coded.answers.answer_ids), len(themes)), dtype=bool)
    for mine in by_coder(decisions).values():
        judged = of_people(mine, coded.answers, themes)
        yes |= judged == YES
        no |= judged == NO
    return yes, no


def settled(coded: CodedAnswers, decisions: Sequence[Decision]) -> Matrix:
    """Give what stands of several coders' decisions: nothing where they contradict each other."""
    yes, no = _yes_and_no(coded, decisions)
    return np.where(yes ^ no, yes, UNSAID).astype(np.int8)


_THEME_CHANGED = "the theme's definition or entries have changed since"


def flagged_decisions(coded: CodedAnswers, decisions: Iterable[Decision]) -> Table:
    """List decisions that need a second look before they can be trusted.

    Args:
        coded: The coding that they are about.
        decisions: Decisions, of one coder or several.

    Returns:
        answer_id, theme, decision, coder, finding: the answer or theme is not here (another survey,
        another codebook), the answer's text or the theme has changed since, or coders contradict
        each other. In the order of the decisions.
    """
    decisions = list(decisions)
    pairs = zip(decisions, _findings(coded, decisions), strict=True)
    doubts = ((each, finding) for each, findings in pairs for finding in findings)
    rows = [(each.answer_id, each.theme, each.decision, each.coder, doubt) for each, doubt in doubts]
    columns = ("answer_id", "theme", "decision", "coder", "finding")
    return Table(columns, tuple(rows), title="Decisions that need a second look")


def _findings(coded: CodedAnswers, decisions: Sequence[Decision]) -> list[list[str]]:
    """Say of each decision what makes it doubtful."""
    row = {name: at for at, name in enumerate(coded.answers.answer_ids)}
    themes = {theme.theme: theme_hash(theme) for theme, _ in coded.codebook.walk()}
    disputed = np.logical_and(*_yes_and_no(coded, decisions))
    named = {(each.coder, each.answer_id, each.theme) for each in decisions}
    found: list[list[str]] = []
    for each in decisions:
        findings, at = [], row.get(each.answer_id)
        if at is None:
            findings.append("no such answer in this survey")
        elif changed(each, coded.answers.texts[at]):
            findings.append("the answer's text has changed since")
        if each.theme and each.theme not in themes:
            findings.append("no such theme in this codebook")
        elif each.theme and each.theme_hash not in {"", themes[each.theme]}:
            findings.append(_THEME_CHANGED)
        differ = () if at is None else compress(themes, disputed[at].tolist())
        left = (theme for theme in differ if (each.coder, each.answer_id, theme) not in named)
        on = [theme for theme in (differ if each.theme else left) if each.theme in {"", theme}]
        if on:
            about = "" if each.theme else f" on {', '.join(on)}"
            findings.append(f"coders contradict each other{about}")
        found.append(findings)
    return found


def apply_decisions(coded: CodedAnswers, decisions: Sequence[Decision] | str | Path) -> CodedAnswers:
    """Bring people's decisions into the coding; the same decisions give the same result at every re-run.

    Where a coder says that a theme does not apply (``drop``, or ``reviewed`` without naming it), its hits
    in that answer are set aside, with coder and reason; ``confirm`` marks them confirmed; ``add`` adds a
    coding of the whole answer where no hit stands (else it confirms). Decisions on answers or themes that
    are not here, on answers whose text has changed, and those on which coders contradict each other are
    not applied; those on themes that have changed are, with a note. ``flagged_decisions`` lists all of
    these. Classifications stay as the rules made them.

    Args:
        coded: The rules' coding.
        decisions: Decisions, or the path of a decisions file.

    Returns:
        A new coding; its notes say how many decisions were applied, overrode a rule, or were left out.

    Raises:
        AnswersError: The file is at fault, they are no decisions, or one coder decided twice on one answer
            and theme.
    """
    decisions = known_decisions(decisions)
    columns, themes, names = coded.columns, coded.codebook.theme_ids, coded.answers.answer_ids
    verdicts = settled(coded, decisions)
    of_hit = verdicts[columns.answer, columns.theme]
    sure = (of_hit == YES) & (columns.status != STATUSES.index("added"))
    missing = verdicts == YES
    missing[columns.answer, columns.theme] = False
    new = np.argwhere(missing).tolist()
    labels = coded.entry_labels if "" in coded.entry_labels or not new else (*coded.entry_labels, "")
    why = _reasons(coded, decisions)
    out = np.flatnonzero(of_hit == NO).tolist()
    pairs = {at: (names[int(columns.answer[at])], themes[int(columns.theme[at])]) for at in out}
    result = coded.with_codings(
        columns._replace(status=np.where(sure, STATUSES.index("confirmed"), columns.status).astype(np.int8)),
        keep=of_hit != NO,
        added=[(answer, theme, labels.index("")) for answer, theme in new],
        entry_labels=labels,
        reasons={at: why.get(pair) or why[pair[0], ""] for at, pair in pairs.items()},
    )
    findings = _findings(coded, decisions)
    left = sum(any(each != _THEME_CHANGED for each in of_one) for of_one in findings)
    old = sum(_THEME_CHANGED in of_one for of_one in findings)
    done = f"{len(new)} codings added to what the rules found, {len(out)} of the rules' hits dropped"
    notes = [f"People's decisions: {len(decisions)} read; {done}."]
    if left:
        notes.append(f"Decisions not applied, or not wholly: {left} (see sendthemes check).")
    if old:
        notes.append(f"Decisions on themes that have changed since: {old} (see sendthemes check).")
    return replace(result, notes=(*result.notes, *notes))


def _reasons(coded: CodedAnswers, decisions: Iterable[Decision]) -> dict[tuple[str, str], str]:
    """Give for each answer and theme ("": all themes) who said what of it first, in alphabet of coders."""
    texts = dict(zip(coded.answers.answer_ids, coded.answers.texts, strict=True))
    return {
        (each.answer_id, each.theme): f"dropped by {each.coder}" + (f": {each.reason}" if each.reason else "")
        for each in sorted(decisions, key=lambda each: each.coder, reverse=True)
        if each.answer_id in texts and not changed(each, texts[each.answer_id])
    }


def known_decisions(decisions: Any) -> Sequence[Decision]:
    """Give decisions, read from their file where its path is given.

    ``AnswersError``: the file is at fault, they are no decisions, or one coder decided twice on one answer
    and theme.
    """
    if isinstance(decisions, str | Path):
        return read_decisions(decisions)
    given = list(decisions) if isinstance(decisions, Iterable) else [decisions]
    if strange := sorted({type(each).__name__ for each in given if not isinstance(each, Decision)}):
        remedy = "Give what read_decisions gives, or the path of a decisions file."
        raise AnswersError(Problem(f"Expected decisions; found {', '.join(strange)}.", remedy=remedy))
    if problems := duplicates(given):
        raise AnswersError(problems)
    return given
