"""Dictionaries of other tools, in and out: quanteda, LIWC, WordStat, Yoshikoder, Lexicoder, Taguette."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import product
from math import prod
from pathlib import Path
from typing import Any, Literal, NamedTuple

from sendthemes.codebook import dictionary_formats as formats
from sendthemes.codebook.dictionary_formats import Line
from sendthemes.codebook.entries import regex_fault
from sendthemes.codebook.load import load_codebook
from sendthemes.codebook.model import Codebook, Entry, Theme
from sendthemes.errors import CodebookError, Problem, nearest
from sendthemes.files import write_whole
from sendthemes.strict_yaml.source import Source, quoted
from sendthemes.table import Table

Format = Literal["quanteda", "liwc", "wordstat", "yoshikoder", "lexicoder", "taguette"]
Row = tuple[str, str, str, str, str]  # where, category, value, problem, action
_READERS: dict[str, tuple[Callable[[str, str], Iterator[Line]], tuple[str, ...]]] = {
    "quanteda": (formats.read_quanteda, (".yml", ".yaml")),
    "liwc": (formats.read_liwc, (".dic",)),
    "wordstat": (formats.read_wordstat, (".cat",)),
    "yoshikoder": (formats.read_yoshikoder, (".ykd",)),
    "lexicoder": (formats.read_lexicoder, (".lc3",)),
    "taguette": (formats.read_taguette, (".csv",)),
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
    if isinstance(source, Mapping):
        lines, stem = formats.from_mapping(source, Source("dictionary", CodebookError)), "dictionary"
    else:
        path = Path(source)
        by_suffix = (name for name, (_, suffixes) in _READERS.items() if path.suffix.lower() in suffixes)
        kind: str = format or next(by_suffix, "")
        if kind not in _READERS:
            hint = nearest(kind, _READERS) if kind else f"Give format=: {', '.join(_READERS)}."
            message = f"The format of {path.name} is not known."
            raise CodebookError(Problem(message, str(path), hint, "format"))
        lines, stem = _READERS[kind][0](_text(path), path.name), path.stem
    themes, report = _themes(lines)
    codebook = {"codebook": _slug(name or stem, set()), "about": f"Read from {stem}.", "themes": themes}
    table = Table(_COLUMNS, tuple(report), title=f"Not expressed in {codebook['codebook']}")
    return Dictionary(load_codebook(codebook), table)


def _text(path: Path) -> str:
    try:
        content = path.read_bytes()
    except OSError as fault:
        message = f"The dictionary cannot be read: {fault.strerror or 'no such file'}."
        raise CodebookError(Problem(message, str(path), "Check the path.", "not-found")) from None
    Source("dictionary", CodebookError, str(path)).check(size=len(content))
    marked = content[:2] in {b"\xff\xfe", b"\xfe\xff"}
    for encoding in ("utf-16",) if marked else ("utf-8-sig", "cp1252", "latin-1"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise CodebookError(Problem("The dictionary is not text.", str(path), "Save it as UTF-8.", "encoding"))


def _themes(lines: Iterable[Line]) -> tuple[list[dict[str, Any]], list[Row]]:
    """Put lines together as themes, with what they and their values cannot express."""
    tops: list[dict[str, Any]] = []
    known: dict[formats.Names, dict[str, Any]] = {}
    taken: set[str] = set()
    report: list[Row] = []
    for line in lines:
        category = line.names[-1] if line.names else ""
        if line.names and line.names not in known:
            theme = {"theme": _slug(category, taken), "label": _clean(category), "entries": [], "themes": []}
            known[line.names] = theme
            (known[line.names[:-1]]["themes"] if line.names[:-1] else tops).append(theme)
        if line.definition:
            known[line.names]["definition"] = _clean(line.definition)
        if line.lost:
            report.append((line.where, category, line.value, line.lost, line.action))
        elif line.value:
            entry, action = _entry(line.value, is_regex=line.regex)
            if action:
                problem = "no word to look for" if entry is None else "punctuation, which no phrase crosses"
                report.append((line.where, category, line.value, problem, action))
            if entry is not None and entry not in known[line.names]["entries"]:
                known[line.names]["entries"].append(entry)
    return tops, report


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
        return {"form": text}, ""
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
    report: list[Row] = []
    lines = [line for theme in codebook.themes for line in _yaml_lines(theme, "", report)]
    left_out = ("", "a classification", "left out")
    report += [(each.classification, each.title, *left_out) for each in codebook.classifications]
    write_whole(path, ("\n".join(lines) + "\n").encode("utf-8"))
    title = f"Not expressed in the quanteda dictionary of {codebook.codebook}"
    return Table(_COLUMNS, tuple(report), title=title)


def _yaml_lines(theme: Theme, indent: str, report: list[Row]) -> Iterator[str]:
    def lost(value: str, problem: str, action: str = "left out") -> None:
        report.append((theme.theme, theme.title, value, problem, action))

    values = sorted({value for entry in theme.entries for value in _values(entry, lost)})
    for exclusion in theme.exclusions:
        lost(exclusion.label, "an exclusion")
    if theme.questions or theme.negated != "count":
        lost("", "the theme's questions or negated")
    yield f"{indent}{quoted(theme.theme)}:" + ("" if values or theme.themes else " []")
    inner = f"{indent}  "
    if theme.themes and values:
        yield f"{inner}{quoted(theme.theme)}:"
    yield from (f"{inner}{'  ' if theme.themes else ''}- {quoted(value)}" for value in values)
    for child in theme.themes:
        yield from _yaml_lines(child, inner, report)


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
