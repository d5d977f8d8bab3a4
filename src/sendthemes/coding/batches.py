"""Coding by batches of Arrow records: the one seam of local processes, streams, Spark and Dask.

``code_batch`` takes a batch of answers and gives a batch of codings, and depends on nothing else: any
number of batches, in any order, in any process, gives the same codings.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from sendthemes.coding.code import CodedAnswers, code_answers
from sendthemes.coding.processes import Settings
from sendthemes.errors import AnswersError, Problem
from sendthemes.survey.answers import Answers, Question

if TYPE_CHECKING:
    import pyarrow

ANSWER_COLUMNS = ("answer_id", "respondent", "question", "text")
CODING_COLUMNS = (
    "answer_id", "respondent", "question", "theme", "entry", "start", "end", "negated", "echo",
)  # fmt: skip


def code_batch(batch: pyarrow.RecordBatch, settings: Settings) -> pyarrow.RecordBatch:
    """Code a batch of answers.

    Args:
        batch: Strings ``answer_id``, ``respondent``, ``question`` (id) and ``text``; further columns are
            left aside, blank and missing texts hold nothing.
        settings: The codebook and what else counts.

    Returns:
        One row a counted coding: ``CODING_COLUMNS``; strings, offsets in characters (int32), booleans.
        Sorted by answer, theme, start. No answers: no rows.

    Raises:
        AnswersError: If columns are missing or a question is unknown.
    """
    answers = answers_of(batch, settings.questions)
    return codings_of(code_answers(answers, settings.codebook, lemmas=settings.lemmas, cache=settings.cache))


def answers_of(batch: pyarrow.RecordBatch, questions: Sequence[Question]) -> Answers:
    """Make answers of a batch; see ``code_batch`` for its columns."""
    lacking = [name for name in ANSWER_COLUMNS if name not in batch.schema.names]
    if lacking:
        raise AnswersError(
            Problem(
                f"The batch has no column {', '.join(lacking)}; it has {', '.join(batch.schema.names)}.",
                remedy=f"Name the columns {', '.join(ANSWER_COLUMNS)}.",
            )
        )
    ids, people, asked, texts = (batch.column(name).to_pylist() for name in ANSWER_COLUMNS)
    rows = [at for at, text in enumerate(texts) if text is not None and text.strip()]
    places = {question.id: at for at, question in enumerate(questions)}
    unknown = sorted({str(asked[at]) for at in rows} - places.keys())
    if unknown:
        raise AnswersError(Problem(f"The settings have no question {', '.join(unknown)}."))
    respondents = {str(people[at]): 0 for at in rows}
    numbers = {name: at for at, name in enumerate(respondents)}
    return Answers(
        tuple(respondents),
        tuple(questions),
        [str(ids[at]) for at in rows],
        [numbers[str(people[at])] for at in rows],
        [places[str(asked[at])] for at in rows],
        [texts[at] for at in rows],
    )


def codings_of(coded: CodedAnswers) -> pyarrow.RecordBatch:
    """Give counted codings as a batch; see ``code_batch`` for its columns. No words of answers are in it."""
    import pyarrow

    answers, found = coded.answers, coded.columns
    of = np.asarray(answers.answer_respondents, dtype=np.int64)[found.answer]
    asked = np.asarray(answers.answer_questions, dtype=np.int64)[found.answer]
    names = [question.id for question in answers.questions]
    strings = (
        (answers.answer_ids, found.answer),
        (answers.respondents, of),
        (names, asked),
        (coded.codebook.theme_ids, found.theme),
        (coded.entry_labels, found.entry),
    )
    columns = [pyarrow.array(list(known), pyarrow.string()).take(pyarrow.array(at)) for known, at in strings]
    columns += [pyarrow.array(column) for column in (found.start, found.end, found.negated, found.echo)]
    return pyarrow.RecordBatch.from_arrays(columns, names=list(CODING_COLUMNS))
