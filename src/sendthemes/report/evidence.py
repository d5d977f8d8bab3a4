"""Evidence: the respondents and their words behind every count, gathered once for all tables."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import pairwise

from sendthemes.analysis.scales import scale_of
from sendthemes.analysis.variables import column_of, variable
from sendthemes.redaction.spans import Redacted, moved
from sendthemes.report.blocks import Count, Evidence, Figure, Found, Piece, Sighting
from sendthemes.report.material import Material, counts
from sendthemes.survey.answers import CLOSED
from sendthemes.table import Cell

_AROUND = 110  # characters of context on either side of the words found
_WIDTH = 400  # characters up to which an answer is shown whole
_CUT = "…"
_COUNTS = ("respondents", "respondents_now", "mentions", "documents")


def marked(
    redacted: Redacted, spans: Iterable[tuple[int, int, tuple[int, ...]]], *, width: int = 0
) -> tuple[Piece, ...]:
    """Cut a redacted text into pieces that join to the text shown, each with the themes found in it.

    ``spans`` are start and end of the words found, in the original text, and the numbers of their themes. A
    text longer than ``width`` characters (0: of any length it is kept whole) is shortened to the
    neighbourhood of these words, at word ends, with "…". An empty text has no pieces.
    """
    text = redacted.text
    found = [(*moved(redacted, start, end), themes) for start, end, themes in spans]
    whole = _merged((start, end) for start, end, _ in found)
    windows = [(0, len(text))]
    if width and len(text) > width:
        near = _merged((start - _AROUND, end + _AROUND) for start, end in whole) or [(0, width)]
        windows = [_at_words(text, max(0, start), min(len(text), end), whole) for start, end in near]
    pieces: list[Piece] = []
    for first, last in windows:
        pieces.append(Piece(_CUT if first and not pieces else " …" if pieces else ""))
        inside = {edge for start, end, _ in found for edge in (start, end) if first < edge < last}
        for left, right in pairwise(sorted({first, last} | inside)):
            themes = {theme for start, end, of in found if start <= left and right <= end for theme in of}
            pieces.append(Piece(text[left:right], tuple(sorted(themes))))
    pieces.append(Piece(_CUT if windows[-1][1] < len(text) else ""))
    return tuple(piece for piece in pieces if piece.text)


def _merged(spans: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    merged: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        elif end > start:
            merged.append((start, end))
    return merged


def _at_words(text: str, start: int, end: int, found: Sequence[tuple[int, int]]) -> tuple[int, int]:
    """Move a window's edges inwards to white space, but never into the words found."""
    inside = [(left, right) for left, right in found if left >= start and right <= end]
    first, last = (inside[0][0], inside[-1][1]) if inside else (end, start)
    if start and (gap := re.search(r"\s+", text[start:first])):
        start += gap.end()
    if end < len(text) and (tail := re.search(r"\s+\S*$", text[last:end])):
        end = last + tail.start()
    return start, end


@dataclass(frozen=True, slots=True)
class _Behind:
    """What a row speaks of, and who and what stands behind its count (positions in the answers)."""

    words: tuple[str, ...]
    themes: tuple[int, ...]
    people: tuple[int, ...]
    answers: tuple[int, ...]


