"""Does a sentence treat a word as a person? Evidence in points, each cue with its name.

A word starts with what the lists say of it (a given name nearly always, a word as often, hardly ever a name);
its case and the words beside it add or take away. Three points make a listed name a person, four an unlisted
word. The cues are tables, so that a reader can see, change and test each.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Literal, NamedTuple

from sendthemes.redaction.cues import (
    AFTER_THANKS,
    ARTICLE,
    DETERMINER,
    FINITE,
    HALLOWED,
    LEAVES,
    LEFT,
    NOT_A_PERSON,
    RIGHT,
    ROLE,
    SAID_OF_FIRMS_TOO,
    SAYS_AND_IS_NOBODY,
    SINCE,
    VERBS_BY_FORM,
    strongest,
)
from sendthemes.redaction.lexicon import (
    CALENDAR,
    WORD,
    given_band,
    is_dictionary_word,
    is_function_word,
    is_misspelling,
    names,
    word_class,
)
from sendthemes.redaction.phrases import fold
from sendthemes.redaction.recase import recased

PARTICLES = frozenset(
    {"van", "von", "der", "den", "de", "da", "dos", "di", "bin", "binti", "ibn", "al", "el", "ap", "ab", "o"}
    | {"ni", "nic", "mhic", "ui"}
)
_LINKED = frozenset({"mc", "mac", "st"})
_GAP = re.compile(r"[ ]{1,2}|[ ]?\.[ ]|-|[ ]?\n[ ]?")
_NO_NAME = re.compile("[A-Z]{2,}s|Cllrs?|Mrs|Drs?|Prof|Revd?")  # plural acronyms ("LAs"), titles
_ROLE_WORD = re.compile(ROLE, re.IGNORECASE)
LISTED, UNLISTED = 3, 4  # points that make a person
_Gain = tuple[int, str]
Shape = Literal["lower", "title", "upper"]


class Token(NamedTuple):
    """A word of a text: offsets, folded form, shape, and whether its capital is only a sentence's first."""

    start: int
    end: int
    text: str
    key: str
    shape: Shape
    opening: bool


@dataclass(frozen=True, slots=True)
class Evidence:
    """Points for being a person, and the cue that weighed most."""

    points: int
    rule: str
    needed: int

    @property
    def enough(self) -> bool:
        """Whether the points suffice."""
        return self.points >= self.needed

    @property
    def confidence(self) -> float:
        """0-1, from the points beyond those needed."""
        return min(0.99, round(0.7 + 0.08 * (self.points - self.needed), 2))


