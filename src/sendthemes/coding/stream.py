"""Coding of more answers than fit into memory: batch after batch into a folder of Parquet parts.

A part holds the codings of a fixed number of answers and appears whole; the manifest names the parts that are
done and what they were made from. A run that was stopped goes on after the last of them, and ends with the
same bytes as one that never stopped.
"""

from __future__ import annotations

import json
from array import array
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from hashlib import sha256
from io import BytesIO
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

import sendthemes
from sendthemes.codebook.load import load_codebook
from sendthemes.codebook.model import Codebook
from sendthemes.coding.batches import ANSWER_COLUMNS
from sendthemes.coding.processes import Settings, each_batch
from sendthemes.errors import AnswersError, Problem, SendThemesError, check_number
from sendthemes.files import digest, write_whole
from sendthemes.language.chunks import SURROGATES
from sendthemes.language.model import model_fingerprint
from sendthemes.survey.answers import Answers, Question
from sendthemes.survey.grid import as_text, blank, file_digest
from sendthemes.survey.read import read_answers
from sendthemes.table import Table

if TYPE_CHECKING:
    import pyarrow

MANIFEST = "_manifest.json"  # readers of a folder of Parquet files pass over names with a line in front
_ROWS_READ = 4096
Row = tuple[str, ...]  # as ANSWER_COLUMNS


@dataclass(frozen=True, slots=True)
class _Source:
    """Where answers come from, as often as they are asked for."""

    questions: tuple[Question, ...]
    rows: Callable[[], Iterator[Row]]
    count: int
    digest: str


def code_to_parquet(
    source: str | Path | Answers,
    codebook: Codebook | str | Path,
    folder: str | Path,
    *,
    survey: str | Path | None = None,
    lemmas: Literal["possible", "in_context"] = "possible",
    processes: int = 1,
    answers_a_part: int = 25_000,
    progress: bool = False,
) -> Table:
    """Code answers batch by batch into a folder of Parquet files; a run that was stopped goes on.

    A Parquet file with the columns ``answer_id``, ``respondent``, ``question`` and ``text`` (a row an answer)
    is never held whole: memory depends on ``answers_a_part`` alone. Other files are read first.

    Args:
        source: A file that ``read_answers`` reads, or ``Answers``.
        codebook: A codebook, bundled name or path.
        folder: Where to write; made if absent. Read all of it with ``pyarrow.parquet.read_table(folder)``.
        survey: A survey.yml that says what was asked.
        lemmas: As in ``code_answers``.
        processes: How many processes code; the files are the same for any number.
        answers_a_part: Answers a file. The codings are the same for any number.
        progress: Whether to show answers done, rate and time left on standard error.

    Returns:
        One row a file: part, answers, codings. The files hold ``coding.batches.CODING_COLUMNS``, one row a
        counted coding, in the order of the source: the codings that ``code_answers`` finds. What it sets
        aside, its notes and the levels of classifications are not in them. No answers: no files but the
        manifest.

    Raises:
        AnswersError: If the source cannot be read, or two answers share an id.
        CodebookError: If an entry can never match.
        SendThemesError: If the folder holds parts of other answers, another codebook or another version; if a
            process is ended from outside.
    """
    from tqdm import tqdm

    check_number("answers_a_part", answers_a_part, 1)
    check_number("processes", processes, 1)
    book = codebook if isinstance(codebook, Codebook) else load_codebook(codebook)
    answers = _open(source, survey)
    settings = Settings(book, answers.questions, lemmas)
    about = {
        "source": answers.digest,
        "codebook and questions": digest(settings.to_json().encode()),
        "answers a part": answers_a_part,
        "sendthemes": sendthemes.__version__,
        "model": model_fingerprint(),
    }
    target = Path(folder)
    parts = _done(target, about)
    rows = answers.rows()
    with tqdm(total=answers.count, unit=" answers", disable=not progress) as bar:
        for part in parts:
            bar.update(sum(1 for _ in islice(rows, part["answers"])))
        sizes: list[int] = []
        batches = _batches(rows, answers_a_part, sizes)
        coded = each_batch(batches, "sendthemes.coding.batches:code_batch", settings, processes)
        for at, codings in enumerate(coded, len(parts)):
            content = _parquet(codings)
            write_whole(target / _name(at), content)
            size = sizes.pop(0)
            parts.append({"answers": size, "codings": len(codings), "sha256": digest(content)})
            _write_manifest(target, about, parts)
            bar.update(size)
    _write_manifest(target, about, parts)
    made = [(_name(at), part["answers"], part["codings"]) for at, part in enumerate(parts)]
    return Table(("part", "answers", "codings"), tuple(made), title=f"Codings in {target.name}")


def _name(part: int) -> str:
    return f"part-{part:05}.parquet"


