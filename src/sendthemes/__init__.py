"""sendthemes: qualitative coding of open-text survey answers with a YAML codebook."""

from __future__ import annotations

from importlib import import_module
from importlib.metadata import PackageNotFoundError, version
from typing import Any

try:
    __version__ = version("sendthemes")
except PackageNotFoundError:  # run from a checkout that is not installed
    __version__ = "0+checkout"

# Each public name and the room it lives in. Rooms are opened at first use: importing the package stays quick.
_ROOMS = {
    "Answers": "survey.answers",
    "CodedAnswers": "coding.code",
    "Codebook": "codebook.model",
    "CodebookError": "errors",
    "AnswersError": "errors",
    "ModelError": "errors",
    "PseudonymKey": "redaction.pseudonyms",
    "RedactionError": "errors",
    "Redactor": "redaction.redactor",
    "Report": "report.report",
    "SendThemesError": "errors",
    "Study": "report.study",
    "StudyError": "errors",
    "Table": "table",
    "Theme": "codebook.model",
    "agreement": "sensecheck.coders",
    "apply_decisions": "sensecheck.decisions",
    "change_lists": "analysis.change",
    "check_codebook": "sensecheck.check",
    "check_figures": "analysis.figures",
    "code_answers": "coding.code",
    "combine_waves": "survey.waves",
    "compare_codebooks": "sensecheck.compare",
    "crosstab": "analysis.crosstabs",
    "crosstab_tests": "analysis.association",
    "derive": "survey.derive",
    "describe": "survey.describe",
    "entry_precision": "sensecheck.precision",
    "excerpts": "analysis.excerpts",
    "find_leaks": "redaction.leaks",
    "group_differences": "analysis.spread",
    "improve_codebook": "sensecheck.improve",
    "kwic": "sensecheck.kwic",
    "list_codebooks": "codebook.load",
    "load_codebook": "codebook.load",
    "load_study": "report.study",
    "read_answers": "survey.read",
    "read_dictionary": "codebook.dictionaries",
    "read_documents": "survey.documents",
    "read_refi_qda": "exchange.refi_qda",
    "redaction_log": "redaction.risks",
    "refuse_leaks": "redaction.leaks",
    "residual_risks": "redaction.risks",
    "response_counts": "analysis.frequencies",
    "scale_change": "analysis.change",
    "scale_summary": "analysis.scales",
    "sense_check_sample": "sensecheck.sample",
    "suggest_entries": "sensecheck.suggest",
    "suppress": "analysis.disclosure",
    "theme_change": "analysis.change",
    "theme_cooccurrence": "analysis.spread",
    "theme_crosstab": "analysis.crosstabs",
    "theme_frequencies": "analysis.frequencies",
    "theme_matrix": "analysis.matrix",
    "theme_references": "analysis.matrix",
    "theme_sentences": "analysis.matrix",
    "theme_spread": "analysis.spread",
    "theme_tests": "analysis.association",
    "uncoded_answers": "sensecheck.uncoded",
    "write_dictionary": "codebook.dictionaries",
    "write_refi_qda": "exchange.refi_qda",
}

__all__ = sorted([*_ROOMS, "__version__"])  # noqa: PLE0605


def __getattr__(name: str) -> Any:
    room = _ROOMS.get(name)
    if room is None:
        raise AttributeError(f"module 'sendthemes' has no attribute {name!r}")
    return getattr(import_module(f"sendthemes.{room}"), name)


def __dir__() -> list[str]:
    return sorted([*globals(), *_ROOMS])
