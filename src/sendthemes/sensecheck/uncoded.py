"""What the codebook does not see: uncoded answers, grouped, and drafts of themes nobody thought of."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass
from typing import Any

import numpy as np

from sendthemes.analysis.excerpts import AnyRedactor, redacted_answers
from sendthemes.analysis.mentions import counted
from sendthemes.coding.code import CodedAnswers
from sendthemes.survey.answers import Answer
from sendthemes.survey.bases import substantive
from sendthemes.table import Cell, Table

_WORDS = r"(?u)\b[^\W\d_][\w'-]+[^\W_]\b"  # three characters or more, from a letter on
_FEWEST = 10  # answers below which groups say nothing
_ANSWERS_A_GROUP = 8
_MOST_GROUPS = 8
_SHARE = 0.5  # of a group's answers that hold a word of its name, at least


@dataclass(frozen=True, slots=True)
class Group:
    """Answers that resemble each other, and the words that set them apart from the rest."""

    terms: tuple[str, ...]
    members: tuple[int, ...]


def uncoded_answers(
    coded: CodedAnswers,
    *,
    groups: int | None = None,
    terms: int = 6,
    limit: int | None = None,
    seed: int = 0,
    redactor: AnyRedactor | None,
) -> Table:
    """List the answers in which no theme was found, those that say something first.

    Args:
        coded: The rules' coding.
        groups: How many groups of similar answers to form (TF-IDF of words and pairs, k-means); by default
            one for every 8 answers, at most 8; none below 10 answers.
        terms: How many distinguishing words to name a group by.
        limit: Show the first so many.
        seed: Of the grouping; equal seeds give equal groups, whatever the order of rows.
        redactor: Hides names and places first, in the words that name the groups too; ``None`` hides nothing.

    Returns:
        answer_id, respondent, question, substantive, group, answer; larger groups first, null-like
        answers last, without a group. The notes count them and name the frequent words.
    """
    answers, texts, says = _uncoded(coded, redactor)
    somewhat = [at for at, something in enumerate(says) if something]
    found = _grouped([texts[at] for at in somewhat], groups, terms, seed)
    ordered: list[tuple[int, str]] = []
    for number, group in enumerate(found, 1):
        name = f"{number}: {', '.join(group.terms)}"
        ordered += [(somewhat[member], name) for member in group.members]
    grouped = {at for at, _ in ordered}
    ordered += [(at, "") for at in somewhat if at not in grouped]
    ordered += [(at, "") for at, something in enumerate(says) if not something]
    rows: list[tuple[Cell, ...]] = [
        (answers[at].id, answers[at].respondent, answers[at].question, says[at], name, texts[at])
        for at, name in ordered
    ]
    columns = ("answer_id", "respondent", "question", "substantive", "group", "answer")
    base = counted(len(coded.answers.texts), "open answer")
    notes = [f"Without a theme: {len(answers):,} of {base}; {len(somewhat):,} of them say something."]
    if frequent := _frequent([texts[at] for at in somewhat], 12):
        notes.append(f"Frequent words (answers): {', '.join(f'{word} {count}' for word, count in frequent)}.")
    title = "Answers without a theme"
    return Table(columns, tuple(rows[:limit]), title=title, base=base, notes=tuple(notes))


def draft_themes(
    coded: CodedAnswers,
    *,
    groups: int | None = None,
    terms: int = 6,
    seed: int = 0,
    redactor: AnyRedactor | None,
) -> str:
    """Draft themes for uncoded answers that resemble each other, as YAML to edit.

    Groups, terms (here entries of a theme), seed and redactor are those of ``uncoded_answers``. The codebook
    loads as it stands, one theme a group; without groups, no themes.
    """
    import yaml

    _, texts, says = _uncoded(coded, redactor)
    kept = [text for text, something in zip(texts, says, strict=True) if something]
    themes = [
        {
            "theme": f"draft-{number}",
            "label": f"Draft {number}: {', '.join(group.terms[:3])}",
            "definition": f"Drafted from {counted(len(group.members), 'answer')}. "
            "Say what they share, or delete.",
            "entries": list(group.terms),
        }
        for number, group in enumerate(_grouped(kept, groups, terms, seed), 1)
    ]
    draft = {"codebook": f"{coded.codebook.codebook}-drafts", "version": "0", "themes": themes}
    return yaml.safe_dump(draft, sort_keys=False, allow_unicode=True, width=100)


def _uncoded(coded: CodedAnswers, redactor: AnyRedactor | None) -> tuple[list[Answer], list[str], list[bool]]:
    """Give answers without a coding by id, their words as they may be shown, whether they say anything."""
    having = set(coded.columns.answer.tolist())
    names = coded.answers.answer_ids
    places = sorted((at for at in range(len(names)) if at not in having), key=lambda at: names[at])
    shown = redacted_answers(coded.answers, places, redactor)
    says = substantive(coded.answers)[places].tolist()
    return [coded.answers.answer(at) for at in places], [shown[at].text for at in places], says


def _grouped(texts: list[str], groups: int | None, terms: int, seed: int) -> list[Group]:
    """Group texts by their words; the largest group first. Those left over, which share few, are none."""
    if groups is None:
        groups = min(_MOST_GROUPS, len(texts) // _ANSWERS_A_GROUP) if len(texts) >= _FEWEST else 0
    counted = _counted(texts, pairs=True)
    if groups < 1 or counted is None:
        return []
    from sklearn.cluster import KMeans
    from sklearn.feature_extraction.text import TfidfTransformer

    matrix, words = counted
    weights = TfidfTransformer(sublinear_tf=True).fit_transform(matrix)
    groups = min(groups, weights.shape[0])
    model = KMeans(groups, random_state=seed, n_init=10)  # pyright: ignore[reportArgumentType] - untyped there
    members: dict[int, list[int]] = defaultdict(list)
    for at, label in enumerate(model.fit_predict(weights).tolist()):
        members[label].append(at)
    overall = np.asarray(weights.mean(axis=0)).ravel()
    found = []
    for label, rows in members.items():
        apart = model.cluster_centers_[label] - overall
        best = sorted(range(len(words)), key=lambda at: (-round(float(apart[at]), 9), words[at]))[:terms]
        best = [at for at in best if apart[at] > 0]
        having = np.diff(matrix[rows][:, best].tocsr().indptr) > 0
        if best and having.mean() >= _SHARE:
            found.append(Group(tuple(words[at] for at in best), tuple(rows)))
    return sorted(found, key=lambda group: (-len(group.members), group.terms))


def _frequent(texts: list[str], most: int) -> list[tuple[str, int]]:
    """Give the words that stand in most texts, with the number of texts; those in two or more."""
    counted = _counted(texts, pairs=False)
    if counted is None:
        return []
    matrix, words = counted
    uses = np.asarray((matrix > 0).sum(axis=0)).ravel().tolist()
    ordered = sorted(zip(words, uses, strict=True), key=lambda item: (-item[1], item[0]))
    return ordered[:most]


def _counted(texts: list[str], *, pairs: bool) -> tuple[Any, list[str]] | None:
    """Count words (and pairs) that stand in two texts or more, function words aside; None without any."""
    from sklearn.feature_extraction.text import CountVectorizer

    sizes = (1, 2 if pairs else 1)
    counter = CountVectorizer(stop_words="english", token_pattern=_WORDS, ngram_range=sizes, min_df=2)
    try:
        matrix = counter.fit_transform(without_marks(texts))
    except ValueError:  # scikit-learn's way to say that no word is left
        return None
    return matrix, counter.get_feature_names_out().tolist()


def without_marks(texts: list[str]) -> list[str]:
    """Take the redactor's marks out, so that no group is named after them."""
    return [re.sub(r"\[[A-Z][^\]]*\]|\bLA [A-Z]{1,2}\b|\[LA\]", " ; ", text) for text in texts]
