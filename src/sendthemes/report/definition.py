"""study.yml as records: what a report is made of and what it says.

These models are the one definition of the format: ``study.py`` reads files through them, and
``docs/study.md`` is checked against them.
"""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal, Self, get_args

from pydantic import Field, StrictBool, StrictInt, StringConstraints, field_validator, model_validator

from sendthemes.strict_yaml.records import Record

Colour = Literal["Green", "Green/Amber", "Amber", "Amber/Red", "Red"]
Rated = Colour | Literal["Not rated"]
UNRATED: Rated = "Not rated"  # for publication, where a colour would tell a hidden number
Mode = Literal["internal", "publish"]
MODES: tuple[Mode, ...] = get_args(Mode)
Base = Literal["all", "asked", "answered", "substantive"]
Identifier = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9_-]*$")]
Text = Annotated[str, StringConstraints(min_length=1, strip_whitespace=True)]
# What a name must name in the answers, the codebook or the study; report.fitting looks it up.
ThemeName = Annotated[str, "theme"]
GroupName = Annotated[Text, "group"]
StatementName = Annotated[str, "statement"]
QuestionName = Annotated[str, "question"]
OpenName = Annotated[str, "open question"]
AnswerName = Annotated[str, "answer"]
DomainName = Annotated[str, "domain"]
SectionName = Literal[
    "headline", "responses", "scales", "change", "themes", "documents", "excerpts", "cross_tables",
    "alignment", "rag", "actions", "appendix", "audit",
]  # fmt: skip
SECTIONS: tuple[SectionName, ...] = get_args(SectionName)
_LIMITS = ("at_least", "above", "at_most", "below")


class Measure(Record):
    """One figure, read off the tables."""

    theme: str | None = Field(None, description="Percent who mention the theme; with `question`, only there.")
    question: str | None = Field(None, description="With `level`: percent of those who answered it so.")
    classification: str | None = Field(None, description="With `level`: percent of those classified so.")
    level: str | None = Field(None, description="The level that counts.")
    levels: tuple[str, ...] = Field((), description="Several levels that count together.")

    @model_validator(mode="after")
    def _is_one_thing(self) -> Self:
        subjects = self._subjects()
        if len(subjects) != 1:
            more = ", rag, all, any" if isinstance(self, Condition) else ""
            known, found = f"theme, question, classification{more}", " and ".join(subjects) or "none"
            raise ValueError(f"expected one of {known} to read a figure from; found {found}")
        if bool(self.wanted) != (subjects[0] in {"question", "classification"}):
            needs = "takes no level" if self.wanted else "needs a level (or levels)"
            raise ValueError(f"a figure of a {subjects[0]} {needs}")
        return self

    def _subjects(self) -> list[str]:
        subjects = [name for name in ("theme", "classification") if getattr(self, name) is not None]
        if self.question is not None and self.theme is None:
            subjects.append("question")
        return subjects

    @property
    def wanted(self) -> tuple[str, ...]:
        """The levels that count."""
        return ((self.level,) if self.level is not None else ()) + self.levels


class Condition(Measure):
    """Something that may hold. Limits are percents (0-100); for `rag` a number of domains."""

    rag: tuple[Colour, ...] = Field((), description="Number of RAG domains with one of these colours.")
    at_least: float | None = Field(None, ge=0, le=100, description="Holds at this figure and over it.")
    above: float | None = Field(None, ge=0, le=100, description="Holds over this figure.")
    at_most: float | None = Field(None, ge=0, le=100, description="Holds at this figure and under it.")
    below: float | None = Field(None, ge=0, le=100, description="Holds under this figure.")
    all: tuple[Condition, ...] = Field((), description="Holds where all of these hold.")
    any: tuple[Condition, ...] = Field((), description="Holds where one of these holds.")

    @model_validator(mode="after")
    def _has_limits(self) -> Self:
        if self.limits and self.parts:
            raise ValueError("the limits belong to each of the conditions joined")
        if not self.limits and not self.parts:
            raise ValueError("a limit is missing: at_least, above, at_most or below")
        return self

    def _subjects(self) -> list[str]:
        return super()._subjects() + [name for name in ("rag", "all", "any") if getattr(self, name)]

    @property
    def limits(self) -> tuple[tuple[str, float], ...]:
        """The limits given, as (name, figure)."""
        return tuple((name, value) for name in _LIMITS if (value := getattr(self, name)) is not None)

    @property
    def parts(self) -> tuple[Condition, ...]:
        """The conditions it joins; none where it is one itself."""
        return self.all + self.any


class Finding(Record):
    """What the analyst says where a condition holds."""

    when: Condition = Field(description="What must hold.")
    say: Text = Field(description="The analyst's words.")
    gloss: str = Field("", description="More words, after the first.")


class ColourRule(Record):
    """A colour and the condition that gives it."""

    colour: Colour = Field(description="The colour given.")
    when: Condition = Field(description="What must hold.")


class Override(Record):
    """The analyst's own colour, with the reason; the rule's colour stays printed beside it."""

    colour: Colour = Field(description="The colour in force.")
    reason: Text = Field(description="Why; printed beside it.")


