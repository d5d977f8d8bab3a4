"""Decisions of people about the rules' coding, kept as data and applied at every run.

A decisions file has one row a decision. ``add`` and ``confirm`` say that a theme applies, ``drop``
that it does not; ``reviewed`` (without a theme) says that the coder read the answer for every theme: what the
coder did not add or confirm there does not apply, in the coder's view. Hashes of the answer's text and of the
theme's definition and entries tell whether either has changed since.
"""

from __future__ import annotations

import csv
import io
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import astuple, dataclass, fields, replace
from pathlib import Path
from typing import Literal, get_args

import numpy as np

from sendthemes.codebook.model import Theme
from sendthemes.coding.code import CodedAnswers
from sendthemes.coding.codings import STATUSES
from sendthemes.errors import AnswersError, Problem, nearest
from sendthemes.files import digest, write_whole
from sendthemes.table import Cell, Table

Verdict = Literal["add", "drop", "confirm", "reviewed"]


@dataclass(frozen=True, slots=True)
class Decision:
    """One decision of one coder.

    Attributes:
        answer_id: The answer it is about.
        theme: The theme; empty for ``reviewed``.
        decision: ``add``, ``drop``, ``confirm`` or ``reviewed``.
        coder: Who decided (a code or initials).
        time: When, as the coder's tool wrote it (ISO 8601); may be empty.
        reason: Why, in the coder's words; may be empty.
        answer_hash: Of the answer's text then (``answer_hash``); empty if unknown.
        theme_hash: Of the theme's definition and entries then (``theme_hash``); empty if unknown.
    """

    answer_id: str
    theme: str
    decision: Verdict
    coder: str
    time: str = ""
    reason: str = ""
    answer_hash: str = ""
    theme_hash: str = ""


COLUMNS = tuple(field.name for field in fields(Decision))


def answer_hash(text: str) -> str:
    """Give 16 hex characters that change with the answer's text."""
    return digest(text.encode("utf-8", "surrogatepass"))[:16]


def theme_hash(theme: Theme) -> str:
    """Give 16 hex characters that change with the theme's definition, notes or entries (not their order)."""
    told = [theme.definition, theme.include, theme.exclude]
    entries = sorted(entry.label for entry in theme.entries)
    exclusions = sorted(entry.label for entry in theme.exclusions)
    return digest(repr((told, entries, exclusions)).encode())[:16]


def read_decisions(path: str | Path) -> tuple[Decision, ...]:
    """Read a decisions file (CSV with the columns of ``Decision``, in any order).

    Raises:
        AnswersError: All faults at once: a missing column, an unknown decision, a row without answer or
            coder, a theme that is missing, and two decisions of one coder on one answer and theme.
    """
    name = Path(path).name
    try:
        text = Path(path).read_bytes().decode("utf-8-sig")
    except FileNotFoundError:
        raise AnswersError(Problem("There is no such decisions file.", str(path))) from None
    except UnicodeDecodeError:
        raise AnswersError(Problem("The file is not UTF-8 text.", name, "Save it as CSV UTF-8.")) from None
    reader = csv.DictReader(io.StringIO(text, newline=""))
    missing = [column for column in COLUMNS[:4] if column not in (reader.fieldnames or ())]
    if missing:
        raise AnswersError(
            Problem(f"The decisions file lacks the column {', '.join(missing)}.", name, _columns_wanted())
        )
    rows = [(reader.line_num, row) for row in reader]
    problems: list[Problem] = []
    decisions: list[Decision] = []
    for line, row in rows:
        values = {column: (row.get(column) or "").strip() for column in COLUMNS}
        fault = _fault(values)
        if fault:
            problems.append(Problem(fault, f"{name}, line {line}"))
        else:
            decisions.append(Decision(**values))  # type: ignore[arg-type]  # the verdict was checked by _fault
    problems += duplicates(decisions, name)
    if problems:
        raise AnswersError(problems)
    return tuple(decisions)


def _columns_wanted() -> str:
    return f"Its columns are {', '.join(COLUMNS)}; the first four are needed."


def _fault(values: dict[str, str]) -> str:
    """Say what is wrong with one row, or nothing."""
    verdict, verdicts = values["decision"], get_args(Verdict)
    if verdict not in verdicts:
        return (
            f"The decision {verdict!r} is none of {', '.join(verdicts)}. {nearest(verdict, verdicts)}".strip()
        )
    empty = [column for column in ("answer_id", "coder") if not values[column]]
    if empty:
        return f"The row has no {' and no '.join(empty)}."
    if (verdict == "reviewed") == bool(values["theme"]):
        return (
            "A reviewed answer names no theme."
            if values["theme"]
            else f"The decision {verdict!r} needs a theme."
        )
    return ""


def duplicates(decisions: Iterable[Decision], where: str = "") -> list[Problem]:
    """Find answers and themes on which one coder decided twice."""
    counts = Counter((each.coder, each.answer_id, each.theme) for each in decisions)
    return [
        Problem(
            f"Coder {coder!r} decided {count} times on answer {answer!r}"
            + (f", theme {theme!r}." if theme else " (reviewed)."),
            where,
            "Keep one row.",
        )
        for (coder, answer, theme), count in sorted(counts.items())
        if count > 1
    ]


