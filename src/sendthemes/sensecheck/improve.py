"""A codebook improved from coded answers by a fixed rule.

The entries of a theme are chosen greedily: each step takes the entry with the most to gain in answers that
no chosen entry covers yet, and stops where the next would be wrong too often. An entry's precision is shrunk
towards what is to be expected beforehand: much of an entry that an analyst wrote, something of its
lemma-mates, little of any other word. A theme changes only where this does better on held-out respondents
than its entries as they are.
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
    Parts = Sequence[tuple[Flags, dict[int, float]]]  # answers of a fold, what the others taught

# The least precision that helps F1 is half the F1 reached: about .3 for lists of words.
_COMMON, _RARE, _COMMON_SHARE = 0.46, 0.34, 0.05
_NOTHING = 1e-9  # gains below are rounding
_FEW = 3  # answers below which an entry that was written is not judged
_MOST = 60  # entries of a theme that the answers speak for
# What is expected of an entry before it is counted: precision, and how many answers this is worth.
_WRITTEN, _MATE, _WEIGHT = 0.6, 0.4, 3.0


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
            with theme ``None`` or ``""`` for an answer coded with none; or decisions (of answers reviewed).
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
        told = f"{len(ids) - len(here):,} of its {len(ids):,} answers are not in this survey."
        remedy = "Give the rows coded on these answers."
        problems.append(Problem(told if ids else "It holds no coded answer.", "gold", remedy, "gold"))
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
    reviewed = {row.answer_id for row in rows if isinstance(row, Decision) and row.decision == "reviewed"}
    pairs: list[tuple[str, str]] = []
    for at, row in enumerate(rows):
        if isinstance(row, Decision):
            if row.answer_id in reviewed:
                pairs.append((row.answer_id, "" if row.decision == "drop" else row.theme))
            continue
        if not isinstance(row, Mapping) or not {"answer_id", "theme"} <= row.keys():
            raise AnswersError(
                Problem("A row lacks 'answer_id' or 'theme'.", f"gold, row {at}", "Give both columns.")
            )
        theme = row["theme"]
        missing = theme is None or isinstance(theme, float) or type(theme).__name__ == "NAType"
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
        kin: For each entry whether it is the theme's own, or a lemma-mate or misspelling of one.
        expected: For each entry the precision expected beforehand.
    """

    theme: Theme
    entries: tuple[Entry, ...]
    own: int
    found: csr_matrix
    right: Flags
    kin: Flags
    expected: Numbers

    @property
    def threshold(self) -> float:
        """The precision below which an entry does harm: higher for a theme of many answers."""
        return _COMMON if self.right.mean() >= _COMMON_SHARE else _RARE

    def part(self, rows: Flags, entries: int | None = None) -> Evidence:
        """Give the same for some of the answers, and the first so many entries."""
        return self._replace(
            entries=self.entries[:entries],
            found=self.found[rows][:, :entries],
            right=self.right[rows],
            kin=self.kin[:entries],
            expected=self.expected[:entries],
        )


def gather(engine: Engine, codebook: Codebook, gold: Gold) -> list[Evidence]:
    """Find for each theme in which coded answers its own entries and the drafts count."""
    drafted = drafts(engine.index, engine.answers, [theme for theme, _ in codebook.walk()])
    engine.prepare(codebook)
    engine.prepare(codebook.model_copy(update={"themes": (Theme(theme="drafts", entries=tuple(drafted)),)}))
    shared: dict[tuple[object, ...], csr_matrix] = {}
    result = []
    for theme, _ in codebook.walk():
        have = {entry.label for entry in theme.entries}
        key = (theme.exclusions, theme.questions, theme.negated)
        if key not in shared:
            shared[key] = matrix(engine, theme, drafted, codebook, gold)
        new = [at for at, entry in enumerate(drafted) if entry.label not in have]
        own = matrix(engine, theme, theme.entries, codebook, gold)
        result.append(_evidence(theme, own, [drafted[at] for at in new], shared[key][:, new], gold))
    return result


def _evidence(theme: Theme, own: csr_matrix, new: list[Entry], found: csr_matrix, gold: Gold) -> Evidence:
    from scipy.sparse import hstack

    right = gold.themes[theme.theme]
    own_ones = len(theme.entries)
    mate = np.concatenate([np.zeros(own_ones, dtype=bool), mates(theme, new)])
    expected = np.where(mate, _MATE, max(float(right.mean()), 0.002))
    expected[:own_ones] = _WRITTEN
    kin = mate.copy()
    kin[:own_ones] = True
    together = hstack([own, found]).tocsr()
    return Evidence(theme, (*theme.entries, *new), own_ones, together, right, kin, expected)


def matrix(
    engine: Engine, theme: Theme, entries: Sequence[Entry], codebook: Codebook, gold: Gold
) -> csr_matrix:
    """Give coded answers × entries: 1 where the entry, alone in the theme, counts."""
    from scipy.sparse import csr_matrix

    answer, entry = engine.each_alone(theme, entries, codebook.prompt_echo)
    shape = (len(engine.answers.texts), len(entries))
    made: csr_matrix = csr_matrix((np.ones(len(answer), np.float32), (answer, entry)), shape=shape)[gold.rows]
    return made


class Step(NamedTuple):
    """One entry chosen: its place, and what it gains in answers (right less threshold × all, shrunk)."""

    entry: int
    gain: float


