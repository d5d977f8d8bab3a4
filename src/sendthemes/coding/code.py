"""Coding: a codebook applied to answers gives coded answers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from textwrap import shorten
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

import numpy as np

from sendthemes.codebook.model import Classification, Codebook
from sendthemes.coding.apply import REASONS, TIMEOUT, Engine, ThemeHits
from sendthemes.coding.codings import STATUSES, Coding
from sendthemes.coding.processes import Settings, find_in_batches
from sendthemes.errors import CodebookError, Problem, check_number, nearest
from sendthemes.survey.answers import Answers
from sendthemes.table import Table

if TYPE_CHECKING:
    import pandas
    import polars
    from numpy.typing import NDArray

    Ints = NDArray[Any]
    Flags = NDArray[Any]

Lemmas = Literal["possible", "in_context"]
_WHERE = ("answer_id", "respondent", "question", "theme", "entry", "matched", "start", "end")
FIELDS = (*_WHERE, "negated", "echo", "status")
ASIDE = (*_WHERE, "reason")


class Columns(NamedTuple):
    """Codings as columns of equal length, sorted by answer, theme and start.

    Attributes:
        answer: Place in ``answers.texts``.
        theme: Place in ``codebook.theme_ids``.
        entry: Place in ``CodedAnswers.entry_labels``.
        start: First character in the answer as read; ``end`` is just after the last.
        negated: Whether the words stand under a negation.
        echo: Whether the words are quoted from the prompt.
        status: Place in ``coding.codings.STATUSES``.
    """

    answer: Ints
    theme: Ints
    entry: Ints
    start: Ints
    end: Ints
    negated: Flags
    echo: Flags
    status: NDArray[Any]


class _Decided(NamedTuple):
    """Codings that people have changed: they stand in place of the rules'."""

    columns: Columns
    entry_labels: tuple[str, ...]
    aside: tuple[tuple[int, tuple[Any, ...]], ...]


