import pytest

from sendthemes.redaction.phrases import PhraseIndex, fold, words_of

INDEX = PhraseIndex(
    [("St Mary's", "school"), ("Tower Hamlets", "la"), ("Tower", "tower"), ("O'Brien", "name"), ("B&H", "la")]
)


def hits(text):
    return [(text[start:end], list(found)) for start, end, found in INDEX.find(text)]


@pytest.mark.parametrize(
    "text", ["tower hamlets", "TOWER  HAMLETS", "Tower-Hamlets", "Tower\nHamlets", "Tower/Hamlets"]
)
def test_case_hyphens_and_white_space_make_no_difference(text):
    assert hits(text) == [(text, ["la"])]


def test_a_phrase_does_not_cross_the_end_of_a_sentence():
    assert hits("a tower. Hamlets differ") == [("tower", ["tower"])]


@pytest.mark.parametrize("text", ["St Mary's", "st marys", "St. Mary's"])
def test_an_apostrophe_inside_a_name_may_be_left_out(text):
    assert hits(f"at {text} today") == [(text, ["school"])]


@pytest.mark.parametrize("text", ["O'Brien", "obrien", "O Brien"])
def test_an_apostrophe_after_an_initial_may_be_left_out_or_a_space(text):
    assert hits(text) == [(text, ["name"])]


def test_a_possessive_is_no_part_of_what_is_found():
    assert hits("Tower Hamlets' and O'Brien's") == [("Tower Hamlets", ["la"]), ("O'Brien", ["name"])]


def test_an_ampersand_is_the_word_and():
    assert words_of("B&H") == words_of("b and h") == ("b", "and", "h")


def test_folding_takes_case_and_accents_away():
    assert fold("SIÂN") == fold("sian") == "sian"
