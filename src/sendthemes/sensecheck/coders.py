"""Coders side by side, the rules being one of them: how far they agree, and where they differ."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import combinations
from pathlib import Path

import numpy as np

from sendthemes.analysis.excerpts import AnyRedactor, redacted_answers
from sendthemes.analysis.mentions import counted
from sendthemes.analysis.variables import Numbers
from sendthemes.codebook.model import Codebook
from sendthemes.coding.code import CodedAnswers
from sendthemes.errors import AnswersError, Problem
from sendthemes.sensecheck import agreement as statistics
from sendthemes.sensecheck.decisions import Decision, duplicates, read_cells, read_decisions
from sendthemes.sensecheck.judgements import (
    NO,
    UNSAID,
    YES,
    Matrix,
    by_coder,
    changed,
    flagged_decisions,
    known_decisions,
    of_people,
    of_rules,
    settled,
)
from sendthemes.sensecheck.precision import corrected_frequencies, entry_precision
from sendthemes.sensecheck.sample import read_sample
from sendthemes.survey.answers import Answers
from sendthemes.table import Cell, Table, show

Coder = CodedAnswers | Sequence[Decision] | str | Path
_ENOUGH = 30  # answers; McHugh (2012), Interrater reliability: the kappa statistic


def _read(
    coders: Sequence[Coder], answers: Answers | None, codebook: Codebook | None
) -> tuple[Answers, dict[str, str], Matrix, int]:
    """Give the survey, theme id → label, coders × answers × themes, and how many decisions are out of date.

    The themes are those of the codebooks given; without one those that the decisions name, in alphabet.
    """
    read = [coder if isinstance(coder, CodedAnswers) else known_decisions(coder) for coder in coders]
    rules = [coder for coder in read if isinstance(coder, CodedAnswers)]
    people = [coder for coder in read if not isinstance(coder, CodedAnswers)]
    for decisions in people:
        if len(names := list(by_coder(decisions))) > 1:
            told = f"The decisions are of several coders ({', '.join(names)})."
            raise AnswersError(Problem(told, remedy="Give each apart."))
    survey = answers or next((coder.answers for coder in rules), None)
    if survey is None:
        told = "Decisions alone do not say who gave which answer."
        raise AnswersError(Problem(told, remedy="Give answers=."))
    books = [*(coder.codebook for coder in rules), *([codebook] if codebook else [])]
    labels = {theme.theme: theme.title for book in books for theme, _ in book.walk()}
    if not labels:
        labels = {name: name for name in sorted({d.theme for mine in people for d in mine if d.theme})}
    themes = tuple(labels)
    said = [
        of_rules(each, survey, themes) if isinstance(each, CodedAnswers) else of_people(each, survey, themes)
        for each in read
    ]
    texts = dict(zip(survey.answer_ids, survey.texts, strict=True))
    stale = sum(d.answer_id in texts and changed(d, texts[d.answer_id]) for mine in people for d in mine)
    return survey, labels, np.stack(said), stale


def disagreements(
    first: Coder,
    second: Coder,
    *,
    answers: Answers,
    codebook: Codebook | None = None,
    redactor: AnyRedactor | None,
) -> Table:
    """List the answers on which two coders differ, for discussion.

    Args:
        first: Coded answers, decisions, or the path of a decisions file.
        second: The same.
        answers: The survey, for the words.
        codebook: As in ``agreement``.
        redactor: Hides names and places; ``None`` shows the answers as they are.

    Returns:
        answer_id, respondent, question, theme, first, second, answer; in the order of the survey.
    """
    _, labels, (said, other), _ = _read([first, second], answers, codebook)
    differ = np.argwhere((said != other) & (np.minimum(said, other) != UNSAID)).tolist()
    shown = redacted_answers(answers, sorted({at for at, _ in differ}), redactor)
    themes = tuple(labels)
    rows: list[tuple[Cell, ...]] = []
    for at, theme in differ:
        answer, views = answers.answer(at), (bool(each[at, theme]) for each in (said, other))
        rows.append((answer.id, answer.respondent, answer.question, themes[theme], *views, shown[at].text))
    columns = ("answer_id", "respondent", "question", "theme", "first", "second", "answer")
    return Table(columns, tuple(rows), title="Where the coders differ")


def agreement(
    *coders: Coder,
    answers: Answers | None = None,
    codebook: Codebook | None = None,
    draws: int = 1000,
    confidence: float = 95.0,
    seed: int = 0,
) -> Table:
    """Say how far coders agree, theme by theme and over all themes.

    A unit is an answer that two coders or more judged; each says of each theme whether it applies.

    Args:
        *coders: Two or more of: coded answers (the rules), decisions of one coder, the path of such a file.
        answers: The survey, for who gave which answer; not needed where one coder is coded answers.
        codebook: Whose themes were judged; not needed where one coder is coded answers. Without it a theme
            that nobody named is not counted among the themes.
        draws: Bootstrap draws over respondents (all answers of a respondent together), for the intervals.
        confidence: Of the intervals, in percent.
        seed: The same seed gives the same intervals.

    Returns:
        theme, label, units, percent_agreement (0-100), kappa (Cohen's for two coders, Fleiss' for more),
        alpha (Krippendorff, nominal), ac1 (Gwet), and intervals of kappa and ac1; in codebook order, all
        themes together last.
        Undefined is ``None``, with the reason in the notes; a note warns where a rare or general theme makes
        kappa misleading, and where fewer than 30 answers were judged (McHugh 2012).
        Without a unit judged twice all cells are ``None``.

    Raises:
        AnswersError: Fewer than two coders, or no way to know who gave which answer.
    """
    if len(coders) < 2:
        raise AnswersError(Problem("Agreement needs two coders or more.", remedy="Give each as an argument."))
    survey, labels, said, stale = _read(coders, answers, codebook)
    rows: list[tuple[Cell, ...]] = []
    left = f"Left out: {counted(stale, 'decision')} on answers whose text has changed since."
    notes = [left] if stale else []
    whose = np.asarray(survey.answer_respondents, dtype=np.int64)
    for theme, label in (*enumerate(labels.values()), (None, "All themes")):
        among = said if theme is None else said[:, :, theme : theme + 1]
        units = among.reshape(len(coders), -1).T
        judged = (units != UNSAID).sum(axis=1) > 1
        units, people = units[judged], np.repeat(whose, among.shape[2])[judged]
        values: tuple[float | None, ...] = (None,) * 8
        if len(units):
            values = (*_statistics(units), *_bootstrapped(units, people, draws, confidence, seed))
        name = "" if theme is None else tuple(labels)[theme]
        rows.append((name, label, len(units), *values))
        notes += _cautions(label, units, values[:4])
    read = max((int(str(row[2])) for row in rows[:-1]), default=0)
    if 0 < read < _ENOUGH:
        notes.insert(0, f"Only {counted(read, 'answer')} judged: these figures mean little under {_ENOUGH}.")
    kind = "Cohen's" if len(coders) == 2 else "Fleiss'"
    columns = ("theme", "label", "units", "percent_agreement", "kappa", "alpha", "ac1")
    intervals = ("kappa_low", "kappa_high", "ac1_low", "ac1_high")
    return Table(
        (*columns, *intervals),
        tuple(rows),
        title=f"Agreement of {len(coders)} coders",
        base="answers judged by two coders or more",
        notes=(
            f"Kappa is {kind}; intervals are {confidence:g} % percentile "
            f"bootstraps of {draws} draws over respondents (seed {seed}).",
            *notes,
        ),
        formats=dict.fromkeys(("kappa", "alpha", "ac1", *intervals), "ratio"),
    )


def sense_check_told(rules: CodedAnswers, decisions: Sequence[Decision]) -> tuple[str, ...]:
    """Tell how the rules' coding was sense-checked, in sentences for a report; coders are numbered."""
    sentences = []
    parted = by_coder(decisions)
    reviewed = {name: {each.answer_id for each in mine if not each.theme} for name, mine in parted.items()}
    for number, (name, mine) in enumerate(parted.items(), 1):
        blind = "without seeing" if all(each.decision in ("add", "reviewed") for each in mine) else "seeing"
        if reviewed[name]:
            told = f"Coder {number} read {counted(len(reviewed[name]), 'answer')}, {blind} the rules' coding"
            sentences.append(f"{told}{_agreement_told(agreement(rules, _finished(mine, reviewed[name])))}.")
    both = [_finished(mine, reviewed[name]) for name, mine in parted.items() if reviewed[name]]
    if len(both) > 1:
        told = _agreement_told(agreement(*both, answers=rules.answers, codebook=rules.codebook))
        sentences.append(f"Of {len(both)} coders among themselves{told or ' nothing can be said'}.")
    verdicts = settled(rules, decisions)
    applied = f"{(verdicts == YES).sum():,} yes, {(verdicts == NO).sum():,} no"
    return (*sentences, f"Where a coder decided ({applied}), the decision stands in place of the rules.")


