"""Checking codebooks: each doubt with its place, alone and on answers."""

import pytest

from sendthemes.codebook.load import load_codebook
from sendthemes.codebook.model import Entry, Theme
from sendthemes.sensecheck.check import check_codebook
from sendthemes.sensecheck.covering import swallowed
from sendthemes.survey.answers import Answers, Question


def survey(*texts, prompt="What about it?"):
    numbers = range(len(texts))
    return Answers(
        respondents=tuple(f"r{number}" for number in numbers),
        questions=(Question("q1", prompt, "open"),),
        answer_ids=[f"a{number}" for number in numbers],
        answer_respondents=list(numbers),
        answer_questions=[0] * len(texts),
        texts=list(texts),
    )


def book(*entries, **theme):
    return {"codebook": "x", "themes": [{"theme": "a", "definition": "d", "entries": list(entries)} | theme]}


def codes(codebook, answers=None):
    return [(row["code"], row["entry"]) for row in check_codebook(codebook, answers)]


def test_a_sound_codebook_has_no_findings():
    table = check_codebook(book("budget", "staff", examples={"yes": ["Budgets fell"], "no": ["Nothing"]}))
    assert not table.rows
    assert table.notes == ("0 errors, 0 warnings, 0 infos.",)


def test_what_cannot_be_loaded_comes_as_errors_with_places():
    (row,) = check_codebook("codebook: x\nabot: y\n")
    assert (row["severity"], row["where"], row["remedy"]) == (
        "error",
        "codebook text:2:1",
        "Did you mean 'about'?",
    )


def test_an_entry_that_can_never_match_is_an_error():
    assert codes(book("foo, bar")) == [("never-matches", "foo, bar")]


def test_an_inflected_entry_is_brought_to_its_base():
    (row,) = check_codebook(book("budgets"))
    assert (row["code"], row["severity"]) == ("inflected-entry", "info")
    assert "'budget'" in row["message"]


@pytest.mark.parametrize("entry", [{"form": "budgets"}, "meeting", "under-resourc*", "budget"])
def test_forms_bases_and_wildcards_are_left_alone(entry):
    assert codes(book(entry)) == []


def test_an_entry_that_stands_twice_is_found_whatever_its_hyphens():
    assert codes(book("co-production", "Co production")) == [("duplicate-entry", "Co production")]


@pytest.mark.parametrize(
    ("cover", "entry"),
    [
        ("funding", "high needs funding"),
        ("funding", {"near": ["lack", "funding"]}),
        ("funding", {"form": "funding"}),
        ("budget", {"form": "budgets"}),
        ("resourc*", "resource"),
        ("resourc*", "resourcing*"),
        ({"form": "training"}, {"exact": "training"}),
        ("needs", "meet needs"),
        ("funding", {"word": "funding cut", "questions": ["q1"]}),
    ],
)
def test_a_broader_entry_swallows_a_narrower_one(cover, entry):
    theme = Theme.model_validate({"theme": "a", "entries": [cover, entry]})
    assert [at for at, _ in swallowed(theme)] == [1]


@pytest.mark.parametrize(
    ("cover", "entry"),
    [
        ("funding", "fund"),
        ({"form": "fund"}, "fund"),
        ({"exact": "Fund"}, {"form": "fund"}),
        ({"word": "funding", "questions": ["q1"]}, "high needs funding"),
        ({"word": "funding", "negated": "drop"}, "high needs funding"),
        ({"word": "train", "pos": "noun"}, "train driver"),
        ("resourc*", "under-resourced"),
        ("funding", {"word": "fundings", "fuzzy": True}),
        ("time", {"all": ["lack"], "none": ["time"]}),
        ("cost of provision", "cost"),
    ],
)
def test_what_may_be_found_alone_is_not_swallowed(cover, entry):
    theme = Theme.model_validate({"theme": "a", "entries": [cover, entry]})
    assert [at for at, _ in swallowed(theme) if at == 1] == []


