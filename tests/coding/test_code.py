import numpy as np
import pytest

from sendthemes.codebook.model import Codebook
from sendthemes.coding.code import code_answers
from sendthemes.errors import CodebookError
from sendthemes.survey.answers import Answers, Question

Q1 = Question("q1", "What stops you from monitoring the impact of inclusion?", "open")
Q2 = Question("q2", "How do you monitor?", "open")
SIZE = Question("size", "Size", "single", ("Small", "Large"))


def survey(*rows, questions=(Q1, Q2, SIZE)):
    """Rows of (respondent, question place, text)."""
    people = tuple(dict.fromkeys(row[0] for row in rows))
    return Answers(
        people,
        questions,
        [f"a{at}" for at in range(len(rows))],
        [people.index(row[0]) for row in rows],
        [row[1] for row in rows],
        [row[2] for row in rows],
    )


def one(*texts):
    return survey(*((f"r{at}", 0, text) for at, text in enumerate(texts)))


def book(*entries, prompt_echo="flag", classifications=(), **theme):
    themes = [{"theme": "t", "entries": list(entries), **theme}]
    return Codebook.model_validate(
        {
            "codebook": "b",
            "prompt_echo": prompt_echo,
            "themes": themes,
            "classifications": list(classifications),
        }
    )


def matched(answers, codebook):
    return [coding.matched for coding in code_answers(answers, codebook)]


@pytest.mark.parametrize(
    ("entry", "text", "expected"),
    [
        ("train", "Training, trains and a trained trainer.", ["Training", "trains", "trained"]),
        ("meeting", "Meetings meet needs we met.", ["Meetings"]),
        ("leaf", "Leaves", ["Leaves"]),
        ("leave", "Leaves", ["Leaves"]),
        ("carer", "car carer carers", ["carer", "carers"]),
        ("a", "as a", ["a"]),
        ("budgets", "One budget", ["budget"]),
        ("upskill", "upskilling", ["upskilling"]),
        ("SENCOs", "senco", ["senco"]),
        ("resource", "resourced resourcing", ["resourced", "resourcing"]),
        ("organise", "organising organised", ["organising", "organised"]),
        (
            "co-production",
            "coproduction co-production co production",
            ["coproduction", "co-production", "co production"],
        ),
        ("wellbeing", "well-being, not well being", ["well-being"]),
        (
            "parents carers",
            "parents/carers, parents carers, parents, carers",
            ["parents/carers", "parents carers"],
        ),
        ("parent voice", "parents’ voice and the parent's voice", ["parents’ voice", "parent's voice"]),
        ("children's services", "Children’s Services; children services", ["Children’s Services"]),
        ("don't know", "I dont know. Don’t know! do not know", ["dont know", "Don’t know", "do not know"]),
        ("high needs block", "high needs. block", []),
        ("high need block", "the High-Needs Block", ["High-Needs Block"]),
        ("post 16", "post-16", ["post-16"]),
        ("under-resourc*", "Under-resourced, underresourcing", ["Under-resourced", "underresourcing"]),
        ("wom?n", "woman women womn", ["woman", "women"]),
        ("work * parents", "work with parents, work with all parents", ["work with parents"]),
        ({"form": "staffing"}, "Staffing staffs", ["Staffing"]),
        ({"form": "staff*"}, "Staffing staffs", ["Staffing", "staffs"]),
        ({"exact": "HNB"}, "HNB hnb", ["HNB"]),
        ({"exact": "N/A"}, "N/A n/a", ["N/A"]),
        (
            {"near": ["budget", "pressure"]},
            "pressure on all our small budgets",
            ["pressure on all our small budgets"],
        ),
        ({"near": ["budget", "pressure"], "within": 1}, "pressure on all budgets", []),
        ({"near": ["budget", "pressure"]}, "budget. pressure", []),
        ({"near": ["high needs", "block"], "within": 0}, "block, high needs", ["block, high needs"]),
        ({"sequence": ["cost", "provision"]}, "provision cost of provision", ["cost of provision"]),
        (
            {"sequence": ["cost", "of", "provision"], "within": 0},
            "cost of provision, provision of cost",
            ["cost of provision"],
        ),
        ({"all": ["lack", "money"]}, "Money we lack. Money.", ["Money we lack"]),
        (
            {"all": ["lack", "money"], "none": ["never"]},
            "We never lack money.\nThey lack money",
            ["lack money"],
        ),
        ({"regex": r"£\s?\d+"}, "cost £500 or £ 20", ["£500", "£ 20"]),
        (
            {"word": "provision", "fuzzy": True},
            "provison, provsion, prvoision, revision, provisions",
            ["provison", "provsion", "prvoision", "provisions"],
        ),
        ({"word": "fund", "fuzzy": True}, "fnd funs fun", []),
        (
            "funding",
            "ｆｕｎｄｉｎｇ fun\u00adding f\u200bunding fundіng",
            ["ｆｕｎｄｉｎｇ", "fun\u00adding", "f\u200bunding", "fundіng"],
        ),
    ],
)
def test_what_an_entry_finds(entry, text, expected) -> None:
    assert matched(one(text), book(entry)) == expected