def _done(folder: Path, about: dict[str, Any]) -> list[dict[str, Any]]:
    """List the parts that are there and whole, up to the first that is not."""
    path = folder / MANIFEST
    if not path.is_file():
        return []
    try:
        kept = json.loads(path.read_bytes())
        differing = [name for name, value in about.items() if kept["about"].get(name) != value]
        parts = list(kept["parts"])
    except (ValueError, KeyError, TypeError, AttributeError):
        differing, parts = ["the manifest, which cannot be read"], []
    if differing:
        message = f"The folder holds codings made otherwise. What differs: {', '.join(differing)}."
        remedy = "Choose another folder, or delete this one."
        raise SendThemesError(Problem(message, str(path), remedy, "other-codings"))
    for at, part in enumerate(parts):
        file = folder / _name(at)
        if not file.is_file() or digest(file.read_bytes()) != part["sha256"]:
            return parts[:at]
    return parts


def _write_manifest(folder: Path, about: dict[str, Any], parts: list[dict[str, Any]]) -> None:
    content = json.dumps({"about": about, "parts": parts}, indent=1)
    write_whole(folder / MANIFEST, content.encode() + b"\n")


def _batches(rows: Iterator[Row], size: int, sizes: list[int]) -> Iterator[pyarrow.RecordBatch]:
    """Give the rows in batches; ``sizes`` takes how many answers each has."""
    import pyarrow

    while some := list(islice(rows, size)):
        sizes.append(len(some))
        columns = [pyarrow.array(column, pyarrow.large_string()) for column in zip(*some, strict=True)]
        yield pyarrow.RecordBatch.from_arrays(columns, names=list(ANSWER_COLUMNS))


def _parquet(codings: pyarrow.RecordBatch) -> bytes:
    import pyarrow.parquet

    out = BytesIO()
    pyarrow.parquet.write_table(pyarrow.Table.from_batches([codings]), out, compression="zstd")
    return out.getvalue()


def _open(source: str | Path | Answers, survey: str | Path | None) -> _Source:
    found = None if isinstance(source, Answers) else _streamed(Path(source), survey)
    if found is not None:
        return found
    answers = source if isinstance(source, Answers) else read_answers(source, survey=survey)

    def rows() -> Iterator[Row]:
        return (
            (each.id, each.respondent, each.question, SURROGATES.sub("\ufffd", each.text)) for each in answers
        )

    made = sha256()
    for row in rows():  # a file may be read, and answers be chosen, in more ways than one
        made.update(json.dumps(row).encode())
    return _Source(answers.questions, rows, len(answers.texts), made.hexdigest())


def _streamed(path: Path, survey: str | Path | None) -> _Source | None:
    """Look through a Parquet file of a row an answer, and say how to read it; ``None`` for any other file."""
    if path.suffix.lower() not in {".parquet", ".pq"} or not path.is_file():
        return None
    every = _parquet_rows(path)
    headings = [str(name) for name in next(every, ())]
    if not set(ANSWER_COLUMNS) <= set(headings):
        return None
    places = [headings.index(name) for name in ANSWER_COLUMNS]
    sketch: dict[str, dict[str, str | None]] = {}  # a row of each question, which says all that reading asks
    ids, count = array("q"), 0
    for number, row in enumerate(every, 1):
        answer_id, respondent, question, text = (row[at] for at in places)
        if blank(respondent) or blank(question):
            if not blank(text):
                message = "An answer without a respondent or a question."
                raise AnswersError(Problem(message, f"{path.name}, answer {number}", code="orphan-answer"))
            continue
        if question not in sketch:
            sketch[question or ""] = {**dict(zip(headings, row, strict=True)), "text": "x"}
        if not blank(text):
            count += 1
            if not blank(answer_id):
                ids.append(hash((answer_id or "").strip()))
    if len(np.unique(np.asarray(ids))) < len(ids):
        remedy = "Each answer needs its own id."
        raise AnswersError(
            Problem("Answer ids are here more than once.", path.name, remedy, "duplicate-answer")
        )
    if not sketch:
        return None
    asked = read_answers(list(sketch.values()), layout="long", survey=survey)
    parents = {question.parent for question in asked.open_questions} - {""}
    if len(asked.texts) < len(sketch) or any(asked.question(parent).kind != "open" for parent in parents):
        return None  # closed questions among the answers: their levels are known when all is read
    names = {each: asked.questions[at].id for each, at in zip(sketch, asked.answer_questions, strict=True)}

    def rows() -> Iterator[Row]:
        for row in islice(_parquet_rows(path), 1, None):
            answer_id, respondent, question, text = (row[at] for at in places)
            if not blank(text):
                person, name = (respondent or "").strip(), names[question or ""]
                own = (answer_id or "").strip() if not blank(answer_id) else f"{person}:{name}"
                yield own, person, name, text or ""

    return _Source(asked.questions, rows, count, file_digest(path))


def _parquet_rows(path: Path) -> Iterator[tuple[str | None, ...]]:
    """Give the headings of a Parquet file, then its rows."""
    import pyarrow.parquet

    with pyarrow.parquet.ParquetFile(path, buffer_size=1 << 20, pre_buffer=False) as file:
        yield tuple(file.schema_arrow.names)
        for batch in file.iter_batches(_ROWS_READ, use_threads=False):
            yield from zip(*(map(as_text, column.to_pylist()) for column in batch.columns), strict=True)
