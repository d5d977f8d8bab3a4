"""A codebook applied to answers: each entry's hits once, each theme's codings from them.

What an entry finds depends on nothing but the entry and the answers, and what a theme counts on nothing
but the theme; both are remembered by their meaning, so an edited codebook costs only what was edited.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from sendthemes.codebook.model import Classification, Codebook, Echo, Entry, Theme
from sendthemes.coding.cache import kept_index
from sendthemes.coding.compile import Expression, Parts, Pattern, Tokens, compile_all
from sendthemes.coding.context import Negation, echoed, prompts_of
from sendthemes.coding.match import Hits, Matcher, inside, resolve
from sendthemes.language.index import TextIndex, index_texts
from sendthemes.survey.answers import Answers

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Ints = NDArray[Any]
    Flags = NDArray[Any]

EXCLUSION, DROPPED, SEPARATED, ECHO, TIMEOUT = (
    "inside an exclusion",
    "negated: dropped",
    "negated: separated",
    "prompt echo: dropped",
    "the regular expression took too long",
)


class Found(NamedTuple):
    """Hits in answers, as columns; characters of the answer as read."""

    answer: Ints
    start: Ints
    end: Ints
    negated: Flags
    echo: Flags
    entry: Ints

    def only(self, which: Flags | Ints) -> Found:
        """Give some of the hits."""
        return Found(*(column[which] for column in self))


class ThemeHits(NamedTuple):
    """What one theme counts and what it sets aside; ``entry`` points into ``labels``, which are sorted."""

    labels: tuple[str, ...]
    counted: Found
    aside: tuple[tuple[str, Found], ...]
    missing: tuple[str, ...]


class Engine:
    """Applies codebooks to one survey; remembers the index, entries' hits and themes' codings."""

    def __init__(
        self, answers: Answers, *, in_context: bool = False, cache: str | Path | None = None
    ) -> None:
        self.answers = answers
        self._in_context = in_context
        self._cache = cache
        self._questions = np.asarray(answers.answer_questions, dtype=np.int32)
        self._patterns: dict[str, Pattern] = {}
        self._found: dict[str, Found] = {}
        self._late: dict[str, Ints] = {}
        self._themes: dict[tuple[object, ...], ThemeHits] = {}
        self._quoted: dict[int, Ints] = {}

    @cached_property
    def index(self) -> TextIndex:
        """The index of the answers; made when first something must be looked for."""
        texts = self.answers.texts
        return index_texts(texts) if self._cache is None else kept_index(texts, self._cache)

    @cached_property
    def _matcher(self) -> Matcher:
        return Matcher(self.index, in_context=self._in_context)

    @cached_property
    def _negation(self) -> Negation:
        return Negation(self._matcher)

    @cached_property
    def _by_text(self) -> tuple[Ints, Ints]:
        """Answers by their distinct text, and where each text's begin."""
        rows = self.index.rows
        order = np.argsort(rows, kind="stable").astype(np.int32)
        return order, np.searchsorted(rows[order], np.arange(len(self.index.texts) + 1))

    def prepare(self, codebook: Codebook) -> None:
        """Make all entries of a codebook ready.

        Raises:
            CodebookError: All faults of all entries.
        """
        entries = [(entry, where) for entry, where in _entries(codebook) if entry.label not in self._patterns]
        self._patterns.update(compile_all(entries))

    def all_found(self) -> Found:
        """Give the hits of every entry that is ready; ``entry`` is its place among the sorted labels.

        An answer on which an entry's regular expression took too long is a hit without length.
        """
        return _joined(
            [
                each._replace(entry=np.full(len(each.answer), at, np.int32))
                for at, label in enumerate(sorted(self._patterns))
                for each in (self._hits(label), _without_length(self._late[label]))
            ]
        )

    def take_all(self, hits: Found) -> None:
        """Take over what ``all_found`` gave for parts of these answers."""
        order = np.argsort(hits.entry, kind="stable")
        bounds = np.searchsorted(hits.entry[order], np.arange(len(self._patterns) + 1))
        for at, label in enumerate(sorted(self._patterns)):
            found = hits.only(order[bounds[at] : bounds[at + 1]])
            late = found.end == found.start
            self._found[label] = found.only(~late)._replace(entry=np.zeros(int((~late).sum()), np.int32))
            self._late[label] = found.answer[late]

    def theme(self, theme: Theme, prompt_echo: Echo) -> ThemeHits:
        """Find what a theme counts (without its sub-themes) and what it sets aside."""
        labels = (
            tuple(sorted({each.label for each in listed})) for listed in (theme.entries, theme.exclusions)
        )
        key = (*labels, theme.questions, theme.negated, prompt_echo)
        made = self._themes.get(key)
        if made is None:
            made = self._themes[key] = self._theme(theme, prompt_echo)
        return made

    def level(self, rule_entries: Sequence[Entry], question: int) -> Flags:
        """Say for each answer whether one of a classification's entries holds in it."""
        holds = np.zeros(len(self.answers.texts), dtype=bool)
        for entry in rule_entries:
            found = self._hits(entry.label)
            keep = self._scope(entry.questions)[found.answer]
            if entry.negated in {"drop", "separate"}:
                keep &= ~found.negated
            holds[found.answer[keep]] = True
        holds &= self._questions == question
        return holds

    def question(self, name: str) -> int | None:
        """Give the place of an open question of this id or wording, if there is one."""
        if not self.answers.has_question(name):
            return None
        question = self.answers.question(name)
        return self.answers.questions.index(question) if question.kind == "open" else None

    def each_alone(self, theme: Theme, entries: Sequence[Entry], prompt_echo: Echo) -> tuple[Ints, Ints]:
        """Say which answers each of these entries would count in if it stood alone in a theme.

        Args:
            theme: Its scope, exclusions and treatment of negation apply; its own entries play no part.
            entries: Entries that were made ready (``prepare``).
            prompt_echo: As in a codebook.

        Returns:
            (answers, entries): places, one pair an answer and entry, sorted by both.
        """
        found, reason = self._sifted(theme, entries, prompt_echo)
        pairs = np.unique(found.answer[reason == 0].astype(np.int64) << 32 | found.entry[reason == 0])
        return pairs >> 32, pairs & 0xFFFFFFFF

    def _theme(self, theme: Theme, prompt_echo: Echo) -> ThemeHits:
        entries = sorted({entry.label: entry for entry in theme.entries}.items())
        labels = tuple(label for label, _ in entries)
        names = {*theme.questions, *(name for _, entry in entries for name in entry.questions)}
        missing = sorted(name for name in names if self.question(name) is None)
        found, reason = self._sifted(theme, [entry for _, entry in entries], prompt_echo)
        counted = _resolved(found.only(reason == 0))
        aside = []
        for at, name in enumerate((EXCLUSION, DROPPED, SEPARATED, ECHO), 1):
            rest = found.only(reason == at)
            covered = inside(rest.answer, rest.start, rest.end, counted[:3])
            aside.append((name, _resolved(rest.only(~covered))))
        aside.append((TIMEOUT, self._too_late(entries, self._scope(theme.questions))))
        return ThemeHits(labels, counted, tuple(aside), tuple(missing))

    def _sifted(self, theme: Theme, entries: Sequence[Entry], prompt_echo: Echo) -> tuple[Found, Ints]:
        """Give all hits of entries in a theme's scope, and why each is set aside (0: it counts)."""
        in_scope = self._scope(theme.questions)
        parts = []
        modes = []
        for at, entry in enumerate(entries):
            modes.append(entry.negated or theme.negated)
            found = self._hits(entry.label)
            if not len(found.answer):
                continue
            keep = in_scope if not entry.questions else in_scope & self._scope(entry.questions)
            if not keep.all():
                found = found.only(keep[found.answer])
            parts.append(found._replace(entry=np.full(len(found.answer), at, np.int32)))
        found = _joined(parts)
        negated_mode = np.array([("count", "drop", "separate").index(mode) for mode in modes], dtype=np.int8)
        mode = (
            np.where(found.negated, negated_mode[found.entry], 0)
            if len(found.answer)
            else np.zeros(0, np.int8)
        )
        around = _joined([self._hits(entry.label) for entry in theme.exclusions])
        excluded = inside(found.answer, found.start, found.end, around[:3])
        reason = np.select([excluded, mode == 1, mode == 2], [1, 2, 3], 0)
        if prompt_echo == "drop":
            reason[(reason == 0) & found.echo] = 4
        elif prompt_echo == "count":
            found = found._replace(echo=np.zeros_like(found.echo))
        return found, reason

    def _scope(self, names: Iterable[str]) -> Flags:
        """Say for each answer whether it belongs to these questions; no names mean all."""
        names = tuple(names)
        if not names:
            return np.ones(len(self._questions), dtype=bool)
        places = [place for name in names if (place := self.question(name)) is not None]
        return np.isin(self._questions, places)

    def _hits(self, label: str) -> Found:
        if label not in self._found:
            pattern = self._patterns[label]
            if isinstance(pattern, Tokens):
                self._matcher.read(self._patterns.values())  # all of them share one reading
            hits = self._matcher.hits(pattern)
            texts = {text for each in _expressions(pattern) for text in self._matcher.late[each]}
            late, _ = self._answers_of(np.array(sorted(texts), dtype=np.int32))
            self._found[label], self._late[label] = self._in_answers(hits), np.sort(late)
        return self._found[label]

    def _in_answers(self, hits: Hits) -> Found:
        """Bring hits in distinct texts to the answers, with what stands around them."""
        if not len(hits.text):
            return _joined(())
        negated = self._negation.of(hits)
        start, end = self.index.original(hits.text, hits.start, hits.end)
        answer, which = self._answers_of(hits.text)
        echo = self._echo(answer, hits.first[which], hits.after[which])
        none = np.zeros(len(answer), np.int32)
        return Found(answer, start[which], end[which], negated[which], echo, none)

    def _answers_of(self, text: Ints) -> tuple[Ints, Ints | slice]:
        """Give the answers with these texts, and which hit each came from."""
        if len(self.index.texts) == len(self.answers.texts):
            return text, slice(None)
        order, bounds = self._by_text
        counts = (bounds[1:] - bounds[:-1])[text]
        which = np.repeat(np.arange(len(text), dtype=np.int32), counts)
        offset = np.arange(len(which)) - (np.cumsum(counts) - counts)[which]
        return order[bounds[text[which]] + offset], which

    def _echo(self, answer: Ints, first: Ints, after: Ints) -> Flags:
        """Say for each hit whether all its words are quoted from the prompt of its answer."""
        echo = np.zeros(len(answer), dtype=bool)
        asked = self._questions[answer]
        for question in np.unique(asked).tolist():
            if question not in self._quoted:
                prompts = prompts_of(self.answers, self.answers.questions[question])
                quoted = echoed(self.index, prompts)
                self._quoted[question] = np.concatenate(([0], np.cumsum(quoted, dtype=np.int32)))
            passed = self._quoted[question]
            here = np.flatnonzero(asked == question)
            begin, stop = first[here], after[here]
            echo[here] = (stop > begin) & (passed[stop] - passed[begin] == stop - begin)
        return echo

    def _too_late(self, entries: Sequence[tuple[str, Entry]], in_scope: Flags) -> Found:
        """List the answers on which an entry's regular expression took too long, as hits without length."""
        rows = []
        for at, (label, entry) in enumerate(entries):
            late = self._late[label]
            if len(late):
                kept = late[(in_scope & self._scope(entry.questions))[late]]
                none = np.zeros(len(kept), np.int32)
                rows.append(
                    Found(kept, none, none, none.astype(bool), none.astype(bool), none + np.int32(at))
                )
        return _joined(rows)


