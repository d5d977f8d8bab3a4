"""The readiness example, from its files to the finished report, against the published figures."""

import json
import re
import shutil
from html.parser import HTMLParser
from pathlib import Path

import pytest

import sendthemes
from sendthemes.errors import StudyError

EXAMPLE = Path(__file__).parents[2] / "examples" / "readiness"

CLOSED = {
    "vision": [("Very clear", 5, 62.5), ("Somewhat clear", 2, 25.0), ("Not clear", 1, 12.5)],
    "partnership": [("Somewhat strong", 5, 62.5), ("Weak", 2, 25.0), ("Very strong", 1, 12.5)],
    "training": [("Good", 4, 50.0), ("Excellent", 2, 25.0), ("Poor", 1, 12.5), ("Fair", 1, 12.5)],
    "networks": [("Yes", 7, 87.5), ("No", 1, 12.5)],
    "involvement": [("Sometimes", 7, 87.5), ("Yes, consistently", 1, 12.5)],
    "accountability_measures": [("Somewhat effective", 6, 75.0), ("Not effective", 2, 25.0)],
}
THEMES = [
    ("Accountability & data/impact", 8, 100.0),
    ("EP and specialist capacity", 8, 100.0),
    ("Inclusion culture & leadership", 8, 100.0),
    ("Peer support & networks", 8, 100.0),
    ("Training/CPD quality & access", 8, 100.0),
    ("Funding/finance pressure", 7, 87.5),
    ("Co-production & parent voice", 7, 87.5),
    ("TAS / graduated response", 7, 87.5),
    ("Workforce recruitment/retention", 6, 75.0),
    ("Communication/coordination", 2, 25.0),
]
TRAINING_BY_MONITORING = {
    ("Excellent", "In place"): 2,
    ("Fair", "In place"): 1,
    ("Good", "Developing"): 2,
    ("Good", "In place"): 2,
    ("Poor", "None"): 1,
}
VISION_BY_PARTNERSHIP = {
    ("Not clear", "Weak"): 1,
    ("Somewhat clear", "Somewhat strong"): 2,
    ("Very clear", "Somewhat strong"): 3,
    ("Very clear", "Very strong"): 1,
    ("Very clear", "Weak"): 1,
}
RAG = ["Green/Amber", "Amber", "Red", "Red", "Amber", "Amber/Red", "Amber"]
HIDDEN = (
    "Thornley",
    "Adeyinka",
    "Prewett",
    "Sohal",
    "Ashdown",
    "Fennimore",
    "Belmonte",
    "Hartigan",
    ".example",
)


@pytest.fixture(scope="module")
def study(tmp_path_factory):
    folder = tmp_path_factory.mktemp("study") / "readiness"
    shutil.copytree(EXAMPLE, folder)
    return sendthemes.load_study(folder / "study.yml")


@pytest.fixture(scope="module")
def report(study):
    return study.run(mode="internal")


@pytest.fixture(scope="module")
def page(report, tmp_path_factory):
    return report.save(tmp_path_factory.mktemp("out") / "report.html").read_text(encoding="utf-8")


def rounded(table, *names):
    return [
        tuple(round(cell, 1) if isinstance(cell, float) else cell for cell in (row[name] for name in names))
        for row in table
    ]


@pytest.mark.parametrize("question", CLOSED)
def test_closed_counts_are_the_published_ones(report, question):
    rows = rounded(report.tables[f"responses_{question}"], "response", "respondents", "percent")
    assert [row for row in rows if row[1]] == CLOSED[question]


def test_theme_counts_are_the_published_ones(report):
    rows = rounded(report.tables["themes"], "label", "respondents", "percent")
    assert sorted(rows, key=THEMES.index) == THEMES
    assert [row[1] for row in rows] == [count for _, count, _ in THEMES]


@pytest.mark.parametrize(
    ("table", "counts", "cells"),
    [
        ("training_by_monitoring", TRAINING_BY_MONITORING, 12),
        ("vision_by_partnership", VISION_BY_PARTNERSHIP, 9),
    ],
)
def test_cross_tables_are_the_published_ones_zero_cells_included(report, table, counts, cells):
    found = {row[:2]: row[2] for row in report.tables[table].rows}
    assert len(found) == cells
    assert {pair: count for pair, count in found.items() if count} == counts
    assert report.tables[table].reading


def test_the_rules_give_the_published_colours(report):
    assert list(report.tables["rag"].column("colour")) == RAG
    assert all(report.tables["rag"].column("because"))


