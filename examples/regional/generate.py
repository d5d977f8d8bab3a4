"""Writes the made-up answers of this example: a regional survey of the SEND workforce in 19 local authorities.

Run it from anywhere: `python examples/regional/generate.py`. The same seed gives the same bytes. Counts of closed
questions are set below; open answers are put together from the sentences below, where [a|b] is one or the other.
"""

from __future__ import annotations

import csv
import random
import re
from collections import Counter
from pathlib import Path

HERE = Path(__file__).parent
SEED = 320
RESPONDENTS = 320

AUTHORITIES = {
    "Surrey": 91, "Brighton & Hove": 74, "West Berkshire": 26, "East Sussex": 22, "Kent": 18, "Hampshire": 15,
    "West Sussex": 13, "Oxfordshire": 10, "Buckinghamshire": 8, "Medway": 7, "Milton Keynes": 6, "Southampton": 5,
    "Portsmouth": 4, "Reading": 3, "Isle of Wight": 2, "Wokingham": 2, "Slough": 1, "Bracknell Forest": 1,
    "Windsor and Maidenhead": 1,
}  # fmt: skip
AREAS = {"School": 80, "LA": 162, "Health organisation": 56, "Other (please specify)": 14}
STAYING = {"Yes": 148, "Not sure": 97, "No": 56}
# The report prints no base for these. Of 240 who answered, 138, 86 and 81 give the three published percents.
REASONS = {
    "High caseload/workload": 138, "Personal circumstances": 86, "Poor management": 81, "Stress and burnout": 77,
    "Pay and benefits": 72, "Lack of career progression": 64, "Lack of support": 55, "Better offer elsewhere": 48,
    "Retirement": 22, "Other (please specify)": 19,
}  # fmt: skip
REASONS_BASE = 240
LEANINGS = {
    "Surrey": "caseload",
    "Brighton & Hove": "digital",
    "West Berkshire": "stability",
    "Kent": "wellbeing",
}

OTHER_AREAS = [
    "Parent carer forum", "Charity, short breaks", "I'm a governor and a parent", "SENDIASS", "College",
    "independent consultant", "Youth justice", "Housing", "supported internships provider", "University tutor",
    "Portage volunteer", "Retired, still on two panels", "alternative provision", "nursery chain",
]  # fmt: skip
OTHER_REASONS = [
    "relocation", "Being shouted at by parents every day and nobody stepping in", "the commute",
    "agency pays twice as much for the same job", "case system that crashes", "maternity", "No admin support whatsoever",
    "Blame culture", "restructure, third in four years", "health", "tribunals", "Want to train as a teacher",
    "no flexible working", "Moving abroad with my husband", "felt undervalued", "Two hours of typing for ten minutes with a child",
    "caring for my mum", "nothing joined up with health", "politics",
]  # fmt: skip

