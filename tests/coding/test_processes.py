"""The same codings from any number of processes, batch size, row order and cache state; nothing hangs."""

import os
import random
import signal
import threading
import time
from pathlib import Path

import pyarrow
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.coding.test_code import Q1, Q2, book, one, survey
from tests.coding.test_match import texts

from sendthemes.codebook.model import Codebook
from sendthemes.coding import processes
from sendthemes.coding.batches import CODING_COLUMNS, code_batch, codings_of
from sendthemes.coding.code import code_answers
from sendthemes.coding.processes import Settings, each_batch
from sendthemes.errors import AnswersError, SendThemesError

ENTRIES = [
    "fund", "school staff", "SENCOs", "well-being", "co-production", {"near": ["need", "staff"]},
    {"regex": r"\d+ hours"}, {"word": "funding", "fuzzy": True}, "under-resourc*",
    {"all": ["school"], "none": ["fund"]},
]  # fmt: skip
BOOK = book(
    *ENTRIES,
    exclusions=["funding body"],
    negated="drop",
    classifications=[
        {
            "classification": "c",
            "question": "q1",
            "levels": ["a", "b"],
            "rules": [{"level": "a", "entries": ["school"]}],
        }
    ],
)
WORDS = """no funding body school schools staff need fundng SENCO well-being wellbeing 12 hours, . but ’s
can't""".split(" ")  # noqa: SIM905 - words, to be read as such; one holds a line break


def made(rows, seed=0):
    draw = random.Random(seed)
    return survey(*((f"r{at % 7}", at % 2, " ".join(draw.choices(WORDS, k=12)) or "x") for at in range(rows)))


def rows_of(coded):
    return [(c.answer_id, c.theme, c.entry, c.matched, c.start, c.end, c.negated, c.echo) for c in coded]


def everything(coded):
    return rows_of(coded), coded.set_aside.to_dicts(), dict(coded.levels), coded.notes


def test_two_processes_code_as_one() -> None:
    answers = made(60)
    assert everything(code_answers(answers, BOOK, processes=2)) == everything(code_answers(answers, BOOK))


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(texts(), min_size=1, max_size=12), st.integers(1, 5), st.booleans())
def test_batches_of_any_size_and_a_cache_change_nothing(tmp_path, monkeypatch, answers, size, kept) -> None:
    monkeypatch.setattr(processes, "_ANSWERS_A_BATCH", size)
    plain = code_answers(one(*answers), BOOK)
    folder = tmp_path / "cache" if kept else None
    for _ in range(1 + kept):
        assert everything(code_answers(one(*answers), BOOK, progress=True, cache=folder)) == everything(plain)


def test_what_was_found_elsewhere_can_be_recoded() -> None:
    answers = made(30)
    other = book("school", "need")
    shared = code_answers(answers, BOOK, processes=2).recode(other)
    assert rows_of(shared) == rows_of(code_answers(answers, other))


def test_unpaired_surrogates_reach_a_worker() -> None:
    answers = one("school \ud800 staff", "\ud83d\ude00 fund")
    assert rows_of(code_answers(answers, BOOK, processes=2)) == rows_of(code_answers(answers, BOOK))


def test_no_answers_and_no_entries_work_in_processes() -> None:
    assert len(code_answers(survey(), BOOK, processes=2)) == 0
    assert (
        len(code_answers(made(3), Codebook.model_validate({"codebook": "b", "themes": []}), processes=2)) == 0
    )


@pytest.mark.parametrize("wrong", [0, -1, 1.5, "2"])
def test_processes_are_a_whole_number_from_one(wrong) -> None:
    with pytest.raises(ValueError, match="processes"):
        code_answers(made(1), BOOK, processes=wrong)


def test_progress_shows_answers_on_standard_error(capsys) -> None:
    code_answers(made(5), BOOK, progress=True)
    assert "5/5" in capsys.readouterr().err


def slowly(batch, settings):
    time.sleep(30)
    return batch


def fails(batch, settings):
    raise AnswersError("no good")


def die(batch, settings):
    os.kill(os.getpid(), signal.SIGKILL)


def numbers(size):
    return pyarrow.RecordBatch.from_pydict({"text": [str(at) for at in range(size)]})


@pytest.mark.parametrize("task", ["die", "slowly"])
def test_a_worker_that_dies_is_an_error_within_ten_seconds(task) -> None:
    given = Settings(BOOK, (Q1, Q2))
    before, start = children(), time.monotonic()
    if task == "slowly":  # one of the two is killed from outside while both work
        killer = threading.Timer(4, lambda: os.kill(min(set(children()) - set(before)), signal.SIGKILL))
        killer.start()
    with pytest.raises(SendThemesError, match="worker process ended"):
        list(each_batch([numbers(2)] * 4, f"tests.coding.test_processes:{task}", given, 2))
    assert time.monotonic() - start < 14
    assert children() == before


def children():
    found = []
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            pid, _, state, parent = path.read_text().replace(") ", ")\t").split(maxsplit=3)[:4]
            parent = parent.split()[0]
        except (OSError, ValueError):
            continue
        if parent == str(os.getpid()) and state != "Z":
            found.append(int(pid))
    return sorted(found)


def test_an_error_in_a_worker_is_the_callers_error() -> None:
    with pytest.raises(AnswersError, match="no good"):
        list(each_batch([numbers(1)], "tests.coding.test_processes:fails", Settings(BOOK, (Q1,)), 2))


def as_batch(answers):
    rows = [(a.id, a.respondent, a.question, a.text) for a in answers]
    return pyarrow.RecordBatch.from_arrays(
        [pyarrow.array(column) for column in zip(*rows, strict=True)],
        names=["answer_id", "respondent", "question", "text"],
    )


def test_a_batch_is_coded_as_the_survey_is() -> None:
    answers = made(20)
    got = code_batch(as_batch(answers), Settings(BOOK, answers.questions))
    assert got.schema.names == list(CODING_COLUMNS)
    assert got.equals(codings_of(code_answers(answers, BOOK)))
    assert len(got) > 10


def test_a_batch_without_its_columns_says_so() -> None:
    with pytest.raises(AnswersError, match="answer_id"):
        code_batch(numbers(2), Settings(BOOK, (Q1,)))


def test_settings_survive_the_way_to_another_process() -> None:
    given = Settings(BOOK, made(1).questions, "in_context", "x")
    assert Settings.from_json(given.to_json()) == given
