"""Rules of a study: whether a condition holds, and the figures that say so.

A rule reads the tables that the report shows, nothing else. Where a number is hidden there, what it decides
is not told either: a colour or a word that rests on it would give it away.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from operator import ge, gt, le, lt
from types import MappingProxyType

from sendthemes.report.definition import UNRATED, Condition, Finding, Measure, RagDomain, Rated
from sendthemes.table import Cell, Table, show

_LIMITS = {"at_least": ge, "above": gt, "at_most": le, "below": lt}
_UNTOLD = "Not published: it rests on numbers that are hidden"
Rows = Sequence[Mapping[str, Cell]]


@dataclass(frozen=True, slots=True)
class Figures:
    """What rules read."""

    # id → table as the report shows it. ``themes`` and ``themes_by_question`` have columns theme, label,
    # respondents, base, percent; ``responses_X`` has response, respondents, base, percent.
    tables: Mapping[str, Table]
    labels: Mapping[str, str]  # question or classification id → short name
    # RAG domain → its colour, once the domains are rated
    colours: Mapping[str, Rated] = field(default_factory=lambda: MappingProxyType({}))


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether a condition holds (``None``: it rests on a hidden number), and its figures, a line each."""

    holds: bool | None
    lines: tuple[str, ...]


def judge(condition: Condition, figures: Figures) -> Verdict:
    """Say whether a condition holds.

    A percent of nobody is undefined: no limit holds for it, and the line says so.
    """
    if condition.parts:
        parts = [judge(part, figures) for part in condition.parts]
        lines = tuple(line for part in parts for line in part.lines)
        settling = not condition.all  # one part that holds settles any; one that does not settles all
        if any(part.holds is settling for part in parts):
            return Verdict(settling, lines)
        return Verdict(None if any(part.holds is None for part in parts) else not settling, lines)
    if condition.rag:
        return _judge_colours(condition, figures)
    what, rows = _read(condition, figures)
    line = f"{what}: {_said(rows)}; the rule asks for {_asked(condition, '%')}"
    if _is_hidden(rows):
        return Verdict(None, (line,))
    percent = _percent(rows)
    return Verdict(percent is not None and _within(percent, condition), (line,))


def chosen(findings: Iterable[Finding], otherwise: tuple[str, str], figures: Figures) -> tuple[str, str, str]:
    """Give the words of the first finding whose condition holds, their gloss, and the figures.

    Where it may not be told whether one holds, none is given; where none holds, ``otherwise``.
    """
    for finding in findings:
        verdict = judge(finding.when, figures)
        if verdict.holds is not False:
            say, gloss = (finding.say, finding.gloss) if verdict.holds else (_UNTOLD, "")
            return say, gloss, "; ".join(verdict.lines)
    return (*otherwise, "no rule holds")


def every(findings: Iterable[Finding], figures: Figures) -> tuple[tuple[str, str], ...]:
    """Give the words of all findings whose condition holds, in order, with their figures."""
    judged = [(finding.say, judge(finding.when, figures)) for finding in findings]
    return tuple((say, "; ".join(verdict.lines)) for say, verdict in judged if verdict.holds)


def colour_of(domain: RagDomain, figures: Figures) -> tuple[Rated, tuple[str, ...]]:
    """Give the colour that a domain's rules give, and the figures of the rules tried, the deciding last."""
    lines: list[str] = []
    for rule in domain.rules:
        verdict = judge(rule.when, figures)
        if verdict.holds is not False:
            *before, last = verdict.lines
            why = f"holds, so {rule.colour}" if verdict.holds else "hidden, so no colour is published"
            return rule.colour if verdict.holds else UNRATED, (*lines, *before, f"{last} – {why}")
        lines += [f"{line} – not enough for {rule.colour}" for line in verdict.lines]
    return domain.otherwise, (*lines, f"No rule holds, so {domain.otherwise}")


def said(measure: Measure, figures: Figures) -> str:
    """Give a figure in words: what it is of, count, base and percent."""
    what, rows = _read(measure, figures)
    return f"{what}: {_said(rows)}"


def _judge_colours(condition: Condition, figures: Figures) -> Verdict:
    colours = list(figures.colours.values())
    found, unrated = sum(colour in condition.rag for colour in colours), colours.count(UNRATED)
    can_be = {_within(found + more, condition) for more in range(unrated + 1)}
    rated = f"Domains rated {' or '.join(condition.rag)}: {found} of {len(colours)}"
    more = f", {unrated} not rated" if unrated else ""
    line = f"{rated}{more}; the rule asks for {_asked(condition, '')}"
    return Verdict(can_be.pop() if len(can_be) == 1 else None, (line,))


def _read(measure: Measure, figures: Figures) -> tuple[str, Rows]:
    """Find the rows that a figure is read from, and say what they are; a level not shown is a hidden row."""
    labels = figures.labels
    if measure.theme is None:
        name = str(measure.question or measure.classification)
        found = {row["response"]: row for row in figures.tables[f"responses_{name}"]}
        hidden = {"respondents": "[c]", "base": "[c]", "percent": "[c]"}
        rows = [found.get(level, hidden) for level in measure.wanted]
        return f"{labels.get(name, name)}: {' or '.join(measure.wanted)}", rows
    names = {row["theme"]: row["label"] for row in figures.tables["themes"]}
    what = str(names.get(measure.theme, measure.theme))
    table = figures.tables["themes_by_question" if measure.question else "themes"]
    mine = [row for row in table if row["theme"] == measure.theme]
    if measure.question:
        what += f" in answers to “{labels.get(measure.question, measure.question)}”"
        mine = [row for row in mine if row["question"] == measure.question]
    return what, mine


def _is_hidden(rows: Rows) -> bool:
    return any(isinstance(row[name], str) for row in rows for name in ("respondents", "base", "percent"))


def _percent(rows: Rows) -> float | None:
    """Add up the rows' percents (weighted where the table's are); none of nobody."""
    percents = [cell for row in rows if isinstance(cell := row["percent"], (int, float))]
    # Rounded far behind any limit, so that 12.5 + 62.5 meets "at least 75" on every machine.
    return round(sum(percents), 9) if rows and len(percents) == len(rows) else None


def _said(rows: Rows) -> str:
    if _is_hidden(rows):
        return "[c] (a number that may not be shown)"
    percent = _percent(rows)
    if percent is None:
        return "nobody answered, so there is no figure" if rows else "not looked for there"
    count = sum(cell for row in rows if isinstance(cell := row["respondents"], int))
    return f"{count:,} of {show(rows[0]['base'])} ({show(percent, 'percent')}%)"


def _asked(condition: Condition, unit: str) -> str:
    return " and ".join(f"{name.replace('_', ' ')} {limit:g}{unit}" for name, limit in condition.limits)


def _within(value: float, condition: Condition) -> bool:
    return all(_LIMITS[name](value, limit) for name, limit in condition.limits)
