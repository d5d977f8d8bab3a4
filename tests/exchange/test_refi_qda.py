"""REFI-QDA: what is written is what the standard says, what is read back is what was written."""

import contextlib
import io
import random
import tempfile
import zipfile
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some
from pyrefiqda import RefiCodebook, RefiProject
from xsdata.formats.dataclass.serializers.config import SerializerConfig
from xsdata_pydantic.bindings import XmlSerializer

import sendthemes
from sendthemes.errors import AnswersError
from sendthemes.files import zipped
from sendthemes.sensecheck.judgements import apply_decisions, flagged_decisions

BOOK = {
    "codebook": "mine",
    "version": "2",
    "themes": [
        {
            "theme": "money",
            "label": "Money & <more>",
            "definition": "All about money.",
            "entries": ["fund*", "budget"],
            "themes": [{"theme": "cuts", "label": "Cuts", "entries": ["cut"]}],
        },
        {"theme": "time", "label": "Time", "entries": ["time"]},
    ],
}
TEXTS = [
    "Our funding was cut 😀, no time.",
    "First line\r\nsecond line: budget\r\n\rthird 👩‍👩‍👧 funding",
    "time & <time>, time",
    "Nothing here.",
    "My name is Zebedee Quilfeather and funding is short",
]


def coded_of(texts):
    rows = [{"id": f"p{at}", "Tell us more about it": text} for at, text in enumerate(texts)]
    answers = sendthemes.read_answers(rows, respondent="id", questions=["Tell us more about it"])
    return sendthemes.code_answers(answers, sendthemes.load_codebook(BOOK))


@pytest.fixture(scope="module")
def coded():
    return coded_of(TEXTS)


@pytest.fixture(scope="module")
def redactor(coded):
    return sendthemes.Redactor(known=coded.answers, names=["Zebedee Quilfeather"], model=False)


def in_the_schemas_order(model, namespace):
    """The same document as pyrefiqda's models, made from the standard's schemas, write it."""
    text = XmlSerializer(config=SerializerConfig(encoding="UTF-8")).render(model, ns_map={None: namespace})
    return ET.canonicalize(text, strip_text=True)


def test_a_codebook_follows_the_schema_and_keeps_the_tree(coded, tmp_path):
    path = sendthemes.write_refi_qda(coded.codebook, tmp_path / "b.qdc", redactor=None)
    book = RefiCodebook.load(path)
    assert [code.name for code in book.codes.code] == ["Money & <more>", "Time"]
    assert [code.name for code in book.codes.code[0].code] == ["Cuts"]
    assert "All about money." in book.codes.code[0].description
    ours = ET.canonicalize(path.read_text("utf-8"), strip_text=True)
    assert in_the_schemas_order(book, "urn:QDA-XML:codebook:1.0") == ours


def test_a_project_follows_the_schema(coded, tmp_path):
    path = sendthemes.write_refi_qda(coded, tmp_path / "p.qdpx", redactor=None)
    project = RefiProject.load(path, extract_dir=str(tmp_path / "out"))
    with zipfile.ZipFile(path) as archive:
        ours = ET.canonicalize(archive.read("project.qde").decode(), strip_text=True)
    assert in_the_schemas_order(project, "urn:QDA-XML:project:1.0") == ours
    for source in project.sources.text_source:
        text = RefiProject.resolve_source_path(source.plain_text_path, tmp_path / "out").read_bytes().decode()
        assert "\r" not in text
        for selection in source.plain_text_selection:
            assert text[selection.start_position : selection.end_position][:60] == selection.name


def test_selections_stand_on_the_words_that_were_matched(coded, tmp_path):
    path = sendthemes.write_refi_qda(coded, tmp_path / "p.qdpx", redactor=None)
    project = sendthemes.read_refi_qda(path)
    texts = {source.guid: source.text for source in project.sources}
    words = sorted(texts[each.source][each.start : each.end] for each in project.codings)
    assert words == sorted(coding.matched for coding in coded)


def test_a_redacted_project_holds_no_name_and_no_id(coded, redactor, tmp_path):
    path = sendthemes.write_refi_qda(coded, tmp_path / "p.qdpx", redactor=redactor)
    with zipfile.ZipFile(path) as archive:
        whole = "\n".join(archive.read(name).decode() for name in archive.namelist())
    assert [word for word in ("Zebedee", "Quilfeather", "p0", "p4") if word in whole] == []
    project = sendthemes.read_refi_qda(path)
    last = project.sources[-1]
    words = [last.text[each.start : each.end] for each in project.codings if each.source == last.guid]
    assert words == ["funding"]


