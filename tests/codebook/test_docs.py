"""The page of the format: every YAML block loads, and its examples hold."""

import re
import textwrap
from pathlib import Path

import pytest

from sendthemes.codebook.load import load_codebook
from sendthemes.codebook.model import Entry, Theme
from sendthemes.sensecheck.check import check_codebook

PAGE = (Path(__file__).parents[2] / "docs" / "codebook.md").read_text(encoding="utf-8")
FENCED = r"^ *```yaml[^\n]*\n(.*?)^ *```"
BLOCKS = [textwrap.dedent(block) for block in re.findall(FENCED, PAGE, re.DOTALL | re.MULTILINE)]


@pytest.mark.parametrize("block", BLOCKS, ids=lambda block: re.search(r"codebook: (\S+)", block)[1])
def test_every_yaml_block_loads(block):
    assert load_codebook(block).codebook


@pytest.mark.parametrize("block", [block for block in BLOCKS if "examples:" in block])
def test_the_examples_on_the_page_hold(block):
    assert "error" not in check_codebook(block).column("severity")


@pytest.mark.parametrize("record", [Entry, Theme])
def test_every_key_is_explained(record):
    assert [key for key in record.model_fields if f"`{key}`" not in PAGE and f"{key}:" not in PAGE] == []


CLAIMS = [  # entry, texts that hold a hit, texts that do not
    ("budget", ["the Budgets", "BUDGETED", "the schools' budgets'"], ["budgetary"]),
    ("train", ["trains", "trained", "training"], ["trainer"]),
    ("meeting", ["meetings"], ["meet needs", "met"]),
    (
        "high needs block",
        ["High-needs blocks", "high needs/block"],
        ["high. Needs block", "high, needs block"],
    ),
    ("co-production", ["coproduction", "co production", "Co-production"], ["production"]),
    ("under-resourc*", ["under-resourced", "under resourcing"], ["resourced"]),
    ("organi?ation", ["organisation", "organization"], ["organiation"]),
    ("lack of * staff", ["lack of trained staff"], ["lack of staff"]),
    ({"form": "staffing"}, ["Staffing"], ["staff", "staffed"]),
    ({"exact": "HNB"}, ["HNB"], ["hnb"]),
    ({"near": ["budget", "pressure"]}, ["pressure on every school budget"], ["pressure. Budget"]),
    (
        {"sequence": ["cost", "of", "provision"], "within": 0},
        ["the cost of provision"],
        ["provision of cost"],
    ),
    (
        {"all": ["cannot", "afford"], "none": ["time"]},
        ["We cannot even afford it"],
        ["cannot afford the time"],
    ),
    ({"regex": r"£\s?\d+"}, ["some £ 5"], ["£ five"]),
]


@pytest.mark.parametrize(("entry", "finds", "misses"), CLAIMS, ids=lambda value: str(value)[:30])
def test_what_the_page_says_of_entries_is_true(entry, finds, misses):
    theme = {"theme": "a", "definition": "d", "entries": [entry], "examples": {"yes": finds, "no": misses}}
    table = check_codebook({"codebook": "x", "themes": [theme]})
    assert [row["message"] for row in table if row["severity"] == "error"] == []
