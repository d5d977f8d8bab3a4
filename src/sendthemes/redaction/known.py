"""What is known before any text is read: the survey's people, schools and authorities, the caller's lists."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from sendthemes.redaction import people, protect
from sendthemes.redaction.gazetteer import Form, authority_names, bare_name, find_authority, forms, nicknames
from sendthemes.redaction.lexicon import TITLE, is_dictionary_word
from sendthemes.redaction.lexicon import names as listed_names
from sendthemes.redaction.phrases import PhraseIndex, Token, fold, tokenise, words_of
from sendthemes.redaction.spans import Label, Span
from sendthemes.survey.answers import Answers

_SCHOOL_KIND = re.compile(
    r"\s+(?:(?:c\s?of\s?e|ce|rc|catholic|church of england|infants?|juniors?|primary|secondary|high|"
    r"grammar|nursery|special|middle|first|community|academy|school|college|pre-?school|va|vc|girls'?|"
    r"boys'?|and|&|federation|the)\b\.?\s*)+$",
    re.IGNORECASE,
)
_SOLID = 5  # letters; a shorter name is not looked for taken apart
_INITIAL = 2  # letters; shorter parts of a name are initials and hidden only within the whole name


@dataclass(frozen=True, slots=True)
class Known:
    """One known value to look for: whose it is (folded), and whether it needs no context of a name."""

    label: Label
    value: str
    sure: bool


@dataclass(frozen=True)
class KnownValues:
    """All known values, ready to be searched for."""

    index: PhraseIndex[Known]  # names and schools in all their forms
    authority_forms: PhraseIndex[Form]  # those that the gazetteer does not have
    authorities: dict[str, str]  # id → name, of the survey's and the caller's
    own: dict[str, tuple[str, ...]]  # for each respondent id the ids of its own
    emails: tuple[str, ...]  # in lower case
    solid: Mapping[str, str]  # names as one word of letters ("obrien", "janesmith"), to whose they are

    def spans(self, text: str) -> Iterator[Span]:
        """Find the known names and schools in a normalised text."""
        for start, end, found in self.index.find(text):
            sure = [known for known in found if known.sure]
            if not sure and not people.in_name_context(text, start, end):
                continue
            values = sorted({known.value for known in sure or found})
            label = (sure or found)[0].label
            yield Span(
                start, end, label, f"known {label}", "known", 1.0, values[0] if len(values) == 1 else ""
            )
        if self.solid:
            yield from self._taken_apart(tokenise(text))

    def _taken_apart(self, tokens: Sequence[Token]) -> Iterator[Span]:
        """Find known names that are spaced out, broken over lines or run together: "S i o b h a n"."""
        longest = max(map(len, self.solid)) + 1
        for at, token in enumerate(tokens):
            joined, plain = "", True
            for last in range(at, len(tokens)):
                if last > at and tokens[last].start - tokens[last - 1].end > 3:
                    break
                joined += tokens[last].whole
                if len(joined) > longest:
                    break
                plain = plain and (
                    (is_dictionary_word(tokens[last].base) and len(tokens[last].base) > 1)
                    or tokens[last].base in {"a", "i"}
                )
                value = self.solid.get(joined) or self.solid.get(joined.removesuffix("s"))
                if value and not plain:
                    yield Span(token.start, tokens[last].end, "name", "known name", "known", 1.0, value)


def known_values(
    answers: Answers | None, *, names: Iterable[str], schools: Iterable[str], authorities: Iterable[str]
) -> KnownValues:
    """Gather what is known from a survey's identifier columns and the caller's lists.

    An e-mail address gives away its owner's name: "jane.smith@…" makes Jane Smith a known name.
    """
    columns = {} if answers is None else answers.identifiers
    every = {
        kind: sorted({value.strip() for row in columns.get(kind, ()) for value in row if value.strip()})
        for kind in ("name", "email", "school", "la")
    }
    phrases: list[tuple[str, Known]] = []
    for name in [*every["name"], *names, *filter(None, map(owner, every["email"]))]:
        phrases.extend(name_forms(name))
    for school in [*every["school"], *schools]:
        phrases.extend(school_forms(school))
    found: dict[str, str] = {}
    more: list[tuple[str, Form]] = []
    for name in [*every["la"], *authorities, *filter(None, map(_employer, every["email"]))]:
        ids, forms_of_it = _authority(name)
        found |= {each: authority_names().get(each, bare_name(name)) for each in ids}
        more.extend(forms_of_it)
    own = {}
    if answers is not None and "la" in columns:
        own = {
            respondent: tuple(each for value in row for each in _authority(value)[0])
            for respondent, row in zip(answers.respondents, columns["la"], strict=True)
        }
    emails = tuple(sorted({email.lower() for email in every["email"] if "@" in email}))
    solid = {
        "".join(words_of(phrase)): known.value
        for phrase, known in phrases
        if known.sure and known.label == "name" and len("".join(words_of(phrase))) >= _SOLID
    }
    return KnownValues(PhraseIndex(phrases), PhraseIndex(more), found, own, emails, solid)


def name_forms(name: str) -> Iterator[tuple[str, Known]]:
    """Give a person's name whole, turned round and in parts; parts that are also words need a context."""
    whole = " ".join(words_of(name))
    words = re.findall(r"[^\W\d_]+(?:['-][^\W\d_]+)*", TITLE.sub(" ", name))
    if not whole or not words or says_nothing(name):
        return
    if len(words) > 1:
        yield " ".join(words), Known("name", whole, True)
        yield " ".join([words[-1], *words[:-1]]), Known("name", whole, True)
        if len(words) > 2:
            yield f"{words[0]} {words[-1]}", Known("name", whole, True)
    alone = {fold(part) for part in people.name_parts(name)}
    for word in words:
        if len(word) >= _INITIAL:
            sure = fold(word) in alone and not forms().of(word)
            yield word, Known("name", whole, sure)


