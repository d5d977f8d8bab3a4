"""Headings: cleaned, known by the tool that wrote them, and turned into ids."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from importlib.resources import files
from typing import Literal

from sendthemes.text import normalise

Sign = Literal["analyst", "quiz", "other", "comments", "follow-up", "consent"]
_NUMBERED = re.compile(
    r"^(?:q(?:uestion)?\s?)?(\d{1,3}(?:\s?[a-z]\b|[._]\d{1,3}|\.[a-z]\b)*[a-z]?)\s*[.:)]\s*(?=\D)(.+)$"
    r"|^q(?:uestion\s)?(\d{1,3}[a-z]?)\s+(?:[-–]\s+)?(.+)$",
    re.I | re.S,
)
_LIST = "headings.txt"
_OWN_ID = re.compile(r"[^\W\d][\w.\-/]{0,39}")


def clean(heading: str | None) -> str:
    """Give a heading as one line: no invisible characters, plain quotation marks, single spaces."""
    return " ".join(normalise(heading or "").text.split())


def key(heading: str) -> str:
    """Fold a heading to its letters and digits, to compare it with known ones."""
    return "".join(character for character in clean(heading).casefold() if character.isalnum())


def folded(heading: str) -> str:
    """Fold a heading's case and spaces."""
    return clean(heading).casefold()


@lru_cache
def listed(file: str, sort: str) -> tuple[str, ...]:
    """Give the lines of one sort of a list of the package's data: each is a sort, a tab, and what it says.

    Words in braces stand for what ``let`` lines say.
    """
    text = files("sendthemes").joinpath("data", file).read_text(encoding="utf-8")
    lines = [line.split("\t", 1) for line in text.splitlines() if line and line[0] != "#"]
    said = [line for name, line in lines if name == sort]
    for name, meaning in (line.split("\t") for let, line in lines if let == "let"):
        said = [line.replace(f"{{{name}}}", meaning) for line in said]
    return tuple(said)


@lru_cache
def pattern(file: str, sort: str) -> re.Pattern[str]:
    """Give all lines of one sort of a list as one pattern, case aside."""
    return re.compile("|".join(listed(file, sort)), re.IGNORECASE | re.DOTALL)


def says(heading: str, sign: Sign) -> bool:
    """Say whether a heading (or the sub-heading of a part) shows what its column is for.

    Args:
        heading: The heading.
        sign: ``"analyst"`` what analysts wrote, not respondents (notes, tags); ``"quiz"`` points of a quiz;
            ``"other"`` the text box of an option "Other"; ``"comments"`` a comment box under a closed
            question; ``"follow-up"`` "Tell us more"; ``"consent"`` whether the answers may be published.
    """
    return bool(pattern(_LIST, sign).search(clean(heading)))


def respondent_ids() -> list[str]:
    """Give the keys of headings of respondent ids, the likeliest first."""
    return listed(_LIST, "respondent")[0].split()


def is_metadata(heading: str, tool: str = "table") -> bool:
    """Say whether a survey tool writes this column of its own accord ("table": no tool is known)."""
    name = key(heading)
    by_tool = tool != "table" and pattern(_LIST, "perhaps added").fullmatch(name)
    added = by_tool or pattern(_LIST, "added").fullmatch(name)
    return bool(added) or says(heading, "quiz") or says(heading, "analyst")


def identifier(heading: str) -> str:
    """Say which kind of identifier a heading tells of: name, email, la, school, or an empty string."""
    text = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", clean(heading).rstrip("?:. "))
    kinds = ("email", "name", "la", "school")
    return next((kind for kind in kinds if pattern(_LIST, kind).fullmatch(text)), "")


def about_person(heading: str) -> bool:
    """Say whether a short heading asks for a fact about the respondent: role, organisation, postcode."""
    return bool(pattern(_LIST, "person").fullmatch(key(heading)))


def numbered(heading: str) -> tuple[str, str]:
    """Split "Q27. How is it?" into its id and wording ("q27", "How is it?"); no number gives an empty id."""
    found = _NUMBERED.match(clean(heading))
    if not found:
        return "", clean(heading)
    number, text = (found[1], found[2]) if found[1] else (found[3], found[4])
    return "q" + re.sub(r"[.\s]+", "_", re.sub(r"[\s.](?=[a-z]$)", "", number.casefold())), text.strip()


def own_id(heading: str) -> str:
    """Give a heading that is one short word as its own id; an empty string for a wording."""
    text = clean(heading)
    return text if _OWN_ID.fullmatch(text) else ""


def slug(heading: str) -> str:
    """Give an id made of a heading's first words: "Start time" becomes start_time."""
    words = re.findall(r"[a-z0-9]+", clean(heading).casefold())
    return "_".join(words[:5]) or "column"


def unique(wanted: Iterable[str], given: Iterable[str] = (), form: str = "{}_{}") -> list[str]:
    """Make ids differ: the second "x" becomes "x_2", as ``form`` says; case does not tell ids apart.

    ``given`` are ids that somebody chose: the last to want one of them has it, whatever stands before.
    """
    names = list(wanted)
    chosen = {name.casefold() for name in given}
    owner = {name.casefold(): at for at, name in enumerate(names) if name.casefold() in chosen}
    taken = set(owner)
    found: list[str] = []
    for at, name in enumerate(names):
        free, n = name, 1
        while free.casefold() in taken and owner.get(free.casefold()) != at:
            n += 1
            free = form.format(name, n)
        taken.add(free.casefold())
        found.append(free)
    return found
