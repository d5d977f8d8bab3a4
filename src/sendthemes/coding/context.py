"""What stands around a hit: negation, and words that the prompt had put into the respondent's mouth.

Negation follows the ConText model (Harkema et al. 2009): a *cue* negates what stands on its side in the
same sentence, up to a *terminator*; a *pseudo-cue* contains a cue and negates nothing ("not only"). A
comma ends nothing in a list ("no training, funding or time"); a comma before a new subject does ("no
time, we are busy"). A cue inside the hit itself does not negate it.

Echo: a hit is prompt echo if all its words belong to runs of at least three words that stand so in the
question, in the statement it follows up or in one of their options (or to a whole option of two words):
the respondent quotes. A single word that question and answer share is no echo: people answer in the words
of the question.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from sendthemes.coding.compile import Slot, Words
from sendthemes.coding.match import Hits, Matcher
from sendthemes.language.chunks import forms_in
from sendthemes.language.index import SEGMENT, TextIndex
from sendthemes.survey.answers import Answers, Question

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Ints = NDArray[Any]
    Flags = NDArray[Any]

FORWARD = (
    "no", "not", "n't", "never", "without", "none of", "neither", "nor", "nobody", "nothing", "hardly",
    "barely", "rarely", "seldom", "lack", "lacks", "lacked", "lack of", "absence of", "rather than",
    "instead of", "no longer", "free of", "free from", "unable to", "failed to", "fails to",
    "failure to",
)  # fmt: skip
BACKWARD = (
    "is not", "are not", "was not", "were not", "is n't", "are n't", "was n't", "were n't", "is no",
    "not available", "not exist", "n't exist", "not happen", "n't happen", "not happening",
    "n't happening", "n't available", "not been", "never", "unavailable", "nonexistent", "non existent",
    "none",
)  # fmt: skip
BOTH = ("lacking", "missing", "absent", "zero")
PSEUDO = (
    "not only", "no doubt", "not just", "not merely", "not simply", "not least", "not necessarily",
    "no wonder", "no question", "no matter", "not to mention", "without doubt", "without a doubt",
    "nothing but", "no less", "nothing short of", "if not", "whether or not", "or not", "is not only",
    "are not only", "is not just", "are not just", "is n't only", "is n't just", "are n't just",
)  # fmt: skip
TERMINATORS = (
    "but", "however", "although", "though", "nevertheless", "nonetheless", "yet", "except",
    "apart from", "aside from", "because", "since", "so", "which", "who", "unless", "despite",
    "whereas", "while", "whilst", "until", "when", "then", "otherwise",
)  # fmt: skip
SUBJECTS = ("i", "we", "they", "it", "he", "she", "you", "this", "that", "these", "those", "there")
BACKWARD_REACH = 4  # words between a hit and a cue after it


class Negation:
    """The cues and terminators of one index."""

    def __init__(self, matcher: Matcher) -> None:
        self._index = matcher.index
        pseudo = _find(matcher, PSEUDO)
        forward = _outside(_find(matcher, FORWARD + BOTH), pseudo)
        # Columns (first, after): contiguous, for searching.
        self._forward = forward[np.argsort(forward[:, 1], kind="stable")].T.copy()
        self._backward = _outside(_find(matcher, BACKWARD + BOTH), pseudo).T.copy()
        stops = [_find(matcher, TERMINATORS)[:, 0]]
        subjects = _find(matcher, SUBJECTS)[:, 0]
        later = subjects[subjects > 0]
        stops.append(later[(self._index.signs[later] & SEGMENT).astype(bool)])
        self._stops = np.sort(np.concatenate(stops))

    def of(self, hits: Hits) -> Flags:
        """Say for each hit whether it is negated."""
        negated = np.zeros(len(hits.first), dtype=bool)
        worded = hits.after > hits.first
        if not worded.any():
            return negated
        first, after = self._forward
        at = np.searchsorted(after, hits.first, side="right") - 1
        before = np.flatnonzero(worded & (at >= 0))
        self._mark(negated, before, first[at[before]], after[at[before]], hits.first[before])
        cues = self._backward[0]
        at = np.searchsorted(cues, hits.after, side="left")
        behind = np.flatnonzero(worded & (at < len(cues)))
        behind = behind[cues[at[behind]] - hits.after[behind] <= BACKWARD_REACH]
        self._mark(negated, behind, hits.first[behind], hits.after[behind], cues[at[behind]])
        return negated

    def _mark(self, negated: Flags, which: Ints, first: Ints, after: Ints, until: Ints) -> None:
        """Mark hits whose cue stands in their sentence with nothing between that ends its scope."""
        index = self._index
        same = index.sentence[first] == index.sentence[until]
        open_ = np.searchsorted(self._stops, after) == np.searchsorted(self._stops, until)
        text = index.text[first].astype(np.int64) << 32
        begin, end = (
            np.searchsorted(index.clauses, text | at) for at in (index.end[after - 1], index.start[until])
        )
        negated[which[same & open_ & (begin == end)]] = True


def _find(matcher: Matcher, cues: Iterable[str]) -> NDArray[Any]:
    """Find cues: one row (first word, after the last word) each, in order."""
    pattern = Words(tuple(tuple(Slot(frozenset({word})) for word in cue.split()) for cue in cues))
    hits = matcher.hits(pattern)
    return np.stack((hits.first, hits.after), axis=1)


def _outside(cues: NDArray[Any], around: NDArray[Any]) -> NDArray[Any]:
    """Leave out cues that stand inside one of the spans ``around``."""
    if not len(around) or not len(cues):
        return cues
    reach = np.maximum.accumulate(around[:, 1])
    last = np.searchsorted(around[:, 0], cues[:, 0], side="right") - 1
    return cues[~((last >= 0) & (reach[np.maximum(last, 0)] >= cues[:, 1]))]


def prompts_of(answers: Answers, question: Question) -> tuple[str, ...]:
    """List what a respondent had before the eyes: the question, what it follows up, the options of both."""
    asked = [question]
    if question.parent and answers.has_question(question.parent):
        asked.append(answers.question(question.parent))
    texts: list[str] = []
    for each in asked:
        texts += [each.text, *each.levels, *(wording for _, wording in each.wordings)]
    return tuple(dict.fromkeys(text for text in texts if text))


def echoed(index: TextIndex, prompts: Sequence[str]) -> Ints:
    """List the words of an index, in order, that are quoted from one of the prompts."""
    runs: set[tuple[int, ...]] = set()
    for prompt in prompts:
        ids = [index.form_ids.get(form, -1) for form in forms_in(prompt)]
        runs.update(zip(ids, ids[1:], ids[2:], strict=False) if len(ids) != 2 else [tuple(ids)])
    quoted = [np.zeros(0, np.int32)]
    for run in runs:
        if -1 in run:
            continue
        rarest = min(range(len(run)), key=lambda at: index.count(run[at]))
        first = index.where(run[rarest]) - np.int32(rarest)
        first = first[(first >= 0) & (first + len(run) <= len(index))]
        for at, form in enumerate(run):
            first = first[index.form[first + at] == form]
        first = first[index.text[first] == index.text[first + len(run) - 1]]
        quoted += [first + np.int32(at) for at in range(len(run))]
    return np.unique(np.concatenate(quoted))
