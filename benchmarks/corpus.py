"""The texts and the codebook that the benchmarks run on: made up, the same for every run and machine."""

from __future__ import annotations

import random

import numpy as np

from sendthemes.codebook.model import Codebook
from sendthemes.language.types import load_types
from sendthemes.survey.answers import Answers, Question

QUESTION = "What gets in the way of inclusion in your area, and what would help?"
WORDS_AN_ANSWER = 38
_FORMS = 30_000
# What such answers are made of, commonest first; the rarer words follow from the lemmatiser's tables.
_COMMON = tuple(
    """
    " the to and of for a in is we our are with have not it on that they this be as there schools need
    support more staff children funding training send pupils parents school from by by do can at time
    all who don't lack families local needs being provision but or their so no some would has early help
    which work good too much working budget health inclusion waiting lists meeting meetings plans
    specialist mainstream teachers SENCOs SENCO EHCPs EHCP panel review workforce carers capacity
    services strategy data monitoring impact leaders vision partners parents/carers co-production
    children's well-being multi-agency post-16 recruitment retention costs cut cuts places resourced
    transport tribunals outcomes quality assurance area partnership joint commissioning therapy speech
    and language we're can't it's won't behaviour attendance confidence trust clear better very often
    """.split()  # noqa: SIM905 - a list of words, to be read as such
)


def make_texts(answers: int, seed: int = 0) -> list[str]:
    """Make answers of about 38 words: drawn by Zipf's law, with punctuation, capitals and typing errors.

    The first answers are the same however many are made.
    """
    words = _words()
    draw = np.random.default_rng(seed)
    share = 1 / np.arange(1, len(words) + 1)
    texts: list[str] = []
    for first in range(0, answers, 10_000):
        lengths = draw.poisson(WORDS_AN_ANSWER - 8, 10_000) + 8
        size = int(lengths.sum())
        picked = draw.choice(len(words), size=size, p=share / share.sum())
        chance = draw.random(size)
        lengths = lengths[: answers - first]
        size = int(lengths.sum())
        picked, chance = picked[:size].tolist(), chance[:size].tolist()
        made = [_written(words[which], luck) for which, luck in zip(picked, chance, strict=True)]
        at = 0
        for length in lengths.tolist():
            text = " ".join(made[at : at + length])
            texts.append(text[:1].upper() + text[1:] + ".")
            at += length
    return texts


def make_answers(texts: list[str]) -> Answers:
    """Make a survey of one open question, one respondent an answer."""
    numbers = [f"r{at}" for at in range(len(texts))]
    places = list(range(len(texts)))
    return Answers(
        tuple(numbers), (Question("q1", QUESTION, "open"),), numbers, places, [0] * len(texts), texts
    )


def make_entries(seed: int = 1) -> list[list[str]]:
    """Make 10 themes of 40 entries: 24 words and 16 phrases of two or three words, common and rare ones."""
    words = [word for word in dict.fromkeys(_words()) if word.isalpha() and word.islower()]
    bases = [word for word in words if load_types().bases(word) == (word,) and word not in _GRAMMAR]
    chance = random.Random(seed)

    def word() -> str:
        return bases[min(int(20 * chance.paretovariate(0.5)), len(bases) - 1)]

    sizes = [1] * 24 + [2] * 12 + [3] * 4
    made: list[list[str]] = []
    used: set[str] = set()
    for _ in range(10):
        entries: list[str] = []
        while len(entries) < len(sizes):
            entry = " ".join(word() for _ in range(sizes[len(entries)]))
            if entry not in used:
                used.add(entry)
                entries.append(entry)
        made.append(entries)
    return made


PATTERNS: list[list[dict[str, object]]] = [
    [{"LEMMA": "recruitment"}, {"POS": "NOUN"}],
    [{"LEMMA": "tribunal"}, {"IS_PUNCT": True, "OP": "?"}, {"POS": "VERB"}],
    [{"LOWER": "joint"}, {"LEMMA": "commissioning"}],
    [{"POS": "ADJ"}, {"LEMMA": "strategy"}],
    [{"LEMMA": "lack"}, {"LOWER": "of"}, {"POS": "NOUN"}],
    [{"LOWER": "waiting"}, {"LEMMA": {"IN": ["list", "time"]}}],
]


def make_codebook(entries: list[list[str]], patterns: bool = False) -> Codebook:
    """Make a codebook of these themes, perhaps with the six token patterns in the first six."""
    themes = []
    for at, listed in enumerate(entries):
        more = [{"tokens": PATTERNS[at]}] if patterns and at < len(PATTERNS) else []
        themes.append({"theme": f"theme-{at}", "entries": [*listed, *more]})
    return Codebook.model_validate({"codebook": "bench", "themes": themes})


_GRAMMAR = frozenset(_COMMON[:40])


def _words() -> list[str]:
    types = load_types()
    chance = random.Random(0)
    bases = sorted(
        word
        for word in types.index["noun"] | types.index["verb"] | types.index["adj"]
        if word.isalpha() and word.isascii() and 3 < len(word) < 11
    )
    chance.shuffle(bases)
    words = list(_COMMON)
    for base in bases:
        words += [form for form in sorted(types.forms(base)) if form == base or chance.random() < 0.3]
        if len(words) >= _FORMS:
            break
    return words[:_FORMS]


def _written(word: str, chance: float) -> str:
    """Write a word as people do: 1 in 100 mistyped, 1 in 9 with something around it."""
    if chance < 0.01 and len(word) > 4:
        at = int(chance * 100 * (len(word) - 1))
        return word[:at] + word[at + 1 :]
    if chance > 0.94:
        return word + ","
    if chance > 0.90:
        return word + "."
    if chance > 0.893:
        return f"({word})"
    if chance > 0.89:
        return word + "’s"
    return word
