"""Codebook files edited in place: only the lines of entries change; comments and order stay."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sendthemes.codebook.load import load_codebook
from sendthemes.codebook.model import Codebook, Entry
from sendthemes.errors import CodebookError, Problem, nearest, unknown
from sendthemes.files import write_whole
from sendthemes.table import Table

if TYPE_CHECKING:
    from ruamel.yaml.nodes import MappingNode, Node, SequenceNode

# A label as the drafts have it: a plain entry, perhaps in the answers to some questions.
_DRAFT = re.compile(r"(?:(form|exact|regex): )?(.*?)(?: \(questions: \[(.*)\]\))?", re.DOTALL)
CHANGES = ("add", "remove", "exclude")
_LISTS = {"add": "entries", "remove": "entries", "exclude": "exclusions"}


def apply_suggestions(path: str | Path, changes: Table | Iterable[Mapping[str, Any]]) -> Codebook:
    """Edit a codebook's YAML file: add, remove and exclude entries; all other lines stay as they are.

    The old file is kept beside it as ``….bak``. Changes are rows of ``suggest_entries``, all or those
    accepted (theme, change, entry); none leave the file untouched.

    Returns:
        The codebook as it is now in the file.

    Raises:
        CodebookError: An unknown theme or kind of change, an entry to remove that is not there, or a file
            that does not load; the file is then untouched.
    """
    from ruamel.yaml import YAML

    old = Path(path).read_bytes()
    text = old.decode("utf-8-sig")
    codebook = load_codebook(Path(path))
    rows = [(str(row["theme"]), str(row["change"]), str(row["entry"])) for row in changes]
    if problems := list(_faults(codebook, rows, Path(path).name)):
        raise CodebookError(problems)
    if not rows:
        return codebook
    root = YAML(typ="rt").compose(text)
    edits = [edit for theme, node in _themes(root) for edit in _edits(text, node, _of(rows, theme))]
    for start, end, instead in sorted(edits, reverse=True):
        text = text[:start] + instead + text[end:]
    made = load_codebook(text if "\n" in text else text + "\n")
    write_whole(Path(path).with_name(Path(path).name + ".bak"), old)
    write_whole(path, text.encode())
    return made


def _faults(codebook: Codebook, rows: list[tuple[str, str, str]], where: str) -> Iterator[Problem]:
    have = {theme.theme: {entry.label for entry in theme.entries} for theme, _ in codebook.walk()}
    for theme, change, entry in rows:
        if change not in CHANGES:
            told = f"The change {change!r} is none of {', '.join(CHANGES)}."
            yield Problem(told, where, nearest(change, CHANGES))
        elif theme not in have:
            yield unknown("theme", theme, have, where)
        elif change == "remove" and entry not in have[theme]:
            told = f"Theme {theme!r} has no entry {entry!r} to remove."
            yield Problem(told, where, nearest(entry, have[theme]))


def _of(rows: list[tuple[str, str, str]], theme: str) -> dict[str, tuple[list[str], list[str]]]:
    """Give the changes of one theme: list → (labels to add, labels to remove)."""
    found: dict[str, tuple[list[str], list[str]]] = {}
    for name, change, entry in rows:
        if name == theme:
            added, removed = found.setdefault(_LISTS[change], ([], []))
            (removed if change == "remove" else added).append(entry)
    return found


def _themes(node: MappingNode) -> Iterator[tuple[str, MappingNode]]:
    for key, value in node.value:
        if key.value == "themes":
            for theme in value.value:
                name = next(each.value for label, each in theme.value if label.value == "theme")
                yield str(name), theme
                yield from _themes(theme)


def _edits(
    text: str, theme: MappingNode, lists: Mapping[str, tuple[list[str], list[str]]]
) -> Iterator[tuple[int, int, str]]:
    """Give (start, end, replacement) in characters of the file."""
    for name, (added, removed) in lists.items():
        found = next(((key, value) for key, value in theme.value if key.value == name), None)
        if found is not None and not (found[1].flow_style or not found[1].value):
            yield from _block(text, *found, added, removed)
            continue
        items = [] if found is None else found[1].value
        marks = [(item.start_mark, item.end_mark) for item in items if _label(item) not in removed]
        kept = [text[start.index : end.index].strip() for start, end in marks]
        listed = f"[{', '.join([*kept, *(_written(label, flow=True) for label in added)])}]"
        if found is not None:
            yield found[1].start_mark.index, found[1].end_mark.index, listed
        elif theme.flow_style:
            yield theme.end_mark.index - 1, theme.end_mark.index - 1, f", {name}: {listed}"
        else:
            end = _line_end(text, _last(theme.value[0][1]))
            yield end, end, f"\n{' ' * theme.start_mark.column}{name}: {listed}"


def _block(
    text: str, key: Node, items: SequenceNode, added: list[str], removed: list[str]
) -> Iterator[tuple[int, int, str]]:
    gone = [item for item in items.value if _label(item) in removed]
    for item in gone:
        start = text.rfind("\n", 0, item.start_mark.index) + 1
        yield start, _line_end(text, _last(item)) + 1, ""
    if len(gone) == len(items.value) and not added:
        yield key.end_mark.index + 1, key.end_mark.index + 1, " []"
    if added:
        indent = "\n" + " " * items.start_mark.column + "- "
        end = _line_end(text, _last(items.value[-1]))
        lines = "".join(indent + _written(label) for label in added)
        if items.value[-1] in gone:  # the line break before it is still there
            yield end + 1, end + 1, lines[1:] + "\n"
        else:
            yield end, end, lines


def _label(item: Node) -> str:
    from ruamel.yaml import YAML
    from ruamel.yaml.constructor import SafeConstructor

    plain = SafeConstructor(loader=YAML(typ="safe", pure=True)).construct_document(item)
    return Entry.model_validate(plain).label


def _last(node: Any) -> int:
    """Give where the last word of a node ends (a block's own end lies behind the comments after it)."""
    while isinstance(node.value, list) and node.value and not node.flow_style:
        last = node.value[-1]
        node = last[1] if isinstance(last, tuple) else last
    return int(node.end_mark.index)


def _line_end(text: str, at: int) -> int:
    if at and text[at - 1] == "\n":  # a block scalar ends behind its last line
        at -= 1
    found = text.find("\n", at)
    return len(text) if found < 0 else found


def _written(label: str, *, flow: bool = False) -> str:
    """Write an entry as YAML; words that YAML would not read as text are quoted."""
    found = _DRAFT.fullmatch(label)
    assert found is not None
    # A label puts in quotes what could be taken for something else.
    kind, word, question = (json.loads(part) if part and part[0] == '"' else part for part in found.groups())
    if not kind and not question:
        return _quoted(word)
    made = f"{kind or 'word'}: {_quoted(word)}"
    if question:
        made = f"{{{made}, questions: [{_quoted(question)}]}}"
    return f"{{{made}}}" if flow and not question else made


def _quoted(word: str) -> str:
    from yaml import safe_load

    plain = word.replace(" ", "").isalpha() and safe_load(word) == word
    return word if plain else json.dumps(word, ensure_ascii=False)
