"""Strict YAML: plain data with the place of every value, and no guesses about what was meant.

YAML turns unquoted ``no``, ``2026``, ``12:30`` and ``~`` into something that is not text, drops what stands
after `` #``, and lets anchors copy parts of a file. Here such a value is kept as what it is (``Misread``), so
that whoever wanted text can say what to write instead; everything else that hides or repeats text is refused.
"""

from __future__ import annotations

import bisect
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path as FilePath
from typing import Any

import yaml

from sendthemes.errors import Problem, SendThemesError, nearest
from sendthemes.strict_yaml.source import MAX_PROBLEMS, Misread, Path, Source, quoted

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
Span = tuple[int, int, int, int]  # a quoted or block text: first line and column, last line and column
_LINE_BREAK = re.compile("\r\n|[\n\r\x85\u2028\u2029]")
_COMMENT = re.compile(r"(?:(?<=[ \t])|(?<=[\[{,]))#+")
_BARE_STAR = re.compile(r"^(?P<head>\s*(?:-\s+)+(?:\w+:\s+)?|\s*\w+:\s+)(?P<text>\*.*?)\s*(?: #.*)?$")


def read_file(path: FilePath, what: str, error: type[SendThemesError], name: str = "") -> Source:
    """Read a YAML file without guessing; a byte order mark is ignored.

    Args:
        path: The file.
        what: What it holds, in a word ("codebook").
        error: The error that refuses it.
        name: The name for messages; default: the file's own.

    Raises:
        SendThemesError: As ``error``: there is no such file (the nearest is offered), it is not UTF-8, or
            what ``read_yaml`` refuses.
    """
    name = name or path.name
    try:
        if path.is_file():
            Source(what, error, name).check_size(path.stat().st_size)
        return read_yaml(path.read_bytes().decode("utf-8"), what, error, name)
    except UnicodeDecodeError as fault:
        line = fault.object[: fault.start].count(b"\n") + 1
        remedy = "Save it with encoding UTF-8."
        raise error(Problem("The file is not UTF-8 text.", f"{name}:{line}:1", remedy, "encoding")) from None
    except (FileNotFoundError, NotADirectoryError):
        beside = [each.name for each in path.parent.glob("*.y*ml")] if path.parent.is_dir() else []
        message, near = f"The {what} file is not there.", nearest(path.name, beside)
        raise error(Problem(message, str(path), near, "no-file")) from None
    except OSError as fault:
        message = f"The {what} cannot be read: {fault.strerror or 'it is no file'}."
        raise error(Problem(message, name[:200], "", "no-file")) from None


