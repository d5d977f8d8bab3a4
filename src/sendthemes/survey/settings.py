"""What is said about a source, in arguments and in survey.yml: one set of records for both.

Every value is text as written: ``levels: [No, Yes]`` holds the words No and Yes.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Annotated, Any, ClassVar, Literal, Self

from pydantic import BeforeValidator, Field

from sendthemes.errors import AnswersError, Problem
from sendthemes.strict_yaml.read import read_file, read_mapping
from sendthemes.strict_yaml.records import Record, read_record
from sendthemes.strict_yaml.source import Misread, Source
from sendthemes.survey.answers import Kind, Question


def _text(value: Any) -> Any:
    """Take what YAML or Python reads as a number, a date or a truth value as the text that was meant."""
    if isinstance(value, Misread):
        return value.text
    if isinstance(value, bool | int | float):
        return str(value).lower()
    return value


def _texts(value: Any) -> Any:
    """Take anything that can be gone through, but text, as a list."""
    listed = isinstance(value, Iterable) and not isinstance(value, str | Mapping)
    return list(value) if listed else value


Text = Annotated[str, BeforeValidator(_text)]
Texts = Annotated[tuple[Text, ...], BeforeValidator(_texts)]
OneOrMore = Annotated[Texts, BeforeValidator(lambda value: [value] if isinstance(value, str) else value)]


class _Said(Record):
    """A record in which what is empty is not said."""

    def over(self, other: Self) -> Self:
        """Give what this one says and, where it is silent, what the other says."""
        return other.model_copy(update={name: value for name, value in self if value and value != "auto"})


class Routing(_Said):
    """Of whom a question is asked: of those who gave one of these answers to another."""

    called: ClassVar[str] = "asked_if"
    question: Text
    levels: Texts


class Override(_Said):
    """What is said about one column or question; what is not said is left to be inferred."""

    called: ClassVar[str] = "a question"
    id: Text = ""
    text: Text = ""
    column: Text = Field(default="", description="What stands above it, where that is not the text.")
    label: Text = Field(default="", description="A short title.")
    kind: Kind | None = None
    closed: bool = Field(default=False, description="Whether it is at any rate closed.")
    levels: Texts = Field(default=(), description="Its levels in order.")
    options: Texts = Field(default=(), description="The list by which joined cells are split.")
    delimiter: Text = Field(default="", description="What stands between joined options.")
    section: Text = Field(default="", description="The part of the survey it stands in.")
    parent: Text = Field(default="", description="The id of the question that it follows up.")
    other: Text = Field(default="", description="The column of its text box for other answers.")
    asked_if: Routing | None = Field(default=None, description="Routing.")

    def told(self, question: Question) -> Question:
        """Give a question with what is said of its name, wording and place (not of its kind)."""
        said = {name: getattr(self, name) for name in ("id", "text", "label", "section", "parent")}
        asked = (self.asked_if.question, self.asked_if.levels) if self.asked_if else None
        return replace(question, asked_if=asked, **{name: value for name, value in said.items() if value})


class Identifiers(_Said):
    """Columns that hold the names of people and places, by kind."""

    called: ClassVar[str] = "'identifiers'"
    name: OneOrMore = ()
    email: OneOrMore = ()
    la: OneOrMore = ()
    school: OneOrMore = ()


class _Source(_Said):
    """What arguments and survey.yml say in the same words."""

    layout: Literal["auto", "wide", "long"] = "auto"
    sheet: Text = Field(default="", description="The sheet of a workbook; empty for the fullest.")
    respondent: Text = Field(default="", description="The column of respondent ids; empty to find it.")
    question: Text = Field(default="", description="Long layout: the column of questions.")
    answer: Text = Field(default="", description="Long layout: the column of answers.")
    answer_id: Text = Field(default="", description="Long layout: the column of answer ids.")
    identifiers: Identifiers = Identifiers()
    null_like: Texts = Field(default=(), description="More wordings that say nothing.")
    wave: Text = Field(default="", description="The name of this wave; empty for a single survey.")


class Settings(_Source):
    """All that is said about a source."""

    called: ClassVar[str] = "a survey.yml"
    survey: Text = Field(default="", description="A title; not used.")
    consent: Text = Field(default="", description="The column that says whether the words may be published.")
    weight: Text = Field(default="", description="The column of weights.")
    questions: tuple[Override, ...] = ()

    @property
    def overrides(self) -> dict[str, Override]:
        """Column or question, by id, heading or wording → what is said about it."""
        found: dict[str, Override] = {}
        for each in self.questions:
            name = each.column or each.text or each.id
            found[name] = each
            if each.other:
                parent = each.id or name
                found[each.other] = Override(id=f"{parent}_other", kind="open", parent=parent)
        return found

    def before(self, other: Self) -> Self:
        """Give what these say and, where they are silent, what the others say, question by question."""
        known = other.overrides
        said = {name: each.over(known.get(name, Override())) for name, each in self.overrides.items()}
        questions = [each.model_copy(update={"column": name}) for name, each in (known | said).items()]
        update = {"questions": tuple(questions), "identifiers": self.identifiers.over(other.identifiers)}
        return self.over(other).model_copy(update=update)


class _Arguments(_Source):
    """The arguments of ``read_answers``."""

    called: ClassVar[str] = "read_answers()"
    questions: Texts = ()
    variables: Texts = ()
    levels: dict[Text, Texts] = Field(default_factory=dict)
    options: dict[Text, Texts] = Field(default_factory=dict)
    kinds: dict[Text, Kind] = Field(default_factory=dict)

    def settings(self) -> Settings:
        """Give them as settings."""
        found: dict[str, dict[str, Any]] = {}
        for field, given in (
            ("kind", dict.fromkeys(self.questions, "open")),
            ("closed", dict.fromkeys(self.variables, True)),
            ("levels", self.levels),
            ("options", self.options),
            ("kind", dict.fromkeys(self.options, "multiple")),
            ("kind", self.kinds),
        ):
            for name, value in given.items():
                found.setdefault(name, {})[field] = value
        questions = tuple(Override(column=name, **said) for name, said in found.items())
        shared = {name: getattr(self, name) for name in _Source.model_fields}
        return Settings(questions=questions, **shared)


def from_arguments(**arguments: Any) -> Settings:
    """Gather the arguments of ``read_answers``; AnswersError names every one that is not of its form."""
    given = {name: value for name, value in arguments.items() if value is not None}
    read = read_record(_Arguments, Source("read_answers()", AnswersError, data=given))
    if both := [name for name in read.questions if name in read.variables]:
        remedy = "Name it in one of them."
        faults = [Problem(f"{name!r} is named in questions= and in variables=.", "", remedy) for name in both]
        raise AnswersError(faults)
    return read.settings()


def load_survey(source: str | Path | Mapping[str, Any]) -> Settings:
    """Read a survey.yml, or its content as a mapping.

    AnswersError names every fault with its line: an unknown key, a kind that is none, a list that is no list.
    """
    if isinstance(source, Mapping):
        read = read_mapping(source, Source("survey", AnswersError))
    else:
        read = read_file(Path(source), "survey", AnswersError)
    if read.data is None:
        read.data = {}
    return read_record(Settings, read, _unnamed(read))


def _unnamed(source: Source) -> Iterator[Problem]:
    """Find questions without a name, and those that are here twice."""
    seen = set()
    listed = source.data.get("questions") if isinstance(source.data, dict) else None
    for at, each in enumerate(listed if isinstance(listed, list) else ()):
        if isinstance(each, dict):
            where = source.where(("questions", at))
            name = next((str(_text(each[key])) for key in ("column", "text", "id") if each.get(key)), "")
            if not name:
                message = "The question has no text, column or id to find it by."
                yield Problem(message, where, "Add text: …", "no-name")
            elif name in seen:
                message = f"The question {name!r} is here twice."
                yield Problem(message, where, "Keep one.", "duplicate-question")
            seen.add(name)
