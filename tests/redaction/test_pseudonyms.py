import stat

import pytest

from sendthemes.errors import RedactionError
from sendthemes.redaction.pseudonyms import PseudonymKey

NAMES = {f"E060000{number:02}": f"Place {number}" for number in range(1, 31)}


def test_the_same_authority_keeps_its_code_over_runs_and_new_authorities(tmp_path):
    path = tmp_path / "private" / "key.csv"
    some = dict(list(NAMES.items())[:5])
    first = PseudonymKey(path).codes(some)
    every = PseudonymKey(path).codes(NAMES)
    assert {authority: every[authority] for authority in some} == first
    assert len(set(every.values())) == 30
    assert sorted(first.values()) == list("ABCDE")


def test_codes_follow_neither_the_alphabet_nor_the_order_of_rows(tmp_path):
    orders = set()
    for number in range(3):
        codes = PseudonymKey(tmp_path / f"{number}.csv").codes(NAMES)
        orders.add(tuple(codes[authority] for authority in NAMES))
    assert len(orders) == 3


def test_codes_do_not_depend_on_the_order_in_which_authorities_come(tmp_path):
    path = tmp_path / "key.csv"
    PseudonymKey(path).codes({"E06000001": "x"})
    copy = tmp_path / "copy.csv"
    copy.write_bytes(path.read_bytes())
    forward = PseudonymKey(path).codes(NAMES)
    backward = PseudonymKey(copy).codes(dict(reversed(NAMES.items())))
    assert forward == backward


def test_the_key_file_is_for_its_owner_only_and_no_lock_is_left(tmp_path):
    path = tmp_path / "key.csv"
    PseudonymKey(path).codes(NAMES)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [each.name for each in tmp_path.iterdir()] == ["key.csv"]


def test_two_keys_on_one_file_do_not_give_one_code_twice(tmp_path):
    one, other = PseudonymKey(tmp_path / "key.csv"), PseudonymKey(tmp_path / "key.csv")
    one.codes({"E06000001": "One"})
    other.codes({"E06000002": "Two"})
    assert sorted(one.codes({"E06000001": "One", "E06000002": "Two"}).values()) == ["A", "B"]


def test_a_key_written_by_hand_is_kept_and_continued(tmp_path):
    path = tmp_path / "key.csv"
    path.write_text("authority_id,code,name\nE06000001,B,One\n", encoding="utf-8-sig")
    assert PseudonymKey(path).codes({"E06000001": "One", "E06000002": "Two"}) == {
        "E06000001": "B",
        "E06000002": "A",
    }


def test_after_z_comes_aa():
    assert "AA" in PseudonymKey().codes(NAMES).values()


def test_nothing_is_written_before_a_code_is_given(tmp_path):
    PseudonymKey(tmp_path / "key.csv")
    assert list(tmp_path.iterdir()) == []


def test_all_faults_of_a_damaged_key_are_told_at_once_with_their_rows(tmp_path):
    path = tmp_path / "key.csv"
    path.write_text("authority_id,code,name\nE1,A,x\nE1,B,x\nE2,A,x\n,C,x\nE3,?,x\n", encoding="utf-8")
    with pytest.raises(RedactionError) as fault:
        PseudonymKey(path)
    assert [problem.where.rsplit(":", 1)[1] for problem in fault.value.problems] == ["3", "4", "5", "6"]


@pytest.mark.parametrize("content", [b"", b"\xff\xfe\x00", b"name,code\nx,A\n", b"{}"])
def test_a_file_that_is_no_key_is_refused(tmp_path, content):
    path = tmp_path / "key.csv"
    path.write_bytes(content)
    with pytest.raises(RedactionError, match="key"):
        PseudonymKey(path)
    assert path.read_bytes() == content


def test_a_key_shows_no_names_in_its_repr():
    key = PseudonymKey()
    key.codes({"E06000001": "Hartlepool"})
    assert repr(key) == "<PseudonymKey: 1 codes>"


def test_a_key_below_a_file_says_that_it_is_one(tmp_path):
    (tmp_path / "notes.txt").write_text("x")
    with pytest.raises(RedactionError, match=r"notes\.txt is a file, not a folder"):
        PseudonymKey(tmp_path / "notes.txt" / "key.csv")
