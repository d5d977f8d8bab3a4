"""The JSON Schema by which editors complete and underline codebooks, made from the models.

``python -m sendthemes.codebook.schema`` writes it anew after a change of the models.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from sendthemes.codebook.model import KINDS, Codebook
from sendthemes.files import write_whole

SCHEMA_PATH = Path(__file__).parent.parent / "data" / "codebook.schema.json"


def codebook_schema() -> dict[str, Any]:
    """Give the JSON Schema (draft 2020-12): an entry is a text, or a mapping with exactly one kind."""
    schema: dict[str, Any] = Codebook.model_json_schema()
    records: list[dict[str, Any]] = [schema, *schema["$defs"].values()]
    for record in records:
        for field in record["properties"].values():
            _simplify(field)
    schema["properties"]["version"]["type"] = ["string", "number"]
    classification = schema["$defs"]["Classification"]["properties"]
    classification["otherwise"]["type"] = ["string", "null"]
    entry = schema["$defs"]["Entry"]
    entry["oneOf"] = [{"required": [kind]} for kind in KINDS]
    entry["dependentRequired"] = {"none": ["all"]}
    text = {"type": "string", "minLength": 1, "description": "A word or phrase; its inflections too."}
    schema["$defs"]["Entry"] = {"anyOf": [text, entry]}
    return (
        {"$schema": "https://json-schema.org/draft/2020-12/schema"}
        | schema
        | {"title": "sendthemes codebook"}
    )


def _simplify(field: dict[str, Any]) -> None:
    """Take out what only Python needs: titles, empty defaults, and null beside a type."""
    field.pop("title", None)
    for choice in field.pop("anyOf", []):
        if choice.get("type") != "null":
            field.update(choice)
    if field.get("default") in (None, "", [], {"yes": [], "no": []}):
        field.pop("default", None)


def schema_text() -> str:
    """Give the schema as the file holds it: two spaces of indentation, a line break at the end."""
    return json.dumps(codebook_schema(), indent=2, ensure_ascii=False) + "\n"


if __name__ == "__main__":
    write_whole(SCHEMA_PATH, schema_text().encode("utf-8"))
