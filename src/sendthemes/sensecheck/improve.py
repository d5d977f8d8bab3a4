"""A codebook improved from coded answers by a fixed rule.

The entries of a theme are chosen greedily: each step takes the entry with the most to gain in answers that no
chosen entry covers yet, and stops where the next would be wrong too often. *Too often* is a threshold on precision, one
for each theme, chosen by the F1 on held-out respondents; where no threshold does better than the theme's
entries as they are, these stay. Counts are shrunk towards what is to be expected beforehand: much for an
entry that an analyst wrote, something for its lemma-mates, little for any other word.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from sendthemes.codebook.model import Codebook, Entry, Theme
from sendthemes.coding.apply import Engine
from sendthemes.errors import AnswersError, Problem, nearest
from sendthemes.sensecheck.decisions import Decision
from sendthemes.sensecheck.drafts import drafts, mates

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from scipy.sparse import csr_matrix

    from sendthemes.survey.answers import Answers

    Flags = NDArray[np.bool_]
    Numbers = NDArray[Any]

THRESHOLDS = (0.15, 0.22, 0.30, 0.38, 0.46)
_MOST = 60  # entries of a theme that the answers speak for
# What is expected of an entry before it is counted: precision, and how many answers this is worth.
_WRITTEN, _MATE, _WEIGHT_OTHER = (0.6, 3.0), (0.4, 3.0), 2.0


class Gold(NamedTuple):
    """What people said of answers.

    Attributes:
        rows: Places of the coded answers in the survey, by answer id.
        groups: For each its fold.
        themes: Theme id → for each of them whether the theme, or one under it, applies.
        unknown: How many coded answers are not in the survey (blank ones are not).
    """

    rows: Numbers
    folds: Numbers
    themes: Mapping[str, Flags]
    unknown: int


def read_gold(gold: Any, codebook: Codebook, answers: Answers, *, folds: int = 5, seed: int = 0) -> Gold:
    """Read what people coded, and part the respondents into folds.

    Args:
        gold: A frame or list of dicts with ``answer_id`` and ``theme`` (id or label), a row a coding and one
            with theme ``None`` or ``""`` for an answer coded with none; or decisions.
        codebook: The codebook whose themes were coded.
        answers: The survey.
        folds: How many folds; fewer where there are fewer respondents.
        seed: Of the parting.

    Raises:
        AnswersError: No rows, unknown themes, or answers of another survey.
    """
    named = {theme.title: theme.theme for theme, _ in codebook.walk()} | {
        name: name for name in codebook.theme_ids
    }
    pairs = _pairs(gold)
    problems = [
        Problem(f"No theme of the codebook is called {name!r}.", "gold", nearest(name, named), "theme")
        for name in sorted({theme for _, theme in pairs if theme} - named.keys())
    ]
    places = {name: at for at, name in enumerate(answers.answer_ids)}
    ids = sorted({answer for answer, _ in pairs})
    here = [name for name in ids if name in places]
    if len(here) * 2 < len(ids) or not ids:
        told = f"{len(ids) - len(here):,} of its {len(ids):,} answers are not in this survey, such as {ids[0]!r}."
        problems.append(
            Problem(
                told if ids else "It holds no coded answer.",
                "gold",
                "Give the rows coded on these answers.",
                "gold",
            )
        )
    if problems:
        raise AnswersError(problems)
    said = {(answer, named[theme]) for answer, theme in pairs if theme}
    themes = {
        name: np.array(
            [any((answer, each) in said for each in codebook.descendants(name)) for answer in here]
        )
        for name in codebook.theme_ids
    }
    rows = np.array([places[name] for name in here], dtype=np.int64)
    return Gold(rows, _folds(answers, rows, folds, seed), themes, len(ids) - len(here))


def _pairs(gold: Any) -> list[tuple[str, str]]:
    """Give (answer id, theme or "") for each row of a frame, of dicts or of decisions."""
    rows: Sequence[Any]
    if isinstance(gold, Sequence):
        rows = gold
    else:
        import narwhals as nw

        rows = nw.from_native(gold, eager_only=True).rows(named=True)
    pairs: list[tuple[str, str]] = []
    for at, row in enumerate(rows):
        if isinstance(row, Decision):
            pairs.append((row.answer_id, "" if row.decision == "drop" else row.theme))
            continue
        if not isinstance(row, Mapping) or not {"answer_id", "theme"} <= row.keys():
            raise AnswersError(
                Problem("A row lacks 'answer_id' or 'theme'.", f"gold, row {at}", "Give both columns.")
            )
        theme = row["theme"]
        missing = theme is None or theme != theme or type(theme).__name__ == "NAType"
        pairs.append((str(row["answer_id"]), "" if missing else str(theme)))
    return pairs


def _folds(answers: Answers, rows: Numbers, folds: int, seed: int) -> Numbers:
    names = [answers.respondents[answers.answer_respondents[at]] for at in rows.tolist()]
    respondents = sorted(set(names))
    order = np.random.default_rng(seed).permutation(len(respondents))
    fold = dict(
        zip(
            respondents,
            (order % max(min(folds, len(respondents)), 1)).tolist(),
            strict=True,
        )
    )
    return np.array([fold[name] for name in names], dtype=np.int64)


class Evidence(NamedTuple):
    """What the coded answers say of one theme's entries, its own first.

    Attributes:
        theme: The theme.
        entries: Its own entries, then the drafts.
        own: How many are its own.
        found: Coded answers × entries: 1 where the entry counts.
        right: For each coded answer whether the theme applies.
        before: For each entry (precision, weight) expected beforehand.
    """

    theme: Theme
    entries: tuple[Entry, ...]
    own: int
    found: csr_matrix
    right: Flags
    before: tuple[Numbers, Numbers]


def gather(engine: Engine, codebook: Codebook, gold: Gold) -> list[Evidence]:
    """Find for each theme in which coded answers its own entries and the drafts count."""
    drafted = drafts(engine.index)
    engine.prepare(codebook)
    engine.prepare(codebook.model_copy(update={"themes": (Theme(theme="drafts", entries=tuple(drafted)),)}))
    shared: dict[tuple[object, ...], csr_matrix] = {}
    result = []
    for theme, _ in codebook.walk():
        have = {entry.label for entry in theme.entries}
        key = (theme.exclusions, theme.questions, theme.negated)
        if key not in shared:
            shared[key] = _matrix(engine, theme, drafted, codebook, gold)
        new = [at for at, entry in enumerate(drafted) if entry.label not in have]
        own = _matrix(engine, theme, theme.entries, codebook, gold)
        result.append(_evidence(theme, own, [drafted[at] for at in new], shared[key][:, new], gold))
    return result


def _evidence(theme: Theme, own: csr_matrix, new: list[Entry], found: csr_matrix, gold: Gold) -> Evidence:
    from scipy.sparse import hstack

    right = gold.themes[theme.theme]
    many, size = len(theme.entries), len(theme.entries) + len(new)
    expected = np.full(size, max(float(right.mean()) if len(right) else 0.0, 0.002))
    weight = np.full(size, _WEIGHT_OTHER)
    kin = np.concatenate([np.zeros(many, dtype=bool), mates(theme, new)])
    expected[kin], weight[kin] = _MATE
    expected[:many], weight[:many] = _WRITTEN
    return Evidence(
        theme, (*theme.entries, *new), many, hstack([own, found]).tocsr(), right, (expected, weight)
    )


def _matrix(
    engine: Engine, theme: Theme, entries: Sequence[Entry], codebook: Codebook, gold: Gold
) -> csr_matrix:
    from scipy.sparse import csr_matrix

    answer, entry = engine.each_alone(theme, entries, codebook.prompt_echo)
    shape = (len(engine.answers.texts), len(entries))
    return csr_matrix((np.ones(len(answer), np.float32), (answer, entry)), shape=shape)[gold.rows]


class Step(NamedTuple):
    """One entry chosen: its place, and what it gains in answers (right less threshold × all, shrunk)."""

    entry: int
    gain: float


def chosen(
    found: csr_matrix, right: Flags, before: tuple[Numbers, Numbers], own: int, threshold: float
) -> list[Step]:
    """Choose entries greedily by what each adds to those chosen before."""
    expected, weight = before
    columns = found.tocsc()
    wanted = right.astype(np.float32)
    many = found.T @ np.ones(len(right), np.float32)
    good = found.T @ wanted
    fewest = np.where(weight == _WEIGHT_OTHER, 2, 1)
    covered = np.zeros(len(right), dtype=bool)
    steps: list[Step] = []
    while len(steps) < _MOST and len(many):
        gain = many * (good + weight * expected) / (many + weight) - threshold * many
        gain[many < fewest] = -1
        best = int(np.argmax(gain))
        if gain[best] <= 0:
            break
        steps.append(Step(best, float(gain[best])))
        here = columns.indices[columns.indptr[best] : columns.indptr[best + 1]]
        new = np.sort(here[~covered[here]])
        covered[new] = True
        many = many - np.asarray(found[new].sum(axis=0)).ravel()
        good = good - found[new].T @ wanted[new]
    return steps


def _covered(found: csr_matrix, entries: Iterable[int]) -> Flags:
    return np.asarray(found[:, sorted(entries)].sum(axis=1)).ravel() > 0


def f1(said: Flags, right: Flags) -> float:
    """Give F1 = 2 both / (said + right); 0 where nothing is either."""
    return float(2 * (said & right).sum() / max(said.sum() + right.sum(), 1))


def threshold_for(evidence: Evidence, folds: Numbers) -> float | None:
    """Choose the threshold by F1 on held-out folds; ``None`` where the theme's entries as they are do best."""
    numbers = np.unique(folds)
    if len(numbers) < 2 or not evidence.right.any():
        return None
    said = np.zeros((len(THRESHOLDS), len(folds)), dtype=bool)
    for fold in numbers:
        learn, test = folds != fold, folds == fold
        part = evidence.found[learn]
        for at, threshold in enumerate(THRESHOLDS):
            steps = chosen(part, evidence.right[learn], evidence.before, evidence.own, threshold)
            said[at, test] = _covered(evidence.found[test], {step.entry for step in steps})
    scores = [f1(each, evidence.right) for each in said]
    best = int(np.argmax(scores))
    start = f1(_covered(evidence.found, range(evidence.own)), evidence.right)
    return THRESHOLDS[best] if scores[best] > start else None