@dataclass(frozen=True, eq=False)
class CodedAnswers:
    """Answers, a codebook, and every place where a theme was found.

    Attributes:
        answers: The survey.
        codebook: The codebook that was applied.
        lemmas: "possible" or "in_context": how inflections were decided.
        notes: What a reader must know: what was skipped, what took too long, which misspellings counted.
    """

    answers: Answers
    codebook: Codebook
    lemmas: Lemmas
    notes: tuple[str, ...]
    _engine: Engine = field(repr=False)
    _themes: tuple[ThemeHits, ...] = field(repr=False)
    _decided: _Decided | None = field(default=None, repr=False)

    def __repr__(self) -> str:
        count = f"{len(self):,} codings of {len(self.answers.texts):,} answers"
        return f"<CodedAnswers: {count} with {self.codebook!r}>"

    def _repr_html_(self) -> str:
        """Show codings and respondents of each theme in a notebook; never a text."""
        counts = np.bincount(self.columns.theme, minlength=len(self.codebook.theme_ids)).tolist()
        rows = tuple(
            (theme.title, int(self.respondents_with(theme.theme).sum()), count)
            for (theme, _), count in zip(self.codebook.walk(), counts, strict=True)
        )
        about = f"{len(self):,} codings of {len(self.answers.texts):,} answers"
        title = f"{about} with {self.codebook.codebook} {self.codebook.version}"
        return Table(("theme", "respondents", "codings"), rows, title=title, notes=self.notes)._repr_html_()

    def __len__(self) -> int:
        return len(self.columns.answer)

    def __iter__(self) -> Iterator[Coding]:
        """Go through the counted codings, sorted by answer, theme and start."""
        return (Coding(*row) for row in self._rows())

    @cached_property
    def entry_labels(self) -> tuple[str, ...]:
        """The labels of all themes' entries, sorted."""
        if self._decided is not None:
            return self._decided.entry_labels
        return tuple(sorted({label for theme in self._themes for label in theme.labels}))

    @cached_property
    def columns(self) -> Columns:
        """The counted codings as columns."""
        if self._decided is not None:
            return self._decided.columns
        answer, theme, *rest, _ = self._gathered("counted")
        # By answer; theme after theme they are already. Twice as quick as a stable argsort.
        order = np.sort(answer.astype(np.int64) << 32 | np.arange(len(answer))) & 0xFFFFFFFF
        status = np.zeros(len(order), dtype=np.int8)
        return Columns(*(column[order] for column in (answer, theme, *rest, status)))

    def _gathered(self, which: Literal["counted", "aside"]) -> list[NDArray[Any]]:
        """Put what the themes count, or set aside, under each other: as ``Columns``, then the reason."""
        places = {label: at for at, label in enumerate(self.entry_labels)}
        parts: list[tuple[NDArray[Any], ...]] = [tuple(np.zeros(0, kind) for kind in "iiiii??b")]
        for at, theme in enumerate(self._themes):
            answer, start, end, negated, echo, which_entry, reason = getattr(theme, which)
            entry = np.array([places[label] for label in theme.labels], dtype=np.int32)[which_entry]
            number = np.full(len(entry), at, dtype=np.int32)
            parts.append((answer, number, entry, start, end, negated, echo, reason))
        return [np.concatenate(column) for column in zip(*parts, strict=True)]

    @cached_property
    def set_aside(self) -> Table:
        """Hits that do not count, with the reason; sorted as codings are."""
        rows = list(self._decided.aside) if self._decided is not None else []
        *place, _, _, reason = self._gathered("aside")
        for answer, named, why in zip(place[0].tolist(), self._named(place), reason.tolist(), strict=True):
            rows.append((answer, (*named, REASONS[why])))
        rank = {theme_id: at for at, theme_id in enumerate(self.codebook.theme_ids)}
        rows.sort(key=lambda row: (row[0], rank[row[1][3]], row[1][6], row[1][7], row[1][4], row[1][8]))
        return Table(ASIDE, tuple(row for _, row in rows), title="Hits set aside")

    @cached_property
    def levels(self) -> Mapping[str, tuple[str | None, ...]]:
        """Classification id → one level a respondent; ``None`` where blank or unclassified."""
        return MappingProxyType(
            {
                each.classification: self._classified(each)
                for each in self.codebook.classifications
                if self._asked(each) is not None
            }
        )

    def unclassified(self, classification: str) -> Table:
        """List the answers that a classification's rules leave without a level.

        Args:
            classification: Its id.

        Raises:
            CodebookError: If the codebook has no such classification, or the answers lack its question.
        """
        known = {each.classification: each for each in self.codebook.classifications}
        if classification not in known or classification not in self.levels:
            found = (
                "was skipped: its question is absent" if classification in known else "is not in the codebook"
            )
            raise CodebookError(
                Problem(
                    f"Classification {classification!r} {found}.",
                    self.codebook.codebook,
                    nearest(classification, self.levels),
                )
            )
        question = self._asked(known[classification])
        levels = self.levels[classification]
        rows = [
            self._place(at)
            for at, (row, asked) in enumerate(
                zip(self.answers.answer_respondents, self.answers.answer_questions, strict=True)
            )
            if asked == question and levels[row] is None
        ]
        return Table(
            ("answer_id", "respondent", "question"),
            tuple(rows),
            title=f"Unclassified: {known[classification].title}",
        )

    def respondents_with(self, theme_id: str) -> Flags:
        """Say for each respondent whether the theme, or one under it, was found; ``KeyError`` if unknown."""
        wanted = self.codebook.descendants(theme_id)
        ids = [at for at, name in enumerate(self.codebook.theme_ids) if name in wanted]
        found = np.zeros(len(self.answers.respondents), dtype=bool)
        answers = self.columns.answer[np.isin(self.columns.theme, ids)]
        found[np.asarray(self.answers.answer_respondents, dtype=np.int32)[answers]] = True
        return found

    def recode(self, codebook: Codebook) -> CodedAnswers:
        """Apply another codebook to the same answers; what did not change is not done again."""
        return _coded(self._engine, codebook, self.lemmas)

    def with_codings(
        self,
        columns: Columns,
        *,
        keep: Flags,
        added: Sequence[tuple[int, int, int]] = (),
        entry_labels: tuple[str, ...],
        reasons: Mapping[int, str],
    ) -> CodedAnswers:
        """Give the same answers and codebook with other codings: people's decisions over the rules'.

        Args:
            columns: The codings, perhaps with another status.
            keep: For each of them whether it still counts.
            added: (answer, theme, entry) of codings that people added; they have no place in the text.
            entry_labels: What ``entry`` points into, in ``columns`` and ``added``.
            reasons: For each coding that is not kept (its position) why it is set aside.
        """
        kept = [column[keep] for column in columns]
        more = np.array(added, dtype=np.int32).reshape(-1, 3).T
        none = np.zeros(len(added), dtype=np.int32)
        status = none + STATUSES.index("added")
        extra = (*more[[0, 1, 2]], none, none, none.astype(bool), none.astype(bool), status.astype(np.int8))
        joined = [np.concatenate(pair) for pair in zip(kept, extra, strict=True)]
        order = np.lexsort((joined[3], joined[1], joined[0]))
        aside = list(self._decided.aside) if self._decided is not None else []
        out = np.flatnonzero(~keep)
        place = [column[out] for column in columns[:5]]
        for answer, named, at in zip(
            place[0].tolist(), self._named(place, entry_labels), out.tolist(), strict=True
        ):
            aside.append((answer, (*named, reasons.get(at, "dropped"))))
        decided = _Decided(Columns(*(column[order] for column in joined)), entry_labels, tuple(aside))
        return replace(self, _decided=decided)

    def to_pandas(self) -> pandas.DataFrame:
        """Give one row a counted coding (raw data: treat it as such)."""
        return Table(FIELDS, tuple(self._rows())).to_pandas()

    def to_polars(self) -> polars.DataFrame:
        """Give one row a counted coding (raw data: treat it as such)."""
        return Table(FIELDS, tuple(self._rows())).to_polars()

    def _rows(self) -> Iterator[tuple[Any, ...]]:
        *place, negated, echo, status = self.columns
        flags = zip(negated.tolist(), echo.tolist(), status.tolist(), strict=True)
        for named, (no, quoted, at) in zip(self._named(place), flags, strict=True):
            yield (*named, no, quoted, STATUSES[at])

    def _named(self, place: Sequence[Ints], labels: Sequence[str] = ()) -> Iterator[tuple[Any, ...]]:
        """Say in names and words where something was found: answer, theme, entry, start, end."""
        texts, ids, labels = self.answers.texts, self.codebook.theme_ids, labels or self.entry_labels
        for answer, theme, entry, start, end in zip(*(column.tolist() for column in place), strict=True):
            yield (*self._place(answer), ids[theme], labels[entry], texts[answer][start:end], start, end)

    def _place(self, answer: int) -> tuple[str, str, str]:
        answers = self.answers
        return (
            answers.answer_ids[answer],
            answers.respondents[answers.answer_respondents[answer]],
            answers.questions[answers.answer_questions[answer]].id,
        )

    def _asked(self, classification: Classification) -> int | None:
        return self._engine.question(classification.question, self.codebook)

    def _classified(self, classification: Classification) -> tuple[str | None, ...]:
        question = self._asked(classification)
        if question is None:
            return (None,) * len(self.answers.respondents)
        rules = list(classification.rules)
        if classification.choose == "highest":
            rules.sort(key=lambda rule: -classification.levels.index(rule.level))
        respondents = np.asarray(self.answers.answer_respondents, dtype=np.int64)
        asked = np.asarray(self.answers.answer_questions) == question
        levels: list[str | None] = [None] * len(self.answers.respondents)
        for row in set(respondents[asked].tolist()):
            levels[row] = classification.otherwise
        for rule in reversed(rules):  # the first that holds is written last
            for row in set(respondents[self._engine.level(rule.entries, question, self.codebook)].tolist()):
                levels[row] = rule.level
        return tuple(levels)


