"""Templates: the one way in which pages are made of them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from jinja2 import Template


def page_template(
    path: Path, *, autoescape: bool = True, finalize: Callable[[Any], Any] | None = None
) -> Template:
    """Open a Jinja template; others in its folder can be included.

    Args:
        path: The template's file. A word that it needs and is not given is an error, not a blank.
        autoescape: Whether what it sets is escaped as HTML and XML ask.
        finalize: What else is done to everything that it sets.
    """
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    folder = Environment(
        loader=FileSystemLoader(path.parent),
        autoescape=autoescape,  # noqa: S701 - Markdown is escaped by rules of its own
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=finalize,
    )
    return folder.get_template(path.name)
