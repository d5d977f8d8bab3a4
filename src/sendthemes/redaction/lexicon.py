"""What the word lists say of one word: a given name, a surname, an ordinary word.

The lists are plain text in ``sendthemes/data`` for anyone to edit; they are read once, when first needed.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from types import MappingProxyType
from typing import Literal

WORD = re.compile(r"[^\W\d_]+(?:(?:-|'(?!s\b))[^\W\d_]+)*", re.IGNORECASE)
TITLE = re.compile(
    r"\b(?:(?:Mr and Mrs|Mr & Mrs|Mr|Mrs|Ms|Mx|Dr|Prof|Professor|Cllr|Councillor"
    r"|mr and mrs|mr & mrs|mr|mrs|ms|dr|prof|cllr|rev|MR|MRS|MS|DR|CLLR)\.?"
    r"|(?:[Mm]iss|Sir|Dame|Lord|Lady|Baroness|Rev\.?|Revd\.?|Reverend|Rabbi|Imam|Pastor|Sheikh|Sister|Fr|Canon|Judge|Aunty|Auntie|Uncle|Nanny))"
    r"[ ]+"
)
CALENDAR = frozenset({"april", "may", "june", "august", "summer", "autumn", "spring", "winter", "sunday"})
Class = Literal["hardly", "often", "capital", "first"]
Band = Literal["common", "known", "rare"]


@dataclass(frozen=True, slots=True)
class Names:
    """The name lists, folded."""

    given: Mapping[str, Band]  # to how common it is
    surnames: frozenset[str]
    words: Mapping[str, Class]  # names that are words too, to what they mostly are


def read_sections(name: str) -> list[tuple[str, list[str]]]:
    """Read a word list of the package as (section, lines), without comments and blank lines."""
    sections: list[tuple[str, list[str]]] = []
    for line in files("sendthemes").joinpath("data", name).read_text(encoding="utf-8").splitlines():
        text = line.strip()
        if text.startswith("["):
            sections.append((text.strip("[]"), []))
        elif text and not text.startswith("#"):
            sections[-1][1].append(text)
    return sections


def alternatives(name: str) -> Mapping[str, str]:
    """Give, for each section of a word list, a pattern for any of its words; ``_`` is white space in one."""
    return {
        section: "(?:" + "|".join(" ".join(lines).split()).replace("_", r"\s+") + ")"
        for section, lines in read_sections(name)
    }


@lru_cache(maxsize=1)
def names() -> Names:
    """Read the name lists (once)."""
    bands: Mapping[str, Band] = {"common": "common", "rare": "rare"}
    given: dict[str, Band] = {}
    for section, lines in read_sections("given_names.txt"):
        for word in " ".join(lines).split():
            given.setdefault(word, bands.get(section, "known"))
    surnames = frozenset(
        word for _, lines in read_sections("surnames.txt") for line in lines for word in line.split()
    )
    words: dict[str, Class] = {}
    classes: tuple[Class, ...] = ("hardly", "often", "capital", "first")
    for cls, (_, lines) in zip(classes, read_sections("name_words.txt"), strict=True):
        for word in " ".join(lines).split():
            words.setdefault(word, cls)
    return Names(MappingProxyType(given), surnames, MappingProxyType(words))


@lru_cache(maxsize=1)
def acronyms() -> frozenset[str]:
    """Give the folded acronyms of the field that no sentence holds as a word ("elsa", not "it")."""
    listed = [entry for _, entries in read_sections("protected_vocabulary.txt") for entry in entries]
    return frozenset(
        entry.casefold()
        for entry in listed
        if entry.isalpha()
        and entry[-1].isupper()
        and len(entry) > 2
        and not is_dictionary_word(entry.casefold())
    )


@dataclass(frozen=True, slots=True)
class _Dictionary:
    """The spaCy lemmatiser's own tables: dictionary forms, irregular forms and the rules between."""

    index: Mapping[str, frozenset[str]]
    irregular: frozenset[str]
    rules: Mapping[str, tuple[tuple[str, str], ...]]
    function_words: frozenset[str]


