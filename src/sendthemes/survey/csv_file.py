"""CSV and TSV files: which encoding and delimiter they have, and their cells, row by row."""

from __future__ import annotations

import csv
import itertools
import re
from array import array
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path

from sendthemes.survey.grid import Findings, Grid, file_digest, shown
from sendthemes.survey.packed import ColumnBuilder

COLUMN_LIMIT = 5000
_PEEK = 200  # rows by which the delimiter and the width are found
_SAVE = "Save it again from the spreadsheet as 'CSV UTF-8'."
_GARBLED = re.compile("â€|Ã[\x80-\xbf©¨¢«]|Â[£\xa0]".encode())  # UTF-8 once read as Windows text
Record = tuple[int, list[str]]  # a row's first line, its cells


def read_csv(path: Path, findings: Findings, *, progress: bool = False) -> Grid:
    """Read a delimited text file in one pass; the delimiter (comma, semicolon, tab, bar) is found out."""
    encoding = encoding_of(path, findings)
    try:
        with path.open(encoding=encoding, newline="") as file:
            peek = list(itertools.islice(file, _PEEK))
            delimiter = _delimiter(peek) if path.suffix.lower() not in {".tsv", ".tab"} else "\t"
            records = _records(itertools.chain(peek, file), delimiter, path.name, findings)
            first = list(itertools.islice(records, _PEEK))
            width = _usual([len(cells) for _, cells in first if any(cells)])[0]
            if width > COLUMN_LIMIT:
                message = f"There are {width:,} columns; at most {COLUMN_LIMIT:,} are read."
                remedy = "Export fewer columns, or check that the delimiter is the one meant."
                findings.stop_at(message, path.name, remedy, "too-many-columns")
            every = shown(itertools.chain(first, records), progress, "rows")
            builder, rows = ColumnBuilder(width), array("q")
            for line, cells in _even(every, width, path.name, findings):
                rows.append(line)
                builder.add(cells + [""] * (width - len(cells)))
    except UnicodeError as error:
        findings.stop_at(f"The file is cut off or damaged ({error}).", path.name, _SAVE, "bad-encoding")
    findings.stop()
    return Grid(path.name, builder.columns, rows, "line", digest=file_digest(path))


def encoding_of(path: Path, findings: Findings) -> str:
    """Find a text file's encoding: by its mark, as strict UTF-8, or as cp1252 with a warning.

    A file that mixes encodings is refused with the line.
    """
    utf8 = windows = bad = garbled = 0  # the first line of each sort
    with path.open("rb") as file:
        head = file.read(4096)
        if head.startswith((b"\xff\xfe\0\0", b"\0\0\xfe\xff")):
            return "utf-32"
        if head.startswith((b"\xff\xfe", b"\xfe\xff")):
            return "utf-16"
        zeros = [head[side::2].count(0) for side in (0, 1)]
        if max(zeros) > 0.15 * len(head):
            return "utf-16-be" if zeros[0] > zeros[1] else "utf-16-le"
        file.seek(0)
        for number, line in enumerate(file, start=1):
            if line.isascii():
                continue
            if _reads(line, "utf-8"):
                utf8 = utf8 or number
                garbled = garbled or (number if _GARBLED.search(line) else 0)
            else:
                windows = windows or number
                bad = bad or (0 if _reads(line, "cp1252") else number)
    if garbled:
        action = "Read as it stands; export the answers again and open them as UTF-8."
        findings.tell(f"{path.name}, line {garbled}", "Text was garbled on its way here (â€™ for ’).", action)
    if not windows:
        return "utf-8-sig"
    if utf8 or bad:
        other = f" (line {utf8} is UTF-8)" if utf8 else " and no Windows text either"
        message = f"The file mixes encodings: this line is not UTF-8{other}."
        findings.stop_at(message, f"{path.name}:{bad or windows}", _SAVE, "mixed-encodings")
    action = "Read as Windows text (cp1252); check accents and currency signs."
    findings.tell(f"{path.name}, line {windows}", "The file is not UTF-8.", action)
    return "cp1252"


def _reads(line: bytes, encoding: str) -> bool:
    try:
        line.decode(encoding)
    except UnicodeDecodeError:
        return False
    return True


def _delimiter(lines: list[str]) -> str:
    """Find the delimiter under which the first rows agree on the greatest number of cells."""

    def score(delimiter: str) -> float:
        try:
            widths = [len(cells) for cells in csv.reader(lines, delimiter=delimiter) if any(cells)]
        except csv.Error:
            return 0.0
        width, agreeing = _usual(widths)
        return (width > 1) * agreeing / max(1, len(widths)) + min(width, 500) / 10_000

    return max(",\t;|", key=score)  # of equals the first


def _usual(widths: Iterable[int]) -> tuple[int, int]:
    """Give the width that most rows have, of equals the greater, and how many have it."""
    return max(Counter(widths).items(), key=lambda pair: (pair[1], pair[0]), default=(0, 0))


def _records(file: Iterable[str], delimiter: str, name: str, findings: Findings) -> Iterator[Record]:
    """Give the records with the line each starts on."""
    reader = csv.reader(file, delimiter=delimiter, strict=True)
    line = 1
    try:
        for cells in reader:
            yield line, cells
            line = reader.line_num + 1
    except csv.Error as error:
        message = f"The quotation marks do not pair up ({error})."
        if "end of data" in str(error):
            message = "A quotation mark opens a cell here and is never closed."
        elif "limit" in str(error):
            message = "A cell of this row never ends: a stray quotation mark, or over 131,072 characters."
        remedy = 'Write a quotation mark inside a cell twice (""), or save the file again.'
        findings.refuse(message, f"{name}:{line}", remedy, "bad-quotes")


def _even(records: Iterable[Record], width: int, name: str, findings: Findings) -> Iterator[Record]:
    """Give the records that fit; short ones pass only above the headings and as a footer at the very end."""
    pending: list[Record] = []  # short rows: a footer if no full row follows
    ragged: list[tuple[int, int]] = []
    begun = False
    for line, record in records:
        cells = record[:width] if not any(record[width:]) else record
        full = len(cells) == width and any(cells)
        if full:
            begun = True
            ragged += [(at, len(short)) for at, short in pending]
            pending.clear()
        if len(cells) > width:
            ragged.append((line, len(cells)))
        elif full or not begun or not any(cells):
            yield line, cells
        else:
            pending.append((line, cells))
    for line, cells in pending:
        if sum(map(bool, cells)) > 1:
            ragged.append((line, len(cells)))
        else:
            yield line, cells
    for line, count in sorted(ragged)[:10]:
        message = f"This row has {count} cells; the others have {width}."
        remedy = "Put quotation marks round a cell that holds the delimiter or a line break."
        findings.refuse(message, f"{name}:{line}", remedy, "ragged-row")
    if len(ragged) > 10:
        findings.refuse(f"{len(ragged) - 10:,} more rows have the wrong number of cells.", name)
