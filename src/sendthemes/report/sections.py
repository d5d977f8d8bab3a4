"""The sections of a report, each written from the same material."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import chain

from sendthemes.analysis.change import change_lists
from sendthemes.analysis.disclosure import HIDDEN
from sendthemes.analysis.mentions import counted
from sendthemes.report import audit
from sendthemes.report.blocks import Block, Data, Figure, Heading, Items, Narrative, Prose, Rating, Section
from sendthemes.report.definition import SectionName
from sendthemes.report.evidence import Gathering
from sendthemes.report.material import Material
from sendthemes.report.quotes import quotes
from sendthemes.report.rules import chosen, every, said
from sendthemes.report.tables import joined
from sendthemes.table import Cell, Table, show

_LISTS = {
    "celebrate": "To celebrate",
    "fell": "Less positive: agreement fell",
    "low but rising": "Low but rising",
    "average": "Averages over several statements",
}
_ARROWS = {"up": "▲ up", "down": "▼ down"}


def write_sections(material: Material, gathering: Gathering) -> tuple[Section, ...]:
    """Write the sections that the study asks for and has matter for, in its order; evidence is gathered."""
    sections: list[Section] = []
    for name in material.study.sections:
        title, write = _SECTIONS[name]
        blocks = [
            replace(block, opens=gathering.opens(block)) if isinstance(block, Figure) else block
            for block in chain.from_iterable(map(_readable, write(material)))
        ]
        words = getattr(material.study.narrative, name)
        if blocks:
            slot = [Narrative(words)] if words else []
            sections.append(Section(name.replace("_", "-"), title, (*slot, *blocks)))
    return tuple(sections)


def _readable(block: Block) -> Iterator[Block]:
    """Say in a line that no count of a table may be shown, instead of setting nothing but symbols."""
    if isinstance(block, Figure) and {row.get("respondents") for row in block.table} == {HIDDEN}:
        yield Prose("No count of this table may be published.", "method")
        yield Data(block.id, block.table)
    else:
        yield block


def _headline(material: Material) -> Iterator[Block]:
    wish, figures = material.study.headline, material.figures
    if wish is None:
        return
    word, gloss, why = chosen(wish.readiness, (wish.otherwise, wish.gloss), figures)
    rows: list[tuple[Cell, ...]] = [("Overall readiness", word, why)]
    if word:
        yield Prose(f"Overall readiness: {word}", "lead")
    if gloss:
        yield Prose(gloss)
    for side, findings in (("strengths", wish.strengths), ("risks", wish.risks)):
        title = f"Most consistent {side}"
        items = every(findings, figures)
        rows += [(title, *item) for item in items]
        none = "None that the published numbers show." if material.hides else "None of those looked for."
        yield Items(items or ((none, ""),), title)
    yield Data("headline", Table(("part", "finding", "evidence"), tuple(rows), title="Headline"))


def _responses(material: Material) -> Iterator[Block]:
    aside = material.study.scales.questions if material.study.scales else ()
    for by in material.study.themes.by:
        if by not in material.numbers:
            yield Figure(f"responses_{by}", material.tables[f"responses_{by}"], about=by)
    kinds = (
        ("responses", "Closed questions", {"single", "scale", "matrix"}),
        ("choices", "Questions with several answers", {"multiple"}),
        ("maturity", "Maturity statements", {"statement"}),
    )
    for name, title, wanted in kinds:
        told = (each for each in material.coded.answers.questions if each.id in material.numbers)
        asked = [each for each in told if each.kind in wanted and each.id not in aside]
        if not asked:
            continue
        table = joined(material.tables, {each.id: material.names[each.id] for each in asked}, title=title)
        if name == "maturity" and len({each.levels for each in asked}) == 1:
            table = _in_order(table, "response", asked[0].levels)  # which a stacked bar needs
            yield Figure(name, table, chart="stacked", across="response", folded=True)
        else:
            yield Figure(name, table)


def _in_order(table: Table, column: str, wanted: Sequence[Cell]) -> Table:
    """Put each question's rows in the order that is wanted of a column; what else is there comes last."""
    questions = list(dict.fromkeys(table.column("question")))
    order = {cell: at for at, cell in enumerate(wanted)}

    def place(row: Mapping[str, Cell]) -> tuple[int, int]:
        return questions.index(row["question"]), order.get(row[column], len(order))

    return table.with_rows(sorted(table, key=place))


