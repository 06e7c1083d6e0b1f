"""The repository as its own catalog: which datasets there are, what they are called, which columns they have."""

from __future__ import annotations

from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, NamedTuple

from sqllineage_scan.domain.dataset import DatasetKind
from sqllineage_scan.domain.dbt import NO_SIGHT, Sight
from sqllineage_scan.domain.evidence import Evidence, EvidenceKind
from sqllineage_scan.domain.names import DatasetId, NameKind
from sqllineage_scan.resolve.dbt_names import DbtNames, node_versions
from sqllineage_scan.resolve.schema import Schema

if TYPE_CHECKING:
    from sqllineage_scan.dialects import Dialect
    from sqllineage_scan.domain.dbt import DbtNode, Declaration
    from sqllineage_scan.domain.names import RelationName
    from sqllineage_scan.domain.span import Span
    from sqllineage_scan.domain.unit import Function, Unit

Parts = tuple[str, ...]


@dataclass(slots=True)
class Entry:
    """One dataset while the repository is linked."""

    id: DatasetId
    kind: DatasetKind
    schema: Schema = field(default_factory=Schema)
    span: Span | None = None
    unique_id: str | None = None
    owner: str | None = None
    stewards: tuple[str, ...] = ()
    terms: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    description: str = ""


class Meaning(NamedTuple):
    """What a name means. Several datasets: it is one of them; or ``every`` one, where the name is a pattern."""

    datasets: tuple[DatasetId, ...]
    evidence: tuple[Evidence, ...] = ()
    every: bool = False


class Place(NamedTuple):
    """Where a name is read: what ``this`` is there, which dbt project's refs are in sight, which dialect folds."""

    path: str
    dialect: Dialect
    this: DatasetId | None = None
    sight: Sight = NO_SIGHT
    search_path: tuple[Parts, ...] = ()  # use db.raw; set search_path = raw, public
    last: DatasetId | None = None  # the rows of the query before, which table(result_scan(last_query_id())) reads again


class DefinedFunction(NamedTuple):
    """A function of the repository, the unit whose relations are its body, and where that stands."""

    function: Function
    unit: Unit
    place: Place


