"""What the words beside a name say: tables of cues, each with its points and its name.

A cue worth 3 makes a person of a word that is as often a name as not; 1 only helps. Read them as word lists.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

Cue = tuple[int, str, re.Pattern[str]]


def _any(words: str) -> str:
    """Give a pattern for any of some words; ``_`` is a space inside one, longer ones are tried first."""
    longest_first = sorted(words.split(), key=lambda word: (-len(word), word))
    return "(?:" + "|".join(longest_first).replace("_", " ") + ")"


_STEMS = _any(
    "psychologist therapist teacher officer manager worker coordinator co-ordinator director nurse leader"
)
_KINDS = _any(
    "educational clinical child assistant senior principal speech language occupational play art"
    " music class form specialist advisory outreach support teaching case social key link sen send ehc"
    " ehcp plan tribunal attendance inclusion team service casework line deputy school portage"
)
ROLE = (
    rf"(?:(?:{_KINDS} )*{_STEMS}s?"
    + r"|EPs?|SEND?COs?|SALTs?|OTs?|TAs?|head of (?:service|inclusion|SEND?|year)"
    + "|"
    + _any(
        "Ed_Psych ALNCo SLT S&LT HLTA LSA DCO DSCO DMO QTVI ToD GP ELSA DSL CEO EWO CPN physio"
        " physiotherapist paediatrician consultant doctor health_visitor headteacher head_teacher"
        " deputy_head deputy head principal teaching_assistant tutor governor caseworker keyworker"
        " practitioner mentor lead adviser advisor commissioner chair chairman chairwoman chairperson"
        " secretary administrator receptionist intervenor escort colleague boss friend partner husband"
        " wife mum mother dad father brother sister son daughter nephew niece grandson granddaughter twin"
        " twins pupil student boy girl lad child member councillor apprentice trainee assistant clerk"
        " planner analyst inspector"
    )[3:-1]
    + ")"
)
_FACILITY = _any(
    "school schools primary juniors infants nursery academy academies college centre center house"
    " lodge hall road street avenue close crescent hospital ward park trust foundation ltd limited"
    " method model scale scales profile theory approach award awards fund funding unit room class base"
    " hub project programme scheme syndrome disease test report review hill green court farm church"
    " chapel day term act bill inquiry appeal week square station lane way gardens island castle"
    " surgery library conference lecture training sessions intervention interventions therapy"
)
NOT_A_PERSON = re.compile(rf"\s+(?:\d|(?i:{_FACILITY})\b)|\s+[A-Z][\w']+\s+(?=[A-Z])(?i:{_FACILITY})\b")
HALLOWED = re.compile(
    r"\b"
    + _any("St Saint Our_Lady Lake Mount Port Mc River Upper Lower Great Little East West North South")
    + r"\.?\s+$"
)
ARTICLE = re.compile(r"\b(?:the|a|an|this|that)\s+$", re.IGNORECASE)
DETERMINER = re.compile(
    r"\b"
    + _any("the a an this that these those no any some our my their your its each every more new of much in")
    + r"\s+$",
    re.IGNORECASE,
)
AFTER_THANKS = re.compile(
    r"\s*(?:[.!,;)\n]|$)|\s+(?:for|from|at|in|who|about|today|yesterday)\b", re.IGNORECASE
)
FINITE = re.compile(
    r"\s+" + _any("is was has had does did said says left runs ran leads came went gave") + r"\b"
)
VERBS_BY_FORM = frozenset({"will", "sue", "drew", "rob", "frank", "pat", "chase"})

_THANKS = _any(
    "thank thanks thnaks thanx tahnks thankyou thank_you thx ta credit kudos shout_out shoutout"
    " praise hats_off gratitude well_done grateful cheers"
)
_SPEAK = _any(
    "speak speake spoke spoken speaking talk talks talked talking chat chatted chatting listen"
    " listened report reports reported refer referred complain complained wrote written writing meet"
    " meets meeting meetings met liaise liaised liaises liaising catch_up 1:1 supervision"
)
_REACHED = _any("emailed e-mailed phoned texted messaged rang told met asked thanked spoke")
_DONE = _any(
    "led lead chaired run managed headed headed_up set_up written delivered overseen facilitated"
    " coordinated co-ordinated organised championed supervised taught trained seen assessed coached"
    " mentored started introduced driven supported"
)
_ASK = _any(
    "ask email e-mail call ring phone tell see contact contacted text cc via love miss missed lost"
    " losing thanks named"
)
_LINK = _any(
    "with from by to for and or when as that like where because since if think hope know while until"
    " before after but"
)
_WHO = r"(?:our|the|my|a|an|their|your|his|her|this|its)"
_ADVERB = r"(?:\s+(?:also|always|never|just|really|then|only|often|usually|kindly|recently|already|now))?"
_SAID = _any(
    "said says told tells emailed phoned rang retired resigned explained explains mentioned suggested"
    " chairs chaired thinks thought knows knew wrote replied replies asked asks listens listened"
    " joined agreed quit organises organised chases chased met meets apologised cried laughed smiled"
    " shouted begged reckons texted texts swore answered remembers whispered advised volunteers"
)
_VERB = _any(
    "is was has had can could should would will must does did doesn't didn't isn't wasn't hasn't left"
    " leaves runs ran leads led manages managed helped helps supports supported visited visits came"
    " comes went goes works worked gave gives took takes covers covered attends attended started"
    " starts moved needs needed made makes gets got wants feels felt sent sends set put keeps kept"
)
_WORKS = _any(
    "runs ran leads led manages managed helped visited works worked covers covered attends attended supports"
    " supported wants felt confirmed promised refused refuses admitted insisted decided arranged arranges"
    " sorted sorts recommended translates translated picks turned stayed sits sat fought spotted signed"
    " stepped drives drove teaches taught deserves loves hates"
)
_GONE = _any("retired resigned moved_on joined gone returned been_off quit passed_away")
_OWN = _any(
    "mum mother dad father parents nan gran brother sister EHCP EHC_plan plan annual_review teacher TA class"
    " diagnosis needs anxiety name manager replacement caseload job retirement death advice report house"
)
_DONE_WELL = _any("written built run done met helped worked trained organised kept taught listened")
_PRAISE = _any(
    "brilliant great fantastic amazing excellent lovely helpful supportive wonderful superb outstanding fab"
)
_STATE = _any(
    "on_leave off_sick off on_maternity leaving retiring a_star star stars an_asset a_legend"
    " responsive approachable knowledgeable kind away my our_go-to patient a_godsend a_rock in_charge"
)
_DEGREE = r"(?:(?:both|so|very|really|always|such|absolutely|just|incredibly|extremely|truly) )*"
_CHILD = (
    r"\s+(?:(?:now |already |still )?(?:has|had|needs|have) (?:been diagnosed|(?:a |an |no |his |her |got )?"
    r"(?:new |late )?(?:diagnosis|autis\w+|ADHD|PDA|dyslexia|EHCP?|plan|one to one|1:1|TA)\b)"
    r"|(?:is|was) (?:now |only |still |nearly |so )?(?:in (?:year|Y\d|reception|nursery|mainstream)|autistic|deaf"
    r"|non[- ]?verbal|dyslexic|anxious|waiting|awaiting|excluded|diagnosed|sent home|bullied|\d{1,2}\b(?!\s?%))"
    r"|(?:cannot|can't|won't|doesn't|did not|didn't|does not) (?:cope|sleep|eat|read|write|speak|talk|go|attend|like|see|get)\b"
    r"|(?:masks|struggles|sleeps|cries|cried|melts|copes|goes to school|eats)\b)"
)
_PLACE = _any(
    "finance admissions admin administration reception transport HR CAMHS SENDIASS IASS MASH portage payroll commissioning"
    " team teams service services hub forum office council school department panel board trust charity"
)


def _table(cues: Iterable[tuple[int, str, str]], *, ends: bool) -> tuple[Cue, ...]:
    return tuple(
        (points, cue, re.compile(f"(?:{pattern})$" if ends else pattern, re.IGNORECASE))
        for points, cue, pattern in cues
    )


# In order of points; the first that fits counts.
LEFT = _table(
    (
        (4, "name: + name", r"\b(?:name|names|named person|contact)\s*[:=]\s*"),
        (
            3,
            "thanks to + name",
            rf"\b(?:{_THANKS}(?: (?:so|very) much)?(?: (?:to|goes to|go to|for))+|thank|well done)\s+",
        ),
        (3, "spoke to + name", rf"\b{_SPEAK} (?:to|with)\s+|\b{_REACHED}\s+"),
        (3, "led by + name", rf"\b{_DONE} by\s+"),
        (
            3,
            "role + name",
            rf"\b{ROLE}(?:\s+|,\s+|\s*[(:]\s*|\s+-\s+|\s+(?:is|was|called|named|being|like|i\.?e\.?)\s+)",
        ),
        (3, "named + name", r"\b(?:named|called|name is|names are|name was|aka|initials)\s+|\bme and\s+"),
        (3, "greeting + name", r"(?:^|\n|[.!?]\s)\s*(?:hi|hello|dear|hiya|fao|attn:?|cc:?)\s+"),
        (2, "lovely + name", rf"\b(?:{_PRAISE}|dear|poor|late|little|legendary|famous)\s+"),
        (
            3,
            "sent to + name",
            r"\b(?:sent|send|gave|give|passed|pass|forwarded|handed|submitted|copied|spoken|due|thanks)\b[^.!?\n]{0,30}?\s(?:to|for)\s+",
        ),
        (2, "ask + name", rf"\b{_ASK}\s+"),
        (1, "with + name", rf"\b{_LINK}\s+"),
    ),
    ends=True,
)
RIGHT = _table(
    (
        (4, "name + said", rf"{_ADVERB}\s+(?:{_SAID}|(?:has|had|have) (?:now )?{_GONE})\b"),
        (
            4,
            "name + role",
            rf"(?:,|\s*\(|\s+-)\s*(?:(?:who (?:is|was)|as)\s+)?(?:{_WHO}\s+)?(?:[\w/&-]+\s+){{0,2}}?{ROLE}\b"
            rf"|\s+(?:who\s+)?(?:is|was|as|has been)\s+{_WHO}\s+(?:[\w/&-]+\s+){{0,3}}?{ROLE}\b"
            rf"|\s+(?:our|my)\s+(?:[\w/&-]+\s+)?{ROLE}\b",
        ),
        (
            3,
            "name + praise",
            r"\s+(?:is|was|has been|have been|have both been|is being|had been)\s+"
            rf"{_DEGREE}(?:{_PRAISE}|{_STATE})\b",
        ),
        (
            3,
            "name from the team",
            rf"(?:\s+and\s+\w+)?,?\s+from\s+(?:the\s+|our\s+)?(?:[\w&/-]+\s+){{0,3}}?{_PLACE}\b",
        ),
        (3, "child", _CHILD),
        (3, "name's mother", rf"'s?\s+{_OWN}\b"),
        (3, "name and I", r"\s+and (?:I|me|myself)\b"),
        (2, "name + works", rf"{_ADVERB}\s+(?:{_WORKS}|(?:has|had) {_DONE_WELL})\b"),
        (2, "name + who", r"\s+who\b"),
        (2, "name's", r"'s?\s+\w"),
        (2, "names + praise", rf"\s+(?:are|were)\s+{_DEGREE}{_PRAISE}\b"),
        (1, "name + verb", rf"{_ADVERB}\s+{_VERB}\b"),
        (3, "speaker:", r":\s*(?:[\"\u201c]|please\b)"),
        (2, "name in the team", rf"\s+(?:in|at|on)\s+(?:the\s+|our\s+)?(?:[\w&/-]+\s+){{0,3}}?{_PLACE}\b"),
    ),
    ends=False,
)
SAID_OF_FIRMS_TOO = frozenset({"name's", "names + praise"})


def strongest(cues: Iterable[Cue], text: str, *, ends: bool) -> tuple[int, str]:
    """Give the points and the name of the first cue that fits; ``(0, "")`` for none.

    Args:
        cues: ``LEFT`` or ``RIGHT``.
        text: What stands before the word, or after it.
        ends: Whether the cue is to end where the text ends, or to start where it starts.
    """
    for points, cue, pattern in cues:
        if pattern.search(text) if ends else pattern.match(text):
            return points, cue
    return 0, ""
