"""Possible lemmas: which dictionary forms a word form may stand for, whatever its context.

A form's possible lemmas come from the tables of spaCy's rule lemmatiser under every part of speech: an
exception, the form itself where the index has it, or a rule's result that the index of the same part of
speech has. Where none of these confirms anything, the noun and verb rules apply with a base that another
part of speech confirms (resourced → resource), or plainly (caseloads → caseload). A rule never leaves a
single letter: ``as`` is no form of ``a``. Short forms stand for their words (``n't`` for *not*).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from types import MappingProxyType

from sendthemes.language.model import model_path

_LONGEST_ENDING = 4  # letters ("ches")
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
    _endings: dict[str, list[tuple[str, str]]] = field(default_factory=dict, repr=False, compare=False)
    _confirmed: dict[str, frozenset[str]] = field(default_factory=dict, repr=False, compare=False)
    _covered: dict[str, frozenset[str]] = field(default_factory=dict, repr=False, compare=False)

    def __post_init__(self) -> None:
        for table in self.exceptions.values():
            for form, bases in table.items():
                for base in bases:
                    self._irregular.setdefault(base, set()).add(form)
        for pos, rules in self.rules.items():
            for ending, instead in rules:
                self._endings.setdefault(ending, []).append((pos, instead))

    def is_base(self, word: str) -> bool:
        """Say whether the index has this word under any part of speech."""
        return any(word in words for words in self.index.values())

    def is_known(self, form: str) -> bool:
        """Say whether this is a word of the language: confirmed, a word of grammar or a short form."""
        return bool(self.confirmed(form)) or form in self.grammar or form in SHORT_FORMS

    def confirmed(self, form: str) -> frozenset[str]:
        """Give the lemmas that index or exceptions confirm, under any part of speech."""
        found = self._confirmed.get(form)
        if found is None:  # a few hundred thousand short words at most: remembered
            found = self._confirmed[form] = frozenset(base for _, base in self._readings(form))
        return found

    def _readings(self, form: str) -> Iterator[tuple[str, str]]:
        """Give each (part of speech, base) that index or exceptions confirm."""
        own_base = set()
        for pos in PARTS_OF_SPEECH:
            irregular = self.exceptions[pos].get(form, ())
            yield from ((pos, base) for base in irregular)
            if form in self.index[pos]:
                yield pos, form
            if form in irregular:  # "bed" is listed as its own base: no form of "be"
                own_base.add(pos)
        for pos, base in self._ruled(form):
            if base in self.index[pos] and pos not in own_base:
                yield pos, base

    def _ruled(self, form: str) -> Iterator[tuple[str, str]]:
        """Give (part of speech, base) by each rule whose ending fits; a base of a single letter is none."""
        for size in range(1, min(len(form), _LONGEST_ENDING) + 1):
            for pos, instead in self._endings.get(form[-size:], ()):
                base = form[:-size] + instead
                if len(base) > 1:
                    yield pos, base

    def may_be(self, form: str, pos: str, bases: Iterable[str]) -> bool:
        """Say whether a form has one of these bases as this part of speech; an unknown form may be any."""
        asked = {"adjective": "adj", "adverb": "adv"}.get(pos, pos)
        wanted = {(asked, base) for base in bases}
        return not wanted.isdisjoint(self._readings(form)) or not self.confirmed(form)

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
        return frozenset(base for pos, base in self._ruled(form) if pos in {"noun", "verb"})

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
            found = frozenset({word, word[:-1]} if len(word) > 2 else {word})
        return tuple(sorted(found or {word}))

    def forms(self, base: str) -> frozenset[str]:
        """Give every form that has this base among its possible lemmas, and the base itself."""
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
        if word not in self._covered:
            forms = (self.forms(base) for base in self.bases(word))
            self._covered[word] = frozenset({word}).union(*forms)
        return self._covered[word]


@lru_cache(maxsize=1)
def load_types() -> WordTypes:
    """Read the lemmatiser's tables of the verified model (no pipeline is loaded)."""
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