@pytest.mark.parametrize(("between", "count"), [(5, 1), (6, 0)])
def test_neighbouring_parts_stand_five_words_apart_at_most_unless_told(between, count) -> None:
    text = f"cost {'of ' * between}provision"
    assert len(matched(one(text), book({"near": ["cost", "provision"]}))) == count


def test_a_closed_spelling_keeps_the_possessive() -> None:
    answers = one("wellbeing's cost", "wellbeing cost")
    assert matched(answers, book("well-being's cost")) == ["wellbeing's cost"]


def test_overlapping_hits_of_a_theme_are_one_the_longest() -> None:
    entries = ("needs", "high needs", "high needs block", "block funding")
    assert matched(one("the high needs block funding"), book(*entries)) == ["high needs block"]


def test_equal_spans_go_to_the_entry_first_in_the_alphabet() -> None:
    coded = code_answers(one("training"), book("training", "train*", "train"))
    assert [coding.entry for coding in coded] == ["train"]


def test_each_theme_keeps_its_own_hits() -> None:
    codebook = Codebook.model_validate(
        {
            "codebook": "b",
            "themes": [{"theme": "y", "entries": ["cost"]}, {"theme": "x", "entries": ["cost"]}],
        }
    )
    assert [coding.theme for coding in code_answers(one("cost"), codebook)] == ["y", "x"]


def test_hits_inside_an_exclusion_are_set_aside() -> None:
    coded = code_answers(one("the funding body gives funding"), book("funding", exclusions=["funding body"]))
    assert [(coding.start, coding.matched) for coding in coded] == [(23, "funding")]
    assert coded.set_aside.to_dicts() == [
        {
            "answer_id": "a0",
            "respondent": "r0",
            "question": "q1",
            "theme": "t",
            "entry": "funding",
            "matched": "funding",
            "start": 4,
            "end": 11,
            "reason": "inside an exclusion",
        }
    ]


def test_an_entry_or_theme_counts_only_in_its_questions() -> None:
    answers = survey(("r0", 0, "cost time"), ("r0", 1, "cost time"))
    coded = code_answers(answers, book("cost", {"word": "time", "questions": ["How do you  MONITOR?"]}))
    assert [(c.question, c.matched) for c in coded] == [("q1", "cost"), ("q2", "cost"), ("q2", "time")]
    assert [c.question for c in code_answers(answers, book("cost", questions=["q2"]))] == ["q2"]


def test_a_scope_that_the_answers_lack_is_noted_and_finds_nothing() -> None:
    coded = code_answers(one("cost"), book({"word": "cost", "questions": ["q99"]}))
    assert len(coded) == 0
    assert "q99" in coded.notes[0]


def test_where_a_scope_is_missing_questions_found_by_id_are_shown_with_their_wording() -> None:
    answers = survey(("r0", 0, "cost"))
    limited = {"word": "cost", "questions": ["q1", "q99"]}
    wording = answers.question("q1").text
    assert f"'q1' is {wording!r}" in code_answers(answers, book(limited)).notes[1]
    assert code_answers(answers, book({"word": "cost", "questions": ["q1"]})).notes == ()


