"""Show that equal inputs give equal bytes: python benchmarks/same_bytes.py (``make same-bytes``).

Makes every output of the examples with each Python from 3.11 to 3.13 that is found, under three hash seeds
and with one and two processes, and compares the files byte for byte. A Python without the pinned packages
gets them into a folder of its own under build/.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
from collections import defaultdict
from dataclasses import asdict
from hashlib import sha256
from importlib.util import find_spec
from itertools import product
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VERSIONS = ("3.11", "3.12", "3.13")
SEEDS = ("0", "1", "20261121")
PROCESSES = (1, 2)
STUDIES = (
    ("readiness", "internal"),
    ("readiness", "publish"),
    ("borough", "internal"),
    ("fieldwork", "internal"),
)


def write_everything(out: Path, processes: int) -> None:
    """Write codings, tables, quotes, samples and exports; with one process, which makes them, reports too."""
    import sendthemes as st
    from sendthemes.coding.code import FIELDS

    for study, mode in STUDIES if processes == 1 else ():
        st.load_study(ROOT / "examples" / study / "study.yml").run(mode=mode).save_all(out / mode)
    example = ROOT / "examples" / "readiness"
    answers = st.read_answers(example / "answers.csv", survey=example / "survey.yml")
    codebook = st.load_codebook("send-readiness")
    redactor = st.Redactor(key=st.PseudonymKey(example / "la_key.csv"), known=answers, codebook=codebook)
    plain = st.code_answers(answers, codebook, processes=processes)
    tagged = st.code_answers(answers, codebook, lemmas="in_context", processes=processes)
    gold = [{"answer_id": each.answer_id, "theme": each.theme} for each in plain]
    tables = {
        "codings": st.Table.from_dicts(map(asdict, plain), FIELDS),
        "codings_in_context": st.Table.from_dicts(map(asdict, tagged), FIELDS),
        "set_aside": plain.set_aside,
        "frequencies": st.theme_frequencies(plain, by="question"),
        "crosstab": st.theme_crosstab(plain, by="training", residuals=True),
        "tests": st.theme_tests(plain, by="training"),
        "cooccurrence": st.theme_cooccurrence(plain),
        "spread": st.theme_spread(plain),
        "excerpts": st.excerpts(plain, redactor=redactor),
        "kwic": st.kwic(plain, redactor=redactor),
        "uncoded": st.uncoded_answers(plain, redactor=redactor),
        "suggestions": st.suggest_entries(plain, gold, redactor=redactor),
        "sample": st.sense_check_sample(plain, redactor=redactor, path=out / "sample.xlsx"),
        "check": st.check_codebook(codebook, answers),
        "described": st.describe(answers),
    }
    for name, table in tables.items():
        table.to_csv(out / f"{name}.csv")
    st.write_refi_qda(plain, out / "project.qdpx", redactor=redactor)
    st.write_dictionary(codebook, out / "dictionary.yml")


def pythons() -> dict[str, Path]:
    """Find an interpreter of each version: on the path, or where pyenv keeps them."""
    found: dict[str, Path] = {}
    for version in VERSIONS:
        beside = sorted((Path.home() / ".pyenv" / "versions").glob(f"{version}.*/bin/python"))
        named = shutil.which(f"python{version}")
        for each in [Path(sys.executable), *([Path(named)] if named else []), *beside]:
            asked = subprocess.run(
                [each, "-c", "import ensurepip, sys; print('%d.%d' % sys.version_info[:2])"],
                capture_output=True, text=True, check=False,
            )  # fmt: skip
            if asked.stdout.strip() == version:
                found[version] = each
                break
    return found


def equipped(version: str, python: Path) -> Path:
    """Give that Python with the pinned packages: itself, where it runs this and has them."""
    if python == Path(sys.executable) and find_spec("spacy"):
        return python
    home = ROOT / "build" / "same-bytes" / version
    done = home / "pins"
    pins = (ROOT / "requirements" / "run.txt").read_bytes()
    if not done.exists() or done.read_bytes() != pins:
        subprocess.run([python, "-m", "venv", "--clear", home], check=True)
        pip = [home / "bin" / "python", "-m", "pip", "--disable-pip-version-check", "install", "--quiet"]
        subprocess.run([*pip, "--require-hashes", "-r", ROOT / "requirements" / "run.txt"], check=True)
        # Installed as everywhere: reports name the version.
        subprocess.run([*pip, "--no-deps", "--no-build-isolation", "-e", ROOT], check=True)
        done.write_bytes(pins)
    return home / "bin" / "python"


def digests(folder: Path) -> dict[str, str]:
    files = (path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): sha256(path.read_bytes()).hexdigest() for path in files}


def main() -> None:
    """Make everything in every way and compare; exit 1 where a file differs."""
    given = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    given.add_argument("--quick", action="store_true", help="two runs a Python, not six")
    given.add_argument("--write", type=Path, help=argparse.SUPPRESS)
    given.add_argument("--processes", type=int, default=1, help=argparse.SUPPRESS)
    options = given.parse_args()
    if options.write:
        write_everything(options.write, options.processes)
        return
    found = pythons()
    for version in VERSIONS:
        print(f"Python {version}: {found.get(version, 'not found; left out')}", flush=True)
    ways = list(zip(SEEDS, PROCESSES, strict=False)) if options.quick else list(product(SEEDS, PROCESSES))
    seen: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for version, python in found.items():
        runs = equipped(version, python)
        for seed, processes in ways:
            with tempfile.TemporaryDirectory() as folder:
                command = [runs, __file__, "--write", folder, "--processes", str(processes)]
                env = {**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": str(ROOT / "src")}
                subprocess.run(command, check=True, env=env)
                for name, digest in digests(Path(folder)).items():
                    seen[name][digest].append(f"{version}/seed {seed}/{processes} processes")
    differing = [name for name, kinds in sorted(seen.items()) if len(kinds) > 1]
    for name in differing:
        print(f"differs: {name}", *seen[name].items(), sep="\n  ")
    runs_made = len(found) * len(ways)
    print(f"{len(seen) - len(differing)} of {len(seen)} files are the same bytes in {runs_made} runs")
    if differing or not seen:
        raise SystemExit(1)


if __name__ == "__main__":
    main()
