"""The tables of a report, counted once and then, for publication, with small numbers hidden."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from itertools import chain
from typing import TYPE_CHECKING

from sendthemes.analysis.change import scale_change, theme_change
from sendthemes.analysis.crosstabs import crosstab, theme_crosstab
from sendthemes.analysis.frequencies import response_counts, theme_frequencies
from sendthemes.analysis.matrix import theme_matrix, theme_references
from sendthemes.analysis.scales import scale_summary
from sendthemes.analysis.spread import group_differences, theme_cooccurrence
from sendthemes.report.definition import StudyDefinition
from sendthemes.survey.answers import CLOSED, Answers, Question
from sendthemes.survey.bases import base_mask, is_null_like
from sendthemes.survey.waves import combine_waves
from sendthemes.table import Cell, Table

if TYPE_CHECKING:
    from sendthemes.coding.code import CodedAnswers

Counted = Iterator[tuple[str, Table]]


def short_names(coded: CodedAnswers) -> dict[str, str]:
    """Give the short name of every question, classification and kind of identifier: the label or wording."""
    names = {kind: kind.upper() if kind == "la" else kind for kind in coded.answers.identifiers}
    names |= {question.id: question.label or question.text for question in coded.answers.questions}
    names |= {each.classification: each.title for each in coded.codebook.classifications}
    return {name: f"{title[:1].upper()}{title[1:]}" for name, title in names.items()}


def count_tables(
    study: StudyDefinition,
    coded: CodedAnswers,
    names: Mapping[str, str],
    areas: Mapping[str, str],
    earlier: CodedAnswers | None = None,
) -> dict[str, Table]:
    """Count everything that the study asks for, with true numbers.

    ``names`` are the short names of questions and the like, ``areas`` the codes that stand in tables for
    authorities as the answers write them.

    Returns:
        ``themes``, ``themes_by_question``, ``themes_together``, ``themes_by_X``, ``differences_by_X``,
        ``X_by_Y``, for every closed question, classification and X of ``themes.by`` ``responses_X``;
        ``scales``; ``scale_change``, ``theme_change`` (where the earlier wave was asked open questions) and
        ``X_by_wave``; ``document_references``, ``document_matrix`` and, where the study names sections that
        tell what goes well, ``document_positives``.
    """
    counted = chain(
        _of_themes(study, coded, names),
        _of_questions(study, coded, names),
        _of_waves(study, coded, names, earlier),
        _of_documents(study, coded),
    )
    by = {"responses_la": "response"}
    return {name: _coded_areas(table, areas, by.get(name, "la")) for name, table in counted}


def _of_themes(study: StudyDefinition, coded: CodedAnswers, names: Mapping[str, str]) -> Counted:
    wish = study.themes
    yield "themes", theme_frequencies(coded, base=wish.base, unit=wish.unit)
    yield "themes_by_question", theme_frequencies(coded, by="question", base=wish.base, unit=wish.unit)
    if wish.together:
        yield "themes_together", theme_cooccurrence(coded, base=wish.base)
    for by in wish.by:
        table = theme_crosstab(coded, by=by, base=wish.base, themes=wish.crossed or None)
        yield f"themes_by_{by}", replace(table, title=f"Themes by {names[by]}")
        table = group_differences(coded, by=by, base=wish.base, themes=wish.crossed or None)
        yield f"differences_by_{by}", replace(table, title=f"How each {names[by]} differs from all others")
        yield f"responses_{by}", replace(response_counts(coded, by), title=f"Who answered, by {names[by]}")


def _of_questions(study: StudyDefinition, coded: CodedAnswers, names: Mapping[str, str]) -> Counted:
    for cross in study.cross_tables:
        table = crosstab(coded, rows=cross.rows, columns=cross.columns)
        title = cross.title or f"{names[cross.rows]} by {names[cross.columns]}"
        yield cross.id, replace(table, title=title)
    numbers = question_numbers(coded.answers)
    closed = [each.id for each in coded.answers.questions if each.kind in CLOSED and each.id in numbers]
    for name in (*closed, *coded.levels):
        yield f"responses_{name}", replace(response_counts(coded, name), title=names[name])
    if wish := study.scales:
        agree, disagree = wish.agree or None, wish.disagree or None
        table = scale_summary(coded.answers, questions=wish.questions, agree=agree, disagree=disagree)
        yield "scales", _stated(table, names)


def _of_waves(
    study: StudyDefinition, coded: CodedAnswers, names: Mapping[str, str], earlier: CodedAnswers | None
) -> Counted:
    wish, before = study.change, study.data.earlier
    if wish is None or before is None or earlier is None:
        return
    if study.scales:
        change = scale_change(
            earlier.answers,
            coded.answers,
            questions=study.scales.questions,
            agree=study.scales.agree or None,
            averages=wish.averages,
            direction=wish.direction,
        )
        yield "scale_change", _stated(change, names)
    if earlier.answers.texts:
        yield "theme_change", theme_change(earlier, coded, base=study.themes.base, direction=wish.direction)
    if wish.questions:
        both = combine_waves({before.wave: earlier.answers, study.data.wave: coded.answers})
        for name in wish.questions:
            table = crosstab(both, rows=name, columns="wave", percent_of="column")
            notes = tuple(note for note in table.notes if not re.match("Not tested|With n =|.*chi", note))
            title, base = f"{names[name]}, then and now", "respondents of each wave who answered"
            yield f"{name}_by_wave", replace(table, title=title, base=base, notes=notes, reading="")


def _stated(table: Table, names: Mapping[str, str]) -> Table:
    """Put short names of statements in the place of ids and wordings."""
    said = (names[str(row[0])] if row[0] in names else f"{row[0]} ({row[1]})" for row in table.rows)
    rows = tuple((name, *row[2:]) for name, row in zip(said, table.rows, strict=True))
    return replace(table, columns=("statement", *table.columns[2:]), rows=rows, reading="")


def _of_documents(study: StudyDefinition, coded: CodedAnswers) -> Counted:
    wish = study.documents
    if wish is None:
        return
    names = document_names(coded.answers, wish.noun)
    whole = theme_references(coded, noun=wish.noun)
    yield "document_references", whole.with_rows(whole, ("theme", "label", "referenced", "documents", "base"))
    matrix = theme_matrix(coded, positives=wish.positives or None)
    named = (row | {"document": names[str(row["document"])]} for row in matrix)
    yield "document_matrix", matrix.with_rows(named, title=f"Themes by {wish.noun[0]}")
    if wish.positives:
        rest = [each.id for each in coded.answers.open_questions if each.id not in wish.positives]
        sides = [theme_references(coded, noun=wish.noun, questions=scope) for scope in (wish.positives, rest)]
        said = (side.column("referenced") for side in sides)
        told = [[str(cell).removeprefix("Referenced in ") for cell in cells] for cells in said]
        rows = tuple((*row[:2], *words) for row, *words in zip(whole.rows, *told, strict=True))
        columns, title = ("theme", "label", "as_a_positive", "elsewhere"), "Positives apart from the rest"
        yield "document_positives", Table(columns, rows, title, whole.base)


def document_names(answers: Answers, noun: tuple[str, str]) -> dict[str, str]:
    """Call documents "Case Study 1", "Case Study 2" … in their order."""
    return {name: f"{noun[0]} {at}" for at, name in enumerate(answers.respondents, 1)}


def _coded_areas(table: Table, areas: Mapping[str, str], column: str) -> Table:
    """Put codes in the place of authorities in a table that is crossed by them, its sentences included.

    Rows of equal rank come in the order of the codes: that of the names would give them away.
    """
    if column not in table.columns:
        return table
    at, count = table.columns.index(column), table.columns.index("respondents")
    rows = [(*row[:at], areas.get(str(row[at]), row[at]), *row[at + 1 :]) for row in table.rows]
    places = [list(dict.fromkeys(row[each] for row in rows)) for each in range(count)]

    def order(row: tuple[Cell, ...]) -> tuple[tuple[int, str], ...]:
        number, code = row[count], str(row[at])
        rank = -number if column == "response" and isinstance(number, int) else 0
        others = [
            (len(code), code) if each == at else (places[each].index(row[each]), "") for each in range(count)
        ]
        return ((rank, ""), *others)

    return replace(table, rows=tuple(sorted(rows, key=order)), reading="")


def joined(tables: Mapping[str, Table], keys: Mapping[str, str], *, title: str) -> Table:
    """Put the counts of several questions (id → short name) under each other, in the order given."""
    rows: list[tuple[Cell, ...]] = []
    notes: list[str] = []
    for key, name in keys.items():
        table = tables[f"responses_{key}"]
        rows += [(name, row["response"], row["respondents"], row["base"], row["percent"]) for row in table]
        notes += [note if note.startswith("[") else f"{name}: {note}" for note in table.notes]
    bases = {row[3] for row in rows if row[3] is not None}
    who, columns = "respondents who answered", ("question", "response", "respondents", "base", "percent")
    base = f"{bases.pop()} {who}" if len(bases) == 1 else f"{who} each question"
    return Table(columns, tuple(rows), title=title, base=base, notes=tuple(dict.fromkeys(notes)))


def answer_audit(coded: CodedAnswers, numbers: Mapping[str, str]) -> Table:
    """Count, for every open question, what became of its answers."""
    answers = coded.answers
    texts: dict[str, list[int]] = {question.id: [] for question in answers.questions}
    for at, which in enumerate(answers.answer_questions):
        texts[answers.questions[which].id].append(at)
    touched = set(coded.columns.answer.tolist())
    rows = []
    for question in answers.open_questions:
        mine = texts[question.id]
        null = sum(is_null_like(answers.texts[at], answers.null_like) for at in mine)
        with_theme = sum(at in touched for at in mine)
        asked = int(base_mask(answers, "asked", [question.id]).sum())
        counts = (asked, len(mine), null, with_theme, len(mine) - with_theme)
        rows.append((numbers[question.id], question.text, *counts))
    columns = ("number", "question", "asked", "answers", "saying_nothing", "coded", "not_coded")
    note = "Saying nothing: “N/A”, “as above” and the like; they count as answered, not substantive."
    return Table(columns, tuple(rows), title="What became of the open answers", notes=(note,))


def question_numbers(answers: Answers) -> dict[str, str]:
    """Number the questions as the survey does: Q1, Q2 …; facts about respondents have no number."""
    asked = (each for each in answers.questions if each.kind != "metadata" and not _identifies(answers, each))
    return {question.id: f"Q{at}" for at, question in enumerate(asked, 1)}


def _identifies(answers: Answers, question: Question) -> bool:
    """Say whether a column holds nothing but known names, addresses, authorities or schools."""
    if question.kind == "open" or not answers.identifiers:
        return False
    known = [
        {value for column in answers.identifiers.values() for value in column[at]}
        for at in range(len(answers.respondents))
    ]
    values = answers.values[question.id]
    return any(values) and all(value in {None, *mine} for value, mine in zip(values, known, strict=True))
