"""Report: the finished report, and the files it can be saved as."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from sendthemes.errors import Problem, StudyError
from sendthemes.files import write_whole
from sendthemes.report.blocks import Pages
from sendthemes.table import Table

if TYPE_CHECKING:
    from sendthemes.coding.code import CodedAnswers
    from sendthemes.redaction.redactor import Redactor
    from sendthemes.survey.answers import Answers

FORMATS = (".html", ".docx", ".xlsx", ".md", ".json")


@dataclass(frozen=True, slots=True)
class Report:
    """A finished report.

    Attributes:
        answers: The answers as read.
        coded: The answers as coded.
        pages: What is shown: sections, tables and manifest, without any raw answer.
        redactor: What the words were redacted with; in publish mode it looks over every file.
        template: A corporate .docx in whose styles the Word report is set; ``None`` for ours.
    """

    answers: Answers
    coded: CodedAnswers
    pages: Pages
    redactor: Redactor
    template: Path | None = None

    @property
    def tables(self) -> Mapping[str, Table]:
        """Id → table, in the report's order; in publish mode with small numbers hidden."""
        return self.pages.tables

    def __repr__(self) -> str:
        pages = self.pages
        size = f"{len(pages.sections)} sections, {len(pages.tables)} tables"
        return f"<Report {pages.study.study} ({pages.mode}): {size}>"

    def save(self, path: str | Path, *, template: str | Path | None = None) -> Path:
        """Write the report to a file, whole or not at all.

        Args:
            path: The suffix chooses the format: ``.html`` (one file that needs nothing else), ``.docx``
                (Word), ``.xlsx`` (all tables, a sheet each), ``.md``, ``.json`` (all tables and the
                manifest). A name without a suffix is a folder that gets one CSV file a table.
            template: For ``.docx``: a corporate Word file whose styles, page, header and footer hold; what
                stands in it stays in front. Default: the study's.

        Returns:
            The path written.

        Raises:
            StudyError: The suffix is none of these, the template is no Word document, or tables of another
                report stand in the folder of one for publication.
            RedactionError: In publish mode, where the output would show what must stay hidden.
        """
        target = Path(path)
        chosen = self if template is None else replace(self, template=Path(template))
        return chosen._write([target])[0]

    def save_all(self, folder: str | Path) -> tuple[Path, ...]:
        """Write the report in every format, named after the study; nothing is written unless all can be made.

        Args:
            folder: Where to write; made if absent.

        Returns:
            The files written, and the folder of CSV tables.
        """
        name = self.pages.study.study
        return self._write(Path(folder) / f"{name}{suffix}" for suffix in (*FORMATS, "-tables"))

    def _write(self, targets: Iterable[Path]) -> tuple[Path, ...]:
        """Make all files, look them over in publish mode, and only then write the first."""
        targets = tuple(targets)
        made = {path: content for target in targets for path, content in self._files(target)}
        if self.pages.mode == "publish":
            from sendthemes.redaction.leaks import refuse_leaks

            for path, content in made.items():
                refuse_leaks(content, redactor=self.redactor, name=path.name)
        for path, content in made.items():
            write_whole(path, content)
        return targets

    def _files(self, target: Path) -> Iterator[tuple[Path, bytes]]:
        """Give the files of a target, a folder of CSV tables where it has no suffix."""
        suffix = target.suffix.casefold()
        if suffix == ".docx":
            from sendthemes.report.word import to_word

            yield target, to_word(self.pages, template=self.template)
        elif suffix == ".xlsx":
            from sendthemes.report.spreadsheet import to_workbook

            yield target, to_workbook(self.pages)
        elif suffix in FORMATS:
            from sendthemes.report.html import to_html
            from sendthemes.report.markdown import to_markdown

            written = {".html": to_html, ".md": to_markdown, ".json": to_json}
            yield target, written[suffix](self.pages).encode("utf-8")
        elif suffix:
            remedy = f"Use {', '.join(FORMATS)}, or no suffix for a folder of CSV tables."
            raise StudyError(Problem(f"A report cannot be saved as {suffix}.", remedy=remedy))
        elif target.exists() and not target.is_dir():
            raise StudyError(f"{target.name} is a file; a folder of CSV files was meant to be written there.")
        else:
            names = {f"{name}.csv" for name in self.tables}
            others = sorted({path.name for path in target.glob("*.csv")} - names)
            if others and self.pages.mode == "publish":
                found = f"Beside the tables for publication there would be others: {', '.join(others)}."
                remedy = "They may be of an internal report: remove them, or write into another folder."
                raise StudyError(Problem(found, target.name, remedy))
            for name, table in self.tables.items():
                yield target / f"{name}.csv", table.to_csv().encode("utf-8")

    def _repr_html_(self) -> str:
        """Show title, sections and tables in a notebook, without any respondent's words."""
        from sendthemes.report.html import to_card

        return to_card(self.pages)


def to_json(pages: Pages) -> str:
    """Give all tables and the manifest as JSON."""
    parts, study = ("title", "base", "notes", "reading", "columns"), pages.study
    tables = {
        name: {part: getattr(table, part) for part in parts} | {"rows": table.to_dicts()}
        for name, table in pages.tables.items()
    }
    whole = {"title": study.title, "study": study.study, "mode": pages.mode, "tables": tables}
    whole["manifest"] = dict(pages.manifest)
    return json.dumps(whole, ensure_ascii=False, indent=1, allow_nan=False) + "\n"
