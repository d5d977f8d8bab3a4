"""The faults that sendthemes reports.

::

    ValueError
    └── SendThemesError          any fault of the input that its owner can mend
        ├── CodebookError        a codebook, or another tool's dictionary
        ├── AnswersError         a file or frame of answers
        ├── RedactionError       a key file, or a leak found in an output
        ├── StudyError           a study file, or what it asks of its inputs
        └── ModelError           the spaCy model: missing, or not the known one

Every error carries ``problems``: all faults found in one go, each with its place and its remedy.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Problem:
    """One fault, in words that the owner of the input understands.

    Attributes:
        message: What was found and what was expected.
        where: The place: ``file.yml:12:5``, or ``answers.xlsx, sheet Data, cell C7``; empty if unknown.
        remedy: What to do about it; empty where the message says it.
        code: A short stable name of the kind of fault, for programs; may be empty.
    """

    message: str
    where: str = ""
    remedy: str = ""
    code: str = ""

    def __str__(self) -> str:
        place = f"{self.where}: " if self.where else ""
        remedy = f" {self.remedy}" if self.remedy else ""
        return f"{place}{self.message}{remedy}"


class SendThemesError(ValueError):
    """A fault of the input; its text is the problems, one a line.

    Args:
        problems: One message, one ``Problem``, or several.
    """

    def __init__(self, problems: str | Problem | Iterable[Problem]) -> None:
        if isinstance(problems, str):
            problems = Problem(problems)
        self.problems: tuple[Problem, ...] = (problems,) if isinstance(problems, Problem) else tuple(problems)
        super().__init__("\n".join(str(problem) for problem in self.problems))

    def __reduce__(self) -> tuple[type[SendThemesError], tuple[tuple[Problem, ...]]]:
        return type(self), (self.problems,)


class CodebookError(SendThemesError):
    """A codebook cannot be used as it stands."""


class AnswersError(SendThemesError):
    """A file or frame of answers cannot be read as it stands."""


class RedactionError(SendThemesError):
    """A pseudonym key is unusable, or an output would show what must stay hidden."""


class StudyError(SendThemesError):
    """A study file is at fault, or asks for what its inputs do not hold."""


class ModelError(SendThemesError):
    """The spaCy model is missing or is not the one whose files are known."""


def nearest(word: object, choices: Iterable[str], cutoff: float = 60) -> str:
    """Say which valid word was probably meant.

    Returns:
        ``Did you mean 'x'?`` or, where nothing is near, an empty string.
    """
    from rapidfuzz import process

    size = len(str(word))
    # A letter or two are found in any long word.
    names = sorted(
        {each for each in map(str, choices) if min(len(each), size) > 2 or abs(len(each) - size) < 3}
    )
    found = process.extractOne(str(word), names, score_cutoff=cutoff, processor=str.casefold)
    return f"Did you mean {found[0]!r}?" if found else ""


def unknown(
    what: str, word: str, choices: Iterable[str], where: str = "", code: str = "", *, listed: bool = False
) -> Problem:
    """Say that a word is none of the valid ones: "There is no kind 'opn'. Did you mean 'open'?".

    Args:
        what: What the word should name ("kind", "column").
        word: The word found.
        choices: The valid words, of which the nearest is offered.
        where: The place of the word.
        code: The kind of fault, for programs.
        listed: Whether the valid words are few enough to be told.
    """
    choices = list(choices)
    message = f"There is no {what} {word!r}" + (f"; it is one of {', '.join(choices)}." if listed else ".")
    return Problem(message, where, nearest(word, choices), code)


def check_choice(name: str, value: object, choices: Iterable[str]) -> None:
    """Refuse a word that is not among an option's choices; ``AnswersError`` offers the nearest."""
    choices = list(choices)
    if value not in choices:
        found = f"{name}={value!r} is not a choice; it is one of {', '.join(map(repr, choices))}."
        raise AnswersError(Problem(found, remedy=nearest(str(value), choices)))


def check_number(name: str, value: object, least: int) -> None:
    """Refuse what is no whole number from ``least``, with an ``AnswersError``."""
    if not isinstance(value, int) or value < least:
        raise AnswersError(f"{name} must be a whole number from {least}, got {value!r}.")
