"""Decisions of people about the rules' coding, kept as data and applied at every run.

A decisions file has one row a decision. ``add`` and ``confirm`` say that a theme applies, ``drop``
that it does not; ``reviewed`` (without a theme) says that the coder read the answer for every theme: what the
coder did not add or confirm there does not apply, in the coder's view. Each theme is decided on for itself,
whatever stands over or under it. Hashes of the answer's text and of the theme's definition and entries tell
whether either has changed since.
"""

from __future__ import annotations

import csv
import io
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import astuple, dataclass, fields, replace
from pathlib import Path
from typing import Literal, get_args

import numpy as np

from sendthemes.codebook.model import Theme
from sendthemes.coding.code import CodedAnswers
from sendthemes.coding.codings import STATUSES
from sendthemes.errors import AnswersError, Problem, nearest
from sendthemes.files import digest, write_whole
from sendthemes.table import Table

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
# A spreadsheet would run these as formulas; an apostrophe before them, taken off when read, prevents it.
_FORMULA = re.compile("'*[=+@\\t\\r-]")
_DEFUSED = re.compile("'+[=+@\\t\\r-]")


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
    """Read a decisions file (CSV with the columns of ``Decision``, in any order; others are left aside).

    Args:
        path: The file; made by ``write_decisions``, the review page or by hand.

    Returns:
        The decisions in the file's order; of a file with headings only, none.

    Raises:
        AnswersError: All faults at once: a missing column, an unknown decision, a row without answer or
            coder, a theme that is missing, and two decisions of one coder on one answer and theme.
    """
    name = Path(path).name
    lines = read_csv_cells(path, "decisions file")
    head = [column.strip() for column in lines[0][1]] if lines else []
    missing = [column for column in COLUMNS[:4] if column not in head]
    if missing:
        raise AnswersError(
            Problem(
                f"The decisions file lacks the column {', '.join(missing)}.",
                name,
                f"Its columns are {', '.join(COLUMNS)}; the first four are needed.",
            )
        )
    problems: list[Problem] = []
    decisions: list[Decision] = []
    for line, cells in lines[1:]:
        row = dict(zip(head, cells, strict=False))
        values = {column: row.get(column, "") for column in COLUMNS}
        values |= {
            column: values[column].strip() for column in COLUMNS if column not in ("answer_id", "reason")
        }
        if fault := _fault(values):
            problems.append(Problem(fault, f"{name}, line {line}"))
        else:
            decisions.append(Decision(**values))  # type: ignore[arg-type]  # the verdict was checked by _fault
    problems += duplicates(decisions, name)
    if problems:
        raise AnswersError(problems)
    return tuple(decisions)


def read_csv_cells(path: str | Path, what: str) -> list[tuple[int, list[str]]]:
    """Read a CSV file that was written for people to fill in: (line, cells) of the rows that are not empty.

    Args:
        path: The file, in UTF-8.
        what: What it is ("decisions file"), for the messages.

    Raises:
        AnswersError: The file is not there, not UTF-8, or no CSV.
    """
    name = Path(path).name
    try:
        text = Path(path).read_bytes().decode("utf-8-sig")
        reader = csv.reader(io.StringIO(text, newline=""), strict=True)
        rows = [
            (reader.line_num, [cell[1:] if _DEFUSED.match(cell) else cell for cell in row]) for row in reader
        ]
    except (FileNotFoundError, IsADirectoryError):
        raise AnswersError(Problem(f"There is no such {what}.", str(path))) from None
    except UnicodeDecodeError:
        raise AnswersError(Problem("The file is not UTF-8 text.", name, "Save it as CSV UTF-8.")) from None
    except csv.Error as fault:
        raise AnswersError(Problem(f"The {what} is no CSV: {fault}.", name)) from None
    return [(line, row) for line, row in rows if any(row)]


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


def write_decisions(decisions: Sequence[Decision], path: str | Path, *, copy: bool = True) -> None:
    """Write a decisions file whole or not at all.

    Args:
        decisions: The rows, in order.
        path: The file.
        copy: Whether an older file of another content is kept beside it, as ``….bak``.
    """
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(COLUMNS)
    writer.writerows(
        ["'" + cell if _FORMULA.match(cell) else cell for cell in astuple(decision)] for decision in decisions
    )
    content = out.getvalue().encode()
    target = Path(path)
    if copy and target.exists() and (old := target.read_bytes()) != content:
        write_whole(target.with_name(target.name + ".bak"), old)
    write_whole(target, content)


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
    rows = [
        (each.answer_id, each.theme, each.decision, each.coder, finding)
        for each, findings in zip(decisions, _findings(coded, decisions), strict=True)
        for finding in findings
    ]
    columns = ("answer_id", "theme", "decision", "coder", "finding")
    return Table(columns, tuple(rows), title="Decisions that need a second look")


_NO_ANSWER, _NO_THEME = "no such answer in this survey", "no such theme in this codebook"
_TEXT_CHANGED = "the answer's text has changed since"
_THEME_CHANGED = "the theme's definition or entries have changed since"
_CONTRADICTED = "coders contradict each other"


