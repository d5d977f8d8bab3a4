"""Comparing two codebooks: what was edited, and what that does to the counts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

import numpy as np

from sendthemes.analysis.excerpts import AnyRedactor, redacted_answers
from sendthemes.codebook.load import load_codebook
from sendthemes.codebook.model import Codebook, Entry, Theme
from sendthemes.coding.code import CodedAnswers, Lemmas, code_answers
from sendthemes.redaction.spans import Redacted
from sendthemes.survey.answers import Answers
from sendthemes.table import Cell, Table

if TYPE_CHECKING:
    from numpy.typing import NDArray

Source = str | Path | Mapping[str, Any] | Codebook
Change = Literal["added", "removed", "changed"]
_WORDING = ("label", "definition", "include", "exclude")
_RULES = ("questions", "negated")
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
        words: The words that made the difference: theme, change (gained, lost), question, entry, words,
            answers. Answer text: redacted as asked.
    """

    edits: Table
    effect: Table
    by_question: Table
    by_variable: Table
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
    values = answers.value(by) if by is not None else ()
    before = code_answers(answers, before_book, lemmas=lemmas)
    after = before.recode(after_book)
    themes = _union(before_book, after_book)
    effects = [_effect(theme, before, after) for theme in themes]
    name = f"{before_book.codebook} {before_book.version} → {after_book.codebook} {after_book.version}"
    rows = tuple(_edits(before_book, after_book))
    return Comparison(
        edits=Table(("change", "theme", "part", "before", "after"), rows, title=f"Edits: {name}"),
        effect=_effect_table(effects, answers),
        by_question=_by_question(effects, answers),
        by_variable=_by_variable(effects, answers, by, values),
        words=_words(effects, before, after, redactor),
    )


def _union(before: Codebook, after: Codebook) -> list[Theme]:
    """All themes in the new codebook's order, then those that are gone."""
    kept = [theme for theme, _ in after.walk()]
    return kept + [theme for theme, _ in before.walk() if theme.theme not in set(after.theme_ids)]


def _edits(before: Codebook, after: Codebook) -> Iterator[tuple[Cell, ...]]:
    old = {theme.theme: (theme, parent) for theme, parent in before.walk()}
    new = {theme.theme: (theme, parent) for theme, parent in after.walk()}
    for theme in _union(before, after):
        name = theme.theme
        if name not in old:
            yield "added", name, "theme", None, theme.title
        elif name not in new:
            yield "removed", name, "theme", theme.title, None
        was, now = old.get(name, (Theme(theme=name), ""))[0], new.get(name, (Theme(theme=name), ""))[0]
        if name in old and name in new:
            if old[name][1] != new[name][1]:
                yield "changed", name, "parent", old[name][1] or None, new[name][1] or None
            yield from _changed_texts(was, now, (*_WORDING, *_RULES))
        for part, key in (("entry", "entries"), ("exclusion", "exclusions")):
            for change, one, other in _entry_edits(getattr(was, key), getattr(now, key)):
                yield change, name, part, one, other
    yield from _other_edits(before, after)


def _changed_texts(was: Theme, now: Theme, keys: Sequence[str]) -> Iterator[tuple[Cell, ...]]:
    for key in keys:
        one, other = getattr(was, key), getattr(now, key)
        if one != other:
            shown = [", ".join(value) if isinstance(value, tuple) else value for value in (one, other)]
            yield "changed", now.theme, key, shown[0] or None, shown[1] or None


def _other_edits(before: Codebook, after: Codebook) -> Iterator[tuple[Cell, ...]]:
    if before.prompt_echo != after.prompt_echo:
        yield "changed", None, "prompt_echo", before.prompt_echo, after.prompt_echo
    old = {each.classification: each for each in before.classifications}
    new = {each.classification: each for each in after.classifications}
    for name in dict.fromkeys([*new, *old]):
        if old.get(name) != new.get(name):
            change = "added" if name not in old else "removed" if name not in new else "changed"
            shown = [_rules(each) if each else None for each in (old.get(name), new.get(name))]
            yield change, name, "classification", *shown


def _rules(classification: Any) -> str:
    rules = [
        f"{rule.level}: {', '.join(entry.label for entry in rule.entries)}" for rule in classification.rules
    ]
    return "; ".join(rules)


def _entry_edits(
    was: tuple[Entry, ...], now: tuple[Entry, ...]
) -> Iterator[tuple[Change, str | None, str | None]]:
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
    if entry.kind == "tokens":
        return str(content)
    return " | ".join(sorted(part.label for part in content))


class _Effect(NamedTuple):
    """One theme before and after: the answers and respondents (as places) in which it was found."""

    theme: Theme
    answers_before: frozenset[int]
    answers_after: frozenset[int]
    respondents_before: frozenset[int]
    respondents_after: frozenset[int]

    @property
    def answers_gained(self) -> list[int]:
        return sorted(self.answers_after - self.answers_before)

    @property
    def answers_lost(self) -> list[int]:
        return sorted(self.answers_before - self.answers_after)

    @property
    def respondents_gained(self) -> list[int]:
        return sorted(self.respondents_after - self.respondents_before)

    @property
    def respondents_lost(self) -> list[int]:
        return sorted(self.respondents_before - self.respondents_after)


def _effect(theme: Theme, before: CodedAnswers, after: CodedAnswers) -> _Effect:
    answers = [_answers_with(coded, theme.theme) for coded in (before, after)]
    rows = np.asarray(before.answers.answer_respondents, dtype=np.int64)
    respondents = [frozenset(rows[sorted(found)].tolist()) for found in answers]
    return _Effect(theme, answers[0], answers[1], respondents[0], respondents[1])


