"""How likely a theme is in each answer, guessed from all its words: ridge regression on their latent topics.

The guess is no coding; it only says what to expect of a word before the coded answers that hold it are
counted, for it knows the company that the word keeps in answers nobody has coded.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from sendthemes.analysis.variables import Numbers
from sendthemes.survey.answers import Answers

_TOPICS = 100
_QUESTION = 0.3  # how much the question weighs beside the words, which have length 1
_RIDGE = 1.0


class Guess:
    """Latent topics of a survey's answers (TF-IDF of words, singular values), and the question of each."""

    def __init__(self, answers: Answers) -> None:
        order = sorted(range(len(answers.texts)), key=lambda at: answers.answer_ids[at])
        topics = np.zeros((len(order), 0))
        if order:
            topics = _topics([answers.texts[at].casefold() for at in order])
        place = np.argsort(np.array(order, dtype=np.int64))
        asked = np.eye(len(answers.questions))[np.asarray(answers.answer_questions, dtype=np.int64)]
        self._features = np.hstack([topics[place], _QUESTION * asked])

    def of(self, rows: Numbers, right: Numbers) -> Numbers:
        """Guess for each answer how likely each theme is, 0-1; for a coded answer from the others alone.

        ``rows`` are the places of the coded answers; ``right`` says of these × themes whether the theme
        applies.
        """
        mean, centre = right.mean(axis=0), self._features[rows].mean(axis=0)
        known = self._features[rows] - centre
        inverse = np.linalg.inv(known.T @ known + _RIDGE * np.eye(known.shape[1]))
        likely = (self._features - centre) @ (inverse @ (known.T @ (right - mean))) + mean
        # What a ridge regression would say of a row had it not seen it (Allen 1974, PRESS).
        lever = ((known @ inverse) * known).sum(axis=1) + 1 / len(rows)
        alone = right - (right - likely[rows]) / np.maximum(1 - lever, 1e-6)[:, None]
        likely[rows] = np.where(lever[:, None] < 1 - 1e-6, alone, mean)
        return np.asarray(np.clip(likely, 0.0, 1.0))


def _topics(texts: list[str]) -> Numbers:
    """Give each text's place among the latent topics, as rows of length 1 (0 without words)."""
    from sklearn.decomposition import TruncatedSVD
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.preprocessing import normalize

    try:
        words: Any = TfidfVectorizer(min_df=2, sublinear_tf=True).fit_transform(texts)
    except ValueError:  # scikit-learn's way to say that no word is left
        return np.zeros((len(texts), 0))
    topics = min(_TOPICS, words.shape[1] - 1)
    if topics < 1:
        return np.zeros((len(texts), 0))
    made: Any = normalize(TruncatedSVD(topics, random_state=0).fit_transform(words))
    return np.asarray(made)
