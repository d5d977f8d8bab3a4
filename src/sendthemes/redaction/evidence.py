"""Does a sentence treat a word as a person? Evidence in points, each cue with its name.

A word starts with what the lists say of it (a given name nearly always, a word as often, hardly ever a name);
its case and the words beside it add or take away. Three points make a listed name a person, four an unlisted
word. The cues are tables, so that a reader can see, change and test each.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

from sendthemes.redaction.lexicon import TITLE, WORD, fold_name, is_dictionary_word, is_function_word, names, word_class

LISTED, UNLISTED = 3, 4  # points that make a person
Shape = Literal["lower", "title", "upper"]

ROLE = (
    r"(?:EPs?|Ed Psych|SEND?COs?|ALNCo|SALTs?|SLT|S&LT|OTs?|TAs?|HLTA|LSA|DCO|DSCO|DMO|QTVI|ToD|GP|ELSA|DSL|CEO|EWO|CPN"
    r"|(?:educational|clinical|child|assistant|senior|principal) psychologist|psychologist"
    r"|(?:speech|language|occupational|play|art|music)? ?therapist|physio(?:therapist)?|paediatrician|consultant|doctor"
    r"|nurse|health visitor|head ?teacher|deputy head|head of (?:service|inclusion|SEND?|year)|deputy|head|principal"
    r"|(?:class |form |specialist |advisory |outreach |support )?teacher|teaching assistant|tutor|governor"
    r"|case ?worker|case ?officer|case manager|key ?worker|social worker|support worker|link (?:officer|worker)"
    r"|(?:SEND? |EHCP? |plan |tribunal |attendance |inclusion )officer|coordinator|co-ordinator|practitioner|mentor"
    r"|(?:team |service |casework |senior |line )?manager|(?:assistant |deputy )?director|team leader|lead|adviser|advisor"
    r"|commissioner|chair(?:man|woman|person)?|secretary|administrator|receptionist|portage worker|intervenor|escort"
    r"|colleague|boss|friend|partner|husband|wife|mum|mother|dad|father|brother|sister|son|daughter|nephew|niece|grandson"
    r"|granddaughter|twins?|pupil|student|boy|girl|lad|child|member|councillor|apprentice|trainee|assistant|clerk|planner|analyst|inspector)"
)
_FACILITY = (
    r"(?:schools?|primary|juniors?|infants?|nursery|academy|academies|college|centre|center|house|lodge|hall|road|street|avenue"
    r"|close|crescent|hospital|ward|park|trust|foundation|ltd|limited|method|model|scale|scales|profile|theory|approach"
    r"|award|awards|fund|funding|unit|room|class|base|hub|project|programme|scheme|syndrome|disease|test|report|review"
    r"|hill|green|court|farm|church|chapel|day|term|act|bill|inquiry|appeal|week|square|station|lane|way|gardens|island|castle|surgery|library|conference|lecture)"
)
_NOT_A_PERSON = re.compile(rf"\s+(?i:{_FACILITY})\b|\s+[A-Z][\w']+\s+(?=[A-Z])(?i:{_FACILITY})\b")
_HALLOWED = re.compile(
    r"\b(?:St|Saint|Our Lady|Lake|Mount|Port|Mc|River|Upper|Lower|Great|Little|East|West|North|South)\.?\s+$"
)
_DETERMINER = re.compile(
    r"\b(?:the|a|an|this|that|these|those|no|any|some|our|my|their|your|its|each|every|more|new|of|some|much|in)\s+$",
    re.IGNORECASE,
)
_WHO = r"(?:our|the|my|a|an|their|your|his|her|this|its)"
# Left of a name: (points, name of the cue, pattern that ends where the word starts).
_LEFT: tuple[tuple[int, str, re.Pattern[str]], ...] = tuple(
    (points, cue, re.compile(rf"(?:{pattern})$", re.IGNORECASE))
    for points, cue, pattern in (
        (
            3,
            "thanks to + name",
            r"\b(?:(?:thanks?|thank ?you|thx|ta|credit|kudos|shout ?out|praise|hats off|gratitude|well done|grateful|cheers)"
            r"(?: (?:so|very) much)?(?: (?:to|goes to|go to|for))+|thank|well done|bless)\s+",
        ),
        (
            3,
            "spoke to + name",
            r"\b(?:sp[eo]a?ke?n?|speaking|talk(?:ed|s|ing)?|chat(?:ted|ting)?|spoke|listen(?:ed|ing)?|report(?:ed|s|ing)?|refer(?:red)?"
            r"|complain(?:ed|ing)?|wrote|written|writing|meet(?:ing)?s?|met|liais(?:e|ed|es|ing)|catch up|1:1|supervision)"
            r" (?:to|with)\s+|\b(?:emailed|e-mailed|phoned|texted|messaged|rang|told|met|asked|thanked|spoke)\s+",
        ),
        (
            3,
            "led by + name",
            r"\b(?:led|lead|chaired|run|managed|headed(?: up)?|set up|written|delivered|overseen|facilitated|co-?ordinated"
            r"|organised|championed|supervised|taught|trained|seen|assessed|coached|mentored|started|introduced|driven|supported)"
            r" by\s+",
        ),
        (3, "role + name", rf"\b{ROLE}(?:\s+|,\s+|\s*[(:]\s*|\s+-\s+|\s+(?:is|was|called|named|being|like|i\.?e\.?)\s+)"),
        (3, "named + name", r"\b(?:named|called|name is|names are|name was|aka|initials)\s+"),
        (3, "greeting + name", r"(?:^|\n|[.!?]\s)\s*(?:hi|hello|dear|hiya|fao|attn:?|cc:?)\s+"),
        (3, "name + surname", r"\b(?:son|daughter|child|pupil|student|boy|girl),?\s+"),
        (2, "ask + name", r"\b(?:ask|email|e-mail|call|ring|phone|tell|see|contact(?:ed)?|text|cc|via|love|miss|missed|lost|losing|thanks|named)\s+"),
        (1, "with + name", r"\b(?:with|from|by|to|for|and|or|when|as|that|like|where|because|since|if|think|hope|know|while|until|before|after|but)\s+"),
    )
)  # fmt: skip
_ADVERB = r"(?:\s+(?:also|always|never|just|really|then|only|often|usually|kindly|very kindly|recently|already|now))?"
_RIGHT: tuple[tuple[int, str, re.Pattern[str]], ...] = tuple(
    (points, cue, re.compile(pattern, re.IGNORECASE))
    for points, cue, pattern in (
        (
            4,
            "name + said",
            rf"{_ADVERB}\s+(?:said|says|told|tells|emailed|phoned|rang|retired|resigned|explained|explains|mentioned|suggested|chairs|chaired"
            r"|thinks|thought|knows|knew|wrote|replied|replies|asked|asks|listens|listened|joined|agreed|quit|organises|organised|chases|chased)\b",
        ),
        (
            4,
            "name + role",
            rf"(?:,|\s*\(|\s+-)\s*(?:(?:who (?:is|was)|as)\s+)?(?:{_WHO}\s+)?(?:[\w/&-]+\s+){{0,2}}?{ROLE}\b"
            rf"|\s+(?:who\s+)?(?:is|was|as|has been)\s+{_WHO}\s+(?:[\w/&-]+\s+){{0,3}}?{ROLE}\b|\s+(?:our|my)\s+(?:[\w/&-]+\s+)?{ROLE}\b",
        ),
        (
            3,
            "name + praise",
            r"\s+(?:is|was|are|were|has been|have been|have both been|is being|had been)\s+(?:both |so |very |really |always |such |absolutely |just |incredibly |extremely |truly )*"
            r"(?:brilliant|great|fantastic|amazing|excellent|lovely|helpful|supportive|wonderful|superb|outstanding|on leave|off sick|off|on maternity"
            r"|leaving|retiring|a star|stars?|an asset|a legend|responsive|approachable|knowledgeable|kind|away|my|our go-to|patient|a godsend|a rock|in charge)\b",
        ),
        (2, "name from the team", r"(?:\s+and\s+\w+)?,?\s+from\s+(?:the\s+|our\s+)?(?:[\w&/-]+\s+){0,3}?(?:teams?|service|services|hub|forum|office|council|school|department|panel|board|trust|charity)\b"),
        (2, "name + who", r"\s+who\b"),
        (2, "name's", r"'s?\s+\w"),
        (2, "names + praise", r"\s+(?:are|were)\s+(?:both |so |very |really |always |such |absolutely )*(?:brilliant|great|fantastic|amazing|excellent|lovely|helpful|supportive|wonderful|superb|outstanding)\b"),
        (
            1,
            "name + verb",
            rf"{_ADVERB}\s+(?:is|was|has|had|can|could|should|would|will|must|does|did|doesn't|didn't|isn't|wasn't|hasn't|left|leaves|runs|ran|leads|led|manages|managed"
            r"|helped|helps|supports|supported|visited|visits|came|comes|went|goes|works|worked|gave|gives|took|takes|covers|covered|attends|attended"
            r"|started|starts|moved|needs|needed|made|makes|gets|got|wants|feels|felt|sent|sends|set|put|keeps|kept|and I|and me)\b",
        ),
        (1, "name in the team", r"\s+(?:in|at|on|of)\s+(?:the\s+|our\s+)?(?:[\w&/-]+\s+){0,3}?(?:team|service|hub|forum|office|council|department)\b"),
    )
)  # fmt: skip
_AFTER_THANKS = re.compile(
    r"\s*(?:[.!,;)\n]|$)|\s+(?:for|from|at|in|who|about|today|yesterday)\b", re.IGNORECASE
)
_FINITE = re.compile(r"\s+(?:is|was|has|had|does|did|said|says|left|runs|ran|leads|came|went|gave)\b")
_VERBS_BY_FORM = frozenset({"will", "sue", "drew", "rob", "frank", "pat", "chase"})


@dataclass(frozen=True, slots=True)
class Token:
    """A word of a text: offsets, its folded form, its shape, and whether a sentence starts with it."""

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
    """A text cut into words, with what is needed to weigh each of them.

    Args:
        text: A normalised text.
        blocked: Offsets of protected spans; their words are no candidates.
    """

    def __init__(self, text: str, blocked: Iterable[tuple[int, int]] = ()) -> None:
        self.text = text
        self._blocked = list(blocked)

    @cached_property
    def tokens(self) -> Sequence[Token]:
        """The words in order."""
        return [
            Token(
                found.start(),
                found.end(),
                found.group(),
                fold_name(found.group()),
                _shape(found.group()),
                _opens(self.text, found.start()),
            )
            for found in WORD.finditer(self.text)
        ]

    @cached_property
    def protected(self) -> frozenset[int]:
        """Indexes of the words that protected vocabulary covers."""
        return frozenset(
            at
            for at, token in enumerate(self.tokens)
            if any(low < token.end and token.start < high for low, high in self._blocked)
        )

    @cached_property
    def caseless(self) -> frozenset[int]:
        """Indexes of words in lines whose capitals say nothing (all capitals, or Headline Case)."""
        silent = [line for line in self._lines if _says_nothing([self.tokens[at] for at in line])]
        return frozenset(at for line in silent for at in line)

    @cached_property
    def _lines(self) -> list[list[int]]:
        lines: list[list[int]] = [[]]
        for at, token in enumerate(self.tokens):
            if at and "\n" in self.text[self.tokens[at - 1].end : token.start]:
                lines.append([])
            lines[-1].append(at)
        return lines

    def candidate(self, at: int) -> bool:
        """Whether a word may be a name at all: listed, or capitalised and in no dictionary."""
        token = self.tokens[at]
        if at in self.protected or len(token.text) < 2 or is_function_word(token.key):
            return False
        lists = names()
        if token.key in lists.given:
            return True
        return (
            token.shape == "title"
            and (token.key in lists.surnames or len(token.text) > 2)
            and word_class(token.key) not in {"hardly", "often"}
            and not is_dictionary_word(token.key)
            or (token.shape == "title" and token.key in lists.surnames)
        )

    def evidence(self, at: int, *, known: bool = False) -> Evidence:
        """Weigh a word as the first word of a person's name.

        Args:
            at: Index of the word.
            known: The value is known to be somebody's name in this data set.
        """
        token = self.tokens[at]
        left, right = self.text[max(0, token.start - 60) : token.start], self.text[token.end : token.end + 90]
        points, listed = self._prior(at, known)
        best, rule = 0, "given name" if listed else "capitalised word"
        lefts = _strongest(_LEFT, left, ends=True)
        rights = _strongest(_RIGHT, right, ends=False)
        if not listed and rights[1] in {"name's", "names + praise"}:  # said of places and firms as well
            rights = (1, rights[1])
        for gain, cue in (lefts, rights, self._surname_after(at)):
            points += gain
            if gain > best:
                best, rule = gain, cue
        word = word_class(token.key) in {"hardly", "often"}
        if word and lefts[0] >= 3 and _AFTER_THANKS.match(right):
            points += 1
        if (word or token.shape == "lower") and lefts[0] < 3 and _DETERMINER.search(left):
            points -= 2
        if token.key in _VERBS_BY_FORM and _FINITE.match(right):
            points += 3
        if _NOT_A_PERSON.match(right) or _HALLOWED.search(left):
            points -= 7
        return Evidence(points, rule, LISTED if listed else UNLISTED)

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
        band = lists.given.get(token.key)
        if cls in {"hardly", "often"}:
            points = 1 if cls == "often" or known else -1
        elif band or known:
            points = 2 if band == "rare" else 3
        else:
            points = 2 if token.key in lists.surnames else 0
        if token.shape == "title" and at not in self.caseless:
            points += not token.opening
        elif cls in {"hardly", "often"}:
            points -= 2
        elif not (band == "common" and len(token.key) > 3) and not (
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
        if following.shape == "lower" or (following.shape == "upper" and at not in self.caseless):
            return 0, ""
        if token.key not in names().given and word_class(token.key) in {"hardly", "often"}:
            return 0, ""
        cls, listed = word_class(following.key), following.key in names().surnames
        if at in self.caseless:
            return (3 if listed and cls not in {"hardly", "often"} else 0), "name + surname"
        if cls in {"hardly", "often"}:
            return ((2 if cls == "often" else 1) if listed else 0), "name + surname"
        return (
            4 if listed else 3 if len(following.key) > 2 and not is_dictionary_word(following.key) else 0
        ), "name + surname"


def _strongest(cues: Iterable[tuple[int, str, re.Pattern[str]]], text: str, *, ends: bool) -> tuple[int, str]:
    for points, cue, pattern in cues:  # tables stand in order of points
        if pattern.search(text) if ends else pattern.match(text):
            return points, cue
    return 0, ""


def _shape(word: str) -> Shape:
    if not word[0].isupper():
        return "lower"
    return "upper" if len(word) > 1 and word.isupper() else "title"


def _opens(text: str, start: int) -> bool:
    """Whether a capital here says nothing, because a sentence, a line, a bullet or a quotation starts."""
    at = start - 1
    while at >= 0 and text[at] in " \"'(*[•-–—·>_":
        at -= 1
    return at < 0 or text[at] in ".!?\n:;)" or (text[at].isdigit() and not text[at + 1 : start].isspace())


def _says_nothing(line: Sequence[Token]) -> bool:
    longer = [token for token in line if len(token.text) > 3]
    if len(line) >= 3 and sum(t.shape == "upper" for t in line if len(t.text) > 1) > 0.6 * len(line):
        return True
    capital = sum(token.shape != "lower" for token in longer)
    lists = names()
    ordinary = sum(
        token.shape == "title"
        and token.key not in lists.given
        and token.key not in lists.surnames
        and is_dictionary_word(token.key, ("adj", "adv", "verb"))
        for token in longer
    )
    return len(longer) >= 4 and capital > 0.7 * len(longer) and ordinary >= 2


def after_title(text: str, start: int) -> bool:
    """Whether a title ("Mrs", "Dr") stands right before an offset."""
    low = max(0, start - 16)
    return any(found.end() == start for found in TITLE.finditer(text, low, start))
