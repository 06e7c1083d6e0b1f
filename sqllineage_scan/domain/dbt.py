"""dbt's nodes: what a file of a dbt project is, and what its YAML declares."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqllineage_scan.domain.dataset import Column
    from sqllineage_scan.domain.finding import Finding
    from sqllineage_scan.domain.names import DatasetId, RelationName
    from sqllineage_scan.domain.span import Span


class Sight(NamedTuple):
    """Where dbt looks a name up: among the nodes of one project, its own first, then those of the package that asks.

    Source: dbt-core, ``contracts/graph/manifest.py``, ``_packages_to_search``.
    """

    project: str = ""  # root of the project that is run, "" for the scanned root itself
    packages: tuple[str, ...] = ()


NO_SIGHT = Sight()  # of a file outside every dbt project


@dataclass(frozen=True, slots=True)
class NodeProperties:
    """What YAML says of a node that a file makes, as far as the file's own rendering needs it.

    models:
      - name: orders                       the file orders_v2.sql is version 2 of orders
        latest_version: 2
        versions: [{v: 1}, {v: 2, config: {materialized: table}}]
    """

    name: str
    config: Mapping[str, Any] = field(default_factory=dict, hash=False)  # strings may hold Jinja
    version: str = ""
    latest: bool = True


@dataclass(frozen=True, slots=True)
class DbtNode:
    """What one file is in its dbt project."""

    unique_id: str  # model.shop.orders
    resource_type: str  # model, seed, snapshot, test, analysis
    package: str
    name: str
    relation: tuple[str, ...]  # (database, schema, alias) as far as known, canonical parts
    materialized: str
    enabled: bool
    tags: tuple[str, ...] = ()
    version: str = ""
    latest: bool = True  # what ref('orders') means, of several versions
    depends_on: tuple[RelationName, ...] = ()  # as dbt counts parents: refs and sources of a parse-time render
    places: tuple[Span, ...] = ()  # where each of them is named first
    sight: Sight = NO_SIGHT
    names: tuple[str, ...] = ("", "", "")  # (database, schema, alias) as dbt writes them, "" where not known
    group: str = ""
    access: str = ""
    contract: bool = False  # whether dbt enforces what YAML says of its columns


@dataclass(frozen=True, slots=True)
class Declaration:
    """What a dbt YAML file says of one dataset."""

    resource_type: str  # source, model, seed, snapshot
    package: str  # the dbt project it is declared in
    source_name: str  # "" unless a source
    name: str
    span: Span
    relation: tuple[str, ...] = ()  # sources: (database, schema, identifier) as far as known
    columns: tuple[Column, ...] = ()
    description: str = ""
    tags: tuple[str, ...] = ()
    owner: str | None = None
    stewards: tuple[str, ...] = ()
    terms: tuple[str, ...] = ()
    enabled: bool = True
    unique_id: str = ""
    sight: Sight = NO_SIGHT
    names: tuple[str, ...] = ("", "", "")  # sources: (database, schema, identifier) as dbt writes them
    overrides: str = ""  # the package whose source this entry says more of
    file_name: str = ""  # of a node that a file makes: the file's name without ending, orders_v2
    properties: NodeProperties | None = None
    snapshot_of: RelationName | None = None  # of a snapshot that YAML alone makes: what it records
    places: tuple[Span, ...] = ()  # where each of its columns is listed


@dataclass(frozen=True, slots=True)
class DeclaredNode:
    """A node that only YAML makes, and that is no dataset: a test, a metric, a semantic model, a group …"""

    unique_id: str
    resource_type: str
    package: str
    name: str
    span: Span
    depends_on: tuple[RelationName, ...] = ()
    needs: tuple[tuple[str, str], ...] = ()  # other nodes by type and name: ("metric", "revenue")
    columns: tuple[str, ...] = ()  # of a test: the columns it tests; of a semantic model: its measures
    owner: str | None = None  # of a group
    enabled: bool = True
    sight: Sight = NO_SIGHT


@dataclass(frozen=True, slots=True)
class DeclaredExposure:
    name: str
    kind: str
    owner: str | None
    url: str | None
    depends_on: tuple[RelationName, ...]
    span: Span
    package: str
    description: str = ""
    unique_id: str = ""
    needs: tuple[tuple[str, str], ...] = ()  # metrics, by type and name
    sight: Sight = NO_SIGHT


@dataclass(frozen=True, slots=True)
class Declarations:
    """All that one YAML file declares."""

    datasets: tuple[Declaration, ...] = ()
    exposures: tuple[DeclaredExposure, ...] = ()
    nodes: tuple[DeclaredNode, ...] = ()
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True, slots=True)
class Node:
    """A node of a dbt project as ``dbt parse`` has it: what its manifest lists, with the parents that it counts."""

    unique_id: str
    resource_type: str
    package: str
    name: str
    path: str
    enabled: bool = True
    dataset: DatasetId | None = None  # what it makes, or is
    database: str | None = None  # None: not known, or no relation
    schema: str | None = None
    alias: str | None = None
    materialized: str = ""
    version: str = ""
    depends_on: tuple[str, ...] = ()  # unique ids, sorted
    columns: tuple[str, ...] = ()  # of a test: the columns it tests; of a model under contract: those that it promises
    tags: tuple[str, ...] = ()
    group: str = ""
    access: str = ""
    owner: str | None = None  # of a group: that of its models
    contract: bool = False  # enforced
