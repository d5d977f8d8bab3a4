"""The dictionary formats of other tools, each read into categories with their values as written.

Facts about the formats: quanteda (github.com/quanteda/quanteda, R/dictionaries.R and its test data) for its
YAML, LIWC ``.dic``, WordStat ``.cat``, Yoshikoder ``.ykd`` and Lexicoder ``.lc3``; Taguette
(github.com/remram44/taguette, taguette/import_codebook.py) for its CSV.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from xml.etree import ElementTree

from sendthemes.errors import CodebookError, Problem
from sendthemes.strict_yaml.read import read_yaml
from sendthemes.strict_yaml.source import MAX_LEVELS, Misread, Source

ReportRow = tuple[str, str, str, str, str]  # where, category, value, problem, action


@dataclass(slots=True)
class Category:
    """One category as the file has it.

    Attributes:
        name: Its name as written.
        where: Its place in the file.
        definition: What the file says about it; may be empty.
        values: What it looks for, as written, with places.
        children: The categories under it.
        regex: Whether the values are regular expressions.
    """

    name: str
    where: str
    definition: str = ""
    values: list[tuple[str, str]] = field(default_factory=list)
    children: list[Category] = field(default_factory=list)
    regex: bool = False


def read_quanteda(text: str, name: str, report: list[ReportRow]) -> list[Category]:
    """Read quanteda's YAML: keys are categories, lists and texts their values."""
    source = read_yaml(text, "dictionary", CodebookError, name)
    report += [(each.where, "", "", each.message, "read as YAML reads it") for each in source.problems]
    return from_mapping(source.data, source)


def from_mapping(data: Any, source: Source) -> list[Category]:
    """Read a dictionary given as mappings and lists (an R list, a parsed YAML file)."""
    if not isinstance(data, Mapping):
        raise _fault(
            source.where(()), "A dictionary is a mapping of categories.", "Write category: [value, …]."
        )
    return [_category(str(key), value, (key,), source) for key, value in data.items()]


def _category(name: str, value: Any, path: tuple[str | int, ...], source: Source) -> Category:
    if len(path) > MAX_LEVELS:
        raise _fault(source.where(()), f"The dictionary is nested over {MAX_LEVELS} levels.", "Flatten it.")
    category = Category(name, source.where(path, key=True))
    items = enumerate(value) if isinstance(value, list | tuple) else [(None, value)]
    for at, item in items:
        here = path if at is None else (*path, at)
        if isinstance(item, Mapping):
            category.children += [
                _category(str(key), inner, (*here, key), source) for key, inner in item.items()
            ]
        elif isinstance(item, list | tuple):
            category.children.append(_category(f"{name} {(at or 0) + 1}", item, here, source))
        else:
            text = item.text if isinstance(item, Misread) else str(item)
            category.values.append((text.lower() if isinstance(item, bool) else text, source.where(here)))
    return category


def read_liwc(text: str, name: str, report: list[ReportRow]) -> list[Category]:
    """Read LIWC's .dic: categories between two lines of %, then words with their numbers."""
    lines = text.splitlines()
    marks = [number for number, line in enumerate(lines) if line.strip() == "%"]
    if len(marks) < 2:
        raise _fault(f"{name}:1:1", "A .dic file lists its categories between two lines of %.", "Add them.")
    tops: list[Category] = []
    by_number: dict[str, Category] = {}
    open_: list[Category] = []
    for number in range(marks[0] + 1, marks[1]):
        found = re.match(r"(\t*)\s*(\d+)\s+(.+?)\s*$", lines[number])
        if found:
            category = Category(found[3], f"{name}:{number + 1}:1")
            by_number[found[2].lstrip("0")] = category
            _nest(category, len(found[1]), open_, tops)
    for number in range(marks[1] + 1, len(lines)):
        _liwc_value(lines[number], f"{name}:{number + 1}:1", by_number, report)
    return tops


def _liwc_value(line: str, where: str, by_number: Mapping[str, Category], report: list[ReportRow]) -> None:
    if not line.strip():
        return
    plain = re.sub(r"\([^)]*\d[^)]*\)", " ", line)
    if plain != line:
        report.append((where, "", line.strip(), "a condition in brackets", "the condition was left out"))
    found = re.match(r"\s*(.+?)\s+(\d+(?:[\s/]+\d+)*)\s*$", plain)
    if found is None or "<of>" in line:
        report.append((where, "", line.strip(), "not a word with numbers of categories", "left out"))
        return
    for each in re.split(r"[\s/]+", found[2]):
        category = by_number.get(each.lstrip("0"))
        if category is None:
            report.append((where, each, found[1], "a category that the file does not define", "left out"))
        else:
            category.values.append((found[1], where))


def _nest(category: Category, depth: int, open_: list[Category], tops: list[Category]) -> None:
    """Put a category under the open one of the level above; ``open_`` is the line from the top to it."""
    del open_[depth:]
    (open_[-1].children if open_ else tops).append(category)
    open_.append(category)


