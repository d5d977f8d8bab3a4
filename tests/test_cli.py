"""The command line: what it prints, where it writes, and how it ends."""

import json
import shutil
import sys
from pathlib import Path

import pytest

from sendthemes import cli

EXAMPLE = Path(__file__).parents[1] / "examples" / "readiness"


@pytest.fixture
def run(monkeypatch, capsys):
    """Run the command line in this process; gives exit code, output and errors."""

    def call(*arguments):
        monkeypatch.setattr(sys, "argv", ["sendthemes", *map(str, arguments)])
        with pytest.raises(SystemExit) as end:
            cli.main()
        said = capsys.readouterr()
        return end.value.code or 0, said.out, said.err

    return call


@pytest.fixture
def example(tmp_path):
    shutil.copytree(EXAMPLE, tmp_path / "readiness")
    return tmp_path / "readiness"


def test_report_writes_every_format_and_says_where(run, example, tmp_path):
    code, out, _ = run("report", example / "study.yml", "--out", tmp_path / "out")
    assert code == 0
    assert {path.name for path in (tmp_path / "out").iterdir()} >= {
        "readiness.html",
        "readiness.md",
        "readiness.json",
        "readiness-tables",
    }
    assert str(tmp_path / "out" / "readiness.html") in out


def test_codebooks_lists_the_bundled_ones(run):
    code, out, _ = run("codebooks")
    assert code == 0
    assert "send-readiness" in out


def test_a_bundled_codebook_has_no_errors(run):
    code, out, _ = run("check", "send-readiness", "--format", "json")
    assert code == 0
    assert [row for row in json.loads(out) if row["severity"] == "error"] == []


def test_a_study_in_order_says_so(run, example):
    assert run("check", example / "study.yml")[:2] == (0, f"{example / 'study.yml'}: nothing found.\n")


def add_to_study(example, line):
    path = example / "study.yml"
    path.write_text(f"{path.read_text(encoding='utf-8')}\n{line}\n", encoding="utf-8")
    return path


def test_check_of_a_study_reads_the_decisions_that_it_names(run, example):
    study = add_to_study(example, "decisions: decisions.csv")
    head = "answer_id,theme,decision,coder\n"
    (example / "decisions.csv").write_text(f"{head}101:q10,fundng,add,AB\n999:q1,funding,add,AB\n")
    code, out, _ = run("check", study)
    assert code == 0
    assert "AB, 101:q10 fundng: no such theme in this codebook." in out
    assert "AB, 999:q1 funding: no such answer in this survey." in out
    (example / "decisions.csv").write_text(f"{head}101:q10,funding,added,AB\n")
    code, out, _ = run("check", study)
    assert code == 1
    assert "'added' is none of" in out


def test_check_of_a_study_finds_what_is_wrong_in_its_codebook(run, example):
    path = example / "study.yml"
    path.write_text(path.read_text(encoding="utf-8").replace("codebook: send-readiness", "codebook: my.yml"))
    book = (EXAMPLE.parents[1] / "codebooks" / "send-readiness.yml").read_text(encoding="utf-8")
    first = "      - communication\n"
    (example / "my.yml").write_text(
        book.replace(first, f"{first}      - pay, then conditions\n"), encoding="utf-8"
    )
    code, out, _ = run("check", path)
    assert code == 1
    assert "my.yml:" in out
    assert "punctuation inside" in out


def test_check_tells_a_studys_faults_as_json(run, example):
    path = example / "study.yml"
    path.write_text(
        path.read_text(encoding="utf-8").replace("mode: internal", "mode: secret"), encoding="utf-8"
    )
    code, out, _ = run("check", path, "--format", "json")
    assert code == 1
    assert [row["where"].split(":")[0] for row in json.loads(out)] == ["study.yml"]


def test_code_writes_ids_and_offsets_without_words(run, example, tmp_path):
    out = tmp_path / "codings.csv"
    code, _, _ = run(
        "code", example / "answers.csv", "-c", "send-readiness", "--survey", example / "survey.yml", "-o", out
    )
    assert code == 0
    head = out.read_text(encoding="utf-8").splitlines()[0].split(",")
    assert "start" in head
    assert "matched" not in head


def test_code_writes_a_folder_of_parts_and_takes_it_up_again(run, example, tmp_path):
    given = ("code", example / "answers.csv", "-c", "send-readiness", "--survey", example / "survey.yml")
    for _ in range(2):
        code, out, _ = run(*given, "-o", tmp_path / "codings")
        assert code == 0
        assert "1 parts" in out
    assert sorted(path.name for path in (tmp_path / "codings").iterdir()) == [
        "_manifest.json",
        "part-00000.parquet",
    ]
    assert run(*given, "-o", tmp_path / "codings", "--words")[0] == 2
    assert run("code", example / "answers.csv", "-c", "send-workforce", "-o", tmp_path / "codings")[0] == 1