class Catalog:
    """Datasets by id, and by every name that may mean them."""

    def __init__(self, namespace: str = "", default_catalog: str | None = None, default_schema: str | None = None) -> None:
        self.namespace = namespace
        self.default_catalog = default_catalog
        self.default_schema = default_schema
        self.entries: dict[DatasetId, Entry] = {}
        self._by_parts: dict[Parts, DatasetId] = {}
        self._by_schema: dict[Parts, dict[str, DatasetId]] = {}  # of the same, by all of a name but its last part
        self._by_suffix: dict[Parts, dict[DatasetId, None]] = {}
        self._temporary: dict[tuple[str, Parts], DatasetId] = {}
        self._nodes: DbtNames[DatasetId] = DbtNames()
        self._sources: DbtNames[DatasetId] = DbtNames()
        self._functions: dict[str, list[DefinedFunction]] = {}
        self.missing: dict[RelationName, Place] = {}

    # Defining

    def define(self, parts: Parts, kind: DatasetKind, span: Span | None = None) -> Entry:
        """The dataset of this full name, made if need be. A definition says more than a mention: it sets kind and place."""
        parts = self._qualified(parts)
        known = self._by_parts.get(parts)
        if known is None:
            known = DatasetId(self.namespace, dotted(parts))
            self._by_parts[parts] = known
            self._by_schema.setdefault(parts[:-1], {})[parts[-1]] = known
        entry = self.entries.get(known)
        if entry is None:
            entry = self.entries[known] = Entry(known, kind, span=span)
        elif entry.kind is DatasetKind.EXTERNAL:
            entry.kind, entry.span = kind, span
        if kind is not DatasetKind.EXTERNAL:  # what is only mentioned gives no meaning to other names
            for length in range(1, len(parts)):
                self._by_suffix.setdefault(parts[-length:], {})[known] = None
        return entry

    def define_temporary(self, place: Place, parts: Parts, span: Span | None) -> Entry:
        """A temporary table lives in its file; it takes another id only where the plain one is taken.

        use db.raw; create temporary table t (…); select a from raw.t     that t in Snowflake
        """
        path = place.path
        key = (path, parts)
        known = self._temporary.get(key)
        if known is None:
            known = DatasetId(self.namespace, dotted(parts))
            if known in self.entries:
                known = DatasetId(self.namespace, f"{path}:{dotted(parts)}")
            self._temporary[key] = known
            self.entries[known] = Entry(known, DatasetKind.TEMPORARY, span=span)
        if place.dialect.placed_temporaries:
            self._temporary.setdefault((path, self.placed(parts, place)), known)
        return self.entries[known]

    def define_query(self, name: str, kind: DatasetKind, span: Span | None) -> Entry:
        """The rows of a bare SELECT, named after their file."""
        known = DatasetId(self.namespace, name)
        return self.entries.setdefault(known, Entry(known, kind, span=span))

    def define_function(self, function: Function, unit: Unit, place: Place) -> None:
        """A function whose calls can be seen through."""
        self._functions.setdefault(function.name.parts[-1], []).append(DefinedFunction(function, unit, place))

    def define_node(self, node: DbtNode, kind: DatasetKind, span: Span) -> Entry:
        """A dbt node, under its relation's name and as ``ref``."""
        entry = self.define(node.relation, kind, span)
        entry.kind, entry.span, entry.unique_id, entry.tags = kind, span, node.unique_id, node.tags
        for version in node_versions(node):
            self._nodes.define(node.sight.project, node.package, (node.name, version), entry.id)
        return entry

    def define_source(self, declaration: Declaration) -> Entry:
        """A dbt source: often a table that DDL, a load script or a seed of this repository defines already."""
        meaning = self._table(declaration.relation)
        if meaning is not None and len(meaning.datasets) == 1 and not self._own_model(meaning, declaration):
            entry = self.entries[meaning.datasets[0]]
        else:
            entry = self.define(declaration.relation, DatasetKind.SOURCE, declaration.span)
        name = (declaration.source_name, declaration.name)
        self._sources.define(declaration.sight.project, declaration.package, name, entry.id)
        return entry

    def _own_model(self, meaning: Meaning, declaration: Declaration) -> bool:
        """Whether a source of nearly the name of a model is another table all the same: the source raw.shop.orders of a project
        whose model shop.orders, in a database that nobody names, is made of it.
        """
        unique_id = self.entries[meaning.datasets[0]].unique_id or ""
        return bool(meaning.evidence) and unique_id.startswith(
            (f"model.{declaration.package}.", f"snapshot.{declaration.package}.")
        )

    # Looking up

    def node(self, declaration: Declaration) -> Entry | None:
        """The node that an entry of YAML tells more of."""
        version = declaration.properties.version if declaration.properties else ""
        found = self._nodes.exactly(declaration.sight.project, declaration.package, (declaration.name, version))
        return self.entries[found] if found is not None else None

    def source(self, declaration: Declaration) -> Entry | None:
        name = (declaration.source_name, declaration.name)
        found = self._sources.exactly(declaration.sight.project, declaration.overrides or declaration.package, name)
        return self.entries[found] if found is not None else None

    def named(self, parts: Parts) -> Entry | None:
        """The dataset of exactly this full name, if anything is called that."""
        found = self._by_parts.get(self._qualified(parts))
        return self.entries[found] if found is not None else None

    def function(self, name: Parts, arguments: int) -> DefinedFunction | None:
        """The function that a call means: by as much of its name as is said, of several by the number of arguments."""
        found = [
            each
            for each in self._functions.get(name[-1], ())
            if all(said == own for said, own in zip(reversed(name), reversed(each.function.name.parts), strict=False))
        ]
        return next((each for each in found if each.function.parameters == arguments), found[0] if found else None)

    def placed(self, parts: Parts, place: Place) -> Parts:
        """A name as its script's USE or search_path completes it: the first schema that has such a table, else the first.
        What is called ``live.orders`` in a pipeline of Databricks' is its table orders, where it makes one.
        """
        if parts[:-1] == (place.dialect.pipeline_schema,) and parts not in self._by_parts and parts[1:] in self._by_parts:
            return parts[1:]
        if not place.search_path or parts[0][:1] in ("#", "@"):
            return parts
        if len(parts) == 1:
            known = ((*schema, *parts) for schema in place.search_path if (*schema, *parts) in self._by_parts)
            return next(known, (*place.search_path[0], *parts))
        catalog = place.search_path[0][:-1]
        return (*catalog, *parts) if len(parts) == 2 and catalog else parts  # noqa: PLR2004 -- schema.table

    def schema(self, dataset: DatasetId) -> Schema:
        return self.entries[dataset].schema

    def meaning(self, name: RelationName, place: Place) -> Meaning:
        """The dataset that ``name`` means at ``place``. A name that nothing defines becomes an external dataset."""
        if name.kind is NameKind.TABLE:
            temporary = self._temporary.get((place.path, name.parts))
            if temporary is not None:
                return Meaning((temporary,))
            parts = self.placed(name.parts, place)
            temporary = self._temporary.get((place.path, parts)) if place.dialect.placed_temporaries else None
            found = Meaning((temporary,)) if temporary is not None else self._table(parts, place.dialect.default_schema)
            return found or Meaning((self.define(parts, DatasetKind.EXTERNAL).id,))
        if name.kind is NameKind.FAMILY:
            return self._family(self.placed(name.parts, place))
        if name.kind is NameKind.RESULT and place.last is not None:
            return Meaning((place.last,))
        if name.kind is NameKind.THIS and place.this is not None:
            return Meaning((place.this,))
        if name.kind is NameKind.FILE:
            return Meaning((self.define_query(name.parts[0], DatasetKind.FILE, None).id,))
        if name.kind is NameKind.REF:
            return self._ref(name, place)
        if name.kind is NameKind.SOURCE:
            return self._source(name, place)
        unsaid = "result_scan()" if name.kind is NameKind.RESULT else "{{ this }}"
        hole = self.define_query(name.parts[0] if name.parts else unsaid, DatasetKind.EXTERNAL, None)
        return Meaning((hole.id,), (Evidence(EvidenceKind.HOLE, hole.id.name),))

    def _family(self, parts: Parts) -> Meaning:
        """All tables that fit ``p.dataset.events_*``; where the repository has none, a dataset called as the pattern."""
        wanted = self._qualified(parts)
        found = tuple(
            sorted(
                known
                for name, known in self._by_schema.get(wanted[:-1], {}).items()
                if fnmatchcase(name, wanted[-1]) and self.entries[known].kind is not DatasetKind.EXTERNAL
            )
        )
        return Meaning(found, every=True) if found else Meaning((self.define(parts, DatasetKind.EXTERNAL).id,))

    def _ref(self, name: RelationName, place: Place) -> Meaning:
        package, *model = name.parts
        found = self._nodes.meant(place.sight, tuple(model), package)
        return Meaning((found,)) if found is not None else self._nowhere(name, place)

    def _source(self, name: RelationName, place: Place) -> Meaning:
        found = self._sources.meant(place.sight, name.parts)
        return Meaning((found,)) if found is not None else self._nowhere(name, place)

    def _nowhere(self, name: RelationName, place: Place) -> Meaning:
        """``ref('nobody')``: a dataset all the same, so that what reads it is not lost."""
        self.missing.setdefault(name, place)
        entry = self.define(tuple(part for part in name.parts if part), DatasetKind.EXTERNAL)
        return Meaning((entry.id,))

    def _table(self, parts: Parts, dialect_schema: str = "") -> Meaning | None:
        """``orders`` may be ``raw.public.orders`` when nothing else is called that."""
        qualified = self._qualified(parts)
        for exact in dict.fromkeys((parts, qualified)):
            if exact in self._by_parts:
                return Meaning((self._by_parts[exact],))
        longer = tuple(self._by_suffix.get(parts, ()))
        if len(longer) == 1:
            return Meaning(longer, (Evidence(EvidenceKind.PARTIAL_NAME, f"{dotted(parts)} is taken for {longer[0]}"),))
        if len(longer) > 1:
            usual = (
                [found for found in longer if found.name.endswith(f"{dialect_schema}.{dotted(parts)}")] if dialect_schema else []
            )
            if len(usual) == 1:
                return Meaning((usual[0],), (Evidence(EvidenceKind.PARTIAL_NAME, f"{dotted(parts)} is taken for {usual[0]}"),))
            note = f"{dotted(parts)} may be {' or '.join(str(found) for found in sorted(longer))}"
            return Meaning(tuple(sorted(longer)), (Evidence(EvidenceKind.CANDIDATE, note, among=len(longer)),))
        shorter = self._shorter(parts, dialect_schema)
        if shorter is not None and self.entries[shorter].kind is not DatasetKind.EXTERNAL:
            return Meaning((shorter,), (Evidence(EvidenceKind.PARTIAL_NAME, f"{dotted(parts)} is taken for {shorter}"),))
        return None

    def _shorter(self, parts: Parts, dialect_schema: str) -> DatasetId | None:
        """``prod.sales.orders`` may be ``sales.orders``, and in Postgres ``public.orders`` may be ``orders``; but ``raw.orders``
        is not ``orders``: ``create table orders as select * from raw.orders`` is the commonest script there is.
        """
        if len(parts) > 2:  # noqa: PLR2004 -- catalog.schema.table
            return self._by_parts.get(parts[1:]) or self._shorter(parts[1:], dialect_schema)
        if len(parts) == 2 and dialect_schema and parts[0] == dialect_schema:  # noqa: PLR2004 -- schema.table
            return self._by_parts.get(parts[1:])
        return None

    def _qualified(self, parts: Parts) -> Parts:
        if len(parts) == 1 and self.default_schema:
            parts = (self.default_schema, *parts)
        if len(parts) == 2 and self.default_catalog:  # noqa: PLR2004 -- schema.table
            parts = (self.default_catalog, *parts)
        return parts


def dotted(parts: Parts) -> str:
    """Parts as one name; a part that holds a dot keeps it apart by quotes."""
    return ".".join(f'"{part}"' if "." in part and not part.startswith('"') else part for part in parts)
