"""Case studies: documents as respondents, headings as questions."""

import docx
import pytest

from sendthemes.errors import AnswersError
from sendthemes.survey.documents import read_documents

MARKDOWN = """# Case study one

Opening words.

## 1. Recruitment
It is hard.

Very hard.

```
# no heading
```

Green shoots
------------
Apprentices.
"""


def test_markdown_headings_become_questions(tmp_path):
    (tmp_path / "one.md").write_text(MARKDOWN, encoding="utf-8")
    answers = read_documents(tmp_path)
    assert answers.unit == "document"
    assert answers.respondents == ("one",)
    assert [(each.question, each.text) for each in answers] == [
        ("case_study_one", "\nOpening words.\n".strip("\n")),
        ("recruitment", "It is hard.\n\nVery hard.\n\n```\n# no heading\n```"),
        ("green_shoots", "Apprentices."),
    ]


def test_sections_of_one_heading_are_one_question_across_kinds_of_file(tmp_path):
    (tmp_path / "b.md").write_text("## Recruitment\nHard in the south.", encoding="utf-8")
    (tmp_path / "c.txt").write_text("\nRECRUITMENT\n\nHard in the east.\n", encoding="utf-8")
    document = docx.Document()
    document.add_heading("2. Recruitment", level=1)
    document.add_paragraph("Hard in the north.")
    table = document.add_table(rows=1, cols=2)
    table.cell(0, 0).text, table.cell(0, 1).text = "Posts", "12"
    document.save(tmp_path / "a.docx")
    answers = read_documents(tmp_path)
    assert [question.id for question in answers.questions] == ["recruitment"]
    assert list(answers.texts) == [
        "Hard in the north.\nPosts | 12",
        "Hard in the south.",
        "Hard in the east.",
    ]


def test_a_long_document_is_one_answer_a_section(tmp_path):
    (tmp_path / "long.txt").write_text("word " * 20_000, encoding="utf-8")
    answers = read_documents(tmp_path / "long.txt")
    assert len(answers.texts) == 1
    assert len(answers.texts[0].split()) == 20_000


def test_every_fault_is_named_at_once(tmp_path):
    (tmp_path / "a.md").write_text("", encoding="utf-8")
    (tmp_path / "b.docx").write_bytes(b"not Word")
    with pytest.raises(AnswersError) as raised:
        read_documents([tmp_path / "a.md", tmp_path / "b.docx"])
    assert [problem.where for problem in raised.value.problems] == ["a.md", "b.docx"]


def test_an_empty_folder_is_refused(tmp_path):
    with pytest.raises(AnswersError, match=r"no \.md, \.txt or \.docx"):
        read_documents(tmp_path)
