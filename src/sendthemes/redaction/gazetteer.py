"""The gazetteer: which authorities and places there are, and by which names people call them."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import Literal

from sendthemes.redaction.phrases import PhraseIndex, words_of

Manner = Literal["any", "context", "exact", "place", "place in context", "place or name"]


@dataclass(frozen=True, slots=True)
class Form:
    """One way to write an authority or a place.

    Attributes:
        manner: ``any`` case; ``exact`` case (initials); ``place``: with a capital; in ``context`` only, as it
            is also an ordinary word or a name.
        code_as: The authority whose pseudonym stands for it; empty where several or none are known.
        kind: The kind of authority; ``place`` for a town or village.
    """

    manner: Manner
    code_as: str
    kind: str


@lru_cache(maxsize=1)
def authorities() -> dict[str, dict[str, str]]:
    """Give id → row of all authorities and areas, current, former and announced (``data/README.md``)."""
    return {row["id"]: row for row in _rows("authorities.tsv")}


@lru_cache(maxsize=1)
def authority_names() -> dict[str, str]:
    """Give id → short name of all authorities."""
    return {each: row["name"] for each, row in authorities().items()}


@lru_cache(maxsize=1)
def forms() -> PhraseIndex[Form]:
    """Give every written form of every authority and place, ready to be searched for."""
    return PhraseIndex(_forms())


@lru_cache(maxsize=1)
def long_forms() -> dict[int, dict[str, tuple[Form, ...]]]:
    """Give the forms that are long enough to be recognised when misspelt: words → "milton keynes" → forms."""
    found: dict[int, dict[str, tuple[Form, ...]]] = {}
    for phrase, form in _forms():
        words = words_of(phrase)
        joined = " ".join(words)
        if form.manner == "any" and form.kind not in ("area", "combined") and len(joined) >= 6:
            for count, written in {(len(words), joined), (1, joined.replace(" ", ""))}:
                same = found.setdefault(count, {})
                same[written] = (*same.get(written, ()), form)
    return found


def find_authority(name: str) -> str | None:
    """Find the authority whose pseudonym stands for an id or a name ("Surrey County Council"): its id.

    None where the name is unknown or fits several.
    """
    wanted = name.strip()
    if wanted in authorities():
        return authorities()[wanted]["code_as"] or wanted
    for written in (wanted, bare_name(wanted)):
        codes = {form.code_as for form in forms().of(written) if form.kind != "place" and form.code_as}
        if len(codes) == 1:
            return codes.pop()
    return None


def nicknames(authority: str) -> list[tuple[str, Form]]:
    """Give what an authority is called by those who are of it: "the Island"."""
    row = authorities()[authority]
    return [
        (written[1:], Form("any", authority, row["kind"]))
        for written in row["forms"].split("|")
        if written[0] == "!"
    ]


def bare_name(name: str) -> str:
    """Take designations off a name: "London Borough of Camden" and "Camden Council" are "Camden"."""
    words = name.replace("&", " and ").split()
    while len(words) > 1 and words[-1].casefold().strip(".,") in _DESIGNATIONS:
        words.pop()
    while len(words) > 1 and words[0].casefold() in _DESIGNATIONS | {"the", "of", "lb"}:
        words.pop(0)
    return " ".join(words)


_DESIGNATING = (
    "council county city borough district metropolitan royal london unitary authority local la cc bc dc mbc "
    "mdc lb corporation ua"
)
_DESIGNATIONS = frozenset(_DESIGNATING.split())


_AUTHORITIES: dict[str, Manner] = {"=": "exact", "~": "context", "^": "place"}
_PLACES: dict[str, Manner] = {"": "place", "~": "place in context", "^": "place or name"}


def _rows(name: str) -> Iterator[dict[str, str]]:
    text = files("sendthemes").joinpath("data", name).read_text(encoding="utf-8")
    lines = (line for line in text.splitlines() if not line.startswith("#"))
    yield from csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE)


def _forms() -> Iterator[tuple[str, Form]]:
    for row in authorities().values():
        code_as = "" if row["kind"] == "area" else row["code_as"] or row["id"]
        for written in row["forms"].split("|"):
            if written[0] == "!":
                continue
            form = Form(_AUTHORITIES.get(written[0], "any"), code_as, row["kind"])
            yield written.lstrip("=~^"), form
            if form.manner == "any" and written.isalpha() and len(written) > 3:
                yield f"{written}s", form  # "surreys offer": the apostrophe left out
            side, _, rest = written.lstrip("=~^").partition(" ")
            if side in ("North", "South", "East", "West") and rest[0].isupper():
                yield f"{side[0]} {rest}", form  # "S Yorks"
    for row in _rows("places.tsv"):
        manner = _PLACES[row["mark"]]
        yield row["name"], Form(manner, row["authority"], "place")
