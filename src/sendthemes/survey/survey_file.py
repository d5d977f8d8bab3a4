"""survey.yml: what the researchers say about a survey, read and written.

Every value in it is text as written: ``levels: [No, Yes]`` holds the words No and Yes.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import yaml

from sendthemes.errors import AnswersError, Problem, nearest, unknown
from sendthemes.survey.answers import Answers
from sendthemes.survey.settings import IDENTIFIERS, KINDS, LAYOUTS, Override, Settings

_TEXTS = ("survey", "respondent", "sheet", "question", "answer", "answer_id", "consent", "weight", "wave")
_OF_QUESTION = ("id", "text", "column", "label", "delimiter", "section", "parent", "other")
Reading = Callable[[Any], Any]


def load_survey(source: str | Path | Mapping[str, Any]) -> Settings:
    """Read a survey.yml, or its content as a mapping.

    Args:
        source: The path, or the parsed content.

    Raises:
        AnswersError: With every fault and its line: an unknown key, a kind that is none, a list that is no
            list.
    """
    if isinstance(source, Mapping):
        name, text = "survey", yaml.safe_dump(dict(source), allow_unicode=True, sort_keys=False)
    else:
        path = Path(source)
        name = path.name
        if not path.is_file():
            raise AnswersError(Problem("There is no such survey file.", str(path), code="no-file"))
        try:
            text = path.read_text(encoding="utf-8-sig")
        except UnicodeDecodeError as error:
            message = f"The file is not UTF-8 ({error})."
            raise AnswersError(Problem(message, name, "Save it with encoding UTF-8.", "encoding")) from None
    try:
        node = yaml.compose(text, Loader=yaml.BaseLoader)
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise AnswersError(Problem(f"The YAML cannot be read: {error.problem}.", f"{name}:{line}")) from error
    reader = _Reader(name)
    settings = reader.survey(node) if node is not None else Settings()
    if reader.faults:
        raise AnswersError(reader.faults)
    return settings


class _Reader:
    """Turns the nodes of a survey.yml into settings and keeps every fault with its line."""

    def __init__(self, name: str) -> None:
        self._name = name
        self.faults: list[Problem] = []

    def _place(self, node: Any) -> str:
        return f"{self._name}:{node.start_mark.line + 1}:{node.start_mark.column + 1}"

    def _fault(self, node: Any, message: str, remedy: str = "") -> None:
        self.faults.append(Problem(message, self._place(node), remedy))

    def _mapping(self, node: Any, known: Mapping[str, Reading], what: str) -> dict[str, Any]:
        """Read the values of a mapping, each as its key asks."""
        if not isinstance(node, yaml.MappingNode):
            self._fault(node, f"{what} must be a mapping (key: value).")
            return {}
        found: dict[str, Any] = {}
        for key, value in node.value:
            if key.value not in known:
                message = f"{what} has no key {key.value!r}; it has {', '.join(known)}."
                self._fault(key, message, nearest(str(key.value), known))
            elif key.value in found:
                self._fault(key, f"The key {key.value!r} is here twice.")
            else:
                found[key.value] = known[key.value](value)
        return found

    def _text(self, node: Any) -> str:
        if isinstance(node, yaml.ScalarNode):
            return str(node.value)
        self._fault(node, "A single text is expected here.")
        return ""

    def _list(self, node: Any, read: Reading | None = None) -> tuple[Any, ...]:
        if isinstance(node, yaml.SequenceNode):
            return tuple(map(read or self._text, node.value))
        if not isinstance(node, yaml.ScalarNode) or node.value:
            self._fault(node, "A list is expected here.", "Write it as [one, two], or one a line after '- '.")
        return ()

    def _one_of(self, choices: tuple[str, ...], what: str) -> Reading:
        def read(node: Any) -> str | None:
            word = self._text(node)
            if word not in choices:
                self.faults.append(unknown(what, word, choices, self._place(node), listed=True))
            return word

        return read

    def survey(self, node: Any) -> Settings:
        """Read the whole file."""
        overrides: dict[str, Override] = {}
        kinds: dict[str, Any] = dict.fromkeys(IDENTIFIERS, self._list)
        known: dict[str, Any] = {
            **dict.fromkeys(_TEXTS, self._text),
            "layout": self._one_of(LAYOUTS, "layout"),
            "identifiers": lambda each: self._mapping(each, kinds, "identifiers"),
            "null_like": self._list,
            "questions": lambda each: self._list(each, lambda one: self._question(one, overrides)),
        }
        said = self._mapping(node, known, "survey.yml")
        for name in ("survey", "questions"):  # a title alone; what is said of the questions is in overrides
            said.pop(name, None)
        return Settings(**said, overrides=overrides)

    def _question(self, node: Any, overrides: dict[str, Override]) -> None:
        known = {
            **dict.fromkeys(_OF_QUESTION, self._text),
            "kind": self._one_of(KINDS, "kind"),
            "levels": self._list,
            "options": self._list,
            "asked_if": self._routing,
        }
        said = self._mapping(node, known, "A question")
        name = said.get("column") or said.get("text") or said.get("id") or ""
        if not name:
            self._fault(node, "The question has no text, column or id to find it by.")
            return
        if name in overrides:
            self._fault(node, f"The question {name!r} is here twice.")
        said.pop("column", None)
        box = said.pop("other", None)
        overrides[name] = Override(**said)
        if box:
            parent = overrides[name].id or name
            overrides[box] = Override(id=f"{parent}_other", kind="open", parent=parent)

    def _routing(self, node: Any) -> tuple[str, tuple[str, ...]]:
        asked = self._mapping(node, {"question": self._text, "levels": self._list}, "asked_if")
        if len(asked) < 2:
            remedy = "asked_if: {question: q1, levels: [Yes]}"
            self._fault(node, "asked_if needs a question and its levels.", remedy)
        return asked.get("question", ""), asked.get("levels", ())


_START = """\
# What was understood of {source}. Mend what is wrong; take out what you agree with, or keep it.
# Kinds: open (coded), single, multiple, statement, scale, matrix (counted), number, metadata (neither).
{identifiers}# consent: a column that says whether words may be published
# weight: a column of weights
# null_like: [see attached]      # more answers that say nothing
questions:
"""
_STUDY = """\
# One command makes the report: sendthemes report study.yml
study: survey
title: {title}
data:
  file: {source}
