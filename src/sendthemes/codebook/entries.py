"""What an entry may say: faults that its shape alone does not show."""

from __future__ import annotations

import re
import unicodedata
import warnings
from collections.abc import Iterator
from typing import Any

import regex

from sendthemes.errors import Problem, nearest

MAX_PATTERN = 2_000
WORDS = ("word", "form", "exact")
_MOST_TOKENS = 50
# What spaCy's tokenizer, tagger and lemmatiser give a token; there is no parser and no entity recogniser.
# fmt: off
_ATTRIBUTES = frozenset({
    "ORTH", "TEXT", "NORM", "LOWER", "SHAPE", "LENGTH", "LEMMA", "POS", "TAG", "MORPH", "OP", "SPACY",
    "IS_ALPHA", "IS_ASCII", "IS_DIGIT", "IS_LOWER", "IS_UPPER", "IS_TITLE", "IS_PUNCT", "IS_SPACE",
    "IS_STOP", "LIKE_NUM", "LIKE_URL", "LIKE_EMAIL",
})
_TAGS = (
    "ADJ", "ADP", "ADV", "AUX", "CCONJ", "DET", "INTJ", "NOUN", "NUM", "PART", "PRON", "PROPN", "PUNCT",
    "SCONJ", "SPACE", "SYM", "VERB", "X",
)
# fmt: on
_NESTED = re.compile(r"\([^()]*[+*{|][^()]*\)[+*{]")


def content_faults(kind: str, content: Any) -> Iterator[Problem]:
    """Find what makes words, a regular expression or a token pattern meaningless; ``where`` is the kind."""
    if kind in WORDS:
        yield from _word_faults(content, kind)
    elif kind == "regex":
        fault = regex_fault(content)
        if fault:
            yield Problem(fault, "regex", "Put the pattern in single quotes and test it.", "regex")
    elif kind == "tokens":
        for fault in _token_faults(content):
            yield Problem(fault, "tokens", "See spaCy's rule-based matching for the attributes.", "tokens")


def option_faults(kind: str, content: Any, options: dict[str, Any]) -> Iterator[Problem]:
    """Find options that do not go with the kind; ``where`` is the option."""
    text = str(content) if kind in WORDS else ""
    if options["within"] is not None and kind not in {"near", "sequence"}:
        yield Problem("'within' needs 'near' or 'sequence'.", "within", "Take it out.", "entry-option")
    if options["none"] and kind != "all":
        yield Problem("'none' needs 'all'.", "none", "Write all: […] with none: […].", "entry-option")
    if options["pos"] is not None and (kind not in WORDS or len(text.split()) > 1):
        message = "'pos' needs a single word: word, form or exact."
        remedy = "For a phrase write sequence: [{word: …, pos: …}, …] with within: 0."
        yield Problem(message, "pos", remedy, "entry-option")
    if options["fuzzy"] and (kind not in {"word", "form"} or set(text) & set("*?")):
        message = "'fuzzy' needs a word or form without * and ?."
        yield Problem(message, "fuzzy", "Take it out.", "entry-option")


def _word_faults(text: str, kind: str) -> Iterator[Problem]:
    if bad := sorted(set(filter(_is_control, text))):
        shown = ", ".join(f"U+{ord(character):04X}" for character in bad)
        remedy = "In double quotes a backslash is special: use single quotes and one line."
        yield Problem(f"The text holds control characters ({shown}).", kind, remedy, "control-character")
    elif not text.strip():
        yield Problem("The entry is empty.", kind, "Write a word, or take the line out.", "empty-entry")
    elif not any(character.isalnum() or unicodedata.category(character)[0] == "S" for character in text):
        wild = set(text) & set("*?")
        message = "Wildcards alone match every word." if wild else "There is no letter or digit to look for."
        yield Problem(f"{message} Found {text!r}.", kind, "Write at least one letter.", "empty-entry")


def _is_control(character: str) -> bool:
    return unicodedata.category(character) in {"Cc", "Cs"}


