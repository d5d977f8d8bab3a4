"""Every Python snippet of the README and the documentation runs; the README names every public name."""

import re
import shutil
from importlib.util import find_spec
from pathlib import Path

import pytest

import sendthemes as st
from sendthemes.cli import app

ROOT = Path(__file__).parents[1]
PAGES = [
    page
    for page in (ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md")))
    if "```python" in page.read_text(encoding="utf-8")
]
FENCE = re.compile(r"^```(\w+)(?: title=\"(.+?)\")?\n(.*?)^```", re.MULTILINE | re.DOTALL)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_the_snippets_of_a_page_run_in_order(page, tmp_path, monkeypatch):
    for folder in ("examples", "codebooks"):
        shutil.copytree(ROOT / folder, tmp_path / folder)
    monkeypatch.chdir(tmp_path)
    names: dict[str, object] = {"__name__": "snippet"}
    for language, file, snippet in FENCE.findall(page.read_text(encoding="utf-8")):
        if file:  # a block with a file's name as its title is that file
            (tmp_path / file).write_text(snippet, encoding="utf-8")
        elif language == "python":
            exec(compile(snippet, str(page), "exec"), names)
        elif language == "sh" and page.stem == "tutorial":
            for line in snippet.splitlines():
                app(line.split()[1:], standalone_mode=False)


def test_the_reference_explains_every_public_name_once():
    pages = "".join(page.read_text(encoding="utf-8") for page in (ROOT / "docs" / "api").glob("*.md"))
    explained = re.findall(r"^::: sendthemes\.(\w+)$", pages, re.MULTILINE)
    there = [name for name, room in st._ROOMS.items() if find_spec(f"sendthemes.{room}")]
    assert sorted(explained) == sorted(there)


def test_the_readme_names_every_public_name():
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    assert [name for name in st.__all__ if name != "__version__" and f"`{name}`" not in text] == []
