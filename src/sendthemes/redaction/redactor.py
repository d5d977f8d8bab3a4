"""The redactor: finds what gives people and places away, and puts tokens in its place."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import lru_cache, partial
from itertools import repeat

from sendthemes.codebook.model import Codebook
from sendthemes.errors import Problem, RedactionError, nearest
from sendthemes.redaction import people, protect
from sendthemes.redaction.authorities import find_authorities
from sendthemes.redaction.capitals import find_capitals, may_name
from sendthemes.redaction.gazetteer import authority_names
from sendthemes.redaction.identifiers import find_identifiers
from sendthemes.redaction.known import KnownValues, known_values
from sendthemes.redaction.lexicon import names as listed_names
from sendthemes.redaction.organisations import find_organisations
from sendthemes.redaction.pseudonyms import PseudonymKey
from sendthemes.redaction.recase import recased
from sendthemes.redaction.render import printed, render, token_of, tokens_pattern
from sendthemes.redaction.spans import Redacted, Span, resolve
from sendthemes.redaction.spread import ELSEWHERE, DataSet, Spread, numbered, person
from sendthemes.survey.answers import Answers

Detector = Callable[[str], Iterable[Span]]


class Redactor:
    """Hides people, authorities, schools and identifiers in answers, and leaves the field's own words.

    Detectors find spans, the higher authority wins where two overlap, codes are given over the whole data
    set, and the result is searched again until nothing more is found. A redactor remembers nothing between
    calls but what its key holds. No output is anonymous by itself: read ``residual_risks``.

    Args:
        key: Codes of authorities, kept by the caller; None makes codes for this redactor alone, which
            differ in the next run.
        known: The survey whose identifier columns (name, email, la, school) are always hidden.
        names: More people to hide.
        authorities: More authorities of the survey, by name or GSS code.
        schools: More schools to hide.
        protect: More words and phrases that no list and no model may hide.
        unprotect: Words and phrases that are protected by default and shall not be.
        codebook: Its entries are protected too.
        model: Whether the spaCy model looks for people where lists and context found none.
        detectors: More detectors: each takes a text and gives spans with offsets in it.
        numbered: Whether people are told apart within one call: ``[Name 3]`` is one person.
        style: How an authority is printed; ``{code}`` is its code ("LA {code}"), ``{n}`` the code's number
            ("Local Authority {n}": A is 1).

    Raises:
        RedactionError: ``style`` lacks ``{code}`` and ``{n}``, or has both, or a list is one text.
    """

    def __init__(
        self,
        *,
        key: PseudonymKey | None = None,
        known: Answers | None = None,
        names: Iterable[str] = (),
        authorities: Iterable[str] = (),
        schools: Iterable[str] = (),
        protect: Iterable[str] = (),
        unprotect: Iterable[str] = (),
        codebook: Codebook | None = None,
        model: bool = True,
        detectors: Iterable[Detector] = (),
        numbered: bool = False,
        style: str = "LA {code}",
    ) -> None:
        if style.count("{code}") + style.count("{n}") != 1:
            raise RedactionError(
                Problem(
                    f"style={style!r} does not say where the code goes.",
                    remedy="Write it with {code}, 'LA {code}', or with its number, 'Local Authority {n}'.",
                )
            )
        lists = {"names": names, "authorities": authorities, "schools": schools}
        for option, given in (lists | {"protect": protect, "unprotect": unprotect}).items():
            if isinstance(given, str):  # else its letters would be hidden, and the name would not
                problem = f"{option}= takes a list of texts."
                raise RedactionError(Problem(problem, remedy=f"Write {option}=[…]."))
        self.key: PseudonymKey = PseudonymKey() if key is None else key
        self.known: KnownValues = known_values(known, names=names, schools=schools, authorities=authorities)
        self.style = style
        self._respondents = None if known is None else frozenset(known.respondents)
        self._protect = (*protect, *_phrases(codebook))
        self._unprotect = tuple(unprotect)
        self._model = model
        self._detectors = tuple(detectors)
        self._numbered = numbered
        self._tokens = tokens_pattern(style)

    def redact(self, text: str, respondent: str | None = None) -> Redacted:
        """Redact one text by itself.

        Args:
            text: Any text; an empty one comes back as it is.
            respondent: Whose it is: resolves initials that fit several authorities.

        Returns:
            The text to show, and what was hidden, with offsets in ``text``.

        Raises:
            RedactionError: There is no such respondent, or a detector gave a wrong span.
        """
        return self.redact_all([text], [respondent])[0]

    def redact_all(
        self, texts: Iterable[str], respondents: Iterable[str | None] | None = None, *, progress: bool = False
    ) -> list[Redacted]:
        """Redact the texts of one data set: a person or school hidden once is hidden in all.

        Args:
            texts: The texts.
            respondents: Whose each is; None where that is not known.
            progress: Whether to show a progress bar on standard error.

        Returns:
            One result a text, in order.

        Raises:
            RedactionError: There is no such respondent, the lengths differ, what is given is no text, or a
                detector gave a wrong span.
        """
        if isinstance(texts, str):
            problem = "This is one text, not several."
            raise RedactionError(Problem(problem, remedy="Give a list, or use redact()."))
        return list(
            self.redact_stream(
                list(texts), None if respondents is None else list(respondents), progress=progress
            )
        )

    def redact_stream(
        self,
        texts: Collection[str],
        respondents: Collection[str | None] | None = None,
        *,
        progress: bool = False,
    ) -> Iterator[Redacted]:
        """Redact more texts than should be held in memory, with the results of ``redact_all``.

        The texts are gone through several times, usually thrice: what any of them gives away must be known
        before the first is given back. Kept meanwhile is what was found and where, not the texts.

        Args:
            texts: The texts: a list, ``answers.texts``, or any collection that can be gone through again.
            respondents: Whose each is; None where that is not known.
            progress: Whether to show a progress bar on standard error.

        Returns:
            One result a text, in order.

        Raises:
            RedactionError: As ``redact_all``.
        """
        once: object = iter(texts)
        if once is texts:
            problem = f"A {type(texts).__name__} can be gone through only once."
            raise RedactionError(Problem(problem, remedy="Give a list, or use redact_all()."))
        self._check(texts, respondents)
        return self._redacted(texts, respondents, progress)

    def _check(self, texts: Collection[object], whose: Collection[str | None] | None) -> None:
        for at, text in enumerate(texts):
            if not isinstance(text, str):
                problem = f"The text at {at} (from 0) is a {type(text).__name__}."
                raise RedactionError(Problem(problem, remedy="Give '' for a blank answer, or leave it out."))
        if whose is not None and len(texts) != len(whose):
            raise RedactionError(
                f"There are {len(texts)} texts but {len(whose)} respondents; give one a text."
            )
        if self._respondents is not None and whose is not None:
            unknown = sorted({name for name in whose if name is not None} - self._respondents)
            if unknown:
                problem = f"There is no respondent {unknown[0]!r} in the survey."
                raise RedactionError(Problem(problem, remedy=nearest(unknown[0], self._respondents)))

    def _redacted(
        self, texts: Collection[str], whose: Collection[str | None] | None, progress: bool
    ) -> Iterator[Redacted]:
        """Find what the texts give away, give it codes and numbers, and replace it."""
        from tqdm import tqdm

        def rows() -> Iterable[tuple[str, str | None]]:
            pairs = zip(texts, repeat(None) if whose is None else whose, strict=False)
            return tqdm(pairs, total=len(texts), unit=" answers", disable=not progress, leave=False)

        data = DataSet(rows, self._rules, self._guesses, partial(self._token, codes={}))
        codes = self._codes(data.authorities)
        people: dict[str, int] = {}
        if self._numbered:
            named = ((text, span) for text, found in data.found() for span in found if span.label == "name")
            people = numbered(dict.fromkeys(person(*each) for each in named))
        for text, found in data.found():
            spans = [
                replace(
                    span,
                    replacement=f"[Name {people[person(text, span)]}]"
                    if people and span.label == "name"
                    else self._token(span, codes),
                )
                for span in found
            ]
            yield Redacted(render(text, spans).text, tuple(spans))

    def _codes(self, found: Collection[str]) -> dict[str, str]:
        """Give the codes of the authorities found, and of the survey's own with them."""
        names = authority_names() | self.known.authorities
        wanted = [*found, *self.known.authorities] if found else ()
        return self.key.codes({each: names.get(each, each) for each in wanted})

    def _token(self, span: Span, codes: Mapping[str, str]) -> str:
        """Give what stands for a finding; while codes are not given every authority is "LA A"."""
        if span.label not in ("la", "place") or not span.value:
            return token_of(span)
        shown = printed(self.style, codes.get(span.value, "A"))
        return f"{shown} district council" if span.rule == "district council" else shown

    def _rules(self, text: str, respondent: str | None, spread: Spread) -> Sequence[Span]:
        """What all but the model find in a normalised text."""
        read = recased(text)
        spans = [
            *self.known.spans(text),
            *find_identifiers(text),
            *self.places(read, respondent),
            *find_organisations(read, kept=protect.is_protected),
        ]
        shown = [match.span() for match in self._tokens.finditer(text)]
        spans += [
            span
            for span in people.find_people(text)  # the letter of "LA B" is nobody's initial
            if span.rule != "initials + surname"
            or not any(span.start < end and start < span.end for start, end in shown)
        ]
        for start, end, found in spread.find(text):
            values = {each.value for each in found}
            value = values.pop() if len(values) == 1 else ""
            spans.append(Span(start, end, found[0].label, ELSEWHERE, "people", 0.9, value))
        for detector in self._detectors:
            spans += _checked(detector(text), text)
        return self._chosen(spans, read)

    def _guesses(self, texts: Sequence[str]) -> Sequence[Sequence[Span]]:
        """What the model takes for people in normalised texts, and what their capitals show."""
        found = people.model_people(texts) if self._model else repeat([], len(texts))
        return [self._guessed(text, guesses) for text, guesses in zip(texts, found, strict=False)]

    def _guessed(self, text: str, guesses: Sequence[Span]) -> Sequence[Span]:
        if not guesses and not may_name(text):
            return ()
        read = recased(text)
        kept = list(self.kept(read))
        return resolve([*kept, *guesses, *find_capitals(text, kept)], read)

    def _chosen(self, spans: Sequence[Span], text: str) -> tuple[Span, ...]:
        """Resolve overlaps, with each other and with what must stay."""
        return resolve([*self.kept(text), *spans], text) if spans else ()

    def kept(self, text: str) -> Iterator[Span]:
        """Find what stays in a normalised text: tokens of an earlier redaction, and protected vocabulary."""
        yield from protect.protected_spans(text, extra=self._protect, without=self._unprotect)
        for match in self._tokens.finditer(text):
            yield Span(match.start(), match.end(), "protected", "replacement token", "known")

    def places(self, text: str, respondent: str | None = None) -> list[Span]:
        """Find authorities and places in a normalised text.

        Args:
            text: The text.
            respondent: Whose text it is: initials mean the respondent's own authority first.

        Returns:
            Spans; ``value`` is the authority meant, where known.
        """
        found = find_authorities(text, ordinary=_ordinary, more=self.known.authority_forms)
        own = self.known.own.get(respondent or "", ())
        named = [span.value for span in found if span.value and not {"|", ">"} & set(span.value)]
        ours = [set(self.known.authorities), set(own), set(named)]
        return [self._resolved(span, ours) for span in found]

    def _resolved(self, span: Span, ours: Iterable[set[str]]) -> Span:
        """Decide which authority is meant: the survey's, the respondent's, one beside it, else unknown."""
        usual, _, towns = span.value.partition(">")
        meant = set(usual.split("|")) - {""}
        also = meant | (set(towns.split("|")) - {""})
        for known in ours if len(also) > 1 else ():
            if len(also & known) == 1:
                meant = also = also & known
        value = meant.pop() if len(meant) == 1 else ""
        known_one = value in self.known.authorities and span.label == "la"
        return replace(span, value=value, authority="known" if known_one else span.authority)


@lru_cache(maxsize=65_536)
def _ordinary(word: str) -> bool:
    known = listed_names()
    return (
        word in known.given
        or word in known.surnames
        or protect.is_ordinary_word(word)
        or protect.is_protected(word)
    )


def _checked(spans: Iterable[Span], text: str) -> Iterator[Span]:
    for span in spans:
        if span.end > len(text):
            message = f"A detector gave the span {span.start}-{span.end} in a text of {len(text)} characters."
            raise RedactionError(
                Problem(message, remedy="Offsets are of the text that the detector was given.")
            )
        yield span


def _phrases(codebook: Codebook | None) -> Iterator[str]:
    """Give the wordings of a codebook's entries, wildcards and compositions left out."""
    if codebook is None:
        return
    for theme, _ in codebook.walk():
        for entry in theme.entries:
            wording = entry.word or entry.form or entry.exact
            if wording and "*" not in wording and "?" not in wording:
                yield wording
