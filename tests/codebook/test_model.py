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


def test_a_notebook_shows_themes_with_their_number_of_entries():
    card = load_codebook(SOURCE)._repr_html_()
    assert "Codebook small 2: 3 themes, 3 entries" in card
    assert [card.count(f">{cell}<") for cell in ("A &amp; B", "Both &lt;of&gt; them", 2, 1, 0)] == [1] * 5


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
