"""``adapter``: dispatch, which is about macros, and questions to a warehouse that is not there."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqllineage_scan.dialects import dialect
from sqllineage_scan.domain.names import NameKind
from sqllineage_scan.render.columns import RelationColumn
from sqllineage_scan.render.hole import Unknown, shown
from sqllineage_scan.render.relation import written
from sqllineage_scan.render.vocabulary import value
from sqllineage_scan.render.warehouse import adapter_and_parents

if TYPE_CHECKING:
    from sqllineage_scan.render.relation import Relation
    from sqllineage_scan.render.rendering import Rendering

_BACKTICKS = frozenset(("bigquery", "spark", "databricks", "glue", "mysql", "mariadb", "clickhouse", "hive"))


@value
def adapter(rendering: Rendering) -> Adapter:
    return Adapter(rendering)


class Adapter:
    __slots__ = ("_rendering",)

    def __init__(self, rendering: Rendering) -> None:
        self._rendering = rendering

    def dispatch(self, macro_name: Any, macro_namespace: Any = None, packages: Any = None) -> Any:
        """The implementation of a macro for this adapter.

        ``adapter.dispatch('star', 'dbt_utils')`` on Redshift tries ``redshift__star``, ``postgres__star``,
        ``default__star`` in each package that the project's ``dispatch:`` names, else in itself and in dbt_utils.
        """
        name = str(macro_name).rpartition(".")[2]
        for package in self._search_order(macro_namespace if packages is None else packages):
            found = self._implementation(package, name)
            if found is not None:
                return found
        return self._rendering.undefined(name)

    def _implementation(self, package: str, name: str) -> Any:
        for prefix in (*adapter_and_parents(self.type()), "default"):
            macro = self._rendering.own_macro(package, f"{prefix}__{name}")
            if macro is not None:
                return macro
        return self._rendering.shim(package, name)

    def _search_order(self, namespace: Any) -> list[str]:
        root = self._rendering.environment.project
        if isinstance(namespace, (list, tuple)):
            return [*map(str, namespace), root.name, "dbt"]
        if not namespace:
            return list(dict.fromkeys((self._rendering.owner.name, root.name, "dbt")))
        configured = root.settings.get("dispatch")
        for entry in configured if isinstance(configured, list) else ():
            if isinstance(entry, dict) and entry.get("macro_namespace") == namespace:
                order = entry.get("search_order")
                return [str(package) for package in order] if isinstance(order, list) else [str(namespace)]
        return list(dict.fromkeys((root.name, str(namespace))))

    def type(self) -> str:
        return self._rendering.environment.adapter

    def quote(self, identifier: Any) -> str:
        mark = "`" if self.type() in _BACKTICKS else '"'
        return f"{mark}{identifier}{mark}"

    def quote_as_configured(self, identifier: Any, quote_key: Any = "") -> str:
        project = self._rendering.environment.project
        settings = project.settings.get("quoting")
        quoted = settings.get(str(quote_key)) if isinstance(settings, dict) else None
        return self.quote(identifier) if (dialect(project.dialect).dbt_quotes if quoted is None else quoted) else str(identifier)

    def get_relation(self, database: Any = None, schema: Any = None, identifier: Any = None) -> Relation | None:
        """None, as while dbt parses; and in another way of rendering the relation, since it may well exist."""
        rendering = self._rendering
        parts = [part if isinstance(part, str) else "" for part in (database, schema, identifier)]
        if not parts[2] or any(map(rendering.holds_hole, (database, schema, identifier))):
            return None
        known = rendering.described(parts[1], parts[2])
        is_this = known is not None and rendering.names[known].kind is NameKind.THIS
        if not rendering.undecided("is_incremental()" if is_this else "adapter.get_relation()"):
            return None
        return known or written(parts[0], parts[1], parts[2])

    def get_columns_in_relation(self, relation: Any = "") -> Any:
        """One that stands for all; none while dbt parses."""
        rendering = self._rendering
        if not rendering.at_run():
            return []
        name = rendering.column_name(relation, "adapter.get_columns_in_relation")
        if name is None:
            text = f"adapter.get_columns_in_relation({shown(relation)})"
            return Unknown(rendering, text, "the columns of another relation are not known to a file alone")
        return [RelationColumn(name, self.quote(name), rendering)]

    def get_missing_columns(self, *_args: Any, **_kwargs: Any) -> list[Any]:
        return []

    def check_schema_exists(self, *_args: Any, **_kwargs: Any) -> bool:
        return False

    def already_exists(self, *_args: Any, **_kwargs: Any) -> bool:
        return False

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return self._rendering.asked_of_warehouse(f"adapter.{name}")
