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


TEXTS = (
    "Mrs Okafor from Leeds City Council was helpful.",
    "We wrote to Okafor twice and heard nothing.",
    "Please ask Siobhan O'Brien about the EHCP panel.",
    "O'Brien never came; the Leeds City Council officer did. Hope remains.",
    "Bradford Council, not Leeds City Council.",
    "",
    "Ring 07700 900123 or jane.smith@example.com",
)


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("partitions", [1, 7])
def test_redacted_on_spark_as_locally_whatever_the_batches(spark, tmp_path, partitions) -> None:
    from sendthemes.redaction.pseudonyms import PseudonymKey
    from sendthemes.redaction.redactor import Redactor
    from sendthemes.spark import redact_spark
    from sendthemes.survey.answers import Answers

    rows = [(str(at), text, "Priya Nair") for at, text in enumerate([*TEXTS, "Priya was kind."])]
    rows.append(("none", None, None))
    frame = spark.createDataFrame(rows, "answer_id string, text string, officer string").repartition(
        partitions
    )
    key = PseudonymKey(tmp_path / "key.csv")
    done = redact_spark(frame, identifiers={"name": ["officer"]}, key=key, model=False)
    found = {row.answer_id: (row.text, row.hidden) for row in done.collect()}
    known = Answers(("*",), (), identifiers={"name": (("Priya Nair",),)})
    local = Redactor(key=key, known=known, model=False).redact_all([row[1] for row in rows[:-1]])
    expected = {row[0]: (each.text, len(each.found)) for row, each in zip(rows[:-1], local, strict=True)}
    assert found == expected | {"none": (None, 0)}
    shown = " ".join(text for text, _ in found.values() if text)
    for word in ("Okafor", "Brien", "Siobhan", "Leeds", "Bradford", "07700", "jane", "Priya"):
        assert word not in shown
    assert "Hope remains" in shown
    assert len({text.split("LA ")[1][0] for text, _ in found.values() if text and "LA " in text}) == 2
