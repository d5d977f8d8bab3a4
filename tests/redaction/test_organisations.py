import pytest

from sendthemes.redaction.organisations import find_organisations


def found(text):
    return {text[span.start : span.end] for span in find_organisations(text, kept=lambda phrase: False)}


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("At St Mary's CofE Primary School we", "St Mary's CofE Primary School"),
        ("st marys primary is good", "st marys primary"),
        ("The Oakfield Special School helped", "Oakfield Special School"),
        ("Teachers at Woodlands School said", "Woodlands School"),
        ("Our Lady of Lourdes RC School", "Our Lady of Lourdes RC School"),
        ("King Edward VI High School", "King Edward VI High School"),
        ("with Outwood Hill Academies Trust", "Outwood Hill Academies Trust"),
        (
            "Vale and Downs Partnership NHS Foundation Trust",
            "Vale and Downs Partnership NHS Foundation Trust",
        ),
        ("at the Royal Vale Hospital", "Royal Vale Hospital"),
        ("Elm Park is full", "Elm Park"),
        ("Elmwood is a school that gets it", "Elmwood"),
        ("Oak Tree turned us down", "Oak Tree"),
        ("He starts at The Beacon soon", "Beacon"),
        ("the unit at Holy Trinity is new", "Holy Trinity"),
        ("our parent carer forum, Special Voices, does", "Special Voices"),
        ("a nursery in Lower Wenbury was fab", "Lower Wenbury"),
        ("the deputy from Bishop Latimer C of E told us", "Bishop Latimer C of E"),
        ("the move to New Leeds Academy", "New Leeds Academy"),
        ("Old Leeds Academy said", "Old Leeds Academy"),
        ("at Lower Kent Academy", "Lower Kent Academy"),
        ("at Upper Kent Academy", "Upper Kent Academy"),
        ("moved to Seven Stiles Academy", "Seven Stiles Academy"),
        ("Achieving for Children said no", "Achieving for Children"),
        ("seen at QMC in May", "QMC"),
        ("since HWE ICB said so", "HWE ICB"),
        ("our forum, Voice4Nobody, said", "Voice4Nobody"),
        ("he waited at the end of Pendle Grove", "Pendle Grove"),
    ],
)
def test_finds_schools_trusts_and_hospitals_by_name(text, name):
    assert name in found(text)


@pytest.mark.parametrize(
    "text",
    [
        "Our Special School heads",
        "every Primary School",
        "Mainstream Secondary School",
        "the NHS Trust",
        "a Multi Academy Trust",
        "The School is full",
        "First school places",
        "Local SENCO Primary School",
        "Good Primary School practice",
        "the High School",
        "The unit is full",
        "Reception is full and Year 1 is full",
        "Inclusion is a whole school responsibility",
        "The Panel turned us down",
        "Our support group meets online",
        "at Annual Review nobody came",
        "the Urgent Care Centre",
    ],
)
def test_kinds_of_school_are_no_names(text):
    assert found(text) == set()
