"""Several coders' files brought together, and what reports tell of them."""

import pytest

import sendthemes as st
from sendthemes.sensecheck.coders import (
    agreement,
    agreement_tables,
    gather_decisions,
    sense_check_told,
)
from sendthemes.sensecheck.decisions import Decision, write_decisions
from sendthemes.sensecheck.sample import sense_check_sample

AB = (
    Decision("a:q1", "", "reviewed", "AB"),
    Decision("a:q1", "funding", "add", "AB"),
    Decision("a:q2", "", "reviewed", "AB"),
)
CD = (Decision("a:q1", "", "reviewed", "CD"), Decision("b:q1", "staff", "drop", "CD"))


def test_samples_and_decisions_files_come_together(coded, tmp_path):
    sense_check_sample(coded, redactor=None, path=tmp_path / "EF.csv")
    lines = (tmp_path / "EF.csv").read_text(encoding="utf-8").splitlines()
    (tmp_path / "EF.csv").write_text(
        "\n".join(line.replace(",,,,,", ",x,,,,") for line in lines), encoding="utf-8"
    )
    write_decisions(AB, tmp_path / "d.csv")
    found = gather_decisions([tmp_path / "d.csv", tmp_path / "EF.csv"], coded)
    assert {each.coder for each in found} == {"AB", "EF"}
    assert sum(each.theme == "funding" for each in found if each.coder == "EF") == 6


def test_faults_of_all_files_come_at_once(coded, tmp_path):
    (tmp_path / "one.csv").write_text("a,b\n", encoding="utf-8")
    with pytest.raises(st.AnswersError) as caught:
        gather_decisions([tmp_path / "one.csv", tmp_path / "two.xlsx"], coded)
    assert len(caught.value.problems) == 2


def test_one_coder_in_two_files_must_not_decide_twice(coded, tmp_path):
    for name in ("one.csv", "two.csv"):
        write_decisions(AB, tmp_path / name)
    with pytest.raises(st.AnswersError, match="decided 2 times"):
        gather_decisions([tmp_path / "one.csv", tmp_path / "two.csv"], coded)


def test_every_pair_is_compared(coded, redactor):
    tables = agreement_tables(coded, (*AB, *CD), redactor=redactor)
    assert list(tables) == [
        "agreement-rules-AB",
        "agreement-rules-CD",
        "agreement-AB-CD",
        "differences",
        "precision",
        "corrected",
        "flagged",
    ]
    assert set(tables["differences"].column("coders")) == {"rules and AB", "rules and CD", "AB and CD"}
    assert not any("Okafor" in str(text) for text in tables["differences"].column("answer"))


def test_no_decision_is_told(coded):
    with pytest.raises(st.AnswersError, match="no decision"):
        agreement_tables(coded, (), redactor=None)


def test_themes_that_nobody_named_count_where_the_codebook_is_given(coded):
    told = agreement(AB, CD, answers=coded.answers, codebook=coded.codebook, draws=10)
    assert told.column("theme") == ("funding", "staff", "")
    assert told.column("units") == (1, 1, 2)


def test_answers_whose_text_has_changed_are_left_out(coded):
    old = tuple(Decision(d.answer_id, d.theme, d.decision, d.coder, answer_hash="0" * 16) for d in AB)
    table = agreement(coded, old, draws=10)
    assert set(table.column("units")) == {0}
    assert "Left out: 3 decisions on answers whose text has changed since." in table.notes


def test_a_report_tells_who_read_what_and_how_far_they_agree(coded):
    told = sense_check_told(coded, (*AB, *CD))
    assert told[0].startswith(
        "Coder 1 read 2 answers, without seeing the rules' coding: over all themes 75.0% of 4 judgements"
    )
    assert told[1].startswith("Coder 2 read 1 answer, seeing the rules' coding")
    assert told[2].startswith("Of 2 coders among themselves: over all themes 50.0% of 2 judgements agree")
    assert not any("AB" in sentence for sentence in told)


def test_picked_hits_alone_give_no_agreement(coded):
    assert sense_check_told(coded, CD[1:]) == (
        "Where a coder decided (0 yes, 1 no), the decision stands in place of the rules.",
    )