class Scene:
    """A normalised text cut into words, each to be weighed; words in ``blocked`` spans are no candidates."""

    def __init__(self, text: str, blocked: Iterable[tuple[int, int]] = ()) -> None:
        self._written = text
        self.text: str = recased(text, headlines=True)
        self._blocked = list(blocked)

    @cached_property
    def tokens(self) -> Sequence[Token]:
        """The words in order."""
        return [
            Token(start, end, word, key, shape, shape != "lower" and opens(self.text, start))
            for found in WORD.finditer(self.text)
            for start, end, word in ((*found.span(), found.group()),)
            for key, shape in (_word(word),)
        ]

    @cached_property
    def protected(self) -> frozenset[int]:
        """Indexes of the words that protected vocabulary covers."""
        covered: set[int] = set()
        for low, high in self._blocked:
            first = bisect_right(self.tokens, low, key=lambda token: token.end)
            last = bisect_left(self.tokens, high, key=lambda token: token.start)
            covered.update(range(first, last))
        return frozenset(covered)

    @cached_property
    def starts(self) -> Mapping[int, int]:
        """Offset of each word to its index."""
        return {token.start: at for at, token in enumerate(self.tokens)}

    @cached_property
    def guessed(self) -> bool:
        """Whether the capitals of some of the text are guessed."""
        return self.text != self._written

    def extend(self, first: int) -> int:
        """Give the index of the last word of the name that starts at ``first``."""
        last = first
        while last - first < 4 and self.adjacent(last):
            ahead = last + 1
            if self._continues(first, ahead):
                last = ahead
                continue
            # "van der Berg", "Ní Dhomhnaill"; a short word within a name ("Nguyen Thi Lan")
            short = self.tokens[ahead].shape == "title" and len(self.tokens[ahead].text) < 4
            if self.tokens[ahead].key not in PARTICLES | _LINKED and not short:
                break
            while self.tokens[ahead].key in PARTICLES | _LINKED | {"la", "le"} and self.adjacent(ahead):
                ahead += 1
            if short and ahead == last + 1 and self.adjacent(ahead):
                ahead += 1
            linked = self.tokens[ahead].shape == "title" and self.tokens[ahead].key not in PARTICLES | _LINKED
            if ahead == last + 1 or not linked or (short and not self._continues(first, ahead)):
                break
            last = ahead
        return last

    def adjacent(self, at: int) -> bool:
        """Whether the word after ``at`` continues it with no more than a space, a full stop or a hyphen."""
        if at + 1 >= len(self.tokens) or at + 1 in self.protected:
            return False
        gap = self.text[self.tokens[at].end : self.tokens[at + 1].start]
        return bool(_GAP.fullmatch(gap)) and ("." not in gap or len(self.tokens[at].text) == 1)

    def _continues(self, first: int, at: int) -> bool:
        """Whether a word that follows a name belongs to it."""
        head, token, lists = self.tokens[first], self.tokens[at], names()
        cls = word_class(token.key)
        word = cls in {"hardly", "often"}
        surname = token.key in lists.surnames
        if "\n" in self.text[self.tokens[at - 1].end : token.start]:  # a name broken over two lines
            return (
                surname and not word and lists.given.get(token.key) != "common" and token.shape == head.shape
            )
        if head.shape != "title" and token.shape == head.shape:
            return (surname and not word) or (
                head.shape == "upper" and token.shape == "upper" and cls is None and not word
            )
        if token.shape == "lower" or _is_contraction(token):
            return False
        if token.shape == "upper":  # "J", a middle initial, or an acronym
            return len(token.text) == 1 and at + 1 < len(self.tokens) and self.tokens[at + 1].shape == "title"
        if len(token.text) == 1:
            return True
        if word:
            kinds = {None, "first"} if head.opening else {None, "first", "capital"}
            certain = word_class(head.key) in kinds and given_band(head.key) in {"common", "known"}
            plain = not self.guessed and not is_function_word(token.key) and token.key not in CALENDAR
            given = given_band(token.key) is not None and word_class(head.key) is None
            return (
                (surname or given or (certain and plain))  # "Sarah Steel"
                and not _ROLE_WORD.fullmatch(token.text)
                and token.key not in {"will", "may", "can"}
            )
        return surname or given_band(token.key) is not None or not is_dictionary_word(token.key)

    @cached_property
    def candidates(self) -> Sequence[int]:
        """The words that may be names at all: listed, or capitalised and in no dictionary; none protected."""
        if not any(map(_may_be_name, WORD.findall(self.text))):
            return ()  # most answers: no need to cut them up
        return [
            at
            for at, token in enumerate(self.tokens)
            if _may_be_name(token.text) and at not in self.protected
        ]

    def evidence(self, at: int, *, known: bool = False) -> Evidence:
        """Weigh a word as the first of a name; ``known``: it is somebody's name in this data set."""
        token = self.tokens[at]
        end = self.tokens[self.extend(at)].end
        left = self.text[max(0, token.start - 60) : token.start].rpartition("\n\n")[2]
        right = self.text[end : end + 90].partition("\n\n")[0]  # a paragraph or cell has its own cues
        points, listed = self._prior(at, known)
        best, rule = 0, "given name" if listed else "capitalised word"
        word = word_class(token.key) in {"hardly", "often"}
        lefts, rights = _beside(token, left, right, word, listed)
        surname = self._surname_after(at)
        full = (
            surname[0] > 0 and token.key not in CALENDAR
        )  # "our caseworker Hope Green", no green called Hope
        for gain, cue in (lefts, rights, surname):
            points += gain
            if gain > best:
                best, rule = gain, cue
        if word and lefts[0] >= 3 and AFTER_THANKS.match(right):
            points += 1
        if lefts[0] < 3 and (
            DETERMINER.search(left) if word else token.shape == "lower" and ARTICLE.search(left)
        ):
            points -= 2
        lower, leaves = token.shape == "lower", LEAVES.match(right)
        month = token.opening and token.key in CALENDAR and rights[1] == "name and I"  # not "in June and I"
        if month or (lower and word and leaves and SINCE.search(left)):
            points += 3
        elif token.key in VERBS_BY_FORM and FINITE.match(right):
            points += 2 if lower and not leaves else 3
        place = NOT_A_PERSON.match(right) or (
            not (full and best > 2) and NOT_A_PERSON.match(self.text, token.end)
        )
        named = given_band(token.key) == "common" and word_class(token.key) is None
        counted = named and right.lstrip()[:1].isdigit()  # "sending Alfie 22 miles", but "Lexia 4"
        if (place and not counted) or HALLOWED.search(left):
            points -= 7
        return Evidence(points, rule, LISTED if listed or token.shape == "upper" else UNLISTED)

    def said_as_name(self, at: int) -> bool:
        """Whether nothing beside a word speaks against a person: no article, no "hospital"."""
        before = self.text[max(0, self.tokens[at].start - 10) : self.tokens[at].start]
        return self.evidence(at).points >= 0 and not ARTICLE.search(before)

    def evidence_from(self, start: int, *, known: bool = False) -> Evidence:
        """Weigh the word that covers an offset; none there is no evidence."""
        for at, token in enumerate(self.tokens):
            if token.start <= start < token.end:
                return self.evidence(at, known=known)
        return Evidence(0, "", LISTED)

    def _prior(self, at: int, known: bool) -> tuple[int, bool]:
        """Give the points of a word by itself, and whether it counts as listed."""
        token, lists = self.tokens[at], names()
        cls = word_class(token.key)
        band = given_band(token.key)
        if token.shape == "upper" and not (band or known):  # initials
            return 0, False
        if cls in {"hardly", "often"}:
            points = 1 if cls == "often" or known else -1
        elif band or known:
            points = 2 if band == "rare" else 3
        else:
            points = 2 if token.key in lists.surnames else 0
        if token.shape == "title":
            points += not token.opening and (bool(band) or not self.guessed)
            points -= token.opening and cls == "capital"  # "Carol singing", "Victoria sponge"
            points += (
                not token.opening and cls == "often" and band == "common"
            )  # "replaced Dawn", not "at dawn"
        elif cls in {"hardly", "often", "capital"}:
            points -= 1 if self.guessed and cls == "capital" else 2
        elif not (band == "common" and (len(token.key) > 3 or not is_dictionary_word(token.key))) and not (
            band == "known" and len(token.key) > 4 and not is_dictionary_word(token.key)
        ):
            points -= 2 if is_dictionary_word(token.key) or band == "rare" or len(token.key) < 4 else 1
        elif is_dictionary_word(token.key, ("adj", "adv", "verb")):
            points -= 1
        return points, bool(band) or known

    def _surname_after(self, at: int) -> tuple[int, str]:
        """Give the points of a surname that follows."""
        if at + 1 >= len(self.tokens) or at + 1 in self.protected:
            return 0, ""
        token, following = self.tokens[at], self.tokens[at + 1]
        if self.text[token.end : following.start].strip(" ") or token.shape == "lower":
            return 0, ""
        if following.shape != "title" or _is_contraction(following):
            return 0, ""
        if token.key not in names().given and word_class(token.key) in {"hardly", "often"}:
            return 0, ""
        cls, listed = word_class(following.key), following.key in names().surnames
        if cls in {"hardly", "often"}:
            if not listed:  # "Tanglewood Trails", but "Xiu Officer" in headings
                strange = not (given_band(token.key) or token.key in names().surnames)
                strange = strange or word_class(token.key) == "hardly"
                return -3 * (strange and not _ROLE_WORD.fullmatch(following.text)), "name + surname"
            further = (
                at + 2 < len(self.tokens) and self.tokens[at + 2].shape == "title"
            )  # "In May West Sussex"
            return (1 if cls == "hardly" else 2) + (
                given_band(token.key) == "common" and not further
            ), "name + surname"
        return (
            4 if listed else 3 if len(following.key) > 2 and not is_dictionary_word(following.key) else 0
        ), "name + surname"