@dataclass
class Gathering:
    """Gathers what stands behind the counts of tables, asked one after the other.

    For publication only counts of themes open, and only words of a theme and question whose own counts are
    shown: nothing here tells more than the tables do.
    """

    material: Material
    _counts: dict[_Behind, Count] = field(default_factory=dict)
    _wanted: set[int] = field(default_factory=set)

    def opens(self, figure: Figure) -> dict[int, str]:
        """Give row of a figure's table → id of the count in the evidence, of all rows whose count opens."""
        count = next((name for name in _COUNTS if name in figure.table.columns), "")
        found: dict[int, str] = {}
        for at, row in enumerate(figure.table if count else ()):
            behind = self._behind(row, figure.about) if counts(row[count]) else None
            people = self.material.coded.answers.unit != "document" and not self.material.study.themes.unit
            if behind is None or not (behind.answers or self.material.mode == "internal"):
                continue  # for publication nobody is listed, only words are shown
            if not people or len(behind.people) == row[count]:
                found[at] = self._count(behind, row, count, figure.id).id
        return found

    def evidence(self) -> Evidence:
        """Give the answers that the counts asked for stand on, and the counts."""
        asked = self.material.coded.answers.answer_questions
        order = sorted(self._wanted, key=lambda at: (asked[at], at))
        places = {at: place for place, at in enumerate(order)}
        counts = []
        for behind, count in self._counts.items():
            shown = tuple(sorted(places[at] for at in behind.answers if at in places))
            counts.append(self._told(behind, count, shown))
        return Evidence(tuple(map(self._sighting, order)), tuple(counts))

    def _count(self, behind: _Behind, row: Mapping[str, Cell], count: str, table: str) -> Count:
        if behind not in self._counts:
            names = self.material.coded.codebook.theme_ids
            alone = len(behind.words) == len(behind.themes) == 1
            key = f"evidence-{names[behind.themes[0]]}" if alone else f"count-{len(self._counts) + 1}"
            base = row.get(count.replace("respondents", "base"), row.get("base"))
            what = "sentences" if count == "mentions" else self.material.people
            theme = behind.themes[0] if len(behind.themes) == 1 else None
            number = f"{row[count]:,} of {base:,}" if isinstance(base, int) else row[count]
            summary = f"{number} {what}"
            self._counts[behind] = Count(key, " · ".join(behind.words), summary, table, theme=theme)
        showable = (at for at in behind.answers if self.material.may_show[at])
        self._wanted |= {at for at, _ in zip(showable, range(self.material.openings), strict=False)}
        return self._counts[behind]

    def _told(self, behind: _Behind, count: Count, shown: tuple[int, ...]) -> Count:
        """Complete a count by what is shown of it; for publication without saying how much there is."""
        material, summary = self.material, count.summary
        if material.mode == "internal" and behind.answers:
            number = len(behind.answers)
            place = "section" if material.coded.answers.unit == "document" else "answer"
            left = f", {len(shown)} of them shown" if len(shown) < number else ""
            summary += f", in {number:,} {place}{'' if number == 1 else 's'}{left}"
        people = () if behind.answers else tuple(map(material.code, behind.people))
        return replace(count, summary=summary, sightings=shown, people=people)

    def _sighting(self, at: int) -> Sighting:
        """Set one answer with everything that was found in it."""
        material, coded = self.material, self.material.coded
        answers, columns = coded.answers, coded.columns
        rows = [row for row in material.codings.get(at, ()) if self._is_open(at, int(columns.theme[row]))]
        spans = [
            (int(columns.start[row]), int(columns.end[row]), self._lines[int(columns.theme[row])])
            for row in rows
        ]
        found = []
        for theme in dict.fromkeys(sorted(int(columns.theme[row]) for row in rows)):
            mine = [row for row in rows if columns.theme[row] == theme]
            labels = {coded.entry_labels[int(columns.entry[row])] for row in mine if columns.entry[row] >= 0}
            title = coded.codebook.theme(coded.codebook.theme_ids[theme]).title
            found.append(Found(self._lines[theme], title, tuple(sorted(labels - {""})), self._flags(mine)))
        return Sighting(
            material.code(answers.answer_respondents[at]),
            material.asked(answers.questions[answers.answer_questions[at]].id),
            marked(material.redacted[at], spans, width=_WIDTH),
            tuple(found),
        )

    def _flags(self, rows: Sequence[int]) -> tuple[str, ...]:
        columns = self.material.coded.columns
        told = (
            ("negated", columns.negated),
            ("repeats the question's words", columns.echo),
            ("confirmed or added by a coder", columns.status),
        )
        return tuple(words for words, flagged in told if any(flagged[at] for at in rows))

    def _behind(self, row: Mapping[str, Cell], about: str) -> _Behind | None:
        """Find who and what a row counts, by what its columns say; ``None`` where that cannot open."""
        answers, codebook = self.material.coded.answers, self.material.coded.codebook
        named = [name for name, label in (("theme", "label"), ("other", "other_label")) if label in row]
        themes = tuple(codebook.theme_ids.index(str(row[name])) for name in named if name in row)
        question = str(row["question"]) if themes and "question" in row else about if themes else ""
        words = [codebook.theme(codebook.theme_ids[theme]).title for theme in themes]
        words += [self.material.numbers.get(question, question)] if question else []
        grouped = list(self._groups(row, "" if themes else about))
        words += [f"{self.material.names[name]}: {level}" if name else level for name, level, _ in grouped]
        groups = [members[level] for _, level, members in grouped if level in members]
        if len(groups) < len(grouped) or (self.material.hides and (groups or len(themes) != 1)):
            return None
        people = set.intersection(*groups) if groups else set(range(len(answers.respondents)))
        chosen: list[int] = []
        if themes:
            asked = {at for at, each in enumerate(answers.questions) if question in ("", each.id)}
            of = answers.answer_questions
            hits = [{at for at in self._hits[each] if of[at] in asked} for each in themes]
            chosen = sorted(at for at in set().union(*hits) if self._is_open(at, *themes))
            for each in hits:
                people &= {answers.answer_respondents[at] for at in each}
        else:
            derived = {name for name, _, _ in grouped if name in self.material.coded.levels}
            read = {self.material.source(name) for name in derived}
            pairs = enumerate(answers.answer_questions)
            chosen = [at for at, which in pairs if answers.questions[which].id in read]
        inside = tuple(at for at in chosen if answers.answer_respondents[at] in people)
        return _Behind(tuple(words), themes, tuple(sorted(people)), inside) if themes or groups else None

    def _groups(
        self, row: Mapping[str, Cell], about: str
    ) -> Iterator[tuple[str, str, Mapping[str, set[int]]]]:
        """Give for each column that groups people: the variable, the level, and who is at each level."""
        answers = self.material.coded.answers
        for column, cell in row.items():
            level, name = str(cell), self._variables.get(column, "")
            if column in _COUNTS:
                return
            if column == "document":
                codes = self.material.codes
                yield "", level, {codes[each]: {at} for at, each in enumerate(answers.respondents)}
            elif column == "wave":
                yield "", level, {self.material.study.data.wave: set(range(len(answers.respondents)))}
            elif column == "statement":
                name = self._closed.get(level, "")
                yield name, str(row.get("side", "Agree")), self._sides(name)
            elif column == "response":
                name = about or self._closed.get(str(row.get("question")), "")
                yield name, level, self._levels(name)
            elif name and column not in {"question", "side"}:
                yield name, level, self._levels(name)

    def _sides(self, question: str) -> dict[str, set[int]]:
        """Give who agrees with a statement, disagrees, or neither."""
        wish, answers = self.material.study.scales, self.material.coded.answers
        found: dict[str, set[int]] = {}
        if not question or wish is None:
            return found
        scale = scale_of(answers, question, wish.agree or None, wish.disagree or None)
        sides = dict.fromkeys(scale.order, "Neither") | dict.fromkeys(scale.disagree, "Disagree")
        sides |= dict.fromkeys(scale.agree, "Agree")
        for person, value in enumerate(answers.values[question]):
            if isinstance(value, str) and value in scale.order:
                found.setdefault(sides[value], set()).add(person)
        return found

    def _levels(self, name: str) -> dict[str, set[int]]:
        """Give who is at each level of a question, classification or identifier."""
        if name not in self._variables.values():
            return {}
        groups, areas = variable(self.material.coded, name), self.material.areas if name == "la" else {}
        found: dict[str, set[int]] = {}
        for at, level in enumerate(groups.levels):
            people = groups.members[:, [at]].nonzero()[0].tolist()
            found.setdefault(areas.get(level, level), set()).update(people)
        return found

    def _is_open(self, at: int, *themes: int) -> bool:
        """Say whether an answer may stand as evidence of one of some themes."""
        which = self.material.coded.answers.answer_questions[at]
        return any(self.material.is_open(theme, which) for theme in themes)

    @cached_property
    def _lines(self) -> list[tuple[int, ...]]:
        """For each theme its number and those of the themes that it stands under."""
        codebook = self.material.coded.codebook
        return [
            tuple(at for at, above in enumerate(codebook.theme_ids) if name in codebook.descendants(above))
            for name in codebook.theme_ids
        ]

    @cached_property
    def _hits(self) -> list[set[int]]:
        """For each theme the answers in which it or one of its sub-themes was found."""
        columns = self.material.coded.columns
        found: list[set[int]] = [set() for _ in self._lines]
        for answer, theme in zip(columns.answer.tolist(), columns.theme.tolist(), strict=True):
            for each in self._lines[theme]:
                found[each].add(answer)
        return found

    @cached_property
    def _variables(self) -> dict[str, str]:
        """Column → the question, classification or identifier that it shows."""
        answers = self.material.coded.answers
        names = [each.id for each in answers.questions if each.kind != "open"]
        coded = self.material.coded
        return {column_of(name): name for name in (*names, *coded.levels, *answers.identifiers)}

    @cached_property
    def _closed(self) -> dict[str, str]:
        """Short name → closed question; none where two are called alike."""
        names = [each.id for each in self.material.coded.answers.questions if each.kind in CLOSED]
        titles = [self.material.names[name] for name in names]
        return {title: name for title, name in zip(titles, names, strict=True) if titles.count(title) == 1}
