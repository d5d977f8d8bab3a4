"""What the library is measured beside: each function finds the bench codebook's entries its own way.

A hit is an answer in which an entry occurs. Words and phrases are matched by lemma where a tool has lemmas,
and by every form spelled out where it has none; token patterns by those tools alone that have them.
"""

from __future__ import annotations

import csv
import os
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from functools import lru_cache
from itertools import product
from pathlib import Path
from typing import Any

from benchmarks.corpus import PATTERNS, make_answers, make_codebook, make_entries

Hits = set[tuple[int, str]]


@lru_cache
def phrases() -> dict[str, int]:
    """Give every word and phrase, with its theme."""
    return {entry: at for at, theme in enumerate(make_entries()) for entry in theme}


@lru_cache
def patterns() -> dict[str, int]:
    """Give the label of every token pattern, with its theme."""
    themes = make_codebook(make_entries(), patterns=True).themes
    return {each.label: at for at, theme in enumerate(themes) for each in theme.entries if each.tokens}


@lru_cache
def spelled() -> dict[str, list[str]]:
    """Spell out every form of every word and phrase."""
    from sendthemes.language.types import load_types

    covered = load_types().covered
    return {
        entry: sorted(" ".join(way) for way in product(*(sorted(covered(word)) for word in entry.split())))
        for entry in phrases()
    }


def add_patterns(matcher: Any) -> None:
    for label, at in patterns().items():
        matcher.add(label, [PATTERNS[at]])


def spacy_pipe(texts: list[str], exclude: tuple[str, ...] = ()) -> Hits:
    import spacy

    from sendthemes.language.model import model_path

    return _matched(spacy.load(model_path(), exclude=list(exclude)), texts, with_patterns=True)


def spacy_lookup(texts: list[str]) -> Hits:
    """No tagger: a table gives each form one lemma, whatever its part of speech."""
    import spacy

    nlp = spacy.blank("en")
    nlp.add_pipe("lemmatizer", config={"mode": "lookup"})
    nlp.initialize()
    return _matched(nlp, texts, with_patterns=False)


def _matched(nlp: Any, texts: list[str], *, with_patterns: bool) -> Hits:
    from spacy.matcher import Matcher, PhraseMatcher

    matchers: list[Any] = [PhraseMatcher(nlp.vocab, attr="LEMMA")]
    for entry, doc in zip(phrases(), nlp.pipe(phrases()), strict=True):
        matchers[0].add(entry, [doc])
    if with_patterns:
        matchers.append(Matcher(nlp.vocab))
        add_patterns(matchers[1])
    names = nlp.vocab.strings
    return {
        (at, names[name])
        for at, doc in enumerate(nlp.pipe(texts))
        for matcher in matchers
        for name, _, _ in matcher(doc)
    }


def spacy_spelled(texts: list[str]) -> Hits:
    """The tokenizer alone."""
    import spacy
    from spacy.matcher import PhraseMatcher

    nlp = spacy.blank("en")
    matcher = PhraseMatcher(nlp.vocab, attr="LOWER")
    for entry, ways in spelled().items():
        matcher.add(entry, [nlp.make_doc(way) for way in ways])
    names = nlp.vocab.strings
    return {(at, names[name]) for at, doc in enumerate(nlp.pipe(texts)) for name, _, _ in matcher(doc)}


def regular(texts: list[str]) -> Hits:
    """Cut at what is no word character, look up every run of one to three words."""
    import re

    owner = {tuple(way.split()): entry for entry, ways in spelled().items() for way in ways}
    found: Hits = set()
    for at, text in enumerate(texts):
        words = re.findall(r"\w+", text.lower())
        for size in (1, 2, 3):
            runs = zip(*(words[first:] for first in range(size)), strict=False)
            found |= {(at, owner[run]) for run in runs if run in owner}
    return found


def aho_corasick(texts: list[str]) -> Hits:
    import ahocorasick_rs

    owner = [(way, entry) for entry, ways in spelled().items() for way in ways]
    finder = ahocorasick_rs.AhoCorasick([f" {way} " for way, _ in owner])
    found = set()
    for at, text in enumerate(texts):
        hits = finder.find_matches_as_indexes(f" {text.lower()} ", overlapping=True)
        found |= {(at, owner[which][1]) for which, *_ in hits}
    return found


def flash_text(texts: list[str]) -> Hits:
    import flashtext2

    processor = flashtext2.KeywordProcessor(case_sensitive=False)
    for entry, ways in spelled().items():
        for way in ways:
            processor.add_keyword(way, entry)
    return {(at, entry) for at, text in enumerate(texts) for entry in processor.extract_keywords(text)}


def hyper_scan(texts: list[str]) -> Hits:
    import hyperscan

    owner = [(way, entry) for entry, ways in spelled().items() for way in ways]
    flags = hyperscan.HS_FLAG_CASELESS | hyperscan.HS_FLAG_SINGLEMATCH
    database = hyperscan.Database()
    database.compile(
        expressions=[rf"\b{way}\b".encode() for way, _ in owner],
        ids=list(range(len(owner))),
        flags=[flags] * len(owner),
    )
    found: Hits = set()

    def hit(which: int, start: int, end: int, flags: int, at: Any) -> None:
        found.add((at, owner[which][1]))

    for at, text in enumerate(texts):
        database.scan(text.encode(), match_event_handler=hit, context=at)
    return found


QUANTEDA = """
suppressMessages(library(quanteda)); quanteda_options(threads = 2)
given <- commandArgs(TRUE)
texts <- readLines(given[1], encoding = "UTF-8")
ways <- read.csv(given[2], header = FALSE, encoding = "UTF-8", stringsAsFactors = FALSE)
found <- dfm(tokens_lookup(tokens(texts), dictionary(split(ways$V2, ways$V1)), nested_scope = "key"))
hits <- as(found, "TsparseMatrix")
write.table(data.frame(hits@i, hits@j + 1), given[3], sep = ",", row.names = FALSE, col.names = FALSE)
writeLines(colnames(found), given[4])
"""


