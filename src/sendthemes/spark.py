"""Coding on Spark 4: the batch function of the library under Spark's own hands.

Answers never leave the executors: what comes back are codings, ids and offsets. Each executor's Python needs
sendthemes and the model; nothing is fetched.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from sendthemes.codebook.load import load_codebook
from sendthemes.codebook.model import Codebook
from sendthemes.coding.batches import code_batch
from sendthemes.coding.processes import Settings
from sendthemes.survey.answers import Question

if TYPE_CHECKING:
    import pyarrow
    from pyspark.sql import DataFrame  # pyright: ignore[reportMissingImports] - an extra

SCHEMA = (
    "answer_id string, respondent string, question string, theme string, entry string, "
    "start int, end int, negated boolean, echo boolean"
)


def code_spark(
    df: DataFrame,
    codebook: Codebook | str | Path,
    *,
    questions: Sequence[Question],
    lemmas: Literal["possible", "in_context"] = "possible",
) -> DataFrame:
    """Code a Spark frame of answers.

    Args:
        df: String columns ``answer_id``, ``respondent``, ``question`` (id), ``text``; others are left aside.
        codebook: A codebook, bundled name or path (read here, once).
        questions: The questions asked: their wordings and options say what is prompt echo.
        lemmas: As in ``code_answers``.

    Returns:
        One row a counted coding, with the columns of ``coding.batches.CODING_COLUMNS``; the
        same rows as ``code_answers`` gives for the same answers, in no order.
    """
    book = codebook if isinstance(codebook, Codebook) else load_codebook(codebook)
    settings = Settings(book, tuple(questions), lemmas).to_json()

    def code(batches: Iterable[pyarrow.RecordBatch]) -> Iterator[pyarrow.RecordBatch]:
        given = Settings.from_json(settings)
        return (code_batch(batch, given) for batch in batches)

    texts: Any = df.select("answer_id", "respondent", "question", "text")
    return texts.mapInArrow(code, SCHEMA)


def theme_counts(codings: DataFrame, answers: DataFrame, codebook: Codebook) -> DataFrame:
    """Count respondents by theme in Spark: theme, respondents, base, percent (0–100).

    A respondent counts once for a theme, and for every theme above it; the base is all with a non-blank
    answer. Themes stand in the codebook's order; one that nobody mentioned has 0 respondents. With no
    respondents at all, percent is null.

    Args:
        codings: What ``code_spark`` gave.
        answers: The frame that was coded.
        codebook: The codebook that was applied.
    """
    spark: Any = codings.sparkSession
    ids = codebook.theme_ids
    under = [
        (at, theme, child) for at, theme in enumerate(ids) for child in sorted(codebook.descendants(theme))
    ]
    tree = spark.createDataFrame(under, "place int, above string, theme string")
    return spark.sql(
        """
        WITH base AS (SELECT count(DISTINCT respondent) AS base FROM {answers} WHERE trim(text) <> '')
        SELECT above AS theme, count(DISTINCT respondent) AS respondents, first(base) AS base,
               100 * count(DISTINCT respondent) / nullif(first(base), 0) AS percent
        FROM {tree} LEFT JOIN {codings} USING (theme) CROSS JOIN base
        GROUP BY place, above ORDER BY place
        """,
        tree=tree,
        codings=codings,
        answers=answers,
    )
