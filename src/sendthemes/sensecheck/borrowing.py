"""Borrowing: the lists of codebooks that exist, each judged as a whole by the coded answers.

From few coded answers a single word cannot be judged. A list of words can, for they stand together in many
answers: how often the list of another codebook's theme is right for the theme in hand says what to expect
of each of its entries.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from sendthemes.codebook.load import list_codebooks, load_codebook
from sendthemes.codebook.model import Codebook, Entry
from sendthemes.coding.scopes import find_question
from sendthemes.survey.answers import Answers

Source = str | Path | Mapping[str, Any] | Codebook
_PLAIN = ("word", "form", "exact", "regex")


def lists(borrow: Iterable[Source] | None, answers: Answers) -> dict[str, list[Entry]]:
    """Give the lists to borrow from: "theme X of codebook Y" → its plain entries; ``None``: all bundled ones.

    Left aside are entries with parts, a part of speech or options of their own. What is limited to questions
    becomes one entry for each of them that the survey asks, and none where it asks none. ``CodebookError``: a
    codebook cannot be loaded.
    """
    if borrow is None:
        borrow = [str(name) for name in list_codebooks().column("codebook")]
    return {
        f"theme {theme.theme!r} of codebook {codebook.codebook!r}": [
            entry.model_copy(update={"questions": questions})
            for entry in theme.entries
            if entry.kind in _PLAIN and not (entry.pos or entry.negated or entry.fuzzy)
            for questions in _asked(entry.questions or theme.questions, answers, codebook)
        ]
        for codebook in map(load_codebook, borrow)
        for theme, _ in codebook.walk()
    }


def _asked(questions: tuple[str, ...], answers: Answers, codebook: Codebook) -> list[tuple[str, ...]]:
    here = (find_question(answers, name, codebook) for name in questions)
    return [(each.id,) for each in here if each is not None] if questions else [()]
