"""Improving a codebook from coded answers: what is found, kept, left alone and refused."""

import random

import pytest

import sendthemes as st
from sendthemes.coding.apply import Engine
from sendthemes.sensecheck.evidence import covered
from sendthemes.sensecheck.gold import read_gold
from sendthemes.sensecheck.improve import plans

THEMES = {"food": ["meal", "menu", "portion"], "travel": ["bus", "journey", "taxi"]}
FILLER = ["we", "waited", "there", "somebody", "talked", "along", "about", "nothing", "much", "then"]
START = {
    "codebook": "start",
    "themes": [
        {"theme": "food", "label": "Food", "entries": ["meal", "somebody", "casserole"]},
        {"theme": "travel", "label": "Travel", "entries": ["bus"]},
    ],
}


def made(seed=1, size=160):
    """Answers in which a planted word stands exactly where its theme was coded, among filler."""
    draw = random.Random(seed)
    rows, gold = [], []
    for at in range(size):
        words = draw.sample(FILLER, 6)
        theme = draw.choice(["food", "travel", None])
        if theme:
            words.insert(draw.randrange(6), draw.choice(THEMES[theme]))
        if at == 0:
            words.append("casserole")
        rows.append({"id": f"r{at:03}", "q1": " ".join(words) + "."})
        gold.append({"answer_id": f"r{at:03}", "theme": theme})
    return rows, gold


def read(rows):
    answers = st.read_answers(rows, respondent="id", questions=["q1"])
    return answers, {answers.respondents[row]: name for row, name in
                     zip(answers.answer_respondents, answers.answer_ids, strict=True)}  # fmt: skip


def named(gold, ids):
    return [{"answer_id": ids[row["answer_id"]], "theme": row["theme"]} for row in gold]


@pytest.fixture(scope="module")
def survey():
    rows, gold = made()
    answers, ids = read(rows)
    return answers, named(gold, ids)


@pytest.fixture(scope="module")
def improved(survey):
    return st.improve_codebook(st.load_codebook(START), *survey)


def words_of(codebook, theme):
    return {entry.label.removeprefix("form: ") for entry in codebook.theme(theme).entries}


def f1(codebook, answers, gold):
    found = {(coding.answer_id, coding.theme) for coding in st.code_answers(answers, codebook)}
    right = {(row["answer_id"], row["theme"]) for row in gold if row["theme"]}
    return 2 * len(found & right) / (len(found) + len(right))


def test_planted_words_are_found(improved):
    assert set(THEMES["food"]) <= words_of(improved, "food")
    assert set(THEMES["travel"]) <= words_of(improved, "travel")


def test_an_entry_that_is_mostly_wrong_goes(improved):
    assert "somebody" not in words_of(improved, "food")


def test_a_rare_entry_stays(improved):
    assert "casserole" in words_of(improved, "food")


def test_no_theme_takes_the_other_themes_words(improved):
    assert not set(THEMES["food"]) & words_of(improved, "travel")


def test_new_answers_are_coded_better_than_at_the_start(improved):
    rows, gold = made(seed=2)
    answers, ids = read(rows)
    gold = named(gold, ids)
    assert f1(improved, answers, gold) > f1(st.load_codebook(START), answers, gold) + 0.3


LENDER = {
    "codebook": "lender",
    "themes": [
        {"theme": "meals", "entries": ["meal", "menu", "porridge", {"form": "trolley", "questions": ["q9"]}]},
        {"theme": "rides", "entries": ["bus", "taxi", "ferry"], "questions": ["q9"]},
        {"theme": "noise", "entries": ["waited", "talked", "somebody", "gadget"]},
    ],
}