def read_wordstat(text: str, name: str, report: list[ReportRow]) -> list[Category]:
    """Read WordStat's .cat: tabs nest, a weight in brackets marks a value, _ joins the words of a phrase."""
    tops: list[Category] = []
    open_: list[Category] = []
    for number, line in enumerate(text.splitlines(), 1):
        where, depth, content = f"{name}:{number}:1", line.count("\t"), line.strip()
        weighed = re.fullmatch(r"(.+?)\s*\((-?[\d.]+)\)", content)
        if not content:
            continue
        if content.startswith("@"):
            report.append((where, "", content, "a WordStat rule", "left out; write near, sequence or all"))
        elif weighed is None:
            if depth >= MAX_LEVELS:
                raise _fault(where, f"The dictionary is nested over {MAX_LEVELS} levels.", "Flatten it.")
            _nest(Category(content, where), depth, open_, tops)
        elif not open_[:depth]:
            report.append((where, "", content, "a value outside any category", "left out"))
        else:
            category = open_[:depth][-1]
            if weighed[2].rstrip("0.") != "1":
                report.append((where, category.name, content, f"the weight {weighed[2]}", "counted as one"))
            category.values.append((weighed[1].replace("_", " "), where))
    return tops


def read_lexicoder(text: str, name: str, report: list[ReportRow]) -> list[Category]:
    """Read Lexicoder's .lc3: +category, then its values, one a line."""
    tops: list[Category] = []
    for number, line in enumerate(text.splitlines(), 1):
        where, content = f"{name}:{number}:1", line.strip()
        if content.startswith("+"):
            tops.append(Category(content[1:].strip() or "unnamed", where))
        elif content and tops:
            tops[-1].values.append((content, where))
        elif content:
            report.append((where, "", content, "a value before the first category", "left out"))
    return tops


def read_yoshikoder(text: str, name: str, report: list[ReportRow]) -> list[Category]:
    """Read Yoshikoder's .ykd: XML of category nodes (cnode) and pattern nodes (pnode)."""
    if re.search(r"<!(DOCTYPE|ENTITY)", text, re.IGNORECASE):
        raise _fault(f"{name}:1:1", "The XML declares entities or a document type.", "Take them out.")
    try:
        body = re.sub(r"^\s*<\?xml[^>]*\?>", "", text)
        root = ElementTree.fromstring(body)  # noqa: S314 (entities are refused above)
    except ElementTree.ParseError as fault:
        line, column = fault.position
        raise _fault(
            f"{name}:{line}:{column + 1}", f"This is not valid XML: {fault}.", "Export it again."
        ) from None
    is_regex = "regex" in root.get("patternengine", "")
    tops = [_node(child, name, is_regex, 1) for child in root.findall("cnode")]
    report += [
        (name, "", node.get("name", ""), f"the score {node.get('score')}", "left out")
        for node in root.iter("pnode")
        if node.get("score")
    ]
    shell = len(tops) == 1 and tops[0].children and not tops[0].values
    return tops[0].children if shell else tops


def _node(node: ElementTree.Element, name: str, is_regex: bool, depth: int) -> Category:
    if depth > MAX_LEVELS:
        raise _fault(f"{name}:1:1", f"The dictionary is nested over {MAX_LEVELS} levels.", "Flatten it.")
    values = [(child.get("name", ""), name) for child in node.findall("pnode")]
    children = [_node(child, name, is_regex, depth + 1) for child in node.findall("cnode")]
    return Category(node.get("name", ""), name, node.get("desc", ""), values, children, is_regex)


def read_taguette(text: str, name: str, report: list[ReportRow]) -> list[Category]:
    """Read Taguette's codebook CSV: tag (or name, path), description, parent; no words to look for."""
    rows = list(csv.reader(io.StringIO(text)))
    header = [cell.strip().lower() for cell in rows[0]] if rows else []
    key = next((column for column in ("tag", "name", "path") if column in header), None)
    if key is None:
        raise _fault(f"{name}:1:1", "There is no column tag, name or path.", "Export the codebook as CSV.")
    tops: list[Category] = []
    by_name: dict[str, Category] = {}
    parents: list[tuple[Category, str]] = []
    for number, row in enumerate(rows[1:], 2):
        cells = dict(zip(header, map(str.strip, row), strict=False))
        where, tag = f"{name}:{number}:1", cells.get(key, "")
        if not tag:
            if any(row):
                report.append((where, "", "", "a row without a tag", "left out"))
            continue
        category = Category(tag, where, cells.get("description", ""))
        by_name.setdefault(tag, category)
        parents.append((category, cells.get("parent", "")))
    above = {category.name: parent for category, parent in parents}
    for category, parent in parents:
        owner = by_name.get(parent)
        if parent and (owner is None or _leads_to(category.name, parent, above)):
            report.append(
                (category.where, category.name, parent, "an unknown or circular parent", "put at the top")
            )
            owner = None
        (owner.children if owner is not None else tops).append(category)
    report.append((name, "", "", "Taguette codebooks hold tags without words", "add entries"))
    return tops


def _leads_to(name: str, parent: str, above: Mapping[str, str]) -> bool:
    """Say whether going up from a parent leads back to the name (or is endless)."""
    for _ in range(MAX_LEVELS):
        if parent == name:
            return True
        parent = above.get(parent, "")
        if not parent:
            return False
    return True


def _fault(where: str, message: str, remedy: str) -> CodebookError:
    return CodebookError(Problem(message, where, remedy, "dictionary"))
