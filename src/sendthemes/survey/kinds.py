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
_NUMBER = re.compile(r"[-+]?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?%?")
_DATE = re.compile(
    r"\d{4}-\d\d?-\d\d?(?:[T ]\d.*)?|\d{1,2}[/.-]\d{1,2}[/.-]\d{2,4}(?:,? .*)?|\d{1,2} [A-Z][a-z]{2,8} "
    r"\d{4}(?:,? .*)?"
)
_CODE = re.compile(
    r"[^@\s]+@[^@\s]+\.\w+|(?:\d{1,3}\.){3}\d{1,3}|[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}|https?://\S+|R_\w{15}",
    re.I,
)
_OPEN_CUE = re.compile(
    r"\b(?:tell us|explain|describe|comments?|details?|specify|give (?:an? )?(?:reasons?|examples?)"
    r"|expand|elaborate"
    r"|anything else|in your own words|what (?:are|would|else|other|support|challenges?|further)|share"
    r"|further insights?)\b",
    re.I,
)
_TICKS = re.compile(
    r"\b(?:tick|select|choose|check|mark) (?:all|any|up to|as many)\b|\ball that apply\b", re.I
)
_ASIDE = frozenset(
    [
        "don't know",
        "dont know",
        "do not know",
        "not sure",
        "unsure",
        "prefer not to say",
        "not applicable",
        "n/a",
        "na",
        "other",
        "no opinion",
        "can't say",
        "not stated",
        "no answer",
    ]
)
_SCALES: tuple[tuple[str, ...], ...] = tuple(
    tuple(scale.split("|"))
    for scale in (
        "strongly disagree|disagree|tend to disagree|somewhat disagree|slightly disagree|neither agree "
        "nor disagree|neither"
        "|neutral|slightly agree|somewhat agree|tend to agree|agree|strongly agree",
        "very dissatisfied|dissatisfied|fairly dissatisfied|somewhat dissatisfied|neither satisfied nor "
        "dissatisfied|neither|neutral"
        "|somewhat satisfied|fairly satisfied|satisfied|very satisfied",
        "very unlikely|unlikely|fairly unlikely|neither likely nor unlikely|neutral|fairly likely|likely"
        "|very likely|extremely likely",
        "very poor|poor|fair|average|adequate|satisfactory|acceptable|good|very good|excellent|outstanding",
        "inadequate|requires improvement|good|outstanding",
        "urgent improvement|needs attention|attention needed|expected standard|secure|strong standard"
        "|strong|exceptional",
        "never|rarely|seldom|occasionally|sometimes|often|frequently|usually|mostly|always",
        "never|less than once a year|annually|yearly|termly|half-termly|monthly|fortnightly|weekly|daily",
        "none|very low|low|moderate|medium|high|very high",
        "very weak|weak|somewhat weak|somewhat strong|fairly strong|strong|very strong",
        "much worse|worse|slightly worse|about the same|the same|no change|slightly better|better|much "
        "better",
        "not at all|to a small extent|to a limited extent|to some extent|partly|to a moderate extent|mostly"
        "|to a large extent|to a great extent|fully|completely",
        "not started|planned|emerging|in progress|developing|establishing|established|in place|embedding"
        "|embedded|completed",
        "red|amber/red|red/amber|amber|amber/green|green/amber|green",
        "none|emerging|developing|expected|secure|in place|embedded|exceeding|greater depth",
        "no|partly|partially|in part|sometimes|somewhat|mostly|yes, sometimes|yes|yes, consistently",
        "definitely not|probably not|maybe|possibly|probably|definitely",
        "not effective|ineffective|slightly effective|somewhat effective|effective|very effective"
        "|extremely effective",
    )
)
_DEGREES = [
    "not at all",
    "not",
    "not very",
    "not particularly",
    "not so",
    "slightly",
    "a little",
    "only slightly",
    "partly",
    "somewhat",
    "fairly",
    "reasonably",
    "moderately",
    "quite",
    "mostly",
    "generally",
    "",
    "very",
    "really",
    "highly",
    "extremely",
    "completely",
    "fully",
    "entirely",
]


