"""The words behind a count: carried over to the redacted text, marked, shortened."""

from hypothesis import given
from hypothesis import strategies as st

from sendthemes.redaction.spans import Redacted, Span
from sendthemes.report.evidence import marked, moved


def redact(text, hidden):
    """Replace (start, end, replacement) from the end, as a redactor does."""
    spans, out = [], text
    for start, end, replacement in sorted(hidden, reverse=True):
        out = out[:start] + replacement + out[end:]
        spans.append(Span(start, end, "name", "test", "known", replacement=replacement))
    return Redacted(out, tuple(reversed(spans)))


def test_a_span_after_something_hidden_moves_with_the_text():
    text = "Ask Joan Pritchard about funding now"
    redacted = redact(text, [(4, 18, "[Name]")])
    start, end = moved(redacted, text.index("funding"), text.index("funding") + 7)
    assert redacted.text[start:end] == "funding"


def test_a_span_that_cuts_into_something_hidden_takes_in_the_whole_replacement():
    text = "the Reading funding board"
    redacted = redact(text, [(4, 11, "LA C")])
    start, end = moved(redacted, 8, 19)
    assert redacted.text[start:end] == "LA C funding"


def test_a_span_inside_something_hidden_marks_the_replacement():
    redacted = redact("see Mary Fundinger today", [(4, 18, "[Name]")])
    start, end = moved(redacted, 9, 13)
    assert redacted.text[start:end] == "[Name]"


@st.composite
def redactions(draw):
    """A text of distinct letters, hidden stretches that do not overlap, and one span outside them."""
    pieces = draw(
        st.lists(st.tuples(st.text("abc ", min_size=1, max_size=6), st.booleans()), min_size=1, max_size=8)
    )
    text, hidden, shown = "", [], []
    for piece, hide in pieces:
        start = len(text)
        text += piece
        if hide:
            hidden.append((start, len(text), draw(st.sampled_from(["[Name]", "LA C", "", "[School]"]))))
        else:
            shown.append((start, len(text)))
    return text, hidden, shown


@given(redactions())
def test_what_is_not_hidden_reads_the_same_after_moving(case):
    text, hidden, shown = case
    redacted = redact(text, hidden)
    for start, end in shown:
        left, right = moved(redacted, start, end)
        assert redacted.text[left:right] == text[start:end]


@given(redactions())
def test_pieces_join_to_the_redacted_text_when_nothing_is_cut(case):
    text, hidden, shown = case
    redacted = redact(text, hidden)
    pieces = marked(redacted, shown)
    assert "".join(piece.text for piece in pieces) == redacted.text


def test_only_the_words_found_are_marked():
    redacted = redact("Funding is short and funding is late", [])
    pieces = marked(redacted, [(0, 7), (21, 28)])
    assert [piece.text for piece in pieces if piece.marked] == ["Funding", "funding"]


def test_a_long_answer_is_cut_at_words_around_what_was_found():
    text = "start " + "filler " * 100 + "funding " + "padding " * 100 + "end"
    pieces = marked(redact(text, []), [(text.index("funding"), text.index("funding") + 7)], width=300)
    shown = "".join(piece.text for piece in pieces)
    assert shown.startswith("…filler ")
    assert shown.endswith("padding…")
    assert [piece.text for piece in pieces if piece.marked] == ["funding"]
    assert len(shown) < 300


def test_two_places_far_apart_are_both_shown():
    text = "funding " + "filler " * 100 + "budget"
    pieces = marked(redact(text, []), [(0, 7), (len(text) - 6, len(text))], width=300)
    assert [piece.text for piece in pieces if piece.marked] == ["funding", "budget"]
    assert "…" in "".join(piece.text for piece in pieces)


def test_a_long_answer_without_anything_found_shows_its_beginning():
    text = "filler " * 100
    shown = "".join(piece.text for piece in marked(redact(text, []), (), width=80))
    assert shown.startswith("filler")
    assert shown.endswith("filler…")
    assert len(shown) <= 81


def test_an_empty_text_gives_no_pieces():
    assert marked(Redacted(""), ()) == ()
