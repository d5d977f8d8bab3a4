"""What YAML is read into: plain data, with the place of every value and the faults found on the way."""

from __future__ import annotations

from collections.abc import Iterable
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
    """An unquoted value that YAML does not read as the text it looks like."""

    text: str  # what stands in the file
    kind: str  # what YAML makes of it: "a number", "yes or no", "nothing", "a date"


@dataclass(slots=True)
class Source:
    """Plain data as read."""

    what: str  # what it is, in a word ("codebook")
    error: type[SendThemesError]  # the error that refuses it
    name: str = ""  # the file's name as given; empty for a mapping
    # mappings with text keys, lists, text, whole numbers, decimals, true and false, and ``Misread``
    data: Any = None
    # path of a value → (line, column), both from 1; empty for a mapping
    places: dict[Path, tuple[int, int]] = field(default_factory=dict)
    keys: dict[Path, tuple[int, int]] = field(default_factory=dict)  # path of a value → place of its key
    problems: list[Problem] = field(default_factory=list)  # faults of the YAML itself

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

    def check(self, where: str = "", *, size: int = 0, values: int = 0, levels: int = 0) -> None:
        """Refuse over two million bytes or characters, 50,000 values, or 50 levels of nesting."""
        fault = remedy = code = ""
        if size > MAX_BYTES:
            fault, remedy, code = "is larger than 2 MB", "Split it.", "too-large"
        elif values > MAX_VALUES:
            fault, remedy, code = f"has over {MAX_VALUES:,} values", "Split it.", "too-large"
        elif levels > MAX_LEVELS:
            fault, remedy, code = f"is nested over {MAX_LEVELS} levels", "Flatten it.", "too-deep"
        if fault:
            where = where or self.name or self.what
            raise self.error(Problem(f"The {self.what} {fault}.", where, remedy, code))


def in_order(problems: Iterable[Problem]) -> list[Problem]:
    """Sort problems by their place and drop repeats."""

    def place(problem: Problem) -> list[int]:
        return [int(number) for number in problem.where.split(":")[-2:] if number.isdigit()]

    return sorted({(each.where, each.message): each for each in problems}.values(), key=place)


def quoted(text: str) -> str:
    """Give a text as YAML in single quotes."""
    return "'" + text.replace("'", "''") + "'"
