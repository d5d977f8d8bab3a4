"""Dictionaries of other tools, in and out: quanteda, LIWC, WordStat, Yoshikoder, Lexicoder, Taguette."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from itertools import product
from math import prod
from pathlib import Path
from typing import Any, Literal, NamedTuple

from sendthemes.codebook import dictionary_formats as formats
from sendthemes.codebook.dictionary_formats import Category, ReportRow
from sendthemes.codebook.entries import content_faults, regex_fault
from sendthemes.codebook.load import load_codebook
from sendthemes.codebook.model import Codebook, Entry, Theme
from sendthemes.errors import CodebookError, Problem, nearest
from sendthemes.files import write_whole
from sendthemes.strict_yaml.source import Source, quoted
from sendthemes.table import Table

Format = Literal["quanteda", "liwc", "wordstat", "yoshikoder", "lexicoder", "taguette"]
_READERS: dict[str, Callable[[str, str, list[ReportRow]], list[Category]]] = {
    "quanteda": formats.read_quanteda,
    "liwc": formats.read_liwc,
    "wordstat": formats.read_wordstat,
    "yoshikoder": formats.read_yoshikoder,
    "lexicoder": formats.read_lexicoder,
    "taguette": formats.read_taguette,
}
_SUFFIXES = {
    ".yml": "quanteda",
    ".yaml": "quanteda",
    ".dic": "liwc",
    ".cat": "wordstat",
    ".ykd": "yoshikoder",
    ".lc3": "lexicoder",
    ".csv": "taguette",
}
_COLUMNS = ("where", "category", "value", "problem", "action")
_MOST_FORMS = 60


class Dictionary(NamedTuple):
    """Another tool's dictionary as a codebook.

    Attributes:
        codebook: One theme a category, one entry a value.
        report: What could not be expressed: where, category, value, problem, action. No rows: nothing lost.
    """

    codebook: Codebook
    report: Table


def read_dictionary(
    source: str | Path | Mapping[str, Any], *, format: Format | None = None, name: str | None = None
) -> Dictionary:
    """Read another tool's dictionary as a codebook.

    Values become ``form`` entries: those tools match forms as written, in any case, with * and ?, and know no
    lemmas. A value with punctuation inside (``:)``, ``U.S.``) becomes a regular expression with word edges.
    Categories become themes, nested as they were; their names become labels.

    Args:
        source: The path of a dictionary, or a mapping of categories to values (an R list, parsed YAML).
        format: "quanteda", "liwc", "wordstat", "yoshikoder", "lexicoder" or "taguette"; by default from the
            suffix: .yml, .dic, .cat, .ykd, .lc3, .csv.
        name: The codebook's name; by default from the file's name.

    Returns:
        The codebook, and the report of what could not be expressed.

    Raises:
        CodebookError: The file is not of that format, is larger than 2 MB, or its XML declares entities.
    """
    report: list[ReportRow] = []
    if isinstance(source, Mapping):
        categories, stem = formats.from_mapping(source, Source("dictionary", CodebookError)), "dictionary"
    else:
        path = Path(source)
        kind = format or _SUFFIXES.get(path.suffix.lower())
        if kind not in _READERS:
            hint = nearest(str(kind), _READERS) if kind else f"Give format=: {', '.join(_READERS)}."
            raise CodebookError(
                Problem(f"The format of {path.name} is not known.", str(path), hint, "format")
            )
        categories, stem = _READERS[kind](_text(path), path.name, report), path.stem
    taken: set[str] = set()
    themes = [_theme(category, taken, report) for category in categories]
    codebook = {"codebook": _slug(name or stem, set()), "about": f"Read from {stem}.", "themes": themes}
    table = Table(_COLUMNS, tuple(report), title=f"Not expressed in {codebook['codebook']}")
    return Dictionary(load_codebook(codebook), table)


def _text(path: Path) -> str:
    try:
        content = path.read_bytes()
    except OSError as fault:
        message = f"The dictionary cannot be read: {fault.strerror or 'no such file'}."
        raise CodebookError(Problem(message, str(path), "Check the path.", "not-found")) from None
    Source("dictionary", CodebookError, str(path)).check_size(len(content))
    encodings = (
        ("utf-16",) if content[:2] in {b"\xff\xfe", b"\xfe\xff"} else ("utf-8-sig", "cp1252", "latin-1")
    )
    for encoding in encodings:
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise CodebookError(Problem("The dictionary is not text.", str(path), "Save it as UTF-8.", "encoding"))


def _theme(category: Category, taken: set[str], report: list[ReportRow]) -> dict[str, Any]:
    entries: dict[str, dict[str, str]] = {}
    for value, where in category.values:
        entry, action = _entry(value, is_regex=category.regex)
        if action:
            problem = "no word to look for" if entry is None else "punctuation, which no phrase crosses"
            report.append((where, category.name, value, problem, action))
        if entry is not None:
            entries.setdefault(str(entry), entry)
    theme: dict[str, Any] = {"theme": _slug(category.name, taken), "label": _clean(category.name)}
    children = [_theme(child, taken, report) for child in category.children]
    return theme | {
        "definition": _clean(category.definition),
        "entries": list(entries.values()),
        "themes": children,
    }


def _clean(text: str) -> str:
    return " ".join("".join(letter if letter.isprintable() else " " for letter in text).split())


def _entry(value: str, *, is_regex: bool) -> tuple[dict[str, str] | None, str]:
    """Express a value; gives the entry, if there is one, and what had to be done to it, if anything."""
    text = _clean(value)
    if is_regex:
        fault = regex_fault(text)
        return (None, f"left out: {fault}") if fault else ({"regex": text}, "")
    if not any(letter.isalnum() for letter in text) and not re.search(r"[^\s*?]", text):
        return None, "left out"
    if re.fullmatch(r"[\w\s*?'’/-]+", text) and re.search(r"[^\W_]", text):
        faults = list(content_faults("form", text))
        return ({"form": text}, "") if not faults else (None, f"left out: {faults[0].message}")
    pattern = re.escape(text).replace(r"\*", r"\w*").replace(r"\?", r"\w")
    return {"regex": rf"(?i)(?<!\w){pattern}(?!\w)"}, "kept as a regular expression"


def _slug(name: str, taken: set[str]) -> str:
    base = re.sub(r"[^a-z0-9_-]+", "-", name.lower()).strip("-_")[:80] or "category"
    slug, number = base, 1
    while slug in taken:
        number += 1
        slug = f"{base}-{number}"
    taken.add(slug)
    return slug


def write_dictionary(codebook: Codebook, path: str | Path) -> Table:
    """Write a codebook's themes as a quanteda YAML dictionary.

    quanteda matches forms as written, so a word entry is written out in all its forms (budget, budgets,
    budgeted, …), a hyphened one also closed and spaced. A theme with entries and sub-themes keeps its own
    entries under a key of its own name.

    Args:
        codebook: Any codebook.
        path: The YAML file to write.

    Returns:
        What is lost: where (the theme's id), category, value, problem, action. No rows: nothing.
    """
    report: list[ReportRow] = []
    lines = [line for theme in codebook.themes for line in _yaml_lines(theme, 0, report)]
    report += [
        (each.classification, each.title, "", "a classification", "left out")
        for each in codebook.classifications
    ]
    write_whole(path, ("\n".join(lines) + "\n").encode("utf-8"))
    title = f"Not expressed in the quanteda dictionary of {codebook.codebook}"
    return Table(_COLUMNS, tuple(report), title=title)


def _yaml_lines(theme: Theme, depth: int, report: list[ReportRow]) -> Iterator[str]:
    def lost(value: str, problem: str, action: str = "left out") -> None:
        report.append((theme.theme, theme.title, value, problem, action))

    indent = "  " * depth
    values = sorted({value for entry in theme.entries for value in _values(entry, lost)})
    for exclusion in theme.exclusions:
        lost(exclusion.label, "an exclusion")
    if theme.questions or theme.negated != "count":
        lost("", "the theme's questions or negated")
    yield f"{indent}{quoted(theme.theme)}:" + ("" if values or theme.themes else " []")
    if theme.themes and values:
        yield f"{indent}  {quoted(theme.theme)}:"
        indent += "  "
    yield from (f"{indent}  - {quoted(value)}" for value in values)
    for child in theme.themes:
        yield from _yaml_lines(child, depth + 1, report)


def _values(entry: Entry, lost: Callable[..., None]) -> list[str]:
    """Write an entry out as quanteda patterns, and report what they cannot say."""
    options = [name for name in ("pos", "questions", "negated", "fuzzy") if getattr(entry, name)]
    if options:
        lost(entry.label, f"the options {', '.join(options)}", "options left out")
    if entry.kind not in {"word", "form", "exact"}:
        lost(entry.label, f"an entry of kind {entry.kind}")
        return []
    if entry.kind == "exact":
        lost(entry.label, "case", "quanteda matches any case by default")
    text = str(getattr(entry, entry.kind)).replace("/", " ")
    if entry.kind != "word":
        return [text]
    words = text.casefold().split()
    choices = [_forms(word) for word in words]
    if prod(map(len, choices)) > _MOST_FORMS:
        lost(entry.label, "too many inflections", "only its last word is inflected")
        choices[:-1] = [[word] for word in words[:-1]]
    return [" ".join(each) for each in product(*choices)]


def _forms(word: str) -> list[str]:
    from sendthemes.language.types import load_types

    if "*" in word or "?" in word:
        return [word]
    spellings = {word, word.replace("-", ""), word.replace("-", " ")}
    return sorted(
        {form for each in spellings for form in (load_types().covered(each) if " " not in each else {each})}
    )