@lru_cache(maxsize=1)
def _dictionary() -> _Dictionary:
    from spacy.lang.en.stop_words import STOP_WORDS
    from spacy.lookups import Lookups

    from sendthemes.language.model import model_path

    tables = Lookups().from_disk(model_path() / "lemmatizer" / "lookups")
    index, exceptions = tables.get_table("lemma_index"), tables.get_table("lemma_exc")
    rules = tables.get_table("lemma_rules")
    kinds = ("adj", "adv", "noun", "verb")
    more = dict(read_sections("name_cues.txt"))["holds sentences together"]
    return _Dictionary(
        MappingProxyType({kind: frozenset(index[kind]) for kind in kinds}),
        frozenset(form for kind in kinds for form in exceptions[kind]),
        MappingProxyType({kind: tuple((old, new) for old, new in rules.get(kind, ())) for kind in kinds}),
        frozenset(STOP_WORDS - {"will", "may"} | set(" ".join(more).split())),
    )


@lru_cache(maxsize=65_536)
def is_dictionary_word(word: str, kinds: tuple[str, ...] = ("adj", "adv", "noun", "verb")) -> bool:
    """Tell whether the dictionary holds a folded word or its base form, as one of some parts of speech.

    The noun table holds names too (john, essex), the others do not.
    """
    known = _dictionary()
    if word in known.function_words or word in known.irregular:
        return True
    for kind in kinds:
        if word in known.index[kind]:
            return True
        for old, new in known.rules[kind]:
            if old and word.endswith(old) and word[: -len(old)] + new in known.index[kind]:
                return True
    return "-" in word and all(is_dictionary_word(part, kinds) for part in word.split("-") if part)


@lru_cache(maxsize=65_536)
def is_function_word(word: str) -> bool:
    """Tell whether a folded word holds sentences together ("no", "an", "i've"), but for "will" and "may"."""
    stem = word.partition("'")[0]
    if stem != word and (stem in {"i", "it", "we", "he", "she", "they", "you"} or word.endswith("n't")):
        return True
    return word in _dictionary().function_words


@lru_cache(maxsize=16_384)
def is_misspelling(word: str) -> bool:
    """Tell whether a folded word of seven letters or more is one edit from a common one ("goverment").

    The common words are those of which a capital says nothing, and protected single words.
    """
    from rapidfuzz.distance import OSA
    from rapidfuzz.process import extractOne

    if len(word) < 7 or is_dictionary_word(word):
        return False
    stems = {word, *(word.removesuffix(ending) for ending in ("s", "ed", "ing", "ly"))}
    return any(
        extractOne(stem, _common_words(), scorer=OSA.distance, score_cutoff=1)
        for stem in stems
        if len(stem) > 5
    )


@lru_cache(maxsize=1)
def _common_words() -> Sequence[str]:
    listed = dict(read_sections("capital_words.txt"))["ordinary"]
    protected = [
        line
        for section, lines in read_sections("protected_vocabulary.txt")
        if not section.startswith(("named", "companies", "brands"))  # of these a misspelling may be somebody
        for line in lines
    ]
    words = {*" ".join(listed).split(), *(line.casefold() for line in protected)}
    return sorted(word for word in words if word.isalpha() and len(word) > 5)


@lru_cache(maxsize=65_536)
def given_band(word: str) -> Band | None:
    """Tell how common a folded given name is; a double one ("tia-leigh") is known where its parts are.

    So is the plural, and the possessive without an apostrophe, of a common name ("callums plan").
    """
    given, bands = names().given, {"common", "known"}
    if word not in given and "-" in word and all(part in given for part in word.split("-")):
        return "known"
    if word not in given and len(word) > 4 and word.endswith("s") and given.get(word[:-1]) in bands:
        plain = word in names().surnames or is_dictionary_word(word, ("adj", "adv", "verb"))
        return None if plain or word_class(word[:-1]) in {"hardly", "often"} else "known"  # "the two Daves"
    return given.get(word)


@lru_cache(maxsize=65_536)
def word_class(word: str) -> Class | None:
    """Tell what a folded word mostly is; None when it is a name and nothing else, or in no list at all."""
    lists = names()
    if word in lists.words:
        return lists.words[word]
    if "-" in word and all(lists.words.get(part) == "hardly" for part in word.split("-")):
        return "hardly"
    if "-" in word and given_band(word):
        return None
    if given_band(word) is None and word not in lists.surnames:
        return "often" if is_dictionary_word(word) else None
    kinds = ("adj", "adv", "noun", "verb") if given_band(word) == "rare" else ("adj", "adv", "verb")
    return "often" if is_dictionary_word(word, kinds) else None
