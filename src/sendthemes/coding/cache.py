"""What is known about texts, kept in a folder between runs: the index, entries' hits, the tagger's readings.

Files hold numbers only: which word stands where, which entry was found where. The words themselves are read
again from the texts at hand, so without the answers a file says nothing. Names and seals are made with a
random key that lies in the folder (mode 0600, as every file): a file that is cut short, changed, or made from
other texts, questions, models or code is not read; its content is then made anew. Two processes may write:
files appear whole.
"""

from __future__ import annotations

import hmac
import json
import os
import secrets
import sys
import tempfile
import unicodedata
from collections.abc import Mapping, Sequence
from functools import cached_property
from hashlib import blake2b
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from sendthemes.files import write_whole
from sendthemes.language.index import TextIndex, index_texts
from sendthemes.language.model import model_fingerprint
from sendthemes.text import normalise

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Columns = Mapping[str, NDArray[Any]]

_KEY, _SEAL, _STEP = 32, 32, 8  # bytes
_MOST_FILES = 12  # of hits found one after the other, before they become one
_SPELT = ("n't", "will", "shall", "can")  # words that stand otherwise in the text ("ca" in "can't")
_AS_THEY_ARE = ("rows", "moved", "word_bounds", "clauses", "signs", "order", "bounds")
_WIDE = ("spelling", "start")  # kept as narrow as they allow
_HITS = ("answer", "start", "end", "negated", "echo")
_CODE = Path(__file__).parents[1]


class Kept:
    """What a folder knows about some texts, in the order given.

    Args:
        folder: Made if absent, for its owner alone.
        texts: Texts as given.
        about: What hits and readings depend on beside the texts: questions, which of them was asked.
    """

    def __init__(self, folder: str | Path, texts: Sequence[str], about: Sequence[bytes] = ()) -> None:
        self._folder = Path(folder)
        self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._key = _key(self._folder)
        self._texts = texts
        self._about = about

    @cached_property
    def _written(self) -> bytes:
        return b"\n".join([text.encode("utf-8", "surrogatepass") for text in self._texts])

    @cached_property
    def _names(self) -> tuple[str, str]:
        """Name what depends on the texts alone, and what depends on the questions too."""
        made = hmac.new(self._key, repr(_versions()).encode(), "sha256")
        for path in sorted((_CODE / "text.py", *_CODE.glob("language/*.py"), *_CODE.glob("coding/*.py"))):
            made.update(path.read_bytes())
        made.update(np.fromiter(map(len, self._texts), np.int64, len(self._texts)).tobytes())
        made.update(self._written)
        index = made.hexdigest()[:32]
        for each in self._about:
            made.update(len(each).to_bytes(8, "little") + each)
        return index, made.hexdigest()[:32]

    def index(self) -> TextIndex:
        """Give the index of the texts, out of the folder if it is there and sound; else make and keep it."""
        path = self._folder / f"{self._names[0]}.index"
        kept = self.open(path)
        if kept is not None:
            return _unpacked(kept, self._texts, self._written)
        index = index_texts(self._texts)
        packed = _packed(index, self._texts, self._written)
        if packed is not None:
            self._write(path, packed)
        return index

    @cached_property
    def _known(self) -> dict[int, tuple[NDArray[Any], ...]]:
        known = {}
        for kept in filter(None, map(self.open, self._files())):
            ends = np.cumsum(kept["counts"]).tolist()
            for number, begin, end in zip(kept["entries"].tolist(), [0, *ends], ends, strict=False):
                known[number] = tuple(kept[name][begin:end] for name in _HITS)
        return known

    def hits(self, entry: str) -> tuple[NDArray[Any], ...] | None:
        """Give an entry's (by its label) hits, if they are known: answer, start, end, negated, echo."""
        return self._known.get(self._number(entry))

    def keep_hits(self, found: Mapping[str, tuple[NDArray[Any], ...]]) -> None:
        """Keep what entries (labels) have found, beside what is known of others; many files become one."""
        numbers = np.array([self._number(entry) for entry in found], dtype=np.uint64)
        columns = {"entries": numbers, "counts": np.array([len(hits[0]) for hits in found.values()])}
        joined = map(np.concatenate, zip(*found.values(), strict=True))
        columns |= dict(zip(_HITS, joined, strict=True))
        before = self._files()
        if len(before) < _MOST_FILES:
            before = []
        older = filter(None, map(self.open, before))
        parts = [*older, columns]
        columns = {name: np.concatenate([each[name] for each in parts]) for name in columns}
        path = self._folder / f"{self._names[1]}.{blake2b(numbers.tobytes(), digest_size=8).hexdigest()}.hits"
        self._write(path, columns)
        for old in set(before) - {path}:
            old.unlink(missing_ok=True)

    def read(self, what: str) -> Columns | None:
        """Give other columns that were kept under this name."""
        return self.open(self._folder / f"{self._names[0]}.{what}")

    def write(self, what: str, columns: Columns) -> None:
        """Keep columns under this name, in place of older ones."""
        self._write(self._folder / f"{self._names[0]}.{what}", columns)

    def _files(self) -> list[Path]:
        return sorted(self._folder.glob(f"{self._names[1]}.*.hits"))

    def _number(self, entry: str) -> int:
        written = entry.encode("utf-8", "surrogatepass")
        return int.from_bytes(blake2b(written, key=self._key, digest_size=8).digest())

    def _write(self, path: Path, columns: Columns) -> None:
        listed = [(name, column.dtype.str, len(column)) for name, column in columns.items()]
        head = json.dumps(listed).encode()
        parts = [len(head).to_bytes(_STEP, "little"), head, *map(np.ndarray.tobytes, columns.values())]
        content = b"".join(part.ljust(_even(len(part)), b"\0") for part in parts)
        write_whole(path, self._seal(path, content) + content, private=True)

    def _seal(self, path: Path, content: bytes | memoryview) -> bytes:
        made = hmac.new(self._key, path.name.encode(), "sha256")  # which processors have instructions for
        made.update(content)
        return made.digest()

    def open(self, path: Path) -> dict[str, NDArray[Any]] | None:
        """Read a file's columns; ``None`` if it is not there, or not as it was written."""
        try:
            content = memoryview(path.read_bytes())
        except FileNotFoundError:
            return None
        if not hmac.compare_digest(bytes(content[:_SEAL]), self._seal(path, content[_SEAL:])):
            return None
        at = _SEAL + _STEP
        size = int.from_bytes(content[_SEAL:at], "little")
        listed = json.loads(bytes(content[at : at + size]))
        at += _even(size)
        columns = {}
        for name, kind, count in listed:
            columns[name] = np.frombuffer(content, np.dtype(kind), count, at)
            at += _even(columns[name].nbytes)
        return columns


