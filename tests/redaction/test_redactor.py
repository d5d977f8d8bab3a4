import random
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sendthemes.codebook.model import Codebook, Entry, Theme
from sendthemes.errors import RedactionError
from sendthemes.redaction.pseudonyms import PseudonymKey
from sendthemes.redaction.redactor import Redactor
from sendthemes.redaction.spans import Span
from sendthemes.survey.answers import Answers, Question
from sendthemes.text import normalise

SURVEY = Answers(
    ("r1", "r2", "r3"),
    (Question("q1", "Tell us", "open"),),
    identifiers={
        "name": (("Jane Okafor",), ("Will Hope",), ("Siân O'Brien",)),
        "email": (("jane.okafor@surrey.gov.uk",), ("send.team@council.gov.uk",), ()),
        "la": (("Surrey County Council",), ("Reading",), ("Northmoor County Council",)),
        "school": ((), ("Oakfield Primary School",), ("The Park School",)),
    },
)
KNOWN = Redactor(known=SURVEY, model=False)
PLAIN = Redactor(model=False)


def shown(text, redactor=KNOWN, respondent=None):
    return redactor.redact(text, respondent).text


@pytest.mark.parametrize(
    "text",
    [
        "Jane Okafor",
        "jane okafor",
        "OKAFOR, Jane",
        "Okafor",
        "jane",
        "Jane's",
        "Jane\nOkafor",
        "Ja\u200bne",
        "Jane\u00a0Okafor",
        "Ｊａｎｅ",
        "Jаne",
        "Siân O’Brien",
        "sian obrien",
        "Sia\u0302n",
        "O'BRIEN",
    ],
)
def test_a_known_person_is_hidden_in_every_spelling(text):
    assert shown(f"We asked {text} about it.").replace("'s", "") == "We asked [Name] about it."


def test_known_names_that_are_words_are_hidden_only_as_names():
    assert shown("We hope that funding will come.") == "We hope that funding will come."
    assert shown("Thanks to Will for this.") == "Thanks to [Name] for this."
    assert shown("Will Hope came.") == "[Name] came."


def test_a_name_in_an_email_address_is_known():
    survey = Answers(("r1",), (), identifiers={"email": (("amara.nwosu@council.gov.uk",),)})
    assert shown("Amara did it.", Redactor(known=survey, model=False)) == "[Name] did it."


@pytest.mark.parametrize(
    "value", ["N/A", "Prefer not to say", "Head of SEND", "SENCO", "Anonymous", "-", "SEND Manager"]
)
def test_an_identifier_that_names_nobody_hides_nothing(value):
    columns = {"name": ((value,),), "la": ((value,),), "school": ((value,),)}
    text = "I prefer not to say; the SENCO, the SEND manager and the Head of SEND know. Other LAs do."
    assert shown(text, Redactor(known=Answers(("r1",), (), identifiers=columns), model=False)) == text


def test_an_email_address_makes_its_authority_the_survey_s_own():
    survey = Answers(("r1",), (), identifiers={"email": (("x1@surrey.gov.uk",),)})
    redactor = Redactor(known=survey, model=False)
    assert redactor.redact("SCC").text == redactor.redact("Surrey").text


def test_several_authorities_in_one_cell_are_each_known():
    survey = Answers(("r1",), (), identifiers={"la": (("Kent and Medway",),)})
    assert set(Redactor(known=survey, model=False).known.authorities) == {"E10000016", "E06000035"}


def test_a_codebook_s_entries_are_protected_and_protection_can_be_lifted():
    theme = Theme(theme="t", entries=(Entry(word="Priya"),))
    codebook = Codebook(codebook="c", themes=(theme,))
    assert (
        shown("Thanks to Priya for it", Redactor(codebook=codebook, model=False)) == "Thanks to Priya for it"
    )
    lifted = Redactor(codebook=codebook, unprotect=["Priya"], model=False)
    assert shown("Thanks to Priya for it", lifted) == "Thanks to [Name] for it"


