"""read_answers: from a file or frame to ``Answers``."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from sendthemes.errors import AnswersError, Problem, nearest, unknown
from sendthemes.survey.answers import Answers, Question
from sendthemes.survey.csv_file import read_csv
from sendthemes.survey.frames import read_dicts, read_frame, read_parquet, read_spss
from sendthemes.survey.grid import Findings, Grid
from sendthemes.survey.layouts import Sheet, recognise
from sendthemes.survey.long import looks_long, read_long
from sendthemes.survey.settings import from_arguments, load_survey
from sendthemes.survey.units import Reader
from sendthemes.survey.wide import read_wide
from sendthemes.survey.workbook import read_workbook

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
    by id, heading or wording, case and spaces aside. Kinds are inferred only for columns that neither
    ``questions`` nor ``variables`` nor ``kinds`` nor ``survey`` names.

    Args:
        source: A path (.csv, .tsv, .xlsx, .sav, .parquet), a pandas, polars or Arrow frame, a list of dicts.
        layout: ``"wide"`` (a row a respondent), ``"long"`` (a row an answer), or ``"auto"``.
        respondent: The column of respondent ids; default: the likeliest, else rows are numbered.
        questions: Open questions.
        variables: Closed questions and other facts about respondents to count and cross by.
        identifiers: ``{"name": [...], "email": [...], "la": [...], "school": [...]}``: columns whose values
            must never be shown; those with such a heading are found without it.
        levels: Question → its levels in order; default: the file's labels, a known scale, else by alphabet.
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
        settings = settings.before(load_survey(survey))
    findings = Findings()
    named = Counter(each.id for each in settings.overrides.values() if each.id)
    for name in (name for name, count in named.items() if count > 1):
        findings.add(Problem(f"Two questions are to be called {name!r}.", "survey", "Give each its own id."))
    reader = Reader(_opened(source, settings.sheet, findings, progress), settings, findings)
    answers = read_long(reader) if looks_long(reader) else read_wide(reader)
    asked = tuple(_routed(answers, each, findings) for each in answers.questions)
    findings.stop()
    return replace(
        answers,
        questions=asked,
        wave=settings.wave,
        null_like=settings.null_like,
        source=reader.sheet.grid.name,
        digest=reader.sheet.grid.digest,
        problems=findings.table(),
    )


def _routed(answers: Answers, question: Question, findings: Findings) -> Question:
    """Bring the question named in routing to its id; refuse what is not there."""
    if question.asked_if is None:
        return question
    name, levels = question.asked_if
    where = f"asked_if of {question.id!r}"
    if not answers.has_question(name) or answers.question(name).kind == "open":
        closed = [each.id for each in answers.questions if each.kind != "open"]
        findings.add(unknown("closed question", name, closed, where, "no-column"))
        return question
    by = answers.question(name)
    for level in levels:
        if by.levels and level not in by.levels:
            findings.add(unknown(f"level of {by.id!r} called", level, by.levels, where, "no-level"))
    return replace(question, asked_if=(by.id, levels))


def _opened(source: Any, sheet: str, findings: Findings, progress: bool) -> Sheet:
    """Read a source's cells and understand its headings."""
    framed = True
    if isinstance(source, str | Path):
        grid = _open_file(Path(source), sheet, findings, progress)
        framed = Path(source).suffix.lower() in _FRAMES
    elif isinstance(source, Sequence) and not isinstance(source, bytes):
        grid = read_dicts(source)
    else:
        grid = read_frame(source)
    return recognise(grid, findings, framed=framed)


def _open_file(path: Path, sheet: str, findings: Findings, progress: bool) -> Grid:
    if not path.is_file():
        beside = [each.name for each in path.parent.iterdir()] if path.parent.is_dir() else []
        near = nearest(path.name, (name for name in beside if name[0] != "."))
        if path.is_dir():
            remedy = "Name a file; read_documents reads a folder of case studies."
            findings.stop_at("This is a folder.", str(path), remedy, "no-file")
        findings.stop_at("The file is not there.", str(path), near, "no-file")
    if path.stat().st_size == 0:
        findings.stop_at("The file is empty.", path.name, "Export the answers again.", "empty-file")
    match path.suffix.lower():
        case ".csv" | ".tsv" | ".txt" | ".tab":
            return read_csv(path, findings, progress=progress)
        case ".xlsx" | ".xlsm" | ".xls":
            return read_workbook(path, findings, sheet=sheet or None)
        case ".parquet" | ".pq":
            return read_parquet(path, findings, progress=progress)
        case ".sav" | ".zsav":
            return read_spss(path, findings)
    message = f"Files named {path.suffix or 'without a suffix'} are not read."
    remedy = "Use one of .csv, .tsv, .txt, .tab, .xlsx, .xlsm, .parquet, .pq, .sav, .zsav."
    raise AnswersError(Problem(message, path.name, remedy, "bad-suffix"))
