"""The study file: what a report is made of, read and checked against its inputs."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from types import MappingProxyType

from sendthemes.codebook.load import load_codebook
from sendthemes.errors import Problem, StudyError
from sendthemes.files import digest
from sendthemes.report.definition import StudyDefinition
from sendthemes.report.fitting import Place, misfits
from sendthemes.report.run import Study, inside
from sendthemes.strict_yaml.read import read_file
from sendthemes.strict_yaml.records import read_record
from sendthemes.strict_yaml.source import Misread, in_order
from sendthemes.survey.documents import read_documents
from sendthemes.survey.read import read_answers

__all__ = ["Study", "load_study", "read_study"]


def load_study(path: str | Path) -> Study:
    """Read a study file, the answers and the codebook that it names, and check that they fit.

    Args:
        path: The study.yml; paths in it are relative to its folder.

    Raises:
        StudyError: The file is at fault, or asks for what is not there: all faults, each with its place.
        AnswersError: The answers cannot be read.
        CodebookError: The codebook cannot be loaded.
    """
    file = Path(path)
    folder = file.parent
    definition, where = read_study(file)
    data, survey = definition.data, inside(folder, definition.survey)
    read = [file, survey]
    if data.layout == "documents":
        answers = read_documents(folder / data.file)
        read += sorted(each for each in (folder / data.file).iterdir() if each.stem in answers.respondents)
    else:
        answers = read_answers(folder / data.file, layout=data.layout, sheet=data.sheet, survey=survey)
        read.append(folder / data.file)
    earlier = None
    if data.earlier:
        then = inside(folder, data.earlier.survey) or survey
        earlier = read_answers(folder / data.earlier.file, survey=then)
        read += [then, folder / data.earlier.file]
    beside = folder / definition.codebook
    codebook = load_codebook(beside if beside.is_file() else definition.codebook)
    for name, what in ((definition.decisions, "decisions file"), (definition.template, "template")):
        if name and not (folder / name).is_file():
            raise StudyError(Problem(f"There is no such {what}.", str(folder / name), code="no-file"))
        read.append(inside(folder, name))
    wrong = misfits(definition, answers, codebook, earlier)
    if problems := [Problem(message, where(place), remedy) for place, message, remedy in wrong]:
        raise StudyError(in_order(problems))
    sources = {each.name: digest(each.read_bytes()) for each in read if each}
    return Study(definition, answers, codebook, folder, MappingProxyType(sources), earlier)


def read_study(path: Path) -> tuple[StudyDefinition, Callable[[Place], str]]:
    """Read a study file; give what it says, and what names the place (file:line:column) of any part of it.

    ``StudyError`` has every fault of the file.
    """
    source = read_file(path, "study", StudyError)
    if isinstance(source.data, dict) and isinstance(date := source.data.get("date"), Misread | int):
        # An unquoted 2026-02-27 is the text that it stands for.
        source.data["date"] = date.text if isinstance(date, Misread) else str(date)
    return read_record(StudyDefinition, source), source.where