def test_a_team_mailbox_makes_no_name_of_the_field_s_words():
    assert shown("The SEND team is small.") == "The SEND team is small."


def test_a_known_school_is_hidden_whole_and_by_its_stem():
    assert shown("At Oakfield Primary School, and at Oakfield, we") == "At [School], and at [School], we"
    assert shown("The park is shut. The Park School is open.") == "The park is shut. [School] is open."


def test_one_authority_has_one_code_in_all_its_forms():
    code = shown("Surrey")
    for form in (
        "Surrey County Council",
        "surrey cc",
        "SURREY",
        "SCC",
        "Sur\u00adrey",
        "Surry CC",
        "Redhill",
    ):
        assert shown(f"in {form} today") == f"in {code} today"


def test_a_survey_s_own_authority_that_the_gazetteer_lacks_is_hidden_too():
    assert shown("Northmoor and NCC").split(" and ")[0] == shown("NCC")
    assert "Northmoor" not in shown("northmoor county council")


def test_initials_are_resolved_by_the_survey_then_by_the_respondent_else_not():
    assert PLAIN.redact("SCC").text == "[LA]"
    two = Answers(("r1", "r2"), (), identifiers={"la": (("Surrey",), ("Suffolk",))})
    redactor = Redactor(known=two, model=False)
    assert redactor.redact("SCC").text == "[LA]"
    assert redactor.redact("SCC", "r1").text == redactor.redact("Surrey").text
    assert redactor.redact("SCC", "r2").text == redactor.redact("Suffolk").text


def test_a_town_that_shares_an_authority_s_name_is_the_survey_s_own():
    text = "Newport has one clinic"
    of_wight = Redactor(model=False, authorities=["Isle of Wight"])
    assert of_wight.redact(text).found[0].value == "E06000046"
    assert Redactor(model=False).redact(text).found[0].value == "W06000022"


def test_what_an_authority_is_called_at_home_is_hidden_where_it_is_known():
    text = "Everybody on the Island knows"
    assert Redactor(model=False).redact(text).text == text
    at_home = Redactor(model=False, authorities=["Isle of Wight"]).redact(text)
    assert at_home.text == "Everybody on LA A knows"


@pytest.mark.parametrize("written", ["N o r f o l k", "S-u-r-r-e-y", "K.e.n.t"])
def test_an_authority_is_hidden_letter_by_letter(written):
    assert Redactor(model=False).redact(f"moved from {written} here").text == "moved from LA A here"


def test_local_organisations_keep_their_kind():
    code = shown("Surrey")
    assert shown("the Surrey Parent Carer Forum") == f"the {code} Parent Carer Forum"
    assert shown("Guildford Borough Council") == f"{code} district council"
    assert shown("Surrey's SENCOs") == f"{code}'s SENCOs"


def test_the_field_s_own_words_stay():
    for text in (
        "The High Needs Block is in deficit.",
        "Parent Carer Forum",
        "SENCO and EP time",
        "Reading Recovery works",
        "EHCPs",
    ):
        assert shown(text) == text


def test_a_codebook_like_list_protects_and_can_be_taken_back():
    assert (
        shown("Thanks to Blossom for this", Redactor(protect=["Blossom"], model=False))
        == "Thanks to Blossom for this"
    )


def test_a_person_found_once_is_hidden_everywhere_in_the_data_set():
    texts = ["Thanks to Priya Patel for the training.", "priya ran it well", "Nothing to add."]
    assert [each.text for each in PLAIN.redact_all(texts)] == [
        "Thanks to [Name] for the training.",
        "[Name] ran it well",
        "Nothing to add.",
    ]


def test_a_redactor_remembers_nobody_between_calls():
    redactor = Redactor(model=False)
    alone = redactor.redact("The sunflower room for Zzyva").text
    redactor.redact("Thanks to Zzyva Patel for it.")
    assert redactor.redact("The sunflower room for Zzyva").text == alone


def test_neighbouring_names_become_one_token():
    assert shown("Jane Okafor and Will Hope") == "[Name] and [Name]"


