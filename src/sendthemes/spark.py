"""Coding and redaction on Spark 4: the library's batch functions under Spark's own hands.

Coding keeps answers on the executors: what comes back are codings, ids and offsets. Redaction gathers the
names that are known or found on the driver, so that a person hidden in one batch is hidden in all. Each
executor's Python needs sendthemes and the model; nothing is fetched.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from copy import copy
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from sendthemes.codebook.load import load_codebook
from sendthemes.codebook.model import Codebook
from sendthemes.coding.batches import code_batch
from sendthemes.coding.processes import Settings
from sendthemes.redaction.gazetteer import authority_names
from sendthemes.redaction.known import Known
from sendthemes.redaction.phrases import PhraseIndex
from sendthemes.redaction.pseudonyms import PseudonymKey
from sendthemes.redaction.redactor import Redactor
from sendthemes.redaction.spans import Span
from sendthemes.redaction.spread import spread_forms
from sendthemes.survey.answers import Answers, Question

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


def redact_spark(
    df: DataFrame,
    *,
    identifiers: Mapping[str, Sequence[str]] | None = None,
    key: PseudonymKey | None = None,
    codebook: Codebook | None = None,
    model: bool = True,
    names: Iterable[str] = (),
    protect: Iterable[str] = (),
    unprotect: Iterable[str] = (),
) -> DataFrame:
    """Redact a Spark frame of answers in two stages; the first runs now, the second when rows are asked for.

    The first gathers on the driver the values of the identifier columns and the people, schools and
    authorities that each batch gives away; authorities get their codes there. The second hides all of them in
    every batch. Every authority gets a code in the key, those of the survey first. Initials that fit several
    authorities are hidden without a code, since a batch does not know whose answer it is.

    Args:
        df: String columns ``answer_id`` and ``text``, and those that ``identifiers`` names.
        identifiers: Kind ("name", "email", "la", "school") → columns whose values are always hidden.
        key: Codes of authorities; only the driver reads and writes its file.
        codebook: Its entries are protected.
        model: Whether the spaCy model looks for people too.
        names: More people to hide.
        protect: As in ``Redactor``.
        unprotect: As in ``Redactor``.

    Returns:
        answer_id, text (redacted; null where it was), hidden (places), in no order. A person must read it
        before it is published.
    """
    values = {
        kind: tuple(
            sorted({row[0] for name in columns for row in df.select(name).distinct().collect() if row[0]})
        )
        for kind, columns in (identifiers or {}).items()
    }
    known = Answers(("*",), (), identifiers={kind: (each,) for kind, each in values.items()})
    options: dict[str, Any] = {"codebook": codebook, "model": model, "names": [*names], "protect": [*protect],
               "unprotect": [*unprotect]}  # fmt: skip

    def gather(batches: Iterable[pyarrow.RecordBatch]) -> Iterator[pyarrow.RecordBatch]:
        return _gathered(batches, Redactor(known=known, **options))

    texts: Any = df.select("answer_id", "text")
    found = texts.mapInArrow(gather, _FOUND).distinct().collect()
    codes, ours = PseudonymKey() if key is None else key, authority_names()
    codes.codes({row.value: ours[row.value] for row in found if row.label == "la" and row.value in ours})
    codes.codes({**ours, **Redactor(known=known).known.authorities})
    codes = copy(codes)
    codes.path = None  # the executors' copy writes nothing
    elsewhere = _Elsewhere(tuple(sorted(tuple(row) for row in found if row.label != "la")))

    def redact(batches: Iterable[pyarrow.RecordBatch]) -> Iterator[pyarrow.RecordBatch]:
        redactor = Redactor(key=codes, known=known, detectors=[elsewhere.detector()], **options)
        return (_redacted(batch, redactor) for batch in batches)

    return texts.mapInArrow(redact, "answer_id string, text string, hidden int")


_FOUND = "label string, value string, form string, sure boolean"


@dataclass(frozen=True, slots=True)
class _Elsewhere:
    """People and schools that any batch gave away, in every form to be hidden: label, value, form, sure."""

    found: tuple[tuple[Any, ...], ...]

    def detector(self) -> Any:
        """Give what finds them in a text."""
        index = PhraseIndex(
            (form, Known(label, value, True)) for label, value, form, sure in self.found if sure
        )

        def detect(text: str) -> list[Span]:
            return [
                Span(start, end, known[0].label, "found elsewhere", "people", 0.9, known[0].value)
                for start, end, known in index.find(text)
            ]

        return detect


def _gathered(batches: Iterable[pyarrow.RecordBatch], redactor: Redactor) -> Iterator[pyarrow.RecordBatch]:
    """Give what each batch gives away: authorities by id, people and schools by the forms to hide."""
    import pyarrow

    for batch in batches:
        texts = [text or "" for text in batch.column("text").to_pylist()]
        rows: set[tuple[str, str, str, bool]] = set()
        for text, redacted in zip(texts, redactor.redact_all(texts), strict=True):
            for span in redacted.found:
                if span.label in {"la", "place"} and span.value:
                    rows.add(("la", span.value, "", True))
                for form, each in spread_forms(text, span):
                    rows.add((each.label, each.value, form, each.sure))
        columns = zip(*sorted(rows), strict=True) if rows else ((),) * 4
        kinds = (pyarrow.string(), pyarrow.string(), pyarrow.string(), pyarrow.bool_())
        arrays = [pyarrow.array(column, kind) for column, kind in zip(columns, kinds, strict=True)]
        yield pyarrow.RecordBatch.from_arrays(arrays, names=["label", "value", "form", "sure"])


def _redacted(batch: pyarrow.RecordBatch, redactor: Redactor) -> pyarrow.RecordBatch:
    import pyarrow

    texts = batch.column("text").to_pylist()
    redacted = redactor.redact_all([text or "" for text in texts])
    shown = [None if text is None else each.text for text, each in zip(texts, redacted, strict=True)]
    hidden = pyarrow.array([len(each.found) for each in redacted], pyarrow.int32())
    columns = [
        batch.column("answer_id").cast(pyarrow.string()),
        pyarrow.array(shown, pyarrow.string()),
        hidden,
    ]
    return pyarrow.RecordBatch.from_arrays(columns, names=["answer_id", "text", "hidden"])
