"""The labelled answers: what is safe and what is left alone must not fall below what was measured."""

from __future__ import annotations

from functools import cache

import pytest
from benchmarks.redaction import CASES, FINDERS, Score, parse, read_cases, score

# A little under the figures of docs/redaction.md.
FLOORS = {
    "identifying spans safe": 97.0,
    "hidden characters that needed hiding": 96.0,
    "innocent answers left alone": 98.0,
    "answers fully safe": 96.0,
}
SETS = sorted(path.stem for path in CASES.glob("redaction_*.yml"))
NAMES = {"school", "organisation", "group", "hospital", "trust", "place", "name", "la"}


@cache
def scored(name: str, finder: str) -> Score:
    find, labels = FINDERS[finder]
    return score(read_cases(name), find, labels)


@pytest.mark.parametrize("finder", ["people", "redactor"])
@pytest.mark.parametrize("name", SETS)
def test_redaction_stays_as_good_as_measured(name: str, finder: str) -> None:
    result = scored(name, finder)
    low = {figure: percent for figure, percent in result.percents().items() if percent < FLOORS[figure]}
    assert low == {}, "\n".join(result.faults)


@pytest.mark.parametrize(
    ("label", "floor"), [("name", 99.5), ("la", 100.0), ("identifiers", 100.0), ("school", 95.0)]
)
def test_each_kind_stays_as_safe_as_measured(label: str, floor: float) -> None:
    counts = [
        count
        for name in SETS
        for found, count in scored(name, "redactor").labels.items()
        if found == label or (label == "identifiers" and found not in NAMES)
    ]
    assert 100 * sum(safe for safe, _ in counts) / sum(every for _, every in counts) >= floor


def test_there_are_answers_enough_on_both_sides() -> None:
    cases = [case for name in SETS for case in read_cases(name)]
    innocent = sum(not case.spans for case in cases)
    assert len(cases) >= 300
    assert 0.4 < innocent / len(cases) < 0.6


def test_marks_become_offsets() -> None:
    case = parse("ask [[name:Bev]] in [[la:Kent]]")
    assert case.text == "ask Bev in Kent"
    assert case.spans == ((4, 7, "name"), (11, 15, "la"))
