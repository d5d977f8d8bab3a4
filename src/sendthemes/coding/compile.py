"""Entries made ready for matching, once a codebook, whatever the answers.

An entry of words becomes *alternatives*, each a row of *slots*, one slot a word of the text. Hyphen,
slash and space are one between slots; an entry written with a hyphen gets a further alternative in its
closed spelling. Punctuation around an entry's words is left out; inside it nothing could ever match,
which is an error.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import product
from typing import Any, Literal, NamedTuple

from sendthemes.codebook.model import Entry
from sendthemes.errors import CodebookError, Problem
from sendthemes.language.chunks import cut
from sendthemes.language.types import WordTypes, load_types
from sendthemes.text import normalise

MOST_PARTS = 8
MOST_HYPHENS = 4
_ENDLESS = 10**6  # tokens, more than any text has
_WILD_PART = re.compile(r"([\w*?]+)('s)?", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Slot:
    """What one word of the text must be.

    Attributes:
        forms: The forms that are accepted (spellings, where ``cased``).
        wild: An entry's word with * or ?; ``*`` alone accepts every word.
        cased: Whether case matters.
        closed: Whether hyphened words of the text count that give one of the forms when closed up.
        near: Words that a misspelt word may be near to (``fuzzy``), with ``edits`` at most.
        possessive: Whether ``'s`` must follow.
        bases: The entry's dictionary forms, where its inflections count.
        pos: The part of speech that is asked for; empty where any will do.
    """

    forms: frozenset[str] = frozenset()
    wild: str = ""
    cased: bool = False
    closed: bool = False
    near: tuple[str, ...] = ()
    edits: int = 0
    possessive: bool = False
    bases: tuple[str, ...] = ()
    pos: str = ""


@dataclass(frozen=True, slots=True)
class Words:
    """A word or phrase: any of its alternatives."""

    alternatives: tuple[tuple[Slot, ...], ...]


@dataclass(frozen=True, slots=True)
class Parts:
    """Several patterns in one sentence."""

    kind: Literal["near", "sequence", "all"]
    parts: tuple[Pattern, ...]
    none: tuple[Pattern, ...] = ()
    within: int = 5


@dataclass(frozen=True, slots=True)
class Expression:
    """A regular expression on the comparable text."""

    regex: str


class Needed(NamedTuple):
    """Forms of which every hit of a token pattern holds one, and the most tokens on either side."""

    forms: frozenset[str]
    before: int
    after: int


@dataclass(frozen=True, slots=True)
class Tokens:
    """A spaCy token pattern, as JSON, and what its hits need."""

    pattern: str
    needed: tuple[Needed, ...] = ()

    def listed(self) -> list[dict[str, Any]]:
        """Give the pattern as spaCy takes it."""
        made: list[dict[str, Any]] = json.loads(self.pattern)
        return made


Pattern = Words | Parts | Expression | Tokens


@lru_cache(maxsize=20_000)
def compile_entry(entry: Entry, where: str = "") -> Pattern:
    """Make one entry ready for matching.

    Args:
        entry: Any entry.
        where: Where the entry stands, for messages ("theme 'funding'").

    Raises:
        CodebookError: If the entry can never match or is too large; all faults of its parts at once.
    """
    kind = entry.kind
    if kind == "tokens":
        return _tokens(entry)
    if kind == "regex":
        return Expression(str(entry.regex))
    if kind in {"near", "sequence", "all"}:
        return _parts(entry, where)
    return _Writer(entry, where).words()


def _fault(entry: Entry, where: str, message: str, remedy: str, code: str = "entry") -> CodebookError:
    return CodebookError(Problem(f"Entry '{entry.label}' {message}.", where, remedy, code))


def _tokens(entry: Entry) -> Tokens:
    pattern = list(entry.tokens or ())
    most = [_most(str(token.get("OP", "1"))) for token in pattern]
    # Short forms and words of grammar say nothing: index and tokenizer, or lemmatiser, differ on them.
    grammar = load_types().grammar | {"ca", "wo", "sha", "nt"}
    needed = []
    for at, token in enumerate(pattern):
        if str(token.get("OP", "1")) not in {"1", "+"}:
            continue
        forms = _spelled(token.get("LOWER", token.get("TEXT", token.get("ORTH")))) or frozenset().union(
            *(load_types().unchecked_forms(lemma) for lemma in _spelled(token.get("LEMMA")))
        )
        if forms and all(form.isalpha() and form not in grammar for form in forms):
            beside = most[at] - 1
            needed.append(Needed(forms, sum(most[:at]) + beside, sum(most[at + 1 :]) + beside))
    return Tokens(json.dumps(pattern, sort_keys=True), tuple(needed))


def _spelled(asked: object) -> frozenset[str]:
    """Give the folded spellings that one attribute of a token pattern allows; none where it allows any."""
    listed = asked.get("IN", ()) if isinstance(asked, dict) else [asked]
    return frozenset(each.casefold() for each in listed if isinstance(each, str))


def _most(operator: str) -> int:
    """Give how many tokens an operator of a token pattern stands for at most."""
    counts = re.fullmatch(r"\{\d*,?(\d+)\}", operator)
    return int(counts[1]) if counts else 1 if operator in {"1", "?", "!"} else _ENDLESS


def _parts(entry: Entry, where: str) -> Parts:
    listed: tuple[Entry, ...] = getattr(entry, entry.kind)
    if entry.kind != "all" and len(listed) > MOST_PARTS:
        raise _fault(entry, where, f"has {len(listed)} parts", f"Write at most {MOST_PARTS} parts.")
    problems: list[Problem] = []
    made: list[Pattern] = []
    for part in (*listed, *entry.none):
        try:
            made.append(compile_entry(part, where))
        except CodebookError as error:
            problems.extend(error.problems)
    if problems:
        raise CodebookError(problems)
    kind: Literal["near", "sequence", "all"] = entry.kind  # type: ignore[assignment]  # _parts is for these alone
    within = 5 if entry.within is None else entry.within
    return Parts(kind, tuple(made[: len(listed)]), tuple(made[len(listed) :]), within)


class _Piece(NamedTuple):
    """One word of an entry as written; ``hyphened`` if a hyphen ties it to the next."""

    text: str
    possessive: bool = False
    hyphened: bool = False

    @property
    def is_wild(self) -> bool:
        return "*" in self.text or "?" in self.text


class _Writer:
    """Writes the slots of a word, phrase, form or exact entry."""

    def __init__(self, entry: Entry, where: str) -> None:
        self._entry = entry
        self._where = where
        self._kind = entry.kind
        self._types: WordTypes = load_types()

    def words(self) -> Words:
        pieces = self._pieces(normalise(getattr(self._entry, self._kind)).text)
        if all(set(piece.text) == {"*"} for piece in pieces):
            message = "holds no word" if not pieces else "accepts every word"
            raise _fault(self._entry, self._where, message, "Write at least one word.")
        groups: list[list[_Piece]] = [[]]
        for piece in pieces:
            groups[-1].append(piece)
            if not piece.hyphened:
                groups.append([])
        spelled = [self._spellings(group) for group in groups if group]
        if len([ways for ways in spelled if len(ways) > 1]) > MOST_HYPHENS:  # all apart, or all closed
            spelled = [[sum((ways[0] for ways in spelled), ())], [sum((ways[-1] for ways in spelled), ())]]
            return Words(tuple(ways[0] for ways in spelled))
        return Words(tuple(sum(choice, ()) for choice in product(*spelled)))

    def _pieces(self, text: str) -> list[_Piece]:
        pieces: list[_Piece] = []
        barriers: list[int] = []  # before each piece
        passed = 0
        for chunk in text.split():
            if "*" in chunk or "?" in chunk:
                found = self._wild(chunk)
                barriers += [passed] * len(found)
            else:
                made = cut(chunk)
                found = [_Piece(word.form, word.possessive, word.hyphened) for word in made.words]
                barriers += [passed + word.barriers for word in made.words]
                passed += made.barriers
            pieces += found
        if len(set(barriers)) > 1:
            raise self._punctuated()
        return pieces

    def _wild(self, chunk: str) -> list[_Piece]:
        marks = re.split(r"([-/–])", chunk)
        pieces = []
        for part, mark in zip(marks[::2], [*marks[1::2], ""], strict=True):
            if not part:
                continue
            found = _WILD_PART.fullmatch(part)
            if found is None:
                raise self._punctuated()
            pieces.append(_Piece(found[1], bool(found[2]), mark in {"-", "–"}))
        return [*pieces[:-1], pieces[-1]._replace(hyphened=False)] if pieces else []

    def _punctuated(self) -> CodebookError:
        return _fault(self._entry, self._where, "has punctuation inside, which no phrase crosses",
                      "Leave it out, or use 'sequence' or 'regex'.")  # fmt: skip

    def _spellings(self, group: list[_Piece]) -> list[tuple[Slot, ...]]:
        """Spell a group of words tied by hyphens: apart and closed."""
        found = [tuple(self._slot(piece) for piece in group)]
        if len(group) > 1 and not any(set(piece.text) == {"*"} for piece in group):
            closed = _Piece("".join(piece.text for piece in group), group[-1].possessive)
            found.append((self._slot(closed),))
        return found

    def _slot(self, piece: _Piece) -> Slot:
        cased = self._kind == "exact"
        text = piece.text if cased else piece.text.casefold()
        slot = Slot(cased=cased, possessive=piece.possessive, pos=self._entry.pos or "")
        if piece.is_wild:
            return replace(slot, wild=text)
        edits = (0 if len(text) < 5 else 1 if len(text) <= 7 else 2) if self._entry.fuzzy else 0
        if self._kind != "word":
            return replace(slot, forms=frozenset({text}), near=(text,) if edits else (), edits=edits)
        types, bases = self._types, self._types.bases(text)
        forms = types.covered(text)
        if slot.pos:
            forms = frozenset(
                form for form in forms if form in {text, *bases} or types.may_be(form, slot.pos, bases)
            )
        near = tuple(sorted(form for form in {*bases, *forms} if types.is_known(form) or form in bases))
        return replace(slot, forms=forms, closed=True, near=near if edits else (), edits=edits, bases=bases)


def compile_all(entries: Iterable[tuple[Entry, str]]) -> dict[str, Pattern]:
    """Make entries ready, by their labels; each comes with the place it stands in.

    Raises:
        CodebookError: All faults of all entries.
    """
    made: dict[str, Pattern] = {}
    problems: list[Problem] = []
    for entry, where in entries:
        if entry.label not in made:
            try:
                made[entry.label] = compile_entry(entry, where)
            except CodebookError as error:
                problems.extend(error.problems)
    if problems:
        raise CodebookError(problems)
    return made