class Choice(NamedTuple):
    """An entry for the improved codebook: theme and entry as places, and what it is worth."""

    worth: float
    theme: int
    entry: int


def selected(all_evidence: Sequence[Evidence], folds: Numbers) -> list[Choice]:
    """Choose the entries of all themes, the worthiest first; those that only stay come last."""
    total = max(sum(int(each.right.sum()) for each in all_evidence), 1)
    choices = []
    for at, each in enumerate(all_evidence):
        threshold = threshold_for(each, folds)
        own = range(each.own)
        if threshold is None:
            part = each.found[:, : each.own]
            before = (each.before[0][: each.own], each.before[1][: each.own])
            steps = chosen(part, each.right, before, each.own, 0.0)
        else:
            steps = chosen(each.found, each.right, each.before, each.own, threshold)
        share = 0.5 / total + 0.5 / (max(int(each.right.sum()), 1) * len(all_evidence))
        taken = {step.entry for step in steps}
        choices += [Choice(step.gain * share, at, step.entry) for step in steps]
        many = each.found.sum(axis=0).A1
        good = each.found.T @ each.right.astype(np.float32)
        precision = (good + each.before[1] * each.before[0]) / (many + each.before[1])
        choices += [
            Choice(0.0, at, entry)
            for entry in own
            if entry not in taken and (threshold is None or precision[entry] >= threshold)
        ]
    return sorted(choices, key=lambda choice: (-choice.worth, choice.theme, choice.entry))


