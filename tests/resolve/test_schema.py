from __future__ import annotations

from sqllineage_scan.domain.dataset import Column, SchemaOrigin
from sqllineage_scan.domain.names import table
from sqllineage_scan.domain.span import whole_file
from sqllineage_scan.domain.unit import SchemaAction, SchemaChange
from sqllineage_scan.resolve.schema import Schema

HERE = whole_file("x.sql")


def change(action: SchemaAction, *names: str, renamed_from: str = "") -> SchemaChange:
    return SchemaChange(action, table("t"), HERE, tuple(Column(name) for name in names), renamed_from)


def test_ddl_in_order() -> None:
    schema = Schema()
    schema.apply(change(SchemaAction.CREATE, "a", "b", "c"))
    schema.apply(change(SchemaAction.ADD_COLUMN, "d"))
    schema.apply(change(SchemaAction.DROP_COLUMN, "a"))
    schema.apply(change(SchemaAction.RENAME_COLUMN, "e", renamed_from="b"))
    assert [(column.name, column.ordinal) for column in schema.columns.values()] == [("e", 1), ("c", 2), ("d", 3)]
    assert schema.complete
    assert schema.origin is SchemaOrigin.DDL


def test_yaml_describes_and_never_completes() -> None:
    schema = Schema()
    schema.describe([Column("a", "int", description="key", tags=("pii",))])
    assert (schema.complete, schema.origin) == (False, SchemaOrigin.PROPERTIES)
    schema.define([Column("a"), Column("b")], SchemaOrigin.INFERRED, complete=True)
    assert schema.columns["a"] == Column("a", "int", 1, "key", ("pii",))
    schema.describe([Column("made_up")])
    assert list(schema.columns) == ["a", "b"]


def test_what_is_read_is_seen() -> None:
    schema = Schema()
    schema.see("a")
    assert (list(schema.columns), schema.complete, schema.origin) == (["a"], False, SchemaOrigin.NONE)
