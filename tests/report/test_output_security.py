"""Whatever stands in answers, names or labels, no output does anything with it; nothing raw is published."""

import csv
import io
import json
import random
import re
import signal
import subprocess
import sys
import time
import zipfile
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from markdown_it import MarkdownIt
from openpyxl import load_workbook
from tests.report.everything import pages

import sendthemes
from sendthemes.report.blocks import Evidence, Figure, Narrative, Rating, Section
from sendthemes.report.html import to_html
from sendthemes.report.markdown import to_markdown
from sendthemes.report.report import to_json
from sendthemes.report.spreadsheet import to_workbook
from sendthemes.report.word import to_word

_WRAPS = ["{}", '"{}', "'>{}", "</style>{}", "</title>{}", "]]>{}", "--> {}", "</td></table>{}"]
_LIVE = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "<svg onload=alert(1)><animate onbegin=alert(1)></svg>",
    "<iframe src=javascript:alert(1)></iframe>",
    "<math><mtext><script>alert(1)</script></mtext></math>",
    "<body onpageshow=alert(1)>",
    "<details open ontoggle=alert(1)>",
    "<a href='javascript:alert(1)'>x</a>",
    "<form action=http://evil.example><button>x</button></form>",
    "<meta http-equiv=refresh content='0;url=http://evil.example'>",
    "<base href=http://evil.example>",
    "<link rel=stylesheet href=http://evil.example/x.css>",
    "<object data=http://evil.example></object>",
    "<w:instrText> DDEAUTO cmd /c calc </w:instrText>",
    "<w:altChunk r:id='rId1'/>",
    "<f>1+1</f>",
]
_PLAIN = """{{ 7 * 7 }} ¦ {% raw %}{% endraw %} ¦ {{ pages.__class__ }} ¦ ${7*7} ¦ #{7*7} ¦ <%= 7*7 %>
{0.__class__} ¦ %s%n%x ¦ [x](javascript:alert(1)) ¦ ![x](http://evil.example/x.png)
<http://evil.example> ¦ &lt;script&gt; ¦ &a; ¦ &#60;script&#62; ¦ \\u003cscript\\u003e
<!DOCTYPE x [<!ENTITY a SYSTEM 'file:///etc/passwd'>]> ¦ <![CDATA[<script>]]>
DDEAUTO c:\\windows\\system32\\cmd.exe ¦ INCLUDETEXT \\\\evil\\x ¦ _x003D_1+1""".replace("\n", " ¦ ").split(
    " ¦ "
)
_PLAIN += ["\u2028<b onclick=x>", "\x00\x08<script>", "\ufffe"]
_FORMULAS = ["1+1", "cmd|'/c calc'!A1", 'HYPERLINK("http://evil.example","x")', "SUM(A1:A9)"]
_FORMULAS += ['WEBSERVICE("http://evil.example")']
_STARTS = ["=", "+", "-", "@", "\t=", "\r=", "\n=", " =", "＝", "=-", "'="]
PAYLOADS = [
    *(wrap.format(live) for live in _LIVE for wrap in _WRAPS),
    *_PLAIN,
    *(start + formula for start in _STARTS for formula in _FORMULAS),
]


def test_there_are_at_least_two_hundred_payloads():
    assert len(set(PAYLOADS)) >= 200


def together(texts):
    """One report with a section for every text."""
    sections = []
    first = pages(texts[0])
    for at, text in enumerate(texts):
        each = pages(text)
        blocks = tuple(
            replace(block, id=f"{block.id}{at}") if isinstance(block, Figure) else block
            for block in each.sections[0].blocks
        )
        sections.append(Section(f"s{at}", text, blocks))
    evidence = Evidence(
        tuple(sighting for text in texts for sighting in pages(text).evidence.sightings),
        tuple(
            replace(count, id=f"{count.id}{at}", table=f"bars{at}")
            for at, text in enumerate(texts)
            for count in pages(text).evidence.counts
        ),
    )
    return replace(first, sections=tuple(sections), evidence=evidence)


class _Seen(HTMLParser):
    def __init__(self):
        super().__init__(convert_charrefs=True)
        self.tags = set()

    def handle_starttag(self, tag, attributes):
        self.tags |= {(tag, name) for name, _ in attributes} | {(tag, "")}


