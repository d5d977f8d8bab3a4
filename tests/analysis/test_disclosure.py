from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.analysis.attacker import Attacker
from tests.analysis.making import make_answers, make_codebook, make_coded

from sendthemes.analysis.crosstabs import crosstab, theme_crosstab
from sendthemes.analysis.disclosure import suppress
from sendthemes.analysis.frequencies import response_counts, theme_frequencies
from sendthemes.analysis.spread import group_differences
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


def attacked(rows, threshold):
    """Let an attacker read a report's tables together; give the small numbers that can be worked out."""
    coded = make_coded(survey(rows))
    reader = Attacker({"one": (None, *LEVELS), "two": (None, "No", "Yes"), "said": (False, True)})
    wanted = []
    said = {"said": True}

    def read(table, cell, base):
        shown = [
            (row, reader.who(**cell(row)), reader.who(**base(row)))
            for row in suppress(table, threshold=threshold)
            if row.get("theme", "funding") == "funding"
        ]
        true = {
            id(who): sum(who[reader.kinds.index(each)] for each in rows) for _, *two in shown for who in two
        }
        # Where a nought is hidden, nothing hidden in the table is surely none.
        lost = any(row["respondents"] == "[c]" and not true[id(who)] for row, who, _ in shown)
        for row, who, of in shown:
            reader.reads(row["respondents"], who, nought=lost)
            reader.reads(row["base"], of, nought=not true[id(of)])
            wanted.extend((who, of))

    known = bool
    read(theme_frequencies(coded), lambda row: said, lambda row: {})
    for make in (theme_crosstab, group_differences, theme_frequencies):
        level = lambda row: {"one": row["one"]}  # noqa: E731 - as short as a name for it
        read(make(coded, by="one"), lambda row: said | {"one": row["one"]}, level)
    for name in ("one", "two"):
        read(
            response_counts(coded, name),
            lambda row, name=name: {name: row["response"]},
            lambda row, name=name: {name: known},
        )
    for of in ("row", "column", "total"):
        read(
            crosstab(coded, rows="one", columns="two", percent_of=of),
            lambda row: {"one": row["one"], "two": row["two"]},
            lambda row, of=of: {
                "one": row["one"] if of == "row" else known,
                "two": row["two"] if of == "column" else known,
            },
        )
    found = {tuple(who): reader.finds(who) for who in wanted}
    return [low for low, high in found.values() if low == high and 0 < low < threshold]


@settings(max_examples=25, deadline=None)
@given(
    st.lists(
        st.tuples(st.sampled_from(LEVELS), st.sampled_from(["No", "Yes"]), st.booleans()),
        min_size=7,
        max_size=60,
    )
)
def test_no_small_number_can_be_worked_out_from_the_tables_of_a_report_together(rows):
    assert attacked(rows, 4) == []


@pytest.mark.slow
def test_none_of_three_hundred_reports_gives_a_small_number_away():
    random = Random(6)
    for _ in range(300):
        levels, answers = ([random.random() ** 2 for _ in range(n)] for n in (3, 2))
        share, size, threshold = random.choice([0.1, 0.5, 0.9]), random.randint(8, 70), random.choice([3, 5])
        rows = [
            (
                random.choices(LEVELS, levels)[0],
                random.choices(["No", "Yes"], answers)[0],
                random.random() < share,
            )
            for _ in range(size)
        ]
        assert attacked(rows, threshold) == [], (rows, threshold)


def test_the_attacker_finds_what_is_not_protected():
    reader = Attacker({"one": LEVELS})
    for shown, wanted in ((8, {}), (7, {"one": "Good"}), (0, {"one": "Fair"}), ("[c]", {"one": "Poor"})):
        reader.reads(shown, reader.who(**wanted))
    assert reader.finds(reader.who(one="Poor")) == (1, 1)


