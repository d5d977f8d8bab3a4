"""Score how well each wing's tests notice a changed line: python benchmarks/mutation.py coding --sample 100.

mutmut makes every mutant of a wing; a seeded sample of them is run against that wing's tests alone. A mutant
counts as noticed when a test fails or runs on without end. What was not noticed is printed as a change of the
source. The tree that mutmut worked on stays in build/mutation/ for ``mutmut browse``.
"""

from __future__ import annotations

import argparse
import json
import random
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PARTS = ("src", "tests", "benchmarks", "codebooks", "docs", "examples", "pyproject.toml")
SETTINGS = """
[tool.mutmut]
source_paths = ["src"]
only_mutate = ["src/sendthemes/{wing}/*.py"]
also_copy = ["benchmarks", "codebooks", "docs", "examples"]
pytest_add_cli_args_test_selection = ["tests/{wing}"]
pytest_add_cli_args = ["-p", "no:cacheprovider"]
timeout_multiplier = 4.0
use_git_change_detection = false
"""
NO_TEST, SURVIVED = 33, 0
# mutmut runs the tests once and forks from there: what the code has remembered until then must be forgotten.
FORGET = """

def pytest_sessionstart():
    import functools, gc

    for kept in gc.get_objects():
        if isinstance(kept, functools._lru_cache_wrapper) and str(kept.__module__).startswith("sendthemes"):
            kept.cache_clear()
"""


def lay_out(wing: str) -> Path:
    """Copy the tree and say in it what mutmut is to change."""
    tree = ROOT / "build" / "mutation" / wing
    shutil.rmtree(tree, ignore_errors=True)
    for part in PARTS:
        source = ROOT / part
        if source.is_dir():
            shutil.copytree(source, tree / part, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(source, tree / part)
    with (tree / "pyproject.toml").open("a", encoding="utf-8") as settings:
        settings.write(SETTINGS.format(wing=wing))
    with (tree / "tests" / "conftest.py").open("a", encoding="utf-8") as hook:
        hook.write(FORGET)
    return tree


def mutmut(tree: Path, *words: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", "from mutmut.__main__ import cli; cli()", *words]
    return subprocess.run(command, cwd=tree, capture_output=True, text=True, check=False)


def ends(tree: Path, wing: str) -> dict[str, int | None]:
    """Give the exit code of the tests by mutant; ``None`` for one that was not run."""
    found: dict[str, int | None] = {}
    for kept in sorted((tree / "mutants" / "src" / "sendthemes" / wing).glob("*.meta")):
        found |= json.loads(kept.read_text(encoding="utf-8"))["exit_code_by_key"]
    return found


def score(wing: str, sample: int, seed: int, processes: int) -> None:
    """Run a sample of one wing's mutants; print the score and what was not noticed."""
    tree = lay_out(wing)
    made = mutmut(tree, "run", "--max-children", str(processes), "none.of.them")  # makes them all, runs none
    mutants = sorted(ends(tree, wing))
    if not mutants or not (tree / "mutants" / "mutmut-stats.json").exists():
        raise SystemExit(f"mutmut could not begin with {wing}:\n{made.stdout[-3000:]}{made.stderr[-3000:]}")
    chosen = random.Random(seed).sample(mutants, min(sample, len(mutants)))
    run = mutmut(tree, "run", "--max-children", str(processes), *chosen)
    results = ends(tree, wing)
    missing = [name for name in chosen if results[name] is None]
    if missing:
        raise SystemExit(f"mutmut left {len(missing)} of {wing} unfinished:\n{run.stdout[-3000:]}")
    left = [name for name in sorted(chosen) if results[name] in {SURVIVED, NO_TEST}]
    for name in left:
        print(mutmut(tree, "show", name).stdout)
    sys.path.insert(0, str(ROOT / "src"))
    from sendthemes.analysis.statistics import wilson_interval

    noticed = len(chosen) - len(left)
    low, high = wilson_interval(noticed, len(chosen)) or (0.0, 1.0)
    print(
        f"{wing}: {noticed} of {len(chosen)} mutants noticed ({noticed / len(chosen):.0%}; 95 % interval "
        f"{low:.0%} to {high:.0%}), drawn from {len(mutants):,} with seed {seed}",
        flush=True,
    )


def main() -> None:
    """Score each wing that is named."""
    given = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    given.add_argument("wings", nargs="*", default=["coding", "redaction", "analysis"])
    given.add_argument("--sample", type=int, default=100, help="mutants a wing")
    given.add_argument("--seed", type=int, default=0)
    given.add_argument("--processes", type=int, default=2)
    options = given.parse_args()
    for wing in options.wings:
        score(wing, options.sample, options.seed, options.processes)


if __name__ == "__main__":
    main()
