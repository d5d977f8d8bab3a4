import numpy as np
from hypothesis import example, given, settings
from hypothesis import strategies as st
from tests.coding.reference import tokens_of
from tests.coding.test_match import texts

from sendthemes.language.chunks import tokenised, words_of
from sendthemes.language.index import index_texts
from sendthemes.text import _thoroughly, normalise

CHUNKS = st.text(
    st.sampled_from("abcDEst.,;:!?()'-–/&£1290_@…*") | st.characters(exclude_categories=["Cs"]), max_size=8
)


def columns(text):
    index = index_texts([text])
    names = [index.spellings[at] for at in index.spelling]
    # Only where segment and sentence change matters, not their numbers.
    segment, sentence = (
        np.cumsum(np.diff(c, prepend=c[:1]) > 0).tolist() for c in (index.segment, index.sentence)
    )
    return list(zip(names, index.start.tolist(), index.end.tolist(), segment, sentence, strict=True)), index


@settings(max_examples=200, deadline=None)
@given(texts() | st.text(max_size=40))
@example("-staff parents/ /carers time;staff school(s) 1)Time 1.Time •Time a?b -a-b- 12.5m 8) x--y 12.Time")
@example("Dr. Smith's e.g. well-being/health, don't… 12:30 a.m.\n- yes")
def test_indexing_by_chunk_equals_tokenising_the_whole_text(text) -> None:
    found, index = columns(text)
    words = tokens_of(normalise(text).text)
    steps = [
        np.cumsum(np.diff([w.segment for w in words], prepend=words[0].segment if words else 0) > 0).tolist()
    ]
    steps.append(
        np.cumsum(
            np.diff([w.sentence for w in words], prepend=words[0].sentence if words else 0) > 0
        ).tolist()
    )
    expected = [(w.form, w.start, w.end, *step) for w, *step in zip(words, *steps, strict=True)]
    assert found == expected
    assert index.possessive.tolist() == [word.possessive for word in words]
    assert index.hyphened.tolist() == [word.hyphened for word in words]


@settings(max_examples=300, deadline=None)
@given(st.lists(CHUNKS, min_size=1, max_size=3))
def test_plain_chunks_need_no_tokenizer(chunks) -> None:
    chunks = [piece for chunk in chunks for piece in normalise(chunk).text.split()]
    index = index_texts([" ".join(chunks)])
    made = [words_of(tokens) for tokens in tokenised(chunks)] if chunks else []
    assert [index.spellings[at] for at in index.spelling] == [
        word.form for each in made for word in each.words
    ]


def test_batches_make_no_difference(monkeypatch) -> None:
    answers = [f"One text, no. {at % 7}. Next-door/parents' word{at % 5}" for at in range(40)]
    whole = index_texts(answers)
    monkeypatch.setattr("sendthemes.language.index._TEXTS_A_BATCH", 3)
    parts = index_texts(answers)
    assert whole.rows.tolist() == parts.rows.tolist() == [at % 35 for at in range(40)]
    for name in ("text", "start", "end", "possessive", "hyphened", "order", "bounds", "clauses"):
        assert getattr(whole, name).tolist() == getattr(parts, name).tolist()
    for name in ("segment", "sentence"):
        steps = [np.diff(getattr(each, name)) > 0 for each in (whole, parts)]
        assert steps[0].tolist() == steps[1].tolist()


def test_postings_list_every_word_once() -> None:
    index = index_texts(["b a b", "a", "", "c b"])
    assert index.where(index.form_ids["b"]).tolist() == [0, 2, 5]
    assert sum(index.count(at) for at in range(len(index.forms))) == len(index) == 6


def test_no_texts_give_an_empty_index() -> None:
    assert len(index_texts([])) == len(index_texts(["", " \n"])) == 0


@given(st.text(st.sampled_from("aé’“–£ \u00a0\t\u00ad…\n—ÀA´`") | st.characters(), max_size=20))
def test_the_quick_way_of_normalising_equals_the_thorough_one(text) -> None:
    quick = normalise(text)
    if not text.isascii():
        slow = _thoroughly(text)
        assert (quick.text, list(quick.starts), list(quick.ends)) == (
            slow.text,
            list(slow.starts),
            list(slow.ends),
        )
