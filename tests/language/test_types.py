import pytest
from hypothesis import given
from hypothesis import strategies as st

from sendthemes.language.types import load_types

TYPES = load_types()


@pytest.mark.parametrize(
    ("word", "forms"),
    [
        ("train", "train trains trained training"),
        ("meeting", "meeting meetings"),
        ("leave", "leave leaves leaving left"),
        ("leaf", "leaf leaves"),
        ("child", "child children"),
        ("resource", "resource resources resourced resourcing"),
        ("senco", "senco sencos"),
        ("ehcp", "ehcp ehcps"),
        ("caseload", "caseload caseloads"),
        ("upskill", "upskill upskills upskilled upskilling"),
        ("organise", "organise organises organised organising"),
        ("behaviour", "behaviour behaviours"),
        ("budgets", "budget budgets budgeted"),
        ("recruited", "recruit recruits recruited recruiting"),
        ("resourcing", "resource resourcing"),
        ("sencos", "senco sencos"),
        ("not", "not n't"),
    ],
)
def test_an_entry_covers_its_inflections(word, forms) -> None:
    assert set(forms.split()) <= TYPES.covered(word)


@pytest.mark.parametrize(
    ("word", "others"),
    [
        ("meeting", "meet met meets"),
        ("car", "carer carers"),
        ("the", "thing things"),
        ("a", "as"),
        ("be", "bed"),
        ("training", "train trained"),
        ("leaf", "left leaving"),
        ("wa", "wall"),
    ],
)
def test_an_entry_covers_nothing_else(word, others) -> None:
    assert not set(others.split()) & TYPES.covered(word)


def test_a_confirmed_base_stays_and_an_inflected_entry_goes_to_all_its_bases() -> None:
    assert TYPES.bases("meeting") == ("meeting",)
    assert TYPES.bases("budgets") == ("budget",)
    assert TYPES.bases("leaves") == ("leaf", "leave")
    assert TYPES.bases("ofsted") == ("ofsted",)


KNOWN = sorted(TYPES.index["noun"] | TYPES.index["verb"] | set(TYPES.exceptions["verb"]))
FORMS = st.sampled_from(KNOWN) | st.text("abcdeginrst", min_size=1, max_size=8)


@given(FORMS, st.sampled_from(["", "s", "es", "ed", "ing", "er"]))
def test_the_forms_of_a_base_are_exactly_those_that_have_it_as_a_lemma(stem, ending) -> None:
    form = stem + ending
    for base in TYPES.lemmas(form):
        assert form in TYPES.forms(base)
    for other in TYPES.forms(stem):
        assert other == stem or stem in TYPES.lemmas(other)


@given(FORMS)
def test_every_confirmed_lemma_is_one_of_spacys_tables(form) -> None:
    for base in TYPES.confirmed(form):
        in_index = any(base in words for words in TYPES.index.values())
        listed = any(base in table.get(form, ()) for table in TYPES.exceptions.values())
        assert in_index or listed
