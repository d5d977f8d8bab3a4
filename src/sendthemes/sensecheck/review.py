"""Reviewing: answers read one at a time, each decision kept at once in the decisions file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path
from threading import Lock

from sendthemes.analysis.excerpts import AnyRedactor, redacted_answers
from sendthemes.codebook.model import Theme
from sendthemes.coding.code import CodedAnswers
from sendthemes.coding.codings import Coding
from sendthemes.errors import AnswersError, Problem
from sendthemes.files import digest
from sendthemes.redaction.spans import Redacted, moved
from sendthemes.sensecheck.decisions import (
    Decision,
    Verdict,
    answer_hash,
    read_decisions,
    theme_hash,
    write_decisions,
)
from sendthemes.sensecheck.sample import sense_check_sample
from sendthemes.survey.answers import Question


@dataclass(frozen=True, slots=True)
class Shown:
    """One answer as a coder sees it; in a blind review no themes."""

    answer_id: str  # never printed, as it may name the respondent
    question: Question
    pieces: tuple[tuple[str, tuple[str, ...]], ...]  # words between markings, with the themes that mark them
    found: tuple[str, ...]  # ids of the themes that the rules found


class Review:
    """One coder's way through a sample of answers; what was decided stands in the decisions file alone.

    Rows of other coders, and of other answers, stay in the file as they are. In a ``blind`` review the rules'
    coding is hidden; without a redactor (``None``) the answers are shown as they are. Size and seed are those
    of ``sense_check_sample``. ``AnswersError``: the decisions file is at fault, the coder has no name, or
    there is nothing to read.
    """

    def __init__(
        self,
        coded: CodedAnswers,
        *,
        path: str | Path,
        coder: str,
        redactor: AnyRedactor | None,
        blind: bool = False,
        size: int | None = None,
        seed: int = 0,
    ) -> None:
        self.coder: str = coder.strip()
        self.blind: bool = blind
        self.path: Path = Path(path)
        if not self.coder:
            raise AnswersError(Problem("The coder has no name.", remedy="Give a code or initials."))
        self.themes: tuple[Theme, ...] = tuple(theme for theme, _ in coded.codebook.walk())
        drawn = sense_check_sample(coded, size=size, seed=seed, redactor=None).column("answer_id")
        if not drawn:
            raise AnswersError(Problem("No answer says anything: there is nothing to review."))
        place = {name: at for at, name in enumerate(coded.answers.answer_ids)}
        places = [place[str(name)] for name in drawn]
        redacted = redacted_answers(coded.answers, places, redactor)
        marks: dict[str, list[Coding]] = {str(name): [] for name in drawn}
        for coding in () if blind else coded:
            if coding.answer_id in marks:
                marks[coding.answer_id].append(coding)
        self._hashes = {str(name): answer_hash(coded.answers.texts[place[str(name)]]) for name in drawn}
        self.answers: tuple[Shown, ...] = tuple(
            self._shown(coded, at, redacted[at], marks[coded.answers.answer_ids[at]]) for at in places
        )
        self._lock = Lock()
        self._written = ""
        self.said()

    def _shown(self, coded: CodedAnswers, at: int, redacted: Redacted, marks: list[Coding]) -> Shown:
        spans = [(*moved(redacted, mark.start, mark.end), mark.theme) for mark in marks if mark.matched]
        cuts = sorted({0, len(redacted.text), *(end for span in spans for end in span[:2])})
        order = [theme.theme for theme in self.themes]
        pieces = tuple(
            (
                redacted.text[start:end],
                tuple(sorted({name for low, high, name in spans if low <= start < high}, key=order.index)),
            )
            for start, end in pairwise(cuts)
        )
        answer = coded.answers.answer(at)
        found = {mark.theme for mark in marks}
        themes = tuple(name for name in order if name in found)
        return Shown(answer.id, coded.answers.question(answer.question), pieces, themes)

    def said(self) -> tuple[Decision, ...]:
        """Read what all coders have decided up to now."""
        return read_decisions(self.path) if self.path.exists() else ()

    def read(self) -> frozenset[str]:
        """Give the ids of the answers of this review that the coder has finished."""
        done = (each for each in self.said() if each.decision == "reviewed" and each.coder == self.coder)
        return frozenset(each.answer_id for each in done) & {shown.answer_id for shown in self.answers}

    def mine(self, shown: Shown) -> dict[str, Decision]:
        """Give what the coder decided on one answer: theme ("" = reviewed) → decision."""
        own = (each for each in self.said() if each.coder == self.coder)
        return {each.theme: each for each in own if each.answer_id == shown.answer_id}

    def undecided(self, shown: Shown, verdicts: Mapping[str, bool]) -> tuple[Theme, ...]:
        """Give the themes that the rules found and on which nothing was decided."""
        left = set(shown.found) - verdicts.keys()
        return tuple(theme for theme in self.themes if theme.theme in left)

    def save(self, shown: Shown, verdicts: Mapping[str, bool], comment: str, *, finished: bool) -> None:
        """Write the coder's decisions on one answer, in place of earlier ones on the same answer.

        ``verdicts`` say whether a theme applies, for those decided on; the comment is kept with every
        decision; ``finished``: the coder has read the answer for every theme. ``AnswersError``: the decisions
        file cannot be read as it stands now; nothing was written.
        """
        now = datetime.now(UTC).isoformat(timespec="seconds")
        with self._lock:
            before, mine = self.said(), self.mine(shown)
            known = {"", *(theme.theme for theme in self.themes)}
            kept = [each for each in before if each not in mine.values() or each.theme not in known]
            rows: list[tuple[str, Verdict, str]] = [("", "reviewed", "")] if finished or "" in mine else []
            for each in self.themes:
                if (applies := verdicts.get(each.theme)) is not None:
                    yes: Verdict = "confirm" if each.theme in shown.found else "add"
                    rows.append((each.theme, yes if applies else "drop", theme_hash(each)))
            for theme, verdict, hashed in rows:
                about = (self.coder, now, comment.strip(), self._hashes[shown.answer_id], hashed)
                new = Decision(shown.answer_id, theme, verdict, *about)
                old = mine.get(theme)
                kept.append(old if old and replace(old, time=now) == new else new)
            unknown = self.path.exists() and digest(self.path.read_bytes()) != self._written
            write_decisions(kept, self.path, copy=unknown)
            self._written = digest(self.path.read_bytes())
