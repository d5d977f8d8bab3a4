"""The sections of a report, each written from the same material."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from sendthemes.report import audit, comparisons
from sendthemes.report.blocks import (
    Block,
    Evidence,
    Figure,
    Heading,
    Items,
    Narrative,
    Prose,
    Rating,
    Section,
)
from sendthemes.report.definition import AlignedDomain, RagDomain, SectionName
from sendthemes.report.evidence import Gathering
from sendthemes.report.material import Material
from sendthemes.report.quotes import quotes
from sendthemes.report.rules import every, first, said
from sendthemes.report.tables import joined
from sendthemes.table import Cell, Table

Part = tuple[tuple[Block, ...], dict[str, Table]]

_TITLES: Mapping[SectionName, str] = {
    "headline": "Headline",
    "responses": "Quantitative results",
    "scales": "Agreement",
    "change": "Change between the waves",
    "themes": "Themes in the open answers",
    "documents": "Themes by document",
    "excerpts": "Evidence excerpts",
    "cross_tables": "Cross-analysis",
    "alignment": "Alignment with the framework",
    "rag": "RAG ratings",
    "actions": "Priority actions",
    "appendix": "Appendix: every question and its finding",
    "audit": "Methods and audit",
}


def write_sections(material: Material) -> tuple[tuple[Section, ...], dict[str, Table], Evidence]:
    """Write the sections that the study asks for and has matter for, in its order.

    Returns:
        The sections, the report's tables in the order in which they stand there, and what their counts
        open to.
    """
    writers: Mapping[SectionName, Callable[[Material], Part]] = {
        "headline": _headline,
        "responses": _responses,
        "scales": comparisons.scales,
        "change": comparisons.change,
        "themes": _themes,
        "documents": comparisons.documents,
        "excerpts": _excerpts,
        "cross_tables": _cross_tables,
        "alignment": _alignment,
        "rag": _rag,
        "actions": _actions,
        "appendix": audit.appendix,
        "audit": audit.audit,
    }
    sections: list[Section] = []
    tables: dict[str, Table] = {}
    gathering = Gathering(material)
    for name in material.study.sections:
        blocks, made = writers[name](material)
        if not blocks:
            continue
        words = getattr(material.study.narrative, name)
        slot = (Narrative(words),) if words else ()
        opening = (
            replace(block, opens=gathering.opens(block, made[block.table]))
            if isinstance(block, Figure)
            else block
            for block in blocks
        )
        sections.append(Section(name.replace("_", "-"), _TITLES[name], (*slot, *opening)))
        tables |= made
    return tuple(sections), tables, gathering.evidence()


def _headline(material: Material) -> Part:
    wish, figures = material.study.headline, material.figures
    if wish is None:
        return (), {}
    found = first(wish.readiness, figures)
    word, gloss = (found[0].say, found[0].gloss) if found else (wish.otherwise, wish.gloss)
    rows: list[tuple[Cell, ...]] = [
        ("Overall readiness", word, "; ".join(found[1].lines) if found else "no rule holds")
    ]
    blocks: list[Block] = [Prose(f"Overall readiness: {word}", "lead"), Prose(gloss)] if gloss else []
    if not gloss and word:
        blocks = [Prose(f"Overall readiness: {word}", "lead")]
    for title, findings in (
        ("Most consistent strengths", wish.strengths),
        ("Most consistent risks", wish.risks),
    ):
        holding = every(findings, figures)
        items = tuple((finding.say, "; ".join(verdict.lines)) for finding, verdict in holding)
        rows += [(title, words, lines) for words, lines in items]
        blocks.append(Items(items or (("None of those looked for.", ""),), title))
    return tuple(blocks), {"headline": Table(("part", "finding", "evidence"), tuple(rows), title="Headline")}


def _responses(material: Material) -> Part:
    blocks: list[Block] = []
    made: dict[str, Table] = {}
    aside = material.study.scales.questions if material.study.scales else ()
    who = [by for by in material.study.themes.by if by not in material.numbers]
    for by in who:
        made[f"responses_{by}"] = material.tables[f"responses_{by}"]
        blocks.append(Figure(f"responses_{by}", about=by))
    kinds = (
        ("responses", "Closed questions", {"single", "scale", "matrix"}),
        ("choices", "Questions with several answers", {"multiple"}),
        ("maturity", "Maturity statements", {"statement"}),
    )
    for name, title, wanted in kinds:
        keys = {
            question.id: material.names[question.id]
            for question in material.coded.answers.questions
            if question.kind in wanted and question.id in material.numbers and question.id not in aside
        }
        if not keys:
            continue
        made[name] = joined(material.tables, keys, title=title)
        if name == "maturity" and len({material.coded.answers.question(key).levels for key in keys}) == 1:
            levels = material.coded.answers.question(next(iter(keys))).levels
            made[name] = _by_level(made[name], levels)
            blocks.append(Figure(name, chart="stacked", across="response", folded=True))
        else:
            blocks.append(Figure(name))
    return tuple(blocks), made


def _by_level(table: Table, levels: tuple[str, ...]) -> Table:
    """Put each question's rows in the order of the levels, which a stacked bar needs."""
    order = {level: at for at, level in enumerate(levels)}
    questions = {name: at for at, name in enumerate(dict.fromkeys(table.column("question")))}
    at, level = table.columns.index("question"), table.columns.index("response")
    rows = sorted(table.rows, key=lambda row: (questions[row[at]], order.get(str(row[level]), len(order))))
    return Table(table.columns, tuple(rows), table.title, table.base, table.notes)


