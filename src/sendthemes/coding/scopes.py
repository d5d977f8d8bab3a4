"""Which question of a survey a codebook means.

An id is the survey's own: any two surveys have a q6. Where a codebook says what its questions ask, a question
of that id is meant only if it asks about the same, and else the question that asks the same under another id.
"""

from __future__ import annotations

from functools import lru_cache

from sendthemes.codebook.model import Codebook
from sendthemes.language.chunks import forms_in
from sendthemes.language.types import load_types
from sendthemes.survey.answers import Answers, Question

SAME = 0.75  # share of the words that say what is asked
_ASKING = frozenset(
    {"tell", "describe", "say", "share", "like", "think", "comment", "please", "statement", "area", "improve"}
)


def find_question(answers: Answers, name: str, codebook: Codebook) -> Question | None:
    """Give the open question that a codebook means by an id or wording; ``None`` where it is not asked."""
    asked = {each.question: each.text for each in codebook.questions}.get(name, "")
    found = answers.question(name) if answers.has_question(name) else None
    if asked and (found is None or not (found.text in (found.id, name) or likeness(found.text, asked))):
        alike = max(answers.open_questions, key=lambda each: likeness(each.text, asked), default=None)
        found = alike if alike is not None and likeness(alike.text, asked) >= SAME else None
    return found if found is not None and found.kind == "open" else None


def likeness(one: str, other: str) -> float:
    """Give the share (0-1) of the words of two questions, without those of grammar, that both have."""
    first, second = _asks(one), _asks(other)
    return len(first & second) / max(len(first), len(second), 1)


@lru_cache(maxsize=1024)
def _asks(text: str) -> frozenset[str]:
    types = load_types()
    return frozenset(
        min(types.lemmas(min(types.lemmas(form))))  # "trainings", "training" and "trained" are one
        for form in forms_in(text)
        if form.isalpha() and form not in types.grammar | _ASKING
    )