def code_answers(
    answers: Answers,
    codebook: Codebook,
    *,
    lemmas: Lemmas = "possible",
    processes: int = 1,
    cache: str | Path | None = None,
    progress: bool = False,
) -> CodedAnswers:
    """Find every theme of a codebook in every open answer.

    Args:
        answers: The survey; only its open questions are coded.
        codebook: The codebook.
        lemmas: "possible": an inflected form counts if it can be one of the entry's word; "in_context":
            spaCy's tagger decides which word it is.
        processes: How many processes share the work; the result is the same for any number. Each needs one
            to two seconds to start: a second one pays from about 200,000 answers, in context from 20,000.
        cache: A folder that keeps which word stands where and what each entry found, for the next run
            (numbers only, never an answer's words; ``coding.cache`` says how); ``None`` keeps nothing.
        progress: Whether to show answers done, rate and time left on standard error.

    Returns:
        The coded answers; with no answers or no themes, no codings.

    Raises:
        TypeError: If the answers are not read yet, or the codebook is not loaded.
        CodebookError: If an entry can never match; all such entries at once.
        ModelError: If the spaCy model is missing or not the known one.
        SendThemesError: If one of the processes is ended from outside.
    """
    given: tuple[object, object] = answers, codebook
    if not (isinstance(given[0], Answers) and isinstance(given[1], Codebook)):
        found = " and ".join(type(each).__name__ for each in given)
        raise TypeError(f"code_answers takes what read_answers and load_codebook give; found {found}.")
    check_number("processes", processes, 1)
    settings = Settings(codebook, answers.questions, lemmas, None if cache is None else str(cache))
    engine = Engine(answers, in_context=lemmas == "in_context", cache=cache)
    if processes > 1 or progress:
        find_in_batches(engine, settings, processes=processes, progress=progress)
    return _coded(engine, codebook, lemmas)


