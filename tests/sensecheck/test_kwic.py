"""Keyword in context."""

import pytest

import sendthemes as st


def test_hits_stand_between_their_words(coded):
    row = st.kwic(coded, theme="staff", redactor=None).to_dicts()[0]
    assert (row["before"], row["matched"], row["after"]) == ("", "Staff", " leave, says Jane Okafor.")


def test_words_join_to_the_answer(coded):
    texts = dict(zip(coded.answers.answer_ids, coded.answers.texts, strict=True))
    for row in st.kwic(coded, width=500, redactor=None):
        assert row["before"] + row["matched"] + row["after"] == texts[row["answer_id"]]


def test_names_are_hidden_before_the_words_are_cut(coded, redactor):
    shown = st.kwic(coded, theme="staff", width=12, redactor=redactor)
    assert not any("Jane" in row["after"] or "Okafor" in row["after"] for row in shown)


def test_context_is_cut_at_a_word(coded):
    row = st.kwic(coded, entry="budget", width=12, redactor=None).to_dicts()[0]
    assert row["before"] == "…short. The "


def test_notes_count_all_hits_beyond_the_limit(coded):
    table = st.kwic(coded, theme="funding", limit=1, redactor=None)
    assert len(table) == 1
    assert table.notes == (
        "3 hits of 2 respondents. The first 1 are shown.",
        "By entry: budget 2, funding 1.",
        "By form: budget 1, budgets 1, funding 1.",
    )


def test_a_pattern_is_tried_without_a_codebook(coded):
    assert st.kwic(coded.answers, pattern="weather", redactor=None).column("matched") == ("weather",)
    near = st.kwic(coded, pattern={"near": ["budget", "staff*"]}, redactor=None)
    assert near.column("matched") == ("Budgets and staffing",)


def test_one_question_only(coded):
    assert set(st.kwic(coded, question="q2", redactor=None).column("question")) == {"q2"}


def test_no_hits_say_so(coded):
    table = st.kwic(coded, pattern="zebra", redactor=None)
    assert len(table) == 0
    assert table.notes == ("No hits.",)


def test_uncoded_answers_need_a_pattern(coded):
    with pytest.raises(st.CodebookError, match="Give pattern="):
        st.kwic(coded.answers, redactor=None)


@pytest.mark.parametrize(("name", "value"), [("theme", "fundings"), ("entry", "budgets")])
def test_an_unknown_theme_or_entry_offers_the_nearest(coded, name, value):
    with pytest.raises(st.CodebookError, match=f"no {name} '{value}'.*Did you mean '{value[:-1]}'"):
        st.kwic(coded, **{name: value}, redactor=None)


@pytest.mark.parametrize("wrong", [{"width": -1}, {"width": "60"}, {"limit": -1}])
def test_a_width_or_limit_that_is_no_number_from_0_is_refused(coded, wrong):
    with pytest.raises(st.AnswersError, match="must be a whole number from 0"):
        st.kwic(coded, redactor=None, **wrong)


def test_how_to_redact_must_be_said(coded):
    with pytest.raises(TypeError, match="redactor"):
        st.kwic(coded)
