"""Readings in context equal those of the whole pipeline on every text."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError
from tests.coding.reference import longest, pattern_hits, words_in_context
from tests.coding.test_code import book, one

from sendthemes.codebook.model import Entry
from sendthemes.coding.code import code_answers
from sendthemes.coding.compile import Slot
from sendthemes.coding.tagged import Tagged
from sendthemes.language.index import index_texts

SENTENCES = [
    "The training was good.", "She is training new staff!", "He leaves his post in May.", "The leaves fall.",
    "They cut staffing", "A cut hurt us.", "Budgets are cut; cutting corners", "we don't meet needs",
    "the meeting overran,", "meeting needs costs money", "SENCOs and EHCPs", "better funded schools",
    "It's well-being",
    "Trained TAs leave", "left-over funds", "Funding", "can’t cope", "post-16 places", "I felt left out…",
    "better",
]  # fmt: skip
WORDS = [
    "train",
    "leave",
    "leaf",
    "cut",
    "meet",
    "meeting",
    "fund",
    "well",
    "good",
    "be",
    "budgets",
    "senco",
    "feel",
]
PATTERNS = [
    [{"LEMMA": "cut"}, {"POS": "NOUN"}],
    [{"POS": "DET"}, {"LEMMA": "leave"}],
    [{"LOWER": "the", "OP": "?"}, {"LEMMA": "meeting"}],
    [{"POS": "ADJ", "OP": "+"}, {"POS": "NOUN"}],
    [{"LEMMA": "be"}, {"TAG": "VBG"}],
    [{"LEMMA": "ehcp"}],
    [{"LOWER": {"IN": ["training", "funds"]}}],
]
texts = st.lists(st.lists(st.sampled_from(SENTENCES), max_size=3).map(" ".join), min_size=1, max_size=3)


def spans(coded, count):
    rows = [[] for _ in range(count)]
    for answer, start, end in zip(*(coded.columns[at].tolist() for at in (0, 3, 4)), strict=True):
        rows[answer].append((start, end))
    return rows


@settings(max_examples=40, deadline=None)
@given(texts, st.sampled_from(WORDS), st.sampled_from([None, "noun", "verb", "adjective"]))
def test_words_in_context_equal_the_whole_pipeline(answers, word, pos) -> None:
    entry = Entry(word=word, pos=pos)
    coded = code_answers(one(*answers), book(entry), lemmas="in_context")
    assert spans(coded, len(answers)) == [sorted(words_in_context(entry, text)) for text in answers]


@settings(max_examples=40, deadline=None)
@given(texts, st.sampled_from(PATTERNS))
def test_token_patterns_equal_spacys_own_matcher_on_every_text(answers, pattern) -> None:
    entry = Entry(tokens=pattern)
    coded = code_answers(one(*answers), book(entry))
    assert spans(coded, len(answers)) == [longest(pattern_hits(entry, text)) for text in answers]


@settings(max_examples=20, deadline=None)
@given(texts)
def test_in_context_finds_no_more_than_possible(answers) -> None:
    exact = spans(code_answers(one(*answers), book(*WORDS), lemmas="in_context"), len(answers))
    possible = spans(code_answers(one(*answers), book(*WORDS)), len(answers))
    assert all(set(few) <= set(many) for few, many in zip(exact, possible, strict=True))


def test_a_part_of_speech_is_asked_of_the_tagger() -> None:
    answers = one("They cut staffing.", "A cut hurt.")
    assert [c.answer_id for c in code_answers(answers, book({"word": "cut", "pos": "verb"}))] == ["a0"]
    assert [c.answer_id for c in code_answers(answers, book({"form": "cut", "pos": "noun"}))] == ["a1"]


def test_an_answer_without_words_holds_no_token_pattern() -> None:
    assert not len(code_answers(one(""), book({"tokens": [{"POS": "VERB"}]})))


def test_what_the_tagger_read_is_given_once() -> None:
    index = index_texts(["They cut staffing."])
    tagged = Tagged(index)
    tagged.keep(index.where(index.form_ids["cut"]), Slot(pos="verb"), in_context=False)
    assert tagged.columns() is not None
    assert tagged.columns() is None


def test_a_pattern_that_needs_the_parser_is_refused() -> None:
    with pytest.raises(ValidationError, match="DEP"):
        book({"tokens": [{"LOWER": "x", "DEP": "nsubj"}]})
