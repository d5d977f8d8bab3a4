"""What mkdocs does beside its configuration.

The README is the first page; links out of docs/ become plain words, for the site holds no checkout; the
rooms are listed from the first lines of their files.
"""

from __future__ import annotations

import ast
import re
from pathlib import Path
from typing import Any

from mkdocs.structure.files import File, Files

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "src" / "sendthemes"


def on_files(files: Files, *, config: Any) -> Files:
    """Add the README as index.md, its links to docs/ made links within the site."""
    text = (ROOT / "README.md").read_text(encoding="utf-8").replace("](docs/", "](")
    files.append(File.generated(config, "index.md", content=text))
    return files


def on_page_markdown(markdown: str, **_: Any) -> str:
    """Leave of links out of docs/ only their words; put the list of rooms where it belongs."""
    markdown = re.sub(r"\[([^\]]+)\]\(\.\./(?:src|examples|tests|codebooks)/[^)]*\)", r"\1", markdown)
    return markdown.replace("<!-- rooms -->", rooms()) if "<!-- rooms -->" in markdown else markdown


def rooms() -> str:
    """Give one table a wing: its files, each with the first line of its docstring."""
    parts = []
    for wing in sorted(path.parent for path in PACKAGE.glob("*/__init__.py")):
        files = [path for path in sorted(wing.glob("*.py")) if path.name != "__init__.py"]
        rows = [f"| `{path.stem}` | {_first_line(path)} |" for path in files]
        parts.append(f"### {wing.name}\n\n| file | what it is for |\n| --- | --- |\n" + "\n".join(rows))
    return "\n\n".join(part for part in parts if "\n| `" in part)


def _first_line(path: Path) -> str:
    about = ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) or ""
    return about.partition("\n")[0].replace("|", "\\|")
