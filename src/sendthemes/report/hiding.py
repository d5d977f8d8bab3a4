"""What a report for publication must not show."""

from __future__ import annotations

from collections.abc import Mapping

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

    return {name: suppress(table, threshold=study.threshold) for name, table in tables.items()}
