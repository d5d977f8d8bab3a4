"""What an entry may say: faults that its shape alone does not show."""

from __future__ import annotations

import unicodedata
import warnings
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import regex

from sendthemes.errors import Problem

if TYPE_CHECKING:
    from sendthemes.codebook.model import Entry

MAX_PATTERN = 2_000
_WORDS = ("word", "form", "exact")
_KINDS = (*_WORDS, "near", "sequence", "all", "regex", "tokens")


def entry_faults(entry: Entry) -> Iterator[Problem]:
    """Find what makes an entry meaningless; ``where`` of each problem is the key at fault."""
    kinds = [kind for kind in _KINDS if getattr(entry, kind) is not None]
    if len(kinds) != 1:
        found = f"has {' and '.join(map(repr, kinds))}" if kinds else "says nothing to look for"
        yield Problem(
            f"An entry needs exactly one kind; this one {found}.",
            kinds[1] if kinds else "",
            f"Keep one of {', '.join(_KINDS)}.",
            "entry-kind",
        )
        return
    kind = kinds[0]
    if kind in _WORDS:
        yield from _word_faults(getattr(entry, kind), kind)
    elif kind == "regex":
        yield from _regex_faults(entry.regex or "")
    elif kind == "tokens":
        yield from _token_faults(entry.tokens or ())
    yield from _option_faults(entry, kind)
    for part in entry.parts:
        for option in ("questions", "negated"):
            if getattr(part, option):
                yield Problem(
                    f"{option!r} has no effect on a part.",
                    kind,
                    "Give it to the whole entry.",
                    "entry-option",
                )


def _option_faults(entry: Entry, kind: str) -> Iterator[Problem]:
    text = str(getattr(entry, kind)) if kind in _WORDS else ""
    if entry.within is not None and kind not in {"near", "sequence"}:
        yield Problem("'within' needs 'near' or 'sequence'.", "within", "Take it out.", "entry-option")
    if entry.none and kind != "all":
        yield Problem("'none' needs 'all'.", "none", "Write all: […] with none: […].", "entry-option")
    if entry.pos is not None and (kind not in _WORDS or len(text.split()) > 1):
        yield Problem(
            "'pos' needs a single word: word, form or exact.",
            "pos",
            "For a phrase write sequence: [{word: …, pos: …}, …] with within: 0.",
            "entry-option",
        )
    if entry.fuzzy and (kind not in {"word", "form"} or set(text) & set("*?")):
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


def _regex_faults(pattern: str) -> Iterator[Problem]:
    fault = regex_fault(pattern)
    if fault:
        yield Problem(fault, "regex", "Put the pattern in single quotes and test it.", "regex")


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
        place = "" if fault.pos is None else f" at its character {fault.pos + 1}"
        return f"The regular expression is invalid{place}: {fault.msg}."
    except (ValueError, KeyError, IndexError, OverflowError, RecursionError, TypeError) as fault:
        return f"The regular expression is invalid: {fault}."
    try:
        empty = compiled.search("", timeout=0.25) is not None
    except TimeoutError:
        return "The regular expression takes too long even on an empty text."
    return "The regular expression matches an empty text, so it would match everywhere." if empty else ""


def _token_faults(pattern: tuple[dict[str, Any], ...]) -> Iterator[Problem]:
    for fault in token_faults(pattern):
        yield Problem(fault, "tokens", "See spaCy's rule-based matching for the attributes.", "tokens")


def token_faults(pattern: tuple[dict[str, Any], ...]) -> list[str]:
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
