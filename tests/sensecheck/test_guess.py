"""The guess from all words: what it learns from answers that nobody coded, and its limits."""

import numpy as np

import sendthemes as st
from sendthemes.sensecheck.guess import Guess


def survey(order=1):
    texts = [f"the {a} and the {b} came" for a, b in (("soup", "bread"), ("bus", "train")) for _ in range(20)]
    texts += ["the bread came"] * 5 + ["the train came"] * 5
    rows = [{"id": f"r{at:02}", "q1": text} for at, text in enumerate(texts)]
    return st.read_answers(rows[::order], respondent="id", questions=["q1"])


def guessed(answers):
    ids = answers.answer_ids
    rows = sorted(
        (at for at, text in enumerate(answers.texts) if "soup" in text or "bus" in text), key=ids.__getitem__
    )
    right = np.array([["soup" in answers.texts[at]] for at in rows], dtype=float)
    likely = Guess(answers).of(np.array(rows), right)
    return {ids[at]: float(likely[at, 0]) for at in range(len(ids))}, answers


def test_a_word_that_keeps_company_with_a_theme_is_expected_to_mean_it():
    likely, answers = guessed(survey())
    bread, train = (
        np.mean(
            [
                likely[name]
                for name, text in zip(answers.answer_ids, answers.texts, strict=True)
                if text == whole
            ]
        )
        for whole in ("the bread came", "the train came")
    )
    assert bread > 0.6
    assert train < 0.4


def test_the_order_of_rows_does_not_matter():
    forth, back = guessed(survey())[0], guessed(survey(-1))[0]
    assert sorted(np.round(list(forth.values()), 9)) == sorted(np.round(list(back.values()), 9))


def test_answers_without_words_are_guessed_by_the_share_alone():
    rows = [{"id": f"r{at}", "q1": "12 3"} for at in range(6)]
    answers = st.read_answers(rows, respondent="id", questions=["q1"])
    likely = Guess(answers).of(np.array([0, 1, 2, 3]), np.array([[1.0], [0.0], [0.0], [0.0]]))
    assert np.allclose(likely[4:], 0.25)
