"""Word: a document that an editor can work on, equal bytes for equal inputs, in a house's own template."""

import io
import shutil
import subprocess
import zipfile
from pathlib import Path

import pytest
from docx import Document
from docx.oxml.ns import qn
from docx.shared import Pt, RGBColor
from tests.report.everything import pages

import sendthemes
from sendthemes.errors import StudyError
from sendthemes.report.word import TABLE_STYLE, to_word

STUDY = Path(__file__).parents[2] / "examples" / "readiness" / "study.yml"


@pytest.fixture(scope="module")
def report():
    return sendthemes.load_study(STUDY).run()


@pytest.fixture(scope="module")
def content(report):
    return to_word(report.pages)


@pytest.fixture(scope="module")
def document(content):
    return Document(io.BytesIO(content))


def named(document, style):
    return [each.text for each in document.paragraphs if each.style.name == style]


def test_equal_reports_give_equal_bytes_with_fixed_times(report, content):
    assert to_word(report.pages) == content
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert {entry.date_time for entry in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert archive.testzip() is None


def test_sections_are_headings_in_order(report, document):
    titles = [section.title for section in report.pages.sections]
    assert named(document, "Heading 1") == titles
    assert named(document, "Title") == [report.pages.study.title]


def test_no_heading_skips_a_rank(document):
    ranks = [
        int(each.style.name[-1]) for each in document.paragraphs if each.style.name.startswith("Heading")
    ]
    assert all(after - before <= 1 for before, after in zip([0, *ranks], ranks, strict=False))


def test_every_table_has_a_numbered_caption_and_a_header_row_that_repeats(document):
    captions = [text for text in named(document, "Caption") if text.startswith("Table")]
    assert [text.split(".")[0] for text in captions] == [f"Table {at}" for at in range(1, len(captions) + 1)]
    for table in document.tables:
        grid = table._tbl.tblPr.find(qn("w:tblDescription")) is not None
        assert grid or table.style.name == TABLE_STYLE
        first, *others = table._tbl.tr_lst
        assert first.trPr.find(qn("w:tblHeader")) is not None
        assert all(row.trPr.find(qn("w:tblHeader")) is None for row in others)
        assert table._tbl.tblPr.find(qn("w:tblCaption")).get(qn("w:val"))


def test_figures_in_tables_stand_to_the_right(document):
    table = next(each for each in document.tables if each.cell(0, 1).text == "Respondents")
    assert {cell.paragraphs[0].alignment for cell in table.columns[1].cells} == {2}


def test_every_chart_says_in_words_what_it_shows(document, report):
    said = [each.get("descr") for each in document.element.iter(qn("wp:docPr"))]
    said += [each.get(qn("w:val")) for each in document.element.iter(qn("w:tblDescription"))]
    assert len(said) == 3
    row = report.tables["themes"].to_dicts()[0]
    assert any(f"{row['label']}: {row['percent']:.1f}%" in words for words in said)


def test_the_contents_lead_to_the_sections(document):
    marks = {each.get(qn("w:name")) for each in document.element.iter(qn("w:bookmarkStart"))}
    targets = {each.get(qn("w:anchor")) for each in document.element.iter(qn("w:hyperlink"))}
    assert targets <= marks
    assert {each for each in targets if each.startswith("section")}


def test_ids_of_bookmarks_and_pictures_differ(document):
    for tag in ("w:bookmarkStart", "wp:docPr"):
        ids = [each.get(qn("w:id")) or each.get("id") for each in document.element.iter(qn(tag))]
        assert len(set(ids)) == len(ids)


def test_there_is_a_contents_field_page_numbers_and_an_update_on_open(document):
    codes = " ".join(each.text for each in document.element.iter(qn("w:instrText")))
    assert "TOC" in codes
    foot = " ".join(each.text for each in document.sections[0].footer._element.iter(qn("w:instrText")))
    assert foot.split() == ["PAGE", "NUMPAGES"]
    assert document.settings.element.find(qn("w:updateFields")) is not None


def test_properties_tell_nothing_but_title_and_author(report, document, content):
    properties = document.core_properties
    assert properties.title == report.pages.study.title
    assert properties.author == properties.last_modified_by == report.pages.study.author
    assert not properties.comments
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert not [name for name in archive.namelist() if "thumbnail" in name or name.endswith("app.xml")]


@pytest.fixture
def template(tmp_path):
    made = Document()
    made.styles["Heading 1"].font.color.rgb = RGBColor(0xAA, 0x00, 0x00)
    made.styles["Heading 1"].font.size = Pt(33)
    made.sections[0].header.paragraphs[0].text = "House style"
    made.core_properties.author = "Somebody Else"
    made.add_paragraph("Cover of the house")
    path = tmp_path / "house.docx"
    made.save(str(path))
    return path


def test_a_template_keeps_its_styles_header_and_cover(report, template, tmp_path):
    made = Document(str(report.save(tmp_path / "r.docx", template=template)))
    assert made.styles["Heading 1"].font.size == Pt(33)
    assert made.sections[0].header.paragraphs[0].text == "House style"
    assert made.paragraphs[0].text == "Cover of the house"
    assert "Somebody" not in f"{made.core_properties.author}{made.core_properties.last_modified_by}"
    assert TABLE_STYLE in {style.name for style in made.styles}


@pytest.mark.parametrize("bytes_", [b"", b"PK no zip", b"\xd0\xcf\x11\xe0 an old .doc"])
def test_a_template_that_is_no_word_document_is_refused(report, tmp_path, bytes_):
    (tmp_path / "t.docx").write_bytes(bytes_)
    with pytest.raises(StudyError, match="no Word document"):
        report.save(tmp_path / "r.docx", template=tmp_path / "t.docx")
    assert not (tmp_path / "r.docx").exists()


def test_a_template_named_in_the_study_is_used(template, tmp_path):
    (tmp_path / "a.csv").write_text("id,Tell us more\n1,funding is short\n", encoding="utf-8")
    (tmp_path / "b.yml").write_text(
        "codebook: b\nthemes: [{theme: money, entries: [funding]}]\n", encoding="utf-8"
    )
    head = "study: s\ntitle: T\ndata: {file: a.csv}\ncodebook: b.yml\ntemplate: "
    (tmp_path / "study.yml").write_text(head + "house.docx\n", encoding="utf-8")
    made = sendthemes.load_study(tmp_path / "study.yml").run()
    assert Document(str(made.save(tmp_path / "r.docx"))).paragraphs[0].text == "Cover of the house"
    assert "house.docx" in made.pages.manifest["inputs"]
    (tmp_path / "study.yml").write_text(head + "none.docx\n", encoding="utf-8")
    with pytest.raises(StudyError, match="no such template"):
        sendthemes.load_study(tmp_path / "study.yml")


def test_the_analysts_markdown_becomes_styles():
    words = "First **bold** and *slanted*.\n\n- one\n- two\n\n1. three\n\n> said\n\n[here](https://x.example)"
    made = Document(io.BytesIO(to_word(pages(words))))
    assert "one" in named(made, "List Bullet")
    assert "three" in named(made, "List Number")
    assert "said" in named(made, "Quote")
    assert any(run.text == "bold" and run.bold for each in made.paragraphs for run in each.runs)
    assert "here (https://x.example)" in named(made, "Normal")


@pytest.mark.libreoffice
@pytest.mark.parametrize("suffix", [".docx", ".xlsx"])
def test_libreoffice_turns_the_files_into_pages(report, tmp_path, suffix):
    path = report.save(tmp_path / f"r{suffix}")
    office = shutil.which("soffice")
    home = f"-env:UserInstallation=file://{tmp_path}/home"
    command = [office, home, "--headless", "--convert-to", "pdf", "--outdir", str(tmp_path), str(path)]
    subprocess.run(command, check=True, capture_output=True, timeout=180)
    told = subprocess.run(["pdfinfo", str(tmp_path / "r.pdf")], check=True, capture_output=True, text=True)
    number = int(next(line.split()[1] for line in told.stdout.splitlines() if line.startswith("Pages")))
    assert number > 20
