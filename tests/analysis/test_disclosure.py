import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.analysis.making import make_answers, make_coded

from sendthemes.analysis.crosstabs import crosstab, theme_crosstab
from sendthemes.analysis.disclosure import suppress
from sendthemes.analysis.frequencies import response_counts, theme_frequencies
from sendthemes.errors import AnswersError
from sendthemes.table import Table

LEVELS = ("Poor", "Fair", "Good")
people = st.lists(
    st.tuples(st.sampled_from([None, *LEVELS]), st.sampled_from([None, "No", "Yes"]), st.booleans()),
    max_size=60,
)


def survey(rows):
    return make_answers(
        ["funding" if says else "other" for _, _, says in rows],
        closed={"one": [row[0] for row in rows], "two": [row[1] for row in rows]},
        levels={"one": LEVELS, "two": ("No", "Yes")},
    )


def tables(rows):
    coded = make_coded(survey(rows))
    return [
        theme_frequencies(coded),
        theme_frequencies(coded, by="one"),
        response_counts(coded, "one"),
        crosstab(coded, rows="one", columns="two", residuals=True),
        crosstab(coded, rows="one", columns="two", percent_of="column"),
        theme_crosstab(coded, by="two", residuals=True),
    ]


@given(people)
def test_no_small_count_or_base_is_left(rows):
    for table in tables(rows):
        for row in suppress(table, threshold=4):
            for name in ("respondents", "base"):
                assert row[name] == "[c]" or row[name] == 0 or row[name] >= 4


@given(people)
def test_what_is_computed_from_a_hidden_number_is_hidden_too(rows):
    for table in tables(rows):
        hidden = suppress(table, threshold=4)
        for before, after in zip(table, hidden, strict=True):
            if "[c]" in (after["respondents"], after["base"]):
                for name in ("percent", "low", "high", "residual"):
                    assert after.get(name) in ("[c]", None)
            else:
                assert after == before


@given(people)
def test_hiding_twice_changes_nothing(rows):
    for table in tables(rows):
        once = suppress(table, threshold=4)
        assert suppress(once, threshold=4) == once


@given(people)
def test_the_words_about_a_table_give_no_small_number_away(rows):
    for table in tables(rows):
        hidden = suppress(table, threshold=4)
        assert hidden.reading == ""
        for words in (hidden.base, *hidden.notes[: -1 if "[c]" in str(hidden.rows) else None]):
            assert not any(word.strip("(.,;") in {"1", "2", "3"} for word in words.split())


def test_one_small_answer_hides_the_next_smallest_too():
    rows = [("Poor", None, False)] * 2 + [("Fair", None, False)] * 6 + [("Good", None, False)] * 9
    table = suppress(response_counts(survey(rows), "one"))
    assert table.column("respondents") == (9, "[c]", "[c]")
    assert table.column("percent") == (pytest.approx(900 / 17), "[c]", "[c]")
    assert "below 5" in table.notes[-1]


def test_a_table_without_small_numbers_stays_as_it_is_but_for_its_reading():
    rows = [("Fair", None, False)] * 6 + [("Good", None, False)] * 9
    table = response_counts(survey(rows), "one")
    assert suppress(table).rows == table.rows


def test_a_theme_with_one_small_group_hides_another_of_the_same_theme():
    rows = (
        [("Poor", None, True)] * 2
        + [("Poor", None, False)] * 10
        + [("Fair", None, True)] * 7
        + [("Good", None, True)] * 9
    )
    table = suppress(theme_crosstab(make_coded(survey(rows)), by="one"))
    assert [row["respondents"] for row in table if row["theme"] == "funding"] == ["[c]", "[c]", 9]


def test_the_base_in_words_is_hidden_where_it_is_small():
    assert (
        suppress(response_counts(survey([("Poor", None, False)] * 3), "one")).base
        == "[c] respondents who answered"
    )


def test_rounding_shows_multiples_and_their_percents():
    rows = [("Poor", None, False)] * 2 + [("Fair", None, False)] * 3 + [("Good", None, False)] * 11
    table = suppress(response_counts(survey(rows), "one"), mode="round")
    assert table.rows == (
        ("Good", 10, 15, pytest.approx(200 / 3)),
        ("Fair", 5, 15, pytest.approx(100 / 3)),
        ("Poor", 0, 15, 0.0),
    )
    assert table.notes[-1].startswith("Counts and bases are rounded to the nearest 5")


@given(people)
def test_every_rounded_count_is_a_multiple_near_the_true_one(rows):
    for table in tables(rows):
        for before, after in zip(table, suppress(table, mode="round", threshold=3), strict=True):
            for name in ("respondents", "base"):
                assert after[name] % 3 == 0
                assert abs(after[name] - before[name]) <= 1


def test_counts_of_two_waves_are_hidden_each():
    table = Table(
        ("theme", "respondents_then", "base_then", "respondents_now", "base_now", "difference"),
        (("funding", 9, 20, 2, 20, -35.0), ("peer", 9, 20, 8, 20, -5.0)),
    )
    assert suppress(table).rows == (("funding", 9, 20, "[c]", 20, "[c]"), ("peer", 9, 20, 8, 20, -5.0))


@pytest.mark.parametrize(
    ("options", "message"),
    [({"mode": "hidden"}, "Did you mean 'hide'"), ({"threshold": 1}, "2 or more")],
)
def test_options_that_make_no_sense_are_refused(options, message):
    with pytest.raises(AnswersError, match=message):
        suppress(Table(("respondents",), ()), **options)


def test_a_table_without_counts_is_refused():
    with pytest.raises(AnswersError, match="no counts to protect"):
        suppress(Table(("where", "problem"), ()))


def test_pairs_of_themes_overlap_and_hide_nothing_for_each_other():
    table = Table(
        ("theme", "label", "other", "other_label", "respondents", "base", "jaccard"),
        (("a", "A", "b", "B", 2, 20, 0.1), ("a", "A", "c", "C", 9, 20, 0.5)),
    )
    assert suppress(table).column("respondents") == ("[c]", 9)
