"""sendthemes: qualitative coding of open-text survey answers with a YAML codebook."""

from __future__ import annotations

from importlib import import_module
from importlib.metadata import PackageNotFoundError, version
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:  # for editors and type checkers, which do not run __getattr__; a test compares with _ROOMS
    from sendthemes.analysis.association import crosstab_tests, theme_tests
    from sendthemes.analysis.change import change_lists, scale_change, theme_change
    from sendthemes.analysis.crosstabs import crosstab, theme_crosstab
    from sendthemes.analysis.disclosure import suppress
    from sendthemes.analysis.excerpts import excerpts
    from sendthemes.analysis.figures import check_figures
    from sendthemes.analysis.frequencies import response_counts, theme_frequencies
    from sendthemes.analysis.matrix import theme_matrix, theme_references, theme_sentences
    from sendthemes.analysis.scales import scale_summary
    from sendthemes.analysis.spread import group_differences, theme_cooccurrence, theme_spread
    from sendthemes.codebook.dictionaries import read_dictionary, write_dictionary
    from sendthemes.codebook.load import list_codebooks, load_codebook
    from sendthemes.codebook.model import Codebook, Theme
    from sendthemes.coding.code import CodedAnswers, code_answers
    from sendthemes.coding.stream import code_to_parquet
    from sendthemes.errors import (
        AnswersError,
        CodebookError,
        ModelError,
        RedactionError,
        SendThemesError,
        StudyError,
    )
    from sendthemes.exchange.refi_qda import read_refi_qda, write_refi_qda
    from sendthemes.redaction.leaks import find_leaks, refuse_leaks
    from sendthemes.redaction.pseudonyms import PseudonymKey
    from sendthemes.redaction.redactor import Redactor
    from sendthemes.redaction.risks import redaction_log, residual_risks
    from sendthemes.report.report import Report
    from sendthemes.report.study import Study, load_study
    from sendthemes.sensecheck.check import check_codebook
    from sendthemes.sensecheck.coders import agreement, disagreements
    from sendthemes.sensecheck.compare import compare_codebooks
    from sendthemes.sensecheck.decisions import read_decisions, write_decisions
    from sendthemes.sensecheck.improve import improve_codebook
    from sendthemes.sensecheck.judgements import apply_decisions, flagged_decisions
    from sendthemes.sensecheck.kwic import kwic
    from sendthemes.sensecheck.precision import corrected_frequencies, entry_precision
    from sendthemes.sensecheck.sample import read_sample, sense_check_sample
    from sendthemes.sensecheck.suggest import suggest_entries
    from sendthemes.sensecheck.uncoded import uncoded_answers
    from sendthemes.survey.answers import Answers
    from sendthemes.survey.derive import derive
    from sendthemes.survey.describe import describe
    from sendthemes.survey.documents import read_documents
    from sendthemes.survey.read import read_answers
    from sendthemes.survey.waves import combine_waves
    from sendthemes.table import Table

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
    "apply_decisions": "sensecheck.judgements",
    "change_lists": "analysis.change",
    "check_codebook": "sensecheck.check",
    "check_figures": "analysis.figures",
    "code_answers": "coding.code",
    "code_to_parquet": "coding.stream",
    "combine_waves": "survey.waves",
    "compare_codebooks": "sensecheck.compare",
    "corrected_frequencies": "sensecheck.precision",
    "crosstab": "analysis.crosstabs",
    "crosstab_tests": "analysis.association",
    "derive": "survey.derive",
    "describe": "survey.describe",
    "disagreements": "sensecheck.coders",
    "entry_precision": "sensecheck.precision",
    "excerpts": "analysis.excerpts",
    "find_leaks": "redaction.leaks",
    "flagged_decisions": "sensecheck.judgements",
    "group_differences": "analysis.spread",
    "improve_codebook": "sensecheck.improve",
    "kwic": "sensecheck.kwic",
    "list_codebooks": "codebook.load",
    "load_codebook": "codebook.load",
    "load_study": "report.study",
    "read_answers": "survey.read",
    "read_decisions": "sensecheck.decisions",
    "read_dictionary": "codebook.dictionaries",
    "read_documents": "survey.documents",
    "read_refi_qda": "exchange.refi_qda",
    "read_sample": "sensecheck.sample",
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
    "write_decisions": "sensecheck.decisions",
    "write_dictionary": "codebook.dictionaries",
    "write_refi_qda": "exchange.refi_qda",
}

__all__ = [
    "Answers",
    "AnswersError",
    "Codebook",
    "CodebookError",
    "CodedAnswers",
    "ModelError",
    "PseudonymKey",
    "RedactionError",
    "Redactor",
    "Report",
    "SendThemesError",
    "Study",
    "StudyError",
    "Table",
    "Theme",
    "__version__",
    "agreement",
    "apply_decisions",
    "change_lists",
    "check_codebook",
    "check_figures",
    "code_answers",
    "code_to_parquet",
    "combine_waves",
    "compare_codebooks",
    "corrected_frequencies",
    "crosstab",
    "crosstab_tests",
    "derive",
    "describe",
    "disagreements",
    "entry_precision",
    "excerpts",
    "find_leaks",
    "flagged_decisions",
    "group_differences",
    "improve_codebook",
    "kwic",
    "list_codebooks",
    "load_codebook",
    "load_study",
    "read_answers",
    "read_decisions",
    "read_dictionary",
    "read_documents",
    "read_refi_qda",
    "read_sample",
    "redaction_log",
    "refuse_leaks",
    "residual_risks",
    "response_counts",
    "scale_change",
    "scale_summary",
    "sense_check_sample",
    "suggest_entries",
    "suppress",
    "theme_change",
    "theme_cooccurrence",
    "theme_crosstab",
    "theme_frequencies",
    "theme_matrix",
    "theme_references",
    "theme_sentences",
    "theme_spread",
    "theme_tests",
    "uncoded_answers",
    "write_decisions",
    "write_dictionary",
    "write_refi_qda",
]


def __getattr__(name: str) -> Any:
    room = _ROOMS.get(name)
    if room is None:
        raise AttributeError(f"module 'sendthemes' has no attribute {name!r}")
    return getattr(import_module(f"sendthemes.{room}"), name)


def __dir__() -> list[str]:
    return sorted([*globals(), *_ROOMS])
