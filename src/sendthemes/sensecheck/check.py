"""Checking a codebook: what an analyst would want to know before counting with it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from itertools import combinations
from pathlib import Path as FilePath
from typing import Any

import regex

from sendthemes.codebook.load import load_with_places
from sendthemes.codebook.model import Codebook, Entry, Theme
from sendthemes.coding.code import Lemmas, code_answers
from sendthemes.coding.compile import compile_entry
from sendthemes.errors import CodebookError
from sendthemes.language.types import load_types
from sendthemes.sensecheck.covering import swallowed
from sendthemes.sensecheck.findings import Doubt, Finding, located, tried
from sendthemes.strict_yaml.source import Path, Source
from sendthemes.survey.answers import Answers, Question
from sendthemes.table import Table

_ORDER = {"error": 0, "warning": 1, "info": 2}
_SHARED = 0.5
_LONG = 3_000
_FEW_LETTERS = 3  # beside a wildcard
_FUZZY_FROM = 5  # letters, as the matcher has it
_EDGES = re.compile(r"\\b|\\m|\\M|[\^$]|\\[AZ]|\(\?<?[=!]")


def check_codebook(
    codebook: str | FilePath | Mapping[str, Any] | Codebook,
    answers: Answers | None = None,
    *,
    lemmas: Lemmas = "possible",
) -> Table:
    """Check a codebook, alone or against answers.

    A codebook that cannot be loaded gives its faults as findings. Without answers: entries that can never
    match, that stand twice or add nothing beside a broader one or a sub-theme, that are far too broad,
    inflected words that are brought to their base, regular expressions without word edges or too slow,
    themes of one label, that share half of their entries or lack a definition, examples that fail. With
    answers, in addition: entries that find nothing, that find most answers or make over 80 % of their
    theme's, that never find an answer alone, whose hits are mostly negated or repeat the question, or are
    all set aside; questions that are not there; classifications that leave most answers without a level.
    No finding shows an answer's text.

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
        if isinstance(codebook, Codebook):
            loaded, source = codebook, Source("codebook", CodebookError)
        else:
            loaded, source = load_with_places(codebook)
    except CodebookError as fault:
        rows = [
            Finding(each.where, each.code, "error", "", "", each.message, each.remedy)
            for each in fault.problems
        ]
        return _table(rows, str(codebook) if isinstance(codebook, str | FilePath) else "")
    findings = [*_entry_findings(loaded, source), *_theme_findings(loaded, source)]
    if not any(finding.severity == "error" for finding in findings):
        findings += _example_findings(loaded, source, lemmas)
        if answers is not None:
            findings += tried(code_answers(answers, loaded, lemmas=lemmas), source)
    return _table(findings, loaded.codebook)


def _table(findings: list[Finding], name: str) -> Table:
    findings = sorted(findings, key=lambda finding: (_ORDER[finding.severity], _place(finding.where)))
    counts = Counter[str](finding.severity for finding in findings)
    summary = ", ".join(f"{counts[each]} {each}{'s' * (counts[each] != 1)}" for each in _ORDER)
    title = f"Check of {name or 'the codebook'}"
    return Table(Finding._fields, tuple(findings), title=title, notes=(f"{summary}.",))


def _place(where: str) -> tuple[Any, ...]:
    return tuple(int(part) if part.isdigit() else 0 for part in re.split(r"[:\[\].]+", where)), where


def _entries(codebook: Codebook) -> Iterator[tuple[str, Entry, Path]]:
    """Give each entry with its theme or classification and its place."""
    for theme, path in located(codebook):
        for key in ("entries", "exclusions"):
            for at, entry in enumerate(getattr(theme, key)):
                yield theme.theme, entry, (*path, key, at)
    for number, each in enumerate(codebook.classifications):
        for at, rule in enumerate(each.rules):
            for place, entry in enumerate(rule.entries):
                path = ("classifications", number, "rules", at, "entries", place)
                yield each.classification, entry, path


