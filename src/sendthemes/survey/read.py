"""read_answers: from a file or frame to ``Answers``."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from sendthemes.errors import AnswersError, Problem, nearest
from sendthemes.survey.answers import Answers, Question
from sendthemes.survey.grid import Findings, Grid
from sendthemes.survey.layouts import Sheet, recognise
from sendthemes.survey.long import looks_long, read_long
from sendthemes.survey.settings import Settings, from_arguments
from sendthemes.survey.wide import read_wide

_TEXT = {".csv", ".tsv", ".txt", ".tab"}
_WORKBOOKS = {".xlsx", ".xlsm", ".xls"}
_FRAMES = {".parquet", ".pq", ".sav", ".zsav"}


def read_answers(
    source: Any,
    *,
    layout: str = "auto",
    respondent: str | None = None,
    questions: Sequence[str] | None = None,
    variables: Sequence[str] | None = None,
    identifiers: Mapping[str, Sequence[str] | str] | None = None,
    levels: Mapping[str, Sequence[str]] | None = None,
    options: Mapping[str, Sequence[str]] | None = None,
    kinds: Mapping[str, str] | None = None,
    question: str | None = None,
    answer: str | None = None,
    answer_id: str | None = None,
    wave: str | None = None,
    sheet: str | None = None,
    survey: str | Path | Mapping[str, Any] | None = None,
    null_like: Sequence[str] = (),
    progress: bool = False,
) -> Answers:
    """Read a survey's answers, closed and open, as text.

    "None", "NA" and "no" are answers; only a cell without a visible character is blank. Questions are named
    by
    id, heading or wording, case and spaces aside. Kinds are inferred only for columns that neither
    ``questions`` nor ``variables`` nor ``kinds`` nor ``survey`` names.

    Args:
        source: A path (.csv, .tsv, .xlsx, .sav, .parquet), a pandas, polars or Arrow frame, or a list of
            dicts.
        layout: ``"wide"`` (a row a respondent), ``"long"`` (a row an answer), or ``"auto"``.
        respondent: The column of respondent ids; default: the likeliest, else rows are numbered.
        questions: Open questions.
        variables: Closed questions and other facts about respondents to count and cross by.
        identifiers: ``{"name": [...], "email": [...], "la": [...], "school": [...]}``: columns whose values
            must never be shown; those with such a heading are found without it.
        levels: Question → its levels in order; default: the file's value labels, a known scale, else
            alphabetical.
        options: Question → the list of options by which joined cells are split.
        kinds: Question → open, single, multiple, statement, scale, matrix, number or metadata.
        question: Long layout: the column of questions.
        answer: Long layout: the column of answers.
        answer_id: Long layout: the column of answer ids; default: respondent, colon, question id.
        wave: The name of this wave, for ``combine_waves``.
        sheet: The sheet of a workbook; default: the fullest.
        survey: A survey.yml, or its content as a mapping; arguments go before it.
        null_like: More wordings that say nothing in this survey.
        progress: Whether to show a progress bar on standard error for large files.

    Returns:
        The answers; ``problems`` lists what was found and done.

    Raises:
        AnswersError: With all faults at once: no such file, no such column, duplicate ids, ragged rows, …
    """
    settings = from_arguments(
        questions=questions,
        variables=variables,
        levels=levels,
        options=options,
        kinds=kinds,
        identifiers=identifiers,
        layout=layout,
        respondent=respondent,
        question=question,
        answer=answer,
        answer_id=answer_id,
        wave=wave,
        sheet=sheet,
        null_like=null_like,
    )
    if survey is not None:
        from sendthemes.survey.survey_file import load_survey

        settings = settings.over(load_survey(survey))
    findings = Findings()
    understood = open_source(source, settings, findings, progress=progress)
    grid = understood.grid
    read = read_long if looks_long(understood, settings) else read_wide
    answers = _routed(read(understood, settings, findings), findings)
    findings.stop()
    if settings.wave:
        answers = replace(answers, wave=settings.wave)
    return replace(
        answers, null_like=settings.null_like, source=grid.name, digest=grid.digest, problems=findings.table()
    )


def _routed(answers: Answers, findings: Findings) -> Answers:
    """Bring the questions named in routing to their ids; refuse what is not there."""
    return replace(answers, questions=tuple(_route(answers, each, findings) for each in answers.questions))


def _route(answers: Answers, question: Question, findings: Findings) -> Question:
    if question.asked_if is None:
        return question
    name, levels = question.asked_if
    where = f"asked_if of {question.id!r}"
    if not answers.has_question(name) or answers.question(name).kind == "open":
        closed = [each.id for each in answers.questions if each.kind != "open"]
        findings.refuse(f"There is no closed question {name!r}.", where, nearest(name, closed), "no-column")
        return question
    by = answers.question(name)
    for level in levels:
        if by.levels and level not in by.levels:
            findings.refuse(f"{by.id!r} has no level {level!r}.", where, nearest(level, by.levels))
    return replace(question, asked_if=(by.id, levels))


def open_source(source: Any, settings: Settings, findings: Findings, *, progress: bool = False) -> Sheet:
    """Read a source's cells and understand its headings."""
    if isinstance(source, str | Path):
        grid, framed = _open_file(Path(source), settings.sheet, findings, progress), False
        framed = Path(source).suffix.lower() in _FRAMES
    elif isinstance(source, Sequence) and not isinstance(source, bytes):
        from sendthemes.survey.frames import read_dicts

        grid, framed = read_dicts(source), True
    else:
        from sendthemes.survey.frames import read_frame

        grid, framed = read_frame(source), True
    return recognise(grid, findings, framed=framed)


def _open_file(path: Path, sheet: str, findings: Findings, progress: bool) -> Grid:
    suffix = path.suffix.lower()
    if not path.is_file():
        beside = (
            sorted(each.name for each in path.parent.iterdir() if each.name[0] != ".")
            if path.parent.is_dir()
            else []
        )
        what = "is a folder" if path.is_dir() else "is not there"
        raise AnswersError(Problem(f"The file {what}.", str(path), nearest(path.name, beside), "no-file"))
    if path.stat().st_size == 0:
        raise AnswersError(
            Problem("The file is empty.", path.name, "Export the answers again.", "empty-file")
        )
    if suffix in _WORKBOOKS:
        from sendthemes.survey.workbook import read_workbook

        return read_workbook(path, findings, sheet=sheet or None)
    if suffix in {".parquet", ".pq"}:
        from sendthemes.survey.frames import read_parquet

        return read_parquet(path, findings, progress=progress)
    if suffix in {".sav", ".zsav"}:
        from sendthemes.survey.frames import read_spss

        return read_spss(path, findings)
    if suffix in _TEXT:
        from sendthemes.survey.csv_file import read_csv

        return read_csv(path, findings, progress=progress)
    known = ", ".join(sorted(_TEXT | _WORKBOOKS - {".xls"} | _FRAMES))
    raise AnswersError(
        Problem(
            f"Files named {suffix or 'without a suffix'} are not read.",
            path.name,
            f"Use one of {known}.",
            "bad-suffix",
        )
    )
