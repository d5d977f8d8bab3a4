"""Rules of a study: whether a condition holds, and the figures that say so.

A rule is judged on the true counts; what is printed beside it comes from the tables that the report shows,
so that a number hidden there is hidden here too.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from types import MappingProxyType

from sendthemes.report.definition import Colour, Condition, Finding, Measure, RagDomain
from sendthemes.table import Cell, Table, show

_WORDS = {"at_least": "at least", "above": "above", "at_most": "at most", "below": "below"}


@dataclass(frozen=True, slots=True)
class Figures:
    """The tables that rules read.

    Attributes:
        true: Table id → table with its true counts. ``themes`` and ``themes_by_question`` have columns
            theme, label, respondents, base; ``responses_X`` has response, respondents, base.
        shown: The same tables as the report shows them.
        labels: Question or classification id → short name.
        colours: RAG domain → its colour, once the domains are rated.
    """

    true: Mapping[str, Table]
    shown: Mapping[str, Table]
    labels: Mapping[str, str]
    colours: Mapping[str, Colour] = field(default_factory=lambda: MappingProxyType({}))

    def rated(self, colours: Mapping[str, Colour]) -> Figures:
        """Give the same figures with the domains' colours."""
        return replace(self, colours=MappingProxyType(dict(colours)))


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether a condition holds, and its figures in words, a line each."""

    holds: bool
    lines: tuple[str, ...]


def judge(condition: Condition, figures: Figures) -> Verdict:
    """Say whether a condition holds.

    A percent of nobody is undefined: no limit holds for it, and the line says so.
    """
    if condition.parts:
        parts = [judge(part, figures) for part in condition.parts]
        holds = all(part.holds for part in parts) if condition.all else any(part.holds for part in parts)
        return Verdict(holds, tuple(line for part in parts for line in part.lines))
    if condition.rag:
        return _judge_colours(condition, figures)
    what, true, shown = _read(condition, figures)
    percent = _percent(true)
    holds = percent is not None and all(_within(percent, name, limit) for name, limit in condition.limits)
    return Verdict(holds, (f"{what}: {_said(shown)}; the rule asks for {_asked(condition, '%')}",))


def first(findings: Iterable[Finding], figures: Figures) -> tuple[Finding, Verdict] | None:
    """Give the first finding whose condition holds, with its figures; ``None`` where none does."""
    for finding in findings:
        verdict = judge(finding.when, figures)
        if verdict.holds:
            return finding, verdict
    return None


def every(findings: Iterable[Finding], figures: Figures) -> list[tuple[Finding, Verdict]]:
    """Give all findings whose condition holds, in order, with their figures."""
    judged = [(finding, judge(finding.when, figures)) for finding in findings]
    return [(finding, verdict) for finding, verdict in judged if verdict.holds]


def colour_of(domain: RagDomain, figures: Figures) -> tuple[Colour, tuple[str, ...]]:
    """Give the colour that a domain's rules give, and the figures of the rules tried, the deciding last."""
    lines: list[str] = []
    for rule in domain.rules:
        verdict = judge(rule.when, figures)
        if verdict.holds:
            *before, last = verdict.lines
            return rule.colour, (*before, f"{last} – holds, so {rule.colour}")
        lines += [f"{line} – not enough for {rule.colour}" for line in verdict.lines]
    return domain.otherwise, (*lines, f"No rule holds, so {domain.otherwise}")


def said(measure: Measure, figures: Figures) -> str:
    """Give a figure in words: what it is of, count, base and percent."""
    what, _, shown = _read(measure, figures)
    return f"{what}: {_said(shown)}"


def _judge_colours(condition: Condition, figures: Figures) -> Verdict:
    found = [domain for domain, colour in figures.colours.items() if colour in condition.rag]
    holds = all(_within(len(found), name, limit) for name, limit in condition.limits)
    colours = " or ".join(condition.rag)
    return Verdict(
        holds,
        (
            f"Domains rated {colours}: {len(found)} of {len(figures.colours)}; "
            f"the rule asks for {_asked(condition, '')}",
        ),
    )


def _read(
    condition: Measure, figures: Figures
) -> tuple[str, Sequence[dict[str, Cell]], Sequence[dict[str, Cell]]]:
    """Find the rows that a condition speaks of: what they are, their true and their shown counts."""
    if condition.theme is not None:
        table = "themes_by_question" if condition.question else "themes"
        wanted = {"theme": {condition.theme}} | (
            {"question": {condition.question}} if condition.question else {}
        )
        what = next(
            (str(row["label"]) for row in figures.true["themes"] if row["theme"] == condition.theme),
            condition.theme,
        )
        if condition.question:
            what += f" in answers to “{figures.labels.get(condition.question, condition.question)}”"
    else:
        name = str(condition.question or condition.classification)
        table, wanted = f"responses_{name}", {"response": set(condition.wanted)}
        what = f"{figures.labels.get(name, name)}: {' or '.join(condition.wanted)}"
    return what, _rows(figures.true[table], wanted), _rows(figures.shown[table], wanted)


def _rows(table: Table, wanted: Mapping[str, set[str]]) -> list[dict[str, Cell]]:
    return [row for row in table if all(row[name] in values for name, values in wanted.items())]


def _percent(rows: Sequence[dict[str, Cell]]) -> float | None:
    """Add up the rows' percents (weighted where the table's are); none of nobody or of a hidden row."""
    percents = [cell for row in rows if isinstance(cell := row["percent"], (int, float))]
    # Rounded far behind any limit, so that 12.5 + 62.5 meets "at least 75" on every machine.
    return round(sum(percents), 9) if rows and len(percents) == len(rows) else None


def _said(rows: Sequence[dict[str, Cell]]) -> str:
    hidden = [cell for row in rows for cell in (row["respondents"], row["base"]) if isinstance(cell, str)]
    if hidden:
        return f"{hidden[0]} (a number too small to show)"
    percent = _percent(rows)
    if percent is None:
        return "nobody answered, so there is no figure" if rows else "not looked for there"
    count = sum(cell for row in rows if isinstance(cell := row["respondents"], int))
    return f"{count:,} of {show(rows[0]['base'])} ({show(percent, 'percent')}%)"


def _asked(condition: Condition, unit: str) -> str:
    return " and ".join(f"{_WORDS[name]} {limit:g}{unit}" for name, limit in condition.limits)


def _within(value: float, name: str, limit: float) -> bool:
    if name == "at_least":
        return value >= limit
    if name == "above":
        return value > limit
    return value <= limit if name == "at_most" else value < limit
