"""Plain data as records: what pydantic finds, said in a researcher's words with the place."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any, ClassVar, TypeVar, get_args

from pydantic import BaseModel, ConfigDict, ValidationError
from pydantic_core import ErrorDetails

from sendthemes.errors import Problem, nearest
from sendthemes.strict_yaml.source import MAX_PROBLEMS, Misread, Path, Source, quoted

T = TypeVar("T", bound=BaseModel)


class Record(BaseModel):
    """A frozen record of the YAML; unknown keys are refused."""

    model_config: ClassVar[ConfigDict] = ConfigDict(frozen=True, extra="forbid")


def read_record(model: type[T], source: Source, also: Iterable[Problem] = ()) -> T:
    """Read the whole of a source's data as a record, or refuse it with every fault, those of ``also`` too.

    A validator of the model that knows better raises ``PydanticCustomError("problems", …)`` with its
    ``Problem``s under ``faults``; ``where`` of each is then the key at fault ("rules.0.level"), or empty.
    """
    problems = list(also)
    try:
        record = model.model_validate(source.data)
    except ValidationError as fault:
        errors = fault.errors(include_url=False)[:MAX_PROBLEMS]
        source.refuse(*problems, *(each for error in errors for each in _problems(error, model, source)))
    if problems or source.problems:
        source.refuse(*problems)
    return record


def _problems(error: ErrorDetails, model: type[BaseModel], source: Source) -> Iterator[Problem]:
    path: Path = tuple(error["loc"])
    if error["type"] == "problems":
        for each in error.get("ctx", {})["faults"]:
            steps = [int(step) if step.isdigit() else step for step in each.where.split(".") if step]
            yield Problem(each.message, source.where((*path, *steps)), each.remedy, each.code)
    else:
        yield _problem(error, path, model, source)


def _problem(error: ErrorDetails, path: Path, model: type[BaseModel], source: Source) -> Problem:
    found, where = error["input"], source.where(path)
    match error["type"]:
        case "extra_forbidden":
            return _unknown_key(path, found, model, source)
        case "missing":
            message = f"{path[-1]!r} is missing; {_called(_record(model, path[:-1]))} needs it."
            return Problem(message, source.where(path[:-1]), f"Add {path[-1]}: …", "missing-key")
        case "string_type":
            return _not_text(found, where)
        case "model_type" | "model_attributes_type":
            return _not_mapping(found, _record(model, path), source, where)
        case "value_error":
            message = str(error.get("ctx", {})["error"])
            return Problem(f"{message[:1].upper()}{message[1:]}.", where, "", "rule")
    message, remedy, code = _told(error, str(path[-1]) if path else "")
    name = next((repr(step) for step in reversed(path) if isinstance(step, str)), f"the {source.what}")
    return Problem(f"{name} {message}.", where, remedy, code)


def _told(error: ErrorDetails, key: str) -> tuple[str, str, str]:
    """Say what is wrong with a value (after its name), what to do, and the code."""
    found, context = error["input"], error.get("ctx", {})
    match error["type"]:
        case "string_pattern_mismatch":
            slug = re.sub(r"[^a-z0-9_-]+", "-", str(found).lower()).strip("-_") or "an id"
            made = "an id is made of a-z, 0-9, - and _, and starts with a letter or digit"
            return f"is {found!r}; {made}", f"Write {slug}.", "id"
        case "literal_error":
            choices = re.findall(r"'([^']*)'", str(context["expected"]))
            hint = nearest(str(getattr(found, "text", found)), choices) or f"Write {choices[0]}."
            return f"is {_shown(found)}; expected {', '.join(choices)}", hint, "choice"
        case "tuple_type" | "list_type":
            written = f"{key}: [{found}]" if isinstance(found, str) else "a list"
            return f"must be a list; found {_shown(found)}", f"Write {written}.", "shape"
        case "dict_type":
            return f"must be a mapping; found {_shown(found)}", "Write name: value.", "shape"
        case "bool_type":
            return f"is {_shown(found)}; expected true or false", "Write true or false.", "choice"
        case "too_short" | "string_too_short":
            least = context.get("min_length", 1)
            what = "is empty" if not found else f"has {len(found)} part{'s' * (len(found) > 1)}"
            remedy = "Fill it in, or take it out." if least == 1 else "For one part write a plain entry."
            return f"{what}; it needs {least} or more", remedy, "shape"
        case "int_type" | "int_from_float" | "int_parsing":
            wanted = "a whole number"
        case "greater_than_equal" | "less_than_equal":
            wanted = f"{context['ge']} or more" if "ge" in context else f"{context['le']} or less"
        case _:
            wanted = error["msg"].removeprefix("Input should be ")
    return f"is {_shown(found)}; expected {wanted}", "", "choice"


def _record(model: type[BaseModel], path: Path) -> type[BaseModel]:
    """Find which record stands at a path, by walking the models along it."""
    for step in path:
        if isinstance(step, str) and step in model.model_fields:
            model = next(_records_in(model.model_fields[step].annotation), model)
    return model


def _records_in(annotation: Any) -> Iterator[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for part in get_args(annotation):
        yield from _records_in(part)


def _called(record: type[BaseModel]) -> str:
    """Name a record with its article: "an entry"; a record may say in ``called`` how."""
    name = re.sub("(?<=.)(?=[A-Z])", " ", record.__name__).lower()
    return str(getattr(record, "called", f"{'an' if name[0] in 'aeiou' else 'a'} {name}"))


def _unknown_key(path: Path, found: Any, model: type[BaseModel], source: Source) -> Problem:
    record, key, where = _record(model, path[:-1]), str(path[-1]), source.where(path, key=True)
    hint, called = nearest(key, record.model_fields, cutoff=70), _called(record)
    owner = source.value(path[:-1])
    alone = isinstance(owner, dict) and len(owner) == 1 and not isinstance(found, dict | list)
    if alone and getattr(record, "or_text", False):  # a record that a plain text may stand for
        phrase = f"{key}: {getattr(found, 'text', found)}"
        message = f"YAML reads {phrase} as a key and a value; {called} has no key {key!r}."
        return Problem(message, where, f"{hint} For a phrase write {quoted(phrase)}.".lstrip(), "key")
    message = f"{called[:1].upper()}{called[1:]} has no key {key!r}."
    return Problem(message, where, hint or f"Its keys: {', '.join(record.model_fields)}.", "key")


def _not_text(found: Any, where: str) -> Problem:
    read = kind = ""
    if isinstance(found, Misread) and not found.text:
        remedy = "Write it, or take the line out."
        return Problem("There is nothing here; expected text.", where, remedy, "empty-entry")
    if isinstance(found, Misread | bool | int | float):
        kind = "yes or no" if isinstance(found, bool) else getattr(found, "kind", "a number")
        read = _shown(found)
    elif isinstance(found, dict) and len(found) == 1:
        ((key, value),) = found.items()
        read, kind = f"{key}: {getattr(value, 'text', value)}", "a key and a value"
    if read:
        message = f"YAML reads {read} as {kind}; expected text."
        return Problem(message, where, f"Write {quoted(read)}.", "yaml-trap")
    return Problem(f"Expected text; found {_shown(found)}.", where, "Write it in quotes.", "shape")


def _not_mapping(found: Any, record: type[BaseModel], source: Source, where: str) -> Problem:
    or_text = getattr(record, "or_text", False)
    if or_text and isinstance(found, Misread | bool | int | float):
        return _not_text(found, where)
    first = next(iter(record.model_fields))
    if found is None:
        return Problem(f"The {source.what} is empty.", source.name, f"Start it with {first}: …", "shape")
    message = f"Expected {_called(record)}{'' if or_text else ', a mapping'}; found {_shown(found)}."
    return Problem(message, where, f"Write {first}: … and its other keys under it.", "shape")


def _shown(found: Any) -> str:
    if isinstance(found, Misread):
        return found.text or "nothing"
    if isinstance(found, dict | list | tuple):
        return "a mapping" if isinstance(found, dict) else "a list"
    text = repr(found) if isinstance(found, str) else str(found)
    text = text.lower() if isinstance(found, bool) else text
    return text if len(text) <= 60 else text[:57] + "…'"
