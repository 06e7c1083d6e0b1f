"""``add a int``, ``drop column b``, ``rename c to d``, ``change e f int``, ``replace columns (…)``: a table's columns altered."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlglot import exp
from sqlglot.errors import SqlglotError

from sqllineage_scan.domain.dataset import Column
from sqllineage_scan.domain.unit import SchemaAction, SchemaChange
from sqllineage_scan.parse.column_definition import defined_column
from sqllineage_scan.parse.words import find_at_top

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqllineage_scan.domain.names import RelationName
    from sqllineage_scan.parse.reader import Reader

COLUMN_ACTIONS = frozenset(("ADD", "DROP", "RENAME", "CHANGE", "REPLACE", "SET"))

_NO_COLUMN = frozenset(
    "CONSTRAINT PRIMARY FOREIGN UNIQUE CHECK INDEX KEY FULLTEXT SPATIAL PARTITION PARTITIONS SUBPARTITION ROW SEARCH PROJECTION "
    "STATISTICS FILES SUPPLEMENTAL EXCLUDE PERIOD RANGE TABLEGROUP SYSTEM VERSIONING DEFAULT EXPRESSION IDENTITY UNUSED FEATURE "
    "CLUSTERING MASKING TAG PERSISTENT DATA OPTIMIZATION".split()
)
_BEHIND_TYPE = ("FIRST", "AFTER", "BEFORE")
_NO_NEW_NAME = frozenset("TYPE COMMENT FIRST AFTER SET DROP".split())


def column_changes(item: Reader, verb: str, target: RelationName) -> list[SchemaChange]:
    """The changes of one item; none where it is about a constraint, a partition, a property."""
    item.take(verb)
    if verb == "SET":  # Oracle: set unused (a)
        return _dropped(item, target) if item.take("UNUSED COLUMN", "UNUSED") else []
    if item.word() in _NO_COLUMN:
        return []
    item.take("COLUMNS", "COLUMN")
    item.take("IF NOT EXISTS", "IF EXISTS")
    if verb == "ADD":
        return [_change(SchemaAction.ADD_COLUMN, target, item, column) for column in definitions(item)]
    if verb == "DROP":
        return _dropped(item, target)
    if verb == "REPLACE":
        columns = definitions(item)
        return [SchemaChange(SchemaAction.CREATE, target, item.span(), columns)] if columns else []
    return _renamed(item, target, changed=verb == "CHANGE")


def definitions(reader: Reader) -> tuple[Column, ...]:
    """``(a int, b string comment 'x')`` or one without parentheses."""
    listed = reader.group()
    items = listed.items() if listed is not None else [reader.until()]
    found = (_definition(item) for item in items if item.word() not in _NO_COLUMN)
    return tuple(column for column in found if column is not None)


def _definition(item: Reader) -> Column | None:
    """None for a field of a struct: ``add column address.zip string``."""
    if item.word(1) == ".":
        return None
    end = find_at_top(item.words, _BEHIND_TYPE)
    tokens = item.tokens[:end] if end > 1 else item.tokens
    try:
        node = item.parse(exp.ColumnDef, tokens)
    except SqlglotError:
        node = None
    if isinstance(node, exp.ColumnDef):
        return defined_column(node, item.scope)
    return Column(item.identifier())


def _dropped(item: Reader, target: RelationName) -> list[SchemaChange]:
    names: Sequence[str] = item.identifiers()
    if not names and item.word(1) != ".":
        names = (item.identifier(),)
    return [SchemaChange(SchemaAction.DROP_COLUMN, target, item.span(), tuple(Column(name) for name in names))] if names else []


def _renamed(item: Reader, target: RelationName, *, changed: bool) -> list[SchemaChange]:
    """``rename a to b``; ``change a b int``, which may only change the type; ``rename b`` names the table."""
    if item.word(1) == "." or item.done:
        return []
    first = item.tokens[item.at]
    old = item.identifier()
    item.take("TO", "AS")
    if item.done or (changed and item.word() in _NO_NEW_NAME):
        return []
    new = item.identifier()
    if new == old:
        return []
    span = item.scope.text.span(first.start, first.end + 1)
    return [SchemaChange(SchemaAction.RENAME_COLUMN, target, span, (Column(new),), renamed_from=old)]


def _change(action: SchemaAction, target: RelationName, item: Reader, column: Column) -> SchemaChange:
    return SchemaChange(action, target, item.span(), (column,))
