import pytest

from sendthemes.redaction.authorities import find_authorities
from sendthemes.redaction.gazetteer import authorities, bare_name, find_authority
from sendthemes.redaction.protect import is_ordinary_word
from sendthemes.redaction.spans import resolve

ENGLISH = ("county", "unitary", "metropolitan", "london", "district")


def found(text):
    spans = resolve(find_authorities(text, ordinary=is_ordinary_word), text)
    return [(text[span.start : span.end], span.value) for span in spans]


def forms_of(kinds):
    from sendthemes.redaction.gazetteer import _rows

    return [
        (row["id"], row["code_as"] or row["id"], form)
        for row in _rows("authorities.tsv")
        if row["kind"] in kinds
        for form in row["forms"].split("|")
        if form[0] != "!"  # found where the authority is known
    ]


def test_the_gazetteer_holds_every_english_authority_with_education_duties():
    current = [each for each in authorities().values() if not each["end"] and each["start"] < "2026-11"]
    count = {kind: sum(each["kind"] == kind for each in current) for kind in ENGLISH}
    assert count == {"county": 21, "unitary": 63, "metropolitan": 36, "london": 33, "district": 164}
    assert sum(each["kind"] == "wales" for each in current) == 22
    assert sum(each["kind"] == "scotland" for each in current) == 32
    assert sum(each["kind"] == "ni" for each in current) == 11


@pytest.mark.parametrize("kind", [*ENGLISH, "wales", "scotland", "ni"])
def test_every_form_of_every_authority_current_and_former_is_found_and_means_it(kind):
    missed = []
    for _, code_as, written in forms_of([kind]):
        form = written.lstrip("=~^")
        text = f"Support in {form} is poor."
        hits = found(text)
        meant = [hit for hit, value in hits if code_as in value.partition(">")[0].split("|")]
        if not any(form in hit or hit in form for hit in meant):
            missed.append(form)
    assert missed == []


@pytest.mark.parametrize(
    "designation", ["{} County Council", "{} CC", "London Borough of {}", "LB {}", "{} Council", "City of {}"]
)
def test_designations_are_hidden_with_the_name(designation):
    text = designation.format("Camden")
    assert found(f"We told {text} so.") == [(text, "E09000007")]


@pytest.mark.parametrize(
    ("text", "authority"),
    [
        ("stoke send team is kind", "stoke"),
        ("the reading sen team helped", "reading"),
        ("we live in b&nes", "b&nes"),
        ("my caseworker at bucks left", "bucks"),
        ("Reading has too few EPs", "Reading"),
    ],
)
def test_a_word_is_an_authority_where_its_neighbours_make_it_one(text, authority):
    assert [written for written, _ in found(text)] == [authority]


@pytest.mark.parametrize("text", ["the reading team met", "in beds all day", "Reading has improved"])
def test_a_word_is_no_authority_without_them(text):
    assert found(text) == []


def test_council_tax_is_no_council():
    assert found("Surrey council tax")[0][0] == "Surrey"


@pytest.mark.parametrize(
    "text",
    [
        "Reading levels are low and reading for pleasure is rare.",
        "We target Reading and Writing first.",
        "I deal with this in the street and the bath.",
        "Rugby club and a sale; the book had a hook.",
        "Let us not let them down. The dog was barking.",
        "SEND is for all. Send help.",
        "The hope is that the bridge will hold.",
    ],
)
def test_words_that_are_also_places_stay_in_ordinary_use(text):
    assert found(text) == []


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("We live in Reading now.", "Reading"),
        ("Families from Bath told us.", "Bath"),
        ("reading borough council", "reading borough council"),
        ("Wokingham, Slough and Reading differ.", "Reading"),
        ("The Rugby SEND hub", "Rugby"),
        ("around Barking there is none", "Barking"),
        ("Reading commissions it.", "Reading"),
        ("in Wells and in Deal", "Deal"),
    ],
)
def test_words_that_are_also_places_are_found_in_a_place_context(text, place):
    assert place in [hit for hit, _ in found(text)]


@pytest.mark.parametrize(
    ("written", "gss"),
    [
        ("Hertforshire", "E10000015"),
        ("buckinghampshire", "E06000060"),
        ("Tower Hamlest", "E09000030"),
        ("Wolverhamton", "E08000031"),
        ("Milton Keyens", "E06000042"),
        ("Kensigton and Chelsea", "E09000020"),
        ("Northumberand", "E06000057"),
        ("surreys", "E10000030"),
        ("Glostershire", "E10000013"),
    ],
)
def test_misspelt_names_are_found(written, gss):
    assert found(f"The offer in {written} is thin.") == [(written, gss)]


def test_ordinary_words_are_no_misspellings():
    assert found("Staff suffer because services and essential learning derive from somewhere else.") == []


def test_a_district_gives_its_county_away():
    assert find_authority("Crawley") == "E10000032"
    assert found("in Crawley")[0][1] == "E10000032"


def test_a_former_authority_stands_for_its_one_successor():
    assert find_authority("Somerset County Council") == "E06000066"
    assert find_authority("Cumbria") == "E10000006"


def test_initials_that_fit_several_carry_all_of_them():
    ((_, value),) = found("SCC was slow")
    assert {"E10000030", "E10000029"} <= set(value.split("|"))


def test_towns_give_the_authority_away_where_it_is_known():
    assert found("in Redhill") == [("Redhill", "E10000030")]


@pytest.mark.parametrize(
    ("name", "bare"),
    [
        ("London Borough of Camden", "Camden"),
        ("Surrey County Council", "Surrey"),
        ("Royal Borough of Greenwich", "Greenwich"),
    ],
)
def test_designations_are_taken_off_a_name(name, bare):
    assert bare_name(name) == bare


def test_an_unknown_authority_is_not_guessed():
    assert find_authority("Northmoor County Council") is None


@pytest.mark.parametrize(
    "text",
    ["staff's view", "the staffs book", "you haven't", "they havnt", "big bucks", "at high peak times"],
)
def test_words_that_look_like_short_forms_stay(text):
    assert found(text) == []


@pytest.mark.parametrize("body", ["Families Forum", "Family Voice", "Family Hub"])
def test_an_organisation_of_families_makes_a_word_a_place(body):
    assert found(f"Reading {body} sits on the board.")[0][0].startswith("Reading")
