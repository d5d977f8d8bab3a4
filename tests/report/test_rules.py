"""Rules: judged on true counts, told with the figures that are shown."""

import pytest
from pydantic import ValidationError

from sendthemes.report.definition import Condition, Finding, Measure, RagDomain
from sendthemes.report.rules import Figures, colour_of, every, first, judge, said
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
TRUE = {"themes": THEMES, "themes_by_question": BY_QUESTION, "responses_vision": VISION}
FIGURES = Figures(
    TRUE, TRUE, {"vision": "Vision", "q7": "Challenges", "q9": "Other"}, {"A": "Red", "B": "Amber"}
)


def condition(**words):
    return Condition.model_validate(words)


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
    hidden = Table(VISION.columns, (("Very clear", "[c]", 8, "[c]"), *VISION.rows[1:]))
    figures = Figures(TRUE, TRUE | {"responses_vision": hidden}, {"vision": "Vision"})
    verdict = judge(condition(question="vision", level="Very clear", at_least=50), figures)
    assert verdict.holds
    assert "5" not in verdict.lines[0].replace("50%", "")


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
    found = first(findings, FIGURES)
    assert found is not None
    assert found[0].say == "one"
    assert [finding.say for finding, _ in every(findings, FIGURES)] == ["one", "two"]
    assert first(findings[:1], FIGURES) is None


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
    figures = Figures({"responses_x": table}, {"responses_x": table}, {})
    assert judge(condition(question="x", levels=list("abcdefg"), at_least=100), figures).holds


def test_a_weighted_percent_is_the_one_that_is_judged():
    table = Table(VISION.columns, (("Very clear", 5, 8, 40.0),))
    figures = Figures({"responses_vision": table}, {"responses_vision": table}, {})
    assert not judge(condition(question="vision", level="Very clear", at_least=50), figures).holds
