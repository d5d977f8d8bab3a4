"""The readiness codebook: its themes as published, its rare theme, and its classification."""

from __future__ import annotations

import pytest

from sendthemes.codebook.load import load_codebook
from sendthemes.codebook.model import Codebook
from sendthemes.coding.code import CodedAnswers, code_answers
from sendthemes.survey.answers import Answers, Question

LABELS = {
    "accountability": "Accountability & data/impact",
    "specialist": "EP and specialist capacity",
    "inclusion": "Inclusion culture & leadership",
    "peer": "Peer support & networks",
    "training": "Training/CPD quality & access",
    "funding": "Funding/finance pressure",
    "coproduction": "Co-production & parent voice",
    "tas": "TAS / graduated response",
    "workforce": "Workforce recruitment/retention",
    "communication": "Communication/coordination",
}


NEED_OR_ROLE = [
    "Speech, language and communication needs are the most common primary need.",
    "We run courses on communication & interaction.",
    "Pupils with communication and interaction difficulties wait a year.",
    "An alternative and augmentative communication aid was bought.",
    "Communication-friendly classrooms are an aim.",
    "Our SEN Co-ordinator left.",
]
MEANT = [
    ("SLT do not come to SEND briefings.", "inclusion"),
    ("SLT and OT are stretched.", "specialist"),
    ("The parent-carer forum chairs it.", "coproduction"),
    ("The SENCo forum meets termly.", "peer"),
    ("Schools Forum agreed the transfer.", "funding"),
    ("Schools buy in to the charter.", "inclusion"),
    ("Two trusts refuse children with plans.", "inclusion"),
    ("Families found out from the newspaper.", "communication"),
    ("Families helped to write the strategy.", "coproduction"),
    ("We have had five heads of service in six years.", "workforce"),
]
NOT_MEANT = [
    ("SLT do not come to SEND briefings.", "specialist"),
    ("The parent-carer forum chairs it.", "peer"),
    ("Schools Forum agreed the transfer.", "peer"),
    ("Schools buy in speech therapy from a private firm.", "inclusion"),
    ("Workforce development is planned each year.", "workforce"),
    ("It cuts across every team.", "funding"),
    ("Better outcomes for children and families.", "coproduction"),
    ("The trusts share a data analyst.", "inclusion"),
    ("Heads and governors had the report.", "inclusion"),
    ("Each cluster has a link EP.", "peer"),
    ("Parents are tired of waiting.", "workforce"),
    ("The meetings have cut down on emails.", "funding"),
]
JUDGED = [("It works well.", True), ("Rarely.", True), ("None", False), ("As above", False), ("N/A", False)]
MONITORED = [
    ("None", "None"),
    ("No active monitoring.", "None"),
    ("It isn't currently monitored.", "None"),
    ("Not known", "None"),
    ("Nothing formal in place across the area.", "None"),
    ("Not aware of any.", "None"),
    ("There is no formal monitoring, but a framework is being developed.", "Developing"),
    ("We are beginning to collect case studies.", "Developing"),
    ("This is an area for development.", "Developing"),
    ("Inconsistently - some providers ask, most don't.", "Developing"),
    ("Evaluation forms after each event and a follow-up call a term later.", "In place"),
    ("Through KPIs reported to the board.", "In place"),
    ("Surveys, learning walks and SENCO feedback.", "In place"),
    ("Attendance is tracked and visits check what has changed in class.", "In place"),
    ("Please see above.", None),
]
TEXTS = sorted({*NEED_OR_ROLE, *(text for text, _ in [*MEANT, *NOT_MEANT, *MONITORED])})


@pytest.fixture(scope="module")
def codebook() -> Codebook:
    return load_codebook("send-readiness")


@pytest.fixture(scope="module")
def coded(codebook: Codebook) -> CodedAnswers:
    """All texts of this file, each as one respondent's answer on how the impact of training is monitored."""
    question = Question("q27", "How is the impact of training monitored?", "open")
    size = range(len(TEXTS))
    ids = [str(at) for at in size]
    return code_answers(Answers(tuple(ids), (question,), ids, list(size), [0] * len(TEXTS), TEXTS), codebook)


@pytest.fixture(scope="module")
def themes(coded: CodedAnswers) -> dict[str, set[str]]:
    """Text → the themes found in it."""
    found: dict[str, set[str]] = {text: set() for text in TEXTS}
    for coding in coded:
        found[TEXTS[int(coding.answer_id)]].add(coding.theme)
    return found


def test_themes_and_labels_are_the_published_ones(codebook: Codebook) -> None:
    assert {theme.theme: theme.label for theme in codebook.themes} == LABELS


@pytest.mark.parametrize("text", NEED_OR_ROLE)
def test_communication_as_a_need_or_role_is_not_the_communication_theme(
    themes: dict[str, set[str]], text: str
) -> None:
    assert "communication" not in themes[text]


@pytest.mark.parametrize(("text", "theme"), MEANT)
def test_ambiguous_words_go_to_the_theme_their_context_means(
    themes: dict[str, set[str]], text: str, theme: str
) -> None:
    assert theme in themes[text]


@pytest.mark.parametrize(("text", "theme"), NOT_MEANT)
def test_ambiguous_words_stay_out_of_the_other_theme(
    themes: dict[str, set[str]], text: str, theme: str
) -> None:
    assert theme not in themes[text]


@pytest.mark.parametrize(("text", "level"), MONITORED)
def test_monitoring_is_classified(coded: CodedAnswers, text: str, level: str | None) -> None:
    assert coded.levels["monitoring"][TEXTS.index(text)] == level


@pytest.mark.parametrize(("text", "counts"), JUDGED)
def test_a_judgement_counts_for_the_theme_that_the_question_asks_for(
    codebook: Codebook, text: str, counts: bool
) -> None:
    asked = (Question("q17", "Team around the school", "open"), Question("q29", "Anything else?", "open"))
    coded = code_answers(Answers(("1",), asked, ["a", "b"], [0, 0], [0, 1], [text, text]), codebook)
    assert [(coding.answer_id, coding.theme) for coding in coded] == [("a", "tas")] * counts


def test_monitoring_levels_are_ordered(codebook: Codebook) -> None:
    (monitoring,) = codebook.classifications
    assert monitoring.levels == ("None", "Developing", "In place")
