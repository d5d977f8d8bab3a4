"""Exports of each tool, read without being told anything."""

from pathlib import Path

import openpyxl
import pytest
from tests.survey import exports

from sendthemes.errors import AnswersError
from sendthemes.survey.answers import Answers
from sendthemes.survey.read import read_answers


def kinds(answers: Answers) -> dict[str, str]:
    return {each.id: each.kind for each in answers.questions if each.kind != "metadata"}


def said(answers: Answers, question: str) -> list[str]:
    return [each.text for each in answers if each.question == question]


def problems(answers: Answers) -> str:
    return "\n".join(" ".join(map(str, row)) for row in answers.problems.rows)


class TestMicrosoftForms:
    @pytest.fixture
    def answers(self, csv_of) -> Answers:
        return read_answers(csv_of(exports.FORMS))

    def test_kinds(self, answers):
        assert kinds(answers) == {
            "q1": "statement",
            "q2": "open",
            "q3": "scale",
            "q4": "open",
            "q5": "multiple",
        }

    def test_heading_is_cleaned(self, answers):
        assert answers.question("q1").text == "Which statement best describes leaders' buy-in?"

    def test_repeated_title_loses_its_numeral_and_is_still_found_by_it(self, answers):
        assert answers.question("q4").text == "Tell us more"
        assert answers.question("Tell us more2").id == "q4"

    def test_options_hold_commas(self, answers):
        assert answers.values["q5"][2] == ("Poor communication", "Time, space")

    def test_name_and_email_are_identifiers_and_anonymous_is_nobody(self, answers):
        assert answers.identifiers["email"] == ((), (), ("jo.bloggs@example.org",))
        assert answers.identifiers["name"][2] == ("Jo Bloggs",)

    def test_quiz_columns_are_metadata(self, answers):
        assert answers.question("Total points").kind == "metadata"
        assert answers.question("Points - How clear is the vision?").kind == "metadata"


class TestSurveyMonkey:
    def test_expanded_columns_become_questions(self, csv_of):
        answers = read_answers(csv_of(exports.MONKEY_EXPANDED), variables=["Which borough do you work in?"])
        assert answers.respondents == ("118052219061", "118052219062", "118052219063")
        assert kinds(answers) == {
            "q1": "single",
            "q2": "multiple",
            "q2_other": "open",
            "q3": "open",
            "q4_1": "matrix",
            "q4_2": "matrix",
        }
        assert answers.values["q2"] == (
            ("Training", "Time to plan"),
            ("Other (please specify)",),
            ("More staff",),
        )
        assert answers.values["q1"] == ("Northvale", "Other (please specify)", "Northvale")
        assert said(answers, "q2_other") == ["A quiet room"]
        assert answers.question("q2_other").parent == "q2"

    def test_condensed_boxes_stay_whole_until_their_list_is_given(self, csv_of):
        path = csv_of(exports.MONKEY_CONDENSED)
        whole = read_answers(path)
        assert "Training, coaching, Time to plan" in whole.values["q2"]
        assert "give the list of options" in problems(whole)
        split = read_answers(path, options={"q2": ["Training, coaching", "Time to plan"]})
        assert split.values["q2"] == (
            ("Training, coaching", "Time to plan"),
            ("Training, coaching",),
            ("Time to plan", "Other"),
        )
        assert said(split, "q2_other") == ["A quiet room, with light"]