def _themes(material: Material) -> Part:
    study, table = material.study, material.tables["themes"]
    codebook = material.coded.codebook
    made = {"themes": table}
    method = (
        f"Method: keywords of the codebook {codebook.codebook}, version {codebook.version}, applied to every "
        f"open answer. A {material.coded.answers.unit} counts once for a "
        "theme, however often and in however many answers it occurs."
    )
    blocks: list[Block] = [Prose(method, "method"), *(Prose(caveat, "caveat") for caveat in study.caveats)]
    if study.themes.by_question:
        made["themes_by_question"] = _at_least(material.tables["themes_by_question"], study.themes.minimum)
    if study.themes.by_question and study.themes.questions_as == "lists":
        lists, tables = comparisons.theme_lists(material, made["themes_by_question"])
        blocks += lists
        made |= tables
    else:
        blocks.append(Figure("themes", chart="bars"))
    if study.themes.by_question and study.themes.questions_as == "grid":
        heads = dict(material.numbers.items())
        blocks += [
            Heading("Themes question by question"),
            Prose("Percents are of those who answered each question; the appendix explains the numbers."),
            Figure("themes_by_question", chart="heat", across="question", heads=heads, folded=True),
        ]
    if study.themes.together:
        made["themes_together"] = material.tables["themes_together"]
        blocks += [
            Heading("Themes mentioned together"),
            Figure("themes_together", chart="pairs", folded=True),
        ]
    for by in study.themes.by:
        table = material.tables[f"themes_by_{by}"]
        made[f"themes_by_{by}"] = table
        blocks += [
            Heading(f"Themes by {material.names[by]}"),
            Figure(f"themes_by_{by}", across=_shorter(table, ("label", table.columns[2])), titled=True),
        ]
        found = comparisons.found_differences(material.tables[f"differences_by_{by}"])
        made[f"differences_by_{by}"] = found
        if len(found):
            blocks += [Heading(found.title), Figure(f"differences_by_{by}", titled=True)]
    return tuple(blocks), made


def _shorter(table: Table, names: tuple[str, str]) -> str:
    """Say which of two columns has fewer different values, so that the grid is high and not wide."""
    return min(reversed(names), key=lambda name: len(set(table.column(name))))


def _at_least(table: Table, minimum: int) -> Table:
    """Leave out rows with fewer respondents than wanted, and say how many."""
    kept = tuple(
        row
        for row, cells in zip(table.rows, table, strict=True)
        if not isinstance(cells["respondents"], int) or cells["respondents"] >= minimum
    )
    if len(kept) == len(table):
        return table
    note = f"Themes with fewer than {minimum} respondents in a question are left out of it."
    return replace(table, rows=kept).with_notes(note)


