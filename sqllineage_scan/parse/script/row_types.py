"""Oracle's row types, and the rows that a pipelined function makes of them.

create type t_row as object (id number, amount number)        type t_row is record (id number, amount number)
pipe row (t_row(r.id, r.amount * 2))                          a row with the columns id and amount
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from sqlglot import exp
from sqlglot.tokens import TokenType

from sqllineage_scan.parse.words import behind_group, behind_name, find_at_top, split_at_top

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlglot.tokens import Token

    from sqllineage_scan.parse.script.session import Session, Value


def note_type(tokens: Sequence[Token], words: Sequence[str], session: Session) -> None:
    """Remember the columns of a row type, where the statement defines one."""
    at = next((index for index in range(min(len(words), 5)) if words[index] == "TYPE"), -1)
    opened = find_at_top(words, ("OBJECT", "RECORD"), max(at, 0)) + 1
    if at < 0 or not opened or words[opened : opened + 1] != ["("]:
        return
    name = tokens[behind_name(words, at + 1) - 1].text.lower()
    items = split_at_top(words, ",", opened + 1, behind_group(words, opened) - 1)
    session.row_types[name] = tuple(
        exp.Identifier(this=tokens[first].text, quoted=tokens[first].token_type is TokenType.IDENTIFIER) for first, _ in items
    )


def piped_row(value: Value, session: Session) -> Value:
    """What ``pipe row`` adds, as a query of one row: of a constructor's arguments, or of all that a record holds."""
    tree = value.tree.unnest()
    if isinstance(tree, exp.Anonymous):
        names = session.row_types.get(tree.name.lower(), ())
        unnamed = tree.expressions[len(names) :]
        items = [exp.Alias(this=item, alias=name.copy()) for item, name in zip(tree.expressions, names, strict=False)]
        return replace(value, tree=exp.Select(expressions=[*items, *unnamed]), is_query=True)
    if isinstance(tree, exp.Column) and not tree.table:
        everything = exp.Column(this=exp.Star(), table=tree.this)
        return replace(value, tree=exp.Select(expressions=[everything]), is_query=True)
    return value
