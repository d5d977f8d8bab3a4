"""The words behind a count: carried over to the redacted text, marked, shortened."""

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import sendthemes
from sendthemes.redaction.spans import Redacted, Span
from sendthemes.report.blocks import Figure
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
    pieces = marked(redacted, [(*span, (0,)) for span in shown])
    assert "".join(piece.text for piece in pieces) == redacted.text


def test_only_the_words_found_are_marked():
    redacted = redact("Funding is short and funding is late", [])
    pieces = marked(redacted, [(0, 7, (1,)), (21, 28, (1,))])
    assert [piece.text for piece in pieces if piece.themes] == ["Funding", "funding"]


def test_a_long_answer_is_cut_at_words_around_what_was_found():
    text = "start " + "filler " * 100 + "funding " + "padding " * 100 + "end"
    pieces = marked(redact(text, []), [(text.index("funding"), text.index("funding") + 7, (0,))], width=300)
    shown = "".join(piece.text for piece in pieces)
    assert shown.startswith("…filler ")
    assert shown.endswith("padding…")
    assert [piece.text for piece in pieces if piece.themes] == ["funding"]
    assert len(shown) < 300


def test_two_places_far_apart_are_both_shown():
    text = "funding " + "filler " * 100 + "budget"
    pieces = marked(redact(text, []), [(0, 7, (0,)), (len(text) - 6, len(text), (0,))], width=300)
    assert [piece.text for piece in pieces if piece.themes] == ["funding", "budget"]
    assert "…" in "".join(piece.text for piece in pieces)


def test_a_long_answer_without_anything_found_shows_its_beginning():
    text = "filler " * 100
    shown = "".join(piece.text for piece in marked(redact(text, []), (), width=80))
    assert shown.startswith("filler")
    assert shown.endswith("filler…")
    assert len(shown) <= 81


def test_an_empty_text_gives_no_pieces():
    assert marked(Redacted(""), ()) == ()


def test_where_two_themes_overlap_both_are_named():
    pieces = marked(redact("high needs budget", []), [(0, 10, (0,)), (5, 17, (1, 2))])
    assert [(piece.text, piece.themes) for piece in pieces] == [
        ("high ", (0,)),
        ("needs", (0, 1, 2)),
        (" budget", (1, 2)),
    ]


@pytest.fixture(scope="module")
def study():
    return sendthemes.load_study(Path(__file__).parents[2] / "examples" / "readiness" / "study.yml")


@pytest.fixture(scope="module")
def report(study):
    return study.run()


def figures(report):
    blocks = [block for section in report.pages.sections for block in section.blocks]
    return [block for block in blocks if isinstance(block, Figure)]


def test_every_count_opens_and_stands_on_as_many_respondents(report):
    counts = {count.id: count for count in report.pages.evidence.counts}
    sightings = report.pages.evidence.sightings
    opened = 0
    for figure in figures(report):
        for at, row in enumerate(figure.table):
            if "respondents" in row:
                assert (at in figure.opens) == bool(row["respondents"]), (figure.id, row)
            if at in figure.opens:
                count = counts[figure.opens[at]]
                who = {sightings[place].respondent for place in count.sightings} or set(count.people)
                assert len(who) == row["respondents"], (figure.id, row)
                opened += 1
    assert opened > 200


def test_an_answer_stands_once_however_many_counts_open_to_it(report):
    evidence = report.pages.evidence
    assert len(set(evidence.sightings)) == len(evidence.sightings)
    opened = [place for count in evidence.counts for place in count.sightings]
    assert set(opened) <= set(range(len(evidence.sightings)))
    assert len(opened) > len(evidence.sightings)


def test_a_cell_of_a_theme_and_question_opens_that_questions_answers_alone(report):
    evidence = report.pages.evidence
    count = next(each for each in evidence.counts if each.title == "Funding/finance pressure · Q23")
    assert {evidence.sightings[place].question[:4] for place in count.sightings} == {"Q23."}


def test_a_page_shows_only_what_stands_behind_the_count_that_was_opened(report, tmp_path):
    page = report.save(tmp_path / "r.html").read_text(encoding="utf-8")
    for count in report.pages.evidence.counts:
        rule = re.search(rf"#evidence:has\(#{re.escape(count.id)}:target\) :is\((.*?)\)", page)
        shown = re.findall(r"#a(\d+)", rule[1]) if rule else []
        assert tuple(map(int, shown)) == count.sightings
    assert "<script" not in page


@pytest.fixture(scope="module")
def published(study):
    return study.run(mode="publish")


def test_for_publication_only_shown_counts_of_themes_open(published):
    for figure in figures(published):
        assert not figure.opens or figure.id in {"themes", "themes_by_question"}
        assert all(isinstance(figure.table.column("respondents")[at], int) for at in figure.opens)
    assert published.pages.evidence.counts


def test_for_publication_no_word_of_a_theme_whose_count_in_that_question_is_hidden_is_marked(published):
    asked = {f"Q{each}" for each in range(1, 30)}
    shown = set()
    questions = {row["number"]: row["question"] for row in published.tables["appendix"]}
    table = published.tables["themes_by_question"]
    for row in table:
        if isinstance(row["respondents"], int):
            shown.add((row["label"], published.answers.question(str(row["question"])).text))
    assert set(questions) <= asked
    for sighting in published.pages.evidence.sightings:
        text = sighting.question.partition(". ")[2]
        assert all((found.title, text) in shown for found in sighting.found)


def test_for_publication_nothing_says_in_how_many_answers_a_theme_was_found(published):
    words = " ".join(count.summary for count in published.pages.evidence.counts)
    assert "answer" not in words
    assert not any(count.people for count in published.pages.evidence.counts)
