"""Every bundled codebook finds what its examples say it must find, and nothing that they say it must not."""

from __future__ import annotations

from pathlib import Path

import pytest

from sendthemes.codebook.load import load_codebook
from sendthemes.codebook.model import Codebook, Theme
from sendthemes.coding.code import code_answers
from sendthemes.survey.answers import Answers, Question

NAMES = sorted(path.stem for path in (Path(__file__).parents[2] / "codebooks").glob("*.yml"))


@pytest.fixture(params=NAMES)
def codebook(request: pytest.FixtureRequest) -> Codebook:
    return load_codebook(request.param)


def themes_found(codebook: Codebook, texts: list[str], questions: list[str]) -> list[set[str]]:
    """Give the themes found in each text, each text answering its question."""
    asked = sorted(set(questions))
    answers = Answers(
        respondents=tuple(str(at) for at in range(len(texts))),
        questions=tuple(Question(name, name, "open") for name in asked),
        answer_ids=[str(at) for at in range(len(texts))],
        answer_respondents=list(range(len(texts))),
        answer_questions=[asked.index(name) for name in questions],
        texts=texts,
    )
    found: list[set[str]] = [set() for _ in texts]
    for coding in code_answers(answers, codebook):
        found[int(coding.answer_id)].add(coding.theme)
    return found


def examples(theme: Theme) -> list[tuple[str, bool]]:
    return [(text, True) for text in theme.examples.yes] + [(text, False) for text in theme.examples.no]


def test_examples_hold(codebook: Codebook) -> None:
    rows = [
        (theme.theme, text, wanted, (theme.questions or ("q0",))[0])
        for theme, _ in codebook.walk()
        for text, wanted in examples(theme)
    ]
    found = themes_found(codebook, [row[1] for row in rows], [row[3] for row in rows])
    wrong = [
        f"{theme} {'misses' if wanted else 'finds'}: {text}"
        for (theme, text, wanted, _), themes in zip(rows, found, strict=True)
        if (theme in themes) != wanted
    ]
    assert not wrong


def test_every_theme_explains_itself(codebook: Codebook) -> None:
    bare = []
    for theme, _ in codebook.walk():
        shown = theme.examples.yes and theme.examples.no
        if not theme.label or not theme.definition or (theme.entries and not shown):
            bare.append(theme.theme)
    assert not bare
    assert codebook.about
    assert codebook.version


def test_no_theme_lists_an_entry_twice(codebook: Codebook) -> None:
    for theme, _ in codebook.walk():
        for entries in (theme.entries, theme.exclusions):
            labels = [entry.label.casefold() for entry in entries]
            twice = sorted({label for label in labels if labels.count(label) > 1})
            assert not twice
