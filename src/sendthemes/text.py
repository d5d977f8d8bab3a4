"""Text as people type it, made comparable without losing the way back.

``normalise`` takes away what hides a word from a matcher (invisible characters, full-width and look-alike
letters, typographic apostrophes, odd spaces) and keeps, for each character left, where it stood.
"""

from __future__ import annotations

import re
import textwrap
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby

# Letters of other scripts that are drawn like Latin ones (Unicode confusables, the Cyrillic and Greek part).
_LOOK_ALIKES = str.maketrans(
    "АВЕЅІЈКМНОРСТХҮаеіјорсухѕһԁԛԝΑΒΕΖΗΙΚΜΝΟΡΤΥΧορνɡıⅼ",
    "ABESIJKMHOPCTXYaeijopcyxshdqwABEZHIKMNOPTYXopvgil",
)
_APOSTROPHES = "\u2018\u2019\u201b\u02bc\u02b9\u2032\u0060\u00b4\uff07"
_QUOTES = "\u201c\u201d\u201e\u201f\u2033\uff02"
_HYPHENS = "\u2010\u2011\u2043\ufe63\uff0d\u00ad"
_PLAIN = (
    dict.fromkeys(map(ord, _APOSTROPHES), "'")
    | dict.fromkeys(map(ord, _QUOTES), '"')
    | dict.fromkeys(map(ord, _HYPHENS[:-1]), "-")
)
# What a text mostly holds beyond ASCII, once plain: nothing here changes, joins or vanishes.
_SIMPLE = re.compile("[\n -~£€§©®°·•¿¡«»–—À-ÿ]*")
_ONE_FOR_ONE = {chr(code): plain for code, plain in _PLAIN.items() if code > 127} | dict.fromkeys(
    "\t\u00a0\u2002\u2003\u2009\u200a\u202f", " "
)
_TYPOGRAPHIC = re.compile(f"[{''.join(map(re.escape, _ONE_FOR_ONE))}]")
_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_LINE_BREAKS = frozenset("\n\x0b\x0c\x1c\x1d\x1e\x85\u2028\u2029")
# What Markdown would read as its own, escaped wherever it stands; words of respondents stay words.
_MARKS = str.maketrans({character: f"\\{character}" for character in "\\`*_[]|~"} | {"<": "&lt;"})
_ENTITY = re.compile(r"&(?=#?\w+;)")
_NUMBERED = re.compile(r"^\d+(?=[.)](?:\s|$))")
_AT_START = re.compile(r"^(?=[+=#>]|-(?!\d))")


@dataclass(frozen=True, slots=True)
class Normalised:
    """A text made comparable, with the way back to the original.

    Attributes:
        text: The comparable text.
        starts: For each character of ``text``, the offset of the original character it came from.
        ends: For each character of ``text``, the offset just after the original characters it came from.
    """

    text: str
    starts: Sequence[int]
    ends: Sequence[int]

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Give the original's offsets of ``text[start:end]``; an empty span maps to an empty one."""
        if end <= start:
            at = self.starts[start] if start < len(self.starts) else (self.ends[-1] if self.ends else 0)
            return at, at
        return self.starts[start], self.ends[end - 1]


def normalise(text: str) -> Normalised:
    r"""Make a text comparable: NFKC, nothing invisible, Latin look-alikes, plain quotes, one kind of space.

    Case is kept, and so is every line break (as ``\\n``): sentences end there. White space is not
    collapsed: a run of spaces stays as long as it was.

    Args:
        text: Any text, including unpaired surrogates.

    Returns:
        The comparable text and its offset map; where each character stays one, the map is the identity.
    """
    if text.isascii() and (text.isprintable() or not _has_control(text)):
        return Normalised(text, range(len(text)), range(1, len(text) + 1))
    plain = _TYPOGRAPHIC.sub(lambda found: _ONE_FOR_ONE[found[0]], text)
    if _SIMPLE.fullmatch(plain):
        return Normalised(plain, range(len(plain)), range(1, len(plain) + 1))
    return _thoroughly(text)


