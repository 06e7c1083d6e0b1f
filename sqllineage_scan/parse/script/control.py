"""Control words peeled off the statements they stand before."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from sqllineage_scan.parse.aside import TRANSACT
from sqllineage_scan.parse.words import find_at_top, words_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from sqllineage_scan.dialects import Dialect
    from sqllineage_scan.parse.script.session import Session
    from sqllineage_scan.parse.split import Piece

_TRANSACTION = frozenset("TRANSACTION TRAN WORK DEFERRED IMMEDIATE EXCLUSIVE ISOLATION READ DISTRIBUTED".split())
_CLOSED = frozenset("IF LOOP WHILE FOR CASE REPEAT TRY CATCH".split())
STARTERS = frozenset(
    "SELECT INSERT UPDATE DELETE MERGE CREATE ALTER DROP TRUNCATE WITH DECLARE SET EXEC EXECUTE IF WHILE BEGIN END ELSE PRINT "
    "USE RETURN RAISERROR THROW OPEN FETCH CLOSE DEALLOCATE COMMIT ROLLBACK BREAK CONTINUE GOTO WAITFOR CALL TABLE FROM "
    "VALUES COPY".split()
)


def is_transaction(words: list[str]) -> bool:
    """``begin;``, ``begin transaction``, and ``end;`` where no block is open."""
    return words[0] in ("BEGIN", "END") and (len(words) == 1 or words[1] in _TRANSACTION)


class Step(NamedTuple):
    """Something a script does: ``kind`` is ``statement``, ``rows`` (a loop over ``name``'s rows), or ``declaration``. ``words``
    are those of the piece.
    """

    kind: str
    piece: Piece
    words: list[str]
    name: str = ""


def steps(piece: Piece, session: Session, dialect: Dialect) -> Iterator[Step]:
    """What is left of ``piece`` without its control words, and what those say; keeps count of the open blocks.

    begin insert into t select a from s       insert into t select a from s
    end loop                                  nothing
    """
    return _Peeler(piece, session, dialect).steps()


class _Peeler:
    def __init__(self, piece: Piece, session: Session, dialect: Dialect) -> None:
        self.piece = piece
        self.words = words_of(piece.tokens)
        self.session = session
        self.dialect = dialect
        self.at = 0
        self.found: list[Step] = []

    def steps(self) -> Iterator[Step]:
        while self.at < len(self.words):
            self._skip_label()
            word = self.words[self.at] if self.at < len(self.words) else ""
            if self.session.declaring and word != "BEGIN":
                self._leave("declaration")
                break
            peel = _CONTROL.get(word)
            if peel is None or not peel(self):
                self._leave("statement")
                break
            yield from self.found
            self.found.clear()
        yield from self.found

    def _word(self, ahead: int) -> str:
        return self.words[self.at + ahead] if self.at + ahead < len(self.words) else ""

    def _rest(self, first: int | None = None, behind: int | None = None) -> Piece:
        return self.piece._replace(tokens=self.piece.tokens[self.at if first is None else first : behind])

    def _leave(self, kind: str) -> None:
        """All that is left is one step."""
        if self.at < len(self.words):
            self.found.append(Step(kind, self._rest(), self.words[self.at :]))
        self.at = len(self.words)

    def _skip_label(self) -> None:
        """``<<outer>>`` and ``outer: loop``."""
        if self._word(0) == "<<" or (self._word(0) == "<" and self._word(1) == "<"):
            end = next((index for index in range(self.at, len(self.words)) if self.words[index] in (">>", ">")), None)
            if end is not None:
                self.at = end + (2 if self.words[end] == ">" else 1)
        elif self._word(1) == ":" and self._word(2) in ("LOOP", "WHILE", "REPEAT", "BEGIN", "FOR"):
            self.at += 2

    def begin(self) -> bool:
        """``begin``, ``begin atomic``, ``begin try``; a transaction's is no block."""
        self.session.declaring = False
        if self._word(1) in _TRANSACTION:
            self.at = len(self.words)
            return True
        skipped = 2 if self._word(1) == "NOT" and self._word(2) == "ATOMIC" else int(self._word(1) in ("ATOMIC", "TRY", "CATCH"))
        self._open(maybe=self._word(1) == "CATCH" or self.session.once)
        self.at += 1 + skipped
        return True

    def _open(self, *, maybe: bool) -> None:
        self.session.blocks.append(maybe)
        self.session.once = False

    def end(self) -> bool:
        """``end``, ``end if``, ``end loop outer``; what follows in the same stretch goes on."""
        if self.session.blocks:
            self.session.blocks.pop()
        self.at += 1
        if self._word(0) in _CLOSED and not (self.dialect.name in TRANSACT and self._word(0) in ("IF", "WHILE")):
            self.at += 1
        if self._word(0) not in _CONTROL and self._word(0) not in STARTERS:
            self.at = len(self.words)
        return True

    def if_(self) -> bool:
        """``if cond then``; in T-SQL the condition ends where a statement begins."""
        then = find_at_top(self.words, ("THEN",), self.at + 1)
        if then >= 0 and self.dialect.name not in TRANSACT:
            if self.words[self.at] == "IF":
                self._open(maybe=True)
            self.at = then + 1
            return True
        start = find_at_top(self.words, STARTERS, self.at + 1)
        while start >= 0 and self.words[start : start + 2] == ["UPDATE", "("]:  # if update(a) or update(b) insert …
            start = find_at_top(self.words, STARTERS, start + 1)
        if start < 0 and self.words[self.at] == "IF" and self.dialect.name not in TRANSACT:
            return False  # neither THEN nor anything that it would decide about
        self.session.once = True
        self.at = start if start >= 0 else len(self.words)
        return True

    def else_(self) -> bool:
        """``else`` goes on inside the block of its IF; T-SQL's stands before a statement or a block of its own."""
        self.at += 1
        self.session.once = self.dialect.name in TRANSACT
        return True

    def when(self) -> bool:
        """``exception when others then``, ``when @x = 1 then`` of a CASE statement."""
        then = find_at_top(self.words, ("THEN",), self.at + 1)
        self.at = then + 1 if then >= 0 else len(self.words)
        return True

    def exception(self) -> bool:
        self.at += 1
        if self.session.blocks:
            self.session.blocks[-1] = True
        return True

    def case(self) -> bool:
        """A CASE statement: its first WHEN; the others begin stretches of their own."""
        when = next((index for index in range(self.at + 1, len(self.words)) if self.words[index] == "WHEN"), None)
        if when is None:
            return False
        self._open(maybe=True)
        self.at = when
        return True

    def loop(self) -> bool:
        self._open(maybe=True)
        self.at += 1
        return True

    def until(self) -> bool:
        """``until @x > 3 end repeat``"""
        end = find_at_top(self.words, ("END",), self.at + 1)
        self.at = end if end >= 0 else len(self.words)
        return True

    def while_(self) -> bool:
        """``while cond do`` and ``while cond loop``; T-SQL has neither word."""
        opened = find_at_top(self.words, ("DO", "LOOP"), self.at + 1)
        if opened >= 0:
            self._open(maybe=True)
            self.at = opened + 1
            return True
        return self.if_()

    def for_(self) -> bool:
        """``for r in (select …) loop``, ``for r in select … do``, ``for i in 1..10 loop``, ``forall i in 1..n insert …``."""
        inside = find_at_top(self.words, ("IN",), self.at + 1)
        if self._word(2) == "AS" and self._word(3) in ("SELECT", "WITH", "(", "VALUES", "TABLE", "FROM"):
            inside = self.at + 2  # Databricks: for r as select … do
        if inside < 0:
            return False
        opened = find_at_top(self.words, ("LOOP", "DO"), inside + 1)
        if self.words[self.at] == "FORALL" or opened < 0:
            opened = find_at_top(self.words, STARTERS, inside + 1) - 1
            self.session.once = True
        else:
            self._open(maybe=True)
        if opened < inside:
            return False
        name = self.dialect.column(self.piece.tokens[inside - 1].text)
        self.found.append(Step("rows", self._rest(inside + 1, opened), self.words[inside + 1 : opened], name))
        self.at = opened + (0 if self.words[opened] not in ("LOOP", "DO") else 1)
        if self.session.once:
            self.at = opened + 1
        return True

    def declare(self) -> bool:
        """``declare v int`` says one thing; where a section of declarations begins, all up to BEGIN are."""
        if self._word(1) in ("EXIT", "CONTINUE", "UNDO") and self._word(2) == "HANDLER":
            return self._handler()
        if self._word(1) == "@" and "TABLE" in (self._word(3), self._word(4)):
            return False  # declare @t table (…) creates something
        self.at += 1
        if self.dialect.name in _SECTIONS and self._word(0) not in ("@", "VARIABLE", "OR"):
            self.session.declaring = True
        if self._word(0) != "BEGIN":
            self._leave("declaration")
        return True

    def _handler(self) -> bool:
        """``declare exit handler for sqlexception rollback``: the statement behind the conditions may be run."""
        start = find_at_top(self.words, STARTERS - {"CONTINUE"}, self.at + 3)
        self.session.once = True
        self.at = start if start >= 0 else len(self.words)
        return True


_SECTIONS = frozenset(("postgres", "redshift", "snowflake", "oracle", "materialize", "risingwave"))

_CONTROL: dict[str, Callable[[_Peeler], bool]] = {
    "BEGIN": _Peeler.begin,
    "END": _Peeler.end,
    "IF": _Peeler.if_,
    "ELSEIF": _Peeler.if_,
    "ELSIF": _Peeler.if_,
    "ELSE": _Peeler.else_,
    "WHEN": _Peeler.when,
    "EXCEPTION": _Peeler.exception,
    "CASE": _Peeler.case,
    "LOOP": _Peeler.loop,
    "REPEAT": _Peeler.loop,
    "UNTIL": _Peeler.until,
    "WHILE": _Peeler.while_,
    "FOR": _Peeler.for_,
    "FOREACH": _Peeler.for_,
    "FORALL": _Peeler.for_,
    "DECLARE": _Peeler.declare,
}
