"""The dictionary formats of other tools, each read into lines: a category by its path, and one of its values.

Facts about the formats: quanteda (github.com/quanteda/quanteda, R/dictionaries.R and its test data) for its
YAML, LIWC ``.dic``, WordStat ``.cat``, Yoshikoder ``.ykd`` and Lexicoder ``.lc3``; Taguette
(github.com/remram44/taguette, taguette/import_codebook.py) for its CSV.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple
from xml.etree import ElementTree

from sendthemes.errors import CodebookError, Problem
from sendthemes.strict_yaml.read import read_yaml
from sendthemes.strict_yaml.source import MAX_LEVELS, Misread, Source
from sendthemes.strict_yaml.source import Path as Steps

Names = tuple[str, ...]  # a category and those above it, from the top down


class Line(NamedTuple):
    """A category, with one of its values, or a loss.

    Attributes:
        names: The category's name, after those of the categories above it; empty outside any category.
        where: Its place in the file.
        value: What it looks for, as written; empty where the line only tells that there is the category.
        definition: What the file says about the category; may be empty.
        regex: Whether the value is a regular expression.
        lost: What a codebook cannot express here; such a line makes no value.
        action: What is done about the loss.
    """

    names: Names
    where: str
    value: str = ""
    definition: str = ""
    regex: bool = False
    lost: str = ""
    action: str = "left out"


def read_quanteda(text: str, name: str) -> Iterator[Line]:
    """Read quanteda's YAML: keys are categories, lists and texts their values."""
    source = read_yaml(text, "dictionary", CodebookError, name)
    for each in source.problems:
        yield Line((), each.where, lost=each.message, action="read as YAML reads it")
    yield from from_mapping(source.data, source)


def from_mapping(data: Any, source: Source) -> Iterator[Line]:
    """Read a dictionary given as mappings and lists (an R list, a parsed YAML file)."""
    if not isinstance(data, Mapping):
        raise _fault(
            source.where(()), "A dictionary is a mapping of categories.", "Write category: [value, …]."
        )
    for key, value in data.items():
        yield from _category((str(key),), value, (key,), source)


def _category(names: Names, value: Any, path: Steps, source: Source) -> Iterator[Line]:
    yield Line(_nested(names, source.where(())), source.where(path, key=True))
    items = enumerate(value) if isinstance(value, list | tuple) else [(None, value)]
    for at, item in items:
        here = path if at is None else (*path, at)
        if isinstance(item, Mapping):
            for key, inner in item.items():
                yield from _category((*names, str(key)), inner, (*here, key), source)
        elif isinstance(item, list | tuple):
            yield from _category((*names, f"{names[-1]} {(at or 0) + 1}"), item, here, source)
        else:
            text = item.text if isinstance(item, Misread) else str(item)
            yield Line(names, source.where(here), text.lower() if isinstance(item, bool) else text)


def read_liwc(text: str, name: str) -> Iterator[Line]:
    """Read LIWC's .dic: categories between two lines of %, then words with their numbers."""
    lines = text.splitlines()
    marks = [at for at, line in enumerate(lines) if line.strip() == "%"]
    if len(marks) < 2:
        raise _fault(f"{name}:1:1", "A .dic file lists its categories between two lines of %.", "Add them.")
    by_number: dict[str, Names] = {}
    names: Names = ()
    for at in range(marks[0] + 1, marks[1]):
        if found := re.match(r"(\t*)\s*(\d+)\s+(.+?)\s*$", lines[at]):
            names = by_number[found[2].lstrip("0")] = (*names[: len(found[1])], found[3])
            yield Line(_nested(names, name), f"{name}:{at + 1}:1")
    for at, line in enumerate(lines[marks[1] + 1 :], start=marks[1] + 2):
        where, content = f"{name}:{at}:1", line.strip()
        plain = re.sub(r"\([^)]*\d[^)]*\)", " ", line)
        found = re.match(r"\s*(.+?)\s+(\d+(?:[\s/]+\d+)*)\s*$", plain)
        if plain != line:
            yield Line(
                (), where, content, lost="a condition in brackets", action="the condition was left out"
            )
        if found is None or "<of>" in line:
            if content:
                yield Line((), where, content, lost="not a word with numbers of categories")
            continue
        for number in re.split(r"[\s/]+", found[2]):
            names = by_number.get(number.lstrip("0"), ())
            lost = "" if names else f"category {number}, which the file does not define"
            yield Line(names, where, found[1], lost=lost)


