"""Excerpts under each question: the analyst's pinned ones first, then chosen to represent."""

from __future__ import annotations

from sendthemes.report.blocks import Quote, Quotes
from sendthemes.report.evidence import marked
from sendthemes.report.material import Material
from sendthemes.survey.bases import is_null_like


def quotes(material: Material, question: str, limit: int) -> Quotes:
    """Choose excerpts from the answers to an open question.

    Answers that say nothing, are banned or may not be published are never quoted.

    Args:
        material: The report's material.
        question: The question's id.
        limit: Excerpts at most.
    """
    answers = material.coded.answers
    mine = [
        at for at, which in enumerate(answers.answer_questions) if answers.questions[which].id == question
    ]
    usable = [
        at for at in mine if material.may_show[at] and not is_null_like(answers.texts[at], answers.null_like)
    ]
    pinned = [
        name for name in material.study.excerpts.pinned if name in {answers.answer_ids[at] for at in usable}
    ]
    themes = _themes(material, set(usable))
    order = sorted(
        usable,
        key=lambda at: (
            pinned.index(answers.answer_ids[at]) if answers.answer_ids[at] in pinned else len(pinned),
            -len(themes.get(at, ())),
            at,
        ),
    )
    items = tuple(_quote(material, at, tuple(themes.get(at, ()))) for at in order[:limit])
    return Quotes(material.asked(question), items)


def _quote(material: Material, at: int, themes: tuple[str, ...]) -> Quote:
    answers = material.coded.answers
    pieces = marked(material.redacted[at], (), width=material.study.excerpts.width)
    text = "".join(piece.text for piece in pieces)
    return Quote(text, material.codes[answers.respondents[answers.answer_respondents[at]]], ", ".join(themes))


def _themes(material: Material, wanted: set[int]) -> dict[int, list[str]]:
    """Give for each answer the themes found in it, in codebook order."""
    coded = material.coded
    labels = [theme.title for theme, _ in coded.codebook.walk()]
    found: dict[int, set[int]] = {}
    for answer, theme in zip(coded.columns.answer.tolist(), coded.columns.theme.tolist(), strict=True):
        if answer in wanted:
            found.setdefault(answer, set()).add(theme)
    return {answer: [labels[theme] for theme in sorted(these)] for answer, these in found.items()}
