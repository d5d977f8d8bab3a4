"""REFI-QDA: codebooks (.qdc) and coded projects (.qdpx) to and from NVivo, MAXQDA, ATLAS.ti, Taguette.

The standard: https://www.qdasoftware.org/products-project-exchange/. A source is one answer; positions count
Unicode characters from 0, ends are just after the last; line ends are LF, so that all tools count alike.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

from sendthemes.codebook.model import Codebook, Theme
from sendthemes.coding.codings import Coding
from sendthemes.errors import AnswersError, Problem
from sendthemes.exchange.qda_names import PEOPLE, RULES, QdaText, guid, texts_of, theme_guid
from sendthemes.exchange.qda_project import QdaProject, read_refi_qda
from sendthemes.files import write_whole, zipped
from sendthemes.redaction.spans import moved
from sendthemes.text import xml_safe

if TYPE_CHECKING:
    from sendthemes.coding.code import CodedAnswers
    from sendthemes.redaction.redactor import Redactor

__all__ = ["QdaProject", "read_refi_qda", "write_refi_qda"]

_COLOURS = ("#12436D", "#28A197", "#801650", "#F46A25", "#3D3D3D", "#A285D1", "#2073BC", "#6BACE6")
_SUFFIXES = (".qdc", ".qdpx")


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
    if suffix not in _SUFFIXES:
        raise AnswersError(
            Problem(f"REFI-QDA has no {suffix or 'file without suffix'}.", target.name, "Use .qdc or .qdpx.")
        )
    codebook = source if isinstance(source, Codebook) else source.codebook
    if suffix == ".qdc":
        root = ET.Element("CodeBook", {"xmlns": "urn:QDA-XML:codebook:1.0", "origin": "sendthemes"})
        _codes(root, codebook)
        write_whole(target, _xml(root))
    elif isinstance(source, Codebook):
        raise AnswersError(Problem("A project needs coded answers.", target.name, "Write .qdc instead."))
    else:
        write_whole(target, zipped(_project(source, redactor, codings=codings)))
    return target


def _project(coded: CodedAnswers, redactor: Redactor | None, *, codings: bool) -> Iterator[tuple[str, bytes]]:
    """Give the files of a project: the description first, then a text file a source."""
    texts = texts_of(coded, redactor)
    by_answer: dict[str, list[Coding]] = {}
    for coding in coded if codings else ():
        by_answer.setdefault(coding.answer_id, []).append(coding)
    codebook, answers = coded.codebook, coded.answers
    allowed = answers.quotable if redactor is not None and answers.quotable is not None else None
    kept = [
        (text, by_answer.get(name, []))
        for text, name, person in zip(texts, answers.answer_ids, answers.answer_respondents, strict=True)
        if text.text.strip() and (allowed is None or allowed[person])
    ]
    title = f"{codebook.codebook} {codebook.version}"
    root = ET.Element(
        "Project",
        {
            "xmlns": "urn:QDA-XML:project:1.0",
            "name": title,
            "origin": "sendthemes",
            "creatingUserGUID": RULES,
        },
    )
    users = ET.SubElement(root, "Users")
    ET.SubElement(users, "User", {"guid": RULES, "name": "sendthemes (rules)", "id": "rules"})
    ET.SubElement(users, "User", {"guid": PEOPLE, "name": "Decisions of coders", "id": "people"})
    if codebook.themes:
        _codes(ET.SubElement(root, "CodeBook"), codebook)
    if kept:
        sources = ET.SubElement(root, "Sources")
        for text, found in kept:
            _source(sources, codebook, text, found)
    left = len(texts) - len(kept)
    notes = [*coded.notes, *([f"{left} answers are left out: empty, or not to be shown."] if left else [])]
    _described(root, "\n".join(notes))
    yield "project.qde", _xml(root)
    for name, content in dict.fromkeys((text.guid, text.text) for text, _ in kept):
        yield f"sources/{name}.txt", content.encode("utf-8")


def _source(sources: ET.Element, codebook: Codebook, text: QdaText, found: Sequence[Coding]) -> None:
    """Write one source with a selection for every place that codings stand at."""
    about = {"guid": text.guid, "name": xml_safe(text.name), "plainTextPath": f"internal://{text.guid}.txt"}
    source = ET.SubElement(sources, "TextSource", about)
    places: dict[tuple[int, int], list[Coding]] = {}
    joins = _line_ends(text.shown.text)
    for coding in found:
        if coding.start == coding.end:  # a theme that a person added stands on the whole answer
            place = (0, len(text.text))
        else:
            start, end = moved(text.shown, coding.start, coding.end)
            place = (start - bisect_left(joins, start), end - bisect_left(joins, end))
        places.setdefault(place, []).append(coding)
    for (start, end), codings in sorted(places.items()):
        key = guid(text.guid, str(start), str(end))
        selection = ET.SubElement(
            source,
            "PlainTextSelection",
            {
                "guid": key,
                "name": text.text[start:end][:60],
                "startPosition": str(start),
                "endPosition": str(end),
                "creatingUser": RULES,
            },
        )
        _described(selection, "; ".join(dict.fromkeys(filter(None, map(_why, codings)))))
        for theme, status in dict.fromkeys((coding.theme, coding.status) for coding in codings):
            user = RULES if status == "rule" else PEOPLE
            made = ET.SubElement(selection, "Coding", {"guid": guid(key, theme), "creatingUser": user})
            ET.SubElement(made, "CodeRef", {"targetGUID": theme_guid(codebook, theme)})


def _why(coding: Coding) -> str:
    flags = [
        flag for flag, holds in (("negated", coding.negated), ("repeats the question", coding.echo)) if holds
    ]
    return ", ".join([*([f"entry: {coding.entry}"] if coding.entry else []), *flags])


def _line_ends(text: str) -> list[int]:
    """Give the places of LF after CR: each makes what follows stand one place nearer to the start."""
    return [at for at in range(1, len(text)) if text[at] == "\n" and text[at - 1] == "\r"]


def _codes(parent: ET.Element, codebook: Codebook) -> None:
    """Write the themes as codes, sub-themes inside their parents; names differ among brothers."""
    codes = ET.SubElement(parent, "Codes")
    places = {"": codes}
    order = {theme: at for at, theme in enumerate(codebook.theme_ids)}
    titles = Counter((up, theme.title.casefold()) for theme, up in codebook.walk())
    for theme, up in codebook.walk():
        alone = titles[up, theme.title.casefold()] == 1
        name = theme.title if alone else f"{theme.title} ({theme.theme})"
        about = {
            "guid": theme_guid(codebook, theme.theme),
            "name": xml_safe(name),
            "isCodable": "true",
            "color": _COLOURS[order[theme.theme] % len(_COLOURS)],
        }
        places[theme.theme] = ET.SubElement(places[up], "Code", about)
        _described(places[theme.theme], _meaning(theme))


def _meaning(theme: Theme) -> str:
    parts = (
        ("", theme.definition),
        ("Include: ", theme.include),
        ("Exclude: ", theme.exclude),
        ("Found by: ", ", ".join(entry.label for entry in theme.entries)),
        ("Not inside: ", ", ".join(entry.label for entry in theme.exclusions)),
    )
    return "\n".join(f"{head}{' '.join(words.split())}" for head, words in parts if words)


def _described(parent: ET.Element, words: str) -> None:
    if words:
        ET.SubElement(parent, "Description").text = xml_safe(words)


def _xml(root: ET.Element) -> bytes:
    ET.indent(root, " ")
    return bytes(ET.tostring(root, encoding="utf-8", xml_declaration=True)) + b"\n"
