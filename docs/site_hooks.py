"""What mkdocs does beside its configuration: the README is the first page; links out of docs/ lead to the repository."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from mkdocs.structure.files import File, Files

ROOT = Path(__file__).parents[1]
REPOSITORY = "https://github.com/sendthemes/sendthemes/blob/main/"


def on_files(files: Files, *, config: Any) -> Files:
    """Add the README as index.md, its links to docs/ made links within the site."""
    text = (ROOT / "README.md").read_text(encoding="utf-8").replace("](docs/", "](")
    files.append(File.generated(config, "index.md", content=text))
    return files


def on_page_markdown(markdown: str, **_: Any) -> str:
    """Point links that leave docs/ at the repository."""
    return re.sub(r"\]\(\.\./", f"]({REPOSITORY}", markdown)
