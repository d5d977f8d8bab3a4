"""How well the bundled patient-experience codebook agrees with analysts, theme by theme.

Run: ``python benchmarks/patient_experience.py ANSWERS.csv`` with a CSV of the columns answer_id,
respondent_id, question, answer and labels (names joined by ``|``). It prints a Markdown table of aggregate
figures; no answer is shown.
"""

from __future__ import annotations

import csv
import sys
from pathlib import Path
from typing import NamedTuple

import sendthemes as st


class Score(NamedTuple):
    """Agreement on one theme over all answers: both, codebook alone, analyst alone."""

    both: int
    codebook: int
    analyst: int

    @property
    def precision(self) -> float:
        """Share of the codebook's answers that the analyst has too; 0 where it has none."""
        return self.both / max(self.both + self.codebook, 1)

    @property
    def recall(self) -> float:
        """Share of the analyst's answers that the codebook has too; 0 where there are none."""
        return self.both / max(self.both + self.analyst, 1)

    @property
    def f1(self) -> float:
        """Harmonic mean of precision and recall; 0 where both are."""
        return 2 * self.both / max(2 * self.both + self.codebook + self.analyst, 1)


def scores(path: Path, *, codebook: str = "patient-experience") -> dict[str, Score]:
    """Code the answers of a CSV and compare each (answer, theme) with the labels beside it.

    Args:
        path: The CSV. Blank answers count: a label on one is a miss.
        codebook: The name or path of a codebook whose theme labels are the names in the column ``labels``.

    Returns:
        Label → score, in codebook order.
    """
    answers = st.read_answers(
        path,
        layout="long",
        respondent="respondent_id",
        question="question",
        answer="answer",
        answer_id="answer_id",
    )
    book = st.load_codebook(codebook)
    found = {(coding.answer_id, coding.theme) for coding in st.code_answers(answers, book)}
    with path.open(encoding="utf-8", newline="") as file:
        given = {row["answer_id"]: set(row["labels"].split("|")) for row in csv.DictReader(file)}
    result = {}
    for theme in book.themes:
        ours = {answer for answer, name in found if name == theme.theme}
        theirs = {answer for answer, labels in given.items() if theme.title in labels}
        result[theme.title] = Score(len(ours & theirs), len(ours - theirs), len(theirs - ours))
    return result


def report(result: dict[str, Score]) -> str:
    """Set the scores as a Markdown table with the micro and macro averages below."""
    lines = ["| theme | answers | precision | recall | F1 |", "|---|--:|--:|--:|--:|"]
    rows = [
        *result.items(),
        ("**micro**", Score(*(sum(column) for column in zip(*result.values(), strict=True)))),
    ]
    for label, score in rows:
        answers = score.both + score.analyst
        lines.append(f"| {label} | {answers} | {score.precision:.2f} | {score.recall:.2f} | {score.f1:.2f} |")
    parts = zip(*((score.precision, score.recall, score.f1) for score in result.values()), strict=True)
    macro = [sum(part) / len(result) for part in parts]
    lines.append(f"| **macro** | | {macro[0]:.2f} | {macro[1]:.2f} | {macro[2]:.2f} |")
    return "\n".join(lines)


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit("usage: python benchmarks/patient_experience.py ANSWERS.csv")
    print(report(scores(Path(sys.argv[1]))))
