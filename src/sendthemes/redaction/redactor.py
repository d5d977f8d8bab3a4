"""The redactor: finds what gives people and places away, and puts tokens in its place."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from itertools import chain

from sendthemes.codebook.model import Codebook
from sendthemes.errors import Problem, RedactionError, nearest
from sendthemes.redaction import people, protect
from sendthemes.redaction.authorities import find_authorities
from sendthemes.redaction.gazetteer import authority_names
from sendthemes.redaction.identifiers import find_identifiers
from sendthemes.redaction.known import Known, KnownValues, known_values, name_forms, school_forms
from sendthemes.redaction.lexicon import names as listed_names
from sendthemes.redaction.lexicon import word_class
from sendthemes.redaction.organisations import find_organisations
from sendthemes.redaction.phrases import PhraseIndex, words_of
from sendthemes.redaction.pseudonyms import PseudonymKey
from sendthemes.redaction.recase import recased
from sendthemes.redaction.render import Rendering, merged, printed, render, token_of, tokens_pattern
from sendthemes.redaction.spans import Redacted, Span, resolve
from sendthemes.survey.answers import Answers
from sendthemes.text import Normalised, normalise

Detector = Callable[[str], Iterable[Span]]
_SPREAD = 0.6  # a person found with less confidence is hidden where found, not everywhere


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
        self,
        texts: Iterable[str],
        respondents: Iterable[str | None] | None = None,
        *,
        progress: bool = False,
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
        originals = list(texts)
        whose = [None] * len(originals) if respondents is None else list(respondents)
        self._check(originals, whose)
        work = [
            _Work(text, respondent, Rendering(text, [0], [0]))
            for text, respondent in zip(originals, whose, strict=True)
        ]
        self._hide(work, progress)
        return [Redacted(each.rendering.text, tuple(each.spans)) for each in work]

    def _check(self, texts: Sequence[object], whose: Sequence[str | None]) -> None:
        for at, text in enumerate(texts):
            if not isinstance(text, str):
                problem = f"The text at {at} (from 0) is a {type(text).__name__}."
                raise RedactionError(Problem(problem, remedy="Give '' for a blank answer, or leave it out."))
        if len(texts) != len(whose):
            raise RedactionError(
                f"There are {len(texts)} texts but {len(whose)} respondents; give one a text."
            )
        if self._respondents is not None:
            unknown = sorted({name for name in whose if name is not None} - self._respondents)
            if unknown:
                problem = f"There is no respondent {unknown[0]!r} in the survey."
                raise RedactionError(Problem(problem, remedy=nearest(unknown[0], self._respondents)))

    def _hide(self, work: Sequence[_Work], progress: bool) -> None:
        """Search, replace and search the result again, until rules, spread and model find nothing more."""
        from tqdm import tqdm

        shown = partial(tqdm, unit=" answers", disable=not progress, leave=False)
        spread: dict[str, list[tuple[str, Known]]] = {}
        index: PhraseIndex[Known] = PhraseIndex(())
        searching, for_model = list(work), list(work)
        while searching or for_model:
            if searching:
                found = [(each, self._rules(each, index)) for each in shown(searching, desc="Rules")]
            else:
                guesses = shown(self._guesses(for_model), desc="Model", total=len(for_model))
                found = list(zip(for_model, guesses, strict=True))
                for_model = []
            changed = [(each, spans) for each, spans in found if spans]
            self._add(changed, work)
            for_model = list(dict.fromkeys(chain(for_model, (each for each, _ in changed))))
            searching = [each for each, _ in changed]
            new = [
                found
                for each, spans in changed
                for span in spans
                for found in spread_forms(each.text, span, spread)
            ]
            if new:
                spread |= dict(new)
                index = PhraseIndex(phrase for forms in spread.values() for phrase in forms)
                again = set(searching)
                searching += [each for each in work if each not in again and each.holds(index)]

    def _rules(self, work: _Work, spread: PhraseIndex[Known]) -> list[Span]:
        """What all but the model find in a text as it stands now; offsets in the original."""
        text = normalise(work.rendering.text)
        spans = list(self.known.spans(text.text))
        read = recased(text.text)
        spans += find_identifiers(text.text)
        spans += self.places(read, work.respondent)
        spans += find_organisations(read, kept=protect.is_protected)
        shown = [match.span() for match in self._tokens.finditer(text.text)]
        spans += [
            span
            for span in people.find_people(text.text)  # the letter of "LA B" is nobody's initial
            if span.rule != "initials + surname"
            or not any(span.start < end and start < span.end for start, end in shown)
        ]
        spans += [
            Span(start, end, known[0].label, "found elsewhere", "people", 0.9, known[0].value)
            for start, end, known in spread.find(text.text)
            if known[0].sure
        ]
        for detector in self._detectors:
            spans += _checked(detector(text.text), text.text)
        return work.originals(self._chosen(spans, read), text)

    def _chosen(self, spans: Sequence[Span], text: str) -> tuple[Span, ...]:
        """Resolve overlaps, with each other and with what must stay."""
        if not spans:
            return ()
        return resolve([*self.kept(text), *spans], text)

    def _guesses(self, work: Sequence[_Work]) -> Iterator[list[Span]]:
        """What the model takes for people in texts that the rules are done with."""
        if not self._model:
            yield from ([] for _ in work)
            return
        texts = [normalise(each.rendering.text) for each in work]
        for each, text, guesses in zip(
            work, texts, people.model_people([text.text for text in texts]), strict=True
        ):
            yield each.originals(self._chosen(guesses, recased(text.text)), text)

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
        return [self._resolved(span, respondent) for span in found]

    def _resolved(self, span: Span, respondent: str | None) -> Span:
        """Decide which authority is meant: the survey's own, then the respondent's own, else unknown."""
        usual, _, towns = span.value.partition(">")
        meant = set(usual.split("|")) - {""}
        also = meant | (set(towns.split("|")) - {""})
        if len(also) > 1:
            for ours in (set(self.known.authorities), set(self.known.own.get(respondent or "", ()))):
                if len(also & ours) == 1:
                    meant = also = also & ours
        value = meant.pop() if len(meant) == 1 else ""
        if value in self.known.authorities and span.label == "la":
            return replace(span, value=value, authority="known")
        return replace(span, value=value)

    def _add(self, changed: Iterable[tuple[_Work, list[Span]]], work: Sequence[_Work]) -> None:
        """Give new findings their replacements and show the texts anew."""
        changed = list(changed)
        for each, spans in changed:
            each.spans = merged(each.text, [*each.spans, *spans])
        names = authority_names() | self.known.authorities
        wanted = {
            span.value
            for each, _ in changed
            for span in each.spans
            if span.value and span.label in ("la", "place")
        }
        codes = (
            self.key.codes({value: names[value] for value in [*wanted, *self.known.authorities]})
            if wanted
            else {}
        )
        numbers = _numbers(work) if self._numbered else {}
        for each in work if self._numbered else [each for each, _ in changed]:
            each.spans = [
                replace(span, replacement=self._replacement(each.text, span, codes, numbers))
                for span in each.spans
            ]
            each.rendering = render(each.text, each.spans)

    def _replacement(self, text: str, span: Span, codes: dict[str, str], numbers: dict[str, int]) -> str:
        if span.label in ("la", "place") and span.value:
            shown = printed(self.style, codes[span.value]) if span.value in codes else span.replacement
            return (
                f"{shown} district council"
                if span.rule == "district council" and span.value in codes
                else shown
            )
        if span.label == "name" and numbers:
            return f"[Name {numbers[_person(text, span)]}]"
        return token_of(span)


@dataclass
class _Work:
    """A text on its way: what was found so far, and how it reads now."""

    text: str
    respondent: str | None
    rendering: Rendering
    spans: list[Span] = field(default_factory=list)

    def __hash__(self) -> int:
        return id(self)

    def __eq__(self, other: object) -> bool:
        return self is other

    def holds(self, index: PhraseIndex[Known]) -> bool:
        """Say whether any of these phrases stands in the text as it reads now."""
        text = normalise(self.rendering.text).text
        return any(known[0].sure for _, _, known in index.find(text))

    def originals(self, spans: Iterable[Span], text: Normalised) -> list[Span]:
        """Bring spans of the normalised present text to offsets of the original."""
        placed = []
        for span in spans:
            start, end = self.rendering.back(*text.span(span.start, span.end))
            placed.append(replace(span, start=start, end=end))
        return placed


def _ordinary(word: str) -> bool:
    known = listed_names()
    return (
        word in known.given
        or word in known.surnames
        or protect.is_ordinary_word(word)
        or protect.is_protected(word)
    )


def spread_forms(
    text: str, span: Span, spread: Mapping[str, object]
) -> Iterator[tuple[str, list[tuple[str, Known]]]]:
    """Give the forms in which a person or school that was found is hidden elsewhere, unless that is done."""
    if span.authority == "known" or span.rule == "found elsewhere" or span.label not in ("name", "school"):
        return
    written = normalise(text[span.start : span.end]).text
    value = " ".join(words_of(written))
    if not value or value in spread:
        return
    if span.label == "school":
        yield value, list(school_forms(written))
    elif span.confidence >= _SPREAD:
        yield (
            value,
            [
                form
                for form in name_forms(written)
                if " " in form[0] or not (span.authority == "model" or word_class(form[0].casefold()))
            ],
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


def _person(text: str, span: Span) -> str:
    return span.value or " ".join(words_of(normalise(text[span.start : span.end]).text)) or "?"


def _numbers(work: Iterable[_Work]) -> dict[str, int]:
    """Number the people in the order of the texts; a part of one full name is that person."""
    people_found = dict.fromkeys(
        _person(each.text, span) for each in work for span in each.spans if span.label == "name"
    )
    numbers: dict[str, int] = {}
    for person in people_found:
        whole = [
            other for other in people_found if other != person and set(person.split()) < set(other.split())
        ]
        numbers[person] = numbers.get(whole[0] if len(whole) == 1 else person, len(set(numbers.values())) + 1)
        if len(whole) == 1:
            numbers.setdefault(whole[0], numbers[person])
    return numbers
