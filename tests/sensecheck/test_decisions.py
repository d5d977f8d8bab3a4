"""Decisions of people: kept as data, applied at every run."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

import sendthemes as st
from sendthemes.sensecheck.decisions import (
    COLUMNS,
    Decision,
    answer_hash,
    read_decisions,
    theme_hash,
    write_decisions,
)
from sendthemes.sensecheck.judgements import apply_decisions, flagged_decisions, settled

# The rules: a:q1 funding (2 hits), a:q2 staff, b:q1 staff, c:q2 funding and staff.


def codings(coded):
    return {(each.answer_id, each.theme, each.entry, each.status) for each in coded}


def respondents(coded, theme):
    return {row["theme"]: row["respondents"] for row in st.theme_frequencies(coded)}[theme]


def test_drop_sets_the_hits_aside_with_coder_and_reason(coded):
    after = apply_decisions(coded, [Decision("a:q1", "funding", "drop", "AB", reason="an idiom")])
    assert not any(each.answer_id == "a:q1" for each in after)
    assert [(row["matched"], row["reason"]) for row in after.set_aside] == [
        ("Funding", "dropped by AB: an idiom"),
        ("budget", "dropped by AB: an idiom"),
    ]
    assert respondents(coded, "funding") == 2
    assert respondents(after, "funding") == 1
    assert after.respondents_with("funding").tolist() == [False, False, True, False]


def test_confirm_marks_the_hits_and_counts_the_same(coded):
    after = apply_decisions(coded, [Decision("a:q1", "funding", "confirm", "AB")])
    assert {each.status for each in after if each.answer_id == "a:q1"} == {"confirmed"}
    assert {each.status for each in after if each.answer_id != "a:q1"} == {"rule"}
    assert st.theme_frequencies(after).rows == st.theme_frequencies(coded).rows


def test_add_codes_the_whole_answer(coded):
    after = apply_decisions(coded, [Decision("d:q1", "staff", "add", "AB")])
    new = [each for each in after if each.answer_id == "d:q1"]
    assert [(each.theme, each.entry, each.matched, each.start, each.end, each.status) for each in new] == [
        ("staff", "", "", 0, 0, "added")
    ]
    assert respondents(after, "staff") == respondents(coded, "staff") + 1
    assert after.respondents_with("staff").tolist() == [True, True, True, True]


def test_add_where_a_hit_stands_confirms_it(coded):
    after = apply_decisions(coded, [Decision("b:q1", "staff", "add", "AB")])
    assert len(after) == len(coded)
    assert ("b:q1", "staff", "recruit", "confirmed") in codings(after)


def test_a_reviewed_answer_keeps_only_what_its_coder_names(coded):
    said = [Decision("c:q2", "", "reviewed", "AB"), Decision("c:q2", "staff", "add", "AB")]
    after = apply_decisions(coded, said)
    assert [(each.theme, each.status) for each in after if each.answer_id == "c:q2"] == [
        ("staff", "confirmed")
    ]
    assert [row["reason"] for row in after.set_aside] == ["dropped by AB"]


def test_confirm_without_a_hit_adds(coded):
    after = apply_decisions(coded, [Decision("d:q1", "funding", "confirm", "AB")])
    assert ("d:q1", "funding", "", "added") in codings(after)


def test_drop_without_a_hit_changes_nothing(coded):
    after = apply_decisions(coded, [Decision("d:q1", "funding", "drop", "AB")])
    assert codings(after) == codings(coded)
    assert len(after.set_aside) == 0


def test_codings_stay_sorted_and_columns_equally_long(coded):
    said = [Decision("d:q1", "staff", "add", "AB"), Decision("a:q2", "funding", "add", "AB")]
    columns = apply_decisions(coded, said).columns
    keys = list(zip(columns.answer.tolist(), columns.theme.tolist(), columns.start.tolist(), strict=True))
    assert keys == sorted(keys)
    assert len({len(column) for column in columns.listed()}) == 1
    assert columns.status.dtype == np.int8


def test_a_re_run_gives_the_same(coded):
    said = [
        Decision("a:q1", "funding", "drop", "AB"),
        Decision("b:q1", "staff", "confirm", "AB"),
        Decision("d:q1", "staff", "add", "AB"),
    ]
    once = apply_decisions(coded, said)
    assert codings(apply_decisions(coded.recode(coded.codebook), said)) == codings(once)
    assert codings(apply_decisions(once, said)) == codings(once)  # an added coding stays "added"


def test_decisions_hold_after_the_codebook_was_edited(coded):
    more = coded.codebook.model_dump(exclude_none=True, exclude_defaults=True)
    more["themes"][1]["entries"] = ["staff", "recruit", "works"]
    edited = coded.recode(st.load_codebook({**more}))
    old = {theme.theme: theme_hash(theme) for theme, _ in coded.codebook.walk()}
    said = [Decision("d:q1", "staff", "drop", "AB", theme_hash=old["staff"])]
    after = apply_decisions(edited, said)
    assert any(each.answer_id == "d:q1" for each in edited)
    assert not any(each.answer_id == "d:q1" for each in after)
    assert any("themes that have changed since: 1 " in note for note in after.notes)


def test_recode_forgets_decisions_until_they_are_applied_again(coded):
    after = apply_decisions(coded, [Decision("a:q1", "funding", "drop", "AB")])
    assert codings(after.recode(coded.codebook)) == codings(coded)


def test_contradicting_coders_leave_the_rule_standing(coded):
    said = [Decision("a:q1", "funding", "drop", "AB"), Decision("a:q1", "funding", "confirm", "CD")]
    after = apply_decisions(coded, said)
    assert codings(after) == codings(coded)
    assert [row["finding"] for row in flagged_decisions(coded, said)] == ["coders contradict each other"] * 2
    assert any("not wholly: 2 " in note for note in after.notes)


def test_a_reviewer_who_did_not_name_a_theme_contradicts_who_did(coded):
    said = [Decision("a:q1", "", "reviewed", "AB"), Decision("a:q1", "funding", "confirm", "CD")]
    assert codings(apply_decisions(coded, said)) == codings(coded)
    assert flagged_decisions(coded, said).column("finding") == (
        "coders contradict each other on funding",
        "coders contradict each other",
    )


def test_coders_who_agree_are_applied(coded):
    said = [Decision("a:q1", "funding", "drop", name, reason=name) for name in ("CD", "AB")]
    after = apply_decisions(coded, said)
    assert {row["reason"] for row in after.set_aside} == {"dropped by AB: AB"}


@pytest.mark.parametrize(
    ("decision", "finding"),
    [
        (Decision("z:q1", "funding", "add", "AB"), "no such answer in this survey"),
        (Decision("a:q1", "weather", "add", "AB"), "no such theme in this codebook"),
        (
            Decision("a:q1", "funding", "drop", "AB", answer_hash="0" * 16),
            "the answer's text has changed since",
        ),
    ],
)
def test_what_does_not_fit_is_flagged_and_not_applied(coded, decision, finding):
    after = apply_decisions(coded, [decision])
    assert codings(after) == codings(coded)
    assert flagged_decisions(coded, [decision]).column("finding") == (finding,)
    assert any("not wholly: 1 " in note for note in after.notes)


def test_what_has_not_changed_is_not_flagged(coded):
    themes = {theme.theme: theme_hash(theme) for theme, _ in coded.codebook.walk()}
    text = coded.answers.texts[coded.answers.answer_ids.index("a:q1")]
    decision = Decision("a:q1", "funding", "drop", "AB", "", "", answer_hash(text), themes["funding"])
    assert len(flagged_decisions(coded, [decision])) == 0


def test_one_coder_deciding_twice_is_an_error(coded):
    said = [Decision("a:q1", "funding", "drop", "AB"), Decision("a:q1", "funding", "add", "AB")]
    with pytest.raises(st.AnswersError, match="'AB' decided 2 times on answer 'a:q1', theme 'funding'"):
        apply_decisions(coded, said)


def test_no_decisions_change_nothing(coded):
    assert codings(apply_decisions(coded, [])) == codings(coded)


def test_a_theme_is_decided_on_apart_from_its_sub_themes():
    answers = st.read_answers([{"id": "a", "q": "a bus"}], respondent="id", questions=["q"])
    book = {"theme": "travel", "entries": ["travel"], "themes": [{"theme": "bus", "entries": ["bus"]}]}
    coded = st.code_answers(answers, st.load_codebook({"codebook": "x", "themes": [book]}))
    after = apply_decisions(coded, [Decision("a:q", "travel", "drop", "AB")])
    assert after.respondents_with("travel").tolist() == [True]
    after = apply_decisions(coded, [Decision("a:q", "bus", "drop", "AB")])
    assert after.respondents_with("travel").tolist() == [False]


verdicts = some.sampled_from(["add", "drop", "confirm", "reviewed"])


@settings(max_examples=100)
@given(
    some.lists(
        some.tuples(
            some.sampled_from(["a:q1", "a:q2", "b:q1", "c:q2", "d:q1", "gone"]),
            some.sampled_from(["funding", "staff", "gone"]),
            verdicts,
            some.sampled_from(["AB", "CD"]),
        ),
        max_size=12,
        unique_by=lambda row: (row[0], "" if row[2] == "reviewed" else row[1], row[3]),
    ),
    some.randoms(),
)
def test_what_is_applied_equals_a_plain_reading(coded, rows, chance):
    said = [
        Decision(answer, "" if verdict == "reviewed" else theme, verdict, coder)
        for answer, theme, verdict, coder in rows
    ]
    rules = {(each.answer_id, each.theme) for each in coded}
    expected = set(rules)
    for answer in coded.answers.answer_ids:
        for theme in coded.codebook.theme_ids:
            views = set()
            for coder in ("AB", "CD"):
                mine = {d.theme: d.decision for d in said if d.coder == coder and d.answer_id == answer}
                if theme in mine:
                    views.add(mine[theme] != "drop")
                elif "" in mine:
                    views.add(False)
            if views == {True}:
                expected.add((answer, theme))
            elif views == {False}:
                expected.discard((answer, theme))
    after = apply_decisions(coded, said)
    assert {(each.answer_id, each.theme) for each in after} == expected
    turned = chance.sample(said, len(said))
    assert codings(apply_decisions(coded, turned)) == codings(after)
    assert (settled(coded, turned) == settled(coded, said)).all()


words = some.text(some.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=20)
plain = some.text("ab:1_-", min_size=1, max_size=8)
formulas = some.sampled_from(
    ["=1+1", "+x", "-5", "@A1", "'=x", "''=x", "a,b", 'say "no"', "two\r\nlines", "\t"]
)


@settings(max_examples=200)
@given(
    some.lists(
        some.builds(
            Decision,
            answer_id=(words | formulas).filter(bool),
            theme=plain,
            decision=some.sampled_from(["add", "drop", "confirm"]),
            coder=plain,
            reason=words | formulas,
        ),
        max_size=5,
        unique_by=lambda each: (each.answer_id, each.theme, each.coder),
    )
)
def test_what_is_written_is_read_again(tmp_path_factory, decisions):
    path = tmp_path_factory.mktemp("decisions") / "d.csv"
    write_decisions(decisions, path)
    assert read_decisions(path) == tuple(decisions)


def test_no_cell_of_the_file_is_a_formula(tmp_path):
    path = tmp_path / "d.csv"
    write_decisions([Decision("=A1", "t", "add", "@me", reason='=HYPERLINK("http://x")')], path)
    for cell in path.read_text(encoding="utf-8").splitlines()[1].split(","):
        assert not cell.strip('"').startswith(("=", "+", "-", "@"))


def test_an_older_file_is_kept_as_a_copy(tmp_path):
    path = tmp_path / "d.csv"
    write_decisions([Decision("a", "t", "add", "AB")], path)
    first = path.read_bytes()
    write_decisions([], path)
    assert (tmp_path / "d.csv.bak").read_bytes() == first


def written(path, *lines, encoding="utf-8"):
    path.write_text("\n".join(lines) + "\n", encoding=encoding)
    return path


def test_columns_may_stand_in_any_order_and_more_may_be_there(tmp_path):
    path = written(tmp_path / "d.csv", "coder,note,decision,theme,answer_id", "AB,x,drop,funding,a", "")
    assert read_decisions(path) == (Decision("a", "funding", "drop", "AB"),)


def test_excels_byte_order_mark_is_no_part_of_a_name(tmp_path):
    path = written(tmp_path / "d.csv", ",".join(COLUMNS), "a,t,add,AB,,,,", encoding="utf-8-sig")
    assert read_decisions(path)[0].answer_id == "a"


def test_all_faults_of_a_file_come_at_once_with_their_lines(tmp_path):
    path = written(
        tmp_path / "d.csv",
        "answer_id,theme,decision,coder",
        "a,funding,dropp,AB",
        ",funding,drop,",
        "a,,drop,AB",
        "a,funding,reviewed,AB",
        "b,funding,drop,AB",
        "b,funding,add,AB",
    )
    with pytest.raises(st.AnswersError) as caught:
        read_decisions(path)
    assert [str(problem) for problem in caught.value.problems] == [
        "d.csv, line 2: The decision 'dropp' is none of add, drop, confirm, reviewed. Did you mean 'drop'?",
        "d.csv, line 3: The row has no answer_id and no coder.",
        "d.csv, line 4: The decision 'drop' needs a theme.",
        "d.csv, line 5: A reviewed answer names no theme.",
        "d.csv: Coder 'AB' decided 2 times on answer 'b', theme 'funding'. Keep one row.",
    ]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (None, "no such decisions file"),
        (b"answer_id,theme,decision\n", "lacks the column coder"),
        (b"", "lacks the column answer_id, theme, decision, coder"),
        ("answer_id,é".encode("latin-1"), "lacks the column theme, decision, coder"),
        (b'answer_id,theme,decision,coder\n"a"b,c,d,e\n', "quotation marks do not pair up"),
    ],
)
def test_a_file_that_is_none_says_so(tmp_path, content, words):
    path = tmp_path / "d.csv"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(st.AnswersError, match=words):
        read_decisions(path)
