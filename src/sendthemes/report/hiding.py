"""What a report for publication must not show."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from sendthemes.report.definition import Mode, StudyDefinition
from sendthemes.table import Table


def hide(tables: Mapping[str, Table], study: StudyDefinition, mode: Mode) -> dict[str, Table]:
    """Give the tables as they are shown: in publish mode with small numbers hidden.

    Tables of documents count sentences and documents, not people: they are shown as they are.

    Args:
        tables: Id → table with true counts.
        study: Says under which count a number is small.
        mode: ``internal`` changes nothing.
    """
    if mode == "internal" or study.documents:
        return dict(tables)
    from sendthemes.analysis.disclosure import suppress

    return {name: _whole_groups(suppress(table, threshold=study.threshold)) for name, table in tables.items()}


def _whole_groups(table: Table) -> Table:
    """Hide the noughts of groups whose size is hidden: of very few people, who did not say it is told too."""
    from sendthemes.analysis.disclosure import HIDDEN

    if not {"respondents", "base", "percent"} <= set(table.columns):
        return table
    rows = [
        row | dict.fromkeys(("respondents", "percent"), HIDDEN)
        if row["base"] == HIDDEN and not row["respondents"]
        else row
        for row in table
    ]
    return replace(table, rows=tuple(tuple(row.values()) for row in rows))
