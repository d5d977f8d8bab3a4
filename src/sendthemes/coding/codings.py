"""Codings: where a theme was found, and the coded answers as a whole."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Status = Literal["rule", "added", "confirmed"]
STATUSES: tuple[Status, ...] = ("rule", "added", "confirmed")


@dataclass(frozen=True, slots=True)
class Coding:
    """One place where a theme was found; ``matched`` is ``answer[start:end]`` of the answer as read.

    A theme that a person added stands on the whole answer without a place: entry and matched are empty,
    start and end are 0, status is "added".
    """

    answer_id: str
    respondent: str
    question: str
    theme: str
    entry: str
    matched: str
    start: int
    end: int
    negated: bool = False
    echo: bool = False
    status: Status = "rule"

    def __post_init__(self) -> None:
        if self.end - self.start != len(self.matched):
            raise ValueError(
                f"a coding's offsets {self.start}-{self.end} do not fit the words {len(self.matched)} long"
            )
