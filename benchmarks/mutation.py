"""Score how well each wing's tests notice a changed line: python benchmarks/mutation.py coding --sample 100.

mutmut makes every mutant of a wing; each of a seeded sample is run against all of that wing's tests, in a new
process: what the code makes once and keeps is made by the mutant, too. A mutant counts as noticed when a test
fails or the tests do not end. What was not noticed is printed as a change of the source.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
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
LONGEST = 900  # seconds, for all tests of a wing


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
    return tree


def mutmut(tree: Path, *words: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", "from mutmut.__main__ import cli; cli()", *words]
    return subprocess.run(command, cwd=tree, capture_output=True, text=True, check=False)


def made(tree: Path, wing: str) -> list[str]:
    """Make all mutants of a wing; give their names."""
    said = mutmut(tree, "run", "none.of.them")
    names: list[str] = []
    for kept in (tree / "mutants" / "src" / "sendthemes" / wing).glob("*.meta"):
        names += json.loads(kept.read_text(encoding="utf-8"))["exit_code_by_key"]
    if not names:
        raise SystemExit(f"mutmut could not begin with {wing}:\n{said.stdout[-3000:]}{said.stderr[-3000:]}")
    return sorted(names)


def is_noticed(tree: Path, wing: str, mutant: str) -> bool:
    """Run the wing's tests in a new process with one mutant; whether one fails, or they do not end."""
    command = [sys.executable, "-m", "pytest", "-x", "-q", "-p", "no:cacheprovider", f"tests/{wing}"]
    under = os.environ | {"MUTANT_UNDER_TEST": mutant}
    try:
        ended = subprocess.run(
            command, cwd=tree / "mutants", env=under, capture_output=True, timeout=LONGEST, check=False
        )
    except subprocess.TimeoutExpired:
        return True
    return ended.returncode != 0


def score(wing: str, sample: int, seed: int, processes: int) -> None:
    """Run a sample of one wing's mutants; print the score and what was not noticed."""
    tree = lay_out(wing)
    mutants = made(tree, wing)
    if is_noticed(tree, wing, "none"):
        raise SystemExit(f"The tests of {wing} fail without a mutant.")
    chosen = random.Random(seed).sample(mutants, min(sample, len(mutants)))
    with ThreadPoolExecutor(processes) as pool:
        noticed = list(pool.map(lambda mutant: is_noticed(tree, wing, mutant), chosen))
    for name in sorted(name for name, found in zip(chosen, noticed, strict=True) if not found):
        print(mutmut(tree, "show", name).stdout)
    sys.path.insert(0, str(ROOT / "src"))
    from sendthemes.analysis.statistics import wilson_interval

    low, high = wilson_interval(sum(noticed), len(chosen)) or (0.0, 1.0)
    print(
        f"{wing}: {sum(noticed)} of {len(chosen)} mutants noticed ({sum(noticed) / len(chosen):.0%}; 95 % "
        f"interval {low:.0%} to {high:.0%}), drawn from {len(mutants):,} with seed {seed}",
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
