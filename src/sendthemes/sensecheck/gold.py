"""What people said of answers, as it is learnt from: coded answers by theme, parted into folds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np

from sendthemes.analysis.variables import Flags, Numbers
from sendthemes.codebook.model import Codebook
from sendthemes.errors import AnswersError, Problem, nearest
from sendthemes.sensecheck.decisions import Decision
from sendthemes.sensecheck.judgements import NO, YES, with_those_under
from sendthemes.survey.answers import Answers


class Gold(NamedTuple):
    """What people said of answers."""

    rows: Numbers  # places of the coded answers in the survey, by answer id
    folds: Numbers  # for each its fold: a respondent's answers are in one
    themes: Mapping[str, Flags]  # theme id → for each of them whether the theme, or one under it, applies
    unknown: int  # how many coded answers are not in the survey (blank ones are not)


def read_gold(gold: Any, codebook: Codebook, answers: Answers, *, folds: int = 5, seed: int = 0) -> Gold:
    """Read what people coded, and part the respondents into folds (fewer where there are fewer respondents).

    ``gold`` is a frame or list of dicts with ``answer_id`` and ``theme`` (id or label), a row a coding and
    one with theme ``None`` or ``""`` for an answer coded with none; or decisions (of answers reviewed).
    ``AnswersError``: no rows, unknown themes, or answers of another survey.
    """
    named = {theme.title: theme.theme for theme, _ in codebook.walk()}
    named |= {name: name for name in codebook.theme_ids}
    pairs = _pairs(gold)
    problems = [
        Problem(f"No theme of the codebook is called {name!r}.", "gold", nearest(name, named), "theme")
        for name in sorted({theme for _, theme in pairs if theme} - named.keys())
    ]
    places = {name: at for at, name in enumerate(answers.answer_ids)}
    ids = sorted({answer for answer, _ in pairs})
    here = [name for name in ids if name in places]
    if len(here) * 2 < len(ids) or not ids:
        told = f"{len(ids) - len(here):,} of its {len(ids):,} answers are not in this survey."
        remedy = "Give the rows coded on these answers."
        problems.append(Problem(told if ids else "It holds no coded answer.", "gold", remedy, "gold"))
    if problems:
        raise AnswersError(problems)
    place, column = ({name: at for at, name in enumerate(each)} for each in (here, codebook.theme_ids))
    said = np.full((len(here), len(column)), NO, dtype=np.int8)
    for answer, theme in pairs:
        if theme and answer in place:
            said[place[answer], column[named[theme]]] = YES
    themes = {name: with_those_under(said, codebook, name) == YES for name in column}
    rows = np.array([places[name] for name in here], dtype=np.int64)
    return Gold(rows, _folds(answers, rows, folds, seed), themes, len(ids) - len(here))


def _pairs(gold: Any) -> list[tuple[str, str]]:
    """Give (answer id, theme or "") for each row of a frame, of dicts or of decisions."""
    rows: Sequence[Any]
    if isinstance(gold, Sequence):
        rows = gold
    else:
        import narwhals as nw

        rows = nw.from_native(gold, eager_only=True).rows(named=True)
    reviewed = {row.answer_id for row in rows if isinstance(row, Decision) and row.decision == "reviewed"}
    pairs: list[tuple[str, str]] = []
    for at, row in enumerate(rows):
        if isinstance(row, Decision):
            if row.answer_id in reviewed:
                pairs.append((row.answer_id, "" if row.decision == "drop" else row.theme))
            continue
        if not isinstance(row, Mapping) or not {"answer_id", "theme"} <= row.keys():
            lacking = "A row lacks 'answer_id' or 'theme'."
            raise AnswersError(Problem(lacking, f"gold, row {at}", "Give both columns."))
        theme = row["theme"]
        missing = theme is None or isinstance(theme, float) or type(theme).__name__ == "NAType"
        pairs.append((str(row["answer_id"]), "" if missing else str(theme)))
    return pairs


def _folds(answers: Answers, rows: Numbers, folds: int, seed: int) -> Numbers:
    names = [answers.respondents[answers.answer_respondents[at]] for at in rows.tolist()]
    respondents = sorted(set(names))
    order = np.random.default_rng(seed).permutation(len(respondents))
    parts = (order % max(min(folds, len(respondents)), 1)).tolist()
    fold = dict(zip(respondents, parts, strict=True))
    return np.array([fold[name] for name in names], dtype=np.int64)
