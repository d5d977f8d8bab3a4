"""Schools, trusts and hospitals named in a text: hidden, their kind kept."""

from __future__ import annotations

import re
from collections.abc import Callable

from sendthemes.redaction.lexicon import fold_name, is_dictionary_word, names
from sendthemes.redaction.spans import Label, Span

_NAME = r"(?:[A-Z][a-z]+(?:['-][A-Za-z]+)*|St\.?|SS|[A-Z]{2,})"
_LINK = r"(?:of|the|&|de|le|upon)"
_LINKS = r"(?:of|the|and|&|on|for|upon)"
_FAITH = (
    r"(?:CofE|C\s?of\s?E|CE|RC|C\.E\.|R\.C\.|Church\s+of\s+England|(?:Roman\s+)?Catholic|Methodist|Jewish|"
    r"Islamic|Muslim)"
)
_TYPE = (
    r"(?:Infants?|Juniors?|Primary|Secondary|High|Grammar|Nursery|Special|Middle|First|Upper|Lower|"
    r"Community|Preparatory|Prep|Comprehensive|Foundation|Academy|VA|VC|Girls'?|Boys'?|Aided|Voluntary|"
    r"Controlled|Sixth\s+Form|Technology|Free|Studio|Voluntary\s+Aided|Specialist|Learning|and|&)"
)
_HEAD = (
    r"(?:School|Academy|College|Nursery|Primary|Infants|Juniors|Secondary|Pre-?school|Federation|PRU|"
    r"Sixth\s+Form)"
)
_SCHOOL = re.compile(
    rf"\b({_NAME}(?:\s+(?:{_LINK}\s+){{0,2}}{_NAME}){{0,4}}?)((?:\s+{_FAITH})?"
    rf"(?:\s+{_TYPE}){{0,5}}\s+{_HEAD}(?:(?<=Academy)\s(?!Trust|Order|Schools?|Head|Chain|SEN){_NAME})?)\b"
)
# Saints are schools in any case of letters: "st marys primary", "St. John's CofE school".
_SAINT = re.compile(
    r"\b((?:ss?t\.?|saint|our\s+lady(?:\s+of)?|holy|sacred)\s+[a-z]+(?:['-]?s)?(?:\s+(?:and|&)\s+"
    r"(?:st\.?\s+)?[a-z]+(?:'?s)?)?)((?:\s+(?:cofe|c\s?of\s?e|ce|rc|catholic|church\s+of\s+england|"
    r"roman\s+catholic))?(?:\s+(?:infants?|juniors?|primary|secondary|high|grammar|nursery|special|middle|"
    r"first|academy|va|vc|voluntary|aided|controlled)){0,4}(?:\s+(?:school|academy|college|nursery|"
    r"federation)|\s+(?:primary|infants|juniors|secondary|high)))\b",
    re.IGNORECASE,
)
_TRUST = re.compile(
    rf"\b({_NAME}(?:(?:,)?\s+(?:{_LINKS}\s+){{0,2}}{_NAME}){{0,6}}?)(\s+(?:(?:NHS|Hospitals?|University|"
    rf"Foundation|Partnership|"
    r"Healthcare|Health(?:\s+and\s+Care)?|Community|Mental\s+Health|Learning|Education(?:al)?|Academ(?:y|"
    r"ies)|Multi-?\s?Academy|Schools?|MAT)\s+){1,5}?Trust|\s+(?:MAT|Multi-?\s?Academy\s+Trust))\b"
)
_HOSPITAL = re.compile(
    rf"\b({_NAME}(?:\s+(?:{_LINK}\s+){{0,2}}{_NAME}){{0,4}}?)(\s+(?:(?:General|Children'?s|University|"
    rf"Community|County|District|Teaching|"
    r"Royal|Cottage)\s+){0,3}(?:Hospitals?|Infirmary|Hospice|Medical\s+Centre|Surgery|Health\s+Centre|"
    r"Child\s+Development\s+Centre))\b"
)
# Words before "School" that name no school: kinds, judgements, determiners, roles.
_GENERIC_WORDS = (
    "a academies academy access acute additional after aided all also alternative although an and "
    "another any are area as asd assistant at attached autism back base because before being best "
    "between big boarding both boys breakfast british but by can care catholic child children "
    "children's church city college colleges community comprehensive controlled county cross current "
    "day deaf deputy despite different district do does during each early education ehc ehcp eight "
    "england every executive faith federation feeder few first five for forest former foundation four "
    "free from full further general girls good grammar having he head headteacher health her here hers "
    "high his home hospital hospitals host how however hub i if improving in inclusive independent "
    "infant infants integrated international is islamic it's its jewish junior juniors key ks1 ks2 ks3 "
    "ks4 la language large larger las last lead leadership leading link linked local lower main "
    "mainstream maintained many mat medical mental methodist middle mixed mld more most multi muslim my "
    "national nearby neighbouring new next nhs nine no non not now nursery nurture of off old on one "
    "only or other our out outreach outstanding over overall own part partner partnership pmld pre prep "
    "preparatory previous primary private provision pru public pupil quality receiving residential "
    "resourced roman rural same satellite school schools secondary selective semh sen senco sencos send "
    "senior seven several she similar since single six sixth slcn sld small small-scale smaller so some "
    "special specialist staff state state-funded strong studio summer sunday supportive teacher "
    "teaching technical ten that the their then there these they third this those three through to "
    "total town training trust two under unit university unless until upper urban usual various village "
    "virtual visiting voluntary was we welcoming well welsh what when where which while who whole whose "
    "why with within without year you young your"
)
_GENERIC = frozenset(_GENERIC_WORDS.split())
# A school by its name alone: "his school, Larkmead, said", "he is at Ashdown Manor", "Brookvale High".
_UNKIND = re.compile(
    rf"\b(?:(?i:school|nursery|college|academy|pre-?school|provision)(?:,|:| -| \(|\s+(?:called|named|is|was))\s+"
    rf"|(?i:at|attend(?:s|ed|ing)?|nam(?:ed|ing|es)|joined|moved to|excluded from)\s+)(?:the\s+)?({_NAME}(?:\s{_NAME}){{0,2}})()"
    rf"(?=[\s.,;:!?)]|$)|\b(St\.?\s[A-Z][a-z]+'?s\b|{_NAME}\s+(?:High|Manor|Grange|Lodge))(?=[.,;:!?)]|\s+[a-z]|$)"
)
# In lower case or capitals a preposition must lead: "at oakfield primary", "AT HOLLY BANK PRIMARY SCHOOL".
_CASELESS = re.compile(
    r"\b(?:at|from|attends?|attended|attending|goes to|went to|go to|called)\s+((?:[a-z']{3,}\s+){1,3}?)((?:(?:c of e|ce|rc|catholic|infants?|"
    r"juniors?|primary|secondary|high|special|nursery)\s+){0,2}(?:school|academy|college|primary|infants|juniors|high school))\b",
    re.IGNORECASE,
)
_LADY = re.compile(r"Our\s+Lady\b", re.IGNORECASE)
_KINDS: tuple[tuple[str, Label, re.Pattern[str]], ...] = (
    ("school", "school", _SCHOOL),
    ("school", "school", _SAINT),
    ("trust", "organisation", _TRUST),
    ("hospital", "organisation", _HOSPITAL),
)


