"""CSV and TSV files: which encoding and delimiter they have, and their cells, row by row."""

from __future__ import annotations

import csv
import hashlib
import io
import itertools
from array import array
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from sendthemes.survey.grid import Findings, Grid, blank
from sendthemes.survey.packed import Cell, ColumnBuilder

COLUMN_LIMIT = 5000
_CHUNK = 1 << 20
_PEEK = 200


def read_csv(path: Path, findings: Findings, *, progress: bool = False) -> Grid:
    """Read a delimited text file in one pass over its rows.

    Args:
        path: The file; comma, semicolon, tab or bar between cells, found out from its first rows.
        findings: Takes what is found: a guessed encoding, rows of the wrong length.
        progress: Whether to show a progress bar on standard error.
    """
    encoding, digest = encoding_of(path, findings)
    findings.stop()
    delimiter = _delimiter(path, encoding)
    with path.open(encoding=encoding, newline="") as file:
        records = _records(file, delimiter, path.name, findings)
        first = list(itertools.islice(records, _PEEK))
        width = _width([cells for _, cells in first])
        if width > COLUMN_LIMIT:
            findings.refuse(
                f"There are {width:,} columns; at most {COLUMN_LIMIT:,} are read.",
                path.name,
                "Export fewer columns, or check that the delimiter is the one meant.",
                "too-many-columns",
            )
            findings.stop()
        columns, rows = _fill(_shown(itertools.chain(first, records), progress), width, path.name, findings)
    findings.stop()
    return Grid(path.name, columns, rows, "line", digest=digest)


def _shown(records: Iterable[tuple[int, list[str]]], progress: bool) -> Iterable[tuple[int, list[str]]]:
    if not progress:
        return records
    from tqdm import tqdm

    return tqdm(records, desc="Reading", unit=" rows", mininterval=0.5, delay=5)


def _records(
    file: io.TextIOBase | Iterable[str], delimiter: str, name: str, findings: Findings
) -> Iterator[tuple[int, list[str]]]:
    """Give the records with the line each starts on."""
    reader = csv.reader(file, delimiter=delimiter, strict=True)
    line = 1
    while True:
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            if "limit" in str(error) or "end of data" in str(error):
                message = "A quotation mark opens a cell here and is never closed."
            else:
                message = f"The quotation marks do not pair up ({error})."
            findings.refuse(
                message,
                f"{name}:{line}",
                'Write a quotation mark inside a cell twice (""), or save the file again from the '
                "spreadsheet.",
                "bad-quotes",
            )
            return
        yield line, cells
        line = reader.line_num + 1


def _fill(
    records: Iterable[tuple[int, list[str]]], width: int, name: str, findings: Findings
) -> tuple[list[Sequence[Cell]], array[int]]:
    """Gather the records as columns; short ones pass only above the headings and at the very end."""
    builder, rows = ColumnBuilder(width), array("q")
    pending: list[tuple[int, list[str]]] = []  # short rows: a footer if no full row follows
    ragged: list[tuple[int, int]] = []
    begun = False
    for line, record in records:
        cells = record[:width] if not any(record[width:]) else record
        if not any(cells):
            cells = [""] * width
        if len(cells) < width and begun:
            pending.append((line, cells))
            continue
        if len(cells) > width:
            ragged.append((line, len(cells)))
            continue
        if len(cells) == width and any(cells):
            begun = True
            ragged += [(at, len(short)) for at, short in pending]
            pending.clear()
        rows.append(line)
        builder.add(cells + [""] * (width - len(cells)))
    for line, cells in pending:
        if sum(map(bool, cells)) > 1:
            ragged.append((line, len(cells)))
        else:
            rows.append(line)
            builder.add(cells + [""] * (width - len(cells)))
    for line, count in sorted(ragged)[:10]:
        findings.refuse(
            f"This row has {count} cells; the others have {width}.",
            f"{name}:{line}",
            "Put quotation marks round a cell that holds the delimiter or a line break.",
            "ragged-row",
        )
    if len(ragged) > 10:
        findings.refuse(f"{len(ragged) - 10:,} more rows have the wrong number of cells.", name)
    return builder.columns, rows


