"""Small exports after the true layout of each tool; every answer is made up."""

import csv
import io
import json

FORMS = [
    ["ID", "Start time", "Completion time", "Email", "Name", "Last modified time",
     "Which statement best describes\u00a0leaders\u2019 buy-in?", "Tell us more", "How clear is the vision?", "Tell us more2",
     "What are the barriers? (Select all that apply)", "Total points", "Points - How clear is the vision?"],
    ["1", "2/3/26 9:14:02", "2/3/26 9:31:40", "anonymous", "", "", "Embedded: Leaders everywhere share one plan.",
     "Heads meet every half term; trusts too.", "Very clear", "It is written down", "Funding;Poor communication;", "0", "0"],
    ["2", "2/3/26 10:02:11", "2/3/26 10:20:00", "anonymous", "", "", "Emerging: Leaders are only starting to talk.",
     "N/A", "Not clear", "", "Funding;", "0", "0"],
    ["3", "2/4/26 8:00:00", "2/4/26 8:20:00", "jo.bloggs@example.org", "Jo Bloggs", "", "Embedded: Leaders everywhere share one plan.",
     "See above", "Somewhat clear", "None", "Poor communication;Time, space;", "0", "0"],
]  # fmt: skip

MONKEY_EXPANDED = [
    ["Respondent ID", "Collector ID", "Start Date", "End Date", "IP Address", "Email Address", "First Name", "Last Name",
     "Custom Data 1", "Which borough do you work in?", "", "What would help you most? (tick all)", "", "", "",
     "Please tell us why.", "How far do you agree?", ""],
    ["", "", "", "", "", "", "", "", "", "Response", "Other (please specify)", "Training", "More staff", "Time to plan",
     "Other (please specify)", "Open-Ended Response", "I feel supported", "I plan to stay"],
    ["118052219061", "446111201", "01/02/2026 10:00:00", "01/02/2026 10:10:00", "10.0.0.1", "", "", "", "",
     "Northvale", "", "Training", "", "Time to plan", "", "We are stretched", "Agree", "Strongly agree"],
    ["118052219062", "446111201", "01/02/2026 11:00:00", "01/02/2026 11:10:00", "10.0.0.2", "", "Ann", "Other", "",
     "", "Southvale", "", "", "", "A quiet room", "", "Disagree", "Agree"],
    ["118052219063", "446111201", "01/02/2026 12:00:00", "01/02/2026 12:10:00", "10.0.0.3", "", "", "", "",
     "Northvale", "", "", "More staff", "", "", "None", "Agree", ""],
]  # fmt: skip

MONKEY_CONDENSED = [
    ["Respondent ID", "Collector ID", "Start Date", "End Date", "IP Address", "Which borough do you work in?",
     "What would help you most? (tick all)", "Please tell us why."],
    ["", "", "", "", "", "Response", "Response", "Open-Ended Response"],
    ["118052219061", "446111201", "01/02/2026", "01/02/2026", "10.0.0.1", "Northvale", "Training, coaching, Time to plan", "Stretched"],
    ["118052219062", "446111201", "01/02/2026", "01/02/2026", "10.0.0.2", "Southvale", "Training, coaching", "None"],
    ["118052219063", "446111201", "01/02/2026", "01/02/2026", "10.0.0.3", "Northvale", "Time to plan, A quiet room, with light", ""],
]  # fmt: skip

_QUALTRICS_IDS = ["StartDate", "EndDate", "Status", "IPAddress", "Progress", "Duration (in seconds)", "Finished", "RecordedDate",
                  "ResponseId", "RecipientLastName", "RecipientFirstName", "RecipientEmail", "ExternalReference",
                  "LocationLatitude", "LocationLongitude", "DistributionChannel", "UserLanguage",
                  "Q1", "Q2_1", "Q2_2", "Q2_4", "Q2_4_TEXT", "Q3_1", "Q3_2", "Q4"]  # fmt: skip
_QUALTRICS_WORDS = ["Start Date", "End Date", "Response Type", "IP Address", "Progress", "Duration (in seconds)", "Finished",
                    "Recorded Date", "Response ID", "Recipient Last Name", "Recipient First Name", "Recipient Email",
                    "External Data Reference", "Location Latitude", "Location Longitude", "Distribution Channel",
                    "User Language", "How good is training?", "What helps? - Selected Choice - Time",
                    "What helps? - Selected Choice - Money", "What helps? - Selected Choice - Something else",
                    "What helps? - Something else - Text", "Say how far you agree. - I feel safe", "Say how far you agree. - I feel heard",
                    "Anything else?\nPlease tell us."]  # fmt: skip


def _qualtrics_row(name: str, status: str, finished: str, *answers: str) -> list[str]:
    channel = "preview" if status == "Survey Preview" else "anonymous"
    return ["2026-02-01 09:00:00", "2026-02-01 09:10:00", status, "", "100", "600", finished, "2026-02-01 09:10:01",
            name, "", "", "", "", "51.5", "-0.1", channel, "EN", *answers]  # fmt: skip