def test_answers_that_may_not_be_shown_stay_out_of_a_redacted_project(redactor, tmp_path):
    from dataclasses import replace

    answers = replace(coded_of(TEXTS[:2]).answers, quotable=(True, False))
    coded = sendthemes.code_answers(answers, sendthemes.load_codebook(BOOK))
    path = sendthemes.write_refi_qda(coded, tmp_path / "p.qdpx", redactor=redactor)
    assert len(sendthemes.read_refi_qda(path).sources) == 1


def test_equal_inputs_give_equal_bytes(coded, redactor, tmp_path):
    one, other = (
        sendthemes.write_refi_qda(coded, tmp_path / name, redactor=redactor).read_bytes()
        for name in ("one.qdpx", "other.qdpx")
    )
    assert one == other


def by_hand(path, change, user="ann"):
    """Change a project as a person would in another tool: another user, other GUIDs for what is new."""
    with zipfile.ZipFile(path) as archive:
        parts = [(name, archive.read(name)) for name in archive.namelist()]
    name = "{urn:QDA-XML:project:1.0}"
    root = ET.fromstring(parts[0][1])
    guid = "{AAAAAAAA-0000-4000-8000-000000000001}"
    ET.SubElement(root.find(f"{name}Users"), f"{name}User", {"guid": guid, "name": user})
    change(root, name, guid)
    path.write_bytes(zipped([(parts[0][0], ET.tostring(root)), *parts[1:]]))
    return path


def code_whole(root, name, guid, source, code):
    guids = {each.get("name"): each.get("guid") for each in root.iter(f"{name}Code")}
    found = root.findall(f"{name}Sources/{name}TextSource")[source]
    coding = ET.SubElement(found, f"{name}Coding", {"guid": guid, "creatingUser": guid})
    ET.SubElement(coding, f"{name}CodeRef", {"targetGUID": guids[code].upper()})


@pytest.mark.parametrize("hidden", [False, True], ids=["raw", "redacted"])
def test_codings_by_hand_become_decisions_on_the_same_answers(coded, redactor, tmp_path, hidden):
    used = redactor if hidden else None
    path = sendthemes.write_refi_qda(coded, tmp_path / "p.qdpx", redactor=used, codings=False)

    def change(root, name, guid):
        code_whole(root, name, guid, 3, "Time")
        code_whole(root, name, guid, 0, "Cuts")

    project = sendthemes.read_refi_qda(by_hand(path, change))
    decisions = project.decisions(coded, redactor=used)
    ids = coded.answers.answer_ids
    assert [(each.answer_id, each.theme, each.decision, each.coder) for each in decisions] == [
        (ids[0], "cuts", "confirm", "ann"),
        (ids[3], "time", "add", "ann"),
    ]
    assert len(flagged_decisions(coded, decisions)) == 0
    assert len(apply_decisions(coded, decisions)) == len(coded) + 1


def test_the_rules_own_codings_are_no_decisions(coded, tmp_path):
    project = sendthemes.read_refi_qda(sendthemes.write_refi_qda(coded, tmp_path / "p.qdpx", redactor=None))
    assert project.decisions(coded, redactor=None) == ()


def test_a_coder_who_read_everything_reviewed_every_source(coded, tmp_path):
    path = sendthemes.write_refi_qda(coded, tmp_path / "p.qdpx", redactor=None, codings=False)
    project = sendthemes.read_refi_qda(by_hand(path, lambda *place: code_whole(*place, 0, "Time")))
    decisions = project.decisions(coded, redactor=None, reviewed=True)
    assert sum(each.decision == "reviewed" for each in decisions) == len(TEXTS)


def test_what_is_not_known_is_flagged_not_lost(coded, tmp_path):
    path = sendthemes.write_refi_qda(coded, tmp_path / "p.qdpx", redactor=None, codings=False)
    project = sendthemes.read_refi_qda(by_hand(path, lambda *place: code_whole(*place, 0, "Time")))
    other = coded_of(["Entirely other words"])
    flags = flagged_decisions(other, project.decisions(other, redactor=None))
    assert len(flags) == 1
    assert flags.column("finding")[0] in {
        "no such answer in this survey",
        "the answer's text has changed since",
    }


def test_a_codebook_comes_back_with_its_tree(coded, tmp_path):
    project = sendthemes.read_refi_qda(
        sendthemes.write_refi_qda(coded.codebook, tmp_path / "b.qdc", redactor=None)
    )
    book = project.codebook("back")
    assert [(theme.title, up) for theme, up in book.walk()] == [
        ("Money & <more>", ""),
        ("Cuts", "money-more"),
        ("Time", ""),
    ]


