"""Small studies at the edges: nothing open, nothing found, authorities crossed, decisions applied."""

import pytest

import sendthemes
from sendthemes.errors import StudyError
from sendthemes.report.definition import MODES
from sendthemes.report.report import FORMATS

HEAD = "study: s\ntitle: T\ndata: {file: answers.csv}\ncodebook: book.yml\n"
BOOK = "codebook: mine\nthemes:\n  - {theme: money, label: Money, entries: [fund*]}\n"
AREAS = ("Leeds", "Kent", "Surrey")


@pytest.fixture
def study(tmp_path):
    """Write a study with its answers; gives a function that loads it."""

    def load(answers, more="", book=BOOK):
        (tmp_path / "answers.csv").write_text(answers, encoding="utf-8")
        (tmp_path / "book.yml").write_text(book, encoding="utf-8")
        (tmp_path / "study.yml").write_text(HEAD + more, encoding="utf-8")
        return sendthemes.load_study(tmp_path / "study.yml")

    return load


def by_area():
    rows = [
        f"{at},{AREAS[at % 3]},{('Good', 'Poor')[at % 2]},funding is short number {at}" for at in range(40)
    ]
    return "\n".join(["id,Local authority,Rating,Tell us more about it", *rows, ""])


@pytest.mark.parametrize("mode", ["internal", "publish"])
@pytest.mark.parametrize(
    ("answers", "book"),
    [
        ("id,Rating\n1,Good\n2,Poor\n3,Good\n", BOOK),
        ("id,Tell us more\n1,we need funding\n2,none\n", "codebook: mine\n"),
        ("id,Rating,Tell us more\n1,Good,\n2,Poor,\n", BOOK),
        ("id,Tell us more\n1,we need funding\n", BOOK),
    ],
    ids=["nothing open", "no theme", "nobody answered", "one respondent"],
)
def test_a_survey_at_the_edge_still_makes_a_report(study, tmp_path, answers, book, mode):
    report = study(answers, book=book).run(mode=mode)
    for suffix in FORMATS:
        assert report.save(tmp_path / f"r{suffix}").stat().st_size


def test_tables_for_publication_do_not_stand_beside_internal_ones(study, tmp_path):
    made = study(by_area())
    made.run().save(tmp_path / "tables")
    published = made.run(mode="publish")
    with pytest.raises(StudyError, match=r"respondents\.csv"):
        published.save(tmp_path / "tables")
    assert published.save(tmp_path / "others") == published.save(
        tmp_path / "others"
    )  # its own may be written over


def test_an_author_may_be_called_as_long_as_they_like(study, tmp_path):
    loaded = study(by_area(), f"subtitle: S\nauthor: {'A long name ' * 50}\n")
    for suffix in FORMATS:
        assert loaded.run().save(tmp_path / f"r{suffix}").stat().st_size


def test_tables_crossed_by_authority_print_codes_and_no_name(study, tmp_path):
    report = study(by_area(), "themes: {by: [la]}\ncross_tables: [{rows: la, columns: Rating}]\n").run()
    page = report.save(tmp_path / "r.html").read_text(encoding="utf-8")
    assert set(report.tables["la_by_Rating"].column("la")) == {"LA A", "LA B", "LA C"}
    assert [name for name in AREAS if name in page] == []


def test_respondents_of_one_authority_get_codes_of_their_own(study):
    report = study(by_area()).run()
    assert report.tables["respondents"].column("code")[:2] == ("R01", "R02")


def test_a_question_named_by_its_wording_is_told_its_id(study):
    with pytest.raises(StudyError, match="Write its id: Rating"):
        study(by_area(), "cross_tables: [{rows: la, columns: rating}]\n")


def test_options_of_one_question_that_overlap_cannot_be_added_up(study):
    answers = "id,Barriers,Tell us more\n1,Time;Money;,x y\n2,Time;,x z\n3,Money;Time;,x w\n"
    rule = "headline: {risks: [{when: {question: Barriers, levels: [Time, Money], at_least: 5}, say: x}]}\n"
    with pytest.raises(StudyError, match="cannot be added up"):
        study(answers, rule)


def test_sections_come_in_the_order_asked_for(study):
    report = study(by_area(), "sections: [audit, themes]\n").run()
    assert [section.id for section in report.pages.sections] == ["audit", "themes"]


def test_pinned_answers_come_first_and_banned_ones_never(study):
    first = study(by_area()).answers.answer_ids
    report = study(by_area(), f"excerpts: {{pinned: ['{first[7]}'], banned: ['{first[3]}']}}\n").run()
    words = [row["excerpt"] for row in report.tables["excerpts"]]
    assert words[0] == "funding is short number 7"
    assert "number 3\n" not in "\n".join([*words, ""])


@pytest.mark.parametrize(("consent", "said"), [("Yes", "banned too"), ("No", "did not agree")])
def test_a_pinned_answer_that_must_not_be_quoted_is_told(study, consent, said):
    rows = [f"{at},{'Yes' if at else consent},funding is short number {at}" for at in range(12)]
    answers = "\n".join(["id,May we quote you?,Tell us more about it", *rows, ""])
    pinned = study(answers).answers.answer_ids[0]
    with pytest.raises(StudyError, match=said):
        study(answers, f"excerpts: {{pinned: ['{pinned}'], banned: ['{pinned}']}}\n")


def test_a_domain_is_rated_once(study):
    with pytest.raises(StudyError, match="rated twice"):
        study(by_area(), "rag: [{domain: Money}, {domain: Money}]\n")


def test_decisions_of_people_change_the_counts_and_are_told(study, tmp_path):
    first = study(by_area()).answers.answer_ids[0]
    (tmp_path / "decisions.csv").write_text(
        f"answer_id,theme,decision,coder\n{first},money,drop,AB\n", encoding="utf-8"
    )
    report = study(by_area(), "decisions: decisions.csv\n").run()
    assert report.tables["themes"].column("respondents") == (39,)
    assert "decisions.csv" in report.pages.manifest["inputs"]


def test_published_methods_name_no_command_and_leave_the_analysts_notes_to_the_internal_report(
    study, tmp_path
):
    words = "answer_id,theme,decision,coder\nnobody,money,add,AB\n"
    (tmp_path / "decisions.csv").write_text(words, encoding="utf-8")
    loaded = study(by_area(), "decisions: decisions.csv\n")
    pages = {mode: loaded.run(mode=mode).save(tmp_path / f"{mode}.md").read_text() for mode in MODES}
    assert "not applied" in pages["internal"]
    assert "not applied" not in pages["publish"]
    assert "sendthemes check" not in pages["publish"]


def test_a_decisions_file_that_is_not_there_is_told(study):
    with pytest.raises(StudyError, match=r"no such decisions file"):
        study(by_area(), "decisions: nowhere.csv\n")


@pytest.mark.parametrize("column", ["Your name", "Email address"])
def test_a_report_crosses_nothing_by_peoples_names_or_addresses(study, column):
    answers = (
        f"id,{column},Rating,Tell us more\n1,jo@x.org,Good,x y z\n2,al@x.org,Poor,w\n3,vi@x.org,Good,v\n"
    )
    name = column.casefold().replace(" ", "_")
    with pytest.raises(StudyError, match="holds people's names or addresses"):
        study(answers, f"cross_tables: [{{rows: {name}, columns: Rating}}]\n")


def test_a_limit_over_100_percent_is_refused(study):
    with pytest.raises(StudyError, match="expected 100"):
        study(by_area(), "headline: {risks: [{when: {theme: money, at_least: 120}, say: x}]}\n")
