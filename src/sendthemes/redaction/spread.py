"""A data set on its way: a person or school that one of its texts gives away is hidden in all of them."""

from __future__ import annotations

import struct
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from itertools import islice, repeat

from sendthemes.redaction.known import Known, name_forms, owner, school_forms
from sendthemes.redaction.lexicon import word_class
from sendthemes.redaction.phrases import PhraseIndex, words_of
from sendthemes.redaction.protect import is_ordinary_word
from sendthemes.redaction.render import merged, render
from sendthemes.redaction.spans import Authority, Label, Span
from sendthemes.text import normalise

_CHUNK = 512  # texts that are searched together
_SURE = 0.6  # a person found with less confidence is hidden where found, not everywhere
_PLACED = struct.Struct("<III")  # a finding: start, end, kind
ELSEWHERE = "found elsewhere"
Spread = PhraseIndex[Known]
Rows = Callable[[], Iterable[tuple[str, str | None]]]
Rules = Callable[[str, str | None, Spread], Sequence[Span]]
Guesses = Callable[[Sequence[str]], Sequence[Sequence[Span]]]


@dataclass(eq=False)
class _Work:
    """A text on its way: whose it is, what was found so far, and how it reads now."""

    text: str
    respondent: str | None
    spans: list[Span] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.rendering = render(self.text, self.spans)
        self.now = normalise(self.rendering.text)

    def original(self, span: Span) -> Span:
        """Bring a finding of the present text, normalised, to offsets of the text as given."""
        start, end = self.rendering.back(*self.now.span(span.start, span.end))
        return replace(span, start=start, end=end)


class DataSet:
    """What the texts of one data set give away, gathered in rounds until nothing new is found.

    A text is searched by the rules until they find nothing more, then by the model. What any text gave away
    is looked for in all in the next round. Kept meanwhile are the findings, packed, never the texts.

    Args:
        rows: Gives the texts, and whose each is, as often as it is called.
        rules: Finds all but the model's guesses in a normalised text.
        guesses: Gives the model's for several.
        token: Gives what stands for a finding while the search goes on.
    """

    def __init__(self, rows: Rows, rules: Rules, guesses: Guesses, token: Callable[[Span], str]) -> None:
        self._rows, self._rules, self._guesses, self._token = rows, rules, guesses, token
        self._given_away: dict[tuple[str, Known], None] = {}
        self._found: list[bytes] = []  # for each text
        self._kinds: dict[tuple[Label, str, Authority, float, str, str], int] = {}
        self._round(None)
        known = 0
        while known < len(self._given_away):
            known = len(self._given_away)
            self._round(PhraseIndex(self._given_away))

    @property
    def authorities(self) -> set[str]:
        """The ids of the authorities that were found."""
        return {value for label, *_, value, _ in self._kinds if value and label in ("la", "place")}

    def found(self) -> Iterator[tuple[str, list[Span]]]:
        """Give each text and what was found in it."""
        kinds = list(self._kinds)
        for (text, _), packed in zip(self._rows(), self._found, strict=True):
            yield text, [Span(start, end, *kinds[kind]) for start, end, kind in _PLACED.iter_unpack(packed)]

    def _round(self, spread: Spread | None) -> None:
        """Search all texts, or those that hold what is to be spread."""
        before = self._found
        self._found = []
        kinds = list(self._kinds)
        works = (
            _Work(text, who, [Span(*place, *kinds[kind]) for *place, kind in _PLACED.iter_unpack(packed)])
            for (text, who), packed in zip(self._rows(), before or repeat(b""), strict=False)
        )
        while chunk := list(islice(works, _CHUNK)):
            if spread is None:
                self._search(chunk, Spread(()), asked=chunk)
            else:
                self._search([work for work in chunk if any(spread.find(work.now.text))], spread)
            self._found += [self._packed(work.spans) for work in chunk]

    def _packed(self, spans: Iterable[Span]) -> bytes:
        """Pack findings; what many have in common is kept once."""
        return b"".join(
            _PLACED.pack(
                span.start,
                span.end,
                self._kinds.setdefault(
                    (span.label, span.rule, span.authority, span.confidence, span.value, span.replacement),
                    len(self._kinds),
                ),
            )
            for span in spans
        )

    def _search(self, works: Sequence[_Work], spread: Spread, asked: Iterable[_Work] = ()) -> None:
        """Search, replace and search the result again, until rules and model find nothing more."""
        asking = dict.fromkeys(asked)
        while works or asking:
            while works:
                found = [(work, self._rules(work.now.text, work.respondent, spread)) for work in works]
                works = [work for work, spans in found if self._add(work, spans)]
                asking |= dict.fromkeys(works)
            guesses = self._guesses([work.now.text for work in asking])
            works = [work for work, spans in zip(asking, guesses, strict=True) if self._add(work, spans)]
            asking = dict.fromkeys(works)

    def _add(self, work: _Work, found: Sequence[Span]) -> bool:
        """Take over findings in the present text; whether there are any."""
        new = [work.original(span) for span in found]
        for span in new:
            self._given_away |= dict.fromkeys(spread_forms(work.text, span))
        if new:
            spans = merged(work.text, [*work.spans, *new])
            work.spans = [replace(span, replacement=self._token(span)) for span in spans]
            work.__post_init__()
        return bool(new)


def spread_forms(text: str, span: Span) -> Sequence[tuple[str, Known]]:
    """Give the forms in which a person or school that was found in a text is hidden elsewhere.

    An e-mail address gives its owner's name: "j.oduya@…" makes Oduya a person.
    """
    if span.authority == "known" or span.rule == ELSEWHERE or span.label not in ("name", "school", "email"):
        return ()
    if span.label == "name" and span.confidence < _SURE:
        return ()
    return _forms(normalise(text[span.start : span.end]).text, span.label, span.authority == "model")


@lru_cache(maxsize=4096)
def _forms(written: str, label: str, model: bool) -> Sequence[tuple[str, Known]]:
    if label == "school":
        return tuple(form for form in school_forms(written) if form[1].sure and not is_ordinary_word(form[0]))
    return tuple(
        form
        for form in name_forms(owner(written) if label == "email" else written)
        if form[1].sure and (" " in form[0] or not (model or word_class(form[0].casefold())))
    )


def person(text: str, span: Span) -> str:
    """Say who somebody found in a text is: the folded name."""
    return span.value or " ".join(words_of(normalise(text[span.start : span.end]).text)) or "?"


def numbered(people: Iterable[str]) -> dict[str, int]:
    """Number people in their order; a part of one full name only is that person."""
    holding: dict[str, list[str]] = {}  # word → whom it is a part of
    every = list(people)
    for each in every:
        for word in set(each.split()):
            holding.setdefault(word, []).append(each)
    numbers: dict[str, int] = {}
    last = 0
    for each in every:
        words = set(each.split())
        whole = [
            other for other in min(map(holding.__getitem__, words), key=len) if words < set(other.split())
        ]
        meant = whole[0] if len(whole) == 1 else each
        if meant not in numbers and each not in numbers:
            last += 1
        numbers[each] = numbers.setdefault(meant, numbers.get(each, last))
    return numbers
