"""Running a study: code, count, redact, hide what must be hidden, write."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import MappingProxyType

from sendthemes.codebook.model import Codebook
from sendthemes.coding.code import code_answers
from sendthemes.errors import Problem, StudyError, nearest
from sendthemes.redaction.pseudonyms import PseudonymKey
from sendthemes.redaction.redactor import Redactor
from sendthemes.redaction.render import TOKENS, printed, render
from sendthemes.redaction.spans import Redacted
from sendthemes.report.audit import codings
from sendthemes.report.blocks import Pages
from sendthemes.report.definition import MODES, Mode, StudyDefinition
from sendthemes.report.evidence import Gathering
from sendthemes.report.hiding import hide
from sendthemes.report.manifest import manifest_of
from sendthemes.report.material import Material
from sendthemes.report.report import Report
from sendthemes.report.rules import Figures, colour_of
from sendthemes.report.sections import write_sections
from sendthemes.report.tables import count_tables, document_names, question_numbers, short_names
from sendthemes.sensecheck.coders import sense_check_told
from sendthemes.sensecheck.decisions import read_decisions
from sendthemes.sensecheck.judgements import apply_decisions
from sendthemes.survey.answers import Answers


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
        wish = self.definition
        return Redactor(
            key=PseudonymKey(inside(self.folder, wish.key)),
            known=self.answers,
            names=wish.names,
            protect=wish.protect,
            codebook=self.codebook,
            style=wish.style,
        )

    def run(self, mode: Mode | None = None) -> Report:
        """Code the answers, count, redact, and write the report.

        Args:
            mode: ``"internal"`` shows all numbers; ``"publish"`` hides small ones and what could give them
                away. Default: what the study says.

        Raises:
            StudyError: ``mode`` is none of these.
            SendThemesError: An input is at fault: a pseudonym key, the spaCy model.
        """
        chosen = mode or self.definition.mode
        if chosen not in MODES:
            remedy = f"Use {' or '.join(MODES)}. {nearest(chosen, MODES)}"
            raise StudyError(Problem(f"There is no mode {chosen!r}.", remedy=remedy))
        redactor = self.redactor()
        material = _material(self, chosen, redactor)
        template = inside(self.folder, self.definition.template)
        return Report(self.answers, material.coded, _pages(material), redactor, template)


def inside(folder: Path, name: str) -> Path | None:
    """Give the path of a file that a study names; ``None`` where it names none."""
    return folder / name if name else None


def _material(study: Study, mode: Mode, redactor: Redactor) -> Material:
    """Code, count, redact and hide."""
    definition, answers, codebook = study.definition, study.answers, study.codebook
    coded = code_answers(answers, codebook, lemmas=definition.lemmas)
    checks: tuple[str, ...] = ()
    if definition.decisions:
        decisions = read_decisions(study.folder / definition.decisions)
        checks = sense_check_told(coded, decisions)
        coded = apply_decisions(coded, decisions)
    earlier = study.earlier
    then = None if earlier is None else code_answers(earlier, codebook, lemmas=definition.lemmas)
    names = short_names(coded)
    areas, area_names = _areas(answers, redactor)
    tables = hide(count_tables(definition, coded, names, area_names, then), definition, mode, codebook)
    figures = Figures(tables, names)
    ruled = {each.domain: colour_of(each, figures) for each in definition.rag}
    own = {each.domain: each.override.colour for each in definition.rag if each.override}
    in_force = {name: colour for name, (colour, _) in ruled.items()} | own
    people = [answers.respondents[at] for at in answers.answer_respondents]
    redacted = redactor.redact_all(answers.texts, people)
    shows_codes = mode == "internal" or definition.documents is not None
    return Material(
        study=definition,
        mode=mode,
        coded=coded,
        tables=tables,
        figures=replace(figures, colours=in_force),
        ruled=ruled,
        redacted=redacted if shows_codes else list(map(_without_codes, answers.texts, redacted)),
        may_show=_may_show(definition, answers),
        codes=_codes(definition, answers, areas),
        areas=area_names,
        names=names,
        numbers=question_numbers(answers),
        manifest=manifest_of(definition, coded, mode, study.sources, checks),
    )


def _pages(material: Material) -> Pages:
    study, answers, gathering = material.study, material.coded.answers, Gathering(material)
    sections = write_sections(material, gathering)
    number = len(answers.respondents)
    called = study.documents.noun if study.documents else (answers.unit, material.people)
    respondents = f"{number:,} {called[number != 1]}"
    manifest = MappingProxyType(material.manifest)
    words = codings(material) if material.mode == "internal" else None
    return Pages(study, material.mode, respondents, sections, manifest, gathering.evidence(), words)


def _may_show(study: StudyDefinition, answers: Answers) -> tuple[bool, ...]:
    """Say of each answer whether its words may be printed: consent given, and not banned by the analyst."""
    banned = set(study.excerpts.banned)
    consent: Sequence[bool] = answers.quotable or (True,) * len(answers.respondents)
    return tuple(
        consent[person] and name not in banned
        for name, person in zip(answers.answer_ids, answers.answer_respondents, strict=True)
    )


def _without_codes(text: str, redacted: Redacted) -> Redacted:
    """Leave authorities' codes out of words: beside a theme they tell that a hidden count is not nought."""
    found = tuple(
        replace(span, replacement=TOKENS["la"]) if span.value and span.label in ("la", "place") else span
        for span in redacted.found
    )
    return redacted if found == redacted.found else Redacted(render(text, found).text, found)


def _areas(answers: Answers, redactor: Redactor) -> tuple[dict[str, str], dict[str, str]]:
    """Give each respondent of one known authority its printed code, and each authority as written its own."""
    known = redactor.known
    own = {name: mine[0] for name, mine in known.own.items() if len(mine) == 1}
    codes = redactor.key.codes({mine: known.authorities[mine] for mine in own.values()})
    areas = {name: printed(redactor.style, codes[own[name]]) for name in answers.respondents if name in own}
    cells = zip(answers.respondents, answers.identifiers.get("la", ()), strict=False)
    return areas, {value: areas.get(name, "[LA]") for name, cell in cells for value in cell}


def _codes(study: StudyDefinition, answers: Answers, areas: Mapping[str, str]) -> dict[str, str]:
    """Give each respondent a code to print: the authority's, where each has one of its own, else R1, R2 ….

    Documents are called as the study calls them, with their numbers.
    """
    if study.documents:
        return document_names(answers, study.documents.noun)
    if areas and len(set(areas.values())) == len(answers.respondents):
        return dict(areas)
    width = len(str(len(answers.respondents)))
    return {name: f"R{at:0{width}d}" for at, name in enumerate(answers.respondents, 1)}
