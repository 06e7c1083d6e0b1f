"""A statement with the SQL removed: what ``parse`` hands to ``resolve``.

Names are as written and canonical; nothing here knows which columns exist. Relations refer to each other by index,
children before parents, so a unit is one flat, picklable value of a kilobyte or two.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, NamedTuple

from sqllineage_scan.domain.dataset import DatasetKind
from sqllineage_scan.domain.transformation import TransformationSubtype

if TYPE_CHECKING:
    from sqllineage_scan.domain.dataset import Column
    from sqllineage_scan.domain.evidence import Evidence
    from sqllineage_scan.domain.job import JobKind
    from sqllineage_scan.domain.names import RelationName
    from sqllineage_scan.domain.span import Span


PLACE, STEP = "\x01", "\x02"
"""In a normal form: around the names of a column, and between them. A query stands in it by "" and its relation's number."""

OPEN, BESIDE, CLOSE = "\x04", "\x05", "\x06"
"""In a normal form: around parts whose order does not matter, and between them. Which comes first is known when names are."""


class Reference(NamedTuple):
    """A column as an expression names it, and what the expression does with it.

    select sum(o.address.zip)   ->  name "address", qualifier ("o",), path ("zip",), subtype AGGREGATION
    """

    name: str
    qualifier: tuple[str, ...]
    path: tuple[str, ...]
    subtype: TransformationSubtype
    masking: bool
    span: Span
    piped: bool = False  # from a as x |> extend … |> select x.c: the qualifier is an alias some steps before


class SubqueryUse(NamedTuple):
    """A subquery inside an expression: ``(select max(x) from t)``, ``id in (select …)``, ``exists (…)``."""

    relation: int
    subtype: TransformationSubtype
    rows_only: bool = False  # exists (select a …): a itself does not matter
    column: int | None = None  # one of its columns: set (a, b) = (select x, y …)
    path: tuple[str, ...] = ()  # a field of its value: (select struct(a as x) …).x
    masking: bool = False


class HoleUse(NamedTuple):
    """A template expression that nobody could render, inside an expression: ``coalesce({{ f() }}, a)``."""

    expression: str
    span: Span


class RowUse(NamedTuple):
    """A whole row inside an expression: ``to_json(t.*)``, ``object_construct(* exclude a)``. ``input`` None: of all inputs."""

    input: str | None
    subtype: TransformationSubtype
    masking: bool
    span: Span
    excluded: tuple[str, ...] = ()
    pattern: str = ""  # coalesce(*columns('_id$')): the names that it takes, as a regular expression


class FunctionUse(NamedTuple):
    """A call of a function that the parser does not know: ``net(o.amount, 1)``. Where the repository defines it in SQL it is
    seen through; elsewhere its value is made of its arguments.
    """

    name: tuple[str, ...]
    arguments: tuple[tuple[Use, ...], ...]
    subtype: TransformationSubtype
    masking: bool


class ArgumentUse(NamedTuple):
    """Inside a function's body, one of its parameters. ``call`` numbers the call once the body stands in its place."""

    position: int
    subtype: TransformationSubtype
    call: int = -1


class ItemUse(NamedTuple):
    """An item of the query's own list, by its number: ``order by 2``; ``number`` None: all items that are no aggregates,
    ``group by all``.
    """

    number: int | None
    subtype: TransformationSubtype
    span: Span


Use = Reference | SubqueryUse | HoleUse | RowUse | ItemUse | FunctionUse | ArgumentUse


class Projection(NamedTuple):
    """One item of a SELECT list. ``name`` is ``""`` when the database would make one up: ``select 1``."""

    name: str
    uses: tuple[Use, ...]
    expression: str  # as written, comments and layout removed, without its alias
    span: Span
    fields: tuple[Projection | Star, ...] = ()  # of a value put together here: struct(a as x, b as y) as s
    spread: Star | None = None  # what it is instead, if its column is a struct: DuckDB's unnest(t.s) is t.s.*
    type: str = ""  # what the expression is made to be: cast(a as int), count(*)
    normal: str = ""  # the normal form of the expression; "" of a bare column, and where the uses say all


