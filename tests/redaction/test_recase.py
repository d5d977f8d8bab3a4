import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sendthemes.redaction.people import find_people
from sendthemes.redaction.recase import recased


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("no one replied since kerry left", "no one replied since Kerry left"),
        ("ASK MRS OKAFOR ABOUT THE EHCP", "ask mrs Okafor about the EHCP"),
        ("wscc and elsa training in hexham", "WSCC and ELSA training in Hexham"),
        ("Will training improve?", "Will training improve?"),
        ("The TA at Oakfield is great", "The TA at Oakfield is great"),
        ("we hope it will be better", "we hope it will be better"),
    ],
)
def test_lines_without_telling_capitals_get_those_of_a_careful_writer(written, read):
    assert recased(written) == read


def test_headlines_are_read_anew_only_on_request():
    headline = "They Lost The Plan Before Priya Came"
    assert recased(headline) == headline
    assert recased(headline, headlines=True) == "they lost the plan before Priya came"


@pytest.mark.parametrize("text", ["my caseworker anita never replies", "MY CASEWORKER ANITA NEVER REPLIES"])
def test_people_are_found_without_capitals(text):
    assert [text[span.start : span.end].lower() for span in find_people(text)] == ["anita"]


@settings(max_examples=100)
@given(st.text(alphabet="aA bB\nßİ'-éÉ. kerryKERRY", max_size=60), st.booleans())
def test_a_text_keeps_its_length_and_is_read_the_same_twice(text, headlines):
    read = recased(text, headlines=headlines)
    assert len(read) == len(text)
    assert recased(read, headlines=headlines) == read
