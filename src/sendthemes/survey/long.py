"""Long sources: one row an answer, with a column of respondents and one of questions."""

from __future__ import annotations

from array import array
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from sendthemes.errors import unknown
from sendthemes.survey import headings
from sendthemes.survey.answers import Answers, Question
from sendthemes.survey.build import Built, assemble, build_cells, build_column
from sendthemes.survey.grid import blank
from sendthemes.survey.layouts import Column, Key
from sendthemes.survey.packed import Cell, Opened, take
from sendthemes.survey.people import People, about, respondent_column
from sendthemes.survey.units import Reader

_USUAL = {  # what the columns that make the layout are often called
    "question": "question questionid questiontext prompt item questioncode questionlabel q",
    "answer": "answer answertext response text comment value freetext verbatim a",
    "answer_id": "answerid commentid rowid",
}


@dataclass(frozen=True, slots=True)
class Rows:
    """A long sheet: the columns that make the layout, those beside them, and whose each row is."""

    reader: Reader
    question: Column
    answer: Column
    answer_id: Column | None
    others: Sequence[Column]
    people: People

    def one_each(self, column: Column) -> tuple[list[Cell], dict[int, int]]:
        """Give a column's one value a respondent, blank where there are several, and the rows that clash."""
        cells: list[Cell] = [None] * len(self.people.ids)
        clashing: dict[int, int] = {}
        for row, at in zip(self.people.rows, self.people.of, strict=True):
            cell = column.cells[row]
            if cells[at] is None and not blank(cell):
                cells[at] = cell
            elif cells[at] != cell and not blank(cell):
                clashing.setdefault(at, row)
        for at in clashing:
            cells[at] = None
        return cells, dict(sorted(clashing.items()))


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
    """Turn a long sheet into answers; every question is open unless something else is said of it."""
    made = {"respondent": respondent_column(reader)}
    for role in _USUAL:
        name = getattr(reader.settings, role)
        made[role] = reader.one(name, f"{role}=") if name else _usual(reader, role)
    rows = _rows(reader, made)
    asked = _asked(rows)
    _say(rows, asked)
    known = about(reader, list(made.values()))
    reader.findings.stop()
    answers = _gathered(rows, asked, _variables(rows))
    return known.told(answers, reader, rows.people, lambda column: rows.one_each(column)[0])


def _rows(reader: Reader, made: Mapping[str, Column | None]) -> Rows:
    """Find the rows that have a respondent and a question."""
    sheet, findings = reader.sheet, reader.findings
    respondent, question, answer, answer_id = made.values()
    for role in ("respondent", "question", "answer"):
        if made[role] is None and not getattr(reader.settings, role):
            message = f"A long layout needs a column of {role}s."
            findings.refuse(message, sheet.place(), f"Name it with {role}=.", "no-column")
    findings.stop()
    if respondent is None or question is None or answer is None:
        raise AssertionError("refused above")
    rows = array("q")
    for row in range(len(sheet.rows)):
        named = (("respondent", respondent), ("question", question))
        lacking = [word for word, column in named if blank(column.cells[row])]
        if not lacking:
            rows.append(row)
        elif not blank(answer.cells[row]):
            message, where = f"An answer without a {' and a '.join(lacking)}.", sheet.place(row, answer)
            findings.refuse(message, where, "Fill it in, or take the row out.", "orphan-answer")
    if not rows:
        remedy = "Name the columns with respondent= and question=, or read with layout='wide'."
        findings.refuse("No row has a respondent and a question.", sheet.place(), remedy, "no-rows")
    index: dict[str, int] = {}
    of = array("q", (index.setdefault((respondent.cells[row] or "").strip(), len(index)) for row in rows))
    others = [column for column in sheet.columns if not any(column is each for each in made.values())]
    return Rows(reader, question, answer, answer_id, others, People(tuple(index), rows, of))


def _asked(rows: Rows) -> dict[str, Column]:
    """Give the question of each wording in the question column, as a column of answers without cells."""
    wordings = dict.fromkeys(rows.question.cells[row] or "" for row in rows.people.rows)
    texts = {wording: headings.clean(wording) for wording in wordings}
    split = [(text, *headings.numbered(text)) for text in dict.fromkeys(texts.values())]
    ids = headings.unique(
        number or headings.own_id(text) or f"q{at}" for at, (text, number, _) in enumerate(split, start=1)
    )
    asked = {
        text: Column(rows.answer.at, text, wording, id=name, part=text)
        for name, (text, _, wording) in zip(ids, split, strict=True)
    }
    return {wording: asked[text] for wording, text in texts.items()}


