"""Study: the file that says what a report is made of, and the run that makes it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING

from sendthemes.codebook.load import load_codebook
from sendthemes.errors import Problem, StudyError, nearest
from sendthemes.files import digest
from sendthemes.report.definition import MODES, AlignedDomain, Condition, Measure, Mode, StudyDefinition
from sendthemes.report.report import Report
from sendthemes.strict_yaml.source import in_order
from sendthemes.survey.answers import CLOSED, Answers
from sendthemes.survey.read import read_answers

if TYPE_CHECKING:
    from sendthemes.codebook.model import Codebook
    from sendthemes.redaction.redactor import Redactor


@dataclass(frozen=True, slots=True)
class Study:
    """A study, its answers and its codebook, checked against each other.

    Attributes:
        definition: What the file says.
        answers: The answers as read.
        codebook: The codebook as loaded.
        folder: The folder of the study file; paths in it start there.
        sources: File name → SHA-256 of the study file and those it names.
        earlier: The answers of the earlier wave, where there is one.
    """

    definition: StudyDefinition
    answers: Answers
    codebook: Codebook
    folder: Path
    sources: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    earlier: Answers | None = None

    def __repr__(self) -> str:
        return f"<Study {self.definition.study}: {self.answers!r}, {self.codebook!r}>"

    def redactor(self) -> Redactor:
        """Give the redactor of the report, with the study's key, names and protected terms."""
        from sendthemes.report.run import redactor_of

        return redactor_of(self.definition, self.answers, self.codebook, self.folder)

    def run(self, mode: Mode | None = None) -> Report:
        """Code the answers, count, redact, and write the report.

        Args:
            mode: ``"internal"`` shows all numbers; ``"publish"`` hides small ones and what could give them
                away. Default: what the study says.

        Raises:
            StudyError: ``mode`` is none of these.
            SendThemesError: An input is at fault: a pseudonym key, the spaCy model.
        """
        from sendthemes.report.run import run_study

        chosen = mode or self.definition.mode
        if chosen not in MODES:
            raise StudyError(
                Problem(
                    f"There is no mode {chosen!r}.",
                    remedy=f"Use {' or '.join(MODES)}. {nearest(chosen, MODES)}",
                )
            )
        return run_study(
            self.definition,
            self.answers,
            self.codebook,
            mode=chosen,
            folder=self.folder,
            sources=self.sources,
            earlier=self.earlier,
        )


def load_study(path: str | Path) -> Study:
    """Read a study file, the answers and the codebook that it names, and check that they fit.

    Args:
        path: The study.yml; paths in it are relative to its folder.

    Raises:
        StudyError: The file is at fault, or asks for what answers or codebook do not hold; with all
            faults at once, each with file, line and column.
        AnswersError: The answers cannot be read.
        CodebookError: The codebook cannot be loaded.
    """
    from sendthemes.report.study_file import read_study

    file = Path(path)
    definition, where = read_study(file)
    folder = file.parent
    sources = {file.name: digest(file.read_bytes())}
    answers, read = _answers(definition, folder)
    earlier, read_then = _earlier(definition, folder)
    sources |= {each.name: digest(each.read_bytes()) for each in (*read, *read_then)}
    codebook = _codebook(definition.codebook, folder)
    if definition.decisions:
        sources |= _digest_of(folder / definition.decisions, "decisions file")
    if definition.template:
        sources |= _digest_of(folder / definition.template, "template")
    problems = list(_misfits(definition, answers, codebook, earlier))
    if problems:
        found = [Problem(message, where(place), remedy) for place, message, remedy in problems]
        raise StudyError(in_order(found))
    return Study(definition, answers, codebook, folder, MappingProxyType(sources), earlier)


def _answers(study: StudyDefinition, folder: Path) -> tuple[Answers, list[Path]]:
    """Read the answers or documents; give them and the files read."""
    data, file = study.data, folder / study.data.file
    if data.layout == "documents":
        from sendthemes.survey.documents import read_documents

        documents = read_documents(file)
        return documents, sorted(each for each in file.iterdir() if each.stem in documents.respondents)
    survey = folder / study.survey if study.survey else None
    answers = read_answers(file, layout=data.layout, sheet=data.sheet, survey=survey)
    return answers, [each for each in (survey, file) if each]


def _earlier(study: StudyDefinition, folder: Path) -> tuple[Answers | None, list[Path]]:
    """Read the earlier wave, where there is one; give it and the files read."""
    wave = study.data.earlier
    if wave is None:
        return None, []
    name = wave.survey or study.survey
    survey = folder / name if name else None
    return (
        read_answers(folder / wave.file, survey=survey),
        [each for each in (survey, folder / wave.file) if each],
    )