def _scales(material: Material) -> Iterator[Block]:
    """Write how many agree with each statement: a bar each, highest first, and the figures."""
    if not material.study.scales:
        return
    table = material.tables["scales"]
    ordered = sorted(table, key=lambda row: -row["agree"] if isinstance(row["agree"], float) else 1)
    sides = ("disagree", "neither", "agree")
    rows = tuple(
        (row["statement"], side.capitalize(), row[f"respondents_{side}"], row["base"], row[side])
        for row in ordered
        for side in sides
    )
    columns = ("statement", "side", "respondents", "base", "percent")
    agreement = Table(columns, rows, table.title, table.base, table.notes, formats={"percent": "percent"})
    yield Figure("agreement", agreement, chart="diverging", across="side", folded=True)
    yield Data("scales", table)


def _change(material: Material) -> Iterator[Block]:
    """Write what changed since the earlier wave: questions side by side, statements, four lists, themes."""
    wish, tables = material.study.change, material.tables
    if not wish:
        return
    for name in wish.questions:
        yield Figure(f"{name}_by_wave", tables[f"{name}_by_wave"], across="wave")
    if "scale_change" in tables:
        yield Figure("scale_change", _with_arrows(tables["scale_change"]), chart="change", folded=True)
        lists = _with_arrows(change_lists(tables["scale_change"], high=wish.celebrate, low=wish.low))
        for name, title in _LISTS.items():
            rows = [(str(row["statement"]), _in_figures(row)) for row in lists if row["list"] == name]
            yield Items(tuple(rows) or (("None.", ""),), title)
        yield Data("change_lists", lists)
    if "theme_change" in tables:
        yield Heading("Themes then and now")
        table = replace(_with_arrows(tables["theme_change"]), reading="")
        yield Figure("theme_change", table, titled=True)


def _with_arrows(table: Table) -> Table:
    return table.with_rows(row | {"change": _ARROWS.get(str(row["change"]), row["change"])} for row in table)


def _in_figures(row: Mapping[str, Cell]) -> str:
    """Say a change in figures: "▼ down, from 50.8% (95 of 187) to 40.9% (65 of 159)"."""
    sides = []
    for wave in ("then", "now"):
        count, base = (show(row[f"{name}_{wave}"]) for name in ("respondents", "base"))
        of = f" ({count} of {base})" if row[f"base_{wave}"] else ""
        sides.append(f"{show(row[f'percent_{wave}'], 'percent')}%{of}")
    return f"{row['change']}, from {sides[0]} to {sides[1]}"


def _themes(material: Material) -> Iterator[Block]:
    study, tables, codebook = material.study, material.tables, material.coded.codebook
    wish = study.themes
    method = (
        f"Method: keywords of the codebook {codebook.codebook}, version {codebook.version}, applied to every "
        f"open answer. {material.counting}"
    )
    yield Prose(method, "method")
    yield from (Prose(caveat, "caveat") for caveat in study.caveats)
    by_question = _at_least(tables["themes_by_question"], wish.minimum)
    if wish.by_question and wish.questions_as == "lists":
        yield Data("themes", tables["themes"])
        yield Data("themes_by_question", by_question)
        yield from _theme_lists(material, by_question)
    else:
        yield Figure("themes", tables["themes"], chart="bars")
    if wish.by_question and wish.questions_as == "grid":
        by_question = _in_order(by_question, "theme", tables["themes"].column("theme"))
        yield Heading("Themes question by question")
        yield Prose("Percents are of those who answered each question; the appendix explains the numbers.")
        yield Figure("themes_by_question", by_question, "heat", "question", material.numbers, folded=True)
    if wish.together:
        yield Heading("Themes mentioned together")
        yield Figure("themes_together", tables["themes_together"], chart="pairs", folded=True)
    for by in wish.by:
        yield Heading(f"Themes by {material.names[by]}")
        table = tables[f"themes_by_{by}"]
        across = min((table.columns[2], "label"), key=lambda name: len(set(table.column(name))))
        yield Figure(f"themes_by_{by}", table, across=across, titled=True)  # a grid that is high, not wide
        found = found_differences(tables[f"differences_by_{by}"])
        if len(found):
            yield Heading(found.title)
            yield Figure(f"differences_by_{by}", found, titled=True)
        else:
            yield Data(f"differences_by_{by}", found)


