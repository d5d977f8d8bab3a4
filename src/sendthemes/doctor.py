"""Whether everything that sendthemes needs is here and as it should be."""

from __future__ import annotations

import platform
import re
import shutil
import subprocess
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import NamedTuple

import sendthemes
from sendthemes.coding.cache import cache_state
from sendthemes.errors import ModelError
from sendthemes.language.model import model_fingerprint, model_path

NEEDED = (
    "spacy", "scikit-learn", "scipy", "numpy", "rapidfuzz", "pyyaml", "ruamel.yaml", "pydantic", "jinja2",
    "narwhals", "regex", "typer", "tqdm", "pyarrow", "openpyxl", "xlsxwriter", "python-docx",
)  # fmt: skip
EXTRAS = {"pyreadstat": "SPSS files", "pandas": "to_pandas()", "polars": "to_polars()", "pyspark": "Spark"}


class Finding(NamedTuple):
    """One thing looked at: what it is called, how it is, and whether that will do."""

    name: str
    state: str
    well: bool = True


def findings(cache: Path | None = None) -> list[Finding]:
    """Look at versions, the spaCy model's files, what extras need, and a cache folder.

    Args:
        cache: A folder that ``code_answers(cache=)`` was given; ``None`` looks at none.
    """
    found = [Finding("sendthemes", sendthemes.__version__), Finding("Python", platform.python_version())]
    found += [_package(name, "missing", needed=True) for name in NEEDED]
    found.append(_model())
    if cache is not None:
        found.append(Finding(f"Cache {cache}", cache_state(cache)))
    found += [_package(name, f"not here; only {use} needs it") for name, use in EXTRAS.items()]
    found.append(_java())
    books = ", ".join(str(row["codebook"]) for row in sendthemes.list_codebooks())
    return [*found, Finding("Bundled codebooks", books or "none", bool(books))]


def _package(name: str, lacking: str, *, needed: bool = False) -> Finding:
    try:
        return Finding(name, version(name))
    except PackageNotFoundError:
        return Finding(name, lacking, not needed)


def _model() -> Finding:
    try:
        path = model_path()
        return Finding("spaCy model", f"{path}: its files are the known ones ({model_fingerprint()[:16]})")
    except ModelError as fault:
        return Finding("spaCy model", "\n    ".join(map(str, fault.problems)), well=False)


def _java() -> Finding:
    java = shutil.which("java")
    if java is None:
        return Finding("Java", "not here; only Spark needs it (17 or newer)")
    asked = subprocess.run([java, "-version"], capture_output=True, text=True, check=False)  # noqa: S603 - found above
    said = asked.stderr.strip()
    number = re.search(r'"(\d+)', said)
    old = number is not None and int(number[1]) < 17
    return Finding("Java", said.partition("\n")[0] + ("; Spark needs 17 or newer" if old else ""))
