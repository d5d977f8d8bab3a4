"""A small coded survey for the tests of sense-checking."""

import pytest

import sendthemes as st

CODEBOOK = {
    "codebook": "small",
    "themes": [
        {"theme": "funding", "label": "Funding", "definition": "Money.", "entries": ["funding", "budget"]},
        {"theme": "staff", "label": "Staff", "definition": "People.", "entries": ["staff", "recruit"]},
    ],
}
ANSWERS = [
    {"id": "a", "q1": "Funding is short. The budget is cut.", "q2": "Staff leave, says Jane Okafor."},
    {"id": "b", "q1": "We cannot recruit.", "q2": "The weather was fine."},
    {"id": "c", "q1": "N/A", "q2": "Budgets and staffing."},
    {"id": "d", "q1": "Nothing works here at all.", "q2": ""},
]


@pytest.fixture(scope="session")
def coded():
    answers = st.read_answers(ANSWERS, respondent="id", questions=["q1", "q2"])
    return st.code_answers(answers, st.load_codebook(CODEBOOK))


class Shouting:
    """Hides one name and, to show that it ran, nothing else."""

    def redact_all(self, texts, respondents=None):
        from sendthemes.redaction.spans import Redacted, Span

        found = []
        for text in texts:
            at = text.find("Jane Okafor")
            if at < 0:
                found.append(Redacted(text))
                continue
            span = Span(at, at + 11, "name", "test", "known", replacement="[Name]")
            found.append(Redacted(text.replace("Jane Okafor", "[Name]"), (span,)))
        return found


@pytest.fixture
def redactor():
    return Shouting()
