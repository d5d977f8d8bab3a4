"""Schools, trusts and hospitals named in a text: hidden, their kind kept."""

from __future__ import annotations

import re
from collections.abc import Callable

from sendthemes.redaction.spans import Label, Span

_NAME = r"(?:[A-Z][a-z]+(?:['-][A-Za-z]+)*|St\.?|SS|[A-Z]{2,})"
_LINK = r"(?:of|the|&|de|le|upon)"
_LINKS = r"(?:of|the|and|&|on|for|upon)"
_FAITH = r"(?:CofE|C\s?of\s?E|CE|RC|C\.E\.|R\.C\.|Church\s+of\s+England|(?:Roman\s+)?Catholic|Methodist|Jewish|Islamic|Muslim)"
_TYPE = (
    r"(?:Infants?|Juniors?|Primary|Secondary|High|Grammar|Nursery|Special|Middle|First|Upper|Lower|Community|Preparatory|"
    r"Prep|Comprehensive|Foundation|Academy|VA|VC|Girls'?|Boys'?|Aided|Voluntary|Controlled|Sixth\s+Form|Technology|Free|"
    r"Studio|Voluntary\s+Aided|Specialist|Learning|and|&)"
)
_HEAD = r"(?:School|Academy|College|Nursery|Primary|Infants|Juniors|Secondary|Pre-?school|Federation|PRU|Sixth\s+Form)"
_SCHOOL = re.compile(
    rf"\b({_NAME}(?:\s+(?:{_LINK}\s+){{0,2}}{_NAME}){{0,4}}?)((?:\s+{_FAITH})?(?:\s+{_TYPE}){{0,5}}\s+{_HEAD})\b"
)
# Saints are schools in any case of letters: "st marys primary", "St. John's CofE school".
_SAINT = re.compile(
    r"\b((?:ss?t\.?|saint|our\s+lady(?:\s+of)?|holy|sacred)\s+[a-z]+(?:['-]?s)?(?:\s+(?:and|&)\s+(?:st\.?\s+)?[a-z]+(?:'?s)?)?)"
    r"((?:\s+(?:cofe|c\s?of\s?e|ce|rc|catholic|church\s+of\s+england|roman\s+catholic))?(?:\s+(?:infants?|juniors?|primary|secondary|"
    r"high|grammar|nursery|special|middle|first|academy|va|vc|voluntary|aided|controlled)){0,4}"
    r"(?:\s+(?:school|academy|college|nursery|federation)|\s+(?:primary|infants|juniors|secondary|high)))\b",
    re.IGNORECASE,
)
_TRUST = re.compile(
    rf"\b({_NAME}(?:(?:,)?\s+(?:{_LINKS}\s+){{0,2}}{_NAME}){{0,6}}?)(\s+(?:(?:NHS|Hospitals?|University|Foundation|Partnership|"
    r"Healthcare|Health(?:\s+and\s+Care)?|Community|Mental\s+Health|Learning|Education(?:al)?|Academ(?:y|ies)|Multi-?\s?Academy|Schools?|"
    r"MAT)\s+){1,5}?Trust|\s+(?:MAT|Multi-?\s?Academy\s+Trust))\b"
)
_HOSPITAL = re.compile(
    rf"\b({_NAME}(?:\s+(?:{_LINK}\s+){{0,2}}{_NAME}){{0,4}}?)(\s+(?:(?:General|Children'?s|University|Community|County|District|Teaching|"
    r"Royal|Cottage)\s+){0,3}(?:Hospitals?|Infirmary|Hospice|Medical\s+Centre|Surgery|Health\s+Centre|Child\s+Development\s+Centre))\b"
)
# Words before "School" that name no school: kinds, judgements, determiners, roles.
_GENERIC = frozenset(
    """a academy access additional after all alternative an another any aided area at attached autism back base best between big boarding
    both british by catholic child church city community comprehensive controlled county cross current day deaf different district each
    early education eight england every faith feeder few first five for former four foundation free from full further girls boys good
    grammar head her hers high his home host hub if improving in inclusive independent infant infants integrated international
    it's its junior juniors key language large larger last lead leading link linked local lower main mainstream maintained many mat
    middle mixed more most multi my national nearby neighbouring new next nine no non not now nursery nurture of off old on one only or
    other our out outstanding over own part partner pre prep preparatory previous primary private provision pru public pupil quality
    receiving resourced residential rural same school schools secondary selective sen send senior seven several similar single six
    sixth small smaller some special specialist staff state strong studio sunday summer supportive teaching technical ten that the
    their these third this those three through to total town training trust two under unit university unless until upper urban usual
    various village virtual visiting voluntary we well welcoming welsh what when where which while whole whose with without within
    year young your and but so as is are was can do does how why who although because since having being i you they he she there
    here then also however overall during before despite ehcp ehc ks1 ks2 ks3 ks4 la las senco sencos semh asd slcn mld sld pmld nhs
    foundation mental health hospital hospitals partnership acute care general children children's teaching
    forest breakfast medical academies federation college colleges leadership executive deputy assistant
    headteacher teacher  state-funded outreach satellite small-scale roman methodist jewish islamic muslim""".split()
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
    return spans


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