# Question → leaning → sentences.
OPEN = {
    "What is the biggest challenge in your work at the moment?": {
        "caseload": [
            "[The caseload|My caseload|Our caseload] [is too high|has doubled since I started|keeps growing|is out of hand]",
            "I [hold|have|carry] [190|210|230|240|260|275|310] [cases|plans] and [cannot know the children|it shows|that is not safe|something has to give]",
            "[Far too|Simply too|Just too] much work for [the hours|one person|the people we have|a small team]",
            "[Deadlines|Statutory deadlines|The 20 week deadline] [come first and children second|rule everything|leave no room to think|keep me up at night]",
            "[Paperwork|Form filling|Admin] takes [half|most|three days] of my week",
            "There is a backlog of [annual reviews|amendments|assessments|phone calls] [going back to last year|that nobody mentions|and it grows]",
        ],
        "stability": [
            "[Vacancies|Three vacancies|Unfilled posts] [in a team of nine|since the spring|that never get advertised|for over a year]",
            "People [keep leaving|leave after six months|leave as soon as they know the job]",
            "[Staff|High staff|Constant staff] turnover, [families notice|I have a new neighbour every month|we start again each term]",
            "[Agency staff|Locums|Interims] [come and go|do not know the area|cost a fortune and leave]",
            "We are [short staffed|understaffed|badly understaffed] [in the early years|across the board|at every level]",
            "[Pay|The pay|Our salary] is [thousands less than next door|not enough to rent round here|the same as in a supermarket]",
        ],
        "wellbeing": [
            "[Stress|The stress|Exhaustion], [plain and simple|and it follows me home|mine and everybody else's]",
            "Morale is [low|rock bottom|the worst I have known]",
            "[Abusive|Aggressive|Angry and abusive] [calls|emails|messages] [every week|from people who are desperate themselves|and no time to recover]",
            "[My manager|The manager|Our line manager] is [stretched herself|never there|kind but drowning]",
        ],
        "digital": [
            "The case management system [crashes|is slow|loses my drafts] [most days|most afternoons|at the worst moment]",
            "[Our laptops are|My laptop is|The laptop I have is] [ten years old|held together with tape|slower than my phone]",
            "[Two|Three|Four] databases that [do not match|hold different dates of birth|all want a password]",
        ],
        "partnership": [
            "[Health advice|Advice from the hospital|Advice from CAMHS] [comes late|never comes|is a page long]",
            "[Schools|Some schools|The big schools] expect [us to fix everything|an answer the same day|a plan for every child]",
            "Services [work in silos|do not work together|each guard their own budget]",
        ],
        "": [
            "[Not enough|Too few] [special school places|places for autistic girls|places near home]",
            "[The tribunal|Tribunals|Appeals], [every case ends there|we lose nearly all of them|and the cost of it]",
            "[Parents|Families] [are at the end of their tether|are angry, and I would be too|have waited long enough]",
        ],
    },
    "What works well where you work?": {
        "partnership": [
            "Multi-agency [panels|meetings|huddles] [on Tuesdays|with the same faces|that end on time]",
            "[SENCOs|The SENCOs in my patch|Our headteachers] [ring before things go wrong|are a pleasure to work with|know their children]",
            "[Therapists|Our speech and language therapists|OTs and physios] [sit with us one day a week|pick up the phone|write reports I can use]",
            "Joint working with [social care|the virtual school|the hospital] [is really good|has come on|works because we know each other]",
        ],
        "wellbeing": [
            "My [manager|line manager|head of service] [listens|has my back|is the reason I am still here|makes time]",
            "Supervision [every month|happens whatever else is on|is a proper hour]",
            "[A supportive team|Supportive colleagues|Great team spirit], [we laugh a lot|nobody eats lunch alone|it gets me through]",
        ],
        "stability": [
            "A stable team, [most of us have been here for years|same faces as five years ago|at last]",
            "[Flexible working|Working from home two days|Hybrid working] [is the best thing|makes it possible with children|suits me]",
            "We grow our own, [I came as an apprentice|three of us were TAs|two trainees have stayed on]",
        ],
        "digital": [
            "[The dashboard|A shared dashboard|The tracker] [shows at a glance what is due|saves me hours|is simple]",
            "The new portal, [parents can see where things are|once you get the hang of it|less post]",
        ],
        "caseload": [
            "[Smaller caseload|A caseload I can manage] [since the split by area|since we got two more posts|and time to visit]",
        ],
        "": [
            "[Knowing|I know] the [children|families] [by name|and they know me|and their brothers and sisters]",
            "[Cake|Biscuits|Tea] on [Fridays|Mondays|panel days]",
            "[Early help for little ones|Nursery visits|The toy library] [makes a difference|is our best idea|costs next to nothing]",
            "[Not much|Very little|Hard to say] [at the moment|to be honest|right now]",
            "[Young people|Our young people] on [interview panels|the board|the website group]",
        ],
    },
    "What would help you to do your job well and to stay?": {
        "caseload": [
            "A [smaller|fairer|capped] caseload, [150 at most|I would stay tomorrow|like they have in the early years team]",
            "More time [with families|to think|for visits|to do it properly]",
            "[Less paperwork|Someone to do the admin|An admin officer for each pair of us]",
            "[Realistic|Sensible|Honest] deadlines",
        ],
        "stability": [
            "[Better pay|Pay that matches the job|The same pay as next door]",
            "[A career path|Some career progression|A career beyond this grade] [for caseworkers|for EPs who don't want to manage|for assistants]",
            "[More staff|Fill the vacancies|Recruit two more people], [it is not complicated|and soon|before more leave]",
            "[Permanent staff|A permanent contract|Permanent posts] [instead of agency|not one more fixed term|for the whole team]",
            "[Being valued|To feel valued|Some recognition], [a thank you is free|from the top|not a certificate]",
        ],
        "wellbeing": [
            "[Proper supervision|Regular supervision|Supervision by someone who has done the job]",
            "[A manager|Managers] who [comes out on visits|answers emails|knows what I do]",
            "[Support|Real support] from [senior people|the top|colleagues in the same role] when [a complaint comes in|a parent shouts|it goes wrong]",
            "To be listened to [when we say it can't be done|before the next big idea|for once]",
            "[Somewhere quiet|A quiet room|Ten minutes] after a [bad|hard|long] call",
        ],
        "digital": [
            "[One|A single] system that [works|talks to health|does not need three passwords]",
            "[A laptop|Software|Technology] [that starts|from this century|that does what it says]",
        ],
        "partnership": [
            "[Therapists|A paediatrician|CAMHS] [on the panel|at our meetings|with time for us]",
            "[Clear roles|An agreement] between [us, schools and the NHS|partners|early help and us]",
        ],
        "": [
            "[More|Enough] [special school places|bases in mainstream schools], [then I could say yes|it all comes back to that]",
            "[Nothing|Nothing really|I'm fine], [I love it|I am off in july|ask me after half term]",
            "[A desk|Somewhere to park|A window that opens]",
            "[Fewer|Less] [changes|new forms|initiatives]",
        ],
    },
    "How ready are you and your team for new digital systems and AI?": {
        "digital": [
            "AI could [draft the first version of a plan|summarise reports|take the minutes], [if we were allowed|I would love that|with a person checking]",
            "[I use|A few of us use|Some colleagues use] Copilot for [minutes|letters|emails] [and nobody has told us if that is ok|and it saves an hour a day|on the quiet]",
            "We had [no|one hour of|hardly any] training on the [new|last|current] system",
            "[GDPR|Data protection|Information governance] [stops us from trying anything|is the answer to every question|must come first]",
            "[ChatGPT|AI|A chatbot] [should not be near a child's plan|makes things up|worries me]",
            "[Keen|Curious|Ready], but [our IT|the wifi|the software] [is not|lets us down|comes from another age]",
            "[Fairly|Quite|Very] confident with [technology|computers|anything digital] [myself, the team is mixed|these days|since lockdown]",
            "[Older|Some|Many] [colleagues|staff|of us] need [digital skills first|IT support that answers|someone to sit with them and the software]",
        ],
        "caseload": [
            "No time to [learn|try|think about] it with [this workload|a caseload like ours|200 plans]",
        ],
        "wellbeing": [
            "[People|Staff|Some] fear [for their jobs|being watched|that it will be blamed on them]",
        ],
        "partnership": [
            "[Pointless|No use] until [health and education|schools and the NHS|all partners] [use the same thing|can see the same page]",
        ],
        "": [
            "[Not ready|Not at all ready|Not remotely], [sorry|and not asked|we still fax]",
            "[Don't know|No idea|Never thought about it], [not my area|ask the young ones|we will see]",
            "[Ready|As ready as anyone|Bring it on], [as long as it helps children|show me how|why not]",
            "[Parents|Families] [will want a person|deserve a human being|should be asked first]",
        ],
    },
}  # fmt: skip
ANSWERED = [212, 188, 176, 158]
# Answers that name somebody or somewhere, to be hidden in the report: question → answers.
NAMING = [
    [
        "Priyanka Sandhu in the hub does the work of three people and will burn out.",
        "Surrey pays more than we do, so we train them and they cross the border",
        "since Callum Wetherby left nobody knows how to run the panel",
        "Moving children between Kent and Medway, the two do not agree on anything",
    ],
    [
        "Ruth Okafor-Lyle, our link EP. Worth her weight in gold",
        "Brighton has a brilliant parent carer forum",
        "Working with Gemma and Idris on the transition project",
        "Ashdown View Primary School takes everybody, other schools should go and look",
    ],
    [
        "Another Mrs Halloran! She answered every email the same day.",
        "a shared post with East Sussex, we talked about it years ago",
        "write to me on t.pemberton@westmere.example if you want the long version",
    ],
    [
        "Tariq showed us a tool that writes up meetings, the manager was not keen",
        "Hampshire are trying it, let them make the mistakes",
    ],
]


