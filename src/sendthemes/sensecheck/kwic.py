"""Keyword in context: every hit with the words around it, aligned on the hit."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sendthemes.analysis.excerpts import AnyRedactor, redacted_answers
from sendthemes.analysis.mentions import counted
from sendthemes.codebook.load import load_codebook
from sendthemes.coding.code import CodedAnswers, code_answers
from sendthemes.coding.codings import Coding
from sendthemes.errors import CodebookError, Problem, check_number, unknown
from sendthemes.redaction.spans import Redacted, moved
from sendthemes.survey.answers import Answers
from sendthemes.table import Cell, Table

_CUT = "…"
_FOLDED = 10  # times the width: as much white space is folded up before words are cut
_LISTED = 12  # entries and forms named in the notes


def kwic(
    source: CodedAnswers | Answers,
    *,
    theme: str | None = None,
    entry: str | None = None,
    pattern: str | Mapping[str, Any] | None = None,
    question: str | None = None,
    width: int = 60,
    limit: int | None = None,
    redactor: AnyRedactor | None,
) -> Table:
    """Show hits with the words around them.

    Args:
        source: Coded answers, or answers that are not coded yet (then ``pattern`` is needed).
        theme: Only this theme's hits (its sub-themes' too).
        entry: Only hits of this entry, as ``CodedAnswers`` shows it.
        pattern: Try an entry that is in no codebook: a word, phrase or mapping as in YAML
            (``{"near": ["lack", "staff"]}``).
        question: Only answers to this question (id or wording).
        width: Characters of context on either side, cut at a word.
        limit: Show the first so many hits; the counts in the notes are of all.
        redactor: Hides names and places first; ``None`` shows the words as they are.

    Returns:
        answer_id, respondent, question, theme, entry, before, matched, after; in the order of the answers.
        The notes count hits, respondents, entries and matched forms. No hits give no rows.
    """
    check_number("width", width, 0)
    check_number("limit", limit or 0, 0)
    coded = _tried(source, pattern)
    codings = _chosen(coded, None if pattern is not None else theme, entry)
    if question is not None:
        asked = coded.answers.question(question).id
        codings = [coding for coding in codings if coding.question == asked]
    names = coded.answers.answer_ids
    wanted = {coding.answer_id for coding in codings}
    # Whole answers: a name cut in half by the edge of the context would not be known.
    whole = redacted_answers(coded.answers, [at for at, name in enumerate(names) if name in wanted], redactor)
    redacted = {names[at]: each for at, each in whole.items()}
    rows: list[tuple[Cell, ...]] = []
    for coding in codings:
        before, matched, after = _around(redacted[coding.answer_id], coding, width)
        about = (coding.answer_id, coding.respondent, coding.question, coding.theme, coding.entry)
        rows.append((*about, before, matched, after))
    columns = ("answer_id", "respondent", "question", "theme", "entry", "before", "matched", "after")
    subject = theme or entry or (pattern if isinstance(pattern, str) else None)
    return Table(
        columns,
        tuple(rows if limit is None else rows[:limit]),
        title=f"Keyword in context: {subject}" if subject else "Keyword in context",
        notes=_counts(codings, [str(row[6]) for row in rows], limit),
        formats={"before": "before"},
    )


def _tried(source: CodedAnswers | Answers, pattern: str | Mapping[str, Any] | None) -> CodedAnswers:
    """Code the source with one entry where a pattern is given."""
    if pattern is None:
        if isinstance(source, CodedAnswers):
            return source
        remedy = "Give pattern=, or code_answers() first."
        raise CodebookError(Problem("Answers that are not coded hold no hits.", remedy=remedy))
    trial = load_codebook({"codebook": "pattern", "themes": [{"theme": "pattern", "entries": [pattern]}]})
    return source.recode(trial) if isinstance(source, CodedAnswers) else code_answers(source, trial)


def _chosen(coded: CodedAnswers, theme: str | None, entry: str | None) -> list[Coding]:
    themes = set(coded.codebook.theme_ids)
    if theme is not None:
        if theme not in themes:
            raise CodebookError(unknown("theme", theme, themes))
        themes = set(coded.codebook.descendants(theme))
    if entry is not None and entry not in coded.entry_labels:
        raise CodebookError(unknown("entry", entry, coded.entry_labels))
    return [each for each in coded if each.theme in themes and each.matched and entry in (None, each.entry)]


def _around(redacted: Redacted, coding: Coding, width: int) -> tuple[str, str, str]:
    start, end = moved(redacted, coding.start, coding.end)
    text, reach = redacted.text, _FOLDED * width
    near, beyond = text[max(start - reach, 0) : start], text[end : end + reach]
    before = " ".join(near.split()) + " " * near[-1:].isspace()
    after = " " * beyond[:1].isspace() + " ".join(beyond.split())
    if len(before) > width or start > reach:
        before = _CUT + before[max(len(before) - width, 0) :].partition(" ")[2]
    if len(after) > width or end + reach < len(text):
        after = after[:width].rpartition(" ")[0] + _CUT
    return before, text[start:end], after


def _counts(codings: Sequence[Coding], matched: Iterable[str], limit: int | None) -> tuple[str, ...]:
    if not codings:
        return ("No hits.",)
    respondents = len({coding.respondent for coding in codings})
    first = f"{counted(len(codings), 'hit')} of {counted(respondents, 'respondent')}."
    if limit is not None and limit < len(codings):
        first += f" The first {limit} are shown."
    entries = Counter(coding.entry for coding in codings)
    forms = Counter(form.casefold() for form in matched)
    return (first, f"By entry: {_listed(entries)}.", f"By form: {_listed(forms)}.")


def _listed(counts: Counter[str]) -> str:
    ordered = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    text = ", ".join(f"{name} {count}" for name, count in ordered[:_LISTED])
    left = len(ordered) - _LISTED
    return f"{text} and {left} more" if left > 0 else text
