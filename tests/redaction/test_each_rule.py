"""Each rule for itself: what it is called, what it finds, what that is, and how sure it is."""

import pytest

from sendthemes.errors import RedactionError
from sendthemes.redaction.authorities import find_authorities
from sendthemes.redaction.capitals import find_capitals
from sendthemes.redaction.cues import LEFT, RIGHT
from sendthemes.redaction.identifiers import find_identifiers, patterns
from sendthemes.redaction.organisations import find_organisations
from sendthemes.redaction.people import find_people
from sendthemes.redaction.protect import protected_spans
from sendthemes.redaction.redactor import Redactor
from sendthemes.redaction.risks import residual_risks
from sendthemes.redaction.spans import Span
from sendthemes.survey.answers import Answers, Question

RULES = [
    ("Write to jo.bloggs@council.example now", "e-mail", "email", "jo.bloggs@council.example", 1.0),
    ("Ask jo [at] council dot gov dot uk.", "masked e-mail", "email", "jo [at] council dot gov dot uk", 1.0),
    ("See https://www.council.example/a.", "URL", "url", "https://www.council.example/a", 1.0),
    ("our site parentforum.org.uk/help has it", "domain", "url", "parentforum.org.uk/help", 1.0),
    ("ask @parentforum there", "handle", "handle", "@parentforum", 1.0),
    ("ask (01632) 960 123", "phone", "phone", "(01632) 960 123", 1.0),
    ("on 01632 960123 ext. 44", "phone", "phone", "01632 960123 ext. 44", 1.0),
    ("on 01632 960123 x44", "phone", "phone", "01632 960123 x44", 1.0),
    ("tel: 960123", "phone in context", "phone", "960123", 0.8),
    ("at GU1 1AA", "postcode", "postcode", "GU1 1AA", 1.0),
    ("postcode is SE15", "outward postcode", "postcode", "SE15", 1.0),
    ("the SE15 area", "outward postcode", "postcode", "SE15", 1.0),
    ("on 943 476 5919 now", "NHS number", "number", "943 476 5919", 1.0),
    ("on 943 476 5918 now", "NHS number", "number", "943 476 5918", 0.6),
    ("NHS no. 9434765919", "NHS number", "number", "9434765919", 1.0),
    ("it says 1000000000 here", "ten digits", "number", "1000000000", 1.0),
    ("it says 1000000002 here", "ten digits", "number", "1000000002", 0.6),
    ("H801200001001 came", "UPN", "number", "H801200001001", 1.0),
    ("B801200001001 came", "UPN", "number", "B801200001001", 0.8),
    ("payroll no: 44812", "learner number in context", "number", "44812", 0.9),
    ("NI QQ123456C", "NI number", "number", "QQ123456C", 1.0),
    ("born on 3rd March 2011", "date of birth", "date", "3rd March 2011", 1.0),
    ("12/03/2011 (DOB)", "date of birth", "date", "12/03/2011", 1.0),
    ("case ref 12345/AB", "reference", "reference", "12345/AB", 1.0),
    ("the Ombudsman upheld it (22 014 873)", "ombudsman reference", "reference", "22 014 873", 1.0),
    ("for EH929/23/00045 now", "tribunal reference", "reference", "EH929/23/00045", 1.0),
    ("as SEND/2024/00123 says", "plan reference", "reference", "SEND/2024/00123", 1.0),
    ("Flat 3, 14 Oak Tree Close", "street address", "address", "Flat 3, 14 Oak Tree Close", 1.0),
    ("she lives at 12 oak road", "street address, lower case", "address", "12 oak road", 1.0),
    ("the site on Elm Road", "street", "address", "Elm Road", 0.8),
    ("Rose Cottage, Church Road", "house", "address", "Rose Cottage, Church Road", 1.0),
    ("we live at Hill Farm", "house", "address", "Hill Farm", 1.0),
    ("Unit 6, Mill Court, SN2 7QW", "address before a postcode", "address", "Unit 6, Mill Court", 1.0),
    ("our old flat, Flat 6, Tannery Court", "flat", "address", "Flat 6, Tannery Court", 1.0),
    ("to PO Box 1234", "PO box", "address", "PO Box 1234", 1.0),
    ("it was ab12cde then", "number plate", "vehicle", "ab12cde", 0.8),
    ("a van, AB12 CDE, waits", "number plate", "vehicle", "AB12 CDE", 1.0),
    ("taxi reg: K123 ABC", "number plate", "vehicle", "K123 ABC", 0.8),
]