class Star(NamedTuple):
    """``*`` or ``t.*``, with what the dialect lets one do to it: ``* except (a) replace (b + 1 as b) rename (c as d)``."""

    input: str | None
    span: Span
    excluded: tuple[str, ...] = ()
    replaced: tuple[Projection, ...] = ()
    renamed: tuple[tuple[str, str], ...] = ()
    hole: str = ""  # what a template would have put here: {{ nobody_knows() }}
    uses: tuple[Use, ...] = ()  # beside the column itself: columns(*) + bonus; of a hole: max(b) as total_{{ key }}
    prefix: str = ""  # dbt_utils.star(…, prefix='o_') names the columns o_id, o_amount; * apply(sum) names them sum(id), …
    suffix: str = ""
    pattern: str = ""  # a regular expression that looks ahead in the names it takes: columns('^x_'), * ilike '%_id'
    named: str = ""  # columns('(.*)_id') as '\1_key': a name made of the groups of the pattern
    subtype: TransformationSubtype = TransformationSubtype.IDENTITY  # what is done with each: max(columns(*))
    masking: bool = False
    family: str = ""  # columns that the data names, all made of ``uses``: pivot (… for q in (any)) has the family *
    qualifier: tuple[str, ...] = ()  # of a column whose fields these are: t.address.*
    normal: str = ""  # of what is done with each of its columns: max(columns(*))


class AliasRule(StrEnum):
    """Whether an expression may name an item of the SELECT list: an earlier one inside that list, any one in ORDER BY."""

    NEVER = "never"
    AFTER_COLUMNS = "after_columns"  # a column of an input of that name wins: Snowflake, Redshift, Spark, DuckDB
    BEFORE_COLUMNS = "before_columns"  # the alias wins: ClickHouse


class Influence(NamedTuple):
    """What decides the rows of a relation: its joins, filters, grouping, order under a limit."""

    subtype: TransformationSubtype
    uses: tuple[Use, ...]
    aliases: AliasRule = AliasRule.NEVER  # whether it may name items of the SELECT list: group by b
    unless: Star | None = None  # not, if that column is a struct: DuckDB's unnest(t.s) makes many rows of an array only
    equal: tuple[tuple[Span, Span], ...] = ()  # places of columns that it holds equal: on o.id = p.order_id and …


class Clause(NamedTuple):
    """One thing that decides which rows there are, in normal form (``parse/normal_form.py``), and as people read it.

    from orders o left join users u on u.id = o.user_id and u.live where o.paid limit 10

    kind      text                   of
    join      left                   1     the input that is joined
    on        u.id = o.user_id       1
    on        u.live                 1
    filter    o.paid
    limit     LIMIT 10
    """

    kind: str
    normal: str
    text: str
    span: Span | None
    of: int = -1


class Input(NamedTuple):
    """One item of FROM. ``source`` is a name, or the index of an earlier relation (a CTE, a derived table)."""

    alias: str  # "" when nothing can refer to it
    source: RelationName | int
    span: Span
    columns: tuple[str, ...] = ()  # from t as x (a, b)
    using: tuple[str, ...] = ()  # join x using (id): one column with the inputs before it
    natural: bool = False
    side: str = ""  # of its join: "left", "right", "full"; decides whose value a merged key has
    visible: bool = True  # False for the right side of SEMI and ANTI joins: not part of *
    by_alias_only: bool = False  # the target in a MERGE's INSERT: its columns need its name before them
    named_after: RelationName | None = None  # insert into t select …: the row as it is in t has t's names, by position


class SetOperator(StrEnum):
    UNION = "union"
    INTERSECT = "intersect"
    EXCEPT = "except"


