"""REFI-QDA: codebooks (.qdc) and coded projects (.qdpx) to and from NVivo, MAXQDA, ATLAS.ti, Taguette.

The standard: https://www.qdasoftware.org/products-project-exchange/. A source is one answer; positions count
Unicode characters from 0, ends are just after the last; line ends are LF, so that all tools count alike.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any
from xml.sax.saxutils import quoteattr

from sendthemes.codebook.model import Codebook, Theme
from sendthemes.coding.codings import Coding
from sendthemes.errors import AnswersError, Problem
from sendthemes.exchange.qda_names import PEOPLE, RULES, QdaSource, guid, sources_of, theme_guid
from sendthemes.exchange.qda_project import QdaProject, read_refi_qda
from sendthemes.files import write_whole, zipped
from sendthemes.redaction.spans import Redacted, moved
from sendthemes.templates import page_template
from sendthemes.text import xml_safe

if TYPE_CHECKING:
    from sendthemes.coding.code import CodedAnswers
    from sendthemes.redaction.redactor import Redactor

__all__ = ["QdaProject", "read_refi_qda", "write_refi_qda"]

_COLOURS = ("#12436D", "#28A197", "#801650", "#F46A25", "#3D3D3D", "#A285D1", "#2073BC", "#6BACE6")


def write_refi_qda(
    source: CodedAnswers | Codebook, path: str | Path, *, redactor: Redactor | None, codings: bool = True
) -> Path:
    """Write a codebook (.qdc) or a coded project (.qdpx) that other tools for qualitative analysis open.

    Args:
        source: The coded answers; for ``.qdc`` a codebook will do.
        path: The suffix says which of the two is written. Equal inputs give equal bytes.
        redactor: Redacts the answers, which then bear the respondent's number ("R07 q3") instead of any
            id; answers whose respondent refused publication are left out. ``None`` writes the raw answers
            under their ids: such a file is as confidential as the data.
        codings: ``False`` writes the answers without the rules' codings, for a second person who codes blind.

    Returns:
        The path written.

    Raises:
        AnswersError: Another suffix, or a codebook alone for ``.qdpx``.
    """
    target = Path(path)
    suffix = target.suffix.casefold()
    codebook = source if isinstance(source, Codebook) else source.codebook
    if suffix == ".qdc":
        write_whole(target, _xml(codebook))
    elif suffix != ".qdpx":
        message = f"REFI-QDA has no {suffix or 'file without suffix'}."
        raise AnswersError(Problem(message, target.name, "Use .qdc or .qdpx."))
    elif isinstance(source, Codebook):
        raise AnswersError(Problem("A project needs coded answers.", target.name, "Write .qdc instead."))
    else:
        write_whole(target, zipped(_project(source, redactor, codings=codings)))
    return target


def _project(coded: CodedAnswers, redactor: Redactor | None, *, codings: bool) -> Iterator[tuple[str, bytes]]:
    """Give the files of a project: the description first, then a text file a source."""
    by_answer: dict[str, list[Coding]] = {}
    for coding in coded if codings else ():
        by_answer.setdefault(coding.answer_id, []).append(coding)
    answers = coded.answers
    allowed = None if redactor is None else answers.quotable
    whole, ids = sources_of(coded, redactor), zip(answers.answer_ids, answers.answer_respondents, strict=True)
    kept = [
        (source, list(_selections(source, shown, by_answer.get(name, []))))
        for (source, shown), (name, person) in zip(whole, ids, strict=True)
        if source.text.strip() and (allowed is None or allowed[person])
    ]
    left = len(whole) - len(kept)
    notes = [*coded.notes, *([f"{left} answers are left out: empty, or not to be shown."] if left else [])]
    yield "project.qde", _xml(coded.codebook, kept, "\n".join(notes))
    for name, content in dict.fromkeys((source.guid, source.text) for source, _ in kept):
        yield f"sources/{name}.txt", content.encode("utf-8")


@dataclass(frozen=True, slots=True)
class _Selection:
    """A place in a source at which codings stand: themes with the user who coded, and why."""

    guid: str
    start: int
    end: int
    why: str
    codings: tuple[tuple[str, str], ...]


def _selections(source: QdaSource, shown: Redacted, found: Sequence[Coding]) -> Iterator[_Selection]:
    """Give the places of a source at which codings stand, in order."""
    places: dict[tuple[int, int], list[Coding]] = {}
    text = shown.text
    joins = [at for at in range(1, len(text)) if text[at - 1 : at + 1] == "\r\n"]  # two characters become one
    for coding in found:
        place = (0, len(source.text))  # a theme that a person added stands on the whole answer
        if coding.start < coding.end:
            start, end = moved(shown, coding.start, coding.end)
            place = (start - bisect_left(joins, start), end - bisect_left(joins, end))
        places.setdefault(place, []).append(coding)
    for (start, end), here in sorted(places.items()):
        coded = dict.fromkeys((each.theme, RULES if each.status == "rule" else PEOPLE) for each in here)
        why = "; ".join(dict.fromkeys(filter(None, map(_why, here))))
        yield _Selection(guid(source.guid, str(start), str(end)), start, end, why, tuple(coded))


def _why(coding: Coding) -> str:
    entry = f"entry: {coding.entry}" if coding.entry else ""
    told = (entry, coding.negated and "negated", coding.echo and "repeats the question")
    return ", ".join(words for words in told if words)


def _meaning(theme: Theme) -> str:
    parts = (
        ("", theme.definition),
        ("Include: ", theme.include),
        ("Exclude: ", theme.exclude),
        ("Found by: ", ", ".join(entry.label for entry in theme.entries)),
        ("Not inside: ", ", ".join(entry.label for entry in theme.exclusions)),
    )
    return "\n".join(f"{head}{' '.join(words.split())}" for head, words in parts if words)


def _xml(
    codebook: Codebook,
    sources: Sequence[tuple[QdaSource, Sequence[_Selection]]] | None = None,
    notes: str = "",
) -> bytes:
    """Write a codebook, or with sources a project; names of codes differ among brothers."""
    from markupsafe import Markup

    titles = Counter((up, theme.title.casefold()) for theme, up in codebook.walk())
    names = {theme.theme: theme.title for theme, _ in codebook.walk()}
    alike = ((theme.theme, titles[up, theme.title.casefold()] > 1) for theme, up in codebook.walk())
    names |= {name: f"{names[name]} ({name})" for name, again in alike if again}
    page = page_template(
        Path(__file__).parent / "templates" / "refi_qda.xml",
        finalize=lambda value: xml_safe(value) if type(value) is str else value,
    )
    words: dict[str, Any] = {
        "colours": {name: _COLOURS[at % len(_COLOURS)] for at, name in enumerate(codebook.theme_ids)},
        "quoted": lambda text: Markup(quoteattr(xml_safe(text))),  # noqa: S704 - just escaped
        "meaning": _meaning,
        "theme_guid": theme_guid,
        "guid": guid,
        "rules": RULES,
        "people": PEOPLE,
    }
    written = page.render(words, codebook=codebook, names=names, sources=sources, notes=notes)
    return written.encode("utf-8") + b"\n"