def find_organisations(text: str, *, kept: Callable[[str], bool]) -> list[Span]:
    """Find schools, trusts and hospitals by name.

    Args:
        text: A normalised text.
        kept: Says whether a phrase is protected vocabulary ("Virtual School", "Royal College").

    Returns:
        Spans with label ``school`` or ``organisation`` (rule "trust" or "hospital").
    """
    spans = []
    for rule, label, pattern in _KINDS:
        for match in pattern.finditer(text):
            start, end = _proper(text, match)
            if start >= 0 and not kept(text[start:end]):
                spans.append(Span(start, end, label, rule, "authority", 0.9))
    for match in _UNKIND.finditer(text):
        start, end = match.span(1 if match.group(1) else 3)
        words = text[start:end].split()
        several = len(words) > 1 and text[match.start() :].lower().startswith(("school", "nursery", "college", "academy"))
        if words[0].casefold() in _GENERIC or kept(text[start:end]):
            continue
        if several or words[0].startswith("St") or _is_strange(fold_name(text[start:end].split()[0])):
            spans.append(Span(start, end, "school", "school by name", "authority", 0.6))
    for match in _CASELESS.finditer(text):
        words = match.group(1).casefold().split()
        plain = match.group(1).islower() or match.group(1).isupper()
        if plain and not any(w in _GENERIC for w in words) and not all(is_dictionary_word(w, ("adj", "adv")) for w in words):
            spans.append(Span(match.start(1), match.end(2), "school", "school in any case", "authority", 0.6))
    return spans


def _is_strange(first: str) -> bool:
    """Whether a name's first word is no known word and nobody's name: "Larkmead", not "Monday" or "Priya"."""
    lists = names()
    return (
        len(first) > 4
        and first not in lists.given
        and first not in lists.surnames
        and not is_dictionary_word(first)
    )


def _proper(text: str, match: re.Match[str]) -> tuple[int, int]:
    """Cut generic words off the front of a name; (-1, -1) where nothing of a name is left."""
    start, end = match.start(1), match.end(1)
    for word in re.finditer(r"\S+", match.group(1)):
        if word.group().casefold().strip(".,'") in _GENERIC and not _LADY.match(
            text, match.start(1) + word.start()
        ):
            start = match.start(1) + word.end() + 1
        else:
            break
    name = text[start:end].split()
    if (
        start >= end
        or not name
        or all(word.casefold().strip(".,'") in _GENERIC or word in ("Royal", "Great") for word in name)
    ):
        return -1, -1
    if name[0].casefold() in ("and", "&", "of", "the", "at", "in", "for", "on"):
        return -1, -1
    return start, match.end(2)