def _finished(mine: Sequence[Decision], read: set[str]) -> tuple[Decision, ...]:
    """Leave decisions on picked hits aside: they would make agreement look worse than it is."""
    return tuple(each for each in mine if each.answer_id in read)


def _agreement_told(table: Table) -> str:
    row = table.to_dicts()[-1]
    if row["percent_agreement"] is None:
        return ""
    judged = counted(int(row["units"] or 0), "judgement")
    figures = [f"{show(row['percent_agreement'], 'percent')}% of {judged} agree"]
    for name, sign in (("kappa", "kappa"), ("ac1", "Gwet's AC1")):
        if row[name] is not None:
            ends = f"{show(row[name + '_low'], 'ratio')} to {show(row[name + '_high'], 'ratio')}"
            figures.append(f"{sign} {show(row[name], 'ratio')} (95% interval {ends})")
    return f": over all themes {', '.join(figures)}"


def _statistics(units: Matrix) -> tuple[float | None, ...]:
    """Give percent agreement (0-100), kappa, alpha and AC1."""
    plain = [[None if value == UNSAID else bool(value) for value in unit] for unit in units.tolist()]
    kappa = statistics.cohen_kappa if units.shape[1] == 2 else statistics.fleiss_kappa
    share, alpha = statistics.percent_agreement(plain), statistics.krippendorff_alpha(plain)
    ac1 = statistics.gwet_ac1(plain, categories=[True, False])
    return None if share is None else 100 * share, kappa(plain), alpha, ac1


