"""The tables of a report, counted once and then, for publication, with small numbers hidden."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from sendthemes.analysis.crosstabs import crosstab, theme_crosstab
from sendthemes.analysis.frequencies import response_counts, theme_frequencies
from sendthemes.analysis.spread import group_differences, theme_cooccurrence
from sendthemes.report.comparisons import compared_tables
from sendthemes.report.definition import StudyDefinition
from sendthemes.survey.answers import CLOSED, Answers, Question
from sendthemes.survey.bases import base_mask, is_null_like
from sendthemes.table import Cell, Table

if TYPE_CHECKING:
    from sendthemes.coding.code import CodedAnswers


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

    Args:
        study: The study.
        coded: The coded answers.
        names: Question, classification or kind of identifier → short name.
        areas: Authority as the answers write it → the code that stands in tables instead.
        earlier: The earlier wave, coded with the same codebook.

    Returns:
        ``themes``, ``themes_by_question``, ``themes_together``,
        ``themes_by_X``, ``differences_by_X``, ``X_by_Y``, for every
        closed question, classification and X of ``themes.by`` ``responses_X``, and what
        ``compared_tables`` gives.
    """
    wish = study.themes
    tables = {
        "themes": theme_frequencies(coded, base=wish.base, unit=wish.unit),
        "themes_by_question": theme_frequencies(coded, by="question", base=wish.base, unit=wish.unit),
    }
    if wish.together:
        tables["themes_together"] = theme_cooccurrence(coded, base=wish.base)
    for by in wish.by:
        table = theme_crosstab(coded, by=by, base=wish.base, themes=wish.crossed or None)
        tables[f"themes_by_{by}"] = replace(table, title=f"Themes by {names[by]}")
        table = group_differences(coded, by=by, base=wish.base, themes=wish.crossed or None)
        tables[f"differences_by_{by}"] = replace(table, title=f"How each {names[by]} differs from all others")
        tables[f"responses_{by}"] = replace(response_counts(coded, by), title=f"Who answered, by {names[by]}")
    for cross in study.cross_tables:
        table = crosstab(coded, rows=cross.rows, columns=cross.columns)
        title = cross.title or f"{names[cross.rows]} by {names[cross.columns]}"
        tables[cross.id] = replace(table, title=title)
    for question in coded.answers.questions:
        if question.kind in CLOSED and question.id in question_numbers(coded.answers):
            table = response_counts(coded.answers, question.id)
            tables[f"responses_{question.id}"] = replace(table, title=names[question.id])
    for each in coded.levels:
        tables[f"responses_{each}"] = replace(response_counts(coded, each), title=names[each])
    tables |= compared_tables(study, coded, names, earlier)
    return {
        name: _coded_areas(table, areas, "response" if name == "responses_la" else "la")
        for name, table in tables.items()
    }


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
    """Put the counts of several questions under each other.

    Args:
        tables: All tables.
        keys: Question id → short name, in the order wanted; each needs its ``responses_X``.
        title: The caption.
    """
    rows: list[tuple[Cell, ...]] = []
    notes: list[str] = []
    for key, name in keys.items():
        table = tables[f"responses_{key}"]
        rows += [(name, row["response"], row["respondents"], row["base"], row["percent"]) for row in table]
        notes += [note if note.startswith("[") else f"{name}: {note}" for note in table.notes]
    bases = {row[3] for row in rows if row[3] is not None}
    base = (
        f"{next(iter(bases))} respondents who answered"
        if len(bases) == 1
        else "respondents who answered each question"
    )
    return Table(
        ("question", "response", "respondents", "base", "percent"),
        tuple(rows),
        title=title,
        base=base,
        notes=tuple(dict.fromkeys(notes)),
    )


def answer_audit(coded: CodedAnswers, numbers: Mapping[str, str]) -> Table:
    """Count, for every open question, what became of its answers."""
    answers = coded.answers
    position = {question.id: at for at, question in enumerate(answers.questions)}
    texts: dict[int, list[int]] = {at: [] for at in position.values()}
    for at, which in enumerate(answers.answer_questions):
        texts[which].append(at)
    touched = set(coded.columns.answer.tolist())
    rows = []
    for question in answers.open_questions:
        mine = texts[position[question.id]]
        null = sum(is_null_like(answers.texts[at], answers.null_like) for at in mine)
        with_theme = sum(at in touched for at in mine)
        asked = int(base_mask(answers, "asked", [question.id]).sum())
        rows.append(
            (numbers[question.id], question.text, asked, len(mine), null, with_theme, len(mine) - with_theme)
        )
    columns = ("number", "question", "asked", "answers", "saying_nothing", "coded", "not_coded")
    return Table(
        columns,
        tuple(rows),
        title="What became of the open answers",
        notes=("Saying nothing: “N/A”, “as above” and the like; they count as answered, not substantive.",),
    )


def question_numbers(answers: Answers) -> dict[str, str]:
    """Number the questions as the survey does: Q1, Q2 …; facts about respondents have no number."""
    asked = [
        question
        for question in answers.questions
        if question.kind != "metadata" and not _identifies(answers, question)
    ]
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
    return any(values) and all(
        value is None or value in mine for value, mine in zip(values, known, strict=True)
    )
