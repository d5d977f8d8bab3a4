"""How much coded answers improve a codebook: start list × number of coded answers, cross-validated.

Run: ``python benchmarks/suggest.py ANSWERS.csv`` with a CSV of the columns answer_id, respondent_id,
question, answer and labels (names joined by ``|``). Respondents are parted into five folds; in each turn a
codebook is improved from the answers of four and scored on the fifth. It prints a Markdown table of
aggregate figures; no answer is shown.
"""

from __future__ import annotations

import csv
import re
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression

import sendthemes as st
from sendthemes.coding.apply import Engine
from sendthemes.sensecheck.borrowing import lists
from sendthemes.sensecheck.gold import read_gold
from sendthemes.sensecheck.improve import improved, plans

FOLDS = 5
LIMIT = 250  # entries
SIZES = (500, 1000, None)
SMALL = {"a", "and", "during", "for", "from", "in", "of", "on", "the", "to", "with"}
Flags = np.ndarray[Any, np.dtype[np.bool_]]


class Experiment:
    """The answers, what analysts said of them, and the folds."""

    def __init__(self, path: Path) -> None:
        self.answers = st.read_answers(
            path, layout="long", respondent="respondent_id", question="question", answer="answer",
            answer_id="answer_id",
        )  # fmt: skip
        self.engine = Engine(self.answers)
        with path.open(encoding="utf-8", newline="") as file:
            rows = sorted(csv.DictReader(file), key=lambda row: row["answer_id"])
        self.themes = st.load_codebook("patient-experience").themes
        self.ids = [row["answer_id"] for row in rows]
        self.texts = [row["answer"] for row in rows]
        self.given = np.array(
            [[theme.title in row["labels"].split("|") for theme in self.themes] for row in rows]
        )
        respondents = sorted({row["respondent_id"] for row in rows})
        order = np.random.default_rng(7).permutation(len(respondents)) % FOLDS
        fold = dict(zip(respondents, order.tolist(), strict=True))
        self.fold = np.array([fold[row["respondent_id"]] for row in rows])

    def bare(self) -> st.Codebook:
        """Make the bare list: the words of each theme's label."""
        return st.load_codebook({
            "codebook": "label-names",
            "themes": [
                {"theme": each.theme, "label": each.title, "entries": sorted(
                    {word for word in re.findall(r"[a-z]+", each.title.casefold()) if word not in SMALL})}
                for each in self.themes
            ],
        })  # fmt: skip

    def said(self, codebook: st.Codebook) -> Flags:
        """Say which themes a codebook finds in which answers."""
        found = {(coding.answer_id, coding.theme) for coding in st.code_answers(self.answers, codebook)}
        return np.array([[(name, theme.theme) in found for theme in self.themes] for name in self.ids])

    def gold(self, rows: Sequence[int]) -> list[dict[str, str | None]]:
        """Give what analysts said of some answers, as ``improve_codebook`` takes it."""
        gold: list[dict[str, str | None]] = []
        for at in rows:
            names = [theme.theme for theme, holds in zip(self.themes, self.given[at], strict=True) if holds]
            gold += [{"answer_id": self.ids[at], "theme": name} for name in names or [None]]
        return gold

    def learn(self, rows: Flags, size: int | None, fold: int) -> list[int]:
        """Choose the answers to learn from."""
        every = np.flatnonzero(rows)
        chosen = every if size is None else np.random.default_rng(fold).permutation(every)[:size]
        return sorted(chosen.tolist())

    def across(
        self, size: int | None, method: Callable[[list[int]], tuple[Flags, int]]
    ) -> tuple[Flags, float]:
        """Give what a method says of each answer without having seen its respondent; and its mean size."""
        said = np.zeros_like(self.given)
        sizes = []
        for fold in range(FOLDS):
            result, entries = method(self.learn(self.fold != fold, size, fold))
            said[self.fold == fold] = result[self.fold == fold]
            sizes.append(entries)
        return said, float(np.mean(sizes))

    def improved(
        self, start: st.Codebook, borrow: Sequence[str] | None
    ) -> Callable[[list[int]], tuple[Flags, int]]:
        """Give the method: the codebook improved from some answers."""
        borrowed = lists(borrow, self.answers)

        def method(rows: list[int]) -> tuple[Flags, int]:
            gold = read_gold(self.gold(rows), start, self.answers)
            # As improve_codebook does, but for all folds with one reading of the answers.
            made = improved(start, plans(self.engine, start, gold, LIMIT, borrowed))
            return self.said(made), sum(len(theme.entries) for theme, _ in made.walk())

        return method

    def regression(self, rows: list[int]) -> tuple[Flags, int]:
        """Learn TF-IDF (words and pairs) with logistic regression from some answers, as a reference."""
        words = TfidfVectorizer(ngram_range=(1, 2), min_df=2, sublinear_tf=True)
        learn = words.fit_transform([self.texts[at] for at in rows])
        every = words.transform(self.texts)
        said = np.zeros_like(self.given)
        for at in range(len(self.themes)):
            if self.given[rows, at].any():
                model = LogisticRegression(C=10, class_weight="balanced", max_iter=300)
                said[:, at] = model.fit(learn, self.given[rows, at]).predict(every)
        return said, 0


def f1(said: Flags, given: Flags) -> tuple[float, float]:
    """Give micro and macro F1."""
    both, all_of = (said & given).sum(axis=0), said.sum(axis=0) + given.sum(axis=0)
    return 2 * both.sum() / all_of.sum(), float(np.mean(2 * both / np.maximum(all_of, 1)))


def main(path: Path) -> None:
    """Print the table, a row as soon as it is measured."""
    case = Experiment(path)
    print("| start | coded answers | entries | micro F1 | macro F1 |")
    print("|---|--:|--:|--:|--:|")
    own = "patient-experience"
    others = [str(name) for name in st.list_codebooks().column("codebook") if name != own]
    bare, bundled = case.bare(), st.load_codebook(own)
    for name, start, borrow in (
        ("label names, nothing borrowed", bare, []),
        ("label names, the four other codebooks to borrow from", bare, others),
        (f"label names, {own} too", bare, None),
        (own, bundled, None),
    ):
        entries = sum(len(theme.entries) for theme, _ in start.walk())
        micro, macro = f1(case.said(start), case.given)
        print(f"| {name} | none | {entries} | {micro:.3f} | {macro:.3f} |", flush=True)
        for size in SIZES:
            _row(case, name, size, case.improved(start, borrow))
    for size in SIZES:
        _row(case, "TF-IDF, logistic regression", size, case.regression)


def _row(
    case: Experiment, name: str, size: int | None, method: Callable[[list[int]], tuple[Flags, int]]
) -> None:
    said, entries = case.across(size, method)
    micro, macro = f1(said, case.given)
    shown = f"{entries:.0f}" if entries else ""
    print(f"| {name} | {size or 'all of four folds'} | {shown} | {micro:.3f} | {macro:.3f} |", flush=True)


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit("usage: python benchmarks/suggest.py ANSWERS.csv")
    main(Path(sys.argv[1]))