def school_forms(school: str) -> Iterator[tuple[str, Known]]:
    """Give a school's name whole and without its kind, where what is left is no single ordinary word."""
    whole = " ".join(words_of(school))
    named = _SCHOOL_KIND.search(f"{school} ") is not None and not protect.is_protected(school)
    if not whole or (not named and says_nothing(school)):
        return
    yield school, Known("school", whole, True)
    stem = _SCHOOL_KIND.sub("", f"{school} ").strip(" ,")
    stem = re.sub(r"^(?i:the)\s+", "", stem)
    words = words_of(stem)
    plain = all(protect.is_ordinary_word(word) or forms().of(word) for word in words)
    telling = not plain or words[0] in ("st", "saint") or (len(words) > 1 and not protect.is_protected(stem))
    if words and stem != school and telling and len(stem) > 3:
        yield stem, Known("school", whole, True)
    for kind in ("school", "primary", "academy", "college"):
        if words and not protect.is_protected(f"{stem} {kind}"):
            yield f"{stem} {kind}", Known("school", whole, True)


_LINKING = frozenset({"of", "to", "the", "and", "not", "for", "in", "at", "or", "all", "no"})
_NOTHING = frozenset(
    {"na", "n a", "none", "nil", "other", "others", "unknown", "anonymous", "test", "various", "x"}
)


def says_nothing(value: str) -> bool:
    """Say whether an identifier's value names nobody: "N/A", "Prefer not to say", "Head of SEND"."""
    words = words_of(re.sub(r"^(?i:the)\s+", "", value))
    if not words or " ".join(words) in _NOTHING or protect.is_protected(value):
        return True
    plain = [
        word in _LINKING or protect.is_ordinary_word(word) or protect.is_protected(word) for word in words
    ]
    said = [word in _LINKING or protect.is_protected(word) for word in words]
    return all(plain) and any(said)


def owner(email: str) -> str:
    """Give the name in an e-mail address; empty where there is none ("send.team@…")."""
    local = email.split("@", maxsplit=1)[0]
    words = [fold(word) for word in re.split(r"[._+\d-]+", local) if word]
    if not words or not all(word.isalpha() for word in words):
        return ""
    if len(words) == 2 and words[0] in listed_names().given and not says_nothing(" ".join(words)):
        return " ".join(words)
    if any(protect.is_ordinary_word(word) or protect.is_protected(word) for word in words if len(word) > 1):
        return ""
    return " ".join(words) if len(words) > 1 or len(local) > 4 else ""


def _employer(email: str) -> str:
    """Give the authority in an e-mail address ("…@surrey.gov.uk"); empty where there is none."""
    domain = re.search(r"@(?:[\w-]+\.)*([\w-]+)\.gov\.(?:uk|wales|scot)$", email.casefold().strip())
    name = domain.group(1).replace("-", " ") if domain else ""
    return name if name and find_authority(name) else ""


def _authority(name: str) -> tuple[tuple[str, ...], list[tuple[str, Form]]]:
    """Give the ids of known authorities; for one that the gazetteer lacks a made-up id, and its forms."""
    if says_nothing(name) and not find_authority(name):
        return (), []
    found = find_authority(name)
    if found is not None:
        return (found,), nicknames(found)
    several = sorted({*filter(None, map(find_authority, re.split(r"\s*(?:[,;/&]|\band\b)\s*", name)))})
    if several:
        return tuple(several), [form for each in several for form in nicknames(each)]
    bare = bare_name(name)
    made = "own:" + " ".join(words_of(bare))
    plain = all(protect.is_ordinary_word(word) for word in words_of(bare))
    phrases = [(name, Form("any", made, "own")), (bare, Form("context" if plain else "any", made, "own"))]
    initials = "".join(word[0].upper() for word in words_of(name) if word not in _LINKING)
    if len(initials) > 2:
        phrases.append((initials, Form("exact", made, "own")))
    return (made,), phrases