def test_tokens_of_an_earlier_redaction_pass_unchanged():
    for text in (
        "[Name] of LA C",
        "[name redacted] said",
        "[Name 3] and [School]",
        "Local Authority 3 and LA AB",
        "[Trust] in [Place]",
    ):
        assert shown(text) == text


def test_people_are_numbered_on_request():
    redactor = Redactor(names=["Jane Okafor", "Amara Nwosu"], numbered=True, model=False)
    texts = [each.text for each in redactor.redact_all(["Jane Okafor", "Amara Nwosu and Jane", "okafor"])]
    assert texts == ["[Name 1]", "[Name 2] and [Name 1]", "[Name 1]"]


def test_a_style_shows_codes_as_a_document_wants_them(tmp_path):
    key = PseudonymKey(tmp_path / "key.csv")
    redactor = Redactor(key=key, style="Local Authority {code}", model=False)
    once = redactor.redact("in Surrey").text
    assert once == "in Local Authority A"
    assert redactor.redact(once).text == once


def test_a_style_may_number_the_authorities(tmp_path):
    key = PseudonymKey(tmp_path / "key.csv")
    redactor = Redactor(key=key, style="Local Authority {n}", model=False)
    once = redactor.redact("in Surrey").text
    assert once == "in Local Authority 1"
    assert redactor.redact(once).text == once


@pytest.mark.parametrize(
    "written",
    ["S i o b h a n", "S.i.o.b.h.a.n", "Siob-\nhan", "siobhanobrien", "O'Briens", "obrien", "O`Brien"],
)
def test_a_known_name_is_hidden_taken_apart_and_run_together(written):
    redactor = Redactor(names=["Siobhan O'Brien"], model=False)
    assert redactor.redact(f"ask {written} today").text == "ask [Name] today"


def test_a_known_name_does_not_make_names_of_words_in_a_row():
    text = "I am in a class; robbing Peter to pay Paul"
    assert Redactor(names=["Amina Shah", "Peter Ali"], model=False).redact(text).text == text


def test_initials_are_hidden_where_they_are_somebody():
    redactor = Redactor(model=False)
    assert (
        redactor.redact("I asked JS about the EP, HR and IT").text == "I asked [Name] about the EP, HR and IT"
    )


@pytest.mark.parametrize(
    "text",
    [
        "he is at Larkmead now",
        "at oakfield primary school",
        "HE IS AT HOLLY BANK PRIMARY",
        "Brookvale High said",
    ],
)
def test_schools_are_hidden_without_their_kind_and_in_any_case(text):
    assert "[School]" in Redactor(model=False).redact(text).text


def test_a_style_without_a_code_is_refused():
    with pytest.raises(RedactionError, match="code"):
        Redactor(style="LA")


def test_a_key_gives_the_same_codes_in_the_next_run(tmp_path):
    texts = ["Surrey, Kent and Leeds", "Camden"]
    runs = [Redactor(key=PseudonymKey(tmp_path / "k.csv"), model=False).redact_all(texts) for _ in range(2)]
    assert runs[0] == runs[1]


def test_an_unknown_respondent_is_named_with_the_nearest():
    with pytest.raises(RedactionError, match="r1"):
        KNOWN.redact("text", "r11")


def test_as_many_respondents_as_texts_are_needed():
    with pytest.raises(RedactionError, match="respondent"):
        KNOWN.redact_all(["a", "b"], ["r1"])


def test_a_caller_s_detector_takes_part():
    def rooms(text):
        at = text.find("Sunflower")
        return [Span(at, at + 9, "place", "room", "authority")] if at >= 0 else []

    assert shown("in Sunflower room", Redactor(detectors=[rooms], model=False)) == "in [Place] room"


def test_a_detector_with_wrong_offsets_is_told():
    with pytest.raises(RedactionError, match="detector"):
        Redactor(detectors=[lambda text: [Span(0, 99, "name", "x", "people")]], model=False).redact("short")


