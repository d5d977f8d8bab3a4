import pytest
from tests.analysis.making import make_answers, make_codebook, make_coded
from tests.analysis.test_excerpts import Hide

from sendthemes.analysis.matrix import theme_matrix, theme_references, theme_sentences
from sendthemes.errors import AnswersError, CodebookError

TEXTS = [
    {
        "context": "Ann said funding matters. Nothing else\nMore funding. Peer",
        "shoots": "Training works. Peer!",
    },
    {"context": "Nothing here."},
    {"context": "Peer support. Peer visits. Rest.", "shoots": "Funding came."},
]


def documents(**more):
    answers = make_answers(TEXTS, questions=("context", "shoots"), unit="document", **more)
    return make_coded(answers)


def cells(table):
    return {(row["theme"], row["document"]): row for row in table}


def test_each_cell_counts_the_sentences_that_mention_the_theme():
    found = cells(theme_matrix(documents()))
    assert len(found) == 12
    assert (found["funding", "r1"]["mentions"], found["funding", "r1"]["base"]) == (2, 6)
    assert found["funding", "r1"]["percent"] == pytest.approx(100 / 3)
    assert found["funding", "r2"]["mentions"] == 0
    assert found["peer", "r3"]["mentions"] == 2


def test_prominence_can_be_of_sections():
    found = cells(theme_matrix(documents(), share_of="sections"))
    assert (found["peer", "r1"]["mentions"], found["peer", "r1"]["base"]) == (2, 2)
    assert found["peer", "r3"]["percent"] == 50.0


def test_positives_stand_apart():
    row = cells(theme_matrix(documents(), positives=["shoots"]))["peer", "r1"]
    assert (row["mentions"], row["positive"], row["other"]) == (2, 1, 1)


def test_documents_can_be_put_together_by_a_variable():
    table = theme_matrix(documents(closed={"la": ["x", "x", "y"]}), unit="la")
    assert [row["mentions"] for row in table if row["theme"] == "funding"] == [2, 1]
    assert table.columns[2] == "la"


def test_a_sub_theme_counts_in_its_parent_once_a_sentence():
    codebook = make_codebook(("funding",), nested={"funding": ("cuts",)})
    coded = make_coded(make_answers(["Cuts in funding. Cuts."]), codebook)
    assert [row["mentions"] for row in theme_matrix(coded)] == [2, 2]


def test_references_are_listed_by_number_and_noun():
    rows = {row["theme"]: row for row in theme_references(documents(), noun=("Case Study", "Case Studies"))}
    assert rows["funding"]["referenced"] == "Referenced in Case Studies 1 and 3"
    assert rows["training"]["referenced"] == "Referenced in Case Study 1"
    assert rows["inclusion"]["referenced"] == "Not referenced in any Case Study"
    assert (rows["peer"]["documents"], rows["peer"]["base"]) == (2, 3)


def test_a_cell_opens_to_its_sentences_redacted():
    table = theme_sentences(documents(), theme="funding", document="r1", redactor=Hide("Ann"))
    assert table.column("sentence") == ("[Name] said funding matters.", "More funding.")
    assert set(table.column("question")) == {"context"}


def test_the_sentences_of_a_cell_are_as_many_as_it_says():
    coded = documents()
    for (theme, document), row in cells(theme_matrix(coded)).items():
        assert len(theme_sentences(coded, theme=theme, document=document, redactor=None)) == row["mentions"]


def test_a_document_that_refused_publication_is_not_opened():
    table = theme_sentences(documents(quotable=(False, True, True)), theme="funding", redactor=None)
    assert set(table.column("respondent")) == {"r3"}


def test_an_unknown_document_or_share_is_refused():
    with pytest.raises(AnswersError, match="Did you mean 'r1'"):
        theme_sentences(documents(), theme="funding", document="r11", redactor=None)
    with pytest.raises(AnswersError, match="'sentences', 'sections'"):
        theme_matrix(documents(), share_of="words")


def test_cue_words_of_the_codebook_tell_positives_sentence_by_sentence():
    rows = cells(theme_matrix(documents(), positives=["shoots", "funding"]))
    # "Ann said funding matters." is a cue itself; "Peer" of the same section stands in another sentence.
    assert (rows["funding", "r1"]["positive"], rows["funding", "r1"]["other"]) == (2, 0)
    assert (rows["peer", "r1"]["positive"], rows["peer", "r1"]["other"]) == (1, 1)


def test_a_positive_that_is_neither_section_nor_theme_is_refused():
    with pytest.raises(CodebookError, match="no theme 'shoot'"):
        theme_matrix(documents(), positives="shoot")
