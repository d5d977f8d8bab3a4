"""Random frames, written in every format, are read back unchanged."""

import csv
import io
import tempfile
from pathlib import Path

import hypothesis.strategies as st
import openpyxl
import pandas
import polars
import pytest
from hypothesis import HealthCheck, given, settings

from sendthemes.survey.grid import blank
from sendthemes.survey.read import read_answers

CELL = st.one_of(
    st.none(),
    st.sampled_from(
        ["None", "NA", "no", "007", "1e5", "=1", "a;b;", 'say "x"', "line\nbreak", "Embedded: yes", "{}", "-"]
    ),
    st.text(
        st.characters(codec="utf-8", exclude_categories=("Cs", "Cc"), exclude_characters="\ufeff"),
        max_size=25,
    ),
)
FRAMES = st.lists(st.tuples(CELL, CELL), min_size=1, max_size=8)
NAMED = {"respondent": "respondent", "questions": ["first", "second"]}


def written(rows, folder: Path, form: str) -> Path:
    table = [["respondent", "first", "second"], *([f"r{at}", *row] for at, row in enumerate(rows))]
    path = folder / f"answers.{form}"
    if form in {"csv", "tsv"}:
        out = io.StringIO()
        csv.writer(out, delimiter="," if form == "csv" else "\t").writerows(table)
        path.write_text(out.getvalue(), encoding="utf-8", newline="")
    elif form == "xlsx":
        book = openpyxl.Workbook()
        for at, row in enumerate(table, start=1):
            for column, value in enumerate(row, start=1):
                cell = book.active.cell(at, column)
                cell.value = value
                if value is not None:
                    cell.data_type = "s"
        book.save(path)
    elif form == "sav":
        import pyreadstat

        frame = pandas.DataFrame(
            [[cell or "" for cell in row] for row in table[1:]], columns=table[0], dtype=object
        )
        pyreadstat.write_sav(frame, str(path))
    else:
        polars.DataFrame(
            table[1:], schema=dict.fromkeys(table[0], polars.String), orient="row"
        ).write_parquet(path)
    return path


@pytest.mark.parametrize("form", ["csv", "tsv", "xlsx", "sav", "parquet"])
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(rows=FRAMES)
def test_open_answers_are_read_back_unchanged(form, rows):
    with tempfile.TemporaryDirectory() as folder:
        answers = read_answers(written(rows, Path(folder), form), **NAMED)
    expected = [
        (f"r{at}", question, cell)
        for at, row in enumerate(rows)
        for question, cell in zip(("first", "second"), row, strict=True)
        if not blank(cell)
    ]
    strip = form == "sav"  # SPSS pads strings with spaces, so those at the end are not kept by the format
    found = [(each.respondent, each.question, each.text) for each in answers]
    assert [(a, b, c.rstrip(" ") if strip else c) for a, b, c in found] == [
        (a, b, c.rstrip(" ") if strip else c) for a, b, c in expected
    ]
    assert answers.respondents == tuple(f"r{at}" for at in range(len(rows)))


@settings(max_examples=60, deadline=None)
@given(rows=st.lists(st.tuples(CELL, CELL), min_size=1, max_size=8))
def test_closed_answers_lose_nothing_but_space_round_them(rows):
    dicts = [{"respondent": f"r{at}", "first": a, "second": b} for at, (a, b) in enumerate(rows)]
    answers = read_answers(dicts, respondent="respondent", kinds={"first": "single", "second": "single"})
    for name, column in zip(("first", "second"), zip(*rows, strict=True), strict=True):
        assert answers.values[name] == tuple(
            None if blank(cell) else cell.strip(" \t\r\n\xa0") for cell in column
        )
        assert set(answers.question(name).levels) == {
            value for value in answers.values[name] if value is not None
        }
