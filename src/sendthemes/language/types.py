"""Possible lemmas: which dictionary forms a word form may stand for, whatever its context.

A form's possible lemmas come from the tables of spaCy's rule lemmatiser under every part of speech: an
exception, the form itself where the index has it, or a rule's result that the index of the same part of
speech has. Where none of these confirms anything, the noun and verb rules apply with a base that another
part of speech confirms (resourced → resource), or plainly (caseloads → caseload). A rule never leaves a
single letter: ``as`` is no form of ``a``. Short forms stand for their words (``n't`` for *not*).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from types import MappingProxyType

from sendthemes.language.model import model_path

PARTS_OF_SPEECH = ("noun", "verb", "adj", "adv")
# What a short form stands for; the tokenizer cuts it off its word ("do" + "n't").
SHORT_FORMS: Mapping[str, frozenset[str]] = MappingProxyType(
    {
        "n't": frozenset({"not"}),
        "'re": frozenset({"be"}),
        "'m": frozenset({"be"}),
        "'ve": frozenset({"have"}),
        "'ll": frozenset({"will"}),
        "'d": frozenset({"would", "have"}),
    }
)


@dataclass(frozen=True, slots=True)
class WordTypes:
    """The lemmatiser's tables, by part of speech ("noun", "verb", "adj", "adv"); all words are case-folded.

    Attributes:
        rules: Endings and what takes their place, in order.
        index: The confirmed bases.
        exceptions: Irregular forms and their bases.
        grammar: Words of grammar that the index lacks (the, with, because).
    """

    rules: Mapping[str, tuple[tuple[str, str], ...]]
    index: Mapping[str, frozenset[str]]
    exceptions: Mapping[str, Mapping[str, tuple[str, ...]]]
    grammar: frozenset[str] = frozenset()
    _irregular: dict[str, set[str]] = field(default_factory=dict, repr=False, compare=False)

    def __post_init__(self) -> None:
        for table in self.exceptions.values():
            for form, bases in table.items():
                for base in bases:
                    self._irregular.setdefault(base, set()).add(form)

    def is_base(self, word: str) -> bool:
        """Say whether the index has this word under any part of speech."""
        return any(word in words for words in self.index.values())

    def is_known(self, form: str) -> bool:
        """Say whether this is a word of the language: confirmed, a word of grammar or a short form."""
        return bool(self.confirmed(form)) or form in self.grammar or form in SHORT_FORMS

    def confirmed(self, form: str) -> frozenset[str]:
        """Give the lemmas that index or exceptions confirm, under any part of speech."""
        found: set[str] = set()
        for pos in PARTS_OF_SPEECH:
            found |= self.confirmed_as(form, pos)
        return frozenset(found)

    def confirmed_as(self, form: str, pos: str) -> frozenset[str]:
        """Give the lemmas that index or exceptions confirm under one part of speech."""
        index = self.index[pos]
        irregular = self.exceptions[pos].get(form, ())
        found = set(irregular)
        if form in index:
            found.add(form)
        if form not in irregular:  # "bed" is listed as its own base: no form of "be"
            found.update(base for base in _applied(self.rules[pos], form) if base in index)
        return frozenset(found)

    def may_be(self, form: str, pos: str, bases: Iterable[str]) -> bool:
        """Say whether a form has one of these bases as this part of speech; an unknown form may be any."""
        found = self.confirmed_as(form, {"adjective": "adj", "adverb": "adv"}.get(pos, pos))
        return bool(found & set(bases)) or not self.confirmed(form)

    def lemmas(self, form: str) -> frozenset[str]:
        """Give all possible lemmas of a case-folded form; a form that nothing explains is its own lemma."""
        if form in SHORT_FORMS:
            return SHORT_FORMS[form]
        found = self.confirmed(form)
        if found or form in self.grammar or not form.isalpha():
            return found or frozenset({form})
        bases = self._unconfirmed(form)
        return frozenset(filter(self.is_base, bases)) or bases or frozenset({form})

    def _unconfirmed(self, form: str) -> frozenset[str]:
        return frozenset(base for pos in ("noun", "verb") for base in _applied(self.rules[pos], form))

    def bases(self, word: str) -> tuple[str, ...]:
        """Give the dictionary forms that a codebook's word means, sorted.

        A confirmed base stays as it is (``meeting``, ``training``); an inflected word is brought to all its
        confirmed bases (``budgets`` → budget, ``resourcing`` → resource); an unknown plural means its
        singular too (``SENCOs``).
        """
        if word in SHORT_FORMS:
            return tuple(sorted(SHORT_FORMS[word]))
        if self.is_base(word):
            return (word,)
        found = self.confirmed(word)
        if not found and (word in self.grammar or not word.isalpha()):
            return (word,)
        found = found or frozenset(filter(self.is_base, self._unconfirmed(word)))
        if not found and word.endswith("s") and not word.endswith("ss"):
            found = frozenset({word, *_applied((("s", ""),), word)})
        return tuple(sorted(found or {word}))

    def forms(self, base: str) -> frozenset[str]:
        """Give every form that has this base among its possible lemmas, and the base itself.

        Lemmas come from exceptions and rules only, so undoing both gives all forms there can be.
        """
        return frozenset(
            form for form in self.unchecked_forms(base) if form == base or base in self.lemmas(form)
        )

    def unchecked_forms(self, base: str) -> frozenset[str]:
        """Give every form from which exceptions, rules or short forms may lead to a base."""
        found = {base} | self._irregular.get(base, set())
        found |= {short for short, bases in SHORT_FORMS.items() if base in bases}
        for pos in PARTS_OF_SPEECH:
            for ending, instead in self.rules[pos]:
                if base.endswith(instead):
                    found.add(base[: len(base) - len(instead)] + ending)
        return frozenset(found)

    def covered(self, word: str) -> frozenset[str]:
        """Give every form that a codebook's word covers: the forms of its bases, and itself."""
        found = {word}
        for base in self.bases(word):
            found |= self.forms(base)
        return frozenset(found)


def _applied(rules: Iterable[tuple[str, str]], form: str) -> set[str]:
    """Apply each rule whose ending fits; a base of a single letter is none."""
    found = set()
    for ending, instead in rules:
        if ending and form.endswith(ending):
            base = form[: len(form) - len(ending)] + instead
            if len(base) > 1:
                found.add(base)
    return found


@lru_cache(maxsize=1)
def load_types() -> WordTypes:
    """Read the lemmatiser's tables of the verified model (no pipeline is loaded).

    Raises:
        ModelError: If the model is missing or not the known one.
    """
    from spacy.lang.en.stop_words import STOP_WORDS
    from spacy.lookups import Lookups

    lookups = Lookups().from_disk(model_path() / "lemmatizer" / "lookups")
    rules, index, exceptions = (
        lookups.get_table(name) for name in ("lemma_rules", "lemma_index", "lemma_exc")
    )
    return WordTypes(
        rules={pos: tuple((old, new) for old, new in rules.get(pos, ())) for pos in PARTS_OF_SPEECH},
        index={pos: frozenset(index[pos]) for pos in PARTS_OF_SPEECH},
        exceptions={
            pos: {form: tuple(bases) for form, bases in exceptions[pos].items()} for pos in PARTS_OF_SPEECH
        },
        grammar=frozenset(word for word in STOP_WORDS if word.isalpha()),
    )
