"""Rules: judged on true counts, told with the figures that are shown."""

import pytest
from pydantic import ValidationError

from sendthemes.report.definition import Condition, Finding, Measure, RagDomain
from sendthemes.report.rules import Figures, chosen, colour_of, every, judge, said
from sendthemes.table import Table

THEMES = Table(
    ("theme", "label", "respondents", "base", "percent"),
    (("funding", "Funding pressure", 7, 8, 87.5), ("peer", "Peer support", 0, 8, 0.0)),
)
BY_QUESTION = Table(
    ("question", "theme", "label", "respondents", "base", "percent"),
    (("q7", "funding", "Funding pressure", 2, 4, 50.0), ("q9", "funding", "Funding pressure", 0, 0, None)),
)
VISION = Table(
    ("response", "respondents", "base", "percent"),
    (("Very clear", 5, 8, 62.5), ("Somewhat clear", 2, 8, 25.0), ("Not clear", 1, 8, 12.5)),
)
TABLES = {"themes": THEMES, "themes_by_question": BY_QUESTION, "responses_vision": VISION}
FIGURES = Figures(TABLES, {"vision": "Vision", "q7": "Challenges", "q9": "Other"}, {"A": "Red", "B": "Amber"})
HIDDEN = Table(VISION.columns, (("Very clear", "[c]", 8, "[c]"), *VISION.rows[1:]))
HIDES = Figures(TABLES | {"responses_vision": HIDDEN}, {"vision": "Vision"}, {"A": "Red", "B": "Not rated"})


def condition(**words):
    return Condition.model_validate(words)


VERY = {"question": "vision", "level": "Very clear", "at_least": 50}
VERY_CLEAR = condition(**VERY)


@pytest.mark.parametrize(
    ("words", "holds"),
    [
        ({"theme": "funding", "at_least": 87.5}, True),
        ({"theme": "funding", "above": 87.5}, False),
        ({"theme": "funding", "at_most": 87.5}, True),
        ({"theme": "funding", "below": 87.5}, False),
        ({"theme": "funding", "at_least": 50, "below": 80}, False),
        ({"theme": "peer", "at_most": 0}, True),
        ({"theme": "funding", "question": "q7", "at_least": 50}, True),
        ({"question": "vision", "level": "Very clear", "at_least": 62.5}, True),
        ({"question": "vision", "levels": ["Very clear", "Somewhat clear"], "at_least": 87.5}, True),
        ({"rag": ["Red", "Amber/Red"], "at_most": 1}, True),
        ({"rag": ["Red"], "at_least": 2}, False),
    ],
)
def test_a_limit_is_read_as_written(words, holds):
    assert judge(condition(**words), FIGURES).holds is holds


def test_a_percent_of_nobody_meets_no_limit():
    verdict = judge(condition(theme="funding", question="q9", at_most=100), FIGURES)
    assert not verdict.holds
    assert "nobody answered" in verdict.lines[0]


def test_conditions_join_with_all_and_any():
    parts = [{"theme": "funding", "at_least": 80}, {"theme": "peer", "at_least": 80}]
    assert not judge(condition(all=parts), FIGURES).holds
    assert judge(condition(any=parts), FIGURES).holds
    assert len(judge(condition(all=parts), FIGURES).lines) == 2


def test_the_figures_are_printed_with_count_base_and_percent():
    line = judge(condition(question="vision", level="Very clear", at_least=50), FIGURES).lines[0]
    assert line == "Vision: Very clear: 5 of 8 (62.5%); the rule asks for at least 50%"


def test_a_hidden_count_stays_hidden_in_the_words_of_a_rule():
    verdict = judge(VERY_CLEAR, HIDES)
    assert verdict.holds is None
    assert "5" not in verdict.lines[0].replace("50%", "")


@pytest.mark.parametrize(
    ("words", "holds"),
    [
        ({"question": "vision", "levels": ["Very clear", "Not clear"], "at_least": 1}, None),
        ({"question": "vision", "level": "No such level is shown", "at_least": 1}, None),
        ({"question": "vision", "level": "Not clear", "at_most": 20}, True),
        ({"all": [VERY, {"theme": "peer", "at_least": 1}]}, False),
        ({"all": [VERY, {"theme": "funding", "at_least": 1}]}, None),
        ({"any": [VERY, {"theme": "funding", "at_least": 1}]}, True),
        ({"any": [VERY, {"theme": "peer", "at_least": 1}]}, None),
        ({"rag": ["Red"], "at_least": 1}, True),
        ({"rag": ["Red"], "at_least": 2}, None),
        ({"rag": ["Red"], "at_most": 2}, True),
        ({"rag": ["Red"], "at_least": 3}, False),
    ],
)
def test_what_rests_on_a_hidden_number_is_not_told_unless_the_rest_settles_it(words, holds):
    assert judge(condition(**words), HIDES).holds is holds