def read_yaml(text: str, what: str, error: type[SendThemesError], name: str) -> Source:
    """Read one YAML document without guessing.

    Args:
        text: The document; a byte order mark is ignored.
        what: What it holds, in a word ("codebook").
        error: The error that refuses it.
        name: The file's name for messages.

    Raises:
        SendThemesError: As ``error``: the text is not YAML, is longer than 2 MB or nested over 50 levels;
            with all faults found up to there. Other faults come back in ``problems``.
    """
    source = Source(what, error, name, places={(): (1, 1)})
    text = text.removeprefix("\ufeff")
    source.check_size(max(len(text), len(text.encode("utf-8", "replace"))))
    if "\0" in text or any("\ud800" <= character <= "\udfff" for character in text):
        raise error(Problem("The file holds characters that are no text.", name, "Save it as UTF-8.", "yaml"))
    lines = _LINE_BREAK.split(text)
    builder = _Builder(source)
    try:
        for event in yaml.parse(text, Loader=_LOADER):
            builder.take(event)
    except yaml.YAMLError as fault:
        mark = getattr(fault, "problem_mark", None)
        read = lines[: mark.line + 1] if mark else []
        likely = [*_bare_stars(lines, source), *_cut_by_comments(read, builder.scalars, source)]
        if not (mark and any(each.where.startswith(f"{name}:{mark.line + 1}:") for each in likely)):
            likely.append(_syntax_problem(fault, lines, source))
        source.refuse(*likely)
    except RecursionError:
        source.check_levels(sys.maxsize)
    source.problems += _cut_by_comments(lines, builder.scalars, source)
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

    def __init__(self, source: Source) -> None:
        self.source = source
        self.scalars: list[Span] = []
        self.stack: list[_Frame] = []
        self.documents = 0

    def fault(self, mark: Any, message: str, remedy: str, code: str = "yaml-trap") -> None:
        where = self.source.spot(mark.line + 1, mark.column + 1)
        self.source.problems.append(Problem(message, where, remedy, code))
        if len(self.source.problems) >= MAX_PROBLEMS:
            self.source.refuse()

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
                    message = "A second document starts here (---)."
                    self.fault(event.start_mark, message, "Keep one in a file.", "yaml")

    def _open(self, container: dict[str, Any] | list[Any], event: Any) -> None:
        self._refuse_extras(event)
        mark = event.start_mark
        self.source.check_levels(len(self.stack) + 1, self.source.spot(mark.line + 1, mark.column + 1))
        if self.stack and isinstance(self.stack[-1].container, dict) and self.stack[-1].key is None:
            self.fault(mark, "A key must be text; found a list or mapping.", "Quote it.", "yaml")
            self.stack[-1].key = "?"
            self.stack.append(_Frame(container, (*self.stack[-1].path, "?")))
            return
        self.stack.append(_Frame(container, self._put(container, mark)))

    def _refuse_extras(self, event: Any) -> None:
        if event.anchor is not None:
            remedy = "Write the text out, or put it in quotes if it starts with &."
            self.fault(event.start_mark, f"Anchors (&{event.anchor}) are not allowed.", remedy)
        if event.tag is not None:
            remedy = "Leave it out, or put the text in quotes if it starts with !."
            self.fault(event.start_mark, f"Tags ({event.tag}) are not allowed.", remedy)

    def _scalar(self, event: Any) -> None:
        self._refuse_extras(event)
        start, end = event.start_mark, event.end_mark
        if event.style:
            self.scalars.append((start.line, start.column, end.line, end.column))
        value = event.value if event.style or event.tag else plain_value(event.value)
        frame = self.stack[-1] if self.stack else None
        if frame is None or isinstance(frame.container, list):
            self._put(value, start)
        elif frame.key is None:
            self._key(frame, event)
        elif isinstance(value, Misread) and value.kind == "nothing":
            frame.key = None  # a key with nothing after it is as if it were not there
        else:
            self._put(value, start)

    def _key(self, frame: _Frame, event: Any) -> None:
        key, mark = event.value, event.start_mark
        place = (mark.line + 1, mark.column + 1)
        if key == "<<" and not event.style:
            self.fault(mark, "Merge keys (<<) are not allowed.", "Write the keys out.")
        if key in frame.seen:
            message = f"The key {key!r} stands twice; the first is in line {frame.seen[key][0]}."
            remedy = "Keep one. Where another item of a list begins, put '- ' before its first key."
            self.fault(mark, message, remedy, "duplicate-key")
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
        self.source.check_values(len(self.source.places), path)
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


def _bare_stars(lines: list[str], source: Source) -> list[Problem]:
    """Find unquoted texts with a leading *, all of them, though the parser stops at the first."""
    found = []
    for number, line in enumerate(lines, 1):
        star = _BARE_STAR.match(line)
        if star:
            place = source.spot(number, star.start("text") + 1)
            message = f"YAML reads an unquoted * as an alias: {star['text']}"
            found.append(Problem(message, place, f"Write {quoted(star['text'])}.", "yaml-trap"))
    return found


def _syntax_problem(fault: yaml.YAMLError, lines: list[str], source: Source) -> Problem:
    """Put what the parser says, and what most likely caused it, into a researcher's words."""
    mark = getattr(fault, "problem_mark", None)
    said = getattr(fault, "problem", None) or getattr(fault, "reason", None) or "the text is not YAML"
    if mark is None:
        position = getattr(fault, "position", 0) or 0
        message = f"The file holds a character that YAML does not allow (number {position + 1})."
        remedy = "Take control characters out and save the file as UTF-8."
        return Problem(message, source.name, remedy, "yaml")
    if "quoted scalar" in (getattr(fault, "context", None) or "") and "end of stream" in said:
        opened = fault.context_mark  # type: ignore[attr-defined]
        where = source.spot(opened.line + 1, opened.column + 1)
        message = "A quotation mark opens here and none closes."
        return Problem(message, where, "Close it, or take it out.", "yaml")
    line = lines[mark.line] if mark.line < len(lines) else ""
    above = next((text for text in reversed(lines[: mark.line]) if text.strip()), "")
    where = source.spot(mark.line + 1, mark.column + 1)
    return Problem(f"This is not valid YAML: {said}.", where, _advice(said, line, above), "yaml")


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


def _cut_by_comments(lines: list[str], scalars: list[Span], source: Source) -> Iterator[Problem]:
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
                where = source.spot(number + 1, found.start() + 1)
                remedy = f"Write {quoted(text)}; a comment has a space after #."
                yield Problem(f"YAML drops everything from # on: {lost}", where, remedy, "yaml-trap")
            break


def _inside(scalars: list[Span], line: int, column: int) -> bool:
    """Say whether a place lies in a quoted or block text (they stand in the order of the file)."""
    before = bisect.bisect_right(scalars, (line, column), key=lambda scalar: scalar[:2])
    return before > 0 and (line, column) < scalars[before - 1][2:]