def improve_codebook(
    codebook: Codebook, answers: Answers, gold: Any, *, limit: int = 250, folds: int = 5, seed: int = 0
) -> Codebook:
    """Improve the entries of a codebook from answers that people have coded.

    Args:
        codebook: Where to start; its themes, definitions and exclusions stay.
        answers: The survey, coded answers and others.
        gold: What people coded: ``answer_id, theme`` (see ``read_gold``).
        limit: Entries in all, at most.
        folds: Of respondents, to choose by what holds on answers not learnt from.
        seed: Of the folds.

    Returns:
        A codebook with the same themes. A theme on which nothing does better keeps its entries.

    Raises:
        AnswersError: ``gold`` is empty, or of another survey or codebook.
    """
    read = read_gold(gold, codebook, answers, folds=folds, seed=seed)
    evidence = gather(Engine(answers), codebook, read)
    kept: dict[str, list[int]] = {name: [] for name in codebook.theme_ids}
    for choice in selected(evidence, read.folds)[:limit]:
        kept[evidence[choice.theme].theme.theme].append(choice.entry)
    entries = {
        each.theme.theme: tuple(each.entries[at] for at in sorted(kept[each.theme.theme]))
        for each in evidence
    }
    return codebook.model_copy(update={"themes": _with_entries(codebook.themes, entries)})


def _with_entries(themes: Sequence[Theme], entries: Mapping[str, tuple[Entry, ...]]) -> tuple[Theme, ...]:
    return tuple(
        theme.model_copy(
            update={"entries": entries[theme.theme], "themes": _with_entries(theme.themes, entries)}
        )
        for theme in themes
    )