def _excerpts(material: Material) -> Part:
    wish = material.study.excerpts
    answers = material.coded.answers
    questions = wish.questions or tuple(question.id for question in answers.open_questions)
    chosen = [quotes(material, answers.question(name).id, wish.limit) for name in questions]
    rows = tuple(
        (each.title, quote.respondent, quote.theme, quote.text) for each in chosen for quote in each.items
    )
    table = Table(("question", "respondent", "themes", "excerpt"), rows, title="Excerpts")
    words = Prose(
        f"In the {material.people}' words, with people and places hidden; "
        "“…” marks where words are left out. "
        + ("" if material.study.documents else "Codes stand for respondents."),
        "method",
    )
    return (words, *(each for each in chosen if each.items)), {"excerpts": table}


def _cross_tables(material: Material) -> Part:
    blocks: list[Block] = []
    made: dict[str, Table] = {}
    for cross in material.study.cross_tables:
        made[cross.id] = material.tables[cross.id]
        blocks += [
            Heading(made[cross.id].title),
            Figure(cross.id, across=made[cross.id].columns[1], titled=True),
        ]
        if cross.reading:
            blocks.append(Prose(cross.reading, "reading"))
    return tuple(blocks), made


def _alignment(material: Material) -> Part:
    wish = material.study.alignment
    if wish is None:
        return (), {}
    rows = tuple(_aligned(material, domain) for domain in wish.domains)
    columns = ("domain", "questions", "themes", "judgement", "because", "comment")
    title = "Evidence and judgement by domain" + (f": {wish.framework}" if wish.framework else "")
    blocks: list[Block] = [Prose(title, "method")]
    for domain, questions, themes, judgement, because, comment in rows:
        items = (
            (f"Judgement: {judgement}", because),
            (f"Questions: {questions}", ""),
            (f"Themes: {themes}", ""),
        )
        blocks += [Heading(domain), *([Prose(comment)] if comment else []), Items(items)]
    return tuple(blocks), {"alignment": Table(columns, rows, title=title)}


def _aligned(material: Material, domain: AlignedDomain) -> tuple[str, str, str, str, str, str]:
    found = first(domain.judgement, material.figures)
    counts = {row["theme"]: row for row in material.tables["themes"]}
    themes = [counts[name] for name in domain.themes]
    return (
        domain.domain,
        ", ".join(material.numbers.get(name, material.names[name]) for name in domain.questions) or "none",
        "; ".join(f"{row['label']} ({row['respondents']} of {row['base']})" for row in themes) or "none",
        found[0].say if found else domain.otherwise,
        "; ".join(found[1].lines) if found else "no rule holds",
        domain.comment,
    )


def _rag(material: Material) -> Part:
    if not material.study.rag:
        return (), {}
    ratings = [_rating(material, domain) for domain in material.study.rag]
    rows = tuple(
        (
            each.domain,
            each.colour,
            each.ruled,
            "; ".join(each.because),
            "; ".join(each.evidence),
            each.suggests,
            each.reason,
        )
        for each in ratings
    )
    columns = ("domain", "colour", "colour_by_rule", "because", "evidence", "suggests", "reason")
    return tuple(ratings), {"rag": Table(columns, rows, title="RAG ratings by domain")}


def _rating(material: Material, domain: RagDomain) -> Rating:
    ruled, because = material.colours[domain.domain]
    return Rating(
        domain.domain,
        domain.override.colour if domain.override else ruled,
        ruled,
        because,
        tuple(said(measure, material.figures) for measure in domain.evidence),
        domain.suggests,
        domain.override.reason if domain.override else "",
        tuple(action.action for action in material.study.actions if domain.domain in action.domains),
    )


def _actions(material: Material) -> Part:
    if not material.study.actions:
        return (), {}
    colours = material.figures.colours
    rows = tuple(
        (
            at,
            action.action,
            "; ".join(f"{name} ({colours[name]})" for name in action.domains),
            action.owner,
            action.by,
        )
        for at, action in enumerate(material.study.actions, 1)
    )
    table = Table(("number", "action", "domains", "owner", "by"), rows, title="Priority actions")
    return (Figure("actions"),), {"actions": table}
