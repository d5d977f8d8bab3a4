from sendthemes.redaction.redactor import Redactor
from sendthemes.redaction.risks import redaction_log, residual_risks

REDACTOR = Redactor(names=["Jane Okafor"], model=False)


def risks(text, **more):
    return [(row["risk"], row["words"]) for row in residual_risks([REDACTOR.redact(text)], **more)]


def test_the_log_has_no_clear_text_unless_originals_are_given():
    texts = ["Okafor came", "nothing"]
    results = REDACTOR.redact_all(texts)
    log = redaction_log(results, ids=["a1", "a2"])
    assert log.to_dicts() == [
        {
            "text": "a1",
            "start": 0,
            "end": 6,
            "label": "name",
            "rule": "known name",
            "authority": "known",
            "confidence": 1.0,
            "replacement": "[Name]",
        }
    ]
    assert redaction_log(results, originals=texts).column("words") == ("Okafor",)


def test_a_capital_inside_a_sentence_that_is_no_known_word_is_listed():
    assert risks("we use the Zoltrax approach") == [("unknown word", "Zoltrax")]
    assert risks("we use the High Needs Block") == []


def test_a_role_of_one_person_beside_an_authority_is_listed():
    assert ("rare combination", "Head of + LA A") in risks("Head of SEND in Surrey left")


def test_a_respondent_alone_in_a_table_cell_is_listed():
    assert risks("nothing to add", ids=["a7"], alone=["a7"]) == [("table cell of 1", "nothing to add")]


def test_a_long_quote_is_listed_by_its_first_60_characters():
    assert risks("ab " * 30, alone=["1"]) == [("table cell of 1", ("ab " * 30)[:59] + "…")]
    assert risks("ab " * 20, alone=["1"]) == [("table cell of 1", "ab " * 20)]


def test_a_finding_with_low_confidence_is_listed_by_its_token():
    assert ("low confidence", "[Number]") in risks("on 943 476 5918 now")


def test_no_text_no_risk_and_the_promise_is_stated():
    table = residual_risks([])
    assert len(table) == 0
    assert table.notes[0].startswith("Never anonymous")
