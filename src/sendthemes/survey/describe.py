"""describe: what was understood of a source, before anything is counted."""

from __future__ import annotations

import json
import re
from os.path import relpath
from pathlib import Path
from typing import Any

import yaml

from sendthemes.errors import AnswersError, Problem
from sendthemes.files import write_whole
from sendthemes.survey.answers import Answers
from sendthemes.survey.bases import is_back_reference, is_null_like
from sendthemes.survey.read import read_answers
from sendthemes.table import Cell, Table

_START = """\
# What was understood of {source}. Mend what is wrong; take out what you agree with, or keep it.
# Kinds: open (coded), single, multiple, statement, scale, matrix (counted), number, metadata (neither).
{identifiers}# consent: a column that says whether words may be published
# weight: a column of weights
# null_like: [see attached]      # more answers that say nothing
questions:
"""
_IDENTIFIERS = """\
# These columns name people or places: their values are hidden wherever words are shown.
# identifiers: {}
"""
_STUDY = """\
# One command makes the report: sendthemes report study.yml
study: survey
title: {title}
data:
  file: {source}
survey: survey.yml
codebook: send-readiness       # a bundled name, or the path of your own
key: private/la_key.csv        # made at the first run; keep it apart from the report
themes:
  base: answered               # all, asked, answered or substantive
  by: [{by}]
"""


def describe(source: Any, **options: Any) -> Table:
    """Say what is understood of a source: every question with its kind, why, and who answered it.

    No answer is shown, only levels of closed questions.

    Args:
        source: What ``read_answers`` takes, or ``Answers``.
        **options: The options of ``read_answers``.

    Returns:
        One row a question: ``question, text, kind, reason, levels, answered, null_like, see_above, blank``
        (respondents; for ``null_like`` and ``see_above`` those whose every open answer to it says nothing,
        or points to another one). The notes list the problems found.
    """
    answers = source if isinstance(source, Answers) else read_answers(source, **options)
    said: dict[str, dict[int, set[str]]] = {question.id: {} for question in answers.questions}
    for row, which, text in zip(
        answers.answer_respondents, answers.answer_questions, answers.texts, strict=True
    ):
        said[answers.questions[which].id].setdefault(row, set()).add(_sort(text, answers.null_like))
    rows: list[tuple[Cell, ...]] = []
    for question in answers.questions:
        if question.kind == "open":
            sorts = [min(sorts) for sorts in said[question.id].values()]
            counts = [len(sorts), sorts.count("null-like"), sorts.count("see above")]
        else:
            counts = [sum(value is not None for value in answers.values[question.id]), 0, 0]
        about = (question.id, question.text, question.kind, question.reason, "; ".join(question.levels))
        rows.append((*about, *counts, len(answers.respondents) - counts[0]))
    return Table(
        ("question", "text", "kind", "reason", "levels", "answered", "null_like", "see_above", "blank"),
        tuple(rows),
        title=f"What was understood of {answers.source or 'the answers'}",
        base=f"{len(answers.respondents)} {answers.unit}s",
        notes=tuple(f"{row['where']}: {row['problem']} {row['action']}" for row in answers.problems),
    )


def _sort(text: str, extra: tuple[str, ...]) -> str:
    """Sort an answer; of several the first in alphabet wins: one that says something."""
    if is_back_reference(text):
        return "see above"
    return "null-like" if is_null_like(text, extra) else "a substance"


def initialise(source: str | Path, folder: str | Path | None = None) -> tuple[Path, Path]:
    """Write a survey.yml and a study.yml to start from beside a file of answers, or in ``folder``.

    Gives their paths. ``AnswersError``: one is there already (nothing is written over), or the answers cannot
    be read.
    """
    target = Path(source).parent if folder is None else Path(folder)
    paths = target / "survey.yml", target / "study.yml"
    if there := [path for path in paths if path.exists()]:
        remedy = "Rename it, or choose another folder."
        raise AnswersError([Problem("The file is there already.", str(path), remedy) for path in there])
    answers = read_answers(source)
    title = Path(source).stem.replace("_", " ").replace("-", " ").capitalize()
    by = [_quoted(question.id) for question in answers.questions if question.kind in {"single", "scale"}]
    file = Path(relpath(source, target)).as_posix()
    study = _STUDY.format(title=_quoted(title), source=_quoted(file), by="".join(by[:1]))
    for path, text in zip(paths, (survey_yaml(answers), study), strict=True):
        write_whole(path, text.encode("utf-8"))
    return paths


def survey_yaml(answers: Answers) -> str:
    """Write what was understood of a source as a commented survey.yml to start from (no answers)."""
    identifiers = _IDENTIFIERS.format(", ".join(answers.identifiers)) if answers.identifiers else ""
    text = _START.format(source=answers.source, identifiers=identifiers)
    for question in answers.questions:
        levels = ", ".join(map(_quoted, question.levels)) if question.kind != "metadata" else ""
        reason = f"      # {question.reason}" if question.reason else ""
        text += f"  - id: {_quoted(question.id)}\n    text: {_quoted(question.text)}\n"
        text += f"    column: {_quoted(question.heading)}\n" if question.heading else ""
        text += f"    kind: {question.kind}{reason}\n" + (f"    levels: [{levels}]\n" if levels else "")
        text += f"    parent: {_quoted(question.parent)}\n" if question.parent else ""
    return text


def _quoted(text: str) -> str:
    """Quote a text where YAML would read it otherwise."""
    if re.fullmatch(r"[A-Za-z][\w ./-]*\w|[A-Za-z]", text) and yaml.safe_load(text) == text:
        return text
    return json.dumps(text, ensure_ascii=False)
