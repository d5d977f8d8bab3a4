"""Suggestions: what is suggested with which evidence, and how a codebook's file is edited."""

import random

import pytest

import sendthemes as st
from sendthemes.codebook.model import Entry
from sendthemes.sensecheck.decisions import Decision
from sendthemes.sensecheck.edit import apply_suggestions

YAML = """\
# our codebook
codebook: small
themes:
  # the first theme
  - theme: food
    label: Food
    entries:
      - meal      # the plain word
      - portion
      # words of doubt
      - somebody
      - form: casserole
        note: rare, yet right
    # what is no food
    exclusions: [meal ticket]
  - theme: travel  # last
"""
FILLER = ["we", "waited", "there", "somebody", "talked", "along", "about", "nothing", "much", "then"]


def survey():
    draw = random.Random(5)
    rows, gold = [], []
    for at in range(150):
        words = draw.sample(FILLER, 5)
        if at % 3 == 0:
            words.append("portoin" if at in {6, 21} else draw.choice(["meal", "menu"]))
        elif at % 5 == 0:
            words += ["meal", "deal"]
        name = " Jane Okafor came." if at % 2 else ""
        rows.append({"id": f"r{at:03}", "q1": " ".join(words) + "." + name})
        gold.append({"answer_id": f"r{at:03}", "theme": "food" if at % 3 == 0 else ""})
    answers = st.read_answers(rows, respondent="id", questions=["q1"])
    ids = dict(zip(answers.respondents, answers.answer_ids, strict=True))
    return answers, [{**row, "answer_id": ids[row["answer_id"]]} for row in gold]


@pytest.fixture(scope="module")
def case(tmp_path_factory):
    answers, gold = survey()
    path = tmp_path_factory.mktemp("codebook") / "small.yml"
    path.write_text(YAML)
    coded = st.code_answers(answers, st.load_codebook(path))
    return coded, gold


@pytest.fixture(scope="module")
def table(case):
    return st.suggest_entries(*case, redactor=None)


def rows_of(table, change):
    return {str(row["entry"]).removeprefix("form: "): row for row in table if row["change"] == change}


def test_a_word_of_coded_answers_that_no_entry_finds_is_suggested_with_its_answers(case, table):
    row = rows_of(table, "add")["menu"]
    right = {each["answer_id"] for each in case[1] if each["theme"]}
    assert row["theme"] == "food"
    assert row["precision"] == 100
    assert row["gain"] > 1
    assert set(row["answer_ids"].split(", ")) <= right
    assert row["answers"] == len(row["answer_ids"].split(", "))


def test_a_misspelling_is_suggested(table):
    assert "portoin" in rows_of(table, "add")


def test_an_entry_that_is_mostly_wrong_is_suggested_for_removal_and_a_rare_one_is_not(table):
    removed = rows_of(table, "remove")
    assert "somebody" in removed
    assert removed["somebody"]["precision"] < 50
    assert "casserole" not in removed


def test_what_is_borrowed_says_from_where_and_is_written_as_it_is(case, path):
    themes = [{"theme": "meals", "entries": [{"exact": "menu"}, "portoin"]}]
    table = st.suggest_entries(*case, borrow=[{"codebook": "lender", "themes": themes}], redactor=None)
    rows = {row["entry"]: row for row in table}
    assert rows["exact: menu"]["why"] == "from theme 'meals' of codebook 'lender', which fits"
    codebook = apply_suggestions(path, [rows["exact: menu"]])
    assert codebook.theme("food").entries[-1] == Entry(exact="menu")


def test_a_phrase_in_which_an_entry_misleads_is_suggested_as_exclusion(table):
    assert "meal deal" in rows_of(table, "exclude")


def test_hidden_words_are_not_suggested(case, redactor):
    shown = str(st.suggest_entries(*case, redactor=redactor).to_dicts()).casefold()
    assert "okafor" not in shown
    assert "'name'" not in shown


def test_decisions_are_gold_too(case):
    coded, gold = case
    decisions = [Decision(each["answer_id"], "", "reviewed", "AB") for each in gold]
    decisions += [Decision(each["answer_id"], "food", "add", "AB") for each in gold if each["theme"]]
    decisions += [Decision("elsewhere", "food", "add", "AB")]  # not reviewed: nothing is known of it
    assert st.suggest_entries(coded, decisions, redactor=None) == st.suggest_entries(
        coded, gold, redactor=None
    )


def test_blank_answers_in_gold_are_left_out_and_counted(case):
    coded, gold = case
    table = st.suggest_entries(coded, [*gold, {"answer_id": "blank", "theme": None}], redactor=None)
    assert "Left out, as blank or not in the survey: 1 coded answer." in table.notes


def test_gold_of_another_survey_is_refused(case):
    with pytest.raises(st.AnswersError, match="not in this survey"):
        st.suggest_entries(case[0], [{"answer_id": "x", "theme": "food"}], redactor=None)


def changes(*rows):
    return [dict(zip(("theme", "change", "entry"), row, strict=True)) for row in rows]


@pytest.fixture
def path(tmp_path):
    file = tmp_path / "small.yml"
    file.write_text(YAML)
    return file


def test_editing_changes_the_lines_of_entries_alone(path):
    apply_suggestions(
        path,
        changes(("food", "add", "menu"), ("food", "remove", "somebody"), ("food", "exclude", "meal deal")),
    )
    expected = YAML.replace("      - somebody\n", "").replace("yet right\n", "yet right\n      - menu\n")
    assert path.read_text() == expected.replace("[meal ticket]", "[meal ticket, meal deal]")
    assert (path.parent / "small.yml.bak").read_text() == YAML


def test_an_edited_file_holds_what_was_suggested(path, table):
    codebook = apply_suggestions(path, table)
    assert st.load_codebook(path) == codebook
    labels = {entry.label for entry in codebook.theme("food").entries}
    for row in table:
        if row["change"] != "exclude":
            assert (row["entry"] in labels) == (row["change"] == "add")


def test_a_theme_without_entries_gets_a_list_and_an_emptied_one_stays_a_list(path):
    codebook = apply_suggestions(
        path,
        changes(("travel", "add", "no"), ("travel", "add", 'form: bus (questions: [Why, then?])'),
                *(("food", "remove", each) for each in ("meal", "portion", "somebody", "form: casserole"))),
    )  # fmt: skip
    assert [entry.label for entry in codebook.theme("travel").entries] == [
        "no", 'form: bus (questions: [Why, then?])']  # fmt: skip
    assert codebook.theme("food").entries == ()
    assert "# words of doubt" in path.read_text()


def test_no_changes_leave_the_file_untouched(path):
    apply_suggestions(path, [])
    assert not (path.parent / "small.yml.bak").exists()


@pytest.mark.parametrize("row", [("fod", "add", "x"), ("food", "drop", "meal"), ("food", "remove", "meals")])
def test_a_change_that_does_not_fit_is_refused_and_the_file_untouched(path, row):
    with pytest.raises(st.CodebookError):
        apply_suggestions(path, changes(row))
    assert path.read_text() == YAML
