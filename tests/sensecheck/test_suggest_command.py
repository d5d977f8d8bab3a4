"""``sendthemes suggest``: what it lists, and how ``--apply`` edits the codebook's file."""

import csv
import sys

import pytest

import sendthemes as st
from sendthemes import cli
from sendthemes.sensecheck.decisions import Decision

YAML = """\
# our codebook
codebook: small
themes:
  # the first theme
  - theme: food
    label: Food
    entries:
      - meal      # the plain word
      # words of doubt
      - somebody
    exclusions: [meal ticket]
  - theme: travel  # last
"""


@pytest.fixture
def files(tmp_path):
    """Ninety answers, a third of them about food; somebody stands in every second answer."""
    about = ("the menu", "it", "that")
    rows = [
        {"id": f"r{at:02}", "q1": f"{('We', 'Somebody')[at % 2]} talked of {about[at % 3]} on visit {at}."}
        for at in range(90)
    ]
    with (tmp_path / "answers.csv").open("w", newline="") as file:
        writer = csv.DictWriter(file, ["id", "q1"])
        writer.writeheader()
        writer.writerows(rows)
    answers = st.read_answers(tmp_path / "answers.csv")
    decisions = []
    for name, text in zip(answers.answer_ids, answers.texts, strict=True):
        decisions.append(Decision(name, "", "reviewed", "AB"))
        if "menu" in text:
            decisions.append(Decision(name, "food", "add", "AB"))
    st.write_decisions(decisions, tmp_path / "decisions.csv")
    (tmp_path / "small.yml").write_text(YAML)
    return tmp_path


@pytest.fixture
def suggest(files, monkeypatch, capsys):
    """Run ``sendthemes suggest`` on the files; gives exit code, output and errors."""

    def call(*arguments):
        given = [files / "answers.csv", files / "decisions.csv", *arguments]
        monkeypatch.setattr(sys, "argv", ["sendthemes", "suggest", *map(str, given)])
        with pytest.raises(SystemExit) as end:
            cli.main()
        said = capsys.readouterr()
        return end.value.code or 0, said.out, said.err

    return call


def test_suggestions_are_listed_and_the_file_stays(suggest, files):
    code, out, _ = suggest("--codebook", files / "small.yml")
    assert code == 0
    assert "menu" in out
    assert (files / "small.yml").read_text() == YAML


def test_apply_edits_entries_and_keeps_comments_and_order(suggest, files):
    code, _, _ = suggest("--codebook", files / "small.yml", "--apply")
    text = (files / "small.yml").read_text()
    assert code == 0
    lines = text.splitlines()
    kept = [line for line in YAML.splitlines() if line in lines]
    assert [line for line in lines if line in kept] == kept
    assert {"# our codebook", "      - meal      # the plain word", "      # words of doubt"} <= set(kept)
    assert "menu" in text
    assert "somebody" not in text
    assert (files / "small.yml.bak").read_text() == YAML


def test_borrow_names_the_lenders_or_none(suggest, files):
    lender = "codebook: lender\nthemes:\n  - theme: meals\n    entries: [menu, menus card]\n"
    (files / "lender.yml").write_text(lender)
    own = files / "small.yml"
    assert "codebook 'lender'" in suggest("--codebook", own, "--borrow", files / "lender.yml")[1]
    assert "which fits" not in suggest("--codebook", own, "--borrow", "none")[1]
    code, _, fault = suggest("--codebook", own, "--borrow", "lendr")
    assert (code, "no codebook or file 'lendr'" in fault) == (1, True)
