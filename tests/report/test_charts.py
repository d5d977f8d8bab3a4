"""Charts: shapes with the figures in words, set as well-formed SVG and as a drawing in Word."""

import io
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from xml.etree import ElementTree

import pytest
from docx import Document
from docx.oxml.ns import qn
from tests.report.everything import pages

from sendthemes.report import html
from sendthemes.report.blocks import Figure, Section
from sendthemes.report.charts import drawn
from sendthemes.report.word import to_word
from sendthemes.table import Table
from sendthemes.templates import page_template


def to_svg(drawing):
    """Set a chart with the template that the page includes."""
    return page_template(Path(html.__file__).parent / "templates" / "chart.svg").render(drawing=drawing)


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
SIDES = Table(
    ("statement", "side", "percent"),
    tuple(
        (name, side, percent)
        for name, percents in (("Safe", (20.0, 10.0, 70.0)), ("Heard", (60.0, 20.0, 20.0)))
        for side, percent in zip(("Disagree", "Neither", "Agree"), percents, strict=True)
    ),
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
    "bars": Figure("t", BARS, "bars"),
    "stacked": Figure("t", TIDY, "stacked", across="level"),
    "diverging": Figure("t", SIDES, "diverging", across="side"),
    "heat": Figure("t", TIDY, "heat", across="level", heads={"Low": "Q1", "High": "Q2"}),
    "pairs": Figure("t", PAIRS, "pairs"),
    "change": Figure("t", CHANGE, "change"),
}
DRAWINGS = {kind: drawn(each) for kind, each in KINDS.items()}


@pytest.mark.parametrize("kind", KINDS)
def test_a_chart_is_well_formed_and_has_a_text_alternative(kind):
    svg = ElementTree.fromstring(to_svg(DRAWINGS[kind]))
    assert svg.get("role") == "img"
    assert DRAWINGS[kind].said in svg.get("aria-label")


def in_word(kind):
    whole = replace(pages("plain"), sections=(Section("one", "One", (KINDS[kind],)),))
    return Document(io.BytesIO(to_word(whole))).element.body


@pytest.mark.parametrize("kind", [kind for kind in KINDS if not DRAWINGS[kind].width])
def test_word_shows_the_same_shapes_and_says_the_same(kind):
    body = in_word(kind)
    assert DRAWINGS[kind].said in next(body.iter(qn("wp:docPr"))).get("descr")
    wide = drawn(KINDS[kind], letters=100)
    drawing = next(body.iter(qn("w:drawing")))
    assert {each.text for each in wide.shapes if each.text} == {each.text for each in drawing.iter(qn("w:t"))}
    assert sum(str(each.tag).endswith("}wsp") for each in drawing.iter()) == len(wide.shapes)
    assert all(int(each.get("cx")) >= 0 for each in drawing.iter(qn("a:ext")))


@pytest.mark.parametrize("kind", [kind for kind in KINDS if DRAWINGS[kind].width])
def test_word_shows_a_grid_as_a_table_of_the_same_cells(kind):
    table = next(in_word(kind).iter(qn("w:tbl")))
    assert DRAWINGS[kind].said in next(table.iter(qn("w:tblDescription"))).get(qn("w:val"))
    texts = [each.text for each in table.iter(qn("w:t")) if each.text]
    assert sorted(texts) == sorted(each.text for each in DRAWINGS[kind].shapes if each.text)
    boxes = [each for each in DRAWINGS[kind].shapes if each.kind == "box"]
    assert len(list(table.iter(qn("w:shd")))) == len(boxes)


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
    assert drawn(replace(KINDS["stacked"], table=hidden)) is None


def test_bars_that_diverge_stand_about_one_line_in_one_scale():
    """Neither is halved by the line; 70 % is 3.5 times as long as 20 %, whatever bar it stands in."""
    shapes = DRAWINGS["diverging"].shapes
    lines = {each.left for each in shapes if each.look == "interval"}
    assert len(lines) == 1
    line = lines.pop()
    halves = [each for each in shapes if each.look == "s1" and not each.fixed]
    assert [each.left + each.width / 2 for each in halves] == pytest.approx([line, line])
    agree = [each for each in shapes if each.look == "c1" and not each.fixed]
    disagree = [each for each in shapes if each.look == "c4" and not each.fixed]
    assert all(each.left > line for each in agree)
    assert all(each.left + each.width < line for each in disagree)
    assert agree[0].width / agree[1].width == pytest.approx(3.5)
    assert max(each.left + each.width for each in agree) == pytest.approx(100)
    assert min(each.left for each in disagree) == pytest.approx(0)
    assert "Safe: Disagree 20.0%, Neither 10.0%, Agree 70.0%" in DRAWINGS["diverging"].said


def test_a_change_names_both_percents():
    assert "A from 50.8% to 40.9%" in DRAWINGS["change"].said
    assert "C from no figure to 10.0%" in DRAWINGS["change"].said


def test_a_pair_of_themes_has_its_figure_once_and_themes_are_numbered():
    assert DRAWINGS["pairs"].said == "2. Time: 1 40.0%; 3. Trust: 1 [c], 2 5.0%"


def test_of_many_themes_those_of_the_first_pairs_are_drawn_and_the_reader_is_told():
    pairs = tuple((f"T{one}", f"T{other}", 5.0) for one in range(30) for other in range(one + 1, 30))
    drawing = drawn(Figure("t", Table(PAIRS.columns, pairs), "pairs"))
    assert sum(each.kind == "box" for each in drawing.shapes) == 12 * 11 / 2
    assert "12 of 30 themes" in drawing.said
    assert any("12 of 30 themes" in each.text for each in drawing.shapes)


def test_long_labels_take_more_lines_and_words_never_meet():
    table = Table(BARS.columns, (("Confidence " * 12, 7, 8, 87.5, None, None), *BARS.rows[1:]))
    words = [each for each in drawn(replace(KINDS["bars"], table=table)).shapes if each.text]
    assert max(len(each.text) for each in words) <= 60
    for one, other in pairwise(sorted(words, key=lambda each: each.top)):
        assert other.top - one.top >= 20 or {one.anchor, other.anchor} == {"start", "end"}


def test_an_empty_table_draws_nothing():
    assert drawn(replace(KINDS["bars"], table=Table(BARS.columns, ()))) is None