survey: survey.yml
codebook: send-readiness       # a bundled name, or the path of your own
key: private/la_key.csv        # made at the first run; keep it apart from the report
themes:
  base: answered               # all, asked, answered or substantive
  by: [{by}]
"""


def survey_yaml(answers: Answers) -> str:
    """Write what was understood of a source as a commented survey.yml to start from (no answers)."""
    identifiers = ""
    if answers.identifiers:
        identifiers = (
            "# These columns name people or places: their values are hidden wherever words are shown.\n"
            f"# identifiers: {', '.join(answers.identifiers)}\n"
        )
    lines = []
    for question in answers.questions:
        lines += [f"  - id: {_quoted(question.id)}", f"    text: {_quoted(question.text)}"]
        if question.heading:
            lines.append(f"    column: {_quoted(question.heading)}")
        lines.append(f"    kind: {question.kind}" + (f"      # {question.reason}" if question.reason else ""))
        if question.levels and question.kind != "metadata":
            lines.append(f"    levels: [{', '.join(map(_quoted, question.levels))}]")
        if question.parent:
            lines.append(f"    parent: {_quoted(question.parent)}")
    return _START.format(source=answers.source, identifiers=identifiers) + "".join(
        f"{line}\n" for line in lines
    )


def study_yaml(answers: Answers, *, title: str = "Survey report") -> str:
    """Write a commented study.yml to start from."""
    closed = [question.id for question in answers.questions if question.kind in {"single", "scale"}]
    by = ", ".join(map(_quoted, closed[:1]))
    return _STUDY.format(title=_quoted(title), source=_quoted(answers.source), by=by)


def _quoted(text: str) -> str:
    """Quote a text where YAML would read it otherwise."""
    if re.fullmatch(r"[A-Za-z][\w ./-]*\w|[A-Za-z]", text) and yaml.safe_load(text) == text:
        return text
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'
