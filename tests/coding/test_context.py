import pytest
from tests.coding.test_code import book, one

from sendthemes.coding.code import code_answers


def negated(text, *entries, **theme):
    coded = code_answers(one(text), book(*entries, **theme))
    return {coding.matched: coding.negated for coding in coded}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("There is no funding", True),
        ("We don’t get funding", True),
        ("We cannot find funding", True),
        ("We run without any proper funding", True),
        ("There is not enough funding", True),
        ("Funding is not available", True),
        ("Funding isn't there", True),
        ("Funding for this is lacking", True),
        ("no training, staff or funding", True),
        ("Funding is good", False),
        ("not only funding matters", False),
        ("no doubt funding helps", False),
        ("There is no time but funding is good", False),
        ("No time. Funding is good", False),
        ("No time\nFunding is good", False),
        ("no time; funding is good", False),
        ("We have no time, we get funding", False),
        ("Funding is good although time is not available", False),
        ("whether or not funding comes", False),
        ("Not that. Funding.", False),
    ],
)
def test_a_hit_is_negated_by_a_cue_in_its_scope(text, expected) -> None:
    assert list(negated(text, "funding").values()) == [expected]


def test_a_cue_inside_the_hit_does_not_negate_it() -> None:
    assert negated("there is no funding", "no funding") == {"no funding": False}


def test_not_enough_funding_is_flagged_and_counts() -> None:
    coded = code_answers(one("not enough funding"), book("funding"))
    assert coded.respondents_with("t").tolist() == [True]


@pytest.mark.parametrize("mode", ["drop", "separate"])
def test_negated_hits_are_set_aside_where_the_theme_or_entry_says_so(mode) -> None:
    for codebook in (book("funding", negated=mode), book({"word": "funding", "negated": mode})):
        coded = code_answers(one("no funding, good funding"), codebook)
        assert [coding.start for coding in coded] == []
        coded = code_answers(one("no funding. good funding"), codebook)
        assert [coding.start for coding in coded] == [17]
        assert [row["start"] for row in coded.set_aside] == [3]
        assert coded.set_aside.rows[0][-1].startswith("negated")


def test_the_entry_decides_over_its_theme() -> None:
    kept = {"word": "funding", "negated": "count"}
    assert negated("no funding", kept, negated="drop") == {"funding": True}


def test_a_set_aside_hit_inside_a_counted_one_is_not_listed() -> None:
    coded = code_answers(
        one("there is no funding"), book("no funding", {"word": "funding", "negated": "drop"})
    )
    assert [coding.matched for coding in coded] == ["no funding"]
    assert len(coded.set_aside) == 0
