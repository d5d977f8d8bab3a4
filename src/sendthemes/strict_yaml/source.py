"""What YAML is read into: plain data, with the place of every value and the faults found on the way."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, NoReturn

from sendthemes.errors import Problem, SendThemesError

MAX_BYTES = 2_000_000
MAX_LEVELS = 50
MAX_VALUES = 50_000
MAX_PROBLEMS = 1_000
Path = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class Misread:
    """An unquoted value that YAML does not read as the text it looks like.

    Attributes:
        text: What stands in the file.
        kind: What YAML makes of it: "a number", "yes or no", "nothing", "a date".
    """

    text: str
    kind: str


@dataclass(slots=True)
class Source:
    """Plain data as read, with places and the faults found on the way.

    Attributes:
        what: What it is, in a word ("codebook").
        error: The error that refuses it.
        name: The file's name as given; empty for a mapping.
        data: Mappings with text keys, lists, text, whole numbers, decimals, true and false, and ``Misread``.
        places: Path of a value → (line, column), both from 1; empty for a mapping.
        keys: Path of a value → place of its key.
        problems: Faults of the YAML itself.
    """

    what: str
    error: type[SendThemesError]
    name: str = ""
    data: Any = None
    places: dict[Path, tuple[int, int]] = field(default_factory=dict)
    keys: dict[Path, tuple[int, int]] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)

    def where(self, path: Path, *, key: bool = False) -> str:
        """Name a place: ``file:line:column``, or ``themes[2].entries[1]`` in a mapping (counted from 0).

        A path that is not in the source (a missing key, the word of a plain entry) gives its nearest parent.
        """
        if not self.places:
            steps = "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in path)
            return steps.lstrip(".") or self.what
        if key and path in self.keys:
            return self.spot(*self.keys[path])
        while path and path not in self.places:
            path = path[:-1]
        return self.spot(*self.places.get(path, (1, 1)))

    def spot(self, line: int, column: int) -> str:
        """Name a place of the file, line and column from 1."""
        return f"{self.name}:{line}:{column}"

    def value(self, path: Path) -> Any:
        """Give the value at a path, or the nearest parent's."""
        found = self.data
        for step in path:
            try:
                found = found[step]
            except (KeyError, IndexError, TypeError):
                return found
        return found

    def refuse(self, *problems: Problem) -> NoReturn:
        """Refuse the source for these faults and those found before, in the order of the file."""
        raise self.error(in_order([*self.problems, *problems])[:MAX_PROBLEMS])

    def check_size(self, size: int) -> None:
        """Refuse over two million bytes or characters."""
        if size > MAX_BYTES:
            message = f"The {self.what} is larger than 2 MB."
            raise self.error(Problem(message, self.name, "Split it.", "too-large"))

    def check_values(self, count: int, path: Path) -> None:
        """Refuse over 50,000 values."""
        if count > MAX_VALUES:
            message = f"The {self.what} has over {MAX_VALUES:,} values."
            raise self.error(Problem(message, self.where(path), "Split it.", "too-large"))

    def check_levels(self, levels: int, where: str = "") -> None:
        """Refuse nesting over 50 levels."""
        if levels > MAX_LEVELS:
            message = f"The {self.what} is nested over {MAX_LEVELS} levels."
            raise self.error(Problem(message, where or self.name or self.what, "Flatten it.", "too-deep"))


def in_order(problems: Iterable[Problem]) -> list[Problem]:
    """Sort problems by their place and drop repeats."""

    def place(problem: Problem) -> list[int]:
        return [int(number) for number in problem.where.split(":")[-2:] if number.isdigit()]

    return sorted({(each.where, each.message): each for each in problems}.values(), key=place)


def quoted(text: str) -> str:
    """Give a text as YAML in single quotes."""
    return "'" + text.replace("'", "''") + "'"


def read_mapping(mapping: Mapping[Any, Any], source: Source) -> Source:
    """Read parsed YAML, as strictly as a file (keys True and False are yes and no).

    Args:
        mapping: The parsed YAML.
        source: Takes the data.

    Raises:
        SendThemesError: It is larger than 2 MB, or nested over 50 levels (or in itself).
    """
    source.data = _Copier(source).copy(mapping, ())
    return source


class _Copier:
    """Copies a caller's mapping into plain data, within the limits that a file has."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self.characters = 0
        self.values = 0

    def copy(self, value: Any, path: Path) -> Any:
        self.values += 1
        self.characters += len(value) if isinstance(value, str) else 0
        self.source.check_values(self.values, ())
        self.source.check_size(self.characters)
        self.source.check_levels(len(path))
        if isinstance(value, Mapping):
            return self._mapping(value, path)
        if isinstance(value, list | tuple):
            return [self.copy(inner, (*path, at)) for at, inner in enumerate(value)]
        if value is None:
            return Misread("null", "nothing")
        if isinstance(value, datetime.date | datetime.time):
            return Misread(str(value), "a date")
        if isinstance(value, str | bool | float) or (isinstance(value, int) and abs(value) < 10**15):
            return value
        return Misread(type(value).__name__, "something that is not text")

    def _mapping(self, mapping: Mapping[Any, Any], path: Path) -> dict[str, Any]:
        copy: dict[str, Any] = {}
        for key, inner in mapping.items():
            # YAML 1.1 makes the keys of examples: {yes: …, no: …} truth values.
            name = {True: "yes", False: "no"}[key] if isinstance(key, bool) else str(key)
            if name in copy:
                where = self.source.where((*path, name))
                message = f"The key {name!r} stands twice."
                self.source.problems.append(Problem(message, where, "Keep one.", "duplicate-key"))
            if inner is not None:
                copy[name] = self.copy(inner, (*path, name))
        return copy
