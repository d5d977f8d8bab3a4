"""Reading REFI-QDA files: what a person coded in another tool becomes decisions to compare with the rules.

The files come from elsewhere: nothing is unpacked to disk, no entity is resolved, sizes are limited, and only
the texts inside the archive itself are read.
"""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET
from xml.parsers import expat

from sendthemes.codebook.model import Codebook, Theme
from sendthemes.errors import AnswersError, Problem
from sendthemes.exchange.qda_names import PEOPLE, RULES, QdaSource, one_line_end, sources_of, theme_guid
from sendthemes.sensecheck.decisions import Decision, Verdict, answer_hash, theme_hash
from sendthemes.survey.headings import unique

if TYPE_CHECKING:
    from sendthemes.coding.code import CodedAnswers
    from sendthemes.redaction.redactor import Redactor

_MOST_BYTES = 200_000_000  # of one file, unpacked
_MOST_FILES = 200_000
_DEEPEST = 100  # elements inside each other


@dataclass(frozen=True, slots=True)
class QdaCode:
    """One code: its name, what it means, and the code that it stands under ("" at the top)."""

    guid: str
    name: str
    description: str = ""
    parent: str = ""


@dataclass(frozen=True, slots=True)
class QdaCoding:
    """One code on a stretch of a source, in characters; of the whole source where start and end are its own.

    Attributes:
        source: The source's GUID.
        code: The code's GUID.
        start: Offset of the first character.
        end: Offset just after the last.
        user: Who coded: a GUID of ``QdaProject.users``, or empty.
        time: When (ISO 8601), or empty.
    """

    source: str
    code: str
    start: int
    end: int
    user: str = ""
    time: str = ""


@dataclass(frozen=True, slots=True)
class QdaProject:
    """What a REFI-QDA file holds.

    Attributes:
        name: The project's name; empty for a codebook.
        codes: All codes, each after the one that it stands under.
        sources: The texts; none in a codebook.
        codings: In the order of the sources.
        users: GUID → name.
        notes: What was not read, a sentence each.
    """

    name: str
    codes: tuple[QdaCode, ...]
    sources: tuple[QdaSource, ...] = ()
    codings: tuple[QdaCoding, ...] = ()
    users: Mapping[str, str] = field(default_factory=dict)
    notes: tuple[str, ...] = ()

    def __repr__(self) -> str:
        sizes = f"{len(self.codes)} codes, {len(self.sources)} sources, {len(self.codings)} codings"
        return f"<QdaProject {self.name or 'codebook'}: {sizes}>"

    def codebook(self, name: str = "imported", version: str = "0") -> Codebook:
        """Make a codebook of the codes: themes with label and definition, still without entries."""
        ids = self._theme_ids()
        inside: dict[str, list[QdaCode]] = {}
        for code in self.codes:
            inside.setdefault(code.parent, []).append(code)
        made: dict[str, Theme] = {}
        for code in reversed(self.codes):  # sub-themes before their parents
            under = tuple(made[each.guid] for each in inside.get(code.guid, ()))
            made[code.guid] = Theme(
                theme=ids[code.guid], label=code.name, definition=code.description, themes=under
            )
        top = tuple(made[each.guid] for each in inside.get("", ()))
        return Codebook(codebook=name, version=version, themes=top)

    def decisions(
        self, coded: CodedAnswers, *, redactor: Redactor | None, reviewed: bool = False
    ) -> tuple[Decision, ...]:
        """Give what people coded as decisions on the rules' coding of the same answers.

        Codings that still bear the rules' name are left out. ``flagged_decisions`` lists those on sources
        and codes that are not in ``coded``.

        Args:
            coded: The rules' coding, of the answers that were written out.
            redactor: What they were redacted with then (``None``: they were written raw).
            reviewed: Whether each coder read every source: what a coder left uncoded then does not apply.

        Returns:
            ``confirm`` where the rules found the theme too, else ``add``; and ``reviewed``. By coder, in the
            order of the sources and codes.
        """
        answers, themes = self._known(coded, redactor)
        found = {(coding.answer_id, coding.theme) for coding in coded}
        hashes = {theme.theme: theme_hash(theme) for theme, _ in coded.codebook.walk()}
        made: dict[tuple[str, str, str], Decision] = {}
        for coding in self.codings:
            if coding.user in {RULES, PEOPLE}:
                continue
            (answer, hashed), theme = answers[coding.source], themes[coding.code]
            coder = self.users.get(coding.user) or coding.user or "unnamed"
            verdict: Verdict = "confirm" if (answer, theme) in found else "add"
            told = Decision(answer, theme, verdict, coder, coding.time, "", hashed, hashes.get(theme, ""))
            made.setdefault((coder, answer, theme), told)
        for coder in dict.fromkeys(key[0] for key in made) if reviewed else ():
            for answer, hashed in answers.values():
                told = Decision(answer, "", "reviewed", coder, answer_hash=hashed)
                made.setdefault((coder, answer, ""), told)
        order = {answer: at for at, (answer, _) in enumerate(answers.values())}
        return tuple(sorted(made.values(), key=lambda each: (each.coder, order[each.answer_id])))

    def _known(
        self, coded: CodedAnswers, redactor: Redactor | None
    ) -> tuple[dict[str, tuple[str, str]], dict[str, str]]:
        """Find each source's answer, with its hash (by GUID, else by name and text), and each code's theme.

        A source that is no answer here keeps its own name and hash, by which it is flagged later.
        """
        found: dict[str | tuple[str, str], tuple[str, str]] = {}
        for (ours, _), answer in zip(sources_of(coded, redactor), coded.answers, strict=True):
            found[ours.guid] = found[ours.name, ours.text.strip()] = (answer.id, answer_hash(answer.text))
        answers = {
            each.guid: found.get(each.guid)
            or found.get((each.name, one_line_end(each.text).strip()))
            or (each.name or each.guid, answer_hash(each.text))
            for each in self.sources
        }
        codebook = coded.codebook
        words = ((word, theme.theme) for theme, _ in codebook.walk() for word in (theme.title, theme.theme))
        named = {word.casefold(): theme for word, theme in words}
        by_guid = {theme_guid(codebook, theme): theme for theme in codebook.theme_ids}
        free = self._theme_ids()
        themes = {}
        for code in self.codes:
            themes[code.guid] = by_guid.get(code.guid) or named.get(code.name.casefold()) or free[code.guid]
        return answers, themes

    def _theme_ids(self) -> dict[str, str]:
        """Give each code an id that a codebook takes, made of its name."""
        plain = (re.sub(r"[^a-z0-9]+", "-", code.name.casefold()).strip("-")[:80] for code in self.codes)
        names = unique((name or "code" for name in plain), form="{}-{}")
        return {code.guid: name for code, name in zip(self.codes, names, strict=True)}