def _thoroughly(text: str) -> Normalised:
    """Normalise character by character: some vanish, join or become several."""
    pieces: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    for start, end in _clusters(text):
        plain = _plain(text[start:end])
        pieces.append(plain)
        starts.extend([start] * len(plain))
        ends.extend([end] * len(plain))
    latin = _latin_words("".join(pieces))
    if latin == text:
        return Normalised(text, starts, ends)
    # Once more: a letter may compose with a mark that its look-alike, or what stood between, could not take.
    again = normalise(latin)
    return Normalised(
        again.text, [starts[start] for start in again.starts], [ends[end - 1] for end in again.ends]
    )


def _has_control(text: str) -> bool:
    return any(character < " " and character != "\n" for character in text) or "\x7f" in text


def _clusters(text: str) -> list[tuple[int, int]]:
    """Cut a text into base characters with the combining marks that follow them."""
    bounds: list[tuple[int, int]] = []
    for at, character in enumerate(text):
        # A mark after a control character or line break has no letter to stand on.
        if bounds and unicodedata.combining(character) and unicodedata.category(text[at - 1])[0] not in "CZ":
            bounds[-1] = (bounds[-1][0], at + 1)
        else:
            bounds.append((at, at + 1))
    return bounds


def _plain(cluster: str) -> str:
    first = cluster[0]
    if cluster.isascii():
        if first == "\r" or first in _LINE_BREAKS:
            return "\n"
        return " " if first == "\t" else ("" if first < " " or first == "\x7f" else cluster)
    if first in _LINE_BREAKS:
        return "\n"
    if first in "™℠":  # NFKC would glue TM to the word before it
        return first
    folded = unicodedata.normalize("NFKC", cluster.translate(_PLAIN)).translate(_PLAIN)
    return "".join(
        " " if unicodedata.category(character) == "Zs" else character
        for character in folded
        if not _invisible(character)
    )


def _invisible(character: str) -> bool:
    # Soft hyphen, zero-width and direction marks; variation selectors and Hangul fillers draw nothing either.
    if unicodedata.category(character) in {"Cf", "Cc"}:
        return character != "\n"
    return character in "\u034f\u115f\u1160\u17b4\u17b5\u3164\uffa0" or "\ufe00" <= character <= "\ufe0f"


def _latin_words(text: str) -> str:
    """Turn look-alikes into Latin letters in words that are Latin but for them (true Cyrillic stays)."""
    if text.isascii():
        return text
    runs = groupby(text, key=lambda letter: letter.isalpha() or unicodedata.combining(letter) > 0)
    words = ((is_word, "".join(run)) for is_word, run in runs)
    return "".join(_latin(word) if is_word else word for is_word, word in words)


def _latin(word: str) -> str:
    latin = word.translate(_LOOK_ALIKES)
    return latin if all(map(_is_latin, latin)) else word


def _is_latin(letter: str) -> bool:
    return letter.isascii() or unicodedata.name(letter, "").startswith(("LATIN", "COMBINING"))


def xml_safe(text: str) -> str:
    """Put a replacement mark for each character that XML files cannot hold; offsets stay as they are."""
    return _NOT_XML.sub("\ufffd", text)


def row_height(cells: Iterable[tuple[str, float]]) -> float:
    """Give the height that a spreadsheet's row needs, in points, as not every program works it out by itself.

    Args:
        cells: Each text that is wrapped, with the width of its column in characters.
    """
    lines = [
        sum(
            1 if len(line) <= width else len(textwrap.wrap(line, int(width * 1.2)))
            for line in text.split("\n")
        )
        for text, width in cells  # a column's width is in digits, and letters are narrower
    ]
    return min(409.0, 15.0 * max(lines, default=1))  # a row is no higher


def markdown_safe(text: str) -> str:
    """Make a text stand for itself in Markdown, on one line."""
    plain = _ENTITY.sub("&amp;", " ".join(text.split())).translate(_MARKS)
    return _AT_START.sub(r"\\", _NUMBERED.sub(r"\g<0>\\", plain))
