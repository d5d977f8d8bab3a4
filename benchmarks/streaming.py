"""Measure what a long run takes: python benchmarks/streaming.py 100000 1000000.

For each size answers are written to a file; a fresh process codes them into a folder of Parquet parts.
"""

from __future__ import annotations

import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "src")]
from benchmarks.corpus import make_answers, make_codebook, make_entries, make_texts


def write(path: str, answers: int) -> None:
    """Write answers as Parquet: a row an answer."""
    import pyarrow
    import pyarrow.parquet

    rows = [
        (each.id, each.respondent, each.question, each.text) for each in make_answers(make_texts(answers))
    ]
    columns = [pyarrow.array(column) for column in zip(*rows, strict=True)]
    table = pyarrow.Table.from_arrays(columns, ["answer_id", "respondent", "question", "text"])
    pyarrow.parquet.write_table(table, path, row_group_size=25_000)


def code(path: str, folder: str) -> None:
    """Code a file into a folder; print what it took."""
    import sendthemes

    start = time.perf_counter()
    parts = sendthemes.code_to_parquet(path, make_codebook(make_entries()), folder)
    wall = time.perf_counter() - start
    took = resource.getrusage(resource.RUSAGE_SELF)
    answers, codings = (sum(row[name] for row in parts) for name in ("answers", "codings"))
    print(
        f"| {answers:,} | {codings:,} | {wall:.0f} | {took.ru_utime + took.ru_stime:.0f} "
        f"| {took.ru_maxrss // 1024:,} |",
        flush=True,
    )


def main(sizes: list[int]) -> None:
    """Write and code a file of each size."""
    print("| answers | codings | wall s | CPU s | peak MB |\n|--:|--:|--:|--:|--:|", flush=True)
    with tempfile.TemporaryDirectory() as home:
        for size in sizes:
            path = str(Path(home, f"{size}.parquet"))
            for step in (["write", path, str(size)], ["code", path, str(Path(home, str(size)))]):
                subprocess.run([sys.executable, __file__, *step], check=True)


if __name__ == "__main__":
    match sys.argv[1:]:
        case ["write", path, size]:
            write(path, int(size))
        case ["code", path, folder]:
            code(path, folder)
        case sizes:
            main([int(size) for size in sizes] or [100_000, 1_000_000])
