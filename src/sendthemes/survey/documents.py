"""Case studies: a document is a respondent, its headings are questions."""

from __future__ import annotations

import hashlib
import re
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from sendthemes.errors import AnswersError
from sendthemes.survey import headings
from sendthemes.survey.answers import Answers
from sendthemes.survey.csv_file import encoding_of
from sendthemes.survey.grid import Findings
from sendthemes.survey.read import read_answers

_SUFFIXES = (".docx", ".md", ".txt")
_HEADING = re.compile(r"(#{1,6})\s+(.*?)\s*#*\s*")
_QUOTE = re.compile(r"^ {0,3}> ?")
_UNDERLINE = re.compile(r"(=+|-+)\s*")

Section = tuple[str, str]  # heading, text


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
    findings = Findings()
    paths = _paths(source, findings)
    digest = hashlib.sha256()
    wordings: dict[str, str] = {}  # as first met, by their folded form
    rows: dict[str, list[dict[str, str]]] = {}
    for path in paths:
        if path.stem in rows:
            message = f"Two documents are called {path.stem!r}."
            findings.refuse(message, path.name, "Rename one.", "duplicate-respondent")
            continue
        digest.update(path.read_bytes())
        sections, rows[path.stem] = _sections(path, findings), []
        for title, text in sections or ():
            wording = headings.numbered(title)[1] or "Text before the first heading"
            wording = wordings.setdefault(headings.folded(wording), wording)
            if text.strip():
                row = {"document": path.stem, "section": wording, "text": text.strip("\n")}
                rows[path.stem].append(row)
        if sections is not None and not rows[path.stem]:
            findings.refuse("The document has no text.", path.name, "Take it out.", "empty-file")
    findings.stop()
    name = Path(source).name if isinstance(source, str | Path) else f"{len(paths)} documents"
    answers = _by_section([row for each in rows.values() for row in each])
    return replace(answers, problems=findings.table(), source=name, digest=digest.hexdigest())


def _by_section(rows: Sequence[Mapping[str, str]]) -> Answers:
    """Read sections as a long layout, each heading under an id of its own words."""
    wordings = list(dict.fromkeys(row["section"] for row in rows))
    slugs = ("text" if each.startswith("Text before") else headings.slug(each) for each in wordings)
    named = zip(wordings, headings.unique(slugs), strict=True)
    survey = {"questions": [{"text": text, "id": name} for text, name in named]}
    answers = read_answers(
        rows, layout="long", respondent="document", question="section", answer="text", survey=survey
    )
    questions = tuple(replace(each, reason="a section", heading="") for each in answers.questions)
    return replace(answers, questions=questions, unit="document")


def _paths(source: str | Path | Sequence[str | Path], findings: Findings) -> list[Path]:
    if isinstance(source, str | Path) and Path(source).is_dir():
        listed = sorted(Path(source).iterdir())
        paths = [path for path in listed if path.suffix.lower() in _SUFFIXES and path.name[0] not in ".~"]
        if not paths:
            message = "The folder has no .md, .txt or .docx file."
            findings.refuse(message, str(source), "Name another.", "empty-file")
    else:
        paths = [Path(source)] if isinstance(source, str | Path) else [Path(each) for each in source]
    for path in paths:
        if not path.is_file():
            findings.refuse("There is no such file.", str(path), code="no-file")
        elif path.suffix.lower() not in _SUFFIXES:
            message = f"Files named {path.suffix or 'without a suffix'} are not read as documents."
            findings.refuse(message, path.name, f"Use {', '.join(_SUFFIXES)}.")
    findings.stop()
    if not paths:
        raise AnswersError("There is no document to read.")
    return paths


def _sections(path: Path, findings: Findings) -> list[Section] | None:
    """Cut a document at its headings; ``None`` where it cannot be read."""
    if path.suffix.lower() == ".docx":
        return _word(path, findings)
    lines = path.read_text(encoding=encoding_of(path, findings)).splitlines()
    if path.suffix.lower() == ".md":
        return _cut([_QUOTE.sub("", line) for line in lines], _marked(lines))  # pull quotes lose their marks
    return _cut(lines, dict(_plain(lines)))


def _cut(lines: Sequence[str], titles: Mapping[int, str]) -> list[Section]:
    """Cut lines at the titles (line, counted from 0 → title); a line that underlines one belongs to it."""
    sections: list[tuple[str, list[str]]] = [("", [])]
    for at, line in enumerate(lines):
        if at in titles:
            sections.append((titles[at], []))
        elif at - 1 not in titles or not _UNDERLINE.fullmatch(line):
            sections[-1][1].append(line)
    return [(title, "\n".join(below)) for title, below in sections]


def _marked(lines: Sequence[str]) -> dict[int, str]:
    """Find the headings of Markdown; fenced code keeps its number signs."""
    titles: dict[int, str] = {}
    fenced = False
    for at, (before, line, below) in enumerate(_neighbours(lines)):
        fenced ^= line.lstrip().startswith(("```", "~~~"))
        underlined = _UNDERLINE.fullmatch(below) and len(below.strip()) > 2 and not before.strip()
        if fenced:
            continue
        if heading := _HEADING.fullmatch(line):
            titles[at] = heading[2]
        elif line.strip() and underlined:
            titles[at] = line.strip()
    return titles


def _plain(lines: Sequence[str]) -> Iterator[tuple[int, str]]:
    """Find the lines of plain text that look like headings."""
    for at, (before, line, below) in enumerate(_neighbours(lines)):
        text, underlined = line.strip(), bool(_UNDERLINE.fullmatch(below))
        alone = not before.strip() and (underlined or not below.strip())
        marked = underlined or text.isupper() or bool(headings.numbered(text)[0])
        if alone and marked and 2 < len(text) <= 80 and text[-1] not in ".;,":
            yield at, text


def _neighbours(lines: Sequence[str]) -> Iterator[tuple[str, str, str]]:
    """Give each line with the one before it and the one below."""
    return zip(["", *lines], lines, [*lines[1:], ""], strict=False)


def _word(path: Path, findings: Findings) -> list[Section] | None:
    import docx
    from docx.opc.exceptions import PackageNotFoundError
    from docx.table import Table as WordTable

    try:
        document = docx.Document(str(path))
    except (PackageNotFoundError, zipfile.BadZipFile, KeyError, ValueError) as error:
        remedy = "Open it in Word and save it again as .docx."
        findings.refuse(f"The Word file cannot be opened: {error}.", path.name, remedy, "bad-document")
        return None
    lines: list[str] = []
    titles: dict[int, str] = {}
    for block in document.iter_inner_content():
        if isinstance(block, WordTable):
            for row in block.rows:  # merged cells share one element
                cells = {id(cell._tc): cell.text.strip() for cell in row.cells}
                text = " | ".join(filter(None, cells.values()))
                lines += [text] if text else []
            continue
        style = (block.style.name if block.style is not None else "") or ""
        if re.match(r"(?:Heading \d|Title)", style) and block.text.strip():
            titles[len(lines)] = block.text.strip()
        lines.append(block.text)
    return _cut(lines, titles)
