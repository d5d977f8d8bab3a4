"""What the words beside a name say: tables of cues, each with its points and its name.

A cue worth 3 makes a person of a word that is as often a name as not; 1 only helps. The
words lie in ``data/name_cues.txt``.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from sendthemes.redaction.lexicon import read_sections

Cue = tuple[int, str, re.Pattern[str]]


def _any(words: str) -> str:
    """Give a pattern for any of some words; ``_`` is a space inside one, longer ones are tried first."""
    longest_first = sorted(words.split(), key=lambda word: (-len(word), word))
    return "(?:" + "|".join(longest_first).replace("_", " ") + ")"


_SECTIONS = dict(read_sections("name_cues.txt"))
_W = {section: _any(" ".join(lines)) for section, lines in _SECTIONS.items()}
ROLE = rf"(?:(?:{_W['kinds']} )*{_W['stems']}s?|{_W['role']})"
NOT_A_PERSON = re.compile(
    rf"\s+(?:\d|(?!close\s+(?:the|my|our|his|her|it|this|that|down|cases?)\b)(?i:{_W['facility']})\b)"
    rf"|\s+[A-Z][\w']+\s+(?=[A-Z])(?i:{_W['facility']})\b|'s?\s+(?i:{_W['theory']})\b"
)
HALLOWED = re.compile(rf"\b{_W['hallowed']}\.?\s+$")
ARTICLE = re.compile(r"\b(?:the|a|an|this|that)\s+$", re.IGNORECASE)
DETERMINER = re.compile(rf"\b{_W['determiner']}\s+$", re.IGNORECASE)
AFTER_THANKS = re.compile(
    r"\s*(?:[.!,;)\n]|$)|\s+(?:for|from|at|in|who|about|today|yesterday)\b", re.IGNORECASE
)
FINITE = re.compile(rf"\s+{_W['finite']}\b(?!\s+(?:needed|required|lacking|missing|key)\b)")
SINCE = re.compile(r"\b(?:because|when|since|after|until|before|but)\s+$", re.IGNORECASE)
LEAVES = re.compile(r"\s+(?:left|went|came|retired|said|says)\b")
SAYS_AND_IS_NOBODY = re.compile(_W["says and is nobody"])
LETTERED = frozenset(" ".join(_SECTIONS["has letters"]).split())
VERBS_BY_FORM = frozenset({"will", "sue", "drew", "rob", "frank", "pat", "chase"})

_WHO = r"(?:our|the|my|a|an|their|your|his|her|this|its)"
_ADVERB = rf"(?:\s+{_W['adverb']})?"
_DEGREE = rf"(?:{_W['degree']} )*"
_CHILD = (
    rf"\s+(?:(?:(?:now|already|still) )?(?:has|had|needs) (?:(?:a|an|no|his|her|got) )?{_W['child has']}"
    r"|(?:is|was|has been|hasn't been|has not been) (?:(?:now|only|still|nearly|so) )?"
    rf"(?:{_W['child is']}|\d{{1,2}}(?!\d|\s?%))"
    rf"|(?:cannot|can't|won't|does not|doesn't|did not|didn't) {_W['child does']}|{_W['child struggles']})\b"
)


def _table(cues: Iterable[tuple[int, str, str]], *, ends: bool) -> tuple[Cue, ...]:
    return tuple(
        (points, cue, re.compile(f"(?:{pattern})$" if ends else pattern, re.IGNORECASE))
        for points, cue, pattern in cues
    )


# In order of points; the first that fits counts.
LEFT = _table(
    (
        (4, "name: + name", r"\b(?:name|names|named person|contact)\s*[:=]\s*"),
        (
            3,
            "thanks to + name",
            rf"\b(?:{_W['thanks']}(?: (?:so|very) much)?(?: (?:to|goes to|go to|for))+"
            r"|thank|(?:well done|big up|thank you|thanks|cheers),?)\s+",
        ),
        (3, "spoke to + name", rf"\b{_W['speak']} (?:to|with)\s+|\b{_W['reached']}\s+"),
        (3, "led by + name", rf"\b{_W['done']} by\s+"),
        (
            3,
            "role + name",
            rf"\b{ROLE}(?:\s+|,\s+|\s*[(:]\s*|\s+-\s+|\s+(?:is|was|called|named|being|like|i\.?e\.?)\s+)",
        ),
        (3, "named + name", r"\b(?:named|called|name is|names are|name was|aka|initials)\s+|\bme and\s+"),
        (3, "greeting + name", r"(?:^|\n|[.!?]\s)\s*(?:hi|hello|dear|hiya|fao|attn:?|cc:?)\s+"),
        (
            3,
            "sent to + name",
            r"\b(?:sent|send|gave|give|passed|pass|forwarded|handed|submitted|copied|due|thanks)\b[^.!?\n]{0,30}?"
            r"\s(?:to|for)\s+",
        ),
        (2, "lovely + name", rf"\b(?:{_W['praise']}|dear|poor|late|little|legendary|famous)\s+"),
        (2, "ask + name", rf"\b{_W['ask']}\s+"),
        (1, "with + name", rf"\b{_W['link']}\s+"),
    ),
    ends=True,
)
RIGHT = _table(
    (
        (
            4,
            "name and the team",
            rf"\s+(?:and|&) (?:her|his|their) {_W['place']}\b"
            r"|\s+be (?:thanked|told|asked|cloned|promoted|praised)\b",
        ),
        (4, "name + said", rf"{_ADVERB}\s+(?:{_W['said']}|(?:has|had|have) (?:now )?{_W['gone']})\b"),
        (
            4,
            "name + role",
            rf"(?:,|\s*\(|\s+-)\s*(?:(?:who (?:is|was)|as)\s+)?(?:{_WHO}\s+)?(?!(?:every|each|any|no)\b)"
            rf"(?:[\w/&-]+\s+){{0,2}}?{ROLE}\b"
            rf"|\s+(?:who\s+)?(?:is|was|as|has been)\s+{_WHO}\s+(?:[\w/&-]+\s+){{0,3}}?{ROLE}\b"
            rf"|\s+(?:our|my)\s+(?:[\w/&-]+\s+)?{ROLE}\b",
        ),
        (
            3,
            "name + praise",
            r"\s+(?:is|was|has been|have been|have both been|is being|had been)\s+"
            rf"{_DEGREE}(?:{_W['praise']}|{_W['state']})\b",
        ),
        (
            3,
            "name from the team",
            rf"(?:\s+and\s+\w+)?,?\s+from\s+(?:the\s+|our\s+)?(?:[\w&/-]+\s+){{0,3}}?{_W['place']}\b",
        ),
        (4, "child", _CHILD),
        (4, "name's mother", rf"'s?\s+{_W['own']}\b"),
        (
            3,
            "lost to another",
            r"\s+to\s+(?:agency|retirement|maternity|illness|stress|burnout|(?:another|a|the)\s+(?:[\w-]+\s+)?"
            r"(?:authority|LA|council|county|borough|school|trust|private|independent|agency|job|role|team)\b)",
        ),
        (3, "name and I", r"\s+and (?:I|me|myself)\b"),
        (2, "name + works", rf"{_ADVERB}\s+(?:{_W['works']}|(?:has|had) {_W['done well']})\b"),
        (2, "name + who", r"\s+who\b"),
        (2, "name's", r"'s?\s+\w"),
        (2, "names + praise", rf"\s+(?:are|were)\s+{_DEGREE}{_W['praise']}\b"),
        (3, "speaker:", r":\s*(?:[\"\u201c]|please\b)"),
        (
            2,
            "name in the team",
            r"(?:\s+(?:is|was|are|were|sits|sat|works|worked))?\s+(?:in|at|on)\s+"
            rf"(?:the\s+|our\s+)?(?:[\w&/-]+\s+){{0,3}}?{_W['place']}\b",
        ),
        (1, "name + verb", rf"{_ADVERB}\s+{_W['verb']}\b"),
    ),
    ends=False,
)
SAID_OF_FIRMS_TOO = frozenset({"name's", "names + praise"})


def strongest(cues: Iterable[Cue], text: str, *, ends: bool) -> tuple[int, str]:
    """Give the points and the name of the first cue that fits what stands before a word, or after it.

    ``(0, "")`` for none. A cue of LEFT is to end where the text ends, one of RIGHT to start where it starts.
    """
    for points, cue, pattern in cues:
        if pattern.search(text) if ends else pattern.match(text):
            return points, cue
    return 0, ""
