"""A plain, slow matcher over the same definition as the engine: loops over tokens, one answer at a time."""

import itertools
import re

import regex

from sendthemes.language.model import load_pipeline
from sendthemes.language.types import load_types
from sendthemes.text import normalise

GLUE = {"-", "/", "'"}
SYMBOLS = "&%@#*"


class Token:
    def __init__(self, form, start, end, segment, sentence):
        self.form, self.start, self.end, self.segment, self.sentence = form, start, end, segment, sentence
        self.possessive = self.hyphened = False

    @property
    def folded(self):
        return self.form.casefold()


def tokens_of(text):
    """Words of a comparable text, from spaCy's tokens of the whole of it."""
    doc = load_pipeline().tokenizer(text)
    words, segment, sentence = [], 0, 0
    pieces = [(token.text, token.idx) for token in doc]
    for piece, start in pieces:
        end = start + len(piece)
        last_in_chunk = end == len(text) or text[end] in " \n"
        first_in_chunk = start == 0 or text[start - 1] in " \n"
        touching = bool(words) and words[-1].end == start
        if not piece.strip():
            breaks = piece.count("\n")
            segment, sentence = segment + breaks, sentence + breaks
            continue
        if piece.lower() == "'s" and touching and not first_in_chunk:
            words[-1].possessive, words[-1].end = True, end
        elif any(sign.isalnum() for sign in piece):
            dotted = re.fullmatch(r"[^\W\d_]{2,}\.", piece) is not None
            core = piece[:-1] if dotted else piece
            if touching and core.casefold() in {"n't", "nt"}:
                before = {"ca": "can", "wo": "will", "sha": "shall"}
                words[-1].form = before.get(words[-1].folded, words[-1].form)
                core_form = "n't" if core.casefold() == "nt" else core
                words.append(Token(core_form, start, start + len(core), segment, sentence))
            elif is_compound(core):
                for mark in re.finditer(r"[^\W_]+|[-/–]+|[^\w/–-]+", core):
                    if mark[0][0].isalnum():
                        words.append(
                            Token(mark[0], start + mark.start(), start + mark.end(), segment, sentence)
                        )
                        words[-1].hyphened = re.match(r"[-–][^\W_]", core[mark.end() :]) is not None
                    elif not set(mark[0]) <= {"-", "/", "–"}:
                        segment += 1
            else:
                words.append(Token(core, start, start + len(core), segment, sentence))
            segment += dotted
        elif piece in {"-", "–"} and touching and not last_in_chunk:
            words[-1].hyphened = True
        elif piece in GLUE:
            pass
        elif is_punctuation(piece):
            segment += 1
        else:
            words.append(Token(piece, start, end, segment, sentence))
        if last_in_chunk and piece[-1] in ".!?":
            segment, sentence = segment + 1, sentence + 1
    return words


def is_compound(piece):
    """Words tied by single hyphens and slashes or parted by stops, with any of them round about."""
    if re.match(r"\d{1,2}\.[^\W\d_]{3}", piece):
        piece = piece.replace(".", ";", 1)
    inner = re.sub(r"[;?!()|•]+", ";", piece.strip("-/–;?!()|•"))
    return piece.isalnum() is False and all(part.isalnum() for part in re.split("[-/–;]", inner))


def is_punctuation(piece):
    import unicodedata

    return all(unicodedata.category(sign).startswith("P") and sign not in SYMBOLS for sign in piece)


def pieces_of(text):
    """An entry's words as written: (text, possessive, hyphened)."""
    found = []
    for chunk in normalise(text).text.split():
        if "*" in chunk or "?" in chunk:
            marks = re.split("([-/–])", chunk)
            for at in range(0, len(marks), 2):
                if marks[at]:
                    mark = marks[at + 1] if at + 1 < len(marks) else ""
                    bare = marks[at][:-2] if marks[at].lower().endswith("'s") else marks[at]
                    found.append((bare, bare != marks[at], mark in {"-", "–"}))
            found[-1] = (*found[-1][:2], False)
        else:
            found += [(word.form, word.possessive, word.hyphened) for word in tokens_of(chunk)]
    return found


def fits(kind, piece, token):
    """Does one word of the text fit one word of the entry?"""
    text, possessive, _ = piece
    if possessive and not token.possessive:
        return False
    if text == "*":
        return True
    if "*" in text or "?" in text:
        expression = "".join({"*": r"\w*", "?": r"\w"}.get(sign, re.escape(sign)) for sign in text)
        return (
            re.fullmatch(
                expression if kind == "exact" else expression.casefold().replace(r"\W", r"\w"),
                token.form if kind == "exact" else token.folded,
            )
            is not None
        )
    if kind == "exact":
        return token.form == text
    if kind == "form":
        return token.folded == text.casefold()
    return covers(text.casefold(), token.folded)


def covers(word, form):
    types = load_types()
    return form == word or any(form == base or base in types.lemmas(form) for base in types.bases(word))


def spellings(pieces):
    """All ways to read an entry: each group tied by hyphens apart or closed."""
    groups, group = [], []
    for piece in pieces:
        group.append(piece)
        if not piece[2]:
            groups.append(group)
            group = []
    choices = []
    for group in groups:
        ways = [group]
        if len(group) > 1 and not any(set(piece[0]) == {"*"} for piece in group):
            ways.append([("".join(piece[0] for piece in group), group[-1][1], False)])
        choices.append(ways)
    return [list(itertools.chain(*choice)) for choice in itertools.product(*choices)]


def word_spans(kind, text, tokens):
    spans = set()
    for pieces in spellings(pieces_of(text)):
        for first in range(len(tokens)):
            spans |= {(first, after) for after in ends(kind, pieces, tokens, first)}
    return {(a, b) for a, b in spans if tokens[a].segment == tokens[b - 1].segment}


