"""Dictionaries of other tools, in and out."""

import pytest

from sendthemes.codebook.dictionaries import read_dictionary, write_dictionary
from sendthemes.codebook.load import load_codebook
from sendthemes.errors import CodebookError

LIWC = "%\n1\tfunct\n\t2\tpronoun\n3\tposemo\n%\n"
LIWC += "I\t1 2\nlove*\t3\nlike\t(02 134)3/1\nkind <of>\t3\nkind of\t3\t9\n"
WORDSTAT = (
    "SOUTH\n   \tBW\n   \t\tBotswana (1)\n   \t\tSouth_Africa (2)\n\t@RULE [A NEAR B]\nNORTH\n\tx (1)\n"
)
YOSHIKODER = (
    '<?xml version="1.0" encoding="UTF-8"?>\n<dictionary style="050805" patternengine="substring">'
    '<cnode name="New"><cnode name="A" desc="d"><pnode name="more"/></cnode>'
    '<cnode name="B"><pnode name="had*" score="2"/></cnode></cnode></dictionary>'
)
QUANTEDA = 'A CAT: [more, no, ":)"]\nOTHER:\n  - had\n  - 2026\n  - Sub: [x y*, "*"]\n'


def read(tmp_path, name, content):
    path = tmp_path / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return read_dictionary(path)


def outline(codebook):
    return {theme.theme: [entry.label for entry in theme.entries] for theme, _ in codebook.walk()}


def test_quanteda_yaml_is_read_with_what_yaml_misreads(tmp_path):
    found = read(tmp_path, "mary.yml", QUANTEDA)
    assert outline(found.codebook) == {
        "a-cat": ["form: more", "form: no", r"regex: (?i)(?<!\w):\)(?!\w)"],
        "other": ["form: had", "form: 2026"],
        "sub": ["form: x y*"],
    }
    assert [(row["value"], row["action"]) for row in found.report] == [
        (":)", "kept as a regular expression"),
        ("*", "left out"),
    ]


def test_a_list_dictionary_is_read():
    found = read_dictionary({"A": ["x", "y z"], "B": {"C": "w"}}, name="My list")
    assert found.codebook.codebook == "my-list"
    assert outline(found.codebook) == {"a": ["form: x", "form: y z"], "b": [], "c": ["form: w"]}


def test_liwc_is_read_with_its_hierarchy_and_what_it_cannot_say(tmp_path):
    found = read(tmp_path, "m.dic", LIWC)
    assert outline(found.codebook) == {
        "funct": ["form: I", "form: like"],
        "pronoun": ["form: I"],
        "posemo": ["form: love*", "form: like", "form: kind of"],
    }
    assert [row["where"] for row in found.report] == ["m.dic:8:1", "m.dic:9:1", "m.dic:10:1"]


def test_wordstat_is_read_with_weights_and_rules_reported(tmp_path):
    found = read(tmp_path, "s.cat", WORDSTAT)
    assert outline(found.codebook) == {
        "south": [],
        "bw": ["form: Botswana", "form: South Africa"],
        "north": ["form: x"],
    }
    assert [row["problem"] for row in found.report] == ["the weight 2", "a WordStat rule"]


def test_yoshikoder_is_read_without_its_outer_shell(tmp_path):
    found = read(tmp_path, "y.ykd", YOSHIKODER)
    assert outline(found.codebook) == {"a": ["form: more"], "b": ["form: had*"]}
    assert found.codebook.theme("a").definition == "d"
    assert found.report.column("problem") == ("the score 2",)


def test_lexicoder_is_read(tmp_path):
    found = read(tmp_path, "l.lc3", "+A category\nmore\n+Other\nnot good\n")
    assert outline(found.codebook) == {"a-category": ["form: more"], "other": ["form: not good"]}
    assert not found.report.rows


def test_taguette_is_read_with_descriptions_and_parents(tmp_path):
    found = read(tmp_path, "t.csv", "tag,description,parent\nmoney,About it,\ncuts,,money\na,,b\nb,,a\n")
    assert [(theme.theme, parent) for theme, parent in found.codebook.walk()] == [
        ("money", ""),
        ("cuts", "money"),
        ("a", ""),
        ("b", ""),
    ]
    assert found.codebook.theme("money").definition == "About it"
    assert "circular parent" in found.report.column("problem")[0]


def test_categories_of_the_same_name_get_their_own_ids(tmp_path):
    found = read(tmp_path, "l.lc3", "+Good\nfine\n+good\nwell\n")
    assert found.codebook.theme_ids == ("good", "good-2")


def test_old_encodings_are_read(tmp_path):
    assert outline(read(tmp_path, "l.lc3", "+A\ncafé\n".encode("cp1252")).codebook) == {"a": ["form: café"]}


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("y.ykd", '<!DOCTYPE x [<!ENTITY a "b">]><dictionary/>'),
        ("y.ykd", "<dictionary>"),
        ("y.ykd", "<dictionary>" + '<cnode name="a">' * 60 + "</cnode>" * 60 + "</dictionary>"),
        ("m.dic", "no marks\n"),
        ("t.csv", "a,b\n1,2\n"),
        ("m.yml", "- just\n- a list\n"),
        ("m.txt", "x"),
        ("m.dic", b"x" * 2_100_000),
    ],
)
def test_files_that_do_not_fit_are_refused(tmp_path, name, content):
    with pytest.raises(CodebookError):
        read(tmp_path, name, content)


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(CodebookError, match="nowhere"):
        read_dictionary(tmp_path / "nowhere.dic")


def test_quanteda_export_writes_words_in_their_forms_and_reports_the_rest(tmp_path):
    codebook = load_codebook(
        {
            "codebook": "x",
            "themes": [
                {
                    "theme": "money",
                    "entries": ["budget", {"form": "no"}, "co-op*", {"near": ["a", "b"]}, {"exact": "HNB"}],
                    "exclusions": ["budget airline"],
                    "themes": [{"theme": "pay", "entries": [{"form": "it's"}]}],
                }
            ],
        }
    )
    report = write_dictionary(codebook, tmp_path / "out.yml")
    assert report.column("problem") == ("an entry of kind near", "case", "an exclusion")
    back = read_dictionary(tmp_path / "out.yml").codebook
    money = {entry.form for entry in back.theme("money-2").entries}
    assert {"budget", "budgets", "budgeting", "no", "co-op*", "HNB"} <= money
    assert outline(back)["pay"] == ["form: it's"]


def test_a_tag_may_stand_above_its_parent(tmp_path):
    found = read(tmp_path, "t.csv", "tag,parent\npay,cuts\ncuts,money\nmoney,nowhere\n")
    assert [(theme.theme, parent) for theme, parent in found.codebook.walk()] == [
        ("money", ""),
        ("cuts", "money"),
        ("pay", "cuts"),
    ]
    assert found.report.column("where")[0] == "t.csv:4:1"