def _entry_findings(codebook: Codebook, source: Source) -> Iterator[Finding]:
    for theme, entry, path in _entries(codebook):
        where, label = source.where(path), entry.label
        try:
            compile_entry(entry, where)
        except CodebookError as fault:
            for each in fault.problems:
                yield Finding(where, "never-matches", "error", theme, label, each.message, each.remedy)
            continue
        for part in _parts(entry):
            for code, severity, message, remedy in _doubts(part):
                yield Finding(where, code, severity, theme, label, message, remedy)


def _parts(entry: Entry) -> Iterator[Entry]:
    yield entry
    for part in entry.parts:
        yield from _parts(part)


def _doubts(entry: Entry) -> Iterator[Doubt]:
    """Say what is odd about an entry by itself."""
    for word, bases in _inflected(entry.word or ""):
        message = f"{word!r} is an inflected form; it is read as {' or '.join(map(repr, bases))}."
        yield "inflected-entry", "info", message, f"Write {bases[0]!r}, or form: {word} for this form only."
    text = entry.word or entry.form or entry.exact or ""
    words = text.split()
    if len(words) == 1 and "*" in text and sum(map(str.isalnum, text)) < _FEW_LETTERS:
        message = f"{text!r} is found in every word that has {text.replace('*', '')!r} there."
        yield "broad-wildcard", "warning", message, "Write more letters, or the words that are meant."
    if entry.fuzzy and words and max(map(len, words)) < _FUZZY_FROM:
        message = f"Words under {_FUZZY_FROM} letters are never taken for misspelt: fuzzy has no effect."
        yield "fuzzy-short", "info", message, "Leave fuzzy out, or list the misspellings."
    if both := {part.label for part in entry.all or ()} & {part.label for part in entry.none}:
        message = f"It asks for {' and '.join(map(repr, sorted(both)))} and that it is not there."
        yield "never-matches", "error", message, "Take it out of 'all' or of 'none'."
    for token in entry.tokens or ():
        if isinstance(value := token.get("LOWER"), str) and value != value.lower():
            message = f"LOWER is {value!r}, but it is compared with lower-case words."
            yield "never-matches", "error", message, f"Write {value.lower()!r}, or TEXT for this case only."
    if entry.regex is not None:
        yield from _regex_doubts(entry.regex)


def _inflected(text: str) -> Iterator[tuple[str, tuple[str, ...]]]:
    for word in re.findall(r"(?<![\w*?'-])[^\W\d_]+(?![\w*?'-])", text.casefold()):
        bases = load_types().bases(word)
        if word not in bases:
            yield word, bases


def _regex_doubts(pattern: str) -> Iterator[Doubt]:
    body = re.sub(r"^(\(\?[a-zA-Z0-9]+\))+", "", pattern)
    first, last = re.match(r"[(?:]*(\w)", body), re.search(r"(?<!\\)(\w)[)?]*$", body)
    if (first or last) and not _EDGES.search(pattern):
        message = "The regular expression has no word edges: it also matches inside longer words."
        yield "regex-edges", "warning", message, r"Put \b where a word must begin or end."
    if _is_slow(pattern):
        message = "The regular expression can take very long on some answers (nested repeats)."
        yield "regex-slow", "warning", message, "Repeat once: (a+)+ is a+, (\\w+\\s*)+ is [\\w\\s]+."