def test_doctor_says_how_things_are(run, tmp_path):
    code, out, _ = run("doctor", "--cache", tmp_path)
    assert code == 0
    assert "its files are the known ones" in out
    assert "no key" in out


def test_describe_prints_kinds_and_no_answer(run, example):
    code, out, _ = run("describe", example / "answers.csv", "--survey", example / "survey.yml")
    assert code == 0
    assert "statement" in out
    assert "supermarket" not in out


def test_init_writes_a_study_that_loads(run, example, tmp_path):
    folder = tmp_path / "new"
    folder.mkdir()
    shutil.copy(example / "answers.csv", folder)
    assert run("init", folder / "answers.csv")[0] == 0
    assert run("check", folder / "study.yml")[0] == 0


def test_kwic_hides_names(run, example):
    code, out, _ = run(
        "kwic",
        example / "answers.csv",
        "-c",
        "send-readiness",
        "--theme",
        "funding",
        "--survey",
        example / "survey.yml",
    )
    assert code == 0
    assert "Slough" not in out


def test_redact_writes_every_answer_without_its_names(run, tmp_path):
    answers, out = tmp_path / "answers.csv", tmp_path / "out" / "safe.csv"
    answers.write_text(
        "id,Name,What works?\n1,Priya Patel,=Priya and her team in Surrey help us a great deal\n"
        '2,Jo Bloggs,"Nothing, really, since we have waited for a year now"\n',
        encoding="utf-8",
    )
    code, said, _ = run("redact", answers, "--out", out, "--key", tmp_path / "key.csv")
    assert (code, said) == (0, f"Written: {out} (2 places hidden in 2 answers)\n")
    assert out.read_bytes().decode().splitlines() == [
        "respondent,question,text,hidden",
        "R1,q1,'=[Name] and her team in LA A help us a great deal,2",
        'R2,q1,"Nothing, really, since we have waited for a year now",0',
    ]


def test_compare_of_a_codebook_with_itself_finds_nothing(run, example):
    code, out, _ = run("compare", "send-readiness", "send-readiness", example / "answers.csv")
    assert code == 0
    assert "Edits" not in out.splitlines()[0]


def test_kwic_and_sample_take_a_study(run, example, tmp_path):
    code, out, _ = run("kwic", example / "study.yml", "--theme", "funding")
    assert code == 0
    assert "Slough" not in out
    code, out, _ = run("sample", example / "study.yml", "--out", tmp_path / "AB.xlsx")
    assert code == 0
    assert (tmp_path / "AB.xlsx").exists()


def test_a_file_of_answers_needs_a_codebook(run, example):
    code, _, err = run("kwic", example / "answers.csv", "--pattern", "bus")
    assert code == 2
    assert "--codebook" in err


def filled(path, name):
    """Fill in a sample: the first theme everywhere."""
    head, *rows = path.read_text(encoding="utf-8").split("\n")
    blanks = "," * (head.count(",") - 2)
    text = "\n".join([head, *(row.replace(blanks, ",x" + blanks[1:]) for row in rows)])
    path.with_name(name).write_text(text, encoding="utf-8")
    return path.with_name(name)


def test_agree_compares_coders_and_its_decisions_make_a_report(run, example, tmp_path):
    sheet = tmp_path / "sample.csv"
    assert run("sample", example / "study.yml", "--out", sheet, "--size", "20")[0] == 0
    out = tmp_path / "out"
    code, said, err = run("agree", example / "study.yml", filled(sheet, "AB.csv"), "--out", out)
    assert (code, err) == (0, "")
    assert "Agreement of rules and AB" in said
    assert "Themes mentioned, corrected by what people read" in said
    assert {path.name for path in out.iterdir()} >= {"decisions.csv", "differences.csv", "precision.csv"}
    shutil.copy(out / "decisions.csv", example)
    path = example / "study.yml"
    path.write_text(path.read_text(encoding="utf-8") + "\ndecisions: decisions.csv\n", encoding="utf-8")
    assert run("report", path, "--out", tmp_path / "report")[0] == 0
    page = (tmp_path / "report" / "readiness.md").read_text(encoding="utf-8")
    assert "without seeing the rules' coding: over all themes" in page
    assert "dropped by AB" in page


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (None, "no such"),
        ("answer_id,theme,decision,coder\nx,funding,dropp,AB\n", "Did you mean 'drop'?"),
        ("answer_id,question,answer,none of these,comment,check\n", "column 'funding' is missing"),
    ],
)
def test_agree_tells_what_is_wrong_with_a_file(run, example, tmp_path, content, words):
    path = tmp_path / "AB.csv"
    if content is not None:
        path.write_text(content, encoding="utf-8")
    code, _, err = run("agree", example / "study.yml", path)
    assert code == 1
    assert words in err
    assert "Traceback" not in err


