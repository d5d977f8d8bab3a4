"""Long sources: one row an answer, with a column of respondents and one of questions."""

from __future__ import annotations

from array import array
from collections.abc import Mapping, Sequence
from dataclasses import replace

from sendthemes.errors import nearest
from sendthemes.survey import headings
from sendthemes.survey.answers import Answers, Question, Value
from sendthemes.survey.build import Built, build, identifier_values
from sendthemes.survey.grid import Cell, Findings, blank
from sendthemes.survey.layouts import Column, Sheet
from sendthemes.survey.settings import Override, Settings
from sendthemes.survey.wide import Finder, respondent_column

_QUESTION = ("question", "questionid", "questiontext", "prompt", "item")
_ANSWER = ("answer", "answertext", "response", "text", "comment", "value")
_ANSWER_ID = ("answerid", "commentid", "rowid")


def looks_long(sheet: Sheet, settings: Settings) -> bool:
    """Say whether a sheet has one row an answer: a column of questions and one of answers, with ids that recur."""
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


def read_long(sheet: Sheet, settings: Settings, findings: Findings) -> Answers:
    """Turn a long sheet into answers; every question is open unless something else is said of it."""
    finder = Finder(sheet, findings)
    for column in sheet.columns:
        finder.learn(column, column.heading, column.id, column.text)
    respondent = respondent_column(sheet, settings, finder)
    question = _role(sheet, finder, settings.question, "question=", _QUESTION)
    answer = _role(sheet, finder, settings.answer, "answer=", _ANSWER)
    answer_id = _role(sheet, finder, settings.answer_id, "answer_id=", _ANSWER_ID)
    for word, column in (("respondent", respondent), ("question", question), ("answer", answer)):
        if column is None and not getattr(settings, word):
            findings.refuse(
                f"A long layout needs a column of {word}s.",
                sheet.place(),
                f"Name it with {word}=.",
                "no-column",
            )
    findings.stop()
    if respondent is None or question is None or answer is None:
        raise AssertionError("refused above")
    rows = _rows(sheet, respondent, question, answer, findings)
    people = list(dict.fromkeys((respondent.cells[row] or "").strip() for row in rows))
    taken = {column.key for column in (respondent, question, answer, answer_id) if column}
    questions, said = _questions(sheet, settings, finder, question, taken, rows, findings)
    findings.stop()
    variables = _variables(sheet, settings, finder, said, taken, respondent, rows, people, findings)
    answers = _gathered(sheet, people, questions, rows, (respondent, question, answer, answer_id), findings)
    known = {
        kind: [column for name in names for column in finder.find(name, f"identifiers[{kind!r}]")]
        for kind, names in settings.identifiers.items()
    }
    for column in sheet.columns:
        kind = headings.identifier(column.heading)
        if kind and not settings.identifiers and column.key not in taken:
            known.setdefault(kind, []).append(column)
    findings.stop()
    return replace(
        answers,
        questions=(*(each.question for each in variables), *answers.questions),
        answer_questions=array("i", (at + len(variables) for at in answers.answer_questions)),
        values={each.question.id: each.values for each in variables} | dict(answers.values),
        identifiers={kind: _by_person(columns, respondent, rows, people) for kind, columns in known.items()},
    )


def _role(sheet: Sheet, finder: Finder, name: str, argument: str, usual: Sequence[str]) -> Column | None:
    if name:
        found = finder.find(name, argument)
        return found[0] if found else None
    by_key = {headings.key(column.heading): column for column in reversed(sheet.columns)}
    return next((by_key[word] for word in usual if word in by_key), None)


