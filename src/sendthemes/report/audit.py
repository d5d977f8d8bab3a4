"""The last pages: every question with its finding, how it was done, and what was left out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from sendthemes.coding.codings import STATUSES
from sendthemes.redaction.spans import moved
from sendthemes.report.blocks import Block, Figure, Heading, Items, Prose
from sendthemes.report.manifest import methods
from sendthemes.report.material import Material
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
_FEW = 2  # excerpts under each open question of the appendix


def appendix(material: Material) -> tuple[tuple[Block, ...], dict[str, Table]]:
    """Map every question, in order, to its finding: counts where it is closed, words where it is open."""
    questions = [question for question in material.coded.answers.questions if question.id in material.numbers]
    rows = tuple(
        (material.numbers[each.id], each.text, _KINDS[each.kind], _finding(material, each))
        for each in questions
    )
    made = {
        "appendix": Table(
            ("number", "question", "kind", "finding"), rows, title="Every question and its finding"
        )
    }
    blocks: list[Block] = [Figure("appendix")]
    for question in questions:
        if question.kind in CLOSED:
            made[f"responses_{question.id}"] = material.tables[f"responses_{question.id}"]
            blocks += [
                Heading(material.asked(question.id)),
                *_wordings(question),
                Figure(f"responses_{question.id}", about=question.id),
            ]
        elif question.kind == "open":
            blocks += _open(material, question, made)
    return tuple(blocks), made


def _open(material: Material, question: Question, made: dict[str, Table]) -> list[Block]:
    chosen = quotes(material, question.id, _FEW)
    blocks: list[Block] = (
        [chosen] if chosen.items else [Heading(chosen.title), Prose("No words to show.", "method")]
    )
    for each in material.coded.codebook.classifications:
        name = each.classification
        if name in material.coded.levels and material.coded.answers.question(each.question).id == question.id:
            made[f"responses_{name}"] = material.tables[f"responses_{name}"]
            blocks.append(Figure(f"responses_{name}", about=name))
    return blocks


def _wordings(question: Question) -> list[Block]:
    items = tuple((wording, "") for _, wording in question.wordings)
    return [Items(items)] if items else []


def _finding(material: Material, question: Question) -> str:
    """Say in a line what a question found."""
    if question.kind in CLOSED:
        rows = list(material.tables[f"responses_{question.id}"])
        return "; ".join(f"{row['response']} {count_of(row)}" for row in rows[:3]) or "Nobody answered."
    if question.kind != "open":
        return "Not counted."
    rows = [row for row in material.tables["themes_by_question"] if row["question"] == question.id]
    top = [row for row in rows if not material.hidden(row["respondents"])][:3]
    return (
        "; ".join(f"{row['label']} {count_of(row)}" for row in top) or "No theme, or none that may be shown."
    )


def audit(material: Material) -> tuple[tuple[Block, ...], dict[str, Table]]:
    """Tell how the report was made: methods to paste, what became of the answers, versions, hashes."""
    coded = material.coded
    made = {"answers": answer_audit(coded, material.numbers)} if material.mode == "internal" else {}
    blocks: list[Block] = [Heading("Methods")]
    blocks += [Prose(text) for text in methods(material.study, coded, material.manifest)]
    made |= _unclassified(material)
    if coded.notes:
        blocks.append(Items(tuple((note, "") for note in coded.notes), "Notes of the coding"))
    if material.mode == "internal":
        made["respondents"] = _codes(material)
        made["problems"] = coded.answers.problems
    else:
        blocks.append(
            Prose("What became of each answer, and the problems of the input, are in the internal report.")
        )
    made["manifest"] = _manifest(material.manifest)
    titles = {
        "answers": "What became of the answers",
        "unclassified": "Answers that no rule classified",
        "respondents": "Codes of the respondents",
        "problems": "Problems in the input",
        "manifest": "What the report was made with",
    }
    for name, title in titles.items():
        if name in made:
            made[name] = replace(made[name], title=title)
            blocks += [Heading(title), Figure(name, titled=True)]
    return tuple(blocks), made


def _unclassified(material: Material) -> dict[str, Table]:
    coded = material.coded
    rows: list[tuple[Cell, ...]] = []
    for name in coded.levels:
        for row in coded.unclassified(name):
            who = material.codes[str(row["respondent"])]
            rows.append((material.names[name], material.numbers[str(row["question"])], who))
    if material.mode == "publish" or not rows:
        return {}
    note = "They are left out of cross tables, never guessed."
    return {"unclassified": Table(("classification", "question", "respondent"), tuple(rows), notes=(note,))}


def _codes(material: Material) -> Table:
    rows = tuple((material.codes[name], name) for name in material.coded.answers.respondents)
    return Table(("code", "respondent"), rows, notes=("For internal use: this table undoes the codes.",))


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
        rows.append(
            (
                material.codes[answers.respondents[answers.answer_respondents[at]]],
                material.numbers[question],
                titles[theme],
                coded.entry_labels[entry],
                redacted.text[begin:stop] if material.may_show[at] else None,
                _context(redacted.text, begin, stop) if material.may_show[at] else None,
                negated,
                echo,
                STATUSES[status],
            )
        )
    names = (
        "respondent",
        "question",
        "theme",
        "entry",
        "words",
        "in_context",
        "negated",
        "repeats_the_question",
        "status",
    )
    return Table(names, tuple(rows), title="Codings: where each theme was found")


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
        rows += [
            (name.replace("_", " "), key.replace("_", " "), str(cell))
            for key, cell in parts
            if cell not in (None, "")
        ]
    return Table(("what", "item", "value"), tuple(rows), formats={"value": "text"})