def _width(rows: list[list[str]]) -> int:
    """The number of cells that most rows have; of equals the greater."""
    counts = Counter(len(cells) for cells in rows if any(cells))
    return max(counts, key=lambda width: (counts[width], width), default=0)


def _delimiter(path: Path, encoding: str) -> str:
    """Find the delimiter under which the first rows agree on the greatest number of cells."""
    if path.suffix.lower() in {".tsv", ".tab"}:
        return "\t"
    with path.open(encoding=encoding, newline="") as file:
        lines = list(itertools.islice(file, _PEEK))
    best, best_score = ",", 0.0
    for delimiter in ",\t;|":
        reader = csv.reader(lines, delimiter=delimiter)
        try:
            widths = [len(cells) for cells in reader if any(cells)]
        except csv.Error:
            continue
        if not widths:
            continue
        width, agreeing = max(Counter(widths).items(), key=lambda pair: (pair[1], pair[0]))
        score = (width > 1) * (agreeing / len(widths)) + min(width, 500) / 10_000
        if score > best_score:
            best, best_score = delimiter, score
    return best


def encoding_of(path: Path, findings: Findings) -> tuple[str, str]:
    """Find a file's encoding from its bytes: by its mark, as strict UTF-8, or as cp1252 with a warning."""
    digest = hashlib.sha256()
    head, utf8 = b"", True
    with path.open("rb") as file:
        import codecs

        decoder = codecs.getincrementaldecoder("utf-8")()
        while chunk := file.read(_CHUNK):
            head = head or chunk[:4096]
            digest.update(chunk)
            if utf8:
                try:
                    decoder.decode(chunk)
                except UnicodeDecodeError:
                    utf8 = False
        if utf8:
            try:
                decoder.decode(b"", final=True)
            except UnicodeDecodeError:
                utf8 = False
    found = digest.hexdigest()
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "utf-16", found
    half = head[: len(head) // 2 * 2]
    if half and b"\0" in half:
        zeros = [half[side::2].count(0) for side in (0, 1)]
        if max(zeros) > 0.3 * len(half) / 2:
            return ("utf-16-be" if zeros[0] > zeros[1] else "utf-16-le"), found
    if utf8:
        return "utf-8-sig", found
    _single_byte(path, findings)
    return "cp1252", found


def _single_byte(path: Path, findings: Findings) -> None:
    """Accept a file that is not UTF-8 as Windows text, unless some of its lines are UTF-8 after all."""
    utf8_line = bad_line = windows_line = 0
    with path.open("rb") as file:
        for number, line in enumerate(file, start=1):
            if line.isascii():
                continue
            try:
                line.decode("utf-8")
                utf8_line = utf8_line or number
            except UnicodeDecodeError:
                windows_line = windows_line or number
                try:
                    line.decode("cp1252")
                except UnicodeDecodeError:
                    bad_line = bad_line or number
    if utf8_line or bad_line:
        other = f" (line {utf8_line} is UTF-8)" if utf8_line else " and no Windows text either"
        findings.refuse(
            f"The file mixes encodings: this line is not UTF-8{other}.",
            f"{path.name}:{bad_line or windows_line}",
            "Save it again from the spreadsheet as 'CSV UTF-8'.",
            "mixed-encodings",
        )
    else:
        findings.tell(
            f"{path.name}, line {windows_line}",
            "The file is not UTF-8.",
            "Read as Windows text (cp1252); check accents and currency signs.",
        )


def is_empty(grid: Grid) -> bool:
    """Say whether no cell of a grid holds anything."""
    return all(blank(cell) for column in grid.columns for cell in column)