def test_one_small_answer_hides_the_next_smallest_too():
    rows = [("Poor", None, False)] * 2 + [("Fair", None, False)] * 6 + [("Good", None, False)] * 9
    table = suppress(response_counts(survey(rows), "one"))
    assert table.column("respondents") == (9, "[c]", "[c]")
    assert table.column("percent") == (pytest.approx(900 / 17), "[c]", "[c]")
    assert "below 5" in table.notes[-1]


def test_what_leaves_few_of_its_base_is_shown():
    rows = [(None, None, True)] * 7 + [(None, None, False)]
    (row,) = suppress(theme_frequencies(make_coded(survey(rows)), themes="funding"))
    assert (row["respondents"], row["base"], row["percent"]) == (7, 8, 87.5)


def test_options_of_multiple_choice_hide_nothing_for_each_other():
    answers = make_answers(
        ["x"] * 20, closed={"why": [("a", "b")] * 8 + [("b",)] * 3 + [("c",)] * 9}, multiple=("why",)
    )
    assert suppress(response_counts(answers, "why")).column("respondents") == (11, 9, 8)
    fewer = suppress(response_counts(answers, "why"), threshold=9)
    assert fewer.column("respondents") == (11, 9, "[c]")


def test_the_size_of_a_small_group_is_hidden_and_one_more():
    rows = [("Poor", None, False)] * 2 + [("Fair", None, True)] * 5 + [("Good", None, False)] * 12
    rows += [("Good", None, True)] * 6 + [("Fair", None, False)] * 4
    table = suppress(theme_crosstab(make_coded(survey(rows)), by="one", themes="funding"))
    assert [(row["respondents"], row["base"]) for row in table] == [(0, "[c]"), (5, "[c]"), (6, 18)]
    assert [row["percent"] for row in table] == ["[c]", "[c]", pytest.approx(100 / 3)]


def test_a_table_without_a_base_is_protected_too():
    table = Table(("role", "respondents"), (("a", 2), ("b", 9), ("c", 7)))
    assert suppress(table).column("respondents") == ("[c]", 9, "[c]")


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


def nested(texts, roles):
    codebook = make_codebook(("pressure", "peer"), nested={"pressure": ("cuts", "costs")})
    bare = codebook.themes[0].model_copy(update={"entries": ()})
    codebook = codebook.model_copy(update={"themes": (bare, *codebook.themes[1:])})
    return make_coded(make_answers(texts, closed={"role": roles}), codebook)


def test_a_theme_does_not_tell_its_hidden_sub_theme():
    # 9 of 40 in all and 5 of one sub-theme leave at least 4, and what is hidden is known to be below 5.
    coded = nested(["cuts"] * 5 + ["costs"] * 4 + ["other"] * 31, ["a"] * 40)
    shown = {
        given: {
            row["theme"]: row["respondents"] for row in suppress(theme_frequencies(coded), codebook=given)
        }
        for given in (None, coded.codebook)
    }
    assert shown[None]["pressure"] == 9
    assert shown[coded.codebook] == {"pressure": "[c]", "cuts": 5, "costs": "[c]", "peer": 0}


def test_a_theme_does_not_tell_its_hidden_sub_theme_in_any_group():
    # Group b holds no cuts, so that costs there are the theme's count; they protect the 2 of group a.
    texts = ["cuts"] * 10 + ["costs"] * 2 + ["other"] * 10 + ["costs"] * 8 + ["other"] * 10
    texts += ["costs"] * 9 + ["cuts"] * 9 + ["other"] * 9
    coded = nested(texts, ["a"] * 22 + ["b"] * 18 + ["c"] * 27)
    rows = suppress(theme_crosstab(coded, by="role"), codebook=coded.codebook)
    hidden = {
        theme: [r["role"] for r in rows if r["theme"] == theme and r["respondents"] == "[c]"]
        for theme in ("costs", "pressure")
    }
    assert hidden["costs"] == ["a", "b"]
    assert "b" in hidden["pressure"]
    assert len(hidden["pressure"]) > 1
