"""What `import sendthemes as st` offers."""

import ast
import inspect
import subprocess
import sys
from pathlib import Path

import pytest

import sendthemes as st

NAMES = sorted(st.__all__)


def test_all_is_sorted_and_whole():
    assert list(st.__all__) == NAMES
    assert set(st._ROOMS) | {"__version__"} == set(NAMES)


def test_type_checkers_see_the_same_names_in_the_same_rooms():
    tree = ast.parse(Path(st.__file__).read_text(encoding="utf-8"))
    block = next(node for node in tree.body if isinstance(node, ast.If))
    imports = [node for node in block.body if isinstance(node, ast.ImportFrom)]
    seen = {each.name: node.module for node in imports for each in node.names}
    assert seen == {name: f"sendthemes.{room}" for name, room in st._ROOMS.items()}


@pytest.mark.parametrize("name", NAMES)
def test_every_public_name_is_there_and_explained(name):
    value = getattr(st, name)
    assert name == "__version__" or inspect.getdoc(value)


def test_an_unknown_name_is_an_attribute_error():
    with pytest.raises(AttributeError, match="no attribute 'theme_frequency'"):
        st.theme_frequency  # noqa: B018 (the access is the test)


def test_dir_lists_the_public_names():
    assert set(NAMES) <= set(dir(st))


def test_errors_are_value_errors():
    for name in (
        "SendThemesError",
        "CodebookError",
        "AnswersError",
        "RedactionError",
        "StudyError",
        "ModelError",
    ):
        assert issubclass(getattr(st, name), st.SendThemesError)
        assert issubclass(getattr(st, name), ValueError)


def test_import_leaves_logging_and_warnings_alone():
    script = (
        "import logging, warnings;"
        "state = lambda: (logging.root.level, list(logging.root.handlers), list(warnings.filters));"
        "before = state();"
        "import sendthemes;"
        "assert before == state()"
    )
    subprocess.run([sys.executable, "-c", script], check=True, cwd=Path(st.__file__).parents[1])
