"""Parts on disk hold the codings of the whole; a stopped run goes on to the same bytes."""

import csv
import json
from dataclasses import replace

import pyarrow
import pyarrow.parquet
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.coding.test_match import texts
from tests.coding.test_processes import BOOK, made

from sendthemes.coding import stream
from sendthemes.coding.batches import ANSWER_COLUMNS, CODING_COLUMNS, codings_of
from sendthemes.coding.code import code_answers
from sendthemes.coding.stream import MANIFEST, code_to_parquet
from sendthemes.errors import AnswersError, SendThemesError
from sendthemes.survey.read import read_answers

ANSWERS = made(40)
ROWS = [(f" {a.id} ", a.respondent, a.question, a.text) for a in ANSWERS]


def written(path, rows=ROWS, names=ANSWER_COLUMNS):
    if path.suffix == ".parquet":
        pyarrow.parquet.write_table(
            pyarrow.table([list(column) for column in zip(*rows, strict=True)], names=list(names)), path
        )
    else:
        with path.open("w", encoding="utf-8", newline="") as file:
            csv.writer(file, delimiter=";").writerows([names, *rows])
    return path


def whole(source):
    return codings_of(code_answers(read_answers(source), BOOK)).to_pylist()


def parts(folder):
    return {path.name: path.read_bytes() for path in sorted(folder.iterdir())}


def codings(folder):
    return pyarrow.parquet.read_table(folder).to_pylist()


@pytest.mark.parametrize("suffix", [".parquet", ".csv"])
@pytest.mark.parametrize("size", [7, 100])
def test_the_parts_together_are_the_codings_of_the_file(tmp_path, suffix, size) -> None:
    path = written(tmp_path / f"answers{suffix}")
    table = code_to_parquet(path, BOOK, tmp_path / "out", answers_a_part=size)
    assert codings(tmp_path / "out") == whole(path)
    assert pyarrow.parquet.read_table(tmp_path / "out").column_names == list(CODING_COLUMNS)
    assert table.column("answers") == ((7, 7, 7, 7, 7, 5) if size == 7 else (40,))
    assert sum(table.column("codings")) == len(whole(path)) > 20


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(
        st.tuples(
            st.sampled_from(["a", " b", "c "]),
            st.sampled_from(["Why?", "Q2. What for?", "q1"]),
            texts() | st.just(" "),
        ),
        min_size=1,
        max_size=9,
    ),
    st.integers(1, 4),
)
def test_a_streamed_file_is_read_as_any_file(tmp_path_factory, rows, size) -> None:
    folder = tmp_path_factory.mktemp("stream")
    path = written(folder / "answers.parquet", [(str(at), *row) for at, row in enumerate(rows)])
    code_to_parquet(path, BOOK, folder / "out", answers_a_part=size)
    found = codings(folder / "out") if list((folder / "out").glob("*.parquet")) else []
    assert found == whole(path)


def test_other_files_and_answers_are_coded_too(tmp_path) -> None:
    rows = [(a.respondent, a.question, a.text) for a in ANSWERS]
    path = written(tmp_path / "answers.csv", rows, ("Respondent", "Question", "Comment"))
    code_to_parquet(path, BOOK, tmp_path / "a", answers_a_part=9)
    code_to_parquet(read_answers(path), BOOK, tmp_path / "b", answers_a_part=9)
    assert codings(tmp_path / "a") == whole(path)
    assert parts(tmp_path / "a") == parts(tmp_path / "b")


def test_two_processes_write_the_same_bytes(tmp_path) -> None:
    path = written(tmp_path / "answers.parquet")
    for count in (1, 2):
        code_to_parquet(path, BOOK, tmp_path / str(count), answers_a_part=7, processes=count)
    assert parts(tmp_path / "1") == parts(tmp_path / "2")


