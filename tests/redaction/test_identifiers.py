import pytest

from sendthemes.redaction.identifiers import find_identifiers, nhs_confidence


def found(text):
    return {(text[span.start : span.end], span.label) for span in find_identifiers(text)}


IDENTIFIERS = [
    ("it is on www.gov.uk.example.org now", "www.gov.uk.example.org", "url"),
    ("join www.facebook.com/groups/localmums", "www.facebook.com/groups/localmums", "url"),
    ("Write to jo.bloggs@council.example.gov.uk today.", "jo.bloggs@council.example.gov.uk", "email"),
    ("It went to j***@council.gov.uk again.", "j***@council.gov.uk", "email"),
    ("Ask jo [at] council dot gov dot uk.", "jo [at] council dot gov dot uk", "email"),
    ("Ask jo.bloggs at council.gov.uk please", "jo.bloggs at council.gov.uk", "email"),
    ("jo(at)council(dot)gov(dot)uk", "jo(at)council(dot)gov(dot)uk", "email"),
    ("Mail jo.bloggs@council now", "jo.bloggs@council", "email"),
    ("See https://www.council.example/send?id=4.", "https://www.council.example/send?id=4", "url"),
    ("on www.parentforum.example today", "www.parentforum.example", "url"),
    ("our site parentforum.org.uk/help has it", "parentforum.org.uk/help", "url"),
    ("ring 020 7946 0958 now", "020 7946 0958", "phone"),
    ("ring (01632) 960 123", "(01632) 960 123", "phone"),
    ("on 01632960123.", "01632960123", "phone"),
    ("+44 7700 900123", "+44 7700 900123", "phone"),
    ("+44 (0)7700 900 123", "+44 (0)7700 900 123", "phone"),
    ("0044 7700 900123", "0044 7700 900123", "phone"),
    ("07700-900-123", "07700-900-123", "phone"),
    ("call,07700900123", "07700900123", "phone"),
    ("tel: 960123", "960123", "phone"),
    ("ext. 4417", "4417", "phone"),
    ("at GU1 1AA", "GU1 1AA", "postcode"),
    ("at gu11aa", "gu11aa", "postcode"),
    ("SW1A 1AA", "SW1A 1AA", "postcode"),
    ("the SE15 area", "SE15", "postcode"),
    ("NHS no. 943 476 5919", "943 476 5919", "number"),
    ("her NHS number is 9434765918", "9434765918", "number"),
    ("UPN H801200001001", "H801200001001", "number"),
    ("A123456789012 is on roll", "A123456789012", "number"),
    ("ULN: 1234567890", "1234567890", "number"),
    ("NI QQ123456C", "QQ123456C", "number"),
    ("ab 12 34 56 c", "ab 12 34 56 c", "number"),
    ("DOB 12/03/2011", "12/03/2011", "date"),
    ("born on 3rd March 2011", "3rd March 2011", "date"),
    ("date of birth: 2011-03-12", "2011-03-12", "date"),
    ("d.o.b. 12.03.11", "12.03.11", "date"),
    ("ask @parentforum there", "@parentforum", "handle"),
    ("case ref 12345/AB", "12345/AB", "reference"),
    ("to the Ombudsman (ref 24 000 999) in May", "24 000 999", "reference"),
    ("EHCP ref: EH-2023-0045", "EH-2023-0045", "reference"),
    ("appeal EH929/23/00045 is listed", "EH929/23/00045", "reference"),
    ("Case number 448812", "448812", "reference"),
    ("SEND/2024/00123", "SEND/2024/00123", "reference"),
    ("at 12 High Street", "12 High Street", "address"),
    ("Flat 3, 14 Oak Tree Close", "Flat 3, 14 Oak Tree Close", "address"),
    ("she lives at 12 oak road", "12 oak road", "address"),
    ("the site on Elm Road", "Elm Road", "address"),
    ("a van, AB12 CDE, waits", "AB12 CDE", "vehicle"),
    ("taxi reg: K123 ABC", "K123 ABC", "vehicle"),
]

HARMLESS = """\
£25,000 per year | the 2024/25 budget | in 2023-2024 | section 19 and Section 36 | 0-25 years | 19-25
45% of 120 | EHCPs | Q1 2025 | Year 6 and KS2 | 1:1 support | 3.5 FTE | 10,000 children
we have 4500 EHCPs | EHCP 2014 | a 12 week wait | 20 weeks in 2023 | case 1 and case 2
case studies 1, 3 | appeal in 2023 | 24/7 | 9am-5pm | by 31/03/2025 | Band E3 | P4 levels
the Children and Families Act 2014 | 5 ways to wellbeing | A1 size | e.g. this etc.and | and so on.In the
the team.School is | the team.support is | 1234567 pounds | £1234567890 | NC12 levels | T1 2AB?
ages 11-16 and 16-19 | the 2023/2024 academic year | 25 hours of TA time | call 111 or 999 | 3-4 times
SEN2 data | reference 2014 code | 0.5 FTE, 0.8 FTE | the SEND code of practice | meet @ school
2 x 30 minutes | 100% by 2026 | costs £45.50 | a 1 in 5 chance | 16+ and 18+ | 2.5 days
on the High Street | see www.gov.uk/send or ipsea.org.uk | the ombudsman had 22 014 of them"""


@pytest.mark.parametrize(("text", "identifier", "label"), IDENTIFIERS)
def test_finds_each_kind_of_identifier_whole(text, identifier, label):
    assert (identifier, label) in found(text)


@pytest.mark.parametrize("text", [part.strip() for line in HARMLESS.split("\n") for part in line.split("|")])
def test_leaves_amounts_years_ages_and_section_numbers_alone(text):
    assert found(text) == set()


def test_the_check_digit_decides_only_the_confidence_of_an_nhs_number():
    assert nhs_confidence("943 476 5919") == 1.0  # the example of the NHS Data Dictionary
    assert nhs_confidence("943 476 5918") == 0.6
    assert found("on 943 476 5918 now") == {("943 476 5918", "number")}


@pytest.mark.parametrize("unit", ["a", "1 ", "a.", "0", "@", "a@", "Aa ", "EHCP ref ", "a at ", "[", "01/"])
def test_long_texts_take_time_in_proportion(unit):
    text = (unit * 50_000)[:50_000]
    for span in find_identifiers(text):
        assert 0 <= span.start < span.end <= len(text)
