import io
import zipfile

import docx
import pytest
import xlsxwriter

from sendthemes.errors import RedactionError
from sendthemes.redaction.leaks import find_leaks, refuse_leaks
from sendthemes.redaction.pseudonyms import PseudonymKey
from sendthemes.redaction.redactor import Redactor
from sendthemes.survey.answers import Answers

SURVEY = Answers(
    ("r1", "r2"),
    (),
    identifiers={
        "name": (("Jane Okafor",), ("Will Hope",)),
        "email": (("j.okafor@surrey.gov.uk",), ()),
        "la": (("Surrey County Council",), ("Reading",)),
        "school": (("Oakfield Primary School",), ()),
    },
)
REDACTOR = Redactor(known=SURVEY, model=False)


@pytest.mark.parametrize(
    "content",
    [
        "Jane Okafor said so",
        "okafor",
        "<p>Ja<b>n</b>e said</p>",
        "<img alt='Note by Okafor'>",
        "Okafor&#39;s view",
        "O\u200bkafor",
        "\\u004fkafor in a script",
        "S u r r e y",
        "Sur\u00adrey",
        "Surrey County Council",
        "SCC did well",
        "in Redhill",
        "Oakfield",
        "J.OKAFOR@surrey.gov.uk",
        "We moved to schools in Reading.",
        "Ｏｋａｆｏｒ",
    ],
)
def test_a_known_value_is_found_in_every_disguise(content):
    assert find_leaks(content, redactor=REDACTOR)
    assert find_leaks(content.encode(), redactor=REDACTOR)


@pytest.mark.parametrize(
    "content",
    [
        "",
        "LA C said [Name] was helpful at [School].",
        "Reading levels rose; we hope they will.",
        "<td>Parent Carer Forum</td>",
        "<p>entry: senco</p><p>Hope the new SENCO will stay.</p>",  # one cell's role is no cue for the next
        "| senco | Hope the new SENCO will stay. |",
    ],
)
def test_a_clean_output_has_no_leaks(content):
    assert find_leaks(content, redactor=REDACTOR) == ()


def test_an_authority_of_the_key_must_not_show_either():
    key = PseudonymKey()
    key.codes({"E10000016": "Kent"})
    assert find_leaks("Kent does well", redactor=Redactor(key=key, model=False))
    assert not find_leaks("Kent does well", redactor=Redactor(model=False))


def test_a_word_file_is_read_across_its_runs_and_in_its_properties():
    document = docx.Document()
    document.add_paragraph("Written by Oka").add_run("for, with thanks")
    document.core_properties.subject = "Visit to Surrey"
    out = io.BytesIO()
    document.save(out)
    parts = {problem.where for problem in find_leaks(out.getvalue(), redactor=REDACTOR)}
    assert parts == {"word/document.xml", "docProps/core.xml"}


def test_a_spreadsheet_is_read():
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        book.add_worksheet("Results").write_string(0, 0, "Okafor")
    assert find_leaks(out.getvalue(), redactor=REDACTOR)


def test_an_archive_without_anything_to_hide_passes():
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("a.xml", "<a>LA C</a>")
    refuse_leaks(out.getvalue(), redactor=REDACTOR, name="report.docx")


def test_publishing_is_refused_without_repeating_the_secret():
    with pytest.raises(RedactionError, match=r"report\.html") as refusal:
        refuse_leaks("<p>Thanks, Okafor, for Surrey.</p>", redactor=REDACTOR, name="report.html")
    assert "kafor" not in str(refusal.value)
    assert "urrey" not in str(refusal.value)
    assert len(refusal.value.problems) == 3
    assert refusal.value.problems[0].remedy.startswith("Redact these places at their source (theme labels")
