"""Time the coding beside its peers, in one run: python benchmarks/coding.py --out docs/performance.json.

Every way codes texts of one corpus with the same codebook: 10 themes of 40 entries, and six token patterns
where a way can read them. One that is slow gets fewer answers (--peers), and rates are compared. Ways take
turns, each in a fresh process, in several rounds; the best round of each counts. Hits are compared with an
exact reference that reads token by token: no speed stands without what it finds differently.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from typing import Any, NamedTuple

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "src")]
from benchmarks import peers
from benchmarks.corpus import make_answers, make_codebook, make_entries, make_texts

Hits = set[tuple[int, str]]


def ours(texts: list[str], lemmas: str = "possible", processes: int = 1, patterns: bool = True) -> Hits:
    from sendthemes.coding.code import code_answers

    book = make_codebook(make_entries(), patterns)
    coded = code_answers(make_answers(texts), book, lemmas=lemmas, processes=processes)  # type: ignore[arg-type]
    found, labels = coded.columns, coded.entry_labels
    pairs = set(zip(found.answer.tolist(), found.entry.tolist(), strict=True))
    return {(answer, labels[entry]) for answer, entry in pairs}


class Way(NamedTuple):
    """A way to find the entries.

    Attributes:
        run: Texts → hits.
        quick: Whether it gets all answers.
        exact: The reference it is held to: "possible" or "in_context" lemmas, or "phrases" alone.
        there: Whether it is installed.
        gate: Whether the quick check in CI runs it.
    """

    run: Callable[[list[str]], Hits]
    quick: bool = True
    exact: str = "possible"
    there: Callable[[], object] = lambda: True
    gate: bool = False


def installed(module: str) -> Callable[[], object]:
    return lambda: find_spec(module)


WHOLE, TAGGED = "spaCy, whole pipeline", "spaCy without parser and NER"
POSSIBLE, CONTEXT = "sendthemes, possible lemmas", "sendthemes, lemmas in context"
WAYS = {
    f"{POSSIBLE}, no patterns": Way(lambda texts: ours(texts, patterns=False), True, "phrases", gate=True),
    f"{POSSIBLE}, no patterns, 2 processes": Way(
        lambda texts: ours(texts, processes=2, patterns=False), True, "phrases"
    ),
    POSSIBLE: Way(ours, gate=True),
    f"{POSSIBLE}, 2 processes": Way(lambda texts: ours(texts, processes=2), gate=True),
    CONTEXT: Way(lambda texts: ours(texts, "in_context"), False, "in_context", gate=True),
    f"{CONTEXT}, 2 processes": Way(lambda texts: ours(texts, "in_context", 2), False, "in_context"),
    WHOLE: Way(peers.spacy_pipe, False, "in_context", gate=True),
    TAGGED: Way(lambda texts: peers.spacy_pipe(texts, ("parser", "ner")), False, "in_context"),
    "spaCy, blank, lookup lemmatiser": Way(peers.spacy_lookup, False, there=installed("spacy_lookups_data")),
    "spaCy tokenizer, every form": Way(peers.spacy_spelled, False),
    "re and a dict, every form": Way(peers.regular),
    "ahocorasick-rs, every form": Way(peers.aho_corasick, there=installed("ahocorasick_rs")),
    "flashtext2, every form": Way(peers.flash_text, there=installed("flashtext2")),
    "hyperscan, every form": Way(peers.hyper_scan, there=installed("hyperscan")),
    "quanteda, every form, 2 threads": Way(peers.quanteda, there=peers.has_quanteda),
    "sendthemes on Spark, 2 threads": Way(
        peers.spark, there=lambda: find_spec("pyspark") and shutil.which("java")
    ),
    "sendthemes on Dask, 2 processes": Way(peers.dask, there=installed("dask")),
}


def run_one(way: str, answers: int, check: int) -> dict[str, Any]:
    """Run one way in this fresh process; say what it took and what it found."""
    import spacy  # noqa: F401 - imported before the clock starts, for every way alike

    import sendthemes.coding.code
    import sendthemes.report.run  # noqa: F401

    texts = make_texts(answers)
    before, start = used(), time.perf_counter()
    found = WAYS[way].run(texts)
    wall, cpu = time.perf_counter() - start, used() - before
    first = sorted((at, entry) for at, entry in found if at < check)
    took = {"wall": wall, "cpu": cpu, "peak_mb": peak()}
    return {"way": way, "answers": answers, **took, "hits": len(found), "first": first}


def used() -> float:
    """Give the seconds of processor time of this process and all under it, ended or not."""
    ended = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    alive = (status.rsplit(")", 1)[1].split()[11:13] for status in _under("stat"))
    return sum(each.ru_utime + each.ru_stime for each in ended) + sum(
        sum(map(int, times)) / os.sysconf("SC_CLK_TCK") for times in alive
    )


def peak() -> int:
    """Give the most memory (MB) of this process, its largest child that ended, and all that live."""
    ended = (resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    alive = [int(status.split("VmHWM:")[1].split()[0]) for status in _under("status") if "VmHWM:" in status]
    return (sum(ended) + sum(alive)) // 1024


def _under(file: str) -> list[str]:
    """Read a file of /proc for every process under this one."""
    parents: dict[str, str] = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            parents[stat.parent.name] = stat.read_text().rsplit(")", 1)[1].split()[1]
        except OSError:  # it has just ended
            continue
    under, new = set(), {str(os.getpid())}
    while new:
        new = {child for child, parent in parents.items() if parent in new}
        under |= new
    return [path.read_text() for each in under if (path := Path("/proc", each, file)).exists()]


def measured(ways: list[str], options: argparse.Namespace) -> list[dict[str, Any]]:
    """Let the ways take turns; give the best round of each, compared with the reference."""
    best: dict[str, dict[str, Any]] = {}
    for _ in range(options.rounds):
        for way in ways:
            size = options.answers if WAYS[way].quick else options.peers
            command = [sys.executable, __file__, "--one", way, "--answers", str(size)]
            ran = subprocess.run(
                [*command, "--peers", str(options.peers)], check=True, stdout=subprocess.PIPE, text=True
            )
            made = json.loads(ran.stdout.splitlines()[-1])
            print(f"{way}: {made['cpu']:.1f} s of work", file=sys.stderr, flush=True)
            if way not in best or made["cpu"] < best[way]["cpu"]:
                best[way] = made
    texts = make_texts(options.peers)
    exact = {kind: peers.reference(texts, kind) for kind in {WAYS[way].exact for way in best}}
    slow = best[WHOLE]
    for way, made in best.items():
        wanted = exact[WAYS[way].exact]
        made["exact"], made["checked"] = len(wanted), options.peers
        made["differing"] = len({(at, entry) for at, entry in made.pop("first")} ^ wanted)
        for kind in ("cpu", "wall"):
            made[f"times_whole_{kind}"] = made["answers"] / made[kind] / (slow["answers"] / slow[kind])
    return list(best.values())


def table(found: list[dict[str, Any]]) -> str:
    head = "way|answers|wall s|CPU s|answers per CPU s|× whole pipeline, CPU|× wall|peak MB|hits that differ"
    lines = ["| " + head.replace("|", " | ") + " |", "|---" + "|--:" * 8 + "|"]
    for made in found:
        cells = (
            made["way"],
            f"{made['answers']:,}",
            f"{made['wall']:.1f}",
            f"{made['cpu']:.1f}",
            f"{made['answers'] / made['cpu']:,.0f}",
            f"{made['times_whole_cpu']:,.1f}",
            f"{made['times_whole_wall']:,.1f}",
            f"{made['peak_mb']:,}",
            f"{made['differing']:,} of {made['exact']:,}",
        )
        lines.append("| " + " | ".join(cells) + " |")
    return "\n".join(lines)


def edits(answers: int) -> None:
    """Print what one edited entry costs: index in memory, and cache on disk in a new process."""
    from sendthemes.coding.code import code_answers

    survey = make_answers(make_texts(answers))
    edited = make_entries()
    edited[0][0] = "yesterday"
    with tempfile.TemporaryDirectory() as folder:
        coded = code_answers(survey, make_codebook(make_entries()), cache=folder)
        len(coded.columns.answer)
        book = make_codebook(edited)
        start = time.process_time()
        len(coded.recode(book).columns.answer)
        print(f"one edited entry, index in memory: {1000 * (time.process_time() - start):.0f} ms (CPU)")
        command = [sys.executable, __file__, "--edited", folder, "--answers", str(answers)]
        subprocess.run(command, check=True)


def edited_from(folder: str, answers: int) -> None:
    from sendthemes.coding.code import code_answers

    survey, edited = make_answers(make_texts(answers)), make_entries()
    edited[0][0] = "yesterday"
    book = make_codebook(edited)
    start = time.process_time()
    len(code_answers(survey, book, cache=folder).columns.answer)
    print(f"one edited entry, cache on disk, new process: {time.process_time() - start:.2f} s (CPU)")


# At a few thousand answers start-up weighs, and patterns make the tagger read every candidate.
GATES = {f"{POSSIBLE}, no patterns": 10.0, POSSIBLE: 2.0, CONTEXT: 1.5}


def gate(found: list[dict[str, Any]]) -> None:
    """Hold what no machine changes: ours finds what the reference finds, and is quicker by far."""
    faults = []
    for made in found:
        if made["way"].startswith("sendthemes") and made["differing"]:
            faults.append(f"{made['way']}: {made['differing']} hits differ")
        if made["times_whole_cpu"] < GATES.get(made["way"], 0):
            faults.append(f"{made['way']}: only {made['times_whole_cpu']:.1f} × the whole pipeline")
    if faults:
        raise SystemExit("\n".join(faults))


def main() -> None:
    """Run every way that is installed in turns; write JSON, print a Markdown table."""
    given = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    given.add_argument("--answers", type=int, default=100_000, help="for the quick ways")
    given.add_argument("--peers", type=int, default=2_000, help="for the slow ways")
    given.add_argument("--rounds", type=int, default=3)
    given.add_argument("--out", type=Path, help="the JSON to write")
    given.add_argument(
        "--gate", action="store_true", help="small: fail where hits differ or ours is not quicker"
    )
    given.add_argument("--edits", action="store_true", help="what one edited entry costs")
    given.add_argument("--one", help=argparse.SUPPRESS)
    given.add_argument("--edited", help=argparse.SUPPRESS)
    options = given.parse_args()
    if options.one:
        print(json.dumps(run_one(options.one, options.answers, options.peers)))
        return
    if options.edited:
        edited_from(options.edited, options.answers)
        return
    if options.edits:
        edits(options.answers)
        return
    missing = [way for way, each in WAYS.items() if not each.there()]
    ways = [way for way, each in WAYS.items() if way not in missing and (each.gate or not options.gate)]
    found = measured(ways, options)
    machine = {
        "machine": platform.machine(), "cpus": os.cpu_count(), "python": platform.python_version(),
        "spacy": version("spacy"), "numpy": version("numpy"), "rounds": options.rounds,
        "load": os.getloadavg()[0],
    }  # fmt: skip
    if options.out:
        options.out.write_text(
            json.dumps({"run_on": machine, "not_installed": missing, "ways": found}, indent=1) + "\n"
        )
    print(f"{machine}\nNot installed: {', '.join(missing) or 'nothing'}\n\n{table(found)}")
    if options.gate:
        gate(found)


if __name__ == "__main__":
    main()
