"""Text from a repository as GitHub's and GitLab's Markdown that can be nothing but text.

Names, expressions and messages are whoever's wrote the pull request. A name may hold ``|``, backticks, ``<img>``, ``@someone``,
``org/repo#1``, ``-->``, a newline or a mark that turns the reading direction, and it comes out as a word that looks odd.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from unicodedata import bidirectional, category
from urllib.parse import quote

from sqllineage_scan.outputs.lines import clipped

if TYPE_CHECKING:
    from sqllineage_scan.domain.names import ColumnId, DatasetId
    from sqllineage_scan.domain.span import Span

NAME = 100  # characters of a name
_FIRST_DIFFERENCE = 16  # characters that are kept before it
_PLAIN = re.compile(r"[(\"']*(?:[^\W\d_]+(?:['’-][^\W\d_]+)*|\d[\d.,]*%?|[-–→=+])[)\"',.:;?!]*")  # noqa: RUF001
_TAME = re.compile(r"[^`|\\\n]*[^`|\\\n ]")  # what a code span holds as it is, in a table as well
_PARTS = re.compile(r"(`[^`]+`|\s+)")
_UNSEEN = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}
_FROM_THE_RIGHT = {"R", "AL", "AN"}


def code(text: str, width: int = NAME) -> str:
    """``text`` as a code span: hosts find no mentions, references, links, mathematics and HTML in it."""
    text = one_line(text, width) or " "
    if _TAME.fullmatch(text) and not text.startswith(" "):
        span = f"`{text}`"
    else:  # a backtick ends a code span, and a pipe a cell even inside of one
        span = f"<code>{''.join(_entity(letter) for letter in text)}</code>"
    if any(bidirectional(letter) in _FROM_THE_RIGHT for letter in text):
        return f"\N{FIRST STRONG ISOLATE}{span}\N{POP DIRECTIONAL ISOLATE}"
    return span


def prose(text: str, width: int = 240) -> str:
    """A sentence of ours with names in it. Words of letters stay as they are, all others become code."""
    sentence = ""
    odd: list[str] = []
    for part in _PARTS.split(one_line(text, width)):
        if not part:
            continue
        if part.isspace() or (part.startswith("`") and part.endswith("`") and len(part) > 1) or _PLAIN.fullmatch(part):
            if part.isspace() and odd:
                odd.append(part)
                continue
            sentence += _flush(odd) + (code(part[1:-1]) if part.startswith("`") else part)
        else:
            odd.append(part)
    return sentence + _flush(odd)


def _flush(odd: list[str]) -> str:
    """Neighbouring odd words are one code span; the space behind them is not of it."""
    text = "".join(odd)
    odd.clear()
    if not text:
        return ""
    bare = text.rstrip()
    return code(bare) + text[len(bare) :]


def named(subject: ColumnId | DatasetId) -> str:
    return code(str(subject))


def linked(shown: str, span: Span | None, blob: str) -> str:
    """``shown``, which is Markdown already, with a link to its place. ``blob``: where files are, or nothing."""
    address = address_of(span, blob)
    return f"[{shown}]({address})" if address else shown


def address_of(span: Span | None, blob: str) -> str:
    """A path that climbs out of the repository would lead to another one on the same host: it is no path of ours."""
    if span is None or not blob or not span.path or ".." in span.path.split("/") or span.path.startswith("/"):
        return ""
    return blob.replace("{path}", quote(span.path, errors="replace")).replace("{line}", str(span.line))


def place(span: Span | None, blob: str) -> str:
    """``orders.sql L12``, linked."""
    if span is None:
        return ""
    return linked(f"{code(span.path.rpartition('/')[2], 60)} L{span.line}", span, blob)


def changed(before: str, after: str, width: int = 60) -> str:
    """Two expressions with an arrow, cut to where they begin to differ."""
    before, after = one_line(before, 2000), one_line(after, 2000)
    same = next(
        (at for at, (old, new) in enumerate(zip(before, after, strict=False)) if old != new), min(len(before), len(after))
    )
    skip = same - _FIRST_DIFFERENCE if same > _FIRST_DIFFERENCE + width // 2 else 0
    start = "…" if skip else ""
    return f"{code(start + before[skip:], width)} → {code(start + after[skip:], width)}"


def fenced(text: str, language: str) -> str:
    """A block of code whose fence is longer than any in it."""
    longest = max((len(run) for run in re.findall(r"`+", text)), default=0)
    fence = "`" * max(3, longest + 1)
    return f"{fence}{language}\n{text}\n{fence}\n"


def one_line(text: str, width: int) -> str:
    """A name of a million letters is cut before it is looked at."""
    return clipped(_visible(text[: 20 * width]), width)


def _visible(text: str) -> str:
    """Letters that nobody sees are shown by their number: they reorder what stands around them, or hide in a name."""
    if text.isascii() and text.isprintable():
        return text
    return "".join(
        " " if letter in "\t\n\r" else f"\\u{{{ord(letter):x}}}" if category(letter) in _UNSEEN else letter for letter in text
    )


def _entity(letter: str) -> str:
    if letter == "@":  # a@b.example becomes a link to write to even in <code>, unless something stands between
        return "<wbr>@<wbr>"
    return letter if letter.isalnum() or letter in " ,;" else f"&#{ord(letter)};"
