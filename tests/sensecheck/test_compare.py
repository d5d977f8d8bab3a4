"""Comparing codebooks: the edits, whom they move, and the words that did it."""

import pytest

from sendthemes.errors import AnswersError, CodebookError
from sendthemes.redaction.spans import Redacted, Span
from sendthemes.sensecheck.compare import compare_codebooks
from sendthemes.survey.answers import Answers, Question

OLD = {
    "codebook": "x",
    "themes": [
        {"theme": "money", "entries": ["budget", {"word": "cost", "negated": "drop"}]},
        {"theme": "gone", "entries": ["staffing"]},
    ],
}
NEW = {
    "codebook": "x",
    "version": "2",
    "themes": [
        {
            "theme": "money",
            "label": "Money",
            "entries": ["funding", "cost"],
            "themes": [{"theme": "sub", "entries": [{"sequence": ["low", "from"]}]}],
        }
    ],
}
ROWS = [  # respondent, question, text, role
    ("r1", 0, "The budget is low", "A"),
    ("r1", 1, "funding", "A"),
    ("r2", 0, "budget gone", "B"),
    ("r3", 0, "staffing", None),
    ("r4", 1, "low grants from Ana", "B"),
]


@pytest.fixture(scope="module")
def answers():
    people = ("r1", "r2", "r3", "r4")
    return Answers(
        respondents=people,
        questions=(
            Question("q1", "One?", "open"),
            Question("q2", "Two?", "open"),
            Question("role", "Role", "single", ("A", "B")),
        ),
        answer_ids=[str(number) for number in range(len(ROWS))],
        answer_respondents=[people.index(row[0]) for row in ROWS],
        answer_questions=[row[1] for row in ROWS],
        texts=[row[2] for row in ROWS],
        values={"role": ("A", "B", None, "B")},
    )


@pytest.fixture(scope="module")
def found(answers):
    return compare_codebooks(OLD, NEW, answers, by="role", redactor=None)


def test_edits_name_what_was_added_removed_and_changed(found):
    assert found.edits.rows == (
        ("changed", "money", "label", None, "Money"),
        ("added", "money", "entry", None, "funding"),
        ("changed", "money", "entry", "cost (negated: drop)", "cost"),
        ("removed", "money", "entry", "budget", None),
        ("added", "sub", "theme", None, "sub"),
        ("added", "sub", "entry", None, "sequence: [low, from]"),
        ("removed", "gone", "theme", "gone", None),
        ("removed", "gone", "entry", "staffing", None),
    )


def test_effect_counts_respondents_once_and_sub_themes_for_their_parents(found):
    assert found.effect.rows == (
        ("money", "Money", 2, 2, 1, 1, 2, 2),
        ("sub", "sub", 0, 1, 1, 0, 1, 0),
        ("gone", "gone", 1, 0, 0, 1, 0, 1),
    )


def test_effect_by_question_counts_within_the_question(found):
    rows = {(row["question"], row["theme"]): tuple(row.values())[3:] for row in found.by_question}
    assert rows[("q1", "money")] == (0, 2, 0, 2)
    assert rows[("q2", "money")] == (2, 0, 2, 0)
    assert rows[("q1", "gone")] == (0, 1, 0, 1)


def test_effect_by_variable_follows_its_levels_and_counts_the_missing(found):
    assert found.by_variable.columns[0] == "role"
    assert ("A", "money", "Money", 0, 0, 1, 1) in found.by_variable.rows
    assert ("B", "money", "Money", 1, 1, 1, 1) in found.by_variable.rows
    assert found.by_variable.notes == ("Left out, without an answer to it: 1 respondent.",)


def test_the_words_that_made_the_difference_are_named(found):
    assert ("money", "lost", "q1", "budget", "budget", 2) in found.words.rows
    assert ("sub", "gained", "q2", "sequence: [low, from]", "low grants from", 1) in found.words.rows


def test_words_are_redacted_as_asked(answers):
    class Hides:
        def redact_all(self, texts, respondents=None):
            assert len(texts) == len(respondents)
            return [self.redact(text) for text in texts]

        def redact(self, text):
            at = text.find("grants")
            if at < 0:
                return Redacted(text)
            span = Span(at, at + 6, "name", "test", "known", replacement="[Name]")
            return Redacted(text.replace("grants", "[Name]"), (span,))

    words = compare_codebooks(OLD, NEW, answers, redactor=Hides()).words.column("words")
    assert "low [name] from" in words
    assert not any("grants" in each for each in words)


def test_the_same_codebook_twice_differs_in_nothing(answers):
    found = compare_codebooks(OLD, OLD, answers, redactor=None)
    assert [name for name, table in found.tables.items() if table.rows] == ["effect"]
    assert all(row[4:] == (0, 0, 0, 0) for row in found.effect.rows)


def test_the_order_of_entries_is_no_edit(answers):
    turned = {
        "codebook": "x",
        "themes": [OLD["themes"][0] | {"entries": OLD["themes"][0]["entries"][::-1]}, OLD["themes"][1]],
    }
    assert not compare_codebooks(OLD, turned, answers, redactor=None).edits.rows


def _monitored(**changes):
    rules = [{"level": "Low", "entries": ["low"]}, {"level": "None", "entries": ["gone"]}]
    one = {"classification": "state", "question": "q1", "levels": ["None", "Low"], "rules": rules}
    return {"codebook": "x", "classifications": [one | changes]}


def test_moves_between_levels_are_counted(answers):
    rules = [{"level": "None", "entries": ["budget"]}, {"level": "Low", "entries": ["staffing"]}]
    found = compare_codebooks(_monitored(), _monitored(rules=rules), answers, redactor=None)
    assert found.levels.rows == (("state", "state", None, "Low", 1), ("state", "state", "Low", "None", 1))
    assert found.edits.rows == (
        ("changed", "state", "rules", "Low: low; None: gone", "None: budget; Low: staffing"),
    )


def test_a_classification_that_goes_takes_its_levels(answers):
    found = compare_codebooks(_monitored(otherwise="Low"), {"codebook": "x"}, answers, redactor=None)
    assert [row[2:] for row in found.levels.rows] == [("None", None, 1), ("Low", None, 2)]
    assert found.edits.rows == (("removed", "state", "classification", "state", None),)


def test_a_level_that_is_only_named_otherwise_is_an_edit(answers):
    found = compare_codebooks(_monitored(), _monitored(otherwise="Low"), answers, redactor=None)
    assert found.edits.rows == (("changed", "state", "otherwise", None, "Low"),)
    assert found.levels.rows == (("state", "state", None, "Low", 1),)


def test_what_a_question_is_said_to_ask_is_an_edit(answers):
    told = OLD | {"questions": [{"question": "q1", "text": "One?"}]}
    edits = compare_codebooks(OLD, told, answers, redactor=None).edits
    assert edits.rows == (("changed", None, "question q1", None, "One?"),)


def test_tables_print_together(found):
    assert list(found.tables) == ["edits", "effect", "by_question", "by_variable", "levels", "words"]
    assert "**Effect of the edits by theme**" in found.to_markdown()
    assert found._repr_html_().count("<table>") == 5


def test_an_unknown_variable_or_codebook_is_refused(answers):
    with pytest.raises(AnswersError, match="Did you mean"):
        compare_codebooks(OLD, NEW, answers, by="rolle", redactor=None)
    with pytest.raises(CodebookError):
        compare_codebooks("nowhere", NEW, answers, redactor=None)
