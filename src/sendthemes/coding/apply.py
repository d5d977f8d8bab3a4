"""A codebook applied to answers: each entry's hits once, each theme's codings from them.

What an entry finds depends on nothing but the entry and the answers, and what a theme counts on nothing
but the theme; both are remembered by their meaning, so an edited codebook costs only what was edited.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from sendthemes.codebook.model import Codebook, Entry, Theme
from sendthemes.coding.cache import Kept
from sendthemes.coding.compile import Pattern, Tokens, compile_all
from sendthemes.coding.context import Negation, echoed, prompts_of
from sendthemes.coding.match import Hits, Matcher, inside, resolve
from sendthemes.coding.scopes import find_question
from sendthemes.coding.tagged import Tagged
from sendthemes.language.index import TextIndex, index_texts
from sendthemes.survey.answers import Answers

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Ints = NDArray[Any]
    Flags = NDArray[Any]

COUNTS, EXCLUSION, DROPPED, SEPARATED, ECHO, TIMEOUT = range(6)  # what ``Found.reason`` says
REASONS = (
    "",
    "inside an exclusion",
    "negated: dropped",
    "negated: separated",
    "prompt echo: dropped",
    "the regular expression took too long",
)


class Found(NamedTuple):
    """Hits in answers, as columns; characters of the answer as read.

    An answer on which an entry's regular expression took too long is a hit without length.
    """

    answer: Ints
    start: Ints
    end: Ints
    negated: Flags
    echo: Flags
    entry: Ints
    reason: Ints

    def only(self, which: Flags | Ints | slice) -> Found:
        """Give some of the hits."""
        return Found(*(column[which] for column in self))

    def of_entry(self, entry: int) -> Found:
        """Give the same hits as an entry's of this number."""
        return self._replace(entry=np.full(len(self.answer), entry, np.int32))