@pytest.mark.parametrize(("text", "rule", "label", "words", "confidence"), RULES)
def test_a_rule_says_what_it_found_and_how_sure_it_is(text, rule, label, words, confidence):
    found = [
        (span.rule, span.label, text[span.start : span.end], span.confidence)
        for span in find_identifiers(text)
    ]
    assert (rule, label, words, confidence) in found
    assert {name for name, *_ in found if name == rule} == {rule}


def test_no_rule_is_left_out_above():
    assert {rule for _, rule, *_ in RULES} == {pattern.rule for pattern in patterns()}


def organisations(text):
    return find_organisations(text, kept=lambda phrase: False)


def authorities(text):
    return find_authorities(text, ordinary=lambda word: False)


def capitals(text):
    return find_capitals(text, protected_spans(text))


NAMED = [
    (find_people, "ask Priyanka for it", "ask + name", "name", "people", "Priyanka", 0.94, "priyanka"),
    (find_people, "Mrs Okonkwo said", "title + name", "name", "people", "Okonkwo", 0.99, "okonkwo"),
    (
        find_people,
        "Smith, John\nOkoro, Ada",
        "surname, first name",
        "name",
        "people",
        "Smith, John",
        0.9,
        "smith john",
    ),
    (find_people, "J. Smith left", "initials + surname", "name", "people", "J. Smith", 0.9, "j smith"),
    (find_people, "stop sending D.W. to it", "initials", "name", "people", "D.W.", 0.7, "dw"),
    (find_people, "Kind regards, Xiu", "sign-off", "name", "people", "Xiu", 0.9, "xiu"),
    (find_people, "thanks to Hope for that", "thanks to + name", "name", "people", "Hope", 0.99, "hope"),
    (find_people, "I spoke to Grace", "spoke to + name", "name", "people", "Grace", 0.99, "grace"),
    (find_people, "it is led by Zbigniew", "led by + name", "name", "people", "Zbigniew", 0.99, "zbigniew"),
    (find_people, "our SENCO Oksana", "role + name", "name", "people", "Oksana", 0.99, "oksana"),
    (find_people, "Dear Faith", "greeting + name", "name", "people", "Faith", 0.99, "faith"),
    (find_people, "we sent it to Mark", "sent to + name", "name", "people", "Mark", 0.99, "mark"),
    (find_people, "lovely Dawn", "lovely + name", "name", "people", "Dawn", 0.86, "dawn"),
    (find_people, "Sarah Steel came", "name + verb", "name", "people", "Sarah Steel", 0.78, "sarah steel"),
    (find_people, "Will and her team", "name and the team", "name", "people", "Will", 0.86, "will"),
    (find_people, "Will said no", "name + said", "name", "people", "Will", 0.99, "will"),
    (find_people, "Hope, our SENCO", "name + role", "name", "people", "Hope", 0.86, "hope"),
    (find_people, "Grace is brilliant", "name + praise", "name", "people", "Grace", 0.78, "grace"),
    (find_people, "Joy from the EP team", "name from the team", "name", "people", "Joy", 0.78, "joy"),
    (find_people, "Will has dyslexia", "child", "name", "people", "Will", 0.99, "will"),
    (find_people, "Hope's mum", "name's mother", "name", "people", "Hope", 0.86, "hope"),
    (
        find_people,
        "we lost Grace to another school",
        "lost to another",
        "name",
        "people",
        "Grace",
        0.99,
        "grace",
    ),
    (find_people, "Mark and I agreed", "name and I", "name", "people", "Mark", 0.78, "mark"),
    (find_people, "Dawn works hard on it", "name + works", "name", "people", "Dawn", 0.7, "dawn"),
    (find_people, "Grace in admissions", "name in the team", "name", "people", "Grace", 0.7, "grace"),
    (find_people, "Bev, Kev and Hope", "given name", "name", "people", "Bev", 0.7, "bev"),
    (find_people, "Bev, Kev and Hope", "with + name", "name", "people", "Hope", 0.78, "hope"),
    (find_people, "Name: Joy", "name: + name", "name", "people", "Joy", 0.94, "joy"),
    (find_people, "she is called Joy", "named + name", "name", "people", "Joy", 0.99, "joy"),
    (find_people, "Hope: please ring", "speaker:", "name", "people", "Hope", 0.78, "hope"),
    (find_people, "Joy by name", "by name", "name", "people", "Joy", 0.86, "joy"),
    (
        find_people,
        "Precious (Early Help) came",
        "name (team)",
        "name",
        "people",
        "Precious",
        0.78,
        "precious",
    ),
    (
        organisations,
        "at Oakfield Special School now",
        "school",
        "school",
        "authority",
        "Oakfield Special School",
        0.9,
        "",
    ),
    (
        organisations,
        "at Oakfield Special School now",
        "lower",
        "school",
        "authority",
        "Oakfield Special School",
        0.6,
        "",
    ),
    (
        organisations,
        "at Oakfield Special School now",
        "school by its name",
        "school",
        "authority",
        "Oakfield Special School",
        0.6,
        "",
    ),
    (organisations, "st marys primary is", "saint", "school", "authority", "st marys primary", 0.9, ""),
    (
        organisations,
        "with Outwood Hill Academies Trust",
        "trust",
        "organisation",
        "authority",
        "Outwood Hill Academies Trust",
        0.9,
        "",
    ),
    (
        organisations,
        "at the Royal Vale Hospital",
        "hospital",
        "organisation",
        "authority",
        "Royal Vale Hospital",
        0.9,
        "",
    ),
    (
        organisations,
        "Elm Manor is full",
        "school by what is said",
        "school",
        "authority",
        "Elm Manor",
        0.6,
        "",
    ),
    (
        organisations,
        "the end of Pendle Grove.",
        "place by its name",
        "place",
        "authority",
        "Pendle Grove",
        0.6,
        "",
    ),
    (
        organisations,
        "Special Voices said",
        "local body",
        "organisation",
        "authority",
        "Special Voices",
        0.9,
        "",
    ),
    (organisations, "HWE ICB said", "initials of a body", "organisation", "authority", "HWE ICB", 0.6, ""),
    (
        organisations,
        "our Voice4Nobody said",
        "spelt with a digit",
        "organisation",
        "authority",
        "Voice4Nobody",
        0.6,
        "",
    ),
    (authorities, "in Leeds now", "authority", "la", "authority", "Leeds", 1.0, "E08000035"),
    (authorities, "RBKC said", "initials", "la", "authority", "RBKC", 1.0, "E09000020"),
    (
        authorities,
        "in Reading, Slough and Bath",
        "authority in a list",
        "la",
        "authority",
        "Bath",
        1.0,
        "E06000022",
    ),
    (
        authorities,
        "N o r f o l k said",
        "authority spelt out",
        "la",
        "authority",
        "N o r f o l k",
        1.0,
        "E10000020",
    ),
    (
        authorities,
        "Buckinghamshre is slow",
        "misspelt authority",
        "la",
        "authority",
        "Buckinghamshre",
        0.7,
        "E06000060",
    ),
    (authorities, "from Todmorden now", "place", "place", "authority", "Todmorden", 1.0, "E08000033"),
    (
        authorities,
        "Warwick District Council said",
        "district council",
        "la",
        "authority",
        "Warwick District Council",
        1.0,
        "E10000031",
    ),
    (capitals, "so did Paddlesteps", "capitals", "organisation", "model", "Paddlesteps", 0.5, ""),
    (
        capitals,
        "meet in Pottergate House on Mondays",
        "capitals",
        "place",
        "model",
        "Pottergate House",
        0.5,
        "",
    ),
    (
        capitals,
        "we asked Seven Stiles Academy twice",
        "capitals",
        "school",
        "model",
        "Seven Stiles Academy",
        0.5,
        "",
    ),
]


