"""Case studies: a document is a respondent, its headings are questions."""

from __future__ import annotations

import hashlib
import re
import zipfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from sendthemes.errors import AnswersError, Problem
from sendthemes.survey import headings
from sendthemes.survey.answers import Answers, Question
from sendthemes.survey.csv_file import encoding_of
from sendthemes.survey.grid import Findings

_SUFFIXES = (".docx", ".md", ".txt")
_HEADING = re.compile(r"(#{1,6})\s+(.*?)\s*#*\s*")
_QUOTE = re.compile(r"^ {0,3}> ?")
_UNDERLINE = re.compile(r"(=+|-+)\s*")

Section = tuple[str, str]


def read_documents(source: str | Path | Sequence[str | Path]) -> Answers:
    """Read documents: each is a respondent, each heading a question, the text below it the answer.

    Sections of the same heading (case, numbering and spaces aside) are one question across documents. Text
    before the first heading is the question ``text``. In .txt files a heading is a line of its own between
    blank lines, of at most 80 characters, without a full stop at its end, written in capitals, underlined, or
    numbered; a .txt without any is one section.

    Args:
        source: A folder (its .md, .txt and .docx files, by name), or the files.

    Returns:
        Answers with ``unit="document"``; a respondent's id is the file's name without its suffix.

    Raises:
        AnswersError: For a missing or empty file, two files of one name, or one that cannot be opened.
    """
    paths = _paths(source)
    findings = Findings()
    digest = hashlib.sha256()
    documents: list[tuple[str, list[Section]]] = []
    for path in paths:
        if any(name == path.stem for name, _ in documents):
            findings.refuse(
                f"Two documents are called {path.stem!r}.", path.name, "Rename one.", "duplicate-respondent"
            )
            continue
        sections = _sections(path, findings)
        digest.update(path.read_bytes())
        if not any(text.strip() for _, text in sections):
            findings.refuse("The document has no text.", path.name, "Take it out.", "empty-file")
        documents.append((path.stem, sections))
    findings.stop()
    name = Path(source).name if isinstance(source, str | Path) else f"{len(paths)} documents"
    return _answers(documents, findings, name, digest.hexdigest())


def _paths(source: str | Path | Sequence[str | Path]) -> list[Path]:
    if isinstance(source, str | Path) and Path(source).is_dir():
        found = sorted(
            path
            for path in Path(source).iterdir()
            if path.suffix.lower() in _SUFFIXES and path.name[0] not in ".~"
        )
        if not found:
            raise AnswersError(
                Problem("The folder has no .md, .txt or .docx file.", str(source), code="empty-file")
            )
        return found
    paths = [Path(source)] if isinstance(source, str | Path) else [Path(each) for each in source]
    faults = [
        Problem("There is no such file.", str(path), code="no-file") for path in paths if not path.is_file()
    ]
    faults += [
        Problem(
            f"Files named {path.suffix or 'without a suffix'} are not read as documents.",
            path.name,
            f"Use {', '.join(_SUFFIXES)}.",
        )
        for path in paths
        if path.is_file() and path.suffix.lower() not in _SUFFIXES
    ]
    if faults or not paths:
        raise AnswersError(faults or "There is no document to read.")
    return paths


def _sections(path: Path, findings: Findings) -> list[Section]:
    if path.suffix.lower() == ".docx":
        return _word(path, findings)
    encoding = encoding_of(path, findings)
    lines = path.read_text(encoding=encoding).splitlines()
    return _marked(lines) if path.suffix.lower() == ".md" else _plain(lines)


def _marked(lines: Sequence[str]) -> list[Section]:
    """Cut Markdown at its headings; fenced code keeps its number signs, pull quotes lose their marks."""
    sections: list[tuple[str, list[str]]] = [("", [])]
    fenced = False
    for at, line in enumerate(lines):
        fenced ^= line.lstrip().startswith(("```", "~~~"))
        heading = None if fenced else _HEADING.fullmatch(line)
        below = lines[at + 1] if at + 1 < len(lines) else ""
        before = lines[at - 1] if at else ""
        if heading:
            sections.append((heading[2], []))
        elif (
            not fenced
            and line.strip()
            and not before.strip()
            and _UNDERLINE.fullmatch(below)
            and len(below.strip()) > 2
        ):
            sections.append((line.strip(), []))
        elif not (sections[-1][0] == before.strip() and before.strip() and _UNDERLINE.fullmatch(line)):
            sections[-1][1].append(line if fenced else _QUOTE.sub("", line))
    return [(title, "\n".join(body)) for title, body in sections]