class TestQualtrics:
    @pytest.mark.parametrize(
        "rows", [exports.QUALTRICS, exports.QUALTRICS_EDITED], ids=["three rows", "two rows"]
    )
    def test_heading_rows_are_told_by_content(self, csv_of, rows):
        answers = read_answers(csv_of(rows))
        assert answers.respondents == ("R_1aaaaaaaaaaaaaa", "R_3cccccccccccccc", "R_4dddddddddddddd")
        assert kinds(answers) == {
            "Q1": "scale",
            "Q2": "multiple",
            "Q2_4_TEXT": "open",
            "Q3_1": "matrix",
            "Q3_2": "matrix",
            "Q4": "open",
        }
        assert answers.values["Q2"] == (("Time",), ("Money", "Something else"), ("Time", "Money"))
        assert answers.question("Q2_4_TEXT").parent == "Q2"
        assert answers.question("Q3_1").text == "Say how far you agree. - I feel safe"

    def test_previews_are_left_out_and_unfinished_ones_told(self, csv_of):
        found = problems(read_answers(csv_of(exports.QUALTRICS)))
        assert "line 6 A preview or test answer. Left out." in found
        assert "line 7 The respondent did not finish." in found


class TestSmartSurvey:
    def test_two_heading_rows(self, csv_of):
        answers = read_answers(csv_of(exports.SMART))
        assert kinds(answers) == {
            "q1": "single",
            "q1_comments": "open",
            "q2": "multiple",
            "q2_other": "open",
            "q3": "open",
        }
        assert said(answers, "q1_comments") == ["Part time"]

    def test_matrix_cells_as_json(self, csv_of):
        answers = read_answers(csv_of(exports.SMART_WIDE))
        assert answers.values["q1_1"] == ("Agree", "Agree", None)
        assert answers.question("q1_2").levels == ("Disagree", "Agree")


def test_google_grid_and_boxes(csv_of):
    answers = read_answers(
        csv_of(exports.GOOGLE), options={"What helps? (tick all)": ["Time", "Money, staff"]}
    )
    assert kinds(answers) == {
        "q1": "multiple",
        "q1_other": "open",
        "q2_1": "matrix",
        "q2_2": "matrix",
        "q3": "open",
    }
    assert answers.values["q1"][0] == ("Time", "Money, staff")
    assert said(answers, "q1_other") == ["A dog"]
    assert said(answers, "q3") == ["More money, please", "None", "no"]


def test_jisc_other_follows_its_question(csv_of):
    answers = read_answers(csv_of(exports.JISC))
    assert answers.respondents[0] == "1012-1011-101211291"
    assert kinds(answers) == {"q1": "single", "q1a": "open", "q2": "scale", "q3": "open"}
    assert answers.question("q1a").parent == "q1"


def test_jisc_spss_file(tmp_path):
    import pandas
    import pyreadstat

    path = tmp_path / "jisc.sav"
    frame = pandas.DataFrame(
        {"URN": ["1-1", "1-2", "1-3"], "Q1": [1.0, 2.0, None], "Q2": ["None", "Time", ""]}
    )
    pyreadstat.write_sav(
        frame, str(path),
        column_labels=["Unique Response Number", "1. How clear is the vision?", "2. What are the main "
                                                                                "challenges?"],
        variable_value_labels={"Q1": {1.0: "Very clear", 2.0: "Clear", 3.0: "Not clear"}},
    )  # fmt: skip
    answers = read_answers(path)
    assert answers.respondents == ("1-1", "1-2", "1-3")
    assert answers.question("Q1").levels == ("Very clear", "Clear", "Not clear")
    assert answers.question("How clear is the vision?").id == "Q1"
    assert said(answers, "Q2") == ["None", "Time"]


class TestCitizenSpace:
    @pytest.fixture
    def answers(self, csv_of) -> Answers:
        return read_answers(csv_of(exports.CITIZEN))

    def test_parts_of_questions(self, answers):
        assert kinds(answers) == {"q1_1": "scale", "q1_comments": "open", "q2": "multiple"}

    def test_analysts_words_are_not_coded(self, answers):
        assert not {"positive", "time"} & set(answers.texts)

    def test_consent_says_who_may_be_quoted(self, answers):
        assert answers.quotable == (True, False, True)


