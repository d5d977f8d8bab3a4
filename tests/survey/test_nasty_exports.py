"""Exports as they really come: what a first reading would get wrong in silence."""

import pytest

from sendthemes.survey import headings
from sendthemes.survey.answers import Answers
from sendthemes.survey.read import read_answers

WORDS = ("We have had three SENCOs in two years.", "Parents wait too long, and schools wait with them.")


def problems(answers: Answers) -> str:
    return "\n".join(" ".join(map(str, row)) for row in answers.problems.rows)


LIME = ["submitdate", "lastpage", "startlanguage", "seed", "ipaddr"]


@pytest.mark.parametrize(("yes", "no"), [("Yes", "No"), ("Y", "N"), ("Y", "")])
def test_boxes_of_limesurvey_are_options_whatever_marks_them(csv_of, yes, no):
    heads = ["id", *LIME, "Which helps? [Training]", "Which helps? [Time]", "Which helps? [Other]", "Why?"]
    rows = [
        ["1", "2026-02-01", "3", "en", "1", "10.0.0.1", yes, no, "", WORDS[0]],
        ["2", "2026-02-01", "3", "en", "2", "10.0.0.2", no, yes, "A quiet room", WORDS[1]],
    ]
    answers = read_answers(csv_of([heads, *rows], delimiter=";"))
    assert answers.values["q1"] == (("Training",), ("Time", "Other"))
    assert answers.question("q1_other").parent == "q1"
    assert {answers.question(name).kind for name in LIME} == {"metadata"}


def test_headings_of_an_old_qualtrics_export_are_below_its_codes(csv_of):
    rows = [
        ["V1", "V2", "V8", "V9", "V10", "Q1"],
        ["ResponseID", "ResponseSet", "StartDate", "EndDate", "Finished", "What worries you?"],
        ["R_1", "Default", "2026-01-01", "2026-01-01", "1", WORDS[0]],
    ]
    answers = read_answers(csv_of(rows))
    assert answers.respondents == ("R_1",)
    assert [question.text for question in answers.open_questions] == ["What worries you?"]


@pytest.mark.parametrize("merged", [False, True])
def test_titles_of_groups_of_columns_are_no_headings(csv_of, merged):
    groups = ["About you", "About you" if merged else "", "Your views", "Your views" if merged else ""]
    rows = [groups, ["Ref", "Area", "Rating", "Why?"], ["01", "N", "Good", WORDS[0]], ["02", "S", "", "b c"]]
    answers = read_answers(csv_of(rows), questions=["Why?"])
    assert answers.respondents == ("01", "02")
    assert [question.text for question in answers.questions] == ["Area", "Rating", "Why?"]


def test_an_answer_that_is_a_word_for_ids_is_no_heading(csv_of):
    rows = [["Role", "Area", "Why?"], ["Participant", "N", WORDS[0]], ["SENCO", "S", WORDS[1]]]
    assert len(read_answers(csv_of(rows), questions=["Why?"]).respondents) == 2


def test_a_file_without_headings_is_told_of(csv_of):
    rows = [["1", "North", WORDS[0]], ["2", "South", WORDS[1]], ["3", "North", "Time"]]
    assert "Some headings look like answers: '1', 'North'." in problems(read_answers(csv_of(rows)))


def test_options_in_their_own_words_are_no_missing_headings(csv_of):
    rows = [["id", "Training", "Time", "Why?"], ["1", "Training", "", "a"], ["2", "Training", "Time", "b"]]
    assert "look like answers" not in problems(read_answers(csv_of(rows)))


def test_money_and_na_among_numbers_stay_numbers(csv_of):
    rows = [
        ["id", "pupils", "budget"],
        ["1", "1,200", "£45,000"],
        ["2", "n/a", "£5,000"],
        ["3", "91", "£9.50"],
    ]
    answers = read_answers(csv_of(rows))
    assert answers.values == {"pupils": ("1,200", None, "91"), "budget": ("£45,000", "£5,000", "£9.50")}
    assert "column 2 Among the numbers stand 'n/a' (1). Read as blank." in problems(answers)


