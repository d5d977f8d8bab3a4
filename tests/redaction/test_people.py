"""People: names in every context the field writes them in, and harmless words left alone."""

from __future__ import annotations

import itertools
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sendthemes.redaction.lexicon import names, word_class
from sendthemes.redaction.people import find_people, in_name_context, model_people, name_parts
from sendthemes.text import normalise


def hidden(text: str) -> list[str]:
    return [text[span.start : span.end] for span in find_people(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("ask Priyanka for the list", ["Priyanka"]),
        ("thanks to bev and kev for sorting it", ["bev", "kev"]),
        ("Mrs Okonkwo-Blythe and dr patel agreed. Mr K too.", ["Okonkwo-Blythe", "patel", "K"]),
        ("our link SALT Dilys, EP Oksana and the headteacher Siobhan", ["Dilys", "Oksana", "Siobhan"]),
        ("Will and Hope from the EP team came", ["Will", "Hope"]),
        ("We spoke to Xanthippe about it", ["Xanthippe"]),
        ("Emails to June Brown and May West go unanswered", ["June Brown", "May West"]),
        ("Our caseworker, Hope Green, left. I spoke to Mark Day", ["Hope Green", "Mark Day"]),
        ("thanks to Sarah Steel, Tom Fell and Ayesha Brook", ["Sarah Steel", "Tom Fell", "Ayesha Brook"]),
        ("The network is led by Zbigniew", ["Zbigniew"]),
        ("Contacts:\nSmith, John\nOkoro, Ada", ["Smith, John", "Okoro, Ada"]),
        ("J. Smith and T K Adeyemi left", ["J. Smith", "T K Adeyemi"]),
        ("Stop sending D.W. to meetings", ["D.W."]),
        ("Our escort, Big Dave, left", ["Big Dave"]),
        ("Will will ring back. Precious (Early Help) sat down", ["Will", "Precious"]),
        ("they send Alfie 22 miles by taxi", ["Alfie"]),
        ("Do ring me. Dipesh", ["Dipesh"]),
        ("Wrote to Cllr Baldock twice", ["Baldock"]),
        ("we have a project worker called Priya", ["Priya"]),
        ("the form tutor in Year 9 is called Joy", ["Joy"]),
        ("ask PRIYA OSTROVIKA about it now please", ["PRIYA OSTROVIKA"]),
        ("Jones, Able\nOkoro, Ada", ["Okoro, Ada"]),
        ("thanks, sunita", ["sunita"]),
        ("cheers, team", []),
        ("We thank Little Dave. Old Tom left", ["Little Dave", "Tom"]),
        ("It is slow.\nKind regards, Xiu Ying", ["Xiu Ying"]),
        ("Good support.\n- Olwen", ["Olwen"]),
        ("BEV AND KEV FROM THE EP TEAM ARE GREAT", ["BEV", "KEV"]),
        ("Oluwaseun Adebayo-Ferris has been great", ["Oluwaseun Adebayo-Ferris"]),
        ("Dr Anne-Marie van der Berg, Siân O'Neill", ["Anne-Marie van der Berg", "Siân O'Neill"]),
        ("We need Mark Brown and Sarah Page back", ["Mark Brown", "Sarah Page"]),
        ("Joy, Faith and Charity in brokerage help", ["Joy", "Faith", "Charity"]),
        ("May, the tribunal officer, warns us early", ["May"]),
        ("its tracey who blocks everything", ["tracey"]),
        ("emailed Priya\nOkafor twice", ["Priya\nOkafor"]),
        ("Claire, Head of SEND, is leaving", ["Claire"]),
    ],
)
def test_a_name_in_its_context_is_found(text: str, expected: list[str]) -> None:
    assert hidden(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "Will training improve? We will see.",
        "Academies can refuse and LAs cannot. SENCOs from LAs said so.",
        "No staff. Hope.",
        "I have a folder in Outlook actually called Chase",
        "My child is bright, masks all day",
        "Most of us will have gone by then.",
        "T.A. hours in the U.K. and P.E. for the L.A.",
        "The Goverment said so. Our Psycologist said no.",
        "thanks to grace young people are happier",
        "The Grant was spent on Art and PE. May is busy.",
        "Robbing Peter to pay Paul, as usual.",
        "Hope is fading. Joy of reading has gone.",
        "Training For All Staff In Mainstream",
        "MORE MONEY. MORE STAFF. WILL IT HELP?",
        "Summer born children, Early Years, Key Stage 2",
        "St Mary's School and the Florence Nightingale unit",
        "Thompson's model and Maslow before Bloom's taxonomy",
        "Mark schemes take SENCOs away. Chase up emails.",
        "Penny pinching by the ICB; a frank discussion; bill of £90k",
        "thanks to early intervention and the Parent Carer Forum",
        "I'm told we've had no reply",
        "",
    ],
)
def test_harmless_words_stay(text: str) -> None:
    assert hidden(text) == []