def read_wordstat(text: str, name: str) -> Iterator[Line]:
    """Read WordStat's .cat: tabs nest, a weight in brackets marks a value, _ joins the words of a phrase."""
    names: Names = ()
    for number, line in enumerate(text.splitlines(), 1):
        where, depth, content = f"{name}:{number}:1", line.count("\t"), line.strip()
        weighed = re.fullmatch(r"(.+?)\s*\((-?[\d.]+)\)", content)
        if content.startswith("@"):
            yield Line(
                (), where, content, lost="a WordStat rule", action="left out; write near, sequence or all"
            )
        elif weighed:
            value = weighed[1].replace("_", " ")
            if not names[:depth]:
                yield Line((), where, content, lost="a value outside any category")
                continue
            if weighed[2].rstrip("0.") != "1":
                weight = f"the weight {weighed[2]}"
                yield Line(names[:depth], where, content, lost=weight, action="counted as one")
            yield Line(names[:depth], where, value)
        elif content:
            names = (*names[:depth], content)
            yield Line(_nested(names, where), where)


def read_lexicoder(text: str, name: str) -> Iterator[Line]:
    """Read Lexicoder's .lc3: +category, then its values, one a line."""
    names: Names = ()
    for number, line in enumerate(text.splitlines(), 1):
        where, content = f"{name}:{number}:1", line.strip()
        if content.startswith("+"):
            names, content = (content[1:].strip() or "unnamed",), ""
        if names or content:
            yield Line(names, where, content, lost="" if names else "a value before the first category")


def read_yoshikoder(text: str, name: str) -> Iterator[Line]:
    """Read Yoshikoder's .ykd: XML of category nodes (cnode) and pattern nodes (pnode)."""
    if re.search(r"<!(DOCTYPE|ENTITY)", text, re.IGNORECASE):
        raise _fault(f"{name}:1:1", "The XML declares entities or a document type.", "Take them out.")
    try:
        body = re.sub(r"^\s*<\?xml[^>]*\?>", "", text)
        root = ElementTree.fromstring(body)  # noqa: S314 (entities are refused above)
    except ElementTree.ParseError as fault:
        where = f"{name}:{fault.position[0]}:{fault.position[1] + 1}"
        raise _fault(where, f"This is not valid XML: {fault}.", "Export it again.") from None
    tops = root.findall("cnode")
    if len(tops) == 1 and tops[0].find("cnode") is not None and tops[0].find("pnode") is None:
        tops = tops[0].findall("cnode")  # one that holds all the others and nothing else
    for node in tops:
        yield from _node(node, (), name, "regex" in root.get("patternengine", ""))


def _node(node: ElementTree.Element, above: Names, name: str, regex: bool) -> Iterator[Line]:
    names = _nested((*above, node.get("name", "")), f"{name}:1:1")
    yield Line(names, name, definition=node.get("desc", ""))
    for child in node.findall("pnode"):
        value = child.get("name", "")
        yield Line(names, name, value, regex=regex)
        if score := child.get("score"):
            yield Line(names, name, value, lost=f"the score {score}", action="counted as one")
    for child in node.findall("cnode"):
        yield from _node(child, names, name, regex)


def read_taguette(text: str, name: str) -> Iterator[Line]:
    """Read Taguette's codebook CSV: tag (or name, path), description, parent; no words to look for."""
    rows = list(csv.reader(io.StringIO(text)))
    header = [cell.strip().lower() for cell in rows[0]] if rows else []
    key = next((column for column in ("tag", "name", "path") if column in header), None)
    if key is None:
        raise _fault(f"{name}:1:1", "There is no column tag, name or path.", "Export the codebook as CSV.")
    listed = [dict(zip(header, map(str.strip, row), strict=False)) for row in rows[1:]]
    above = {cells[key]: cells.get("parent", "") for cells in reversed(listed) if cells.get(key)}
    apart = {tag for tag, parent in above.items() if parent and tag in _up(above, parent)}
    apart |= {tag for tag, parent in above.items() if parent and parent not in above}
    for number, cells in enumerate(listed, 2):
        where, tag = f"{name}:{number}:1", cells.get(key, "")
        if tag in apart:
            lost, action = "an unknown or circular parent", "put at the top"
            yield Line((tag,), where, above[tag], lost=lost, action=action)
        if tag:
            names = tuple(reversed(_up({**above, **dict.fromkeys(apart, "")}, tag)))
            yield Line(names, where, definition=cells.get("description", ""))
        elif any(cells.values()):
            yield Line((), where, lost="a row without a tag")
    yield Line((), name, lost="Taguette codebooks hold tags without words", action="add entries")


def _up(above: Mapping[str, str], tag: str) -> list[str]:
    """Give a tag and those above it, as far as they are known (and as deep as may be)."""
    found = [tag] if tag in above else []
    while found and len(found) <= MAX_LEVELS and (parent := above[found[-1]]) in above:
        found.append(parent)
    return found


def _nested(names: Names, where: str) -> Names:
    """Give names as they are, or refuse what is nested too deep."""
    if len(names) > MAX_LEVELS:
        raise _fault(where, f"The dictionary is nested over {MAX_LEVELS} levels.", "Flatten it.")
    return names


def _fault(where: str, message: str, remedy: str) -> CodebookError:
    return CodebookError(Problem(message, where, remedy, "dictionary"))
