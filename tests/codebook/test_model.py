"""The codebook as a record: how it shows itself."""

import pytest

from sendthemes.codebook.load import load_codebook
from sendthemes.codebook.model import Entry

SOURCE = {
    "codebook": "small",
    "version": "2",
    "themes": [
        {"theme": "a", "label": "A & B", "definition": "Both <of> them", "entries": ["x", "y"]},
        {"theme": "b", "entries": ["z"], "themes": [{"theme": "c"}]},
    ],
}


def test_printing_names_themes_definitions_and_entries():
    assert str(load_codebook(SOURCE)).splitlines() == [
        "Codebook small 2: 3 themes, 3 entries",
        "  A & B (2 entries) – Both <of> them",
        "  b (1 entry)",
        "    c (0 entries)",
    ]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({"regex": "x (negated: drop)"}, {"regex": "x", "negated": "drop"}),
        ({"word": "form: x"}, {"form": "x"}),
        ({"near": ["a, b", "c"]}, {"near": ["a", "b", "c"]}),
        ({"word": "a", "questions": ["x, y"]}, {"word": "a", "questions": ["x", "y"]}),
    ],
)
def test_entries_that_imitate_each_other_have_labels_of_their_own(one, other):
    assert Entry.model_validate(one).label != Entry.model_validate(other).label


def test_to_dict_leaves_defaults_out():
    assert load_codebook(SOURCE).to_dict() == SOURCE


def test_the_order_of_entries_is_part_of_the_wording():
    turned = SOURCE | {"themes": [SOURCE["themes"][0] | {"entries": ["y", "x"]}, SOURCE["themes"][1]]}
    assert load_codebook(turned) != load_codebook(SOURCE)


def test_a_notebook_shows_each_theme_and_no_markup_of_its_own():
    theme = {"theme": "a", "label": "<b>Pay</b>", "definition": "Money", "entries": ["pay", "wage"]}
    shown = load_codebook({"codebook": "x", "themes": [theme]})._repr_html_()
    assert "&lt;b&gt;Pay&lt;/b&gt;" in shown
    assert "Money" in shown
