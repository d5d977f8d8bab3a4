"""Excerpts under each question: the analyst's pinned ones first, then those that stand for many."""

from __future__ import annotations

from sendthemes.analysis.excerpts import choose_excerpts, shortened
from sendthemes.report.blocks import Quote, Quotes
from sendthemes.report.material import Material


def quotes(material: Material, question: str, limit: int) -> Quotes:
    """Choose excerpts from the answers to an open question (an id), at most ``limit``.

    Answers that say nothing, are banned or may not be published are never quoted; in publish mode nothing
    is where fewer respondents answered than may be counted. Themes whose count is hidden are not named.
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
    titles, columns = [theme.title for theme, _ in material.coded.codebook.walk()], material.coded.columns
    found: list[Quote] = []
    for at in chosen:
        who, words = answers.answer_respondents[at], shortened(material.redacted[at], wish.width)
        themes = sorted({int(columns.theme[row]) for row in material.codings.get(at, ())})
        told = ", ".join(titles[theme] for theme in themes if material.is_open(theme, which))
        found.append(Quote(words, material.code(who), told))
    return Quotes(title, tuple(found))
