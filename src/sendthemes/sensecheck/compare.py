"""Comparing two codebooks: what was edited, and what that does to the counts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from sendthemes.analysis.excerpts import AnyRedactor, redacted_answers
from sendthemes.analysis.mentions import counted
from sendthemes.analysis.variables import Flags
from sendthemes.codebook.load import load_codebook
from sendthemes.codebook.model import Classification, Codebook, Entry, Rule, Theme
from sendthemes.coding.code import CodedAnswers, Lemmas, code_answers
from sendthemes.redaction.spans import moved
from sendthemes.sensecheck.judgements import YES, of_rules, with_those_under
from sendthemes.survey.answers import Answers
from sendthemes.table import Cell, Table

Source = str | Path | Mapping[str, Any] | Codebook
_Part = Theme | Classification
Edit = tuple[str, str | None, str, str | None, str | None]  # change, theme, part, before, after
_OF_THEME = ("label", "definition", "include", "exclude", "questions", "negated")
_OF_CLASSIFICATION = ("label", "question", "levels", "choose", "rules", "otherwise")
_EFFECT = ("respondents_gained", "respondents_lost", "answers_gained", "answers_lost")


@dataclass(frozen=True, slots=True)
class Comparison:
    """What differs between two codebooks, and what it does to one survey.

    Attributes:
        edits: One row an edit: change (added, removed, changed), theme, part (theme, entry, exclusion, label,
            …), before, after.
        effect: One row a theme of either codebook: theme, label, respondents before and after, respondents
            and answers gained and lost. Sub-themes count for their parents.
        by_question: The same gains and losses by question, where there are any.
        by_variable: The same by the levels of the variable asked for; no rows without one.
        levels: One row a move between levels: classification, label, before, after (blank: no level),
            respondents.
        words: The words that made the difference: theme, change (gained, lost), question, entry, words,
            answers. Answer text: redacted as asked.
    """

    edits: Table
    effect: Table
    by_question: Table
    by_variable: Table
    levels: Table
    words: Table

    @property
    def tables(self) -> dict[str, Table]:
        """All tables by name, in order."""
        return {name: getattr(self, name) for name in self.__slots__}

    def to_markdown(self) -> str:
        """Give all tables that have rows, one under the other; says so where nothing differs."""
        shown = [table.to_markdown() for table in self.tables.values() if len(table)]
        return "\n".join(shown) if shown else "The codebooks do not differ.\n"

    def _repr_html_(self) -> str:
        return "".join(table._repr_html_() for table in self.tables.values() if len(table))


def compare_codebooks(
    old: Source,
    new: Source,
    answers: Answers,
    *,
    by: str | None = None,
    redactor: AnyRedactor | None,
    lemmas: Lemmas = "possible",
) -> Comparison:
    """Show which entries were added, removed or changed, and their effect on the answers.

    Args:
        old: The codebook before: bundled name, path, mapping or codebook.
        new: The codebook after.
        answers: The survey on which both are tried.
        by: A closed question by whose levels the effect is also shown; respondents without one are left
            out and counted in the notes.
        redactor: Hides names and places in the words shown; ``None`` shows them as they are.
        lemmas: As in ``code_answers``.

    Returns:
        The edits and their effect. Respondents count once for a theme. Codebooks that say the same give
        edits and words without rows and an effect of zeros.

    Raises:
        CodebookError: Either codebook cannot be used.
        AnswersError: ``by`` is not a closed question of the answers.
    """
    before_book, after_book = load_codebook(old), load_codebook(new)
    before = code_answers(answers, before_book, lemmas=lemmas)
    after = before.recode(after_book)
    effect = _Effect(_union(before_book, after_book), before, after)
    asked = np.asarray(answers.answer_questions, dtype=np.int64)
    scopes = {question.id: asked == at for at, question in enumerate(answers.questions)}
    name = f"{before_book.codebook} {before_book.version} → {after_book.codebook} {after_book.version}"
    rows = tuple(_edits(before_book, after_book))
    return Comparison(
        edits=Table(("change", "theme", "part", "before", "after"), rows, title=f"Edits: {name}"),
        effect=effect.whole(),
        by_question=effect.parted("question", scopes, "question"),
        by_variable=_by_variable(effect, answers, by),
        levels=_levels(before, after),
        words=_words(effect, redactor),
    )


def _union(before: Codebook, after: Codebook) -> list[Theme]:
    """All themes in the new codebook's order, then those that are gone."""
    kept = [theme for theme, _ in after.walk()]
    return kept + [theme for theme, _ in before.walk() if theme.theme not in set(after.theme_ids)]


