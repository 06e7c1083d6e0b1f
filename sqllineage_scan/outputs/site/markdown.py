"""Descriptions: Markdown to HTML, with the author's HTML as text and links only to where a page may lead."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

from markupsafe import Markup, escape

if TYPE_CHECKING:
    from markdown_it import MarkdownIt

_PLAIN = re.compile(r"[^\W\d_][\w ,.;:'()/?%-]*")  # nothing in it that Markdown reads
_SCHEMES = ("http://", "https://", "mailto:")
_DEEPEST, _BELOW = 6, 3  # headings of a description stand below the page's own


def paragraphs(text: str) -> Markup:
    """A description as blocks: ``<p>One row per <em>order</em>.</p>``."""
    text = text.strip()
    if not text:
        return Markup()
    if _PLAIN.fullmatch(text) and "_" not in text:
        return Markup("<p>{}</p>\n").format(text)
    reader = _reader()
    tokens = reader.parse(text)
    for token in tokens:
        if token.type in ("heading_open", "heading_close"):
            token.tag = f"h{min(_DEEPEST, int(token.tag[1:]) + _BELOW)}"
    return Markup(reader.renderer.render(tokens, reader.options, {}))  # noqa: S704 -- rendered with HTML off


def phrase(text: str) -> Markup:
    """A description within a line: no blocks."""
    text = " ".join(text.split())
    if _PLAIN.fullmatch(text) and "_" not in text:
        return escape(text)
    return Markup(_reader().renderInline(text))  # noqa: S704 -- rendered with HTML off


@cache
def _reader() -> MarkdownIt:
    """CommonMark and tables. No images: a page makes no requests that nobody asked for."""
    from markdown_it import MarkdownIt

    reader = MarkdownIt("commonmark", {"html": False}).enable("table").disable("image")
    reader.validateLink = _leads_somewhere  # type: ignore[method-assign]
    return reader


def _leads_somewhere(url: str) -> bool:
    """Whether a link is kept: what is relative leads nowhere on this site, and ``javascript:`` is no place."""
    return url.strip().lower().startswith(_SCHEMES)
