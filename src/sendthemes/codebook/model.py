"""The codebook as records: what a theme is and by which entries it is found.

These models are the one definition of the YAML format: ``load.py`` reads files through them, and the JSON
Schema for editors is made from them.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, StrictBool, StrictInt, model_validator

EntryKind = Literal["word", "form", "exact", "near", "sequence", "all", "regex", "tokens"]
PartOfSpeech = Literal["noun", "verb", "adjective", "adverb"]
Negated = Literal["count", "drop", "separate"]
Echo = Literal["count", "flag", "drop"]
Identifier = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9_-]*$")]
KINDS: tuple[EntryKind, ...] = ("word", "form", "exact", "near", "sequence", "all", "regex", "tokens")


class _Record(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Entry(_Record):
    """One thing to look for. Exactly one of the kinds is given; a plain string in YAML is a ``word``."""

    word: str | None = Field(
        None, description="A word or phrase; its inflections too, any case; * and ? as wildcards."
    )
    form: str | None = Field(
        None, description="This form only, any case, no lemma; also a phrase; * and ? work."
    )
    exact: str | None = Field(None, description="This form and case only; also a phrase; * and ? work.")
    near: tuple[Entry, ...] | None = Field(
        None, min_length=2, description="Parts in one sentence, any order."
    )
    sequence: tuple[Entry, ...] | None = Field(
        None, min_length=2, description="Parts in one sentence, in this order."
    )
    all: tuple[Entry, ...] | None = Field(None, min_length=1, description="All parts in one sentence.")
    none: tuple[Entry, ...] = Field((), description="With 'all': parts that must not stand in the sentence.")
    regex: str | None = Field(None, description="A regular expression on the answer's text; time-limited.")
    tokens: tuple[dict[str, Any], ...] | None = Field(
        None, min_length=1, description="A spaCy Matcher pattern."
    )
    within: StrictInt | None = Field(
        None, ge=0, le=50, description="Near, sequence: words between neighbouring parts (default 5)."
    )
    pos: PartOfSpeech | None = Field(None, description="Counts only as this part of speech.")
    questions: tuple[str, ...] = Field(
        (), description="Counts only in answers to these questions (id or wording)."
    )
    negated: Negated | None = Field(None, description="What to do with a negated hit; default: the theme's.")
    fuzzy: StrictBool = Field(
        False, description="Misspellings count too: 0 edits under 5 letters, 1 up to 7, 2 above."
    )
    note: str = Field("", description="Why this entry is here.")

    @model_validator(mode="before")
    @classmethod
    def _from_string(cls, value: Any) -> Any:
        return {"word": value} if isinstance(value, str) else value

    @property
    def kind(self) -> EntryKind:
        """Which of the kinds this entry is."""
        return next(kind for kind in KINDS if getattr(self, kind) is not None)

    @property
    def label(self) -> str:
        """The entry in one line, as tables and ``CodedAnswers`` show it; differs between different entries."""
        kind = self.kind
        content = getattr(self, kind)
        if kind in {"near", "sequence", "all"}:
            text = f"{kind}: [{', '.join(part.label for part in content)}]"
            if self.none:
                text += f" none: [{', '.join(part.label for part in self.none)}]"
            if self.within is not None:
                text += f" within: {self.within}"
        elif kind == "tokens":
            text = "tokens: " + " ".join(str(token) for token in content)
        else:
            text = content if kind == "word" else f"{kind}: {content}"
        options = [
            f"{name}: {value}" for name in ("pos", "negated") if (value := getattr(self, name)) is not None
        ]
        if self.questions:
            options.append(f"questions: [{', '.join(self.questions)}]")
        if self.fuzzy:
            options.append("fuzzy: true")
        return text + (f" ({'; '.join(options)})" if options else "")


class Examples(_Record):
    """Sentences that the theme must and must not find; ``check`` runs them."""

    yes: tuple[str, ...] = ()
    no: tuple[str, ...] = ()


class Theme(_Record):
    """One theme: what it means and the entries that find it."""

    theme: Identifier = Field(description="The id: a-z, 0-9, -, _; unique in the codebook.")
    label: str = Field("", description="The name that tables and reports show; default: the id.")
    definition: str = ""
    include: str = ""
    exclude: str = ""
    entries: tuple[Entry, ...] = ()
    exclusions: tuple[Entry, ...] = Field((), description="Hits inside these do not count.")
    questions: tuple[str, ...] = Field(
        (), description="The theme is looked for only in answers to these questions."
    )
    negated: Negated = Field("count", description="What to do with negated hits of this theme's entries.")
    examples: Examples = Examples()
    themes: tuple[Theme, ...] = Field(
        (), description="Sub-themes; the parent counts its own and its children's."
    )

    @property
    def title(self) -> str:
        """What a reader sees: the label, or the id where there is none."""
        return self.label or self.theme


class Rule(_Record):
    """One rule of a classification: any hit of its entries gives the level."""

    level: str
    entries: tuple[Entry, ...] = Field(min_length=1)


class Classification(_Record):
    """An open answer brought to one of several ordered levels."""

    classification: Identifier
    label: str = ""
    question: str = Field(description="The open question it reads (id or wording).")
    levels: tuple[str, ...] = Field(min_length=1)
    choose: Literal["first", "highest"] = "first"
    rules: tuple[Rule, ...] = Field(min_length=1)
    otherwise: str | None = Field(
        None, description="The level where no rule holds; null lists the answer instead."
    )

    @property
    def title(self) -> str:
        """What a reader sees: the label, or the id where there is none."""
        return self.label or self.classification


class Codebook(_Record):
    """Themes and classifications under one name and version. Equality is equality of meaning and wording."""

    codebook: Identifier
    version: str = "0"
    language: Literal["en"] = "en"
    about: str = ""
    prompt_echo: Echo = "flag"
    themes: tuple[Theme, ...] = ()
    classifications: tuple[Classification, ...] = ()

    def walk(self) -> Iterator[tuple[Theme, str]]:
        """Go through all themes, each followed by its sub-themes, with its parent's id ("" at the top)."""
        stack = [(theme, "") for theme in reversed(self.themes)]
        while stack:
            theme, parent = stack.pop()
            yield theme, parent
            stack.extend((child, theme.theme) for child in reversed(theme.themes))

    @property
    def theme_ids(self) -> tuple[str, ...]:
        """All theme ids in codebook order, sub-themes after their parent."""
        return tuple(theme.theme for theme, _ in self.walk())

    def theme(self, theme_id: str) -> Theme:
        """Give a theme by its id; ``KeyError`` where there is none."""
        for theme, _ in self.walk():
            if theme.theme == theme_id:
                return theme
        raise KeyError(f"no theme {theme_id!r}; the codebook has {', '.join(self.theme_ids)}")

    def descendants(self, theme_id: str) -> tuple[str, ...]:
        """Give the ids of a theme and of all themes under it."""
        found: list[str] = []
        stack = [self.theme(theme_id)]
        while stack:
            theme = stack.pop()
            found.append(theme.theme)
            stack.extend(reversed(theme.themes))
        return tuple(found)

    def __repr__(self) -> str:
        entries = sum(len(theme.entries) for theme, _ in self.walk())
        return f"<Codebook {self.codebook} {self.version}: {len(self.theme_ids)} themes, {entries} entries>"
