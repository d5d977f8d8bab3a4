"""Variables: what answers can be grouped and crossed by, whatever they are made from."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sendthemes.coding.code import CodedAnswers
from sendthemes.errors import AnswersError, Problem, nearest
from sendthemes.survey.answers import Answers, Value

Flags = NDArray[np.bool_]
Numbers = NDArray[Any]
Sparse = Any  # a CSR matrix of scipy, which is imported late


@dataclass(frozen=True, slots=True)
class Variable:
    """One way to group respondents: a closed question, a classification, a column of facts, an identifier."""

    id: str
    title: str  # the wording or label, for captions
    levels: tuple[str, ...]  # the groups, in order; those that nobody is in stay
    members: Sparse  # respondents by levels, 1 where a respondent is in a level
    multiple: bool = False  # whether a respondent can be in several levels
    unclassified: int = 0  # respondents who answered, but whom no rule of the classification could place

    @property
    def column(self) -> str:
        """The column that shows it."""
        return column_of(self.id)

    @property
    def notes(self) -> tuple[str, ...]:
        """Of multiple choice, that percents may pass 100 in sum."""
        said = "a respondent may count at several levels, so percents may add to more than 100."
        return (f"{self.title!r} is multiple choice: {said}",) if self.multiple else ()

    @property
    def unplaced(self) -> str:
        """How many answered but fit no level of a classification, in brackets; empty for none."""
        said = "answered but could not be classified"
        return f" ({self.unclassified:,} {said})" if self.unclassified else ""

    @property
    def known(self) -> Flags:
        """Say for each respondent whether they are in any level."""
        found: Flags = self.members.getnnz(axis=1) > 0
        return found

    def mask(self, level: int) -> Flags:
        """Say for each respondent whether they are in a level (its position in ``levels``)."""
        found: Flags = np.zeros(self.members.shape[0], dtype=bool)
        found[self.members[:, [level]].nonzero()[0]] = True
        return found


def column_of(name: str) -> str:
    """Name the column that shows a variable; one called like a column of every table gets ``_level``."""
    taken = {"theme", "label", "respondents", "base", "percent", "low", "high"}
    return f"{name}_level" if name in taken else name


def answers_of(data: Answers | CodedAnswers, *, coded: bool = False) -> Answers:
    """Give the answers behind coded answers, or the answers themselves.

    ``AnswersError``: it is neither, or answers are given where only ``coded`` ones will do.
    """
    found = data if isinstance(data, Answers) else getattr(data, "answers", None)
    if isinstance(found, Answers) and not (coded and found is data):
        return found
    wanted = "coded answers" if coded else "answers or coded answers"
    remedy = "Read the answers with read_answers" + (", and code them with code_answers." if coded else ".")
    raise AnswersError(Problem(f"This takes {wanted}; found {type(data).__name__}.", remedy=remedy))


def variable(data: Answers | CodedAnswers, name: str) -> Variable:
    """Find a variable: a question that is not open, a classification of coded answers, an identifier ("la").

    ``AnswersError``: nothing of that name can group respondents, and the message offers the nearest; or it
    holds people's names or addresses.
    """
    answers = answers_of(data)
    coded = None if isinstance(data, Answers) else data
    question = answers.question(name) if answers.has_question(name) else None
    if question is not None and question.kind != "open":
        values = answers.values[question.id]
        _refuse_names(answers, name, values)
        return _of_values(question.id, question.text or question.id, values, question.levels)
    if coded is not None and name in coded.levels:
        found = next(each for each in coded.codebook.classifications if each.classification == name)
        made = _of_values(name, found.title, coded.levels[name], found.levels)
        return replace(made, unclassified=len({row["respondent"] for row in coded.unclassified(name)}))
    if name in answers.identifiers:
        values = tuple(cell[0] if cell else None for cell in answers.identifiers[name])
        _refuse_names(answers, name, values)
        return _of_values(name, name.upper() if name == "la" else name, values, ())
    raise AnswersError(_no_variable(answers, coded, name))


def _refuse_names(answers: Answers, name: str, values: Sequence[Value]) -> None:
    """Refuse a column that says who somebody is."""
    known = [answers.identifiers.get(kind, ()) for kind in ("name", "email")]
    if any(value in own for kind in known for value, own in zip(values, kind, strict=False)):
        what = f"{name!r} holds people's names or addresses, which no table may show."
        remedy = "Group by a question that does not say who somebody is."
        raise AnswersError(Problem(what, answers.source, remedy))


def _no_variable(answers: Answers, coded: CodedAnswers | None, name: str) -> Problem:
    """Say why respondents cannot be grouped by a name."""
    for each in coded.codebook.classifications if coded is not None else ():
        if each.classification == name:
            remedy = nearest(each.question, (q.id for q in answers.open_questions))
            what = f"Classification {name!r} reads {each.question!r}, which is no open question here."
            return Problem(what, answers.source, remedy)
    if answers.has_question(name):
        what = f"{name!r} is an open question: it has texts, no levels to group or cross by."
        made = "a classification of the codebook made from it (with coded answers)"
        return Problem(what, answers.source, f"Name a closed question, or {made}.")
    names = [each for q in answers.questions if q.kind != "open" for each in (q.id, q.text)]
    names += [*answers.identifiers, *(coded.levels if coded is not None else ())]
    what = f"There is no question, classification or identifier {name!r} to group respondents by."
    return Problem(what, answers.source, nearest(name, names))


def _of_values(name: str, title: str, values: Sequence[Value], levels: Sequence[str]) -> Variable:
    """Make a variable of one value a respondent; values that no level names are added, sorted."""
    at = {level: position for position, level in enumerate(levels)}
    multiple = any(isinstance(value, tuple) for value in values)
    used = {option for value in set(values) for option in _options(value)}
    for level in sorted(used - at.keys(), key=_natural):
        at[level] = len(at)
    places = {value: sorted({at[option] for option in _options(value)}) for value in set(values)}
    columns = np.array([place for value in values for place in places[value]], dtype=np.int64)
    sizes = np.array([len(places[value]) for value in values], dtype=np.int64)
    rows = np.repeat(np.arange(len(values)), sizes)
    members = ones_at(rows, columns, (len(values), len(at)))
    return Variable(name, title, tuple(at), members, multiple=multiple)


def ones_at(rows: Numbers, columns: Numbers, shape: tuple[int, int], kind: type = np.int64) -> Sparse:
    """Give a matrix with a one at each of these places."""
    from scipy.sparse import csr_matrix

    return csr_matrix((np.ones(len(rows), kind), (rows, columns)), shape=shape)


def _options(value: Value) -> Iterable[str]:
    if value is None:
        return ()
    return value if isinstance(value, tuple) else (value,)


def _natural(text: str) -> tuple[bool, float, str]:
    """Order numbers by size, before words by alphabet."""
    is_number = re.fullmatch(r"[+-]?\d+(\.\d+)?", text) is not None
    return not is_number, float(text) if is_number else 0.0, text
