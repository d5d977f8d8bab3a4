import pytest

from sendthemes.redaction.lexicon import is_misspelling


@pytest.mark.parametrize("word", ["goverment", "enviroment", "psycologist", "febuary", "assesments"])
def test_a_common_word_mistyped_is_no_name(word):
    assert is_misspelling(word)


@pytest.mark.parametrize("word", ["government", "larkmead", "snapdragons", "kestrel", "thornbeck", "govrmnt"])
def test_other_words_are_no_misspellings(word):
    assert not is_misspelling(word)
