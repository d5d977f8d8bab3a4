"""Comparisons in a report: statements, two waves, groups, documents, and themes question by question."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from itertools import groupby
from typing import TYPE_CHECKING

from sendthemes.analysis.change import change_lists, scale_change, theme_change
from sendthemes.analysis.crosstabs import crosstab
from sendthemes.analysis.matrix import theme_matrix, theme_references
from sendthemes.analysis.mentions import counted
from sendthemes.analysis.scales import scale_summary
from sendthemes.report.blocks import Block, Figure, Heading, Items, Prose
from sendthemes.report.definition import StudyDefinition
from sendthemes.report.material import Material
from sendthemes.survey.answers import Answers
from sendthemes.survey.waves import combine_waves
from sendthemes.table import Cell, Table, show

if TYPE_CHECKING:
    from sendthemes.coding.code import CodedAnswers

Part = tuple[tuple[Block, ...], dict[str, Table]]
_LISTS = {
    "celebrate": "To celebrate",
    "fell": "Less positive: agreement fell",
    "low but rising": "Low but rising",
    "average": "Averages over several statements",
}
_ARROWS = {"up": "▲ up", "down": "▼ down", "no clear change": "no clear change"}


def compared_tables(
    study: StudyDefinition, coded: CodedAnswers, names: Mapping[str, str], earlier: CodedAnswers | None
) -> dict[str, Table]:
    """Count statements, changes between the waves, and themes by document, as far as the study asks.

    Args:
        study: The study.
        coded: The coded answers.
        names: Question → short name.
        earlier: The earlier wave, coded with the same codebook.

    Returns:
        ``scales``; ``scale_change``, ``theme_change`` (where the earlier wave was asked open questions) and
        ``X_by_wave``; ``document_references``, ``document_matrix`` and, where the study names sections that
        tell what goes well, ``document_positives``.
    """
    tables: dict[str, Table] = {}
    if study.scales:
        tables["scales"] = _stated(
            scale_summary(
                coded.answers,
                questions=study.scales.questions,
                agree=study.scales.agree or None,
                disagree=study.scales.disagree or None,
            ),
            names,
        )
    if study.change and earlier is not None:
        tables |= _changes(study, coded, names, earlier)
    if study.documents:
        tables |= _documents(study, coded)
    return tables


def document_names(answers: Answers, noun: tuple[str, str]) -> dict[str, str]:
    """Call documents "Case Study 1", "Case Study 2" … in their order."""
    return {name: f"{noun[0]} {at}" for at, name in enumerate(answers.respondents, 1)}


def _changes(
    study: StudyDefinition, coded: CodedAnswers, names: Mapping[str, str], earlier: CodedAnswers
) -> dict[str, Table]:
    wish, waves = study.change, study.data.earlier
    assert wish is not None
    assert waves is not None
    tables: dict[str, Table] = {}
    if study.scales:
        change = scale_change(
            earlier.answers,
            coded.answers,
            questions=study.scales.questions,
            agree=study.scales.agree or None,
            averages=wish.averages,
            direction=wish.direction,
        )
        tables["scale_change"] = _stated(change, names)
    if earlier.answers.texts:
        tables["theme_change"] = theme_change(
            earlier, coded, base=study.themes.base, direction=wish.direction
        )
    if wish.questions:
        both = combine_waves({waves.wave: earlier.answers, study.data.wave: coded.answers})
        for name in wish.questions:
            table = crosstab(both, rows=name, columns="wave", percent_of="column")
            notes = tuple(note for note in table.notes if not re.match("Not tested|With n =|.*chi", note))
            tables[f"{name}_by_wave"] = replace(
                table,
                title=f"{names[name]}, then and now",
                base="respondents of each wave who answered",
                notes=notes,
                reading="",
            )
    return tables


def _stated(table: Table, names: Mapping[str, str]) -> Table:
    """Put short names of statements in the place of ids and wordings."""
    rows = tuple(
        (names[str(row[0])] if row[0] in names else f"{row[0]} ({row[1]})", *row[2:]) for row in table.rows
    )
    return replace(table, columns=("statement", *table.columns[2:]), rows=rows, reading="")


def _documents(study: StudyDefinition, coded: CodedAnswers) -> dict[str, Table]:
    wish = study.documents
    assert wish is not None
    names = document_names(coded.answers, wish.noun)
    matrix = theme_matrix(coded, positives=wish.positives or None)
    at = matrix.columns.index("document")
    rows = tuple((*row[:at], names[str(row[at])], *row[at + 1 :]) for row in matrix.rows)
    tables = {
        "document_references": _referenced(theme_references(coded, noun=wish.noun)),
        "document_matrix": replace(matrix, rows=rows, title=f"Themes by {wish.noun[0]}"),
    }
    if wish.positives:
        rest = [each.id for each in coded.answers.open_questions if each.id not in wish.positives]
        sides = [theme_references(coded, noun=wish.noun, questions=scope) for scope in (wish.positives, rest)]
        tables["document_positives"] = Table(
            ("theme", "label", "as_a_positive", "elsewhere"),
            tuple(
                (*row[:2], *(str(each[-1]).removeprefix("Referenced in ") for each in (row, other)))
                for row, other in zip(sides[0].rows, sides[1].rows, strict=True)
            ),
            title="Positives apart from the rest",
            base=sides[0].base,
        )
    return tables


def _referenced(table: Table) -> Table:
    """Put the words of a table of references before its counts."""
    columns = ("theme", "label", "referenced", "documents", "base")
    rows = tuple(tuple(row[name] for name in columns) for row in table)
    return replace(table, columns=columns, rows=rows)


def scales(material: Material) -> Part:
    """Write how many agree with each statement: a bar each, highest first, and the figures."""
    if not material.study.scales:
        return (), {}
    table = material.tables["scales"]
    ordered = sorted(table, key=lambda row: -row["agree"] if isinstance(row["agree"], float) else 1)
    sides = ("disagree", "neither", "agree")
    rows = tuple(
        (row["statement"], side.capitalize(), row[f"respondents_{side}"], row["base"], row[side])
        for row in ordered
        for side in sides
    )
    columns = ("statement", "side", "respondents", "base", "percent")
    agreement = Table(columns, rows, table.title, table.base, table.notes, formats={"percent": "percent"})
    made = {"agreement": agreement, "scales": table}
    return (Figure("agreement", chart="stacked", across="side", folded=True),), made


def change(material: Material) -> Part:
    """Write what changed since the earlier wave: questions side by side, statements, four lists, themes."""
    if not material.study.change:
        return (), {}
    blocks: list[Block] = []
    made: dict[str, Table] = {}
    for name in material.study.change.questions:
        made[f"{name}_by_wave"] = material.tables[f"{name}_by_wave"]
        blocks.append(Figure(f"{name}_by_wave", across="wave"))
    if "scale_change" in material.tables:
        wish = material.study.change
        made["scale_change"] = _with_arrows(material.tables["scale_change"])
        made["change_lists"] = _with_arrows(
            change_lists(material.tables["scale_change"], high=wish.celebrate, low=wish.low)
        )
        blocks += [
            Figure("scale_change", chart="change", folded=True),
            *_lists(made["change_lists"]),
        ]
    if "theme_change" in material.tables:
        made["theme_change"] = replace(_with_arrows(material.tables["theme_change"]), reading="")
        blocks += [Heading("Themes then and now"), Figure("theme_change", titled=True)]
    return tuple(blocks), made


def _with_arrows(table: Table) -> Table:
    at = table.columns.index("change")
    rows = tuple((*row[:at], _ARROWS.get(str(row[at]), row[at]), *row[at + 1 :]) for row in table.rows)
    return replace(table, rows=rows)


def _lists(table: Table) -> list[Block]:
    """Set the lists of statements as bullets, each with its figures."""
    found = {name: list(rows) for name, rows in groupby(table, key=lambda row: str(row["list"]))}
    return [
        Items(
            tuple((str(row["statement"]), _in_figures(row)) for row in found[name])
            if name in found
            else (("None.", ""),),
            title,
        )
        for name, title in _LISTS.items()
    ]


def _in_figures(row: Mapping[str, Cell]) -> str:
    """Say a change in figures: "▼ down, from 50.8% (95 of 187) to 40.9% (65 of 159)"."""
    sides = []
    for wave in ("then", "now"):
        of = f" ({row[f'respondents_{wave}']} of {row[f'base_{wave}']})" if row[f"base_{wave}"] else ""
        sides.append(f"{show(row[f'percent_{wave}'], 'percent')}%{of}")
    return f"{row['change']}, from {sides[0]} to {sides[1]}"


def found_differences(table: Table) -> Table:
    """Keep the groups that differ from all others or are like them; say how many cannot be told."""
    told = [row[-1] in ("higher", "lower", "similar") for row in table.rows]
    few = sum(row[-1] == "too few to compare" for row in table.rows)
    unclear = len(table) - sum(told) - few
    note = (
        f"Not shown: {counted(unclear, 'comparison')} without a clear difference "
        f"and {few} of groups too small to compare. A group that is not shown is not thereby like the others."
    )
    names = [name for name in table.columns if name not in ("low", "high", "finding")]
    columns = (*names[:3], "finding", *names[3:])
    rows = tuple(tuple(row[name] for name in columns) for row, tell in zip(table, told, strict=True) if tell)
    return replace(table, columns=columns, rows=rows).with_notes(note)


def theme_lists(material: Material, table: Table) -> Part:
    """Write each question's own themes with their counts.

    Args:
        material: The report's material.
        table: Themes by question, without those under the minimum.
    """
    blocks: list[Block] = []
    made: dict[str, Table] = {}
    at = table.columns.index("question")
    for question in material.coded.answers.open_questions:
        rows = tuple((*row[:at], *row[at + 1 :]) for row in table.rows if row[at] == question.id)
        columns = (*table.columns[:at], *table.columns[at + 1 :])
        name = f"themes_{question.id}"
        base = f"respondents who answered {material.numbers[question.id]}"
        made[name] = replace(table, columns=columns, rows=rows, title=material.asked(question.id), base=base)
        blocks += [Heading(material.asked(question.id)), Figure(name, titled=True, about=question.id)]
    return tuple(blocks), made


def documents(material: Material) -> Part:
    """Write which documents reference each theme, how prominently, and the share of their sentences."""
    if not material.study.documents:
        return (), {}
    names = ("document_references", "document_positives", "document_matrix")
    made = {name: material.tables[name] for name in names if name in material.tables}
    blocks: list[Block] = [Figure("document_references")]
    if "document_positives" in made:
        blocks.append(Figure("document_positives"))
    blocks += [
        Prose(
            "Counts are of sentences. Reading decides whether a mention is a finding.",
            "method",
        ),
        Figure("document_matrix", across="document"),
    ]
    return tuple(blocks), made