def chosen(evidence: Evidence, threshold: float) -> list[Step]:
    """Choose entries greedily by what each adds to those chosen before."""
    found, right = evidence.found, evidence.right.astype(np.float64)
    possible = np.flatnonzero((found.T @ right > 0) | evidence.kin)
    found, expected = found[:, possible], evidence.expected[possible]
    fewest = np.where(evidence.kin[possible], 1, 2)
    columns = found.tocsc()
    many, good = found.T @ np.ones(len(right)), found.T @ right
    covered = np.zeros(len(right), dtype=bool)
    steps: list[Step] = []
    while len(steps) < _MOST and len(possible):
        gain = many * ((good + _WEIGHT * expected) / (many + _WEIGHT) - threshold)
        gain[many < fewest] = -1
        best = int(np.argmax(gain))
        if gain[best] <= _NOTHING:
            break
        steps.append(Step(int(possible[best]), float(gain[best])))
        here = columns.indices[columns.indptr[best] : columns.indptr[best + 1]]
        new = np.sort(here[~covered[here]])
        covered[new] = True
        many = many - np.asarray(found[new].sum(axis=0)).ravel()
        good = good - found[new].T @ right[new]
    return steps


def learnt(evidence: Evidence, threshold: float | None = None) -> dict[int, float]:
    """Choose entries by all that is known: place → gain; own entries that do no harm stay, with gain 0."""
    threshold = evidence.threshold if threshold is None else threshold
    steps = {step.entry: step.gain for step in chosen(evidence, threshold)}
    own = evidence.found[:, : evidence.own]
    many = own.T @ np.ones(own.shape[0])
    precision = (own.T @ evidence.right.astype(np.float64) + _WEIGHT * _WRITTEN) / (many + _WEIGHT)
    stay = (precision >= threshold) | (many < _FEW)
    return steps | {at: 0.0 for at in np.flatnonzero(stay).tolist() if at not in steps}


def covered(found: csr_matrix, entries: Iterable[int]) -> Flags:
    """Say of each answer whether one of these entries counts in it."""
    return np.asarray(found[:, sorted(entries)].sum(axis=1)).ravel() > 0


def f1(said: Flags, right: Flags) -> float:
    """Give F1 = 2 both / (said + right); 0 where nothing is either."""
    return float(2 * (said & right).sum() / max(said.sum() + right.sum(), 1))


def held_out(evidence: Evidence, folds: Numbers) -> Parts:
    """Learn without each fold: (answers of the fold, what was chosen from the others)."""
    numbers = np.unique(folds).tolist()
    return [(folds == fold, learnt(evidence.part(folds != fold))) for fold in numbers if len(numbers) > 1]


def better(all_evidence: Sequence[Evidence], tried: Sequence[Parts]) -> list[bool]:
    """Say of each theme whether what is learnt does better on held-out folds than its entries as they are.

    Better is what raises the sum of micro F1 and macro F1.
    """
    taught, start = [], []
    for each, parts in zip(all_evidence, tried, strict=True):
        said = np.zeros(len(each.right), dtype=bool)
        for test, entries in parts:
            said[test] = covered(each.found[test], entries)
        taught.append(_counts(said, each.right))
        start.append(_counts(covered(each.found, range(each.own)), each.right))
    both, all_of = np.array(taught).reshape(-1, 2).sum(axis=0)
    result = []
    for (here, size), (before, old) in zip(taught, start, strict=True):
        macro = (2 * here / max(size, 1) - 2 * before / max(old, 1)) / len(taught)
        micro = 2 * both / max(all_of, 1) - 2 * (both - here + before) / max(all_of - size + old, 1)
        result.append(macro + micro > 0)
    return [higher and bool(parts) for higher, parts in zip(result, tried, strict=True)]


def _counts(said: Flags, right: Flags) -> tuple[int, int]:
    return int((said & right).sum()), int(said.sum() + right.sum())


def decide(
    all_evidence: Sequence[Evidence], folds: Numbers, limit: int
) -> tuple[list[set[int]], list[Parts]]:
    """Decide which entries each theme has in the end: the worthiest of all themes, up to the limit.

    Worth is the gain as a share of all codings and of the theme's: micro and macro F1 count alike.

    Returns:
        For each theme the entries' places, and what was learnt without each fold (empty: nothing better).
    """
    total = max(sum(int(each.right.sum()) for each in all_evidence), 1)
    listed: list[tuple[float, int, int]] = []
    tried = [held_out(each, folds) for each in all_evidence]
    changing = better(all_evidence, tried)
    for at, each in enumerate(all_evidence):
        entries = learnt(each) if changing[at] else learnt(each.part(folds >= 0, each.own), 0.0)
        share = 1 / total + 1 / (max(int(each.right.sum()), 1) * len(all_evidence))
        listed += [(-gain * share, at, entry) for entry, gain in entries.items()]
    kept: list[set[int]] = [set() for _ in all_evidence]
    for _, theme, entry in sorted(listed)[:limit]:
        kept[theme].add(entry)
    return kept, [parts if changes else [] for parts, changes in zip(tried, changing, strict=True)]


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
    kept, _ = decide(evidence, read.folds, limit)
    entries = {
        each.theme.theme: tuple(each.entries[at] for at in sorted(places))
        for each, places in zip(evidence, kept, strict=True)
    }
    return codebook.model_copy(update={"themes": _with_entries(codebook.themes, entries)})


def _with_entries(themes: Sequence[Theme], entries: Mapping[str, tuple[Entry, ...]]) -> tuple[Theme, ...]:
    return tuple(
        theme.model_copy(
            update={"entries": entries[theme.theme], "themes": _with_entries(theme.themes, entries)}
        )
        for theme in themes
    )
