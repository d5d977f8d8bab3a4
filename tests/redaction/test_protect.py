"""Protected vocabulary: what stays readable, and where even that gives way."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sendthemes.redaction.lexicon import read_sections
from sendthemes.redaction.protect import is_ordinary_word, is_protected, protected_spans


def kept(text: str, **options: tuple[str, ...]) -> list[str]:
    return [text[span.start : span.end] for span in protected_spans(text, **options)]


@pytest.mark.parametrize(
    "entry", [entry for _, entries in read_sections("protected_vocabulary.txt") for entry in entries]
)
def test_every_entry_protects_itself(entry: str) -> None:
    assert is_protected(entry)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("the high-needs block", ["high-needs block"]),
        ("robbing Peter to pay Paul", ["robbing Peter to pay Paul"]),
        ("Tom, Dick and Harry", ["Tom, Dick and Harry"]),
        ("two ELSAs, one Elsa", ["ELSAs"]),
        ("Down's syndrome and Williams Syndrome", ["Down's syndrome", "Williams Syndrome"]),
        (
            "Parent Carer Forums and Teams Around the School",
            ["Parent Carer Forums", "Teams Around the School"],
        ),
        ("Year 9, Key Stage 3, Section 19", ["Year 9", "Key Stage 3", "Section 19"]),
    ],
)
def test_the_longest_phrase_is_kept_whatever_its_spelling(text: str, expected: list[str]) -> None:
    assert kept(text) == expected


@pytest.mark.parametrize("text", ["Mrs Thompson", "Sarah Bowlby rang", "our EP June left", "dr maslow"])
def test_a_word_of_the_vocabulary_that_is_a_person_is_not_kept(text: str) -> None:
    assert not {"Thompson", "Bowlby", "June"} & set(kept(text))


def test_a_month_is_kept_where_it_is_a_month() -> None:
    assert kept("since April or in May 2024") == ["April", "May"]


@pytest.mark.parametrize(
    "text", ["send@example.org", "https://www.ofsted.example.gov.uk/SEND", "EHCP-2024-00312"]
)
def test_nothing_is_kept_inside_addresses_and_references(text: str) -> None:
    assert kept(text) == []


def test_the_caller_adds_and_takes_away() -> None:
    assert kept("the Zebra Panel and Ofsted", extra=("zebra panel",), without=("ofsted",)) == ["Zebra Panel"]


@pytest.mark.parametrize(
    ("word", "expected"),
    [
        ("will", True),
        ("Reading", True),
        ("provision", True),
        ("families", True),
        ("Grace", True),
        ("Priyanka", False),
        ("Okafor", False),
        ("sarah", False),
        ("Jack", False),
        ("", False),
    ],
)
def test_ordinary_words_are_told_from_names(word: str, expected: bool) -> None:
    assert is_ordinary_word(word) is expected


@settings(max_examples=100, deadline=None)
@given(st.text(max_size=60))
def test_spans_lie_in_the_text_in_order(text: str) -> None:
    spans = protected_spans(text)
    assert all(0 <= span.start < span.end <= len(text) for span in spans)
    assert all(one.end <= other.start for one, other in itertools.pairwise(spans))