def main(folder: Path = HERE) -> None:
    """Write answers.csv."""
    chance = random.Random(SEED)
    authority = dealt(AUTHORITIES, chance)
    area = dealt(AREAS, chance)
    reasons = ticked(chance)
    columns = {
        "Which local authority do you work in or with?": authority,
        "Email address, if you would like to hear more": emails(chance),
        "Which of these do you work for? (Select all that apply)": area,
        "Which of these do you work for? Other (please specify)": beside(area, OTHER_AREAS),
        "Do you expect to be in your role in two years?": dealt(STAYING, chance),
        "Why do people leave? (Select all that apply)": reasons,
        "Why do people leave? Other (please specify)": beside(reasons, OTHER_REASONS),
    }
    for (question, sentences), number, naming in zip(OPEN.items(), ANSWERED, NAMING, strict=True):
        columns[question] = written(sentences, authority, number, naming, chance)
    with (folder / "answers.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["Respondent", *columns])
        for row, cells in enumerate(zip(*columns.values(), strict=True), 1):
            writer.writerow([f"RB{20250000 + 37 * row}", *cells])


def dealt(counts: dict[str, int], chance: random.Random) -> list[str]:
    """Give each respondent a value, so many of each; the rest left it blank."""
    cells = [value for value, count in counts.items() for _ in range(count)]
    cells += [""] * (RESPONDENTS - len(cells))
    chance.shuffle(cells)
    return cells


def ticked(chance: random.Random) -> list[str]:
    """Let those who answered tick reasons, so many of each, each at least one."""
    people = chance.sample(range(RESPONDENTS), REASONS_BASE)
    ticks: dict[int, list[str]] = {person: [] for person in people}
    for reason, count in REASONS.items():
        liking = {person: chance.random() + 0.2 * len(ticks[person]) for person in people}
        for person in sorted(people, key=liking.__getitem__)[:count]:
            ticks[person].append(reason)
    for person in people:
        if not ticks[person]:
            giver = max(people, key=lambda each: len(ticks[each]))
            ticks[person].append(ticks[giver].pop(0))
    return [";".join(ticks.get(person, [])) for person in range(RESPONDENTS)]


def beside(cells: list[str], words: list[str]) -> list[str]:
    """Write the words of those who ticked Other."""
    rest = iter(words)
    return [next(rest) if "Other (please specify)" in cell else "" for cell in cells]


def emails(chance: random.Random) -> list[str]:
    """Give some respondents an address."""
    names = [
        "j.marchetti",
        "nadia.brookes",
        "h.olusanya",
        "c.vandermeer",
        "lwells",
        "s.abernathy",
        "p.kowalczyk",
    ]
    people = set(chance.sample(range(RESPONDENTS), len(names)))
    rest = iter(names)
    return [f"{next(rest)}@westmere.example" if at in people else "" for at in range(RESPONDENTS)]


def written(
    sentences: dict[str, list[str]],
    authority: list[str],
    number: int,
    naming: list[str],
    chance: random.Random,
) -> list[str]:
    """Write the answers to one question: a sentence or two each, none more than three times over."""
    said: Counter[str] = Counter()
    people = chance.sample(range(RESPONDENTS), number)
    cells = [""] * RESPONDENTS
    for person, words in zip(people, naming, strict=False):
        cells[person] = words
    for person in people[len(naming) :]:
        leanings = [
            name for name in sentences for _ in range(4 if name == LEANINGS.get(authority[person]) else 1)
        ]
        parts: list[str] = []
        for leaning in chance.sample(leanings, 2 if chance.random() < 0.4 else 1):
            fresh = [spun for spun in (spin(each, chance) for each in sentences[leaning]) if said[spun] < 3]
            if fresh and (part := chance.choice(fresh)) not in parts:
                parts.append(part)
                said[part] += 1
        cells[person] = untidy(". ".join(part[:1].upper() + part[1:] for part in parts), chance)
    return cells


def spin(pattern: str, chance: random.Random) -> str:
    """Choose at each [a|b]."""
    return re.sub(r"\[([^\]]*)\]", lambda found: chance.choice(found[1].split("|")), pattern)


def untidy(text: str, chance: random.Random) -> str:
    """Write as people do: with and without full stops and capitals, here and there with a slip."""
    if chance.random() < 0.35:
        text = text[:1].lower() + text[1:]
    if chance.random() < 0.45:
        text += chance.choice([".", ".", ".", "!", "..."])
    if chance.random() < 0.1:
        text = text.replace("'", "")
    words = [
        at for at, word in enumerate(text.split(" ")) if word.isalpha() and word.islower() and len(word) > 6
    ]
    if words and chance.random() < 0.08:
        parts = text.split(" ")
        at = chance.choice(words)
        cut = chance.randrange(2, len(parts[at]) - 2)
        parts[at] = parts[at][:cut] + parts[at][cut + 1] + parts[at][cut] + parts[at][cut + 2 :]
        text = " ".join(parts)
    return text


if __name__ == "__main__":
    main()
