"""What spaCy's tagger says of some tokens, read with only as much around them as it looks at.

The tagger's encoder has four layers, each of which joins a token to its two neighbours: a tag depends on four
tokens on either side and on nothing else, so a stretch of a text gives the tags that the whole text gives.
Part of speech, morphology and lemma follow from the tag and the spelling; they are worked out once for each
such pair, but next to the few words for which the pipeline has a rule on two tokens.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from itertools import compress, islice
from typing import TYPE_CHECKING, NamedTuple

from sendthemes.language.model import load_pipeline

if TYPE_CHECKING:
    from spacy.tokens import Doc, MorphAnalysis, Token

COMPONENTS = ("tok2vec", "tagger", "attribute_ruler", "lemmatizer")
SIGHT = 4  # tokens; depth times window of the encoder
PAIRED = frozenset({"ai", "gon", "got", "let", "c'm", "y", "y'"})  # "gon" + "na"; the first of the two
_BATCH = 512  # stretches
_CHUNK = re.compile(r"(?<![^ ])\S")  # where a chunk begins; the tokenizer never joins two
Places = tuple[int, int]  # the first token, and the one after the last
Around = tuple[int, int, int]  # a character of a text, and the tokens that matter before and after its own


class Stretch(NamedTuple):
    """Some tokens of a text.

    Attributes:
        text: The text's number.
        begin: Characters of the text before it.
        doc: The tokens; those of ``cores`` get tag, part of speech, morphology and folded lemma as in the
            whole text, the others stand there to be looked at.
        cores: Places in ``doc`` of what is asked for; they may overlap.
    """

    text: int
    begin: int
    doc: Doc
    cores: Sequence[Places]

    def read(self) -> Iterator[Token]:
        """Go through the tokens that were asked for."""
        for at in sorted({at for first, after in self.cores for at in range(first, after)}):
            yield self.doc[at]


class Reader:
    """Tags stretches of texts, and remembers what follows from a tag and a spelling."""

    def __init__(self) -> None:
        self._nlp = load_pipeline(COMPONENTS)
        self._known: dict[tuple[int, int], tuple[int, MorphAnalysis, str]] = {}

    def cut(self, text: str, around: Iterable[Around]) -> Iterator[tuple[int, Doc]]:
        """Cut into tokens what lies around some places, with all that the tagger sees from there.

        Gives characters before a part of the text, and its tokens; the parts do not overlap.
        """
        chunks = [found.start() for found in _CHUNK.finditer(text)]
        parts: list[Places] = []
        for place, before, after in sorted(around):
            own = bisect_right(chunks, place)
            low, high = own - 1 - before - SIGHT, own + after + SIGHT  # a chunk has a token at least
            begin = chunks[low] if low > 0 else 0
            end = chunks[high] if high < len(chunks) else len(text)
            if parts and begin < parts[-1][1]:
                begin, end = min(begin, parts[-1][0]), max(end, parts[-1][1])
                parts.pop()
            parts.append((begin, end))
        for begin, end in parts:
            yield begin, self._nlp.tokenizer(text[begin:end])

    def read(self, asked: Iterable[Stretch]) -> Iterator[Stretch]:
        """Tag what is asked for."""
        stretches = iter(asked)
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
