"""Strict YAML: plain data with the place of every value, and no guesses about what was meant.

YAML turns unquoted ``no``, ``2026``, ``12:30`` and ``~`` into something that is not text, drops what stands
after `` #``, and lets anchors copy parts of a file. Here such a value is kept as what it is (``Misread``), so
that whoever wanted text can say what to write instead; everything else that hides or repeats text is refused.
"""

from __future__ import annotations

import bisect
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import yaml

from sendthemes.codebook.source import (
    MAX_BYTES,
    MAX_LEVELS,
    MAX_PROBLEMS,
    MAX_VALUES,
    Misread,
    Path,
    Source,
    in_order,
    quoted,
    spot,
    too_deep,
    too_large,
    too_many,
)
from sendthemes.errors import CodebookError, Problem

# libyaml reads two megabytes in half a second; the pure Python parser is the fallback of odd platforms.
_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_RESOLVERS: dict[str, list[tuple[str, re.Pattern[str]]]] = yaml.SafeLoader.yaml_implicit_resolvers
_KINDS = {
    "bool": "yes or no",
    "float": "a number",
    "int": "a number",
    "null": "nothing",
    "timestamp": "a date",
}
_LINE_BREAK = re.compile("\r\n|[\n\r\x85\u2028\u2029]")
_COMMENT = re.compile(r"(?:(?<=[ \t])|(?<=[\[{,]))#+")
_BARE_STAR = re.compile(r"^(?P<head>\s*(?:-\s+)+(?:\w+:\s+)?|\s*\w+:\s+)(?P<text>\*.*?)\s*(?: #.*)?$")


def read_yaml(text: str, name: str) -> Source:
    """Read one YAML document without guessing.

    Args:
        text: The document; a byte order mark is ignored.
        name: The file's name for messages.

    Raises:
        CodebookError: The text is not YAML, is longer than 2 MB or nested over 50 levels; with all faults
            found up to there. Other faults come back in ``problems``.
    """
    text = text.removeprefix("\ufeff")
    if len(text) > MAX_BYTES or len(text.encode("utf-8", "replace")) > MAX_BYTES:
        raise CodebookError(too_large(name))
    if "\0" in text or any("\ud800" <= character <= "\udfff" for character in text):
        raise CodebookError(
            Problem("The file holds characters that are no text.", name, "Save it as UTF-8.", "yaml")
        )
    lines = _LINE_BREAK.split(text)
    builder = _Builder(name)
    try:
        for event in yaml.parse(text, Loader=_LOADER):
            builder.take(event)
    except yaml.YAMLError as fault:
        likely = [
            *_bare_stars(lines, name),
            *_cut_by_comments(_read_lines(lines, fault), builder.scalars, name),
        ]
        if not any(each.where.startswith(_line_of(fault, name)) for each in likely):
            likely.append(_syntax_problem(fault, lines, name))
        raise CodebookError(in_order([*builder.source.problems, *likely])) from None
    except RecursionError:
        raise CodebookError(too_deep(name)) from None
    source = builder.source
    source.problems = in_order([*source.problems, *_cut_by_comments(lines, builder.scalars, name)])
    return source


@dataclass(slots=True)
class _Frame:
    """One open mapping or list."""

    container: dict[str, Any] | list[Any]
    path: Path
    key: str | None = None
    seen: dict[str, tuple[int, int]] = field(default_factory=dict)