def _entries(codebook: Codebook) -> Iterator[tuple[Entry, str]]:
    for theme, _ in codebook.walk():
        for entry in (*theme.entries, *theme.exclusions):
            yield entry, f"theme '{theme.theme}'"
    for classification in codebook.classifications:
        for entry in _rule_entries(classification):
            yield entry, f"classification '{classification.classification}'"


def _rule_entries(classification: Classification) -> Iterator[Entry]:
    return (entry for rule in classification.rules for entry in rule.entries)


def _expressions(pattern: Pattern) -> Iterator[str]:
    if isinstance(pattern, Expression):
        yield pattern.regex
    elif isinstance(pattern, Parts):
        for part in (*pattern.parts, *pattern.none):
            yield from _expressions(part)


def _without_length(answers: Ints) -> Found:
    none = np.zeros(len(answers), np.int32)
    no = none.astype(bool)
    return Found(answers, none, none, no, no, none)


def _joined(parts: Sequence[Found]) -> Found:
    if not parts:
        none = np.zeros(0, np.int32)
        return Found(none, none, none, none.astype(bool), none.astype(bool), none)
    return Found(*(np.concatenate(column) for column in zip(*parts, strict=True)))


def _resolved(found: Found) -> Found:
    return found.only(resolve(found.answer, found.start, found.end, found.entry))