def seen(page):
    reader = _Seen()
    reader.feed(page)
    return reader.tags


def test_html_has_no_tag_or_attribute_that_a_plain_report_has_not():
    assert seen(to_html(together(PAYLOADS))) <= seen(to_html(together(["plain", "\tplain code"])))


def test_markdown_of_data_has_no_html_link_or_picture():
    whole = together(PAYLOADS)
    study = whole.study.model_copy(
        update={"narrative": whole.study.narrative.model_copy(update={"introduction": ""})}
    )
    data = tuple(
        replace(
            each, blocks=tuple(block for block in each.blocks if not isinstance(block, Narrative | Rating))
        )
        for each in whole.sections
    )
    tokens = (
        MarkdownIt("commonmark")
        .enable("table")
        .parse(to_markdown(replace(whole, study=study, sections=data)))
    )
    kinds = {token.type for token in tokens} | {
        child.type for token in tokens for child in token.children or []
    }
    assert not {"html_block", "html_inline", "link_open", "image", "code_block", "fence"} & kinds


def parts_of(content):
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert all(not name.startswith("/") and ".." not in name for name in archive.namelist())
        return {name: archive.read(name) for name in archive.namelist()}


def tags_of(parts):
    xml = [ET.fromstring(content) for name, content in parts.items() if name.endswith((".xml", ".rels"))]
    return {(element.tag, *sorted(element.attrib)) for root in xml for element in root.iter()}


def test_word_holds_payloads_as_words_alone():
    content = to_word(together(PAYLOADS))
    parts = parts_of(content)
    assert {tag[0] for tag in tags_of(parts)} <= {
        tag[0] for tag in tags_of(parts_of(to_word(pages("plain *b*"))))
    }
    assert b'TargetMode="External"' not in b"".join(parts.values())
    word = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
    root = ET.fromstring(parts["word/document.xml"])
    codes = {re.sub(r"\d+", "", each.text) for each in root.iter(f"{word}instrText")}
    assert codes == {' TOC \\o "-" \\h \\z \\u ', " SEQ Table \\* ARABIC ", " SEQ Figure \\* ARABIC "}
    paragraphs = {"".join(each.text or "" for each in one.iter(f"{word}t")) for one in root.iter(f"{word}p")}
    assert {text for text in _LIVE if text not in paragraphs} == set()


def test_a_workbook_holds_no_formula_and_no_outside_link():
    content = to_workbook(together(PAYLOADS))
    parts = parts_of(content)
    main = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
    sheets = [ET.fromstring(each) for name, each in parts.items() if name.startswith("xl/worksheets/sheet")]
    assert sum(len(list(sheet.iter(f"{main}f"))) for sheet in sheets) == 0
    assert b'TargetMode="External"' not in b"".join(parts.values())
    book = load_workbook(io.BytesIO(content))
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row if cell.value is not None]
    assert {cell.data_type for cell in cells} == {"s", "n"}
    values = {cell.value for cell in cells}
    assert {text for text in PAYLOADS if text in _LIVE and text not in values} == set()


def test_json_and_csv_keep_texts_as_texts():
    for text in PAYLOADS:
        content = pages(text)
        assert json.loads(to_json(content))["tables"]["bars"]["title"] == text
        for table in content.tables.values():
            rows = csv.reader(io.StringIO(table.to_csv(), newline=""))
            assert [cell for row in rows for cell in row if cell.startswith(tuple("=+-@\t\r"))] == []


def test_an_exchange_project_holds_payloads_as_words_alone(tmp_path):
    texts = [text for text in PAYLOADS if text.strip()]
    rows = [{"id": f"{at} {text}", "Tell us more": text} for at, text in enumerate(texts)]
    answers = sendthemes.read_answers(rows, respondent="id", questions=["Tell us more"])
    book = {
        "codebook": "b",
        "themes": [
            {"theme": "t", "label": PAYLOADS[0], "definition": PAYLOADS[3], "entries": ["alert", "script"]}
        ],
    }
    coded = sendthemes.code_answers(answers, sendthemes.load_codebook(book))
    project = sendthemes.read_refi_qda(sendthemes.write_refi_qda(coded, tmp_path / "p.qdpx", redactor=None))
    assert project.codes[0].name == PAYLOADS[0]
    assert len(project.sources) == len(answers.texts)
    assert len(project.codings) == len(coded)