def write_decisions(decisions: Sequence[Decision], path: str | Path) -> None:
    """Write a decisions file whole; an older file of another content is kept beside it as ``….bak``."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(COLUMNS)
    writer.writerows(astuple(decision) for decision in decisions)
    content = out.getvalue().encode()
    target = Path(path)
    if target.exists() and (old := target.read_bytes()) != content:
        write_whole(target.with_name(target.name + ".bak"), old)
    write_whole(target, content)


def flagged_decisions(coded: CodedAnswers, decisions: Iterable[Decision]) -> Table:
    """List decisions that need a second look before they can be trusted.

    Returns:
        answer_id, theme, decision, coder, finding: the answer or theme is not here (another survey,
        another codebook), the answer's text or the theme has changed since, or coders contradict
        each other. In the order of the decisions.
    """
    answers = {answer.id: answer_hash(answer.text) for answer in coded.answers}
    themes = {theme.theme: theme_hash(theme) for theme, _ in coded.codebook.walk()}
    decisions = list(decisions)
    verdicts: dict[tuple[str, str], set[bool]] = defaultdict(set)
    for each in decisions:
        if each.theme:
            verdicts[each.answer_id, each.theme].add(each.decision != "drop")
    rows: list[tuple[Cell, ...]] = []
    for each in decisions:
        findings = []
        if each.answer_id not in answers:
            findings.append("no such answer in this survey")
        elif each.answer_hash and each.answer_hash != answers[each.answer_id]:
            findings.append("the answer's text has changed since")
        if each.theme and each.theme not in themes:
            findings.append("no such theme in this codebook")
        elif each.theme and each.theme_hash and each.theme_hash != themes[each.theme]:
            findings.append("the theme's definition or entries have changed since")
        if len(verdicts[each.answer_id, each.theme]) > 1:
            findings.append("coders contradict each other")
        rows += [(each.answer_id, each.theme, each.decision, each.coder, finding) for finding in findings]
    columns = ("answer_id", "theme", "decision", "coder", "finding")
    return Table(columns, tuple(rows), title="Decisions that need a second look")


_NOT_APPLIED = ("no such", "the answer's text", "coders contradict")


def apply_decisions(coded: CodedAnswers, decisions: Sequence[Decision] | str | Path) -> CodedAnswers:
    """Bring people's decisions into the coding; the same decisions give the same result at every re-run.

    ``drop`` sets the theme's hits in that answer aside, with coder and reason; ``confirm`` marks them
    confirmed; ``add`` adds a coding of the whole answer where no hit stands (else it confirms). Decisions
    on answers or themes that are not here, on answers whose text has changed, and those on which coders
    contradict each other are not applied; those on themes that have changed are, with a note.
    ``flagged_decisions`` lists all of these.

    Args:
        coded: The rules' coding.
        decisions: Decisions, or the path of a decisions file.

    Returns:
        A new coding; its notes say how many decisions were applied, overrode a rule, or were left out.

    Raises:
        AnswersError: The file is at fault, or one coder decided twice on one answer and theme.
    """
    if isinstance(decisions, str | Path):
        decisions = read_decisions(decisions)
    if problems := duplicates(decisions):
        raise AnswersError(problems)
    flags = flagged_decisions(coded, decisions)
    stopped = {
        (row["answer_id"], row["theme"], row["coder"])
        for row in flags
        if str(row["finding"]).startswith(_NOT_APPLIED)
    }
    chosen = {
        (each.answer_id, each.theme): each
        for each in sorted(decisions, key=lambda each: (each.decision == "confirm", each.coder), reverse=True)
        if each.theme and (each.answer_id, each.theme, each.coder) not in stopped
    }
    result, dropped, added = _applied(coded, chosen)
    named = [each for each in decisions if each.theme]
    left = len({(each.answer_id, each.theme, each.coder) for each in named} & stopped)
    notes = [
        f"People's decisions: {len(named)} read, {len(named) - left} applied; {added} codings added to what "
        f"the rules found, {dropped} of the rules' hits dropped."
    ]
    if left:
        notes.append(f"{left} decisions were not applied: see flagged_decisions().")
    changed = sum("have changed" in str(row["finding"]) for row in flags)
    if changed:
        notes.append(f"{changed} decisions are on themes that have changed since: see flagged_decisions().")
    return replace(result, notes=(*result.notes, *notes))


def _applied(coded: CodedAnswers, chosen: dict[tuple[str, str], Decision]) -> tuple[CodedAnswers, int, int]:
    """Give the coding after the decisions, and how many hits were dropped and codings added."""
    columns = coded.columns
    answer_at = {name: at for at, name in enumerate(coded.answers.answer_ids)}
    theme_at = {name: at for at, name in enumerate(coded.codebook.theme_ids)}
    verdict = {(answer_at[answer], theme_at[theme]): each for (answer, theme), each in chosen.items()}
    keys = list(zip(columns.answer.tolist(), columns.theme.tolist(), strict=True))
    found = set(keys)
    drop = np.array([key in verdict and verdict[key].decision == "drop" for key in keys], dtype=bool)
    sure = np.array([key in verdict and verdict[key].decision != "drop" for key in keys], dtype=bool)
    status = np.where(sure, STATUSES.index("confirmed"), columns.status).astype(np.int8)
    new = [key for key, each in verdict.items() if each.decision != "drop" and key not in found]
    labels = coded.entry_labels if "" in coded.entry_labels or not new else (*coded.entry_labels, "")
    changed = coded.with_codings(
        replace(columns, status=status),
        keep=~drop,
        added=[(answer, theme, labels.index("")) for answer, theme in sorted(new)] if new else [],
        entry_labels=labels,
        reasons={
            at: f"dropped by {verdict[keys[at]].coder}"
            + (f": {verdict[keys[at]].reason}" if verdict[keys[at]].reason else "")
            for at in np.flatnonzero(drop).tolist()
        },
    )
    return changed, int(drop.sum()), len(new)
