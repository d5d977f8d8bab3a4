"""Loading: every fault of a codebook, at once, with place and remedy."""

import contextlib
import copy
import time

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sendthemes.codebook.load import list_codebooks, load_codebook, load_with_places
from sendthemes.errors import CodebookError

FULL = """\
codebook: small
version: 1.10
language: en
about: A codebook with one of everything.
prompt_echo: drop
themes:
  - theme: funding
    label: Funding pressure
    definition: Money as a limit.
    include: budgets
    exclude: pay
    entries:
      - funding
      - high needs block
      - under-resourc*
      - form: staffing
      - exact: HNB
      - near: [budget, pressure]
        within: 5
      - sequence: [cost, of, provision]
      - all: [lack, money]
        none: [time]
      - regex: '£\\s?\\d+'
      - tokens: [{LEMMA: cut}, {POS: NOUN}]
      - word: train
        pos: noun
        questions: [q27]
        negated: drop
        note: why
      - word: budget
        fuzzy: true
    exclusions: [funding body]
    examples: {yes: [Budgets are cut], no: [She applied to a funding body]}
    themes:
      - theme: pay
        entries: [salary]
classifications:
  - classification: monitoring
    question: q27
    levels: ["None", Developing, In place]
    choose: first
    rules: [{level: "None", entries: [no active monitoring]}]
    otherwise: null
"""


def of_entries(*lines):
    return "codebook: x\nthemes:\n  - theme: a\n    entries:\n" + "".join(f"      {line}\n" for line in lines)


def problems(source):
    with pytest.raises(CodebookError) as caught:
        load_codebook(source)
    return caught.value.problems


def only_problem(source):
    (found,) = problems(source)
    return found


def test_a_codebook_with_one_of_everything_loads():
    codebook = load_codebook(FULL)
    theme = codebook.theme("funding")
    assert codebook.version == "1.10"
    assert [entry.kind for entry in theme.entries[2:7]] == ["word", "form", "exact", "near", "sequence"]
    assert theme.examples.no == ("She applied to a funding body",)
    assert codebook.classifications[0].otherwise is None


def test_the_parsed_yaml_gives_the_same_codebook():
    parsed = yaml.safe_load(FULL)
    assert True in parsed["themes"][0]["examples"]  # YAML 1.1 reads yes: as true
    parsed["version"] = "1.10"
    assert load_codebook(parsed) == load_codebook(FULL)


def test_a_mapping_is_not_changed_by_loading_it():
    parsed = yaml.safe_load(FULL)
    before = copy.deepcopy(parsed)
    load_codebook(parsed)
    assert parsed == before


def test_to_dict_gives_the_codebook_back():
    codebook = load_codebook(FULL)
    assert load_codebook(codebook.to_dict()) == codebook
    assert load_codebook(yaml.safe_dump(codebook.to_dict(), allow_unicode=True)) == codebook


def test_a_codebook_comes_back_as_it_is():
    codebook = load_codebook(FULL)
    assert load_codebook(codebook) is codebook


def test_entries_with_a_token_pattern_can_be_keys():
    entries = load_codebook(FULL).theme("funding").entries
    assert len(set(entries) | set(load_codebook(FULL).theme("funding").entries)) == len(entries)


@pytest.mark.parametrize(
    ("line", "text", "kind"),
    [
        ("- no", "no", "yes or no"),
        ("- Yes", "Yes", "yes or no"),
        ("- on", "on", "yes or no"),
        ("- off", "off", "yes or no"),
        ("- true", "true", "yes or no"),
        ("- 2026", "2026", "a number"),
        ("- 02026", "02026", "a number"),
        ("- 1_000", "1_000", "a number"),
        ("- 12:30", "12:30", "a number"),
        ("- 1.50", "1.50", "a number"),
        ("- .inf", ".inf", "a number"),
        ("- ~", "~", "nothing"),
        ("- null", "null", "nothing"),
        ("- 2026-01-31", "2026-01-31", "a date"),
    ],
)
def test_what_yaml_does_not_read_as_text_is_an_error_with_the_quoted_form(line, text, kind):
    found = only_problem(of_entries(line))
    assert found.where == "codebook text:5:9"
    assert kind in found.message
    assert found.remedy == f"Write '{text}'."


