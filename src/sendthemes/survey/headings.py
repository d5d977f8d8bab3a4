"""Headings: cleaned, known by the tool that wrote them, and turned into ids."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Literal

from sendthemes.text import normalise

# Column headings that survey tools write beside the questions, folded (letters and digits only).
RESPONDENT_IDS = (
    "responseid", "respondentid", "uniqueresponsenumber", "urn", "respondent", "responsenumber", "responseno",
    "submissionid", "userid", "userno", "participantid", "participant", "caseid", "recordid", "recordno",
    "uniqueid", "id", "ref", "reference", "serial", "serialno", "respondentno", "respondentnumber",
)  # fmt: skip
_METADATA = re.compile(
    r"""(?:
    starttime|completiontime|lastmodifiedtime|totalpoints|quizfeedback|gradepostedtime|collectorid
    |startdate|enddate|ipaddress|custom(?:data|variable)?\d*|durationinseconds|recordeddate
    |external(?:data)?reference|location(?:latitude|longitude)|distributionchannel|(?:user|start|interface)language
    |uniqueid|userid|userno|tracking(?:link|id)|useragent|timestamp|response(?:status|type)
    |(?:submitted|submission|completion|submit)date|datestamp|datelastaction|ipaddr|refurl|responseset
    |submittedon|date(?:submitted|started|completed|ofresponse)
    |(?:response|respondent|submission|consultation)id|uniqueresponsenumber|urn|lastpage
    |recipient(?:last|first)name|operatingsystem|invitationcode)""",
    re.VERBOSE,
)
# Words that a person may have asked for as well: metadata only where a tool's layout is recognised.
_TOOL_WORDS = re.compile(
    "language|status|progress|finished|started|ended|device|completed|score|seed|collector|source|channel|duration"
    "|variables|browser|referrer"
)
_PERSON = re.compile(
    r"(?:your|whatisyour|nameofyour|nameof)?(?:role|job(?:title|role)|position|organisation(?:name)?|team|department"
    r"|postcode|service|(?:telephone|phone|mobile|contact)(?:number|no)?)"
)
Sign = Literal["analyst", "quiz", "other", "comments", "follow-up", "consent"]
_SIGNS: dict[Sign, re.Pattern[str]] = {
    "analyst": re.compile(
        r"(?:^|[-–:|]\s*)(?:analyst(?:'s)?\s*(?:notes?|comments?|fields?|tags?)?|tags?|coding|coded by)$",
        re.I,
    ),
    "quiz": re.compile(r"^(?:points|feedback) - .", re.I),
    "other": re.compile(
        r"^(?:.*\b)?(?:if )?other\b.{0,25}\b(?:specify|state|describe|detail|tell us|explain|text)"
        r"|^(?:if )?others?\s*[:,]?$|^.* - (?:other .*)?text$",
        re.I | re.S,
    ),
    "comments": re.compile(
        r"^(?:any )?(?:further |additional |other )?comments?(?: box)?\s*:?$"
        r"|^(?:please )?(?:explain|give (?:your )?reasons?)\b",
        re.I,
    ),
    "follow-up": re.compile(
        r"^(?:please )?(?:tell us (?:more|why)|explain|give (?:your |the )?reasons?|say (?:more|why)|why\b)",
        re.I,
    ),
    "consent": re.compile(
        r"\b(?:publish|publication|quot(?:e|ed|es|ation|ing))\b"
        r".*\b(?:respon|answer|consent|comment|words|permission|name)"
        r"|\b(?:consent|permission|happy|agree|confidential)\b.*\b(?:publish|quot(?:e|ed|ing)|publication)"
        r"|\b(?:may|can|could) we (?:quote|publish)\b|\b(?:quote|publish) (?:you|me)\b",
        re.I | re.S,
    ),
}
_NUMBERED = re.compile(
    r"^(?:q(?:uestion)?\s?)?(\d{1,3}(?:\s?[a-z]\b|[._]\d{1,3}|\.[a-z]\b)*[a-z]?)\s*[.:)]\s*(?=\D)(.+)$"
    r"|^q(?:uestion\s)?(\d{1,3}[a-z]?)\s+(?:[-–]\s+)?(.+)$",
    re.I | re.S,
)
_OWN_ID = re.compile(r"[^\W\d][\w.\-/]{0,39}")
_WHO = (
    "(?:person|respondent|contact|parent|carer|child|pupil|student|young person|staff|colleague|practitioner)"
)
_PLACE = "(?:school|setting|academy|nursery|college|trust)"
_AUTHORITY = "(?:local (?:education )?authority|la|council|borough|lea)"
_IDENTIFIERS = {
    kind: re.compile("|".join(lines.split("\n")), re.I)
    for kind, lines in {
        "email": r"""(?:your |contact |work |recipient ?)?e-?mail(?: address)?(?: \(.*\))?
