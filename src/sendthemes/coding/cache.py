"""What is known about texts, kept in a folder between runs: the index, so that only matching is left.

A file holds numbers only: which word stands where. The words themselves are read again from the texts at
hand, so without the answers a file says nothing. Its name and its seal are made with a random key that lies
in the folder (mode 0600, as every file): a file that is cut short, changed, or made from other texts, by
another model or by another version of the code that indexes, is not read; the index is then made anew. Two
processes may write: files appear whole.
"""

from __future__ import annotations

import hmac
import io
import os
import secrets
import tempfile
from collections.abc import Sequence
from dataclasses import replace
from hashlib import blake2b
from pathlib import Path
from typing import TYPE_CHECKING, Any, overload

import numpy as np

from sendthemes import text as text_module
from sendthemes.files import write_whole
from sendthemes.language import chunks as chunks_module
from sendthemes.language import index as index_module
from sendthemes.language.index import TextIndex, distinguished, index_texts
from sendthemes.language.model import model_fingerprint
from sendthemes.text import Normalised, normalise

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Ints = NDArray[Any]

_KEY, _SEAL = 32, 32  # bytes
_SPELT = ("n't", "will", "shall", "can")  # words that stand otherwise in the text ("ca" in "can't")


def kept_index(texts: Sequence[str], folder: str | Path) -> TextIndex:
    """Give the index of texts, out of the folder if it is there and sound; else make and keep it.

    Args:
        texts: Texts as given.
        folder: Made if absent, for its owner alone.
    """
    place = Path(folder)
    place.mkdir(parents=True, exist_ok=True, mode=0o700)
    key = _key(place)
    distinct, rows = distinguished(texts)
    path = place / f"{_name(distinct, key)}.index"
    found = _read(path, key, distinct, rows)
    if found is None:
        found = index_texts(texts)
        packed = _packed(found)
        if packed is not None:
            write_whole(path, _seal(packed, key) + packed, private=True)
    return found


def _key(folder: Path) -> bytes:
    """Read the folder's key; make it if there is none (of two processes that try, one wins)."""
    path = folder / "key"
    for _ in range(2):
        if path.is_file() and len(key := path.read_bytes()) == _KEY:
            return key
        handle, name = tempfile.mkstemp(dir=folder)
        with os.fdopen(handle, "wb") as out:
            out.write(secrets.token_bytes(_KEY))
        if path.is_file():  # of another length: worth nothing
            Path(name).replace(path)
            continue
        try:
            os.link(name, path)
        except FileExistsError:
            pass  # the other process was quicker: its key holds
        finally:
            Path(name).unlink()
    return path.read_bytes()


def _name(distinct: Sequence[str], key: bytes) -> str:
    made = blake2b(key=key, digest_size=16)
    made.update(model_fingerprint().encode())
    for module in (text_module, chunks_module, index_module):
        made.update(Path(str(module.__file__)).read_bytes())
    for text in distinct:
        written = text.encode("utf-8", "surrogatepass")
        made.update(len(written).to_bytes(8, "little") + written)
    return made.hexdigest()


def _seal(content: bytes | memoryview, key: bytes) -> bytes:
    return blake2b(content, key=key, digest_size=_SEAL).digest()


def _packed(index: TextIndex) -> bytes | None:
    """Write an index as numbers; ``None`` if it does not fit them."""
    length = index.end - index.start
    if len(length) and length.max() > 0xFFFF:
        return None
    first = np.zeros(len(index.spellings), dtype=np.int32)
    first[index.spelling[::-1]] = np.arange(len(index) - 1, -1, -1, dtype=np.int32)
    size = np.array([len(spelling) for spelling in index.spellings], dtype=np.uint16)
    otherwise = []
    for at, (spelling, word) in enumerate(zip(index.spellings, first.tolist(), strict=True)):
        if spelling != _written(index, word, len(spelling)):
            if spelling not in _SPELT:
                return None
            otherwise.append((at, _SPELT.index(spelling)))
    segment, sentence = (np.diff(column, prepend=0) > 0 for column in (index.segment, index.sentence))
    signs = index.possessive | index.hyphened << 1 | segment << 2 | sentence << 3
    out = io.BytesIO()
    np.savez(
        out,
        spelling=index.spelling,
        start=index.start,
        length=length.astype(np.uint16),
        signs=signs.astype(np.uint8),
        words=np.diff(index.word_bounds).astype(np.int32),
        moved=index.moved,
        first=first,
        size=size,
        otherwise=np.array(otherwise, dtype=np.int32).reshape(-1, 2),
    )
    return out.getvalue()


def _read(path: Path, key: bytes, distinct: Sequence[str], rows: Ints) -> TextIndex | None:
    """Read an index; ``None`` if it is not there, or not as it was written."""
    try:
        content = memoryview(path.read_bytes())
    except FileNotFoundError:
        return None
    if not hmac.compare_digest(bytes(content[:_SEAL]), _seal(content[_SEAL:], key)):
        return None
    with np.load(io.BytesIO(content[_SEAL:]), allow_pickle=False) as kept:
        columns = dict(kept)
    signs = columns["signs"]
    index = TextIndex(
        texts=_Comparable(distinct),
        rows=rows,
        spellings=[],
        spelling=columns["spelling"],
        text=np.repeat(np.arange(len(distinct), dtype=np.int32), columns["words"]),
        start=columns["start"],
        end=columns["start"] + columns["length"],
        segment=np.cumsum(signs >> 2 & 1, dtype=np.int32),
        sentence=np.cumsum(signs >> 3 & 1, dtype=np.int32),
        possessive=(signs & 1).astype(bool),
        hyphened=(signs >> 1 & 1).astype(bool),
        moved=columns["moved"],
    )
    places = zip(columns["first"].tolist(), columns["size"].tolist(), strict=True)
    spellings = [_written(index, word, size) for word, size in places]
    for at, which in columns["otherwise"].tolist():
        spellings[at] = _SPELT[which]
    return replace(index, spellings=spellings)


def _written(index: TextIndex, word: int, size: int) -> str:
    start = int(index.start[word])
    text: str = index.texts[index.text[word]].text
    return text[start : start + size]


class _Comparable(Sequence[Normalised]):
    """Comparable texts, made when they are asked for."""

    def __init__(self, texts: Sequence[str]) -> None:
        self._texts = texts
        self._made: dict[int, Normalised] = {}

    def __len__(self) -> int:
        return len(self._texts)

    @overload
    def __getitem__(self, at: int) -> Normalised: ...
    @overload
    def __getitem__(self, at: slice) -> Sequence[Normalised]: ...
    def __getitem__(self, at: int | slice) -> Normalised | Sequence[Normalised]:
        if isinstance(at, slice):
            return [self[each] for each in range(*at.indices(len(self)))]
        made = self._made.get(at)
        if made is None:
            made = self._made[at] = normalise(self._texts[at])
        return made
