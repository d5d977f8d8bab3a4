"""Precision, recall and corrected counts from answers that people read."""

import random

import pytest

import sendthemes as st
from sendthemes.analysis.statistics import wilson_interval
from sendthemes.sensecheck.decisions import Decision
from sendthemes.sensecheck.judgements import apply_decisions
from sendthemes.sensecheck.precision import corrected_frequencies, entry_precision

WORDS = {"funding": "budget", "staff": "recruit"}


def world(people=300, questions=2, *, miss=0.3, wrong=0.1, seed=1):
    """A survey whose truth is known: the rules miss a share of the answers and are wrong in others."""
    chance = random.Random(seed)
    rows, truth = [], set()
    for person in range(people):
        row = {"id": f"r{person:03}"}
        for question in range(questions):
            words = []
            for theme, share in (("funding", 0.3), ("staff", 0.1)):
                applies = chance.random() < share
                hit = chance.random() > miss if applies else chance.random() < wrong
                words.append(WORDS[theme] if hit else "thing")
                if applies:
                    truth.add((f"r{person:03}:q{question}", theme))
            row[f"q{question}"] = " and ".join(words)
        rows.append(row)
    answers = st.read_answers(rows, respondent="id", questions=[f"q{at}" for at in range(questions)])
    themes = [{"theme": theme, "entries": [word]} for theme, word in WORDS.items()]
    return st.code_answers(answers, st.load_codebook({"codebook": "x", "themes": themes})), truth


def read(answers, truth, themes=tuple(WORDS)):
    said = [Decision(answer, "", "reviewed", "AB") for answer in answers]
    return said + [
        Decision(answer, theme, "add", "AB")
        for answer in answers
        for theme in themes
        if (answer, theme) in truth
    ]


def themes_of(table):
    return {row["theme"]: row for row in table if row.get("entry", "") == ""}


@pytest.fixture(scope="module")
def survey():
    return world()


def test_no_more_answers_are_read_than_there_are(coded):
    said = [Decision(answer, "", "reviewed", "AB") for answer in coded.answers.answer_ids]  # "N/A" too
    assert entry_precision(coded, said).base.startswith("6 of 6 substantive answers")


def test_precision_counts_answers_with_a_hit_that_were_read(coded):
    said = [
        Decision("a:q1", "", "reviewed", "AB"),
        Decision("a:q1", "funding", "confirm", "AB"),
        Decision("c:q2", "", "reviewed", "AB"),
    ]
    table = entry_precision(coded, said)
    cells = {(row["theme"], row["entry"]): row for row in table}
    low, high = (100 * end for end in wilson_interval(1, 2))
    whole = cells["funding", ""]
    assert [whole[name] for name in ("answers", "reviewed", "right", "precision")] == [2, 2, 1, 50.0]
    assert (whole["low"], whole["high"]) == pytest.approx((low, high))
    assert [cells["funding", "budget"][name] for name in ("answers", "reviewed", "right")] == [2, 2, 1]
    assert [cells["funding", "funding"][name] for name in ("answers", "reviewed", "right")] == [1, 1, 1]
    assert table.columns[:6] == ("theme", "label", "entry", "answers", "reviewed", "right")


def test_where_all_was_read_nothing_is_estimated(survey):
    coded, truth = survey
    said = read(coded.answers.answer_ids, truth)
    hits = {(each.answer_id, each.theme) for each in coded}
    for theme, row in themes_of(entry_precision(coded, said)).items():
        true = {answer for answer, name in truth if name == theme}
        found = {answer for answer, name in hits if name == theme}
        assert row["precision"] == pytest.approx(100 * len(true & found) / len(found))
        assert row["recall"] == pytest.approx(100 * len(true & found) / len(true))
        assert row["recall_low"] == row["recall"] == row["recall_high"]
    applied = {row["theme"]: row["respondents"] for row in st.theme_frequencies(apply_decisions(coded, said))}
    for theme, row in themes_of(corrected_frequencies(coded, said)).items():
        assert row["corrected"] == row["corrected_low"] == row["corrected_high"]
        assert row["corrected"] == pytest.approx(applied[theme])


def test_the_sample_brings_counts_near_the_truth(survey):
    coded, truth = survey
    true = {theme: len({answer.split(":")[0] for answer, name in truth if name == theme}) for theme in WORDS}
    raw = {row["theme"]: row["respondents"] for row in st.theme_frequencies(coded)}
    inside, estimates = [], {theme: [] for theme in WORDS}
    for seed in range(25):
        drawn = st.sense_check_sample(coded, size=150, seed=seed, redactor=None).column("answer_id")
        for row in corrected_frequencies(coded, read(drawn, truth)):
            inside.append(row["corrected_low"] <= true[row["theme"]] <= row["corrected_high"])
            estimates[row["theme"]].append(row["corrected"])
    for theme in WORDS:
        mean = sum(estimates[theme]) / 25
        assert abs(mean - true[theme]) < min(abs(raw[theme] - true[theme]), 0.1 * true[theme]) + 2
    assert sum(inside) >= 0.85 * len(inside)