def _digest_of(path: Path, what: str) -> dict[str, str]:
    if not path.is_file():
        raise StudyError(Problem(f"There is no such {what}.", str(path), code="no-file"))
    return {path.name: digest(path.read_bytes())}


def _codebook(name: str, folder: Path) -> Codebook:
    """Load a codebook: a path from the study's folder where there is such a file, else a bundled name."""
    beside = folder / name
    return load_codebook(beside if beside.is_file() else name)


Place = tuple[str | int, ...]
Misfit = tuple[Place, str, str]


def _misfits(
    study: StudyDefinition, answers: Answers, codebook: Codebook, earlier: Answers | None
) -> Iterable[Misfit]:
    """Find everything that a study asks for and its inputs do not hold: the place, what, what to do."""
    known = _Known(answers, codebook)
    yield from _misfits_of_comparisons(study, known, earlier)
    for at, name in enumerate(study.themes.crossed):
        yield from known.theme(name, ("themes", "crossed", at))
    for at, cross in enumerate(study.cross_tables):
        yield from known.group(cross.rows, ("cross_tables", at, "rows"))
        yield from known.group(cross.columns, ("cross_tables", at, "columns"))
    for at, by in enumerate(study.themes.by):
        yield from known.group(by, ("themes", "by", at))
    if study.themes.unit:
        yield from known.group(study.themes.unit, ("themes", "unit"))
    for at, name in enumerate(study.excerpts.questions):
        yield from known.open_question(name, ("excerpts", "questions", at))
    for part in ("pinned", "banned"):
        for at, name in enumerate(getattr(study.excerpts, part)):
            yield from known.answer(name, ("excerpts", part, at))
    yield from _misfits_of_rules(study, known)


def _misfits_of_comparisons(
    study: StudyDefinition, known: _Known, earlier: Answers | None
) -> Iterable[Misfit]:
    """Check statements, documents and what is compared with the earlier wave."""
    statements = study.scales.questions if study.scales else ()
    named: list[tuple[Place, str]] = [
        (("scales", "questions", at), name) for at, name in enumerate(statements)
    ]
    if study.change:
        named += [(("change", "questions", at), name) for at, name in enumerate(study.change.questions)]
        for label, group in study.change.averages.items():
            named += [(("change", "averages", label, at), name) for at, name in enumerate(group)]
        if earlier is None:
            remedy = "Add data: earlier: {wave: …, file: …}."
            yield ("change",), "There is no earlier wave to compare with.", remedy
    for place, name in named:
        yield from known.question(name, place)
        if earlier is not None and study.change and not earlier.has_question(name):
            yield place, f"The earlier wave has no question {name!r}.", "Leave it out, or give the id then."
    for at, name in enumerate(study.documents.positives if study.documents else ()):
        yield from known.open_question(name, ("documents", "positives", at))


def _misfits_of_rules(study: StudyDefinition, known: _Known) -> Iterable[Misfit]:
    if study.headline:
        for part in ("readiness", "strengths", "risks"):
            for at, finding in enumerate(getattr(study.headline, part)):
                yield from known.measure(finding.when, ("headline", part, at, "when"))
    for at, domain in enumerate(study.alignment.domains if study.alignment else ()):
        yield from _misfits_of_domain(domain, ("alignment", "domains", at), known)
    for at, rated in enumerate(study.rag):
        for each, rule in enumerate(rated.rules):
            yield from known.measure(rule.when, ("rag", at, "rules", each, "when"))
        for each, measure in enumerate(rated.evidence):
            yield from known.measure(measure, ("rag", at, "evidence", each))
    domains = [rated.domain for rated in study.rag]
    for at, action in enumerate(study.actions):
        for each, name in enumerate(action.domains):
            if name not in domains:
                place = ("actions", at, "domains", each)
                yield place, f"There is no RAG domain {name!r}.", nearest(name, domains)


def _misfits_of_domain(domain: AlignedDomain, here: Place, known: _Known) -> Iterable[Misfit]:
    for at, name in enumerate(domain.questions):
        yield from known.question(name, (*here, "questions", at))
    for at, name in enumerate(domain.themes):
        yield from known.theme(name, (*here, "themes", at))
    for at, finding in enumerate(domain.judgement):
        yield from known.measure(finding.when, (*here, "judgement", at, "when"))