def test_repeated_texts_are_coded_for_each_answer() -> None:
    coded = code_answers(one("cost", "time", "cost"), book("cost"))
    assert [coding.answer_id for coding in coded] == ["a0", "a2"]


def test_a_parent_has_its_childrens_respondents() -> None:
    codebook = book("cost", themes=[{"theme": "sub", "entries": ["time"]}])
    coded = code_answers(one("cost", "time", "else", "cost, time"), codebook)
    assert coded.respondents_with("t").tolist() == [True, True, False, True]
    assert coded.respondents_with("sub").tolist() == [False, True, False, True]
    assert [(c.answer_id, c.theme) for c in coded] == [("a0", "t"), ("a1", "sub"), ("a3", "t"), ("a3", "sub")]


def test_echo_is_a_quoted_run_not_a_shared_word() -> None:
    answers = one("Monitoring the impact of inclusion is hard; inclusion matters")
    flagged = code_answers(answers, book("inclusion"))
    assert [coding.echo for coding in flagged] == [True, False]
    dropped = code_answers(answers, book("inclusion", prompt_echo="drop"))
    assert [coding.start for coding in dropped] == [44]
    assert dropped.set_aside.column("reason") == ("prompt echo: dropped",)
    assert [c.echo for c in code_answers(answers, book("inclusion", prompt_echo="count"))] == [False, False]


def test_a_quoted_run_is_found_whichever_of_its_words_is_rarest() -> None:
    answers = one("the impact of it", "what the, of the, the impact of inclusion of impact")
    assert [coding.echo for coding in code_answers(answers, book("inclusion"))] == [True]


def test_the_first_words_of_all_answers_can_be_quoted() -> None:
    coded = code_answers(one("Monitoring the impact is hard"), book("monitoring", "hard"))
    assert [coding.echo for coding in coded] == [True, False]


def test_options_and_parents_are_prompts_too() -> None:
    parent = Question("p", "Which?", "single", ("Lack of specialist staff", "Peer support"))
    follow = Question("f", "Other (please specify)", "open", parent="p")
    answers = survey(
        ("r0", 1, "lack of specialist staff"),
        ("r1", 1, "Peer support"),
        ("r2", 1, "specialist staff support"),
        questions=(parent, follow),
    )
    assert [coding.echo for coding in code_answers(answers, book("staff", "support"))] == [
        True,
        True,
        False,
        False,
    ]


MONITORING = {
    "classification": "monitoring",
    "question": "q2",
    "levels": ["None", "Developing", "In place"],
    "rules": [
        {"level": "None", "entries": ["no monitoring"]},
        {"level": "In place", "entries": ["dashboard"]},
        {"level": "Developing", "entries": ["pilot"]},
    ],
}


def classified(**changed):
    answers = survey(
        ("r0", 1, "a pilot dashboard"),
        ("r1", 1, "No monitoring; a pilot and a dashboard"),
        ("r2", 1, "other"),
        ("r3", 0, "dashboard"),
        ("r4", 1, "pilot"),
        ("r4", 1, "dashboard"),
    )
    return code_answers(answers, book("cost", classifications=[MONITORING | changed]))


def test_the_first_rule_that_holds_gives_the_level() -> None:
    assert classified().levels["monitoring"] == ("In place", "None", None, None, "In place")


def test_the_highest_level_can_be_chosen() -> None:
    assert classified(choose="highest").levels["monitoring"] == (
        "In place", "In place", None, None, "In place",
    )  # fmt: skip


def test_otherwise_is_for_those_who_answered() -> None:
    assert classified(otherwise="Developing").levels["monitoring"][2:4] == ("Developing", None)


def test_unclassified_answers_are_listed() -> None:
    assert classified().unclassified("monitoring").rows == (("a2", "r2", "q2"),)
    with pytest.raises(CodebookError, match="monitoring"):
        classified().unclassified("monitring")


def test_a_classification_without_its_question_is_skipped_and_noted() -> None:
    coded = classified(question="q27")
    assert coded.notes == ("Classification 'monitoring' is skipped: the answers have no question 'q27'.",)
    assert dict(coded.levels) == {}
    with pytest.raises(CodebookError, match="skipped"):
        coded.unclassified("monitoring")


