"""What dbt itself left of a run: the nodes of its manifest.json, the columns of its catalog.json."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple


class CatalogColumn(NamedTuple):
    name: str  # as the database has it
    type: str | None


@dataclass(frozen=True, slots=True)
class ManifestNode:
    """A node or a source of a manifest."""

    unique_id: str
    resource_type: str
    package: str
    name: str
    source_name: str = ""  # of a source
    version: str = ""
    path: str = ""  # of its file, from its project's folder
    checksum: str = ""  # sha256 of its file's text, without the white space around it; "" where dbt has none
    relation_name: str = ""  # as dbt writes it into SQL: "shop"."prod"."orders"
    names: tuple[str, str, str] = ("", "", "")  # database, schema, alias or identifier
    own_schema: bool = False  # whether its configuration names a schema or a database, so that it is not the target's
    parents: tuple[str, ...] = ()  # unique ids
    compiled: str = ""  # its SQL with all Jinja rendered; "" unless dbt has compiled it
    injected: tuple[tuple[str, str], ...] = ()  # ephemeral parents, and how their SQL stands in it: __dbt__cte__taxes as (…)
