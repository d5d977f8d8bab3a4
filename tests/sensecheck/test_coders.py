"""Coders side by side."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

import sendthemes as st
from sendthemes.sensecheck import agreement as plain
from sendthemes.sensecheck.coders import _vectorised, disagreements
from sendthemes.sensecheck.decisions import Decision
from sendthemes.sensecheck.judgements import NO, UNSAID, YES, of_people


def person(*rows, coder="AB"):
    return tuple(Decision(answer, theme, verdict, coder) for answer, theme, verdict in rows)


READ = person(
    ("a:q1", "", "reviewed"),
    ("a:q1", "funding", "add"),
    ("a:q2", "", "reviewed"),
    ("b:q1", "", "reviewed"),
    ("b:q1", "staff", "confirm"),
)


def said(coded, decisions):
    judged = of_people(decisions, coded.answers, coded.codebook.theme_ids)
    return dict(zip(coded.answers.answer_ids, judged.tolist(), strict=True))


def test_what_is_no_decision_is_refused_by_name(coded):
    for wrong, found in (([{"answer_id": "a:q1", "theme": "funding"}], "dict"), (5, "int")):
        for take in (st.agreement, st.entry_precision, st.apply_decisions):
            with pytest.raises(st.AnswersError, match=f"Expected decisions; found {found}"):
                take(coded, wrong)


def test_a_reviewed_answer_is_judged_for_every_theme(coded):
    assert said(coded, READ) == {
        "a:q1": [YES, NO],
        "a:q2": [NO, NO],
        "b:q1": [NO, YES],
        **{answer: [UNSAID, UNSAID] for answer in ("b:q2", "c:q1", "c:q2", "d:q1")},
    }


def test_an_answer_not_reviewed_is_judged_only_where_decided(coded):
    assert said(coded, person(("a:q1", "funding", "drop")))["a:q1"] == [NO, UNSAID]


def test_rules_and_coder_agree_where_they_say_the_same(coded):
    row = st.agreement(coded, READ, draws=50).to_dicts()[0]
    assert (row["theme"], row["units"], row["percent_agreement"], row["kappa"]) == ("funding", 3, 100.0, 1.0)


def test_a_difference_is_listed_with_the_words(coded, redactor):
    table = disagreements(coded, READ, answers=coded.answers, redactor=redactor)
    assert table.rows == (("a:q2", "a", "q2", "staff", True, False, "Staff leave, says [Name]."),)


def test_undefined_figures_are_empty_with_the_reason(coded):
    only = person(("d:q1", "", "reviewed"))
    table = st.agreement(coded, only, draws=10)
    assert table.column("kappa") == (None, None, None)
    assert "undefined, as the coders saw the theme in no answer" in " ".join(table.notes)


def test_no_common_answer_says_so(coded):
    table = st.agreement(coded, (), draws=10)
    assert table.column("units") == (0, 0, 0)
    assert "Funding: no answer was judged by two coders." in table.notes


def test_a_rare_theme_warns_about_kappa(coded):
    texts = [{"id": str(at), "q1": "budget" if at == 0 else "rain"} for at in range(40)]
    rules = st.code_answers(st.read_answers(texts, respondent="id", questions=["q1"]), coded.codebook)
    reader = person(*((f"{at}:q1", "", "reviewed") for at in range(40)), ("1:q1", "funding", "add"))
    notes = " ".join(st.agreement(rules, reader, draws=20).notes)
    assert "pulls kappa down" in notes


def test_intervals_hold_the_estimate_and_repeat(coded):
    first, again = (st.agreement(coded, READ, draws=200, seed=3) for _ in range(2))
    assert first == again
    last = first.to_dicts()[-1]
    assert last["ac1_low"] <= last["ac1"] <= last["ac1_high"]


def test_three_coders_give_fleiss(coded):
    table = st.agreement(coded, READ, person(("a:q1", "", "reviewed"), coder="CD"), draws=10)
    assert table.notes[0].startswith("Kappa is Fleiss'")


def test_one_coder_is_not_enough(coded):
    with pytest.raises(st.AnswersError, match="two coders or more"):
        st.agreement(coded)


def test_decisions_of_several_coders_must_be_given_apart(coded):
    both = READ + person(("a:q1", "", "reviewed"), coder="CD")
    with pytest.raises(st.AnswersError, match="AB, CD"):
        st.agreement(coded, both)


def test_decisions_alone_need_the_survey(coded):
    with pytest.raises(st.AnswersError, match="Give answers="):
        st.agreement(READ, READ)
    assert st.agreement(READ, READ, answers=coded.answers, draws=10).column("units")[-1] == 6


codings = some.sampled_from([YES, NO, UNSAID])


@settings(max_examples=100)
@given(some.one_of(*(some.lists(some.tuples(*[codings] * n), min_size=1, max_size=30) for n in (2, 3, 4))))
def test_the_fast_bootstrap_formulas_equal_the_plain_ones(units):
    units = [unit for unit in units if sum(value != UNSAID for value in unit) > 1]
    if not units:
        return
    kinds = sorted(set(units))
    drawn = np.array([[units.count(kind) for kind in kinds]], dtype=float)
    kappa, ac1 = (values[0] for values in _vectorised(np.array(kinds), drawn))
    units = [[None if value == UNSAID else bool(value) for value in unit] for unit in units]
    exact = plain.cohen_kappa(units) if len(units[0]) == 2 else plain.fleiss_kappa(units)
    assert np.isnan(kappa) if exact is None else kappa == pytest.approx(exact)
    assert ac1 == pytest.approx(plain.gwet_ac1(units, categories=[True, False]))


def test_agreement_on_few_answers_says_that_it_means_little(coded):
    assert (
        "Only 3 answers judged: these figures mean little under 30."
        in st.agreement(coded, READ, draws=50).notes
    )
