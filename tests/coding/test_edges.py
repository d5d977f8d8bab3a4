"""What stands at the edges of coding: cards, long entries, refused ones, what people dropped."""

import numpy as np
import pytest
from tests.coding.test_code import book, one

from sendthemes.coding.code import code_answers
from sendthemes.errors import CodebookError


def entries_found(coded):
    return [(coding.matched, coding.entry) for coding in coded]


def test_a_card_counts_respondents_and_codings_and_shows_no_answer() -> None:
    coded = code_answers(one("secret funding, funding", "no words"), book("fund", {"regex": "(x+x+)+y"}))
    card = coded._repr_html_()
    assert "2 codings of 2 answers with b 0" in card
    assert ">1<" in card
    assert ">2<" in card
    assert "secret" not in card + repr(coded)
    assert repr(coded).startswith("<CodedAnswers: 2 codings of 2 answers with ")


@pytest.mark.parametrize(
    "text",
    [
        "-Staff",
        "staff- we",
        "•Staff",
        "1)Staff",
        "2.Staff",
        "time;staff",
        "Time?Staff",
        "staff(s)",
        "(time)staff",
    ],
)
def test_marks_beside_a_word_do_not_hide_it(text) -> None:
    assert [found.lower() for found, _ in entries_found(code_answers(one(text), book("staff")))] == ["staff"]


def test_a_phrase_goes_over_hyphen_and_slash_with_or_without_spaces() -> None:
    texts = ["parents/ carers", "parents /carers", "parents/carers", "parents- carers", "parents;carers"]
    found = code_answers(one(*texts), book("parents/carers"))
    assert [matched for matched, _ in entries_found(found)] == texts[:-1]


def test_an_entry_of_many_hyphened_words_is_read_all_apart_or_all_closed() -> None:
    entry = " ".join(["co-work"] * 7)
    apart, closed = " ".join(["co work"] * 7), " ".join(["cowork"] * 7)
    coded = code_answers(one(apart, closed, entry), book({"form": entry}))
    assert [coding.matched for coding in coded] == [apart, closed, entry]


def test_a_wildcard_with_punctuation_inside_is_refused() -> None:
    with pytest.raises(CodebookError, match="punctuation inside"):
        code_answers(one("funding"), book({"form": "fund*!x"}))


@pytest.mark.parametrize(
    ("pattern", "found"),
    [
        ([{"LOWER": "joint"}, {"LEMMA": "plan"}], ["joint plans", "Joint plan"]),
        ([{"LOWER": {"IN": ["joint", "shared"]}}, {"LEMMA": "plan"}],
         ["joint plans", "Joint plan", "shared plans"]),
        ([{"LOWER": "shared", "OP": "?"}, {"TEXT": "plans"}], ["plans", "shared plans"]),
        ([{"ORTH": "Joint"}], ["Joint"]),
        ([{"IS_DIGIT": True}], ["12"]),
        ([{"LOWER": "absent"}], []),
    ],
)  # fmt: skip
def test_a_pattern_finds_its_tokens_whatever_says_where_to_look(pattern, found) -> None:
    texts = one("Our joint plans cost 12 pounds.", "A Joint plan, and shared plans.")
    assert [coding.matched for coding in code_answers(texts, book({"tokens": pattern}))] == found


def test_what_people_drop_is_set_aside_under_its_own_entry_and_reason() -> None:
    coded = code_answers(one("funding", "staff and funding"), book("fund", "staff"))
    columns = coded.columns
    labels = ("another", *coded.entry_labels)
    shifted = type(columns)(*(column + (at == 2) for at, column in enumerate(columns)))
    keep = np.array([True, False, True])
    changed = coded.with_codings(shifted, keep=keep, entry_labels=labels, reasons={1: "dropped by AB"})
    (aside,) = changed.set_aside
    assert (aside["answer_id"], aside["entry"], aside["matched"], aside["reason"]) == (
        "a1", "staff", "staff", "dropped by AB",
    )  # fmt: skip
    assert entries_found(changed) == [("funding", "fund"), ("funding", "fund")]
