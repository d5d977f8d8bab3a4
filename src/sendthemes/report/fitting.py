"""Whether a study fits its inputs: every question, level, theme and answer that it names must be there."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar, get_args, get_type_hints

from pydantic import BaseModel

from sendthemes.codebook.model import Classification, Codebook
from sendthemes.errors import nearest
from sendthemes.report.definition import Condition, Measure, StudyDefinition
from sendthemes.survey.answers import CLOSED, Answers

Place = tuple[str | int, ...]
T = TypeVar("T")
Misfit = tuple[Place, str, str]  # where, what, what to do


def misfits(
    study: StudyDefinition, answers: Answers, codebook: Codebook, earlier: Answers | None
) -> Iterator[Misfit]:
    """Find everything that a study asks for and its inputs do not hold."""
    known = _Known(study, answers, codebook, earlier)
    if study.change and earlier is None:
        remedy = "Add data: earlier: {wave: …, file: …}."
        yield ("change",), "There is no earlier wave to compare with.", remedy
    domains = [rated.domain for rated in study.rag]
    for number, domain in enumerate(domains):
        if domain in domains[:number]:
            yield ("rag", number, "domain"), f"The RAG domain {domain!r} is rated twice.", "Keep one."
    for place, record in _parts(BaseModel, study, ()):
        if isinstance(record, Measure):
            yield from known.measure(record, place)
        for name, hint in get_type_hints(type(record), include_extras=True).items():
            kind = next(_kinds(hint), "")
            for at, value in _parts(str, getattr(record, name), (*place, name)) if kind else ():
                yield from known.name(kind, value, at)


def _kinds(annotation: object) -> Iterator[str]:
    """Give the marks that say what a name names, wherever they stand in the type of a field."""
    yield from (each for each in getattr(annotation, "__metadata__", ()) if isinstance(each, str))
    for part in get_args(annotation):
        yield from _kinds(part)


def _inside(value: object, place: Place) -> Iterator[tuple[Place, object]]:
    parts: Mapping[str, object] | dict[int, object] = {}
    if isinstance(value, BaseModel):
        parts = {name: getattr(value, name) for name in type(value).model_fields}
    elif isinstance(value, dict | tuple):
        parts = value if isinstance(value, dict) else dict(enumerate(value))
    yield from (((*place, key), part) for key, part in parts.items())


def _parts(sort: type[T], value: object, place: Place) -> Iterator[tuple[Place, T]]:
    """Give all parts of one sort, wherever they stand in a value, with their places."""
    if isinstance(value, sort):
        yield place, value
    for at, part in _inside(value, place):
        yield from _parts(sort, part, at)


@dataclass(frozen=True, slots=True)
class _Known:
    """What a study may name."""

    study: StudyDefinition
    answers: Answers
    codebook: Codebook
    earlier: Answers | None

    def name(self, kind: str, name: str, place: Place) -> Iterator[Misfit]:
        """Check one name."""
        listed = {
            "theme": (f"The codebook {self.codebook.codebook} has no theme", self.codebook.theme_ids),
            "answer": ("There is no answer with the id", self.answers.answer_ids),
            "domain": ("There is no RAG domain", tuple(rated.domain for rated in self.study.rag)),
        }
        if kind in listed:
            message, known = listed[kind]
            if name not in known:
                yield place, f"{message} {name!r}.", nearest(name, known)
            elif "pinned" in place:
                yield from self._pinned(name, place)
        elif kind in {"question", "statement", "open question"}:
            yield from self._question(kind, name, place)
        elif kind == "group":
            yield from self._group(name, place)

    def _pinned(self, name: str, place: Place) -> Iterator[Misfit]:
        """Say where an answer is to be quoted that must not be."""
        person = self.answers.answer_respondents[self.answers.answer_ids.index(name)]
        why = "is banned too" if name in self.study.excerpts.banned else ""
        if self.answers.quotable and not self.answers.quotable[person]:
            why = "is of a respondent who did not agree to be published"
        if why:
            yield place, f"The answer {name!r} is pinned and {why}: it is never quoted.", "Take it out."

    def _question(self, kind: str, name: str, place: Place) -> Iterator[Misfit]:
        asked = self.answers.open_questions if kind == "open question" else self.answers.questions
        ids = [question.id for question in asked]
        if name not in ids:
            kind = "question" if kind == "statement" else kind
            yield place, f"The answers have no {kind} {name!r}.", self._meant(name, ids)
        elif (
            kind == "statement" and self.study.change and self.earlier and not self.earlier.has_question(name)
        ):
            yield place, f"The earlier wave has no question {name!r}.", "Leave it out, or give the id then."

    def _meant(self, name: str, ids: Sequence[str]) -> str:
        """Say which id was probably meant: that of the question with this wording, or the nearest."""
        if self.answers.has_question(name) and (found := self.answers.question(name).id) in ids:
            return f"Write its id: {found}."
        return nearest(name, ids) or (f"There are {', '.join(ids)}." if ids else "There is none.")

    def _group(self, name: str, place: Place) -> Iterator[Misfit]:
        """Check that respondents can be grouped by a name."""
        closed = [question.id for question in self.answers.questions if question.kind != "open"]
        derived = self._derived()
        la = [kind for kind in self.answers.identifiers if kind == "la"]
        if name in derived and name not in closed:
            yield from self._classification(name, place)
        elif name not in {*closed, *la}:
            message = f"There is no closed question, classification or variable {name!r} to cross by."
            counted = [each for each in closed if self.answers.question(each).kind != "metadata"]
            yield place, message, self._meant(name, [*counted, *derived, *la])
        elif self._names_people(name):
            remedy = "Cross by a question that does not say who somebody is."
            yield place, f"{name!r} holds people's names or addresses, which a report must not show.", remedy

    def _names_people(self, question: str) -> bool:
        known = [self.answers.identifiers.get(kind, ()) for kind in ("name", "email")]
        values = self.answers.values.get(question, ())
        return any(value in own for kind in known for value, own in zip(values, kind, strict=False))

    def _classification(self, name: str, place: Place) -> Iterator[Misfit]:
        book, reads = self.codebook.codebook, self._derived()
        if name not in reads:
            yield place, f"The codebook {book} has no classification {name!r}.", nearest(name, reads)
        elif not self.answers.has_question(reads[name].question):
            asked = reads[name].question
            message = f"The classification {name!r} reads {asked!r}, which the answers do not have."
            remedy = "Give that question's column the id, or leave the classification out of the study."
            yield place, message, remedy

    def _derived(self) -> dict[str, Classification]:
        return {each.classification: each for each in self.codebook.classifications}

    def measure(self, measure: Measure, place: Place) -> Iterator[Misfit]:
        """Check the names in a rule; those that it joins are looked at by themselves."""
        if isinstance(measure, Condition) and measure.parts:
            return
        faults: list[Misfit] = []
        levels: tuple[str, ...] = ()
        if measure.theme is not None:
            faults += self.name("theme", measure.theme, (*place, "theme"))
            if measure.question is not None:
                faults += self.name("open question", measure.question, (*place, "question"))
        elif measure.classification is not None:
            faults += self._classification(measure.classification, (*place, "classification"))
            levels = () if faults else self._derived()[measure.classification].levels
        elif measure.question is not None:
            here = (*place, "question")
            faults += self.name("question", measure.question, here)
            question = None if faults else self.answers.question(measure.question)
            if question and question.kind not in CLOSED:
                faults.append((here, f"{question.id!r} is no closed question: it has no levels.", ""))
            levels = question.levels if question else ()
            if question and question.kind == "multiple" and len(measure.wanted) > 1:
                message = f"{question.id!r} takes several answers: its levels overlap and cannot be added up."
                remedy = "Join conditions of one level each with any: or all:."
                faults.append(((*place, "levels"), message, remedy))
        yield from faults
        for level in measure.wanted if not faults else ():
            if level not in levels:
                message = f"There is no level {level!r}. The levels are {', '.join(levels)}."
                yield (*place, "level"), message, nearest(level, levels)