def codebook_levels(codebook: Codebook) -> dict[str, tuple[str, ...]]:
    """Give each classification's levels."""
    return {each.classification: each.levels for each in codebook.classifications}


@dataclass(frozen=True, slots=True)
class _Known:
    """What a study may name."""

    answers: Answers
    codebook: Codebook

    def question(self, name: str, place: Place) -> Iterable[Misfit]:
        ids = [question.id for question in self.answers.questions]
        if name not in ids:
            yield place, f"The answers have no question {name!r}.", self._meant(name, ids)

    def open_question(self, name: str, place: Place) -> Iterable[Misfit]:
        ids = [question.id for question in self.answers.open_questions]
        if name not in ids:
            yield place, f"The answers have no open question {name!r}.", self._meant(name, ids)

    def _meant(self, name: str, ids: Sequence[str]) -> str:
        """Say which id was probably meant: that of the question with this wording, or the nearest."""
        if self.answers.has_question(name) and (found := self.answers.question(name).id) in ids:
            return f"Write its id: {found}."
        return nearest(name, ids) or (f"There are {', '.join(ids)}." if ids else "There is none.")

    def answer(self, name: str, place: Place) -> Iterable[Misfit]:
        if name not in set(self.answers.answer_ids):
            yield place, f"There is no answer with the id {name!r}.", nearest(name, self.answers.answer_ids)

    def theme(self, name: str, place: Place) -> Iterable[Misfit]:
        if name not in self.codebook.theme_ids:
            codebook = self.codebook
            yield (
                place,
                f"The codebook {codebook.codebook} has no theme {name!r}.",
                nearest(name, codebook.theme_ids),
            )

    def group(self, name: str, place: Place) -> Iterable[Misfit]:
        """Check that respondents can be grouped by a name."""
        closed = [question.id for question in self.answers.questions if question.kind != "open"]
        if name in closed:
            return
        if name in codebook_levels(self.codebook):
            yield from self.classification(name, place)
            return
        if name != "la" or name not in self.answers.identifiers:
            names = [*closed, *codebook_levels(self.codebook), *({"la"} & set(self.answers.identifiers))]
            message = f"There is no closed question, classification or variable {name!r} to cross by."
            yield place, message, self._meant(name, names)

    def classification(self, name: str, place: Place) -> Iterable[Misfit]:
        found = next((each for each in self.codebook.classifications if each.classification == name), None)
        if found is None:
            names = codebook_levels(self.codebook)
            yield (
                place,
                f"The codebook {self.codebook.codebook} has no classification {name!r}.",
                nearest(name, names),
            )
        elif not self.answers.has_question(found.question):
            yield (
                place,
                f"The classification {name!r} reads {found.question!r}, which the answers do not have.",
                "Give that question's column the id, or leave the classification out of the study.",
            )

    def measure(self, measure: Measure, place: Place) -> Iterable[Misfit]:
        """Check the names in a rule, and in the rules it joins."""
        if isinstance(measure, Condition) and measure.parts:
            joined = "all" if measure.all else "any"
            for at, part in enumerate(measure.parts):
                yield from self.measure(part, (*place, joined, at))
            return
        if measure.theme is not None:
            yield from self.theme(measure.theme, (*place, "theme"))
            if measure.question is not None:
                yield from self.open_question(measure.question, (*place, "question"))
            return
        if measure.classification is not None:
            faults = list(self.classification(measure.classification, (*place, "classification")))
            yield from faults
            if not faults:
                yield from self._levels(
                    measure, codebook_levels(self.codebook)[measure.classification], place
                )
        elif measure.question is not None:
            yield from self._closed(measure, measure.question, place)

    def _closed(self, measure: Measure, name: str, place: Place) -> Iterable[Misfit]:
        faults = list(self.question(name, (*place, "question")))
        yield from faults
        if faults:
            return
        question = self.answers.question(name)
        if question.kind not in CLOSED:
            yield (*place, "question"), f"{name!r} is no closed question: it has no levels.", ""
        else:
            yield from self._levels(measure, question.levels, place)
            if question.kind == "multiple" and len(measure.wanted) > 1:
                message = f"{name!r} takes several answers: its levels overlap and cannot be added up."
                yield (*place, "levels"), message, "Join conditions of one level each with any: or all:."

    def _levels(self, measure: Measure, levels: tuple[str, ...], place: Place) -> Iterable[Misfit]:
        for level in measure.wanted:
            if level not in levels:
                expected = f"The levels are {', '.join(levels)}."
                yield (*place, "level"), f"There is no level {level!r}. {expected}", nearest(level, levels)
