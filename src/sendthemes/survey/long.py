"""Long sources: one row an answer, with a column of respondents and one of questions."""

from __future__ import annotations

from array import array
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from sendthemes.errors import nearest
from sendthemes.survey import headings
from sendthemes.survey.answers import Answers, Question
from sendthemes.survey.build import Built, Cells, build, identifier_values
from sendthemes.survey.grid import Findings, blank
from sendthemes.survey.layouts import Column, Sheet
from sendthemes.survey.packed import Cell, MadeIds, Packed, Texts, take
from sendthemes.survey.settings import Override, Settings
from sendthemes.survey.units import Finder, Key, respondent_column

_QUESTION = ("question", "questionid", "questiontext", "prompt", "item")
_ANSWER = ("answer", "answertext", "response", "text", "comment", "value")
_ANSWER_ID = ("answerid", "commentid", "rowid")


def looks_long(sheet: Sheet, settings: Settings) -> bool:
    """Say whether a sheet has one row an answer: columns of answers and of questions that recur."""
    if settings.layout != "auto":
        return settings.layout == "long"
    if settings.question or settings.answer:
        return True
    names = [headings.key(column.heading) for column in sheet.columns]
    if not (set(names) & set(_QUESTION) and set(names) & set(_ANSWER)):
        return False
    asked = next(column for column in sheet.columns if headings.key(column.heading) in _QUESTION)
    values = [cell for cell in asked.cells if not blank(cell)]
    return bool(values) and (len(set(values)) < len(values) or len(values) <= 3)


@dataclass(frozen=True, slots=True)
class Rows:
    """The rows of a long sheet that hold answers, with who answered what.

    Attributes:
        sheet: The sheet.
        question: The column of questions.
        answer: The column of answers.
        answer_id: The column of answer ids, if there is one.
        taken: The keys of the columns that make the layout.
        rows: The rows that have a respondent and a question.
        of: For each of them the index of its respondent.
        people: The respondents, in the order in which they first come.
    """

    sheet: Sheet
    question: Column
    answer: Column
    answer_id: Column | None
    taken: frozenset[Key]
    rows: Sequence[int]
    of: Sequence[int]
    people: tuple[str, ...]


def read_long(sheet: Sheet, settings: Settings, findings: Findings) -> Answers:
    """Turn a long sheet into answers; every question is open unless something else is said of it."""
    finder = Finder(sheet, findings)
    for column in sheet.columns:
        finder.learn(column, column.heading, column.id, column.text)
    rows = _rows(sheet, settings, finder, findings)
    questions, said = _questions(rows, settings, finder, findings)
    findings.stop()
    variables = _variables(rows, said, findings)
    answers = _gathered(rows, questions, findings)
    known = {
        kind: [column for name in names for column in finder.find(name, f"identifiers[{kind!r}]")]
        for kind, names in settings.identifiers.items()
    }
    for column in sheet.columns:
        kind = headings.identifier(column.heading)
        if kind and not settings.identifiers and column.key not in rows.taken:
            known.setdefault(kind, []).append(column)
    findings.stop()
    return replace(
        answers,
        questions=(*(each.question for each in variables), *answers.questions),
        answer_questions=array("i", (at + len(variables) for at in answers.answer_questions)),
        values={each.question.id: each.values for each in variables} | dict(answers.values),
        identifiers={kind: _by_person(columns, rows) for kind, columns in known.items()},
    )


def _role(sheet: Sheet, finder: Finder, name: str, argument: str, usual: Sequence[str]) -> Column | None:
    if name:
        found = finder.find(name, argument)
        return found[0] if found else None
    by_key = {headings.key(column.heading): column for column in reversed(sheet.columns)}
    return next((by_key[word] for word in usual if word in by_key), None)