@pytest.mark.parametrize("line", ["- 'no'", '- "2026"', "- '~'", "- '*resourc'", "- 'funding #cuts'"])
def test_the_quoted_form_is_accepted(line):
    assert load_codebook(of_entries(line)).theme("a").entries[0].word == yaml.safe_load(line)[0]


@pytest.mark.parametrize("line", ["- *resourc", "- *ed budget", "- word: *ing"])
def test_an_unquoted_leading_star_is_an_error_with_the_quoted_form(line):
    star = line[line.index("*") :]
    found = problems(of_entries(line, "- funding"))
    assert any(f"Write '{star}'." in problem.remedy and ":5:" in problem.where for problem in found)


def test_all_bare_stars_are_named_though_yaml_stops_at_the_first():
    found = problems(of_entries("- *ed budget", "- funding", "- *ing cost"))
    assert {problem.where for problem in found} == {"codebook text:5:9", "codebook text:7:9"}


@pytest.mark.parametrize("line", ["- funding #cuts", "- [a, b #c]", "- #hashtag"])
def test_text_cut_off_by_a_hash_is_an_error(line):
    assert any("#" in problem.message and ":5:" in problem.where for problem in problems(of_entries(line)))


@pytest.mark.parametrize(
    "line", ["- funding # a comment", "# - cost", "#- cost", "- funding  ## twice", "- 'a #b' # c"]
)
def test_comments_are_welcome(line):
    assert load_codebook(of_entries("- first", line))


def test_a_hash_inside_a_block_text_is_text():
    text = "codebook: x\nabout: |\n  Issue #12 and\n  #hashtags stay\nthemes: []\n"
    assert load_codebook(text).about == "Issue #12 and\n#hashtags stay\n"


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ('- "\\bword"', "control-character"),
        ('- "a\\nb"', "control-character"),
        ("- foo: bar", "key"),
        ("- fom: staffing", "key"),
        ("- ''", "empty-entry"),
        ("-", "empty-entry"),
        ("- '*'", "empty-entry"),
        ("- '? *'", "empty-entry"),
        ("- '!!!'", "empty-entry"),
        ("- {note: x}", "entry-kind"),
        ("- {word: a, form: b}", "entry-kind"),
        ("- {word: a, within: 3}", "entry-option"),
        ("- {word: a, none: [b]}", "entry-option"),
        ("- {word: a b, pos: noun}", "entry-option"),
        ("- {regex: 'a', fuzzy: true}", "entry-option"),
        ("- {word: 'bud*', fuzzy: true}", "entry-option"),
        ("- {near: [a, {word: b, questions: [q1]}]}", "entry-option"),
        ("- {near: [a]}", "shape"),
        ("- {regex: '('}", "regex"),
        ("- {regex: 'a*'}", "regex"),
        ("- {tokens: [{LEMA: cut}]}", "tokens"),
        ("- {tokens: [{LEMMA: cut, OP: '*'}]}", "tokens"),
        ("- {tokens: [{LEMMA: cut, OP: '{1000000}'}]}", "tokens"),
        ("- {tokens: [{TEXT: {REGEX: '('}}]}", "tokens"),
        ("- {tokens: [{TEXT: {REGEX: {IN: ['(a+)+$']}}}]}", "tokens"),
        ("- {tokens: [{POS: NOUNS}]}", "tokens"),
        ("- {tokens: [{ENT_TYPE: PERSON}]}", "tokens"),
        ("- {tokens: [{_: {x: y}}]}", "tokens"),
        ("- {word: a, fuzzy: yes}", "choice"),
        ("- {word: a, pos: nuon}", "choice"),
        ("- {near: [a, b], within: 5.5}", "choice"),
        ("- &x cost", "yaml-trap"),
        ("- !!str cost", "yaml-trap"),
        ("- [cost]", "shape"),
    ],
)
def test_each_fault_of_an_entry_has_its_line_and_code(line, code):
    found = problems(of_entries("- first", line))
    assert code in {problem.code for problem in found}
    assert all(problem.where.startswith("codebook text:6:") for problem in found)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("codebook: x\nthemes:\n- theme: a\n- theme: a\n", "duplicate-id"),
        ("codebook: x\nthemes:\n- theme: a\n  themes:\n  - theme: a\n", "duplicate-id"),
        ("codebook: x\nabout: a\nabout: b\n", "duplicate-key"),
        ("codebook: x\nthemes:\n- label: a\n", "missing-key"),
        ("codebook: My Book\nabout: x\n", "id"),
        ("codebook: x\nprompt_echo: yess\n", "choice"),
        ("codebook: x\nthemes:\n- just text\n", "shape"),
        ("just\ntext\n", "shape"),
        ("- a\n- list\n", "shape"),
        ("\n", "shape"),
        ("codebook: x\n---\ncodebook: y\n", "yaml"),
        ("codebook: x\n<<: {a: b}\n", "yaml-trap"),
        ("codebook: x\nabout: 'it's'\n", "yaml"),
        ("codebook: x\nthemes:\n\t- theme: a\n", "yaml"),
        ('codebook: x\nabout: "\\d"\n', "yaml"),
        ("codebook: x\nabout: \x07\n", "yaml"),
        ("codebook: x\nthemes: [\n", "yaml"),
    ],
)
def test_each_fault_of_a_document_has_its_code(text, code):
    assert code in {problem.code for problem in problems(text)}


