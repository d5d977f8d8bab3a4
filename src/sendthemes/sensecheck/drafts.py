"""Drafted entries: every word, phrase and pair of the answers that a codebook might look for.

What is drafted depends on the answers alone, not on how they were coded, nor on their order.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence

import numpy as np

from sendthemes.analysis.variables import Flags, Numbers, ones_at
from sendthemes.codebook.model import Entry, Theme
from sendthemes.language.index import TextIndex
from sendthemes.language.types import load_types
from sendthemes.survey.answers import Answers

_LONGEST = 3  # words of a phrase
_FEWEST = 3  # distinct answers that a draft stands in
_CAPITALS = 4  # letters of a word that stands in capitals alone (GP, CAMHS is longer and left out)
_STEM = 4  # letters that lemma-mates share at least
_ENDING = 7  # letters by which a word may be longer than its stem: clean, cleanliness


def drafts(index: TextIndex, answers: Answers, themes: Sequence[Theme]) -> list[Entry]:
    """Draft entries of what stands in three distinct answers, sorted by label.

    A word, a phrase (of dictionary forms, written as it stands most often: "phone was answered"), an
    exact form, a word in the answers to one question; and misspellings of the themes' words, however rare.
    What may be a name, as it is never written
    small, is not drafted.
    """
    names = ["not" if form == "n't" else form for form in index.forms]
    usable = _ordinary(index)
    bases = load_types().bases
    numbers: dict[str, int] = {}
    base = np.array([numbers.setdefault(bases(name)[0], len(numbers)) for name in names], dtype=np.int64)
    made: list[Entry] = []
    for length in range(1, _LONGEST + 1):
        start = np.arange(max(len(index) - length + 1, 0))
        whole = index.segment[start] == index.segment[start + length - 1]
        for at in range(length):
            whole &= usable[index.form[start + at]]
        runs = _usual(index, start[whole], length, base)
        made += [Entry(word=" ".join(names[form] for form in run)) for run in runs]
    single = np.flatnonzero(usable[index.form])
    forms = _frequent(index.form[single].astype(np.int64), index.text[single])
    made += [Entry(form=names[form]) for form in forms]
    for question, run in _by_question(index, answers, single, base):
        made.append(Entry(word=names[run], questions=(question,)))
    shown = [names[form] for form in np.flatnonzero(usable).tolist()]
    made += [Entry(form=each) for theme in themes for each in sorted(_misspelt(_words(theme), shown))]
    unique = {entry.label: entry for entry in made}
    return [unique[label] for label in sorted(unique)]


def _ordinary(index: TextIndex) -> Flags:
    """Say of each form whether it is letters and written small somewhere, or a short form in capitals."""
    small = np.zeros(len(index.forms), dtype=bool)
    title = np.zeros(len(index.forms), dtype=bool)
    for spelling, form in zip(index.spellings, index.form_of.tolist(), strict=True):
        small[form] |= spelling[:1].islower() or spelling in {"n't", "I"}
        title[form] |= not spelling.isupper() or len(spelling) > _CAPITALS
    letters = np.array([form.isalpha() or form == "n't" for form in index.forms], dtype=bool)
    return letters & (small | ~title)


def _by_question(
    index: TextIndex, answers: Answers, words: Numbers, base: Numbers
) -> Iterator[tuple[str, int]]:
    """Give (question's wording, form) for words that are frequent there and stand elsewhere too."""
    if len(answers.open_questions) < 2:
        return
    texts, size = len(index.texts), int(base.max(initial=-1)) + 1
    asked = ones_at(np.asarray(answers.answer_questions), index.rows, (len(answers.questions), texts))
    where, what = np.unique(np.column_stack([index.text[words], base[index.form[words]]]), axis=0).T
    counts = (asked @ ones_at(where, what, (texts, size))).toarray()
    usual = {int(base[form]): form for (form,) in _usual(index, words, 1, base)}
    for question, kind in np.argwhere((counts >= _FEWEST) & (counts < counts.sum(axis=0))).tolist():
        if kind in usual:
            yield answers.questions[question].text or answers.questions[question].id, usual[kind]


def _usual(index: TextIndex, start: Numbers, length: int, base: Numbers) -> Iterator[tuple[int, ...]]:
    """Give for each frequent run of dictionary forms the run of forms (ids) that it mostly is."""
    rows = np.stack([index.form[start + at] for at in range(length)], axis=1)
    which = np.unique(base[rows], axis=0, return_inverse=True)[1].reshape(-1)
    kept = np.isin(which, _frequent(which, index.text[start]))
    spelled, counts = np.unique(np.column_stack([which[kept], rows[kept]]), axis=0, return_counts=True)
    best: dict[int, tuple[int, list[str], tuple[int, ...]]] = {}
    for (kind, *forms), count in zip(spelled.tolist(), counts.tolist(), strict=True):
        here = (-int(count), [index.forms[int(form)] for form in forms], tuple(map(int, forms)))
        best[kind] = min(best.get(kind, here), here)
    return (forms for *_, forms in best.values())


def _frequent(keys: Numbers, text: Numbers) -> list[int]:
    """Give the keys that stand in enough distinct texts."""
    pairs = np.unique(np.column_stack([keys, text]), axis=0)[:, 0]
    found, counts = np.unique(pairs, return_counts=True)
    return [int(key) for key in found[counts >= _FEWEST]]


def mates(theme: Theme, entries: Sequence[Entry]) -> Flags:
    """Say of each entry whether it is one word of the same family as a word of the theme's label or entries.

    Families are told by their letters: *medicine* and *medication*, *clean* and *cleanliness*; a
    misspelling belongs to its word's.
    """
    heads = defaultdict(list)
    for word in _words(theme):
        heads[word[:_STEM]].append(word)
    texts = [entry.word or entry.form or "" for entry in entries]
    wrong = _misspelt(_words(theme), texts)
    return np.array(
        [
            text in wrong
            or (
                entry.word == text
                and text.isalpha()
                and not entry.questions
                and any(_related(text, word) for word in heads.get(text[:_STEM], ()))
            )
            for entry, text in zip(entries, texts, strict=True)
        ],
        dtype=bool,
    )


def _words(theme: Theme) -> list[str]:
    """Give the words of a theme's label and entries, function words aside."""
    from sklearn.feature_extraction.text import ENGLISH_STOP_WORDS

    texts = [theme.title, *(entry.word for entry in theme.entries if entry.word)]
    words = {word for text in texts for word in text.casefold().replace(",", " ").split() if word.isalpha()}
    return sorted(words - ENGLISH_STOP_WORDS)


def _misspelt(words: Sequence[str], texts: Sequence[str]) -> set[str]:
    """Give the texts that are no known word and near one of these words, as ``fuzzy`` entries measure it."""
    from rapidfuzz.distance import OSA
    from rapidfuzz.process import extract

    known = load_types().is_known
    strange = [text for text in texts if text.isalpha() and not known(text)]
    found: set[str] = set()
    for word in words:
        edits = 0 if len(word) < 5 else 1 if len(word) <= 7 else 2
        if edits:
            near = extract(word, strange, scorer=OSA.distance, score_cutoff=edits, limit=None)
            found.update(text for text, _, _ in near)
    return found - set(words)


def _related(first: str, second: str) -> bool:
    from rapidfuzz.distance import Prefix

    shared = Prefix.similarity(first, second)
    shorter, longer = sorted((len(first), len(second)))
    most_of_both = shared >= max(shorter - 2, 0.6 * longer)
    stem = shorter - shared <= 1 and longer - shorter <= _ENDING
    return shared >= _STEM and (most_of_both or stem)
