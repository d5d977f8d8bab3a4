"""Regular expressions run only where they can match, and find what they find everywhere."""

import numpy as np
import pytest
import regex
from hypothesis import assume, example, given
from hypothesis import strategies as st

from sendthemes.coding.expressions import Expressions, needs
from sendthemes.language.index import index_texts

PIECES = [
    "wait", "waits?", "can't", "cannot", "K", "ı", "İstanbul", "i", "it", "n't", "ot", "co-op", "&", " ",
    r"\s", r"\b", ".", "[ab]c", "[^a]b", r"\w+", "ab*", "ab{0,2}", "ab{2}", "a+b", "ab??", "ß", "ss", "(?i)",
    "(?i:WAIT)", "^", "$", "(?<!n)ot", "(?=wa)", r"\.", "(?#x)it", "(?P<n>wa)it", r"\x61", r"\p{L}",
    "it{e<=1}", "[[:alpha:]]b",
]  # fmt: skip
TEXTS = [
    "wait", "Waits", "WAITED", "cannot", "can't", "cant", "İstanbul", "ıt", "IT", "it's", "co-op", "co op",
    "a.b", "abc", "aab", "abb", "ac", "bc", "\u212a", "Straße", "STRASSE", "o\u0307t", "wa\u200bit", "don't",
    "dont", "gonna", "\n", " ", "-",
]  # fmt: skip


def _joined(children):
    several = st.lists(children, min_size=1, max_size=3)
    return st.one_of(
        several.map("".join),
        several.map(lambda branches: f"(?:{'|'.join(branches)})"),
        st.tuples(children, st.sampled_from(["?", "*", "+", "{1,2}", "{0}", "{,2}", "+?"])).map(
            lambda pair: f"({pair[0]}){pair[1]}"
        ),
    )


def _valid(expression):
    try:
        regex.compile(expression)
    except regex.error:
        return False
    return True


expressions = st.recursive(st.sampled_from(PIECES), _joined, max_leaves=6)
texts = st.lists(st.lists(st.sampled_from(TEXTS), max_size=5).map("".join), min_size=1, max_size=6)


@given(expression=expressions, texts=texts)
@example(expression="(?i)it", texts=["İT"])
@example(expression="(?i)it", texts=["ıt"])
@example(expression="not", texts=["cannot", "don't"])
@example(expression="cannot", texts=["cannot"])
def test_an_expression_is_found_wherever_the_library_finds_it(expression, texts):
    assume(_valid(expression))  # here, since the library draws from ``random`` when its cache is full
    index = index_texts(texts)
    everywhere = [
        (at, *found.span())
        for at in range(len(index.texts))
        for found in regex.finditer(expression, index.comparable(at).text)
        if found.end() > found.start()
    ]
    rows, late = Expressions(index).find(expression, np.ones(len(index.texts), dtype=bool))
    assert (rows, late) == (everywhere, [])


@pytest.mark.parametrize(
    ("expression", "needed"),
    [
        ("(?i)\\b(?:waits?|queu(?:e|ing)) for (?:\\w+ )?help\\b", [{"wait", "queu"}, {"for"}, {"help"}]),
        ("teach(?:er|ing)+s", [{"teach"}, {"er", "ing"}]),
        ("(?:time)?table", [{"table"}]),
        ("(?<=no )staff(?! room)", [{"staff"}]),
        ("£\\d+|\\w+ fees", []),
        ("colou?r", [{"colo"}]),
    ],
)
def test_what_an_expression_cannot_do_without_is_read_from_it(expression, needed):
    assert list(map(set, needs(expression))) == needed


@pytest.mark.parametrize(
    "expression", [r"\p{L}it", "it{e<=1}", "[[:alpha:]]it", "(?x) wa it", r"(wa)it(?1)", "(?|it|wa)"]
)
def test_of_syntax_it_does_not_know_nothing_is_concluded(expression):
    assert needs(expression) == ()


def test_only_the_texts_asked_for_are_given():
    index = index_texts(["a wait", "to wait", "no"])
    found = Expressions(index)
    assert found.find("wait", np.array([True, False, True])) == ([(0, 2, 6)], [])
    assert found.find("wait", np.array([False, True, True])) == ([(1, 3, 7)], [])


def test_a_text_on_which_it_takes_too_long_is_named_and_the_others_are_searched():
    index = index_texts(["a" * 60 + "!", "aa too"])
    rows, late = Expressions(index).find(r"(?:a|a|aa)+$|too", np.array([True, True]))
    assert (rows, late) == ([(1, 3, 6)], [0])