class ThemeHits(NamedTuple):
    """What one theme counts and what it sets aside; ``entry`` points into ``labels``, which are sorted."""

    labels: tuple[str, ...]
    counted: Found
    aside: Found
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
        self._new: list[str] = []
        self._themes: dict[tuple[object, ...], ThemeHits] = {}
        self._quoted: dict[int, Ints] = {}

    @cached_property
    def _kept(self) -> Kept | None:
        if self._cache is None:
            return None
        asked = (repr(self.answers.questions).encode(), self._questions.tobytes())
        return Kept(self._cache, self.answers.texts, (*asked, b"%d" % self._in_context))

    @cached_property
    def index(self) -> TextIndex:
        """The index of the answers; made when first something must be looked for."""
        return index_texts(self.answers.texts) if self._kept is None else self._kept.index()

    @cached_property
    def _tagged(self) -> Tagged:
        return Tagged(self.index, None if self._kept is None else self._kept.read("tagged"))

    @cached_property
    def _matcher(self) -> Matcher:
        return Matcher(self.index, self._tagged, in_context=self._in_context)

    @cached_property
    def _negation(self) -> Negation:
        return Negation(self._matcher)

    @cached_property
    def _by_text(self) -> tuple[Ints, Ints]:
        """Answers by their distinct text, and where each text's begin."""
        rows = self.index.rows
        order = np.argsort(rows, kind="stable").astype(np.int32)
        return order, np.searchsorted(rows[order], np.arange(len(self.index.texts) + 1))

    def prepare(self, codebook: Codebook) -> list[str]:
        """Make all entries of a codebook ready; give their labels, sorted.

        Raises:
            CodebookError: All faults of all entries.
        """
        entries: dict[str, tuple[Entry, str]] = {}
        for entry, where in _entries(codebook):
            entries.setdefault(entry.label, (entry, where))
        for label in entries.keys() - self._found.keys():
            if self._kept is not None and (hits := self._kept.hits(label)) is not None:
                none = np.zeros(len(hits[0]), np.int32)
                self._found[label] = Found._make((*hits, none, none))
        ready = self._patterns.keys() | self._found.keys()
        self._patterns.update(compile_all({each: entries[each] for each in entries if each not in ready}))
        return sorted(entries)

    def all_found(self, labels: Sequence[str]) -> Found:
        """Give the hits of entries that are ready; ``entry`` is the place among the labels."""
        return _joined([self._hits(label).of_entry(at) for at, label in enumerate(labels)])

    def take_all(self, labels: Sequence[str], hits: Found) -> None:
        """Take over what ``all_found`` gave for parts of these answers."""
        order = np.argsort(hits.entry, kind="stable")
        bounds = np.searchsorted(hits.entry[order], np.arange(len(labels) + 1))
        for at, label in enumerate(labels):
            self._found[label] = hits.only(order[bounds[at] : bounds[at + 1]])

    def keep(self) -> None:
        """Write down what was found since the last time, where there is a folder for it."""
        new, self._new = self._new, []
        if self._kept is None or not new:
            return
        # What took too long today may be quick enough tomorrow.
        sound = [label for label in new if not self._found[label].reason.any()]
        if sound:
            self._kept.keep_hits({label: self._found[label][:5] for label in sound})
        if (tagged := self._tagged.columns()) is not None:
            self._kept.write("tagged", tagged)

    def theme(self, theme: Theme, codebook: Codebook) -> ThemeHits:
        """Find what a theme counts (without its sub-themes) and what it sets aside."""
        labels = (
            tuple(sorted({each.label for each in listed})) for listed in (theme.entries, theme.exclusions)
        )
        key = (*labels, theme.questions, theme.negated, codebook.prompt_echo, codebook.questions)
        made = self._themes.get(key)
        if made is None:
            made = self._themes[key] = self._theme(theme, codebook)
        return made

    def level(self, rule_entries: Sequence[Entry], question: int, codebook: Codebook) -> Flags:
        """Say for each answer whether one of a classification's entries holds in it."""
        holds = np.zeros(len(self.answers.texts), dtype=bool)
        for entry in rule_entries:
            found = self._hits(entry.label)
            keep = self._scope(entry.questions, codebook)[found.answer] & (found.reason == COUNTS)
            if entry.negated in {"drop", "separate"}:
                keep &= ~found.negated
            holds[found.answer[keep]] = True
        holds &= self._questions == question
        return holds

    def question(self, name: str, codebook: Codebook) -> int | None:
        """Give the place of the open question that a codebook means by this id or wording, if it is asked."""
        question = find_question(self.answers, name, codebook)
        return None if question is None else self.answers.questions.index(question)

    def each_alone(self, theme: Theme, entries: Sequence[Entry], codebook: Codebook) -> tuple[Ints, Ints]:
        """Say which answers each of these entries would count in if it stood alone in a theme.

        Args:
            theme: Its scope, exclusions and treatment of negation apply; its own entries play no part.
            entries: Entries that were made ready (``prepare``).
            codebook: Says what its questions ask and whether the prompt's echo counts.

        Returns:
            (answers, entries): places, one pair an answer and entry, sorted by both.
        """
        found = self._sifted(theme, entries, codebook)
        found = found.only(found.reason == COUNTS)
        pairs = np.unique(found.answer.astype(np.int64) << 32 | found.entry)
        return pairs >> 32, pairs & 0xFFFFFFFF

    def _theme(self, theme: Theme, codebook: Codebook) -> ThemeHits:
        entries = sorted({entry.label: entry for entry in theme.entries}.items())
        labels = tuple(label for label, _ in entries)
        names = {*theme.questions, *(name for _, entry in entries for name in entry.questions)}
        missing = sorted(name for name in names if self.question(name, codebook) is None)
        found = self._sifted(theme, [entry for _, entry in entries], codebook)
        counted = _resolved(found.only(found.reason == COUNTS))
        aside = [found.only(found.reason == TIMEOUT)]
        for reason in (EXCLUSION, DROPPED, SEPARATED, ECHO):
            rest = found.only(found.reason == reason)
            covered = inside(rest.answer, rest.start, rest.end, counted[:3])
            aside.append(_resolved(rest.only(~covered)))
        return ThemeHits(labels, counted, _joined(aside), tuple(missing))

    def _sifted(self, theme: Theme, entries: Sequence[Entry], codebook: Codebook) -> Found:
        """Give all hits of entries in a theme's scope, each with why it is set aside, if it is."""
        in_scope = self._scope(theme.questions, codebook)
        parts = []
        for at, entry in enumerate(entries):
            found = self._hits(entry.label)
            keep = in_scope if not entry.questions else in_scope & self._scope(entry.questions, codebook)
            parts.append((found if keep.all() else found.only(keep[found.answer])).of_entry(at))
        found = _joined(parts)
        modes = [entry.negated or theme.negated for entry in entries]
        dropped, separated = (
            np.array([each == mode for each in modes], dtype=bool)[found.entry] & found.negated
            for mode in ("drop", "separate")
        )
        around = _joined([self._hits(entry.label) for entry in theme.exclusions])
        excluded = inside(found.answer, found.start, found.end, around[:3])
        echo = found.echo & (codebook.prompt_echo == "drop")
        which = [found.reason == TIMEOUT, excluded, dropped, separated, echo]
        reason = np.select(which, [TIMEOUT, EXCLUSION, DROPPED, SEPARATED, ECHO], COUNTS)
        return found._replace(reason=reason, echo=found.echo & (codebook.prompt_echo != "count"))

    def _scope(self, names: tuple[str, ...], codebook: Codebook) -> Flags:
        """Say for each answer whether it belongs to these questions; no names mean all."""
        if not names:
            return np.ones(len(self._questions), dtype=bool)
        places = [place for name in names if (place := self.question(name, codebook)) is not None]
        return np.isin(self._questions, places)

    def _hits(self, label: str) -> Found:
        if label not in self._found:
            pattern = self._patterns[label]
            if isinstance(pattern, Tokens):
                self._matcher.read(self._patterns.values())  # all of them share one reading
            hits = self._matcher.hits(pattern)
            found, late = self._in_answers(hits), np.sort(self._answers_of(hits.late)[0])
            self._found[label] = _joined([found, _without_length(late)]) if len(late) else found
            self._new.append(label)
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
        return Found(answer, start[which], end[which], negated[which], echo, none, none)

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
                self._quoted[question] = echoed(self.index, prompts)
            here = np.flatnonzero(asked == question)
            begin, stop = first[here], after[here]
            before, up_to = (np.searchsorted(self._quoted[question], each) for each in (begin, stop))
            echo[here] = (stop > begin) & (up_to - before == stop - begin)
        return echo


def _entries(codebook: Codebook) -> Iterator[tuple[Entry, str]]:
    for theme, _ in codebook.walk():
        for entry in (*theme.entries, *theme.exclusions):
            yield entry, f"theme '{theme.theme}'"
    for classification in codebook.classifications:
        for rule in classification.rules:
            for entry in rule.entries:
                yield entry, f"classification '{classification.classification}'"


def _without_length(answers: Ints) -> Found:
    none = np.zeros(len(answers), np.int32)
    return Found(answers, none, none, none.astype(bool), none.astype(bool), none, none + np.int32(TIMEOUT))


def _joined(parts: Sequence[Found]) -> Found:
    none = np.zeros(0, np.int32)
    parts = parts or [_without_length(none)]
    return Found(*(np.concatenate(column) for column in zip(*parts, strict=True)))


def _resolved(found: Found) -> Found:
    return found.only(resolve(found.answer, found.start, found.end, found.entry))
