"""The plan of the house, proved from the imports themselves."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parents[1] / "src" / "sendthemes"
FLOORS = [
    {"errors", "files", "strict_yaml", "table", "templates", "text"},
    {"language", "survey"},
    {"codebook"},
    {"coding", "redaction"},
    {"analysis"},
    {"sensecheck"},
    {"report", "exchange", "spark", "doctor"},
    {"cli"},
]
FLOOR = {wing: at for at, wings in enumerate(FLOORS) for wing in wings}
MODULES = sorted(PACKAGE.rglob("*.py"))


def wing_of(module: str) -> str:
    return module.removeprefix("sendthemes.").split(".")[0]


def name_of(path: Path) -> str:
    parts = path.relative_to(PACKAGE.parent).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def imports_of(path: Path) -> set[str]:
    """Every module of the package that a file imports, wherever in the file the import stands."""
    known = {name_of(each) for each in MODULES}
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            assert node.level == 0, f"{path}: relative import"
            found |= {node.module} | {f"{node.module}.{alias.name}" for alias in node.names}
    return {module for module in found if module in known and module != "sendthemes"}


@pytest.mark.parametrize("path", [path for path in MODULES if path.name != "__init__.py"], ids=name_of)
def test_imports_go_one_way(path):
    here = wing_of(name_of(path))
    for module in imports_of(path):
        there = wing_of(module)
        assert here == there or FLOOR[there] < FLOOR[here] or FLOOR[here] == FLOOR[there] == 0, (
            f"{name_of(path)} imports {module}"
        )


def test_no_file_imports_itself_through_others():
    graph = {name_of(path): imports_of(path) for path in MODULES if path.name != "__init__.py"}
    done: set[str] = set()

    def visit(module: str, trail: tuple[str, ...]) -> None:
        assert module not in trail, f"a circle: {' -> '.join((*trail, module))}"
        if module not in done:
            for each in sorted(graph.get(module, ())):
                visit(each, (*trail, module))
            done.add(module)

    for module in sorted(graph):
        visit(module, ())


@pytest.mark.parametrize("path", [path for path in MODULES if path.name == "__init__.py"][1:], ids=name_of)
def test_wings_import_nothing_by_themselves(path):
    assert not imports_of(path)


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_a_file_is_one_room(path):
    assert len(path.read_text(encoding="utf-8").splitlines()) <= 415


def test_the_whole_library_does_not_grow_unnoticed():
    # Size is a cost. This is what the house measures today: what is added must earn its lines.
    assert sum(len(path.read_text(encoding="utf-8").splitlines()) for path in MODULES) <= 26_000


def test_import_opens_no_heavy_library():
    heavy = {
        "spacy",
        "scipy",
        "sklearn",
        "pyarrow",
        "rapidfuzz",
        "tqdm",
        "numpy",
        "pandas",
        "polars",
        "docx",
        "openpyxl",
    }
    script = "import sys, sendthemes; print(*sorted({name.split('.')[0] for name in sys.modules}))"
    loaded = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True, cwd=PACKAGE.parent
    )
    assert not heavy & set(loaded.stdout.split())