def _rows(
    sheet: Sheet, respondent: Column, question: Column, answer: Column, findings: Findings
) -> list[int]:
    """Give the rows that have a respondent and a question; the others are told of where they hold an answer."""
    rows = []
    for row in range(len(sheet.rows)):
        lacking = [
            word
            for word, column in (("respondent", respondent), ("question", question))
            if blank(column.cells[row])
        ]
        if not lacking:
            rows.append(row)
        elif not blank(answer.cells[row]):
            findings.refuse(
                f"An answer without a {' and a '.join(lacking)}.",
                sheet.place(row, answer),
                "Fill it in, or take the row out.",
                "orphan-answer",
            )
    if not rows:
        findings.refuse("No row has a respondent and a question.", sheet.place(), code="no-rows")
    return rows


def _questions(
    sheet: Sheet,
    settings: Settings,
    finder: Finder,
    column: Column,
    taken: set[tuple[int, str]],
    rows: Sequence[int],
    findings: Findings,
) -> tuple[dict[str, tuple[Question, Override]], dict[tuple[int, str], Override]]:
    """Give the question of each wording in the question column, and what is said of the other columns."""
    wordings = list(dict.fromkeys(column.cells[row] or "" for row in rows))
    texts = list(dict.fromkeys(map(headings.clean, wordings)))
    split = [headings.numbered(text) for text in texts]
    ids = headings.unique(
        number or headings.own_id(text) or f"q{at}"
        for at, (text, (number, _)) in enumerate(zip(texts, split, strict=True), start=1)
    )
    by_text = {text: Question(name, wording, "open", reason="long layout", heading=text if text not in {name, wording} else "")
               for text, name, (_, wording) in zip(texts, ids, split, strict=True)}  # fmt: skip
    by_name = {
        headings.folded(name): text for text, each in by_text.items() for name in (text, each.id, each.text)
    }
    said: dict[str, Override] = {}
    of_columns: dict[tuple[int, str], Override] = {}
    columns = {
        headings.folded(name): each
        for each in sheet.columns
        if each.key not in taken
        for name in (each.heading, each.id)
        if name
    }
    for name, override in settings.overrides.items():
        text = by_name.get(headings.folded(name))
        other = columns.get(headings.folded(name))
        if text is not None and not (other and override.closed):
            said[text] = override.over(said.get(text, Override()))
        elif other is not None:
            of_columns[other.key] = override.over(of_columns.get(other.key, Override()))
        else:
            names = [*by_text, *ids, *finder.names()]
            findings.refuse(
                f"There is no question and no column {name!r}.",
                sheet.place(column=column),
                nearest(name, names),
                "no-column",
            )
    named = {
        text: (
            override.told(each),
            override,
        )
        for text, each in by_text.items()
        for override in (said.get(text, Override()),)
    }
    return {wording: named[headings.clean(wording)] for wording in wordings}, of_columns


def _variables(
    sheet: Sheet,
    settings: Settings,
    finder: Finder,
    said: Mapping[tuple[int, str], Override],
    taken: set[tuple[int, str]],
    respondent: Column,
    rows: Sequence[int],
    people: Sequence[str],
    findings: Findings,
) -> list[Built]:
    """Turn the other columns into variables of the respondents; those that vary within one are told of."""
    built: list[Built] = []
    index = {name: at for at, name in enumerate(people)}
    wanted = any(override.closed for override in settings.overrides.values())
    for column in sheet.columns:
        override = said.get(column.key)
        if column.key in taken:
            continue
        cells: list[Cell] = [None] * len(people)
        clashing: dict[int, int] = {}
        for row in rows:
            cell = column.cells[row]
            if blank(cell):
                continue
            at = index[(respondent.cells[row] or "").strip()]
            if cells[at] is None:
                cells[at] = cell
            elif cells[at] != cell:
                clashing.setdefault(at, row)
        if clashing and override is None:
            findings.tell(
                sheet.place(column=column),
                f"{column.heading!r} differs between the answers of {len(clashing)} respondents: it tells of answers, not of people.",
                "Left out." if not wanted else "Left out; it is not named in variables=.",
            )
            continue
        for at, row in sorted(clashing.items()):
            findings.tell(
                sheet.place(row, column),
                f"Respondent {people[at]!r} has more than one value of {column.heading!r}.",
                "Read as blank for this respondent.",
            )
            cells[at] = None
        name = headings.own_id(column.heading) or headings.slug(column.heading)
        said_of = override or Override()
        if override is None and headings.identifier(column.heading):
            said_of = Override(kind="metadata")
        question = said_of.told(Question(name, column.text, "metadata"))
        for each in build(question, cells, said_of, column.labels, sheet.place(column=column), findings):
            kept = each if each.question.kind != "open" else replace(
                each, question=replace(each.question, kind="metadata"), values=tuple(each.texts), texts=()
            )  # fmt: skip
            built.append(kept)
    return built


