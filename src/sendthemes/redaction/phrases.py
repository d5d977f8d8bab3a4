"""Words of a text, and many phrases looked for in it at once."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from typing import Generic, NamedTuple, TypeVar

# Letters that Unicode does not take apart: Małgorzata, Sørensen, Gauß.
_UNDECOMPOSED = str.maketrans({"ł": "l", "ø": "o", "đ": "d", "ß": "ss", "æ": "ae", "ı": "i"})
_WORD = re.compile(r"[^\W_]+(?:'[^\W_]+)*|&")
_GAP = re.compile(
    r"\s{0,40}[-/,_+'&]?\s{0,40}"
)  # between the words of one phrase; line breaks are white space
_ABBREVIATED = re.compile(
    r"\.\s{0,3}[-']?\s{0,3}"
)  # "St. Helens", "J. Smith": a full stop after a short word
_SPELT_OUT = re.compile(r"(?<!\w)[^\W\d_](?:[ ._-][^\W\d_]){3,}(?!\w)")

Payload = TypeVar("Payload")


class Token(NamedTuple):
    """One word of a text: where it stands, a possessive left out, and by what it is looked up.

    ``base`` is folded, without its possessive; ``whole`` has apostrophes taken out ("marys").
    """

    start: int
    end: int
    base: str
    whole: str


def fold(word: str) -> str:
    """Make a word comparable: lower case, no accents ("Siân" and "SIAN" are one)."""
    if word.isascii():
        return word.casefold()
    decomposed = unicodedata.normalize("NFKD", word.casefold().translate(_UNDECOMPOSED))
    return "".join(letter for letter in decomposed if not unicodedata.combining(letter))


@lru_cache(maxsize=1024)  # several finders cut the same text
def tokenise(text: str) -> Sequence[Token]:
    """Cut a normalised text into words; ``&`` is the word "and"."""
    tokens = []
    lower = text.lower() if text.isascii() else ""
    for match in _WORD.finditer(text):
        start, end = match.span()
        folded = lower[start:end] or fold(match.group())
        if folded == "&":
            tokens.append(Token(start, end, "and", "and"))
            continue
        if "'" not in folded:
            tokens.append(Token(start, end, folded, folded))
        elif folded.endswith("'s"):
            tokens.append(Token(start, end - 2, folded[:-2].replace("'", ""), folded.replace("'", "")))
        else:
            plain = folded.replace("'", "")
            tokens.append(Token(start, end, plain, plain))
    return tuple(tokens)


def words_of(phrase: str) -> tuple[str, ...]:
    """Give a phrase's words as they are looked up: folded, apostrophes taken out, ``&`` as "and"."""
    return tuple(
        "and" if match.group() == "&" else fold(match.group()).replace("'", "")
        for match in _WORD.finditer(phrase)
    )


def spelt_out(text: str) -> Iterator[tuple[int, int, str]]:
    """Give words taken apart letter by letter ("N o r f o l k"): start, end, the word folded."""
    for run in _SPELT_OUT.finditer(text):
        yield run.start(), run.end(), fold("".join(filter(str.isalpha, run.group())))


def continues(text: str, before: Token, after: Token) -> bool:
    """Say whether two neighbouring words can belong to one phrase (no sentence ends between them)."""
    gap_start = before.end
    if text.startswith("'s", gap_start) or text.startswith("'S", gap_start):
        gap_start += 2
    if _GAP.fullmatch(text, gap_start, after.start):
        return True
    return before.end - before.start <= 3 and _ABBREVIATED.fullmatch(text, gap_start, after.start) is not None


class PhraseIndex(Generic[Payload]):
    """Phrases, each with what it stands for (some with several); a text is searched for all in one pass.

    Case, accents, apostrophes, hyphens and white space (line breaks too) make no difference.
    """

    def __init__(self, phrases: Iterable[tuple[str, Payload]]) -> None:
        # First word → second word ("" where there is none) → phrases.
        self._phrases: dict[str, dict[str, dict[tuple[str, ...], list[Payload]]]] = {}
        for phrase, payload in phrases:
            for words in {words_of(phrase), words_of(phrase.replace("'", " "))}:
                if words:
                    same_start = self._phrases.setdefault(words[0], {}).setdefault("".join(words[1:2]), {})
                    same_start.setdefault(words, []).append(payload)

    def __bool__(self) -> bool:
        return bool(self._phrases)

    def of(self, phrase: str) -> Sequence[Payload]:
        """Give what a phrase stands for; empty where it is none of these."""
        words = words_of(phrase)
        return self._phrases.get(words[0], {}).get("".join(words[1:2]), {}).get(words, ()) if words else ()

    def find(self, text: str) -> Iterator[tuple[int, int, Sequence[Payload]]]:
        """Give, at each word, the longest phrase that starts there: start, end, what it stands for."""
        phrases = self._phrases
        tokens = tokenise(text) if phrases else ()
        for at, (start, _, base, whole) in enumerate(tokens):
            if base not in phrases and whole not in phrases:
                continue
            seconds = {"", *tokens[at + 1][2:]} if at + 1 < len(tokens) else {""}
            found = [
                item
                for first in {base, whole}
                for second in seconds & phrases.get(first, {}).keys()
                for item in phrases[first][second].items()
            ]
            for words, payloads in sorted(found, key=lambda item: (-len(item[0]), item[0])):
                end = _matched_end(text, tokens, at, words)
                if end:
                    yield start, end, payloads
                    break


def _matched_end(text: str, tokens: Sequence[Token], at: int, words: tuple[str, ...]) -> int:
    """Offset after the phrase that starts at a token, or 0 where it does not stand there."""
    last = at + len(words) - 1
    if last >= len(tokens):
        return 0
    if last == at and words[0] != tokens[at].base:
        return 0  # "staff's" is not "Staffs"
    for offset, word in enumerate(words):
        token = tokens[at + offset]
        if word not in (token.base, token.whole):
            return 0
        if offset and not continues(text, tokens[at + offset - 1], token):
            return 0
    closing = tokens[last]
    # "Marys" of "St Marys" stands for "Mary's": the possessive belongs to the name then.
    return closing.end if words[-1] == closing.base else closing.end + 2