def test_a_domain_whose_first_open_rule_is_hidden_is_not_rated():
    rules = [
        {"colour": "Green", "when": VERY},
        {"colour": "Red", "when": {"theme": "funding", "at_least": 1}},
    ]
    domain = RagDomain.model_validate({"domain": "Vision", "rules": rules})
    colour, lines = colour_of(domain, HIDES)
    assert colour == "Not rated"
    assert lines[-1].endswith("hidden, so no colour is published")
    assert colour_of(RagDomain.model_validate({"domain": "V", "rules": rules[::-1]}), HIDES)[0] == "Red"


def test_no_finding_is_told_beyond_one_that_rests_on_a_hidden_number():
    findings = [
        Finding(when=VERY_CLEAR, say="clear"),
        Finding(when=condition(theme="funding", at_least=1), say="x"),
    ]
    assert chosen(findings, ("otherwise", ""), HIDES)[0].startswith("Not published")
    assert [say for say, _ in every(findings, HIDES)] == ["x"]


def test_the_first_rule_that_holds_gives_the_colour_and_says_why():
    domain = RagDomain.model_validate(
        {
            "domain": "Money",
            "rules": [
                {"colour": "Green", "when": {"theme": "funding", "below": 10}},
                {"colour": "Red", "when": {"theme": "funding", "at_least": 75}},
            ],
        }
    )
    colour, lines = colour_of(domain, FIGURES)
    assert colour == "Red"
    assert lines[-1].endswith("holds, so Red")


def test_no_rule_gives_the_colour_otherwise():
    domain = RagDomain.model_validate({"domain": "Money", "otherwise": "Amber/Red"})
    assert colour_of(domain, FIGURES) == ("Amber/Red", ("No rule holds, so Amber/Red",))


def test_findings_come_in_the_analysts_order():
    findings = [
        Finding(when=condition(theme="peer", at_least=50), say="no"),
        Finding(when=condition(theme="funding", at_least=50), say="one"),
        Finding(when=condition(theme="peer", at_most=50), say="two"),
    ]
    assert chosen(findings, ("otherwise", "gloss"), FIGURES)[:2] == ("one", "")
    assert [say for say, _ in every(findings, FIGURES)] == ["one", "two"]
    assert chosen(findings[:1], ("otherwise", "gloss"), FIGURES) == ("otherwise", "gloss", "no rule holds")


def test_a_measure_says_its_figure_without_judging_it():
    assert said(Measure(theme="funding"), FIGURES) == "Funding pressure: 7 of 8 (87.5%)"


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ({"theme": "x"}, "limit is missing"),
        ({"theme": "x", "level": "a", "at_least": 1}, "takes no level"),
        ({"question": "x", "at_least": 1}, "needs a level"),
        ({"theme": "x", "classification": "y", "at_least": 1}, "theme and classification"),
        ({"at_least": 1}, "found none"),
        ({"all": [{"theme": "x", "at_least": 1}], "at_least": 2}, "belong to each"),
    ],
)
def test_a_condition_that_cannot_be_read_is_refused(words, message):
    with pytest.raises(ValidationError, match=message):
        condition(**words)


def test_parts_that_add_up_to_a_limit_meet_it_in_spite_of_floating_point():
    shares = tuple((level, 1, 7, 100 / 7) for level in "abcdefg")
    table = Table(VISION.columns, shares)
    figures = Figures({"responses_x": table}, {})
    assert judge(condition(question="x", levels=list("abcdefg"), at_least=100), figures).holds


def test_a_weighted_percent_is_the_one_that_is_judged():
    table = Table(VISION.columns, (("Very clear", 5, 8, 40.0),))
    figures = Figures({"responses_vision": table}, {})
    assert not judge(condition(question="vision", level="Very clear", at_least=50), figures).holds