class _Builder:
    """Builds plain data from parser events with a stack of its own: depth costs no recursion."""

    def __init__(self, name: str) -> None:
        self.source = Source(name=name, places={(): (1, 1)})
        self.scalars: list[tuple[int, int, int, int]] = []
        self.stack: list[_Frame] = []
        self.documents = 0

    def fault(self, mark: Any, message: str, remedy: str, code: str = "yaml-trap") -> None:
        where = spot(self.source.name, (mark.line + 1, mark.column + 1))
        self.source.problems.append(Problem(message, where, remedy, code))
        if len(self.source.problems) >= MAX_PROBLEMS:
            raise CodebookError(in_order(self.source.problems))

    def take(self, event: Any) -> None:
        match event:
            case yaml.ScalarEvent():
                self._scalar(event)
            case yaml.AliasEvent():
                text = f"*{event.anchor}"
                message = f"YAML reads an unquoted * as an alias: {text}"
                self.fault(event.start_mark, message, f"Write {quoted(text)}.")
                self._put(text, event.start_mark)
            case yaml.SequenceStartEvent():
                self._open([], event)
            case yaml.MappingStartEvent():
                self._open({}, event)
            case yaml.SequenceEndEvent() | yaml.MappingEndEvent():
                self.stack.pop()
            case yaml.DocumentStartEvent():
                self.documents += 1
                if self.documents == 2:
                    self.fault(
                        event.start_mark,
                        "A second document starts here (---).",
                        "Keep one in a file.",
                        "yaml",
                    )

    def _open(self, container: dict[str, Any] | list[Any], event: Any) -> None:
        self._refuse_extras(event)
        if len(self.stack) >= MAX_LEVELS:
            mark = event.start_mark
            raise CodebookError(too_deep(spot(self.source.name, (mark.line + 1, mark.column + 1))))
        if self.stack and isinstance(self.stack[-1].container, dict) and self.stack[-1].key is None:
            self.fault(event.start_mark, "A key must be text; found a list or mapping.", "Quote it.", "yaml")
            self.stack[-1].key = "?"
            self.stack.append(_Frame(container, (*self.stack[-1].path, "?")))
            return
        path = self._put(container, event.start_mark)
        self.stack.append(_Frame(container, path))

    def _refuse_extras(self, event: Any) -> None:
        if event.anchor is not None:
            self.fault(
                event.start_mark,
                f"Anchors (&{event.anchor}) are not allowed.",
                "Write the text out, or put it in quotes if it starts with &.",
            )
        if event.tag is not None:
            self.fault(
                event.start_mark,
                f"Tags ({event.tag}) are not allowed.",
                "Leave it out, or put the text in quotes if it starts with !.",
            )

    def _scalar(self, event: Any) -> None:
        self._refuse_extras(event)
        start, end = event.start_mark, event.end_mark
        if event.style:
            self.scalars.append((start.line, start.column, end.line, end.column))
        frame = self.stack[-1] if self.stack else None
        if frame and isinstance(frame.container, dict) and frame.key is None:
            self._key(frame, event)
            return
        value = event.value if event.style or event.tag else plain_value(event.value)
        empty = isinstance(value, Misread) and value.kind == "nothing"
        if (
            frame
            and isinstance(frame.container, dict)
            and empty
            and (not event.value or frame.key == "otherwise")
        ):
            frame.key = None  # a key with nothing after it is as if it were not there
            return
        self._put(value, start)

    def _key(self, frame: _Frame, event: Any) -> None:
        key, mark = event.value, event.start_mark
        place = (mark.line + 1, mark.column + 1)
        if key == "<<" and not event.style:
            self.fault(mark, "Merge keys (<<) are not allowed.", "Write the keys out.")
        if key in frame.seen:
            self.fault(
                mark,
                f"The key {key!r} stands twice; the first is in line {frame.seen[key][0]}.",
                "Keep one.",
                "duplicate-key",
            )
        frame.seen.setdefault(key, place)
        self.source.keys[(*frame.path, key)] = place
        frame.key = key

    def _put(self, value: Any, mark: Any) -> Path:
        """Store a value in the open container; gives its path."""
        path: Path
        if not self.stack:
            path = ()
            if self.documents < 2:
                self.source.data = value
        else:
            frame = self.stack[-1]
            if isinstance(frame.container, list):
                path = (*frame.path, len(frame.container))
                frame.container.append(value)
            elif frame.key is None:  # an alias where a key was expected
                path, frame.key = (*frame.path, str(value)), str(value)
            else:
                path = (*frame.path, frame.key)
                frame.container[frame.key] = value
                frame.key = None
        self.source.places[path] = (mark.line + 1, mark.column + 1)
        if len(self.source.places) > MAX_VALUES:
            raise CodebookError(too_many(self.source.where(path)))
        return path


def plain_value(text: str) -> str | int | float | bool | Misread:
    """Say what an unquoted YAML 1.1 value is: text, or a number or truth value, or something ``Misread``."""
    for tag, pattern in _RESOLVERS.get(text[:1], []):
        if pattern.match(text):
            kind = tag.rpartition(":")[2]
            if kind in {"merge", "value"}:
                return text
            if text in {"true", "false"}:
                return text == "true"
            if kind == "int" and re.fullmatch(r"-?(0|[1-9]\d{0,14})", text):
                return int(text)
            if kind == "float" and re.fullmatch(r"-?\d{1,9}\.\d{1,9}", text) and str(float(text)) == text:
                return float(text)
            return Misread(text, _KINDS[kind])
    return text