def small(borrow):
    """What is learnt from 24 coded answers, of which four name a theme."""
    rows, gold = made(seed=4, size=24)
    rows += [
        {"id": f"x{at}", "q1": f"The {word} came."} for at, word in enumerate(["porridge", "gadget"] * 3)
    ]
    answers, ids = read(rows)
    start = {"codebook": "start", "themes": [{"theme": "food"}, {"theme": "travel"}]}
    return st.improve_codebook(st.load_codebook(start), answers, named(gold, ids), borrow=borrow)


def test_entries_of_a_list_that_fits_are_borrowed_though_nobody_coded_an_answer_with_them():
    assert "porridge" in words_of(small([LENDER]), "food")
    assert "porridge" not in words_of(small([]), "food")


def test_a_list_that_does_not_fit_lends_nothing():
    borrowed = small([LENDER])
    assert not any("gadget" in words_of(borrowed, theme) for theme in ("food", "travel"))


def test_what_is_limited_to_questions_that_are_not_asked_is_not_borrowed():
    borrowed = small([LENDER])
    assert "trolley" not in str(borrowed)
    assert "ferry" not in str(borrowed)


def test_a_codebook_to_borrow_from_that_is_not_there_is_an_error(survey):
    with pytest.raises(st.CodebookError, match="no codebook or file 'lendr'"):
        st.improve_codebook(st.load_codebook(START), *survey, borrow=["lendr"])


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize("limit", [None, 9, 7])
def test_held_out_f1_never_falls_below_that_of_a_start_within_the_limit(seed, limit):
    """Coders of whom half of the verdicts are chance, and a list that is as good as one can be."""
    rows, gold = made(seed=seed, size=80)
    draw = random.Random(seed)
    for row in gold:
        row["theme"] = draw.choice([row["theme"], row["theme"], "food", "travel", None])
    answers, ids = read(rows)
    themes = [{"theme": name, "entries": words} for name, words in THEMES.items()]
    start = st.load_codebook(
        {"codebook": "good", "themes": [*themes, {"theme": "empty", "entries": ["then"]}]}
    )
    gold = read_gold(named(gold, ids), start, answers)
    made_plans = plans(Engine(answers), start, gold, limit, {})
    right = [plan.evidence.right[gold.rows] for plan in made_plans]
    before = [covered(plan.evidence.found[gold.rows], range(plan.evidence.own)) for plan in made_plans]
    after = [plan.said(gold) for plan in made_plans]

    def score(said):
        both = [int((one & other).sum()) for one, other in zip(said, right, strict=True)]
        all_of = [int(one.sum() + other.sum()) for one, other in zip(said, right, strict=True)]
        macro = sum(2 * one / max(other, 1) for one, other in zip(both, all_of, strict=True))
        return sum(both) / sum(all_of), macro

    assert all(now >= was - 1e-12 for now, was in zip(score(after), score(before), strict=True))


@pytest.mark.parametrize("limit", [0, 1, 3, 5])
def test_the_limit_holds_for_all_entries_together(survey, limit):
    codebook = st.improve_codebook(st.load_codebook(START), *survey, limit=limit)
    assert sum(len(theme.entries) for theme in codebook.themes) == limit


def test_a_list_that_finds_everything_stays_as_it_is(survey):
    themes = [{"theme": name, "entries": words} for name, words in THEMES.items()]
    good = st.load_codebook({"codebook": "good", "themes": themes})
    assert st.improve_codebook(good, *survey) == good


def test_labels_without_sense_change_nothing(survey):
    answers, gold = survey
    draw = random.Random(3)
    noise = [
        {"answer_id": row["answer_id"], "theme": draw.choice(["food", None, None, None])} for row in gold
    ]
    start = st.load_codebook(START)
    assert f1(st.improve_codebook(start, answers, noise), answers, noise) >= f1(start, answers, noise)


def test_equal_inputs_give_equal_codebooks_whatever_the_order_of_rows(survey, improved):
    rows, gold = made()
    answers, ids = read(rows[::-1])
    again = st.improve_codebook(st.load_codebook(START), answers, named(gold, ids)[::-1])
    assert [[entry.label for entry in theme.entries] for theme in again.themes] == [
        [entry.label for entry in theme.entries] for theme in improved.themes
    ]


