"""Excerpts: a few answers that stand for many, redacted first and shortened after."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from typing import Any, Protocol

import numpy as np

from sendthemes.analysis.mentions import counted, open_scope, theme_scope
from sendthemes.analysis.variables import answers_of, variable
from sendthemes.coding.code import CodedAnswers
from sendthemes.errors import AnswersError, check_number, unknown
from sendthemes.redaction.spans import Redacted, moved
from sendthemes.survey.answers import Answers
from sendthemes.survey.bases import is_null_like
from sendthemes.table import Table

WHOLE = 2_000  # up to so many answers the whole data set is redacted together
Group = tuple[str, int]
_ALIKE = 85  # rapidfuzz ratio (0-100) from which two answers say the same


class AnyRedactor(Protocol):
    """What excerpts need of a redactor."""

    def redact_all(
        self, texts: Sequence[str], respondents: Sequence[str] | None = None
    ) -> Sequence[Redacted]:
        """Redact texts of one data set."""
        ...


def excerpts(
    coded: CodedAnswers,
    *,
    theme: str | None = None,
    question: str | None = None,
    redactor: AnyRedactor | None,
    limit: int = 5,
    width: int = 300,
    minimum: int = 1,
    spread: Sequence[str] = (),
    pinned: Sequence[str] = (),
    banned: Sequence[str] = (),
) -> Table:
    """Choose answers that represent a theme or a question, hide who said and was named, and shorten them.

    Args:
        coded: The coded answers.
        theme: Answers that mention this theme (or a sub-theme); ``None`` takes all substantive answers.
        question: Answers to this open question (id or wording); ``None`` takes all.
        redactor: What hides names and places; ``None`` shows the words as they are, and must be said.
        limit: How many at most.
        width: Characters of one excerpt at most, the marks of cutting included; at least 20.
        minimum: With fewer respondents to choose from than this, show nothing (publishing: a quote beside
            a count of 1 says who it was).
        spread: More variables (role, phase) over which to spread, beside respondents, LAs and questions.
        pinned: Answer ids that come first where they are in scope.
        banned: Answer ids never shown.

    Returns:
        answer_id, respondent, question, excerpt: the pinned first, then the most representative.
        Respondents who refused publication (``answers.quotable``) are never quoted.

    Raises:
        AnswersError: An unknown question, answer id or variable. CodebookError: an unknown theme.
    """
    if width < 20:
        raise AnswersError(f"width is the length of an excerpt in characters, at least 20; got {width}")
    check_number("limit", limit, 0)
    answers_of(coded, coded=True)
    pool = _candidates(coded, theme, question)
    speakers = {coded.answers.answer_respondents[at] for at in pool}
    columns = ("answer_id", "respondent", "question", "excerpt")
    title = "Excerpts" + (f": {coded.codebook.theme(theme).title}" if theme else "")
    if len(speakers) < minimum:
        few = f"Withheld: fewer than {counted(minimum, 'respondent')} could be quoted here."
        note = few if speakers else "Nobody can be quoted here."
        return Table(columns, (), title=title, notes=(note,))
    chosen = choose_excerpts(
        coded, theme=theme, question=question, limit=limit, spread=spread, pinned=pinned, banned=banned
    )
    codings = slice(0) if theme is None else _is_theme(coded, theme)
    found, start = coded.columns.answer[codings], coded.columns.start[codings]
    redacted = redacted_answers(coded.answers, chosen, redactor)
    rows = []
    for at in chosen:
        answer = coded.answers.answer(at)
        words = shortened(redacted[at], width, around=min(start[found == at].tolist(), default=None))
        rows.append((answer.id, answer.respondent, answer.question, words))
    base = f"{counted(len(pool), 'answer')} of {counted(len(speakers), coded.answers.unit)} to choose from"
    unseen = redactor is not None and len(coded.answers.texts) > WHOLE
    note = "Redacted together with all answers of the respondents quoted, not of the whole survey."
    return Table(columns, tuple(rows), title=title, base=base, notes=(note,) if unseen else ())


def choose_excerpts(
    coded: CodedAnswers,
    *,
    theme: str | None = None,
    question: str | None = None,
    limit: int = 5,
    spread: Sequence[str] = (),
    pinned: Sequence[str] = (),
    banned: Sequence[str] = (),
) -> list[int]:
    """Choose as ``excerpts`` does, and give positions in ``answers.texts`` instead of words.

    The nearest to the centre of the candidates' TF-IDF vectors come first, less so if few words long, or if
    their respondent, LA, question or other group has been chosen before. Near-duplicates are passed over. One
    answer in which the theme is negated takes the last place where there is one.
    """
    answers = coded.answers
    at_id = {name: at for at, name in enumerate(answers.answer_ids)}
    strange = [name for name in (*pinned, *banned) if name not in at_id]
    if strange:
        raise AnswersError(unknown("answer", name, at_id, answers.source) for name in strange)
    out = {at_id[name] for name in banned}
    pool = [at for at in _candidates(coded, theme, question) if at not in out]
    first = [at for at in (at_id[name] for name in dict.fromkeys(pinned)) if at in set(pool)][:limit]
    scores = _closeness(coded, pool)
    chosen = _greedy(coded, scores, _groups(coded, pool, spread), first, limit)
    contrary = _contrary(coded, theme, pool)
    if len(chosen) > max(1, len(first)) and contrary and not contrary & set(chosen):
        ranked = sorted(contrary, key=lambda at: (-scores[at], answers.answer_ids[at]))
        fresh = next((at for at in ranked if not _repeats(answers.texts, at, chosen[:-1])), None)
        if fresh is not None:
            chosen = [*chosen[: limit - 1], fresh]
    return chosen


def shortened(redacted: Redacted, width: int, *, around: int | None = None) -> str:
    """Cut a redacted text at word ends to ``width`` characters at most (20 or more), "…" for what is cut.

    ``around`` is an offset in the original text that must be in view: where it would be cut off, the excerpt
    starts at its sentence, or just before it.
    """
    text = " ".join(redacted.text.split())
    if len(text) <= width:
        return text
    start = 0
    if around is not None:
        seen = len(" ".join(redacted.text[: moved(redacted, 0, around)[1]].split()))
        if seen > width * 2 // 3:
            start = _start_of_view(text, seen, width)
    lead = "…" if start else ""
    if len(text) - start <= width - len(lead):
        return lead + text[start:]
    return lead + _cut(text[start:], width - len(lead) - 1) + "…"


def _start_of_view(text: str, place: int, width: int) -> int:
    """Give where to begin: the sentence of a place, or a word not too far before it."""
    opened = text.rfind("[", 0, place)
    if opened > text.rfind("]", 0, place):
        place = opened
    sentence = max((text.rfind(mark, 0, place) + 2 for mark in (". ", "! ", "? ")), default=0)
    if place - sentence <= width * 2 // 3 and sentence > 1:
        return sentence
    near = text.find(" ", max(0, place - width // 3)) + 1
    inside = text.rfind("[", 0, near) > text.rfind("]", 0, near)
    return near if 0 < near <= place and not inside else place


def _cut(text: str, room: int) -> str:
    """Cut at a word end, never inside a replacement such as "[Local authority 3]"."""
    kept = text[:room]
    if not text[room : room + 1].isspace():
        kept = kept.rsplit(" ", 1)[0] if " " in kept else kept
    if kept.rfind("[") > kept.rfind("]") and kept.rfind("[") > 0:
        kept = kept[: kept.rfind("[")]
    return kept.rstrip(" ,;:-–—(")


def _candidates(coded: CodedAnswers, theme: str | None, question: str | None) -> list[int]:
    """Give the answers that may be quoted here: in scope, publishable, saying something."""
    answers = coded.answers
    asked = {each.id for each in open_scope(answers, question)}
    inside = [each.id in asked for each in answers.questions]
    found: list[int] | range = range(len(answers.texts))
    if theme is not None:
        found = sorted(set(coded.columns.answer[_is_theme(coded, theme)].tolist()))
    return [
        at
        for at in found
        if inside[answers.answer_questions[at]]
        and (answers.quotable is None or answers.quotable[answers.answer_respondents[at]])
        and not is_null_like(answers.texts[at], answers.null_like)
    ]


def _is_theme(coded: CodedAnswers, theme: str) -> Any:
    """Say of each coding whether it is of a theme or one under it; ``CodebookError`` for an unknown theme."""
    theme_scope(coded.codebook, theme)
    below = theme_scope(coded.codebook, coded.codebook.descendants(theme))
    return np.isin(coded.columns.theme, list(below))


def _closeness(coded: CodedAnswers, pool: Sequence[int]) -> dict[int, float]:
    """Score answers 0-1 by how near they are to the centre of the pool; a few words alone score less."""
    if not pool:
        return {}
    from sklearn.feature_extraction.text import TfidfVectorizer

    texts = [coded.answers.texts[at] for at in pool]
    # scikit-learn's stubs know neither a function as analyzer nor what comes out.
    vectorizer: Any = TfidfVectorizer
    words = re.compile(r"\w+")
    analyzed = vectorizer(analyzer=lambda text: words.findall(text.casefold()), sublinear_tf=True)
    vectors = analyzed.fit_transform(texts)
    centre = np.asarray(vectors.mean(axis=0)).ravel()
    near = np.asarray(vectors @ centre).ravel() / (np.linalg.norm(centre) or 1.0)
    lengths = [len(text.split()) for text in texts]
    # Rounded, so that no machine's arithmetic decides between equals.
    scores = [float(each) * min(1.0, length / 8) for each, length in zip(near, lengths, strict=True)]
    return {at: round(score, 9) for at, score in zip(pool, scores, strict=True)}


def _groups(coded: CodedAnswers, pool: Sequence[int], names: Sequence[str]) -> dict[int, dict[Group, int]]:
    """Name all groups that each answer belongs to, with what each weighs; its respondent weighs thrice."""
    answers = coded.answers
    wanted = sorted({*names, *({"la"} & answers.identifiers.keys())})
    spread = {name: variable(coded, name).members for name in wanted}
    groups: dict[int, dict[Group, int]] = {}
    for at in pool:
        row = answers.answer_respondents[at]
        groups[at] = {("respondent", row): 3, ("question", answers.answer_questions[at]): 1}
        for name, members in spread.items():
            groups[at] |= {(f"in {name}", level): 1 for level in members[[row]].indices.tolist()}
    return groups


def _greedy(
    coded: CodedAnswers,
    scores: dict[int, float],
    groups: dict[int, dict[Group, int]],
    first: list[int],
    limit: int,
) -> list[int]:
    """Choose the best scored again and again; a group chosen from before halves the score."""
    chosen, ids = list(first), coded.answers.answer_ids
    used = Counter(group for at in chosen for group in groups[at])
    left = set(scores) - set(chosen)

    def worth(at: int) -> float:
        return scores[at] * 0.5 ** sum(used[group] * weight for group, weight in groups[at].items())

    while left and len(chosen) < limit:
        best = min(left, key=lambda at: (-worth(at), ids[at]))
        left.discard(best)
        if not _repeats(coded.answers.texts, best, chosen):
            chosen.append(best)
            used.update(groups[best].keys())
    return chosen


def _repeats(texts: Sequence[str], at: int, chosen: Sequence[int]) -> bool:
    from rapidfuzz import fuzz, utils

    return any(
        fuzz.token_sort_ratio(texts[at], texts[other], processor=utils.default_process) >= _ALIKE
        for other in chosen
    )


def _contrary(coded: CodedAnswers, theme: str | None, pool: Sequence[int]) -> set[int]:
    """Give the answers in which every mention of the theme is negated."""
    if theme is None:
        return set()
    codings = _is_theme(coded, theme)
    answer, negated = coded.columns.answer[codings], coded.columns.negated[codings]
    return (set(answer[negated].tolist()) - set(answer[~negated].tolist())) & set(pool)


def redacted_answers(
    answers: Answers, chosen: Sequence[int], redactor: AnyRedactor | None
) -> dict[int, Redacted]:
    """Redact the chosen answers (places in ``texts``) among others of the data set.

    A name may stand out more in another answer: up to 2,000 answers all are redacted together, beyond
    that those of the same respondents. ``None`` gives the answers as they are.
    """
    if redactor is None:
        return {at: Redacted(answers.texts[at]) for at in chosen}
    speakers = {answers.answer_respondents[at] for at in chosen}
    few = len(answers.texts) <= WHOLE
    together = [at for at, speaker in enumerate(answers.answer_respondents) if few or speaker in speakers]
    names = [answers.respondents[answers.answer_respondents[at]] for at in together]
    done = redactor.redact_all([answers.texts[at] for at in together], names)
    wanted = set(chosen)
    return {at: each for at, each in zip(together, done, strict=True) if at in wanted}