def test_the_survey_has_twenty_nine_questions_each_with_its_finding(report):
    table = report.tables["appendix"]
    assert table.column("number") == tuple(f"Q{at}" for at in range(1, 30))
    assert all(table.column("finding"))


def test_sections_stand_in_the_order_of_the_study(report):
    assert [section.id for section in report.pages.sections] == [
        "headline",
        "responses",
        "themes",
        "excerpts",
        "cross-tables",
        "alignment",
        "rag",
        "actions",
        "appendix",
        "audit",
    ]


def test_every_theme_count_opens_to_marked_words(report, page):
    evidence = report.pages.evidence
    for row in report.tables["themes"]:
        if row["respondents"]:
            assert f'href="#evidence-{row["theme"]}"' in page
            count = next(each for each in evidence.counts if each.id == f"evidence-{row['theme']}")
            behind = [evidence.sightings[place] for place in count.sightings]
            assert len({each.respondent for each in behind}) == row["respondents"]
            assert all(any(count.theme in piece.themes for piece in each.pieces) for each in behind)


def test_no_known_name_or_address_is_shown(report, page, tmp_path):
    texts = [page, report.save(tmp_path / "r.md").read_text(), report.save(tmp_path / "r.json").read_text()]
    for text in texts:
        assert [name for name in HIDDEN if name in text] == []


class _Links(HTMLParser):
    """Gathers ids and links."""

    def __init__(self):
        super().__init__()
        self.ids, self.links, self.tags = [], [], []

    def handle_starttag(self, tag, attributes):
        self.tags.append(tag)
        for name, value in attributes:
            if name == "id":
                self.ids.append(value)
            elif name in {"href", "src"}:
                self.links.append(value)


def test_the_page_needs_nothing_else_and_its_links_lead_somewhere(page):
    seen = _Links()
    seen.feed(page)
    assert len(seen.ids) == len(set(seen.ids))
    assert {link for link in seen.links if not link.startswith("#")} == set()
    assert {link[1:] for link in seen.links} <= set(seen.ids)
    assert not {"script", "img", "iframe", "link", "object"} & set(seen.tags)
    assert "url(" not in page


def test_equal_inputs_give_equal_bytes(study, report, tmp_path):
    again = study.run(mode="internal")
    for name in ("r.html", "r.md", "r.json"):
        one, two = report.save(tmp_path / "one" / name), again.save(tmp_path / "two" / name)
        assert one.read_bytes() == two.read_bytes()


def test_json_holds_every_table_and_the_manifest(report, tmp_path):
    whole = json.loads(report.save(tmp_path / "r.json").read_text(encoding="utf-8"))
    assert list(whole["tables"]) == list(report.tables)
    assert whole["tables"]["themes"]["rows"][0]["respondents"] == 8
    assert set(whole["manifest"]["inputs"]) == {"study.yml", "survey.yml", "answers.csv"}
    assert str(tmp_path) not in json.dumps(whole)


def test_a_name_without_suffix_gives_a_folder_of_csv_tables(report, tmp_path):
    folder = report.save(tmp_path / "tables")
    assert sorted(path.stem for path in folder.iterdir()) == sorted(report.tables)


def test_an_unknown_suffix_is_refused_and_nothing_is_written(report, tmp_path):
    with pytest.raises(StudyError, match=r"saved as \.pdf.*\.html"):
        report.save(tmp_path / "r.pdf")
    assert list(tmp_path.iterdir()) == []


def test_the_notebook_card_shows_no_answer(report):
    card = report._repr_html_()
    assert "SEND reform readiness" in card
    assert "<mark>" not in card


def test_an_unknown_mode_offers_the_nearest(study):
    with pytest.raises(StudyError, match="Did you mean 'publish'"):
        study.run(mode="publsh")


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("rows: training", "rows: trainning", r"study\.yml:\d+:\d+: .*'trainning'.*Did you mean 'training'"),
        ("columns: monitoring", "columns: q27", "'q27'"),
        ("{theme: inclusion}", "{theme: inclusive}", "no theme 'inclusive'.*Did you mean 'inclusion'"),
        (
            "level: Very clear, at_least: 50}",
            "level: Very claer, at_least: 50}",
            "no level 'Very claer'.*Did you mean 'Very clear'",
        ),
        ("questions: [coproduction, q20, q21]", "questions: [coproduction, q20, q99]", "no question 'q99'"),
        ("domains: [Impact measurement and accountability]", "domains: [Impact]", "no RAG domain 'Impact'"),
        ("themes: [coproduction]", "themes: [co-production]", "Did you mean 'coproduction'"),
    ],
)
def test_what_the_inputs_do_not_hold_is_told_with_its_place(tmp_path, old, new, message):
    folder = tmp_path / "readiness"
    shutil.copytree(EXAMPLE, folder)
    text = (folder / "study.yml").read_text(encoding="utf-8")
    assert old in text
    (folder / "study.yml").write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(StudyError, match=message):
        sendthemes.load_study(folder / "study.yml")


