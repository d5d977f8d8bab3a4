"""What holds for every table of the analysis, whatever it counts."""

from math import fsum

import pytest
from tests.analysis.making import make_answers, make_codebook, make_coded

from sendthemes.analysis.association import associate, crosstab_tests, theme_tests
from sendthemes.analysis.change import scale_change, theme_change
from sendthemes.analysis.crosstabs import crosstab, theme_crosstab
from sendthemes.analysis.excerpts import excerpts
from sendthemes.analysis.figures import check_figures
from sendthemes.analysis.frequencies import response_counts, theme_frequencies
from sendthemes.analysis.matrix import theme_matrix, theme_references
from sendthemes.analysis.scales import scale_summary
from sendthemes.analysis.spread import group_differences, theme_cooccurrence, theme_spread
from sendthemes.analysis.statistics import effective_base
from sendthemes.errors import AnswersError

PHASES = ("early", "primary", "secondary")
SCALE = ("Agree", "Neither agree nor disagree", "Disagree")


def survey(**more):
    texts = [
        " ".join(
            ["word", *(name for at, name in enumerate(("funding", "training", "peer")) if row % (at + 2))]
        )
        for row in range(24)
    ]
    closed = {
        "phase": [PHASES[row % 3] for row in range(24)],
        "view": [SCALE[row % 5 % 3] for row in range(24)],
        "why": [("a", "b")[: row % 3] for row in range(24)],
    }
    levels = {"phase": PHASES, "view": SCALE}
    return make_coded(make_answers(texts, closed, levels, multiple=("why",), **more))


CODED = survey()
ANSWERS = CODED.answers
OF_THEMES = {
    "frequencies": lambda **more: theme_frequencies(CODED, **more),
    "by phase": lambda **more: theme_frequencies(CODED, by="phase", **more),
    "of phases": lambda **more: theme_frequencies(CODED, unit="phase", **more),
    "crossed": lambda **more: theme_crosstab(CODED, by="phase", residuals=True, **more),
    "change": lambda **more: theme_change(CODED, survey(), **more),
    "pairs": lambda **more: theme_cooccurrence(CODED, **more),
    "spread": lambda **more: theme_spread(CODED, by="phase", **more),
    "groups": lambda **more: group_differences(CODED, by="phase", least=2, **more),
    "tests": lambda **more: theme_tests(CODED, by="phase", **more),
    "matrix": lambda **more: theme_matrix(CODED, **more),
    "references": lambda **more: theme_references(CODED, **more),
}
TABLES = OF_THEMES | {
    "responses": lambda: response_counts(ANSWERS, "why"),
    "closed crossed": lambda: crosstab(ANSWERS, rows="phase", columns="view", residuals=True),
    "closed tests": lambda: crosstab_tests(ANSWERS, rows="phase", columns="view"),
    "scale": lambda: scale_summary(ANSWERS, questions=["view"]),
    "scale change": lambda: scale_change(ANSWERS, ANSWERS, questions=["view"]),
}
FRACTIONS = {"percent", "low", "high", "difference", "residual", "range", "lowest", "highest"}


@pytest.mark.parametrize("name", TABLES)
def test_no_fraction_lacks_its_format(name):
    table = TABLES[name]()
    assert FRACTIONS & set(table.columns) <= set(table.formats)


@pytest.mark.parametrize("name", TABLES)
def test_a_percent_is_the_respondents_of_its_base(name):
    table = TABLES[name]()
    for count in ("respondents", "documents", "mentions"):
        if {count, "percent", "base"} <= set(table.columns):
            for row in table:
                assert row["percent"] == pytest.approx(100 * row[count] / row["base"])


@pytest.mark.parametrize("name", OF_THEMES)
def test_a_table_of_some_themes_is_a_part_of_the_whole(name):
    kept = ["funding", "peer"]
    some, whole = OF_THEMES[name](themes=kept), OF_THEMES[name]()
    adjusted = [at for at, column in enumerate(some.columns) if column.startswith("adjusted")]
    cut = [tuple(cell for at, cell in enumerate(row) if at not in adjusted) for row in whole.rows]
    shown = [tuple(cell for at, cell in enumerate(row) if at not in adjusted) for row in some.rows]
    theme = some.columns.index("theme")
    assert shown
    assert {row[theme] for row in shown} <= set(kept)
    assert set(shown) <= set(cut)


