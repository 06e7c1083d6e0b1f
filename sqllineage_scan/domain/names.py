"""Names of datasets, columns and jobs: as the SQL writes them, and as the graph knows them.

A *canonical* part is one identifier folded as its dialect folds it (``sqllineage_scan.dialects``), written so that
whatever can be reached without quotes is lower case: in Snowflake ``ORDERS``, ``orders`` and ``"ORDERS"`` are all
``orders`` while ``"orders"``, another table there, stays ``"orders"`` with its quotes.
"""

from __future__ import annotations

from enum import StrEnum
from hashlib import sha1
from typing import NamedTuple
from uuid import UUID

DATASETS = UUID("b0bae2e5-0c46-51cc-aa31-92b8ca3c67bd")
"""The namespace (RFC 9562, section 5.5) of datasets' UUIDs. It never changes, since catalogs keep what comes of it."""


class DatasetId(NamedTuple):
    """A dataset of the graph. ``namespace`` is ``""`` when the repository does not say where it lives."""

    namespace: str
    name: str

    def __str__(self) -> str:
        return f"{self.namespace}/{self.name}" if self.namespace else self.name

    @property
    def uuid(self) -> UUID:
        """The same for everybody who knows namespace and name, whatever the dataset holds: what it holds has a version."""
        name = f"{self.namespace}\n{self.name}".encode("utf-8", "surrogatepass")  # uuid5 takes no name that is no text
        return UUID(bytes=sha1(DATASETS.bytes + name, usedforsecurity=False).digest()[:16], version=5)


class ColumnId(NamedTuple):
    dataset: DatasetId
    column: str

    def __str__(self) -> str:
        return f"{self.dataset}.{self.column}"


class JobId(NamedTuple):
    namespace: str
    name: str

    def __str__(self) -> str:
        return f"{self.namespace}/{self.name}" if self.namespace else self.name


class NameKind(StrEnum):
    """How a relation is named in a statement."""

    TABLE = "table"  # from raw.orders
    REF = "ref"  # from {{ ref('orders') }}
    SOURCE = "source"  # from {{ source('raw', 'orders') }}
    THIS = "this"  # from {{ this }}
    HOLE = "hole"  # from {{ nobody_knows() }}
    FILE = "file"  # from 'data/*.parquet'
    RESULT = "result"  # from table(result_scan(last_query_id())): the rows of the query before
    FAMILY = "family"  # from `project.dataset.events_*`: all tables that fit a pattern


class RelationName(NamedTuple):
    """The name of a relation as a statement gives it, before anything else of the repository is known.

    ``parts`` by ``kind``:
      TABLE    canonical parts, outermost first       raw.public.orders      -> ("raw", "public", "orders")
      REF      (package or "", model, version or "")  ref('shop', 'orders')  -> ("shop", "orders", "")
      SOURCE   (source, table)                        source('raw', 'o')     -> ("raw", "o")
      THIS     ()                                     {{ this }}             -> the model of the file itself
      HOLE     (what stood there,)                    raw.orders_{{ ds }}    -> ("raw.orders_{{ ds }}",)
      FILE     (path or pattern,)                     'data/*.parquet'       -> ("data/*.parquet",)
      RESULT   ()                                     result_scan(…)         -> the query before, in the same file
      FAMILY   (…, pattern of names)                  `p.d.events_*`         -> ("p", "d", "events_*")
    """

    kind: NameKind
    parts: tuple[str, ...]

    @property
    def last(self) -> str:
        """The part that an unaliased FROM item answers to: ``orders`` in ``from raw.orders``."""
        if self.kind is NameKind.REF:
            return self.parts[1]
        return self.parts[-1] if self.parts else "this"

    def __str__(self) -> str:
        if self.kind in (NameKind.TABLE, NameKind.FAMILY):
            return ".".join(self.parts)
        arguments = ", ".join(f"'{part}'" for part in self.parts if part)
        return {
            NameKind.REF: f"ref({arguments})",
            NameKind.SOURCE: f"source({arguments})",
            NameKind.THIS: "this",
        }.get(self.kind, arguments)


def table(*parts: str) -> RelationName:
    """A table named by canonical parts, outermost first."""
    return RelationName(NameKind.TABLE, parts)
