"""Who counts: which respondents were asked, answered, or said something."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any, Literal

from sendthemes.errors import AnswersError, nearest
from sendthemes.survey import headings
from sendthemes.survey.answers import Answers, Question
from sendthemes.text import normalise

if TYPE_CHECKING:
    from numpy import bool_
    from numpy.typing import NDArray

Base = Literal["all", "asked", "answered", "substantive"]
BASES: tuple[Base, ...] = ("all", "asked", "answered", "substantive")

_BACK_REFERENCE = re.compile(
    r"\b(?:above|previous|previously|before|earlier|ditto|same|already|covered|refer)\b"
)


def is_null_like(text: str, extra: Iterable[str] = ()) -> bool:
    """Say whether a whole answer says nothing: "N/A", "none", "as above", "no further comment", "-", "".

    Case, spaces and punctuation around it do not matter. An answer that says anything besides is substantive
    ("None of our schools has a SENCO"). ``extra`` are more wordings that say nothing in this survey.
    """
    folded = _folded(text)
    known = headings.pattern("null_like.txt", "null").fullmatch(folded)
    return not folded or bool(known) or folded in map(_folded, extra)


def is_back_reference(text: str) -> bool:
    """Say whether a null-like answer points to another one ("as above", "see previous answers")."""
    return is_null_like(text) and bool(_BACK_REFERENCE.search(_folded(text)))


def _folded(text: str) -> str:
    plain = normalise(text).text
    words = "".join(each if each.isalnum() or each in "/'" else " " for each in plain)
    return " ".join(words.casefold().split()).strip("/' ")


def base_mask(answers: Answers, base: Base, questions: Sequence[str] | None = None) -> NDArray[bool_]:
    """Say for each respondent whether they belong to a base.

    Args:
        answers: The survey.
        base: ``"all"`` respondents; ``"asked"`` those whom routing let see at least one of the questions;
            ``"answered"`` those with a non-blank answer to at least one of them; ``"substantive"`` those with
            at least one that is not null-like.
        questions: Ids or wordings of the questions in scope; ``None`` means every open question. A closed
            question counts as answered where it has a value; its values are always substantive.

    Returns:
        One bool a respondent, in the order of ``answers.respondents``.

    Raises:
        AnswersError: For an unknown base or question.
    """
    import numpy as np

    if base not in BASES:
        message = f"There is no base {base!r}; it is one of {', '.join(BASES)}. {nearest(base, BASES)}"
        raise AnswersError(message)
    scope = answers.open_questions if questions is None else [answers.question(name) for name in questions]
    mask: NDArray[bool_] = np.zeros(len(answers.respondents), dtype=bool)
    if base == "all":
        return ~mask
    for question in scope:
        if base == "asked":
            mask |= _asked(answers, question)
        elif question.kind != "open":
            mask |= np.fromiter((value is not None for value in answers.values[question.id]), bool, len(mask))
    if base == "asked":
        return mask
    asked = enumerate(answers.questions)
    chosen = [at for at, question in asked if question.kind == "open" and question in scope]
    rows = np.flatnonzero(np.isin(np.asarray(answers.answer_questions, dtype=np.int64), chosen))
    if base == "substantive":
        rows = rows[substantive(answers)[rows]]
    mask[np.asarray(answers.answer_respondents, dtype=np.int64)[rows]] = True
    return mask


def substantive(answers: Answers) -> NDArray[bool_]:
    """Say of each answer whether it says something (is not null-like)."""
    import numpy as np

    # No known wording is longer than 80 characters.
    short = 80 if all(len(wording) <= 60 for wording in answers.null_like) else sys.maxsize
    brief = {text for text in answers.texts if len(text) <= short}
    empty = {text for text in brief if is_null_like(text, answers.null_like)}
    return np.array([text not in empty for text in answers.texts], dtype=bool)


def _asked(answers: Answers, question: Question) -> Any:
    import numpy as np

    if question.asked_if is None:
        return np.ones(len(answers.respondents), dtype=bool)
    by, levels = question.asked_if
    wanted = set(levels)
    given = (value if isinstance(value, tuple) else (value,) for value in answers.value(by))
    return np.array([not wanted.isdisjoint(value) for value in given], dtype=bool)
