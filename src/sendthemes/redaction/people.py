"""People: found by what a sentence says of them first, by name lists second, by the model last.

Each finding names its rule. Roles and titles stay readable ("Mrs [Name]", "our SENCO [Name]"): they carry the
sense of the answer and are nobody's name.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import chain, pairwise

from sendthemes.redaction.cues import DOTTED, LEFT, LETTERED, strongest
from sendthemes.redaction.evidence import LISTED, PARTICLES, Evidence, Scene
from sendthemes.redaction.gazetteer import forms
from sendthemes.redaction.lexicon import (
    TITLE,
    WORD,
    given_band,
    is_dictionary_word,
    names,
    word_class,
)
from sendthemes.redaction.phrases import fold
from sendthemes.redaction.protect import is_ordinary_word, is_protected, protected_spans
from sendthemes.redaction.recase import recased
from sendthemes.redaction.spans import Span

_MODEL_BATCH = 256
# Titles that are words of other use too.
_WORD_TITLES = frozenset({"Miss", "Sir", "Lord", "Lady", "Fr", "Judge", "Canon", "Nanny", "Sister", "Pastor"})
_CONJUNCTION = re.compile(r"\s*(?:,|/|&|\+|,?\s+and|\s+or|\s+with|,\s*&)\s+|\s*[/&+,]\s*", re.IGNORECASE)
_INITIALS = re.compile(r"(?<![\w.'-])((?:[A-Z]\.\s?|[A-Z]\s){1,3})(" + WORD.pattern + r")")
_LETTERS = re.compile(r"(?<![\w.'-])(?:[A-Z]\.){2,3}(?![\w@])")
_NICK = frozenset({"big", "little", "wee", "old", "young", "auld"})  # "Big Dave"
_SIGN_OFF = re.compile(
    r"(?:regards|wishes|thanks|thank you|cheers|sincerely|faithfully|yours|love from"
    r"|(?:signed|submitted|completed|filled in|written)(?: by)?)\b[,.!:]?\s*(?:[-–—]\s*)?"
    r"(?P<name>[A-Z][\w'.-]*(?: [A-Z][\w'.-]*){0,2})\s*[.x]*\s*(?=\n|$)"
    r"|(?:\n|[.!?]\s+)[-–—~]\s?(?P<dash>[A-Z][\w'.-]*(?: [A-Z][\w'.-]*){0,2})\s*$",
    re.IGNORECASE,
)
_LAST = re.compile(r"[.!?\]]\s+([A-Z][^\W\d_]+)\.?\s*$")  # "… do ring me. Dipesh"
_SIGNED = ("regards", "wishes", "thank", "cheers", "sincerely", "faithfully", "yours", "love from", "signed")
_SIGNED = (*_SIGNED, "submitted", "completed", "filled in", "written", *"-–—~")  # without these none is there
_SURNAME_FIRST = re.compile(
    r"(?:^|(?<=[\n(:;•]))[ ]*(?:[-*][ ])?("
    + WORD.pattern
    + r"), ("
    + WORD.pattern
    + r")(?=\s*(?:[\n(;.,:-]|$))"
)


def find_people(text: str) -> list[Span]:
    """Find people in a normalised text by context and name lists, not the model: in order and apart."""
    scene = _scene(text)
    hidden = bytearray(len(text))
    found: list[Span] = []
    for span in chain(
        _titled(scene),
        _surname_first(scene),
        _with_initials(scene),
        _lettered(scene),
        _signed(scene),
        _by_evidence(scene),
    ):
        if not any(hidden[span.start : span.end]):
            hidden[span.start : span.end] = b"\1" * (span.end - span.start)
            found.append(span)
    return sorted(found, key=lambda span: span.start)


def name_parts(value: str) -> tuple[str, ...]:
    """Give the words of a person's name that give the person away alone, given name first.

    Titles, initials, particles, remarks in brackets, ordinary and protected words are left out: "Dr
    Anne-Marie van der Berg (EP)" gives ``("Anne-Marie", "Berg")``, and "Hope Young" nothing.
    """
    plain = TITLE.sub(" ", re.sub(r"\(.*?\)|\[.*?\]", " ", value.replace("\u2019", "'")))
    surname, comma, given = plain.partition(",")
    words = WORD.findall(f"{given} {surname}" if comma else plain)
    return tuple(
        word
        for word in dict.fromkeys(words)
        if len(word) > 1
        and word.casefold() not in PARTICLES
        and not is_ordinary_word(word)
        and not is_protected(word)
    )


def in_name_context(text: str, start: int, end: int) -> bool:
    """Tell whether a normalised text treats a word as a name: "Will said", not "Will training"."""
    if any(span.start < end and start < span.end for span in find_people(text)):
        return True
    return Scene(text).evidence_from(start, known=True).enough


def _scene(text: str) -> Scene:
    """Cut a text into words; without capitals the protected words are those that it is read with."""
    return Scene(text, [(span.start, span.end) for span in protected_spans(recased(text))])


def _span(scene: Scene, first: int, last: int, rule: str, confidence: float) -> Span:
    while first and scene.tokens[first - 1].key in PARTICLES and scene.adjacent(first - 1):
        first -= 1  # "van der Meer"
    if first and scene.tokens[first - 1].key in _NICK and scene.adjacent(first - 1):
        first -= scene.tokens[first - 1].shape == "title" and not scene.tokens[first - 1].opening
    start, end = scene.tokens[first].start, scene.tokens[last].end
    value = " ".join(token.key for token in scene.tokens[first : last + 1])
    return Span(start, end, "name", rule, "people", confidence, value)


def _titled(scene: Scene) -> Iterator[Span]:
    """Title + name: "Mrs Okonkwo-Blythe", "dr patel", "Mr K"."""
    for title in TITLE.finditer(scene.text):
        at = scene.starts.get(title.end())
        if at is None or at in scene.protected:
            continue
        token = scene.tokens[at]
        if token.text in {"I", "A"} and scene.text[token.end : token.end + 2].strip().islower():
            continue
        if token.shape == "lower":
            listed = token.key in names().surnames or given_band(token.key) is not None
            miss = title.group() == "miss "
            spelt = title.group()[0].islower() and not miss
            word = is_dictionary_word(token.key) and word_class(token.key) != "first"
            if token.key in {"will", "may", "said", "can"} or (
                word and (miss or token.key not in names().surnames)
            ):
                continue
            if not (listed or spelt):
                continue
        elif title.group().strip().capitalize() in _WORD_TITLES:
            listed = given_band(token.key) is not None or token.key in names().surnames
            if not listed and len(token.text) > 1 and is_dictionary_word(token.key):
                continue
        yield _span(scene, at, scene.extend(at), "title + name", 0.99)


def _surname_first(scene: Scene) -> Iterator[Span]:
    """Surname first, as in a list of people: Smith, John."""
    lists = names()
    for found in _SURNAME_FIRST.finditer(scene.text):
        surname, given = scene.starts.get(found.start(1)), scene.starts.get(found.start(2))
        if surname is None or given is None or {surname, given} & scene.protected:
            continue
        first, last = scene.tokens[given], scene.tokens[surname]
        if (
            "lower" in {first.shape, last.shape}
            or last.key not in lists.surnames
            or lists.given.get(last.key) == "common"
        ):
            continue
        if given_band(first.key) and word_class(last.key) != "hardly":
            yield _span(scene, surname, given, "surname, first name", 0.9)


def _with_initials(scene: Scene) -> Iterator[Span]:
    """Initials + surname: "J. Smith", "T K Adeyemi", "signed by P. Stanhope"."""
    for found in _INITIALS.finditer(scene.text):
        first, at = scene.starts.get(found.start(1)), scene.starts.get(found.start(2))
        if first is None or at is None or {first, at} & scene.protected or scene.tokens[at].shape != "title":
            continue
        key, initials = scene.tokens[at].key, found.group(1).strip()
        surname, cls = key in names().surnames, word_class(key)
        if initials in {"I", "A"} or (first and scene.tokens[first - 1].key in LETTERED):
            continue
        unlisted = cls is None or (bool(forms().of(key)) and cls != "hardly")
        written = scene.text[max(0, found.start() - 60) : found.start()]
        if (
            (surname and cls not in {"hardly", "often"})
            or ("." in initials and (unlisted or (surname and cls == "often")))
            or (len(key) > 3 and unlisted and not is_dictionary_word(key) and not scene.tokens[first].opening)
            or (cls != "hardly" and strongest(LEFT, written, ends=True)[0] > 2)
        ):
            yield _span(scene, first, scene.extend(at), "initials + surname", 0.9)


def _lettered(scene: Scene) -> Iterator[Span]:
    """Somebody in dotted initials: "stop sending D.W.", not "T.A. hours" or "in the U.K."."""
    for found in _LETTERS.finditer(scene.text):
        first, letters = scene.starts.get(found.start()), found.group().replace(".", "")
        if first is None or is_protected(letters) or letters.casefold() in DOTTED:
            continue
        yield Span(found.start(), found.end(), "name", "initials", "people", 0.7, letters.casefold())


def _signed(scene: Scene) -> Iterator[Span]:
    """The name under an answer: "Kind regards, Xiu", "- Bev", "Thanks, JT"."""
    last = _LAST.search(scene.text, max(0, len(scene.text) - 40))
    if last and word_class(fold(last[1])) is None and given_band(fold(last[1])):
        yield Span(*last.span(1), "name", "sign-off", "people", 0.8, fold(last[1]))
    folded = scene.text.lower()
    for found in _SIGN_OFF.finditer(scene.text) if any(map(folded.__contains__, _SIGNED)) else ():
        group = "name" if found.group("name") else "dash"
        at = scene.starts.get(found.start(group))
        if at is None or at in scene.protected:
            continue
        token = scene.tokens[at]
        initials = token.text.isupper() and len(token.text) <= 3
        listed = given_band(token.key) is not None
        if token.shape == "lower" and not (listed and word_class(token.key) not in {"hardly", "often"}):
            continue
        ordinary = word_class(token.key) in {"hardly", "often"} and not listed
        if initials or (not ordinary and (listed or not is_dictionary_word(token.key))):
            yield _span(scene, at, scene.extend(at), "sign-off", 0.9)


def _by_evidence(scene: Scene) -> Iterator[Span]:
    """Names that enough evidence speaks for, and their neighbours in a list ("Bev, Kev and Hope")."""
    taken: dict[int, tuple[int, Evidence]] = {}  # first word to last word and evidence
    ends = -1
    weighed = {at: scene.evidence(at) for at in scene.candidates}
    for at in scene.candidates:
        if at > ends and weighed[at].enough:
            ends = scene.extend(at)
            taken[at] = (ends, weighed[at])
    pairs = [(a, b) for a, b in pairwise(scene.candidates) if _joined(scene, a, b)]
    for _ in range(2):
        for left, right in (*pairs, *reversed(pairs)):
            for new, old in ((left, right), (right, left)):
                if old in taken and new not in taken and weighed[new].points + 3 >= LISTED:
                    taken[new] = (
                        scene.extend(new),
                        Evidence(weighed[new].points + 3, "list of names", weighed[new].needed),
                    )
    for first, (last, evidence) in sorted(taken.items()):
        yield _span(scene, first, last, evidence.rule, evidence.confidence)


def _joined(scene: Scene, left: int, right: int) -> bool:
    """Whether two candidates stand in one list: nothing but "and", a comma or a slash between."""
    last = scene.extend(left)
    return last < right and bool(
        _CONJUNCTION.fullmatch(scene.text, scene.tokens[last].end, scene.tokens[right].start)
    )


def model_people(texts: Sequence[str]) -> list[list[Span]]:
    """Find people in normalised texts with the spaCy model; its places and organisations are not used.

    Texts without a capitalised word that could be a name never reach it. What it calls a person is dropped
    where the words are protected vocabulary, ordinary words or an acronym.
    """
    result: list[list[Span]] = [[] for _ in texts]
    needed = {at: read for at, text in enumerate(texts) if _worth_asking(read := recased(text))}
    if not needed:
        return result
    from sendthemes.language.model import load_pipeline

    nlp = load_pipeline(("tok2vec", "ner"))
    for at, doc in zip(needed, nlp.pipe(needed.values(), batch_size=_MODEL_BATCH), strict=True):
        found = [entity for entity in doc.ents if entity.label_ == "PERSON"]
        if found:
            scene = _scene(texts[at])
            result[at] = [
                span for each in found for span in _from_model(scene, each.start_char, each.end_char)
            ]
    return result


def _worth_asking(text: str) -> bool:
    """Whether a capitalised word stands in a text that is in no dictionary, or a name in the lists."""
    return any(
        found.group()[0].isupper()
        and len(found.group()) > 1
        and word_class(fold(found.group())) not in {"hardly", "often"}
        for found in WORD.finditer(text)
    )


def _from_model(scene: Scene, start: int, end: int) -> Iterator[Span]:
    inside = [at for at, token in enumerate(scene.tokens) if start <= token.start and token.end <= end]
    lists = names()
    while inside and _is_edge(scene, inside[0]):
        inside.pop(0)
    while inside and _is_edge(scene, inside[-1]):
        inside.pop()
    if not inside or set(inside) & scene.protected or is_protected(scene.text[start:end]):
        return
    tokens = [scene.tokens[at] for at in inside]
    plain = [
        token
        for token in tokens
        if word_class(token.key) not in {"hardly", "often"} and token.shape == "title"
    ]
    listed = [token for token in plain if token.key in lists.given or token.key in lists.surnames]
    unknown = [token for token in plain if not token.opening and not is_dictionary_word(token.key)]
    if any(character.isdigit() for character in scene.text[start:end]):
        return
    verb = not given_band(tokens[0].key) and is_dictionary_word(tokens[0].key, ("verb",))
    mild = len(tokens) == 1 and tokens[0].opening and (verb or word_class(tokens[0].key) == "capital")
    if mild or not scene.said_as_name(inside[0]) or not (listed or (unknown and not scene.guessed)):
        return
    confidence = 0.8 if listed else 0.5
    value = " ".join(token.key for token in tokens)
    yield Span(tokens[0].start, tokens[-1].end, "name", "model", "model", confidence, value)


def _is_edge(scene: Scene, at: int) -> bool:
    """Whether a word at the end of what the model found is no part of the name: a title, a verb, a role."""
    token = scene.tokens[at]
    if at in scene.protected or token.shape == "lower" or TITLE.fullmatch(f"{token.text} "):
        return True
    given = given_band(token.key) is not None and word_class(token.key) != "hardly"
    return not given and word_class(token.key) in {"hardly", "often"}
