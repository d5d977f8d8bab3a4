"""Writes the made-up answers of this example: two waves of a borough's survey.

Run it from anywhere: `python examples/borough/generate.py`. The same seed gives the same bytes. Counts of closed
questions are set below; open answers were written by hand, and chance only decides who gave which.
"""

from __future__ import annotations

import csv
import random
from pathlib import Path

HERE = Path(__file__).parent
SEED = 62

AREAS = [
    "Education", "Early Years", "Children's Services", "Health", "Social Care", "Early Help", "Youth Offending",
    "Parenting Hub", "SEN Transport", "Commissioned Charity", "Logistics", "Employment/training",
]  # fmt: skip
# 2021: the published column adds to 188 with 101 in Education, but 187 people answered; here it is 100.
AREA_COUNTS = {
    "2023": [66, 4, 48, 21, 3, 11, 3, 0, 0, 0, 0, 3],
    "2021": [100, 22, 22, 17, 10, 8, 3, 1, 1, 1, 1, 1],
}
RESPONDENTS = {"2023": 159, "2021": 187}
LEVELS = ["Strongly agree", "Agree", "Neither agree nor disagree", "Disagree", "Strongly disagree"]

# Statement → who agree, of how many who answered it: 2023, 2021.
STATEMENTS = {
    "I am confident in explaining the graduated approach": ((105, 152), (145, 187)),
    "I am confident in being the Lead Professional on an Early Help plan": ((65, 159), (95, 187)),
    "I can explain the legal framework around EHCPs": ((88, 159), (128, 185)),
    "I am confident in working on EHC plans with children and young people with SEND": (
        (87, 159),
        (135, 183),
    ),
    "I know how to access the complex case panel": ((23, 159), (49, 185)),
    "I can describe the 'golden thread' that runs through an EHC plan": ((86, 159), (81, 184)),
    "I can support young people and parents/carers in using personal budgets": ((33, 159), (26, 186)),
    "I can explain what the Local Offer is to young people and parents/carers": ((126, 159), (126, 180)),
    "I know what to do when I am worried about a child's safety": ((150, 159), (172, 187)),
    "I enjoy working with children and young people with SEND": ((155, 159), (181, 187)),
    "In my service parents and carers are treated as partners": ((144, 159), (163, 187)),
}
QUESTIONS = [
    "Please give positive examples from your work with children and young people with SEND since the last survey",
    "How could communication be improved?",
    "How could partnership working be improved?",
    "How could co-production be improved?",
    "How could training, skills and workforce development be improved?",
]
OPEN = [
    [
        "SEN officers reply within a couple of days now, used to be weeks.",
        "Being kept informed after panel. Small thing but it matters",
        "the weekly newsletter from the SEND team is worth reading",
        "Good dialogue with the Ed Psych service",
        "our link officer is approachable and picks up the phone",
        "An early years panel was introduced and families no longer wait a term for a decision",
        "new pathway for post 16",
        "The referral form has been simplified. About time too",
        "annual reviews are coming back on time in my school",
        "Quality of EHC plans, the outcomes are SMARTer than they were",
        "Draft plans that read like the child we know.",
        "Two permanent staff after a long run of temps",
        "Fully staffed at last!!",
        "the new head of service has been out to every school in the borough",
        "None that I can think of",
        "A boy in year 4 who was out of school for a term is back full time and making freinds.",
        "sensory room at our school, the children love it",
        "Parents' coffee mornings at the hub",
        "N/A",
        "My Y11 pupil got a place at college with travel support.",
        "Outreach from the specialist school, Mrs Okonedo came every Tuesday for a term",
        "Joint visit with OT and physio",
        "Too early to say, i only started in september",
        "Portage. The family said it was the first time somebody asked how THEY were",
        "SENCO forum",
        "nothing springs to mind sorry",
        "Help with a tricky tribunal from Fatima Rahmani and Dan at the civic centre.",
        "not aware of any",
    ],
    [
        "Emails with attachments bounce, our inbox is tiny",
        "Secure mail. Half of health cannot open Egress",
        "Fix the switchboard, I get cut off every time!",
        "One system for everyone instead of three that do not speak to one another.",
        "laptops that work away from the office",
        "The portal logs me out every time I look away",
        "Microsoft Teams does not let outside people in, so we dial in and nobody hears a thing",
        "An up to date list of contacts, with phone numbers",
        "I never know who holds the case",
        "structure chart please, the one on the wall is from 2019",
        "A named officer for each school.",
        "who does what in the SEND team?? its a mystery",
        "Single point of contact for settings",
        "Minutes for all of us and not just the chair",
        "let us know when a pupil moves",
        "Schools get information long before nurseries do",
        "copy in the health visitor",
        "Same answer whoever you ask",
        "we get conflicting advice from one month to the next",
        "more consistency between teams",
        "Turnover. By the time you've explained the child they've gone",
        "regular slots for phone calls",
        "Monthly catch up with each cluster",
        "Faster replies",
        "half termly drop in. We used to have one",
        "Pick up the phone",
        "More honesty when the answer is no",
        "good as it is",
        "Face to face conversation over a cuppa",
        "I think its fine",
        "N/A",
        "Use plain english, parents ring us to translate",
        "answer messages",
        "Less jargon",
        "Meet in person now and then",
        "Ring Sue Bannerman in transport, she always has the answer",
        "dont know",
    ],
    [
        "Communication!",
        "Joined up working, at the moment each service does its own thing.",
        "talk to each other before letters go out",
        "Transparency about waiting lists",
        "Feedback after we refer. It is a black hole",
        "respond to referrals within a fortnight",
        "Keep schools informed",
        "better liaison with CAMHS",
        "An honest dialogue on what can and cant be funded",
        "Health need to attend TAF meetings",
        "social workers never turn up to the review meeting",
        "Invite us to the meeting in good time",
        "multi-agency working groups with everybody round the table",
        "CAMHS attendance at annual reviews",
        "All professionals should come to review meetings, not just send a report",
        "Attend. Simple.",
        "Shadow each others jobs for a day",
        "co-located teams, even one day a week",
        "Open days so we can put faces to names",
        "opportunities for TAs to go and see other settings",
        "Respect what school staff say",
        "take our recommendations seriously",
        "We have expertise in early years that nobody uses",
        "Trust teachers' professional judgement.",
        "joint CPD for teachers and therapists",
        "Training days across services",
        "Safeguarding courses together",
        "An induction for new social workers that includes a morning in a special school",
        "More money",
        "Time",
        "Clear lines of accountability",
        "fewer reorganisations",
        "It works well in my patch, thanks to Jo Prendergast in early help",
        "One set of thresholds",
        "no idea",
        "commission therapy jointly",
        "Smaller caseloads so people have time to think",
        "send.hub@northmere.example never gets answered",
        "Merton is good at this when it wants to be",
        "N/A",
    ],
    [
        "All agencies at meetings",
        "Health to attend more often",
        "parents invited to every planning meeting",
        "Evening slots so that working parents can attend",
        "virtual meetings, so nobody has to take a day off",
        "Social care should come to the review",
        "Have the decision makers in the room",
        "turn up when you said you would",
        "Fathers are hardly ever represented.",
        "Attendance. Half the chairs are empty",
        "Plain English",
        "explain things to families in their own language",
        "less jargon",
        "Parents want honesty",
        "get back to parents with an update, even if its no news",
        "A conversation rather than a form",
        "involve parents from the start",
        "Meet before the draft is written",
        "give families more notice",
        "Sooner, we bring parents in when the plan is all but done",
        "Pupil voice should be more than a smiley face sheet",
        "ask young people what THEY want",
        "One page profiles done by the child not for the child",
        "Pay parents for their time",
        "creche",
        "Interpreters",
        "Work with the parent carer forum on something real, Amina and Lucy have good ideas",
        "we do this well already",
        "?",
        "Not my area",
        "Let parents chair",
        "shorter paperwork",
        "Time to do it properly",
        "n/a",
    ],
    [
        "autism in girls",
        "ADHD",
        "Something on anxiety and school avoidance please",
        "makaton for all TAs",
        "Writing outcomes for EHC plans",
        "Cover for TAs so they can go",
        "courses get booked up by the same schools",
        "Twilight sessions",
        "Release. I have not left the classroom in two years",
        "the cost puts small nurseries off",
        "more training",
        "A rolling programme instead of one offs",
        "Refresher every september",
        "a wider range, it's the same three topics each year",
        "face to face",
        "In person. Webinars send me to sleep",
        "Nothing beats a proper venue and people to talk to",
        "Learn from each other across the cluster",
        "peer visits between settings",
        "Mixed groups, health visitors next to teachers",
        "case studies",
        "Show us how it's done",
        "Strategies I can use on Monday morning.",
        "None",
        "time to read",
        "Better pay would keep people",
        "ask staff what they need",
        "Mentoring for new SENCOs",
        "it is good already",
        "N/A",
        "supervision",
        "Career routes for TAs",
        "Ms Ekwueme's sessions were brilliant, do those again",
    ],
]


