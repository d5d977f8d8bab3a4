"""The page of the format: every YAML block loads, and its examples hold."""

import re
import textwrap
from pathlib import Path

import pytest

from sendthemes.codebook.load import load_codebook
from sendthemes.codebook.model import Entry, Theme
from sendthemes.sensecheck.check import check_codebook

PAGE = (Path(__file__).parents[2] / "docs" / "codebook.md").read_text(encoding="utf-8")
BLOCKS = [
    textwrap.dedent(block) for block in re.findall(r"^ *```yaml\n(.*?)^ *```", PAGE, re.DOTALL | re.MULTILINE)
]


@pytest.mark.parametrize("block", BLOCKS, ids=lambda block: re.search(r"codebook: (\S+)", block)[1])
def test_every_yaml_block_loads(block):
    assert load_codebook(block).codebook


@pytest.mark.parametrize("block", [block for block in BLOCKS if "examples:" in block])
def test_the_examples_on_the_page_hold(block):
    assert "error" not in check_codebook(block).column("severity")


@pytest.mark.parametrize("record", [Entry, Theme])
def test_every_key_is_explained(record):
    assert [key for key in record.model_fields if f"`{key}`" not in PAGE and f"{key}:" not in PAGE] == []
