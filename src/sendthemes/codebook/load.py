"""Reading codebooks: from the bundled ones, a file, YAML text or parsed YAML, with all faults at once."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from sendthemes.codebook.model import Codebook
from sendthemes.errors import CodebookError, Problem, nearest
from sendthemes.strict_yaml.read import read_file, read_mapping, read_yaml
from sendthemes.strict_yaml.records import read_record
from sendthemes.strict_yaml.source import Misread, Source
from sendthemes.strict_yaml.source import Path as Steps
from sendthemes.table import Table

_ENTRY_TEXTS = frozenset({"word", "form", "exact", "regex"})
_ENTRY_LISTS = frozenset({"entries", "exclusions", "near", "sequence", "all", "none"})
_SUFFIXES = (".yml", ".yaml")
_LONGEST_NAME = 1_000


def load_codebook(source: str | Path | Mapping[str, Any] | Codebook) -> Codebook:
    """Load a codebook and check it wholly.

    Args:
        source: The name of a bundled codebook (see ``list_codebooks``), the path of a YAML file, the YAML
            text itself (several lines), or the parsed YAML. A codebook comes back as it is.

    Returns:
        The codebook, frozen. A codebook may be without themes or entries.

    Raises:
        CodebookError: With every fault in ``problems``: file:line:column (a path such as
            ``themes[2].entries[1]``, counted from 0, in a mapping), what was found and expected, the remedy.
    """
    return source if isinstance(source, Codebook) else load_with_places(source)[0]


def load_with_places(source: str | Path | Mapping[str, Any]) -> tuple[Codebook, Source]:
    """Load a codebook together with the place of each of its parts in the source."""
    read = _read(source)
    if isinstance(read.data, dict):
        version = read.data.get("version")  # 1.10 is no number
        if isinstance(version, Misread | int | float) and not isinstance(version, bool):
            read.data["version"] = version.text if isinstance(version, Misread) else str(version)
    also = [*_text_problems(read.data, (), read), *_double_ids(read)]
    return read_record(Codebook, read, also), read


def list_codebooks() -> Table:
    """List the bundled codebooks by name: codebook, version, themes, entries (numbers), about."""
    rows = []
    for path in _bundled().values():
        codebook = load_codebook(path)
        entries = sum(len(theme.entries) for theme, _ in codebook.walk())
        rows.append((path.stem, codebook.version, len(codebook.theme_ids), entries, codebook.about))
    columns = ("codebook", "version", "themes", "entries", "about")
    return Table(columns, tuple(rows), title="Bundled codebooks")


def _bundled() -> dict[str, Path]:
    """The bundled codebooks by name: in the installed package, else in the checkout."""
    package = Path(__file__).parent.parent
    for folder in (package / "codebooks", package.parent.parent / "codebooks"):
        if folder.is_dir():
            found = sorted(path for path in folder.iterdir() if path.suffix in _SUFFIXES)
            return {path.stem: path for path in found}
    return {}


def _read(source: object) -> Source:
    if isinstance(source, Mapping):
        return read_mapping(source, Source("codebook", CodebookError))
    if isinstance(source, str) and "\n" in source:
        return read_yaml(source, "codebook", CodebookError, "codebook text")
    if not isinstance(source, (str, Path)):
        message = f"A codebook is a name, a path or a mapping; found {type(source).__name__}."
        raise CodebookError(Problem(message, code="source"))
    name, bundled = str(source), _bundled()
    path = bundled.get(name) or Path(source)
    if "\0" in name or len(name) > _LONGEST_NAME or not path.exists():
        hint = nearest(name[:_LONGEST_NAME], bundled) or f"Bundled codebooks: {', '.join(bundled) or 'none'}."
        message = f"There is no codebook or file {name[:200]!r}."
        raise CodebookError(Problem(message, "", hint, "not-found"))
    return read_file(path, "codebook", CodebookError, path.name if name == path.stem else name)


def _text_problems(value: Any, path: Steps, source: Source) -> Iterator[Problem]:
    """Find control characters and half characters in any text (an entry's are the entry's own fault)."""
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from _text_problems(inner, (*path, key), source)
    elif isinstance(value, list):
        for at, inner in enumerate(value):
            yield from _text_problems(inner, (*path, at), source)
    elif isinstance(value, str) and not value.isprintable():
        of_entry = path[-1:] and (path[-1] in _ENTRY_TEXTS or (path[-2:-1] and path[-2] in _ENTRY_LISTS))
        bad = [each for each in value if unicodedata.category(each) in {"Cc", "Cs"} and each not in "\n\t"]
        if bad and not of_entry:
            remedy = "In double quotes a backslash is special: use single quotes."
            message = f"The text holds a control character (U+{ord(bad[0]):04X})."
            yield Problem(message, source.where(path), remedy, "control-character")


def _double_ids(source: Source) -> Iterator[Problem]:
    """Find themes, classifications and questions of one id."""
    data = source.data if isinstance(source.data, dict) else {}
    for key in ("theme", "classification", "question"):
        first: dict[str, str] = {}
        for path, record in _records(data.get(f"{key}s"), f"{key}s", ()):
            name, where = record.get(key), source.where((*path, key))
            if isinstance(name, str) and first.setdefault(name, where) != where:
                message = f"The {key} id {name!r} is given twice; the first is at {first[name]}."
                yield Problem(message, where, "Give each its own id.", "duplicate-id")


def _records(listed: Any, key: str, above: Steps) -> Iterator[tuple[Steps, dict[str, Any]]]:
    """Go through the records of a list, and those under the same key of each."""
    for at, record in enumerate(listed if isinstance(listed, list) else ()):
        if isinstance(record, dict):
            yield (*above, key, at), record
            yield from _records(record.get(key), key, (*above, key, at))