def test_recoding_equals_coding_anew() -> None:
    answers = one("the cost of training", "no time, no training", "cost " * 3)
    old, new = book("cost", "time"), book("cost", "training", exclusions=["cost of training"])
    recoded, anew = code_answers(answers, old).recode(new), code_answers(answers, new)
    assert list(recoded) == list(anew)
    assert recoded.set_aside == anew.set_aside


def test_nothing_gives_nothing() -> None:
    coded = code_answers(one(), book("cost"))
    assert (len(coded), list(coded), len(coded.set_aside), coded.to_pandas().shape) == (0, [], 0, (0, 11))
    assert len(code_answers(one("cost"), book())) == 0
    assert code_answers(one(" ", "\n"), book("cost", {"regex": "x"})).respondents_with("t").tolist() == [
        False,
        False,
    ]


def test_frames_hold_one_row_a_coding() -> None:
    coded = code_answers(one("no cost"), book("cost"))
    row = ("a0", "r0", "q1", "t", "cost", "cost", 3, 7, True, False, "rule")
    assert coded.to_pandas().to_numpy().tolist() == [list(row)]
    assert coded.to_polars().rows() == [row]
    assert all(isinstance(column, np.ndarray) for column in coded.columns)


def test_a_regular_expression_that_takes_too_long_is_reported_and_the_run_goes_on() -> None:
    evil = {"regex": r"(?:x+x+)+y"}
    coded = code_answers(one("x" * 5000, "cost"), book(evil, "cost"))
    assert [coding.answer_id for coding in coded] == ["a1"]
    assert coded.set_aside.rows[0][1:5] == ("r0", "q1", "t", "regex: (?:x+x+)+y")
    assert "too long" in coded.notes[0]


def test_a_part_of_an_entry_that_takes_too_long_is_reported_where_the_other_parts_are() -> None:
    evil = {"near": ["cost", {"regex": r"(?:x+x+)+y"}]}
    coded = code_answers(one("cost " + "x" * 5000, "x" * 5000), book(evil))
    assert coded.set_aside.column("answer_id") == ("a0",)


def test_the_words_of_an_expression_begin_after_its_mark() -> None:
    near = {"near": ["cost", {"regex": ", high"}], "within": 0}
    assert matched(one("A cost, high as ever"), book(near)) == ["cost, high"]


def test_all_entries_that_can_never_match_are_named_at_once() -> None:
    with pytest.raises(CodebookError) as caught:
        code_answers(one("x"), book("yes, but", "cost", {"near": ["a"] * 9}))
    assert [problem.where for problem in caught.value.problems] == ["theme 't'", "theme 't'"]


def test_a_choice_that_is_not_on_the_list_is_refused_with_the_nearest() -> None:
    with pytest.raises(ValueError, match="in_context"):
        code_answers(one("x"), book("x"), lemmas="incontext")


def test_the_repr_shows_counts_and_no_words() -> None:
    assert "secret" not in repr(code_answers(one("secret cost"), book("cost")))


def test_peoples_decisions_stand_in_place_of_the_rules() -> None:
    coded = code_answers(one("cost", "cost", "other"), book("cost"))
    changed = coded.with_codings(
        coded.columns,
        keep=np.array([True, False]),
        added=[(2, 0, 1)],
        entry_labels=("cost", ""),
        reasons={1: "dropped by AB"},
    )
    assert [(c.answer_id, c.entry, c.matched, c.status) for c in changed] == [
        ("a0", "cost", "cost", "rule"),
        ("a2", "", "", "added"),
    ]
    assert changed.respondents_with("t").tolist() == [True, False, True]
    assert changed.set_aside.rows == (("a1", "r1", "q1", "t", "cost", "cost", 0, 4, "dropped by AB"),)
    assert (len(coded), len(changed)) == (2, 2)


@pytest.mark.parametrize("given", [("answers.csv", Codebook(codebook="x")), (one("pay"), "send-readiness")])
def test_a_path_or_name_that_is_not_read_yet_is_told(given):
    with pytest.raises(TypeError, match="what read_answers and load_codebook give; found"):
        code_answers(*given)
