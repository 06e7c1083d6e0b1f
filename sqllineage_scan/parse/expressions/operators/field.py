"""A part of a value: ``s.x``, ``s['x']``, ``doc:a.b``, ``doc->'a'``, ``items[1]``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlglot import exp

from sqllineage_scan.parse.expressions.composite import composite
from sqllineage_scan.parse.expressions.methods import called_on
from sqllineage_scan.parse.expressions.purpose import EVERY_FIELD

if TYPE_CHECKING:
    from sqllineage_scan.parse.expressions.purpose import Purpose
    from sqllineage_scan.parse.expressions.visitor import Visitor


def _dot(node: exp.Expr, visitor: Visitor, purpose: Purpose) -> None:
    """``o.address.zip`` and ``f(x).y``: the part behind the dot is a field, not a column."""
    part = node.expression
    if isinstance(part, exp.Func):  # schema.function(a), or a.method()
        visitor.visit(part, purpose)
        owner = called_on(node, visitor.scope)
        if owner is not None:
            visitor.visit(owner, visitor.argument(part, purpose).whole())
    elif isinstance(part, exp.Star):
        visitor.visit(node.this, purpose.computed())
    elif isinstance(node.this, exp.Anonymous) and visitor.scope.alias_name(node.this.name) in visitor.scope.inputs:
        row = exp.to_identifier(node.this.name)  # PL/SQL: rows(i).id, of a collection of rows
        visitor.visit(exp.Column(this=part.copy(), table=row), purpose)
    else:
        visitor.visit(node.this, purpose.inside(part.name))


def _bracket(node: exp.Expr, visitor: Visitor, purpose: Purpose) -> None:
    """``s['x']`` is a field and ``xs[1]`` an item; in ``xs[n]`` n is an operand too."""
    purpose = purpose.computed()
    keys = node.expressions
    key = keys[0] if len(keys) == 1 else None
    if isinstance(key, exp.Literal) and key.is_string:
        visitor.visit(node.this, purpose.inside(key.name))
        return
    made = composite(node.this)
    if made is not None and isinstance(key, exp.Literal):  # row(a, b)[1], which sqlglot counts from 0
        visitor.visit(node.this, purpose.inside(str(int(key.name) + 1)))
        return
    visitor.visit(node.this, purpose)
    for operand in keys:
        visitor.visit(operand, purpose.whole())


def _json(node: exp.Expr, visitor: Visitor, purpose: Purpose) -> None:
    """``doc:a.b``, ``json_value(doc, '$.a.b')``, ``doc ->> 'a'``."""
    purpose = purpose.computed()
    path = node.expression
    if isinstance(path, exp.JSONPath):
        keys = [part.this for part in path.expressions if isinstance(part, exp.JSONPathKey)]
        known = all(isinstance(key, str) for key in keys)
        visitor.visit(node.this, purpose.inside(*keys) if known else purpose.whole())
    elif isinstance(path, exp.Literal) and path.is_string and not path.name.startswith(("{", "$", "/")):
        visitor.visit(node.this, purpose.inside(path.name))
    else:
        visitor.visit(node.this, purpose.whole())
        visitor.visit(path, purpose.whole())
    visitor.operands(node, purpose, skip=("this", "expression"))


def _field_by_name(node: exp.Expr, visitor: Visitor, purpose: Purpose) -> None:
    """``struct_extract(s, 'x')``, ``get(doc, 'x')``, ``tupleElement(t, 1)``."""
    operands = node.expressions if isinstance(node, exp.Anonymous) else [node.this, node.expression]
    purpose = purpose.computed()
    if len(operands) > 1 and isinstance(operands[1], exp.Literal):
        key = operands[1]
        item = not key.is_string and node.name.lower() in _ITEMS
        visitor.visit(operands[0], purpose if item else purpose.inside(key.name))
        operands = operands[2:]
    for operand in operands:
        visitor.visit(operand, purpose.whole())


def _keeps(node: exp.Expr, visitor: Visitor, purpose: Purpose) -> None:
    """``array_first(xs)``, ``list_sort(xs)``: items of the same kind."""
    visitor.visit(node.this, purpose.computed())
    visitor.operands(node, purpose, skip=("this",))


def _keeps_by_name(node: exp.Expr, visitor: Visitor, purpose: Purpose) -> None:
    first, *rest = node.expressions or [None]
    purpose = visitor.argument(node, purpose)
    visitor.visit(first, purpose)
    for operand in rest:
        visitor.visit(operand, purpose.whole())


def _composite(node: exp.Expr, visitor: Visitor, purpose: Purpose) -> None:
    """``struct(a as x, b as y)``: of the whole, a and b; of its field x, only a."""
    made = composite(node)
    if made is None or not purpose.path:
        visitor.operands(node, purpose)
        return
    if purpose.path[0] == EVERY_FIELD:
        for member in made.members:
            visitor.visit(member.value, purpose if member.name == "*" else purpose.whole())
        return
    chosen = made.member(purpose.path[0])
    if chosen is None:
        visitor.operands(node, purpose)
        return
    purpose = purpose if made.exact else purpose.computed()
    visitor.visit(chosen.value, purpose if chosen.name == "*" else purpose.next())


def _array(node: exp.Expr, visitor: Visitor, purpose: Purpose) -> None:
    """``[struct(a as x), struct(b as x)]``: the field x of the items."""
    visitor.children(node, purpose.computed())


_ITEMS = frozenset({"element_at", "list_extract", "array_extract", "get", "list_element"})
EXPRESSIONS = {
    exp.Dot: _dot,
    exp.Bracket: _bracket,
    exp.JSONExtract: _json,
    exp.JSONExtractScalar: _json,
    exp.JSONBExtract: _json,
    exp.JSONBExtractScalar: _json,
    exp.StructExtract: _field_by_name,
    exp.GetExtract: _field_by_name,
    exp.ArrayFirst: _keeps,
    exp.ArrayLast: _keeps,
    exp.ArraySlice: _keeps,
    exp.Explode: _keeps,
    exp.Array: _array,
    **dict.fromkeys((exp.Struct, exp.Tuple, exp.JSONObject, exp.StarMap, exp.Map, exp.VarMap, exp.ToMap), _composite),
}
FUNCTIONS = {
    **dict.fromkeys(("struct_extract", "get", "tupleelement", "map_extract", "struct_element", *_ITEMS), _field_by_name),
    **dict.fromkeys(
        (
            "object_construct object_construct_keep_null json_build_object jsonb_build_object json_object jsonb_object hstore "
            "map_construct create_map named_struct map row tuple"
        ).split(),
        _composite,
    ),
    **dict.fromkeys(
        (
            "any_value arbitrary array_agg list array_first array_last list_first list_last array_slice list_slice array_sort "
            "list_sort collect_list collect_set any anylast unnest explode to_variant parse_json array_reverse list_reverse "
            "json_agg jsonb_agg"
        ).split(),
        _keeps_by_name,
    ),
}
