"""A survey.yml and a study.yml to start from, written from what was understood of a source."""

from __future__ import annotations

import re

import yaml

from sendthemes.survey.answers import Answers

_START = """\
# What was understood of {source}. Mend what is wrong; take out what you agree with, or keep it.
# Kinds: open (coded), single, multiple, statement, scale, matrix (counted), number, metadata (neither).
{identifiers}# consent: a column that says whether words may be published
# weight: a column of weights
# null_like: [see attached]      # more answers that say nothing
questions:
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


def survey_yaml(answers: Answers) -> str:
    """Write what was understood of a source as a commented survey.yml to start from (no answers)."""
    identifiers = ""
    if answers.identifiers:
        identifiers = (
            "# These columns name people or places: their values are hidden wherever words are shown.\n"
            f"# identifiers: {', '.join(answers.identifiers)}\n"
        )
    lines = []
    for question in answers.questions:
        lines += [f"  - id: {_quoted(question.id)}", f"    text: {_quoted(question.text)}"]
        if question.heading:
            lines.append(f"    column: {_quoted(question.heading)}")
        lines.append(f"    kind: {question.kind}" + (f"      # {question.reason}" if question.reason else ""))
        if question.levels and question.kind != "metadata":
            lines.append(f"    levels: [{', '.join(map(_quoted, question.levels))}]")
        if question.parent:
            lines.append(f"    parent: {_quoted(question.parent)}")
    return _START.format(source=answers.source, identifiers=identifiers) + "".join(
        f"{line}\n" for line in lines
    )


def study_yaml(answers: Answers, *, title: str = "Survey report") -> str:
    """Write a commented study.yml to start from."""
    closed = [question.id for question in answers.questions if question.kind in {"single", "scale"}]
    by = ", ".join(map(_quoted, closed[:1]))
    return _STUDY.format(title=_quoted(title), source=_quoted(answers.source), by=by)


def _quoted(text: str) -> str:
    """Quote a text where YAML would read it otherwise."""
    if re.fullmatch(r"[A-Za-z][\w ./-]*\w|[A-Za-z]", text) and yaml.safe_load(text) == text:
        return text
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'
