"""What spaCy's tagger says of some tokens, read with only as much around them as it looks at.

The tagger's encoder has four layers, each of which joins a token to its two neighbours: a tag depends on four
tokens on either side and on nothing else, so a stretch of a text gives the tags that the whole text gives.
Part of speech, morphology and lemma follow from the tag and the spelling; they are worked out once for each
such pair, but next to the few words for which the pipeline has a rule on two tokens.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import compress, islice
from typing import TYPE_CHECKING, NamedTuple

from sendthemes.language.model import load_pipeline

if TYPE_CHECKING:
    from spacy.tokens import Doc, MorphAnalysis, Token

COMPONENTS = ("tok2vec", "tagger", "attribute_ruler", "lemmatizer")
SIGHT = 4  # tokens; depth times window of the encoder
PAIRED = frozenset({"ai", "gon", "got", "let", "c'm", "y", "y'"})  # "gon" + "na"; the first of the two
_BATCH = 512  # stretches
Places = tuple[int, int]  # the first token, and the one after the last


class Stretch(NamedTuple):
    """Some tokens of a text.

    Attributes:
        text: The text's number.
        begin: Characters of the text before it.
        doc: The tokens; those of ``cores`` have tag, part of speech, morphology and folded lemma as in the
            whole text, the others stand there to be looked at.
        cores: Places in ``doc`` of what was asked for; those that touch are one.
    """

    text: int
    begin: int
    doc: Doc
    cores: list[Places]

    def read(self) -> Iterator[Token]:
        """Go through the tokens that were asked for."""
        for first, after in self.cores:
            yield from self.doc[first:after]


class Reader:
    """Tags stretches of texts, and remembers what follows from a tag and a spelling."""

    def __init__(self) -> None:
        self._nlp = load_pipeline(COMPONENTS)
        self._known: dict[tuple[int, int], tuple[int, MorphAnalysis, str]] = {}

    def cut(self, text: str) -> Doc:
        """Cut a text into tokens."""
        return self._nlp.tokenizer(text)

    def read(self, asked: Iterable[tuple[int, Doc, Iterable[Places]]]) -> Iterator[Stretch]:
        """Tag what is asked for: of each text (number, tokens) the places that matter."""
        stretches = _stretches(asked)
        while batch := list(islice(stretches, _BATCH)):
            docs = self._nlp.pipe((each.doc for each in batch), batch_size=_BATCH, disable=COMPONENTS[2:])
            tagged = [each._replace(doc=doc) for each, doc in zip(batch, docs, strict=True)]
            paired = [not PAIRED.isdisjoint(token.lower_ for token in each.doc) for each in tagged]
            plain = [
                token for each, pair in zip(tagged, paired, strict=True) if not pair for token in each.read()
            ]
            self._learn({(token.tag, token.orth) for token in plain})
            for token in plain:
                token.pos, token.morph, token.lemma_ = self._known[token.tag, token.orth]
            for each in compress(tagged, paired):
                self._rule(each.doc)
                for token in each.read():
                    token.lemma_ = token.lemma_.casefold()
            yield from tagged

    def _rule(self, doc: Doc) -> Doc:
        for name in COMPONENTS[2:]:
            doc = self._nlp.get_pipe(name)(doc)
        return doc

    def _learn(self, pairs: set[tuple[int, int]]) -> None:
        """Work out what follows from pairs of a tag and a spelling."""
        from spacy.tokens import Doc

        new = sorted(pairs - self._known.keys())
        strings = self._nlp.vocab.strings
        doc = Doc(self._nlp.vocab, words=[strings[spelling] for _, spelling in new])
        for token, (tag, _) in zip(doc, new, strict=True):
            token.tag = tag
        for token, pair in zip(self._rule(doc), new, strict=True):
            self._known[pair] = (token.pos, token.morph, token.lemma_.casefold())


def _stretches(asked: Iterable[tuple[int, Doc, Iterable[Places]]]) -> Iterator[Stretch]:
    """Cut out what is asked for, with what the tagger sees around it."""
    for text, doc, places in asked:
        cores: list[Places] = []
        for first, after in sorted(places):
            if cores and first <= cores[-1][1]:
                cores[-1] = (cores[-1][0], max(after, cores[-1][1]))
            else:
                cores.append((first, after))
        together: list[list[Places]] = []
        for core in cores:
            if together and core[0] - together[-1][-1][1] <= 2 * SIGHT:
                together[-1].append(core)
            else:
                together.append([core])
        for group in together:
            first, after = max(0, group[0][0] - SIGHT), min(len(doc), group[-1][1] + SIGHT)
            cut = doc if (first, after) == (0, len(doc)) else _part(doc, first, after)
            yield Stretch(text, doc[first].idx, cut, [(low - first, high - first) for low, high in group])


def _part(doc: Doc, first: int, after: int) -> Doc:
    """Copy some tokens, with the norms that the tokenizer's rules gave them."""
    from spacy.tokens import Doc

    tokens = list(doc[first:after])
    words, spaces = [token.text for token in tokens], [bool(token.whitespace_) for token in tokens]
    part = Doc(doc.vocab, words=words, spaces=spaces)
    for token, whole in zip(part, tokens, strict=True):
        if token.norm != whole.norm:
            token.norm_ = whole.norm_
    return part