def _gathered(
    sheet: Sheet,
    people: Sequence[str],
    questions: Mapping[str, tuple[Question, Override]],
    rows: Sequence[int],
    columns: tuple[Column, Column, Column, Column | None],
    findings: Findings,
) -> Answers:
    """Gather the open answers in the order of the rows, and the closed ones by respondent."""
    respondent, question, answer, answer_id = columns
    distinct = list({each.id: (each, override) for each, override in questions.values()}.values())
    closed = {
        each.id for each, override in distinct if override.kind not in {None, "open"} or override.closed
    }
    index = {name: at for at, name in enumerate(people)}
    place = {each.id: at for at, (each, _) in enumerate(distinct)}
    of, which = array("i"), array("i")
    texts: list[str] = []
    ids: list[str] = []
    values: dict[str, list[Cell]] = {name: [None] * len(people) for name in closed}
    for row in rows:
        text = answer.cells[row]
        if text is None or blank(text):
            continue
        person = (respondent.cells[row] or "").strip()
        name = questions[question.cells[row] or ""][0].id
        if name in closed:
            before = values[name][index[person]]
            if before is not None and before != text:
                findings.tell(
                    sheet.place(row, answer),
                    f"A second answer to {name!r} by respondent {person!r}.",
                    "Joined with ';'.",
                )
                text = f"{before};{text}"
            values[name][index[person]] = text
            continue
        of.append(index[person])
        which.append(place[name])
        texts.append(text)
        given = answer_id.cells[row] if answer_id else None
        ids.append(given.strip() if given else f"{person}:{name}")
    ids = _unique_ids(ids, answer_id is not None, sheet, findings)
    built: list[Built] = []
    for each, override in distinct:
        if each.id in closed:
            built += build(each, values[each.id], override, (), sheet.place(column=answer), findings)[:1]
        else:
            built.append(Built(each))
    kept: dict[str, tuple[Value, ...]] = {
        each.question.id: each.values for each in built if each.question.kind != "open"
    }
    return Answers(tuple(people), tuple(each.question for each in built), ids, of, which, texts, kept)


def _unique_ids(ids: list[str], given: bool, sheet: Sheet, findings: Findings) -> list[str]:
    """Number further answers of one respondent to one question; ids of the source must differ by themselves."""
    counts: dict[str, int] = {}
    found: list[str] = []
    for name in ids:
        counts[name] = counts.get(name, 0) + 1
        found.append(name if counts[name] == 1 else f"{name}:{counts[name]}")
    again = sorted(name for name, count in counts.items() if count > 1)
    if given and again:
        findings.refuse(
            f"{len(again)} answer ids are here more than once: {', '.join(map(repr, again[:10]))}.",
            sheet.place(),
            "Each answer needs its own id.",
            "duplicate-answer",
        )
    return found


def _by_person(
    columns: Sequence[Column], respondent: Column, rows: Sequence[int], people: Sequence[str]
) -> tuple[tuple[str, ...], ...]:
    """Gather identifier values over all rows of each respondent."""
    index = {name: at for at, name in enumerate(people)}
    known: list[dict[str, None]] = [{} for _ in people]
    values = identifier_values([column.cells for column in columns], len(respondent.cells))
    for row in rows:
        known[index[(respondent.cells[row] or "").strip()]].update(dict.fromkeys(values[row]))
    return tuple(tuple(each) for each in known)
