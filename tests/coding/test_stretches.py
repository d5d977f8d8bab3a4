"""Stretches give what the whole text gives."""

from hypothesis import given, settings
from hypothesis import strategies as st
from tests.coding.test_tagged import SENTENCES

from sendthemes.coding.stretches import COMPONENTS, PAIRED, SIGHT, Reader
from sendthemes.language.model import load_pipeline

PAIRS = ["Let's go", "He ain't there", "we're gonna stay", "I've gotta leave", "C'mon then", "y'all left"]
texts = st.lists(st.sampled_from([*SENTENCES, *PAIRS]), min_size=1, max_size=12).map(" ".join)


def told(token):
    return token.tag_, token.pos_, str(token.morph), token.lemma_.casefold()


@settings(max_examples=40, deadline=None)
@given(st.lists(texts, min_size=1, max_size=3), st.randoms(use_true_random=False))
def test_a_token_reads_as_in_the_whole_text(given_texts, chance) -> None:
    whole = list(load_pipeline(COMPONENTS).pipe(given_texts))
    reader = Reader()
    asked = [
        (at, reader.cut(text), [(place, place + 1) for place in range(len(doc)) if chance.random() < 0.2])
        for at, (text, doc) in enumerate(zip(given_texts, whole, strict=True))
    ]
    found = {
        (stretch.text, stretch.begin + token.idx): told(token)
        for stretch in reader.read(asked)
        for token in stretch.read()
    }
    expected = {
        (at, whole[at][first].idx): told(whole[at][first]) for at, _, places in asked for first, _ in places
    }
    assert found == expected


def test_a_stretch_is_no_longer_than_the_tagger_sees() -> None:
    reader = Reader()
    doc = reader.cut("one two three four five six seven eight nine ten eleven twelve thirteen fourteen")
    (stretch,) = reader.read([(0, doc, [(6, 7)])])
    assert [token.text for token in stretch.doc] == [token.text for token in doc[6 - SIGHT : 7 + SIGHT]]
    assert stretch.begin == doc[6 - SIGHT].idx


def test_a_stretch_keeps_the_norms_that_the_tokenizer_gave() -> None:
    reader = Reader()
    doc = reader.cut("one two three four five they can't go six seven eight nine ten")
    (stretch,) = reader.read([(0, doc, [(7, 8)])])
    assert [token.norm_ for token in stretch.doc] == [token.norm_ for token in doc[3:12]]
    assert "not" in [token.norm_ for token in stretch.doc]


def test_the_tagger_sees_as_far_as_is_said() -> None:
    encoder = load_pipeline(COMPONENTS).config["components"]["tok2vec"]["model"]["encode"]
    assert encoder["depth"] * encoder["window_size"] == SIGHT


def test_what_follows_from_a_tag_and_a_spelling_looks_at_nothing_else_but_beside_known_words() -> None:
    for rule in load_pipeline(COMPONENTS).get_pipe("attribute_ruler").patterns:
        for row in rule["patterns"]:
            used = {attribute for token in row for attribute in token}
            if len(row) > 1 and "DEP" not in used:  # nothing has a DEP without the parser
                assert str(row[0]["LOWER"]) in PAIRED | {str({"REGEX": "^y'?$"})}
            assert used <= {"TAG", "LOWER", "ORTH", "TEXT", "IS_SPACE", "DEP"}