what is your e-?mail.*
.{0,70}\byour e-?mail(?: address)?(?: here| below| \(.*\))?
username""",
        "name": rf"""(?:your |full |first |last |sur|fore|recipient ?(?:first|last) ?)?name(?: \(.*\))?
{_WHO}(?:'s)? name(?: \(.*\))?
(?:what is|please (?:give|enter|provide|write|tell us)) your (?:full |first |last )?name.*
your (?:full |first |last )?name\b.{{0,30}}
names? of (?:the |your |all )?{_WHO}s?\b.{{0,60}}
(?:form |survey )?completed by(?: \(.*\))?""",
        "la": rf"""(?:name of |your |which )?{_AUTHORITY}(?: name| area)?
(?:which|what)(?: is your)? (?:local authority|council|borough|la)\b.*""",
        "school": rf"""(?:name of (?:your )?|your |which )?{_PLACE}(?:'s)? name
(?:your )?(?:school|setting)(?: name)? (?:or|and|/) (?:school|setting|college|trust)\b.{{0,40}}
name of (?:your )?{_PLACE}
(?:your )?school
which school\b.*""",
    }.items()
}


def clean(heading: str | None) -> str:
    """Give a heading as one line: no invisible characters, plain quotation marks, single spaces."""
    return " ".join(normalise(heading or "").text.split())


def key(heading: str) -> str:
    """Fold a heading to its letters and digits, to compare it with known ones."""
    return "".join(character for character in clean(heading).casefold() if character.isalnum())


def folded(heading: str) -> str:
    """Fold a heading's case and spaces."""
    return clean(heading).casefold()


def says(heading: str, sign: Sign) -> bool:
    """Say whether a heading shows what its column is for.

    Args:
        heading: The heading, or the sub-heading of a part.
        sign: ``"analyst"`` what analysts wrote, not respondents (notes, tags); ``"quiz"`` points of a quiz;
            ``"other"`` the text box of an option "Other"; ``"comments"`` a comment box under a closed
            question; ``"follow-up"`` "Tell us more"; ``"consent"`` whether the answers may be published.
    """
    return bool(_SIGNS[sign].search(clean(heading)))


def is_metadata(heading: str, tool: str = "table") -> bool:
    """Say whether a survey tool writes this column of its own accord ("table": no tool is known)."""
    name = key(heading)
    by_tool = tool != "table" and _TOOL_WORDS.fullmatch(name)
    return bool(_METADATA.fullmatch(name) or by_tool) or says(heading, "quiz") or says(heading, "analyst")


def identifier(heading: str) -> str:
    """Say which kind of identifier a heading tells of: name, email, la, school, or an empty string."""
    text = clean(heading).rstrip("?:. ")
    text = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", text)
    return next((kind for kind, pattern in _IDENTIFIERS.items() if pattern.fullmatch(text)), "")


def numbered(heading: str) -> tuple[str, str]:
    """Split "Q27. How is it?" into its id and wording ("q27", "How is it?"); no number gives an empty id."""
    found = _NUMBERED.match(clean(heading))
    if not found:
        return "", clean(heading)
    number, text = (found[1], found[2]) if found[1] else (found[3], found[4])
    return "q" + re.sub(r"[.\s]+", "_", re.sub(r"[\s.](?=[a-z]$)", "", number.casefold())), text.strip()


def own_id(heading: str) -> str:
    """Give a heading that is one short word as its own id; an empty string for a wording."""
    text = clean(heading)
    return text if _OWN_ID.fullmatch(text) else ""


def slug(heading: str) -> str:
    """Give an id made of a heading's first words: "Start time" becomes start_time."""
    words = re.findall(r"[a-z0-9]+", clean(heading).casefold())
    return "_".join(words[:5]) or "column"


def unique(wanted: Iterable[str], given: Iterable[str] = ()) -> list[str]:
    """Make ids differ: the second "x" becomes "x_2"; case does not tell ids apart.

    ``given`` are ids that somebody chose: the last to want one of them has it, whatever stands before.
    """
    names = list(wanted)
    chosen = {name.casefold() for name in given}
    owner = {name.casefold(): at for at, name in enumerate(names) if name.casefold() in chosen}
    taken = set(owner)
    found: list[str] = []
    for at, name in enumerate(names):
        free, n = name, 1
        while free.casefold() in taken and owner.get(free.casefold()) != at:
            n += 1
            free = f"{name}_{n}"
        taken.add(free.casefold())
        found.append(free)
    return found


def about_person(heading: str) -> bool:
    """Say whether a short heading asks for a fact about the respondent: role, organisation, postcode."""
    return bool(_PERSON.fullmatch(key(heading)))
