"""docs/study.md says what the models say."""

import runpy
from pathlib import Path

from sendthemes.report.definition import StudyDefinition
from sendthemes.report.study import read_study

DOCS = Path(__file__).parents[2] / "docs"


def test_the_reference_is_the_one_made_from_the_models():
    made = runpy.run_path(str(DOCS / "study_reference.py"))
    page = (DOCS / "study.md").read_text(encoding="utf-8")
    assert made["page_with_reference"](page) == page, "run: python docs/study_reference.py"


def test_every_key_is_explained():
    records = runpy.run_path(str(DOCS / "study_reference.py"))["_records"](StudyDefinition, [])
    assert [
        f"{each.__name__}.{key}"
        for each in records
        for key, field in each.model_fields.items()
        if not field.description
    ] == []


def test_the_example_of_the_page_is_a_study(tmp_path):
    page = (DOCS / "study.md").read_text(encoding="utf-8")
    path = tmp_path / "study.yml"
    path.write_text(page.partition("```yaml\n")[2].partition("```")[0], encoding="utf-8")
    assert read_study(path)[0].study == "readiness"