@settings(max_examples=60, deadline=None)
@given(
    some.lists(
        some.lists(
            some.sampled_from("ab \r\n\t&<>\"'😀👩‍👧é\u200b\x00\ufeff.")
            | some.sampled_from(["funding", " time ", "\r\n", "budget cuts"]),
            max_size=12,
        ).map("".join),
        min_size=1,
        max_size=4,
    )
)
def test_any_text_keeps_its_codings_in_place(texts):
    coded = coded_of(["funding", *texts])
    with tempfile.TemporaryDirectory() as folder:
        path = sendthemes.write_refi_qda(coded, Path(folder) / "p.qdpx", redactor=None)
        project = sendthemes.read_refi_qda(path)
    sources = {source.guid: source.text for source in project.sources}
    back = sorted(sources[each.source][each.start : each.end] for each in project.codings)
    plain = [
        each.matched.replace("\r\n", "\n").replace("\r", "\n").replace("\x00", "\ufffd") for each in coded
    ]
    assert back == sorted(plain)


ENTITY = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaa">]><CodeBook xmlns="urn:QDA-XML:codebook:1.0"/>'
DEEP = b"<CodeBook>" + b"<Code>" * 5000 + b"</Code>" * 5000 + b"</CodeBook>"


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (ENTITY, "entities"),
        (ENTITY.decode().encode("utf-16"), "entities"),
        (DEEP, "deep"),
        (b"<CodeBook", "valid XML"),
        (b"", "valid XML"),
        (b"<html/>", "neither"),
        (zipped([("a.txt", b"x")]), "0 projects"),
        (zipped([("project.qde", b"<Project/>"), ("b.qde", b"<Project/>")]), "2 projects"),
        (zipped([("project.qde", ENTITY)]), "entities"),
    ],
)
def test_a_hostile_or_broken_file_is_refused(tmp_path, content, said):
    path = tmp_path / "x.qdpx"
    path.write_bytes(content)
    with pytest.raises(AnswersError, match=said) as told:
        sendthemes.read_refi_qda(path)
    assert str(told.value).count("REFI-QDA") <= 1


def test_a_project_that_unpacks_to_too_much_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr("sendthemes.exchange.qda_project._MOST_BYTES", 1000)
    path = tmp_path / "x.qdpx"
    path.write_bytes(zipped([("project.qde", b"<Project>" + b" " * 2000 + b"</Project>")]))
    with pytest.raises(AnswersError, match="unpacks to more"):
        sendthemes.read_refi_qda(path)


@pytest.mark.parametrize(
    "path", ["internal://../../secret.txt", "absolute:///etc/passwd", "relative://x.txt", "/etc/passwd", ""]
)
def test_a_path_that_leads_out_of_the_archive_is_not_followed(tmp_path, path):
    (tmp_path / "x.txt").write_text("outside", encoding="utf-8")
    source = f'<TextSource guid="g" name="n" plainTextPath="{path}"/>'
    xml = f'<Project name="p"><Sources>{source}</Sources></Project>'
    target = tmp_path / "p.qdpx"
    target.write_bytes(zipped([("project.qde", xml.encode()), ("../../x.txt", b"inside")]))
    project = sendthemes.read_refi_qda(target)
    assert project.sources == ()
    assert "not in the file" in project.notes[0]


def test_bytes_at_random_never_end_in_another_error(tmp_path, coded):
    whole = sendthemes.write_refi_qda(coded, tmp_path / "p.qdpx", redactor=None).read_bytes()
    chance = random.Random(0)
    for _ in range(150):
        hurt = bytearray(whole)
        for _ in range(chance.randint(1, 8)):
            hurt[chance.randrange(len(hurt))] = chance.randrange(256)
        (tmp_path / "h.qdpx").write_bytes(bytes(hurt))
        with contextlib.suppress(AnswersError):
            assert sendthemes.read_refi_qda(tmp_path / "h.qdpx").codes is not None


def test_another_suffix_is_refused(coded, tmp_path):
    with pytest.raises(AnswersError, match=r"Use \.qdc or \.qdpx"):
        sendthemes.write_refi_qda(coded, tmp_path / "p.zip", redactor=None)
    with pytest.raises(AnswersError, match="needs coded answers"):
        sendthemes.write_refi_qda(coded.codebook, tmp_path / "p.qdpx", redactor=None)


def test_nothing_but_text_files_and_the_project_is_packed(coded, tmp_path):
    path = sendthemes.write_refi_qda(coded, tmp_path / "p.qdpx", redactor=None)
    with zipfile.ZipFile(io.BytesIO(path.read_bytes())) as archive:
        names = archive.namelist()
        times = {entry.date_time for entry in archive.infolist()}
    assert names[0] == "project.qde"
    assert all(name.startswith("sources/") and name.endswith(".txt") for name in names[1:])
    assert times == {(1980, 1, 1, 0, 0, 0)}