def ends(kind, pieces, tokens, at):
    """Where a reading from a word may end; hyphened words of the text may stand for a closed one."""
    if not pieces:
        return {at}
    if at >= len(tokens):
        return set()
    found = set()
    piece = pieces[0]
    if fits(kind, piece, tokens[at]):
        found |= ends(kind, pieces[1:], tokens, at + 1)
    if kind == "word" and "*" not in piece[0] and "?" not in piece[0]:
        last = at
        while last + 1 < len(tokens) and tokens[last].hyphened:
            last += 1
        begins_run = at == 0 or not tokens[at - 1].hyphened
        joined = "".join(token.folded for token in tokens[at : last + 1])
        stands_for = last > at and begins_run and covers(piece[0].casefold(), joined)
        if stands_for and (not piece[1] or tokens[last].possessive):
            found |= ends(kind, pieces[1:], tokens, last + 1)
    return found


def spans_of(entry, tokens, text):
    kind = entry.kind
    if kind in {"word", "form", "exact"}:
        return word_spans(kind, getattr(entry, kind), tokens)
    parts = [spans_of(part, tokens, text) for part in getattr(entry, kind)]
    if kind == "all":
        found = set()
        for sentence in {token.sentence for token in tokens}:
            here = [{span for span in part if tokens[span[0]].sentence == sentence} for part in parts]
            banned = any(
                tokens[span[0]].sentence == sentence
                for part in entry.none
                for span in spans_of(part, tokens, text)
            )
            if all(here) and not banned:
                every = set().union(*here)
                found.add((min(a for a, _ in every), max(b for _, b in every)))
        return found
    within = 5 if entry.within is None else entry.within
    orders = [parts] if kind == "sequence" else list(itertools.permutations(parts))
    found = set()
    for order in orders:
        for chosen in itertools.product(*order):
            gaps = [after[0] - before[1] for before, after in itertools.pairwise(chosen)]
            same = len({tokens[span[0]].sentence for span in chosen}) == 1
            if same and all(0 <= gap <= within for gap in gaps):
                found.add((chosen[0][0], chosen[-1][1]))
    return found


def hits_of(entry, text):
    """Characters (of the text as given) of every hit of one entry, before any overlap is resolved."""
    plain = normalise(text)
    if entry.kind == "regex":
        spans = {found.span() for found in regex.finditer(entry.regex, plain.text)}
        return {plain.span(a, b) for a, b in spans if b > a}
    tokens = tokens_of(plain.text)
    return {plain.span(tokens[a].start, tokens[b - 1].end) for a, b in spans_of(entry, tokens, plain.text)}


def code(theme, text):
    """The counted codings of one theme in one text: sorted (start, end, entry label)."""
    around = [span for entry in theme.exclusions for span in hits_of(entry, text)]
    hits = [
        (start, end, entry.label)
        for entry in theme.entries
        for start, end in hits_of(entry, text)
        if not any(a <= start and end <= b for a, b in around)
    ]
    kept = []
    for start, end, label in sorted(set(hits), key=lambda hit: (hit[0] - hit[1], hit[0], hit[2])):
        if all(end <= a or b <= start for a, b, _ in kept):
            kept.append((start, end, label))
    return sorted(kept)


def read_in_context(tokens, text):
    """Give each word its lemma and part of speech by the whole pipeline."""
    from sendthemes.coding.tagged import COMPONENTS

    (doc,) = load_pipeline(COMPONENTS).pipe([text])
    types = load_types()
    for word in tokens:
        (token,) = [token for token in doc if token.idx <= word.start < token.idx + len(token.text)]
        lemma = token.lemma_.casefold()
        possible = types.lemmas(word.folded)
        word.lemmas = {lemma} if lemma in possible else possible
        word.pos = token.pos_


def words_in_context(entry, text):
    """Characters of every hit of a one-word entry (kind word, no hyphen), lemmas in context."""
    plain = normalise(text)
    tokens = tokens_of(plain.text)
    read_in_context(tokens, plain.text)
    types = load_types()
    asked = {"noun": {"NOUN", "PROPN"}, "verb": {"VERB", "AUX"}, "adjective": {"ADJ"}, "adverb": {"ADV"}}
    folded = entry.word.casefold()
    bases = set(types.bases(folded))
    found = set()
    for token in tokens:
        fits_ = token.folded in bases | {folded} or bool(bases & set(token.lemmas))
        if entry.pos is not None:
            as_pos = types.may_be(token.folded, entry.pos, bases)
            fits_ = fits_ and token.pos in asked[entry.pos] and (token.folded in bases | {folded} or as_pos)
        if fits_:
            found.add(plain.span(token.start, token.end))
    return found


def pattern_hits(entry, text):
    """Characters of every hit of a token pattern, from spaCy's own matcher over the whole pipeline."""
    from spacy.matcher import Matcher

    from sendthemes.coding.tagged import COMPONENTS

    plain = normalise(text)
    nlp = load_pipeline(COMPONENTS)
    (doc,) = nlp.pipe([plain.text])
    for token in doc:
        token.lemma_ = token.lemma_.casefold()
    matcher = Matcher(nlp.vocab)
    matcher.add("pattern", [[dict(token) for token in entry.tokens]])
    return {plain.span(span.start_char, span.end_char) for span in matcher(doc, as_spans=True)}


def longest(hits):
    kept = []
    for start, end in sorted(hits, key=lambda hit: (hit[0] - hit[1], hit[0])):
        if all(end <= a or b <= start for a, b in kept):
            kept.append((start, end))
    return sorted(kept)
