"""Study: the file that says what a report is made of, and the run that makes it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING

from sendthemes.codebook.load import load_codebook
from sendthemes.errors import Problem, StudyError, nearest
from sendthemes.files import digest
from sendthemes.report.definition import MODES, Mode, StudyDefinition
from sendthemes.report.fitting import Place, misfits
from sendthemes.report.report import Report
from sendthemes.strict_yaml.read import read_file
from sendthemes.strict_yaml.records import read_record
from sendthemes.strict_yaml.source import Misread, in_order
from sendthemes.survey.answers import Answers
from sendthemes.survey.read import read_answers

if TYPE_CHECKING:
    from sendthemes.codebook.model import Codebook
    from sendthemes.redaction.redactor import Redactor


@dataclass(frozen=True, slots=True)
class Study:
    """A study, its answers and its codebook, checked against each other.

    Attributes:
        definition: What the file says.
        answers: The answers as read.
        codebook: The codebook as loaded.
        folder: The folder of the study file; paths in it start there.
        sources: File name → SHA-256 of the study file and those it names.
        earlier: The answers of the earlier wave, where there is one.
    """

    definition: StudyDefinition
    answers: Answers
    codebook: Codebook
    folder: Path
    sources: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    earlier: Answers | None = None

    def __repr__(self) -> str:
        return f"<Study {self.definition.study}: {self.answers!r}, {self.codebook!r}>"

    def redactor(self) -> Redactor:
        """Give the redactor of the report, with the study's key, names and protected terms."""
        from sendthemes.report.run import redactor_of

        return redactor_of(self.definition, self.answers, self.codebook, self.folder)

    def run(self, mode: Mode | None = None) -> Report:
        """Code the answers, count, redact, and write the report.

        Args:
            mode: ``"internal"`` shows all numbers; ``"publish"`` hides small ones and what could give them
                away. Default: what the study says.

        Raises:
            StudyError: ``mode`` is none of these.
            SendThemesError: An input is at fault: a pseudonym key, the spaCy model.
        """
        from sendthemes.report.run import run_study

        chosen = mode or self.definition.mode
        if chosen not in MODES:
            raise StudyError(
                Problem(
                    f"There is no mode {chosen!r}.",
                    remedy=f"Use {' or '.join(MODES)}. {nearest(chosen, MODES)}",
                )
            )
        return run_study(
            self.definition,
            self.answers,
            self.codebook,
            mode=chosen,
            folder=self.folder,
            sources=self.sources,
            earlier=self.earlier,
        )


def load_study(path: str | Path) -> Study:
    """Read a study file, the answers and the codebook that it names, and check that they fit.

    Args:
        path: The study.yml; paths in it are relative to its folder.

    Raises:
        StudyError: The file is at fault, or asks for what answers or codebook do not hold; with all
            faults at once, each with file, line and column.
        AnswersError: The answers cannot be read.
        CodebookError: The codebook cannot be loaded.
    """
    file = Path(path)
    folder = file.parent
    definition, where = read_study(file)
    data, survey = definition.data, _inside(folder, definition.survey)
    read = [file, survey]
    if data.layout == "documents":
        from sendthemes.survey.documents import read_documents

        answers = read_documents(folder / data.file)
        read += sorted(each for each in (folder / data.file).iterdir() if each.stem in answers.respondents)
    else:
        answers = read_answers(folder / data.file, layout=data.layout, sheet=data.sheet, survey=survey)
        read.append(folder / data.file)
    earlier = None
    if data.earlier:
        then = _inside(folder, data.earlier.survey) or survey
        earlier = read_answers(folder / data.earlier.file, survey=then)
        read += [then, folder / data.earlier.file]
    beside = folder / definition.codebook
    codebook = load_codebook(beside if beside.is_file() else definition.codebook)
    for name, what in ((definition.decisions, "decisions file"), (definition.template, "template")):
        if name and not (folder / name).is_file():
            raise StudyError(Problem(f"There is no such {what}.", str(folder / name), code="no-file"))
        read.append(_inside(folder, name))
    problems = list(misfits(definition, answers, codebook, earlier))
    if problems:
        found = [Problem(message, where(place), remedy) for place, message, remedy in problems]
        raise StudyError(in_order(found))
    sources = {each.name: digest(each.read_bytes()) for each in read if each}
    return Study(definition, answers, codebook, folder, MappingProxyType(sources), earlier)


def _inside(folder: Path, name: str) -> Path | None:
    return folder / name if name else None


def read_study(path: Path) -> tuple[StudyDefinition, Callable[[Place], str]]:
    """Read a study file.

    Returns:
        What it says, and a function that names the place of any part of it (file:line:column).

    Raises:
        StudyError: With every fault of the file.
    """
    source = read_file(path, "study", StudyError)
    if isinstance(source.data, dict) and isinstance(date := source.data.get("date"), Misread | int):
        # An unquoted 2026-02-27 is the text that it stands for.
        source.data["date"] = date.text if isinstance(date, Misread) else str(date)
    return read_record(StudyDefinition, source), source.where
