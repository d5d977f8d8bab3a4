"""HTML: whatever a text holds, it stays text."""

from html.parser import HTMLParser

import pytest
from tests.report.everything import pages

from sendthemes.report.blocks import Narrative, Pages, Rating, Section
from sendthemes.report.html import to_card, to_html
from sendthemes.report.markdown import to_markdown

PAYLOADS = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "<svg onload=alert(1)>",
    '"><iframe src=javascript:alert(1)>',
    "' onmouseover='alert(1)",
    "</style><script>alert(1)</script>",
    "</title><script>alert(1)</script>",
    "{{ 7 * 7 }}",
    "{% raw %}{% endraw %}",
    "{{ pages.__class__ }}",
    "<!-- <script> -->",
    "&lt;script&gt;",
    "javascript:alert(1)",
    "[x](javascript:alert(1))",
    "<a href='http://evil.example'>x</a>",
    "</table></div><form action=http://evil.example>",
    "\u2028<b onclick=x>",
    "<math><mtext></mtext><script>alert(1)</script></math>",
    "<base href=http://evil.example>",
    "<meta http-equiv=refresh content=0>",
]


class _Seen(HTMLParser):
    def __init__(self):
        super().__init__(convert_charrefs=True)
        self.tags, self.attributes, self.words = set(), set(), []

    def handle_starttag(self, tag, attributes):
        self.tags.add(tag)
        self.attributes |= {(tag, name) for name, _ in attributes}

    def handle_data(self, data):
        self.words.append(data)


def seen(page):
    reader = _Seen()
    reader.feed(page)
    return reader


HARMLESS = seen(to_html(pages("plain")))


@pytest.mark.parametrize("payload", PAYLOADS)
def test_no_text_becomes_markup(payload):
    page = seen(to_html(pages(payload)))
    assert page.tags <= HARMLESS.tags
    assert page.attributes <= HARMLESS.attributes
    assert "49" not in "".join(page.words) or "7 * 7" not in payload


@pytest.mark.parametrize("payload", PAYLOADS)
def test_the_notebook_card_keeps_text_as_text(payload):
    assert seen(to_card(pages(payload))).tags <= {"div", "p", "strong", "br", "ol", "li"}


@pytest.mark.parametrize("payload", PAYLOADS)
def test_markdown_of_data_renders_without_markup(payload):
    from markdown_it import MarkdownIt

    study = pages(payload).study.model_copy(update={"narrative": pages("plain").study.narrative})
    content = pages(payload)
    blocks = tuple(block for block in content.sections[0].blocks if not isinstance(block, Narrative | Rating))
    plain = Pages(study, "internal", payload, (Section("one", payload, blocks),), {})
    tokens = MarkdownIt("commonmark").enable("table").parse(to_markdown(plain))
    kinds = {token.type for token in tokens} | {
        child.type for token in tokens for child in token.children or []
    }
    assert not {"html_block", "html_inline", "link_open", "image", "code_block", "fence"} & kinds


def test_the_page_says_its_language_and_has_one_heading_of_the_first_rank():
    page = to_html(pages("plain"))
    assert page.startswith('<!DOCTYPE html>\n<html lang="en-GB">')
    assert page.count("<h1") == 1


def test_every_table_has_a_caption_and_scopes():
    page = to_html(pages("plain"))
    assert page.count("<caption>") == page.count("<table")
    assert 'scope="col"' in page
    assert 'scope="row"' in page