def infer(
    heading: str, cells: Sequence[Cell], *, closed: bool = False, labelled: bool = False
) -> tuple[Kind, str]:
    """Infer a column's kind from its cells and heading.

    Args:
        heading: Its wording.
        cells: Its cells.
        closed: Whether it is known to be closed (named in ``variables=``), so that only the sort is asked.
        labelled: Whether the file names the possible answers itself.

    Returns:
        The kind with its reason; a blank column is open ("nobody answered") unless it is closed.
    """
    if not closed and headings.is_metadata(heading):
        return ("metadata", "a column that survey tools add")
    values = [cell.strip() for cell in _sample(cells) if cell is not None and not blank(cell)]
    if not values:
        return ("single" if closed else "open", "the column is blank")
    statement = statements(values)
    if statement:
        return ("statement", "a level before a colon, in wordings that recur")
    options = joined_options(values)
    if options:
        return ("multiple", options)
    if joined_by_commas(heading, values):
        return ("single", "boxes joined by commas, kept whole for want of their list")
    distinct = Counter(values)
    if scale_order(distinct) or (labelled and scale_order(distinct, 1)):
        return ("scale", "the answers of a known scale")
    if labelled:
        return ("single", "the file lists the possible answers")
    if all(_NUMBER.fullmatch(value) for value in values):
        return _numeric(distinct, closed)
    if closed:
        return ("single", "named as closed")
    if all(_DATE.fullmatch(value) for value in values):
        return ("metadata", "dates")
    if all(_CODE.fullmatch(value) for value in values):
        return ("metadata", "addresses or codes")
    return _worded(heading, values, distinct)


def _numeric(distinct: Counter[str], closed: bool) -> tuple[Kind, str]:
    numbers = {number(value) or 0.0 for value in distinct}
    few = len(numbers) <= 11 and all(value == int(value) and 0 <= value <= 10 for value in numbers)
    if closed or (few and sum(distinct.values()) >= 2 * len(numbers)):
        return ("scale", "whole numbers that recur" if few else "numbers, named as closed")
    return ("number", "numbers")


