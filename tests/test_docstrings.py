"""Every public name of every room is explained; what users call says what goes in and what comes out."""

import ast
import inspect
import re
from importlib.util import find_spec
from pathlib import Path

import pytest

import sendthemes as st
from sendthemes.analysis import statistics
from sendthemes.sensecheck import agreement

PACKAGE = Path(st.__file__).parent
ROOMS = sorted(path for path in PACKAGE.rglob("*.py") if path.name != "__init__.py")


def definitions(path):
    """Give name and node of the public functions, classes and methods of a file."""
    for node in ast.parse(path.read_text(encoding="utf-8")).body:
        if isinstance(node, (ast.FunctionDef, ast.ClassDef)) and not node.name.startswith("_"):
            yield node.name, node
            for inner in node.body if isinstance(node, ast.ClassDef) else ():
                if isinstance(inner, ast.FunctionDef) and not inner.name.startswith("_"):
                    yield f"{node.name}.{inner.name}", inner


def called():
    """Give name and function of all that users call: public functions, and methods of public classes."""
    public = {name: getattr(st, name) for name, room in st._ROOMS.items() if find_spec(f"sendthemes.{room}")}
    for module in (statistics, agreement):
        own = inspect.getmembers(module, inspect.isfunction)
        public |= {
            f"{module.__name__}.{name}": each for name, each in own if each.__module__ == module.__name__
        }
    for name, each in public.items():
        if inspect.isfunction(each):
            yield name, each
        for inner, method in vars(each).items() if inspect.isclass(each) else ():
            if inspect.isfunction(method) and not inner.startswith("_"):
                yield f"{name}.{inner}", method


CALLED = dict(entry for entry in called() if not entry[0].rpartition(".")[2].startswith("_"))


@pytest.mark.parametrize("path", ROOMS, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_every_public_name_of_a_room_has_a_docstring(path):
    assert ast.get_docstring(ast.parse(path.read_text(encoding="utf-8")))
    assert [name for name, node in definitions(path) if not ast.get_docstring(node)] == []


@pytest.mark.parametrize("path", ROOMS, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_a_list_of_arguments_is_complete_and_names_no_other(path):
    wrong = []
    for name, node in definitions(path):
        part = re.search(r"^Args:\n((?: .*\n?|\n)*)", ast.get_docstring(node) or "", re.MULTILINE)
        if part and isinstance(node, ast.FunctionDef):
            told = re.findall(r"^    \*{0,2}(\w+):", part[1], re.MULTILINE)
            each = node.args
            taken = [
                arg.arg
                for arg in (*each.posonlyargs, *each.args, each.vararg, *each.kwonlyargs, each.kwarg)
                if arg
            ]
            if sorted(told) != sorted(set(taken) - {"self", "cls"}):
                wrong.append((name, told, taken))
    assert wrong == []


@pytest.mark.parametrize("name", CALLED)
def test_what_users_call_says_what_goes_in_and_what_comes_out(name):
    text, about = inspect.getdoc(CALLED[name]), inspect.getmodule(CALLED[name]).__doc__
    signature = inspect.signature(CALLED[name])
    taken = [each for each in signature.parameters if each not in {"self", "cls"}]
    if len(taken) > 1:
        assert "Args:" in text or all(f"``{each}``" in about for each in taken)
        assert "Returns:" in text or text.startswith("Give") or signature.return_annotation == "None"