def test_gold_may_be_a_frame_with_missing_values_and_labels_for_ids(survey, improved):
    pandas = pytest.importorskip("pandas")
    answers, gold = survey
    frame = pandas.DataFrame(gold)
    frame["theme"] = frame["theme"].replace({"food": "Food"})
    assert st.improve_codebook(st.load_codebook(START), answers, frame) == improved


def test_a_word_that_may_be_a_name_is_not_drafted():
    rows, gold = made()
    for row, coded in zip(rows, gold, strict=True):
        if coded["theme"] == "food":
            row["q1"] += " Wilhelmina came."
    answers, ids = read(rows)
    codebook = st.improve_codebook(st.load_codebook(START), answers, named(gold, ids))
    assert "wilhelmina" not in str([entry.label for entry in codebook.theme("food").entries]).casefold()


def test_hits_inside_exclusions_count_for_no_draft(survey):
    start = {"codebook": "start", "themes": [{"theme": "food", "entries": ["meal"], "exclusions": ["menu"]},
                                             {"theme": "travel"}]}  # fmt: skip
    codebook = st.improve_codebook(st.load_codebook(start), *survey)
    assert "menu" not in words_of(codebook, "food")
    assert "portion" in words_of(codebook, "food")


@pytest.mark.parametrize(
    ("gold", "told"),
    [
        ([], "no coded answer"),
        ([{"answer_id": "r000", "theme": "fod"}], "Did you mean"),
        ([{"answer_id": "elsewhere", "theme": "food"}], "not in this survey"),
        ([{"answer": "r000"}], "'answer_id' or 'theme'"),
    ],
)
def test_gold_that_does_not_fit_is_refused(survey, gold, told):
    with pytest.raises(st.AnswersError, match=told):
        st.improve_codebook(st.load_codebook(START), survey[0], gold)


def test_sub_themes_keep_their_place(survey):
    nested = {"codebook": "n", "themes": [{"theme": "all", "themes": [{"theme": "food", "entries": ["meal"]},
                                                                     {"theme": "travel"}]}]}  # fmt: skip
    codebook = st.improve_codebook(st.load_codebook(nested), *survey)
    assert codebook.theme_ids == ("all", "food", "travel")
    assert "menu" in words_of(codebook, "food")


def test_a_start_longer_than_the_limit_loses_what_carries_least():
    rows, gold = made(seed=3)
    answers, ids = read(rows)
    start = {
        "codebook": "long",
        "themes": [
            {"theme": "food", "label": "Food", "entries": [*THEMES["food"], "pudding", "gravy"]},
            {"theme": "travel", "label": "Travel", "entries": [*THEMES["travel"], {"form": "taxi"}, "ferry"]},
        ],
    }
    codebook = st.load_codebook(start)
    gold = named(gold, ids)
    shorter = st.improve_codebook(codebook, answers, gold, limit=6)
    assert sum(len(theme.entries) for theme in shorter.themes) == 6
    assert f1(shorter, answers, gold) == f1(codebook, answers, gold)


def test_a_phrase_in_which_the_theme_is_always_wrong_is_excluded():
    rows, gold = [], []
    for at in range(120):
        text = ("We liked the meal here.", "A meal ticket was lost again.", "They came at noon.")[at % 3]
        rows.append({"id": f"r{at:03}", "q1": f"{text} {FILLER[at % 10]} {FILLER[(at // 10) % 10]}"})
        gold.append({"answer_id": f"r{at:03}", "theme": "food" if at % 3 == 0 else None})
    answers, ids = read(rows)
    start = {"codebook": "start", "themes": [{"theme": "food", "entries": ["meal"]}]}
    better = st.improve_codebook(st.load_codebook(start), answers, named(gold, ids))
    assert f1(better, answers, named(gold, ids)) == 1
