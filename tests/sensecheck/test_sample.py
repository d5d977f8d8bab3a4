"""Blind samples: drawn, written, read back."""

import openpyxl
import pytest

import sendthemes as st
from sendthemes.sensecheck.sample import answer_strata, read_sample, sense_check_sample

ANSWERS = [
    {"id": "a", "q1": "Funding is short. The budget is cut.", "q2": "Staff leave, says Jane Okafor."},
    {"id": "b", "q1": "We cannot recruit.", "q2": "The weather was fine."},
    {"id": "c", "q1": "N/A", "q2": "Budgets and staffing."},
    {"id": "d", "q1": "Nothing works here at all.", "q2": ""},
]


def filled(path, marks):
    """Tick cells of a sheet: (answer id, column) → mark."""
    book = openpyxl.load_workbook(path)
    sheet = book.worksheets[0]
    columns = {cell.value: cell.column for cell in sheet[1]}
    for row in range(2, sheet.max_row + 1):
        for (answer, column), mark in marks.items():
            if sheet.cell(row, 1).value == answer:
                sheet.cell(row, columns[column]).value = mark
    book.save(path)


def test_every_substantive_answer_is_in_one_stratum(coded):
    strata = answer_strata(coded)
    places = [at for rows in strata.values() for at in rows]
    assert len(places) == len(set(places)) == 6  # "N/A" says nothing
    assert ("q2", "") in strata


def test_the_whole_survey_is_drawn_where_it_is_small(coded):
    assert len(sense_check_sample(coded, redactor=None)) == 6


def test_the_same_seed_draws_the_same_answers_in_any_row_order(coded):
    turned = st.read_answers(ANSWERS[::-1], respondent="id", questions=["q1", "q2"])
    first = sense_check_sample(coded, size=3, per_theme=0, seed=4, redactor=None)
    again = sense_check_sample(
        st.code_answers(turned, coded.codebook), size=3, per_theme=0, seed=4, redactor=None
    )
    assert set(first.column("answer_id")) == set(again.column("answer_id"))


def test_themes_have_their_least_number(coded):
    table = sense_check_sample(coded, size=2, per_theme=1, redactor=None)
    drawn = set(table.column("answer_id"))
    assert len(drawn) == 2
    for theme in ("funding", "staff"):
        having = {coding.answer_id for coding in coded if coding.theme == theme}
        assert drawn & having


@pytest.mark.parametrize("size", [1, 3])
def test_no_more_is_drawn_than_was_asked_for(coded, size):
    assert len(sense_check_sample(coded, size=size, per_theme=5, redactor=None)) == size


def test_a_sample_of_nothing_is_refused(coded):
    with pytest.raises(ValueError, match="from 1"):
        sense_check_sample(coded, size=0, redactor=None)


def test_names_are_hidden_in_the_sheet(coded, redactor):
    texts = sense_check_sample(coded, redactor=redactor).column("answer")
    assert not any("Okafor" in text for text in texts)


def test_the_sheet_hides_what_the_rules_found(coded, tmp_path):
    sense_check_sample(coded, redactor=None, path=tmp_path / "s.xlsx")
    book = openpyxl.load_workbook(tmp_path / "s.xlsx")
    rows = list(book["Coding"].values)
    assert rows[0] == (
        "answer_id",
        "question",
        "answer",
        "funding",
        "staff",
        "none of these",
        "comment",
        "check",
    )
    assert all(cell in (None, "") for row in rows[1:] for cell in row[3:7])
    assert len(book["Coding"].data_validations.dataValidation) == 1


def test_equal_samples_are_equal_bytes(coded, tmp_path):
    for name in ("a.xlsx", "b.xlsx"):
        sense_check_sample(coded, redactor=None, path=tmp_path / name)
    assert (tmp_path / "a.xlsx").read_bytes() == (tmp_path / "b.xlsx").read_bytes()


@pytest.mark.parametrize("suffix", [".xlsx", ".csv"])
def test_an_unfilled_sheet_gives_no_decisions(coded, tmp_path, suffix):
    path = tmp_path / f"s{suffix}"
    sense_check_sample(coded, redactor=None, path=path)
    assert read_sample(path, coded, coder="AB") == ()


