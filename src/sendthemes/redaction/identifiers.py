"""Identifiers with a form of their own: addresses, numbers, codes, dates of birth."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import lru_cache
from typing import NamedTuple

from sendthemes.redaction.lexicon import alternatives, read_sections
from sendthemes.redaction.spans import Label, Span


class Pattern(NamedTuple):
    """One kind of identifier; the last group of its pattern, where there is one, is the identifier.

    No text holds it without a character of ``gate`` and one of ``words`` (in lower case); either may be
    empty. ``sure`` gives the confidence of what was matched; 0 means that it is something else.
    """

    rule: str
    label: Label
    pattern: re.Pattern[str]
    gate: str
    sure: Callable[[str], float] | float
    words: tuple[str, ...] = ()


def find_identifiers(text: str) -> list[Span]:
    """Find every identifier in a normalised text; they may overlap.

    Amounts, years, percentages, ages, section numbers, counts of plans and school terms are none.
    """
    spans = []
    characters, folded = set(text), text.lower()
    shut = {pattern.gate for pattern in patterns() if pattern.gate and characters.isdisjoint(pattern.gate)}
    for rule, label, pattern, gate, sure, words in patterns():
        if gate in shut or (words and not any(map(folded.__contains__, words))):
            continue
        for match in pattern.finditer(text):
            start, end = match.span(match.lastindex or 0)
            confidence = sure(text[start:end]) if callable(sure) else sure
            if confidence:
                spans.append(Span(start, end, label, rule, "identifier", confidence))
    return spans


def _digits(text: str) -> list[int]:
    return [int(letter) for letter in text if letter.isdigit()]


def nhs_confidence(number: str) -> float:
    """Give 1 for an NHS number whose check digit is right (Modulus 11, NHS Data Dictionary), else 0.6."""
    digits = _digits(number)
    if len(digits) != 10:
        return 0.6
    check = (
        11 - sum(digit * weight for digit, weight in zip(digits, range(10, 1, -1), strict=False)) % 11
    ) % 11
    return 1.0 if check == digits[9] else 0.6


def _uln(number: str) -> float:
    # A unique learner number's weighted sum of all but the last digit leaves 10 minus the last (ESFA).
    digits = _digits(number)
    rest = sum(digit * weight for digit, weight in zip(digits[:9], range(10, 1, -1), strict=False)) % 11
    return 1.0 if rest and 10 - rest == digits[9] else 0.6


def _phone(written: str) -> float:
    number = re.split("[A-Za-z]", written, maxsplit=1)[0]  # without an extension
    digits = "".join(letter for letter in number if letter.isdigit())
    national = re.sub(r"^(?:00)?44(?:0)?|^0", "", digits)
    if not 9 <= len(national) <= 10 or national[0] in "0456":
        return 0.0
    return 1.0


def _postcode(written: str) -> float:
    return float(re.split(r"\d", written)[0].strip().upper() in _POSTCODE_AREAS)


def _local_site(written: str) -> float:
    host, _, page = re.sub(r"^\w+://", "", written.casefold()).removeprefix("www.").partition("/")
    return float(host not in _NATIONAL_SITES or bool(page and not host.endswith("gov.uk")))


def _upn(written: str) -> float:
    letters, weights = "ABCDEFGHJKLMNPQRTUVWXYZ", range(2, 14)
    digits = written[1:].upper()
    if not digits[:11].isdigit():
        return 0.8
    total = sum(
        int(digit) * weight for digit, weight in zip(digits[:12], weights, strict=False) if digit.isdigit()
    )
    return 1.0 if letters[total % 23] == written[0].upper() else 0.8


_W = alternatives("identifier_words.txt")
_NATIONAL_SITES = frozenset(" ".join(dict(read_sections("identifier_words.txt"))["national sites"]).split())
_POSTCODE_AREAS = frozenset(" ".join(dict(read_sections("identifier_words.txt"))["postcode areas"]).split())
# Endings that are English words ("the team.support is") are left out: they are found after www. and https://.
_TLD = (
    r"(?:(?:co|org|gov|ac|sch|nhs|ltd|me|plc|net|police|mod)\.uk|gov\.(?:wales|scot)|com|org|net|edu|gov|"
    r"uk|io|eu|scot|cymru|biz|ie)"
)
_NO_MAILBOX = _W["no mailbox"]
_ENDINGS = (".uk", ".wales", ".scot", ".com", ".org", ".net", ".edu", ".gov", ".io", ".eu", ".cymru", ".biz")
_LABEL = r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
_MONTH = _W["month"]
_DATE = (
    rf"(?:\d{{1,2}}\s?[-/.]\s?\d{{1,2}}\s?[-/.]\s?(?:\d{{4}}|\d{{2}})|\d{{4}}-\d{{2}}-\d{{2}}|\d{{1,2}}"
    rf"(?:st|nd|rd|th)?\s+(?:of\s+)?{_MONTH}\.?,?\s+(?:\d{{4}}|'?\d{{2}}\b)|{_MONTH}\s+\d{{1,2}}(?:st|nd|"
    rf"rd|th)?,?\s+\d{{4}}|{_MONTH}\s+\d{{4}})"
)
_STREET = _W["street"]
_HOUSE = r"(?:[A-Z][a-z'-]+\s){1,2}(?:Cottage|House|Farm|Barn|Lodge|Villa|Bungalow|Court)"
_ROAD = rf"(?:[A-Z][a-z'-]+\s){{1,3}}{_STREET.title()}"
_BIRTH = ("birth", "born", "dob", "d.o", "d o")
_YEAR = re.compile(r"(?:19|20)\d{2}(?:[/-]\d{2,4})?")
_ID = r"(?=[A-Za-z0-9/-]*\d)[A-Za-z0-9]{1,12}(?:[/-][A-Za-z0-9]{1,8}){0,4}"


def _pattern(
    rule: str,
    label: Label,
    pattern: str,
    *,
    gate: str = "0123456789",
    sure: Callable[[str], float] | float = 1.0,
    words: tuple[str, ...] = (),
    case: bool = False,
) -> Pattern:
    return Pattern(rule, label, re.compile(pattern, 0 if case else re.IGNORECASE), gate, sure, words)


def _patterns() -> Iterator[Pattern]:
    # Plain, partly starred ("j***@council.gov.uk") or without its ending.
    yield _pattern(
        "e-mail",
        "email",
        r"(?<![\w.+*-])[\w.+%*'-]{1,64}(?:\s?@\s?(?:[\w*-]{1,63}\.){1,8}[\w*]{2,24}|@[\w*-]{2,63})",
        gate="@",
    )
    yield _pattern(
        "masked e-mail",
        "email",
        rf"(?<![\w.])(?:[\w+*-]{{1,64}}(?:\s?[\[({{]\s?dot\s?[\])}}]\s?|\sdot\s)){{0,3}}(?!{_NO_MAILBOX}\s)"
        r"[\w.+*-]{1,64}\s?(?:[\[({]\s?at\s?[\])}]|\s(?:at|@)\s)\s?(?!www\.)"
        rf"(?:[\w*-]{{1,63}}\s?(?:\.|[\[({{]\s?dot\s?[\])}}]|\sdot\s)\s?){{1,4}}{_TLD}\b",
        gate="",
        words=("dot", *_ENDINGS),
    )
    yield _pattern(
        "URL",
        "url",
        r"\b(?:https?|ftp)://[^\s<>\"')\]]+[^\s<>\"')\].,;:!?]|\bwww\.[^\s<>\"')\]]+[^\s<>\"')\].,;:!?]",
        gate="/.",
        sure=_local_site,
    )
    yield _pattern(
        "domain",
        "url",
        rf"(?<![\w.@-])(?:{_LABEL}\.)+{_TLD}\b(?!\.\w)(?:/[^\s<>\"')\]]*[\w/])?",
        gate=".",
        sure=_local_site,
        words=_ENDINGS,
    )
    yield _pattern(
        "handle", "handle", r"(?<![\w@.])@[A-Za-z_](?:[A-Za-z0-9_.]{0,28}[A-Za-z0-9_])(?![\w@])", gate="@"
    )
    yield _pattern(
        "phone",
        "phone",
        r"(?<![\w£$€])(?<!\d[.,-])(?:(?:\+|00)\s?44[\s.-]?(?:\(0\)[\s.-]?)?|\(?0(?=\d))"
        r"(?:[\s.()-]{0,3}\d){9,10}(?![\d%])(?:\s?(?:ext\.?|x|extension)\s?\d{1,6})?",
        gate="0+",
        sure=_phone,
    )
    yield _pattern(
        "phone in context",
        "phone",
        r"\b(?:tel(?:ephone)?|phone|mob(?:ile)?|call|ring|text|ext(?:ension)?|fax|whatsapp)\b(?:\s(?:me|us|"
        r"them|number|no|is|on|at|her|him)){0,4}[\s.:#-]{1,4}(\+?\d(?:[\s()-]?\d){3,12})(?![\d%])",
        sure=0.8,
    )
    yield _pattern(
        "postcode",
        "postcode",
        r"(?<![\w£])(?:[A-PR-UWYZ][A-HK-Y]?\d[A-Z\d]?|GIR\s?0)\s{0,2}-?\d[ABD-HJLNP-UW-Z]{2}(?!\w)",
        sure=_postcode,
    )
    yield _pattern(
        "outward postcode",
        "postcode",
        r"\b(?:postcode|post\s?code|postal\s+(?:code|district|area))s?(?:\s(?:is|of|area|district|starting)){0,2}"
        r"[\s:]{1,3}([A-Z]{1,2}\d[A-Z\d]?)\b|\b([A-Z]{1,2}\d[A-Z\d]?)\s+(?:post\s?code|area\b)"
        r"|\b[A-Z]{1,2}\d[A-Z\d]?\s?\d[A-Z]{2}\W{1,2}(?:(?:and|or|not|to|is)\W)+([A-Z]{1,2}\d[A-Z\d]?)\b",
        sure=_postcode,
    )
    yield _pattern(
        "NHS number",
        "number",
        r"(?<![\w.£+-])(\d{3}[\s-]\d{3}[\s-]\d{4})(?![\w%])"
        r"|\bNHS\b[\s\w.:#-]{0,20}?(\d{3}[\s-]?\d{3}[\s-]?\d{4})(?!\w)",
        sure=nhs_confidence,
    )
    yield _pattern(
        "ten digits",
        "number",
        r"(?<![\w.,£$€+/-])[1-9]\d{9}(?![\w%]|[.,]\d)",
        sure=lambda n: max(nhs_confidence(n), _uln(n)),
    )
    yield _pattern(
        "UPN", "number", r"(?<!\w)[A-HJ-NP-RT-Z]\s?\d{3}\s?\d{4}\s?\d{2}\s?\d{2}\s?[\dA-Z](?!\w)", sure=_upn
    )
    yield _pattern(
        "learner number in context",
        "number",
        r"\b(?:UPN|ULN|URN|pupil\s+(?:number|no|id)|learner\s+(?:number|no|id)|student\s+(?:number|no|id)|"
        r"staff\s+(?:number|no|id)|employee\s+(?:number|no|id)|payroll\s+(?:number|no)|candidate\s+"
        r"(?:number|no))\.?(?:\s(?:is|was))?[\s:#-]{1,4}([A-Z]{0,3}\d[\dA-Z-]{2,14}|[A-Z]?\d{1,4}(?:\s\d{2,4}){1,4}[A-Z]?)\b",
        sure=lambda written: 0.9 if sum(map(str.isdigit, written)) >= 4 else 0.0,
    )
    yield _pattern(
        "NI number",
        "number",
        r"(?<!\w)(?!BG|GB|NK|KN|TN|NT|ZZ)[A-CEGHJ-TW-Z][A-CEGHJ-NP-TW-Z][\s-]?\d{2}[\s-]?\d{2}[\s-]?\d{2}[\s-]?[A-D](?!\w)",
    )
    yield _pattern(
        "date of birth",
        "date",
        rf"\b(?:d\.?\s?o\.?\s?b\.?|dates?\s+of\s+birth|birth\s?-?date|birthday|born)(?:\s(?:is|was|on|in|"
        rf"of|for|the|this|my|his|her|child|pupil|student|son|daughter|as|given|shown|recorded|written)){{0,3}}[\s:=(-]{{1,4}}({_DATE}|\d{{1,2}}\s\d{{1,2}}\s\d{{2,4}}\b|\d{{6,8}}\b|\d{{1,2}}"
        rf"(?:st|nd|rd|th)?\s+(?:of\s+)?{_MONTH}\b|(?:19|20)\d{{2}}\b)",
        words=_BIRTH,
    )
    yield _pattern(
        "date of birth", "date", rf"({_DATE})\s*[(,-]?\s*(?:d\.?o\.?b\b|\(?date\s+of\s+birth)", words=_BIRTH
    )
    yield _pattern(
        "reference",
        "reference",
        r"\b(?:(?:case|claim|application|booking|ticket|EHCP?|EHC\s?plan|EHCNA|tribunal|appeal|file|complaint|our|your|my|SENDIST|LGO|LGSCO|"
        r"ombudsman|court|referral|child|pupil|client|patient|hospital|social\s+care|mosaic|liquid\s?logic|"
        r"capita|synergy)\s*)?"
        rf"(?:ref(?:erence)?s?|case\s+(?:id|no|number)|(?:EHCP?|plan|tribunal|appeal|file|complaint|claim|application|booking|ticket|"
        rf"hospital|patient|client|record|mosaic|referral)\s+(?:id|no|number)|case|tribunal|appeal|ticket)\b\.?"
        rf"(?:\s?(?:number|no|id|num)\b\.?)?(?:\s(?:is|was))?[\s:#()-]{{1,4}}(\d\d(?:\s\d{{3}}){{2}}|{_ID})(?![\w%])",
        sure=lambda written: (
            1.0 if sum(map(str.isdigit, written)) >= 3 and not _YEAR.fullmatch(written) else 0.0
        ),
        words=("ref", "case", "tribunal", "appeal", "ticket", " id", " no", "number"),
    )
    yield _pattern(
        "ombudsman reference",
        "reference",
        r"(?<![\w.,£-])\d\d[ -]\d{3}[ -]\d{3}(?![\w%]|[.,-]\d)",
        words=("ombudsman", "lgo", "lgsco"),
    )
    # Appeals to the SEND tribunal: EH929/23/00045; local numbers of plans: EHCP-2023-0456, SEND/00123.
    yield _pattern("tribunal reference", "reference", r"(?<!\w)[A-Z]{1,3}\d{3}/\d{2}/\d{4,5}(?!\w)", gate="/")
    yield _pattern(
        "plan reference",
        "reference",
        r"(?<!\w)(?:EHCP?|EHCNA|SEND?|CIN|CLA|LAC|CP|TRIB|REF|CASE|ID|CAF)[-/_#]{1,2}"
        r"(?:[A-Z]{1,4}[-/_])?\d{2,10}(?:[-/]\d{1,8}){0,3}(?![\w%])",
        gate="-/_#",
        sure=lambda written: 1.0 if sum(map(str.isdigit, written)) >= 4 else 0.0,
    )
    yield _pattern(
        "street address",
        "address",
        r"(?<![\w£.%-])(?:(?i:(?:flat|unit|apartment|apt|room|suite)\s?\w{1,4},?\s+))?\d{1,4}"
        r"(?:-\d{1,4})?[A-Za-z]?,?\s+"
        rf"(?:(?:[A-Z][A-Za-z'.-]+,?|St\.?|The)\s+){{1,4}}(?:{_STREET.title()}|(?i:street|road|avenue|crescent|"
        rf"terrace|close|lane|drive))\b\.?",
        case=True,
    )
    yield _pattern(
        "street address, lower case",
        "address",
        r"\b(?:(?:lives?|living|lived|address|resides?)\s+(?:is\s+)?(?:at\s+)?"
        r"(?:flat\s\w{1,4},?\s)?)(\d{1,4}[a-z]?,?\s+(?:[a-z'.-]+\s+){1,4}(?:street|road|avenue|lane|drive|"
        r"close|crescent|way|court|terrace|gardens?|grove|place|square|mews|walk|st|rd|ave)\b)",
    )
    yield _pattern(
        "street",
        "address",
        r"\b(?:(?i:on|at|in|off|near)\s+(?:the\s+)?)((?!Memory|High|Main|Any)[A-Z][a-z'-]+"
        r"(?:\s[A-Z][a-z'-]+)?\s(?:Road|Lane|Avenue|Crescent|Terrace|Close|Drive|Street))\b",
        case=True,
        gate="",
        sure=0.8,
        words=(" road", " lane", " avenue", " crescent", " terrace", " close", " drive", " street"),
    )
    yield _pattern(
        "flat",
        "address",
        r"\b(?:Flat|Apartment|Apt)\s?\d{1,4}[A-Za-z]?,?\s+(?:[A-Z][a-z'-]+\s){1,3}"
        r"(?:Court|House|Lodge|Towers?|Heights|Mansions|Buildings|Point|Place)\b",
        case=True,
    )
    # Houses by name: "Rose Cottage, Church Road"; "we live at Hill Farm".
    yield _pattern(
        "house",
        "address",
        rf"\b(?:{_HOUSE},\s+{_ROAD}|(?:[Ll]iv(?:es?|ed|ing)|[Aa]ddress is|[Hh]ome is)\s(?:at\s|in\s)?"
        rf"({_HOUSE}(?:,\s+{_ROAD})?))\b",
        case=True,
        gate="",
        words=("cottage", "house", "farm", "barn", "lodge", "villa", "bungalow", "court"),
    )
    yield _pattern(
        "address before a postcode",
        "address",
        r"\b((?:Unit|Flat|Suite|Floor|Room|Block)\s?\d{1,4}[A-Za-z]?(?:,\s+[A-Z][\w' -]{1,40}){1,4})"
        r"(?=,?\s+[A-Z]{1,2}\d[A-Z\d]?\s?\d[A-Z]{2}\b)",
        case=True,
    )
    yield _pattern("PO box", "address", r"\bP\.?\s?O\.?\s?Box\s?\d{1,6}\b")
    yield _pattern(
        "number plate", "vehicle", r"(?<!\w)[a-hj-pr-y]{2}\d{2}[a-hj-pr-z]{3}(?!\w)", case=True, sure=0.8
    )
    yield _pattern(
        "number plate", "vehicle", r"(?<![\w£])[A-HJ-PR-Y][A-HJ-PR-Y]\d{2}\s?[A-HJ-Z]{3}(?!\w)", case=True
    )
    yield _pattern(
        "number plate",
        "vehicle",
        r"\b(?:reg(?:istration)?|number\s?plate|car|vehicle|van|minibus|taxi)\b(?:\s(?:number|no|plate|is|"
        r"was|reg|registration)){0,3}[\s:.#-]{1,3}([A-Z]{2}\d{2}\s?[A-Z]{3}|[A-Z]\d{1,3}\s?[A-Z]{3}|"
        r"[A-Z]{3}\s?\d{1,3}\s?[A-Z]|(?-i:[A-Z]{1,3})\s?\d{1,4})(?!\w)",
        sure=0.8,
    )


@lru_cache(maxsize=1)
def patterns() -> tuple[Pattern, ...]:
    """Give the rules, made when first asked for."""
    return tuple(_patterns())
