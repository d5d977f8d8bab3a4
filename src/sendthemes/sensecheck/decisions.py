"""Decisions of people about the rules' coding, kept as data in a file.

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
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import astuple, dataclass, fields
from pathlib import Path
from typing import Literal, get_args

from sendthemes.codebook.model import Theme
from sendthemes.errors import AnswersError, Problem, nearest
from sendthemes.files import digest, write_whole
from sendthemes.survey.csv_file import read_csv
from sendthemes.survey.grid import Findings
from sendthemes.survey.workbook import read_workbook

Verdict = Literal["add", "drop", "confirm", "reviewed"]


@dataclass(frozen=True, slots=True)
class Decision:
    """One decision of one coder."""

    answer_id: str
    theme: str  # empty for "reviewed"
    decision: Verdict
    coder: str  # who decided (a code or initials)
    time: str = ""  # as the coder's tool wrote it (ISO 8601); may be empty
    reason: str = ""  # in the coder's words; may be empty
    answer_hash: str = ""  # of the answer's text then; empty if unknown
    theme_hash: str = ""  # of the theme's definition and entries then; empty if unknown


COLUMNS = tuple(field.name for field in fields(Decision))
# A spreadsheet would run these as formulas; an apostrophe before them, taken off when read, prevents it.
_FORMULA = re.compile("'*[=+@\\t\\r-]")
_DEFUSED = re.compile("^'(?='*[=+@\\t\\r-])")


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
    """Read a decisions file (the columns of ``Decision``, in any order; others are left aside).

    Args:
        path: A CSV file or workbook, made by ``write_decisions``, the review page or by hand.

    Returns:
        The decisions in the file's order; of a file with headings only, none.

    Raises:
        AnswersError: All faults at once: a missing column, an unknown decision, a row without answer or
            coder, a theme that is missing, and two decisions of one coder on one answer and theme.
    """
    name = Path(path).name
    head, rows = read_cells(path, "decisions file")
    if missing := [column for column in COLUMNS[:4] if column not in head]:
        told = f"The decisions file lacks the column {', '.join(missing)}."
        remedy = f"Its columns are {', '.join(COLUMNS)}; the first four are needed."
        raise AnswersError(Problem(told, name, remedy))
    problems: list[Problem] = []
    decisions: list[Decision] = []
    for where, row in rows:
        values = {column: row.get(column, "") for column in COLUMNS}
        values |= {name: values[name].strip() for name in COLUMNS if name not in ("answer_id", "reason")}
        if fault := _fault(values):
            problems.append(Problem(fault, where))
        else:
            decisions.append(Decision(**values))  # type: ignore[arg-type]  # the verdict was checked by _fault
    problems += duplicates(decisions, name)
    if problems:
        raise AnswersError(problems)
    return tuple(decisions)


def read_cells(path: str | Path, what: str) -> tuple[list[str], list[tuple[str, dict[str, str]]]]:
    """Read a file that people filled in: its columns, and (place, cells) of each row.

    It is a CSV file, as any spreadsheet saves it, or a workbook (its sheet "Coding", else the fullest).
    ``AnswersError``: there is no such file (``what`` says of which kind), or it cannot be read.
    """
    path = Path(path)
    if not path.is_file():
        raise AnswersError(Problem(f"There is no such {what}.", str(path)))
    if path.suffix.lower() in {".xlsx", ".xlsm"}:
        try:
            grid = read_workbook(path, Findings(), sheet="Coding")
        except AnswersError:  # a CSV file that was saved as a workbook has a sheet of the file's name
            grid = read_workbook(path, Findings())
    else:
        grid = read_csv(path, Findings())
    lines = [[_DEFUSED.sub("", cell or "", count=1) for cell in grid.row(at)] for at in range(grid.height)]
    head = [name.strip() for name in lines[0]] if lines else []
    numbered = zip(grid.rows, lines, strict=True)
    where = f"{path.name}, {grid.row_word}"
    read = [(f"{where} {line}", dict(zip(head, row, strict=True))) for line, row in numbered if any(row)]
    return head, read[1:]


def _fault(values: dict[str, str]) -> str:
    """Say what is wrong with one row, or nothing."""
    verdict, verdicts = values["decision"], get_args(Verdict)
    if verdict not in verdicts:
        told = f"The decision {verdict!r} is none of {', '.join(verdicts)}. {nearest(verdict, verdicts)}"
        return told.strip()
    empty = [column for column in ("answer_id", "coder") if not values[column]]
    if empty:
        return f"The row has no {' and no '.join(empty)}."
    if (verdict == "reviewed") == bool(values["theme"]):
        needs = f"The decision {verdict!r} needs a theme."
        return "A reviewed answer names no theme." if values["theme"] else needs
    return ""


def duplicates(decisions: Iterable[Decision], where: str = "") -> list[Problem]:
    """Find answers and themes on which one coder decided twice."""
    counts = Counter((each.coder, each.answer_id, each.theme) for each in decisions)
    twice = [(*key, count) for key, count in sorted(counts.items()) if count > 1]
    return [
        Problem(f"Coder {coder!r} decided {count} times on answer {answer!r}{of}.", where, "Keep one row.")
        for coder, answer, theme, count in twice
        for of in (f", theme {theme!r}" if theme else " (reviewed)",)
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
