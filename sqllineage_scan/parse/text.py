"""The text of one statement: where its nodes stand, and what its stand-in identifiers mean."""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass, field
from hashlib import sha256
from operator import attrgetter
from typing import TYPE_CHECKING

from sqlglot import exp
from sqlglot.tokens import TokenType

from sqllineage_scan.parse.layout import SelectList, select_lists

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sqlglot.tokens import Token

    from sqllineage_scan.domain.names import RelationName
    from sqllineage_scan.domain.source import Hole, SourceMap
    from sqllineage_scan.domain.span import Span


_EXACT = frozenset(
    {TokenType.STRING, TokenType.IDENTIFIER, TokenType.RAW_STRING, TokenType.HEREDOC_STRING, TokenType.BYTE_STRING}
)


_START = attrgetter("start")


@dataclass(slots=True)
class StatementText:
    """``sql`` is what the parser saw; a node at offset *n* of it stands at ``offset + n`` of the rendered text."""

    sql: str
    offset: int
    tokens: Sequence[Token]
    source_map: SourceMap
    names: Mapping[str, RelationName]
    holes: Mapping[str, Hole]
    _lists: list[SelectList] | None = field(default=None)
    _mentioned: dict[str, bool] = field(default_factory=dict)
    _extents: dict[int, tuple[exp.Expr, tuple[int, int] | None]] = field(default_factory=dict)  # of queries, by id

    def span(self, start: int, end: int) -> Span:
        """The source span of ``sql[start:end]``."""
        offset = self.offset
        return self.source_map.span(start + offset, end + offset)

    def bounds(self) -> tuple[int, int]:
        """Where the statement begins and ends in ``sql``; all of it when it could not be cut into tokens."""
        return (self.tokens[0].start, self.tokens[-1].end + 1) if self.tokens else (0, len(self.sql.rstrip()))

    def mentions(self, word: str) -> bool:
        """Whether ``word``, in lower case, is anywhere in the statement: a cheap look before a walk over a tree."""
        found = self._mentioned.get(word)
        if found is None:
            first, last = self.bounds()
            found = self._mentioned[word] = word in self.sql[first:last].lower()
        return found

    def whole(self) -> Span:
        return self.span(*self.bounds())

    def node_span(self, node: exp.Expr) -> Span:
        """The span of all that the parser remembers of ``node``; of the whole statement when it remembers nothing."""
        found = self._extent(node)
        return self.span(*found) if found else self.whole()

    def _extent(self, node: exp.Expr) -> tuple[int, int] | None:
        """``extent(node)``; of a query together with those of all queries in it, since each of them is asked for its own and
        walking each of ``(select … from (select … from (…`` would be walking the innermost as often as it is deep.
        """
        if not isinstance(node, exp.Query):
            return extent(node)
        if id(node) not in self._extents:
            inside: dict[int, tuple[int, int] | None] = {}
            for part in reversed(list(node.walk(bfs=False, prune=lambda part: id(part) in self._extents))):
                if id(part) in self._extents:
                    found = self._extents[id(part)][1]
                else:
                    found = _both(inside.pop(id(part), None), place(part) if part._meta else None)  # noqa: SLF001 -- see place
                if isinstance(part, exp.Query):
                    self._extents[id(part)] = part, found
                if part is not node and part.parent is not None:
                    inside[id(part.parent)] = _both(inside.get(id(part.parent)), found)
        return self._extents[id(node)][1]

    def select_list(self, anchor: int) -> SelectList | None:
        """The SELECT list whose items hold offset ``anchor``: the innermost one."""
        if self._lists is None:
            self._lists = select_lists(self.tokens)
        best = None
        for candidate in self._lists:
            if candidate.start > anchor:
                break
            if anchor < candidate.end:
                best = candidate
        return best

    def written(self, start: int, end: int) -> str:
        """``sql[start:end]`` on one line, without comments, its stand-ins as the template has them."""
        piece = self.sql[start:end]
        if "\n" in piece or "--" in piece or "/*" in piece or "  " in piece or "\t" in piece:
            piece = self._relaid(start, end)
        return self.in_template(piece)

    def in_template(self, piece: str) -> str:
        """``piece`` with what the template has in the place of every stand-in: ``ref__0`` is ``{{ ref('orders') }}``."""
        if (self.names or self.holes) and "__" in piece:
            for token, name in sorted(self.names.items(), reverse=True):
                piece = piece.replace(token, f"{{{{ {name} }}}}")
            piece = self.with_holes(piece)
        return piece

    def fingerprint(self) -> str:
        """Of the words as a database reads them: no comments, no layout, no case but in quotes; stand-ins by their meaning."""
        if not self.tokens:
            return sha256(" ".join(self.sql.split()).encode("utf-8", "surrogatepass")).hexdigest()
        words = [token.text if token.token_type in _EXACT else token.text.lower() for token in self.tokens]
        if not self.names and not self.holes:
            return sha256("\0".join(words).encode("utf-8", "surrogatepass")).hexdigest()
        meant = {token: str(name) for token, name in self.names.items()} | {
            token: hole.expression for token, hole in self.holes.items()
        }
        text = "\0".join(map(meant.get, words, words))
        return sha256(self.with_holes(text).encode("utf-8", "surrogatepass")).hexdigest()

    def with_holes(self, piece: str) -> str:
        """``piece`` with what the template has in the place of the stand-ins that nobody could render."""
        for token, hole in sorted(self.holes.items(), reverse=True):  # hole__10 before hole__1
            piece = piece.replace(token, f"{{{{ {hole.expression} }}}}")
        return piece

    def _relaid(self, start: int, end: int) -> str:
        parts: list[str] = []
        sql, tokens, previous = self.sql, self.tokens, start
        for index in range(bisect_left(tokens, start, key=_START), len(tokens)):
            token = tokens[index]
            first = token.start
            if first >= end:
                break
            if first > previous:
                parts.append(" ")
            previous = token.end + 1
            parts.append(sql[first:previous])
        return "".join(parts)


def extent(node: exp.Expr) -> tuple[int, int] | None:
    """From the first to behind the last character of ``node`` that the parser remembers (names, literals, functions)."""
    found = [where for part in node.walk() if part._meta and (where := place(part)) is not None]  # noqa: SLF001 -- see place
    return (min(first for first, _ in found), max(last for _, last in found)) if found else None


def _both(one: tuple[int, int] | None, other: tuple[int, int] | None) -> tuple[int, int] | None:
    if one is None or other is None:
        return one or other
    return min(one[0], other[0]), max(one[1], other[1])


def place(node: exp.Expr) -> tuple[int, int] | None:
    """From the first to behind the last character of a node that the parser remembers as a whole."""
    known = node._meta  # noqa: SLF001 -- .meta would create a dict per node
    end = known.get("end") if known else None  # of `p.d.INFORMATION_SCHEMA.COLUMNS`, cut into its parts, it is None
    return (known["start"], end + 1) if known and end is not None else None


def anchor(node: exp.Expr) -> int | None:
    """An offset inside ``node`` but in no subquery of it."""
    pending = [node]
    while pending:
        part = pending.pop()
        found = place(part)
        if found is not None:
            return found[0]
        if not isinstance(part, (exp.Query, exp.Subquery)):
            pending.extend(reversed(list(part.iter_expressions())))
    return None
