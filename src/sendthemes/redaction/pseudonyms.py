"""Pseudonyms: which code stands for which authority, kept in a file that its owner keeps apart."""

from __future__ import annotations

import csv
import hashlib
import hmac
import io
import os
import re
import secrets
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from itertools import count
from pathlib import Path

from sendthemes.errors import Problem, RedactionError
from sendthemes.files import write_whole

_COLUMNS = ("authority_id", "code", "name")
_SALT = "(salt)"
_CODE = re.compile(r"[A-Z]{1,3}|[0-9]{1,4}")
_PATIENCE = 10.0  # seconds to wait for another process that is writing the same key


class PseudonymKey:
    """Codes for authorities: the same authority always gets the same code.

    Codes are A, B, … Z, AA, … in the order of a salted hash of the authority's id (its GSS code), so that
    neither the alphabet nor the order of rows gives one away. New authorities get the next codes; a code
    once given never changes. The file is CSV: ``authority_id``, ``code``, ``name``, and one row with the
    salt. It undoes the redaction: keep it apart from everything published. Its owner may write it by
    hand, to keep the codes of an earlier report; a salt is added when the first code is.

    Args:
        path: The key file; made (readable by its owner alone) when the first code is given. None keeps
            the key in memory: codes then hold for this object only, and differ in the next run.

    Raises:
        RedactionError: The file is not a key file; every fault with its row.
    """

    def __init__(self, path: str | Path | None = None) -> None:
        self.path: Path | None = None if path is None else Path(path)
        self._codes: dict[str, tuple[str, str]] = {}
        self._salt = ""
        self._read()

    def __repr__(self) -> str:
        return f"<PseudonymKey: {len(self._codes)} codes>"

    def __len__(self) -> int:
        return len(self._codes)

    @property
    def authorities(self) -> Mapping[str, str]:
        """Authority id → name, of every authority that has a code (what a published text must not show)."""
        return {authority: name for authority, (_, name) in self._codes.items()}

    def codes(self, authorities: Mapping[str, str]) -> dict[str, str]:
        """Give the codes of some authorities; those that have none yet get the next ones.

        Args:
            authorities: Authority id (GSS code) → name, which is kept in the file for its owner to read.

        Returns:
            Authority id → code, for exactly these authorities.

        Raises:
            RedactionError: The key file cannot be read or written.
        """
        if any(authority not in self._codes for authority in authorities):
            with self._alone():
                self._read()  # another process may have given codes since
                self._append(authorities)
        return {authority: self._codes[authority][0] for authority in authorities}

    def _append(self, authorities: Mapping[str, str]) -> None:
        new = sorted(set(authorities) - set(self._codes))
        if not new:
            return
        self._salt = self._salt or secrets.token_hex(16)
        new.sort(key=lambda authority: (_salted(self._salt, authority), authority))
        taken = {code for code, _ in self._codes.values()}
        free = (code for code in map(_letters, count()) if code not in taken)
        codes = self._codes | {authority: (next(free), authorities[authority]) for authority in new}
        if self.path is not None:
            self._write(codes)
        self._codes = codes

    def _write(self, codes: Mapping[str, tuple[str, str]]) -> None:
        out = io.StringIO()
        writer = csv.writer(out, lineterminator="\n")
        writer.writerow(_COLUMNS)
        writer.writerow([_SALT, self._salt, "keep this file apart from everything published"])
        writer.writerows([authority, code, name] for authority, (code, name) in codes.items())
        assert self.path is not None
        try:
            write_whole(self.path, out.getvalue().encode("utf-8"), private=True)
        except OSError as fault:
            raise _refused("written", fault, self.path) from fault

    def _read(self) -> None:
        if self.path is None:
            return
        try:
            text = self.path.read_bytes().decode("utf-8-sig")
        except FileNotFoundError:
            return
        except OSError as fault:
            raise _refused("read", fault, self.path) from fault
        except UnicodeDecodeError as fault:
            message = "The key file cannot be read: it is no UTF-8 text file."
            raise RedactionError(Problem(message, str(self.path), "Restore it from a copy.")) from fault
        self._salt, self._codes = _parse(text, str(self.path))

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """Keep other processes from appending to the same file meanwhile."""
        if self.path is None:
            yield
            return
        lock = self.path.with_name(f".{self.path.name}.lock")
        try:
            lock.parent.mkdir(parents=True, exist_ok=True)
            _take(lock)
        except OSError as fault:
            raise _refused("written", fault, self.path) from fault
        try:
            yield
        finally:
            lock.unlink(missing_ok=True)


def _refused(done: str, fault: OSError, path: Path) -> RedactionError:
    """Say why the system will not read or write the key: a parent that is a file, no permission."""
    blocking = next((str(each) for each in path.parents if each.is_file()), "")
    why = f"{blocking} is a file, not a folder" if blocking else fault.strerror
    return RedactionError(Problem(f"The key file cannot be {done}: {why}.", str(path), "Name another path."))


def _take(lock: Path) -> None:
    until = time.monotonic() + _PATIENCE
    while True:
        try:
            os.close(os.open(lock, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
        except FileExistsError:
            if time.monotonic() > until:
                message = "Another process is writing the key file."
                remedy = "If none is, an earlier run was broken off: delete this lock file."
                raise RedactionError(Problem(message, str(lock), remedy)) from None
            time.sleep(0.05)
        else:
            return


def _parse(text: str, where: str) -> tuple[str, dict[str, tuple[str, str]]]:
    """Read a key file; gather every fault before raising."""
    rows = list(csv.reader(io.StringIO(text)))
    if not rows or tuple(cell.strip() for cell in rows[0]) != _COLUMNS:
        message = f"This is no key file: its first row must be {','.join(_COLUMNS)}."
        raise RedactionError(Problem(message, f"{where}:1", "Name another file; it is made if absent."))
    salt, codes, seen, problems = "", dict[str, tuple[str, str]](), dict[str, str](), list[Problem]()
    for number, row in enumerate(rows[1:], start=2):
        cells = [cell.strip() for cell in row] + ["", "", ""]
        authority, code, name = cells[:3]
        if not any(cells):
            continue
        if authority == _SALT:
            salt = code
            continue
        fault = _fault(authority, code, codes, seen)
        if fault:
            problems.append(Problem(fault, f"{where}:{number}"))
        seen[code] = authority
        codes[authority] = (code, name)
    if problems:
        raise RedactionError(problems)
    return salt, codes


def _fault(authority: str, code: str, codes: Mapping[str, object], seen: Mapping[str, str]) -> str:
    if not authority:
        return f"The code {code!r} has no authority; expected a GSS code such as E10000030."
    if not _CODE.fullmatch(code):
        return f"The code of {authority} is {code!r}; expected capital letters (A, B, … AA) or a number."
    if authority in codes:
        return f"{authority} has two codes; keep one row."
    if code in seen:
        return f"{authority} and {seen[code]} share the code {code}; codes must differ."
    return ""


def _salted(salt: str, authority: str) -> str:
    return hmac.new(salt.encode(), authority.encode(), hashlib.sha256).hexdigest()


def _letters(number: int) -> str:
    """0 → A, 25 → Z, 26 → AA."""
    name = ""
    number += 1
    while number:
        number, rest = divmod(number - 1, 26)
        name = chr(ord("A") + rest) + name
    return name