def _at_least(table: Table, minimum: int) -> Table:
    """Leave out rows with fewer respondents than wanted, and say so."""
    kept = [row for row in table if not (isinstance(cell := row["respondents"], int) and cell < minimum)]
    note = f"Themes with fewer than {minimum} respondents in a question are left out of it."
    return table if len(kept) == len(table) else table.with_rows(kept).with_notes(note)


def _theme_lists(material: Material, table: Table) -> Iterator[Block]:
    """Write each question's own themes with their counts."""
    columns = [name for name in table.columns if name != "question"]
    for question in material.coded.answers.open_questions:
        title = material.asked(question.id)
        rows = (row for row in table if row["question"] == question.id)
        base = f"respondents who answered {material.numbers[question.id]}"
        own = table.with_rows(rows, columns, title=title, base=base)
        yield Heading(title)
        yield Figure(f"themes_{question.id}", own, titled=True, about=question.id)


def found_differences(table: Table) -> Table:
    """Keep the groups that differ from all others or are like them; say how many cannot be told."""
    told = [row[-1] in ("higher", "lower", "similar") for row in table.rows]
    few = sum(row[-1] in ("too few to compare", HIDDEN) for row in table.rows)
    unclear = len(table) - sum(told) - few
    note = (
        f"Not shown: {counted(unclear, 'comparison')} without a clear difference and {few} of groups too "
        "small to compare or to show. A group that is not shown is not thereby like the others."
    )
    names = [name for name in table.columns if name not in ("low", "high", "finding")]
    rows = (row for row, tell in zip(table, told, strict=True) if tell)
    notes = tuple(each for each in table.notes if not each.startswith(HIDDEN))  # nothing hidden is left
    return table.with_rows(rows, (*names[:3], "finding", *names[3:]), notes=(*notes, note))


def _documents(material: Material) -> Iterator[Block]:
    """Write which documents reference each theme, how prominently, and the share of their sentences."""
    if not material.study.documents:
        return
    for name in ("document_references", "document_positives"):
        if name in material.tables:
            yield Figure(name, material.tables[name])
    yield Prose("Counts are of sentences. Reading decides whether a mention is a finding.", "method")
    yield Figure("document_matrix", material.tables["document_matrix"], across="document")


def _excerpts(material: Material) -> Iterator[Block]:
    wish, answers = material.study.excerpts, material.coded.answers
    questions = wish.questions or tuple(question.id for question in answers.open_questions)
    found = [quotes(material, answers.question(name).id, wish.limit) for name in questions]
    pairs = ((each.title, quote) for each in found for quote in each.items)
    rows = tuple((title, quote.respondent, quote.theme, quote.text) for title, quote in pairs)
    whose = f"In the {material.people}' words, with people and places hidden;"
    told = f"{whose} “…” marks where words are left out."
    if material.mode == "publish" and not material.study.documents:
        told += " No code says who wrote them, so that nobody's answers can be put together."
    elif not material.study.documents:
        told += " Codes stand for respondents."
    yield Prose(told, "method")
    yield from (each for each in found if each.items)
    columns = ("question", "respondent", "themes", "excerpt")
    yield Data("excerpts", Table(columns, rows, title="Excerpts"))