def test_unknown_levels_are_named_with_the_nearest():
    text = FULL.replace('rules: [{level: "None"', "rules: [{level: Developng").replace(
        "otherwise: null", "otherwise: High"
    )
    rule, otherwise = problems(text)
    assert rule.remedy == "Did you mean 'Developing'?"
    assert "'High' is not one of the levels" in otherwise.message


def test_an_unknown_key_offers_the_nearest_valid_one():
    found = only_problem("codebook: x\nthemes:\n  - theme: a\n    entires: [b]\n")
    assert (found.where, found.remedy) == ("codebook text:4:5", "Did you mean 'entries'?")


def test_all_faults_come_at_once_in_order_of_the_file():
    found = problems(of_entries("- no", "- funding #cuts", "- {word: a, form: b}", "- fom: x") + "abot: x\n")
    assert [problem.where.split(":")[1] for problem in found] == ["5", "6", "7", "8", "9"]


def test_a_mapping_gets_paths_in_place_of_lines():
    found = problems({"codebook": "x", "themes": [{"theme": "a", "entries": ["b", True, 3, None]}]})
    assert [problem.where for problem in found] == [f"themes[0].entries[{at}]" for at in (1, 2, 3)]


def test_a_mapping_that_holds_itself_is_refused():
    knot: dict = {"codebook": "x"}
    knot["themes"] = [knot]
    assert only_problem(knot).code == "too-deep"


def test_a_mapping_that_repeats_itself_without_end_is_refused():
    level: list = ["a"]
    for _ in range(40):
        level = [level, level]
    assert only_problem({"codebook": "x", "themes": level}).code == "too-large"


@pytest.mark.parametrize(
    "text",
    [
        "[" * 1_000_000 + "\n",
        "{" * 1_000_000 + "\n",
        "- " * 500_000 + "\n",
        "? " * 400_000 + "\n",
        "codebook: x\nthemes:\n- theme: a\n  entries:\n" + "  - no\n" * 140_000,
        "codebook: x\nthemes:\n- theme: a\n  entries:\n" + "  - noo\n" * 120_000,
        "codebook: x\nabout: " + "x" * 2_100_000 + "\n",
        "a: &a [x]\n" + "b: [*a, *a]\n" * 40_000,
        "codebook: 'x\n" + "#x " * 300_000,
    ],
    ids=["lists", "mappings", "dashes", "keys", "traps", "values", "long text", "aliases", "hashes"],
)
def test_hostile_files_are_refused_quickly(text):
    start = time.process_time()
    problems(text)
    assert time.process_time() - start < 5  # about half a second; the bound is for a loaded machine