def _bootstrapped(
    units: Matrix, whose: Numbers, draws: int, confidence: float, seed: int
) -> tuple[float | None, ...]:
    """Give percentile intervals of kappa and AC1; ``None`` where most draws leave them undefined."""
    kinds, which = np.unique(units, axis=0, return_inverse=True)
    people, person = np.unique(whose, return_inverse=True)
    counts = np.zeros((len(people), len(kinds)))
    np.add.at(counts, (person, which.reshape(-1)), 1)
    chance = np.random.default_rng(seed)
    drawn = chance.multinomial(len(people), np.full(len(people), 1 / len(people)), size=draws) @ counts
    kappas, ac1s = _vectorised(kinds, drawn)
    return (*_percentiles(kappas, confidence), *_percentiles(ac1s, confidence))


def _vectorised(kinds: Matrix, drawn: Numbers) -> tuple[Numbers, ...]:
    """Give kappa and AC1 of each draw, a draw being how often each kind of unit came up."""
    yes, no = (np.array((kinds == value).sum(axis=1), dtype=float) for value in (YES, NO))
    coded = yes + no
    agree = (yes * (yes - 1) + no * (no - 1)) / (coded * (coded - 1))
    total = drawn.sum(axis=1)
    observed = drawn @ agree / total
    share = drawn @ (yes / coded) / total
    if kinds.shape[1] == 2:
        first, second = (drawn @ (kinds[:, at] == YES) / total for at in (0, 1))
        by_chance = first * second + (1 - first) * (1 - second)
    else:
        by_chance = share**2 + (1 - share) ** 2
    with np.errstate(invalid="ignore", divide="ignore"):
        kappa = np.where(1 - by_chance < 1e-12, np.nan, (observed - by_chance) / (1 - by_chance))
    by_luck = 2 * share * (1 - share)
    return kappa, (observed - by_luck) / (1 - by_luck)


