"""What a report was made of and with, so that another person can make it again and get the same numbers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from importlib.metadata import version
from typing import TYPE_CHECKING, Any

import sendthemes
from sendthemes.files import digest
from sendthemes.report.definition import Mode, StudyDefinition
from sendthemes.report.material import Material

if TYPE_CHECKING:
    from sendthemes.coding.code import CodedAnswers

_BASES = {
    "all": "all respondents",
    "asked": "respondents who were asked",
    "answered": "respondents with at least one answer to an open question",
    "substantive": "respondents with at least one answer that says something",
}
_ECHOES = {
    "drop": "Words that only repeat the question were not counted.",
    "flag": "Words that repeat the question were counted and marked.",
    "count": "Words that repeat the question were counted.",
}
_LEMMAS = {
    "possible": "a word matches in any form it can take, whatever the sentence (lemma mode “possible”)",
    "in_context": "a word matches in the reading that a tagger gives it (lemma mode “in context”)",
}


def manifest_of(
    study: StudyDefinition,
    coded: CodedAnswers,
    mode: Mode,
    sources: Mapping[str, str],
    checks: Sequence[str],
) -> dict[str, Any]:
    """Gather versions, hashes, settings and counts; no path, no clock, no answer.

    ``sources`` are file names with their SHA-256, ``checks`` sentences on how the coding was sense-checked.
    """
    from sendthemes.language.model import model_fingerprint

    answers, codebook = coded.answers, coded.codebook
    software = {"sendthemes": sendthemes.__version__, "spacy": version("spacy"), "model": model_fingerprint()}
    sha256 = digest(codebook.model_dump_json().encode("utf-8"))
    return {
        "study": study.study,
        "date": study.date,
        "mode": mode,
        "software": software,
        "inputs": dict(sources),
        "codebook": {"name": codebook.codebook, "version": codebook.version, "sha256": sha256},
        "settings": {
            "lemmas": coded.lemmas,
            "base": study.themes.base,
            "prompt_echo": codebook.prompt_echo,
            "threshold": study.threshold if mode == "publish" else None,
        },
        "counts": {
            "respondents": len(answers.respondents),
            "questions": sum(question.kind != "metadata" for question in answers.questions),
            "open_answers": len(answers.texts),
            # Without the codings of the themes shown, their number tells of those hidden.
            **({} if mode == "publish" else {"codings": len(coded)}),
            "problems_in_the_input": len(answers.problems),
        },
        "set_aside": _set_aside(coded, mode),
        "sense_check": " ".join(checks),
    }


def _set_aside(coded: CodedAnswers, mode: Mode) -> dict[str, int]:
    """Count the hits set aside by reason; for publication in all, as a coder's reason may say anything."""
    told = map(str, coded.set_aside.column("reason"))
    reasons = Counter(reason.split(":")[0] if reason.startswith("dropped by ") else reason for reason in told)
    if mode == "publish":
        return {"all reasons": reasons.total()} if reasons else {}
    return dict(sorted(reasons.items()))


def methods(material: Material) -> tuple[str, ...]:
    """Write the methods section, ready to paste: what COREQ asks about coding, themes and quotations."""
    coded, manifest = material.coded, material.manifest
    answers, codebook, software = coded.answers, coded.codebook, manifest["software"]
    entries = sum(len(theme.entries) for theme, _ in codebook.walk())
    reasons = ", ".join(f"{count} ({reason})" for reason, count in manifest["set_aside"].items())
    aside = f"Hits set aside: {reasons}" if reasons else "No hit was set aside"
    coding = (
        f"{len(answers.respondents)} {answers.unit}s gave {len(answers.texts)} answers to "
        f"{len(answers.open_questions)} open questions. "
        f"They were coded with the codebook {codebook.codebook}, version {codebook.version} "
        f"({len(codebook.theme_ids)} themes, {entries} entries), whose themes were defined before coding. "
        f"The codebook was applied by sendthemes {software['sendthemes']}: {_LEMMAS[coded.lemmas]}."
    )
    counting = (
        f"{material.counting} Percentages of themes are of {_BASES[material.study.themes.base]}; "
        f"intervals are 95% Wilson intervals. {_ECHOES[codebook.prompt_echo]} {aside}."
    )
    sense = manifest["sense_check"] or (
        "No second coder's decisions were applied to these codings; no agreement figure can be given."
    )
    bear = "none bears a" if material.hides else "each bears its"
    quotes = (
        "Quotations are the respondents' own words, redacted first (people, places, contact details), then "
        f"shortened at word ends, marked “…”; {bear} respondent's "
        "code. In the HTML report counts open to the words that were counted. Redaction by rules promises no "
        "anonymity: a person must read it all."
    )
    return coding, counting, sense, quotes
