"""study.yml: every fault with its line, the nearest word and the remedy, all at once."""

import pytest

from sendthemes.errors import StudyError
from sendthemes.report.study import read_study

GOOD = "study: small\ntitle: A small study\ndata: {file: answers.csv}\ncodebook: send-readiness\n"


def faults(tmp_path, text):
    path = tmp_path / "study.yml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(StudyError) as caught:
        read_study(path)
    return [str(problem) for problem in caught.value.problems]


def test_a_small_study_is_read_with_its_places(tmp_path):
    (tmp_path / "study.yml").write_text(GOOD, encoding="utf-8")
    definition, where = read_study(tmp_path / "study.yml")
    assert definition.title == "A small study"
    assert where(("codebook",)) == "study.yml:4:11"


def test_an_unknown_key_names_line_and_nearest_key(tmp_path):
    (fault,) = faults(tmp_path, GOOD + "cross_table: []\n")
    assert fault.startswith("study.yml:5:1: ")
    assert "Did you mean 'cross_tables'?" in fault


def test_an_unknown_key_deep_inside_names_the_keys_of_its_own_record(tmp_path):
    rag = "rag:\n  - domain: Money\n    rules:\n      - color: Red\n        when: {theme: a, at_least: 1}\n"
    (fault,) = faults(tmp_path, GOOD + rag + "        colour: Red\n")
    assert fault.startswith("study.yml:8:9: ")
    assert "Did you mean 'colour'?" in fault


def test_all_faults_are_told_at_once_in_the_order_of_the_file(tmp_path):
    text = (
        GOOD.replace("title: A small study\n", "") + "mode: secret\nthemes: {base: anwsered}\nactions: none\n"
    )
    found = faults(tmp_path, text)
    assert len(found) == 4
    assert "'title' is missing" in found[0]
    assert "expected internal, publish" in found[1]
    assert "Did you mean 'answered'?" in found[2]
    assert "must be a list" in found[3]


def test_a_word_that_yaml_misreads_is_told_with_its_quotes(tmp_path):
    (fault,) = faults(
        tmp_path, GOOD + "headline:\n  risks:\n    - {when: {question: a, level: Yes, at_least: 3}, say: x}\n"
    )
    assert "YAML reads Yes as yes or no" in fault
    assert "'Yes'" in fault


def test_a_rule_that_cannot_be_read_says_why(tmp_path):
    (fault,) = faults(tmp_path, GOOD + "headline:\n  risks:\n    - {when: {theme: a}, say: x}\n")
    assert fault.startswith("study.yml:7:14: ")
    assert "limit is missing" in fault


def test_a_section_named_twice_is_refused_with_its_place(tmp_path):
    (fault,) = faults(tmp_path, GOOD + "sections: [themes, audit, themes]\n")
    assert fault.startswith("study.yml:5:")
    assert "Sections names 'themes' twice" in fault


def test_a_date_needs_no_quotes(tmp_path):
    (tmp_path / "study.yml").write_text(GOOD + "date: 2026-02-27\n", encoding="utf-8")
    assert read_study(tmp_path / "study.yml")[0].date == "2026-02-27"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "empty"),
        ("study: [\n", "YAML"),
        ("- a\n- b\n", "mapping"),
        ("study: a\nstudy: b\n", "twice"),
    ],
)
def test_what_is_no_study_is_refused(tmp_path, text, message):
    assert any(message in fault for fault in faults(tmp_path, text))


def test_a_missing_file_offers_the_nearest(tmp_path):
    (tmp_path / "study.yml").write_text(GOOD, encoding="utf-8")
    with pytest.raises(StudyError, match=r"not there.*study\.yml"):
        read_study(tmp_path / "studdy.yml")


def test_bytes_that_are_no_text_name_the_line(tmp_path):
    (tmp_path / "study.yml").write_bytes(b"study: a\ntitle: caf\xe9\n")
    with pytest.raises(StudyError, match=r"study\.yml:2:1: .*UTF-8"):
        read_study(tmp_path / "study.yml")
