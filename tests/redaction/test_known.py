"""What is known beforehand, in the forms in which it is looked for."""

import pytest

from sendthemes.redaction.known import known_values, name_forms, owner, school_forms
from sendthemes.redaction.phrases import tokenise
from sendthemes.survey.answers import Answers


@pytest.mark.parametrize(
    ("email", "name"),
    [
        ("jo.oduya@x.example", "jo oduya"),
        ("j.oduya@x.example", "j oduya"),
        ("oduya@x.example", "oduya"),
        ("abcd@x.example", ""),
        ("jane_smith-jones2@x.example", "jane smith jones"),
        ("hope.green@x.example", "hope green"),
        ("send.team@x.example", ""),
        ("info@x.example", ""),
        ("1234@x.example", ""),
    ],
)
def test_an_address_gives_its_owners_name_where_it_is_one(email, name):
    assert owner(email) == name


@pytest.mark.parametrize(
    ("name", "sure", "in_context"),
    [
        ("Xu", {"Xu"}, set()),
        ("Hope Young", {"Hope Young", "Young Hope"}, {"Hope", "Young"}),
        ("Leicester Adams", {"Leicester Adams", "Adams Leicester", "Adams"}, {"Leicester"}),
        ("N/A", set(), set()),
        ("Head of SEND", set(), set()),
    ],
)
def test_a_name_is_known_whole_turned_round_and_in_its_parts(name, sure, in_context):
    found = {(form, known.sure) for form, known in name_forms(name)}
    assert found == {(form, True) for form in sure} | {(form, False) for form in in_context}


def test_titles_and_remarks_are_no_part_of_a_name():
    assert {("Okonkwo", True), ("Ann", True)} <= {(f, k.sure) for f, k in name_forms("Dr Ann Okonkwo (EP)")}


@pytest.mark.parametrize(
    ("school", "stem"),
    [
        ("Oakfield Primary School", "Oakfield"),
        ("St Mary's CofE Primary School", "St Mary's"),
        ("The Elm Tree Academy", "Elm Tree"),
        ("Reading School", None),
        ("The Grange School", None),
        ("Ash School", None),
    ],
)
def test_a_school_is_known_by_its_stem_where_that_names_it(school, stem):
    forms = dict(school_forms(school))
    kinds = {"school", "primary", "academy", "college"}
    bare = {form for form in forms if form != school and form.split()[-1] not in kinds}
    assert bare == ({stem} if stem else set())
    assert all(known.sure and known.label == "school" for known in forms.values())
    assert school in forms


@pytest.mark.parametrize("value", ["n/a", "Virtual School", "Various"])
def test_what_names_no_school_is_not_known(value):
    assert not dict(school_forms(value))


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("ask S i o b h a n about it", ["S i o b h a n"]),
        ("ask Sio-bhan now", ["Sio-bhan"]),
        ("Sio   bhan", ["Sio   bhan"]),
        ("Sio    bhan", []),
        ("first x Sio bhan last", ["Sio bhan"]),
    ],
)
def test_a_known_name_taken_apart_is_found_where_no_wide_gap_parts_it(text, found):
    survey = Answers(("r1",), (), identifiers={"name": (("Siobhan",),)})
    known = known_values(survey, names=(), schools=(), authorities=())
    spans = known._taken_apart(tokenise(text))
    assert [text[span.start : span.end] for span in spans] == found


def test_identifier_columns_and_lists_are_gathered():
    columns = {"name": (("Amara Obi",),), "email": (("J.Oduya@leeds.gov.uk ",),), "la": (("Kent, Medway",),)}
    survey = Answers(("r1",), (), identifiers=columns)
    known = known_values(survey, names=["Bev Tree"], schools=["Oakfield School"], authorities=["Wigan"])
    assert known.emails == ("j.oduya@leeds.gov.uk",)
    assert known.authorities == {
        "E10000016": "Kent",
        "E06000035": "Medway",
        "E08000010": "Wigan",
        "E08000035": "Leeds",
    }
    assert known.own == {"r1": ("E06000035", "E10000016")}
    texts = {"Amara": "name", "Oduya": "name", "Bev Tree": "name", "Oakfield": "school"}
    assert {each: {span.label for span in known.spans(each)} for each in texts} == {
        each: {label} for each, label in texts.items()
    }
