"""Names and GUIDs in REFI-QDA files: equal inputs give equal ones, so that codings find their way back."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import NAMESPACE_URL, uuid5

from sendthemes.codebook.model import Codebook
from sendthemes.redaction.spans import Redacted
from sendthemes.text import xml_safe

if TYPE_CHECKING:
    from sendthemes.coding.code import CodedAnswers
    from sendthemes.redaction.redactor import Redactor

_OURS = uuid5(NAMESPACE_URL, "https://github.com/sendthemes/sendthemes/refi-qda")


@dataclass(frozen=True, slots=True)
class QdaSource:
    """One text that was coded: an answer.

    Attributes:
        guid: Follows from name and text where we write it.
        name: What tools show: the answer's id, or in a redacted project the respondent's number and question.
        text: The text, with LF as line end where we write it.
    """

    guid: str
    name: str
    text: str


def sources_of(coded: CodedAnswers, redactor: Redactor | None) -> list[tuple[QdaSource, Redacted]]:
    """Give each answer as a source, with the redacted answer it is made of, in the order of the answers."""
    answers = coded.answers
    people = [answers.respondents[at] for at in answers.answer_respondents]
    shown = [Redacted(text) for text in answers.texts]
    if redactor is not None:
        shown = redactor.redact_all(answers.texts, people)
    width = len(str(len(answers.respondents)))
    seen: Counter[str] = Counter()
    made = []
    for at, (answer, redacted) in enumerate(zip(answers, shown, strict=True)):
        name = answer.id
        if redactor is not None:
            name = f"R{answers.answer_respondents[at] + 1:0{width}d} {answer.question}"
            seen[name] += 1
            name += f" ({seen[name]})" if seen[name] > 1 else ""
        text = one_line_end(xml_safe(redacted.text))
        made.append((QdaSource(guid("source", name, text), name, text), redacted))
    return made


def one_line_end(text: str) -> str:
    """Write every line end as LF."""
    return text.replace("\r\n", "\n").replace("\r", "\n")


def theme_guid(codebook: Codebook, theme: str) -> str:
    """Give the GUID by which a theme is known in every file that is written of it."""
    return guid("theme", codebook.codebook, theme)


def guid(*parts: str) -> str:
    """Give the GUID that follows from these words."""
    return str(uuid5(_OURS, "\x1f".join(parts)))


RULES, PEOPLE = guid("user", "rules"), guid("user", "people")
