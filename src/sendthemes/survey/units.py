"""A sheet being read: its columns by any of their names, what is said of them, and which are one question."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from sendthemes.errors import unknown
from sendthemes.survey import headings
from sendthemes.survey.grid import Findings
from sendthemes.survey.layouts import Column, Key, Sheet
from sendthemes.survey.settings import Override, Settings


@dataclass(frozen=True, slots=True)
class People:
    """The respondents of a sheet."""

    ids: tuple[str, ...]  # their ids, in the order in which they first come
    of: Sequence[int]  # for each row of the sheet the position of its respondent; -1 where it is nobody's
    answer_id: Column | None = None  # the column that names the answers, where there is one


class Reader:
    """A sheet, what the caller says of it, where findings go, and why some columns are no questions."""

    def __init__(self, sheet: Sheet, settings: Settings, findings: Findings) -> None:
        self.sheet: Sheet = sheet
        self.settings: Settings = settings
        self.findings: Findings = findings
        self.facts: dict[Key, str] = {}
        self.people: People = People((), ())
        self._said: dict[Key, Override] = {}
        self._known: dict[str, list[Column]] = {}
        for column in sheet.columns:
            wording = "" if column.part else column.text
            self.learn([column], column.heading, column.id, wording, headings.own_id(column.heading))

    def learn(self, columns: Sequence[Column], *names: str) -> None:
        """Let columns be found by further names."""
        for name in {headings.folded(name) for name in names if name}:
            known = self._known.setdefault(name, [])
            known += [column for column in columns if column not in known]

    def find(self, name: str, argument: str, *, closed: bool = False) -> list[Column]:
        """Give the columns of a name; a fault where there is none, or where different questions bear it.

        In a long sheet a name of a question and a column is the question's, unless it is said to be closed.
        """
        folded = headings.folded(name)
        found = self._known.get(folded, [])
        if any(column.rows is not None for column in found):
            found = [column for column in found if (column.rows is None) == closed] or found
        exact = [column for column in found if headings.folded(column.heading) == folded]
        found = exact if len(exact) == 1 else found
        one_question = len({column.text for column in found}) == 1 and any(column.part for column in found)
        if not found:
            where = f"{self.sheet.place()}, {argument}"
            self.findings.add(unknown("column", name, self.names(), where, "no-column"))
        elif len(found) > 1 and not one_question:
            message = f"{len(found)} columns are called {name!r}."
            where = "; ".join(self.sheet.place(column=column) for column in found)
            self.findings.refuse(message, where, "Name them by id: see describe().", "ambiguous-column")
        return found

    def one(self, name: str, argument: str) -> Column | None:
        """Give the column of a name, the first of several; ``None`` where no name is given."""
        return next(iter(self.find(name, argument)), None) if name else None

    def names(self) -> list[str]:
        """All headings and ids."""
        columns = [column for group in self._known.values() for column in group]
        return sorted({name for column in columns for name in (column.heading, column.id) if name})

    def say(self, key: Key, override: Override) -> None:
        """Keep what is said of a column (or, under -1 and its wording, of a question of several)."""
        self._said[key] = override.over(self.said(key))

    def said(self, key: Key) -> Override:
        """Give what is said of a column or a question of several."""
        return self._said.get(key, Override())

    def tell(self, column: Column, problem: str, action: str) -> None:
        """Tell of something found in a column and how it was dealt with."""
        self.findings.tell(self.sheet.place(column=column), problem, action)


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
        if column.part and groups and groups[-1][0].text == column.text:
            groups[-1].append(column)
        elif column is not respondent:
            groups.append([column])
    found: list[Unit] = []
    place = 0
    for group in groups:
        head = group[0]
        aside = headings.is_metadata(head.heading, sheet.tool)
        aside = aside or headings.identifier(head.text) in {"name", "email"}
        place += not aside
        number, text = ("", head.text) if aside else headings.numbered(head.text)
        own = re.sub(r"(?:_\d+)?(?:_TEXT)?$", "", head.id) if head.part or len(group) > 1 else head.id
        made = headings.slug(head.text) if aside else f"q{place}"
        found.append(Unit(own or number or headings.own_id(head.text) or made, text, tuple(group)))
    ids = headings.unique(unit.id for unit in found)
    return [replace(unit, id=name) for name, unit in zip(ids, found, strict=True)]
