"""Chunks: what stands between white space, cut into words.

A *word* is a token of spaCy's tokenizer that holds a letter, a digit or a symbol, with four amendments, of
which three make hyphen, slash and apostrophe transparent:

- a token is cut at hyphens and slashes beside letters or digits ("post-16" is *post*, *16*; "-staff" and
  "parents/" are *staff* and *parents*); hyphen, slash and apostrophe alone are no words;
- what nobody takes for a part of a word is cut off too: ``; ? ! ( ) |``, bullets and the number of a list
  ("time;staff", "school(s)", "1)Time", "1.Time");
- ``'s`` belongs to the word before it;
- a full stop at the end of a token of letters is punctuation ("etc.", "Dr.").

A *segment* ends at any other punctuation and at a sentence end: no phrase crosses it. A *sentence* ends
at ``. ! ?`` before white space and at a line break. All this is decided by the white-space chunk a word
stands in, so each distinct chunk is tokenised once.
"""

from __future__ import annotations

import re
import unicodedata
from array import array
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import islice
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from sendthemes.language.model import load_tokenizer, tokenizer_rules
from sendthemes.text import normalise

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Ints = NDArray[Any]

_GLUE, _STOPS = "[-/–]", "[;?!()|•]"
_COMPOUND = re.compile(
    rf"(?:\d\d?\.(?=[^\W\d_]{{3}})|(?:{_GLUE}|{_STOPS})*)[^\W_]+(?:(?:{_GLUE}|{_STOPS}+)[^\W_]+)*(?:{_GLUE}|{_STOPS})*"
)
_STOP = re.compile(rf"{_STOPS}|\.")
SURROGATES = re.compile("[\ud800-\udfff]")
_MANY_MARKS = re.compile(r"(?:[^\w\s]|_){50}(?!\s)")
_PARTS = re.compile(r"[^\W_]+")
_SYMBOLS = "&%@#*"  # punctuation by its Unicode class, yet words: "parents & carers"
_SHORTENED = {"ca": "can", "wo": "will", "sha": "shall"}  # where n't follows
# Letters, perhaps with 's, in brackets, with one mark after them: cut as the tokenizer would cut them,
# unless it has a rule for the word.
_PLAIN = re.compile(r"(\((?=[A-Za-z]{3}))?(([A-Za-z]+)('s)?)((?<=[A-Za-z]{3})\))?((?:[,;:!?]|(?<=[a-z])\.)?)")


class Word(NamedTuple):
    """One word of a chunk: its form, where it stands in the chunk, and how it hangs together with others."""

    form: str
    start: int
    end: int
    barriers: int
    possessive: bool = False
    hyphened: bool = False


class Chunk(NamedTuple):
    """One white-space chunk: its words, and how many barriers to phrases it holds in all."""

    words: tuple[Word, ...]
    barriers: int


def words_of(tokens: Iterable[tuple[str, int]]) -> Chunk:
    """Make words of one chunk's spaCy tokens, given as (text, offset in the chunk)."""
    listed = list(tokens)
    words: list[Word] = []
    barriers = 0
    for at, (token, start) in enumerate(listed):
        touching = bool(words) and words[-1].end == start
        if token in {"'s", "'S"} and touching:
            words[-1] = words[-1]._replace(possessive=True, end=start + 2)
        elif any(map(str.isalnum, token)):
            dotted = token[-1] == "." and token[:-1].isalpha() and len(token) > 2
            if touching and token.casefold() in {"n't", "nt"}:
                words[-1] = words[-1]._replace(form=_SHORTENED.get(words[-1].form.casefold(), words[-1].form))
            cut_up, barriers = _cut(token[:-1] if dotted else token, start, barriers, touching)
            words += cut_up
            barriers += dotted
        elif token in {"-", "–"} and touching and at + 1 < len(listed):
            words[-1] = words[-1]._replace(hyphened=True)
        elif token in {"-", "/", "'"}:
            continue
        elif all(unicodedata.category(sign)[0] == "P" and sign not in _SYMBOLS for sign in token):
            barriers += 1
        else:
            words.append(Word(token, start, start + len(token), barriers))
    if words and words[-1].hyphened:  # by a hyphen that no word follows
        words[-1] = words[-1]._replace(hyphened=False)
    return Chunk(tuple(words), barriers)


