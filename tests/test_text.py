"""Normalised text and its way back."""

import pytest
from hypothesis import given
from hypothesis import strategies as some

from sendthemes.text import normalise, row_height

# Text with the characters that trip matchers up: marks, joiners, look-alikes, wide forms, lone surrogates.
TRAPS = "aAé ё-’‑\u00ad\u200b\u200d\u0301\ufeff\ud800ﬁＦ\u2028\r\n\t\x07сор½™🙂"
tricky = some.text(some.sampled_from(TRAPS), max_size=40) | some.text()


@given(tricky)
def test_every_character_left_knows_where_it_stood(text):
    found = normalise(text)
    assert len(found.text) == len(found.starts) == len(found.ends)
    assert all(0 <= start < end <= len(text) for start, end in zip(found.starts, found.ends, strict=True))
    assert list(found.starts) == sorted(found.starts)
    assert list(found.ends) == sorted(found.ends)


@given(some.text(some.characters(min_codepoint=32, max_codepoint=126)))
def test_plain_text_is_left_alone(text):
    found = normalise(text)
    assert found.text == text
    assert [found.span(at, at + 1) for at in range(len(text))] == [(at, at + 1) for at in range(len(text))]


@given(tricky)
def test_normalising_twice_changes_nothing(text):
    once = normalise(text).text
    assert normalise(once).text == once


@pytest.mark.parametrize(
    ("typed", "plain"),
    [
        ("don’t", "don't"),
        ("co\u00adproduction", "coproduction"),
        ("fund\u200bing", "funding"),
        ("Ｆｕｌｌ", "Full"),
        ("ﬁnance", "finance"),
        ("cаrers", "carers"),  # Cyrillic а
        ("co‑production", "co-production"),
        ("cafe\u0301", "café"),
        ("a\u00a0b", "a b"),
        ("a\u2028b\r\nc", "a\nb\n\nc"),
        ("Zones™", "Zones™"),
        ("“so”", '"so"'),
    ],
)
def test_what_hides_a_word_is_taken_away(typed, plain):
    assert normalise(typed).text == plain


def test_true_cyrillic_stays():
    assert normalise("привет").text == "привет"


def test_a_span_points_into_the_original():
    text = "our co\u00adpro\u200bduction ﬁts"
    found = normalise(text)
    start = found.text.index("coproduction")
    begin, end = found.span(start, start + len("coproduction"))
    assert text[begin:end] == "co\u00adpro\u200bduction"


def test_an_empty_span_maps_to_an_empty_one():
    assert normalise("").span(0, 0) == (0, 0)
    assert normalise("ab").span(2, 2) == (2, 2)


@pytest.mark.parametrize(
    ("cells", "lines"),
    [((), 1), ([("short", 10)], 1), ([("one\ntwo", 10)], 2), ([("word " * 24, 10), ("", 5)], 12)],
)
def test_a_row_is_as_high_as_its_longest_cell_when_wrapped(cells, lines):
    assert row_height(cells) == 15 * lines


def test_no_row_is_higher_than_spreadsheets_allow():
    assert row_height([("a\n" * 100, 10)]) == 409