def test_uncoded_answers_weigh_as_much_as_there_are():
    """Two of a hundred uncoded answers read, one of them a miss: the rules miss fifty, not one."""
    rows = [{"id": f"{at:03}", "q": "budget" if at < 10 else "money"} for at in range(110)]
    answers = st.read_answers(rows, respondent="id", questions=["q"])
    book = {"codebook": "x", "themes": [{"theme": "funding", "entries": ["budget"]}]}
    coded = st.code_answers(answers, st.load_codebook(book))
    ids = [f"{at:03}:q" for at in range(10)]
    said = read([*ids, "050:q", "051:q"], {(answer, "funding") for answer in [*ids, "050:q"]})
    row = themes_of(entry_precision(coded, said))["funding"]
    assert row["precision"] == 100
    assert row["recall"] == pytest.approx(100 * 10 / 60)
    assert row["recall_low"] < row["recall"] < row["recall_high"]
    counts = themes_of(corrected_frequencies(coded, said))["funding"]
    assert counts["respondents"] == 10
    assert counts["corrected"] == pytest.approx(60)
    assert counts["corrected_percent"] == pytest.approx(100 * 60 / 110)
    assert counts["corrected_low"] >= 10


def test_nothing_read_gives_none_with_the_reason(coded):
    for table in (entry_precision(coded, []), corrected_frequencies(coded, [])):
        for row in table:
            for name in ("precision", "recall", "corrected", "corrected_low"):
                assert row.get(name) is None
        assert any("No answer was reviewed" in note for note in table.notes)


def test_picked_hits_are_no_sample(coded):
    table = entry_precision(coded, [Decision("a:q1", "funding", "drop", "AB")])
    assert set(table.column("reviewed")) == {0}


def test_a_theme_without_a_hit_read_has_no_precision_and_is_named(coded):
    table = entry_precision(coded, [Decision("d:q1", "", "reviewed", "AB")])
    assert themes_of(table)["staff"]["precision"] is None
    assert "No precision, as no reviewed answer has a hit: Funding and Staff." in table.notes


def test_applied_decisions_do_not_flatter_the_rules(survey):
    coded, truth = survey
    said = read(coded.answers.answer_ids[:100], truth)
    assert entry_precision(apply_decisions(coded, said), said) == entry_precision(coded, said)


def test_contradictions_are_left_out_and_counted(coded):
    said = [
        Decision("a:q1", "", "reviewed", "AB"),
        Decision("a:q1", "", "reviewed", "CD"),
        Decision("a:q1", "funding", "confirm", "CD"),
    ]
    table = entry_precision(coded, said)
    assert themes_of(table)["funding"]["reviewed"] == 0
    assert "Left out: 1 verdict on which coders contradict each other." in table.notes


def test_a_theme_is_right_where_one_under_it_is():
    rows = [{"id": str(at), "q": "a trip"} for at in range(3)]
    answers = st.read_answers(rows, respondent="id", questions=["q"])
    book = {"theme": "travel", "entries": ["trip"], "themes": [{"theme": "bus", "entries": ["bus"]}]}
    coded = st.code_answers(answers, st.load_codebook({"codebook": "x", "themes": [book]}))
    said = read(["0:q", "1:q"], {("0:q", "bus"), ("1:q", "travel")}, ("bus", "travel"))
    assert themes_of(entry_precision(coded, said))["travel"]["precision"] == 100


def test_row_order_changes_nothing(survey):
    coded, truth = survey
    drawn = st.sense_check_sample(coded, size=80, redactor=None).column("answer_id")
    rows = coded.answers.to_pandas().to_dict("records")[::-1]
    turned = st.read_answers(rows, respondent="respondent", questions=["q0", "q1"])
    again = st.code_answers(turned, coded.codebook)
    said = read(drawn, truth)
    for made, other in zip(entry_precision(coded, said), entry_precision(again, said), strict=True):
        assert made == pytest.approx(other)


def test_one_coder_twice_is_an_error(coded):
    with pytest.raises(st.AnswersError, match="2 times"):
        entry_precision(coded, [Decision("a:q1", "", "reviewed", "AB")] * 2)
