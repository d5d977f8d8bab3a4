"""Encodings, delimiters and damaged files."""

import pytest

from sendthemes.errors import AnswersError
from sendthemes.survey.read import read_answers

TEXT = "id,Why?\n1,£5 is not enough – “really”\n2,Café\n"


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "cp1252"]
)
def test_every_usual_encoding_is_read(tmp_path, encoding):
    path = tmp_path / "answers.csv"
    path.write_bytes(TEXT.encode(encoding))
    assert list(read_answers(path, questions=["Why?"]).texts) == ["£5 is not enough – “really”", "Café"]


def test_windows_text_is_read_with_a_warning(tmp_path):
    path = tmp_path / "answers.csv"
    path.write_bytes(TEXT.encode("cp1252"))
    rows = read_answers(path, questions=["Why?"]).problems.rows
    assert rows[0][:2] == ("answers.csv, line 2", "The file is not UTF-8.")


def test_mixed_encodings_are_refused_with_the_line(tmp_path):
    path = tmp_path / "answers.csv"
    path.write_bytes(b"id,Why?\n1,caf\xc3\xa9\n2,caf\xe9\n")
    with pytest.raises(AnswersError, match=r"answers.csv:3: The file mixes encodings.*line 2 is UTF-8"):
        read_answers(path)


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_delimiters_are_found(csv_of, delimiter):
    rows = [["id", "Why?", "How?"], ["1", "a, b; c", "x"], ["2", "d; e", "y, z"], ["3", "f", "g"]]
    answers = read_answers(csv_of(rows, delimiter=delimiter), questions=["Why?", "How?"])
    assert list(answers.texts) == ["a, b; c", "x", "d; e", "y, z", "f", "g"]


def test_every_ragged_row_is_named(csv_of):
    rows = [["id", "a", "b"], ["1", "x", "y"], ["2", "x"], ["3", "x", "y", "z"], ["4", "x", "y"]]
    with pytest.raises(AnswersError) as raised:
        read_answers(csv_of(rows))
    assert [problem.where for problem in raised.value.problems] == ["answers.csv:3", "answers.csv:4"]


def test_line_breaks_in_cells_do_not_shift_the_lines_named(csv_of):
    rows = [["id", "a", "b"], ["1", "x\nx\nx", "y"], ["2", "x"], ["3", "x", "y"]]
    with pytest.raises(AnswersError, match=r"answers.csv:5: This row has 2 cells"):
        read_answers(csv_of(rows))


def test_an_open_quotation_mark_is_refused_where_it_opens(tmp_path):
    path = tmp_path / "answers.csv"
    path.write_text('id,a\n1,x\n2,"never closed\n3,y\n', encoding="utf-8")
    with pytest.raises(AnswersError, match=r"answers\.csv:3: A quotation mark opens"):
        read_answers(path)


def test_too_many_columns_are_refused(csv_of):
    with pytest.raises(AnswersError, match="6,000 columns"):
        read_answers(csv_of([["a"] * 6000, ["b"] * 6000]))


@pytest.mark.parametrize("content", ["", "\n\n", "id,Why?\n", "id,Why?\n,\n"])
def test_files_without_answers_are_refused(tmp_path, content):
    path = tmp_path / "answers.csv"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(AnswersError, match=r"empty|nothing|no answers"):
        read_answers(path)


def test_a_missing_file_offers_the_nearest(tmp_path):
    (tmp_path / "answers.csv").write_text("id,a\n1,x\n", encoding="utf-8")
    with pytest.raises(AnswersError, match=r"not there.*Did you mean 'answers.csv'"):
        read_answers(tmp_path / "answer.csv")


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"<html><body><table><tr><td>ID</td></tr></table>", "web page named as a workbook"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "protected by a password"),
        (b"id,a\n1,x\n", "not an Excel workbook"),
        (b"PK\x03\x04 broken", "cannot be opened"),
    ],
)
def test_what_is_no_workbook_is_refused_with_its_reason(tmp_path, content, message):
    path = tmp_path / "answers.xlsx"
    path.write_bytes(content)
    with pytest.raises(AnswersError, match=message):
        read_answers(path)


def test_a_file_cut_off_in_a_character_is_refused(tmp_path):
    path = tmp_path / "answers.csv"
    path.write_bytes(TEXT.encode("utf-16")[:-1])
    with pytest.raises(AnswersError, match=r"answers.csv: The file is cut off or damaged.*Save it again"):
        read_answers(path)


def test_a_cell_that_never_ends_is_refused_with_its_line(tmp_path):
    path = tmp_path / "answers.csv"
    path.write_text("id,Why?\n1,a\n2," + "word " * 30_000 + "\n", encoding="utf-8")
    with pytest.raises(AnswersError, match=r"answers.csv:3: A cell of this row never ends"):
        read_answers(path)


def test_numbers_with_decimal_commas_are_numbers(csv_of):
    rows = [["id", "rating", "Why?"], ["1", "4,5", "Because, well"], ["2", "3,25", "So; it is"]]
    answers = read_answers(csv_of(rows, delimiter=";"))
    assert answers.question("rating").kind == "number"
    assert answers.values["rating"] == ("4,5", "3,25")
    weighted = read_answers(csv_of(rows, delimiter=";"), survey={"weight": "rating"})
    assert weighted.weights == (4.5, 3.25)
