import pytest
from hypothesis import given
from hypothesis import strategies as st

from sendthemes.redaction.spans import AUTHORITIES, Span, resolve

TEXT = "Jane Okafor SENCO at Oakfield Special School in Kent said so, and went home again after that."


def span(words, label, authority, text=TEXT):
    start = text.index(words)
    return Span(start, start + len(words), label, authority, authority)


def shown(*spans):
    return [(TEXT[each.start : each.end], each.label) for each in resolve(spans, TEXT)]


def test_a_protected_word_stays_though_the_model_took_it_for_a_name():
    assert shown(span("SENCO", "name", "model"), span("SENCO", "protected", "protected")) == []


def test_a_role_is_cut_out_of_a_name_and_the_name_stays_hidden():
    role = span("SENCO", "protected", "protected")
    assert shown(span("Jane Okafor SENCO", "name", "model"), role) == [("Jane Okafor", "name")]


def test_a_school_whose_kind_is_protected_is_hidden_whole():
    kind = span("Special School", "protected", "protected")
    assert shown(span("Oakfield Special School", "school", "authority"), kind) == [
        ("Oakfield Special School", "school")
    ]


def test_what_a_known_part_leaves_of_a_whole_name_is_hidden_too():
    hidden = shown(span("Jane", "name", "known"), span("Jane Okafor", "name", "model"))
    assert hidden == [("Jane", "name"), ("Okafor", "name")]


def test_a_person_named_like_an_authority_is_a_person():
    text = "We met Jane Kent."
    spans = [span("Jane Kent", "name", "people", text), span("Kent", "la", "authority", text)]
    assert [each.label for each in resolve(spans, text)] == ["name"]


def test_a_known_value_outranks_protected_words():
    assert shown(span("Kent", "la", "known"), span("Kent", "protected", "protected")) == [("Kent", "la")]


def test_a_token_of_an_earlier_redaction_is_never_touched():
    token = Span(0, 11, "protected", "replacement token", "known")
    assert shown(token, span("Jane Okafor", "name", "known")) == []


def test_a_span_without_length_is_refused():
    with pytest.raises(ValueError, match="length"):
        Span(3, 3, "name", "rule", "people")


spans = st.builds(
    lambda start, size, label, authority: Span(start, min(start + size, len(TEXT)), label, "rule", authority),
    st.integers(0, len(TEXT) - 1),
    st.integers(1, 30),
    st.sampled_from(["name", "la", "school", "protected"]),
    st.sampled_from(AUTHORITIES),
)


@given(st.lists(spans, max_size=12))
def test_what_is_chosen_never_overlaps_and_every_unprotected_word_that_was_found_is_hidden(found):
    chosen = resolve(found, TEXT)
    hidden = [at for each in chosen for at in range(each.start, each.end)]
    assert len(hidden) == len(set(hidden))
    assert all(each.label != "protected" for each in chosen)
    protected = {at for each in found if each.label == "protected" for at in range(each.start, each.end)}
    linking = {"at", "in", "and", "so"}
    for each in found:
        for at in range(each.start, each.end):
            word = TEXT[: at + 1].rsplit(" ", maxsplit=1)[-1] + TEXT[at + 1 :].split(" ", maxsplit=1)[0]
            if (
                each.label != "protected"
                and TEXT[at].isalpha()
                and at not in protected
                and word not in linking
            ):
                assert at in hidden or not _alone(word, each, hidden)


def _alone(word, each, hidden):
    # A word of which a part is cut away by a neighbour may leave a linking word ("a", "s") readable.
    return not any(at in hidden for at in range(each.start, each.end)) and len(word) > 3


@given(st.lists(spans, max_size=10), st.randoms())
def test_the_order_of_findings_makes_no_difference(found, random):
    mixed = list(found)
    random.shuffle(mixed)
    assert resolve(mixed, TEXT) == resolve(found, TEXT)
