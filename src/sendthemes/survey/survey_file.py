"""survey.yml: what the researchers say about a survey, read and written.

Every value in it is text as written: ``levels: [No, Yes]`` holds the words No and Yes.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import yaml

from sendthemes.errors import AnswersError, Problem, nearest
from sendthemes.survey.answers import Answers
from sendthemes.survey.settings import IDENTIFIERS, KINDS, Override, Settings

_TEXTS = ("respondent", "layout", "sheet", "question", "answer", "answer_id", "consent", "weight", "wave")
_KEYS = ("survey", *_TEXTS, "identifiers", "null_like", "questions")
_OF_QUESTION = (
    "id", "text", "column", "label", "kind", "levels", "options", "delimiter", "section", "parent", "other",
    "asked_if",
)  # fmt: skip


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
        if not path.is_file():
            raise AnswersError(Problem("There is no such survey file.", str(path), code="no-file"))
        name, text = path.name, path.read_text(encoding="utf-8-sig")
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

    def _fault(self, node: Any, message: str, remedy: str = "") -> None:
        place = f"{self._name}:{node.start_mark.line + 1}:{node.start_mark.column + 1}"
        self.faults.append(Problem(message, place, remedy))

    def _mapping(self, node: Any, known: Sequence[str], what: str) -> dict[str, Any]:
        if not isinstance(node, yaml.MappingNode):
            self._fault(node, f"{what} must be a mapping (key: value).")
            return {}
        found: dict[str, Any] = {}
        for key, value in node.value:
            if key.value not in known:
                self._fault(
                    key,
                    f"{what} has no key {key.value!r}; it has {', '.join(known)}.",
                    nearest(key.value, known),
                )
            elif key.value in found:
                self._fault(key, f"The key {key.value!r} is here twice.")
            found[key.value] = value
        return found

    def _text(self, node: Any) -> str:
        if isinstance(node, yaml.ScalarNode):
            return str(node.value)
        self._fault(node, "A single text is expected here.")
        return ""

    def _list(self, node: Any) -> tuple[str, ...]:
        if isinstance(node, yaml.SequenceNode):
            return tuple(self._text(each) for each in node.value)
        if isinstance(node, yaml.ScalarNode) and not node.value:
            return ()
        self._fault(node, "A list is expected here.", "Write it as [one, two], or one a line after '- '.")
        return ()

    def survey(self, node: Any) -> Settings:
        """Read the whole file."""
        found = self._mapping(node, _KEYS, "survey.yml")
        if "layout" in found and found["layout"].value not in {"auto", "wide", "long"}:
            self._fault(
                found["layout"], f"There is no layout {found['layout'].value!r}; use auto, wide or long."
            )
        known = (
            self._mapping(found["identifiers"], IDENTIFIERS, "identifiers") if "identifiers" in found else {}
        )
        overrides: dict[str, Override] = {}
        listed = found.get("questions")
        if listed is not None and not isinstance(listed, yaml.SequenceNode):
            self._fault(listed, "questions must be a list.", "Begin each question with '- '.")
        for each in listed.value if isinstance(listed, yaml.SequenceNode) else ():
            self._question(each, overrides)
        return Settings(
            **{key: self._text(found[key]) for key in _TEXTS if key in found},
            identifiers={kind: self._list(columns) for kind, columns in known.items()},
            null_like=self._list(found["null_like"]) if "null_like" in found else (),
            overrides=overrides,
        )

    def _question(self, node: Any, overrides: dict[str, Override]) -> None:
        found = self._mapping(node, _OF_QUESTION, "A question")
        name = next((self._text(found[key]) for key in ("column", "text", "id") if key in found), "")
        if not name:
            self._fault(node, "The question has no text, column or id to find it by.")
            return
        if name in overrides:
            self._fault(node, f"The question {name!r} is here twice.")
        kind = self._text(found["kind"]) if "kind" in found else None
        if kind is not None and kind not in KINDS:
            self._fault(
                found["kind"],
                f"There is no kind {kind!r}; it is one of {', '.join(KINDS)}.",
                nearest(kind, KINDS),
            )
        routing = found.get("asked_if")
        asked = self._mapping(routing, ("question", "levels"), "asked_if") if routing is not None else {}
        if routing is not None and set(asked) != {"question", "levels"}:
            self._fault(
                routing,
                "asked_if needs a question and its levels.",
                "asked_if: {question: q1, levels: [Yes]}",
            )

        def said(key: str, read: Callable[[Any], Any]) -> Any:
            return read(found[key]) if key in found else None

        overrides[name] = Override(
            **{
                key: said(key, self._text)
                for key in ("id", "text", "label", "delimiter", "section", "parent")
            },
            kind=next((each for each in KINDS if each == kind), None),
            levels=said("levels", self._list),
            options=said("options", self._list),
            asked_if=(self._text(asked["question"]), self._list(asked["levels"]))
            if len(asked) == 2
            else None,
        )
        if "other" in found:
            parent = overrides[name].id or name
            overrides[self._text(found["other"])] = Override(id=f"{parent}_other", kind="open", parent=parent)


def survey_yaml(answers: Answers) -> str:
    """Write what was understood of a source as a commented survey.yml to start from (no answers)."""
    lines = [
        f"# What was understood of {answers.source}. Mend what is wrong; take out what you agree with, or "
        f"keep it.",
        "# Kinds: open (coded), single, multiple, statement, scale, matrix (counted), number, metadata "
        "(neither).",
    ]
    if answers.identifiers:
        lines.append(
            "# These columns name people or places: their values are hidden wherever words are shown."
        )
        lines.append("# identifiers: " + ", ".join(answers.identifiers))
    lines += [
        "# consent: a column that says whether words may be published",
        "# weight: a column of weights",
        "# null_like: [see attached]      # more answers that say nothing",
        "questions:",
    ]
    for question in answers.questions:
        lines.append(f"  - id: {_quoted(question.id)}")
        lines.append(f"    text: {_quoted(question.text)}")
        if question.heading:
            lines.append(f"    column: {_quoted(question.heading)}")
        lines.append(f"    kind: {question.kind}" + (f"      # {question.reason}" if question.reason else ""))
        if question.levels and question.kind != "metadata":
            lines.append(f"    levels: [{', '.join(map(_quoted, question.levels))}]")
        if question.parent:
            lines.append(f"    parent: {_quoted(question.parent)}")
    return "\n".join(lines) + "\n"


def study_yaml(answers: Answers, *, title: str = "Survey report") -> str:
    """Write a commented study.yml to start from."""
    closed = [question.id for question in answers.questions if question.kind in {"single", "scale"}]
    return "\n".join(
        [
            "# One command makes the report: sendthemes report study.yml",
            "study: survey",
            f"title: {_quoted(title)}",
            "data:",
            f"  file: {_quoted(answers.source)}",
            "survey: survey.yml",
            "codebook: send-readiness       # a bundled name, or the path of your own",
            "key: private/la_key.csv        # made at the first run; keep it apart from the report",
            "themes:",
            "  base: answered               # all, asked, answered or substantive",
            f"  by: [{', '.join(map(_quoted, closed[:1]))}]",
            "",
        ]
    )


def _quoted(text: str) -> str:
    """Quote a text where YAML would read it otherwise."""
    if re.fullmatch(r"[A-Za-z][\w ./-]*\w|[A-Za-z]", text) and yaml.safe_load(text) == text:
        return text
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'
