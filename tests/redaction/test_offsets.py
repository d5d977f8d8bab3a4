"""Offsets move with the words, and a key file that cannot be had is told."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sendthemes.errors import RedactionError
from sendthemes.redaction import pseudonyms
from sendthemes.redaction.pseudonyms import PseudonymKey
from sendthemes.redaction.spans import Redacted, Span, moved


@st.composite
def redactions(draw):
    """A text in pieces, some of which are replaced: (words, replacement or None)."""
    piece = st.tuples(
        st.text("ab ", min_size=1, max_size=5), st.none() | st.text("XY", min_size=1, max_size=8)
    )
    return draw(st.lists(piece, min_size=1, max_size=6))


@given(redactions(), st.data())
def test_words_are_found_again_where_others_were_replaced(pieces, data):
    spans, begin = [], 0
    for words, instead in pieces:
        if instead is not None:
            spans.append(Span(begin, begin + len(words), "name", "r", "known", replacement=instead))
        begin += len(words)
    redacted = Redacted(
        "".join(words if instead is None else instead for words, instead in pieces), tuple(spans)
    )
    first = data.draw(st.integers(0, len(pieces) - 1))
    last = data.draw(st.integers(first, len(pieces) - 1))
    start = sum(len(words) for words, _ in pieces[:first])
    end = sum(len(words) for words, _ in pieces[: last + 1])
    # A cut inside a replaced word takes the whole of what stands for it.
    inner = data.draw(st.integers(0, len(pieces[first][0]) - 1)) if pieces[first][1] is not None else 0
    kept = slice(*moved(redacted, start + inner, end))
    shown = "".join(words if instead is None else instead for words, instead in pieces[first : last + 1])
    assert redacted.text[kept] == shown


def test_a_key_that_another_process_writes_is_waited_for_and_then_told(tmp_path, monkeypatch):
    monkeypatch.setattr(pseudonyms, "_PATIENCE", 0.1)
    (tmp_path / ".key.csv.lock").touch()
    with pytest.raises(RedactionError, match="delete this lock file"):
        PseudonymKey(tmp_path / "key.csv").codes({"E08000035": "Leeds"})
