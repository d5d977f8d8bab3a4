"""Tables as readers see them."""

from sendthemes.report.blocks import Figure
from sendthemes.report.present import presented
from sendthemes.table import Table

THEMES = Table(
    ("theme", "label", "respondents", "base", "percent", "low", "high"),
    (("funding", "Funding", 7, 8, 87.5, 52.9, 97.8), ("peer", "Peer", "[c]", 8, "[c]", None, None)),
    title="Themes",
    base="8 respondents",
    notes=("A note.",),
    reading="A reading.",
)
CROSS = Table(
    ("training", "monitoring", "respondents", "base", "percent"),
    (
        ("Good", "None", 0, 4, 0.0),
        ("Good", "In place", 4, 4, 100.0),
        ("Poor", "None", 1, 1, 100.0),
        ("Poor", "In place", 0, 1, 0.0),
    ),
)


def test_ids_are_left_out_where_a_label_says_the_same():
    shown = presented(Figure("themes", THEMES))
    assert shown.headings == ("Theme", "Respondents", "Base", "Percent", "95% interval")
    assert shown.rows[0] == ("Funding", "7", "8", "87.5", "52.9 to 97.8")


def test_the_count_is_the_cell_that_opens():
    shown = presented(Figure("themes", THEMES, opens={0: "evidence-funding"}))
    assert shown.opens == {(0, 1): "evidence-funding"}


def test_base_reading_and_notes_stand_under_the_table():
    assert presented(Figure("themes", THEMES)).lines == ("Base: 8 respondents.", "A reading.", "A note.")


def test_a_grid_keeps_zero_cells_and_shows_the_rows_base():
    shown = presented(Figure("x", CROSS, across="monitoring", opens={1: "here"}))
    assert shown.headings == ("Training", "None", "In place", "Base")
    assert shown.rows == (("Good", "0 (0.0%)", "4 (100.0%)", "4"), ("Poor", "1 (100.0%)", "0 (0.0%)", "1"))
    assert shown.opens == {(0, 2): "here"}


def test_a_grid_shows_bases_over_the_columns_where_they_are_the_columns():
    table = Table(
        ("theme", "label", "training", "respondents", "base", "percent"),
        (
            ("a", "A", "Good", 2, 4, 50.0),
            ("a", "A", "Poor", 1, 1, 100.0),
            ("b", "B", "Good", 0, 4, 0.0),
            ("b", "B", "Poor", 0, 1, 0.0),
        ),
    )
    shown = presented(Figure("x", table, across="training"))
    assert shown.headings == ("Theme", "Good (n\u00a0=\u00a04)", "Poor (n\u00a0=\u00a01)")


def test_hidden_cells_stay_hidden_in_a_grid():
    table = Table(CROSS.columns, (("Good", "None", "[c]", 4, "[c]"),))
    assert presented(Figure("x", table, across="monitoring")).rows == (("Good", "[c]", "4"),)