def read_refi_qda(path: str | Path) -> QdaProject:
    """Read a codebook (.qdc) or a project (.qdpx) that another tool has written.

    Args:
        path: The file.

    Returns:
        Its codes, and of a project its sources and codings; of a codebook the codes alone.

    Raises:
        AnswersError: The file is none of these, is damaged or too large, or declares XML entities.
    """
    file = Path(path)
    try:
        content = file.read_bytes()
    except OSError as fault:
        raise _fault(f"The file cannot be read: {fault.strerror}.", file.name) from None
    if not zipfile.is_zipfile(io.BytesIO(content)):
        return _project(_tree(content, file.name), {})
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            parts = archive.infolist()
            if len(parts) > _MOST_FILES or sum(part.file_size for part in parts) > _MOST_BYTES:
                raise _fault("The project unpacks to more than can be read.", file.name, "Split it.")
            projects = [part for part in parts if part.filename.casefold().endswith(".qde")]
            if len(projects) != 1:
                raise _fault(f"The archive holds {len(projects)} projects (.qde), not one.", file.name)
            texts = {
                part.filename.replace("\\", "/").rpartition("/")[2].casefold(): _unpacked(archive, part)
                for part in parts
                if part.filename.casefold().endswith(".txt")
            }
            return _project(_tree(_unpacked(archive, projects[0]), projects[0].filename), texts)
    except AnswersError:  # a ValueError too, and told already
        raise
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, EOFError, ValueError) as fault:
        raise _fault(f"The archive is damaged or locked: {fault}.", file.name) from None


def _unpacked(archive: zipfile.ZipFile, part: zipfile.ZipInfo) -> bytes:
    """Read a part of an archive, no further than the size that it declares."""
    with archive.open(part) as stream:
        return stream.read(part.file_size)


def _fault(message: str, where: str, remedy: str = "Export it again as REFI-QDA.") -> AnswersError:
    return AnswersError(Problem(message, where, remedy, "refi-qda"))


