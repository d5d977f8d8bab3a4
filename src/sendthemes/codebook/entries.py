"""What an entry may say: faults that its shape alone does not show."""

from __future__ import annotations

import unicodedata
import warnings
from collections.abc import Iterator
from typing import Any

import regex

from sendthemes.errors import Problem

MAX_PATTERN = 2_000
WORDS = ("word", "form", "exact")


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
        yield Problem(
            "'pos' needs a single word: word, form or exact.",
            "pos",
            "For a phrase write sequence: [{word: …, pos: …}, …] with within: 0.",
            "entry-option",
        )
    if options["fuzzy"] and (kind not in {"word", "form"} or set(text) & set("*?")):
        yield Problem(
            "'fuzzy' needs a word or form without * and ?.", "fuzzy", "Take it out.", "entry-option"
        )


def _word_faults(text: str, kind: str) -> Iterator[Problem]:
    bad = sorted({character for character in text if unicodedata.category(character) in {"Cc", "Cs"}})
    if bad:
        shown = ", ".join(f"U+{ord(character):04X}" for character in bad)
        remedy = "In double quotes a backslash is special: use single quotes and one line."
        yield Problem(f"The text holds control characters ({shown}).", kind, remedy, "control-character")
    elif not text.strip():
        yield Problem("The entry is empty.", kind, "Write a word, or take the line out.", "empty-entry")
    elif not any(character.isalnum() or unicodedata.category(character)[0] == "S" for character in text):
        wild = set(text) & set("*?")
        message = "Wildcards alone match every word." if wild else "There is no letter or digit to look for."
        yield Problem(f"{message} Found {text!r}.", kind, "Write at least one letter.", "empty-entry")


def regex_fault(pattern: str) -> str:
    """Say why a regular expression cannot be used; empty if it can."""
    if not pattern.strip():
        return "The regular expression is empty."
    if len(pattern) > MAX_PATTERN:
        return f"The regular expression is longer than {MAX_PATTERN:,} characters."
    if any(
        unicodedata.category(character) in {"Cc", "Cs"} and character not in "\n\t" for character in pattern
    ):
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
    except (ValueError, KeyError, IndexError, OverflowError, RecursionError, TypeError) as fault:
        return f"The regular expression is invalid: {fault}."
    try:
        empty = compiled.search("", timeout=0.25) is not None
    except TimeoutError:
        return "The regular expression takes too long even on an empty text."
    return "The regular expression matches an empty text, so it would match everywhere." if empty else ""


def _token_faults(pattern: tuple[dict[str, Any], ...]) -> list[str]:
    """Say why a spaCy token pattern cannot be used; an empty list if it can."""
    if not all(_is_plain(token) for token in pattern):
        return ["The token pattern holds a value that YAML does not read as text; put it in quotes."]
    if any("_" in token for token in pattern):
        return ["Extension attributes (_) are not available in a codebook."]
    if not any(set(token) - {"OP"} and str(token.get("OP", "1")) not in {"?", "*", "!"} for token in pattern):
        return ["The token pattern asks for nothing in particular, so it would match everywhere."]
    from spacy.errors import MatchPatternError
    from spacy.matcher import Matcher
    from spacy.vocab import Vocab

    try:
        Matcher(Vocab(), validate=True).add("pattern", [list(pattern)])
    except MatchPatternError as fault:
        lines = [line.strip(" -") for line in str(fault).splitlines() if line.strip().startswith("-")]
        return [f"The token pattern is invalid: {line}." for line in lines] or [str(fault)]
    except (ValueError, TypeError, KeyError, AttributeError, OverflowError, RecursionError) as fault:
        return [f"The token pattern is invalid: {fault}."]
    return [
        f"The token pattern's regular expression is at fault. {wrong}"
        for token in pattern
        for value in token.values()
        if isinstance(value, dict) and isinstance(value.get("REGEX"), str)
        if (wrong := regex_fault(value["REGEX"])) and "empty text" not in wrong
    ]


def _is_plain(value: Any) -> bool:
    if isinstance(value, dict):
        return all(isinstance(key, str) and _is_plain(inner) for key, inner in value.items())
    if isinstance(value, list):
        return all(map(_is_plain, value))
    return isinstance(value, str | int | float)
