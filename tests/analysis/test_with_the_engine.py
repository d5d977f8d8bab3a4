"""The same tables from answers that the real engine has coded."""

import numpy as np
import pytest
from tests.analysis.making import make_answers, make_codebook, make_coded

import sendthemes as st

CODEBOOK = {
    "codebook": "made",
    "themes": [
        {"theme": "funding", "label": "Funding", "entries": ["funding", "budget"]},
        {"theme": "training", "label": "Training", "entries": ["train"], "questions": ["q2"]},
    ],
    "classifications": [
        {
            "classification": "monitoring",
            "question": "q2",
            "levels": ["None", "Developing", "In place"],
            "rules": [
                {"level": "None", "entries": ["no monitoring"]},
                {"level": "In place", "entries": ["dashboard"]},
            ],
        }
    ],
}
TEXTS = [
    ("Budgets are cut.", "We train staff and keep a dashboard.", "Good"),
    ("No funding at all reaches us here.", "There is no monitoring yet.", "Poor"),
    ("Our funding is spent on training.", "Hard to say what works.", "Good"),
    ("", "", "Fair"),
]
ROWS = [
    {"id": f"r{at}", "q1": one, "q2": two, "rating": rating} for at, (one, two, rating) in enumerate(TEXTS, 1)
]


@pytest.fixture(scope="module")
def coded():
    answers = st.read_answers(
        ROWS,
        respondent="id",
        questions=["q1", "q2"],
        variables=["rating"],
        levels={"rating": ["Poor", "Fair", "Good"]},
    )
    return st.code_answers(answers, st.load_codebook(CODEBOOK))


def test_the_stand_in_of_the_other_tests_codes_as_the_engine_does():
    answers = make_answers(
        ["funding training. Funding", "other", {"q1": "peer", "q2": "Peer!"}], questions=("q1", "q2")
    )
    made, real = make_coded(answers), st.code_answers(answers, make_codebook())
    for name in ("answer", "theme", "start", "end", "negated", "echo", "status"):
        assert np.array_equal(getattr(made.columns, name), getattr(real.columns, name))
    assert [coding.matched for coding in made] == [coding.matched for coding in real]


def test_frequencies_of_the_engines_codings(coded):
    assert [row[:4] for row in st.theme_frequencies(coded).rows] == [
        ("funding", "Funding", 3, 3),
        ("training", "Training", 1, 3),
    ]


def test_counts_agree_with_the_engines_own(coded):
    for row in st.theme_frequencies(coded, base="all"):
        assert row["respondents"] == coded.respondents_with(row["theme"]).sum()


def test_a_theme_has_no_row_under_a_question_where_it_is_not_sought(coded):
    rows = [row[:2] for row in st.theme_frequencies(coded, by="question").rows]
    assert ("q1", "training") not in rows
    assert ("q2", "training") in rows


def test_a_classification_made_by_the_engine_crosses_and_counts(coded):
    table = st.crosstab(coded, rows="rating", columns="monitoring")
    assert [row[2] for row in table.rows] == [1, 0, 0, 0, 0, 0, 0, 0, 1]
    assert "(1 answered but could not be classified)" in table.notes[0]
    assert st.response_counts(coded, "monitoring").column("respondents") == (1, 1, 0)


def test_the_engines_negation_gives_the_contrary_voice(coded):
    table = st.excerpts(coded, theme="funding", redactor=None, limit=2)
    assert "r2" in table.column("respondent")


def test_waves_coded_alike_again_can_be_compared(coded):
    other = coded.recode(st.load_codebook(CODEBOOK | {"version": "2"}))
    with pytest.raises(st.CodebookError, match="recode"):
        st.theme_change(other, coded)
    assert st.theme_change(other.recode(coded.codebook), coded).column("difference") == (0.0, 0.0)
