"""The JSON Schema: as committed, and as strict as the loader about shapes."""

import jsonschema
import pytest

from sendthemes.codebook.load import _bundled
from sendthemes.codebook.schema import SCHEMA_PATH, codebook_schema, schema_text
from sendthemes.errors import CodebookError
from sendthemes.strict_yaml.read import read_yaml

VALIDATOR = jsonschema.Draft202012Validator(codebook_schema())


def test_the_committed_schema_is_the_models_own():
    assert SCHEMA_PATH.read_text(encoding="utf-8") == schema_text()


def test_the_schema_is_valid():
    jsonschema.Draft202012Validator.check_schema(codebook_schema())


@pytest.mark.parametrize("path", _bundled().values(), ids=lambda path: path.stem)
def test_bundled_codebooks_fit_the_schema(path):
    text = path.read_text(encoding="utf-8")
    assert [
        error.message
        for error in VALIDATOR.iter_errors(read_yaml(text, "codebook", CodebookError, path.name).data)
    ] == []
    assert "codebook.schema.json" in text.splitlines()[0]


@pytest.mark.parametrize(
    "entry",
    [
        3,
        None,
        "",
        {"fom": "a"},
        {"word": "a", "form": "b"},
        {"note": "x"},
        {"near": ["a"]},
        {"word": "a", "pos": "x"},
    ],
)
def test_editors_underline_what_the_loader_refuses(entry):
    assert not VALIDATOR.is_valid({"codebook": "x", "themes": [{"theme": "a", "entries": [entry]}]})


@pytest.mark.parametrize(
    "entry", ["a b", {"form": "a"}, {"near": ["a", {"exact": "B"}], "within": 3}, {"tokens": [{}]}]
)
def test_editors_accept_entries(entry):
    assert VALIDATOR.is_valid(
        {"codebook": "x", "version": 1.0, "themes": [{"theme": "a", "entries": [entry]}]}
    )