def _findings(coded: CodedAnswers, decisions: Sequence[Decision]) -> list[list[str]]:
    """Say of each decision what makes it doubtful."""
    wanted = {each.answer_id for each in decisions}
    texts = zip(coded.answers.answer_ids, coded.answers.texts, strict=True)
    answers = {name: answer_hash(text) for name, text in texts if name in wanted}
    themes = {theme.theme: theme_hash(theme) for theme, _ in coded.codebook.walk()}
    disputed: dict[int, list[str]] = defaultdict(list)
    for (_, theme), said in _by_pair(decisions, tuple(themes)).items():
        if len({applies for applies, _ in said}) > 1:
            for _, at in said:
                disputed[at].append(theme)
    found: list[list[str]] = []
    for at, each in enumerate(decisions):
        findings = []
        if each.answer_id not in answers:
            findings.append(_NO_ANSWER)
        elif each.answer_hash and each.answer_hash != answers[each.answer_id]:
            findings.append(_TEXT_CHANGED)
        if each.theme and each.theme not in themes:
            findings.append(_NO_THEME)
        elif each.theme and each.theme_hash and each.theme_hash != themes[each.theme]:
            findings.append(_THEME_CHANGED)
        if at in disputed:
            findings.append(_CONTRADICTED + ("" if each.theme else f" on {', '.join(disputed[at])}"))
        found.append(findings)
    return found


Pair = tuple[str, str]  # answer id and theme


def _by_pair(decisions: Sequence[Decision], themes: Sequence[str]) -> dict[Pair, list[tuple[bool, int]]]:
    """Give for each answer and theme what was said: whether the theme applies, and the decision's place.

    A reviewed answer says no of every theme that its coder does not name.
    """
    named = {(each.coder, each.answer_id, each.theme) for each in decisions}
    said: dict[Pair, list[tuple[bool, int]]] = defaultdict(list)
    for at, each in enumerate(decisions):
        for theme in [each.theme] if each.theme else themes:
            if each.theme or (each.coder, each.answer_id, theme) not in named:
                said[each.answer_id, theme].append((bool(each.theme) and each.decision != "drop", at))
    return said


def settled(coded: CodedAnswers, decisions: Sequence[Decision]) -> dict[Pair, tuple[bool, Decision]]:
    """Give what people said that stands: (answer id, theme) → whether the theme applies, and who says so.

    Left out: answers and themes that are not here, answers whose text has changed, contradictions.
    """
    themes = coded.codebook.theme_ids
    stopped = [
        any(finding in (_NO_ANSWER, _NO_THEME, _TEXT_CHANGED) for finding in findings)
        for findings in _findings(coded, decisions)
    ]
    stands: dict[Pair, tuple[bool, Decision]] = {}
    for pair, said in _by_pair(decisions, themes).items():
        if len({applies for applies, _ in said}) == 1 and not any(stopped[at] for _, at in said):
            deciding = [decisions[at] for _, at in said]
            stands[pair] = said[0][0], min(deciding, key=lambda each: (not each.theme, each.coder))
    return stands


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
        AnswersError: The file is at fault, or one coder decided twice on one answer and theme.
    """
    if isinstance(decisions, str | Path):
        decisions = read_decisions(decisions)
    if problems := duplicates(decisions):
        raise AnswersError(problems)
    result, dropped, added = _applied(coded, settled(coded, decisions))
    findings = _findings(coded, decisions)
    left = sum(any(each != _THEME_CHANGED for each in of_one) for of_one in findings)
    changed = sum(_THEME_CHANGED in of_one for of_one in findings)
    notes = [
        f"People's decisions: {len(decisions)} read; {added} codings added to what the rules found, "
        f"{dropped} of the rules' hits dropped."
    ]
    if left:
        notes.append(f"Decisions not applied, or not wholly: {left} (see sendthemes check).")
    if changed:
        notes.append(f"Decisions on themes that have changed since: {changed} (see sendthemes check).")
    return replace(result, notes=(*result.notes, *notes))


def _applied(
    coded: CodedAnswers, stands: Mapping[Pair, tuple[bool, Decision]]
) -> tuple[CodedAnswers, int, int]:
    """Give the coding after the decisions, and how many hits were dropped and codings added."""
    columns = coded.columns
    answer_at = {name: at for at, name in enumerate(coded.answers.answer_ids)}
    theme_at = {name: at for at, name in enumerate(coded.codebook.theme_ids)}
    verdict = {(answer_at[answer], theme_at[theme]): said for (answer, theme), said in stands.items()}
    keys = list(zip(columns.answer.tolist(), columns.theme.tolist(), strict=True))
    found = set(keys)
    unsaid = (None, None)
    drop = np.array([verdict.get(key, unsaid)[0] is False for key in keys], dtype=bool)
    sure = np.array([verdict.get(key, unsaid)[0] is True for key in keys], dtype=bool)
    sure &= columns.status != STATUSES.index("added")
    status = np.where(sure, STATUSES.index("confirmed"), columns.status).astype(np.int8)
    new = sorted(key for key, (applies, _) in verdict.items() if applies and key not in found)
    labels = coded.entry_labels if "" in coded.entry_labels or not new else (*coded.entry_labels, "")
    changed = coded.with_codings(
        columns._replace(status=status),
        keep=~drop,
        added=[(answer, theme, labels.index("")) for answer, theme in new],
        entry_labels=labels,
        reasons={at: _reason(verdict[keys[at]][1]) for at in np.flatnonzero(drop).tolist()},
    )
    return changed, int(drop.sum()), len(new)


def _reason(decision: Decision) -> str:
    return f"dropped by {decision.coder}" + (f": {decision.reason}" if decision.reason else "")
