"""Checking a codebook: what an analyst would want to know before counting with it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from itertools import combinations
from pathlib import Path as FilePath
from typing import Any, NamedTuple

import regex

from sendthemes.codebook.load import load_with_places
from sendthemes.codebook.model import Codebook, Entry, Theme
from sendthemes.codebook.source import Path, Source
from sendthemes.coding.code import Lemmas, code_answers
from sendthemes.coding.compile import compile_entry
from sendthemes.errors import CodebookError
from sendthemes.language.types import load_types
from sendthemes.sensecheck.covering import swallowed
from sendthemes.sensecheck.findings import Finding, located, tried
from sendthemes.survey.answers import Answers, Question
from sendthemes.table import Table

_ORDER = {"error": 0, "warning": 1, "info": 2}
_SHARED = 0.5
_LONG = 3_000
_EDGES = re.compile(r"\\b|\\m|\\M|[\^$]|\\[AZ]|\(\?<?[=!]")


def check_codebook(
    codebook: str | FilePath | Mapping[str, Any] | Codebook,
    answers: Answers | None = None,
    *,
    lemmas: Lemmas = "possible",
) -> Table:
    """Check a codebook, alone or against answers.

    A codebook that cannot be loaded gives its faults as findings. Without answers: entries that can never
    match, that stand twice or add nothing beside a broader one, inflected words that are brought to their
    base, regular expressions without word edges or too slow, themes that share half of their entries or
    lack a definition, examples that fail. With answers, in addition: entries that find nothing, that make
    over 80 % of their theme's answers, that never find an answer alone, whose hits are mostly negated or
    repeat the question. No finding shows an answer's text.

    Args:
        codebook: A bundled name, path, mapping or loaded codebook.
        answers: A survey to try the entries on; ``None`` checks the codebook alone.
        lemmas: As in ``code_answers``, for examples and answers.

    Returns:
        One row a finding, errors first, then by place: where (file:line:column), code, severity (error,
        warning, info), theme, entry, message, remedy. No rows: nothing found.

    Raises:
        ModelError: If the spaCy model is missing or not the known one.
    """
    try:
        loaded, source = (
            (codebook, Source()) if isinstance(codebook, Codebook) else load_with_places(codebook)
        )
    except CodebookError as fault:
        rows = [
            Finding(each.where, each.code, "error", "", "", each.message, each.remedy)
            for each in fault.problems
        ]
        return _table(rows, str(codebook) if isinstance(codebook, str | FilePath) else "")
    findings = list(_entry_findings(loaded, source))
    findings += _theme_findings(loaded, source)
    if not any(finding.severity == "error" for finding in findings):
        findings += _example_findings(loaded, source, lemmas)
        if answers is not None:
            findings += tried(code_answers(answers, loaded, lemmas=lemmas), source)
    return _table(findings, loaded.codebook)


def _table(findings: list[Finding], name: str) -> Table:
    findings = sorted(findings, key=lambda finding: (_ORDER[finding.severity], _place(finding.where)))
    counts = Counter[str](finding.severity for finding in findings)
    summary = ", ".join(
        f"{counts[severity]} {severity}{'s' * (counts[severity] != 1)}" for severity in _ORDER
    )
    return Table(
        Finding._fields, tuple(findings), title=f"Check of {name or 'the codebook'}", notes=(f"{summary}.",)
    )


def _place(where: str) -> tuple[Any, ...]:
    return tuple(int(part) if part.isdigit() else 0 for part in re.split(r"[:\[\].]+", where)), where


class _Spot(NamedTuple):
    """One entry with its theme and its place."""

    theme: str
    entry: Entry
    path: Path


def _entries(codebook: Codebook) -> Iterator[_Spot]:
    for theme, path in located(codebook):
        for key in ("entries", "exclusions"):
            for at, entry in enumerate(getattr(theme, key)):
                yield _Spot(theme.theme, entry, (*path, key, at))
    for number, each in enumerate(codebook.classifications):
        for at, rule in enumerate(each.rules):
            for place, entry in enumerate(rule.entries):
                path = ("classifications", number, "rules", at, "entries", place)
                yield _Spot(each.classification, entry, path)


def _entry_findings(codebook: Codebook, source: Source) -> Iterator[Finding]:
    for spot in _entries(codebook):
        where, label = source.where(spot.path), spot.entry.label
        try:
            compile_entry(spot.entry, where)
        except CodebookError as fault:
            for each in fault.problems:
                yield Finding(where, "never-matches", "error", spot.theme, label, each.message, each.remedy)
            continue
        for word, bases in _inflected(spot.entry):
            message = f"{word!r} is an inflected form; it is read as {' or '.join(map(repr, bases))}."
            remedy = f"Write {bases[0]!r}, or form: {word} for this form only."
            yield Finding(where, "inflected-entry", "info", spot.theme, label, message, remedy)
        if spot.entry.regex is not None:
            for code, message, remedy in _regex_doubts(spot.entry.regex):
                yield Finding(where, code, "warning", spot.theme, label, message, remedy)


def _inflected(entry: Entry) -> Iterator[tuple[str, tuple[str, ...]]]:
    for part in entry.parts:
        yield from _inflected(part)
    for word in re.findall(r"(?<![\w*?'-])[^\W\d_]+(?![\w*?'-])", (entry.word or "").casefold()):
        bases = load_types().bases(word)
        if word not in bases:
            yield word, bases


def _regex_doubts(pattern: str) -> Iterator[tuple[str, str, str]]:
    body = re.sub(r"^(\(\?[a-zA-Z0-9]+\))+", "", pattern)
    first, last = re.match(r"[(?:]*(\w)", body), re.search(r"(?<!\\)(\w)[)?]*$", body)
    if (first or last) and not _EDGES.search(pattern):
        message = "The regular expression has no word edges: it also matches inside longer words."
        yield "regex-edges", message, r"Put \b where a word must begin or end."
    if _is_slow(pattern):
        message = "The regular expression can take very long on some answers (nested repeats)."
        yield "regex-slow", message, "Repeat once: (a+)+ is a+, (\\w+\\s*)+ is [\\w\\s]+."


def _is_slow(pattern: str) -> bool:
    """Try a pattern on texts that make nested repeats explode: its letters and words, many times over."""
    compiled = regex.compile(pattern)
    plain = re.sub(r"\\.", "", pattern)
    words = re.findall(r"[a-z]{2,}", plain)[:6]
    letters = [*dict.fromkeys(re.sub(r"\W", "", plain))][:12]
    ending = "\x00" + re.sub(r"\\(.)", "", pattern)  # letters that must be there, or the search ends at once
    for probe in dict.fromkeys(
        [*letters, *words, *(f"{word} " for word in words), "a", "1", " ", "a ", "1,"]
    ):
        try:
            compiled.search(probe * (_LONG // len(probe)) + ending, timeout=0.25)
        except TimeoutError:
            return True
    return False


def _theme_findings(codebook: Codebook, source: Source) -> Iterator[Finding]:
    themes = list(located(codebook))
    for theme, path in themes:
        where = source.where((*path, "theme"))
        if not theme.definition.strip():
            message = f"Theme {theme.theme!r} has no definition."
            yield Finding(where, "no-definition", "warning", theme.theme, "", message, "Say what it means.")
        if not theme.entries and not theme.themes:
            message = f"Theme {theme.theme!r} has no entries: it will never be found."
            yield Finding(where, "no-entries", "warning", theme.theme, "", message, "Add entries.")
        yield from _repeats(theme, path, source)
    for (one, _), (other, path) in combinations(themes, 2):
        shared = {entry.label for entry in one.entries} & {entry.label for entry in other.entries}
        least = min(len(one.entries), len(other.entries))
        if one.questions and other.questions and not set(one.questions) & set(other.questions):
            continue  # they are looked for in different answers
        if len(shared) >= 2 and len(shared) > _SHARED * least:
            where = source.where((*path, "theme"))
            message = f"Themes {one.theme!r} and {other.theme!r} share {len(shared)} of {least} entries."
            yield Finding(where, "shared-entries", "warning", other.theme, "", message, "Merge or part them.")


def _repeats(theme: Theme, path: Path, source: Source) -> Iterator[Finding]:
    seen: dict[str, int] = {}
    doubles: set[int] = set()
    for at, entry in enumerate(theme.entries):
        where = source.where((*path, "entries", at))
        meaning = re.sub(r"[\s/-]+", " ", entry.label.casefold()) if entry.kind == "word" else entry.label
        if meaning in seen:
            first = source.where((*path, "entries", seen[meaning]))
            message = f"The entry stands twice; first at {first}."
            yield Finding(where, "duplicate-entry", "warning", theme.theme, entry.label, message, "Keep one.")
            doubles.add(at)
        seen.setdefault(meaning, at)
    for at, cover in swallowed(theme):
        if at not in doubles:
            where, label = source.where((*path, "entries", at)), theme.entries[at].label
            message = f"It adds nothing: {cover.label!r} is found wherever it is."
            yield Finding(where, "swallowed-entry", "info", theme.theme, label, message, "Take it out.")


def _example_findings(codebook: Codebook, source: Source, lemmas: Lemmas) -> Iterator[Finding]:
    """Run each theme's examples, in every question that the theme or an entry of it is limited to."""
    rows = [
        (theme, path, kind, at, text)
        for theme, path in located(codebook)
        for kind in ("yes", "no")
        for at, text in enumerate(getattr(theme.examples, kind))
    ]
    if not rows:
        return
    asked = ["(any question)", *sorted(_scopes(codebook))]
    survey = Answers(
        respondents=tuple(str(number) for number in range(len(rows))),
        questions=tuple(Question(f"question {at}", name, "open") for at, name in enumerate(asked)),
        answer_ids=[f"{number}-{at}" for number in range(len(rows)) for at in range(len(asked))],
        answer_respondents=[number for number in range(len(rows)) for _ in asked],
        answer_questions=[at for _ in rows for at in range(len(asked))],
        texts=[row[4] for row in rows for _ in asked],
    )
    # An example is nobody's answer to the scope's wording: nothing in it echoes.
    coded = code_answers(survey, codebook.model_copy(update={"prompt_echo": "count"}), lemmas=lemmas)
    found = {theme.theme: coded.respondents_with(theme.theme) for theme, *_ in rows}
    for number, (theme, path, kind, at, text) in enumerate(rows):
        if bool(found[theme.theme][number]) == (kind == "yes"):
            continue
        where = source.where((*path, "examples", kind, at))
        hits = sorted({c.entry for c in coded if c.respondent == str(number) and c.theme == theme.theme})
        because = f" (by {', '.join(map(repr, hits))})" if hits else ""
        verb = "is not found in" if kind == "yes" else f"is found{because} in"
        message = f"Theme {theme.theme!r} {verb} its example {text!r}."
        remedy = "Add an entry that finds it." if kind == "yes" else "Narrow the entry, or add an exclusion."
        yield Finding(where, "example-fails", "error", theme.theme, ", ".join(hits), message, remedy)


def _scopes(codebook: Codebook) -> set[str]:
    themes = [theme for theme, _ in codebook.walk()]
    listed = [theme.questions for theme in themes] + [e.questions for theme in themes for e in theme.entries]
    return {name for names in listed for name in names}
