"""Strict YAML: plain data with the place of every value, and no guesses about what was meant.

YAML turns unquoted ``no``, ``2026``, ``12:30`` and ``~`` into something that is not text, drops what stands
after `` #``, and lets anchors copy parts of a file. Here such a value is kept as what it is (``Misread``), so
that whoever wanted text can say what to write instead; everything else that hides or repeats text is refused.
"""

from __future__ import annotations

import bisect
import datetime
import re
from collections.abc import Iterator, Mapping
from pathlib import Path as FilePath
from typing import Any

import yaml

from sendthemes.errors import Problem, SendThemesError, nearest
from sendthemes.strict_yaml.source import MAX_PROBLEMS, Misread, Path, Source, quoted

# libyaml reads two megabytes in half a second; the pure Python parser is the fallback of odd platforms.
_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_RESOLVERS: dict[str, list[tuple[str, re.Pattern[str]]]] = yaml.SafeLoader.yaml_implicit_resolvers
_KINDS = {"bool": "yes or no", "null": "nothing", "timestamp": "a date"}  # all others are numbers
Span = tuple[int, int, int, int]  # a quoted or block text: first line and column, last line and column
_LINE_BREAK = re.compile("\r\n|[\n\r\x85\u2028\u2029]")
_COMMENT = re.compile(r"(?:(?<=[ \t])|(?<=[\[{,]))#+")
_BARE_STAR = re.compile(r"^(?P<head>\s*(?:-\s+)+(?:\w+:\s+)?|\s*\w+:\s+)(?P<text>\*.*?)\s*(?: #.*)?$")


def read_file(path: FilePath, what: str, error: type[SendThemesError], name: str = "") -> Source:
    """Read a YAML file as ``read_yaml`` does.

    A file that is not there (the nearest is offered) or not UTF-8 is refused as ``error``. ``what`` says in a
    word what it holds ("codebook"); ``name`` is what messages call it, by default the file's own name.
    """
    name = name or path.name
    try:
        if path.is_file():
            Source(what, error, name).check(size=path.stat().st_size)
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
    """Read one YAML document without guessing; a byte order mark is ignored.

    Text that is not YAML, is longer than 2 MB or nested over 50 levels is refused as ``error``, with all
    faults found up to there. Other faults come back in ``problems``.
    """
    source = Source(what, error, name, places={(): (1, 1)})
    text = text.removeprefix("\ufeff")
    source.check(size=max(len(text), len(text.encode("utf-8", "replace"))))
    if "\0" in text or any("\ud800" <= character <= "\udfff" for character in text):
        raise error(Problem("The file holds characters that are no text.", name, "Save it as UTF-8.", "yaml"))
    lines = _LINE_BREAK.split(text)
    reader = _Reader(source, text)
    try:
        reader.read()
    except yaml.YAMLError as fault:
        mark = getattr(fault, "problem_mark", None)
        read = lines[: mark.line + 1] if mark else []
        likely = [*_bare_stars(lines, source), *_cut_by_comments(read, reader.texts, source)]
        if not (mark and any(each.where.startswith(f"{name}:{mark.line + 1}:") for each in likely)):
            likely.append(_syntax_problem(fault, lines, source))
        source.refuse(*likely)
    source.problems += _cut_by_comments(lines, reader.texts, source)
    return source