def _is_slow(pattern: str) -> bool:
    """Try a pattern on texts that make nested repeats explode: its letters and words, many times over."""
    compiled = regex.compile(pattern)
    plain = re.sub(r"\\[A-Za-z]|\\(.)", r"\1", pattern)
    words = re.findall(r"[a-z]{2,}", plain)[:6]
    letters = [*dict.fromkeys(re.sub(r"\s", "", plain))][:20]
    ending = "\x00" + re.sub(r"\\(.)", "", pattern)  # letters that must be there, or the search ends at once
    probes = [*letters, *words, *(f"{word} " for word in words), "a", "1", " ", "a ", "1,"]
    for probe in dict.fromkeys(probes):
        try:
            compiled.search(probe * (_LONG // len(probe)) + ending, timeout=0.25)
        except TimeoutError:
            return True
    return False


def _theme_findings(codebook: Codebook, source: Source) -> Iterator[Finding]:
    themes = list(located(codebook))
    titles: dict[tuple[str, tuple[str, ...]], str] = {}
    if not themes and not codebook.classifications:
        message, remedy = "The codebook has no themes.", "Add themes: with a list of them."
        yield Finding(source.where(()), "no-themes", "warning", "", "", message, remedy)
    for theme, path in themes:
        twin = titles.setdefault((theme.title.casefold(), theme.questions), theme.theme)
        if twin != theme.theme:
            message = f"Themes {twin!r} and {theme.theme!r} are both called {theme.title!r} in tables."
            where, remedy = source.where((*path, "label")), "Give each its own label."
            yield Finding(where, "same-label", "warning", theme.theme, "", message, remedy)
        where = source.where((*path, "theme"))
        if not theme.definition.strip():
            message = f"Theme {theme.theme!r} has no definition."
            yield Finding(where, "no-definition", "warning", theme.theme, "", message, "Say what it means.")
        if not theme.entries and not theme.themes:
            message = f"Theme {theme.theme!r} has no entries: it will never be found."
            yield Finding(where, "no-entries", "warning", theme.theme, "", message, "Add entries.")
        yield from _repeats(codebook, theme, path, source)
    for (one, _), (other, path) in combinations(themes, 2):
        shared = {entry.label for entry in one.entries} & {entry.label for entry in other.entries}
        least = min(len(one.entries), len(other.entries))
        if one.questions and other.questions and not set(one.questions) & set(other.questions):
            continue  # they are looked for in different answers
        if len(shared) >= 2 and len(shared) > _SHARED * least:
            where = source.where((*path, "theme"))
            message = f"Themes {one.theme!r} and {other.theme!r} share {len(shared)} of {least} entries."
            yield Finding(where, "shared-entries", "warning", other.theme, "", message, "Merge or part them.")


def _repeats(codebook: Codebook, theme: Theme, path: Path, source: Source) -> Iterator[Finding]:
    seen: dict[str, int] = {}
    doubles: set[int] = set()
    for at, entry in enumerate(theme.entries):
        meaning = re.sub(r"[\s/-]+", " ", entry.label.casefold()) if entry.kind == "word" else entry.label
        if seen.setdefault(meaning, at) != at:
            doubles.add(at)
            where, first = (source.where((*path, "entries", place)) for place in (at, seen[meaning]))
            message = f"The entry stands twice; first at {first.rpartition('/')[2]}."
            yield Finding(where, "duplicate-entry", "warning", theme.theme, entry.label, message, "Keep one.")
    under = codebook.descendants(theme.theme)[1:]
    below = {entry.label: name for name in under for entry in codebook.theme(name).entries}
    for at, entry in enumerate(theme.entries):
        if entry.label in below:
            where, remedy = source.where((*path, "entries", at)), "Keep it there only."
            message = f"The entry is also in the sub-theme {below[entry.label]!r}, whose hits count here too."
            yield Finding(where, "in-sub-theme", "info", theme.theme, entry.label, message, remedy)
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
    asked = ["(any question)", *sorted(codebook.scopes)]
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
        rest = (row for row in coded.set_aside if row["respondent"] == str(number))
        own = (row for row in rest if row["theme"] == theme.theme)
        aside = sorted({f"{row['entry']!r} is set aside: {row['reason']}" for row in own})
        because = f" (by {', '.join(map(repr, hits))})" if hits else f" ({'; '.join(aside)})" if aside else ""
        verb = "is not found" if kind == "yes" else "is found"
        message = f"Theme {theme.theme!r} {verb}{because} in its example {text!r}."
        remedy = "Add an entry that finds it." if kind == "yes" else "Narrow the entry, or add an exclusion."
        yield Finding(where, "example-fails", "error", theme.theme, ", ".join(hits), message, remedy)
