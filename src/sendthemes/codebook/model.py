"""The codebook as records: what a theme is and by which entries it is found.

These models are the one definition of the YAML format: ``load.py`` reads files through them, and the JSON
Schema for editors is made from them.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from typing import Annotated, Any, ClassVar, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, StrictBool, StrictInt, model_validator
from pydantic_core import PydanticCustomError

from sendthemes.codebook.entries import content_faults, option_faults
from sendthemes.errors import Problem, nearest
from sendthemes.table import Table

EntryKind = Literal["word", "form", "exact", "near", "sequence", "all", "regex", "tokens"]
PartOfSpeech = Literal["noun", "verb", "adjective", "adverb"]
Negated = Literal["count", "drop", "separate"]
Echo = Literal["count", "flag", "drop"]
Identifier = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9_-]*$", max_length=100)]
Wording = Annotated[str, Field(min_length=1)]
Wordings = tuple[Wording, ...]
KINDS: tuple[EntryKind, ...] = ("word", "form", "exact", "near", "sequence", "all", "regex", "tokens")


class _Record(BaseModel):
    """A frozen record of the YAML; unknown keys are refused."""

    model_config: ClassVar[ConfigDict] = ConfigDict(frozen=True, extra="forbid")

    @model_validator(mode="after")
    def _makes_sense(self) -> Self:
        faults = tuple(self._faults())
        if faults:
            about = {"faults": faults, "text": "; ".join(map(str, faults))}
            raise PydanticCustomError("problems", "{text}", about)
        return self

    def _faults(self) -> Iterable[Problem]:
        """Find what its fields mean together that cannot be; ``where`` of each is the key at fault."""
        return ()

    def to_dict(self) -> dict[str, Any]:
        """Give plain YAML data: what differs from the defaults, plain words as plain strings."""
        fields = type(self).model_fields
        return {name: _plain(value) for name, value in self if value != fields[name].default}


def _plain(value: Any) -> Any:
    if isinstance(value, Entry) and value.kind == "word" and value == Entry(word=value.word):
        return value.word
    if isinstance(value, _Record):
        return value.to_dict()
    return [_plain(item) for item in value] if isinstance(value, tuple) else value


class Entry(_Record):
    """One thing to look for. Exactly one of the kinds is given; a plain string in YAML is a ``word``."""

    or_text: ClassVar[bool] = True

    word: str | None = Field(
        default=None, description="A word or phrase, inflections too, any case; * and ?."
    )
    form: str | None = Field(default=None, description="This form or phrase only, any case; * and ?.")
    exact: str | None = Field(default=None, description="This form or phrase and case only; * and ?.")
    near: tuple[Entry, ...] | None = Field(
        default=None, min_length=2, description="Parts in one sentence, any order."
    )
    sequence: tuple[Entry, ...] | None = Field(
        default=None, min_length=2, description="Parts in one sentence, in this order."
    )
    all: tuple[Entry, ...] | None = Field(
        default=None, min_length=1, description="All parts in one sentence."
    )
    none: tuple[Entry, ...] = Field(default=(), description="With 'all': parts that must not be there.")
    regex: str | None = Field(default=None, description="A regular expression; time-limited.")
    tokens: tuple[dict[str, Any], ...] | None = Field(
        default=None, min_length=1, description="A spaCy Matcher pattern."
    )
    within: StrictInt | None = Field(
        default=None, ge=0, le=50, description="Near, sequence: words between neighbouring parts (default 5)."
    )
    pos: PartOfSpeech | None = Field(default=None, description="Counts only as this part of speech.")
    questions: Wordings = Field(default=(), description="Counts only in answers to these questions.")
    negated: Negated | None = Field(default=None, description="What to do with a negated hit.")
    fuzzy: StrictBool = Field(default=False, description="Misspellings too: 1 edit from 5 letters, 2 from 8.")
    note: str = Field(default="", description="Why this entry is here.")

    @model_validator(mode="before")
    @classmethod
    def _from_string(cls, value: Any) -> Any:
        return {"word": value} if isinstance(value, str) else value

    def _faults(self) -> Iterator[Problem]:
        kinds = [kind for kind in KINDS if getattr(self, kind) is not None]
        if len(kinds) != 1:
            found = f"has {' and '.join(map(repr, kinds))}" if kinds else "says nothing to look for"
            message, where = f"An entry needs exactly one kind; this one {found}.", "".join(kinds[1:2])
            yield Problem(message, where, f"Keep one of {', '.join(KINDS)}.", "entry-kind")
            return
        content = getattr(self, kinds[0])
        yield from content_faults(kinds[0], content)
        yield from option_faults(kinds[0], content, dict(self))
        for part in self.parts:
            for option in ("questions", "negated"):
                if getattr(part, option):
                    message, remedy = f"{option!r} has no effect on a part.", "Give it to the whole entry."
                    yield Problem(message, kinds[0], remedy, "entry-option")

    def __hash__(self) -> int:
        return hash(self.label)  # a token pattern holds mappings, which have no hash of their own

    @property
    def kind(self) -> EntryKind:
        """Which of the kinds this entry is."""
        return next(kind for kind in KINDS if getattr(self, kind) is not None)

    @property
    def parts(self) -> tuple[Entry, ...]:
        """The entries that this one is made of (near, sequence, all and its none); empty for the others."""
        return (*(self.near or ()), *(self.sequence or ()), *(self.all or ()), *self.none)

    @property
    def label(self) -> str:
        """The entry in one line, as tables and ``CodedAnswers`` show it; different entries differ in it."""
        kind = self.kind
        content = getattr(self, kind)
        if kind in {"near", "sequence", "all"}:
            text = f"{kind}: {_listed(content)}"
            text += f" none: {_listed(self.none)}" if self.none else ""
            text += f" within: {self.within}" if self.within is not None else ""
        elif kind == "tokens":
            text = "tokens: " + " ".join(map(str, content))
        else:
            shown = _quoted(content) if _LIKE_LABEL.search(content) else content
            text = shown if kind == "word" else f"{kind}: {shown}"
        options = [f"{name}: {value}" for name in ("pos", "negated") if (value := getattr(self, name))]
        if self.questions:
            several = len(self.questions) != 1 or self.questions[0].startswith('"')
            shown = ", ".join(_quoted(each) if several else each for each in self.questions)
            options.append(f"questions: [{shown}]")
        if self.fuzzy:
            options.append("fuzzy: true")
        return text + (f" ({'; '.join(options)})" if options else "")


# What a text may not look like in a label: in quotes, of another kind, or with options.
_LIKE_LABEL = re.compile(rf'^"|^(?:{"|".join(KINDS)}): | \((?:pos|negated|questions|fuzzy): ')


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)


def _listed(parts: Iterable[Entry]) -> str:
    """Show parts in brackets; in quotes what could be taken for several of them."""
    shown = [(part.label, bool(part.parts) or not re.search(r'[,\[\]"]', part.label)) for part in parts]
    return f"[{', '.join(label if plain else _quoted(label) for label, plain in shown)}]"


class Examples(_Record):
    """Sentences that the theme must and must not find; ``check`` runs them."""

    called: ClassVar[str] = "'examples'"

    yes: Wordings = Field(default=(), description="Sentences in which the theme must be found.")
    no: Wordings = Field(default=(), description="Sentences in which it must not be found.")


class Theme(_Record):
    """One theme: what it means and the entries that find it."""

    theme: Identifier = Field(description="The id: a-z, 0-9, -, _; unique in the codebook.")
    label: str = Field(default="", description="The name that tables and reports show; default: the id.")
    definition: str = Field(default="", description="What the theme means, for a person who codes by hand.")
    include: str = Field(default="", description="What also belongs to it.")
    exclude: str = Field(default="", description="What does not belong to it, and where that goes.")
    entries: tuple[Entry, ...] = Field(
        default=(), description="What to look for; any one of them makes a hit."
    )
    exclusions: tuple[Entry, ...] = Field(default=(), description="Hits inside these do not count.")
    questions: Wordings = Field(
        default=(), description="Looked for only in answers to these (id or wording)."
    )
    negated: Negated = Field(default="count", description="What to do with negated hits of its entries.")
    examples: Examples = Field(default=Examples(), description="Sentences that 'sendthemes check' runs.")
    themes: tuple[Theme, ...] = Field(default=(), description="Sub-themes; the parent counts theirs too.")

    @property
    def title(self) -> str:
        """What a reader sees: the label, or the id where there is none."""
        return self.label or self.theme


class Rule(_Record):
    """One rule of a classification: any hit of its entries gives the level."""

    level: Wording = Field(description="The level that a hit gives; one of the classification's levels.")
    entries: tuple[Entry, ...] = Field(min_length=1, description="What to look for.")


class Classification(_Record):
    """An open answer brought to one of several ordered levels."""

    classification: Identifier = Field(description="The id: a-z, 0-9, -, _; unique in the codebook.")
    label: str = Field(default="", description="The name that tables and reports show; default: the id.")
    question: Wording = Field(description="The open question it reads (id or wording).")
    levels: Wordings = Field(min_length=1, description="All levels, lowest first.")
    choose: Literal["first", "highest"] = Field(
        default="first", description="Where several rules hold: the first, or the one with the highest level."
    )
    rules: tuple[Rule, ...] = Field(min_length=1, description="Tried in this order.")
    otherwise: str | None = Field(
        default=None, description="The level where no rule holds; null lists the answer instead."
    )

    def _faults(self) -> Iterator[Problem]:
        for at, level in enumerate(self.levels):
            if level in self.levels[:at]:
                where = f"levels.{at}"
                yield Problem(f"The level {level!r} is given twice.", where, "Keep one.", "duplicate-level")
        named = [(f"rules.{at}.level", rule.level) for at, rule in enumerate(self.rules)]
        for where, level in [*named, ("otherwise", self.otherwise or self.levels[0])]:
            if level not in self.levels:
                hint = nearest(level, self.levels) or f"The levels: {', '.join(self.levels)}."
                yield Problem(f"{level!r} is not one of the levels.", where, hint, "level")

    @property
    def title(self) -> str:
        """What a reader sees: the label, or the id where there is none."""
        return self.label or self.classification


class Asked(_Record):
    """A question to which the codebook is limited somewhere, and what it asks."""

    question: Wording = Field(description="The id by which this codebook names it.")
    text: Wording = Field(description="What it asks: by this it is known in surveys with other ids.")


class Codebook(_Record):
    """Themes and classifications under one name and version. Equality is equality of meaning and wording."""

    codebook: Identifier = Field(description="The codebook's name: a-z, 0-9, -, _.")
    version: str = Field(default="0", description="Raise it when counts may change.")
    language: Literal["en"] = Field(default="en", description="English is the only language so far.")
    about: str = Field(default="", description="What it is for and where it comes from.")
    prompt_echo: Echo = Field(
        default="flag",
        description="Words of the question repeated in its answer: count, flag (counted) or drop.",
    )
    questions: tuple[Asked, ...] = Field(
        default=(), description="What the questions ask that themes, entries and classifications name by id."
    )
    themes: tuple[Theme, ...] = Field(
        default=(), description="In the order that tables show at equal counts."
    )
    classifications: tuple[Classification, ...] = Field(
        default=(), description="Open answers brought to levels."
    )

    def walk(self) -> Iterator[tuple[Theme, str]]:
        """Go through all themes, each followed by its sub-themes, with its parent's id ("" at the top)."""
        return _walked(self.themes)

    @property
    def theme_ids(self) -> tuple[str, ...]:
        """All theme ids in codebook order, sub-themes after their parent."""
        return tuple(theme.theme for theme, _ in self.walk())

    @property
    def scopes(self) -> frozenset[str]:
        """The questions (ids or wordings) to which themes and entries are limited."""
        themes = [theme for theme, _ in self.walk()]
        limited = [theme.questions for theme in themes]
        limited += [entry.questions for theme in themes for entry in theme.entries]
        return frozenset(name for names in limited for name in names)

    def theme(self, theme_id: str) -> Theme:
        """Give a theme by its id; ``KeyError`` where there is none."""
        for theme, _ in self.walk():
            if theme.theme == theme_id:
                return theme
        raise KeyError(f"no theme {theme_id!r}; the codebook has {', '.join(self.theme_ids)}")

    def descendants(self, theme_id: str) -> tuple[str, ...]:
        """Give the ids of a theme and of all themes under it."""
        return tuple(theme.theme for theme, _ in _walked((self.theme(theme_id),)))

    def __repr__(self) -> str:
        entries = sum(len(theme.entries) for theme, _ in self.walk())
        return f"<Codebook {self.codebook} {self.version}: {len(self.theme_ids)} themes, {entries} entries>"

    def _repr_html_(self) -> str:
        """Show each theme and sub-theme with its number of entries in a notebook."""
        rows = tuple((theme.title, len(theme.entries), theme.definition) for theme, _ in self.walk())
        return Table(("theme", "entries", "definition"), rows, title=repr(self)[1:-1])._repr_html_()

    def __str__(self) -> str:
        """Name each theme with its definition and number of entries, one a line, sub-themes indented."""
        lines, depths = [repr(self)[1:-1]], {"": 0}
        for theme, parent in self.walk():
            depth = depths[theme.theme] = depths[parent] + 1
            meaning = f" – {theme.definition}" if theme.definition else ""
            count = f"{len(theme.entries)} {'entry' if len(theme.entries) == 1 else 'entries'}"
            lines.append(f"{'  ' * depth}{theme.title} ({count}){meaning}")
        lines += [f"  {each.title}: {' < '.join(each.levels)}" for each in self.classifications]
        return "\n".join(lines)


def _walked(themes: tuple[Theme, ...]) -> Iterator[tuple[Theme, str]]:
    stack = [(theme, "") for theme in reversed(themes)]
    while stack:
        theme, parent = stack.pop()
        yield theme, parent
        stack.extend((child, theme.theme) for child in reversed(theme.themes))
