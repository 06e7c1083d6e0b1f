"""What is known while one statement is compiled."""

from __future__ import annotations

from dataclasses import dataclass, field, fields, replace
from operator import attrgetter
from typing import TYPE_CHECKING, NamedTuple

from sqlglot import exp

from sqllineage_scan.parse.registry import from_items, queries

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqllineage_scan.dialects import Dialect
    from sqllineage_scan.domain.job import JobKind
    from sqllineage_scan.domain.names import RelationName
    from sqllineage_scan.domain.unit import Clause, Influence, Input, Relation, SchemaChange, Write
    from sqllineage_scan.parse.aside import Output
    from sqllineage_scan.parse.text import StatementText


class Statement(NamedTuple):
    """What a statement does, its relations aside."""

    kind: JobKind
    writes: tuple[Write, ...] = ()
    changes: tuple[SchemaChange, ...] = ()
    rows: int | None = None  # the relation that RETURNING shows
    clauses: tuple[Clause, ...] = ()  # what it says beside its relations


class FromItem(NamedTuple):
    """What one item of FROM gives: a parenthesised join gives several inputs and the influence of its own conditions."""

    inputs: list[Input]
    influences: list[Influence]


class UnsupportedSyntaxError(Exception):
    """Raised inside ``parse`` only: this syntax tree has a meaning for lineage that no file here knows."""


@dataclass(slots=True)
class Scope:
    """One level of name visibility. ``relations`` is shared by all levels of a statement; the rest is the level's own."""

    text: StatementText
    dialect: Dialect
    relations: list[Relation] = field(default_factory=list)
    writes: list[Write] = field(default_factory=list)  # of the CTEs that write
    output: Output | None = None  # T-SQL's OUTPUT, which the parser does not see
    ctes: Mapping[str, CommonTable] = field(default_factory=dict)
    windows: Mapping[str, exp.Expr] = field(default_factory=dict)  # window w as (partition by a)
    aliases: frozenset[str] = frozenset()  # of the inputs of the queries around, where arrays of theirs can be read as tables
    piped: frozenset[str] | None = None  # inside a pipeline: the aliases that the current step has of its own
    expressions: Mapping[str, exp.Expr] = field(default_factory=dict)  # ClickHouse: with a + 1 as b select b
    multiplying: list[exp.Expr] = field(default_factory=list)  # what in a SELECT list makes many rows of one: unnest(a)
    inputs: frozenset[str] = frozenset()  # what the inputs are called, here and around: each means a whole row
    parameters: frozenset[str] = frozenset()  # names that a lambda binds: x -> x + 1
    ordered: bool = False  # the order of its rows is seen outside: where rownum <= 10, array(select a from t order by b)
    nested: bool = False  # inside an expression: names may mean columns of the query around
    around: int | None = None  # the relation whose inputs every name can see: a script's variables
    variables: frozenset[str] = frozenset()  # those that have a sign and so are no column: @v, $v, :v
    stand_ins: Mapping[str, RelationName] = field(default_factory=dict)  # inserted and deleted in a trigger: the table it is on
    constants: Mapping[str, str] = field(default_factory=dict)  # the texts that variables are known to hold
    told: dict[int, tuple[exp.Expr, int | None]] = field(default_factory=dict)  # by id: relations by now; None: projections

    def add(self, relation: Relation) -> int:
        """Keep a finished relation; its index is its name from here on."""
        if self.nested:
            relation = replace(relation, nested=True)
        elif self.around is not None:
            relation = replace(relation, around=self.around)
        self.relations.append(relation)
        return len(self.relations) - 1

    def query(self, node: exp.Expr) -> int:
        """Build any query: SELECT, UNION, VALUES, a parenthesised one."""
        while isinstance(node, (exp.Subquery, exp.Paren)) and not _adds_meaning(node):
            node = node.this
        build = queries().get(type(node))
        if build is None:
            raise UnsupportedSyntaxError(f"a query of the form {node.key.upper()}")
        index: int = build(node, self)
        self.told[id(node)] = (node, index)
        return index

    def tell(self, first: int) -> None:
        """The relations from ``first`` on that have no clauses of their own: some other text says what decides their rows."""
        for index in range(first, len(self.relations)):
            if self.relations[index].clauses is None:
                self.relations[index] = replace(self.relations[index], clauses=())

    def from_item(self, node: exp.Expr) -> FromItem:
        """Build one item of FROM."""
        read = from_items().get(type(node))
        if read is None:
            raise UnsupportedSyntaxError(f"{node.key.upper()} in FROM")
        item: FromItem = read(node, self)
        return item

    def inner(self, *, nested: bool = False, **changes: object) -> Scope:
        """A scope one level down, sharing the relations."""
        inner = Scope(*_everything(self))
        if nested:
            inner.nested = True
        for name, value in changes.items():
            setattr(inner, name, value)
        return inner

    def table_alias(self, node: exp.Expr | None) -> TableAlias:
        """``as x (a, b)`` behind an item of FROM."""
        if node is None:
            return TableAlias("", ())
        columns = tuple(self.alias_name(column) for column in node.args.get("columns") or ())
        return TableAlias(self.alias_name(node) if node.this is not None else "", columns)

    def alias_name(self, node: exp.Expr | str | None) -> str:
        """The canonical form of an alias or CTE name. Aliases fold as columns do, even where tables do not (BigQuery)."""
        if type(node) is exp.Identifier:  # nearly always
            args = node.args
            return self.dialect.column(args["this"], quoted=bool(args.get("quoted")))
        if node is None or node == "":
            return ""
        if isinstance(node, str):
            return self.dialect.column(node)
        return self.alias_name(node.this) if isinstance(node.this, exp.Identifier) else self.dialect.column(node.name)


_everything = attrgetter(*(each.name for each in fields(Scope)))  # dataclasses.replace takes ten times as long


class TableAlias(NamedTuple):
    """What an item of FROM is called, and its columns; "" and () where that is not said."""

    name: str
    columns: tuple[str, ...]


class CommonTable(NamedTuple):
    """A CTE in sight: its relation and, for ``with c (a, b) as …``, the names of its columns."""

    relation: int
    columns: tuple[str, ...] = ()


def _adds_meaning(node: exp.Expr) -> bool:
    """Whether ``(select …)`` carries a clause of its own: ``(select …) limit 1``, ``with … (select …)``."""
    return any(node.args.get(key) for key in ("with_", "limit", "order", "joins", "pivots"))