def _cut(token: str, start: int, barriers: int, touching: bool) -> tuple[list[Word], int]:
    """Cut a token at its marks, and count the barriers passed; give short forms one spelling."""
    if token.isalnum() or not _COMPOUND.fullmatch(token):
        form = "n't" if touching and token.casefold() == "nt" else token
        return [Word(form, start, start + len(token), barriers)], barriers
    words, end = [], 0
    for part in _PARTS.finditer(token):
        barriers += bool(_STOP.search(token, end, part.start()))
        end = part.end()
        hyphened = token[end : end + 1] in {"-", "–"} and token[end + 1 : end + 2].isalnum()
        words.append(Word(part[0], start + part.start(), start + end, barriers, False, hyphened))
    return words, barriers + bool(_STOP.search(token, end))


class _Numbers(dict[str, int]):
    """Numbers words as they come: a new one gets the next number."""

    def __missing__(self, word: str) -> int:
        self[word] = number = len(self)
        return number


class Chunks:
    """The distinct chunks met so far, as columns of their words."""

    def __init__(self) -> None:
        self.ids: dict[str, int] = _Numbers()
        self.spellings: dict[str, int] = _Numbers()
        self.first: array[int] = array("i", [0])
        self.barriers: array[int] = array("i")
        self.ends_sentence: array[int] = array("b")
        self.is_dash: array[int] = array("b")  # stands between clauses, where white space is around it
        self.words: array[int] = array("i")  # six numbers a word

    def number(self, chunks: Sequence[str]) -> Ints:
        """Give each distinct chunk its number; tokenise those that are new."""
        numbers = np.fromiter(map(self.ids.__getitem__, chunks), dtype=np.int32, count=len(chunks))
        new = list(islice(self.ids, len(self.barriers), None))
        plain = list(map(_plain, new))
        cut = tokenised([chunk for chunk, found in zip(new, plain, strict=True) if found is None])
        spellings, words = self.spellings, self.words
        # Nothing but numbers is kept of a chunk: hundreds of thousands of small objects would cost more.
        for chunk, found in zip(new, plain, strict=True):
            if found is None:
                rows, barriers = words_of(next(cut))
                for form, *rest in rows:
                    words.append(spellings[form])
                    words.extend(rest)
            else:
                start, end = found.span(2)
                words.extend((spellings[found[3]], start, end, start, found[4] is not None, False))
                barriers = start + len(chunk) - end
            self.first.append(len(words) // 6)
            self.barriers.append(barriers)
        self.ends_sentence.extend(chunk[-1] in ".!?" for chunk in new)
        self.is_dash.extend(chunk[0] in "-–" and not chunk.strip("-–") for chunk in new)
        return numbers


def _plain(chunk: str) -> re.Match[str] | None:
    """Take apart a chunk of letters and everyday marks; ``None`` if the tokenizer must."""
    found = _PLAIN.fullmatch(chunk)
    rules = tokenizer_rules()
    if found is None or chunk in rules or found[2] in rules or found[3] in rules:
        return None
    return found


@lru_cache(maxsize=50_000)
def cut(chunk: str) -> Chunk:
    """Cut one chunk of an entry or a question: text without white space."""
    plain = _plain(chunk)
    if plain is None:
        return words_of(next(tokenised([chunk])))
    start, end = plain.span(2)
    return Chunk((Word(plain[3], start, end, start, plain[4] is not None),), start + len(chunk) - end)


def forms_in(text: str) -> list[str]:
    """Give the words of a text, case-folded."""
    return [word.form.casefold() for chunk in normalise(text).text.split() for word in cut(chunk).words]


def tokenised(chunks: Sequence[str]) -> Iterator[list[tuple[str, int]]]:
    """Tokenise chunks without white space with spaCy's tokenizer, each as if it stood alone."""
    for first in range(0, len(chunks), 1000):
        some = chunks[first : first + 1000]
        # A line break is a token of its own: no rule of the tokenizer reaches over it.
        # Unpaired surrogates are no letters, and spaCy refuses them.
        # So is a carriage return, which cuts up long runs of marks: on them the tokenizer takes hours.
        doc = load_tokenizer()(_MANY_MARKS.sub(r"\g<0>\r", SURROGATES.sub("\ufffd", "\n".join(some))))
        tokens: list[tuple[str, int]] = []
        at = 0
        for token in doc:
            text = token.text
            if text == "\n":
                yield tokens
                tokens, at = [], 0
            elif text != "\r":
                tokens.append((text, at))
                at += len(text)
        yield tokens
