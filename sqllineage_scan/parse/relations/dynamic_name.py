"""Names that a string holds, in FROM: ``identifier('db.orders')``, ``identifier($src)``, ``table('orders')``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlglot import exp

from sqllineage_scan.domain.names import NameKind, RelationName
from sqllineage_scan.parse.names import name_in
from sqllineage_scan.parse.script.constants import constant_text

if TYPE_CHECKING:
    from sqllineage_scan.parse.scope import Scope


def dynamic_name(node: exp.Expr, scope: Scope) -> RelationName | None:
    """What the string holds; a hole where nothing tells. None for anything but such a name."""
    if isinstance(node, exp.DynamicIdentifier) or (isinstance(node, exp.Anonymous) and node.name.lower() == "identifier"):
        held = node.this if isinstance(node, exp.DynamicIdentifier) else node.expressions[0]
    elif isinstance(node, exp.TableFromRows) or (isinstance(node, exp.Anonymous) and node.name.lower() == "table"):
        held = node.this if isinstance(node, exp.TableFromRows) else (node.expressions or [node])[0]
        if not isinstance(held, (exp.Literal, exp.Parameter)):
            return None
    else:
        return None
    text = constant_text(held, scope.constants)
    return name_in(text, scope) if text else RelationName(NameKind.HOLE, (held.sql(scope.dialect.name or None),))
