"""Files are written whole or not at all."""

import os

import pytest

from sendthemes.files import digest, write_whole


def test_the_old_file_survives_a_failed_write(tmp_path, monkeypatch):
    target = tmp_path / "report.html"
    write_whole(target, b"old")

    def fail(*_):
        raise OSError("disk full")

    monkeypatch.setattr(os, "fsync", fail)
    with pytest.raises(OSError, match="disk full"):
        write_whole(target, b"new")
    assert target.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [target]


def test_missing_folders_are_made(tmp_path):
    write_whole(tmp_path / "a" / "b.txt", b"x")
    assert (tmp_path / "a" / "b.txt").read_bytes() == b"x"


def test_private_files_are_for_their_owner(tmp_path):
    write_whole(tmp_path / "key.csv", b"x", private=True)
    assert (tmp_path / "key.csv").stat().st_mode & 0o777 == 0o600


def test_public_files_follow_the_mask(tmp_path):
    before = os.umask(0o027)
    try:
        write_whole(tmp_path / "out.csv", b"x")
    finally:
        os.umask(before)
    assert (tmp_path / "out.csv").stat().st_mode & 0o777 == 0o640


def test_digest_is_sha256():
    assert digest(b"abc") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
