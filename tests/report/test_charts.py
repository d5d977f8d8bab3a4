"""Charts: well-formed SVG with the figures in words."""

from xml.etree import ElementTree

import pytest

from sendthemes.report import charts
from sendthemes.table import Table

COLUMNS = ("label", "respondents", "base", "percent", "low", "high")
BARS = Table(
    COLUMNS,
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
CHANGE = Table(("label", "then", "now"), (("A", 50.8, 40.88), ("B", 44.0, 54.1), ("C", None, 10.0)))
DRAWN = {
    "bars": charts.bars(BARS),
    "stacked": charts.stacked(TIDY, label="label", level="level", levels=["Low", "High"]),
    "heat": charts.heat(TIDY, rows="label", columns="level", names={"Low": "Q1", "High": "Q2"}),
    "change": charts.change(CHANGE),
}


@pytest.mark.parametrize("kind", DRAWN)
def test_a_chart_is_well_formed_and_has_a_text_alternative(kind):
    svg = ElementTree.fromstring(str(DRAWN[kind]))
    assert svg.get("role") == "img"
    assert svg.get("aria-label")


def test_bars_are_as_long_as_their_percents():
    svg = ElementTree.fromstring(str(DRAWN["bars"]))
    assert [rect.get("width") for rect in svg.iter("rect") if rect.get("class") == "c1"] == ["87.5%"]


def test_a_hidden_percent_has_no_bar_and_keeps_its_symbol():
    assert "Peer [c]" in DRAWN["bars"]


def test_labels_cannot_become_markup():
    assert "<b>" not in DRAWN["bars"]


def test_stacked_parts_stand_side_by_side():
    svg = ElementTree.fromstring(str(DRAWN["stacked"]))
    parts = [
        (rect.get("x"), rect.get("width")) for rect in svg.iter("rect") if rect.get("width", "").endswith("%")
    ]
    assert parts == [("0%", "25%"), ("25%", "75%"), ("0%", "100%")]


def test_a_change_names_both_percents():
    assert "A from 50.8% to 40.9%" in DRAWN["change"]
    assert "C from no figure to 10.0%" in DRAWN["change"]


def test_an_empty_table_draws_nothing():
    assert charts.bars(Table(COLUMNS, ())) == ""