@pytest.mark.parametrize(
    ("find", "text", "rule", "label", "authority", "words", "confidence", "value"), NAMED
)
def test_a_name_is_found_by_its_rule(find, text, rule, label, authority, words, confidence, value):
    found = [
        (each.rule, each.label, each.authority, text[each.start : each.end], each.confidence, each.value)
        for each in find(text)
    ]
    assert (rule, label, authority, words, confidence, value) in found


def test_every_cue_that_makes_a_person_is_shown_above():
    alone = {cue for points, cue, _ in (*LEFT, *RIGHT) if points >= 3}
    assert alone <= {rule for _, _, rule, *_ in NAMED}


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("a learner with 1234567890 and more", ["1234567890"]),
        ("it was 1234567890.5 then", []),
        ("the 2023/24 code for AB12 3", []),
    ],
)
def test_a_number_needs_its_own_edges(text, words):
    assert [text[span.start : span.end] for span in find_identifiers(text)] == words


OWN = Answers(
    ("r1", "r2"),
    (Question("q1", "Why?", "open"),),
    ("a1", "a2"),
    (0, 1),
    (0, 0),
    ("x", "y"),
    identifiers={
        "la": (("Leeds",), ("Kent",)),
        "name": (("Jane Okafor",), ("Will Smith",)),
        "school": (("Oakfield Academy",), ()),
    },
)
PEOPLE_AND_PLACES = [
    ("Mrs Thompson rang me.", [("Thompson", "name", "title + name", "people", "thompson", "[Name]")]),
    ("Sarah Bowlby said so.", [("Sarah Bowlby", "name", "name + said", "people", "sarah bowlby", "[Name]")]),
    ("Kind regards, Xiu Ying", [("Xiu Ying", "name", "sign-off", "people", "xiu ying", "[Name]")]),
    ("Will said it is fine.", [("Will", "name", "known name", "known", "will smith", "[Name]")]),
    ("We will plan it.", []),
    (
        "Okafor came with Jane.",
        [
            ("Okafor", "name", "known name", "known", "jane okafor", "[Name]"),
            ("Jane", "name", "known name", "known", "jane okafor", "[Name]"),
        ],
    ),
    ("Leeds City Council did it.", [("Leeds City Council", "la", "authority", "known", "E08000035", "LA")]),
    ("LCC never answered.", [("LCC", "la", "initials", "known", "E08000035", "LA")]),
    ("Surrey were late.", [("Surrey", "la", "authority", "authority", "E10000030", "LA")]),
    (
        "Oakfield Academy helps.",
        [("Oakfield Academy", "school", "known school", "known", "oakfield academy", "[School]")],
    ),
    ("St Mary's Primary is full.", [("St Mary's Primary", "school", "saint", "authority", "", "[School]")]),
]  # fmt: skip


@pytest.mark.parametrize(("text", "spans"), PEOPLE_AND_PLACES)
def test_people_and_places_are_told_apart_and_whose_they_are(text, spans):
    found = Redactor(known=OWN, model=False).redact(text, "r1").found
    said = [
        (text[span.start : span.end], span.label, span.rule, span.authority, span.value, span.replacement)
        for span in found
    ]
    assert [(*row[:5], "LA" if row[5].startswith("LA ") else row[5]) for row in said] == spans
    assert all(0.5 <= span.confidence <= 1 for span in found)


def test_every_risk_is_told_with_its_reason():
    redacted = Redactor(model=False).redact("We moved after the tribunal.")
    table = residual_risks([redacted])
    assert table.columns == ("text", "risk", "words", "why")
    assert table.rows[0][:2] == ("1", "unusual circumstance")
    assert table.rows[0][3] == "A story that few can tell may be known locally."


def test_a_detector_that_points_outside_its_text_is_told_so():
    def detector(text):
        return [Span(0, len(text) + 1, "name", "mine", "detector")]

    with pytest.raises(RedactionError, match="Offsets are of the text that the detector was given"):
        Redactor(model=False, detectors=[detector]).redact("some words")
