"""What declarations and assignments put into variables."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from sqlglot import exp

from sqllineage_scan.parse.aside import TRANSACT
from sqllineage_scan.parse.constants import text_parts, whole_text
from sqllineage_scan.parse.grammar import dialect_parser
from sqllineage_scan.parse.script.names import variable_name
from sqllineage_scan.parse.script.row_types import note_type, piped_row
from sqllineage_scan.parse.script.session import Value, Variable
from sqllineage_scan.parse.spelling import respelled
from sqllineage_scan.parse.statement import Outcome, not_parsed, statement_text
from sqllineage_scan.parse.words import behind_group, behind_name, find_at_top, split_at_top, words_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from sqlglot.tokens import Token

    from sqllineage_scan.dialects import Dialect
    from sqllineage_scan.domain.source import Rendered
    from sqllineage_scan.parse.script.session import Session
    from sqllineage_scan.parse.split import Piece

_INTO = frozenset(("INTO", "BULK COLLECT INTO"))
_GIVING = frozenset(("RETURNING", "RETURN"))
_WRITING = frozenset("INSERT UPDATE DELETE MERGE WITH".split())
_DEFAULT = ("DEFAULT", ":=", "=")
_NO_VARIABLE = frozenset("TYPE SUBTYPE PRAGMA FUNCTION PROCEDURE".split())
_BEFORE_NAME = frozenset("LET VAR VARIABLE OR REPLACE SET GLOBAL LOCAL SESSION CONSTANT".split())


class Variables:
    """Reads what one piece of a script says of variables."""

    def __init__(self, way: Rendered, dialect: Dialect, session: Session) -> None:
        self.way = way
        self.dialect = dialect
        self.session = session

    # Declarations

    def declared(self, piece: Piece) -> Iterator[Outcome]:
        """``v int default 0``, ``@a int = 1, @b int``, ``c cursor for select …``, ``rs resultset := (select …)``."""
        words = words_of(piece.tokens)
        if words[0] in _NO_VARIABLE:
            note_type(piece.tokens, words, self.session)
            return
        query = self._cursor(piece, words)
        if query:
            return
        waiting: list[str] = []
        for first, behind in split_at_top(words, ","):
            while first < behind - 1 and words[first] in _BEFORE_NAME:
                first += 1  # noqa: PLW2901 -- behind `let`, `or replace variable`
            at = first + (words[first] in ("@", "$"))
            if at >= behind:
                continue
            waiting.append(variable_name(piece.tokens, at, self.dialect))
            if at + 1 == behind:
                continue  # declare x, y int64: the type is behind the last of them
            for name in waiting:
                yield from self._one(name, piece, words, (at + 1, behind))
            waiting.clear()
        for name in waiting:
            self.session.declare(name)

    def _cursor(self, piece: Piece, words: Sequence[str]) -> bool:
        """``cursor c is select …``, ``c cursor for select …``"""
        at = next((index for index in range(min(3, len(words))) if words[index] == "CURSOR"), -1)
        if at < 0:
            return False
        name = self.dialect.column(piece.tokens[at + 1 if at == 0 else at - 1].text)
        start = find_at_top(words, ("FOR", "IS"), at)
        value = self._with_parameters(piece, words, start) if start >= 0 else None
        if value is not None and not value.is_query:  # let c cursor for res: what the result set is
            held = self._queries(piece.tokens[start + 1])
            value = held[-1] if held else value
        self.session.variables[name] = Variable(name, cursor=value)
        return True

    def _with_parameters(self, piece: Piece, words: Sequence[str], start: int) -> Value | None:
        """The query of ``cursor c(day date, kind text) is select …``, in which ``day`` and ``kind`` are no columns."""
        opened = find_at_top(words, ("(",), 0, start)
        names = [] if opened < 0 else split_at_top(words, ",", opened + 1, behind_group(words, opened) - 1)
        before = dict(self.session.variables)
        for first, _ in names:
            self.session.declare(variable_name(piece.tokens, first, self.dialect))
        value = self.value(piece, start + 1, None)
        self.session.variables = before
        return value

    def _one(self, name: str, piece: Piece, words: Sequence[str], place: tuple[int, int]) -> Iterator[Outcome]:
        first, behind = place
        default = find_at_top(words, _DEFAULT, first, behind)
        of_type = words[first:behind] if default < 0 else words[first:default]
        if default < 0:
            self.session.declare(name, row="ROWTYPE" in of_type or "RECORD" in of_type)
            return
        if "RESULTSET" in of_type:
            self.session.variables[name] = Variable(name, cursor=self.value(piece, default + 1, behind))
            return
        yield from self._set(name, piece, default + 1, behind)

    def _set(self, name: str, piece: Piece, first: int, behind: int | None) -> Iterator[Outcome]:
        value = self.value(piece, first, behind)
        if value is None:
            self.session.declare(name)
            yield not_parsed(piece, self.way, f"the value of {name}")
            return
        self.set_to(name, value)

    def set_to(self, name: str, value: Value, *, row: bool = False) -> None:
        """The variable holds ``value`` from here on."""
        parts = () if value.is_query else tuple(text_parts(value.tree, self.session.texts()))
        text = whole_text(parts) if parts else None
        known = any(isinstance(part, str) for part in parts)
        self.session.assign(name, value, text, parts if text is None and known else (), row=row)

    def value(self, piece: Piece, first: int, behind: int | None, position: int | None = 0) -> Value | None:
        """The expression or query of ``piece.tokens[first:behind]``; None where it cannot be parsed."""
        tokens = piece.tokens[first:behind]
        return self.value_of(piece._replace(tokens=tokens), position) if tokens else None

    def value_of(self, piece: Piece, position: int | None = 0) -> Value | None:
        try:
            tokens = respelled(piece.tokens, piece.sql, self.dialect.name)
            trees = dialect_parser(self.dialect.name).parser().parse(tokens, piece.sql)
        except Exception:  # noqa: BLE001 -- of some broken texts the parser says so with a TypeError
            return None
        tree = trees[0] if trees else None
        if tree is None or isinstance(tree, exp.Command):
            return None
        is_query = isinstance(tree, (exp.Query, exp.Subquery)) and tree.unnest().args.get("for_") is None  # for json: a text
        return Value(tree, statement_text(piece, self.way), dict(self.session.variables), is_query, position)

    # Loops and cursors

    def looped(self, name: str, piece: Piece) -> None:
        """``for r in (select a, b from s) loop``: r has the query's columns; ``for i in 1..10``: i has nothing."""
        words = words_of(piece.tokens)
        if words and words[0] in ("SELECT", "WITH", "(", "VALUES"):
            self._rows(name, [self.value(piece, 0, None, None)])
            return
        if words[:1] == ["ARRAY"]:  # PL/pgSQL: foreach x in array ids loop
            for _ in self._set(name, piece, 1, None):
                pass
            return
        self._rows(name, self._queries(piece.tokens[0]) if piece.tokens else ())

    def _queries(self, token: Token) -> list[Value]:
        """What a cursor or a result set stands for: ``c cursor for select …``, ``res := (select …)``."""
        known = self.session.variables.get(self.dialect.column(token.text))
        if known is None:
            return []
        return [known.cursor] if known.cursor is not None else [value for value in known.values if value.is_query]

    def _rows(self, name: str, values: Iterable[Value | None]) -> None:
        self.session.declare(name)
        for value in values:
            if value is not None and value.is_query:
                self.session.assign(name, replace(value, position=None), row=True)

    # Assignments

    def assigned(self, piece: Piece, words: list[str]) -> bool:
        """Whether ``piece`` only gives values to variables; if so the session knows them."""
        reader = {
            "SET": self._set_statement,
            "LET": self._let,
            "SELECT": self._select_into,
            "WITH": self._select_into,
            "FETCH": self._fetch,
            "OPEN": self._open,
            "RETURN": self._return,
            "PIPE": self._pipe,
        }.get(words[0])
        if reader is not None:
            return reader(piece, words)
        return self._plain(piece, words)

    def _plain(self, piece: Piece, words: list[str]) -> bool:
        """``v := v + 1``; PL/pgSQL takes ``=`` too, for what is known to be a variable."""
        at = int(words[0] in ("@", ":", "$"))
        behind = behind_name(words, at)
        name = variable_name(piece.tokens, at, self.dialect)
        if words[behind : behind + 1] == [":="] or (words[behind : behind + 1] == ["="] and name in self.session.variables):
            for _ in self._set(name, piece, behind + 1, None):
                pass
            return True
        return False

    def _let(self, piece: Piece, _words: list[str]) -> bool:
        for _ in self.declared(piece._replace(tokens=piece.tokens[1:])):
            pass
        return True

    def _set_statement(self, piece: Piece, words: list[str]) -> bool:
        """``set x = e``, ``set (a, b) = (select …)``, ``set @x = 1, @y = 2``; other settings are nothing to us."""
        first = 1
        while first < len(words) - 1 and words[first] in _BEFORE_NAME:
            first += 1
        if words[first] == "(":
            end = behind_group(words, first)
            names = [self._name(piece.tokens, at) for at, _ in split_at_top(words, ",", first + 1, end - 1)]
            value = self.value(piece, end + 1, None)
            if value is not None:
                self._several(names, value)
            return True
        for start, behind in split_at_top(words, ",", first):
            equals = find_at_top(words, ("=", ":="), start, behind)
            if equals > start:
                name = self._name(piece.tokens, equals - 1)
                if self._is_variable(name, words, start):
                    for _ in self._set(name, piece, equals + 1, behind):
                        pass
        return True

    def _is_variable(self, name: str, words: Sequence[str], start: int) -> bool:
        """``set timezone = 'UTC'`` sets no variable that a query could read; ``set v = …`` in Snowflake does, as ``$v``."""
        return name in self.session.variables or words[start] == "@" or name.startswith("$") or self.dialect.name == "bigquery"

    def _name(self, tokens: Sequence[Token], at: int) -> str:
        name = variable_name(tokens, at + (tokens[at].text in ("@", "$")), self.dialect)
        if name[:1] not in ("@", "$") and name not in self.session.variables and self.dialect.name in ("snowflake", "duckdb"):
            return f"${name}"  # set v = 1 is read as $v; in DuckDB as getvariable('v')
        return name

    def _several(self, names: Sequence[str], value: Value, first: int = 0) -> None:
        """Each name one column of a query, or one member of a tuple."""
        members = value.tree.expressions if isinstance(value.tree, exp.Tuple) else None
        for position, name in enumerate(names, first):
            if members is not None:
                if position < len(members):
                    self.set_to(name, Value(members[position], value.text, value.around, is_query=False))
            else:
                self.set_to(name, Value(value.tree, value.text, value.around, value.is_query, position))

    def _select_into(self, piece: Piece, words: list[str]) -> bool:
        """``select max(id), count(*) into v, n from s``; T-SQL: ``select @v = max(id) from s``."""
        if words[0] == "SELECT" and "=" in words and "@" in words[:4]:
            return self._select_assigned(piece)
        into = -1 if _INTO.isdisjoint(words) else find_at_top(words, _INTO)
        if into < 0:
            return False
        bulk = words[into] != "INTO"
        behind = find_at_top(words, ("FROM", "WHERE", "LIMIT", "ORDER BY", "GROUP BY", "UNION", "FOR"), into)
        behind = behind if behind >= 0 else len(words)
        first = into + 1 + (words[into + 1 : into + 2] == ["STRICT"])
        names = self.targets(piece.tokens, words, first, behind)
        if not names or not (bulk or all(name in self.session.variables or name[:1] == "@" for name in names)):
            return False
        query = piece._replace(tokens=[*piece.tokens[:into], *piece.tokens[behind:]])
        value = self.value_of(query)
        if value is None:
            return False
        if self._is_row(names, value):
            self.set_to(names[0], Value(value.tree, value.text, value.around, is_query=True, position=None), row=True)
        else:
            self._several(names, value)
        return True

    def _is_row(self, names: Sequence[str], value: Value) -> bool:
        """Whether the one variable takes all columns: ``fetch c into r``, ``select * bulk collect into rs``."""
        if len(names) != 1 or not value.is_query:
            return False
        known = self.session.variables.get(names[0])
        query = value.tree.unnest()
        items = query.selects if isinstance(query, exp.Query) else []
        return (known is not None and known.row) or len(items) > 1 or any(item.is_star for item in items)

    def given_back(self, piece: Piece, words: Sequence[str]) -> tuple[Piece, dict[str, Value]]:
        """``insert into t (a) select … returning id into v``: the statement without INTO, and what the variables have then."""
        if words[0] not in _WRITING or _GIVING.isdisjoint(words):
            return piece, {}
        at = find_at_top(words, _GIVING)
        into = find_at_top(words, _INTO, at) if at > 0 else -1
        if into < 0:
            return piece, {}
        names = self.targets(piece.tokens, words, into + 1 + (words[into + 1 : into + 2] == ["STRICT"]), len(words))
        piece = piece._replace(tokens=piece.tokens[:into])
        value = self.value_of(piece)
        if value is None:
            return piece, {}
        known = self.session.variables.get(names[0]) if len(names) == 1 else None
        if known is not None and known.row:
            return piece, {known.name: replace(value, is_query=True, position=None)}
        return piece, {name: replace(value, is_query=True, position=position) for position, name in enumerate(names)}

    def put_into(self, query: Piece, names: Sequence[str]) -> bool:
        """``execute immediate 'select max(id) from s' into v``: whether ``query`` is one that gives its columns to ``names``."""
        value = self.value_of(query)
        if value is None or not value.is_query:
            return False
        self._several(names, value)
        return True

    def targets(self, tokens: Sequence[Token], words: Sequence[str], first: int, behind: int) -> list[str]:
        found = []
        for start, _ in split_at_top(words, ",", first, behind):
            at = start + (words[start] in ("@", ":", "$"))
            found.append(variable_name(tokens, at, self.dialect) if at < behind else "")
        return found

    def _select_assigned(self, piece: Piece) -> bool:
        value = self.value_of(piece)
        if value is None or not isinstance(value.tree, exp.Select):
            return False
        items = value.tree.expressions
        if not items or not all(isinstance(item, exp.EQ) and isinstance(item.this, exp.Parameter) for item in items):
            return False
        names = [f"@{self.dialect.column(item.this.name)}" for item in items]
        value.tree.set("expressions", [item.expression for item in items])
        self._several(names, value)
        return True

    def _fetch(self, piece: Piece, words: list[str]) -> bool:
        """``fetch next from c into @a, @b``: the cursor's columns by position."""
        into = find_at_top(words, _INTO)
        if into < 1:
            return True
        cursor = self.session.variables.get(self.dialect.column(piece.tokens[into - 1].text))
        names = self.targets(piece.tokens, words, into + 1, len(words))
        if cursor is None or cursor.cursor is None:
            return True
        value = cursor.cursor
        if self._is_row(names, value):
            self.session.assign(names[0], Value(value.tree, value.text, value.around, is_query=True, position=None), row=True)
        else:
            self._several(names, value)
        return True

    def _open(self, piece: Piece, words: list[str]) -> bool:
        """``open c for select …``"""
        start = find_at_top(words, ("FOR",))
        if start > 0:
            name = self.dialect.column(piece.tokens[1].text)
            self.session.variables[name] = Variable(name, cursor=self.value(piece, start + 1, None))
        return True

    def shown(self, piece: Piece, words: list[str]) -> None:
        """T-SQL: in a procedure, ``select a from t`` gives its rows to whoever runs the procedure."""
        if self.dialect.name in TRANSACT and self.session.routine and words[0] in ("SELECT", "WITH"):
            value = self.value_of(piece)
            if value is not None and value.is_query and value.tree.args.get("into") is None:
                self.session.shown.append(value)

    def _return(self, piece: Piece, words: list[str]) -> bool:
        """``return x + 1``, ``return query select …``, ``return table(rs)``: what a function gives."""
        first = 2 if words[1:2] in (["QUERY"], ["NEXT"]) else 1
        if words[1:2] == ["TABLE"]:
            name = self.dialect.column(piece.tokens[3].text) if len(piece.tokens) > 3 else ""  # noqa: PLR2004 -- return table ( rs )
            held = self._queries(piece.tokens[3]) if name else []
            value = held[-1] if held else self.value(piece, 2, None)
        else:
            value = self.value(piece, first, None)
        if value is not None:
            self.session.returned.append(value)
        return True

    def _pipe(self, piece: Piece, words: list[str]) -> bool:
        """``pipe row (t_row(r.id, r.amount))``: one more row of what a pipelined function gives."""
        value = self.value(piece, 2, None) if words[1:2] == ["ROW"] else None
        if value is not None:
            self.session.returned.append(piped_row(value, self.session))
        return True