def _edits(before: Codebook, after: Codebook) -> Iterator[Edit]:
    old = {theme.theme: (theme, parent) for theme, parent in before.walk()}
    new = {theme.theme: (theme, parent) for theme, parent in after.walk()}
    for theme in _union(before, after):
        name = theme.theme
        was, above = old.get(name, (None, ""))
        now, over = new.get(name, (None, ""))
        yield from _came_or_went("theme", name, was, now)
        if was and now:
            yield from _changed(name, "parent", above, over)
            for key in _OF_THEME:
                yield from _changed(name, key, getattr(was, key), getattr(now, key))
        for part, key in (("entry", "entries"), ("exclusion", "exclusions")):
            for change, one, other in _entry_edits(getattr(was, key, ()), getattr(now, key, ())):
                yield change, name, part, one, other
    yield from _changed(None, "prompt_echo", before.prompt_echo, after.prompt_echo)
    asked, asks = ({each.question: each.text for each in book.questions} for book in (before, after))
    for name in dict.fromkeys([*asks, *asked]):
        yield from _changed(None, f"question {name}", asked.get(name, ""), asks.get(name, ""))
    known = {each.classification: each for each in before.classifications}
    given = {each.classification: each for each in after.classifications}
    for name in dict.fromkeys([*given, *known]):
        first, last = known.get(name), given.get(name)
        yield from _came_or_went("classification", name, first, last)
        for key in _OF_CLASSIFICATION if first and last else ():
            yield from _changed(name, key, getattr(first, key), getattr(last, key))


def _came_or_went(part: str, name: str, was: _Part | None, now: _Part | None) -> Iterator[Edit]:
    if was is None or now is None:
        change = "added" if was is None else "removed"
        yield change, name, part, was.title if was else None, now.title if now else None


def _changed(name: str | None, part: str, was: Any, now: Any) -> Iterator[Edit]:
    before, after = _in_words(was), _in_words(now)
    if before != after:
        yield "changed", name, part, before, after


def _in_words(value: Any) -> str | None:
    if not isinstance(value, tuple):
        return value or None
    rules = (each for each in value if isinstance(each, Rule))
    texts = [f"{rule.level}: {', '.join(entry.label for entry in rule.entries)}" for rule in rules]
    return "; ".join(texts or value) or None


def _entry_edits(was: Sequence[Entry], now: Sequence[Entry]) -> Iterator[tuple[str, str | None, str | None]]:
    """Pair what looks for the same thing under other options ("changed"); the rest came or went."""
    gone = {entry.label: entry for entry in was if entry not in now}
    come = {entry.label: entry for entry in now if entry not in was}
    for label in [label for label in gone if label in come]:  # only the note differs
        del gone[label], come[label]
    contents = {_content(entry): label for label, entry in gone.items()}
    for label, entry in come.items():
        twin = contents.pop(_content(entry), None)
        if twin is not None:
            del gone[twin]
        yield ("added" if twin is None else "changed"), twin, label
    for label in gone:
        yield "removed", label, None


def _content(entry: Entry) -> str:
    content = getattr(entry, entry.kind)
    if isinstance(content, str):
        return " ".join(content.casefold().split())
    return str(content) if entry.kind == "tokens" else " | ".join(sorted(part.label for part in content))


class _Effect:
    """Where each theme of either codebook is found before and after: answers × themes."""

    def __init__(self, themes: Sequence[Theme], before: CodedAnswers, after: CodedAnswers) -> None:
        self.themes, self.answers = themes, before.answers
        self._found = [_found(coded, themes) for coded in (before, after)]
        was, now = self._found
        self.moves = {"gained": (after, now & ~was), "lost": (before, was & ~now)}
        self._whose = np.asarray(self.answers.answer_respondents, dtype=np.int64)

    def _rows(self, scope: Flags) -> Iterator[tuple[Cell, ...]]:
        """Give for each theme respondents before and after, respondents and answers gained and lost."""
        was, now = (np.zeros((len(self.answers.respondents), len(self.themes)), dtype=bool) for _ in range(2))
        for people, found in zip((was, now), self._found, strict=True):
            np.logical_or.at(people, self._whose[scope], found[scope])
        texts = [found[scope] for _, found in self.moves.values()]
        counts = np.array([each.sum(axis=0) for each in (was, now, now & ~was, was & ~now, *texts)])
        for theme, numbers in zip(self.themes, counts.T.tolist(), strict=True):
            yield theme.theme, theme.title, *numbers

    def whole(self) -> Table:
        """Show the effect on all answers."""
        answers = self.answers
        texts = counted(len(answers.texts), "open answer")
        columns = ("theme", "label", "respondents_before", "respondents_after", *_EFFECT)
        rows = tuple(self._rows(np.ones(len(answers.texts), dtype=bool)))
        base = f"{counted(len(answers.respondents), answers.unit)}, {texts}"
        return Table(columns, rows, title="Effect of the edits by theme", base=base)

    def parted(self, column: str, scopes: Mapping[str, Flags], by: str, notes: tuple[str, ...] = ()) -> Table:
        """Show the gains and losses in each part of the answers that has any."""
        rows = [(name, *row[:2], *row[4:]) for name, scope in scopes.items() for row in self._rows(scope)]
        kept = tuple(row for row in rows if any(row[3:]))
        columns = (column, "theme", "label", *_EFFECT)
        return Table(columns, kept, title=f"Effect of the edits by {by}", notes=notes)