class Earlier(Record):
    """An earlier wave of the survey, to compare with."""

    wave: Text = Field(description="What the wave is called, such as its year.")
    file: Text = Field(description="CSV, TSV, XLSX, SAV or Parquet.")
    survey: str = Field("", description="What was asked then. Default: the study's own `survey`.")


class Data(Record):
    """Where the answers are. Paths are relative to the study file."""

    file: Text = Field(description="CSV, TSV, XLSX, SAV or Parquet; for documents their folder.")
    layout: Literal["auto", "wide", "long", "documents"] = Field(
        "auto", description="A row a respondent (wide), a row an answer (long), a folder of documents."
    )
    sheet: str | None = Field(None, description="The sheet of a workbook. Default: the one with the answers.")
    wave: Text = Field("now", description="What this wave is called, beside the earlier one.")
    earlier: Earlier | None = Field(None, description="The wave that `change` compares with.")


class ThemeTables(Record):
    """Which tables of themes stand in the report."""

    base: Base = Field("answered", description="Whom percents are of.")
    unit: GroupName | None = Field(None, description="Count groups (`la`, or a variable), not respondents.")
    by_question: StrictBool = Field(True, description="Whether themes are also counted question by question.")
    questions_as: Literal["grid", "lists"] = Field(
        "grid", description="By question: one grid, or a list each, where each has themes of its own."
    )
    minimum: StrictInt = Field(0, ge=0, description="By question: leave out themes of fewer respondents.")
    together: StrictBool = Field(False, description="Whether to show which themes are mentioned together.")
    by: tuple[GroupName, ...] = Field((), description="Variables or classifications to cross themes by.")
    crossed: tuple[ThemeName, ...] = Field((), description="The themes that are crossed. Default: all.")


class Scales(Record):
    """Statements that respondents agree or disagree with."""

    questions: tuple[StatementName, ...] = Field(min_length=1, description="The statements, in order.")
    agree: tuple[str, ...] = Field((), description="Levels that agree. Default: those that say so.")
    disagree: tuple[str, ...] = Field((), description="Levels that disagree. Default: those that say so.")


class Change(Record):
    """Comparison with the earlier wave: the statements of `scales`, and the themes."""

    direction: Literal["clear", "any"] = Field(
        "clear", description="`clear`: up or down where the interval leaves 0 out; `any`: at any difference."
    )
    celebrate: float = Field(90, ge=0, le=100, description="Percent that agrees from which to celebrate.")
    low: float = Field(50, ge=0, le=100, description="Percent below which a rise is low but rising.")
    averages: dict[str, tuple[StatementName, ...]] = Field({}, description="Name → statements to average.")
    questions: tuple[StatementName, ...] = Field((), description="Closed questions set beside those of then.")


class Documents(Record):
    """Themes by document."""

    noun: tuple[Text, Text] = Field(("Document", "Documents"), description="What one is called, and several.")
    positives: tuple[OpenName, ...] = Field((), description="Sections that tell what goes well.")


class CrossTable(Record):
    """Two closed questions, classifications or variables crossed."""

    rows: GroupName = Field(description="A closed question, a classification, or `la`.")
    columns: GroupName = Field(description="The same, for the columns.")
    title: str = Field("", description="The caption. Default: both names.")
    reading: str = Field("", description="The analyst's words under it; left out where a count is hidden.")

    @property
    def id(self) -> str:
        """What the table is called in the report."""
        return f"{self.rows}_by_{self.columns}"


class Excerpts(Record):
    """Which words of respondents are shown."""

    limit: StrictInt = Field(3, ge=0, le=50, description="Excerpts a question at most.")
    width: StrictInt = Field(300, ge=40, le=2000, description="Characters of one excerpt at most.")
    questions: tuple[OpenName, ...] = Field((), description="Those that have excerpts. Default: all open.")
    pinned: tuple[AnswerName, ...] = Field((), description="Answer ids shown first, in this order.")
    banned: tuple[AnswerName, ...] = Field((), description="Answer ids never shown.")
    evidence: StrictInt = Field(
        40, ge=0, description="Answers that open under one count at most; for publication up to `limit`."
    )


class AlignedDomain(Record):
    """One domain of a framework: its evidence and how it is judged."""

    domain: Text = Field(description="The domain's name.")
    questions: tuple[QuestionName, ...] = Field((), description="The questions that are its evidence.")
    themes: tuple[ThemeName, ...] = Field((), description="The themes that are its evidence.")
    judgement: tuple[Finding, ...] = Field((), description="The first that holds is the judgement.")
    otherwise: str = Field("", description="The judgement where none holds.")
    comment: str = Field("", description="The analyst's words.")


class Alignment(Record):
    """Domains of an inspection framework."""

    framework: str = Field("", description="The framework's name.")
    domains: tuple[AlignedDomain, ...] = Field(min_length=1, description="Its domains, in order.")


