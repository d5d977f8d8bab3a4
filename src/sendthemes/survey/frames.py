"""Frames, lists of dicts, Parquet and SPSS files as grids of text."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from sendthemes.errors import AnswersError, Problem
from sendthemes.survey.grid import Findings, Grid, as_text, file_digest, shown
from sendthemes.survey.packed import ColumnBuilder

_BATCH = 4096
Levels = dict[int, tuple[str, ...]]  # position of a column → its value labels in order


def read_dicts(records: Sequence[Any]) -> Grid:
    """Read a list of dicts: one a row, keys as headings, a key that is lacking as an empty cell."""
    for at, record in enumerate(records):
        if not isinstance(record, Mapping):
            message = f"Item {at} of the list is a {type(record).__name__}, not a dict."
            remedy = "Give one dict a respondent (or a row), column names as keys."
            raise AnswersError(Problem(message, "list", remedy))
    names = list(dict.fromkeys(key for record in records for key in record))
    return _grid("list of dicts", names, [[[record.get(name) for record in records] for name in names]])


def read_frame(source: Any) -> Grid:
    """Read a pandas, polars or Arrow frame (a lazy one is collected), or any other that narwhals knows."""
    import narwhals as nw

    try:
        frame = nw.from_native(source, pass_through=True)
    except nw.exceptions.DuplicateError as twice:
        raise AnswersError(Problem(" ".join(str(twice).split()), "source", "Rename one of them.")) from None
    if isinstance(frame, nw.LazyFrame):
        frame = frame.collect()
    if not isinstance(frame, nw.DataFrame):
        remedy = "Give a path, a pandas, polars or Arrow frame, or a list of dicts."
        raise AnswersError(Problem(f"A {type(source).__name__} cannot be read.", "source", remedy))
    kinds = enumerate(frame.schema.values())
    levels = {at: tuple(map(str, kind.categories)) for at, kind in kinds if isinstance(kind, nw.Enum)}
    columns = [frame.get_column(name).to_list() for name in frame.columns]
    return _grid(f"{frame.implementation.name.lower()} frame", frame.columns, [columns], levels=levels)


def read_parquet(path: Path, findings: Findings, *, progress: bool = False) -> Grid:
    """Read a Parquet file batch by batch."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        file = pq.ParquetFile(path, buffer_size=1 << 20, pre_buffer=False)
    except (pa.ArrowInvalid, OSError) as error:
        remedy = "Export it again, or as CSV."
        findings.stop_at(f"This is not a Parquet file: {error}.", path.name, remedy, "not-parquet")
    levels: Levels = {}

    def batches() -> Iterator[list[list[Any]]]:
        for batch in shown(file.iter_batches(_BATCH, use_threads=False), progress, "batches"):
            for at, column in enumerate(batch.columns):
                if pa.types.is_dictionary(column.type) and column.type.ordered:
                    levels[at] = tuple(column.dictionary.to_pylist())
            yield [column.to_pylist() for column in batch.columns]

    with file:
        return _grid(path.name, file.schema_arrow.names, batches(), levels=levels, digest=file_digest(path))


def read_spss(path: Path, findings: Findings) -> Grid:
    """Read an SPSS file: variable labels as wordings, value labels as answers in the labels' order."""
    try:
        import pyreadstat
    except ImportError as missing:
        raise ImportError("reading .sav needs pyreadstat: pip install 'sendthemes[spss]'") from missing
    try:
        data, meta = pyreadstat.read_sav(str(path), output_format="dict")
    except (pyreadstat.ReadstatError, UnicodeDecodeError) as error:
        message, remedy = f"This is not an SPSS file that can be read: {error}.", "Save it again from SPSS."
        findings.stop_at(message, path.name, remedy, "not-spss")

    def rank(code: Any) -> tuple[bool, float, str]:
        return (False, float(code), "") if isinstance(code, int | float) else (True, 0.0, str(code))

    names: list[str] = meta.column_names
    levels: Levels = {}
    columns: list[list[Any]] = []
    for at, name in enumerate(names):
        known = meta.variable_value_labels.get(name, {})
        columns.append([known.get(value, value) for value in data[name]])
        if known and all(value in known or as_text(value) is None for value in data[name]):
            levels[at] = tuple(dict.fromkeys(as_text(known[code]) or "" for code in sorted(known, key=rank)))
    wordings = {at: text for at, name in enumerate(names) if (text := meta.column_names_to_labels.get(name))}
    return _grid(path.name, names, [columns], labels=wordings, levels=levels, digest=file_digest(path))


def _grid(name: str, names: Sequence[Any], batches: Iterable[Sequence[Sequence[Any]]], **about: Any) -> Grid:
    """Gather columns of values, batch by batch, as text under their names."""
    builder, height = ColumnBuilder(len(names)), 1
    builder.add(list(map(as_text, names)))
    for columns in batches:
        for row in zip(*(map(as_text, column) for column in columns), strict=True):
            builder.add(row)
            height += 1
    return Grid(name, builder.columns, range(height), **about)
