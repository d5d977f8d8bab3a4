"""Excerpts under each question: the analyst's pinned ones first, then those that stand for many."""

from __future__ import annotations

from sendthemes.analysis.excerpts import choose_excerpts, shortened
from sendthemes.report.blocks import Quote, Quotes
from sendthemes.report.material import Material


def quotes(material: Material, question: str, limit: int) -> Quotes:
    """Choose excerpts from the answers to an open question.

    Answers that say nothing, are banned or may not be published are never quoted; in publish mode nothing
    is where fewer respondents answered than may be counted.

    Args:
        material: The report's material.
        question: The question's id.
        limit: Excerpts at most.
    """
    answers, wish = material.coded.answers, material.study.excerpts
    title = material.asked(question)
    which = next(at for at, each in enumerate(answers.questions) if each.id == question)
    pairs = zip(answers.answer_respondents, answers.answer_questions, strict=True)
    people = {person for person, asked in pairs if asked == which}
    if material.mode == "publish" and len(people) < material.study.threshold:
        return Quotes(title, (), "Withheld: too few respondents answered.")
    if not limit:
        return Quotes(title, ())
    chosen = choose_excerpts(
        material.coded, question=question, limit=limit, pinned=wish.pinned, banned=wish.banned
    )
    themes = _themes(material, which, set(chosen))
    found: list[Quote] = []
    for at in chosen:
        who, words = answers.answer_respondents[at], shortened(material.redacted[at], wish.width)
        found.append(Quote(words, material.code(who), ", ".join(themes.get(at, ()))))
    return Quotes(title, tuple(found))


def _themes(material: Material, question: int, wanted: set[int]) -> dict[int, list[str]]:
    """Give for each answer the themes found in it, in codebook order; none whose count is hidden."""
    titles = [theme.title for theme, _ in material.coded.codebook.walk()]
    columns = material.coded.columns
    found: dict[int, set[int]] = {}
    for answer, theme in zip(columns.answer.tolist(), columns.theme.tolist(), strict=True):
        if answer in wanted and material.is_open(theme, question):
            found.setdefault(answer, set()).add(theme)
    return {answer: [titles[theme] for theme in sorted(these)] for answer, these in found.items()}