@dataclass(frozen=True, slots=True)
class Relation:
    """One SELECT, one set operation, or one VALUES list.

    A set operation has ``branches`` and ``operator`` and no projections; its columns go by position, or by name.
    ``nested`` relations are bound inside whoever uses them, because their names may mean columns out there:
        select (select max(p.day) from payments p where p.order_id = o.id) from orders o
    """

    inputs: tuple[Input, ...] = ()
    projections: tuple[Projection | Star, ...] = ()
    influences: tuple[Influence, ...] = ()
    branches: tuple[int, ...] = ()
    operator: SetOperator | None = None
    by_name: bool = False
    columns: tuple[str, ...] = ()  # with c (a, b) as …
    aliases: AliasRule = AliasRule.NEVER
    nested: bool = False
    distinct: bool = False
    left_wins: bool = False  # a name that both sides of its join have is the left side's: ClickHouse
    arguments: tuple[Use, ...] | None = None  # a table function: any column asked of it comes from these
    function: FunctionUse | None = None  # … and the call it is, should the repository define that function
    around: int | None = None  # the relation whose inputs are in sight around this one: variables, NEW and OLD, arguments
    empty: bool = False  # where 1 = 0, limit 0: it has columns and never a row
    anchor: int | None = None  # a recursive CTE, whose one input reads it: the relation that says which columns it has
    struct: bool = False  # select as struct a, b: its columns are the fields of one value
    clauses: tuple[Clause, ...] | None = None  # all that decides its rows but inputs, branches, distinct; None: not known
    moved: int = 0  # by how much it and all that it names have other numbers than in the statement it is from


@dataclass(frozen=True, slots=True)
class Write:
    """``relation``'s rows go into ``target``: by position, or by name where ``by_name``."""

    target: RelationName
    relation: int | None  # None: only the tables are known, not the columns
    kind: DatasetKind | None  # what is created; None when the target exists already
    columns: tuple[str, ...] | None = None  # insert into t (a, b); create view v (a, b)
    by_name: bool = False
    fixed: tuple[str, ...] = ()  # partition (ds = 'x'): columns that take none of the relation's
    last: tuple[str, ...] = ()  # partition (ds = 'x', hr): columns that take the last of the relation's
    schema_only: bool = False  # create table t as select … with no data
    anew: bool = False  # the script has dropped what had this name before
    in_place: bool = False  # UPDATE, MERGE: the target is among the inputs, and its rows stay what they are
    span: Span | None = None


@dataclass(frozen=True, slots=True)
class Function:
    """``relation`` gives what a call returns: rows where ``table``, else its one value.

    create function net(a int, r int) returns int as $$ select a - r $$
    """

    name: RelationName
    parameters: int
    relation: int
    table: bool


class SchemaAction(StrEnum):
    CREATE = "create"
    ADD_COLUMN = "add_column"
    DROP_COLUMN = "drop_column"
    RENAME_COLUMN = "rename_column"


@dataclass(frozen=True, slots=True)
class SchemaChange:
    """What DDL says of a dataset's columns: ``create table t (a int)``, ``alter table t rename column a to b``."""

    action: SchemaAction
    target: RelationName
    span: Span
    columns: tuple[Column, ...] = ()  # created, added or dropped; for a rename the new one
    renamed_from: str = ""
    like: RelationName | None = None  # create table t (like other)
    kind: DatasetKind = DatasetKind.TABLE
    description: str = ""
    passed_over: frozenset[str] = frozenset()  # columns that an INSERT without a list does not count: computed ones


@dataclass(frozen=True, slots=True)
class Unit:
    """One statement. ``condition`` says in which way of rendering it stands: ``is_incremental()``, or ``""`` for all."""

    kind: JobKind
    ordinal: int  # the statement's number in its file, from 1
    span: Span
    dialect: str
    relations: tuple[Relation, ...] = ()
    writes: tuple[Write, ...] = ()
    changes: tuple[SchemaChange, ...] = ()
    functions: tuple[Function, ...] = ()  # that it defines
    routine: tuple[str, ...] = ()  # the procedure, function or trigger in whose body it stands
    calls: tuple[str, ...] = ()  # the procedure that it runs
    reads: tuple[RelationName, ...] = ()  # read, by a statement of which nothing more is known
    evidence: tuple[Evidence, ...] = ()  # weighs on every edge of the unit
    search_path: tuple[tuple[str, ...], ...] = ()  # where a bare name is looked for: use db.raw; set search_path = raw, public
    condition: str = ""
    fingerprint: str = ""  # of the statement's words, comments and layout left out
    clauses: tuple[Clause, ...] = ()  # what the statement says beside its relations: insert overwrite, on conflict do nothing
