"""Reading study.yml: YAML without guesses, every fault with its place, its expectation and its remedy."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, get_args

from pydantic import BaseModel, ValidationError

from sendthemes.codebook.source import Misread, Source, quoted
from sendthemes.codebook.strict_yaml import read_yaml
from sendthemes.errors import CodebookError, Problem, StudyError, nearest
from sendthemes.report.definition import StudyDefinition

Place = tuple[str | int, ...]


def read_study(path: Path) -> tuple[StudyDefinition, Callable[[Place], str]]:
    """Read a study file.

    Returns:
        What it says, and a function that names the place of any part of it (file:line:column).

    Raises:
        StudyError: With every fault of the file.
    """
    text = _text_of(path)
    try:
        source = read_yaml(text, path.name)
    except CodebookError as fault:
        raise StudyError(fault.problems) from None
    _mend_date(source)
    problems = list(source.problems)
    try:
        definition = StudyDefinition.model_validate(source.data)
    except ValidationError as fault:
        raise StudyError(sorted([*problems, *_problems(fault, source)], key=by_line)) from None
    if problems:
        raise StudyError(sorted(problems, key=by_line))
    return definition, source.where


def _text_of(path: Path) -> str:
    if not path.is_file():
        beside = sorted(each.name for each in path.parent.iterdir()) if path.parent.is_dir() else []
        what = "is a folder" if path.is_dir() else "is not there"
        raise StudyError(Problem(f"The study file {what}.", str(path), nearest(path.name, beside), "no-file"))
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as fault:
        line = fault.object[: fault.start].count(b"\n") + 1
        raise StudyError(
            Problem(
                "The file is not UTF-8 text.",
                f"{path.name}:{line}:1",
                "Save it with encoding UTF-8.",
                "encoding",
            )
        ) from None
    except OSError as fault:
        raise StudyError(Problem(f"The study cannot be read: {fault.strerror}.", path.name)) from None
    if not text.strip():
        raise StudyError(
            Problem("The study file is empty.", path.name, "Start it with study: name.", "empty-file")
        )
    return text


def _mend_date(source: Source) -> None:
    """Take an unquoted 2026-02-27 as the text that it stands for."""
    if isinstance(source.data, dict) and isinstance(date := source.data.get("date"), Misread | int):
        source.data["date"] = date.text if isinstance(date, Misread) else str(date)


def by_line(problem: Problem) -> list[int]:
    """Sort problems by their line and column."""
    return [int(part) for part in problem.where.split(":")[1:] if part.isdigit()]


def _problems(fault: ValidationError, source: Source) -> Iterator[Problem]:
    for error in fault.errors(include_url=False):
        place: Place = tuple(error["loc"])
        name = next((repr(step) for step in reversed(place) if isinstance(step, str)), "the study")
        found = error["input"]
        match error["type"]:
            case "extra_forbidden":
                keys = list(_record_at(place[:-1]).model_fields)
                hint = nearest(str(place[-1]), keys, cutoff=70) or f"The keys here: {', '.join(keys)}."
                where = source.where(place, key=True)
                yield Problem(f"There is no key {place[-1]!r} here.", where, hint, "key")
            case "missing":
                message = f"{place[-1]!r} is missing."
                yield Problem(message, source.where(place[:-1]), f"Add {place[-1]}: …", "missing-key")
            case "string_type" if isinstance(found, Misread | bool | int | float):
                yield _not_text(found, source.where(place))
            case "literal_error":
                choices = re.findall(r"'([^']*)'", str(error.get("ctx", {})["expected"]))
                hint = nearest(_shown(found), choices)
                message = f"{name} is {_shown(found)}; expected {', '.join(choices)}."
                yield Problem(message, source.where(place), hint, "choice")
            case "tuple_type":
                remedy = f"Write {place[-1]}: [{found}]." if isinstance(found, str) else ""
                yield Problem(
                    f"{name} must be a list; found {_shown(found)}.", source.where(place), remedy, "shape"
                )
            case "model_type" | "model_attributes_type" | "dict_type":
                keys = list(_record_at(place).model_fields)
                message = f"{name}: expected a mapping; found {_shown(found)}."
                yield Problem(message, source.where(place), f"Its keys: {', '.join(keys)}.", "shape")
            case "string_pattern_mismatch":
                message = f"{name} is {found!r}; an id is made of a-z, 0-9, - and _."
                slug = re.sub(r"[^a-z0-9_-]+", "-", str(found).casefold()).strip("-_")
                yield Problem(message, source.where(place), f"Write {slug or 'an id'}.", "id")
            case "value_error":
                message = str(error.get("ctx", {})["error"])
                yield Problem(f"{message[:1].upper()}{message[1:]}.", source.where(place), "", "rule")
            case _:
                message = f"{name}: {error['msg'][:1].lower()}{error['msg'][1:]}; found {_shown(found)}."
                yield Problem(message, source.where(place), "", "shape")


def _not_text(found: Misread | bool | int | float, where: str) -> Problem:
    if isinstance(found, Misread):
        text, kind = found.text, found.kind
    else:
        text, kind = str(found), "yes or no" if isinstance(found, bool) else "a number"
    return Problem(
        f"YAML reads {text} as {kind}; expected text.", where, f"Write {quoted(text)}.", "yaml-trap"
    )


def _shown(found: Any) -> str:
    if isinstance(found, Misread):
        return found.text or "nothing"
    if isinstance(found, dict | list | tuple):
        return "a mapping" if isinstance(found, dict) else "a list"
    return str(found)[:60]


def _record_at(place: Place) -> type[BaseModel]:
    """Find which record stands at a place, by walking the models along it."""
    record: type[BaseModel] = StudyDefinition
    for step in place:
        if isinstance(step, str) and step in record.model_fields:
            record = next(_records_in(record.model_fields[step].annotation), record)
    return record


def _records_in(annotation: Any) -> Iterator[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for part in get_args(annotation):
        yield from _records_in(part)