def _beside(token: Token, left: str, right: str, word: bool, listed: bool) -> tuple[_Gain, _Gain]:
    """Give the points and the cue on either side of a word, without those that are none for such a word."""
    lefts, rights = strongest(LEFT, left, ends=True), strongest(RIGHT, right, ends=False)
    lower = word and token.shape == "lower"
    if lower and lefts[0] == 1:
        lefts = 0, ""
    if lower and token.key == "will" and right.startswith(" have"):  # "will have gone"
        rights = 0, ""
    if (lower and rights[1] == "name + role") or (  # "mark my son's work", "Law says"
        rights[1] == "name + said" and SAYS_AND_IS_NOBODY.fullmatch(token.key)
    ):
        rights = 0, ""
    if lower and lefts[1] == "role + name" and token.key.endswith("s"):  # "each officer marks in green"
        lefts = 0, ""
    if not listed and rights[1] in SAID_OF_FIRMS_TOO:
        rights = 1, rights[1]
    return lefts, rights


def _is_contraction(token: Token) -> bool:
    return "'" in token.key and is_function_word(token.key)  # "since leaving Hants I've …"


@lru_cache(maxsize=65_536)
def _may_be_name(word: str) -> bool:
    key, shape = _word(word)
    if len(word) < 2 or is_function_word(key) or _NO_NAME.fullmatch(word):
        return False
    if given_band(key):
        return True
    if shape == "upper":  # "ask JS"
        return len(word) == 2
    if key in names().surnames or shape == "lower":
        return shape == "title"
    known = word_class(key) in {"hardly", "often"} or is_dictionary_word(key) or is_misspelling(key)
    return len(word) > 2 and not known


@lru_cache(maxsize=65_536)
def _word(word: str) -> tuple[str, Shape]:
    shape: Shape = "title" if word[0].isupper() else "lower"
    return fold(word), "upper" if len(word) > 1 and word.isupper() else shape


def opens(text: str, start: int) -> bool:
    """Whether a capital here says nothing, because a sentence, a line, a bullet or a quotation starts."""
    if text[start - 2 : start - 1].isalpha() and text[start - 1] == " ":
        return False
    at = start - 1
    while at >= 0 and text[at] in " \"'(*[•-–—·>_":
        at -= 1
    return at < 0 or text[at] in ".!?\n:;)|" or (text[at].isdigit() and not text[at + 1 : start].isspace())