def _rows(sheet: Sheet, settings: Settings, finder: Finder, findings: Findings) -> Rows:
    """Find the columns that make the layout and the rows that have a respondent and a question."""
    respondent = respondent_column(sheet, settings, finder)
    question = _role(sheet, finder, settings.question, "question=", _QUESTION)
    answer = _role(sheet, finder, settings.answer, "answer=", _ANSWER)
    answer_id = _role(sheet, finder, settings.answer_id, "answer_id=", _ANSWER_ID)
    for word, found in (("respondent", respondent), ("question", question), ("answer", answer)):
        if found is None and not getattr(settings, word):
            message = f"A long layout needs a column of {word}s."
            findings.refuse(message, sheet.place(), f"Name it with {word}=.", "no-column")
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
            message = f"An answer without a {' and a '.join(lacking)}."
            findings.refuse(
                message, sheet.place(row, answer), "Fill it in, or take the row out.", "orphan-answer"
            )
    if not rows:
        findings.refuse("No row has a respondent and a question.", sheet.place(), code="no-rows")
    index: dict[str, int] = {}
    of = array("q", (index.setdefault((respondent.cells[row] or "").strip(), len(index)) for row in rows))
    taken = frozenset(column.key for column in (respondent, question, answer, answer_id) if column)
    return Rows(sheet, question, answer, answer_id, taken, rows, of, tuple(index))


def _questions(
    rows: Rows, settings: Settings, finder: Finder, findings: Findings
) -> tuple[dict[str, tuple[Question, Override]], dict[Key, Override]]:
    """Give the question of each wording in the question column, and what is said of the other columns."""
    wordings = list(dict.fromkeys(rows.question.cells[row] or "" for row in rows.rows))
    texts = list(dict.fromkeys(map(headings.clean, wordings)))
    split = {text: headings.numbered(text) for text in texts}
    ids = headings.unique(
        split[text][0] or headings.own_id(text) or f"q{at}" for at, text in enumerate(texts, start=1)
    )
    asked = {
        text: Question(name, split[text][1], "open", reason="long layout", heading=text)
        for text, name in zip(texts, ids, strict=True)
    }
    by_name = {
        headings.folded(name): text for text, each in asked.items() for name in (text, each.id, each.text)
    }
    columns = {
        headings.folded(each.heading): each for each in rows.sheet.columns if each.key not in rows.taken
    }
    said: dict[str, Override] = {}
    of_columns: dict[Key, Override] = {}
    for name, override in settings.overrides.items():
        text, column = by_name.get(headings.folded(name)), columns.get(headings.folded(name))
        if column is not None and (text is None or override.closed):
            of_columns[column.key] = override.over(of_columns.get(column.key, Override()))
        elif text is not None:
            said[text] = override.over(said.get(text, Override()))
        else:
            near = nearest(name, [*asked, *ids, *finder.names()])
            where = rows.sheet.place(column=rows.question)
            findings.refuse(f"There is no question and no column {name!r}.", where, near, "no-column")
    overrides = {text: said.get(text, Override()) for text in texts}
    found = {text: (overrides[text].told(each), overrides[text]) for text, each in asked.items()}
    return {wording: found[headings.clean(wording)] for wording in wordings}, of_columns


def _variables(rows: Rows, said: Mapping[Key, Override], findings: Findings) -> list[Built]:
    """Turn the other columns into variables of the respondents; those that vary within one are told of."""
    built: list[Built] = []
    for column in rows.sheet.columns:
        if column.key in rows.taken:
            continue
        override = said.get(column.key)
        cells, clashing = _of_people(rows, column)
        if clashing and override is None:
            findings.tell(
                rows.sheet.place(column=column),
                f"{column.heading!r} differs between the answers of {len(clashing)} respondents.",
                "Left out: it tells of answers, not of people.",
            )
            continue
        findings.tell_many(
            [rows.sheet.place(row, column) for row in clashing.values()],
            f"A respondent has more than one value of {column.heading!r}.",
            "Read as blank for this respondent.",
        )
        said_of = override or Override(kind="metadata" if headings.identifier(column.heading) else None)
        name = headings.own_id(column.heading) or headings.slug(column.heading)
        question = said_of.told(Question(name, column.text, "metadata"))
        where = rows.sheet.place(column=column)
        new = build(Cells(cells, column.labels, where), question, said_of, findings)
        built += [_about_person(each) for each in new]
    return built


def _about_person(built: Built) -> Built:
    """Make words in a column beside the answers a fact about the respondent: only the answers are coded."""
    if built.question.kind != "open":
        return built
    return Built(replace(built.question, kind="metadata"), tuple(built.texts))


