"""Every example runs from the command line, in its own folder and from anywhere."""

import shutil
from pathlib import Path

import pytest
from typer.testing import CliRunner

from sendthemes.cli import app

EXAMPLES = Path(__file__).parents[2] / "examples"


@pytest.mark.parametrize("name", ["borough", "regional", "fieldwork"])
def test_an_example_runs_from_the_command_line_and_leaves_its_key_as_it_is(name, tmp_path):
    shutil.copytree(EXAMPLES / name, tmp_path / name)
    study = str(tmp_path / name / "study.yml")
    result = CliRunner().invoke(app, ["report", study, "--out", str(tmp_path / "out")])
    assert result.exit_code == 0, result.output
    assert (tmp_path / "out" / f"{name}.html").is_file()
    key = "la_key.csv"
    assert (tmp_path / name / key).read_bytes() == (EXAMPLES / name / key).read_bytes()
