"""Long columns: packed, they read as the plain list does."""

import hypothesis.strategies as st
import pytest
from hypothesis import given, settings

from sendthemes.survey import packed
from sendthemes.survey.packed import ColumnBuilder, Packed, take
from sendthemes.survey.read import read_answers

CELLS = st.lists(st.one_of(st.none(), st.text(min_size=1, max_size=6)), max_size=80)


@pytest.fixture
def small_chunks(monkeypatch):
    monkeypatch.setattr(packed, "_CHUNK", 4)
    monkeypatch.setattr(packed, "_PLAIN", 8)
    monkeypatch.setattr(packed, "_KEPT", 3)


@settings(max_examples=150)
@given(cells=CELLS, start=st.integers(0, 90), step=st.integers(1, 5))
def test_a_column_reads_as_the_list_it_was_made_of(cells, start, step):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(packed, "_CHUNK", 4)
        patch.setattr(packed, "_PLAIN", 8)
        patch.setattr(packed, "_KEPT", 3)
        builder = ColumnBuilder(1)
        for cell in cells:
            builder.add((cell,))
        column = builder.columns[0]
        assert list(column) == cells
        assert [column[at] for at in range(-len(cells), len(cells))] == cells + cells
        assert list(column[start:]) == cells[start:]
        assert list(column[start::step]) == cells[start::step]
        assert list(take(column, range(0, len(cells), step))) == cells[::step]


def test_a_packed_survey_reads_as_a_plain_one(csv_of, small_chunks):
    rows = [
        ["id", "why", "area"],
        *([f"r{at}", f"because {at} – “yes”" if at % 3 else "", "N"] for at in range(60)),
    ]
    answers = read_answers(csv_of(rows), questions=["why"], variables=["area"])
    assert not isinstance(answers.texts, list)
    assert list(answers.texts) == [row[1] for row in rows[1:] if row[1]]
    assert list(answers.answer_ids)[:2] == ["r1:why", "r2:why"]
    assert answers.texts[2:3] == ["because 4 – “yes”"]


def test_a_packed_long_survey_reads_as_a_plain_one(csv_of, small_chunks):
    rows = [
        ["respondent", "question", "answer"],
        *([f"r{at // 2}", f"q{at % 2}", f"text {at}"] for at in range(60)),
    ]
    answers = read_answers(csv_of(rows))
    assert not isinstance(answers.texts, list)
    assert [(each.respondent, each.question, each.text) for each in answers] == [
        tuple(row) for row in rows[1:]
    ]


def test_columns_that_recur_stay_plain(small_chunks):
    builder = ColumnBuilder(1)
    for at in range(100):
        builder.add(("same" if at % 2 else "other",))
    assert not isinstance(builder.columns[0], Packed)
