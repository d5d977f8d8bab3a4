"""Tables and how they are shown."""

import csv
import io
import pickle
import sys
from importlib.resources import files

import pytest
from hypothesis import given
from hypothesis import strategies as some

from sendthemes.table import _DOWN, _INK, _SHADES, _UP, Table, defused, heading, show

cells = some.none() | some.booleans() | some.integers() | some.floats(allow_nan=False) | some.text()
FUNDING = Table(
    ("theme", "respondents", "percent"),
    (("funding", 7, 87.5), ("tas", 0, 0.0)),
    title="Themes",
    base="8 respondents",
    notes=("A respondent counts once.",),
    reading="Funding is named most.",
)


def test_rows_come_as_dicts():
    assert FUNDING.to_dicts()[0] == {"theme": "funding", "respondents": 7, "percent": 87.5}


def test_a_row_of_the_wrong_length_is_refused():
    with pytest.raises(ValueError, match="a row of 1 cells in a table of 2 columns"):
        Table(("a", "b"), ((1,),))


def test_columns_of_one_name_are_refused():
    with pytest.raises(ValueError, match="names must differ"):
        Table(("a", "a"), ())


def test_an_unknown_column_names_those_there_are():
    with pytest.raises(KeyError, match="theme, respondents, percent"):
        FUNDING.column("label")


def test_markdown_carries_title_base_reading_and_notes():
    shown = FUNDING.to_markdown()
    assert "| funding | 7 | 87.5 |" in shown
    for part in ("**Themes**", "Base: 8 respondents.", "Funding is named most.", "A respondent counts once."):
        assert part in shown


def test_notebook_table_has_caption_and_scope():
    shown = FUNDING._repr_html_()
    assert "<caption" in shown
    assert shown.count('scope="col"') == 3


def test_notebook_table_escapes_text():
    shown = Table(("<b>",), (("<script>alert(1)</script>",),), title="<i>")._repr_html_()
    assert "<script" not in shown
    assert "<i>" not in shown
    assert "<b>" not in shown


@given(some.lists(some.tuples(cells, cells), max_size=5))
def test_csv_reads_back_cell_by_cell(rows):
    table = Table(("a", "b"), tuple(rows))
    read = list(csv.reader(io.StringIO(table.to_csv(), newline="")))
    assert read[1:] == [["" if cell is None else str(defused(cell)) for cell in row] for row in rows]


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r"])
def test_csv_cells_are_never_formulas(start):
    assert Table(("a",), ((start + "1",),)).to_csv().splitlines()[1].lstrip('"').startswith("'")


def test_csv_is_written_to_a_file(tmp_path):
    assert FUNDING.to_csv(tmp_path / "themes.csv") == (tmp_path / "themes.csv").read_bytes().decode()


@pytest.mark.parametrize(
    ("cell", "form", "shown"),
    [
        (None, None, ""),
        (1234, None, "1,234"),
        (87.5, None, "87.5"),
        (True, None, "Yes"),
        (0.0004, "p", "<0.001"),
        (0.04, "p", "0.040"),
        ("[c]", "percent", "[c]"),
        (12.345, "percent", "12.3"),
        (3, "percent", "3.0"),
        (3.0, "count", "3"),
        (2026, "text", "2026"),
        (-0.001, "ratio", "0.00"),
        (-0.01, "number", "0.0"),
    ],
)
def test_cells_are_rounded_for_reading_only(cell, form, shown):
    assert show(cell, form) == shown


def test_symbols_do_not_make_a_number_column_text():
    assert Table(("n",), ((3,), ("[c]",), (None,))).is_numeric("n")
    assert not Table(("n",), (("3",),)).is_numeric("n")


def test_frames_hold_the_same_cells():
    assert FUNDING.to_pandas().to_dict("records") == FUNDING.to_dicts()
    assert FUNDING.to_polars().to_dicts() == FUNDING.to_dicts()