def test_ticks_become_decisions(coded, tmp_path):
    path = tmp_path / "s.xlsx"
    sense_check_sample(coded, redactor=None, path=path)
    filled(path, {("a:q1", "funding"): "x", ("b:q2", "none of these"): "X"})
    decisions = read_sample(path, coded, coder="AB")
    assert {(each.answer_id, each.theme, each.decision) for each in decisions} == {
        ("a:q1", "", "reviewed"),
        ("a:q1", "funding", "add"),
        ("b:q2", "", "reviewed"),
    }


def test_all_faults_of_a_sheet_come_at_once(coded, tmp_path):
    path = tmp_path / "s.xlsx"
    sense_check_sample(coded, redactor=None, path=path)
    filled(path, {("a:q1", "funding"): "maybe", ("b:q1", "answer"): "edited"})
    with pytest.raises(st.AnswersError) as caught:
        read_sample(path, coded, coder="AB")
    assert len(caught.value.problems) == 2
    assert "'maybe' under 'funding' is no tick" in str(caught.value)
    assert "text was edited" in str(caught.value)


def test_a_deleted_column_is_named(coded, tmp_path):
    path = tmp_path / "s.xlsx"
    sense_check_sample(coded, redactor=None, path=path)
    book = openpyxl.load_workbook(path)
    book.worksheets[0].delete_cols(4)
    book.save(path)
    with pytest.raises(st.AnswersError, match="'funding' is missing"):
        read_sample(path, coded, coder="AB")


def test_the_size_follows_the_interval_wanted():
    from sendthemes.sensecheck.sample import _size_for

    assert _size_for(10**9, 5, 95) == 385  # the textbook size for 5 points at 95 %
    assert _size_for(500, 5, 95) == 218


@pytest.mark.parametrize("suffix", [".xlsx", ".csv"])
def test_answers_that_a_spreadsheet_would_change_are_read_back(coded, tmp_path, suffix):
    texts = ["=1+1 is our budget", "-", "two\r\nlines\rand \ttabs", "'quoted", "@x", "word " * 8_000]
    rows = [{"id": f"={at}", "q1": text} for at, text in enumerate(texts)]
    odd = st.code_answers(st.read_answers(rows, respondent="id", questions=["q1"]), coded.codebook)
    path = tmp_path / f"s{suffix}"
    sense_check_sample(odd, redactor=None, path=path)
    assert read_sample(path, odd, coder="AB") == ()


@pytest.mark.parametrize(
    ("name", "content"), [("s.xlsx", b"no workbook"), ("s.csv", b"\xff\xfe"), ("gone.csv", None)]
)
def test_what_is_no_sheet_says_so(coded, tmp_path, name, content):
    if content is not None:
        (tmp_path / name).write_bytes(content)
    with pytest.raises(st.AnswersError, match=name.split(".")[0]):
        read_sample(tmp_path / name, coded, coder="AB")


def test_a_sheet_of_another_survey_is_told_row_by_row(coded, tmp_path):
    other = st.read_answers([{"id": "z", "q1": "Budgets"}], respondent="id", questions=["q1"])
    sense_check_sample(st.code_answers(other, coded.codebook), redactor=None, path=tmp_path / "s.csv")
    with pytest.raises(st.AnswersError, match="line 2: The answer 'z:q1' is not in this survey"):
        read_sample(tmp_path / "s.csv", coded, coder="AB")


@pytest.mark.parametrize("suffix", ["xlsx", "csv"])
def test_the_sheet_shows_what_was_asked(tmp_path, suffix):
    rows = [{"id": "a", "Why do people leave?": "The pay is poor"}]
    answers = st.read_answers(rows, respondent="id", questions=["Why do people leave?"])
    book = st.load_codebook({"codebook": "x", "themes": [{"theme": "pay", "entries": ["pay"]}]})
    file = tmp_path / f"s.{suffix}"
    sense_check_sample(st.code_answers(answers, book), redactor=None, path=file)
    cells = file.read_text() if suffix == "csv" else str(list(openpyxl.load_workbook(file)["Coding"].values))
    assert "Why do people leave?" in cells