def test_a_file_is_named_as_given(tmp_path):
    path = tmp_path / "mine.yml"
    path.write_text(of_entries("- no"), encoding="utf-8")
    assert only_problem(path).where == f"{path}:5:9"


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"codebook: \xff\n", "encoding"),
        (b"x" * 2_100_000, "too-large"),
        ("codebook: x".encode("utf-16"), "encoding"),
    ],
)
def test_files_that_are_no_text_are_refused(tmp_path, content, code):
    path = tmp_path / "mine.yml"
    path.write_bytes(content)
    assert only_problem(path).code == code


@pytest.mark.parametrize("source", ["nowhere.yml", "a\0b", "x" * 5_000, "", "/", 7, None, ["a"]])
def test_what_is_no_codebook_is_refused(source):
    assert problems(source)


def test_a_byte_order_mark_and_windows_line_ends_are_read(tmp_path):
    path = tmp_path / "mine.yml"
    path.write_bytes(b"\xef\xbb\xbf" + FULL.replace("\n", "\r\n").encode())
    assert load_codebook(path) == load_codebook(FULL)


def test_every_bundled_codebook_loads_and_is_listed():
    table = list_codebooks()
    assert "send-readiness" in table.column("codebook")
    for name in table.column("codebook"):
        assert load_codebook(name).codebook == name


def test_a_near_miss_of_a_bundled_name_is_helped():
    assert only_problem("send-readines").remedy == "Did you mean 'send-readiness'?"


def test_places_lead_to_entries():
    _, source = load_with_places(FULL)
    assert source.where(("themes", 0, "entries", 3)) == "codebook text:16:9"


words = st.sampled_from(
    [
        "no",
        "2026",
        "~",
        "*ed",
        "&a",
        "!x",
        "funding",
        "'a b'",
        '"\\b"',
        "a: b",
        "[",
        "]",
        "{x: 1}",
        "#",
        "- ",
        "|",
        "<<",
    ]
) | st.text(max_size=8)
keys = st.sampled_from(
    ["codebook", "theme", "themes", "entries", "word", "near", "regex", "tokens", "levels", "rules"]
)
lines = st.tuples(
    st.integers(0, 6), st.sampled_from(["", "- "]), keys | words, st.sampled_from(["", ": ", ":"]), words
)
documents = st.lists(lines, max_size=12).map(
    lambda rows: "codebook: x\n" + "\n".join(" " * depth + "".join(parts) for depth, *parts in rows)
)


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(documents)
def test_random_documents_give_a_codebook_or_codebook_errors(text):
    with contextlib.suppress(CodebookError):
        assert load_codebook(text).codebook


leaves = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5) | st.binary(max_size=3)
trees = st.recursive(
    leaves,
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(keys | st.text(max_size=4), inner, max_size=4)
    ),
)


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.dictionaries(keys | st.sampled_from(["classifications", "examples"]), trees, max_size=5))
def test_random_mappings_give_a_codebook_or_codebook_errors(mapping):
    with contextlib.suppress(CodebookError):
        assert load_codebook({"codebook": "x"} | mapping).codebook


def test_a_quotation_mark_that_never_closes_is_told_where_it_opens(tmp_path):
    file = tmp_path / "book.yml"
    file.write_text("codebook: x\nthemes:\n  - theme: pay\n    label: 'Pay\n    entries: [pay]\n")
    with pytest.raises(CodebookError, match=r"book\.yml:4:12: A quotation mark opens here and none closes"):
        load_codebook(file)
