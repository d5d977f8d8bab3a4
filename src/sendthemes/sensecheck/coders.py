"""Coders side by side: what each said of every answer and theme, the rules being one of them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from sendthemes.analysis.excerpts import AnyRedactor, redacted_answers
from sendthemes.analysis.mentions import counted
from sendthemes.coding.code import CodedAnswers
from sendthemes.errors import AnswersError, Problem
from sendthemes.sensecheck import agreement as statistics
from sendthemes.sensecheck.decisions import Decision, answer_hash, read_decisions, settled
from sendthemes.table import Cell, Table, show

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from sendthemes.codebook.model import Codebook
    from sendthemes.survey.answers import Answers

Coder = CodedAnswers | Sequence[Decision] | str | Path
_ENOUGH = 30  # answers; McHugh (2012), Interrater reliability: the kappa statistic


def judgements(
    coder: Coder, themes: Sequence[str], among: Collection[str] | None = None
) -> dict[tuple[str, str], bool]:
    """Give what one coder said: (answer id, theme) → whether the theme applies.

    The rules judge every answer. A person judges the answers reviewed (every theme), and otherwise the
    themes decided on; sub-themes stand for themselves.

    Args:
        coder: Coded answers, decisions, or the path of a decisions file.
        themes: Ids of the themes judged.
        among: Of the rules only what they say of these answers; ``None`` means all.

    Raises:
        AnswersError: Decisions of several coders in one file; give each coder's apart.
    """
    if isinstance(coder, CodedAnswers):
        ids, names = coder.answers.answer_ids, coder.codebook.theme_ids
        judged = [at for at, name in enumerate(ids) if among is None or name in among]
        which = np.isin(coder.columns.answer, judged)
        pairs = zip(coder.columns.answer[which].tolist(), coder.columns.theme[which].tolist(), strict=True)
        found = {(ids[answer], names[theme]) for answer, theme in pairs}
        return {(ids[at], theme): (ids[at], theme) in found for at in judged for theme in themes}
    decisions = read_decisions(coder) if isinstance(coder, str | Path) else coder
    names_of = list(decisions_by_coder(decisions))
    if len(names_of) > 1:
        raise AnswersError(
            Problem(
                f"The decisions are of several coders ({', '.join(names_of)}).", remedy="Give each apart."
            )
        )
    reviewed = [each.answer_id for each in decisions if each.decision == "reviewed"]
    said = {(answer, theme): False for answer in reviewed for theme in themes}
    said |= {(each.answer_id, each.theme): each.decision != "drop" for each in decisions if each.theme}
    return said


def themes_of(coders: Sequence[Coder], codebook: Codebook | None = None) -> dict[str, str]:
    """Give theme id → label, of the codebooks given; without one of the decisions, in alphabet."""
    books = [coder.codebook for coder in coders if isinstance(coder, CodedAnswers)]
    labels = {
        theme.theme: theme.title
        for book in (*books, *([codebook] if codebook else []))
        for theme, _ in book.walk()
    }
    if labels:
        return labels
    decisions = [
        each
        for coder in coders
        if not isinstance(coder, CodedAnswers)
        for each in (read_decisions(coder) if isinstance(coder, str | Path) else coder)
    ]
    return {theme: theme for theme in sorted({each.theme for each in decisions if each.theme})}


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
    themes = tuple(themes_of([first, second], codebook))
    among = _decided([first, second])
    said, other = judgements(first, themes, among), judgements(second, themes, among)
    differ: dict[str, list[str]] = {}
    for answer_id, theme in said.keys() & other.keys():
        if said[answer_id, theme] != other[answer_id, theme]:
            differ.setdefault(answer_id, []).append(theme)
    chosen = [at for at, name in enumerate(answers.answer_ids) if name in differ]
    shown = redacted_answers(answers, chosen, redactor)
    rows: list[tuple[Cell, ...]] = []
    for at in chosen:
        answer, text = answers.answer(at), shown[at].text
        for theme in sorted(differ[answer.id], key=themes.index):
            key = (answer.id, theme)
            rows.append((answer.id, answer.respondent, answer.question, theme, said[key], other[key], text))
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
    labels = themes_of(coders, codebook)
    survey = answers or next((coder.answers for coder in coders if isinstance(coder, CodedAnswers)), None)
    if survey is None:
        raise AnswersError(
            Problem("Decisions alone do not say who gave which answer.", remedy="Give answers=.")
        )
    current = [_current(coder, survey) for coder in coders]
    among = _decided([coder for coder, _ in current])
    said = [judgements(coder, tuple(labels), among) for coder, _ in current]
    rows: list[tuple[Cell, ...]] = []
    stale = sum(left for _, left in current)
    notes = (
        [f"Left out: {counted(stale, 'decision')} on answers whose text has changed since."] if stale else []
    )
    for theme, label in (*labels.items(), (None, "All themes")):
        units, whose = _units(said, survey, labels if theme is None else [theme])
        values = _statistics(units)
        low_high = _bootstrapped(units, whose, draws, confidence, seed)
        rows.append((theme or "", label, len(units), *values, *low_high))
        notes += _cautions(label, units, values)
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
    """Tell how a coding was sense-checked, in sentences for a report's methods; coders are numbered.

    Args:
        rules: The rules' coding, without the decisions.
        decisions: Those of all coders.
    """
    sentences = []
    by_coder = decisions_by_coder(decisions)
    reviewed = {name: {each.answer_id for each in mine if not each.theme} for name, mine in by_coder.items()}
    for number, (name, mine) in enumerate(by_coder.items(), 1):
        blind = "without seeing" if all(each.decision in ("add", "reviewed") for each in mine) else "seeing"
        if reviewed[name]:
            told = f"Coder {number} read {counted(len(reviewed[name]), 'answer')}, {blind} the rules' coding"
            sentences.append(f"{told}{_agreement_told(agreement(rules, _finished(mine, reviewed[name])))}.")
    both = [_finished(mine, reviewed[name]) for name, mine in by_coder.items() if reviewed[name]]
    if len(both) > 1:
        told = _agreement_told(agreement(*both, answers=rules.answers, codebook=rules.codebook))
        sentences.append(f"Of {len(both)} coders among themselves{told or ' nothing can be said'}.")
    verdicts = [said for said, _ in settled(rules, decisions).values()]
    applied = f"{sum(verdicts):,} yes, {len(verdicts) - sum(verdicts):,} no"
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


def decisions_by_coder(decisions: Iterable[Decision]) -> dict[str, tuple[Decision, ...]]:
    """Part decisions by coder, in alphabet."""
    parts: dict[str, list[Decision]] = {}
    for each in decisions:
        parts.setdefault(each.coder, []).append(each)
    return {name: tuple(parts[name]) for name in sorted(parts)}


def _current(coder: Coder, survey: Answers) -> tuple[CodedAnswers | Sequence[Decision], int]:
    """Leave out decisions on answers whose text has changed since; give how many."""
    if isinstance(coder, CodedAnswers):
        return coder, 0
    decisions = read_decisions(coder) if isinstance(coder, str | Path) else coder
    texts = dict(zip(survey.answer_ids, survey.texts, strict=True))
    stale = [
        bool(each.answer_hash)
        and each.answer_id in texts
        and each.answer_hash != answer_hash(texts[each.answer_id])
        for each in decisions
    ]
    return [each for each, old in zip(decisions, stale, strict=True) if not old], sum(stale)


def _decided(coders: Sequence[Coder]) -> set[str] | None:
    """Give the answers that people decided on; ``None`` where two codings by rules are compared."""
    if sum(isinstance(coder, CodedAnswers) for coder in coders) > 1:
        return None
    read = [read_decisions(coder) if isinstance(coder, str | Path) else coder for coder in coders]
    return {each.answer_id for coder in read if not isinstance(coder, CodedAnswers) for each in coder}


Unit = tuple[bool | None, ...]


def _units(
    said: Sequence[dict[tuple[str, str], bool]], survey: Answers, themes: Iterable[str]
) -> tuple[list[Unit], list[int]]:
    """Give the units of some themes with two judgements or more, and the respondent of each."""
    units: list[Unit] = []
    whose: list[int] = []
    judged = {answer for each in said for answer, _ in each}
    answers = zip(survey.answer_ids, survey.answer_respondents, strict=True)
    places = [(answer, respondent) for answer, respondent in answers if answer in judged]
    for theme in themes:
        for answer, respondent in places:
            unit = tuple(each.get((answer, theme)) for each in said)
            if sum(value is not None for value in unit) > 1:
                units.append(unit)
                whose.append(respondent)
    return units, whose


def _statistics(units: Sequence[Unit]) -> tuple[float | None, ...]:
    """Give percent agreement (0-100), kappa, alpha and AC1."""
    if not units:
        return None, None, None, None
    kappa = statistics.cohen_kappa if len(units[0]) == 2 else statistics.fleiss_kappa
    share = statistics.percent_agreement(units)
    return (
        None if share is None else 100 * share,
        kappa(units),
        statistics.krippendorff_alpha(units),
        statistics.gwet_ac1(units, categories=[True, False]),
    )


def _bootstrapped(
    units: Sequence[Unit], whose: Sequence[int], draws: int, confidence: float, seed: int
) -> tuple[float | None, ...]:
    """Give percentile intervals of kappa and AC1; ``None`` where most draws leave them undefined."""
    kinds = sorted(set(units), key=repr)
    if not kinds:
        return None, None, None, None
    place = {kind: at for at, kind in enumerate(kinds)}
    people = sorted(set(whose))
    row = {person: at for at, person in enumerate(people)}
    counts = np.zeros((len(people), len(kinds)))
    for unit, person in zip(units, whose, strict=True):
        counts[row[person], place[unit]] += 1
    chance = np.random.default_rng(seed)
    drawn = chance.multinomial(len(people), np.full(len(people), 1 / len(people)), size=draws) @ counts
    kappas, ac1s = _vectorised(kinds, drawn)
    return (*_percentiles(kappas, confidence), *_percentiles(ac1s, confidence))


def _vectorised(kinds: Sequence[Unit], drawn: NDArray[np.float64]) -> tuple[NDArray[np.float64], ...]:
    """Give kappa and AC1 of each draw, a draw being how often each kind of unit came up."""
    yes = np.array([sum(value is True for value in kind) for kind in kinds], dtype=float)
    coded = np.array([sum(value is not None for value in kind) for kind in kinds], dtype=float)
    agree = (yes * (yes - 1) + (coded - yes) * (coded - yes - 1)) / (coded * (coded - 1))
    total = drawn.sum(axis=1)
    observed = drawn @ agree / total
    share = drawn @ (yes / coded) / total
    if len(kinds[0]) == 2:
        first, second = (
            drawn @ np.array([kind[at] is True for kind in kinds], float) / total for at in (0, 1)
        )
        by_chance = first * second + (1 - first) * (1 - second)
    else:
        by_chance = share**2 + (1 - share) ** 2
    with np.errstate(invalid="ignore", divide="ignore"):
        kappa = np.where(1 - by_chance < 1e-12, np.nan, (observed - by_chance) / (1 - by_chance))
    by_luck = 2 * share * (1 - share)
    return kappa, (observed - by_luck) / (1 - by_luck)


def _percentiles(values: NDArray[np.float64], confidence: float) -> tuple[float | None, float | None]:
    known = values[~np.isnan(values)]
    if len(known) * 2 < len(values):
        return None, None
    tail = (100 - confidence) / 2
    low, high = np.percentile(known, [tail, 100 - tail])
    return float(low), float(high)


def _cautions(label: str, units: Sequence[Unit], values: tuple[float | None, ...]) -> list[str]:
    """Say why a figure is missing or misleads."""
    if not units:
        return [f"{label}: no answer was judged by two coders."]
    codings = [value for unit in units for value in unit if value is not None]
    share = sum(codings) / len(codings)
    _, kappa, _, ac1 = values
    if kappa is None:
        seen = "every" if share == 1 else "no"
        return [f"{label}: kappa and alpha are undefined, as the coders saw the theme in {seen} answer."]
    if ac1 is not None and ac1 - kappa > 0.2 and not 0.1 <= share <= 0.9:
        return [
            f"{label}: seen in {100 * share:.0f} % of codings; so uneven a share pulls kappa down "
            "although coders agree. Read AC1 and the disagreements."
        ]
    return []
