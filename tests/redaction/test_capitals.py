import pytest
from hypothesis import given
from hypothesis import strategies as st

from sendthemes.redaction.capitals import find_capitals
from sendthemes.redaction.protect import protected_spans
from sendthemes.redaction.redactor import Redactor


def found(text):
    kept = protected_spans(text)
    return [(text[span.start : span.end], span.label) for span in find_capitals(text, kept)]


@pytest.mark.parametrize(
    ("text", "name", "label"),
    [
        ("we rely on Copper Kettle Families for that", "Copper Kettle Families", "organisation"),
        ("there is Puzzled Parents United as well", "Puzzled Parents United", "organisation"),
        ("we asked Seven Stiles Academy twice", "Seven Stiles Academy", "school"),
        ("meet in Pottergate House on Mondays", "Pottergate House", "place"),
        ("Marmalade Skies ran the summer scheme", "Marmalade Skies", "organisation"),
        ("he goes to The Lindens now", "The Lindens", "organisation"),
        ("the Mosswater office closed", "Mosswater", "organisation"),
        ("the Tadpoles group is a lifeline", "Tadpoles", "organisation"),
        ("she was referred to Paddlesteps in May", "Paddlesteps", "organisation"),
        ("so did Paddlesteps", "Paddlesteps", "organisation"),
        ("her nursery, Little Acorns, did it", "Little Acorns", "organisation"),
        ("Voices of Kestrel Vale said no", "Voices of Kestrel Vale", "organisation"),
        ("a charity called Moving Up Together", "Moving Up Together", "organisation"),
        ("sessions run by Bright Path help", "Bright Path", "organisation"),
        ("use Little Lanterns Autism Support for it", "Little Lanterns Autism Support", "organisation"),
        ("at [School] Hub we", "Hub", "organisation"),
        ("at [Place] Park we", "Park", "place"),
        ("run by [Name] Lights in town", "Lights", "organisation"),
        ("from [Name 3] Autism Families at last", "Autism Families", "organisation"),
        ("if it wasn't for Kites on a Saturday", "Kites", "organisation"),
        ("At Discovery they said yes", "Discovery", "organisation"),
        ("the girls at Mums Like Us helped", "Mums Like Us", "organisation"),
        ("we asked Autism Together about it", "Together", "organisation"),
        ("we are in Harbour and Heath Academies now", "Harbour and Heath Academies", "organisation"),
        ("so did Saturday Stars the year before", "Saturday Stars", "organisation"),
        ("the Tiny Trailblazers stay and play", "Tiny Trailblazers", "organisation"),
        ("NO PLACES. Ravensgill FULL AND SO ON", "Ravensgill", "organisation"),
        ("THE NEW ONE IN STANNINGLEY ISNT BUILT", "STANNINGLEY", "organisation"),
        ("the list at [Place] Teaching is long", "Teaching", "place"),
        ("they signpost us to Autism Together [Place], which closed", "Together", "organisation"),
        ("the parent group Snapdragons in town", "Snapdragons", "organisation"),
    ],
)
def test_capitals_inside_a_sentence_name_something_local(text, name, label):
    assert found(text) == [(name, label)]


@pytest.mark.parametrize(
    "text",
    [
        "The Inclusion Support Team and the Assistant Director for Learning met",
        "It is an Absolute Nightmare and a Postcode Lottery",
        "we use Zones of Regulation, Lego Therapy and the Boxall Profile",
        "ask the National Autistic Society, Barnardo's or Mencap",
        "the Rowan Assessment and the Kestrel Questionnaire",
        "it was run by Senior Leaders and led by Community Paediatrics",
        "referred to Audiology and to Ophthalmology",
        "Best Special Needs Support In The Lantern County Ever Seen By Any Parent Here",
        "our lad goes to copper kettle on thursdays",
        "WE RELY ON COPPER KETTLE FAMILIES FOR THAT",
        "people from New Zealand or Sri Lanka",
        "with [Name] Mondays and with [Name] Wednesdays",
        "the HGVs and the MSAs blocked it",
        "the Goverment and the Enviroment Agency since Febuary",
        "an Educational Psycologist for Assesments",
    ],
)
def test_other_capitals_are_left(text):
    assert found(text) == []


def test_things_joined_by_and_are_judged_apart():
    text = "every week we met Copper Kettle and Inclusion Support in the hall"
    assert found(text) == [("Copper Kettle", "organisation")]


WORDS = ["we", "Copper", "Kettle", "and", "of", "the", "Support", "[Place]", "Autism", ",", ".", "Hub"]


@given(st.lists(st.sampled_from(WORDS), max_size=8))
def test_what_is_found_has_capitals_and_nothing_is_found_again(words):
    text = " ".join(words)
    for name, _ in found(text):
        assert name[0].isupper()
        assert name in text
    redactor = Redactor(model=False)
    once = redactor.redact(text).text
    assert redactor.redact(once).text == once
