"""Long sources: one row an answer, with a column of respondents and one of questions."""

from __future__ import annotations

from array import array
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from sendthemes.survey import headings
from sendthemes.survey.answers import Answers
from sendthemes.survey.grid import blank
from sendthemes.survey.layouts import Column
from sendthemes.survey.packed import Cell, take
from sendthemes.survey.people import about, respondent_column
from sendthemes.survey.units import People, Reader
from sendthemes.survey.wide import read_columns

_USUAL = {  # what the columns that make the layout are often called
    "question": "question questionid questiontext prompt item questioncode questionlabel q",
    "answer": "answer answertext response text comment value freetext verbatim a",
    "answer_id": "answerid commentid rowid",
}
Made = Mapping[str, Column | None]  # the columns that make the layout


def looks_long(reader: Reader) -> bool:
    """Say whether a sheet has one row an answer: columns of answers and of questions that recur."""
    settings = reader.settings
    if settings.layout != "auto":
        return settings.layout == "long"
    if settings.question or settings.answer:
        return True
    asked, answer = (_usual(reader, word) for word in ("question", "answer"))
    named = {headings.key(name) for name in settings.overrides}
    if not asked or not answer or {headings.key(each.heading) for each in (asked, answer)} & named:
        return False  # a question may be called "answer", "text" or "q"
    values = [cell for cell in asked.cells if not blank(cell)]
    return bool(values) and (len(set(values)) < len(values) or len(values) <= 3)


def _usual(reader: Reader, role: str) -> Column | None:
    by_key = {headings.key(column.heading): column for column in reversed(reader.sheet.columns)}
    return next((by_key[word] for word in _USUAL[role].split() if word in by_key), None)


def read_long(reader: Reader) -> Answers:
    """Turn a long sheet into a wide one, and that into answers; every question is open unless said else."""
    made: dict[str, Column | None] = {"respondent": respondent_column(reader)}
    for role in _USUAL:
        name = getattr(reader.settings, role)
        made[role] = reader.one(name, f"{role}=") if name else _usual(reader, role)
    respondent, question, answer = (made[role] for role in ("respondent", "question", "answer"))
    for role in ("respondent", "question", "answer"):
        if made[role] is None and not getattr(reader.settings, role):
            message = f"A long layout needs a column of {role}s."
            reader.findings.refuse(message, reader.sheet.place(), f"Name it with {role}=.", "no-column")
    reader.findings.stop()
    if respondent is None or question is None or answer is None:
        raise AssertionError("refused above")
    reader.people = _people(reader, respondent, question, answer, made["answer_id"])
    known = about(reader, list(made.values()))
    questions = list(_questions(reader, question, answer))
    columns = (*_variables(reader, made, questions), *questions)
    wide = Reader(replace(reader.sheet, columns=columns), reader.settings, reader.findings)
    wide.people, wide.facts = reader.people, reader.facts
    return read_columns(wide, known)


def _people(
    reader: Reader, respondent: Column, question: Column, answer: Column, answer_id: Column | None
) -> People:
    """Find whose the rows are that have a respondent and a question."""
    sheet, findings = reader.sheet, reader.findings
    index: dict[str, int] = {}
    of = array("i")
    for row, (who, what) in enumerate(zip(respondent.cells, question.cells, strict=True)):
        lacking = [word for word, cell in (("respondent", who), ("question", what)) if blank(cell)]
        if lacking and not blank(answer.cells[row]):
            message, where = f"An answer without a {' and a '.join(lacking)}.", sheet.place(row, answer)
            findings.refuse(message, where, "Fill it in, or take the row out.", "orphan-answer")
        of.append(-1 if lacking else index.setdefault((who or "").strip(), len(index)))
    if not index:
        remedy = "Name the columns with respondent= and question=, or read with layout='wide'."
        findings.refuse("No row has a respondent and a question.", sheet.place(), remedy, "no-rows")
    return People(tuple(index), of, answer_id)


def _variables(reader: Reader, made: Made, questions: Sequence[Column]) -> Iterator[Column]:
    """Give the other columns with one cell a respondent; what varies within one is told of."""
    asked = {headings.folded(name) for each in questions for name in (each.heading, each.id, each.text)}
    said = {headings.folded(name): override for name, override in reader.settings.overrides.items()}
    named = {name for name, override in said.items() if override.closed or name not in asked}
    for column in reader.sheet.columns:
        if any(column is each for each in made.values()):
            continue
        cells: list[Cell] = [None] * len(reader.people.ids)
        clashing: dict[int, int] = {}
        for row, at in enumerate(reader.people.of):
            cell = column.cells[row]
            if at < 0 or blank(cell):
                continue
            if cells[at] is None:
                cells[at] = cell
            elif cells[at] != cell:
                clashing.setdefault(at, row)
        asked_for = headings.folded(column.heading) in named or column.key in reader.facts
        if clashing and not asked_for:
            problem = f"{column.heading!r} differs between the answers of {len(clashing)} respondents."
            reader.tell(column, problem, "Left out: it tells of answers, not of people.")
            continue
        for at in clashing:
            cells[at] = None
        places = [reader.sheet.place(row, column) for _, row in sorted(clashing.items())]
        problem = f"A respondent has more than one value of {column.heading!r}."
        reader.findings.tell_many(places, problem, "Read as blank for this respondent.")
        name = column.text if column.part else column.heading
        own = headings.own_id(name) or headings.slug(name)
        yield replace(column, cells=cells, id=own, aside=True)


def _questions(reader: Reader, question: Column, answer: Column) -> Iterator[Column]:
    """Give a column of answers for each question in the question column."""
    rows: dict[str, array[int]] = {}
    texts: dict[str, str] = {}
    for row, at in enumerate(reader.people.of):
        if at >= 0:
            wording = question.cells[row] or ""
            text = texts[wording] if wording in texts else texts.setdefault(wording, headings.clean(wording))
            rows.setdefault(text, array("q")).append(row)
    split = {text: headings.numbered(text) for text in rows}
    ids = headings.unique(
        number or headings.own_id(text) or f"q{at}" for at, (text, (number, _)) in enumerate(split.items(), 1)
    )
    for name, (text, (_, wording)) in zip(ids, split.items(), strict=True):
        cells = take(answer.cells, rows[text])
        yield Column(answer.at, text, wording, cells, id=name, kind="open", rows=rows[text])
