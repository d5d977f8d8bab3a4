"""The engine finds what the plain reference finds, on random codebooks and texts."""

from hypothesis import example, given, settings
from hypothesis import strategies as st
from tests.coding.reference import code

from sendthemes.codebook.model import Codebook, Entry
from sendthemes.coding.code import code_answers
from sendthemes.coding.compile import compile_entry
from sendthemes.survey.answers import Answers, Question

WORDS = [
    "train", "training", "trained", "trainings", "meet", "met", "meeting", "leaves", "leaf", "leave",
    "fund", "funding", "FUNDING", "funds", "budgets", "budget", "budgeted", "carer", "carers", "car",
    "cars", "co", "production", "co-production", "coproduction", "co–produced", "well-being",
    "wellbeing", "parent's", "parents'", "parents/carers", "children's", "don't", "dont", "can't",
    "cannot", "not", "no", "post-16", "post", "16", "SENCOs", "senco", "EHCPs", "the", "of", "a", "as",
    "and/or", "n/a", "etc.", "e.g.", "it's", "U.S.", "state-of-the-art", "x-y-z", "&", "-", "/", "–",
    "--", "'", "...", "(", ")", "🙂", "£5", "12/03/2026", "http://x.org/train", "fund­ing", "ｔｒａｉｎ",
    "tr\u200bain", "fundіng", "café", "ﬁnd", "ﬁle", "…", "œuvre", "ß", "İ", "o'brien", "rock'n'roll",
    "train…leaf", "train.Leaf", ":)",
]  # fmt: skip
ENTRY_WORDS = [
    "train", "training", "meeting", "meet", "leaf", "leave", "fund", "budgets", "carer", "car",
    "co-production", "coproduction", "wellbeing", "well-being", "parent", "parents/carers",
    "children's", "don't", "can", "not", "post-16", "post 16", "senco", "ehcp", "the", "a", "n/a",
    "state-of-the-art", "& carers", "fund*", "*ing", "?rain", "co-*", "under-train*", "train * leaf",
    "of *", "x-y", "it", "parent's", "etc.", "(car)", "£5", "brien", "file",
]  # fmt: skip
SEPARATORS = [
    " ",
    " ",
    " ",
    "  ",
    ", ",
    ". ",
    "! ",
    "\n",
    "\r\n",
    "-",
    "/",
    "; ",
    "\u00a0",
    "\u2009",
    ".",
    "'",
]


# Few words, so that several parts of an entry meet in one text.
FEW = ["train", "training", "fund", "funds", "the", "co-production", "coproduction", "parent's", "not"]
FEW_ENTRIES = ["train", "fund", "the", "co-production", "parent's", "not"]


@st.composite
def texts(draw, among=WORDS):
    words = draw(st.lists(st.sampled_from(among), min_size=0, max_size=9))
    marks = [draw(st.sampled_from(SEPARATORS)) for _ in words]
    return "".join(word + mark for word, mark in zip(words, marks, strict=True))


def simple_of(among):
    words = st.sampled_from(among)
    phrases = st.lists(words, min_size=1, max_size=3).map(" ".join)
    return st.one_of(
        words.map(lambda text: {"word": text}),
        phrases.map(lambda text: {"word": text}),
        phrases.map(lambda text: {"form": text}),
        phrases.map(lambda text: {"exact": text}),
        words.map(lambda text: {"exact": text.upper()}),
    )


def joined_of(parts):
    listed = st.lists(parts, min_size=2, max_size=3)
    return st.one_of(
        st.builds(lambda listed, within: {"near": listed, "within": within}, listed, st.integers(0, 4)),
        st.builds(lambda listed, within: {"sequence": listed, "within": within}, listed, st.integers(0, 4)),
        st.builds(lambda listed, none: {"all": listed, "none": none}, listed, st.lists(parts, max_size=1)),
    )


EXPRESSIONS = st.sampled_from([{"regex": r"(?i)train\w*"}, {"regex": "fund|o"}])
simple = simple_of(ENTRY_WORDS)
entries = st.one_of(simple, joined_of(simple), EXPRESSIONS)


def survey(texts):
    ids = [f"a{at}" for at in range(len(texts))]
    people = tuple(f"r{at}" for at in range(len(texts)))
    return Answers(people, (Question("q1", "", "open"),), ids, range(len(texts)), [0] * len(texts), texts)


def book(*entries, **theme):
    return Codebook.model_validate(
        {"codebook": "book", "themes": [{"theme": "t", "entries": entries, **theme}]}
    )


def found(coded, count):
    rows = [[] for _ in range(count)]
    for answer, start, end, entry in zip(*(coded.columns[at].tolist() for at in (0, 3, 4, 2)), strict=True):
        rows[answer].append((start, end, coded.entry_labels[entry]))
    return rows


def usable(entry):
    """Whether the codebook and the engine take an entry; what they refuse has tests of its own."""
    try:
        compile_entry(Entry.model_validate(entry))
    except ValueError:
        return False
    return True


@settings(max_examples=200, deadline=None)
@given(
    st.lists(texts(), min_size=1, max_size=4),
    st.lists(entries, min_size=1, max_size=4),
    st.lists(simple, max_size=1),
)
@example(["co-production and well being", "co production"], [{"word": "coproduction"}], [])
def test_the_engine_equals_the_plain_reference(answers, listed, exclusions) -> None:
    codebook = book(*filter(usable, listed), exclusions=list(filter(usable, exclusions)))
    coded = code_answers(survey(answers), codebook)
    assert found(coded, len(answers)) == [code(codebook.themes[0], text) for text in answers]


@settings(max_examples=200, deadline=None)
@given(
    st.lists(texts(FEW), min_size=1, max_size=4),
    st.lists(joined_of(st.one_of(simple_of(FEW_ENTRIES), EXPRESSIONS)), min_size=1, max_size=2),
)
def test_parts_that_meet_often_are_joined_as_in_the_plain_reference(answers, listed) -> None:
    codebook = book(*filter(usable, listed))
    coded = code_answers(survey(answers), codebook)
    assert found(coded, len(answers)) == [code(codebook.themes[0], text) for text in answers]


@settings(max_examples=50, deadline=None)
@given(st.lists(texts(), min_size=1, max_size=4), st.lists(simple, min_size=2, max_size=5), st.randoms())
def test_the_order_of_entries_and_answers_never_matters(answers, listed, random) -> None:
    listed = list(filter(usable, listed))
    coded = code_answers(survey(answers), book(*listed))
    order = list(range(len(answers)))
    random.shuffle(order)
    shuffled = random.sample(listed, len(listed))
    again = code_answers(survey([answers[at] for at in order]), book(*shuffled))
    here, there = found(coded, len(answers)), found(again, len(answers))
    assert [here[at] for at in order] == there


@settings(max_examples=100, deadline=None)
@given(st.lists(st.text(max_size=30), min_size=1, max_size=5))
def test_any_text_can_be_coded_and_matched_is_the_text_between_the_offsets(answers) -> None:
    coded = code_answers(survey(answers), book("*a*", "*e", {"regex": r"\w+"}, "e *"))
    for coding in coded:
        text = answers[int(coding.answer_id[1:])]
        assert coding.matched == text[coding.start : coding.end] != ""
