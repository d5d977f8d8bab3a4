"""Time every table on a million codings of 250,000 respondents: python benchmarks/tables.py."""

from __future__ import annotations

import time
from types import SimpleNamespace
from typing import Any

import numpy as np

import sendthemes as st
from sendthemes.codebook.model import Entry, Theme
from sendthemes.survey.answers import Answers, Question

RESPONDENTS, QUESTIONS, THEMES, CODINGS, ANSWERS_EACH = 250_000, 8, 40, 1_000_000, 4
LEVELS = ("Poor", "Fair", "Good", "Excellent")


def make(seed: int = 0) -> Any:
    """Make coded answers of the size wanted, with what the tables read of them."""
    draw = np.random.default_rng(seed)
    n = RESPONDENTS * ANSWERS_EACH
    rating = tuple((*LEVELS, None)[at] for at in draw.integers(0, 5, RESPONDENTS).tolist())
    why = tuple(
        tuple(sorted({"abcdef"[at] for at in row})) for row in draw.integers(0, 6, (RESPONDENTS, 3)).tolist()
    )
    answers = Answers(
        respondents=tuple(f"r{at}" for at in range(RESPONDENTS)),
        questions=(
            *(Question(f"q{at}", f"Question {at}?", "open") for at in range(QUESTIONS)),
            Question("rating", "Rating", "single", LEVELS),
            Question("why", "Why", "multiple", tuple("abcdef")),
        ),
        answer_ids=[f"a{at}" for at in range(n)],
        answer_respondents=np.repeat(np.arange(RESPONDENTS), ANSWERS_EACH).tolist(),
        answer_questions=draw.integers(0, QUESTIONS, n).tolist(),
        texts=[f"some words about things {at % 97}" for at in range(n)],
        values={"rating": rating, "why": why},
        identifiers={"la": tuple((f"LA {at}",) for at in draw.integers(0, 19, RESPONDENTS).tolist())},
    )
    themes = tuple(Theme(theme=f"t{at}", entries=(Entry(form=f"t{at}"),)) for at in range(THEMES))
    columns = SimpleNamespace(
        answer=np.sort(draw.integers(0, n, CODINGS)).astype(np.int32),
        theme=draw.integers(0, THEMES, CODINGS).astype(np.int32),
        echo=np.zeros(CODINGS, dtype=bool),
    )
    codebook = st.Codebook(codebook="made", themes=themes)
    return SimpleNamespace(answers=answers, codebook=codebook, columns=columns, levels={}, lemmas="possible")


def main() -> None:
    """Print seconds for each table."""
    coded = make()
    answers = coded.answers
    tables = {
        "theme_frequencies": lambda: st.theme_frequencies(coded),
        "theme_frequencies, substantive": lambda: st.theme_frequencies(coded, base="substantive"),
        "theme_frequencies by question": lambda: st.theme_frequencies(coded, by="question"),
        "theme_frequencies by LA": lambda: st.theme_frequencies(coded, by="la"),
        "theme_frequencies of LAs": lambda: st.theme_frequencies(coded, unit="la"),
        "response_counts, multiple choice": lambda: st.response_counts(answers, "why"),
        "theme_crosstab by LA": lambda: st.theme_crosstab(coded, by="la", residuals=True),
        "crosstab LA × rating": lambda: st.crosstab(answers, rows="la", columns="rating", residuals=True),
        "crosstab rating × multiple choice": lambda: st.crosstab(answers, rows="rating", columns="why"),
        "theme_tests": lambda: st.theme_tests(coded, by="rating"),
        "theme_cooccurrence": lambda: st.theme_cooccurrence(coded),
        "theme_spread by question": lambda: st.theme_spread(coded),
        "group_differences by LA": lambda: st.group_differences(coded, by="la"),
        "theme_change": lambda: st.theme_change(coded, coded),
        "suppress": lambda: st.suppress(st.crosstab(answers, rows="la", columns="rating")),
    }
    for name, make_table in tables.items():
        start = time.perf_counter()
        make_table()
        print(f"{name:36} {time.perf_counter() - start:6.2f} s")


if __name__ == "__main__":
    main()
