"""What a script has set so far: its variables, the schema that names are looked for in, what its routines return."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from sqllineage_scan.domain.transformation import TransformationSubtype as Subtype
from sqllineage_scan.domain.unit import ArgumentUse, Input, Projection, Relation, SubqueryUse
from sqllineage_scan.parse.expressions import uses_of
from sqllineage_scan.parse.normal_form import normal_form
from sqllineage_scan.parse.script.names import mentioned
from sqllineage_scan.parse.second_parser import Patience
from sqllineage_scan.parse.text import extent

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from sqlglot import exp
    from sqlglot.tokens import Token

    from sqllineage_scan.domain.names import RelationName
    from sqllineage_scan.domain.span import Span
    from sqllineage_scan.parse.constants import Held, Part
    from sqllineage_scan.parse.scope import Scope
    from sqllineage_scan.parse.text import StatementText


_DEEPEST = 40  # set x = x + 1, a hundred times over: what came first is no news any more


@dataclass(frozen=True, slots=True, eq=False)
class Value:
    """What a variable was set to: an expression, or a column of a query.

    set x = (select max(id) from s)         tree: the subquery
    select a, b into x, y from s            tree: the query; position 0 for x, 1 for y
    for r in (select a, b from s) loop      tree: the query; position None, r is the whole row
    """

    tree: exp.Expr
    text: StatementText
    around: Mapping[str, Variable]  # the variables as they were then: set x = x + 1
    is_query: bool
    position: int | None = 0


@dataclass(frozen=True, slots=True)
class Variable:
    """``name`` as expressions write it: ``v``, ``@v``, ``$v``. ``row``: its fields are columns of a query, or of ``table``.
    No values: it is known to be a variable (a parameter, a counter) and nothing flows out of it.
    """

    name: str
    values: tuple[Value, ...] = ()
    row: bool = False
    table: RelationName | None = None  # new and old in a trigger, whose fields are columns of the table it is on
    argument: int | None = None  # the parameter of a function that it is
    constant: str | None = None  # the text it is known to hold
    parts: tuple[Part, ...] = ()  # … or as much of it as is known
    cursor: Value | None = None


@dataclass(slots=True)
class Session:
    """The state of one script. ``depth`` has an entry for every open block: whether what is inside may not be run."""

    variables: dict[str, Variable] = field(default_factory=dict)
    search_path: tuple[tuple[str, ...], ...] = ()
    blocks: list[bool] = field(default_factory=list)
    once: bool = False  # the next statement alone hangs on a condition: if @x > 1 insert …
    declaring: bool = False  # between DECLARE and BEGIN: v number; w date;
    returned: list[Value] = field(default_factory=list)
    shown: list[Value] = field(default_factory=list)  # T-SQL: what a procedure selects for whoever runs it
    tables: dict[str, RelationName] = field(default_factory=dict)  # inserted and deleted in a trigger
    routine: tuple[str, ...] = ()  # in whose body we are
    prepared: dict[str, str] = field(default_factory=dict)
    row_types: dict[str, tuple[exp.Identifier, ...]] = field(default_factory=dict)  # the columns of Oracle's object types
    patience: Patience = field(default_factory=Patience)

    @property
    def conditional(self) -> bool:
        return self.once or any(self.blocks)

    def inner(self) -> Session:
        """For the body of a routine: it sees what is set, and what it sets is its own."""
        inner = Session(dict(self.variables), self.search_path, tables=dict(self.tables), routine=self.routine)
        inner.patience, inner.row_types = self.patience, dict(self.row_types)
        return inner

    def declare(self, name: str, *, row: bool = False, table: RelationName | None = None) -> None:
        """From here on ``name`` is a variable, not a column."""
        self.variables[name] = Variable(name, row=row, table=table)

    def texts(self) -> dict[str, Held]:
        """What variables are known to hold."""
        held = {name: found.constant if found.constant is not None else found.parts for name, found in self.variables.items()}
        return {name: found for name, found in held.items() if found or found == ""}

    def assign(
        self, name: str, value: Value, constant: str | None = None, parts: tuple[Part, ...] = (), *, row: bool = False
    ) -> None:
        """Set a variable. What only may be run adds a value, anything else replaces what was there."""
        known = self.variables.get(name)
        if known is None or not self.conditional:
            self.variables[name] = Variable(name, (value,), row=row, constant=constant, parts=parts)
        else:
            values = (*known.values, value)
            self.variables[name] = replace(known, values=values, constant=None, parts=(), row=known.row or row)

    def relation(self, value: Value, scope: Scope) -> int:
        """The rows that a value is, built into ``scope``."""
        return _Surroundings(scope).relation(value)

    def enter(self, scope: Scope, tokens: Sequence[Token]) -> Scope:
        """The scope of a statement with the variables it mentions around it."""
        if self.tables:
            scope = scope.inner(stand_ins=self.tables)
        if not self.variables:
            return scope
        used = [self.variables[name] for name in mentioned(tokens, scope.dialect, self.variables)]
        constants = {variable.name: variable.constant for variable in used if variable.constant is not None}
        return _Surroundings(scope).of(used).inner(constants=constants) if used else scope


class _Surroundings:
    """Builds the relations that hold the variables of one statement, each value once."""

    def __init__(self, scope: Scope) -> None:
        self._scope = scope
        self._built: dict[int, int] = {}
        self._depth = 0

    def of(self, variables: Iterable[Variable]) -> Scope:
        """The scope in which ``variables`` are in sight of everything."""
        scope, inputs, scalars = self._scope, [], []
        span = scope.text.whole()
        for variable in variables:
            if variable.table is not None:
                inputs.append(Input(variable.name, variable.table, span, by_alias_only=True))
            elif variable.row:
                inputs.extend(Input(variable.name, self.relation(value), span, by_alias_only=True) for value in variable.values)
            else:
                scalars.append(self._scalar(variable, span))
        held = scope.add(Relation(projections=tuple(scalars)))
        around = scope.add(Relation(inputs=(Input("", held, span), *inputs)))
        rows = frozenset(row.alias for row in inputs)
        return scope.inner(around=around, variables=frozenset(scalar.name for scalar in scalars), inputs=scope.inputs | rows)

    def _scalar(self, variable: Variable, span: Span) -> Projection:
        if variable.argument is not None:
            return Projection(variable.name, (ArgumentUse(variable.argument, Subtype.IDENTITY),), variable.name, span)
        uses = tuple(SubqueryUse(self.relation(value), Subtype.IDENTITY, column=value.position) for value in variable.values)
        return Projection(variable.name, uses, variable.name, span)

    def relation(self, value: Value) -> int:
        """The relation of a value, in a scope that has the variables it mentions around it."""
        known = self._built.get(id(value))
        if known is not None:
            return known
        deep = self._depth > _DEEPEST
        names = [] if deep else mentioned(value.text.tokens, self._scope.dialect, value.around)
        self._depth += 1
        scope = self._scope.inner(text=value.text, around=None, variables=frozenset())
        if names:
            outer, self._scope = self._scope, scope
            scope = self.of([value.around[name] for name in names])
            self._scope = outer
        if value.is_query:
            written = len(scope.writes)
            built = scope.query(value.tree)
            del scope.writes[written:]  # insert … returning id into v: what it writes it has written where it stands
        else:
            place = extent(value.tree) or value.text.bounds()
            words, span = value.text.written(*place), value.text.span(*place)
            projection = Projection("value", uses_of(value.tree, scope), words, span, normal=normal_form(value.tree, scope))
            built = scope.add(Relation(projections=(projection,)))
        self._built[id(value)] = built
        self._depth -= 1
        return built
