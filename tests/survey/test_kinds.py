import pytest

from sendthemes.survey.kinds import infer, joined_options

PEOPLE = [
    "Asha Begum",
    "Tom Lane",
    "Jane Kent",
    "Dafydd Rees",
    "Zoe Pole",
    "Will Hope",
    "Faith Bell",
    "Ian Bath",
]


@pytest.mark.parametrize(
    ("heading", "said"),
    [
        ("Reflections", "I spoke to {}, who listened. Nothing happened, though."),  # commas between sentences
        ("What works well?", "{} is a brilliant manager"),
        ("Your greatest worry", "{} may leave"),
    ],
)
def test_answers_that_recur_are_still_peoples_own_words(heading, said):
    """Taken for options they would be shown as levels, with the names in them."""
    cells = [said.format(name) for name in PEOPLE] * 6
    assert infer(heading, cells)[0] == "open"


@pytest.mark.parametrize(
    ("heading", "options", "kind"),
    [
        ("Who helps?", ["Health; School", "School", "Health; Families; School", "Families"], "multiple"),
        ("Who helps? (tick all that apply)", ["Health, school", "School, families", "Health"], "single"),
        ("Who helps?", ["Health, School", "School, Families", "Families, Health", "Health"], "single"),
        ("Your school", ["St. Mary's", "St. John's", "Hill House", "Oak Lane"], "single"),
    ],
)
def test_options_stay_options(heading, options, kind):
    assert infer(heading, options * 12)[0] == kind


def test_a_sentence_that_goes_on_after_a_comma_or_semicolon_is_no_list_of_options():
    assert joined_options(["Pay; it is better elsewhere", "Time", "Pay; nothing else"] * 6) == ""
    assert joined_options(["Supervision, and training", "Time", "Time, mostly"] * 6, ", ") == ""
    assert joined_options(["Pay;Time", "Time", "Pay;Training"] * 6)
