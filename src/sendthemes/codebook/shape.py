"""The shape of a codebook: what pydantic finds, said in a researcher's words with the place."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from sendthemes.codebook.model import Classification, Codebook, Entry, Examples, Rule, Theme
from sendthemes.codebook.source import MAX_PROBLEMS, Misread, Path, Source, quoted
from sendthemes.errors import Problem, nearest

_RECORDS: dict[str, Any] = {
    "themes": Theme,
    "classifications": Classification,
    "rules": Rule,
    "examples": Examples,
} | dict.fromkeys(("entries", "exclusions", "near", "sequence", "all", "none"), Entry)
_ARTICLES: dict[Any, str] = {
    Theme: "a theme",
    Classification: "a classification",
    Rule: "a rule",
    Examples: "'examples'",
} | {
    Entry: "an entry",
    Codebook: "a codebook",
}


def shape_problems(fault: ValidationError, source: Source) -> Iterator[Problem]:
    """Turn each of pydantic's errors into a problem with place, expectation and remedy."""
    for error in fault.errors(include_url=False)[:MAX_PROBLEMS]:
        path: Path = tuple(error["loc"])
        if error["type"] == "entry":
            for each in error.get("ctx", {})["faults"]:
                inner = (*path, each.where) if each.where else path
                yield Problem(each.message, source.where(inner), each.remedy, each.code)
        else:
            yield _problem(error, path, source)


def _problem(error: ErrorDetails, path: Path, source: Source) -> Problem:
    found = error["input"]
    name = next((repr(step) for step in reversed(path) if isinstance(step, str)), "the codebook")
    match error["type"]:
        case "extra_forbidden":
            return _unknown_key(path, found, source)
        case "missing":
            owner = _ARTICLES[_record(path[:-1])]
            message = f"{path[-1]!r} is missing; {owner} needs it."
            return Problem(message, source.where(path[:-1]), f"Add {path[-1]}: …", "missing-key")
        case "string_type":
            return _not_text(path, found, source)
        case "string_pattern_mismatch":
            slug = re.sub(r"[^a-z0-9_-]+", "-", str(found).lower()).strip("-_")
            message = (
                f"{name} is {found!r}; an id is made of a-z, 0-9, - and _, and starts with a letter or digit."
            )
            return Problem(message, source.where(path), f"Write {slug or 'an id'}.", "id")
        case "literal_error":
            choices = re.findall(r"'([^']*)'", str(error.get("ctx", {})["expected"]))
            shown = _shown(found)
            hint = nearest(str(getattr(found, "text", found)), choices) or f"Write {choices[0]}."
            message = f"{name} is {shown}; expected {' | '.join(choices)}."
            return Problem(message, source.where(path), hint, "choice")
        case "tuple_type" | "list_type":
            remedy = f"Write {path[-1]}: [{found}]." if isinstance(found, str) else "Write a list."
            message = f"{name} must be a list; found {_shown(found)}."
            return Problem(message, source.where(path), remedy, "shape")
        case "model_type" | "model_attributes_type" | "dict_type":
            return _not_mapping(path, found, source)
        case "bool_type":
            message = f"{name} is {_shown(found)}; expected true or false."
            return Problem(message, source.where(path), "Write true or false.", "choice")
        case "too_short" | "string_too_short":
            least = error.get("ctx", {}).get("min_length", 1)
            what = "is empty" if not found else f"has {len(found)} part{'s' * (len(found) > 1)}"
            remedy = "Fill it in, or take it out." if least == 1 else "For one part write a plain entry."
            return Problem(f"{name} {what}; it needs {least} or more.", source.where(path), remedy, "shape")
        case "int_type" | "int_from_float" | "greater_than_equal" | "less_than_equal":
            message = f"{name} is {_shown(found)}; expected a whole number from 0 to 50."
            return Problem(message, source.where(path), "", "choice")
    return Problem(f"{name}: {error['msg']}; found {_shown(found)}.", source.where(path), "", "shape")


def _record(path: Path) -> Any:
    """Which record stands at a path."""
    last = next((step for step in reversed(path) if isinstance(step, str)), "")
    return _RECORDS.get(last, Codebook)


def _unknown_key(path: Path, found: Any, source: Source) -> Problem:
    record, key, where = _record(path[:-1]), str(path[-1]), source.where(path, key=True)
    keys = list(record.model_fields)
    hint = nearest(key, keys, cutoff=70)
    owner = source.value(path[:-1])
    if record is Entry and isinstance(owner, dict) and len(owner) == 1 and not isinstance(found, dict | list):
        phrase = f"{key}: {getattr(found, 'text', found)}"
        message = f"YAML reads {phrase} as a key and a value; an entry has no key {key!r}."
        return Problem(
            message, where, " ".join(filter(None, [hint, f"For a phrase write {quoted(phrase)}."])), "key"
        )
    message = f"{_ARTICLES[record][:1].upper()}{_ARTICLES[record][1:]} has no key {key!r}."
    return Problem(message, where, hint or f"Its keys: {', '.join(keys)}.", "key")


def _not_text(path: Path, found: Any, source: Source) -> Problem:
    where = source.where(path)
    if isinstance(found, Misread) and not found.text:
        return Problem(
            "There is nothing here; expected text.", where, "Write it, or take the line out.", "empty-entry"
        )
    if isinstance(found, Misread | bool | int | float):
        text = found.text if isinstance(found, Misread) else str(found)
        kind = (
            found.kind
            if isinstance(found, Misread)
            else ("yes or no" if isinstance(found, bool) else "a number")
        )
        text = text.lower() if isinstance(found, bool) else text
        return Problem(
            f"YAML reads {text} as {kind}; expected text.", where, f"Write {quoted(text)}.", "yaml-trap"
        )
    if isinstance(found, dict) and len(found) == 1:
        ((key, value),) = found.items()
        phrase = f"{key}: {getattr(value, 'text', value)}"
        message = f"YAML reads {phrase} as a key and a value; expected text."
        return Problem(message, where, f"Write {quoted(phrase)}.", "yaml-trap")
    return Problem(f"Expected text; found {_shown(found)}.", where, "Write it in quotes.", "shape")


def _not_mapping(path: Path, found: Any, source: Source) -> Problem:
    record = _record(path)
    if record is Entry and isinstance(found, Misread | bool | int | float):
        return _not_text(path, found, source)
    owner = _ARTICLES[record]
    first = next(iter(record.model_fields))
    remedy = f"Write {first}: … and its other keys under it."
    if record is Codebook:
        remedy = "Start the file with codebook: name."
    elif record is Entry:
        remedy = "Write a word or phrase, or a mapping such as form: staffing."
    return Problem(f"Expected {owner}; found {_shown(found)}.", source.where(path), remedy, "shape")


def _shown(found: Any) -> str:
    if isinstance(found, Misread):
        return f"{found.text or 'nothing'}"
    if isinstance(found, dict | list | tuple):
        return "a mapping" if isinstance(found, dict) else "a list"
    text = repr(found) if isinstance(found, str) else str(found).lower()
    return text if len(text) <= 60 else text[:57] + "…'"