def test_an_entry_that_an_exclusion_may_silence_swallows_nothing():
    entries = (Entry(word="funding"), Entry(word="funding body cuts"))
    assert list(swallowed(Theme(theme="a", entries=entries, exclusions=(Entry(word="funding body"),)))) == []


@pytest.mark.parametrize("pattern", [r"\bcut", r"(?<!\w)cut(?!\w)", r"£\s?\d+ "])
def test_a_regex_with_edges_is_fine(pattern):
    assert codes(book({"regex": pattern})) == []


def test_a_regex_without_edges_is_a_warning():
    assert [code for code, _ in codes(book({"regex": "cut(s|ting)?"}))] == ["regex-edges"]


@pytest.mark.parametrize("pattern", [r"\b(\d+,?)+ places\b", r"\b(\w+\s*)+:$", r"\b(a|aa)+$x", r"(\.+)+\?"])
def test_a_regex_that_can_explode_is_a_warning(pattern):
    assert "regex-slow" in {code for code, _ in codes(book({"regex": pattern}))}


def test_themes_that_share_most_entries_are_a_warning():
    source = book("a1", "b1", "c1")
    source["themes"].append({"theme": "b", "definition": "d", "entries": ["a1", "b1", "d1"]})
    assert [code for code, _ in codes(source)] == ["shared-entries"]


def test_themes_of_different_questions_may_share_their_entries():
    source = book("a1", "b1", questions=["q1"])
    source["themes"].append({"theme": "b", "definition": "d", "entries": ["a1", "b1"], "questions": ["q2"]})
    assert codes(source) == []


def test_a_theme_without_definition_or_entries_is_a_warning():
    assert codes({"codebook": "x", "themes": [{"theme": "a"}]}) == [("no-definition", ""), ("no-entries", "")]


def test_failing_examples_are_errors_with_their_place():
    source = "codebook: x\nthemes:\n- theme: a\n  definition: d\n  entries: [budget]\n"
    source += "  examples:\n    yes: [Money]\n    no: [the budget, fine]\n"
    rows = list(check_codebook(source))
    assert [(row["code"], row["where"]) for row in rows] == [
        ("example-fails", "codebook text:7:11"),
        ("example-fails", "codebook text:8:10"),
    ]
    assert "(by 'budget')" in rows[1]["message"]


def test_examples_run_in_the_question_that_an_entry_is_limited_to():
    entry = {"word": "budget", "questions": ["What of the budget?"]}
    assert codes(book(entry, examples={"yes": ["budget"], "no": ["none"]})) == []
    assert [code for code, _ in codes(book(entry, examples={"no": ["budget"]}))] == ["example-fails"]


def test_entries_that_find_nothing_are_named():
    assert codes(book("budget", "staff"), survey("Staff")) == [("dead-entry", "budget")]


def test_an_entry_is_not_dead_because_a_longer_one_wins():
    found = codes(book("needs", "meet needs"), survey("They meet needs"))
    assert "dead-entry" not in {code for code, _ in found}


def test_entries_of_an_absent_question_are_not_called_dead():
    assert codes(book({"word": "budget", "questions": ["q9"]}), survey("Staff")) == [
        ("no-question", "budget (questions: [q9])")
    ]


def test_one_entry_that_makes_most_of_its_theme_is_a_warning():
    found = codes(book("budget", "staff"), survey(*["budget"] * 9, "staff"))
    assert found == [("one-entry-theme", "budget")]


def test_entries_that_never_fire_alone_are_named():
    found = codes(book("budget", "staff"), survey("budget and staff", *["budget"] * 3))
    assert ("never-alone", "staff") in found
    assert ("never-alone", "budget") not in found


def test_mostly_negated_entries_are_a_warning():
    found = codes(
        book("budget", "staff"), survey("no budget", "no budget", "no budget", "budget", "staff", "staff")
    )
    assert found == [("mostly-negated", "budget")]