def _plain(lines: Sequence[str]) -> list[Section]:
    """Cut plain text at lines that look like headings."""
    sections: list[tuple[str, list[str]]] = [("", [])]
    padded = ["", *lines, ""]
    for at, line in enumerate(padded[1:-1], start=1):
        text = line.strip()
        alone = not padded[at - 1].strip() and (
            not padded[at + 1].strip() or _UNDERLINE.fullmatch(padded[at + 1])
        )
        marked = (
            text.isupper()
            or bool(headings.numbered(text)[0])
            or bool(_UNDERLINE.fullmatch(padded[at + 1]) and padded[at + 1])
        )
        if alone and marked and 2 < len(text) <= 80 and text[-1] not in ".;,":
            sections.append((text, []))
        elif not (text and _UNDERLINE.fullmatch(text) and padded[at - 1].strip() == sections[-1][0]):
            sections[-1][1].append(line)
    return [(title, "\n".join(body)) for title, body in sections]


def _word(path: Path, findings: Findings) -> list[Section]:
    import docx
    from docx.opc.exceptions import PackageNotFoundError
    from docx.table import Table as WordTable

    try:
        document = docx.Document(str(path))
    except (PackageNotFoundError, zipfile.BadZipFile, KeyError, ValueError) as error:
        findings.refuse(
            f"The Word file cannot be opened: {error}.",
            path.name,
            "Open it in Word and save it again as .docx.",
        )
        return [("", "x")]
    sections: list[tuple[str, list[str]]] = [("", [])]
    for block in document.iter_inner_content():
        if isinstance(block, WordTable):
            sections[-1][1].extend(_cell_texts(block))
        elif (
            block.style is not None
            and re.match(r"(?:Heading \d|Title)", block.style.name or "")
            and block.text.strip()
        ):
            sections.append((block.text.strip(), []))
        else:
            sections[-1][1].append(block.text)
    return [(title, "\n".join(body)) for title, body in sections]


def _cell_texts(table: Any) -> list[str]:
    """Give a table's rows as lines; merged cells once."""
    lines = []
    for row in table.rows:
        cells = {
            id(cell._tc): cell.text.strip() for cell in row.cells
        }  # the cell's own element: merged ones share it
        lines.append(" | ".join(text for text in cells.values() if text))
    return [line for line in lines if line]


def _answers(
    documents: Sequence[tuple[str, list[Section]]], findings: Findings, name: str, digest: str
) -> Answers:
    """Make a question of each different heading, in the order in which they first come."""
    titles: dict[str, str] = {}
    for _, sections in documents:
        for title, body in sections:
            text = headings.numbered(title)[1]
            if body.strip():
                titles.setdefault(headings.folded(text), text)
    ids = headings.unique(headings.slug(text) if text else "text" for text in titles.values())
    questions = [
        Question(each, text or "Text before the first heading", "open", reason="a section")
        for each, text in zip(ids, titles.values(), strict=True)
    ]
    place = {folded: at for at, folded in enumerate(titles)}
    of: list[int] = []
    which: list[int] = []
    texts: list[str] = []
    answer_ids: list[str] = []
    for row, (document, sections) in enumerate(documents):
        seen: dict[int, int] = {}
        for title, body in sections:
            if not body.strip():
                continue
            at = place[headings.folded(headings.numbered(title)[1])]
            seen[at] = seen.get(at, 0) + 1
            of.append(row)
            which.append(at)
            texts.append(body.strip("\n"))
            answer_ids.append(f"{document}:{ids[at]}" + (f":{seen[at]}" if seen[at] > 1 else ""))
    return Answers(
        tuple(document for document, _ in documents),
        tuple(questions),
        answer_ids,
        of,
        which,
        texts,
        problems=findings.table(),
        unit="document",
        source=name,
        digest=digest,
    )
