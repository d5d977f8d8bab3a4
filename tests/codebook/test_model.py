"""The codebook as a record: how it shows itself."""

from sendthemes.codebook.load import load_codebook

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


def test_a_notebook_sees_a_table_with_text_escaped():
    html = load_codebook(SOURCE)._repr_html_()
    assert "A &amp; B" in html
    assert "Both &lt;of&gt; them" in html
    assert html.count("<tr>") == 4


def test_to_dict_leaves_defaults_out():
    assert load_codebook(SOURCE).to_dict() == SOURCE


def test_the_order_of_entries_is_part_of_the_wording():
    turned = SOURCE | {"themes": [SOURCE["themes"][0] | {"entries": ["y", "x"]}, SOURCE["themes"][1]]}
    assert load_codebook(turned) != load_codebook(SOURCE)
