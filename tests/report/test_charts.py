"""Charts: shapes with the figures in words, set as well-formed SVG and as a drawing in Word."""

import io
from dataclasses import replace
from itertools import pairwise
from xml.etree import ElementTree

import pytest
from docx import Document
from docx.oxml.ns import qn
from tests.report.everything import pages

from sendthemes.report.blocks import Figure, Section
from sendthemes.report.charts import drawn
from sendthemes.report.html import to_svg
from sendthemes.report.word import to_word
from sendthemes.table import Table

BARS = Table(
    ("label", "respondents", "base", "percent", "low", "high"),
    (
        ("Funding <b>", 7, 8, 87.5, 52.9, 97.8),
        ("Peer", "[c]", 8, "[c]", None, None),
        ("None", 0, 0, None, None, None),
    ),
)
TIDY = Table(
    ("label", "level", "percent"),
    (("A", "Low", 25.0), ("A", "High", 75.0), ("B", "Low", 0.0), ("B", "High", 100.0)),
)
CHANGE = Table.from_dicts(
    [
        {"statement": "A", "percent_then": 50.8, "percent_now": 40.88},
        {"statement": "B", "percent_then": 44.0, "percent_now": 54.1},
        {"statement": "C", "percent_now": 10.0},
    ],
    (
        "statement",
        *(f"{what}_{wave}" for wave in ("then", "now") for what in ("respondents", "base", "percent")),
        *("difference", "low", "high", "change"),
    ),
)
PAIRS = Table(
    ("label", "other_label", "percent"),
    (("Pay", "Time", 40.0), ("Pay", "Trust", "[c]"), ("Time", "Trust", 5.0)),
)
KINDS = {
    "bars": (BARS, Figure("t", "bars")),
    "stacked": (TIDY, Figure("t", "stacked", across="level")),
    "heat": (TIDY, Figure("t", "heat", across="level", heads={"Low": "Q1", "High": "Q2"})),
    "pairs": (PAIRS, Figure("t", "pairs")),
    "change": (CHANGE, Figure("t", "change")),
}
DRAWINGS = {kind: drawn(*each) for kind, each in KINDS.items()}


@pytest.mark.parametrize("kind", KINDS)
def test_a_chart_is_well_formed_and_has_a_text_alternative(kind):
    svg = ElementTree.fromstring(to_svg(DRAWINGS[kind]))
    assert svg.get("role") == "img"
    assert DRAWINGS[kind].said in svg.get("aria-label")


@pytest.mark.parametrize("kind", KINDS)
def test_word_shows_the_same_shapes_and_says_the_same(kind):
    table, figure = KINDS[kind]
    section = Section("one", "One", (figure,))
    whole = replace(pages("plain"), tables={"t": table}, sections=(section,))
    body = Document(io.BytesIO(to_word(whole))).element.body
    assert DRAWINGS[kind].said in next(body.iter(qn("wp:docPr"))).get("descr")
    wide = drawn(table, figure, letters=100)
    drawing = next(body.iter(qn("w:drawing")))
    assert {each.text for each in wide.shapes if each.text} == {each.text for each in drawing.iter(qn("w:t"))}
    assert sum(str(each.tag).endswith("}wsp") for each in drawing.iter()) == len(wide.shapes)
    assert all(int(each.get("cx")) >= 0 for each in drawing.iter(qn("a:ext")))


def test_bars_are_as_long_as_their_percents():
    assert [each.width for each in DRAWINGS["bars"].shapes if each.look == "c1"] == [87.5]


def test_a_hidden_percent_has_no_bar_and_keeps_its_symbol():
    assert "Peer: [c]" in DRAWINGS["bars"].said


def test_labels_cannot_become_markup():
    assert "<b>" not in to_svg(DRAWINGS["bars"])


def test_stacked_parts_stand_side_by_side():
    parts = [
        (each.left, each.width)
        for each in DRAWINGS["stacked"].shapes
        if each.look[0] == "s" and each.width > 14
    ]
    assert parts == [(0, 25), (25, 75), (0, 100)]


def test_a_stacked_chart_with_a_hidden_part_is_left_out():
    hidden = Table(TIDY.columns, (*TIDY.rows[:3], ("B", "High", "[c]")))
    assert drawn(hidden, KINDS["stacked"][1]) is None


def test_a_change_names_both_percents():
    assert "A from 50.8% to 40.9%" in DRAWINGS["change"].said
    assert "C from no figure to 10.0%" in DRAWINGS["change"].said


def test_a_pair_of_themes_has_its_figure_on_both_sides_and_themes_are_numbered():
    assert "1. Pay: 1 no figure, 2 40.0%, 3 [c]" in DRAWINGS["pairs"].said
    assert "2. Time: 1 40.0%, 2 no figure, 3 5.0%" in DRAWINGS["pairs"].said


def test_long_labels_take_more_lines_and_words_never_meet():
    table = Table(BARS.columns, (("Confidence " * 12, 7, 8, 87.5, None, None), *BARS.rows[1:]))
    words = [each for each in drawn(table, KINDS["bars"][1]).shapes if each.text]
    assert max(len(each.text) for each in words) <= 60
    for one, other in pairwise(sorted(words, key=lambda each: each.top)):
        assert other.top - one.top >= 20 or {one.anchor, other.anchor} == {"start", "end"}


def test_an_empty_table_draws_nothing():
    assert drawn(Table(BARS.columns, ()), KINDS["bars"][1]) is None
