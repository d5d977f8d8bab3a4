"""The last pages: every question with its finding, how it was done, and what was left out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from sendthemes.coding.codings import STATUSES
from sendthemes.redaction.spans import moved
from sendthemes.report.blocks import Block, Data, Figure, Heading, Items, Prose
from sendthemes.report.manifest import methods
from sendthemes.report.material import Material, counts
from sendthemes.report.present import count_of
from sendthemes.report.quotes import quotes
from sendthemes.report.tables import answer_audit
from sendthemes.survey.answers import CLOSED, Question
from sendthemes.table import Cell, Table

_KINDS = {
    "open": "Open",
    "single": "Single choice",
    "multiple": "Multiple choice",
    "statement": "Maturity statement",
    "scale": "Scale",
    "matrix": "Matrix",
    "number": "Number",
}
_PAGE = 40  # rows of codes that a page holds
_FEW = 2  # excerpts under each open question of the appendix


def appendix(material: Material) -> Iterator[Block]:
    """Map every question, in order, to its finding: counts where it is closed, words where it is open."""
    asked = [each for each in material.coded.answers.questions if each.id in material.numbers]
    about = ((material.numbers[each.id], each.text, _KINDS[each.kind]) for each in asked)
    rows = tuple((*told, _finding(material, each)) for told, each in zip(about, asked, strict=True))
    columns, title = ("number", "question", "kind", "finding"), "Every question and its finding"
    yield Figure("appendix", Table(columns, rows, title=title))
    for question in asked:
        if question.kind in CLOSED:
            yield Heading(material.asked(question.id))
            if question.wordings:
                yield Items(tuple((wording, "") for _, wording in question.wordings))
            yield from _responses(material, question.id)
        elif question.kind == "open":
            chosen = quotes(material, question.id, _FEW)
            none = Heading(chosen.title), Prose("No words to show.", "method")
            yield from [chosen] if chosen.items else none
            for name in material.coded.levels:
                if question.id == material.source(name):
                    yield from _responses(material, name)


def _responses(material: Material, name: str) -> Iterator[Block]:
    yield Figure(f"responses_{name}", material.tables[f"responses_{name}"], about=name)


def _finding(material: Material, question: Question) -> str:
    """Say in a line what a question found."""
    if question.kind in CLOSED:
        rows = list(material.tables[f"responses_{question.id}"])
        return "; ".join(f"{row['response']} {count_of(row)}" for row in rows[:3]) or "Nobody answered."
    if question.kind != "open":
        return "Not counted."
    rows = [row for row in material.tables["themes_by_question"] if row["question"] == question.id]
    top = [f"{row['label']} {count_of(row)}" for row in rows if counts(row["respondents"])]
    return "; ".join(top[:3]) or "No theme, or none that may be shown."


def audit(material: Material) -> Iterator[Block]:
    """Tell how the report was made: methods to paste, what became of the answers, versions, hashes."""
    coded = material.coded
    yield Heading("Methods")
    yield from map(Prose, methods(material))
    if material.mode == "internal":
        if coded.notes:
            yield Items(tuple((note, "") for note in coded.notes), "Notes of the coding")
        yield from _titled("answers", answer_audit(coded, material.numbers), "What became of the answers")
        if len(unclassified := _unclassified(material)):
            yield from _titled("unclassified", unclassified, "Answers that no rule classified")
        rows = tuple((material.codes[name], name) for name in coded.answers.respondents)
        note, title = "For internal use: this table undoes the codes.", "Codes of the respondents"
        codes = Table(("code", "respondent"), rows, title, notes=(note,))
        if len(codes) <= _PAGE:
            yield from _titled("respondents", codes, title)
        else:
            number = f"{len(codes):,} {material.people}"
            yield Prose(f"The codes of the {number} stand in the workbook and the tables.")
            yield Data("respondents", codes)
        yield from _titled("problems", coded.answers.problems, "Problems in the input")
    else:
        inside = "What became of each answer, the notes of the coding and the problems of the input"
        yield Prose(f"{inside} are in the internal report.")
    yield from _titled("manifest", _manifest(material.manifest), "What the report was made with")


def _titled(name: str, table: Table, title: str) -> Iterator[Block]:
    yield Heading(title)
    yield Figure(name, replace(table, title=title), titled=True)


def _unclassified(material: Material) -> Table:
    coded = material.coded
    rows = tuple(
        (material.names[name], material.numbers[str(row["question"])], material.codes[str(row["respondent"])])
        for name in coded.levels
        for row in coded.unclassified(name)
    )
    note = "They are left out of cross tables, never guessed."
    return Table(("classification", "question", "respondent"), rows, notes=(note,))


def codings(material: Material) -> Table:
    """List every counted coding with its redacted words, where these may be shown; for internal use."""
    coded, columns = material.coded, material.coded.columns
    answers, titles = coded.answers, [theme.title for theme, _ in coded.codebook.walk()]
    rows: list[tuple[Cell, ...]] = []
    for at, theme, entry, start, end, negated, echo, status in zip(
        *(column.tolist() for column in columns), strict=True
    ):
        redacted = material.redacted[at]
        begin, stop = moved(redacted, start, end)
        question = answers.questions[answers.answer_questions[at]].id
        who = material.codes[answers.respondents[answers.answer_respondents[at]]]
        found = material.numbers[question], titles[theme], coded.entry_labels[entry]
        words = redacted.text[begin:stop], _context(redacted.text, begin, stop)
        shown = words if material.may_show[at] else (None, None)
        rows.append((who, *found, *shown, negated, echo, STATUSES[status]))
    names = "respondent question theme entry words in_context negated repeats_the_question status"
    return Table(tuple(names.split()), tuple(rows), title="Codings: where each theme was found")


def _context(text: str, start: int, end: int) -> str:
    """Give the words found with those around them, at word ends."""
    before, after = text[max(0, start - 60) : start], text[end : end + 60]
    before = f"…{before.partition(' ')[2]}" if start > 60 else before
    after = f"{after.rpartition(' ')[0]}…" if end + 60 < len(text) else after
    return " ".join(f"{before}{text[start:end]}{after}".split())


def _manifest(manifest: Mapping[str, Any]) -> Table:
    rows: list[tuple[Cell, ...]] = []
    for name, value in manifest.items():
        parts = value.items() if isinstance(value, Mapping) else [("", value)]
        told = [(key, str(cell)) for key, cell in parts if cell not in (None, "")]
        if name != "inputs":
            told = [(key.replace("_", " "), cell) for key, cell in told]
        rows += [(name.replace("_", " "), *pair) for pair in told]
    return Table(("what", "item", "value"), tuple(rows), formats={"value": "text"})