CONSONANTS, VOWELS = "bdfgklmnprtvz", "aeiou"


def invented(chance):
    return "".join(chance.choice(CONSONANTS) + chance.choice(VOWELS) for _ in range(4)).capitalize()


@pytest.fixture(scope="module")
def published(tmp_path_factory):
    """A published report on answers with over a thousand raw values planted; gives these and the files."""
    folder = tmp_path_factory.mktemp("published")
    chance = random.Random(7)
    planted, rows = [], [["id", "Name", "Email", "Local authority", "Rating", "Tell us more about it"]]
    areas = ["Leeds", "Kent", "Surrey", "Devon", "Bolton"]
    for at in range(260):
        first, last = invented(chance), invented(chance)
        email = f"{first}.{last}@{invented(chance)}.example.org".lower()
        number, phone = f"zz{chance.randrange(10**9):09d}", f"07700 {900000 + at}"
        words = f"Funding is short. Ask {first} {last} on {phone} or {email}. Number {at} of many."
        rows.append([number, f"{first} {last}", email, areas[at % 5], ("Good", "Poor")[at % 2], words])
        planted += [f"{first} {last}", last, email, number, phone]
    with (folder / "answers.csv").open("w", newline="", encoding="utf-8") as out:
        csv.writer(out).writerows(rows)
    (folder / "book.yml").write_text(
        "codebook: b\nthemes:\n  - {theme: money, label: Money, entries: [fund*]}\n"
        "  - {theme: training, label: Training, entries: [train]}\n",
        encoding="utf-8",
    )
    (folder / "study.yml").write_text(
        "study: s\ntitle: T\nmode: publish\ndata: {file: answers.csv}\ncodebook: book.yml\n"
        "themes: {by: [Rating]}\ncross_tables: [{rows: la, columns: Rating}]\n",
        encoding="utf-8",
    )
    written = sendthemes.load_study(folder / "study.yml").run().save_all(folder / "out")
    return planted + areas, written


def readable(path):
    for file in sorted(path.rglob("*")) if path.is_dir() else [path]:
        content = file.read_bytes()
        parts = parts_of(content).items() if content.startswith(b"PK") else [("", content)]
        yield from ((f"{file.name} {name}", part.decode("utf-8", "replace")) for name, part in parts)


def test_no_planted_value_is_in_any_published_file(published):
    planted, written = published
    assert len(set(planted)) >= 1000
    assert {path.suffix for path in written} == {".html", ".docx", ".xlsx", ".md", ".json", ""}
    found = [
        (name, value)
        for path in written
        for name, text in readable(path)
        for value in set(planted)
        if value in text and re.search(rf"(?<!\w){re.escape(value)}(?!\w)", text)
    ]
    assert found == []


def test_a_published_workbook_has_no_sheet_on_single_answers(published):
    book = load_workbook(next(path for path in published[1] if path.suffix == ".xlsx"))
    assert [
        name for name in book.sheetnames if re.search("codings|respondents|answers$|problems", name)
    ] == []


WRITER = """
import sys
from pathlib import Path
from sendthemes.files import write_whole
contents = [Path(name).read_bytes() for name in sys.argv[2:]]
print("ready", flush=True)
while True:
    for content in contents:
        write_whole(sys.argv[1], content)
"""


def test_a_writer_killed_at_any_moment_leaves_a_whole_file(tmp_path):
    made = {"one": to_word(pages("one")), "two": to_word(pages("two")) * 40}
    for name, content in made.items():
        (tmp_path / name).write_bytes(content)
    target = tmp_path / "report.docx"
    chance = random.Random(3)
    source = Path(sendthemes.__file__).parents[1]
    for _ in range(50):
        command = [sys.executable, "-c", WRITER, str(target), str(tmp_path / "one"), str(tmp_path / "two")]
        with subprocess.Popen(command, stdout=subprocess.PIPE, cwd=source) as writer:
            writer.stdout.readline()
            time.sleep(chance.random() * 0.02)
            writer.send_signal(signal.SIGKILL)
        assert not target.exists() or target.read_bytes() in made.values()
    assert target.exists()
