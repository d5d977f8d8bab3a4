"""Excel: one tagged table a sheet, figures as figures, texts as texts."""

import io
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest
from openpyxl import load_workbook
from tests.report.everything import pages

import sendthemes
from sendthemes.report.blocks import Data, Pages, Section
from sendthemes.report.spreadsheet import to_workbook
from sendthemes.table import Table

STUDY = Path(__file__).parents[2] / "examples" / "readiness" / "study.yml"


@pytest.fixture(scope="module")
def reports():
    study = sendthemes.load_study(STUDY)
    return {mode: study.run(mode=mode) for mode in ("internal", "publish")}


@pytest.fixture(scope="module")
def books(reports):
    return {mode: load_workbook(io.BytesIO(to_workbook(report.pages))) for mode, report in reports.items()}


def of(table, **about):
    plain = pages("plain")
    return Pages(plain.study, "internal", "1", (Section("s", "S", (Data("t", table),)),), {}, **about)


def sheet_of(table):
    return load_workbook(io.BytesIO(to_workbook(of(table)))).worksheets[3]


def test_equal_reports_give_equal_bytes_with_fixed_times(reports):
    content = to_workbook(reports["internal"].pages)
    assert to_workbook(reports["internal"].pages) == content
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert {entry.date_time[0] for entry in archive.infolist()} == {1980}


@pytest.mark.parametrize("mode", ["internal", "publish"])
def test_cover_contents_and_notes_come_first_then_a_table_a_sheet(reports, books, mode):
    book, report = books[mode], reports[mode]
    assert book.sheetnames[:3] == ["Cover", "Contents", "Notes"]
    extra = 1 if mode == "internal" else 0
    assert len(book.sheetnames) == 3 + len(report.tables) + extra
    assert all(len(sheet.tables) == 1 for sheet in book.worksheets[1:])
    assert all(not sheet.merged_cells.ranges for sheet in book)


def test_every_table_covers_its_rows_and_stands_under_a_title(reports, books):
    sheets = books["internal"].worksheets[3:]
    for sheet, table in zip(sheets, reports["internal"].tables.values(), strict=False):
        assert sheet["A1"].value == (table.title or sheet.title)
        (tagged,) = sheet.tables.values()
        first, last = tagged.ref.split(":")
        rows = sheet[last].row - sheet[first].row
        assert rows == max(1, len(table))
        assert len(tagged.tableColumns) == len(table.columns)
        assert sheet.freeze_panes == f"A{sheet[first].row + 1}"


def test_contents_lead_to_every_sheet(books):
    book = books["internal"]
    targets = [
        cell.hyperlink.location for row in book["Contents"]["A4:A99"] for cell in row if cell.hyperlink
    ]
    assert targets == [f"'{name}'!A1" for name in book.sheetnames[3:]]


def test_symbols_are_explained(books):
    words = [cell.value for cell in books["publish"]["Notes"]["A"]]
    assert {"[c]", "[x]", "[z]", "[low]"} <= set(words)


def test_figures_are_unrounded_numbers(reports, books):
    table = reports["internal"].tables["themes"]
    sheet = next(each for each in books["internal"] if each.title.endswith(" themes"))
    top = sheet[next(iter(sheet.tables.values())).ref.split(":")[0]].row
    at = table.columns.index("low") + 1
    assert [sheet.cell(top + 1 + row, at).value for row in range(len(table))] == pytest.approx(
        table.column("low")
    )
    assert sheet.cell(top + 1, at).number_format == "0.0"


def test_only_an_internal_workbook_lists_codings_and_their_words_are_redacted(reports, books):
    report = reports["internal"]
    sheet = books["internal"].worksheets[-1]
    assert sheet.title.endswith("codings")
    assert not [name for name in books["publish"].sheetnames if name.endswith("codings")]
    words = [cell.value for cell in sheet["E"]]
    assert len(words) > len(report.coded)
    assert {"LA A", "LA B"} <= {cell.value for cell in sheet["A"]}


def test_an_empty_figure_is_marked_not_left_blank():
    table = Table(("label", "percent"), (("a", None), ("b", 1.5)), title="t")
    assert [row[1].value for row in sheet_of(table).iter_rows(min_row=4)] == ["[z]", 1.5]


def test_a_text_longer_than_a_cell_is_cut_and_marked():
    value = sheet_of(Table(("words",), (("x" * 40_000,),))).cell(4, 1).value
    assert len(value) == 32_767
    assert value.endswith("…")


def test_headings_that_excel_takes_for_one_are_told_apart():
    table = Table(("Rating", "rating", "rating (2)", " "), (("a", "b", "c", "d"),))
    (tagged,) = sheet_of(table).tables.values()
    names = [each.name.casefold() for each in tagged.tableColumns]
    assert len(set(names)) == 4


def test_long_and_odd_names_still_make_sheets():
    name = "responses_a_very_long_question_[id]*?:/\\"
    blocks = tuple(Data(f"{name}{at}", Table(("a",), ((1,),))) for at in range(3))
    whole = replace(pages("plain"), sections=(Section("s", "S", blocks),), codings=None)
    book = load_workbook(io.BytesIO(to_workbook(whole)))
    assert len(set(book.sheetnames)) == 6
    assert all(len(name) <= 31 for name in book.sheetnames)