def test_an_override_keeps_the_colour_of_the_rules_beside_it(tmp_path):
    folder = tmp_path / "readiness"
    shutil.copytree(EXAMPLE, folder)
    path = folder / "study.yml"
    old = "    suggests: Much is counted"
    override = "    override: {colour: Red, reason: The inspectors said so.}\n"
    path.write_text(path.read_text(encoding="utf-8").replace(old, override + old, 1), encoding="utf-8")
    table = sendthemes.load_study(path).run().tables["rag"]
    row = next(row for row in table if row["domain"] == "Impact measurement and accountability")
    assert (row["colour"], row["colour_by_rule"], row["reason"]) == (
        "Red",
        "Amber/Red",
        "The inspectors said so.",
    )


@pytest.fixture(scope="module")
def published(study):
    return study.run(mode="publish")


def test_publish_shows_no_small_count(published):
    for name, table in published.tables.items():
        for row in table:
            if "respondents" in row:
                assert not (isinstance(row["respondents"], int) and 0 < row["respondents"] < 5), (name, row)


def test_publish_gives_no_colour_or_word_that_rests_on_a_hidden_count(published):
    for row in published.tables["rag"]:
        assert ("[c]" in str(row["because"])) == (row["colour"] == "Not rated"), row
    assert "Not rated" in published.tables["rag"].column("colour")
    assert str(published.tables["headline"].rows[0][1]).startswith("Not published")


def test_publish_says_of_no_quotation_whose_it_is(published):
    evidence = published.pages.evidence
    assert {row["respondent"] for row in published.tables["excerpts"]} == {""}
    assert {each.respondent for each in evidence.sightings} == {""}
    shown = [row["excerpt"] for row in published.tables["excerpts"]]
    shown += [piece.text for each in evidence.sightings for piece in each.pieces]
    assert [text for text in shown if re.search(r"\bLA [A-Z]\b", text)] == []
    assert any("[LA]" in text for text in shown)


def test_publish_leaves_out_what_undoes_the_codes(published):
    assert not {"respondents", "problems", "answers", "unclassified"} & set(published.tables)


def test_publish_opens_no_evidence_of_a_hidden_count(published):
    shown = {row["theme"] for row in published.tables["themes"] if row["respondents"] == "[c]"}
    assert shown
    assert not {f"evidence-{theme}" for theme in shown} & {
        each.id for each in published.pages.evidence.counts
    }


def test_publish_refuses_to_write_a_name_that_the_analyst_typed(study, tmp_path):
    from dataclasses import replace

    from sendthemes.errors import RedactionError

    words = study.definition.model_copy(update={"subtitle": "With thanks to Marianne Thornley"})
    report = replace(study, definition=words).run(mode="publish")
    with pytest.raises(RedactionError):
        report.save(tmp_path / "r.html")
    assert list(tmp_path.iterdir()) == []


def test_nothing_is_written_where_the_last_of_all_files_would_leak(published, tmp_path, monkeypatch):
    from sendthemes.errors import RedactionError

    def refuse(content, *, redactor, name):
        if name == "manifest.csv":
            raise RedactionError(name)

    monkeypatch.setattr("sendthemes.redaction.leaks.refuse_leaks", refuse)
    with pytest.raises(RedactionError):
        published.save_all(tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_a_table_of_which_no_count_may_be_published_is_a_line_and_not_a_grid_of_symbols(published, tmp_path):
    assert set(published.tables["training_by_monitoring"].column("respondents")) == {"[c]"}
    page = published.save(tmp_path / "r.md").read_text(encoding="utf-8")
    section = page.partition("## Cross-analysis")[2].partition("\n## ")[0]
    assert section.count("No count of this table may be published.") == 2
    assert "Good training is not always followed up" not in section
