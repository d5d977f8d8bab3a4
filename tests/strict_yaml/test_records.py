"""Plain data as records: every fault in a researcher's words, with its place."""

from typing import ClassVar, Literal

import pytest
from pydantic import BaseModel, ConfigDict, Field, StrictBool, StrictInt

from sendthemes.errors import AnswersError, StudyError
from sendthemes.strict_yaml.read import read_file, read_mapping, read_yaml
from sendthemes.strict_yaml.records import read_record
from sendthemes.strict_yaml.source import Source


class Leaf(BaseModel):
    model_config = ConfigDict(extra="forbid")
    text: str = ""
    size: StrictInt = Field(default=1, ge=1, le=9)
    green: StrictBool = False


class Tree(BaseModel):
    called: ClassVar[str] = "an old tree"
    model_config = ConfigDict(extra="forbid")
    name: str
    sort: Literal["oak", "elm"] = "oak"
    leaves: tuple[Leaf, ...] = ()


def faults(text: str) -> list[str]:
    with pytest.raises(StudyError) as caught:
        read_record(Tree, read_yaml(text, "tree", StudyError, "t.yml"))
    return [str(problem) for problem in caught.value.problems]


@pytest.mark.parametrize(
    ("line", "fault"),
    [
        ("nam: x", "t.yml:2:1: An old tree has no key 'nam'. Did you mean 'name'?"),
        ("sort: eml", "t.yml:2:7: 'sort' is 'eml'; expected oak, elm. Did you mean 'elm'?"),
        ("leaves: x", "t.yml:2:9: 'leaves' must be a list; found 'x'. Write leaves: [x]."),
        ("leaves: [x]", "Expected a leaf, a mapping; found 'x'. Write text: … and its other keys under it."),
        ("leaves: [{txt: x}]", "t.yml:2:11: A leaf has no key 'txt'. Did you mean 'text'?"),
        ("leaves: [{text: no}]", "YAML reads no as yes or no; expected text. Write 'no'."),
        ("leaves: [{size: 10}]", "'size' is 10; expected 9 or less."),
        ("leaves: [{size: 0}]", "'size' is 0; expected 1 or more."),
        ("leaves: [{size: big}]", "'size' is 'big'; expected a whole number."),
        ("leaves: [{green: 1}]", "'green' is 1; expected true or false."),
        ("sort: &a oak", "Anchors (&a) are not allowed."),
    ],
)
def test_a_fault_says_what_was_found_and_expected_and_where(line, fault):
    (found,) = faults(f"name: a\n{line}\n")
    assert fault in found


def test_all_faults_come_in_the_order_of_the_file():
    found = faults("sort: x\nleaves: [{size: 0}]\nbark: 1\n")
    assert [each.split(":")[1] for each in found] == ["1", "1", "2", "3"]
    assert any("'name' is missing; an old tree needs it." in each for each in found)


def test_a_key_with_nothing_after_it_is_as_if_it_were_not_there():
    source = read_yaml("name: a\nsort:\nleaves: null\n", "tree", StudyError, "t.yml")
    assert read_record(Tree, source) == Tree(name="a")


def test_an_empty_file_says_how_to_start():
    assert faults("") == ["t.yml: The tree is empty. Start it with name: …"]


def test_a_mapping_is_refused_with_paths_by_the_error_asked_for():
    source = read_mapping({"name": "a", "leaves": [{"size": 0}]}, Source("tree", AnswersError))
    with pytest.raises(AnswersError, match=r"^leaves\[0\]\.size: 'size' is 0"):
        read_record(Tree, source)


def test_a_missing_file_offers_the_nearest(tmp_path):
    (tmp_path / "tree.yml").write_text("name: a\n", encoding="utf-8")
    with pytest.raises(StudyError, match=r"The tree file is not there. Did you mean 'tree.yml'\?"):
        read_file(tmp_path / "three.yml", "tree", StudyError)
