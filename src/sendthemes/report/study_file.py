"""Reading study.yml: YAML without guesses, every fault with its place, its expectation and its remedy."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from sendthemes.errors import StudyError
from sendthemes.report.definition import StudyDefinition
from sendthemes.strict_yaml.read import read_file
from sendthemes.strict_yaml.records import read_record
from sendthemes.strict_yaml.source import Misread

Place = tuple[str | int, ...]


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
