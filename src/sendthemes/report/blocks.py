"""What a report is made of: sections of blocks, which every writer (HTML, Markdown …) turns into pages."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, Literal

from sendthemes.report.definition import Mode, Rated, StudyDefinition
from sendthemes.table import Table

Role = Literal["plain", "lead", "method", "caveat", "reading"]
Chart = Literal["", "bars", "heat", "stacked", "diverging", "change", "pairs"]


@dataclass(frozen=True, slots=True)
class Prose:
    """A paragraph of plain text; the role says how it is set."""

    text: str
    role: Role = "plain"


@dataclass(frozen=True, slots=True)
class Narrative:
    """The analyst's own words, in Markdown (CommonMark, without HTML and pictures)."""

    markdown: str


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading inside a section."""

    text: str


@dataclass(frozen=True, slots=True)
class Items:
    """A bulleted list of plain text; each item may carry a line of evidence under it."""

    items: tuple[tuple[str, str], ...]
    title: str = ""


@dataclass(frozen=True, slots=True)
class Figure:
    """A table, with a chart of it where that helps."""

    id: str  # what the report calls the table: its key, its file, its sheet
    table: Table
    chart: Chart = ""  # the kind of chart; empty for none
    across: str = ""  # the column whose values head a grid of counts; empty shows the rows as they are
    # value of that column → what stands over its part of the grid; default: the value
    heads: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    folded: bool = False  # whether the table is closed at first, because the chart says it
    # whether a heading above says the table's title already, so that the caption is only read out
    titled: bool = False
    about: str = ""  # the question or variable that the table is of, where no column says so
    # row of the table (0 is the first) → id of the count in the evidence
    opens: Mapping[int, str] = field(default_factory=lambda: MappingProxyType({}))


@dataclass(frozen=True, slots=True)
class Data:
    """A table that the words around it tell already: it stands in the workbook and the data files alone."""

    id: str
    table: Table


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of a redacted text, and the numbers of the themes found in it."""

    text: str
    themes: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Found:
    """A theme found in an answer."""

    themes: tuple[int, ...]  # its number, and those of the themes that it stands under
    title: str  # what it is called
    entries: tuple[str, ...]  # the entries of the codebook that matched
    flags: tuple[str, ...] = ()  # "negated", "repeats the question" and the like


@dataclass(frozen=True, slots=True)
class Sighting:
    """One answer that counts stand on."""

    respondent: str  # the respondent's code, never the id; for publication empty
    question: str  # the question as headings show it
    pieces: tuple[Piece, ...]  # the redacted answer, or the parts around the words found, with those marked
    found: tuple[Found, ...] = ()


@dataclass(frozen=True, slots=True)
class Count:
    """One count that opens."""

    id: str  # what links point at
    title: str  # what is counted: the theme, the level …
    summary: str  # the count in words, and what of it is shown
    table: str  # id of the table that it stands in
    sightings: tuple[int, ...] = ()  # the answers behind it, by their places in the evidence
    # the number of the one theme whose words are meant; ``None`` where there is not one
    theme: int | None = None
    people: tuple[str, ...] = ()  # codes of the respondents, where no words are counted


@dataclass(frozen=True, slots=True)
class Evidence:
    """The answers behind all counts, each once, and the counts that open to some of them."""

    sightings: tuple[Sighting, ...] = ()
    counts: tuple[Count, ...] = ()


@dataclass(frozen=True, slots=True)
class Quote:
    """One excerpt: redacted words and who said them, as a code (empty for publication)."""

    text: str
    respondent: str
    theme: str = ""


@dataclass(frozen=True, slots=True)
class Quotes:
    """Excerpts from the answers to one question."""

    title: str
    items: tuple[Quote, ...]
    note: str = ""


@dataclass(frozen=True, slots=True)
class Rating:
    """One domain's colour and why."""

    domain: str
    colour: Rated  # the colour in force, or ``UNRATED``
    ruled: Rated  # the colour that the rules gave, or ``UNRATED``
    because: tuple[str, ...] = ()  # the rule that gave it and its figures, a line each
    evidence: tuple[str, ...] = ()  # further figures, a line each
    suggests: str = ""  # what the evidence suggests, in the analyst's words
    reason: str = ""  # why the analyst chose another colour; empty where the rule stands
    actions: tuple[str, ...] = ()  # the priority actions that answer this domain


Block = Prose | Narrative | Heading | Items | Figure | Data | Quotes | Rating


@dataclass(frozen=True, slots=True)
class Section:
    """One section of the report."""

    id: str
    title: str
    blocks: tuple[Block, ...]

    @property
    def tables(self) -> dict[str, Table]:
        """Id → table, in the section's order."""
        return {block.id: block.table for block in self.blocks if isinstance(block, Figure | Data)}


@dataclass(frozen=True, slots=True)
class Pages:
    """The whole report as writers get it: redacted words, shown tables; no raw answer is in reach."""

    study: StudyDefinition  # the title page's words and the settings
    mode: Mode  # ``internal``, or ``publish`` with small numbers hidden
    respondents: str  # how many there are, in words ("8 respondents")
    sections: tuple[Section, ...]  # what stands in the report, in order
    manifest: Mapping[str, Any]  # what the report was made of and with
    evidence: Evidence = Evidence()  # what counts open to
    # one row a counted coding, words redacted; only in an internal report, for the workbook
    codings: Table | None = None

    @property
    def tables(self) -> dict[str, Table]:
        """Id → table, in the report's order."""
        return {name: table for section in self.sections for name, table in section.tables.items()}