def regex_fault(pattern: str) -> str:
    """Say why a regular expression cannot be used; empty if it can."""
    if not pattern.strip():
        return "The regular expression is empty."
    if len(pattern) > MAX_PATTERN:
        return f"The regular expression is longer than {MAX_PATTERN:,} characters."
    if any(_is_control(character) and character not in "\n\t" for character in pattern):
        return "The regular expression holds control characters (double quotes turn \\b into one)."
    if pattern.count("(") > 100 or pattern.count("[") > 100:
        return "The regular expression has over 100 brackets."
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # hints about future set syntax; the pattern works as it is
            compiled = regex.compile(pattern)
    except regex.error as fault:
        position = getattr(fault, "pos", None)
        place = "" if position is None else f" at its character {position + 1}"
        return f"The regular expression is invalid{place}: {getattr(fault, 'msg', fault)}."
    except (ValueError, LookupError, OverflowError, RecursionError, TypeError) as fault:
        return f"The regular expression is invalid: {fault}."
    try:
        empty = compiled.search("", timeout=0.25) is not None
    except TimeoutError:
        return "The regular expression takes too long even on an empty text."
    return "The regular expression matches an empty text, so it would match everywhere." if empty else ""


def _token_faults(pattern: tuple[dict[str, Any], ...]) -> list[str]:
    """Say why a spaCy token pattern cannot be used; an empty list if it can."""
    faults = list(_token_limits(pattern))
    if faults:
        return faults
    from spacy.errors import MatchPatternError
    from spacy.matcher import Matcher
    from spacy.vocab import Vocab

    try:
        Matcher(Vocab(), validate=True).add("pattern", [list(pattern)])
    except MatchPatternError as fault:
        lines = [line.strip(" -") for line in str(fault).splitlines() if line.strip().startswith("-")]
        return [f"The token pattern is invalid: {line}." for line in lines] or [str(fault)]
    except (
        ValueError,
        TypeError,
        LookupError,
        AttributeError,
        ArithmeticError,
        RecursionError,
        re.error,
    ) as fault:
        return [f"The token pattern is invalid: {fault}."]
    return []


def _token_limits(pattern: tuple[dict[str, Any], ...]) -> Iterator[str]:
    """Find what spaCy takes and a codebook cannot keep: its tagger runs alone, its regexes untimed."""
    leaves = [leaf for token in pattern for leaf in _leaves(token)]
    if not all(all(isinstance(step, str | int | float) for step in leaf) for leaf in leaves):
        yield "The token pattern holds a value that YAML does not read as text; put it in quotes."
        return
    for key in sorted({key for token in pattern for key in token if key.upper() not in _ATTRIBUTES}):
        yield f"{key} is not available in a token pattern. {nearest(key.upper(), _ATTRIBUTES)}".rstrip()
    named = [value for first, *keys, value in leaves if first == "POS" and "REGEX" not in keys]
    for tag in (tag for tag in named if isinstance(tag, str) and tag not in _TAGS):
        yield f"{tag!r} is no part of speech; expected {', '.join(_TAGS)}."
    repeats = [str(token.get("OP", "1")) for token in pattern]
    counts = [int(number[:6]) for repeat in repeats for number in re.findall(r"\d+", repeat)]
    if len(pattern) > _MOST_TOKENS or max(counts, default=0) > _MOST_TOKENS:
        yield f"The token pattern has over {_MOST_TOKENS} tokens."
    needed = [not re.match(r"[?*!]|\{(0|,)", repeat) for repeat in repeats]
    if not any(need and set(token) - {"OP"} for need, token in zip(needed, pattern, strict=True)):
        yield "The token pattern asks for nothing in particular, so it would match everywhere."
    for text in (str(value) for _, *keys, value in leaves if "REGEX" in keys):
        if len(text) > 200 or _NESTED.search(text):
            yield f"The regular expression {text[:40]!r} in a token pattern can take very long."


def _leaves(value: Any, keys: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Give each value in a token, after the keys that lead to it."""
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from _leaves(inner, (*keys, key))
    elif isinstance(value, list):
        for inner in value:
            yield from _leaves(inner, keys)
    else:
        yield *keys, value