def _say(rows: Rows, asked: Mapping[str, Column]) -> None:
    """Keep what is said about questions and columns; a name of both is the question's, unless closed."""
    reader = rows.reader
    columns = {headings.folded(column.heading): column for column in rows.others}
    questions = {
        headings.folded(name): column
        for column in asked.values()
        for name in (column.heading, column.id, column.text)
    }
    for name, override in reader.settings.overrides.items():
        ways = questions | columns if override.closed else columns | questions
        if column := ways.get(headings.folded(name)):
            reader.say(column.key, override)
        else:
            names = [each for column in asked.values() for each in (column.heading, column.id)]
            where = reader.sheet.place(column=rows.question)
            names += reader.names()
            reader.findings.add(unknown("question and no column", name, names, where, "no-column"))


def _variables(rows: Rows) -> list[Built]:
    """Turn the other columns into variables of the respondents; those that vary within one are told of."""
    built: list[Built] = []
    reader = rows.reader
    for column in rows.others:
        cells, clashing = rows.one_each(column)
        if clashing and not reader.has_said(column.key):
            problem = f"{column.heading!r} differs between the answers of {len(clashing)} respondents."
            reader.tell(column, problem, "Left out: it tells of answers, not of people.")
            continue
        places = [reader.sheet.place(row, column) for row in clashing.values()]
        problem = f"A respondent has more than one value of {column.heading!r}."
        reader.findings.tell_many(places, problem, "Read as blank for this respondent.")
        name = headings.own_id(column.heading) or headings.slug(column.heading)
        # Words beside the answers are facts about the respondent: only the answers are coded.
        built += [
            each.changed(kind="metadata") if each.question.kind == "open" else each
            for each in build_column(reader, replace(column, cells=cells), name, column.text)
        ]
    return built


def _gathered(rows: Rows, asked: Mapping[str, Column], variables: Sequence[Built]) -> Answers:
    """Put the variables, the closed questions by respondent and the open answers in the order of the rows."""
    reader, people = rows.reader, rows.people
    questions = {column.key: column for column in asked.values()}
    place = {key: at for at, key in enumerate(questions, start=len(variables))}
    closed: dict[Key, list[Cell]] = {
        key: [None] * len(people.ids)
        for key in questions
        if reader.said(key).closed or reader.said(key).kind not in {None, "open"}
    }
    at_row, of, which = array("q"), array("i"), array("i")
    for row, at in zip(people.rows, people.of, strict=True):
        text = rows.answer.cells[row]
        if text is None or blank(text):
            continue
        column = asked[rows.question.cells[row] or ""]
        if column.key not in closed:
            at_row.append(row)
            of.append(at)
            which.append(place[column.key])
            continue
        before = closed[column.key][at]
        if before is not None and before != text:
            problem = f"A second answer to {reader.said(column.key).id or column.id!r} by one respondent."
            reader.findings.tell(reader.sheet.place(row, rows.answer), problem, "Joined with ';'.")
            text = f"{before};{text}"
        closed[column.key][at] = text
    built = list(variables)
    for key, column in questions.items():
        question = Question(column.id, column.text, "open", reason="long layout", heading=column.heading)
        question = reader.said(key).told(question)
        if key in closed:
            cells = replace(column, cells=closed[key])
            built += build_cells(reader, cells, question, reader.said(key))[:1]
        else:
            built.append(Built(question))
    opened = Opened(dict.fromkeys(place.values(), rows.answer.cells), at_row, of, which)
    answers = assemble(reader, people.ids, built, opened)
    return replace(answers, answer_ids=_answer_ids(rows, answers, at_row))


def _answer_ids(rows: Rows, answers: Answers, at_row: Sequence[int]) -> Sequence[str]:
    """Give the source's answer ids, which must differ, or made ones, numbered where they recur."""
    made = answers.answer_ids
    if rows.answer_id is None:
        pairs = zip(answers.answer_respondents, answers.answer_questions, strict=True)
        seen = bytearray(len(answers.respondents) * len(answers.questions))
        for person, question in pairs:
            seen[person * len(answers.questions) + question] = 1
        return made if seen.count(1) == len(made) else headings.unique(made)
    given = take(rows.answer_id.cells, at_row)
    ids = [made[at] if blank(cell) else (cell or "").strip() for at, cell in enumerate(given)]
    again = sorted(name for name, count in Counter(ids).items() if count > 1)
    if again:
        message = f"{len(again)} answer ids are here more than once: {', '.join(map(repr, again[:10]))}."
        where = rows.reader.sheet.place(column=rows.answer_id)
        rows.reader.findings.refuse(message, where, "Each answer needs its own id.", "duplicate-answer")
    return ids
