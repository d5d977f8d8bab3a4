"""Running a study: code, count, redact, hide what must be hidden, write."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType

from sendthemes.codebook.model import Codebook
from sendthemes.coding.code import code_answers
from sendthemes.redaction.pseudonyms import PseudonymKey
from sendthemes.redaction.redactor import Redactor
from sendthemes.redaction.render import TOKENS, printed, render
from sendthemes.redaction.spans import Redacted
from sendthemes.report.audit import codings
from sendthemes.report.blocks import Pages
from sendthemes.report.definition import Mode, StudyDefinition
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


def run_study(
    definition: StudyDefinition,
    answers: Answers,
    codebook: Codebook,
    *,
    mode: Mode,
    folder: Path,
    sources: Mapping[str, str],
    earlier: Answers | None = None,
) -> Report:
    """Make a study's report.

    Args:
        definition: What the study file says.
        answers: The answers.
        codebook: The codebook.
        mode: Whether small numbers are shown (``internal``) or hidden (``publish``).
        folder: Where the study's paths start.
        sources: File name → SHA-256 of the study file and those it names.
        earlier: The answers of the earlier wave, where there is one.
    """
    coded = code_answers(answers, codebook, lemmas=definition.lemmas)
    checks: tuple[str, ...] = ()
    if definition.decisions:
        decisions = read_decisions(folder / definition.decisions)
        checks = sense_check_told(coded, decisions)
        coded = apply_decisions(coded, decisions)
    then = None if earlier is None else code_answers(earlier, codebook, lemmas=definition.lemmas)
    names = short_names(coded)
    redactor = redactor_of(definition, answers, codebook, folder)
    areas = _areas(answers, redactor)
    area_names = _area_names(answers, areas)
    tables = hide(count_tables(definition, coded, names, area_names, then), definition, mode, codebook)
    figures = Figures(tables, names)
    ruled = {domain.domain: colour_of(domain, figures) for domain in definition.rag}
    in_force = {
        each.domain: each.override.colour if each.override else ruled[each.domain][0]
        for each in definition.rag
    }
    people = [answers.respondents[at] for at in answers.answer_respondents]
    redacted = redactor.redact_all(answers.texts, people)
    material = Material(
        study=definition,
        mode=mode,
        coded=coded,
        tables=tables,
        figures=replace(figures, colours=in_force),
        ruled=ruled,
        redacted=list(map(_without_codes, answers.texts, redacted)) if mode == "publish" else redacted,
        may_show=_may_show(definition, answers),
        codes=_codes(definition, answers, areas),
        areas=area_names,
        names=names,
        numbers=question_numbers(answers),
        manifest=manifest_of(definition, coded, mode, sources, checks),
    )
    sections, evidence = write_sections(material)
    number = len(answers.respondents)
    called = (definition.documents.noun if definition.documents else (answers.unit, f"{answers.unit}s"))[
        number != 1
    ]
    pages = Pages(
        definition,
        mode,
        f"{number:,} {called}",
        sections,
        MappingProxyType(material.manifest),
        evidence,
        codings(material) if mode == "internal" else None,
    )
    template = folder / definition.template if definition.template else None
    return Report(answers, coded, pages, redactor, template)


def redactor_of(definition: StudyDefinition, answers: Answers, codebook: Codebook, folder: Path) -> Redactor:
    """Give the redactor that a study asks for."""
    key = PseudonymKey(folder / definition.key) if definition.key else PseudonymKey()
    return Redactor(
        key=key,
        known=answers,
        names=definition.names,
        protect=definition.protect,
        codebook=codebook,
        style=definition.style,
    )


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


def _areas(answers: Answers, redactor: Redactor) -> dict[str, str]:
    """Give for each respondent of one known authority that authority's code, as it is printed."""
    own = {name: mine[0] for name, mine in redactor.known.own.items() if len(mine) == 1}
    named = {mine: redactor.known.authorities[mine] for mine in own.values()}
    codes = redactor.key.codes(named)
    return {name: printed(redactor.style, codes[own[name]]) for name in answers.respondents if name in own}


def _area_names(answers: Answers, areas: Mapping[str, str]) -> dict[str, str]:
    """Give for each authority, as the answers write it, the code that tables print instead."""
    cells = answers.identifiers.get("la", ())
    return {
        value: areas.get(name, "[LA]")
        for name, cell in zip(answers.respondents, cells, strict=False)
        for value in cell
    }


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