class TestHandMade:
    ROWS = (
        ["SEND survey 2026", None, None, None],
        [None, None, None, None],
        ["Ref", "Area", "Training rating", "What would help?"],
        [None, None, None, None],
        ["007", "North", "Good", "More time"],
        ["008", "South", "Poor", "None"],
        ["009", "North", "Good", "=SUM(1)"],
        [None, None, None, None],
        ["Source: the survey team", None, None, None],
    )

    def test_titles_blank_rows_and_footers_are_left_out_and_told(self, xlsx_of):
        answers = read_answers(xlsx_of([list(row) for row in self.ROWS], Notes=[["Please read"]]))
        assert answers.respondents == ("007", "008", "009")
        found = problems(answers)
        assert "sheet Sheet, row 1 A title above the headings." in found
        assert "row 9 A footer below the answers." in found
        assert "more sheets: Notes" in found

    def test_a_formula_without_a_value_is_blank_and_told(self, xlsx_of):
        answers = read_answers(xlsx_of([list(row) for row in self.ROWS]))
        assert "cell D7 The cell holds a formula whose value was never saved." in problems(answers)

    def test_merged_headings_reach_over_their_columns(self, tmp_path: Path):
        book = openpyxl.Workbook()
        page = book.active
        for row in (
            ["ID", "What gets in the way?", None, "Anything else?"],
            [None, "Money", "Time", None],
            ["1", "x", "x", "Please help"],
            ["2", None, "x", "no"],
        ):
            page.append(row)
        page.merge_cells("B1:C1")
        page.merge_cells("A1:A2")
        book.save(tmp_path / "merged.xlsx")
        answers = read_answers(tmp_path / "merged.xlsx")
        assert answers.values["q1"] == (("Money", "Time"), ("Time",))
        assert said(answers, "q2") == ["Please help", "no"]

    def test_hidden_rows_are_read_and_told(self, tmp_path: Path):
        book = openpyxl.Workbook()
        for row in (["ID", "Why?"], ["1", "Because"], ["2", "So"]):
            book.active.append(row)
        book.active.row_dimensions[3].hidden = True
        book.save(tmp_path / "hidden.xlsx")
        answers = read_answers(tmp_path / "hidden.xlsx", questions=["Why?"])
        assert list(answers.texts) == ["Because", "So"]
        assert "rows 3 Hidden rows (1)." in problems(answers)

    def test_error_cells_are_blank_and_told(self, xlsx_of):
        path = xlsx_of([["ID", "Why?"], ["1", "#NAME?"], ["2", "So"]])
        answers = read_answers(path, questions=["Why?"])
        assert list(answers.texts) == ["So"]
        assert "cell B2 The cell holds the Excel error #NAME?" in problems(answers)

    def test_ids_numbers_and_dates_read_as_seen(self, tmp_path: Path):
        import datetime

        book = openpyxl.Workbook()
        page = book.active
        for row in (["ID", "Why?"], [7, 12], [123456789012, datetime.datetime(2026, 2, 1)], [9.0, 0.5]):
            page.append(row)
        page["A2"].number_format = "000"
        page["B4"].number_format = "0%"
        book.save(tmp_path / "ids.xlsx")
        answers = read_answers(tmp_path / "ids.xlsx", questions=["Why?"])
        assert answers.respondents == ("007", "123456789012", "9")
        assert list(answers.texts) == ["12", "2026-02-01", "50%"]

    def test_a_sheet_is_named(self, xlsx_of):
        path = xlsx_of([["x"]], Data=[["ID", "Why?"], ["1", "Because"]])
        assert read_answers(path, sheet="data", questions=["Why?"]).texts == ["Because"]
        with pytest.raises(AnswersError, match=r"no sheet 'Dat'.*Did you mean 'Data'"):
            read_answers(path, sheet="Dat")


def test_a_column_that_is_named_as_a_question_makes_no_long_layout() -> None:
    rows = [{"id": at, "a": "Yes", "q": "The budget is cut", "text": "No time"} for at in range(4)]
    answers = read_answers(rows, respondent="id", questions=["q", "text"], variables=["a"])
    assert {each.id: each.kind for each in answers.questions if each.id in {"a", "q", "text"}} == {
        "a": "single",
        "q": "open",
        "text": "open",
    }
