"""Themes by document: which case study mentions what, how prominently, and in which sentences."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Sequence
from typing import Literal

from sendthemes.analysis.excerpts import AnyRedactor, redacted_answers
from sendthemes.analysis.mentions import Names, listed, open_scope, theme_scope
from sendthemes.analysis.variables import answers_of, variable
from sendthemes.coding.code import CodedAnswers
from sendthemes.errors import check_choice
from sendthemes.redaction.spans import moved
from sendthemes.survey.answers import Question
from sendthemes.table import Cell, Table

ShareOf = Literal["sentences", "sections"]
Piece = tuple[int, int, int, int]  # respondent, question, answer, sentence; sections end in -1, -1
_EACH = ("document", "respondent")
_BREAK = re.compile(r"(?<=[.!?])\s+|\s*[\r\n]+\s*")


def theme_matrix(
    coded: CodedAnswers,
    *,
    unit: str = "document",
    themes: Names = None,
    questions: Names = None,
    share_of: ShareOf = "sentences",
    positives: Names = None,
) -> Table:
    """Cross themes with documents: in how many sentences (or sections) of each document a theme stands.

    Args:
        coded: The coded answers; each respondent is a document, each open question a section.
        unit: ``"document"`` (or ``"respondent"``) takes each by itself; a variable or identifier ("la") puts
            those at the same level together.
        themes: Only these themes.
        questions: Only these sections.
        share_of: What prominence is a share of: the document's ``"sentences"`` or its ``"sections"``.
        positives: What tells of things that go well: sections ("Green shoots"), or themes of the codebook
            whose entries are cues ("works well"). Adds columns ``positive`` (mentions in such a section, or
            in a sentence with such a cue) and ``other``.

    Returns:
        theme, label, the unit, mentions (sentences or sections), base (all the document's), percent. Themes
        in codebook order, documents in theirs; zero cells stay. ``theme_sentences`` opens a cell.
    """
    check_choice("share_of", share_of, ("sentences", "sections"))
    answers = answers_of(coded, coded=True)
    everything, found = _pieces(coded, open_scope(answers, questions), share_of)
    bright = _positive(coded, found, positives)
    levels, level_of = _documents(coded, unit)
    totals = Counter(level for piece in everything for level in level_of[piece[0]])
    rows: list[tuple[Cell, ...]] = []
    for at, names in theme_scope(coded.codebook, themes).items():
        mentions, positive = (
            Counter(level for piece in pieces for level in level_of[piece[0]])
            for pieces in (found[at], found[at] & bright)
        )
        for place, level in enumerate(levels):
            count, n = mentions[place], totals[place]
            tail = (positive[place], count - positive[place]) if positives else ()
            rows.append((*names, level, count, n, 100 * count / n if n else None, *tail))
    head = "document" if unit in _EACH else unit
    more = ("positive", "other") if positives else ()
    return Table(
        ("theme", "label", head, "mentions", "base", "percent", *more),
        tuple(rows),
        title=f"Themes by {head}",
        base=f"the {share_of} of each {head}",
        notes=(f"Percent is the share of a {head}'s {share_of} in which the theme is mentioned.",),
        formats={"percent": "percent"},
    )


def theme_references(
    coded: CodedAnswers,
    *,
    unit: str = "document",
    themes: Names = None,
    questions: Names = None,
    noun: tuple[str, str] = ("document", "documents"),
) -> Table:
    """Say in words which documents mention each theme: "Referenced in Case Studies 1, 3 and 6".

    Args:
        coded: The coded answers; each respondent is a document.
        unit: As in ``theme_matrix``.
        themes: Only these themes.
        questions: Only these sections.
        noun: What a document is called, one and several: ``("Case Study", "Case Studies")``.

    Returns:
        theme, label, documents (that mention it), base (all), percent, referenced. Documents whose ids end
        in different numbers are called by these, others by their ids. Themes in codebook order.
    """
    cells = theme_matrix(coded, unit=unit, themes=themes, questions=questions)
    levels = list(dict.fromkeys(str(row[2]) for row in cells.rows))
    numbers = [re.search(r"\d+$", level) for level in levels]
    known = [number[0] for number in numbers if number]
    short = dict(zip(levels, known if len(set(known)) == len(levels) else levels, strict=True))
    rows: list[tuple[Cell, ...]] = []
    for theme in dict.fromkeys(row[0] for row in cells.rows):
        own = [row for row in cells.rows if row[0] == theme]
        names = [short[str(row[2])] for row in own if row[3]]
        words = f"Referenced in {noun[len(names) > 1]} {listed(names)}"
        words = words if names else f"Not referenced in any {noun[0]}"
        rows.append((theme, own[0][1], len(names), len(own), 100 * len(names) / len(own), words))
    return Table(
        ("theme", "label", "documents", "base", "percent", "referenced"),
        tuple(rows),
        title=f"{noun[1][:1].upper()}{noun[1][1:]} that reference each theme",
        base=f"{len(levels)} {noun[len(levels) != 1]}",
        formats={"percent": "percent"},
    )


def theme_sentences(
    coded: CodedAnswers,
    *,
    theme: str,
    redactor: AnyRedactor | None,
    document: str | None = None,
    unit: str = "document",
    questions: Names = None,
) -> Table:
    """Open a cell of ``theme_matrix``: the sentences in which a theme is mentioned.

    Args:
        coded: The coded answers.
        theme: The theme's id; its sub-themes' sentences come too.
        redactor: What hides names and places; ``None`` shows the words as they are, and must be said.
        document: Only this document (or level of the unit); ``None`` takes all.
        unit: As in ``theme_matrix``.
        questions: Only these sections.

    Returns:
        answer_id, respondent, question, sentence; in the order of the answers. Respondents who refused
        publication are left out.
    """
    answers = answers_of(coded, coded=True)
    (at,) = theme_scope(coded.codebook, theme)
    levels, level_of = _documents(coded, unit)
    pieces = sorted(_pieces(coded, open_scope(answers, questions), "sentences")[1][at], key=lambda p: p[2:])
    if document is not None:
        check_choice("document", document, levels)
        pieces = [piece for piece in pieces if levels.index(document) in level_of[piece[0]]]
    if answers.quotable is not None:
        pieces = [piece for piece in pieces if answers.quotable[piece[0]]]
    shown = redacted_answers(answers, sorted({piece[2] for piece in pieces}), redactor)
    rows = []
    for respondent, question, answer, sentence in pieces:
        start, end = moved(shown[answer], *_sentences(answers.texts[answer])[sentence])
        names = answers.answer_ids[answer], answers.respondents[respondent], answers.questions[question].id
        rows.append((*names, " ".join(shown[answer].text[start:end].split())))
    title = f"Sentences: {coded.codebook.theme(theme).title}" + ("" if document is None else f", {document}")
    return Table(("answer_id", "respondent", "question", "sentence"), tuple(rows), title=title)


def _documents(coded: CodedAnswers, unit: str) -> tuple[tuple[str, ...], list[list[int]]]:
    """Give the documents' names, and for each respondent the documents it is part of."""
    names = coded.answers.respondents
    if unit in _EACH:
        return names, [[row] for row in range(len(names))]
    groups = variable(coded, unit)
    return groups.levels, [groups.members[[row]].indices.tolist() for row in range(len(names))]


def _pieces(
    coded: CodedAnswers, scope: Sequence[Question], share_of: ShareOf
) -> tuple[set[Piece], list[set[Piece]]]:
    """Give all sentences or sections in scope, and those that mention each theme (sub-themes included)."""
    answers, ids = coded.answers, coded.codebook.theme_ids
    asked = [at for at, to in enumerate(answers.answer_questions) if answers.questions[to] in scope]
    starts = {at: [start for start, _ in _sentences(answers.texts[at])] for at in asked}

    def piece(at: int, sentence: int) -> Piece:
        place = answers.answer_respondents[at], answers.answer_questions[at]
        return (*place, at, sentence) if share_of == "sentences" else (*place, -1, -1)

    columns = coded.columns
    own: list[set[Piece]] = [set() for _ in ids]
    for at, theme, start in zip(
        *(each.tolist() for each in (columns.answer, columns.theme, columns.start)), strict=True
    ):
        if at in starts:
            own[theme].add(piece(at, max(0, bisect_right(starts[at], start) - 1)))
    below = [theme_scope(coded.codebook, coded.codebook.descendants(name)) for name in ids]
    everything = {piece(at, number) for at, begun in starts.items() for number in range(len(begun))}
    return everything, [set[Piece]().union(*(own[at] for at in each)) for each in below]


def _positive(coded: CodedAnswers, found: list[set[Piece]], names: Names) -> set[Piece]:
    """Give the pieces that stand in a section, or hold a theme, that tells what goes well."""
    wanted = [names] if isinstance(names, str) else list(names or ())
    sections = [name for name in wanted if coded.answers.has_question(name)]
    cues = theme_scope(coded.codebook, [name for name in wanted if name not in sections])
    inside = {coded.answers.questions.index(each) for each in open_scope(coded.answers, sections)}
    bright = {piece for pieces in found for piece in pieces if piece[1] in inside}
    return bright.union(*(found[at] for at in cues))


def _sentences(text: str) -> list[tuple[int, int]]:
    """Cut a text at . ! ? before white space and at line breaks; give each sentence's start and end."""
    cuts = [0, *(edge for mark in _BREAK.finditer(text) for edge in mark.span()), len(text)]
    return [(start, end) for start, end in zip(cuts[::2], cuts[1::2], strict=True) if text[start:end].strip()]
