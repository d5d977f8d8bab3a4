"""The cache: the same index as without it, numbers only, and nothing believed that is not as written."""

import multiprocessing
import stat

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.coding.test_code import book, survey
from tests.coding.test_match import texts
from tests.coding.test_processes import BOOK, ENTRIES, everything, made

from sendthemes.codebook.model import Entry
from sendthemes.coding import cache
from sendthemes.coding.cache import Kept
from sendthemes.coding.code import code_answers
from sendthemes.coding.compile import compile_entry
from sendthemes.coding.match import Matcher
from sendthemes.coding.stretches import Reader
from sendthemes.language.index import index_texts

TEXTS = [
    "We can't fund the school’s SENCO, or won’t.",
    "Well-being\u00ad matters",
    "",
    "We can't fund it",
    "é Ünï",
]
ANSWERS = made(30)
COLUMNS = ("rows", "spelling", "text", "start", "end", "signs", "moved", "clauses", "order", "bounds")


def kept_index(given, folder):
    return Kept(folder, given).index()


def same(one, other):
    assert list(one.spellings) == list(other.spellings)
    assert list(one.texts) == list(other.texts)
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
        worker.join(300)
        assert worker.exitcode == 0
    assert len(files(tmp_path)) == 5
    assert not [path for path in tmp_path.iterdir() if path.name != "key" and path.suffix != ".index"]
    assert same(kept_index(["text 1", *TEXTS], tmp_path), index_texts(["text 1", *TEXTS]))


def found(answers, codebook, folder, **options):
    return everything(code_answers(answers, codebook, cache=folder, **options))


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(texts(), min_size=1, max_size=4),
    st.lists(st.sampled_from(ENTRIES), max_size=4),
    st.sampled_from(["flag", "drop"]),
)
def test_what_entries_found_before_changes_nothing(tmp_path, answers, entries, echo) -> None:
    asked = survey(*((f"r{at}", at % 2, text) for at, text in enumerate(answers)))
    edited = book(*entries, exclusions=["funding body"], prompt_echo=echo, negated="drop")
    for codebook in (BOOK, edited):
        assert found(asked, codebook, tmp_path) == everything(code_answers(asked, codebook))


def test_only_what_was_edited_is_looked_for(tmp_path, monkeypatch) -> None:
    found(ANSWERS, BOOK, tmp_path)
    looked = []
    hits = Matcher.hits
    monkeypatch.setattr(Matcher, "hits", lambda self, pattern: looked.append(pattern) or hits(self, pattern))
    edited = book(*ENTRIES, "need of staff", exclusions=["funding body"], negated="drop")
    expected = everything(code_answers(ANSWERS, edited))
    looked.clear()
    assert found(ANSWERS, edited, tmp_path) == expected
    assert compile_entry(Entry(word="need of staff")) in looked
    assert not {compile_entry(Entry(word=word)) for word in ("fund", "school staff")} & set(looked)


def test_hits_depend_on_the_questions_asked(tmp_path) -> None:
    rows = [("r", 0, "the impact of inclusion"), ("r", 1, "the impact of inclusion")]
    plain = book("inclusion")
    for asked in (survey(*rows), survey(*rows[::-1]), survey(rows[1])):
        assert found(asked, plain, tmp_path) == everything(code_answers(asked, plain))


def test_many_files_of_hits_become_one(tmp_path) -> None:
    words = ["fund", "school", "staff", "need", "body", "hours", "well", "being", "senco", "no"]
    for at in range(1, len(words) + 1):
        for more in ("", " staff"):
            edited = book(*words[:at], *([words[at - 1] + more] if more else []))
            assert found(ANSWERS, edited, tmp_path) == everything(code_answers(ANSWERS, edited))
    assert len(list(tmp_path.glob("*.hits"))) <= cache._MOST_FILES


def test_a_file_under_another_name_is_not_believed(tmp_path) -> None:
    kept_index(["one text"], tmp_path)
    (first,) = files(tmp_path)
    kept_index(["two words more"], tmp_path)
    (second,) = set(files(tmp_path)) - {first}
    second.write_bytes(first.read_bytes())
    assert same(kept_index(["two words more"], tmp_path), index_texts(["two words more"]))


def test_what_took_too_long_is_tried_again(tmp_path) -> None:
    asked = survey(("r", 0, "x" * 5000), ("r", 0, "xxy"))
    evil = book({"regex": r"(?:x+x+)+y"})
    assert len(code_answers(asked, evil, cache=tmp_path).set_aside) == 1
    assert not list(tmp_path.glob("*.hits"))


def test_words_that_were_tagged_are_not_tagged_again(tmp_path, monkeypatch) -> None:
    asked = survey(("r", 0, "She leaves. The leaves fell on the meeting."), ("r", 0, "They left leaves"))
    codebooks = [book("leave", "meeting"), book("leaf", {"word": "leave", "pos": "noun"})]
    plain = [everything(code_answers(asked, each, lemmas="in_context")) for each in codebooks]
    assert found(asked, codebooks[0], tmp_path, lemmas="in_context") == plain[0]
    monkeypatch.setattr(Reader, "cut", lambda self, text, around: pytest.fail("tagged"))
    assert found(asked, codebooks[1], tmp_path, lemmas="in_context") == plain[1]