@pytest.mark.parametrize("damage", ["stopped", "cut", "lost", "whole"])
def test_a_stopped_run_goes_on_to_the_same_bytes(tmp_path, monkeypatch, damage) -> None:
    path, out = written(tmp_path / "answers.parquet"), tmp_path / "out"
    code_to_parquet(path, BOOK, tmp_path / "once", answers_a_part=7)
    every = stream.each_batch
    coded = []

    def stopping(batches, *rest):
        for at, batch in enumerate(every(batches, *rest)):
            coded.append(at)
            if at == 3 and damage != "whole":
                raise KeyboardInterrupt
            yield batch

    monkeypatch.setattr(stream, "each_batch", stopping)
    if damage == "whole":
        code_to_parquet(path, BOOK, out, answers_a_part=7)
    else:
        with pytest.raises(KeyboardInterrupt):
            code_to_parquet(path, BOOK, out, answers_a_part=7)
        assert len(list(out.iterdir())) == 4
    if damage == "cut":
        (out / "part-00001.parquet").write_bytes(b"PAR1")
    if damage == "lost":
        (out / "part-00002.parquet").unlink()
    monkeypatch.setattr(stream, "each_batch", every)
    before = (out / "part-00000.parquet").stat().st_mtime_ns
    code_to_parquet(path, BOOK, out, answers_a_part=7)
    assert parts(out) == parts(tmp_path / "once")
    assert (out / "part-00000.parquet").stat().st_mtime_ns == before


def test_a_folder_of_other_codings_is_refused(tmp_path) -> None:
    path, out = written(tmp_path / "answers.parquet"), tmp_path / "out"
    code_to_parquet(path, BOOK, out)
    with pytest.raises(SendThemesError, match="differs: codebook and questions"):
        code_to_parquet(path, BOOK.model_copy(update={"prompt_echo": "drop"}), out)
    with pytest.raises(SendThemesError, match="differs: codebook and questions"):
        code_to_parquet(path, BOOK, out, lemmas="in_context")
    with pytest.raises(SendThemesError, match="differs: source"):
        code_to_parquet(written(tmp_path / "other.parquet", ROWS[1:]), BOOK, out)
    (out / MANIFEST).write_text("{")
    with pytest.raises(SendThemesError, match="cannot be read"):
        code_to_parquet(path, BOOK, out)


def test_other_answers_of_the_same_file_are_refused(tmp_path) -> None:
    answers = read_answers(written(tmp_path / "answers.parquet"))
    code_to_parquet(answers, BOOK, tmp_path / "out")
    with pytest.raises(SendThemesError, match="differs: source"):
        code_to_parquet(
            replace(answers, texts=[*answers.texts[:-1], "Something else."]), BOOK, tmp_path / "out"
        )


@pytest.mark.parametrize("wrong", [{"processes": 0}, {"answers_a_part": 0}, {"lemmas": "incontext"}])
def test_choices_that_cannot_be_are_refused(tmp_path, wrong) -> None:
    with pytest.raises(ValueError, match=next(iter(wrong))):
        code_to_parquet(ANSWERS, BOOK, tmp_path / "out", **wrong)


def test_the_manifest_holds_no_words_of_answers(tmp_path) -> None:
    rows = [("1", "p", "q", "xylophone funding"), ("2", "p", "q", "no xylophone")]
    code_to_parquet(written(tmp_path / "a.parquet", rows), BOOK, tmp_path / "out")
    manifest = json.loads((tmp_path / "out" / MANIFEST).read_text())
    assert manifest["parts"][0]["answers"] == 2
    assert not any(b"xylophone" in content for content in parts(tmp_path / "out").values())


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        ([("1", "p", "q", "a"), (" 1", "r", "q", "b")], "more than once"),
        ([("1", "", "q", "a"), ("2", "r", "q", "b")], "without a respondent"),
    ],
)
def test_answers_that_cannot_be_told_apart_are_refused(tmp_path, rows, message) -> None:
    with pytest.raises(AnswersError, match=message):
        code_to_parquet(written(tmp_path / "a.csv", rows), BOOK, tmp_path / "out")


def test_a_damaged_row_is_named_by_its_line(tmp_path) -> None:
    path = written(tmp_path / "a.csv", [*ROWS[:3], ("only", "three", "cells")])
    with pytest.raises(AnswersError, match=r"a\.csv:\d+"):
        code_to_parquet(path, BOOK, tmp_path / "out")


def test_no_answers_give_no_parts(tmp_path) -> None:
    path = written(tmp_path / "a.csv", [("1", "p", "q", " ")])
    assert len(code_to_parquet(path, BOOK, tmp_path / "out")) == 0
    assert [each.name for each in (tmp_path / "out").iterdir()] == [MANIFEST]


def test_progress_shows_answers_on_standard_error(tmp_path, capsys) -> None:
    code_to_parquet(ANSWERS, BOOK, tmp_path / "out", progress=True)
    assert "40/40" in capsys.readouterr().err
