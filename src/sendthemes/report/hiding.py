"""What a report for publication must not show."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from sendthemes.analysis.disclosure import HIDDEN, suppress
from sendthemes.codebook.model import Codebook
from sendthemes.report.definition import Mode, StudyDefinition
from sendthemes.table import Table


def hide(
    tables: Mapping[str, Table], study: StudyDefinition, mode: Mode, codebook: Codebook
) -> dict[str, Table]:
    """Give the tables as they are shown: in publish mode with small numbers hidden.

    Tables of documents count sentences and documents, not people: they are shown as they are.

    Args:
        tables: Id → table with true counts.
        study: Says under which count a number is small.
        mode: ``internal`` changes nothing.
        codebook: Says which themes are parts of which: a parent must not tell a hidden one.
    """
    if mode == "internal" or study.documents:
        return dict(tables)
    shown = {
        name: _whole_groups(suppress(table, threshold=study.threshold, codebook=codebook))
        for name, table in tables.items()
    }
    for name in study.change.questions if study.change else ():
        _alike(shown, name, study.data.wave)
    if study.scales:
        shown = _sums_only(shown, study)
    return {name: _safely_ordered(name, table, shown) for name, table in shown.items()}


def _safely_ordered(name: str, table: Table, shown: Mapping[str, Table]) -> Table:
    """Put hidden rows of a ranked table last, by alphabet: their rank would give their counts away."""
    if name.startswith("responses_") or name in {"themes", "themes_by_question", "themes_together"}:
        groups = list(dict.fromkeys(row.get("question") for row in table))
        keys = [
            (
                groups.index(row.get("question")),
                row["respondents"] == HIDDEN,
                str(row.get("response", f"{row.get('label')} {row.get('other_label')}"))
                if row["respondents"] == HIDDEN
                else "",
            )
            for row in table
        ]
    elif name.startswith("themes_by_"):  # in the order of the themes' totals
        order = [row["theme"] for row in _safely_ordered("themes", shown["themes"], shown)]
        keys = [(order.index(row["theme"]), False, "") for row in table]
    else:
        return table
    ranked = sorted(range(len(table)), key=keys.__getitem__)
    return replace(table, rows=tuple(table.rows[at] for at in ranked))


def _alike(shown: dict[str, Table], name: str, wave: str) -> None:
    """Hide a question's levels in its own table and in this wave's column of the waves' table alike."""
    alone, beside = shown[f"responses_{name}"], shown[f"{name}_by_wave"]
    level = beside.columns[0]
    hidden = {row["response"] for row in alone if row["respondents"] == HIDDEN}
    hidden |= {row[level] for row in beside if row["wave"] == wave and row["respondents"] == HIDDEN}
    for table, where in ((alone, "response"), (beside, level)):
        rows = [
            row | dict.fromkeys(("respondents", "percent"), HIDDEN)
            if row[where] in hidden and row.get("wave", wave) == wave
            else row
            for row in table
        ]
        key = f"{name}_by_wave" if table is beside else f"responses_{name}"
        shown[key] = replace(table, rows=tuple(tuple(row.values()) for row in rows))


def _sums_only(shown: dict[str, Table], study: StudyDefinition) -> dict[str, Table]:
    """Show of statements only who agree, neither, or disagree, and hide in the change what is hidden there.

    A level beside the sum that it is part of would give a hidden level away.
    """
    assert study.scales is not None
    hidden: set[str] = set()
    for name, row in zip(study.scales.questions, shown["scales"], strict=True):
        sides = ("agree", "neither", "disagree")
        rows = tuple(
            (side.capitalize(), row[f"respondents_{side}"], row["base"], row[side]) for side in sides
        )
        shown[f"responses_{name}"] = replace(shown[f"responses_{name}"], rows=rows)
        if row["respondents_agree"] == HIDDEN:
            hidden.add(name)
    averages = study.change.averages if study.change else {}
    affected = [name in hidden for name in study.scales.questions]
    affected += [bool(hidden & set(group)) for group in averages.values()]
    if "scale_change" in shown:
        shown["scale_change"] = _without_now(shown["scale_change"], affected)
    return shown


def _without_now(table: Table, affected: Sequence[bool]) -> Table:
    """Hide the later wave's figures of some rows, and what is computed from them."""
    names = ("respondents_now", "percent_now", "difference", "low", "high", "change")
    rows = [
        row | dict.fromkeys(names, HIDDEN) if hide else row for row, hide in zip(table, affected, strict=True)
    ]
    return replace(table, rows=tuple(tuple(row.values()) for row in rows))


def _whole_groups(table: Table) -> Table:
    """Hide the noughts of groups whose size is hidden: of very few people, who did not say it is told too."""
    if not {"respondents", "base", "percent"} <= set(table.columns):
        return table
    rows = [
        row | dict.fromkeys(("respondents", "percent"), HIDDEN)
        if row["base"] == HIDDEN and not row["respondents"]
        else row
        for row in table
    ]
    return replace(table, rows=tuple(tuple(row.values()) for row in rows))