class _Reader:
    """Makes plain data of the parser's events; the limit on levels bounds the recursion."""

    def __init__(self, source: Source, text: str) -> None:
        self.source = source
        self.texts: list[Span] = []  # quoted and block texts
        self._events = yaml.parse(text, Loader=_LOADER)

    def read(self) -> None:
        """Read the first document; another one is a fault."""
        documents = 0
        for event in self._events:
            if isinstance(event, yaml.DocumentStartEvent):
                documents += 1
                if documents == 2:
                    self._fault(event, "A second document starts here (---).", "Keep one in a file.", "yaml")
            elif isinstance(event, yaml.NodeEvent):
                value = self._value(event, () if documents == 1 else (documents,))
                self.source.data = value if documents == 1 else self.source.data

    def _fault(self, event: Any, message: str, remedy: str, code: str = "yaml-trap") -> None:
        self.source.problems.append(Problem(message, self.source.spot(*_place(event)), remedy, code))
        if len(self.source.problems) >= MAX_PROBLEMS:
            self.source.refuse()

    def _value(self, event: Any, path: Path) -> Any:
        """Read the value that an event begins, up to its end."""
        place = self.source.places[path] = _place(event)
        self.source.check(self.source.spot(*place), values=len(self.source.places))
        if isinstance(event, yaml.AliasEvent):
            text = f"*{event.anchor}"
            self._fault(event, f"YAML reads an unquoted * as an alias: {text}", f"Write {quoted(text)}.")
            return text
        if event.anchor is not None:
            remedy = "Write the text out, or put it in quotes if it starts with &."
            self._fault(event, f"Anchors (&{event.anchor}) are not allowed.", remedy)
        if event.tag is not None:
            remedy = "Leave it out, or put the text in quotes if it starts with !."
            self._fault(event, f"Tags ({event.tag}) are not allowed.", remedy)
        if isinstance(event, yaml.ScalarEvent):
            if event.style:
                end: Any = event.end_mark
                self.texts.append((place[0] - 1, place[1] - 1, end.line, end.column))
            return event.value if event.style or event.tag else plain_value(event.value)
        self.source.check(self.source.spot(*place), levels=len(path) + 1)
        if isinstance(event, yaml.MappingStartEvent):
            return self._mapping(path)
        items: list[Any] = []
        for item in self._until(yaml.SequenceEndEvent):
            items.append(self._value(item, (*path, len(items))))
        return items

    def _until(self, end: type[yaml.Event]) -> Iterator[Any]:
        for event in self._events:
            if isinstance(event, end):
                return
            yield event

    def _mapping(self, path: Path) -> dict[str, Any]:
        found: dict[str, Any] = {}
        lines: dict[str, int] = {}
        for event in self._until(yaml.MappingEndEvent):
            key = self._key(event, path)
            if key in lines:
                message = f"The key {key!r} stands twice; the first is in line {lines[key]}."
                remedy = "Keep one. Where another item of a list begins, put '- ' before its first key."
                self._fault(event, message, remedy, "duplicate-key")
            place = self.source.keys[(*path, key)] = _place(event)
            lines.setdefault(key, place[0])
            value = self._value(next(self._events), (*path, key))
            if isinstance(value, Misread) and value.kind == "nothing":
                del self.source.places[(*path, key)]  # as if the key were not there
            else:
                found[key] = value
        return found

    def _key(self, event: Any, path: Path) -> str:
        if isinstance(event, yaml.ScalarEvent):
            key = str(event.value)
            if key == "<<" and not event.style:
                self._fault(event, "Merge keys (<<) are not allowed.", "Write the keys out.")
        elif isinstance(event, yaml.AliasEvent):
            key = f"*{event.anchor}"
        else:
            key = "?"
            self._fault(event, "A key must be text; found a list or mapping.", "Quote it.", "yaml")
        self._value(event, (*path, key))
        return key


def _place(event: Any) -> tuple[int, int]:
    """Give the line and column at which an event begins, from 1."""
    mark = event.start_mark
    return mark.line + 1, mark.column + 1


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
            return Misread(text, _KINDS.get(kind, "a number"))
    return text


def _bare_stars(lines: list[str], source: Source) -> Iterator[Problem]:
    """Find unquoted texts with a leading *, all of them, though the parser stops at the first."""
    for number, line in enumerate(lines, 1):
        if star := _BARE_STAR.match(line):
            message = f"YAML reads an unquoted * as an alias: {star['text']}"
            where = source.spot(number, star.start("text") + 1)
            yield Problem(message, where, f"Write {quoted(star['text'])}.", "yaml-trap")


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
    starts = re.search(r"(?:^\s*|[-:,]\s+|[\[{]\s*)([*&!%@`|>])", line)
    if re.match(r"[ ]*\t", line) or re.match(r"[ ]*\t", above):
        return "Indent with spaces, not with tabs."
    if "escape" in said:
        return "In double quotes a backslash is special: use single quotes."
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


def read_mapping(mapping: Mapping[Any, Any], source: Source) -> Source:
    """Read parsed YAML into a source, as strictly as a file (keys True and False are yes and no).

    Refused where it is larger than 2 MB, has over 50,000 values, or is nested over 50 levels (or in itself).
    """
    values = characters = 0

    def copied(value: Any, path: Path) -> Any:
        nonlocal values, characters
        values += 1
        characters += len(value) if isinstance(value, str) else 0
        source.check(size=characters, values=values, levels=len(path))
        if isinstance(value, Mapping):
            return dict(pairs(value, path))
        if isinstance(value, list | tuple):
            return [copied(inner, (*path, at)) for at, inner in enumerate(value)]
        if value is None:
            return Misread("null", "nothing")
        if isinstance(value, datetime.date | datetime.time):
            return Misread(str(value), "a date")
        if isinstance(value, str | bool | float) or (isinstance(value, int) and abs(value) < 10**15):
            return value
        return Misread(type(value).__name__, "something that is not text")

    def pairs(mapping: Mapping[Any, Any], path: Path) -> Iterator[tuple[str, Any]]:
        seen: set[str] = set()
        for key, inner in mapping.items():
            # YAML 1.1 makes the keys of examples: {yes: …, no: …} truth values.
            name = {True: "yes", False: "no"}[key] if isinstance(key, bool) else str(key)
            if name in seen:
                message, where = f"The key {name!r} stands twice.", source.where((*path, name))
                source.problems.append(Problem(message, where, "Keep one.", "duplicate-key"))
            if inner is not None:
                seen.add(name)
                yield name, copied(inner, (*path, name))

    source.data = copied(mapping, ())
    return source
