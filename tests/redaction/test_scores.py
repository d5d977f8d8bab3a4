"""The labelled answers: what is safe and what is left alone must not fall below what was measured."""

from __future__ import annotations

import pytest
from benchmarks.redaction import CASES, FINDERS, parse, read_cases, score

# A little under the figures of docs/redaction.md.
FLOORS = {
    "identifying spans safe": 97.0,
    "hidden characters that needed hiding": 97.0,
    "innocent answers left alone": 97.0,
    "answers fully safe": 96.0,
}


SETS = sorted(path.stem for path in CASES.glob("redaction_*.yml"))


@pytest.mark.parametrize("finder", ["people", "redactor"])
@pytest.mark.parametrize("name", SETS)
def test_redaction_stays_as_good_as_measured(name: str, finder: str) -> None:
    find, labels = FINDERS[finder]
    result = score(read_cases(name), find, labels)
    low = {figure: percent for figure, percent in result.percents().items() if percent < FLOORS[figure]}
    assert low == {}, "\n".join(result.faults)


def test_there_are_answers_enough_on_both_sides() -> None:
    cases = [case for name in SETS for case in read_cases(name)]
    innocent = sum(not case.spans for case in cases)
    assert len(cases) >= 300
    assert 0.4 < innocent / len(cases) < 0.6


def test_marks_become_offsets() -> None:
    case = parse("ask [[name:Bev]] in [[la:Kent]]")
    assert case.text == "ask Bev in Kent"
    assert case.spans == ((4, 7, "name"), (11, 15, "la"))
