"""What the words beside a name say: tables of cues, each with its points and its name.

The tables lie in ``data/cue_patterns.txt``, their words in ``data/name_cues.txt``.
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
_PATTERNS = dict(read_sections("cue_patterns.txt"))


def _filled(pattern: str) -> str:
    """Put words and parts in the place of their names: "{praise}", "{any role}"."""
    return re.sub(r"\{([a-z][a-z' ]*)\}", lambda name: _W[name[1]], pattern)


for _part, _pattern in (line.split(" | ", 1) for line in _PATTERNS["parts"]):
    _W[_part] = _filled(_pattern)
ROLE = _W["any role"]
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
DOTTED = frozenset(" ".join(_SECTIONS["written with dots"]).split())
VERBS_BY_FORM = frozenset({"will", "sue", "drew", "rob", "frank", "pat", "chase"})


def _table(section: str, around: str) -> tuple[Cue, ...]:
    lines = (line.split(" | ", 2) for line in _PATTERNS[section])
    return tuple(
        (int(points), cue, re.compile(around.replace("…", _filled(pattern)), re.IGNORECASE))
        for points, cue, pattern in lines
    )


LEFT, RIGHT = _table("left", "(?:…)$"), _table("right", "…")
SAID_OF_FIRMS_TOO = frozenset({"name's", "names + praise"})


def strongest(cues: Iterable[Cue], text: str, *, ends: bool) -> tuple[int, str]:
    """Give the points and the name of the first cue that fits what stands before a word, or after it.

    ``(0, "")`` for none. A cue of LEFT is to end where the text ends, one of RIGHT to start where it starts.
    """
    for points, cue, pattern in cues:
        if pattern.search(text) if ends else pattern.match(text):
            return points, cue
    return 0, ""
