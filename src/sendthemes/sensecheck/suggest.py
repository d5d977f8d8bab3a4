"""Suggested changes of a codebook, each with what coded answers say for it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any, NamedTuple

import numpy as np

from sendthemes.analysis.excerpts import AnyRedactor
from sendthemes.analysis.mentions import counted
from sendthemes.analysis.variables import Flags
from sendthemes.codebook.model import Entry
from sendthemes.coding.apply import Engine
from sendthemes.coding.code import CodedAnswers
from sendthemes.sensecheck.borrowing import Source, lists
from sendthemes.sensecheck.evidence import Evidence, covered, f1
from sendthemes.sensecheck.gold import Gold, read_gold
from sendthemes.sensecheck.improve import Plan, plans
from sendthemes.sensecheck.uncoded import without_marks
from sendthemes.survey.answers import Answers
from sendthemes.table import Cell, Table

COLUMNS = ("theme", "change", "entry", "why", "precision", "gain", "answers", "answer_ids")


class _Change(NamedTuple):
    change: str
    entry: Entry
    why: str
    gain: float
    answers: Flags


def suggest_entries(
    coded: CodedAnswers,
    gold: Any,
    *,
    borrow: Iterable[Source] | None = None,
    folds: int = 5,
    seed: int = 0,
    redactor: AnyRedactor | None,
) -> Table:
    """Suggest entries to add, to remove and to exclude, from answers that people have coded.

    What is added and removed is what ``improve_codebook`` does without a limit: nothing in a theme that does
    not do better on held-out respondents than with its entries as they are, and no entry goes because it is
    rare. Exclusions are phrases in which the theme's entries are mostly wrong. All changes together lower
    neither micro nor macro F1 there.

    Args:
        coded: The coding by the codebook to improve.
        gold: What people coded: a frame or list of dicts with ``answer_id`` and ``theme`` (id or label;
            ``None`` or ``""`` for an answer coded with none), or decisions (answers reviewed count).
        borrow: Codebooks whose entries may be suggested where a whole theme of theirs fits: names, paths,
            mappings or codebooks; by default all bundled ones, with ``[]`` none.
        folds: Of respondents.
        seed: Of the folds.
        redactor: Hides names and places before words are taken from the answers; ``None`` hides nothing.

    Returns:
        theme, change (add, remove, exclude), entry, why, precision (percent of the answers behind it to
        which the theme applies), gain (of the theme's F1, in points of 100, when made alone, on the folds
        without which it was learnt), answers (how many stand behind it: those that the entry finds and the
        theme's entries do not yet; for the others, those found now), answer_ids. By theme in codebook
        order, then by gain. Without anything to suggest, no rows.

    Raises:
        AnswersError: ``gold`` is empty, or of another survey or codebook.
        CodebookError: A codebook to borrow from cannot be loaded.
    """
    answers = coded.answers if redactor is None else _redacted(coded.answers, redactor)
    read = read_gold(gold, coded.codebook, answers, folds=folds, seed=seed)
    engine = Engine(answers, in_context=coded.lemmas == "in_context")
    ids = np.array([answers.answer_ids[at] for at in read.rows.tolist()], dtype=object)
    rows: list[tuple[Cell, ...]] = []
    for plan in plans(engine, coded.codebook, read, None, lists(borrow, answers)):
        each = plan.evidence
        right = each.right[read.rows]
        changes = list(_entries(plan, read))
        why = "the theme's entries are mostly wrong in it"
        changes += [_Change("exclude", of.entry, why, of.gain, of.answers) for of in plan.excluded]
        changes.sort(key=lambda change: (-change.gain, change.change, change.entry.label))
        for change in changes:
            behind = sorted(ids[change.answers].tolist())
            precision = 100 * float(right[change.answers].mean())
            about = (change.change, change.entry.label, change.why, precision, 100 * change.gain)
            rows.append((each.theme.theme, *about, len(behind), ", ".join(behind)))
    parts = counted(len(set(read.folds.tolist())), "fold")
    notes = [f"{counted(len(read.rows), 'coded answer')}, {parts} of respondents."]
    if read.unknown:
        left = counted(read.unknown, "coded answer")
        notes.append(f"Left out, as blank or not in the survey: {left}.")
    return Table(
        COLUMNS,
        tuple(rows),
        title=f"Suggested changes of {coded.codebook.codebook}",
        notes=tuple(notes),
        formats={"precision": "percent", "gain": "ratio"},
    )


def _redacted(answers: Answers, redactor: AnyRedactor) -> Answers:
    """Give the answers with names and places hidden and the marks in their stead taken out."""
    whose = [answers.respondents[at] for at in answers.answer_respondents]
    texts = [each.text for each in redactor.redact_all(answers.texts, respondents=whose)]
    return replace(answers, texts=without_marks(texts))


def _entries(plan: Plan, gold: Gold) -> Iterator[_Change]:
    """Give the entries to add and to remove, each with its gain when it is the only change."""
    each, own = plan.evidence, set(range(plan.evidence.own))
    found, right = each.found[gold.rows], each.right[gold.rows]
    start = covered(found, own)
    for at in sorted(plan.kept ^ own):
        here = covered(found, [at])
        adding = at not in own
        changed = start | here if adding else covered(found, own - {at})
        then = start.copy()
        for test, taught in plan.parts:
            if (at in taught) == adding:
                among = np.isin(gold.rows, test)
                then[among] = changed[among]
        behind = here & ~start if adding else here
        if behind.any():
            gain = f1(then, right) - f1(start, right)
            why = _why(each, at, gold) if adding else "too often wrong"
            yield _Change("add" if adding else "remove", each.entries[at], why, gain, behind)


def _why(evidence: Evidence, at: int, gold: Gold) -> str:
    if lender := evidence.lender(at, gold.rows):
        return f"from {lender}, which fits"
    if evidence.kind[at]:
        return "of the same family as, or a misspelling of, a word of the theme"
    return "where coders coded and no entry fired"
