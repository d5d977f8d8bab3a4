from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.analysis.making import make_answers, make_coded

from sendthemes.analysis.excerpts import choose_excerpts, excerpts, shortened
from sendthemes.errors import AnswersError, CodebookError
from sendthemes.redaction.spans import Redacted, Span

TEXTS = [
    "Our funding was cut and schools cannot plan for the year ahead with it.",
    "Our funding was cut, and schools cannot plan for the year ahead with it!",
    "The funding we get does not follow the child from one school to another.",
    "Headteachers tell us that training for teaching assistants is what they want most.",
    "n/a",
    "Schools say that funding comes late, so that they cannot plan for support.",
]


class Hide:
    """Hide one name wherever it stands; remember what was given."""

    def __init__(self, name="Ann"):
        self.name, self.seen = name, []

    def redact_all(self, texts, respondents=None):
        self.seen += list(zip(texts, respondents, strict=True))
        return [self._one(text) for text in texts]

    def _one(self, text):
        spans, at = [], text.find(self.name)
        while at >= 0:
            spans.append(Span(at, at + len(self.name), "name", "made", "known", replacement="[Name]"))
            at = text.find(self.name, at + 1)
        return Redacted(text.replace(self.name, "[Name]"), tuple(spans))


def coded(texts=TEXTS, **more):
    return make_coded(make_answers(texts, **more))


def ids(table):
    return table.column("answer_id")


def test_only_answers_that_mention_the_theme_are_shown():
    table = excerpts(coded(), theme="training", redactor=None)
    assert table.rows == (("a4", "r4", "q1", TEXTS[3]),)


def test_near_duplicates_are_passed_over():
    assert len({"a1", "a2"} & set(ids(excerpts(coded(), theme="funding", redactor=None)))) == 1


def test_what_says_nothing_is_never_quoted():
    assert "a5" not in ids(excerpts(coded(), redactor=None))


def test_the_limit_holds():
    assert len(excerpts(coded(), theme="funding", redactor=None, limit=2)) == 2


def test_a_respondent_who_refused_is_counted_but_not_quoted():
    table = excerpts(coded(quotable=(True, True, True, False, True, True)), theme="training", redactor=None)
    assert len(table) == 0


def test_banned_answers_stay_out_and_pinned_ones_come_first():
    table = excerpts(coded(), theme="funding", redactor=None, pinned=["a6"], banned=["a1", "a2"])
    assert ids(table) == ("a6", "a3")


def test_a_pinned_answer_out_of_scope_does_not_come_in():
    assert "a4" not in ids(excerpts(coded(), theme="funding", redactor=None, pinned=["a4"]))


def test_what_is_unknown_is_refused():
    with pytest.raises(AnswersError, match="Did you mean 'a6'"):
        excerpts(coded(), theme="funding", redactor=None, pinned=["aa6"])
    with pytest.raises(CodebookError, match="Did you mean 'funding'"):
        excerpts(coded(), theme="fundings", redactor=None)
    with pytest.raises(AnswersError, match="at least 20"):
        excerpts(coded(), redactor=None, width=5)


def test_the_redactor_must_be_named():
    with pytest.raises(TypeError, match="redactor"):
        excerpts(coded(), theme="funding")


def test_too_few_respondents_to_choose_from_withholds_everything():
    table = excerpts(coded(), theme="training", redactor=None, minimum=2)
    assert len(table) == 0
    assert table.notes == ("Withheld: fewer than 2 respondents could be quoted here.",)


def test_the_whole_data_set_is_redacted_together_with_its_respondents():
    hide = Hide()
    excerpts(coded(), theme="training", redactor=hide)
    assert [respondent for _, respondent in hide.seen] == ["r1", "r2", "r3", "r4", "r5", "r6"]


def test_redaction_comes_before_shortening():
    text = "funding " + "word " * 5 + "Annabella " + "word " * 20
    for width in range(20, 60):
        shown = excerpts(coded([text]), theme="funding", redactor=Hide("Annabella"), width=width).rows[0][3]
        assert "Anna" not in shown
        assert len(shown) <= width


def test_choices_spread_over_las():
    texts = [TEXTS[0], TEXTS[2], TEXTS[5], "Nobody here can tell us what funding is meant to be used for."]
    answers = make_answers(texts, identifiers={"la": (("x",), ("x",), ("x",), ("y",))})
    assert "r4" in excerpts(make_coded(answers), theme="funding", redactor=None, limit=2).column("respondent")


def test_one_contrary_voice_takes_the_last_place():
    made = coded()
    negated = np.array(made.columns.answer == 5)
    made = replace(made, columns=SimpleNamespace(**{**vars(made.columns), "negated": negated}))
    assert ids(excerpts(made, theme="funding", redactor=None, limit=2))[-1] == "a6"


@given(st.permutations(range(len(TEXTS))))
def test_the_order_of_answers_does_not_change_the_choice(order):
    answers = make_answers([TEXTS[at] for at in order])
    answers = replace(answers, answer_ids=tuple(f"a{at}" for at in order))
    made = make_coded(answers)
    chosen = [answers.answer_ids[at] for at in choose_excerpts(made, theme="funding")]
    plain = replace(make_answers(TEXTS), answer_ids=tuple(f"a{at}" for at in range(len(TEXTS))))
    assert chosen == [plain.answer_ids[at] for at in choose_excerpts(make_coded(plain), theme="funding")]


words = st.lists(st.sampled_from(["a", "funding", "[Local authority 3]", "end.", "wor-ld,"]), max_size=30)


@given(words, st.integers(24, 60), st.integers(0, 100))
def test_a_shortened_text_fits_and_ends_at_a_word(tokens, width, around):
    text = " ".join(tokens)
    shown = shortened(Redacted(text), width, around=min(around, len(text)))
    assert len(shown) <= width
    assert shown.count("[") == shown.count("]")
    assert shown.strip("…") in text
    if shown != text:
        assert "…" in shown


def test_the_words_found_stay_in_view():
    text = "Nothing of note happened here. " * 20 + "Then our funding was cut. " + "More words follow. " * 20
    shown = shortened(Redacted(text), 80, around=text.index("funding"))
    assert shown.startswith("…Then our funding was cut.")
    assert shown.endswith("…")


def test_the_place_moves_with_what_was_replaced_before_it():
    names = "Annabella Featherstonehaugh " * 15
    text = names + "and then funding was cut for us all in the autumn of that year"
    spans = tuple(
        Span(at, at + 27, "name", "made", "known", replacement="[Name]") for at in range(0, len(names), 28)
    )
    redacted = Redacted(text.replace("Annabella Featherstonehaugh", "[Name]"), spans)
    assert "funding" in shortened(redacted, 60, around=text.index("funding"))


def test_a_short_text_stays_whole_on_one_line():
    assert shortened(Redacted("one\n\ntwo   three"), 50) == "one two three"


def test_nobody_said_anything():
    assert len(excerpts(coded(["", "n/a"]), redactor=None, minimum=0)) == 0


def test_a_theme_that_nobody_mentions_says_so():
    assert excerpts(coded(["Time", "Pay"]), theme="funding", redactor=None).notes == (
        "Nobody can be quoted here.",
    )
