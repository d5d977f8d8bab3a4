"""A data set on its way: a person or school that one of its texts gives away is hidden in all of them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from hashlib import blake2b
from itertools import chain, islice, repeat

from sendthemes.redaction.known import Known, name_forms, school_forms
from sendthemes.redaction.lexicon import word_class
from sendthemes.redaction.phrases import PhraseIndex, words_of
from sendthemes.redaction.render import Rendering, merged, render
from sendthemes.redaction.spans import Span
from sendthemes.text import Normalised, normalise

_CHUNK = 2048  # texts that are searched together
_SPREAD = 0.6  # a person found with less confidence is hidden where found, not everywhere
ELSEWHERE = "found elsewhere"
Spread = PhraseIndex[Known]
Rules = Callable[[str, str | None, Spread], Sequence[Span]]
Guesses = Callable[[Sequence[str]], Sequence[Sequence[Span]]]


@dataclass(eq=False, slots=True)
class Work:
    """A text on its way: what was found so far, and how it reads now.

    Attributes:
        text: The text as given.
        respondent: Whose it is, where that is known.
        layer: How many layers of what is spread it has been searched for.
        spans: What was found, with offsets in ``text``, in order.
        rendering: The text with it replaced.
    """

    text: str
    respondent: str | None
    layer: int = 0
    spans: list[Span] = field(default_factory=list)
    rendering: Rendering | None = None

    def now(self) -> Normalised:
        """Give the text as it reads now, normalised."""
        return normalise(self.text if self.rendering is None else self.rendering.text)

    def originals(self, spans: Iterable[Span]) -> list[Span]:
        """Bring spans of the present text, normalised, to offsets of the original."""
        text, placed = self.now(), []
        for span in spans:
            start, end = text.span(span.start, span.end)
            if self.rendering is not None:
                start, end = self.rendering.back(start, end)
            placed.append(replace(span, start=start, end=end))
        return placed


class DataSet:
    """What the texts of one data set give away, gathered in rounds until nothing new is found.

    A text is searched by the rules until they find nothing more, then by the model. What that gave away in
    any text is a layer, which the next round looks for in all. What is kept between rounds depends on how
    many names there are, not on the texts, so that they may be read anew in each round.

    Args:
        rules: Finds all but the model's guesses in a normalised text.
        guesses: Gives the model's for several.
        token: Gives what stands for a finding while the search goes on.
    """

    def __init__(self, rules: Rules, guesses: Guesses, token: Callable[[Span], str]) -> None:
        self._rules, self._guesses, self._token = rules, guesses, token
        self._spread: dict[tuple[str, Known], None] = {}
        self._layers = [Spread(())]
        self._guessed: dict[bytes, Sequence[Span]] = {}
        self._untouched = bytearray()  # for each text whether the first round found nothing in it
        self.authorities: set[str] = set()
        self.people: dict[str, None] = {}

    def fresh(self, texts: Iterable[str], respondents: Iterable[str | None] | None) -> Iterator[Work]:
        """Give texts as work not yet begun; where the first round found nothing it need not be gone over."""
        whose = repeat(None) if respondents is None else respondents
        for text, respondent, skipped in zip(texts, whose, chain(self._untouched, repeat(0)), strict=False):
            yield Work(text, respondent, skipped)

    def settle(self, works: Callable[[], Iterable[Work]]) -> None:
        """Go through the texts until none gives away anything new; ``works`` gives them anew."""
        known = -1
        while known < len(self._spread):
            if known >= 0:
                self._layers.append(PhraseIndex(self._spread))
            known = len(self._spread)
            self.authorities, self.people = set(), {}
            for work in self.searched(works()):
                if len(self._layers) == 1:
                    self._untouched.append(not work.spans)
                for span in work.spans:
                    if span.label == "name":
                        self.people[person(work.text, span)] = None
                    elif span.label in ("la", "place") and span.value:
                        self.authorities.add(span.value)

    def searched(self, works: Iterable[Work]) -> Iterator[Work]:
        """Search texts for all that is known by now, and give them back."""
        remaining = iter(works)
        while chunk := list(islice(remaining, _CHUNK)):
            for layer, spread in enumerate(self._layers):
                waiting = [work for work in chunk if work.layer == layer]
                held = [work for work in waiting if any(spread.find(work.now().text))] if layer else waiting
                self._search(held, spread, first=not layer)
                for work in waiting:
                    work.layer += 1
            yield from chunk

    def _search(self, works: Sequence[Work], spread: Spread, *, first: bool) -> None:
        """Search, replace and search the result again, until rules and model find nothing more."""
        asked = dict.fromkeys(works if first else ())
        while works or asked:
            while works:
                works = [
                    work
                    for work in works
                    if self._add(work, self._rules(work.now().text, work.respondent, spread))
                ]
                asked |= dict.fromkeys(works)
            works = [
                work
                for work, spans in zip(asked, self._asked([*asked]), strict=True)
                if self._add(work, spans)
            ]
            asked = dict.fromkeys(works)

    def _asked(self, works: Sequence[Work]) -> Iterator[Sequence[Span]]:
        """Give what the model takes for people; it is not asked twice about a text that is read anew."""
        texts = [work.now().text for work in works]
        keys = [blake2b(text.encode("utf-8", "surrogatepass"), digest_size=16).digest() for text in texts]
        new = {key: text for key, text in zip(keys, texts, strict=True) if key not in self._guessed}
        answers = dict(zip(new, self._guesses([*new.values()]), strict=True))
        for work, key in zip(works, keys, strict=True):
            spans = answers[key] if key in answers else self._guessed[key]
            if spans or work.spans:  # texts in which nothing is found are not searched again
                self._guessed[key] = spans
            yield spans

    def _add(self, work: Work, spans: Sequence[Span]) -> bool:
        """Take over new findings (of the present text, normalised); whether there are any."""
        if spans:
            found = work.originals(spans)
            for span in found:
                self._spread |= dict.fromkeys(spread_forms(work.text, span))
            work.spans = merged(work.text, [*work.spans, *found])
            work.spans = [replace(span, replacement=self._token(span)) for span in work.spans]
            work.rendering = render(work.text, work.spans)
        return bool(spans)


def spread_forms(text: str, span: Span) -> Sequence[tuple[str, Known]]:
    """Give the forms in which a person or school that was found in a text is hidden elsewhere."""
    if span.authority == "known" or span.rule == ELSEWHERE or span.label not in ("name", "school"):
        return ()
    if span.label == "name" and span.confidence < _SPREAD:
        return ()
    return _forms(normalise(text[span.start : span.end]).text, span.label, span.authority == "model")


@lru_cache(maxsize=4096)
def _forms(written: str, label: str, model: bool) -> Sequence[tuple[str, Known]]:
    if label == "school":
        return tuple(form for form in school_forms(written) if form[1].sure)
    return tuple(
        form
        for form in name_forms(written)
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