def test_mixed_cells_reach_polars():
    assert Table(("n",), ((3,), ("[c]",))).to_polars().height == 2


def test_a_table_survives_copying_to_another_process():
    assert pickle.loads(pickle.dumps(FUNDING)) == FUNDING


def test_headings_are_readable():
    assert heading("answer_id") == "Answer id"


def test_the_terminal_shows_aligned_columns():
    lines = repr(FUNDING).splitlines()
    assert lines[:4] == [
        "Themes",
        "Theme    Respondents  Percent",
        "funding            7     87.5",
        "tas                0      0.0",
    ]
    assert lines[4:] == ["Base: 8 respondents.", "Funding is named most.", "A respondent counts once."]


def test_words_before_a_hit_run_up_to_it():
    table = Table(
        ("before", "matched"), (("our", "budget"), ("the whole", "budget")), formats={"before": "before"}
    )
    assert repr(table).splitlines()[1] == "      our  budget"


def test_the_terminal_says_how_many_rows_it_leaves_out():
    assert "… and 40 more rows" in repr(Table(("n",), tuple((n,) for n in range(100))))


def test_bars_draw_percents_with_intervals_and_leave_hidden_ones_empty():
    table = Table(
        ("theme", "label", "respondents", "base", "percent", "low", "high"),
        (("a", "Money", 5, 8, 62.5, 30.6, 86.3), ("b", "Time", "[c]", 8, "[c]", "[c]", "[c]")),
        title="Themes",
        base="8 respondents",
    )
    chart = table.plot().to_dict()
    money, time = next(iter(chart["datasets"].values())) if "datasets" in chart else chart["data"]["values"]
    assert money["said"] == "62.5% (5 of 8)"
    assert (money["percent"], money["low"], money["high"]) == (62.5, 30.6, 86.3)
    assert time["said"] == "[c]"
    assert (time["percent"], time["low"], time["high"]) == (None, None, None)
    assert chart["title"]["subtitle"] == ["Base: 8 respondents."]


@pytest.mark.parametrize(
    ("columns", "row", "marks"),
    [
        (("label", "percent"), ("Money", 50.0), ["bar", "rule", "rule", "text"]),
        (("training", "monitoring", "percent"), ("Good", "None", 50.0), ["rect", "text"]),
        (("theme", "label", "percent_then", "percent_now"), ("a", "Money", 50.0, 40.0), ["rule", "circle"]),
    ],
)
def test_the_chart_fits_what_the_table_shows(columns, row, marks):
    layers = Table(columns, (row,)).plot().to_dict()["layer"]
    assert [layer["mark"]["type"] for layer in layers] == marks


@pytest.mark.parametrize("columns", [("label", "count"), ("a", "b", "c", "percent")])
def test_what_cannot_be_drawn_is_told_with_the_columns(columns):
    row = tuple(1.0 if name in {"count", "percent"} else "x" for name in columns)
    with pytest.raises(ValueError, match=f"the table has {columns[0]}, "):
        Table(columns, (row,)).plot()


def test_plot_without_altair_says_which_extra_to_install(monkeypatch):
    monkeypatch.setitem(sys.modules, "altair", None)
    with pytest.raises(ImportError, match=r"pip install 'sendthemes\[notebook\]'"):
        Table(("label", "percent"), (("Money", 50.0),)).plot()


def test_charts_have_the_colours_of_the_reports():
    css = files("sendthemes").joinpath("report/templates/report.css").read_text(encoding="utf-8")
    light = css.partition("@media")[0]
    assert [colour for colour in (_UP, _DOWN, _INK, *_SHADES) if colour not in light] == []


def test_a_cell_cut_for_the_terminal_shows_that_it_is():
    lines = str(Table(("text",), (("a" * 60,), ("b" * 61,)))).splitlines()
    assert lines[1:] == ["a" * 60, "b" * 59 + "…"]
