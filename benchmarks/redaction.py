"""Score redaction on the labelled answers of tests/cases/redaction_*.yml.

    PYTHONPATH=src python benchmarks/redaction.py                   # the whole redactor, all labels
    PYTHONPATH=src python benchmarks/redaction.py --find people     # people alone: context, lists and model
    PYTHONPATH=src python benchmarks/redaction.py --find rules      # people alone, without the model
    PYTHONPATH=src python benchmarks/redaction.py --show            # every miss, every harmless word hidden

An identifying span is safe when none of its letters and digits is readable. A hidden character needed hiding
when it lies in a labelled span. An innocent answer counts when nothing in it changed.
"""

from __future__ import annotations

import argparse
import re
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import yaml

from sendthemes.redaction.spans import Span, resolve

CASES = Path(__file__).parent.parent / "tests" / "cases"
_MARK = re.compile(r"\[\[(\w+):(.*?)\]\]", re.DOTALL)
Find = Callable[[Sequence[str]], list[list[Span]]]


@dataclass(frozen=True)
class Case:
    """An answer and the (start, end, label) that must be hidden in it."""

    text: str
    spans: tuple[tuple[int, int, str], ...]


@dataclass(frozen=True)
class Score:
    """Counts over a set of answers; shares are percent."""

    spans: int
    safe: int
    hidden: int
    needed: int
    innocent: int
    alone: int
    answers: int
    fully_safe: int
    faults: tuple[str, ...]
    labels: Mapping[str, tuple[int, int]]  # spans that are safe, and all, of each label

    def percents(self) -> dict[str, float]:
        """Give the four figures, in percent; an empty side is 100 (answers of which none identifies, too)."""
        share = lambda part, whole: 100.0 * part / whole if whole else 100.0  # noqa: E731 - one line is clearest
        return {
            "identifying spans safe": share(self.safe, self.spans),
            "hidden characters that needed hiding": share(self.needed, self.hidden if self.spans else 0),
            "innocent answers left alone": share(self.alone, self.innocent),
            "answers fully safe": share(self.fully_safe, self.answers),
        }


def read_cases(name: str) -> list[Case]:
    """Read one file of labelled answers; the marks are taken out and become offsets."""
    content = yaml.safe_load((CASES / f"{name}.yml").read_text(encoding="utf-8"))
    return [parse(answer) for answers in content.values() for answer in answers]


def parse(marked: str) -> Case:
    """Take the ``[[label:words]]`` marks out of an answer."""
    text, spans, at = "", [], 0
    for mark in _MARK.finditer(marked):
        text += marked[at : mark.start()]
        spans.append((len(text), len(text) + len(mark[2]), mark[1]))
        text += mark[2]
        at = mark.end()
    return Case(text + marked[at:], tuple(spans))


def score(cases: Sequence[Case], find: Find, labels: frozenset[str] | None = None) -> Score:
    """Score a finder on answers.

    Args:
        cases: Labelled answers.
        find: Takes the texts, gives the spans that would be hidden in each.
        labels: Labels that must be hidden; all by default. Hiding others is neither right nor wrong.
    """
    found = find([case.text for case in cases])
    totals = dict.fromkeys(
        ("spans", "safe", "hidden", "needed", "innocent", "alone", "answers", "fully_safe"), 0
    )
    faults: list[str] = []
    by_label: dict[str, tuple[int, int]] = {}
    for case, spans in zip(cases, found, strict=True):
        hidden = {at for span in spans for at in range(span.start, span.end) if case.text[at].isalnum()}
        wanted = [(start, end) for start, end, label in case.spans if labels is None or label in labels]
        for start, end, label in case.spans:
            safe, every = by_label.get(label, (0, 0))
            unread = all(at in hidden for at in range(start, end) if case.text[at].isalnum())
            by_label[label] = safe + unread, every + 1
        labelled = {at for start, end, _ in case.spans for at in range(start, end)}
        missed = [
            case.text[start:end]
            for start, end in wanted
            if any(case.text[at].isalnum() and at not in hidden for at in range(start, end))
        ]
        harmless = [
            f"{case.text[s.start : s.end]} ({s.rule})"
            for s in spans
            if not labelled & set(range(s.start, s.end))
        ]
        totals["spans"] += len(wanted)
        totals["safe"] += len(wanted) - len(missed)
        totals["hidden"] += len(hidden)
        totals["needed"] += len(hidden & labelled)
        totals["innocent"] += not case.spans
        totals["alone"] += not case.spans and not spans
        totals["answers"] += bool(wanted)
        totals["fully_safe"] += bool(wanted) and not missed
        faults.extend(f"MISSED {word!r} in: {case.text}" for word in missed)
        faults.extend(f"HARMLESS {word} in: {case.text}" for word in harmless)
    return Score(**totals, faults=tuple(faults), labels=by_label)


def rules_only(texts: Sequence[str]) -> list[list[Span]]:
    """Find people by context and lists."""
    from sendthemes.redaction.people import find_people
    from sendthemes.text import normalise

    return [find_people(normalise(text).text) for text in texts]


def rules_and_model(texts: Sequence[str]) -> list[list[Span]]:
    """Find people by context, lists and the model, with protected vocabulary having its say."""
    from sendthemes.redaction.people import model_people
    from sendthemes.redaction.protect import protected_spans

    model = model_people(texts)
    results = []
    for text, rules, guesses in zip(texts, rules_only(texts), model, strict=True):
        new = [g for g in guesses if not any(g.start < s.end and s.start < g.end for s in rules)]
        results.append(list(resolve([*rules, *new, *protected_spans(text)], text)))
    return results


def redactor(texts: Sequence[str]) -> list[list[Span]]:
    """Hide everything, as a user would: one data set, nothing known beforehand."""
    from sendthemes.redaction.redactor import Redactor

    return [list(redacted.found) for redacted in Redactor().redact_all(texts)]


FINDERS: dict[str, tuple[Find, frozenset[str] | None]] = {
    "redactor": (redactor, None),
    "people": (rules_and_model, frozenset({"name"})),
    "rules": (rules_only, frozenset({"name"})),
}


def report(title: str, result: Score, seconds: float, words: int) -> Iterable[str]:
    """Give the lines of one result."""
    yield f"{title}: {result.spans} spans; {result.answers} answers identify, {result.innocent} do not"
    for name, percent in result.percents().items():
        yield f"  {name:<38} {percent:6.1f} %"
    yield "  " + ", ".join(
        f"{label} {safe}/{every}" for label, (safe, every) in sorted(result.labels.items())
    )
    yield f"  {words / seconds:,.0f} words a second" if seconds else ""


def main() -> None:
    """Print the figures for every file of cases."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--find", choices=list(FINDERS), default="redactor", help="what to score")
    parser.add_argument("--show", action="store_true", help="print every fault")
    parser.add_argument("--only", default="", help="only files whose name contains this")
    options = parser.parse_args()
    find, labels = FINDERS[options.find]
    find(["Priya said so, and so did Xanthe."])  # load lists and model before the clock starts
    for path in sorted(CASES.glob("redaction_*.yml")):
        if options.only not in path.stem:
            continue
        cases = read_cases(path.stem)
        start = time.perf_counter()
        result = score(cases, find, labels)
        words = sum(len(case.text.split()) for case in cases)
        print("\n".join(report(path.stem, result, time.perf_counter() - start, words)))
        if options.show:
            print("\n".join(f"  {fault}" for fault in result.faults))


if __name__ == "__main__":
    main()
