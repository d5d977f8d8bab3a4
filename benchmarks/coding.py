"""Time the coding beside its peers, in one run: python benchmarks/coding.py --out docs/performance.json.

Every way codes texts of one corpus with the same 400 entries; one that is slow gets fewer answers (--peers),
and rates are compared. Ways take turns, each in a fresh process, in several rounds; the best round of each
counts. A hit is an answer in which an entry occurs; hits are compared with the exact reference: possible
lemmas, read token by token.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import resource
import subprocess
import sys
import time
from collections.abc import Callable
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
from benchmarks.corpus import make_answers, make_codebook, make_entries, make_texts

Hits = set[tuple[int, str]]


def ours(texts: list[str], lemmas: str = "possible", processes: int = 1) -> Hits:
    from sendthemes.coding.code import code_answers

    coded = code_answers(
        make_answers(texts), make_codebook(make_entries()), lemmas=lemmas, processes=processes  # type: ignore[arg-type]
    )  # fmt: skip
    found = coded.columns
    labels = coded.entry_labels
    pairs = set(zip(found.answer.tolist(), found.entry.tolist(), strict=True))
    return {(answer, labels[entry]) for answer, entry in pairs}


def spacy_pipe(texts: list[str], exclude: tuple[str, ...] = ()) -> Hits:
    import spacy
    from spacy.matcher import PhraseMatcher

    from sendthemes.language.model import model_path

    nlp = spacy.load(model_path(), exclude=list(exclude))
    return _phrase_matched(nlp, PhraseMatcher(nlp.vocab, attr="LEMMA"), texts)


def spacy_blank(texts: list[str]) -> Hits:
    """The tokenizer alone, and every form of an entry spelled out: no lemmas, no tagger."""
    import spacy
    from spacy.matcher import PhraseMatcher

    nlp = spacy.blank("en")
    matcher = PhraseMatcher(nlp.vocab, attr="LOWER")
    for entry, ways in _spelled().items():
        matcher.add(entry, [nlp.make_doc(way) for way in ways])
    return _all_matched(nlp, matcher, texts)


def _phrase_matched(nlp: Any, matcher: Any, texts: list[str]) -> Hits:
    for entry in _entries():
        matcher.add(entry, [nlp(entry)])
    return _all_matched(nlp, matcher, texts)


def _all_matched(nlp: Any, matcher: Any, texts: list[str]) -> Hits:
    names = nlp.vocab.strings
    return {(at, names[name]) for at, doc in enumerate(nlp.pipe(texts)) for name, _, _ in matcher(doc)}


def regular(texts: list[str]) -> Hits:
    """Cut at what is no word character, look up every run of one to three words."""
    import re

    owner = {tuple(way.split()): entry for entry, ways in _spelled().items() for way in ways}
    found: Hits = set()
    for at, text in enumerate(texts):
        words = re.findall(r"\w+", text.lower())
        for size in (1, 2, 3):
            runs = zip(*(words[first:] for first in range(size)), strict=False)
            found |= {(at, owner[run]) for run in runs if run in owner}
    return found


def aho_corasick(texts: list[str]) -> Hits:
    import ahocorasick_rs

    owner = [(way, entry) for entry, ways in _spelled().items() for way in ways]
    finder = ahocorasick_rs.AhoCorasick([f" {way} " for way, _ in owner])
    found = set()
    for at, text in enumerate(texts):
        plain = f" {text.lower()} "
        found |= {
            (at, owner[which][1]) for which, *_ in finder.find_matches_as_indexes(plain, overlapping=True)
        }
    return found


def flash_text(texts: list[str]) -> Hits:
    import flashtext2

    processor = flashtext2.KeywordProcessor(case_sensitive=False)
    for entry, ways in _spelled().items():
        for way in ways:
            processor.add_keyword(way, entry)
    return {(at, entry) for at, text in enumerate(texts) for entry in processor.extract_keywords(text)}


WAYS: dict[str, tuple[Callable[[list[str]], Hits], str, bool]] = {
    "sendthemes, possible lemmas": (ours, "", True),
    "sendthemes, possible lemmas, 2 processes": (lambda texts: ours(texts, processes=2), "", True),
    "sendthemes, lemmas in context": (lambda texts: ours(texts, "in_context"), "", False),
    "spaCy, whole pipeline, PhraseMatcher(LEMMA)": (spacy_pipe, "", False),
    "spaCy without parser and NER": (lambda texts: spacy_pipe(texts, ("parser", "ner")), "", False),
    "spaCy tokenizer, every form spelled out": (spacy_blank, "", False),
    "re and dict, every form": (regular, "", True),
    "ahocorasick-rs, every form": (aho_corasick, "ahocorasick_rs", True),
    "flashtext2, every form": (flash_text, "flashtext2", True),
}


def reference(texts: list[str]) -> Hits:
    """Say which entries are in which text by reading word after word: slow and plain."""
    sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
    from tests.coding.reference import tokens_of

    from sendthemes.language.types import load_types
    from sendthemes.text import normalise

    types = load_types()
    covered = {entry: [types.covered(word) for word in entry.split()] for entry in _entries()}
    starts: dict[str, list[str]] = {}
    for entry, words in covered.items():
        for form in words[0]:
            starts.setdefault(form, []).append(entry)
    found = set()
    for at, text in enumerate(texts):
        tokens = tokens_of(normalise(text).text)
        for place, token in enumerate(tokens):
            for entry in starts.get(token.folded, ()):
                run = tokens[place : place + len(covered[entry])]
                if len(run) == len(covered[entry]) and all(
                    each.folded in forms and each.segment == token.segment
                    for each, forms in zip(run, covered[entry], strict=True)
                ):
                    found.add((at, entry))
    return found


def _entries() -> list[str]:
    return [entry for theme in make_entries() for entry in theme]


def _spelled() -> dict[str, list[str]]:
    from itertools import product

    from sendthemes.language.types import load_types

    covered = load_types().covered
    return {
        entry: sorted(" ".join(way) for way in product(*(sorted(covered(word)) for word in entry.split())))
        for entry in _entries()
    }


def run_one(way: str, answers: int, check: int) -> None:
    """Run one way in this fresh process; print what it took as JSON."""
    import spacy  # noqa: F401 - imported before the clock starts, for every way alike

    import sendthemes.coding.code
    import sendthemes.report.run  # noqa: F401

    texts = make_texts(answers)
    make_codebook(make_entries())
    before = _usage()
    start = time.perf_counter()
    found = WAYS[way][0](texts)
    wall = time.perf_counter() - start
    cpu = _usage() - before
    wanted = {(at, entry) for at, entry in found if at < check}
    exact = reference(texts[:check])
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    print(json.dumps({
        "way": way, "answers": answers, "wall": wall, "cpu": cpu, "peak_mb": peak, "hits": len(found),
        "checked": check, "differing": len(wanted ^ exact), "exact": len(exact),
    }))  # fmt: skip


def _usage() -> float:
    both = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(each.ru_utime + each.ru_stime for each in both)


def main() -> None:
    """Run every way that is installed in turns; write JSON, print a Markdown table."""
    given = argparse.ArgumentParser(description=__doc__)
    given.add_argument("--answers", type=int, default=100_000, help="for the quick ways")
    given.add_argument("--peers", type=int, default=2_000, help="for the slow ways")
    given.add_argument("--rounds", type=int, default=3)
    given.add_argument("--out", type=Path)
    given.add_argument("--one", help=argparse.SUPPRESS)
    options = given.parse_args()
    check = min(options.peers, 2_000)
    if options.one:
        run_one(options.one, options.answers, check)
        return
    best: dict[str, dict[str, Any]] = {}
    ways = [way for way, (_, needs, _) in WAYS.items() if not needs or find_spec(needs)]
    for _ in range(options.rounds):
        for way in ways:
            size = options.answers if WAYS[way][2] else options.peers
            command = [
                sys.executable,
                __file__,
                "--one",
                way,
                "--answers",
                str(size),
                "--peers",
                str(options.peers),
            ]
            made = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
            made["load"] = os.getloadavg()[0]
            if way not in best or made["cpu"] < best[way]["cpu"]:
                best[way] = made
    slow = best["spaCy, whole pipeline, PhraseMatcher(LEMMA)"]
    for made in best.values():
        made["answers_a_second"] = made["answers"] / made["wall"]
        made["answers_a_cpu_second"] = made["answers"] / made["cpu"]
        made["times_whole_pipeline_cpu"] = made["answers_a_cpu_second"] / (slow["answers"] / slow["cpu"])
    machine = {
        "machine": platform.machine(), "cpus": os.cpu_count(), "python": platform.python_version(),
        "spacy": version("spacy"), "numpy": version("numpy"), "rounds": options.rounds,
    }  # fmt: skip
    if options.out:
        options.out.write_text(json.dumps({"run_on": machine, "ways": list(best.values())}, indent=1) + "\n")
    print(f"{machine}\n")
    print(
        "| way | answers | wall s | CPU s | answers per CPU second | × whole pipeline | peak MB | differing |"
    )
    print("|---|--:|--:|--:|--:|--:|--:|--:|")
    for made in best.values():
        print(
            f"| {made['way']} | {made['answers']:,} | {made['wall']:.1f} | {made['cpu']:.1f} "
            f"| {made['answers_a_cpu_second']:,.0f} | {made['times_whole_pipeline_cpu']:.1f} "
            f"| {made['peak_mb']:,} | {made['differing']:,} of {made['exact']:,} |"
        )


if __name__ == "__main__":
    main()
