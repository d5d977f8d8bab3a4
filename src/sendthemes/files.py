"""Files, written whole or not at all, and known by their bytes."""

from __future__ import annotations

import hashlib
import io
import os
import tempfile
import zipfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO


@contextmanager
def written_whole(path: str | Path, *, private: bool = False) -> Iterator[BinaryIO]:
    """Open a file that is there whole when the block ends well, else not at all.

    It is written as a temporary neighbour first, then put in the old one's place.

    Args:
        path: Where to write; missing folders are made.
        private: Whether only its owner may read the file (mode 0600).
    """
    target = Path(path)
    target.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(prefix=f".{target.name}.", dir=target.parent)
    try:
        with os.fdopen(handle, "wb") as out:
            yield out
            out.flush()
            os.fsync(out.fileno())
        if not private:
            mask = os.umask(0)
            os.umask(mask)
            Path(name).chmod(0o666 & ~mask)
        Path(name).replace(target)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def write_whole(path: str | Path, content: bytes, *, private: bool = False) -> None:
    """Write a file whole or not at all; as ``written_whole``, of bytes that are at hand."""
    with written_whole(path, private=private) as out:
        out.write(content)


def digest(content: bytes) -> str:
    """Give the SHA-256 of some bytes, in hex (64 characters)."""
    return hashlib.sha256(content).hexdigest()


def zipped(parts: Iterable[tuple[str, bytes]]) -> bytes:
    """Pack a zip file (Word, Excel, REFI-QDA) whose bytes depend on nothing but names and contents.

    Args:
        parts: Name in the archive and content, in the order wanted.
    """
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts:
            entry = zipfile.ZipInfo(name, date_time=(1980, 1, 1, 0, 0, 0))
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.create_system = 0
            entry.external_attr = 0o600 << 16
            archive.writestr(entry, content)
    return out.getvalue()
