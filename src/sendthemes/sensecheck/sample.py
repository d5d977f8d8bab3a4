"""A blind sample for a second coder, from every theme and question, the rules' coding hidden."""

from __future__ import annotations

import io
import itertools
import math
import random
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from statistics import NormalDist

import numpy as np

from sendthemes.analysis.excerpts import AnyRedactor, redacted_answers
from sendthemes.analysis.mentions import counted
from sendthemes.coding.code import CodedAnswers
from sendthemes.errors import AnswersError, Problem, check_number, unknown
from sendthemes.files import write_whole
from sendthemes.sensecheck.decisions import Decision, answer_hash, read_cells, theme_hash
from sendthemes.survey.bases import substantive
from sendthemes.table import Table
from sendthemes.text import row_height

UNCODED = ""
_FIXED = ("answer_id", "question", "answer")
_LAST = ("none of these", "comment", "check")
_TICKS = frozenset({"x", "yes", "y", "1", "true", "✓", "✔"})
_BLANKS = frozenset({"", "no", "n", "0", "false"})
_LONGEST = 32_000  # characters; a spreadsheet's cell holds 32,767


def sense_check_sample(
    coded: CodedAnswers,
    *,
    size: int | None = None,
    margin: float = 10.0,
    confidence: float = 95.0,
    per_theme: int = 5,
    seed: int = 0,
    path: str | Path | None = None,
    redactor: AnyRedactor | None,
) -> Table:
    """Draw answers for a person to code without seeing what the rules found.

    Strata are question × rarest theme found in the answer, uncoded answers being a stratum of their own;
    each gets its share, and themes at least ``per_theme`` answers where they have them, at the cost of the
    others where ``size`` is given. Null-like answers are left out.

    Args:
        coded: The rules' coding.
        size: How many answers, no more; by default at least as many as give a 95 % interval of ± ``margin``
            for a percent near 50 (normal approximation with finite population correction, Cochran 1977,
            section 4.4).
        margin: Half the width of the interval wanted, in percentage points.
        confidence: Of the interval, in percent.
        per_theme: The least number of answers with each theme (fewer where fewer have it).
        seed: The same seed draws the same answers, whatever the order of rows.
        path: Where to write the coder's sheet: ``.xlsx`` (drop-downs) or ``.csv``.
        redactor: Hides names and places; ``None`` shows the answers as they are.

    Returns:
        answer_id, question, answer, in random order; empty where there is nothing to code.
    """
    if size is not None:
        check_number("size", size, 1)
    strata = answer_strata(coded)
    total = sum(len(rows) for rows in strata.values())
    wanted = min(total, _size_for(total, margin, confidence) if size is None else size)
    draw = random.Random(seed)
    chosen = _drawn(coded, strata, wanted, per_theme, draw, most=size)
    draw.shuffle(chosen)
    shown = redacted_answers(coded.answers, chosen, redactor)
    answers = [(coded.answers.answer(at), shown[at].text) for at in chosen]
    rows = tuple((answer.id, answer.question, text) for answer, text in answers)
    parts = f"{len(strata):,} {'stratum' if len(strata) == 1 else 'strata'}"
    table = Table(
        _FIXED,
        rows,
        title="Sample for sense-checking",
        base=f"{counted(total, 'substantive answer')} in {parts} (question × rarest theme)",
        notes=(f"{counted(len(rows), 'answer')} drawn with seed {seed}; the rules' coding is hidden.",),
    )
    if path is not None:
        _write(coded, table, Path(path))
    return table


def answer_strata(coded: CodedAnswers) -> dict[tuple[str, str], list[int]]:
    """Give the sampling strata: (question, rarest theme found; "" = uncoded) → places of the answers.

    Each substantive answer is in exactly one; equal for any order of the rows, as its lists are by answer id.
    """
    answers = coded.answers
    themes = coded.codebook.theme_ids
    pairs = np.unique(np.column_stack([coded.columns.answer, coded.columns.theme]), axis=0)
    uses = np.bincount(pairs[:, 1], minlength=len(themes))
    order = np.lexsort((np.arange(len(themes)), uses))  # the rarest first
    names = [*(themes[at] for at in order.tolist()), UNCODED]
    rarest = np.full(len(answers.texts), len(themes))
    np.minimum.at(rarest, pairs[:, 0], np.argsort(order)[pairs[:, 1]])
    questions = [question.id for question in answers.questions]
    ids = answers.answer_ids
    strata: dict[tuple[str, str], list[int]] = defaultdict(list)
    for at in sorted(np.flatnonzero(substantive(answers)).tolist(), key=ids.__getitem__):
        strata[questions[answers.answer_questions[at]], names[rarest[at]]].append(at)
    return dict(sorted(strata.items()))


