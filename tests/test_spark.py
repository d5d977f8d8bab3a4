"""Spark gives the rows that the library gives: needs Java 17 and pyspark."""

import sys

import pytest
from benchmarks.corpus import make_answers, make_codebook, make_entries, make_texts

from sendthemes.analysis.frequencies import theme_frequencies
from sendthemes.coding.batches import CODING_COLUMNS, codings_of
from sendthemes.coding.code import code_answers

pytestmark = pytest.mark.spark
ANSWERS = 100_000


@pytest.fixture(scope="module")
def spark():
    import os

    from pyspark.sql import SparkSession

    os.environ["PYSPARK_PYTHON"] = sys.executable
    os.environ["PYTHONPATH"] = os.pathsep.join(path for path in sys.path if path)
    made = (
        SparkSession.builder.master("local[2]")
        .config("spark.ui.enabled", "false")
        .config("spark.sql.execution.arrow.maxRecordsPerBatch", "25000")
        .getOrCreate()
    )
    yield made
    made.stop()


@pytest.mark.filterwarnings("ignore")  # pyspark's own
def test_spark_gives_the_local_rows_and_counts(spark) -> None:
    from sendthemes.spark import code_spark, theme_counts

    answers = make_answers(make_texts(ANSWERS))
    codebook = make_codebook(make_entries())
    coded = code_answers(answers, codebook)
    rows = [(each.id, each.respondent, each.question, each.text) for each in answers]
    frame = spark.createDataFrame(rows, "answer_id string, respondent string, question string, text string")
    frame = frame.repartition(4)
    found = code_spark(frame, codebook, questions=answers.questions).cache()
    local = codings_of(coded).to_pydict()
    expected = sorted(zip(*(local[name] for name in CODING_COLUMNS), strict=True))
    assert sorted(tuple(row) for row in found.collect()) == expected
    counts = [tuple(row) for row in theme_counts(found, frame, codebook).collect()]
    table = theme_frequencies(coded).to_dicts()
    wanted = {row["theme"]: (row["respondents"], row["base"]) for row in table}
    assert {theme: (respondents, base) for theme, respondents, base, _ in counts} == wanted
    assert [theme for theme, *_ in counts] == list(codebook.theme_ids)
