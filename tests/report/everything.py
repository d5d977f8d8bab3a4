"""A report in which every text that comes from data or analyst is one and the same."""

from sendthemes.report.blocks import (
    Count,
    Evidence,
    Figure,
    Found,
    Heading,
    Items,
    Narrative,
    Pages,
    Piece,
    Prose,
    Quote,
    Quotes,
    Rating,
    Section,
    Sighting,
)
from sendthemes.report.definition import StudyDefinition
from sendthemes.table import Table


def pages(text, mode="internal"):
    """A report made of one text: title, names, labels, variables, answers, notes."""
    study = StudyDefinition.model_validate(
        {
            "study": "x",
            "title": text,
            "subtitle": text,
            "author": text,
            "date": text,
            "data": {"file": "a"},
            "codebook": "b",
            "narrative": {"introduction": text},
        }
    )
    bars = Table(
        ("theme", "label", "respondents", "base", "percent"),
        ((text, text, 1, 2, 50.0), ("b", text, "[c]", text, text)),
        title=text,
        base=text,
        notes=(text,),
        reading=text,
    )
    cross = Table(("a", text, "respondents", "base", "percent"), ((text, text, 1, 2, 50.0),), title=text)
    pieces = (Piece(text), Piece(text, (0, 1)))
    sighting = Sighting(text, text, pieces, (Found((0, 1), text, (text,), (text,)),))
    counts = (
        Count("here", text, text, "bars", (0,), 0),
        Count("there", text, text, "bars", (), None, (text,)),
    )
    blocks = (
        Prose(text, "caveat"),
        Narrative(text),
        Heading(text),
        Items(((text, text),), text),
        Figure("bars", bars, chart="bars", opens={0: "here"}),
        Figure("cross", cross, chart="heat", across=text, heads={text: text}),
        Figure("cross", cross, chart="stacked", across=text, folded=True),
        Quotes(text, (Quote(text, text, text),), text),
        Rating(text, "Red", "Amber", (text,), (text,), text, text, (text,)),
    )
    codings = Table(("respondent", text, "words"), ((text, text, text),), title=text)
    return Pages(
        study,
        mode,
        text,
        (Section("one", text, blocks),),
        {"software": {"sendthemes": text}},
        Evidence((sighting,), counts),
        codings,
    )