def _size_for(total: int, margin: float, confidence: float) -> int:
    if not 0 < margin < 50 or not 50 <= confidence < 100:
        found = f"got {margin} and {confidence}"
        raise ValueError(f"margin is 0-50 points and confidence 50-100 percent; {found}")
    z = NormalDist().inv_cdf(0.5 + confidence / 200)
    first = (z * 50 / margin) ** 2
    return math.ceil(first / (1 + (first - 1) / total)) if total else 0


def _drawn(
    coded: CodedAnswers,
    strata: dict[tuple[str, str], list[int]],
    wanted: int,
    per_theme: int,
    draw: random.Random,
    *,
    most: int | None,
) -> list[int]:
    """Draw proportionally from the strata (largest remainders), then top up the themes that are short.

    What that makes too many (over ``most``) goes from the themes with the most answers.
    """
    total = sum(map(len, strata.values()))
    shares = {key: wanted * len(rows) / total for key, rows in strata.items()} if total else {}
    counts = {key: int(share) for key, share in shares.items()}
    by_remainder = sorted(shares, key=lambda key: (int(shares[key]) - shares[key], key))
    for key in by_remainder[: wanted - sum(counts.values())]:
        counts[key] += 1
    chosen: dict[str, list[int]] = defaultdict(list)
    spare: dict[str, list[int]] = defaultdict(list)
    for key, rows in strata.items():
        pool = draw.sample(rows, len(rows))
        chosen[key[1]] += pool[: counts[key]]
        spare[key[1]] += pool[counts[key] :]
    for theme in coded.codebook.theme_ids:
        chosen[theme] += spare[theme][: max(0, per_theme - len(chosen[theme]))]
    while most is not None and sum(map(len, chosen.values())) > most:
        fullest = max(chosen.values(), key=len)
        fullest.pop(draw.randrange(len(fullest)))
    return sorted(itertools.chain(*chosen.values()), key=lambda at: coded.answers.answer_ids[at])


def _write(coded: CodedAnswers, table: Table, path: Path) -> None:
    themes = [theme for theme, _ in coded.codebook.walk()]
    head = [*_FIXED, *(theme.theme for theme in themes), *_LAST]
    blanks = [""] * (len(themes) + 2)
    asked = {each.id: each.text or each.id for each in coded.answers.questions}  # who codes reads no ids
    cells = [(str(name), asked[str(question)], str(text)) for name, question, text in table.rows]
    rows = [[name, question, text[:_LONGEST], *blanks, _check(text)] for name, question, text in cells]
    if path.suffix.lower() == ".csv":
        Table(tuple(head), tuple(tuple(row) for row in rows)).to_csv(path)
    elif path.suffix.lower() == ".xlsx":
        about = [[each.theme, each.title, each.definition, each.include, each.exclude] for each in themes]
        write_whole(path, _workbook(head, rows, about))
    else:
        raise AnswersError(Problem("A sample is written as .xlsx or .csv.", str(path.name)))


def _workbook(head: Sequence[str], rows: Sequence[Sequence[str]], about: Sequence[Sequence[str]]) -> bytes:
    from datetime import UTC, datetime

    import xlsxwriter

    out = io.BytesIO()
    plain = {"strings_to_formulas": False, "strings_to_urls": False}
    arial = {"default_format_properties": {"font_name": "Arial", "font_size": 11}}
    book = xlsxwriter.Workbook(out, {"in_memory": True, **plain, **arial})
    book.set_properties({"created": datetime(2000, 1, 1, tzinfo=UTC).replace(tzinfo=None)})
    top = book.add_format({"bold": True, "text_wrap": True, "valign": "top", "bg_color": "#DDE6EE"})
    wrap = book.add_format({"text_wrap": True, "valign": "top"})
    tick = book.add_format({"align": "center", "valign": "top"})
    sheet = book.add_worksheet("Coding")
    sheet.freeze_panes(1, 1)
    first, last = len(_FIXED), len(head) - 2
    widths = (14, 30, 70)
    for at, width in enumerate(widths):
        sheet.set_column(at, at, width)
    sheet.set_column(first, last - 1, 13)
    sheet.set_column(last, last, 30)
    sheet.set_column(last + 1, last + 1, None, None, {"hidden": True})
    for at, name in enumerate(head):
        sheet.write_string(0, at, name, top)
    for row, cells in enumerate(rows, 1):
        for at, cell in enumerate(cells):
            sheet.write_string(row, at, cell, tick if first <= at < last else wrap)
        sheet.set_row(row, row_height(zip(cells, widths, strict=False)))
    if rows:
        tickable = {"validate": "list", "source": ["x"], "ignore_blank": True}
        sheet.data_validation(1, first, len(rows), last - 1, tickable)
    themes = book.add_worksheet("Themes")
    themes.set_column(0, 1, 24)
    themes.set_column(2, 4, 60)
    for row, words in enumerate([("theme", "label", "definition", "include", "exclude"), *about]):
        for at, word in enumerate(words):
            themes.write_string(row, at, word, wrap if row else top)
        themes.set_row(row, row_height((word, 60) for word in words[2:]))
    book.close()
    return out.getvalue()