QUALTRICS = [
    _QUALTRICS_IDS,
    _QUALTRICS_WORDS,
    [json.dumps({"ImportId": name.lower(), "timeZone": "Europe/London"}) for name in _QUALTRICS_IDS],
    _qualtrics_row("R_1aaaaaaaaaaaaaa", "IP Address", "True", "Good", "Time", "", "", "", "Agree", "Disagree", "More staff"),
    _qualtrics_row("R_2bbbbbbbbbbbbbb", "Survey Preview", "True", "Poor", "", "", "", "", "Agree", "Agree", "test"),
    _qualtrics_row("R_3cccccccccccccc", "IP Address", "False", "Poor", "", "Money", "Something else", "A room", "", "", ""),
    _qualtrics_row("R_4dddddddddddddd", "IP Address", "True", "Good", "Time", "Money", "", "", "Disagree", "Agree", "no"),
]  # fmt: skip
QUALTRICS_EDITED = [QUALTRICS[0], QUALTRICS[1], *QUALTRICS[3:]]

SMART = [
    ["UserID", "UserNo", "Name", "Email", "IP Address", "Unique ID", "Started", "Ended", "1. What is your role?", "",
     "2. What gets in the way?", "", "", "3. Tell us about training."],
    ["", "", "", "", "", "", "", "", "Answer", "Comments:", "Money", "Time", "Other (please specify):", "Answer"],
    ["900001", "1", "", "", "10.0.0.1", "a1", "01/02/2026 09:00", "01/02/2026 09:09", "SENCO", "", "Money", "", "", "It is good"],
    ["900002", "2", "", "", "10.0.0.2", "a2", "01/02/2026 09:10", "01/02/2026 09:19", "SENCO", "Part time", "Money", "Time", "", "-"],
    ["900003", "3", "", "", "10.0.0.3", "a3", "01/02/2026 09:20", "01/02/2026 09:29", "Teacher", "", "", "", "Buildings", ""],
]  # fmt: skip

SMART_WIDE = [
    ["UserID", "UserNo", "Started", "Ended", "1. How far do you agree?", "2. Tell us about training."],
    ["900001", "1", "01/02/2026 09:00", "01/02/2026 09:09", '{"I feel safe": "Agree", "I feel heard": "Disagree"}', "It is good"],
    ["900002", "2", "01/02/2026 09:10", "01/02/2026 09:19", '{"I feel safe": "Agree"}', "More of it, please"],
    ["900003", "3", "01/02/2026 09:20", "01/02/2026 09:29", "", "None"],
]  # fmt: skip

GOOGLE = [
    ["Timestamp", "Email Address", "What helps? (tick all)", "How far do you agree? [I feel safe]", "How far do you agree? [I feel heard]",
     "Anything else?"],
    ["2026/02/01 9:00:00 am GMT", "a@example.org", "Time, Money, staff", "Agree", "Disagree", "More money, please"],
    ["2026/02/01 9:10:00 am GMT", "b@example.org", "Money, staff", "Disagree", "Disagree", ""],
    ["2026/02/01 9:20:00 am GMT", "c@example.org", "Time, Money, staff, A dog", "Agree", "Agree", "None"],
    ["2026/02/01 9:30:00 am GMT", "d@example.org", "Time", "Agree", "Agree", "no"],
]  # fmt: skip

JISC = [
    ["Unique Response Number", "1. What is your role?", "1.a. If you selected Other, please specify:", "2. How clear is the vision?",
     "3. What are the main challenges?", "Completion Date"],
    ["1012-1011-101211291", "SENCO", "", "Very clear", "Time", "01/02/2026"],
    ["1012-1011-101211292", "Other", "Family worker", "Not clear", "Too few specialists", "02/02/2026"],
    ["1012-1011-101211293", "SENCO", "", "Very clear", "", "03/02/2026"],
]  # fmt: skip

CITIZEN = [
    ["Response ID", "Submitted Date", "1. Do you agree with the plan? - Agreement", "1. Do you agree with the plan? - Please explain your answer",
     "1. Do you agree with the plan? - Analyst notes", "2. Which apply to you? - Options - Parent", "2. Which apply to you? - Options - Teacher",
     "May we publish your response?", "Tags"],
    ["ANON-AAAA-0001-1", "2026-02-01 10:00", "Agree", "It gives schools time", "positive", "Parent", "", "Yes, with my name", "time"],
    ["ANON-AAAA-0002-2", "2026-02-01 11:00", "Disagree", "No money behind it", "", "Parent", "Teacher", "No, do not publish my response", ""],
    ["BHLF-AAAA-0003-3", "2026-02-01 12:00", "Agree", "", "", "", "Teacher", "Yes, anonymously", ""],
]  # fmt: skip


def as_csv(rows: list[list[str]], delimiter: str = ",") -> str:
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter).writerows(rows)
    return out.getvalue()
