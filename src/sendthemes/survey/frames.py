"""Frames, lists of dicts, Parquet and SPSS files as grids of text."""

from __future__ import annotations

import hashlib
import math
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from sendthemes.errors import AnswersError, Problem
from sendthemes.survey.grid import Findings, Grid, as_text
from sendthemes.survey.packed import Cell, ColumnBuilder

_BATCH = 4096


def read_dicts(records: Sequence[Mapping[str, Any]]) -> Grid:
    """Read a list of dicts: one a row, keys as headings, a key that is lacking as an empty cell."""
    for at, record in enumerate(records):
        if not isinstance(record, Mapping):
            raise AnswersError(
                Problem(
                    f"Item {at} of the list is a {type(record).__name__}, not a dict.",
                    "list",
                    "Give one dict a respondent (or a row), column names as keys.",
                )
            )
    names = list(dict.fromkeys(key for record in records for key in record))
    builder = ColumnBuilder(len(names))
    builder.add([as_text(name) for name in names])
    for record in records:
        builder.add([as_text(_present(record.get(name))) for name in names])
    return Grid("list of dicts", builder.columns, range(len(records) + 1))


def _present(value: Any) -> Any:
    """Turn the missing values of numpy and pandas into ``None``."""
    return None if type(value).__name__ in {"NAType", "NaTType"} else value


def is_frame(source: object) -> bool:
    """Say whether narwhals knows how to read a thing as a frame."""
    from narwhals.dependencies import is_into_dataframe

    return is_into_dataframe(source) or hasattr(source, "collect")


def read_frame(source: Any) -> Grid:
    """Read a pandas, polars or Arrow frame (a lazy one is collected), or any other that narwhals knows."""
    import narwhals as nw

    frame = nw.from_native(source)
    if isinstance(frame, nw.LazyFrame):
        frame = frame.collect()
    kind = f"{frame.implementation.name.lower()} frame"
    columns: list[Sequence[Cell]] = []
    levels: dict[int, tuple[str, ...]] = {}
    for at, name in enumerate(frame.columns):
        series = frame.get_column(name)
        if isinstance(series.dtype, nw.Enum):
            levels[at] = tuple(series.dtype.categories)
        missing = series.is_null().to_list()
        builder = ColumnBuilder(1)
        builder.add((as_text(name),))
        for value, empty in zip(series.to_list(), missing, strict=True):
            builder.add((None if empty else as_text(value),))
        columns += builder.columns
    return Grid(kind, columns, range(len(frame) + 1), levels=levels)


def read_parquet(path: Path, findings: Findings, *, progress: bool = False) -> Grid:
    """Read a Parquet file batch by batch."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        file = pq.ParquetFile(path, buffer_size=1 << 20, pre_buffer=False)
    except (pa.ArrowInvalid, OSError) as error:
        findings.refuse(f"This is not a Parquet file: {error}.", path.name, code="not-parquet")
        findings.stop()
        raise AssertionError from error
    with file:
        names = file.schema_arrow.names
        builder = ColumnBuilder(len(names))
        builder.add(names)
        batches: Iterable[Any] = file.iter_batches(batch_size=_BATCH, use_threads=False)
        if progress:
            from tqdm import tqdm

            batches = tqdm(batches, desc="Reading", unit=" batches", mininterval=0.5, delay=5)
        levels: dict[int, tuple[str, ...]] = {}
        for batch in batches:
            for at, column in enumerate(batch.columns):
                if pa.types.is_dictionary(column.type) and column.type.ordered:
                    levels[at] = tuple(column.dictionary.to_pylist())
            builder_rows = zip(*(map(as_text, column.to_pylist()) for column in batch.columns), strict=True)
            for row in builder_rows:
                builder.add(row)
        height = file.metadata.num_rows
    return Grid(path.name, builder.columns, range(height + 1), levels=levels, digest=file_digest(path))


def read_spss(path: Path, findings: Findings) -> Grid:
    """Read an SPSS file: variable labels as wordings, value labels as answers in the labels' order."""
    try:
        import pyreadstat
    except ImportError as missing:
        raise ImportError("reading .sav needs pyreadstat: pip install 'sendthemes[spss]'") from missing
    try:
        data, meta = pyreadstat.read_sav(str(path), output_format="dict")
    except (pyreadstat.ReadstatError, UnicodeDecodeError) as error:
        findings.refuse(f"This is not an SPSS file that can be read: {error}.", path.name, code="not-spss")
        findings.stop()
        raise AssertionError from error
    columns: list[Sequence[Cell]] = []
    labels: dict[int, str] = {}
    levels: dict[int, tuple[str, ...]] = {}
    for at, name in enumerate(meta.column_names):
        known = meta.variable_value_labels.get(name, {})
        text = [as_text(label) or "" for _, label in sorted(known.items(), key=lambda pair: _order(pair[0]))]
        values = data[name]
        columns.append([name, *(_spss_cell(value, known) for value in values)])
        if label := meta.column_names_to_labels.get(name):
            labels[at] = label
        if text and all(_is_missing(value) or value in known for value in values):
            levels[at] = tuple(dict.fromkeys(text))
    return Grid(
        path.name,
        columns,
        range((meta.number_rows or 0) + 1),
        labels=labels,
        levels=levels,
        digest=file_digest(path),
    )


def _order(code: Any) -> tuple[bool, float, str]:
    return (False, float(code), "") if isinstance(code, int | float) else (True, 0.0, str(code))


def _is_missing(value: Any) -> bool:
    return value is None or (isinstance(value, float) and math.isnan(value))


def _spss_cell(value: Any, labels: Mapping[Any, str]) -> Cell:
    if _is_missing(value):
        return None
    if isinstance(value, str):
        return labels.get(value, value) or None
    return labels.get(value) or as_text(value)


def file_digest(path: Path) -> str:
    """Give a file's SHA-256 in hex without holding it in memory."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
