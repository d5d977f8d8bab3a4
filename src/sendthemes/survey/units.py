"""Units: which columns are one question, what it is called, and how it is found by any of its names."""

from __future__ import annotations

import re
from dataclasses import dataclass

from sendthemes.errors import nearest
from sendthemes.survey import headings
from sendthemes.survey.grid import Findings, blank
from sendthemes.survey.layouts import Column, Sheet
from sendthemes.survey.settings import Settings

Key = tuple[int, str]


@dataclass(frozen=True, slots=True)
class Unit:
    """One question of the survey with the columns it is spread over."""

    id: str
    text: str
    columns: tuple[Column, ...]


def units(sheet: Sheet, respondent: Column | None) -> list[Unit]:
    """Bring columns together as questions and give each an id.

    An id is the source's own (``Q2`` of Qualtrics, a one-word heading such as ``training``), or made of the
    question's number ("Q27. How …" is q27), or of its place among the questions (q1, q2, …; columns that
    tools add, names and e-mail addresses are not counted).
    """
    groups: list[list[Column]] = []
    for column in sheet.columns:
        if column is respondent:
            continue
        if column.part and groups and groups[-1][0].text == column.text:
            groups[-1].append(column)
        else:
            groups.append([column])
    names: list[str] = []
    texts: list[str] = []
    place = 0
    for group in groups:
        head = group[0]
        aside = headings.is_metadata(head.heading, sheet.tool) or headings.identifier(head.text) in {
            "name",
            "email",
        }
        place += not aside
        number, text = ("", head.text) if aside else headings.numbered(head.text)
        source = (
            re.sub(r"(?:_\d+)?(?:_TEXT)?$", "", head.id)
            if head.id and (head.part or len(group) > 1)
            else head.id
        )
        names.append(
            source
            or number
            or headings.own_id(head.text)
            or (headings.slug(head.text) if aside else f"q{place}")
        )
        texts.append(text)
    return [
        Unit(name, text, tuple(group))
        for name, text, group in zip(headings.unique(names), texts, groups, strict=True)
    ]


class Finder:
    """Finds columns and questions by any of their names."""

    def __init__(self, sheet: Sheet, findings: Findings) -> None:
        self._sheet, self._findings = sheet, findings
        self._known: dict[str, list[Column]] = {}

    def learn(self, column: Column, *names: str) -> None:
        """Let a column be found by further names."""
        for name in {headings.folded(name) for name in names if name}:
            known = self._known.setdefault(name, [])
            if column not in known:
                known.append(column)

    def find(self, name: str, argument: str) -> list[Column]:
        """Give the columns of a name; a fault where there is none, or where different questions bear it."""
        found = self._known.get(headings.folded(name), [])
        exact = [column for column in found if headings.folded(column.heading) == headings.folded(name)]
        found = exact if len(exact) == 1 else found
        if not found:
            self._findings.refuse(
                f"There is no column {name!r}.",
                f"{self._sheet.place()}, {argument}",
                nearest(name, self.names()),
                "no-column",
            )
        elif len(found) > 1 and (
            len({column.text for column in found}) > 1 or not any(column.part for column in found)
        ):
            self._findings.refuse(
                f"{len(found)} columns are called {name!r}.",
                "; ".join(self._sheet.place(column=column) for column in found),
                "Name them by id: see describe().",
                "ambiguous-column",
            )
        return found

    def names(self) -> list[str]:
        """All headings, ids and wordings."""
        return sorted(
            {
                name
                for columns in self._known.values()
                for column in columns
                for name in (column.heading, column.id)
                if name
            }
        )


def respondent_column(sheet: Sheet, settings: Settings, finder: Finder) -> Column | None:
    """Find the column of respondent ids: the one named, else the likeliest that is filled and wide enough."""
    if settings.respondent:
        return single(finder, settings.respondent, "respondent=")
    keys = {headings.key(column.heading): column for column in reversed(sheet.columns) if not column.part}
    for name in headings.RESPONDENT_IDS:
        column = keys.get(name)
        if column is not None and not all(map(blank, column.cells)):
            return column
    return None


def single(finder: Finder, name: str, argument: str) -> Column | None:
    found = finder.find(name, argument) if name else []
    return found[0] if found else None