def test_garbled_text_is_told_of_with_its_line(csv_of):
    rows = [["id", "Why?"], ["1", "fine"], ["2", "It doesnâ€™t work"]]
    found = problems(read_answers(csv_of(rows), questions=["Why?"]))
    assert "answers.csv, line 3 Text was garbled on its way here" in found


def test_accents_are_not_garbled_text(csv_of):
    rows = [["id", "Why?"], ["1", "Ça va, à 5 £ – “réellement” Ã la carte"]]
    assert not len(read_answers(csv_of(rows), questions=["Why?"]).problems)


def test_a_ranking_is_told_of(csv_of):
    rows = [["id", "Rank these"], ["1", "Money;Time;Staff;"], ["2", "Time;Money;Staff;"]]
    assert "this looks like a ranking" in problems(read_answers(csv_of(rows)))


def test_spss_columns_of_one_question_are_its_options(tmp_path):
    import pandas
    import pyreadstat

    path = tmp_path / "answers.sav"
    frame = pandas.DataFrame({"ID": [1.0, 2.0], "Q2_1": [1.0, 0.0], "Q2_2": [0.0, 1.0]})
    labels = {"Q2_1": {0.0: "Not selected", 1.0: "Time"}, "Q2_2": {0.0: "Not selected", 1.0: "Money"}}
    wordings = ["Respondent", "What helps? - Time", "What helps? - Money"]
    pyreadstat.write_sav(frame, str(path), column_labels=wordings, variable_value_labels=labels)
    assert read_answers(path).values == {"Q2": (("Time",), ("Money",))}


def test_a_repeated_one_word_title_loses_the_numeral_of_pandas(csv_of):
    rows = [["id", "Comments", "Comments.1"], ["1", *WORDS]]
    assert [question.text for question in read_answers(csv_of(rows)).questions] == ["Comments", "Comments"]


@pytest.mark.parametrize(
    ("heading", "kind"),
    [
        ("Name of person completing this form", "name"),
        ("Your full name (optional)", "name"),
        ("Child's name", "name"),
        ("Completed by", "name"),
        ("If you are happy to be contacted, leave your email", "email"),
        ("Contact e-mail (optional)", "email"),
        ("Name of school", "school"),
        ("Council area", "la"),
        ("Name one thing that would help", ""),
        ("What would you name as the main challenge?", ""),
        ("How useful is your email newsletter?", ""),
    ],
)
def test_headings_tell_who_is_named(heading, kind):
    assert headings.identifier(heading) == kind


def test_telephone_numbers_are_never_coded(csv_of):
    rows = [["id", "Ring me on", "Why?"], ["1", "01234 567890", WORDS[0]], ["2", "(07700) 900-123", WORDS[1]]]
    assert [question.id for question in read_answers(csv_of(rows)).open_questions] == ["q2"]


@pytest.mark.parametrize("cells", [["45 %", "50 %", "60 %"], ["1 200", "900", "12 000"]])
def test_spaces_in_numbers_are_no_words(csv_of, cells):
    rows = [["id", "figure"], *([str(at), cell] for at, cell in enumerate(cells))]
    assert read_answers(csv_of(rows)).question("figure").kind == "number"


def test_a_row_of_codes_may_stand_above_the_wordings(csv_of):
    rows = [["Q1", "Q2", "Q3"], ["Role", "Why?", "What else?"], ["SENCO", *WORDS], ["Head", "Time", "None"]]
    answers = read_answers(csv_of(rows))
    assert [(question.id, question.text) for question in answers.open_questions] == [
        ("Q2", "Why?"),
        ("Q3", "What else?"),
    ]
    assert len(answers.respondents) == 2


def test_a_long_sheet_may_be_headed_by_letters(csv_of):
    rows = [["Respondent", "Q", "A"], ["1", "Why?", WORDS[0]], ["1", "How?", "So"], ["2", "Why?", WORDS[1]]]
    assert [each.question for each in read_answers(csv_of(rows))] == ["q1", "q2", "q1"]


def test_one_word_in_two_cases_is_no_scale(csv_of):
    rows = [["id", "Area"], ["1", "North"], ["2", "north"], ["3", "North"], ["4", "North"]]
    assert read_answers(csv_of(rows)).question("Area").kind == "single"
