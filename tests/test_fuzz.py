"""Any codebook and any answers make a report: a few here, 10,000 by `make fuzz`."""

import os
import string
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import HealthCheck, Phase, assume, given, settings
from hypothesis import strategies as st
from tests.coding.test_match import entries, texts

from sendthemes.codebook.load import load_codebook
from sendthemes.coding.code import code_answers
from sendthemes.errors import CodebookError
from sendthemes.report.definition import StudyDefinition
from sendthemes.report.report import FORMATS
from sendthemes.report.run import Study
from sendthemes.survey.answers import Answers, Question

EXAMPLES = int(os.environ.get("SENDTHEMES_FUZZ", "20"))
QUESTIONS = (
    Question("q1", "What would help, and who?", "open"),
    Question("q2", "Anything else about funding?", "open"),
    Question("rating", "How is it?", "single", ("Poor", "Fair", "Good")),
)
PIECES = [
    "Sarah Bowlby", "Mrs Thompson", "Leeds City Council", "LCC", "St Mary's Primary School", "Kent",
    "Will", "jo@school.example", "07700 900123", "SW1A 1AA", "https://x.example/a?b=c",
    "<script>alert(1)</script>", "&amp;", "=1+1", "@SUM(A1)", "{{ title }}", "{% raw %}", "[LA A]", "…",
    "N/A", "none", "SENCO", "EHCP", "no funding", "\n\n", "| a | b |", "# head", "**bold**", "\t",
    "\x00", "\x0b", "\u202e", "\u2028", "\U0001f469\U0001f3fd\u200d\U0001f3eb", "e\u0301", "12/03/2011",
]  # fmt: skip
written = st.text(max_size=40)
answers = st.one_of(
    texts(),
    st.lists(st.one_of(st.sampled_from(PIECES), texts(), written), max_size=6).map(" ".join),
    st.text(),
)
names = st.text(string.ascii_lowercase + string.digits + "-_", min_size=1, max_size=8)
tokens = st.sampled_from(
    [
        [{"LEMMA": "fund"}, {"POS": "NOUN"}],
        [{"LOWER": "train"}],
        [{"IS_PUNCT": True, "OP": "?"}, {"POS": "VERB"}],
    ]
)
words = st.sampled_from(["train", "fund", "meeting", "leave", "carer"])
listed = st.one_of(
    entries,
    st.text("abcdeginrstu'-*? ", min_size=2, max_size=12),
    tokens.map(lambda pattern: {"tokens": pattern}),
    st.builds(
        lambda word, pos, negated, fuzzy: {"word": word, "pos": pos, "negated": negated, "fuzzy": fuzzy},
        words,
        st.sampled_from([None, "noun", "verb"]),
        st.sampled_from([None, "drop", "separate"]),
        st.booleans(),
    ),
    words.map(lambda word: {"word": word, "questions": ["q2"], "note": "why"}),
)


def themes(depth):
    below = themes(depth - 1) if depth else st.just([])
    return st.lists(
        st.fixed_dictionaries(
            {"theme": names, "entries": st.lists(listed, max_size=4)},
            optional={
                "label": written,
                "definition": written,
                "exclusions": st.lists(entries, max_size=2),
                "negated": st.sampled_from(["count", "drop", "separate"]),
                "themes": below,
            },
        ),
        max_size=3,
        unique_by=lambda theme: theme["theme"],
    )


levels = st.builds(
    lambda choose, rules: {
        "classification": "c", "question": "q1", "levels": ["low", "high"], "choose": choose,
        "rules": [{"level": level, "entries": [entry]} for level, entry in rules],
    },
    st.sampled_from(["first", "highest"]),
    st.lists(st.tuples(st.sampled_from(["low", "high"]), entries), min_size=1, max_size=3),
)  # fmt: skip
codebooks = st.fixed_dictionaries(
    {"codebook": names, "themes": themes(1)},
    optional={
        "about": written,
        "prompt_echo": st.sampled_from(["count", "flag", "drop"]),
        "classifications": st.lists(levels, max_size=1),
    },
)


@settings(max_examples=EXAMPLES, phases=[Phase.generate], suppress_health_check=list(HealthCheck))
@given(
    codebooks,
    st.lists(st.tuples(answers, st.sampled_from(["q1", "q2"])), min_size=1, max_size=4),
    st.sampled_from(["internal", "publish"]),
    st.sampled_from(["possible", "possible", "in_context"]),
    st.sampled_from([*FORMATS, ".html", ".html", ".md", ".json"]),
)
def test_any_codebook_and_any_answers_make_a_report(codebook, given_answers, mode, lemmas, suffix):
    count = len(given_answers)
    survey = Answers(
        tuple(f"r{at}" for at in range(count)),
        QUESTIONS,
        [f"a{at}" for at in range(count)],
        range(count),
        [int(question == "q2") for _, question in given_answers],
        [text for text, _ in given_answers],
        values={"rating": tuple((None, "Poor", "Good")[at % 3] for at in range(count))},
        identifiers={"la": tuple((("Leeds", "Kent")[at % 2],) for at in range(count))},
    )
    try:
        book = load_codebook(codebook)
        coded = code_answers(survey, book, lemmas=lemmas)
    except CodebookError:  # refused with a message: made anew until enough are taken
        assume(False)
    study = StudyDefinition.model_validate(
        {
            "study": "s",
            "title": "T",
            "data": {"file": "a.csv"},
            "codebook": "b",
            "lemmas": lemmas,
            "themes": {"by": ["rating"]},
        }
    )
    report = Study(study, survey, book, Path()).run(mode)
    with TemporaryDirectory() as folder:
        assert report.save(Path(folder) / f"report{suffix}").stat().st_size
    assert list(report.coded) == list(coded)