def _percentiles(values: Numbers, confidence: float) -> tuple[float | None, float | None]:
    known = values[~np.isnan(values)]
    if len(known) * 2 < len(values):
        return None, None
    tail = (100 - confidence) / 2
    low, high = np.percentile(known, [tail, 100 - tail])
    return float(low), float(high)


def _cautions(label: str, units: Matrix, values: tuple[float | None, ...]) -> list[str]:
    """Say why a figure is missing or misleads."""
    if not len(units):
        return [f"{label}: no answer was judged by two coders."]
    share = float(units[units != UNSAID].mean())
    _, kappa, _, ac1 = values
    if kappa is None:
        seen = "every" if share == 1 else "no"
        return [f"{label}: kappa and alpha are undefined, as the coders saw the theme in {seen} answer."]
    if ac1 is not None and ac1 - kappa > 0.2 and not 0.1 <= share <= 0.9:
        pulls = "so uneven a share pulls kappa down although coders agree. Read AC1 and the disagreements."
        return [f"{label}: seen in {100 * share:.0f} % of codings; {pulls}"]
    return []


def gather_decisions(paths: Iterable[str | Path], coded: CodedAnswers) -> tuple[Decision, ...]:
    """Read decisions files and filled-in samples together; a sample's coder is its file's name.

    Raises:
        AnswersError: All faults of all files at once; one coder decided twice on an answer and theme.
    """
    decisions: list[Decision] = []
    problems: list[Problem] = []
    for path in map(Path, paths):
        try:
            sample = "none of these" in read_cells(path, "decisions file or sample")[0]
            decisions += read_sample(path, coded, coder=path.stem) if sample else read_decisions(path)
        except AnswersError as fault:
            problems += fault.problems
    if problems := problems or duplicates(decisions):
        raise AnswersError(problems)
    return tuple(decisions)


def agreement_tables(
    coded: CodedAnswers, decisions: Sequence[Decision], *, redactor: AnyRedactor | None
) -> dict[str, Table]:
    """Compare the rules with each coder, and coders with each other; ``AnswersError`` without a decision.

    Returns:
        Agreement of each pair ("agreement-rules-AB"), "differences" (first and second as in the pair named),
        "precision", "corrected" and, where there are any, "flagged" decisions.
    """
    coders: dict[str, CodedAnswers | tuple[Decision, ...]] = {"rules": coded, **by_coder(decisions)}
    if len(coders) == 1:
        raise AnswersError(Problem("There is no decision.", remedy="Fill in a sample, or review answers."))
    tables: dict[str, Table] = {}
    differ: list[Table] = []
    survey, book = coded.answers, coded.codebook
    for (name, first), (other, second) in combinations(coders.items(), 2):
        found = agreement(first, second, answers=survey, codebook=book)
        tables[f"agreement-{name}-{other}"] = replace(found, title=f"Agreement of {name} and {other}")
        found = disagreements(first, second, answers=survey, codebook=book, redactor=redactor)
        rows = tuple((f"{name} and {other}", *row) for row in found.rows)
        differ.append(replace(found, columns=("coders", *found.columns), rows=rows))
    tables["differences"] = replace(differ[0], rows=tuple(row for each in differ for row in each.rows))
    tables["precision"] = entry_precision(coded, decisions)
    tables["corrected"] = corrected_frequencies(coded, decisions)
    if len(flagged := flagged_decisions(coded, decisions)):
        tables["flagged"] = flagged
    return tables
