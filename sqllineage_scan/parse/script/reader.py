"""A script, statement by statement, with what each one sets for those behind it."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from sqlglot.tokens import TokenType

from sqllineage_scan.domain.names import NameKind, RelationName
from sqllineage_scan.parse.aside import TRANSACT
from sqllineage_scan.parse.grammar import tokenizer
from sqllineage_scan.parse.registry import reads_words
from sqllineage_scan.parse.script.batches import without_semicolons
from sqllineage_scan.parse.script.calls import call_outcome, called_procedure
from sqllineage_scan.parse.script.client import without_client_lines
from sqllineage_scan.parse.script.control import STARTERS, Step, is_transaction, steps
from sqllineage_scan.parse.script.dynamic import dynamic_text, inserted_text, sliced
from sqllineage_scan.parse.script.functions import FunctionHeader, function_outcome, result_table
from sqllineage_scan.parse.script.names import plain_assignments, without_owner
from sqllineage_scan.parse.script.recreated import Recreated
from sqllineage_scan.parse.script.routine import Routine, body_text, language_of, routine_of
from sqllineage_scan.parse.script.row_types import note_type
from sqllineage_scan.parse.script.session import Session, Variable
from sqllineage_scan.parse.script.settings import parts_of, setting
from sqllineage_scan.parse.script.triggers import assigns_new, new_row_outcome, trigger_tables, without_colons
from sqllineage_scan.parse.script.variables import Variables
from sqllineage_scan.parse.split import statements
from sqllineage_scan.parse.statement import Outcome, compile_piece, faulty
from sqllineage_scan.parse.token_edits import made
from sqllineage_scan.parse.words import find_at_top, words_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from sqllineage_scan.dialects import Dialect
    from sqllineage_scan.domain.source import Rendered
    from sqllineage_scan.parse.script.dynamic import DynamicText
    from sqllineage_scan.parse.split import Piece

UNDERSTOOD = Outcome(None, understood=True)
_NOTHING = frozenset(
    "PERFORM RAISE RAISERROR THROW PRINT NULL LEAVE ITERATE EXIT CONTINUE BREAK SIGNAL RESIGNAL GOTO WAITFOR CLOSE "
    "DEALLOCATE SAVEPOINT "
    "RETURN OPEN ASSERT PRAGMA GET".split()
)
_SQL = frozenset(("sql", "plpgsql", "spl", "tsql"))
_OF_CLASSES = frozenset(("hive", "spark", "spark2", "databricks"))  # create function f as 'org.shop.Risk'
_FUNCTIONS = frozenset(("FUNCTION", "MACRO"))
_PROCEDURAL = frozenset("BEGIN DECLARE RETURN IF LOOP WHILE FOR <<".split())
_HEAD = 3  # words that say whether a statement makes something again: create or replace
_DEEPEST = 8  # routines inside texts inside routines


class _Open(NamedTuple):
    """A routine whose body is being read, and the session to go back to behind it."""

    routine: Routine
    piece: Piece
    before: Session
    whole: bool  # the body is one text: what is read inside does not end it


class ScriptReader:
    """Reads one text in order; gives an outcome a statement, and none for what only steers."""

    def __init__(
        self, way: Rendered, dialect: Dialect, dialect_guess: str, session: Session | None = None, depth: int = 0
    ) -> None:
        self.way = way
        self.dialect = dialect
        self.guess = dialect_guess
        self.session = session or Session()
        self.depth = depth
        self.ordinal = 1
        self._open: list[_Open] = []
        self.triggers: Mapping[tuple[str, ...], RelationName] = {}
        self.within_with = False
        self.recreated = Recreated()
        self.tabular: set[str] = set()  # the procedures so far that return rows

    def read_all(self) -> Iterator[Outcome]:
        """The whole text."""
        if "trigger" in self.way.text.lower():
            self.triggers = trigger_tables(self.way.text, self.dialect)
        yield from self.read_text(without_client_lines(self.way.text, self.dialect.name), 0)

    def read_text(self, text: str, offset: int) -> Iterator[Outcome]:
        """A text that begins at ``offset`` of the rendered one."""
        for each in statements(text, tokenizer(self.dialect.name)):
            piece = each._replace(offset=each.offset + offset)
            try:
                yield from self._piece(piece)
            except Exception as error:  # noqa: BLE001 -- a fault of ours costs this statement, not its neighbours, and says so
                yield self._counted(faulty(piece, self.way, self.dialect, self.ordinal, error))
        while self._open:
            yield from self._close()

    def _piece(self, piece: Piece) -> Iterator[Outcome]:
        """What stands between two semicolons."""
        if not piece.tokens:
            yield self._compiled(piece)
            return
        transact = self.dialect.name in TRANSACT  # begin tran update t set …: nothing need stand between
        if not transact and not self._open and not self.session.blocks and is_transaction(words_of(piece.tokens[:2])):
            yield self._counted(UNDERSTOOD)
            return
        piece = without_owner(piece, self.session.routine, self.session.variables, self.dialect)
        if self.within_with and not self._open:
            piece = self._with_again(piece)
        routine = routine_of(piece.tokens)
        if routine is not None and self.depth <= _DEEPEST:
            yield from self._routine(piece, routine)
            return
        for part in without_semicolons(piece) if transact else (piece,):
            for step in steps(part, self.session, self.dialect):
                yield from self._step(step)
        if self._is_over():
            yield from self._close()

    def _with_again(self, piece: Piece) -> Piece:
        """Oracle: ``with function f … end; x as (select …) select … from x``: behind the functions the WITH goes on."""
        words = words_of(piece.tokens[:2])
        if words[1:] not in (["AS"], ["("]) or words[0] in ("FUNCTION", "PROCEDURE", "SELECT"):
            self.within_with = words[0] in ("FUNCTION", "PROCEDURE")
            return piece
        self.within_with = False
        return piece._replace(tokens=[made(TokenType.WITH, "with", piece.tokens[0]), *piece.tokens])

    def _is_over(self) -> bool:
        """Whether the innermost routine has ended: at the END of its block, or behind its only statement."""
        if not self._open or self._open[-1].whole or self.session.blocks or self.session.declaring:
            return False
        return self.dialect.name not in TRANSACT or self._open[-1].routine.kind == "FUNCTION"

    def _counted(self, outcome: Outcome) -> Outcome:
        self.ordinal += 1
        return outcome

    def _compiled(self, piece: Piece) -> Outcome:
        outcome = self._counted(compile_piece(piece, self.way, self.dialect, self.guess, self.ordinal, self.session))
        words = words_of(piece.tokens[:_HEAD])
        if words[:1] == ["DROP"]:
            self.recreated.drop(piece.tokens, words_of(piece.tokens), self.dialect)
        return outcome if outcome.unit is None else outcome._replace(unit=self.recreated.mark(outcome.unit, words))

    def _step(self, step: Step) -> Iterator[Outcome]:
        variables = Variables(self.way, self.dialect, self.session)
        if step.kind == "declaration":
            for outcome in variables.declared(step.piece):
                yield self._counted(outcome)
        elif step.kind == "rows":
            variables.looped(step.name, step.piece)
        else:
            yield from self._statement(step.piece, step.words, variables)
            self.session.once = False

    def _statement(self, piece: Piece, words: list[str], variables: Variables) -> Iterator[Outcome]:
        piece, words = self._plainly(piece, words)
        own = reads_words(words[:4])  # exec sp_rename … is more than a call
        found = None
        if words[0] in ("EXECUTE", "EXEC", "DO", "PREPARE") and self.depth <= _DEEPEST and not own:
            found = dynamic_text(piece, words, self.way, self.dialect, self.session)
        elif self.dialect.name in TRANSACT and self.depth <= _DEEPEST:
            found = inserted_text(piece, words, self.way, self.dialect, self.session)
        if words[:3] == ["RETURN", "QUERY", "EXECUTE"] and self._returns_text(piece, words):
            yield self._counted(UNDERSTOOD)
            return
        if found is not None:
            if self._gives_values(found, piece, words, variables):
                yield self._counted(UNDERSTOOD)
            else:
                yield from self._within(found)
            return
        called = None if own else called_procedure(piece.tokens, words, self.dialect, in_block=bool(self.session.blocks))
        if called:
            shows = called[-1] in self.tabular
            yield self._counted(call_outcome(called, piece, self.way, self.dialect, self.session, self.ordinal, shows=shows))
        elif assigns_new(piece, words, self.session):
            yield self._counted(new_row_outcome(piece, words, self.way, self.dialect, self.session, self.ordinal))
        elif setting(piece, words, self.dialect, self.session) or variables.assigned(piece, words) or _is_nothing(words):
            yield self._counted(UNDERSTOOD)
        elif words[0] in ("SELECT", "WITH") and self._is_atomic():
            self._expression_body(piece)
            yield self._counted(UNDERSTOOD)
        else:
            yield self._of_data(piece, words, variables)

    def _plainly(self, piece: Piece, words: list[str]) -> tuple[Piece, list[str]]:
        """Without the colons before a trigger's rows, and without T-SQL's ``+=``."""
        plain = without_colons(piece, self.session) if self.session.tables else piece
        if self.dialect.name in TRANSACT and words[0] in ("SET", "SELECT") and "@" in words:
            plain = plain_assignments(plain)
        return (piece, words) if plain is piece else (plain, words_of(plain.tokens))

    def _of_data(self, piece: Piece, words: list[str], variables: Variables) -> Outcome:
        """A statement that is more than a step of the script, and what it puts into variables."""
        variables.shown(piece, words)
        if words[0] == "CREATE" and "TYPE" in words[1:5]:
            note_type(piece.tokens, words, self.session)
        piece, given = variables.given_back(piece, words)
        outcome = self._compiled(piece)
        for name, value in given.items():
            variables.set_to(name, value, row=value.position is None)
        return outcome

    def _is_atomic(self) -> bool:
        """Whether this is Postgres' ``create function f() … begin atomic select …; end``: its last query is what it returns."""
        if not self._open or self._open[-1].routine.kind not in _FUNCTIONS:
            return False
        routine, piece, _, _ = self._open[-1]
        return words_of(piece.tokens[routine.body : routine.body + 2]) == ["BEGIN", "ATOMIC"]

    def _gives_values(self, found: DynamicText, piece: Piece, words: list[str], variables: Variables) -> bool:
        """``execute immediate 'select max(id) from s' into v``: the variable has the query's value, and nothing is shown."""
        into = find_at_top(words, ("INTO", "BULK COLLECT INTO"))
        pieces = list(statements(found.text, tokenizer(self.dialect.name))) if into > 0 else []
        if len(pieces) != 1:
            return False
        using = find_at_top(words, ("USING",), into)
        names = variables.targets(piece.tokens, words, into + 1, using if using > 0 else len(words))
        query = pieces[0]._replace(offset=pieces[0].offset + found.offset)
        return Variables(found.way, self.dialect, self.session).put_into(query, names)

    def _returns_text(self, piece: Piece, words: list[str]) -> bool:
        """PL/pgSQL: ``return query execute 'select … where k = $1' using n``: whether the text is known."""
        found = dynamic_text(piece._replace(tokens=piece.tokens[2:]), words[2:], self.way, self.dialect, self.session)
        pieces = list(statements(found.text, tokenizer(self.dialect.name))) if found is not None else []
        if found is None or len(pieces) != 1:
            return False
        query = pieces[0]._replace(offset=pieces[0].offset + found.offset)
        value = Variables(found.way, self.dialect, self.session).value_of(query)
        if value is not None:
            self.session.returned.append(value)
        return value is not None

    def _within(self, found: DynamicText) -> Iterator[Outcome]:
        """A script that is a text of this one: it sees the variables, and what it sets is its own."""
        if not found.text:
            yield self._counted(UNDERSTOOD)
            return
        inner = ScriptReader(found.way, self.dialect, self.guess, self.session.inner(), self.depth + 1)
        inner.ordinal = self.ordinal
        inner.triggers = self.triggers
        inner.recreated = self.recreated
        inner.session.shown = self.session.shown
        yield from inner.read_text(found.text, found.offset)
        self.ordinal = inner.ordinal

    # Routines

    def _routine(self, piece: Piece, routine: Routine) -> Iterator[Outcome]:
        """``create procedure p (…) as begin …``: its parameters are variables, its statements are read where they stand."""
        while self._open and not self._open[-1].whole and self.dialect.name in TRANSACT:
            yield from self._close()
        self.within_with = self.within_with or words_of(piece.tokens[:1]) == ["WITH"]
        body = piece._replace(tokens=piece.tokens[routine.body :])
        if routine.kind == "PACKAGE":
            self.session.declaring = True
            yield from self._piece(body)
            return
        if routine.kind == "MACRO" and body.tokens and words_of(body.tokens[:1]) == ["TABLE"]:
            routine = routine._replace(returns_table=True)
        text = body_text(piece.tokens, routine.body)
        self._open.append(_Open(routine, piece, self.session, text is not None))
        self.session = self.session.inner()
        self.session.routine = parts_of(routine.name, self.dialect)
        self._declare(piece, routine)
        if text is not None:
            yield from self._text_body(sliced(text, piece, self.way), piece)
            yield from self._close()
            return
        if routine.result is not None:
            yield self._counted(result_table(piece, routine, self.way, self.dialect, self.ordinal))
        word = words_of(body.tokens[:1])[0] if body.tokens else ""
        if word == "RETURN" and routine.returns_table and routine.result is None and self.dialect.name in TRANSACT:
            self._expression_body(body._replace(tokens=body.tokens[1:]))  # returns table as return select …, without parentheses
            yield from self._close()
            return
        if routine.kind in _FUNCTIONS and word not in _PROCEDURAL and self.dialect.name != "oracle":  # is v number; begin …
            self._expression_body(body)
            yield from self._close()
            return
        self.session.declaring = piece.tokens[routine.body - 1].text.upper() in ("IS", "AS") and word not in STARTERS
        yield from self._piece(body)

    def _declare(self, piece: Piece, routine: Routine) -> None:
        """Parameters, and what a trigger calls the row that set it off."""
        for position, token in enumerate(routine.parameters):
            sign = "@" if piece.sql[token.start - 1 : token.start] == "@" else ""
            name = f"{sign}{self.dialect.column(token.text)}"
            self.session.variables[name] = Variable(name, argument=position if routine.kind in _FUNCTIONS else None)
        on = self.triggers.get(self.session.routine[-1:])
        if routine.table:
            on = RelationName(NameKind.TABLE, parts_of(routine.table, self.dialect))
        if on is not None:
            for name in ("new", "old"):
                self.session.declare(name, table=on)
            self.session.tables.update(dict.fromkeys(("inserted", "deleted", "new_table", "old_table"), on))

    def _text_body(self, found: DynamicText, piece: Piece) -> Iterator[Outcome]:
        """``as $$ … $$``. In SQL's own language a function returns what its last statement selects."""
        if language_of(piece.tokens) not in _SQL or self.dialect.name in _OF_CLASSES:
            return
        reader = ScriptReader(found.way, self.dialect, self.guess, self.session, self.depth + 1)
        reader.ordinal = self.ordinal
        pieces = [
            each._replace(offset=each.offset + found.offset) for each in statements(found.text, tokenizer(self.dialect.name))
        ]
        words = words_of(pieces[0].tokens[:1]) if pieces else []
        if self._open[-1].routine.kind in _FUNCTIONS and words and words[0] not in _PROCEDURAL:
            reader._expression_body(pieces.pop())
        for each in pieces:
            yield from reader._piece(each)
        self.ordinal = reader.ordinal

    def _expression_body(self, body: Piece) -> None:
        """``as (x + 1)``, ``as table select …``, ClickHouse's ``as (x, y) -> x + y``."""
        tokens = body.tokens[1:] if words_of(body.tokens[:1]) == ["TABLE"] else body.tokens
        arrow = next((index for index, token in enumerate(tokens) if token.text == "->"), -1)
        if (arrow > 0 and tokens[0].text == "(") or arrow == 1:
            names = [token for token in tokens[:arrow] if token.text not in ("(", ")", ",")]
            for position, token in enumerate(names):
                name = self.dialect.column(token.text)
                self.session.variables[name] = Variable(name, argument=position)
            tokens = tokens[arrow + 1 :]
        piece = without_owner(body._replace(tokens=tokens), self.session.routine, self.session.variables, self.dialect)
        value = Variables(self.way, self.dialect, self.session).value_of(piece) if tokens else None
        if value is not None:
            self.session.returned.append(value)

    def _close(self) -> Iterator[Outcome]:
        """The end of a routine: a function becomes something that calls can be seen through."""
        routine, piece, before, _ = self._open.pop()
        inner, self.session = self.session, before
        if routine.kind == "PROCEDURE":  # whose rows others read: table(p(3)), insert into t exec p
            inner.returned = inner.shown if self.dialect.name in TRANSACT else inner.returned if routine.returns_table else []
        if routine.kind not in _FUNCTIONS and not (routine.kind == "PROCEDURE" and inner.returned):
            yield self._counted(UNDERSTOOD)
            return
        arguments = sum(variable.argument is not None for variable in inner.variables.values())
        result = None
        if routine.result is not None:
            result = RelationName(NameKind.TABLE, (f"@{self.dialect.relation(routine.result.text)}",))
        columns = tuple(self.dialect.column(token.text) for token in routine.columns) if result is None else ()
        name = RelationName(NameKind.TABLE, parts_of(routine.name, self.dialect))
        if routine.kind == "PROCEDURE" and self.dialect.name not in TRANSACT:
            self.tabular.add(name.last)
        gives_rows = routine.returns_table or routine.kind == "PROCEDURE"
        header = FunctionHeader(name, arguments, columns, gives_rows, result, piece, self.way, self.dialect)
        yield self._counted(function_outcome(header, inner, self.ordinal))


def _is_nothing(words: list[str]) -> bool:
    return words[0] in _NOTHING and (words[1:2] != ["("] or words[0] == "ASSERT")
