"""The cache: the same index as without it, numbers only, and nothing believed that is not as written."""

import multiprocessing
import stat

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.coding.test_match import texts

from sendthemes.coding import cache
from sendthemes.coding.cache import Kept
from sendthemes.language.index import index_texts

TEXTS = [
    "We can't fund the school’s SENCO, or won’t.",
    "Well-being\u00ad matters",
    "",
    "We can't fund it",
    "é Ünï",
]
COLUMNS = ("rows", "spelling", "text", "start", "end", "signs", "moved", "clauses", "order", "bounds")


def kept_index(given, folder):
    return Kept(folder, given).index()


def same(one, other):
    assert list(one.spellings) == list(other.spellings)
    assert [each.text for each in one.texts] == [each.text for each in other.texts]
    for name in COLUMNS:
        assert getattr(one, name).tolist() == getattr(other, name).tolist(), name
    return True


def files(folder):
    return sorted(path for path in folder.iterdir() if path.suffix == ".index")


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(texts() | st.text(max_size=30), max_size=6))
def test_a_kept_index_is_the_index(tmp_path, given) -> None:
    plain = index_texts(given)
    assert same(kept_index(given, tmp_path), plain)
    assert same(kept_index(given, tmp_path), plain)


def test_the_second_time_nothing_is_indexed(tmp_path, monkeypatch) -> None:
    kept_index(TEXTS, tmp_path)
    monkeypatch.setattr(cache, "index_texts", lambda texts: pytest.fail("indexed again"))
    assert same(kept_index(TEXTS, tmp_path), index_texts(TEXTS))


def test_files_are_their_owners_alone_and_hold_no_words(tmp_path) -> None:
    kept_index(["Smithson wrote xylophone", *TEXTS], tmp_path / "new")
    for path in (tmp_path / "new").iterdir():
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
        content = path.read_bytes().lower()
        for word in ("smithson", "xylophone", "senco", "school", "well"):
            assert word.encode() not in content
            assert word.encode("utf-16-le") not in content
            assert word.encode("utf-32-le") not in content


@pytest.mark.parametrize("damage", ["flip", "cut", "empty", "other"])
def test_a_damaged_file_is_made_anew(tmp_path, damage) -> None:
    kept_index(TEXTS, tmp_path)
    (path,) = files(tmp_path)
    content = bytearray(path.read_bytes())
    if damage == "flip":
        content[len(content) // 2] ^= 1
    path.write_bytes({"flip": bytes(content), "cut": content[:100], "empty": b"", "other": b"x" * 99}[damage])
    assert same(kept_index(TEXTS, tmp_path), index_texts(TEXTS))
    assert files(tmp_path) == [path]
    assert len(path.read_bytes()) == len(content)


def test_another_key_or_model_makes_the_old_files_strange(tmp_path, monkeypatch) -> None:
    kept_index(TEXTS, tmp_path)
    (tmp_path / "key").write_bytes(b"short")
    kept_index(TEXTS, tmp_path)
    assert len(files(tmp_path)) == 2
    monkeypatch.setattr(cache, "model_fingerprint", lambda: "another")
    kept_index(TEXTS, tmp_path)
    assert len(files(tmp_path)) == 3


def write(folder, number):
    for at in range(5):
        kept_index([f"text {at}", *TEXTS], folder)


def test_two_processes_may_write_at_once(tmp_path) -> None:
    context = multiprocessing.get_context("spawn")
    workers = [context.Process(target=write, args=(tmp_path, at)) for at in range(2)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(60)
        assert worker.exitcode == 0
    assert len(files(tmp_path)) == 5
    assert not [path for path in tmp_path.iterdir() if path.name != "key" and path.suffix != ".index"]
    assert same(kept_index(["text 1", *TEXTS], tmp_path), index_texts(["text 1", *TEXTS]))
