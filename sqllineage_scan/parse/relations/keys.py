"""The keys of GROUP BY and ORDER BY: names, expressions, and the numbers of items of the SELECT list."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlglot import exp

from sqllineage_scan.domain.transformation import TransformationSubtype as Subtype
from sqllineage_scan.domain.unit import AliasRule, Influence, ItemUse
from sqllineage_scan.parse.expressions import influence, uses_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from sqllineage_scan.domain.unit import Use
    from sqllineage_scan.parse.scope import Scope


def order_of(order: exp.Expr, scope: Scope) -> Iterator[Influence]:
    """``order by a, b + 1``: a name alone means an item of the SELECT list first; inside an expression that depends."""
    keys = [ordered.this if isinstance(ordered, exp.Ordered) else ordered for ordered in order.expressions]
    names = [key for key in keys if isinstance(key, exp.Var) or (isinstance(key, exp.Column) and not key.args.get("table"))]
    rest = [key for key in keys if key not in names]
    yield Influence(Subtype.SORT, keys_of(names, Subtype.SORT, scope, every="all"), AliasRule.BEFORE_COLUMNS)
    yield Influence(Subtype.SORT, keys_of(rest, Subtype.SORT, scope, every="all"), scope.dialect.order_by_alias)


def keys_of(nodes: Iterable[exp.Expr], subtype: Subtype, scope: Scope, every: str = "") -> tuple[Use, ...]:
    """``1`` in GROUP BY and ORDER BY means an item of the SELECT list; and ``all`` in ORDER BY all of them."""
    uses: list[Use] = []
    for node in nodes:
        if isinstance(node, exp.Literal) and not node.is_string and str(node.this).isdigit():
            uses.append(ItemUse(int(node.this), subtype, scope.text.node_span(node)))
        elif every and _is_word(node, every):
            uses.append(ItemUse(None, subtype, scope.text.node_span(node)))
        else:
            uses.extend(uses_of(node, scope, subtype))
    return tuple(dict.fromkeys(uses))


def _is_word(node: exp.Expr, word: str) -> bool:
    """A word that some parsers of sqlglot's take for a column."""
    quoted = isinstance(node, exp.Column) and node.this.args.get("quoted")
    return isinstance(node, (exp.Column, exp.Var)) and node.name.lower() == word and not quoted


def counted(node: exp.Expr, scope: Scope) -> Iterator[Influence]:
    """``limit (select max(n) from settings)``: how many rows there are is read from somewhere."""
    for key in ("limit", "offset"):
        clause = node.args.get(key)
        size = clause.args.get("count") or clause.args.get("expression") if clause is not None else None
        if isinstance(size, exp.Expr) and not isinstance(size, exp.Literal):
            yield influence(size, scope, Subtype.FILTER)