def _answers_with(coded: CodedAnswers, theme_id: str) -> frozenset[int]:
    ids = coded.codebook.theme_ids
    if theme_id not in ids:
        return frozenset()
    return frozenset(coded.columns.answer[_of_theme(coded, theme_id)].tolist())


def _of_theme(coded: CodedAnswers, theme_id: str) -> NDArray[np.bool_]:
    wanted = [coded.codebook.theme_ids.index(name) for name in coded.codebook.descendants(theme_id)]
    return np.isin(coded.columns.theme, wanted)


def _effect_table(effects: list[_Effect], answers: Answers) -> Table:
    rows = tuple(
        (
            each.theme.theme,
            each.theme.title,
            len(each.respondents_before),
            len(each.respondents_after),
            len(each.respondents_gained),
            len(each.respondents_lost),
            len(each.answers_gained),
            len(each.answers_lost),
        )
        for each in effects
    )
    columns = ("theme", "label", "respondents_before", "respondents_after", *_EFFECT)
    base = f"{len(answers.respondents):,} {answers.unit}s, {len(answers.texts):,} open answers"
    return Table(columns, rows, title="Effect of the edits by theme", base=base)


def _by_question(effects: list[_Effect], answers: Answers) -> Table:
    """Gains and losses within each question: a respondent gains it there if no other answer there had it."""
    rows: list[tuple[Cell, ...]] = []
    asked = np.asarray(answers.answer_questions, dtype=np.int64)
    whose = np.asarray(answers.answer_respondents, dtype=np.int64)
    for at, question in enumerate(answers.questions):
        here = set(np.flatnonzero(asked == at).tolist())
        for each in effects:
            before, after = each.answers_before & here, each.answers_after & here
            old, new = (set(whose[sorted(found)].tolist()) for found in (before, after))
            counts = (len(new - old), len(old - new), len(after - before), len(before - after))
            if any(counts):
                rows.append((question.id, each.theme.theme, each.theme.title, *counts))
    return Table(
        ("question", "theme", "label", *_EFFECT), tuple(rows), title="Effect of the edits by question"
    )


def _by_variable(effects: list[_Effect], answers: Answers, by: str | None, values: Sequence[Any]) -> Table:
    if by is None:
        return Table(("level", "theme", "label", *_EFFECT), (), title="Effect of the edits by a variable")
    question = answers.question(by)
    cells = [cell if isinstance(cell, tuple) else (cell,) for cell in values]
    levels = question.levels or tuple(
        sorted({level for cell in cells for level in cell if level is not None})
    )
    whose = answers.answer_respondents
    rows: list[tuple[Cell, ...]] = []
    for level in levels:
        members = {row for row, cell in enumerate(cells) if level in cell}
        for each in effects:
            people = [
                len(members.intersection(each.respondents_gained)),
                len(members.intersection(each.respondents_lost)),
            ]
            texts = [
                sum(whose[answer] in members for answer in changed)
                for changed in (each.answers_gained, each.answers_lost)
            ]
            if any((*people, *texts)):
                rows.append((level, each.theme.theme, each.theme.title, *people, *texts))
    missing = sum(cell in ((), (None,)) for cell in cells)
    notes = (f"{missing} {answers.unit}s without an answer to it are left out.",) if missing else ()
    column = question.id if question.id not in {"theme", "label", *_EFFECT} else "level"
    title = f"Effect of the edits by {question.text or question.id}"
    return Table((column, "theme", "label", *_EFFECT), tuple(rows), title=title, notes=notes)


class _Hit(NamedTuple):
    theme: str
    change: str
    answer: int
    entry: str
    start: int
    end: int


def _words(
    effects: list[_Effect], before: CodedAnswers, after: CodedAnswers, redactor: AnyRedactor | None
) -> Table:
    hits = [
        hit
        for each in effects
        for change, coded, changed in (
            ("gained", after, each.answers_gained),
            ("lost", before, each.answers_lost),
        )
        for hit in _hits(each.theme.theme, change, coded, changed)
    ]
    answers = before.answers
    redacted = redacted_answers(answers, sorted({hit.answer for hit in hits}), redactor)
    found: dict[tuple[str, str, str, str, str], set[int]] = {}
    for hit in hits:
        words = " ".join(_shown(answers.texts[hit.answer], redacted[hit.answer], hit.start, hit.end).split())
        question = answers.questions[answers.answer_questions[hit.answer]].id
        found.setdefault((hit.theme, hit.change, question, hit.entry, words.casefold()), set()).add(
            hit.answer
        )
    order = {each.theme.theme: at for at, each in enumerate(effects)}
    place = {question.id: at for at, question in enumerate(answers.questions)}
    rows = sorted(
        ((*key, len(where)) for key, where in found.items()),
        key=lambda row: (order[row[0]], row[1], place[row[2]], -row[5], row[3], row[4]),
    )
    columns = ("theme", "change", "question", "entry", "words", "answers")
    return Table(columns, tuple(rows), title="The words that made the difference")


def _hits(theme_id: str, change: str, coded: CodedAnswers, changed: list[int]) -> Iterator[_Hit]:
    if not changed:
        return
    columns = coded.columns
    which = np.flatnonzero(_of_theme(coded, theme_id) & np.isin(columns.answer, changed))
    for at in which.tolist():
        label = coded.entry_labels[int(columns.entry[at])]
        span = int(columns.start[at]), int(columns.end[at])
        yield _Hit(theme_id, change, int(columns.answer[at]), label, *span)


def _shown(text: str, redacted: Redacted, start: int, end: int) -> str:
    """Give the matched words, with what was hidden in or across them replaced."""
    pieces, at = [], start
    for span in redacted.found:
        if span.start < end and span.end > start:
            pieces += [text[at : max(at, span.start)], span.replacement]
            at = span.end
    return "".join([*pieces, text[at:end]])
