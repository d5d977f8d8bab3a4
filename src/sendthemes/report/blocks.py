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
    """A table, with a chart of it where that helps.

    Attributes:
        id: What the report calls the table: its key, its file, its sheet.
        table: The table.
        chart: The kind of chart; empty for none.
        across: The column whose values head a grid of counts; empty shows the rows as they are.
        heads: Value of that column → what stands over its part of the grid; default: the value.
        folded: Whether the table is closed at first, because the chart says it.
        titled: Whether a heading above says the table's title already, so that the caption is only read out.
        about: The question or variable that the table is of, where no column says so.
        opens: Row of the table (0 is the first) → id of the count in the evidence.
    """

    id: str
    table: Table
    chart: Chart = ""
    across: str = ""
    heads: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    folded: bool = False
    titled: bool = False
    about: str = ""
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
    """A theme found in an answer.

    Attributes:
        themes: Its number, and those of the themes that it stands under.
        title: What it is called.
        entries: The entries of the codebook that matched.
        flags: "negated", "repeats the question" and the like.
    """

    themes: tuple[int, ...]
    title: str
    entries: tuple[str, ...]
    flags: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Sighting:
    """One answer that counts stand on.

    Attributes:
        respondent: The respondent's code, never the id; for publication empty.
        question: The question as headings show it.
        pieces: The redacted answer, or the parts around the words found, with those marked.
        found: The themes found.
    """

    respondent: str
    question: str
    pieces: tuple[Piece, ...]
    found: tuple[Found, ...] = ()


@dataclass(frozen=True, slots=True)
class Count:
    """One count that opens.

    Attributes:
        id: What links point at.
        title: What is counted: the theme, the level …
        summary: The count in words, and what of it is shown.
        table: Id of the table that it stands in.
        sightings: The answers behind it, by their places in the evidence.
        theme: The number of the one theme whose words are meant; ``None`` where there is not one.
        people: Codes of the respondents, where no words are counted.
    """

    id: str
    title: str
    summary: str
    table: str
    sightings: tuple[int, ...] = ()
    theme: int | None = None
    people: tuple[str, ...] = ()


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
    """One domain's colour and why.

    Attributes:
        domain: The domain.
        colour: The colour in force, or ``UNRATED``.
        ruled: The colour that the rules gave, or ``UNRATED``.
        because: The rule that gave it and its figures, a line each.
        evidence: Further figures, a line each.
        suggests: What the evidence suggests, in the analyst's words.
        reason: Why the analyst chose another colour; empty where the rule stands.
        actions: The priority actions that answer this domain.
    """

    domain: str
    colour: Rated
    ruled: Rated
    because: tuple[str, ...] = ()
    evidence: tuple[str, ...] = ()
    suggests: str = ""
    reason: str = ""
    actions: tuple[str, ...] = ()


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
    """The whole report as writers get it: redacted words, shown tables; no raw answer is in reach.

    Attributes:
        study: The title page's words and the settings.
        mode: ``internal``, or ``publish`` with small numbers hidden.
        respondents: How many there are, in words ("8 respondents").
        sections: What stands in the report, in order.
        manifest: What the report was made of and with.
        evidence: What counts open to.
        codings: One row a counted coding, words redacted; only in an internal report, for the workbook.
    """

    study: StudyDefinition
    mode: Mode
    respondents: str
    sections: tuple[Section, ...]
    manifest: Mapping[str, Any]
    evidence: Evidence = Evidence()
    codings: Table | None = None

    @property
    def tables(self) -> dict[str, Table]:
        """Id → table, in the report's order."""
        return {name: table for section in self.sections for name, table in section.tables.items()}