def quanteda(texts: list[str]) -> Hits:
    """R's quanteda on two threads, every form spelled out; its own start and the files' way are counted."""
    with tempfile.TemporaryDirectory() as folder:
        answers, ways, hits, names = (Path(folder) / name for name in ("texts", "ways", "hits", "names"))
        answers.write_text("\n".join(texts) + "\n", encoding="utf-8")
        with ways.open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows((entry, way) for entry, listed in spelled().items() for way in listed)
        subprocess.run(["Rscript", "-e", QUANTEDA, answers, ways, hits, names], check=True)
        labels = names.read_text(encoding="utf-8").splitlines()
        with hits.open(encoding="utf-8") as file:
            return {(int(at), labels[int(which) - 1]) for at, which in csv.reader(file)}


def rows(texts: list[str]) -> list[tuple[str, str, str, str]]:
    return [(str(at), f"r{at}", "q1", text) for at, text in enumerate(texts)]


def spark(texts: list[str]) -> Hits:
    """Our batch function under Spark, two threads on this machine; the session's start is counted."""
    from pyspark.sql import SparkSession

    from sendthemes.spark import code_spark

    os.environ |= {"PYSPARK_PYTHON": sys.executable, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    session = SparkSession.builder.master("local[2]").config("spark.ui.enabled", "false").getOrCreate()
    session.sparkContext.setLogLevel("ERROR")
    columns = "answer_id string, respondent string, question string, text string"
    frame = session.createDataFrame(rows(texts), columns).repartition(4)
    questions = make_answers([]).questions
    coded = code_spark(frame, make_codebook(make_entries(), patterns=True), questions=questions)
    return {(int(row.answer_id), row.entry) for row in coded.select("answer_id", "entry").collect()}


def dask(texts: list[str]) -> Hits:
    """Our batch function under Dask, two processes; their start is counted."""
    import dask
    import pyarrow

    from sendthemes.coding.batches import code_batch
    from sendthemes.coding.processes import Settings

    names = ["answer_id", "respondent", "question", "text"]
    table = pyarrow.Table.from_arrays(
        [pyarrow.array(column) for column in zip(*rows(texts), strict=True)], names
    )
    book = make_codebook(make_entries(), patterns=True)
    settings = Settings(book, make_answers([]).questions)
    size = max(1, len(texts) // 4)
    tasks = [dask.delayed(code_batch)(batch, settings) for batch in table.to_batches(max_chunksize=size)]
    found: Hits = set()
    for batch in dask.compute(*tasks, scheduler="processes", num_workers=2):
        codings: Mapping[str, Sequence[Any]] = batch.select(["answer_id", "entry"]).to_pydict()
        found |= {(int(at), entry) for at, entry in zip(*codings.values(), strict=True)}
    return found


def reference(texts: list[str], kind: str) -> Hits:
    """Read word after word, slow and plain: lemmas, patterns, and one hit where a theme's hits overlap."""
    from spacy.matcher import Matcher
    from tests.coding.reference import tokens_of

    from sendthemes.coding.tagged import COMPONENTS
    from sendthemes.language.model import load_pipeline
    from sendthemes.language.types import load_types
    from sendthemes.text import normalise

    types, nlp = load_types(), load_pipeline(COMPONENTS)
    matcher = Matcher(nlp.vocab)
    if kind != "phrases":
        add_patterns(matcher)
    starts: dict[str, list[str]] = {}
    for entry in phrases():
        for form in types.covered(entry.split()[0]):
            starts.setdefault(form, []).append(entry)

    def fits(word: str, token: Any) -> bool:
        if token.folded not in types.covered(word) or kind != "in_context":
            return token.folded in types.covered(word)
        bases = {word, *types.bases(word)}
        possible = types.lemmas(token.folded)
        return token.folded in bases or bool(bases & ({token.lemma} if token.lemma in possible else possible))

    found: Hits = set()
    plain = [normalise(text).text for text in texts]
    for at, (text, doc) in enumerate(zip(plain, nlp.pipe(plain), strict=True)):
        for read in doc:
            read.lemma_ = read.lemma_.casefold()
        tokens = tokens_of(text)
        for token in tokens:
            token.lemma = next(r.lemma_ for r in doc if r.idx <= token.start < r.idx + len(r.text))
        spans: dict[int, list[tuple[int, int, str]]] = {}
        for span in matcher(doc, as_spans=True) if len(matcher) else ():
            spans.setdefault(patterns()[span.label_], []).append(
                (span.start_char, span.end_char, span.label_)
            )
        for place, token in enumerate(tokens):
            for entry in starts.get(token.folded, ()):
                words = entry.split()
                run = tokens[place : place + len(words)]
                if len(run) == len(words) and all(map(fits, words, run)) and run[-1].segment == token.segment:
                    spans.setdefault(phrases()[entry], []).append((token.start, run[-1].end, entry))
        for listed in spans.values():
            kept: list[tuple[int, int]] = []
            for start, end, label in sorted(set(listed), key=lambda hit: (hit[0] - hit[1], hit[0], hit[2])):
                if all(end <= a or b <= start for a, b in kept):
                    kept.append((start, end))
                    found.add((at, label))
    return found


def has_quanteda() -> bool:
    """Say whether R is there, and quanteda in it."""
    try:
        asked = subprocess.run(["Rscript", "-e", "library(quanteda)"], capture_output=True, check=False)
    except FileNotFoundError:
        return False
    return asked.returncode == 0
