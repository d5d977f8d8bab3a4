"""What the caller says about a source, in arguments and in survey.yml, as one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from types import MappingProxyType
from typing import Any, TypeVar, get_args

from sendthemes.errors import AnswersError, Problem, unknown
from sendthemes.survey.answers import Kind, Question
from sendthemes.survey.grid import as_text

KINDS: tuple[Kind, ...] = get_args(Kind)
IDENTIFIERS = ("name", "email", "la", "school")
LAYOUTS = ("auto", "wide", "long")
Word = TypeVar("Word", bound=str)


@dataclass(frozen=True, slots=True)
class Override:
    """What is said about one column or question; what is not said is ``None`` and left to be inferred.

    Attributes:
        id: Its id.
        text: Its wording.
        label: Its short title.
        kind: Its kind.
        closed: Whether it is at any rate closed.
        levels: Its levels in order.
        options: The list by which joined cells are split.
        delimiter: What stands between joined options.
        section: The part of the survey it stands in.
        parent: The id of the question that it follows up.
        asked_if: Routing: (question, levels).
    """

    id: str | None = None
    text: str | None = None
    label: str | None = None
    kind: Kind | None = None
    closed: bool | None = None
    levels: tuple[str, ...] | None = None
    options: tuple[str, ...] | None = None
    delimiter: str | None = None
    section: str | None = None
    parent: str | None = None
    asked_if: tuple[str, tuple[str, ...]] | None = None

    def told(self, question: Question) -> Question:
        """Give a question with what is said of its name, wording and place (not of its kind)."""
        names = ("id", "text", "label", "section", "parent", "asked_if")
        said = {name: value for name in names if (value := getattr(self, name)) is not None}
        return replace(question, **said)

    def over(self, other: Override) -> Override:
        """Give what this one says and, where it is silent, what the other says."""
        said = {each.name: getattr(self, each.name) for each in fields(self)}
        return replace(other, **{name: value for name, value in said.items() if value is not None})


@dataclass(frozen=True, slots=True)
class Settings:
    """All that is said about a source.

    Attributes:
        layout: "auto", "wide" or "long".
        sheet: The sheet of a workbook; empty for the fullest.
        respondent: The column of respondent ids; empty to find it.
        question: Long layout: the column of questions.
        answer: Long layout: the column of answers.
        answer_id: Long layout: the column of answer ids.
        identifiers: Kind → columns that hold such identifiers.
        overrides: Column or question, by id, heading or wording → what is said about it.
        consent: The column that says whether a respondent's words may be published.
        weight: The column of weights.
        null_like: More wordings that say nothing.
        wave: The name of this wave; empty for a single survey.
    """

    layout: str = "auto"
    sheet: str = ""
    respondent: str = ""
    question: str = ""
    answer: str = ""
    answer_id: str = ""
    identifiers: Mapping[str, tuple[str, ...]] = field(default_factory=lambda: MappingProxyType({}))
    overrides: Mapping[str, Override] = field(default_factory=lambda: MappingProxyType({}))
    consent: str = ""
    weight: str = ""
    null_like: tuple[str, ...] = ()
    wave: str = ""

    def over(self, other: Settings) -> Settings:
        """Give what this one says and, where it is silent, what the other says."""
        said = {each.name: getattr(self, each.name) for each in fields(self)}
        kept = {name: value for name, value in said.items() if value and (name, value) != ("layout", "auto")}
        kept["overrides"] = dict(other.overrides)
        for name, override in self.overrides.items():
            kept["overrides"][name] = override.over(other.overrides.get(name, Override()))
        kept["identifiers"] = {**other.identifiers, **self.identifiers}
        return replace(other, **kept)


def from_arguments(
    *,
    questions: Sequence[str] | None,
    variables: Sequence[str] | None,
    levels: Mapping[str, Sequence[str]] | None,
    options: Mapping[str, Sequence[str]] | None,
    kinds: Mapping[str, str] | None,
    identifiers: Mapping[str, Sequence[str] | str] | None,
    null_like: Sequence[str] = (),
    **single: str | None,
) -> Settings:
    """Gather the arguments of ``read_answers``; AnswersError names every one that is not of its form."""
    faults: list[Problem] = []
    overrides: dict[str, Override] = {}

    def names(value: Sequence[str] | None, argument: str) -> tuple[str, ...]:
        value = () if value is None else value
        if isinstance(value, str) or not all(isinstance(name, str | int | float) for name in value):
            message = f"A list of texts is expected; found {value!r}."
            faults.append(Problem(message, argument, "Write it as ['…']."))
            return ()
        return tuple(as_text(name) or "" for name in value)

    def pairs(value: object, argument: str) -> list[tuple[str, Any]]:
        if isinstance(value, Mapping):
            return list(value.items())
        if value is not None:
            message = f"A mapping is expected; found {value!r}."
            faults.append(Problem(message, argument, "Write it as {'question': …}."))
        return []

    def say(name: str, said: Override) -> None:
        overrides[name] = said.over(overrides.get(name, Override()))

    def one_of(word: str | None, choices: Sequence[Word], what: str, where: str) -> Word | None:
        found = next((choice for choice in choices if choice == word), None)
        if found is None:
            faults.append(unknown(what, str(word), choices, where, listed=True))
        return found

    for name in names(questions, "questions="):
        say(name, Override(kind="open"))
    for name in names(variables, "variables="):
        if name in overrides:
            message = f"{name!r} is named in questions= and in variables=."
            faults.append(Problem(message, remedy="Name it in one of them."))
        say(name, Override(closed=True))
    for name, these in pairs(levels, "levels="):
        say(name, Override(levels=names(these, f"levels[{name!r}]")))
    for name, these in pairs(options, "options="):
        say(name, Override(kind="multiple", options=names(these, f"options[{name!r}]")))
    for name, kind in pairs(kinds, "kinds="):
        say(name, Override(kind=one_of(kind, KINDS, "kind", f"kinds[{name!r}]")))
    known: dict[str, tuple[str, ...]] = {}
    for kind, columns in pairs(identifiers, "identifiers="):
        one_of(kind, IDENTIFIERS, "kind of identifier", "identifiers=")
        known[kind] = names([columns] if isinstance(columns, str) else columns, f"identifiers[{kind!r}]")
    one_of(single.get("layout"), LAYOUTS, "layout", "layout=")
    nothing = names(null_like, "null_like=")
    if faults:
        raise AnswersError(faults)
    texts: dict[str, Any] = {name: value or "" for name, value in single.items()}
    return Settings(overrides=overrides, identifiers=known, null_like=nothing, **texts)