def _found(coded: CodedAnswers, themes: Sequence[Theme]) -> Flags:
    """Say which themes are found in which answers; sub-themes count for their parents."""
    codebook = coded.codebook
    found = of_rules(coded, coded.answers, codebook.theme_ids)
    columns = np.zeros((len(found), len(themes)), dtype=bool)
    for at, each in enumerate(themes):
        if each.theme in codebook.theme_ids:
            columns[:, at] = with_those_under(found, codebook, each.theme) == YES
    return columns


def _by_variable(effect: _Effect, answers: Answers, by: str | None) -> Table:
    if by is None:
        return effect.parted("level", {}, "a variable")
    question, values = answers.question(by), answers.value(by)
    cells = [cell if isinstance(cell, tuple) else (cell,) for cell in values]
    levels = question.levels or sorted({level for cell in cells for level in cell if level is not None})
    whose = np.asarray(answers.answer_respondents, dtype=np.int64)
    scopes = {level: np.array([level in cell for cell in cells], dtype=bool)[whose] for level in levels}
    missing = sum(cell in ((), (None,)) for cell in cells)
    notes = (f"Left out, without an answer to it: {counted(missing, answers.unit)}.",) if missing else ()
    column = question.id if question.id not in {"theme", "label", *_EFFECT} else "level"
    return effect.parted(column, scopes, question.text, notes)


def _levels(before: CodedAnswers, after: CodedAnswers) -> Table:
    """Count the respondents that each classification brings to another level than before."""
    rows: list[tuple[Cell, ...]] = []
    listed = [*after.codebook.classifications, *before.codebook.classifications]
    titles = {each.classification: each.title for each in reversed(listed)}
    nobody = (None,) * len(before.answers.respondents)
    for name in dict.fromkeys(each.classification for each in listed):
        order = [None, *(level for each in listed if each.classification == name for level in each.levels)]
        pairs = zip(before.levels.get(name, nobody), after.levels.get(name, nobody), strict=True)
        moves = Counter((old, new) for old, new in pairs if old != new)
        ranked = sorted(moves, key=lambda move: [order.index(level) for level in move])
        rows += [(name, titles[name], *move, moves[move]) for move in ranked]
    columns = ("classification", "label", "before", "after", "respondents")
    notes = ("Where before or after is blank, no rule holds, or the classification is not there.",)
    return Table(columns, tuple(rows), title="Moves between levels", notes=notes)


def _words(effect: _Effect, redactor: AnyRedactor | None) -> Table:
    answers = effect.answers
    chosen = {at for _, moves in effect.moves.values() for at in np.flatnonzero(moves.any(axis=1)).tolist()}
    redacted = redacted_answers(answers, sorted(chosen), redactor)
    found: set[tuple[int, str, int, str, str, int]] = set()
    for change, (coded, moves) in effect.moves.items():
        columns, book = coded.columns, coded.codebook
        for rank in np.flatnonzero(moves.any(axis=0)).tolist():
            family = [book.theme_ids.index(name) for name in book.descendants(effect.themes[rank].theme)]
            hits = np.isin(columns.theme, family) & moves[columns.answer, rank]
            for at in np.flatnonzero(hits).tolist():
                answer, label = int(columns.answer[at]), coded.entry_labels[int(columns.entry[at])]
                start, end = moved(redacted[answer], int(columns.start[at]), int(columns.end[at]))
                words = " ".join(redacted[answer].text[start:end].split()).casefold()
                found.add((rank, change, answers.answer_questions[answer], label, words, answer))
    counts = Counter(hit[:-1] for hit in found)
    rows = tuple(
        (effect.themes[rank].theme, change, answers.questions[asked].id, label, words, count)
        for (rank, change, asked, label, words), count in sorted(
            counts.items(), key=lambda each: (*each[0][:3], -each[1], *each[0][3:])
        )
    )
    names = ("theme", "change", "question", "entry", "words", "answers")
    return Table(names, rows, title="The words that made the difference")