def _line_of(fault: yaml.YAMLError, name: str) -> str:
    mark = getattr(fault, "problem_mark", None)
    return f"{name}:{mark.line + 1}:" if mark else ":"


def _read_lines(lines: list[str], fault: yaml.YAMLError) -> list[str]:
    mark = getattr(fault, "problem_mark", None)
    return lines[: mark.line + 1] if mark else []


def _bare_stars(lines: list[str], name: str) -> list[Problem]:
    """Find unquoted texts with a leading *, all of them, though the parser stops at the first."""
    found = []
    for number, line in enumerate(lines, 1):
        star = _BARE_STAR.match(line)
        if star:
            place = spot(name, (number, star.start("text") + 1))
            message = f"YAML reads an unquoted * as an alias: {star['text']}"
            found.append(Problem(message, place, f"Write {quoted(star['text'])}.", "yaml-trap"))
    return found


def _syntax_problem(fault: yaml.YAMLError, lines: list[str], name: str) -> Problem:
    """Put what the parser says, and what most likely caused it, into a researcher's words."""
    mark = getattr(fault, "problem_mark", None)
    said = getattr(fault, "problem", None) or getattr(fault, "reason", None) or "the text is not YAML"
    if mark is None:
        position = getattr(fault, "position", 0) or 0
        return Problem(
            f"The file holds a character that YAML does not allow (number {position + 1}).",
            name,
            "Take control characters out and save the file as UTF-8.",
            "yaml",
        )
    line = lines[mark.line] if mark.line < len(lines) else ""
    above = next((text for text in reversed(lines[: mark.line]) if text.strip()), "")
    message = f"This is not valid YAML: {said}."
    return Problem(message, spot(name, (mark.line + 1, mark.column + 1)), _advice(said, line, above), "yaml")


def _advice(said: str, line: str, above: str) -> str:
    if re.match(r"[ ]*\t", line) or re.match(r"[ ]*\t", above):
        return "Indent with spaces, not with tabs."
    if "escape" in said:
        return "In double quotes a backslash is special: use single quotes."
    starts = re.search(r"(?:^\s*|[-:,]\s+|[\[{]\s*)([*&!%@`|>])", line)
    if starts:
        return f"Text that starts with {starts[1]} needs quotes: '{starts[1]}…'."
    if "mapping values" in said:
        return "A colon and a space make a key: put a text with a colon in quotes."
    if line.count('"') % 2 or line.count("'") % 2 or re.search(r"""[-:,]\s+(["']).*\1\s*\S""", line):
        return "Check the quotes: in 'single quotes' an apostrophe is written twice ('it''s')."
    if line.count("[") != line.count("]") or line.count("{") != line.count("}"):
        return "Check that every bracket that opens also closes."
    return "Check the indentation and the quotes of this line and the one above."


def _cut_by_comments(
    lines: list[str], scalars: list[tuple[int, int, int, int]], name: str
) -> Iterator[Problem]:
    """Find texts that a # cut off: a comment in a line of content that starts without a space after #."""
    for number, line in enumerate(lines):
        indent = len(line) - len(line.lstrip())
        if "#" not in line or (line[indent] == "#" and not _inside(scalars, number, indent)):
            continue
        for found in _COMMENT.finditer(line):
            if _inside(scalars, number, found.start()):
                continue
            lost = line[found.start() :].rstrip()
            before = line[: found.start()]
            if before.strip() and line[found.end() : found.end() + 1].strip():
                text = re.sub(r"^\s*(?:-\s+|[\w-]+:\s+)*[\[{]?\s*", "", before) + lost
                yield Problem(
                    f"YAML drops everything from # on: {lost}",
                    spot(name, (number + 1, found.start() + 1)),
                    f"Write {quoted(text)}; a comment has a space after #.",
                    "yaml-trap",
                )
            break


def _inside(scalars: list[tuple[int, int, int, int]], line: int, column: int) -> bool:
    """Say whether a place lies in a quoted or block text (they stand in the order of the file)."""
    before = bisect.bisect_right(scalars, (line, column), key=lambda scalar: scalar[:2])
    return before > 0 and (line, column) < scalars[before - 1][2:]
