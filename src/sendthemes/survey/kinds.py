"""Kinds: what sort of question a column of cells answers, and why one thinks so."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Sequence

from sendthemes.survey import headings
from sendthemes.survey.answers import Kind
from sendthemes.survey.bases import is_null_like
from sendthemes.survey.grid import blank
from sendthemes.survey.packed import Cell

_SAMPLE = 5000
_STATEMENT = re.compile(r"\s*([^\W\d_][\w '/&()-]{1,30}?)\s*[:–]\s+(\S.{14,})", re.S)
# 1,200.5 and 1,5
_NUMBER = re.compile(r"[-+]?[£$€]?(?:\d{1,3}(?:[, ]\d{3})+|\d+)(?:\.\d+)? ?%?|[-+]?\d+,\d{1,2}%?")
_DATE = re.compile(
    r"\d{4}-\d\d?-\d\d?(?:[T ]\d.*)?|\d{1,2}[/.-]\d{1,2}[/.-]\d{2,4}(?:,? .*)?|\d{1,2} [A-Z][a-z]{2,8} "
    r"\d{4}(?:,? .*)?|[A-Z][a-z]{2,8} \d{4}"
)
_CODE = re.compile(
    r"[^@\s]+@[^@\s]+\.\w+|(?:\d{1,3}\.){3}\d{1,3}|[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}|https?://\S+|R_\w{15}"
    r"|\+?[\d()][\d() -]{8,14}\d",
    re.I,
)
_OPEN_CUE = re.compile(
    r"\b(?:tell us|explain|describe|comments?|details?|specify|give (?:an? )?(?:reasons?|examples?)|expand"
    r"|elaborate|anything else|in your own words|share|further insights?"
    r"|what (?:are|would|else|other|support|challenges?|further|works?|helps?)|biggest|greatest)\b",
    re.I,
)
_SENTENCES = re.compile(r"(?<!\bSt)[.!?]['\")]*\s+[A-Z]")  # one ends, and another begins
_BAND = re.compile(r"(under|less than|over|more than|up to)?\s*[£$€]?(\d[\d,]*(?:\.\d+)?)", re.I)
_TICKS = re.compile(
    r"\b(?:tick|select|choose|check|mark) (?:all|any|up to|as many)\b|\ball that apply\b", re.I
)


def _answers(sort: str) -> list[list[str]]:
    """Give the lists of answers of one sort: aside, degree, scale."""
    return [line.split("|") for line in headings.listed("answer_scales.txt", sort)]


def infer(
    heading: str, cells: Sequence[Cell], *, closed: bool = False, labelled: bool = False
) -> tuple[Kind, str]:
    """Infer a column's kind from its wording and cells; give it with the reason.

    ``closed``: it is known to be closed, so that only the sort is asked; ``labelled``: the file names the
    possible answers itself. A blank column is open unless it is closed.
    """
    if not closed and headings.is_metadata(heading):
        return "metadata", "a column that survey tools add"
    values = [cell.strip() for cell in _sample(cells) if cell is not None and not blank(cell)]
    if not values:
        return "single" if closed else "open", "the column is blank"
    statement = statements(values)
    if statement:
        return "statement", "a level before a colon, in wordings that recur"
    options = joined_options(values)
    if options:
        return "multiple", options
    if joined_by_commas(heading, values):
        return "single", "boxes joined by commas, kept whole for want of their list"
    distinct = Counter(values)
    if scale_order(distinct) or (labelled and scale_order(distinct, 1)):
        return "scale", "the answers of a known scale"
    if labelled:
        return "single", "the file lists the possible answers"
    numbers = Counter(value for value in values if _NUMBER.fullmatch(value))
    if len(numbers) > len(distinct) / 2 and all(map(is_null_like, distinct.keys() - numbers.keys())):
        kind, reason = _numeric(numbers, closed)
        if len(numbers) == len(distinct) or kind == "number":
            return kind, reason
    if closed:
        return "single", "named as closed"
    if all(_DATE.fullmatch(value) for value in values):
        return "metadata", "dates"
    if all(_CODE.fullmatch(value) for value in values):
        return "metadata", "addresses or codes"
    return _worded(heading, values, distinct)


def _numeric(distinct: Counter[str], closed: bool) -> tuple[Kind, str]:
    numbers = {number(value) or 0.0 for value in distinct}
    few = len(numbers) <= 11 and all(value == int(value) and 0 <= value <= 10 for value in numbers)
    if closed or (few and sum(distinct.values()) >= 2 * len(numbers)):
        return "scale", "whole numbers that recur" if few else "numbers, named as closed"
    return "number", "numbers"


def _worded(heading: str, values: Sequence[str], distinct: Counter[str]) -> tuple[Kind, str]:
    """Tell options from people's own words: options recur and are mostly short."""
    said = [value for value in values if not is_null_like(value)] or list(values)
    kinds = len(set(said))
    words = sum(len(value.split()) for value in set(said)) / kinds
    recurring = 1 - kinds / len(said)
    cue = bool(_OPEN_CUE.search(heading))
    if words >= 25 and recurring < 0.9:
        return "open", "long texts"
    if cue and (recurring < 0.8 or words > 8):
        return "open", "the question asks for words"
    limit = min(250, max(12, len(said) // 4))
    if kinds <= limit and recurring >= (0.5 if words <= 12 else 0.6) and not (cue or _prose(set(said))):
        return "single", f"{len(distinct)} answers that recur"
    if kinds <= 3 and words <= 4 and recurring > 0.3 and not cue:
        return "single", "short answers that recur"
    if headings.about_person(heading):
        return "metadata", "a fact about the respondent"
    return "open", "texts that differ"


def _prose(texts: set[str]) -> bool:
    """Say whether a tenth of the texts or more are of several sentences, as options are not."""
    return len(texts) > 7 and sum(bool(_SENTENCES.search(text)) for text in texts) >= len(texts) / 10


def _sample(cells: Sequence[Cell]) -> list[Cell]:
    """Take cells evenly from the whole column, so that a sorted file does not mislead."""
    step = max(1, len(cells) // _SAMPLE)
    sample = list(cells[::step])
    return sample if any(not blank(cell) for cell in sample) else list(cells)


def statements(values: Iterable[str]) -> tuple[tuple[str, str], ...]:
    """Find maturity statements: every cell a level, a colon and its wording ("Embedded: Leaders share …").

    Gives (level, wording) in level order; empty unless all cells fit and each level has one wording.
    """
    wordings: dict[str, str] = {}
    bare: set[str] = set()
    values = list(values)
    for value in values:
        found = _STATEMENT.fullmatch(value)
        if found is None:
            if len(value) > 31:
                return ()
            bare.add(value.strip())
            continue
        text = " ".join(value.split())
        if wordings.setdefault(found[1].strip(), text) != text:
            return ()
    if not wordings or not bare <= set(wordings) or len(wordings) > 7:
        return ()
    known = scale_order(dict.fromkeys(wordings, 1), 1)
    if not known and len(values) < 2 * len(wordings):
        return ()
    return tuple((level, wordings[level]) for level in level_order(wordings))


def joined_options(values: Sequence[str], delimiter: str = ";") -> str:
    """Say why cells hold several options joined with a delimiter; an empty string where they do not."""
    if not any(delimiter in value for value in values):
        return ""
    parts = [part.strip() for value in values for part in value.split(delimiter) if part.strip()]
    if not parts or max(map(len, parts)) > 160:
        return ""
    if all(value.endswith(delimiter) for value in values) and (len(values) > 1 or len(parts) > 1):
        return f"options joined with {delimiter!r}, one after the last"
    joined = [value for value in values if delimiter in value.rstrip("; ")]
    goes_on = re.compile(rf"[A-Z].*?{delimiter}\s*[a-z]", re.S)  # "Supervision, and training": one sentence
    counts = Counter(parts)
    recurring = sum(count for count in counts.values() if count > 1) / len(parts)
    words = sum(len(part.split()) for part in counts) / len(counts)
    plain = len(joined) >= len(values) / 10 and 2 * sum(map(bool, map(goes_on.match, joined))) <= len(joined)
    listed = plain and not _prose(set(values))
    if listed and recurring >= 0.6 and words <= 12 and len(counts) < len(parts) * 0.7:
        return f"options joined with {delimiter!r} that recur"
    return ""


def joined_by_commas(heading: str, values: Sequence[str]) -> bool:
    """Say whether cells look like ticked boxes joined by commas; where one ends only their list can tell."""
    joined = [value for value in values if ", " in value]
    if not joined or scale_order(set(values)):
        return False
    return asks_for_ticks(heading) or bool(joined_options(values, ", "))


def asks_for_ticks(heading: str) -> bool:
    """Say whether a question asks for boxes to be ticked ("select all that apply")."""
    return bool(_TICKS.search(heading))


def number(value: str) -> float | None:
    """Read a number as surveys write it: 1,200 is 1200, 45% is 45, 1,5 is 1.5; ``None`` for anything else."""
    text = value.strip().rstrip("%").lstrip("£$€")
    text = re.sub(r"^([-+]?\d+),(\d{1,2})$", r"\1.\2", text).replace(",", "")
    text = re.sub(r"(?<=\d) (?=\d{3}\b)", "", text)
    try:
        return float(text)
    except ValueError:
        return None


def scale_order(levels: Iterable[str], least: int = 2) -> tuple[str, ...]:
    """Put answers in the order of a known scale, lowest first, "don't know" and its like last.

    Empty where no scale knows all of them, or fewer than ``least``.
    """
    names = sorted(levels)
    beside = _answers("aside")[0]
    plain = {name: _plain(name) for name in names}
    inside = [name for name in names if plain[name] not in beside]
    if len(inside) < least:
        return ()
    aside = [name for name in names if plain[name] in beside]
    for scale in _answers("scale"):
        if all(plain[name] in scale for name in inside):
            return (*sorted(inside, key=lambda name: scale.index(plain[name])), *aside)
    degrees = {name: _degree(plain[name]) for name in inside}
    if len({what for _, what in degrees.values()}) == 1 < len({*degrees.values()}):
        return (*sorted(inside, key=degrees.__getitem__), *aside)
    return ()


def _degree(name: str) -> tuple[int, str]:
    """Split "somewhat clear" into the rank of its degree and what it is a degree of."""
    degrees = _answers("degree")[0]
    longest = max((each for each in degrees if each and name.startswith(f"{each} ")), key=len, default="")
    return degrees.index(longest), name.removeprefix(longest).lstrip()


def level_order(levels: Iterable[str]) -> tuple[str, ...]:
    """Put answers in their default order: a known scale's, by number, else by alphabet (case aside)."""
    names = sorted(set(levels), key=lambda name: (name.casefold(), name))
    known = scale_order(names)
    if known:
        return known
    aside = [name for name in names if _plain(name) in _answers("aside")[0]]
    inside = [name for name in names if name not in aside]
    if inside and all(_BAND.match(name) for name in inside):
        return (*sorted(inside, key=_low_end), *aside)
    return tuple(names)


def _plain(name: str) -> str:
    return " ".join(name.casefold().replace("\u2019", "'").split())


def _low_end(name: str) -> float:
    """Rank "Under 18", "18-24", "65+" by their numbers."""
    band = _BAND.match(name)
    if band is None:
        return 0.0
    shift = {"under": -0.5, "less than": -0.5, "up to": -0.5, "over": 0.5, "more than": 0.5}
    return (number(band[2]) or 0.0) + shift.get((band[1] or "").casefold(), 0.0)


def splitter(options: Sequence[str], delimiters: str) -> Callable[[str], tuple[list[str], list[str]]]:
    """Make a function that splits a cell of joined options by their list, never inside an option.

    From "Funding, staff, Time; Other thing" it gives the options found, in list order, and the pieces that no
    option explains; ``delimiters`` are the characters that may stand between options.
    """
    marks = re.escape(delimiters)
    words = "|".join(map(re.escape, sorted(options, key=lambda option: (-len(option), option))))
    pattern = re.compile(rf"(?:^|(?<=[{marks}]))\s*({words})\s*(?=[{marks}]|$)", re.I)
    spelt = {option.casefold(): option for option in reversed(options)}

    def split(cell: str) -> tuple[list[str], list[str]]:
        pieces = pattern.split(cell)
        found = {spelt.get(piece.casefold()) for piece in pieces[1::2]}
        rest = [piece.strip(delimiters + " \t\r\n\xa0") for piece in pieces[::2]]
        return [option for option in options if option in found], [piece for piece in rest if piece]

    return split
