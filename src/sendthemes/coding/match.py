"""Where patterns match in an index: whole columns at a time, rarest word first.

A hit is a run of words (``first`` to just before ``after``) of one text, with its characters. Near, sequence
and all give every span there is; the overlap rule (``resolve``) keeps one of those that overlap.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from sendthemes.coding.compile import Expression, Parts, Pattern, Slot, Tokens, Words
from sendthemes.coding.expressions import Expressions
from sendthemes.coding.tagged import Tagged
from sendthemes.language.index import SEGMENT, TextIndex
from sendthemes.language.types import load_types

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Ints = NDArray[Any]
    Longs = NDArray[Any]
    Flags = NDArray[Any]

_NONE: Ints = np.zeros(0, np.int32)


class Hits(NamedTuple):
    """Hits as columns, by place: words ``first`` to before ``after``, characters of the comparable text.

    ``late`` are the texts on which a regular expression took too long.
    """

    text: Ints
    start: Ints
    end: Ints
    first: Ints
    after: Ints
    late: Ints = _NONE


class _Spans(NamedTuple):
    """Runs of words, and texts that took too long."""

    first: Ints
    after: Ints
    late: Ints = _NONE


class Matcher:
    """Matches patterns in one index; remembers what the words of slots are in its vocabulary."""

    def __init__(self, index: TextIndex, tagged: Tagged | None = None, *, in_context: bool = False) -> None:
        self.index = index
        self._in_context = in_context
        self._tagged = tagged or Tagged(index)
        self._tokens: dict[Tokens, list[tuple[int, int, int]]] = {}
        self._expressions = Expressions(index)
        self._ids: dict[Slot, Ints] = {}
        self._vocabularies: dict[bool, _Vocabulary] = {}

    def hits(self, pattern: Pattern) -> Hits:
        """Find every hit of a pattern."""
        index = self.index
        everywhere = np.ones(len(index.texts), dtype=bool)
        if isinstance(pattern, Expression | Tokens):
            return self._placed(pattern, everywhere)
        first, after, late = self._spans(pattern, everywhere)
        if not len(first):
            return Hits(_NONE, _NONE, _NONE, _NONE, _NONE, late)
        return Hits(index.text[first], index.start[first], index.end[after - 1], first, after, late)

    def _spans(self, pattern: Pattern, texts: Flags) -> _Spans:
        """Find a pattern; what costs time is looked for in these texts only."""
        if isinstance(pattern, Words):
            rows = (self._row(row) for each in pattern.alternatives for row in self._unhyphened(each))
            found = [spans for spans in rows if spans is not None]
            if not found:
                return _Spans(_NONE, _NONE)
            return _Spans(*_distinct(*(np.concatenate(column) for column in zip(*found, strict=True))))
        if isinstance(pattern, Parts):
            return self._together(pattern, texts)
        hits = self._placed(pattern, texts)
        whole = hits.after > hits.first
        return _Spans(hits.first[whole], hits.after[whole], hits.late)

    def _together(self, pattern: Parts, texts: Flags) -> _Spans:
        """Find several parts: each only where the others can be, the quick ones first."""
        for part in pattern.parts:
            if isinstance(part, Expression):
                texts = texts & self._expressions.possible(part.regex)
        found: dict[int, _Spans] = {}
        for at in sorted(range(len(pattern.parts)), key=lambda at: not isinstance(pattern.parts[at], Words)):
            found[at] = self._spans(pattern.parts[at], texts)
            here = np.zeros(len(texts), dtype=bool)
            here[self.index.text[found[at].first]] = True
            texts = texts & here
        none = [self._spans(part, texts) for part in pattern.none]
        late = np.unique(np.concatenate([each.late for each in (*found.values(), *none)]))
        parts = [found[at][:2] for at in range(len(found))]
        if pattern.kind == "all":
            return _Spans(*self._all(parts, [each[:2] for each in none]), late)
        return _Spans(*self._chains(parts, pattern.within, ordered=pattern.kind == "sequence"), late)

    # Words and phrases

    def _unhyphened(self, slots: tuple[Slot, ...]) -> Iterable[tuple[tuple[Slot, ...], Flags]]:
        """Give a row of slots, and the rows in which hyphened words of the texts stand for a closed one."""
        rows: list[tuple[tuple[Slot, ...], tuple[bool, ...]]] = [((), ())]
        for slot in slots:
            ways: list[tuple[tuple[Slot, ...], tuple[bool, ...]]] = [((slot,), (False,))]
            if slot.closed:
                for form in sorted(slot.forms & self.index.compounds.keys()):
                    for parts in sorted(self.index.compounds[form]):
                        apart = [Slot(frozenset({part})) for part in parts]
                        apart[-1] = Slot(frozenset({parts[-1]}), possessive=slot.possessive)
                        ways.append((tuple(apart), (*[True] * (len(parts) - 1), False)))
            rows = [(row + way, ties + tied) for row, ties in rows for way, tied in ways]
        return ((row, np.array(ties)) for row, ties in rows)

    def _row(self, row: tuple[tuple[Slot, ...], Flags]) -> tuple[Ints, Ints] | None:
        """Find a row of slots: start from the rarest, then look at the others; ``None`` if one is nowhere."""
        slots, tied = row
        index = self.index
        ids = [None if slot.wild == "*" else self._slot_ids(slot) for slot in slots]
        counts = [
            len(index) + 1 if each is None else self._count(each, slot.cased)
            for each, slot in zip(ids, slots, strict=True)
        ]
        rarest = counts.index(min(counts))
        if not counts[rarest]:
            return None
        start = self._places(ids[rarest], slots[rarest].cased) - rarest
        last = len(slots) - 1
        start = start[(start >= 0) & (start + last < len(index))]
        for at in range(1, len(slots)):
            start = start[index.signs[start + at] & SEGMENT == 0]
        for at, slot in enumerate(slots):
            if at != rarest and ids[at] is not None:
                column, size = (
                    (index.spelling, len(index.spellings)) if slot.cased else (index.form, len(index.forms))
                )
                accepted = np.zeros(size, dtype=bool)
                accepted[ids[at]] = True
                start = start[accepted[column[start + at]]]
            if slot.pos or (self._in_context and slot.bases):
                start = start[self._tagged.keep(start + at, slot, in_context=self._in_context)]
            if slot.possessive:
                start = start[index.possessive[start + at]]
            if tied[at]:
                start = start[index.hyphened[start + at]]
        return start.astype(np.int32), (start + len(slots)).astype(np.int32)

    def _count(self, ids: Ints, cased: bool) -> int:
        if cased:
            ids = np.unique(self.index.form_of[ids])
        return sum(self.index.count(each) for each in ids.tolist())

    def _places(self, ids: Ints | None, cased: bool) -> Ints:
        index = self.index
        if ids is None or not len(ids):
            return _NONE
        if not cased:
            return np.concatenate([index.where(each) for each in ids.tolist()])
        places = np.concatenate([index.where(each) for each in np.unique(index.form_of[ids]).tolist()])
        return places[np.isin(index.spelling[places], ids)]

    def _slot_ids(self, slot: Slot) -> Ints:
        found = self._ids.get(slot)
        if found is None:
            vocabulary = self._vocabularies.get(slot.cased)
            if vocabulary is None:
                vocabulary = _Vocabulary(self.index.spellings if slot.cased else self.index.forms)
                self._vocabularies[slot.cased] = vocabulary
            if slot.wild:
                ids = vocabulary.wild(slot.wild)
            else:
                names = self.index.spelling_ids if slot.cased else self.index.form_ids
                ids = [names[form] for form in slot.forms if form in names]
                if slot.edits:
                    ids += vocabulary.misspelt(slot.near, slot.edits)
            found = np.array(sorted(set(ids)), dtype=np.int32)
            self._ids[slot] = found
        return found

    # Near, sequence, all

    def _chains(self, parts: Sequence[tuple[Ints, Ints]], within: int, *, ordered: bool) -> tuple[Ints, Ints]:
        """Chain the parts in one sentence with at most ``within`` words between neighbours."""
        everything = (1 << len(parts)) - 1
        reached: dict[int, list[tuple[Ints, Ints]]] = {}
        for at, part in enumerate(parts[:1] if ordered else parts):
            reached.setdefault(1 << at, []).append(part)
        for used in range(1, everything + 1):
            if used not in reached:
                continue
            first, after = _distinct(*(np.concatenate(column) for column in zip(*reached[used], strict=True)))
            reached[used] = [(first, after)]
            missing = [at for at in range(len(parts)) if not used >> at & 1]
            for at in missing[:1] if ordered else missing:
                joined = self._joined(first, after, parts[at], within)
                reached.setdefault(used | 1 << at, []).append(joined)
        return reached[everything][0]

    def _joined(self, first: Ints, after: Ints, part: tuple[Ints, Ints], within: int) -> tuple[Ints, Ints]:
        begin = np.searchsorted(part[0], after, side="left")
        end = np.searchsorted(part[0], after + within, side="right")
        counts = end - begin
        owner = np.repeat(np.arange(len(first)), counts)
        which = begin[owner] + np.arange(len(owner)) - (np.cumsum(counts) - counts)[owner]
        sentence = self.index.sentence
        same = sentence[first[owner]] == sentence[part[1][which] - 1]
        return first[owner[same]], part[1][which[same]]

    def _all(
        self, parts: Sequence[tuple[Ints, Ints]], none: Sequence[tuple[Ints, Ints]]
    ) -> tuple[Ints, Ints]:
        """Take the sentences that hold every part and none of ``none``, from the first to the last part."""
        sentence = self.index.sentence
        kept = np.unique(sentence[parts[0][0]])
        for first, _ in parts[1:]:
            kept = np.intersect1d(kept, sentence[first])
        for first, _ in none:
            kept = np.setdiff1d(kept, sentence[first])
        first, after = (np.concatenate(column) for column in zip(*parts, strict=True))
        inside = np.isin(sentence[first], kept)
        first, after = first[inside], after[inside]
        order = np.argsort(sentence[first], kind="stable")
        first, after = first[order], after[order]
        if not len(first):
            return first, after
        heads = np.flatnonzero(np.diff(sentence[first], prepend=-1))
        return np.minimum.reduceat(first, heads), np.maximum.reduceat(after, heads)

    # Regular expressions and token patterns

    def read(self, patterns: Iterable[Pattern]) -> None:
        """Find all token patterns among these at once: they share one reading of the texts."""
        new = sorted({each for each in patterns if isinstance(each, Tokens)} - self._tokens.keys(), key=str)
        if new:
            self._tokens.update(zip(new, self._tagged.patterns(new), strict=True))

    def _placed(self, pattern: Expression | Tokens, texts: Flags) -> Hits:
        """Find what stands at characters, and which words these are."""
        late: list[int] = []
        if isinstance(pattern, Tokens):
            self.read([pattern])
            rows = self._tokens[pattern]
        else:
            rows, late = self._expressions.find(pattern.regex, texts)
        text, start, end = np.array(rows, dtype=np.int32).reshape(-1, 3).T
        bounds = self.index.word_bounds
        first, after = np.zeros(len(rows), np.int32), np.zeros(len(rows), np.int32)
        for at, (row, begin, stop) in enumerate(rows):
            here = slice(bounds[row], bounds[row + 1])
            first[at] = bounds[row] + np.searchsorted(self.index.end[here], begin, side="right")
            after[at] = bounds[row] + np.searchsorted(self.index.start[here], stop, side="left")
        return Hits(text, start, end, first, after, np.array(late, np.int32))


class _Vocabulary:
    """The distinct words of the texts, searchable by wildcard and by likeness."""

    def __init__(self, names: Sequence[str]) -> None:
        self._ids = {name: at for at, name in enumerate(names)}
        self._sorted = sorted(names)
        self._lines = "\n".join(self._sorted)
        self._letters: list[str] | None = None

    def wild(self, word: str) -> list[int]:
        """Find the words that fit: ``*`` any letters or digits, ``?`` exactly one."""
        fits = "".join({"*": r"\w*", "?": r"\w"}.get(sign, re.escape(sign)) for sign in word)
        head = re.split(r"[*?]", word, maxsplit=1)[0]
        if not head:
            return [self._ids[found] for found in re.findall(f"^{fits}$", self._lines, re.MULTILINE)]
        whole = re.compile(fits)
        low = bisect_left(self._sorted, head)
        high = bisect_left(self._sorted, head + "\U0010ffff")
        return [self._ids[name] for name in self._sorted[low:high] if whole.fullmatch(name)]

    def misspelt(self, words: Sequence[str], edits: int) -> list[int]:
        """Find the unknown words that are at most so many edits from one of these (a swap is one edit)."""
        from rapidfuzz.distance import OSA
        from rapidfuzz.process import extract

        if self._letters is None:
            self._letters = [name for name in self._sorted if name.isalpha()]
        found: set[str] = set()
        for word in words:
            near = extract(word, self._letters, scorer=OSA.distance, score_cutoff=edits, limit=None)
            found.update(name for name, _, _ in near)
        known = load_types().is_known
        return [self._ids[name] for name in found if not known(name)]


def _distinct(first: Ints, after: Ints) -> tuple[Ints, Ints]:
    """Sort spans by place and drop repeated ones."""
    key = np.sort(first.astype(np.int64) << 32 | after)
    key = key[np.diff(key, prepend=-1) != 0]
    return (key >> 32).astype(np.int32), (key & 0xFFFFFFFF).astype(np.int32)


def inside(owner: Ints, start: Ints, end: Ints, around: tuple[Ints, Ints, Ints]) -> Flags:
    """Say for each span whether it lies inside one of the spans ``around`` of the same owner (an answer)."""
    if not len(around[0]) or not len(owner):
        return np.zeros(len(owner), dtype=bool)
    order = np.lexsort((around[1], around[0]))
    owners, starts, ends = (column[order].astype(np.int64) for column in around)
    reach = np.maximum.accumulate(owners << 32 | ends)
    last = np.searchsorted(owners << 32 | starts, owner.astype(np.int64) << 32 | start, side="right") - 1
    furthest = reach[np.maximum(last, 0)]
    return (last >= 0) & (furthest >= (owner.astype(np.int64) << 32 | end))


def resolve(owner: Ints, start: Ints, end: Ints, rank: Ints) -> Longs:
    """Choose among overlapping spans of one theme: the longest, then the earliest, then the lowest rank.

    Args:
        owner: The answer of each span; spans of different answers do not overlap.
        start: First character.
        end: Just after the last character.
        rank: The place of its entry in the alphabet.

    Returns:
        Positions of the spans that stay, sorted by answer and place.
    """
    kept: list[Longs] = []
    key = owner.astype(np.int64) << 32 | start
    left = np.argsort(key, kind="stable")
    while len(left):
        s, e = start[left], end[left]
        reach = np.maximum.accumulate(owner[left].astype(np.int64) << 32 | e)
        heads = np.concatenate(([True], key[left[1:]] >= reach[:-1]))
        alone = heads & np.concatenate((heads[1:], [True]))
        kept.append(left[alone])
        left, s, e, heads = left[~alone], s[~alone], e[~alone], heads[~alone]
        if not len(left):
            break
        cluster = np.cumsum(heads) - 1
        order = np.lexsort((rank[left], s, s - e, cluster))
        best = order[np.flatnonzero(np.diff(cluster[order], prepend=-1))]
        kept.append(left[best])
        free = (s >= e[best][cluster]) | (e <= s[best][cluster])
        left = left[free]
    chosen = np.concatenate(kept) if kept else np.zeros(0, np.int64)
    return chosen[np.argsort(key[chosen])]
