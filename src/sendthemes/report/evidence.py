"""Evidence: the respondents' words behind a count, redacted first and then marked and shortened."""

from __future__ import annotations

import re
from collections.abc import Container, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

from sendthemes.redaction.spans import Redacted, moved
from sendthemes.report.blocks import Evidence, Piece, Sighting

if TYPE_CHECKING:
    from sendthemes.coding.code import CodedAnswers

_AROUND = 110  # characters of context on either side of the words found
_CUT = "…"


def marked(redacted: Redacted, spans: Iterable[tuple[int, int]], *, width: int = 0) -> tuple[Piece, ...]:
    """Cut a redacted text into pieces, those found marked.

    Args:
        redacted: The redacted text with what was hidden.
        spans: Offsets of the words found, in the original text.
        width: A text longer than this many characters is shortened to the neighbourhood of the
            words found, at word ends, with "…"; 0 keeps it whole.

    Returns:
        Pieces that join to the text shown. Without spans one piece, unmarked; none of an empty text.
    """
    text = redacted.text
    found = _merged(moved(redacted, start, end) for start, end in spans)
    if not width or len(text) <= width:
        windows = [(0, len(text))]
    else:
        near = _merged((start - _AROUND, end + _AROUND) for start, end in found) or [(0, width)]
        windows = [_at_words(text, max(0, start), min(len(text), end), found) for start, end in near]
    pieces: list[Piece] = []
    for at, (start, end) in enumerate(windows):
        pieces += _pieces(text, start, end, found, before=_CUT if start else "", last=at == len(windows) - 1)
    return tuple(piece for piece in pieces if piece.text)


def _pieces(
    text: str, start: int, end: int, found: Sequence[tuple[int, int]], *, before: str, last: bool
) -> list[Piece]:
    pieces = [Piece(before)]
    at = start
    for left, right in found:
        if start <= left and right <= end:
            pieces += [Piece(text[at:left]), Piece(text[left:right], marked=True)]
            at = right
    pieces.append(Piece(text[at:end] + ((_CUT if last else " ") if end < len(text) else "")))
    return pieces


def _merged(spans: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    merged: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        elif end > start:
            merged.append((start, end))
    return merged


def _at_words(text: str, start: int, end: int, found: Sequence[tuple[int, int]]) -> tuple[int, int]:
    """Move a window's edges inwards to white space, but never into the words found."""
    inside = [(left, right) for left, right in found if left >= start and right <= end]
    first, last = (inside[0][0], inside[-1][1]) if inside else (end, start)
    if start and (gap := re.search(r"\s+", text[start:first])):
        start += gap.end()
    if end < len(text) and (tail := re.search(r"\s+\S*$", text[last:end])):
        end = last + tail.start()
    return start, end


def theme_evidence(
    coded: CodedAnswers,
    theme_id: str,
    *,
    redacted: Sequence[Redacted],
    codes: Mapping[str, str],
    summary: str,
    limit: int,
    may_show: Sequence[bool],
    within: Container[int] | None = None,
    mark: str = "",
) -> Evidence:
    """Gather the answers in which a theme or one of its sub-themes was found.

    Args:
        coded: The coded answers.
        theme_id: The theme.
        redacted: One redacted text an answer, in the order of ``coded.answers.texts``.
        codes: Respondent id → the code to print.
        summary: The count in words.
        limit: Answers shown at most.
        may_show: One an answer: whether its words may be printed.
        within: Only these answers (positions in ``texts``); ``None`` takes all.
        mark: What is added to the evidence's id, such as the question's.
    """
    answers, codebook = coded.answers, coded.codebook
    wanted = {codebook.theme_ids.index(name) for name in codebook.descendants(theme_id)}
    columns = coded.columns
    hits: dict[int, list[int]] = {}
    for at, theme in enumerate(columns.theme.tolist()):
        if theme in wanted and (within is None or int(columns.answer[at]) in within):
            hits.setdefault(int(columns.answer[at]), []).append(at)
    shown = [answer for answer in sorted(hits) if may_show[answer]]
    sightings = []
    for answer in shown[:limit]:
        rows = hits[answer]
        respondent = answers.respondents[answers.answer_respondents[answer]]
        question = answers.questions[answers.answer_questions[answer]]
        pieces = marked(
            redacted[answer], [(int(columns.start[at]), int(columns.end[at])) for at in rows], width=400
        )
        entries = tuple(sorted({_entry(coded, at) for at in rows} - {""}))
        sightings.append(Sighting(codes[respondent], question.text, entries, pieces, _flags(coded, rows)))
    place = "section" if answers.unit == "document" else "answer"
    return Evidence(
        f"evidence-{theme_id}{mark}",
        codebook.theme(theme_id).title,
        f"{summary}, in {len(hits)} {place}{'' if len(hits) == 1 else 's'}",
        tuple(sightings),
        _left_out(len(hits), len(shown), limit),
    )


def answer_evidence(
    coded: CodedAnswers,
    chosen: Sequence[int],
    *,
    id: str,
    title: str,
    summary: str,
    redacted: Sequence[Redacted],
    codes: Mapping[str, str],
    limit: int,
    may_show: Sequence[bool],
) -> Evidence:
    """Gather whole answers (positions in ``texts``) that stand behind a count, such as one level's."""
    answers = coded.answers
    shown = [answer for answer in chosen if may_show[answer]]
    sightings = tuple(
        Sighting(
            codes[answers.respondents[answers.answer_respondents[answer]]],
            answers.questions[answers.answer_questions[answer]].text,
            (),
            marked(redacted[answer], (), width=400),
        )
        for answer in shown[:limit]
    )
    return Evidence(id, title, summary, sightings, _left_out(len(chosen), len(shown), limit))


def _entry(coded: CodedAnswers, at: int) -> str:
    entry = int(coded.columns.entry[at])
    return coded.entry_labels[entry] if entry >= 0 else ""


def _flags(coded: CodedAnswers, rows: Sequence[int]) -> tuple[str, ...]:
    columns = coded.columns
    flags = []
    if any(columns.negated[at] for at in rows):
        flags.append("negated")
    if any(columns.echo[at] for at in rows):
        flags.append("repeats the question's words")
    if any(columns.status[at] for at in rows):
        flags.append("confirmed or added by a coder")
    return tuple(flags)


def _left_out(found: int, allowed: int, limit: int) -> str:
    parts = []
    if allowed > limit:
        parts.append(f"The first {limit} of {allowed} answers are shown.")
    if found > allowed:
        further = found - allowed
        verb = "answer is" if further == 1 else "answers are"
        parts.append(f"{further} further {verb} counted but not shown.")
    return " ".join(parts)
