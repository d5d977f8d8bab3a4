"""What a report for publication must not show."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from sendthemes.analysis.disclosure import HIDDEN, suppress
from sendthemes.codebook.model import Codebook
from sendthemes.report.definition import Mode, StudyDefinition
from sendthemes.table import Cell, Table

_NOTE = f"{HIDDEN}: hidden, so that no small number can be worked out from other tables."


def hide(
    tables: Mapping[str, Table], study: StudyDefinition, mode: Mode, codebook: Codebook
) -> dict[str, Table]:
    """Give the tables (with true counts) as they are shown: in publish mode with small numbers hidden.

    Each table is made safe by itself; then more is hidden, until no two tables tell a hidden number together:
    no theme of the codebook may tell a hidden one that is part of it. Tables of documents count sentences and
    documents, not people: they are shown as they are.
    """
    if mode == "internal" or study.documents:
        return dict(tables)
    shown = dict(tables)
    for name, table in tables.items():
        safe = suppress(table, threshold=study.threshold, codebook=codebook)
        # Of a group whose size is hidden nothing is told: of very few, who did not say it is told too.
        shown[name] = _without(safe, (row.get("base") == HIDDEN for row in safe))
    for name in study.change.questions if study.change else ():
        _hide_levels_alike(shown, f"responses_{name}", f"{name}_by_wave", study.data.wave)
    if study.scales:
        _show_sums_only(shown, study)
    _hide_themes_alike(shown, codebook)
    return {name: _safely_ordered(name, table, shown) for name, table in shown.items()}


def _without(table: Table, hidden: Iterable[bool]) -> Table:
    """Hide this wave's count in some rows, and everything that is worked out from it; bases stay."""
    first = next(at for at, name in enumerate(table.columns) if name.startswith("respondents"))
    counted = [name for name in table.columns[first:] if not name.startswith("base")]
    names = [name for name in counted if not name.endswith("_then")]
    made = table.with_rows(
        row | {name: HIDDEN for name in names if hide and row[name] is not None}
        for row, hide in zip(table, hidden, strict=True)
    )
    told = made.rows == table.rows or any(note.startswith(HIDDEN) for note in table.notes)
    return made if told else made.with_notes(_NOTE)


def _hide_levels_alike(shown: dict[str, Table], alone: str, beside: str, wave: str) -> None:
    """Hide a question's levels in its own table and in this wave's column of the waves' table alike."""
    level = shown[beside].columns[0]
    hidden = {row["response"] for row in shown[alone] if row["respondents"] == HIDDEN}
    hidden |= {row[level] for row in shown[beside] if row["wave"] == wave and row["respondents"] == HIDDEN}
    shown[alone] = _without(shown[alone], [row["response"] in hidden for row in shown[alone]])
    then_and_now = ((row[level] in hidden and row["wave"] == wave) for row in shown[beside])
    shown[beside] = _without(shown[beside], then_and_now)


def _show_sums_only(shown: dict[str, Table], study: StudyDefinition) -> None:
    """Show of statements only who agree, neither, or disagree, and hide in the change what is hidden there.

    A level beside the sum that it is part of would give a hidden level away.
    """
    assert study.scales is not None
    hidden: list[str] = []
    for name, row in zip(study.scales.questions, shown["scales"], strict=True):
        sides = ((side.capitalize(), side) for side in ("agree", "neither", "disagree"))
        rows = tuple((title, row[f"respondents_{side}"], row["base"], row[side]) for title, side in sides)
        shown[f"responses_{name}"] = replace(shown[f"responses_{name}"], rows=rows)
        hidden += [name] if row["respondents_agree"] == HIDDEN else []
    if "scale_change" in shown:
        averages = study.change.averages.values() if study.change else ()
        groups = [*([name] for name in study.scales.questions), *averages]
        told = [any(name in hidden for name in group) for group in groups]
        shown["scale_change"] = _without(shown["scale_change"], told)


def _hide_themes_alike(shown: dict[str, Table], codebook: Codebook) -> None:
    """Hide counts of themes, until those of all answers and those of single questions tell nothing together.

    Whoever mentions a theme does so in an answer to some question: the total is at least the largest of the
    questions' counts and at most their sum. So where one question is hidden alone, the smallest other one is
    hidden with it, or else the total; and a theme whose total is hidden is shown in no table.
    """
    totals = {
        row["theme"]
        for name in ("themes", "theme_change")
        for row in shown.get(name, ())
        if HIDDEN in (row.get("respondents"), row.get("respondents_now"))
    }
    hidden: set[tuple[Cell, Cell]] = set()
    for theme in reversed(codebook.theme_ids):  # sub-themes before the themes that count them
        mine = {
            row["question"]: HIDDEN if (theme, row["question"]) in hidden else row["respondents"]
            for row in shown["themes_by_question"]
            if row["theme"] == theme and row["respondents"] != 0
        }
        if theme in totals or list(mine.values()).count(HIDDEN) != 1:
            continue
        with_it = {name for name in codebook.theme_ids if theme in codebook.descendants(name)}
        others = sorted((count, str(name)) for name, count in mine.items() if isinstance(count, int))
        if others:
            hidden |= {(name, others[0][1]) for name in with_it}
        else:
            totals |= with_it
    for name, table in shown.items():
        if "theme" in table.columns:
            secret = (
                bool(totals & {row["theme"], row.get("other")})
                or (row["theme"], row.get("question")) in hidden
                for row in table
            )
            shown[name] = _without(table, secret)


def _safely_ordered(name: str, table: Table, shown: Mapping[str, Table]) -> Table:
    """Put hidden rows of a ranked table last, by alphabet: their rank would give their counts away."""
    if name.startswith("responses_") or name in {"themes", "themes_by_question", "themes_together"}:
        groups = list(dict.fromkeys(row.get("question") for row in table))

        def rank(row: Mapping[str, Cell]) -> tuple[int, bool, str]:
            hidden = row["respondents"] == HIDDEN
            words = str(row.get("response", f"{row.get('label')} {row.get('other_label')}"))
            return groups.index(row.get("question")), hidden, words if hidden else ""

        return table.with_rows(sorted(table, key=rank))
    if name.startswith("themes_by_"):  # in the order of the themes' totals
        order = _safely_ordered("themes", shown["themes"], shown).column("theme")
        return table.with_rows(sorted(table, key=lambda row: order.index(row["theme"])))
    return table
