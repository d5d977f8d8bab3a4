"""Study: the file that says what a report is made of, and the run that makes it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING

from sendthemes.codebook.load import load_codebook
from sendthemes.errors import Problem, StudyError, nearest
from sendthemes.files import digest
from sendthemes.report.definition import MODES, Mode, StudyDefinition
from sendthemes.report.fitting import misfits
from sendthemes.report.report import Report
from sendthemes.strict_yaml.source import in_order
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
    from sendthemes.report.study_file import read_study

    file = Path(path)
    definition, where = read_study(file)
    folder = file.parent
    sources = {file.name: digest(file.read_bytes())}
    answers, read = _answers(definition, folder)
    earlier, read_then = _earlier(definition, folder)
    sources |= {each.name: digest(each.read_bytes()) for each in (*read, *read_then)}
    codebook = _codebook(definition.codebook, folder)
    if definition.decisions:
        sources |= _digest_of(folder / definition.decisions, "decisions file")
    if definition.template:
        sources |= _digest_of(folder / definition.template, "template")
    problems = list(misfits(definition, answers, codebook, earlier))
    if problems:
        found = [Problem(message, where(place), remedy) for place, message, remedy in problems]
        raise StudyError(in_order(found))
    return Study(definition, answers, codebook, folder, MappingProxyType(sources), earlier)


def _answers(study: StudyDefinition, folder: Path) -> tuple[Answers, list[Path]]:
    """Read the answers or documents; give them and the files read."""
    data, file = study.data, folder / study.data.file
    if data.layout == "documents":
        from sendthemes.survey.documents import read_documents

        documents = read_documents(file)
        return documents, sorted(each for each in file.iterdir() if each.stem in documents.respondents)
    survey = folder / study.survey if study.survey else None
    answers = read_answers(file, layout=data.layout, sheet=data.sheet, survey=survey)
    return answers, [each for each in (survey, file) if each]


def _earlier(study: StudyDefinition, folder: Path) -> tuple[Answers | None, list[Path]]:
    """Read the earlier wave, where there is one; give it and the files read."""
    wave = study.data.earlier
    if wave is None:
        return None, []
    name = wave.survey or study.survey
    survey = folder / name if name else None
    return (
        read_answers(folder / wave.file, survey=survey),
        [each for each in (survey, folder / wave.file) if each],
    )


def _digest_of(path: Path, what: str) -> dict[str, str]:
    if not path.is_file():
        raise StudyError(Problem(f"There is no such {what}.", str(path), code="no-file"))
    return {path.name: digest(path.read_bytes())}


def _codebook(name: str, folder: Path) -> Codebook:
    """Load a codebook: a path from the study's folder where there is such a file, else a bundled name."""
    beside = folder / name
    return load_codebook(beside if beside.is_file() else name)
