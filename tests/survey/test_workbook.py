"""Workbooks: merged titles, sheets without cells."""

import openpyxl
import pytest

from sendthemes.errors import AnswersError
from sendthemes.survey.read import read_answers

ROWS = [
    ["ID", "Area", "Why?"],
    ["007", "N", "Time"],
    ["008", "S", "#N/A"],
    ["009", "N", "=1+1"],
    ["010", None, 0.5],
]


def test_a_title_merged_over_some_of_the_columns_is_no_heading(tmp_path):
    book = openpyxl.Workbook()
    for row in (["Survey 2026", None, None], *ROWS[:2]):
        book.active.append(row)
    book.active.merge_cells("A1:B1")
    book.save(tmp_path / "title.xlsx")
    answers = read_answers(tmp_path / "title.xlsx", questions=["Why?"])
    assert answers.respondents == ("007",)
    assert answers.problems.rows[0][:2] == ("title.xlsx, sheet Sheet, row 1", "A title above the headings.")


def test_a_workbook_without_cells_is_refused(xlsx_of):
    with pytest.raises(AnswersError, match=r"answers.xlsx: No sheet of the workbook has cells"):
        read_answers(xlsx_of([]))