def _even(size: int) -> int:
    """Give the size with which the next column starts where numpy reads it quickest."""
    return -(-size // _STEP) * _STEP


def cache_state(folder: Path) -> str:
    """Say what a cache folder holds: how many files, of what size, and how many are not as written."""
    files = [path for path in sorted(folder.glob("*.*")) if path.is_file()]
    if not (folder / "key").is_file():
        return "not there" if not folder.is_dir() else "no key: nothing in it will be read"
    kept = Kept(folder, ())
    unsound = [path.name for path in files if kept.open(path) is None]
    size = sum(path.stat().st_size for path in files)
    state = f"not as written, will be made anew: {', '.join(unsound)}" if unsound else "all as written"
    return f"{len(files)} files, {size / 1e6:,.1f} MB, {state}"


def _versions() -> tuple[str, ...]:
    libraries = (version(name) for name in ("spacy", "numpy", "regex", "rapidfuzz"))
    return (model_fingerprint(), sys.byteorder, unicodedata.unidata_version, *libraries)


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


def _packed(index: TextIndex, texts: Sequence[str], written: bytes) -> Columns | None:
    """Give an index as numbers; ``None`` if a word cannot be read from the texts again."""
    firsts = np.unique(index.rows, return_index=True)[1]
    begins = np.cumsum([0, *(len(text.encode("utf-8", "surrogatepass")) + 1 for text in texts)])
    word = np.zeros(len(index.spellings), dtype=np.int32)
    word[index.spelling[::-1]] = np.arange(len(index) - 1, -1, -1, dtype=np.int32)
    places, sizes, otherwise = [], [], []
    for at, (spelling, first) in enumerate(zip(index.spellings, word.tolist(), strict=True)):
        text, start = int(index.text[first]), int(index.start[first])
        size = min(len(spelling), int(index.end[first]) - start)
        begin, end = index.comparable(text).span(start, start + size)
        given = index.texts[text]
        places.append(int(begins[firsts[text]]) + len(given[:begin].encode("utf-8", "surrogatepass")))
        sizes.append(len(given[begin:end].encode("utf-8", "surrogatepass")))
        if spelling == given[begin:end]:
            continue
        if spelling == index.comparable(text).text[start : start + size]:
            otherwise.append((at, text, start, size))
        elif spelling in _SPELT:
            otherwise.append((at, -1, _SPELT.index(spelling), 0))
        else:
            return None
    wide = {name: getattr(index, name) for name in _WIDE} | {"length": index.end - index.start}
    return {
        "firsts": firsts.astype(np.int32),
        "places": np.array(places, dtype=np.int64),
        "sizes": np.array(sizes, dtype=np.int32),
        "otherwise": np.array(otherwise, dtype=np.int32).reshape(-1),
        **{name: getattr(index, name) for name in _AS_THEY_ARE},
        **{name: column.astype(np.min_scalar_type(column.max(initial=0))) for name, column in wide.items()},
    }


def _unpacked(kept: Columns, texts: Sequence[str], written: bytes) -> TextIndex:
    places, sizes = kept["places"].tolist(), kept["sizes"].tolist()
    spellings = [
        written[at : at + size].decode("utf-8", "surrogatepass")
        for at, size in zip(places, sizes, strict=True)
    ]
    given = [texts[int(at)] for at in kept["firsts"].tolist()]
    for at, text, start, size in kept["otherwise"].reshape(-1, 4).tolist():
        spellings[at] = _SPELT[start] if text < 0 else normalise(given[text]).text[start : start + size]
    columns = {name: kept[name] for name in _AS_THEY_ARE} | {
        name: kept[name].astype(np.int32) for name in _WIDE
    }
    end = columns["start"] + kept["length"].astype(np.int32)
    return TextIndex(texts=given, spellings=spellings, end=end, **columns)