def test_mostly_echoed_entries_are_a_warning_even_where_echoes_are_dropped():
    said = "What stops us meeting local need is this"
    answers = survey(said, said, said, "staff", "staff", "staff", prompt="What stops you meeting local need?")
    source = book("local need", "staff")
    assert ("mostly-echo", "local need") in codes(source, answers)
    assert ("mostly-echo", "local need") in codes(source | {"prompt_echo": "drop"}, answers)


def test_findings_show_no_words_of_an_answer():
    table = check_codebook(book("budget*"), survey("budgetary Zanzibar"))
    assert "Zanzibar" not in table.to_csv()
    assert "budgetary" not in table.to_csv()


def test_a_loaded_codebook_gets_paths():
    (row,) = check_codebook(load_codebook(book("budgets")))
    assert row["where"] == "themes[0].entries[0]"


@pytest.mark.parametrize("name", ["send-readiness"])
def test_bundled_codebooks_have_no_errors_or_warnings(name):
    assert {row["severity"] for row in check_codebook(name)} <= {"info"}


@pytest.mark.parametrize(
    ("entry", "code"),
    [
        ("s*", "broad-wildcard"),
        ({"word": "cost", "fuzzy": True}, "fuzzy-short"),
        ({"all": ["money", "time"], "none": ["money"]}, "never-matches"),
        ({"tokens": [{"LOWER": "Cut"}]}, "never-matches"),
    ],
)
def test_an_odd_entry_is_told_of(entry, code):
    assert code in {found for found, _ in codes(book(entry))}


@pytest.mark.parametrize(
    "entry", ["com*", "co*t", {"word": "budget", "fuzzy": True}, {"regex": r"\bfund\w*"}]
)
def test_an_ordinary_entry_is_left_alone(entry):
    assert codes(book(entry)) == []


def test_a_codebook_without_themes_is_told_of():
    assert codes({"codebook": "x"}) == [("no-themes", "")]


def test_themes_of_one_label_are_told_of():
    source = book("cost", label="Money")
    source["themes"].append({"theme": "b", "label": "money", "definition": "d", "entries": ["price"]})
    assert codes(source) == [("same-label", "")]


def test_an_entry_of_a_sub_theme_needs_not_stand_in_its_parent():
    child = {"theme": "b", "definition": "d", "entries": ["funding"]}
    assert codes(book("funding", "cost", themes=[child])) == [("in-sub-theme", "funding")]


def test_an_example_whose_hit_is_set_aside_says_why():
    source = book({"word": "funding", "negated": "drop"}, examples={"yes": ["There is no funding"]})
    (row,) = check_codebook(source)
    assert "is not found ('funding (negated: drop)' is set aside: negated: dropped)" in row["message"]


def test_hits_that_are_all_set_aside_are_not_called_dead():
    (row,) = check_codebook(book("funding", exclusions=["funding"]), survey("the funding", "funding falls"))
    assert (row["code"], row["message"]) == (
        "set-aside",
        "All 2 of its hits are set aside (inside an exclusion: 2).",
    )


def test_an_exclusion_that_excludes_nothing_is_told_of():
    source = book("funding", exclusions=["funding body"])
    assert codes(source, survey("the funding")) == [("dead-exclusion", "funding body")]


def test_a_question_that_the_answers_lack_is_told_of_with_the_nearest():
    (row,) = check_codebook(book("cost", questions=["q12"]), survey("the cost"))
    assert (row["code"], row["remedy"]) == ("no-question", "Did you mean 'q1'?")


def test_an_entry_of_most_answers_is_told_of():
    answers = survey(*["it is the time"] * 15, *["nothing"] * 10)
    assert ("common-entry", "the") in codes(book("the", "cost"), answers)


def test_a_classification_that_leaves_most_answers_without_a_level_is_told_of():
    one = {
        "classification": "m",
        "question": "q1",
        "levels": ["Low"],
        "rules": [{"level": "Low", "entries": ["low"]}],
    }
    answers = survey("it is low", "high", "middling")
    (row,) = check_codebook({"codebook": "x", "classifications": [one]}, answers)
    assert row["message"] == "No rule holds for 2 of 3 answers."