def _worded(heading: str, values: Sequence[str], distinct: Counter[str]) -> tuple[Kind, str]:
    """Tell options from people's own words: options recur and are mostly short."""
    said = [value for value in values if not is_null_like(value)] or list(values)
    kinds = len(set(said))
    words = sum(len(value.split()) for value in set(said)) / kinds
    recurring = 1 - kinds / len(said)
    cue = bool(_OPEN_CUE.search(heading))
    if words >= 25 and recurring < 0.9:
        return ("open", "long texts")
    if cue and (recurring < 0.8 or words > 8):
        return ("open", "the question asks for words")
    limit = min(250, max(12, len(said) // 4))
    if kinds <= limit and recurring >= (0.5 if words <= 12 else 0.6) and not cue:
        return ("single", f"{len(distinct)} answers that recur")
    if kinds <= 3 and words <= 4 and recurring > 0.3 and not cue:
        return ("single", "short answers that recur")
    if headings.about_person(heading):
        return ("metadata", "a fact about the respondent")
    return ("open", "texts that differ")


def _sample(cells: Sequence[Cell]) -> list[Cell]:
    """Take cells evenly from the whole column, so that a sorted file does not mislead."""
    step = max(1, len(cells) // _SAMPLE)
    sample = list(cells[::step])
    return sample if any(not blank(cell) for cell in sample) else list(cells)


def statements(values: Iterable[str]) -> tuple[tuple[str, str], ...]:
    """Find maturity statements: every cell a level, a colon and its wording ("Embedded: Leaders share …").

    Returns:
        (level, wording) in level order; empty unless all cells fit and each level has one wording.
    """
    wordings: dict[str, str] = {}
    bare: set[str] = set()
    seen = 0
    for value in values:
        seen += 1
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
    if not known and seen < 2 * len(wordings):
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
    several = sum(delimiter in value.rstrip("; ") for value in values)
    counts = Counter(parts)
    recurring = sum(count for count in counts.values() if count > 1) / len(parts)
    words = sum(len(part.split()) for part in counts) / len(counts)
    if several and recurring >= 0.6 and words <= 12 and len(counts) < len(parts) * 0.7:
        return f"options joined with {delimiter!r} that recur"
    return ""


def joined_by_commas(heading: str, values: Sequence[str]) -> bool:
    """Say whether cells look like ticked boxes joined by commas; where one ends only their list can tell."""
    joined = [value for value in values if ", " in value]
    if not joined or scale_order(set(values)):
        return False
    return bool(_TICKS.search(heading)) or bool(joined_options(values, ", "))


def number(value: str) -> float | None:
    """Read a number as surveys write it: 1,200 is 1200, 45% is 45, 1,5 is 1.5; ``None`` for anything else."""
    text = value.strip().rstrip("%")
    text = re.sub(r"^([-+]?\d+),(\d{1,2})$", r"\1.\2", text).replace(",", "")
    try:
        return float(text)
    except ValueError:
        return None


def scale_order(levels: Iterable[str], least: int = 2) -> tuple[str, ...]:
    """Put answers in the order of a known scale, lowest first, "don't know" and its like last.

    Args:
        levels: The different answers.
        least: How many of them the scale must know.

    Returns:
        The answers in order; empty where no scale knows all of them.
    """
    names = sorted(levels)
    plain = {name: " ".join(name.casefold().replace("\u2019", "'").split()) for name in names}
    inside = [name for name in names if plain[name] not in _ASIDE]
    if len(inside) < least:
        return ()
    aside = [name for name in names if plain[name] in _ASIDE]
    for scale in _SCALES:
        if all(plain[name] in scale for name in inside):
            return (*sorted(inside, key=lambda name: scale.index(plain[name])), *aside)
    degrees = [_degree(plain[name]) for name in inside]
    if len({what for _, what in degrees}) == 1 and len(inside) > 1:
        rank = dict(zip(inside, degrees, strict=True))
        return (*sorted(inside, key=lambda name: rank[name]), *aside)
    return ()


def _degree(name: str) -> tuple[int, str]:
    """Split "somewhat clear" into the rank of its degree and what it is a degree of."""
    for at in sorted(range(len(_DEGREES)), key=lambda at: -len(_DEGREES[at])):
        if _DEGREES[at] and name.startswith(_DEGREES[at] + " "):
            return at, name[len(_DEGREES[at]) + 1 :]
    return _DEGREES.index(""), name


def level_order(levels: Iterable[str]) -> tuple[str, ...]:
    """Put answers in their default order: a known scale's, by number, else by alphabet (case aside)."""
    names = list(dict.fromkeys(levels))
    known = scale_order(names)
    if known:
        return known
    aside = [name for name in names if name.casefold().replace("\u2019", "'") in _ASIDE]
    inside = [name for name in names if name not in aside]
    ranked: Callable[[str], tuple[float, str, str]]
    if inside and all(
        re.match(r"(?:under|less than|over|more than|up to)?\s*[£$€]?\d", name.casefold()) for name in inside
    ):
        ranked = _band
    else:
        aside, inside = [], names
        ranked = _alphabet
    return (*sorted(inside, key=ranked), *sorted(aside, key=_alphabet))


def _alphabet(name: str) -> tuple[float, str, str]:
    return 0.0, name.casefold(), name


def _band(name: str) -> tuple[float, str, str]:
    """Rank "Under 18", "18-24", "65+" by their numbers."""
    first = re.search(r"\d[\d,]*(?:\.\d+)?", name)
    low = (number(first[0]) if first else None) or 0.0
    shift = (
        -0.5
        if re.match(r"under|less|up to", name.casefold())
        else 0.5
        if re.match(r"over|more", name.casefold())
        else 0.0
    )
    return low + shift, name.casefold(), name


def split_options(cell: str, options: Sequence[str], delimiters: str = ";,") -> tuple[list[str], list[str]]:
    """Split a cell of joined options by the list of options, never inside one.

    Args:
        cell: "Funding, staff, Time; Other thing".
        options: The possible options; they may themselves hold delimiters.
        delimiters: The characters that may stand between options.

    Returns:
        The options found, in list order, and the pieces that no option explains.
    """
    low = cell.lower() if len(cell.lower()) == len(cell) else cell
    ordered = sorted(options, key=lambda option: (-len(option), option))
    found: set[str] = set()
    rest: list[str] = []
    at = start = 0
    while at < len(cell):
        option = next((each for each in ordered if _stands(low, each.lower(), at, delimiters)), None)
        if option is not None:
            rest.append(cell[start:at])
            found.add(option)
            at = start = at + len(option)
            continue
        ahead = [place for mark in delimiters if (place := cell.find(mark, at)) >= 0]
        at = min(ahead) + 1 if ahead else len(cell)
        while at < len(cell) and cell[at].isspace():
            at += 1
    rest.append(cell[start:])
    trimmed = [piece.strip(delimiters + " \t\r\n\xa0") for piece in rest]
    return [option for option in options if option in found], [piece for piece in trimmed if piece]


def _stands(text: str, option: str, at: int, delimiters: str) -> bool:
    """Say whether an option stands whole at a place, from one delimiter to the next."""
    if not text.startswith(option, at):
        return False
    after = text[at + len(option) :].lstrip()
    return not after or after[0] in delimiters
