"""People: whose a row is, how they are named, and what is known of them beside their answers."""

from __future__ import annotations

import itertools
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from sendthemes.survey import headings, kinds
from sendthemes.survey.answers import Answers
from sendthemes.survey.bases import is_null_like
from sendthemes.survey.grid import blank
from sendthemes.survey.layouts import Column
from sendthemes.survey.packed import Cell
from sendthemes.survey.units import People, Reader

_NOBODY = frozenset({"anonymous", "other", "prefer not to say", "no", "yes"})
_REFUSALS = frozenset({"no", "n", "false", "0", "none", "confidential", "not selected", "unchecked"})


@dataclass(frozen=True, slots=True)
class About:
    """The columns that say who the respondents are, what they agreed to, and how much each counts."""

    # kind → the columns of names, addresses, authorities or schools
    identifiers: Mapping[str, Sequence[Column]]
    consent: Column | None  # the column that says whether the words may be published
    weight: Column | None

    def told(self, answers: Answers, reader: Reader) -> Answers:
        """Give answers with identifiers, consents and weights."""
        known = {kind: _values(group, reader.people) for kind, group in self.identifiers.items()}
        cells = {column.key: column.cells for column in reader.sheet.columns}
        quotable, weights = None, None
        if self.consent is not None:
            said = cells[self.consent.key]
            quotable = tuple(not blank(cell) and not _refuses(cell or "") for cell in said)
            refused = f"{quotable.count(False)} of {len(quotable)} respondents did not agree to be published."
            reader.tell(self.consent, refused, "Their answers are counted, never quoted.")
        if self.weight is not None:
            weights = _weights(self.weight, cells[self.weight.key], reader)
        return replace(answers, identifiers=known, quotable=quotable, weights=weights)


def about(reader: Reader, taken: Sequence[Column | None]) -> About:
    """Find the columns about respondents: those named, and those whose headings tell.

    ``taken`` make the layout: respondent, question, answer. The reader learns which columns are facts.
    """
    known: dict[str, list[Column]] = {}
    for kind, names in reader.settings.identifiers:
        for name in names:
            known.setdefault(kind, []).extend(reader.find(name, f"identifiers[{kind!r}]"))
    named = {column.key for group in known.values() for column in group}
    free = [column for column in reader.sheet.columns if not any(column is each for each in taken)]
    for column in free:
        kind = headings.identifier(column.heading)
        if kind and column.key not in named:
            known.setdefault(kind, []).append(column)
    consent, weight = (reader.one(getattr(reader.settings, name), name) for name in ("consent", "weight"))
    if not reader.settings.consent:
        consent = next((column for column in free if _asks_consent(column)), None)
    for kind, group in known.items():
        reader.facts |= {column.key: f"identifies: {kind}" for column in group}
    if consent:
        reader.facts[consent.key] = "asks whether the answers may be published"
    if weight:
        reader.facts[weight.key] = "the weights"
    return About(known, consent, weight)


def respondent_column(reader: Reader) -> Column | None:
    """Find the column of respondent ids: the one named, else the likeliest that is not blank."""
    if reader.settings.respondent:
        return reader.one(reader.settings.respondent, "respondent=")
    columns = reversed(reader.sheet.columns)
    keys = {headings.key(column.heading): column for column in columns if not column.part}
    likely = (keys[name] for name in headings.respondent_ids() if name in keys)
    return next((column for column in likely if not all(map(blank, column.cells))), None)


def one_a_row(reader: Reader, column: Column | None) -> People:
    """Give the respondents of a sheet of one row each; an id that comes twice refuses it."""
    sheet, findings = reader.sheet, reader.findings
    rows, word = range(len(sheet.rows)), sheet.grid.row_word
    if column is None:
        action = "Respondents are numbered in the order of the rows."
        findings.tell(sheet.place(), "No column of respondent ids.", action)
        return People(tuple(str(row + 1) for row in rows), rows)

    def called(row: int) -> str:
        return f"{word} {sheet.grid.rows[sheet.rows[row]]}"

    unnamed = [sheet.place(row, column) for row in rows if blank(column.cells[row])]
    findings.tell_many(unnamed, "No respondent id.", f"Called by the {word}, as '{word} 3'.")
    ids = [called(row) if blank(cell) else (cell or "").strip() for row, cell in enumerate(column.cells)]
    if any(name == after for name, after in itertools.pairwise(sorted(ids))):  # a set of a million is large
        first: dict[str, int] = {}
        remedy = "Take one out, name another column with respondent=, or read with layout='long'."
        for row, name in enumerate(ids):
            if first.setdefault(name, row) != row:
                message = f"Respondent {name!r} is here twice, first in {called(first[name])}."
                findings.refuse(message, sheet.place(row, column), remedy, "duplicate-respondent")
    return People(tuple(ids), rows)


def _asks_consent(column: Column) -> bool:
    if column.follows or not headings.says(column.heading, "consent"):
        return False
    return 0 < len({cell.strip() for cell in column.cells if cell is not None and not blank(cell)}) <= 6


def _refuses(cell: str) -> bool:
    words = re.findall(r"\w+", headings.folded(cell).replace("'", ""))
    said = " ".join(words)
    return (
        not cell.strip(" .,-–—")
        or said in _REFUSALS
        or words[:1] in (["no"], ["never"], ["nobody"])
        or "dont" in words
        or any(refusal in said for refusal in ("do not", "not publish", "not consent"))
    )


def _weights(column: Column, cells: Sequence[Cell], reader: Reader) -> tuple[float, ...]:
    read = [kinds.number(cell or "") for cell in cells]
    first_rows = {at: row for row, at in reversed(list(enumerate(reader.people.of)))}
    for at, weight in enumerate(read):
        if weight is None or not 0 <= weight < float("inf"):
            message = "The weight is blank." if blank(cells[at]) else f"{cells[at]!r} is no weight."
            remedy = "Give every respondent a number of 0 or more."
            reader.findings.refuse(message, reader.sheet.place(first_rows[at], column), remedy, "bad-weight")
    return tuple(weight or 0.0 for weight in read)


def _values(columns: Sequence[Column], people: People) -> tuple[tuple[str, ...], ...]:
    """Gather each respondent's values over columns and rows, without "anonymous" and its like."""
    known: list[dict[str, None]] = [{} for _ in people.ids]
    for row, at in enumerate(people.of):
        for column in columns if at >= 0 else ():
            value = (column.cells[row] or "").strip()
            if value and not blank(value) and value.casefold() not in _NOBODY and not is_null_like(value):
                known[at][value] = None
    return tuple(map(tuple, known))
