"""Markdown: words of respondents stay words."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from sendthemes.report.html import to_prose
from sendthemes.text import markdown_safe

PAYLOADS = [
    "<script>alert(1)</script>",
    "![x](http://evil)",
    "[x](javascript:alert(1))",
    "# Heading",
    "1. one",
    "- item",
    "> said",
    "a | b",
    "`code`",
    "**bold**",
    "&lt;b&gt;",
    "http://x.org",
    "===",
    "+ plus",
    "a\n\n# b",
]


@pytest.mark.parametrize("text", PAYLOADS)
def test_a_text_stands_for_itself(text):
    shown = MarkdownIt("commonmark").enable("table").parseInline(markdown_safe(text))[0].children or []
    assert {token.type for token in shown} <= {"text", "text_special"}


@given(st.text("ab<>&;#*_`[]()|!-+=~. \\\n1", max_size=30))
def test_any_text_reads_back_as_it_was(text):
    tokens = MarkdownIt("commonmark").enable("table").parse(markdown_safe(text))
    words = "".join(child.content for token in tokens for child in token.children or [])
    assert words == " ".join(text.split())
    assert {token.type for token in tokens} <= {"paragraph_open", "inline", "paragraph_close"}


@pytest.mark.parametrize(
    "payload", ["<script>x</script>", "<img src=x onerror=y>", "[a](javascript:x)", "![a](http://x/y.png)"]
)
def test_the_analysts_markdown_cannot_bring_markup_or_pictures(payload):
    shown = to_prose(payload)
    assert "<script" not in shown
    assert "<img" not in shown
    assert 'href="javascript' not in shown