def _of_people(rows: Rows, column: Column) -> tuple[list[Cell], dict[int, int]]:
    """Give a column's one value a respondent, blank where there are several, and the rows that clash."""
    cells: list[Cell] = [None] * len(rows.people)
    clashing: dict[int, int] = {}
    for row, at in zip(rows.rows, rows.of, strict=True):
        cell = column.cells[row]
        if blank(cell):
            continue
        if cells[at] is None:
            cells[at] = cell
        elif cells[at] != cell:
            clashing.setdefault(at, row)
    for at in clashing:
        cells[at] = None
    return cells, dict(sorted(clashing.items()))


def _gathered(rows: Rows, questions: Mapping[str, tuple[Question, Override]], findings: Findings) -> Answers:
    """Gather the open answers in the order of the rows, and the closed ones by respondent."""
    distinct = {each.id: (each, override) for each, override in questions.values()}
    closed = {name for name, (_, said) in distinct.items() if said.closed or said.kind not in {None, "open"}}
    place = {name: at for at, name in enumerate(distinct)}
    at_row, of, which = array("q"), array("i"), array("i")
    values: dict[str, list[Cell]] = {name: [None] * len(rows.people) for name in closed}
    for row, at in zip(rows.rows, rows.of, strict=True):
        text = rows.answer.cells[row]
        if text is None or blank(text):
            continue
        name = questions[rows.question.cells[row] or ""][0].id
        if name not in closed:
            at_row.append(row)
            of.append(at)
            which.append(place[name])
            continue
        before = values[name][at]
        if before is not None and before != text:
            where = rows.sheet.place(row, rows.answer)
            findings.tell(where, f"A second answer to {name!r} by one respondent.", "Joined with ';'.")
            text = f"{before};{text}"
        values[name][at] = text
    texts: Sequence[str] = Texts(dict.fromkeys(place.values(), rows.answer.cells), at_row, which)
    if not isinstance(rows.answer.cells, Packed):
        texts = list(texts)
    built = [
        build(Cells(values[name], (), rows.sheet.place(column=rows.answer)), each, said, findings)[0]
        if name in closed
        else Built(each)
        for name, (each, said) in distinct.items()
    ]
    return Answers(
        rows.people,
        tuple(each.question for each in built),
        _answer_ids(rows, tuple(distinct), (at_row, of, which), findings),
        of,
        which,
        texts,
        {each.question.id: each.values for each in built if each.question.kind != "open"},
    )


def _answer_ids(
    rows: Rows, names: Sequence[str], answers: tuple[array[int], array[int], array[int]], findings: Findings
) -> Sequence[str]:
    """Give the source's answer ids, which must differ, or made ones, numbered where they recur."""
    at_row, of, which = answers
    made = MadeIds(rows.people, names, of, which)
    if rows.answer_id is None:
        seen = bytearray(len(rows.people) * len(names))
        for person, question in zip(of, which, strict=True):
            seen[person * len(names) + question] = 1
        if seen.count(1) < len(of):
            return headings.unique(made)
        return made if isinstance(rows.answer.cells, Packed) else list(made)
    given = take(rows.answer_id.cells, at_row)
    ids = [cell.strip() if cell and not blank(cell) else made[at] for at, cell in enumerate(given)]
    if len(set(ids)) < len(ids):
        again = sorted(name for name, count in Counter(ids).items() if count > 1)
        findings.refuse(
            f"{len(again)} answer ids are here more than once: {', '.join(map(repr, again[:10]))}.",
            rows.sheet.place(column=rows.answer_id),
            "Each answer needs its own id.",
            "duplicate-answer",
        )
    return ids


def _by_person(columns: Sequence[Column], rows: Rows) -> tuple[tuple[str, ...], ...]:
    """Gather identifier values over all rows of each respondent."""
    known: list[dict[str, None]] = [{} for _ in rows.people]
    values = identifier_values([column.cells for column in columns], len(rows.answer.cells))
    for row, at in zip(rows.rows, rows.of, strict=True):
        known[at].update(dict.fromkeys(values[row]))
    return tuple(tuple(each) for each in known)
