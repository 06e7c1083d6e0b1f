"""Which fields an expression's value is seen to have, without looking at any schema."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from sqlglot import exp

from sqllineage_scan.parse.expressions.composite import composite
from sqllineage_scan.parse.kinds import Kinds

if TYPE_CHECKING:
    from sqllineage_scan.parse.scope import Scope

# One value of many, or the value itself, or a list of such values: a list has the fields of its items.
KEEPS_FIELDS = (
    exp.Alias,
    exp.Paren,
    exp.AnyValue,
    exp.ArgMax,
    exp.ArgMin,
    exp.ArrayAgg,
    exp.ArrayFirst,
    exp.ArrayLast,
    exp.ArraySlice,
    exp.ArrayUniqueAgg,
    exp.Distinct,
    exp.Explode,
    exp.Filter,
    exp.First,
    exp.FirstValue,
    exp.HavingMax,
    exp.IgnoreNulls,
    exp.Lag,
    exp.Last,
    exp.LastValue,
    exp.Lead,
    exp.Limit,
    exp.Max,
    exp.Min,
    exp.NthValue,
    exp.Order,
    exp.RespectNulls,
    exp.Window,
)
KEEPS_FIELDS_BY_NAME = frozenset(
    "any_value arbitrary array_agg list array_first array_last list_first list_last element_at list_extract array_extract "
    "array_slice list_slice array_sort list_sort sort_array collect_list collect_set grouparray grouparraysorted any anylast "
    "unnest explode to_variant parse_json array_reverse list_reverse json_agg jsonb_agg".split()
)


class Field(NamedTuple):
    """A field and the fields in it. ``row``: the columns of that input, or of all inputs, whatever they are."""

    name: str
    inner: tuple[Field, ...] = ()
    row: exp.Expr | None = None


def shape_of(node: exp.Expr | None, scope: Scope) -> tuple[Field, ...]:
    """The fields of a value; () when there are none to be seen.

    struct(a as x, struct(b as z) as y)  ->  x, y with z in it
    array_agg(o)                         ->  the columns of o
    """
    if node is None or not _FIELDS_SEEN[type(node)]:
        return ()
    if isinstance(node, exp.Column):
        return _whole_row(node, scope)
    made = composite(node)
    if made is not None:
        return tuple(
            Field("*", row=member.value) if member.name == "*" else Field(member.name, shape_of(member.value, scope))
            for member in made.members
        )
    if isinstance(node, exp.Cast):
        return _cast(node, scope)
    if isinstance(node, exp.Bracket):
        return shape_of(node.this, scope) if _is_index(node) else ()
    if isinstance(node, exp.Array):
        return shape_of(node.expressions[0], scope) if node.expressions else ()
    return _passed_on(node, scope)


_FIELDS_SEEN = Kinds(
    *KEEPS_FIELDS,
    exp.Anonymous,
    exp.AnonymousAggFunc,
    exp.Array,
    exp.Bracket,
    exp.Case,
    exp.Cast,
    exp.Coalesce,
    exp.Column,
    exp.If,
    exp.JSONObject,
    exp.Map,
    exp.ParameterizedAgg,
    exp.StarMap,
    exp.Struct,
    exp.ToMap,
    exp.Tuple,
    exp.VarMap,
)


def _passed_on(node: exp.Expr, scope: Scope) -> tuple[Field, ...]:
    """What chooses among values keeps their fields: ``coalesce(s, struct(a as x))``."""
    if isinstance(node, KEEPS_FIELDS):
        return shape_of(node.this, scope)
    if isinstance(node, (exp.Case, exp.If, exp.Coalesce)):
        return _first([*_branches(node)], scope)
    if isinstance(node, exp.ParameterizedAgg):
        return _first(node.args.get("params") or [], scope) if node.name.lower() in KEEPS_FIELDS_BY_NAME else ()
    if isinstance(node, (exp.Anonymous, exp.AnonymousAggFunc)) and node.name.lower() in KEEPS_FIELDS_BY_NAME:
        return shape_of(node.expressions[0], scope) if node.expressions else ()
    return ()


def _branches(node: exp.Expr) -> list[exp.Expr]:
    if isinstance(node, exp.Case):
        found = [branch.args.get("true") for branch in node.args.get("ifs") or ()] + [node.args.get("default")]
    elif isinstance(node, exp.If):
        found = [node.args.get("true"), node.args.get("false")]
    else:
        found = [node.this, *node.expressions]
    return [branch for branch in found if branch is not None]


def _first(nodes: list[exp.Expr], scope: Scope) -> tuple[Field, ...]:
    return next((shape for node in nodes if (shape := shape_of(node, scope))), ())


def _cast(node: exp.Cast, scope: Scope) -> tuple[Field, ...]:
    """``cast(row(a, b) as row(x int, y int))``: the type names the fields."""
    inner = shape_of(node.this, scope)
    if not inner:
        return ()
    names = names_of_type(node.args.get("to"))
    return tuple(Field(name, field.inner) for name, field in zip(names, inner, strict=False)) if names else inner


def names_of_type(kind: exp.Expr | None) -> list[str]:
    """``x`` and ``y`` of ``struct<x int, y int>``, ``row(x int, y int)``."""
    if not isinstance(kind, exp.DataType):
        return []
    return [part.name for part in kind.expressions if isinstance(part, exp.ColumnDef)]


def _whole_row(node: exp.Column, scope: Scope) -> tuple[Field, ...]:
    """``array_agg(o)``, where ``o`` is an input: whether a column is called that too is seen when names are bound."""
    if node.args.get("table") is None and scope.alias_name(node.this) in scope.inputs:
        return (Field("*", row=node),)
    return ()


def _is_index(node: exp.Bracket) -> bool:
    """``xs[1]``, against ``s['x']``."""
    return all(not (isinstance(key, exp.Literal) and key.is_string) for key in node.expressions)