def test_found_holds_what_was_replaced_and_where():
    text = "Ask jane.okafor@surrey.gov.uk in Surrey."
    result = KNOWN.redact(text)
    assert [(text[each.start : each.end], each.label) for each in result.found] == [
        ("jane.okafor@surrey.gov.uk", "email"),
        ("Surrey", "la"),
    ]
    rebuilt, at = [], 0
    for span in result.found:
        rebuilt += [text[at : span.start], span.replacement]
        at = span.end
    assert "".join([*rebuilt, text[at:]]) == result.text


def test_nothing_becomes_nothing():
    assert KNOWN.redact("") == KNOWN.redact_all([""])[0]
    assert KNOWN.redact_all([]) == []


SECRETS = [
    "Okafor",
    "jane okafor",
    "O'Brien",
    "Surrey",
    "Oakfield",
    "Northmoor",
    "jane.okafor@surrey.gov.uk",
    "SCC",
]
TRICKS = ["\u200b", "\u00ad", "\u2060", "\u200f", "\ufeff", "\u0301"]
FILLERS = [
    "we",
    "need",
    "Reading",
    "SENCO",
    "[Name]",
    "LA C",
    "LA",
    "😀",
    "مرحبا",
    "Привет",
    "\n",
    "\r\n",
    "\u2028",
    "12",
    "EHCP",
    "Mr",
    "Dr",
    "thanks to",
    "from",
    "and",
    "St",
    "School",
    "'s",
    "-",
    ".",
    ",",
    "(",
    "@",
    "07700",
    "900123",
    "\ud800",
    "ﬁ",
    "Kent",
    "\x00",
    "Priya",
    "Will",
    "hope",
    "Council",
    "of",
    "the",
    "City",
    "\u202e",
    "é",
    "e\u0301",
    "ß",
    "İ",
    "[",
    "]",
    "[redacted]",
    "in",
    "Bath",
]


def disguised(secret, seed):
    rng = random.Random(seed)
    letters = [letter + (rng.choice(TRICKS[:5]) if rng.random() < 0.3 else "") for letter in secret]
    return "".join(letters).upper() if rng.random() < 0.2 else "".join(letters)


pieces = st.one_of(
    st.sampled_from(FILLERS),
    st.builds(disguised, st.sampled_from(SECRETS), st.integers(0, 999)),
    st.text(max_size=8),
)
texts = st.lists(pieces, max_size=25).map(" ".join)


@settings(max_examples=150, deadline=None)
@given(st.lists(texts, max_size=3))
def test_any_texts_are_redacted_with_right_offsets_once_and_for_all(originals):
    results = KNOWN.redact_all(originals)
    for text, result in zip(originals, results, strict=True):
        at, rebuilt = 0, []
        for span in result.found:
            assert at <= span.start < span.end <= len(text)
            rebuilt += [text[at : span.start], span.replacement]
            at = span.end
        assert "".join([*rebuilt, text[at:]]) == result.text
    again = KNOWN.redact_all([result.text for result in results])
    assert [each.text for each in again] == [each.text for each in results]


NAMES = st.sampled_from(
    ["Priya Patel", "priya", "Zorba Quill", "Quill", "Oakfield School", "Oakfield", "Kent"]
)
GIVING = st.builds(
    "{} {} {} {}".format, pieces, st.sampled_from(["thanks to", "asked", "Mrs", "at", ""]), NAMES, pieces
)


@settings(max_examples=100, deadline=None)
@given(st.lists(GIVING, max_size=6), st.booleans(), st.integers(1, 3))
def test_a_stream_gives_what_all_at_once_gives_however_it_is_cut(originals, numbered, size):
    redactor = Redactor(known=SURVEY, model=False, numbered=numbered)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("sendthemes.redaction.spread._CHUNK", size)
        streamed = list(redactor.redact_stream(originals))
    assert streamed == redactor.redact_all(originals)