def _coded(engine: Engine, codebook: Codebook, lemmas: Lemmas) -> CodedAnswers:
    engine.prepare(codebook)
    themes = tuple(engine.theme(theme, codebook) for theme, _ in codebook.walk())
    engine.keep()
    return CodedAnswers(engine.answers, codebook, lemmas, _notes(engine, codebook, themes), engine, themes)


def _notes(engine: Engine, codebook: Codebook, themes: tuple[ThemeHits, ...]) -> tuple[str, ...]:
    notes = []
    for each in codebook.classifications:
        if engine.question(each.question, codebook) is None:
            lack = (
                "the answers have no question"
                if not engine.answers.has_question(each.question)
                else "no open question is"
            )
            notes.append(f"Classification '{each.classification}' is skipped: {lack} '{each.question}'.")
    for theme_id, theme in zip(codebook.theme_ids, themes, strict=True):
        if theme.missing:
            lack = f"the answers have no open question {', '.join(map(repr, theme.missing))}"
            notes.append(f"Theme '{theme_id}': {lack}, to which it or an entry is limited.")
    named = codebook.scopes | {each.question for each in codebook.classifications}
    told = {each.question for each in codebook.questions}
    notes += [
        f"Question {name!r} is another one than the codebook means by that id; its limits do not apply here."
        for name in sorted(told & named)
        if engine.answers.has_question(name)
        and engine.question(name, codebook) != engine.answers.questions.index(engine.answers.question(name))
    ]
    if notes:  # where questions lack, those found by their ids may be other ones than the codebook means
        here = [
            f"{each.id!r} is {shorten(each.text, 60, placeholder='…')!r}"
            for each in engine.answers.open_questions
            if each.id in named - told and each.id != each.text
        ]
        remedy = "Give them other ids if the codebook means others."
        notes += [f"Questions found by their ids: {'; '.join(here)}. {remedy}"] if here else []
    for theme_id, theme in zip(codebook.theme_ids, themes, strict=True):
        found = theme.aside.only(theme.aside.reason == TIMEOUT)
        if len(found.answer):
            late = ", ".join(sorted({theme.labels[at] for at in found.entry.tolist()}))
            count = len(np.unique(found.answer))
            notes.append(
                f"Theme '{theme_id}': {late} took too long on {count:,} answers, which are set aside."
            )
    return tuple(notes)
