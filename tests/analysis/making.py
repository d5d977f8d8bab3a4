"""Small surveys made by hand: an answer is a row of theme words, so that its codings are plain to see."""

from dataclasses import dataclass, field
from types import SimpleNamespace

import numpy as np

from sendthemes.codebook.model import Codebook, Entry, Theme
from sendthemes.coding.codings import Coding
from sendthemes.survey.answers import Answers, Question
from sendthemes.table import Table

THEMES = ("funding", "training", "peer", "inclusion")


def make_codebook(themes=THEMES, nested=None, classifications=()):
    """A theme for each word; ``nested`` maps a parent to its sub-themes."""
    nested = nested or {}

    def theme(name):
        return Theme(
            theme=name,
            label=name.title(),
            entries=(Entry(form=name),),
            themes=tuple(theme(child) for child in nested.get(name, ())),
        )

    return Codebook(codebook="made", themes=tuple(map(theme, themes)), classifications=classifications)


def make_answers(texts, closed=None, levels=None, multiple=(), questions=("q1",), **more):
    """``texts``: one dict (question → text) or text (of the first question) a respondent."""
    closed = closed or {}
    rows = [{questions[0]: text} if isinstance(text, str) else dict(text or {}) for text in texts]
    asked = [Question(name, f"What about {name}?", "open") for name in questions]
    for name, values in closed.items():
        options = {
            one for value in values for one in (value if isinstance(value, tuple) else (value,)) if one
        }
        order = tuple((levels or {}).get(name) or sorted(options))
        asked.append(Question(name, f"Rate {name}", "multiple" if name in multiple else "single", order))
    said = [
        (r, q, row[name]) for r, row in enumerate(rows) for q, name in enumerate(questions) if row.get(name)
    ]
    return Answers(
        respondents=tuple(f"r{at + 1}" for at in range(len(rows))),
        questions=tuple(asked),
        answer_ids=tuple(f"a{at + 1}" for at in range(len(said))),
        answer_respondents=[r for r, _, _ in said],
        answer_questions=[q for _, q, _ in said],
        texts=[text for _, _, text in said],
        values={name: tuple(values) for name, values in closed.items()},
        **more,
    )


@dataclass(frozen=True)
class MadeCoded:
    """Coded answers with what the analysis reads of them."""

    answers: Answers
    codebook: Codebook
    columns: SimpleNamespace
    levels: dict = field(default_factory=dict)
    lemmas: str = "possible"
    notes: tuple = ()

    def unclassified(self, name):
        at = {q.id: n for n, q in enumerate(self.answers.questions)}
        question = next(c.question for c in self.codebook.classifications if c.classification == name)
        rows = [
            (a.id, a.respondent, a.question)
            for n, a in enumerate(self.answers)
            if self.answers.answer_questions[n] == at[question]
            and self.levels[name][self.answers.answer_respondents[n]] is None
        ]
        return Table(("answer_id", "respondent", "question"), tuple(rows))

    def __iter__(self):
        ids, labels = self.codebook.theme_ids, self.entry_labels
        c = self.columns
        for a, t, e, s, end in zip(c.answer, c.theme, c.entry, c.start, c.end, strict=True):
            answer = self.answers.answer(int(a))
            yield Coding(
                answer.id,
                answer.respondent,
                answer.question,
                ids[t],
                labels[e],
                answer.text[s:end],
                int(s),
                int(end),
            )

    @property
    def entry_labels(self):
        return self.codebook.theme_ids


def make_coded(answers, codebook=None, levels=None):
    """Code answers by splitting them at spaces: a word that is a theme's id is a coding of it."""
    codebook = codebook or make_codebook()
    at = {name: position for position, name in enumerate(codebook.theme_ids)}
    found = set()
    for n, text in enumerate(answers.texts):
        start = 0
        for word in text.split(" "):
            bare = word.strip(".,!?").casefold()
            if bare in at:
                found.add((n, at[bare], start, start + len(bare)))
            start += len(word) + 1
    rows = sorted(found)
    columns = SimpleNamespace(
        answer=np.array([r[0] for r in rows], dtype=np.int32),
        theme=np.array([r[1] for r in rows], dtype=np.int32),
        entry=np.array([r[1] for r in rows], dtype=np.int32),
        start=np.array([r[2] for r in rows], dtype=np.int32),
        end=np.array([r[3] for r in rows], dtype=np.int32),
        negated=np.zeros(len(rows), dtype=bool),
        echo=np.zeros(len(rows), dtype=bool),
        status=np.zeros(len(rows), dtype=np.int8),
    )
    return MadeCoded(answers, codebook, columns, levels or {})