def test_review_opens_a_page_and_ends_with_the_keyboard(run, example, monkeypatch):
    import urllib.request
    import webbrowser

    from sendthemes.sensecheck.review_page import ReviewServer

    opened = []
    monkeypatch.setattr(webbrowser, "open", opened.append)

    def read_one(server):
        with urllib.request.urlopen(server.address, timeout=10) as answer:
            assert b"Answer 1 of" in answer.read()
        raise KeyboardInterrupt

    monkeypatch.setattr(ReviewServer, "wait", read_one)
    code, out, _ = run("review", example / "study.yml", "--coder", "AB", "--size", "5")
    assert code == 0
    assert opened == [line.removeprefix("Open ") for line in out.splitlines() if line.startswith("Open ")]
    assert "decisions.csv" in out
    assert "answers read." in out


def test_review_tells_a_faulty_decisions_file(run, example):
    (example / "decisions.csv").write_text("nonsense\n", encoding="utf-8")
    code, _, err = run("review", example / "study.yml", "--no-browser")
    assert code == 1
    assert "decisions.csv: The decisions file lacks the column" in err


def broken(name):
    """Break one input of the example in one way: gives file name and change."""
    return {
        "no answers": ("answers.csv", None),
        "empty answers": ("answers.csv", lambda text: ""),
        "duplicate ids": ("answers.csv", lambda text: text.replace("\n102,", "\n101,")),
        "missing column": ("survey.yml", lambda text: text.replace("text: Your role", "text: Your roles")),
        "unknown survey key": ("survey.yml", lambda text: text.replace("respondent: ID", "respondants: ID")),
        "study is no YAML": ("study.yml", lambda text: text + "\n  broken: [\n"),
        "unknown study key": ("study.yml", lambda text: text + "\nheadlines: {}\n"),
        "unknown variable": ("study.yml", lambda text: text.replace("by: [training]", "by: [trainning]")),
        "absent question": (
            "study.yml",
            lambda text: text.replace("questions: [vision, buy_in", "questions: [visoin, buy_in"),
        ),
        "unknown codebook": (
            "study.yml",
            lambda text: text.replace("codebook: send-readiness", "codebook: send-readyness"),
        ),
    }[name]


@pytest.mark.parametrize(
    ("fault", "words"),
    [
        ("no answers", "answers.csv"),
        ("empty answers", "empty"),
        ("duplicate ids", "101"),
        ("missing column", "Your role"),
        ("unknown survey key", "Did you mean 'respondent'?"),
        ("study is no YAML", "study.yml:"),
        ("unknown study key", "Did you mean 'headline'?"),
        ("unknown variable", "Did you mean 'training'?"),
        ("absent question", "Did you mean 'vision'?"),
        ("unknown codebook", "Did you mean 'send-readiness'?"),
    ],
)
def test_bad_input_gives_a_readable_message_exit_1_and_no_file(run, example, tmp_path, fault, words):
    name, change = broken(fault)
    path = example / name
    if change is None:
        path.unlink()
    else:
        path.write_text(change(path.read_text(encoding="utf-8")), encoding="utf-8")
    code, out, err = run("report", example / "study.yml", "--out", tmp_path / "out")
    assert code == 1
    assert words in err
    assert "Traceback" not in err + out
    assert len(err.splitlines()) <= 3
    assert not (tmp_path / "out").exists()


def test_an_unknown_codebook_key_is_told_with_its_line(run, tmp_path):
    path = tmp_path / "mine.yml"
    path.write_text("codebook: mine\ntheems: []\n", encoding="utf-8")
    code, out, _ = run("check", path)
    assert code == 1
    assert "mine.yml:2:1" in out
    assert "Did you mean 'themes'?" in out


def test_a_missing_study_is_told(run, tmp_path):
    code, _, err = run("report", tmp_path / "study.yml")
    assert code == 1
    assert "not there" in err


def test_an_output_folder_that_is_a_file_is_told(run, example, tmp_path):
    (tmp_path / "out").write_text("", encoding="utf-8")
    code, _, err = run("report", example / "study.yml", "--out", tmp_path / "out")
    assert code == 1
    assert "Traceback" not in err
    assert str(tmp_path / "out") in err


@pytest.mark.parametrize(
    "arguments", [("report",), ("nonsense",), ("report", "x", "--mode", "secret"), ("code", "x")]
)
def test_wrong_usage_exits_2(run, arguments):
    assert run(*arguments)[0] == 2


def test_sample_writes_a_sheet_for_a_second_coder(run, example, tmp_path):
    sheet = tmp_path / "sheet.csv"
    code, out, _ = run(
        "sample",
        example / "answers.csv",
        "-c",
        "send-readiness",
        "-o",
        sheet,
        "--size",
        "20",
        "--survey",
        example / "survey.yml",
    )
    assert code == 0
    assert str(sheet) in out
    assert "Hartigan" not in sheet.read_text(encoding="utf-8-sig")
