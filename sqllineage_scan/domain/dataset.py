"""Datasets and their columns."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from sqllineage_scan.domain.names import DatasetId
    from sqllineage_scan.domain.span import Span


class DatasetKind(StrEnum):
    TABLE = "table"
    VIEW = "view"
    MATERIALIZED_VIEW = "materialized_view"
    MODEL = "model"
    EPHEMERAL = "ephemeral"
    SEED = "seed"
    SNAPSHOT = "snapshot"
    SOURCE = "source"
    FILE = "file"
    TEMPORARY = "temporary"
    EXTERNAL = "external"  # read here, defined nowhere in the repository
    QUERY = "query"  # the result of a bare SELECT, named after its file
    TEST = "test"  # the rows a dbt test returns


class SchemaOrigin(StrEnum):
    """Where a dataset's column list comes from; the order is from most to least trusted."""

    DDL = "ddl"  # create table t (a int)
    SEED = "seed"  # the header of a CSV
    ARTIFACT = "artifact"  # catalog.json
    GIVEN = "given"  # analyze_sql(..., schema=...)
    INFERRED = "inferred"  # what the statements that write it select
    PROPERTIES = "properties"  # dbt YAML: may list only some of the columns
    NONE = "none"  # only the columns that somebody reads are known

    @property
    def complete(self) -> bool:
        """Whether a column missing from the list does not exist."""
        return self not in (SchemaOrigin.PROPERTIES, SchemaOrigin.NONE)


class Column(NamedTuple):
    name: str
    type: str | None = None
    ordinal: int | None = None  # from 1, where the order is known
    description: str = ""
    tags: tuple[str, ...] = ()
    tests: tuple[str, ...] = ()
    terms: tuple[str, ...] = ()  # of the glossary


@dataclass(frozen=True, slots=True)
class Dataset:
    """A table, view, model, file …: whatever has columns. ``columns`` is None when nothing is known of them."""

    id: DatasetId
    kind: DatasetKind
    columns: tuple[Column, ...] | None = None
    origin: SchemaOrigin = SchemaOrigin.NONE
    span: Span | None = None  # where it is defined; None when nothing in the repository defines it
    owner: str | None = None
    tags: tuple[str, ...] = ()
    description: str = ""
    unique_id: str | None = None  # dbt's: model.shop.orders
    owner_origin: str = ""  # who says so: "meta", "group finance", "governance[2]"; "" where nobody does
    code_owners: tuple[str, ...] = ()  # whom CODEOWNERS names for the file that makes it
    stewards: tuple[str, ...] = ()  # who look after its meaning
    terms: tuple[str, ...] = ()  # of the glossary
    access: str = ""  # dbt's: private, protected, public
    version: str | None = None  # sha256:…, the fingerprint of its definition and of all that it reads