def main(folder: Path = HERE) -> None:
    """Write answers_2023.csv and answers_2021.csv."""
    chance = random.Random(SEED)
    for wave, size in RESPONDENTS.items():
        columns = {
            "Which area do you work in?": dealt(zip(AREAS, AREA_COUNTS[wave], strict=True), size, chance)
        }
        for statement, waves in STATEMENTS.items():
            columns[statement] = dealt(levels_of(*waves[wave == "2021"]), size, chance)
        if wave == "2023":
            for question, answers in zip(QUESTIONS, OPEN, strict=True):
                columns[question] = dealt(((answer, 1) for answer in answers), size, chance)
        start = 1000 if wave == "2023" else 5000
        with (folder / f"answers_{wave}.csv").open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file, lineterminator="\n")
            writer.writerow(["Response ID", *columns])
            for row, cells in enumerate(zip(*columns.values(), strict=True), 1):
                writer.writerow([start + 7 * row, *cells])


def dealt(counts, size: int, chance: random.Random) -> list[str]:
    """Give each respondent a value, so many of each; the rest left it blank."""
    cells = [value for value, count in counts for _ in range(count)]
    cells += [""] * (size - len(cells))
    chance.shuffle(cells)
    return cells


def levels_of(agree: int, answered: int) -> list[tuple[str, int]]:
    """Spread those who agree and those who do not over the levels."""
    strongly, rest = agree // 3, answered - agree
    neither, disagree = (rest + 1) // 2, rest // 3
    return list(
        zip(LEVELS, (strongly, agree - strongly, neither, disagree, rest - neither - disagree), strict=True)
    )


if __name__ == "__main__":
    main()
