"""Writes the reference part of study.md from the models; a test compares them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any, Literal, get_args, get_origin

from pydantic import BaseModel
from pydantic.fields import FieldInfo
from pydantic_core import PydanticUndefined

from sendthemes.report.definition import StudyDefinition

PAGE = Path(__file__).with_name("study.md")
START, END = "<!-- reference: begin -->", "<!-- reference: end -->"
_NAMES = {
    "StudyDefinition": "The study",
    "Data": "data",
    "Earlier": "data's earlier",
    "ThemeTables": "themes",
    "Scales": "scales",
    "Change": "change",
    "Documents": "documents",
    "CrossTable": "Each of cross_tables",
    "Excerpts": "excerpts",
    "Headline": "headline",
    "Finding": "A finding (readiness, strengths, risks, judgement)",
    "Condition": "A condition (when, all, any)",
    "Alignment": "alignment",
    "AlignedDomain": "Each of alignment's domains",
    "RagDomain": "Each of rag",
    "ColourRule": "Each of rag's rules",
    "Measure": "A figure (evidence)",
    "Override": "override",
    "Action": "Each of actions",
    "Narrative": "narrative",
}


def study_reference() -> str:
    """Give the reference of every key, a table a record."""
    parts = []
    for record in _records(StudyDefinition, []):
        rows = [_row(name, field) for name, field in record.model_fields.items()]
        about = " ".join((record.__doc__ or "").split())
        head = "| key | what it takes | default | what it means |\n| --- | --- | --- | --- |"
        parts.append(f"### {_NAMES[record.__name__]}\n\n{about}\n\n{head}\n" + "\n".join(rows))
    return "\n\n".join(parts)


def _records(record: type[BaseModel], seen: list[type[BaseModel]]) -> list[type[BaseModel]]:
    if record not in seen:
        seen.append(record)
        for field in record.model_fields.values():
            for inner in _inside(field.annotation):
                _records(inner, seen)
    return seen


def _inside(annotation: Any) -> Iterator[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for part in get_args(annotation):
        yield from _inside(part)


def _row(name: str, field: FieldInfo) -> str:
    default = "needed" if field.is_required() else _default(field)
    return f"| `{name}` | {_takes(field.annotation)} | {default} | {field.description or ''} |"


def _default(field: FieldInfo) -> str:
    value = field.default
    if value is PydanticUndefined or isinstance(value, BaseModel) or value in (None, "", ()):
        return ""
    if isinstance(value, tuple):
        return "all" if len(value) > 3 else ", ".join(value)
    return f"`{str(value).lower() if isinstance(value, bool) else value}`"


def _takes(annotation: Any) -> str:
    if get_origin(annotation) is Literal:
        return ", ".join(f"`{choice}`" for choice in get_args(annotation))
    if get_origin(annotation) is tuple:
        return f"a list: {_takes(get_args(annotation)[0])}"
    parts = [part for part in get_args(annotation) if part is not type(None)]
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return _NAMES[annotation.__name__].removeprefix("Each of ")
    if parts:
        return _takes(parts[0])
    return {str: "text", float: "a number", int: "a whole number", bool: "true or false"}[annotation]


def page_with_reference(page: str) -> str:
    """Put the reference between its marks."""
    before, _, rest = page.partition(START)
    return f"{before}{START}\n\n{study_reference()}\n\n{END}{rest.partition(END)[2]}"


if __name__ == "__main__":
    PAGE.write_text(page_with_reference(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