def read_sample(path: str | Path, coded: CodedAnswers, *, coder: str) -> tuple[Decision, ...]:
    """Read a filled-in sheet: a tick is an ``add``, a row with any tick (or "none of these") is ``reviewed``.

    Args:
        path: The sheet that ``sense_check_sample`` wrote, as ``.xlsx`` or ``.csv``.
        coded: The coding from which it was drawn.
        coder: Who filled it in (a code or initials).

    Returns:
        Decisions; rows left empty are not finished and give none.

    Raises:
        AnswersError: All faults at once: a column deleted or unknown, a mark that is no tick, an answer of
            another survey, an answer twice, an answer whose text was edited, themes beside "none of these".
    """
    name = Path(path).name
    head, rows = read_cells(path, "sheet")
    themes = {theme.theme: theme for theme, _ in coded.codebook.walk()}
    expected = [*_FIXED, *themes, *_LAST]
    missing = [column for column in expected if column not in head]
    remedy = "Take it from the sheet as it was written."
    problems = [Problem(f"The column {column!r} is missing.", name, remedy) for column in missing]
    strange = [column for column in head if column and column not in expected]
    problems += [unknown("theme", column, themes, name) for column in strange]
    if problems:
        raise AnswersError(problems)
    texts = dict(zip(coded.answers.answer_ids, coded.answers.texts, strict=True))
    decisions: list[Decision] = []
    seen: set[str] = set()
    for where, row in rows:
        faults = _row_faults(row, themes, texts, seen)
        problems += [Problem(fault, where) for fault in faults]
        seen.add(row["answer_id"])
        ticked = [theme for theme in themes if _ticked(row[theme])]
        if faults or not (ticked or _ticked(row["none of these"])):
            continue
        about = (coder, "", row["comment"], answer_hash(texts[row["answer_id"]]))
        adds = [Decision(row["answer_id"], each, "add", *about, theme_hash(themes[each])) for each in ticked]
        decisions += [Decision(row["answer_id"], "", "reviewed", *about), *adds]
    if problems:
        raise AnswersError(problems)
    return tuple(decisions)


def _check(text: str) -> str:
    """Give a hash of a text that survives what spreadsheets do to line ends, spaces and long cells."""
    return answer_hash(" ".join(text[:_LONGEST].replace("_x000D_", " ").split()))


def _ticked(cell: str) -> bool:
    return cell.strip().casefold() in _TICKS


def _row_faults(
    row: dict[str, str], themes: Iterable[str], texts: Mapping[str, str], seen: set[str]
) -> list[str]:
    """Say all that is wrong with one row of a sheet."""
    faults = []
    if row["answer_id"] not in texts:
        faults.append(f"The answer {row['answer_id']!r} is not in this survey.")
    if row["answer_id"] in seen:
        faults.append(f"The answer {row['answer_id']!r} stands twice.")
    if row["check"].strip() != _check(row["answer"]):
        faults.append("The answer's text was edited: the coding may not be of what was said.")
    known = _TICKS | _BLANKS
    strange = [mark for mark in (*themes, "none of these") if row[mark].strip().casefold() not in known]
    faults += [f"{row[mark]!r} under {mark!r} is no tick; write x or leave it empty." for mark in strange]
    if _ticked(row["none of these"]) and any(_ticked(row[theme]) for theme in themes):
        faults.append("'none of these' is ticked beside a theme.")
    return faults