@pytest.mark.parametrize(
    ("call", "option"),
    [
        (lambda: crosstab(ANSWERS, rows="phase", columns="view", percent_of="x"), "percent_of"),
        (lambda: theme_crosstab(CODED, by="phase", percent_of="x"), "percent_of"),
        (lambda: theme_frequencies(CODED, base="x"), "base"),
        (lambda: response_counts(ANSWERS, "view", order="x"), "order"),
        (lambda: theme_change(CODED, CODED, codebooks="x"), "codebooks"),
        (lambda: theme_change(CODED, CODED, direction="x"), "direction"),
        (lambda: theme_matrix(CODED, share_of="x"), "share_of"),
        (lambda: theme_tests(CODED, by="phase", adjust="x"), "adjust"),
    ],
)
def test_a_word_outside_the_list_is_refused_by_the_options_name(call, option):
    with pytest.raises(ValueError, match=rf"\b{option}\b"):
        call()


@pytest.mark.parametrize("make", [theme_frequencies, theme_cooccurrence, theme_spread, theme_matrix])
@pytest.mark.parametrize("given", [ANSWERS, "answers.csv"])
def test_what_is_not_coded_is_refused_by_name(make, given):
    with pytest.raises(AnswersError, match=r"This takes coded answers; found (Answers|str)\."):
        make(given)


def test_a_closed_table_says_what_it_takes():
    with pytest.raises(AnswersError, match=r"This takes answers or coded answers; found list\."):
        response_counts([], "view")


@pytest.mark.parametrize("name", ["your_name", "name"])
def test_respondents_are_not_grouped_by_what_names_them(name):
    names = [f"Ann {row}" for row in range(3)]
    answers = make_answers(
        ["peer"] * 3, {"your_name": names}, identifiers={"name": tuple((each,) for each in names)}
    )
    with pytest.raises(AnswersError, match="holds people's names or addresses"):
        theme_crosstab(make_coded(answers), by=name)
    with pytest.raises(AnswersError, match="holds people's names or addresses"):
        response_counts(answers, name)


def test_waves_without_a_clear_difference_say_so():
    assert theme_change(CODED, CODED).reading == "Nothing changed clearly."


def test_what_everyone_at_a_level_ticks_is_no_finding_where_several_may_be_ticked():
    closed = {"phase": ["early"] * 4, "why": [("a",)] * 4}
    answers = make_answers(["word"] * 4, closed, multiple=("why",))
    assert "Everyone" not in crosstab(answers, rows="phase", columns="why").reading
    plain = make_answers(["word"] * 4, {"phase": ["early"] * 4, "why": ["a"] * 4})
    assert "Everyone at 'early' (4) is at 'a'." in crosstab(plain, rows="phase", columns="why").reading


def test_five_excerpts_are_shown_unless_told_otherwise():
    said = ("rent", "posts", "travel", "books", "plans", "heating", "visits", "sport")
    answers = make_answers([f"our funding for {what} was taken away this {what} year" for what in said])
    assert len(excerpts(make_coded(answers, make_codebook()), redactor=None)) == 5


def test_parts_are_added_up_to_the_base_of_their_own_rows():
    rows = [{"area": "a", "count": 3, "base": 9}, {"area": "b", "count": 5, "base": 9}]
    assert [row["finding"] for row in check_figures(rows)] == ["The parts sum to 8; 9 is stated."]


def test_a_table_too_sparse_and_too_large_for_any_test_keeps_its_effect():
    counts = [[3 * (row == column) + 1 for column in range(14)] for row in range(14)]
    found = associate(counts)
    assert (found.test, found.p) == ("", None)
    assert found.v is not None
    assert found.reason == "Too sparse for chi-squared and too large for Fisher's test."


def test_averages_do_not_depend_on_how_a_python_adds():
    tenths = [0.1] * 10  # added one by one they miss 1, as Python 3.11 does and 3.12 does not
    assert effective_base(tenths) == 1 / fsum(weight * weight for weight in tenths)
