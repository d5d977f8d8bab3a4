"""Stretches give what the whole text gives."""

from hypothesis import given, settings
from hypothesis import strategies as st
from tests.coding.test_tagged import SENTENCES

from sendthemes.coding.stretches import COMPONENTS, PAIRED, SIGHT, Reader, Stretch
from sendthemes.language.model import load_pipeline

PAIRS = ["Let's go", "He ain't there", "we're gonna stay", "I've gotta leave", "C'mon then", "y'all left"]
texts = st.lists(st.sampled_from([*SENTENCES, *PAIRS]), min_size=1, max_size=12).map(" ".join)


def told(token):
    return token.tag_, token.pos_, str(token.morph), token.lemma_.casefold()


@settings(max_examples=60, deadline=None)
@given(st.lists(texts, min_size=1, max_size=3), st.randoms(use_true_random=False))
def test_a_token_reads_as_in_the_whole_text(given_texts, chance) -> None:
    whole = list(load_pipeline(COMPONENTS).pipe(given_texts))
    reader = Reader()
    asked, expected = [], {}
    for at, (text, doc) in enumerate(zip(given_texts, whole, strict=True)):
        chosen = {token.idx: token for token in doc if chance.random() < 0.2}
        expected |= {(at, start): told(token) for start, token in chosen.items()}
        for begin, part in reader.cut(text, [(start, 0, 0) for start in chosen]):
            places = [(token.i, token.i + 1) for token in part if begin + token.idx in chosen]
            asked.append(Stretch(at, begin, part, places))
    found = {
        (stretch.text, stretch.begin + token.idx): told(token)
        for stretch in reader.read(asked)
        for token in stretch.read()
    }
    assert found == expected


@settings(max_examples=200, deadline=None)
@given(
    st.lists(
        st.sampled_from([*SENTENCES, *PAIRS, "a/b-c", "…", " ", "\n", ":)", "e.g.", "(x)."]), max_size=12
    ).map(" ".join),
    st.lists(st.tuples(st.integers(0, 400), st.integers(0, 3), st.integers(0, 3)), min_size=1, max_size=4),
)
def test_a_part_is_cut_as_in_the_whole_text_and_shows_what_the_tagger_sees(text, wanted) -> None:
    reader = Reader()
    tokens = [
        (token.idx, token.text, token.whitespace_) for token in load_pipeline(COMPONENTS).tokenizer(text)
    ]
    around = [(tokens[place % len(tokens)][0], *reach) for place, *reach in wanted if tokens]
    parts = list(reader.cut(text, around))
    cut = [[(begin + token.idx, token.text, token.whitespace_) for token in part] for begin, part in parts]
    assert [each for part in cut for each in part] == [
        each for each in tokens if any(each in part for part in cut)
    ]
    for start, before, after in around:
        at = next(place for place, token in enumerate(tokens) if token[0] == start)
        seen = tokens[max(0, at - before - SIGHT) : at + after + SIGHT + 1]
        assert any(set(seen) <= set(part) for part in cut)


def test_a_part_is_not_much_longer_than_the_tagger_sees() -> None:
    text = "one two three four five six seven eight nine ten eleven twelve thirteen fourteen"
    ((begin, part),) = Reader().cut(text, [(text.index("seven"), 0, 0)])
    assert part.text.split() == text.split()[6 - SIGHT : 7 + SIGHT]
    assert text[begin:].startswith(part.text)


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