def _cross_tables(material: Material) -> Iterator[Block]:
    for cross in material.study.cross_tables:
        table = material.tables[cross.id]
        yield Heading(table.title)
        yield Figure(cross.id, table, across=table.columns[1], titled=True)
        if cross.reading and HIDDEN not in table.column("respondents"):
            yield Prose(cross.reading, "reading")


def _alignment(material: Material) -> Iterator[Block]:
    wish = material.study.alignment
    if wish is None:
        return
    title = "Evidence and judgement by domain" + (f": {wish.framework}" if wish.framework else "")
    yield Prose(title, "method")
    counts = {row["theme"]: row for row in material.tables["themes"]}
    rows: list[tuple[Cell, ...]] = []
    for domain in wish.domains:
        asked = (material.numbers.get(name, material.names[name]) for name in domain.questions)
        themes = (counts[name] for name in domain.themes)
        told = (f"{row['label']} ({row['respondents']} of {row['base']})" for row in themes)
        evidence = ", ".join(asked) or "none", "; ".join(told) or "none"
        judgement, _, why = chosen(domain.judgement, (domain.otherwise, ""), material.figures)
        rows.append((domain.domain, *evidence, judgement, why, domain.comment))
        yield Heading(domain.domain)
        if domain.comment:
            yield Prose(domain.comment)
        named = ((f"Questions: {evidence[0]}", ""), (f"Themes: {evidence[1]}", ""))
        yield Items(((f"Judgement: {judgement}", why), *named))
    columns = ("domain", "questions", "themes", "judgement", "because", "comment")
    yield Data("alignment", Table(columns, tuple(rows), title=title))


def _rag(material: Material) -> Iterator[Block]:
    rows: list[tuple[Cell, ...]] = []
    for domain in material.study.rag:
        ruled, because = material.ruled[domain.domain]
        colour = material.figures.colours[domain.domain]
        reason = domain.override.reason if domain.override else ""
        evidence = tuple(said(measure, material.figures) for measure in domain.evidence)
        actions = tuple(each.action for each in material.study.actions if domain.domain in each.domains)
        yield Rating(domain.domain, colour, ruled, because, evidence, domain.suggests, reason, actions)
        told = "; ".join(because), "; ".join(evidence)
        rows.append((domain.domain, colour, ruled, *told, domain.suggests, reason))
    columns = ("domain", "colour", "colour_by_rule", "because", "evidence", "suggests", "reason")
    if rows:
        yield Data("rag", Table(columns, tuple(rows), title="RAG ratings by domain"))


def _actions(material: Material) -> Iterator[Block]:
    colours = material.figures.colours
    rows: list[tuple[Cell, ...]] = []
    for at, each in enumerate(material.study.actions, 1):
        answered = "; ".join(f"{name} ({colours[name]})" for name in each.domains)
        rows.append((at, each.action, answered, each.owner, each.by))
    if rows:
        columns = ("number", "action", "domains", "owner", "by")
        yield Figure("actions", Table(columns, tuple(rows), title="Priority actions"))


_SECTIONS: Mapping[SectionName, tuple[str, Callable[[Material], Iterator[Block]]]] = {
    "headline": ("Headline", _headline),
    "responses": ("Quantitative results", _responses),
    "scales": ("Agreement", _scales),
    "change": ("Change between the waves", _change),
    "themes": ("Themes in the open answers", _themes),
    "documents": ("Themes by document", _documents),
    "excerpts": ("Evidence excerpts", _excerpts),
    "cross_tables": ("Cross-analysis", _cross_tables),
    "alignment": ("Alignment with the framework", _alignment),
    "rag": ("RAG ratings", _rag),
    "actions": ("Priority actions", _actions),
    "appendix": ("Appendix: every question and its finding", audit.appendix),
    "audit": ("Methods and audit", audit.audit),
}