def _tree(content: bytes, name: str) -> ET.Element:
    """Parse XML without document type (so no entities) that is not too deep; names lose their namespace."""
    if len(content) > _MOST_BYTES:
        raise _fault("The file is too large.", name)
    depth = 0

    def refuse(*_: object) -> None:
        raise _fault("The XML declares a document type or entities.", name)

    def down(tag: str, _: object) -> None:
        nonlocal depth
        depth += 1
        if depth > _DEEPEST:
            raise _fault(f"Elements stand more than {_DEEPEST} deep in each other.", name)

    def up(tag: str) -> None:
        nonlocal depth
        depth -= 1

    guard = expat.ParserCreate()
    guard.StartDoctypeDeclHandler, guard.StartElementHandler, guard.EndElementHandler = refuse, down, up
    try:
        guard.Parse(content, True)
        root = ET.fromstring(content)  # noqa: S314 - document types were refused above
    except AnswersError:
        raise
    except (expat.ExpatError, ET.ParseError, ValueError, LookupError) as fault:
        raise _fault(f"This is not valid XML: {fault}.", name) from None
    for element in root.iter():
        element.tag = str(element.tag).rpartition("}")[2]
    if root.tag not in {"Project", "CodeBook"}:
        raise _fault(f"This is a {root.tag}, neither a Project nor a CodeBook.", name)
    return root


def _project(root: ET.Element, texts: Mapping[str, bytes]) -> QdaProject:
    book = root if root.tag == "CodeBook" else root.find("CodeBook")
    codes = tuple(_codes(book)) if book is not None else ()
    known = {code.guid for code in codes}
    sources: list[QdaSource] = []
    codings: list[QdaCoding] = []
    notes: list[str] = []
    for element in root.findall("Sources/*"):
        name = element.get("name", "")
        if element.tag != "TextSource":
            notes.append(f"{name or 'A source'} is no plain text ({element.tag}) and is left out.")
            continue
        text = _text(element, texts)
        if text is None:
            notes.append(f"The text of {name or 'a source'} is not in the file; its codings are left out.")
            continue
        source = QdaSource(_key(element.get("guid", "")), name, text)
        sources.append(source)
        codings += [each for each in _codings(element, source) if each.code in known]
    named = root.findall("Users/User")
    users = {_key(user.get("guid", "")): user.get("name") or user.get("id") or "" for user in named}
    return QdaProject(root.get("name", ""), codes, tuple(sources), tuple(codings), users, tuple(notes))


def _codes(book: ET.Element) -> Iterator[QdaCode]:
    stack = [(code, "") for code in reversed(book.findall("Codes/Code"))]
    seen: set[str] = set()
    while stack:
        code, parent = stack.pop()
        guid = _key(code.get("guid", ""))
        if guid not in seen:
            seen.add(guid)
            yield QdaCode(guid, code.get("name") or "code", code.findtext("Description") or "", parent)
            stack.extend((child, guid) for child in reversed(code.findall("Code")))


def _text(element: ET.Element, texts: Mapping[str, bytes]) -> str | None:
    """Give a source's text: inside the XML, or a file of the archive; no path that leads elsewhere."""
    content = element.findtext("PlainTextContent")
    if content is not None:
        return content
    kind, _, name = element.get("plainTextPath", "").partition("://")
    data = texts.get(name.casefold()) if kind == "internal" else None
    return None if data is None else data.decode("utf-8-sig", errors="replace")


def _codings(element: ET.Element, source: QdaSource) -> Iterator[QdaCoding]:
    length = len(source.text)
    for place in (element, *element.findall("PlainTextSelection")):
        start, end = _number(place.get("startPosition"), 0), _number(place.get("endPosition"), length)
        for coding in place.findall("Coding"):
            code = coding.find("CodeRef")
            user = coding.get("creatingUser") or place.get("creatingUser") or ""
            time = coding.get("creationDateTime") or place.get("creationDateTime") or ""
            if code is not None:
                at = min(max(start, 0), length)
                to = min(max(end, at), length)
                yield QdaCoding(source.guid, _key(code.get("targetGUID", "")), at, to, _key(user), time)


def _number(text: str | None, otherwise: int) -> int:
    return int(text) if text is not None and re.fullmatch(r"\d{1,12}", text) else otherwise


def _key(guid: str) -> str:
    """Write a GUID as we do: small letters, no braces."""
    return guid.strip("{} ").lower()