def test_every_finding_names_its_rule_and_the_person() -> None:
    (span,) = find_people("our EP Siân O'Neill left")
    assert (span.rule, span.value, span.label, span.authority) == (
        "name + surname",
        "sian o'neill",
        "name",
        "people",
    )
    assert 0.5 < span.confidence <= 1


def test_the_commonest_given_names_are_found_in_context() -> None:
    common = sorted(name for name, band in names().given.items() if band == "common" and len(name) > 2)
    missed = [name for name in common if not hidden(f"I spoke to {name.title()} about the panel.")]
    assert len(common) > 1800
    assert missed == []


def test_lists_hold_the_names_of_every_community() -> None:
    wanted = [
        "gurpreet",
        "chidinma",
        "oksana",
        "fatima",
        "xiu",
        "angharad",
        "siobhan",
        "alasdair",
        "winsome",
        "bev",
        "kev",
        "baz",
        "pat",
    ]
    assert [name for name in wanted if name not in names().given] == []
    surnames = [
        "patel",
        "adebayo",
        "kowalska",
        "al-khatib",
        "nguyen",
        "llewellyn",
        "o'sullivan",
        "mcgregor",
        "hardcastle",
        "okonkwo",
    ]
    assert [name for name in surnames if name not in names().surnames] == []


@pytest.mark.parametrize(
    "word",
    [
        "will",
        "grace",
        "hope",
        "mark",
        "rose",
        "joy",
        "art",
        "violet",
        "bill",
        "penny",
        "frank",
        "sue",
        "dawn",
        "grant",
        "young",
    ],
)
def test_a_name_that_is_a_word_needs_a_context(word: str) -> None:
    assert word_class(word) in {"hardly", "often"}
    assert hidden(f"we think {word} is what it takes") == []
    assert hidden(f"our EP {word.title()} left") == [word.title()]


@pytest.mark.parametrize(
    ("text", "word", "expected"),
    [
        ("Will said no", "Will", True),
        ("Mr Will came", "Will", True),
        ("Will training help", "Will", False),
        ("we will see", "will", False),
        ("the Hope of it", "Hope", False),
        ("thanks to Hope for that", "Hope", True),
    ],
)
def test_context_decides_a_known_value_that_is_a_word(text: str, word: str, expected: bool) -> None:
    start = text.index(word)
    assert in_name_context(text, start, start + len(word)) is expected


@pytest.mark.parametrize(
    ("value", "parts"),
    [
        ("Dr Anne-Marie van der Berg (EP)", ("Anne-Marie", "Berg")),
        ("Shah, Priya", ("Priya", "Shah")),
        ("J. O’Neill", ("O'Neill",)),
        ("Hope Young", ()),
        ("", ()),
    ],
)
def test_the_parts_of_a_name_that_identify_alone(value: str, parts: tuple[str, ...]) -> None:
    assert name_parts(value) == parts


def test_the_model_finds_people_and_bows_to_the_vocabulary() -> None:
    texts = [
        "It was Thaddeusz Wrzos who wrote it",
        "We use the Boxall Profile and Maslow",
        "no capitals here",
    ]
    found = model_people(texts)
    assert [[text[s.start : s.end] for s in spans] for text, spans in zip(texts, found, strict=True)][1:] == [
        [],
        [],
    ]
    assert all(span.authority == "model" and span.label == "name" for spans in found for span in spans)
    assert [span.value for span in found[0]] == ["thaddeusz wrzos"]


def test_texts_without_a_candidate_never_load_the_model(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(components: tuple[str, ...]) -> None:
        raise AssertionError("the model was asked for")

    monkeypatch.setattr("sendthemes.language.model.load_pipeline", refuse)
    assert model_people(["more money please", "The plans are late. We need help."]) == [[], []]


_words = st.sampled_from(
    [
        "thanks",
        "to",
        "Bev",
        "will",
        "Priya's",
        "said",
        "Mrs",
        "our",
        "EP",
        "the",
        "Grace,",
        "and",
        "\n",
        "J.",
        "-",
        "SMITH",
        "o'neill",
        "é",
        "👍",
        "von",
        ".",
        "@",
    ]
)


@settings(max_examples=150, deadline=None)
@given(st.one_of(st.text(max_size=80), st.lists(_words, max_size=14).map(" ".join)))
def test_spans_lie_in_the_text_in_order_and_apart(text: str) -> None:
    plain = normalise(text).text
    spans = find_people(plain)
    assert spans == find_people(plain)
    assert all(0 <= span.start < span.end <= len(plain) for span in spans)
    assert all(one.end <= other.start for one, other in itertools.pairwise(spans))


def test_a_very_long_answer_takes_time_in_proportion() -> None:
    text = ("We asked Priya and the EP team for help with plans, Mrs Shah said no. " * 1400)[:100_000]
    find_people("warm Priya up")
    start = time.perf_counter()
    assert len(find_people(text)) > 2000
    assert time.perf_counter() - start < 20