def test_a_stream_asks_the_model_once_about_each_reading(monkeypatch):
    asked = []

    def model(texts):
        asked.extend(texts)
        return [
            [Span(5, 10, "name", "model", "model", 0.9, "zorba")] if "Zorba" in text else [] for text in texts
        ]

    monkeypatch.setattr("sendthemes.redaction.people.model_people", model)
    texts = ["With Zorba and Priya Patel.", "Plain words.", "Priya ran it."]
    streamed = list(Redactor().redact_stream(texts))
    assert [each.text for each in streamed] == ["With [Name] and [Name].", "Plain words.", "[Name] ran it."]
    assert len(asked) == len(set(asked))


def test_a_stream_needs_texts_that_can_be_gone_through_again():
    with pytest.raises(RedactionError, match="only once"):
        Redactor(model=False).redact_stream(iter(["a"]))


def test_a_name_that_is_part_of_two_people_is_numbered_for_itself():
    redactor = Redactor(numbered=True, model=False)
    texts = ["Thanks to Priya Patel.", "Thanks to Priya Shah.", "Priya came."]
    assert redactor.redact_all(texts)[2].text == "[Name 3] came."


@settings(max_examples=150, deadline=None)
@given(
    texts,
    st.sampled_from(["Okafor", "jane okafor", "O'Brien", "Surrey", "Oakfield", "Northmoor"]),
    st.integers(0, 999),
    texts,
)
def test_no_known_value_is_left_readable(before, secret, seed, after):
    text = f"{before} {disguised(secret, seed)} {after}"
    left = normalise(KNOWN.redact(text).text).text.casefold()
    assert f" {secret.casefold()} " not in f" {left} "


@pytest.mark.parametrize(
    "unit",
    [
        "Jane Okafor said in Surrey. ",
        "a",
        "Aa ",
        "St Mary ",
        "😀",
        "Surrey",
        "1 ",
        "\u200b",
        "of the ",
        "[Name] ",
    ],
)
def test_very_long_answers_come_through(unit):
    text = (unit * 100_000)[:100_000]
    result = KNOWN.redact(text)
    assert "Okafor" not in result.text


@pytest.mark.parametrize("option", ["names", "authorities", "schools", "protect", "unprotect"])
def test_one_text_in_the_place_of_a_list_is_refused(option):
    """Its letters would be looked for one by one, and the name itself would stay readable."""
    with pytest.raises(RedactionError, match=f"{option}= takes a list"):
        Redactor(**{option: "Zorblax"})


@pytest.mark.parametrize("texts", ["Jane Kent said so", ["fine", None], [float("nan")]])
def test_what_is_no_list_of_texts_is_refused(texts):
    with pytest.raises(RedactionError, match=r"one text|is a"):
        Redactor(model=False).redact_all(texts)


def test_a_shown_result_does_not_tell_who_was_hidden():
    redacted = Redactor(model=False).redact("I spoke to Jane Kent at Surrey County Council.")
    assert redacted.found[0].value == "jane kent"
    assert not {"jane", "kent", "E10000030"} & set(re.findall(r"\w+", repr(redacted)))


def test_a_town_of_two_authorities_is_that_of_the_one_named_beside_it():
    found = PLAIN.redact("Newport on the Isle of Wight has one clinic").found
    assert {span.value for span in found} == {"E06000046"}


def test_the_owner_of_an_address_in_one_answer_is_hidden_in_the_others():
    texts = ["Write to j.oduya@example.org please", "oduya never rang", "Write to senco@example.org"]
    assert [each.text for each in PLAIN.redact_all(texts)][1:] == ["[Name] never rang", "Write to [Email]"]


def test_a_school_called_by_an_ordinary_word_is_hidden_only_where_it_stands():
    texts = ["We moved to The Grove", "a grove of trees"]
    assert [each.text for each in PLAIN.redact_all(texts)][1] == "a grove of trees"


def test_the_model_is_asked_unless_told_not_to(monkeypatch):
    asked = []
    monkeypatch.setattr(
        "sendthemes.redaction.people.model_people", lambda texts: asked.extend(texts) or [[] for _ in texts]
    )
    Redactor(model=False).redact("Some text")
    assert asked == []
    Redactor().redact("Some text")
    assert asked == ["Some text"]
