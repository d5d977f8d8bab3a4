"""Answers without a theme."""

import pytest

import sendthemes as st
from sendthemes.sensecheck.uncoded import draft_themes

WORDS = [
    "The bus to school is late",
    "A taxi and a bus each day",
    "Lunch is cold",
    "The canteen lunch was cold",
]


@pytest.fixture(scope="module")
def survey():
    rows = [{"id": f"{at:02}", "q1": WORDS[at % 4] + f" again {'x' * at}"} for at in range(16)]
    rows += [{"id": "90", "q1": "N/A"}, {"id": "91", "q1": "Budgets"}]
    answers = st.read_answers(rows, respondent="id", questions=["q1"])
    book = {"codebook": "small", "themes": [{"theme": "funding", "entries": ["budget"]}]}
    return st.code_answers(answers, st.load_codebook(book))


def test_those_that_say_something_come_first(survey):
    table = st.uncoded_answers(survey, redactor=None)
    assert table.column("substantive") == (True,) * 16 + (False,)
    assert "Without a theme: 17 of 18 open answers; 16 of them say something." in table.notes


def test_similar_answers_stand_together(survey):
    table = st.uncoded_answers(survey, groups=2, redactor=None)
    for topic in ("bus", "cold"):
        assert len({row["group"] for row in table if topic in row["answer"]}) == 1
    assert any("bus 8" in note and "cold 8" in note for note in table.notes)


def test_answers_that_share_no_word_form_no_group():
    alone = [
        f"{word} was it" for word in ("relocation", "tea", "shouting", "moving", "time", "minutes", "sun")
    ]
    rows = [{"id": f"{at:02}", "q1": text} for at, text in enumerate([*WORDS[2:] * 4, *alone])]
    answers = st.read_answers(rows, respondent="id", questions=["q1"])
    book = {"codebook": "small", "themes": [{"theme": "funding", "entries": ["budget"]}]}
    coded = st.code_answers(answers, st.load_codebook(book))
    table = st.uncoded_answers(coded, groups=2, redactor=None)
    assert {row["group"] for row in table if "lunch" in row["answer"].casefold()} != {""}
    assert [row["group"] for row in table][-len(alone) :] == [""] * len(alone)


def test_few_answers_form_no_groups(coded):
    table = st.uncoded_answers(coded, redactor=None)
    assert set(table.column("group")) == {""}


def test_nothing_uncoded_gives_no_rows(coded):
    everything = {"codebook": "all", "themes": [{"theme": "all", "entries": [{"regex": "."}]}]}
    table = st.uncoded_answers(coded.recode(st.load_codebook(everything)), redactor=None)
    assert len(table) == 0


def test_row_order_changes_nothing(survey):
    rows = [{"id": answer.respondent, "q1": answer.text} for answer in survey.answers][::-1]
    turned = st.code_answers(st.read_answers(rows, respondent="id", questions=["q1"]), survey.codebook)
    assert st.uncoded_answers(turned, redactor=None).rows == st.uncoded_answers(survey, redactor=None).rows


def test_names_do_not_name_groups(redactor):
    rows = [
        {"id": f"{at:02}", "q1": f"Jane Okafor came with the {'bus' if at % 2 else 'tram'}"}
        for at in range(12)
    ]
    answers = st.read_answers(rows, respondent="id", questions=["q1"])
    book = {"codebook": "small", "themes": [{"theme": "funding", "entries": ["budget"]}]}
    coded = st.code_answers(answers, st.load_codebook(book))
    table = st.uncoded_answers(coded, groups=2, redactor=redactor)
    assert "okafor" not in repr(table).casefold()
    assert "okafor" not in draft_themes(coded, groups=2, redactor=redactor).casefold()


def test_a_draft_loads_as_it_stands(survey, tmp_path):
    (tmp_path / "draft.yml").write_text(draft_themes(survey, groups=2, redactor=None), encoding="utf-8")
    book = st.load_codebook(tmp_path / "draft.yml")
    assert len(book.themes) == 2
    again = survey.recode(book)
    assert len({coding.answer_id for coding in again}) == 16