class RagDomain(Record):
    """One domain rated red, amber or green."""

    domain: Text = Field(description="The domain's name; actions name it by this.")
    rules: tuple[ColourRule, ...] = Field((), description="In order; the first that holds gives the colour.")
    otherwise: Colour = Field("Amber", description="The colour where no rule holds.")
    evidence: tuple[Measure, ...] = Field((), description="Further figures to print; they decide nothing.")
    suggests: str = Field("", description="What the evidence suggests, in the analyst's words.")
    override: Override | None = Field(None, description="The analyst's own colour, with the reason.")


class Action(Record):
    """One priority action."""

    action: Text = Field(description="What is to be done.")
    domains: tuple[DomainName, ...] = Field((), description="The RAG domains it answers.")
    owner: str = Field("", description="Who does it.")
    by: str = Field("", description="By when.")


class Headline(Record):
    """The first page: readiness in a word, what is consistently strong, what is consistently at risk."""

    readiness: tuple[Finding, ...] = Field((), description="The first whose condition holds is the word.")
    otherwise: str = Field("", description="The word where none holds.")
    gloss: str = Field("", description="The gloss where none holds.")
    strengths: tuple[Finding, ...] = Field((), description="All whose condition holds are printed, in order.")
    risks: tuple[Finding, ...] = Field((), description="All whose condition holds are printed, in order.")


class Narrative(Record):
    """The analyst's own words in Markdown, at the head of each section."""

    introduction: str = Field("", description="Before everything else.")
    headline: str = Field("", description="At the head of that section.")
    responses: str = Field("", description="At the head of that section.")
    scales: str = Field("", description="At the head of that section.")
    change: str = Field("", description="At the head of that section.")
    themes: str = Field("", description="At the head of that section.")
    documents: str = Field("", description="At the head of that section.")
    excerpts: str = Field("", description="At the head of that section.")
    cross_tables: str = Field("", description="At the head of that section.")
    alignment: str = Field("", description="At the head of that section.")
    rag: str = Field("", description="At the head of that section.")
    actions: str = Field("", description="At the head of that section.")
    appendix: str = Field("", description="At the head of that section.")
    audit: str = Field("", description="At the head of that section.")


class StudyDefinition(Record):
    """A study: answers, codebook and the report to make of them."""

    called: ClassVar[str] = "a study"

    study: Identifier = Field(description="A short name for files.")
    title: Text = Field(description="The report's title.")
    subtitle: str = Field("", description="Printed under the title.")
    date: str = Field("", description="Printed as given. Without it the report bears no date.")
    author: str = Field("", description="Who answers for the report; printed as given.")
    mode: Mode = Field("internal", description="Who reads it: `publish` hides small numbers.")
    threshold: StrictInt = Field(5, ge=2, le=50, description="Publish: counts under this are hidden.")
    data: Data = Field(description="Where the answers are.")
    survey: str = Field("", description="A file that says what was asked (as examples/readiness/survey.yml).")
    codebook: Text = Field(description="A bundled name, or a path.")
    lemmas: Literal["possible", "in_context"] = Field(
        "possible", description="Whether words match in any form they can take, or as the tagger reads them."
    )
    decisions: str = Field("", description="A decisions file: what people confirmed, added or dropped.")
    template: str = Field("", description="A Word file (.docx) in whose styles the Word report is set.")
    key: str = Field("", description="The pseudonym key's path. It is made if absent; keep it apart.")
    names: tuple[str, ...] = Field((), description="Further names that must be hidden.")
    protect: tuple[str, ...] = Field((), description="Terms that must stay readable.")
    style: str = Field("LA {code}", description="How an authority is printed: `{code}`, or its number `{n}`.")
    themes: ThemeTables = Field(ThemeTables.model_validate({}), description="Which tables tell of themes.")
    scales: Scales | None = Field(None, description="Statements and how many agree.")
    change: Change | None = Field(None, description="Comparison with the earlier wave.")
    documents: Documents | None = Field(None, description="Themes by document.")
    cross_tables: tuple[CrossTable, ...] = Field((), description="What is crossed with what.")
    excerpts: Excerpts = Field(Excerpts.model_validate({}), description="Which words are shown.")
    headline: Headline | None = Field(None, description="Readiness, strengths and risks.")
    alignment: Alignment | None = Field(None, description="Domains of an inspection framework.")
    rag: tuple[RagDomain, ...] = Field((), description="Domains rated red, amber or green.")
    actions: tuple[Action, ...] = Field((), description="Priority actions.")
    sections: tuple[SectionName, ...] = Field(SECTIONS, description="Which sections, in which order.")
    narrative: Narrative = Field(Narrative.model_validate({}), description="The analyst's words, Markdown.")
    caveats: tuple[str, ...] = Field((), description="What to bear in mind; printed with the themes.")

    @field_validator("sections")
    @classmethod
    def _names_each_section_once(cls, names: tuple[SectionName, ...]) -> tuple[SectionName, ...]:
        for name in names:
            if names.count(name) > 1:
                raise ValueError(f"sections names {name!r} twice; a report has each section once")
        return names
