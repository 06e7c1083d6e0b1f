"""One statement into a ``Unit``, by the best means that work: its parser, the generic parser, its tokens."""

from __future__ import annotations

import logging
import re
from contextlib import contextmanager, suppress
from functools import partial
from typing import TYPE_CHECKING, NamedTuple, Protocol

from sqlglot import exp
from sqlglot.errors import ErrorLevel, ParseError, SqlglotError

from sqllineage_scan.domain.dataset import DatasetKind
from sqllineage_scan.domain.evidence import Evidence, EvidenceKind
from sqllineage_scan.domain.finding import Finding, Severity
from sqllineage_scan.domain.job import JobKind
from sqllineage_scan.domain.names import NameKind, RelationName
from sqllineage_scan.domain.unit import Unit, Write
from sqllineage_scan.parse.aside import set_aside
from sqllineage_scan.parse.clauses import of_statement
from sqllineage_scan.parse.deep import DEEPEST, SHALLOW, TOO_DEEP, nesting
from sqllineage_scan.parse.grammar import dialect_parser, tokenizer
from sqllineage_scan.parse.housekeeping import LONGEST, is_housekeeping, moves_nothing
from sqllineage_scan.parse.reader import Reader
from sqllineage_scan.parse.registry import led_by, rescues, statements, words
from sqllineage_scan.parse.room import has_room, with_room
from sqllineage_scan.parse.scope import Scope, Statement, UnsupportedSyntaxError
from sqllineage_scan.parse.second_parser import Mended, Patience, mended
from sqllineage_scan.parse.spelling import respelled
from sqllineage_scan.parse.text import StatementText
from sqllineage_scan.parse.tokens import tables_of
from sqllineage_scan.parse.words import words_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from sqlglot.tokens import Token

    from sqllineage_scan.dialects import Dialect
    from sqllineage_scan.domain.source import Rendered
    from sqllineage_scan.parse.split import Piece

_LACKING = re.compile(r"Required keyword: .* missing for <class '.*\.(\w+)'>")  # sqlglot: case end
_DATA = frozenset(("SELECT", "FROM", "UPDATE", "PIVOT", "UNPIVOT"))  # without one of them a statement moves nothing
_CHECK = "check the dialect, or the statement itself"
_LEADING = 4  # words that tell what a statement is: insert overwrite local directory
_QUERY = re.compile(r"\s*\(*\s*(select|with|from)\b", re.IGNORECASE)

logging.getLogger("sqlglot").addHandler(logging.NullHandler())  # what it warns of when it writes SQL is not for standard error


class Outcome(NamedTuple):
    unit: Unit | None
    understood: bool
    findings: tuple[Finding, ...] = ()


class ScriptState(Protocol):
    """What a script has set before a statement: ``parse/script/session.py``."""

    search_path: tuple[tuple[str, ...], ...]
    routine: tuple[str, ...]
    patience: Patience

    def enter(self, scope: Scope, tokens: Sequence[Token]) -> Scope:
        """The scope of a statement with the variables that it mentions around it."""


def compile_piece(  # noqa: PLR0917 -- where it stands, how to read it, what was said before it
    piece: Piece, way: Rendered, dialect: Dialect, dialect_guess: str, ordinal: int, session: ScriptState
) -> Outcome:
    """Never raises: whatever goes wrong is a finding, and the tables at least are kept."""
    text = statement_text(piece, way)
    if piece.tokens and is_housekeeping(words_of(_words(text)[:LONGEST]), dialect):
        return Outcome(None, understood=True)
    again = partial(compile_piece, piece, way, dialect, dialect_guess, ordinal, session)
    depth = nesting(piece.tokens)
    if depth > SHALLOW and not has_room():
        with suppress(RecursionError):
            return with_room(again)
    known = {
        EvidenceKind.GUESSED_DIALECT: dialect_guess and f"{dialect.name}: {dialect_guess}",
        EvidenceKind.ARTIFACT: way.artifact,
    }
    evidence = tuple(Evidence(kind, note) for kind, note in known.items() if note)
    trouble, unsupported = piece.trouble, ""
    if depth > (DEEPEST if has_room() else SHALLOW):
        return _by_tokens(text, dialect, ordinal, evidence, trouble=TOO_DEEP)
    for attempt in _attempts(piece, text, dialect, session.patience):
        if unsupported and attempt.reads is None and attempt.mended is None:
            continue  # it parses, and nobody here knows what it means: another dialect will not help
        try:
            scope = session.enter(Scope(text, dialect), piece.tokens)
            parts = attempt.compile(piece, scope)
        except UnsupportedSyntaxError as error:
            unsupported = unsupported or ("" if attempt.reads is not None else str(error))
            continue
        except (SqlglotError, RecursionError) as error:
            if isinstance(error, RecursionError) and not has_room():
                with suppress(RecursionError):
                    return with_room(again)
            trouble = trouble or _in_words(error)
            continue
        except Exception as error:  # noqa: BLE001 -- a fault of ours costs this statement, not its neighbours, and says so
            return _by_tokens(text, dialect, ordinal, evidence, fault=f"{type(error).__name__}: {error}"[:200])
        if parts is None:
            return Outcome(None, understood=True)
        unit = Unit(
            parts.kind,
            ordinal,
            text.whole(),
            dialect.name,
            tuple(scope.relations),
            parts.writes,
            parts.changes,
            evidence=(*evidence, *attempt.evidence),
            search_path=session.search_path,
            routine=session.routine,
            fingerprint=text.fingerprint(),
            clauses=parts.clauses,
        )
        return Outcome(unit, attempt.understands, attempt.findings(text, trouble or unsupported))
    return _by_tokens(text, dialect, ordinal, evidence, unsupported=unsupported, trouble=trouble)


class _Attempt(NamedTuple):
    """One way to read a statement. ``blank``: words to pass over, the stand-ins of holes where no expression can stand.
    ``reads``: not the parser but one of ours, word by word. ``mended``: what the second parser leaves for the first.
    """

    parser_name: str
    evidence: tuple[Evidence, ...] = ()
    blank: tuple[str, ...] = ()
    reads: Callable[[Reader], Statement | None] | None = None
    mended: Mended | None = None

    @property
    def understands(self) -> bool:
        """Whether nothing of the statement was passed over that a database would have read."""
        return self.mended is None or not self.mended.broken

    def compile(self, piece: Piece, scope: Scope) -> Statement | None:
        with _quiet():
            if self.reads is not None:
                return self.reads(Reader(_words(scope.text), scope))
            tree = self.parse(piece, scope)
        return _compile(tree, scope)

    def parse(self, piece: Piece, scope: Scope) -> exp.Expr | None:
        parser = dialect_parser(self.parser_name)
        tokens = piece.tokens if self.mended is None else self.mended.tokens
        tokens = respelled(tokens[: len(tokens) - _with_data(tokens)], piece.sql, self.parser_name)
        if self.mended is None and (self.evidence or self.blank):  # another dialect cuts the text into other words
            first, last = tokens[0].start, tokens[-1].end + 1
            text = " " * first + piece.sql[first:last]
            for word in self.blank:
                text = text.replace(word, " " * len(word))
            tokens = tokenizer(self.parser_name).tokenize(text)
        if tokens and tokens[0].token_type in parser.tokenizer_class.COMMANDS:
            rest = piece.sql[tokens[1].start : tokens[-1].end + 1] if len(tokens) > 1 else ""
            return exp.Command(this=tokens[0].text.upper(), expression=rest)
        cut = set_aside(tokens, scope.dialect.name)
        scope.output = cut.output
        try:
            trees = parser.parser(error_level=ErrorLevel.IMMEDIATE).parse(list(cut.tokens), piece.sql)
        except (SqlglotError, RecursionError):
            raise
        except Exception as error:
            raise ParseError(f"the parser failed on it ({type(error).__name__})") from error
        return next((tree for tree in trees if tree is not None), None)

    def findings(self, text: StatementText, trouble: str) -> tuple[Finding, ...]:
        if self.blank:
            left_out = ", ".join(f"{{{{ {text.holes[word].expression} }}}}" for word in self.blank)
            return (
                Finding("PA04", "parse.without_hole", Severity.NOTE, f"read as if this were not there: {left_out}", text.whole()),
            )
        if self.mended is not None:
            less = ", ".join(f"`{part}`" for part in self.mended.reduced(text))
            if self.mended.broken:
                message = f"cannot be parsed: {trouble}; read without {less}"
                return (Finding("PA01", "parse.failed", Severity.ERROR, message, text.whole(), help=_CHECK),)
            message = f"read with sqlfluff's parser, and of {less} no more than the columns, because: {trouble}"
            return (Finding("PA06", "parse.mended", Severity.NOTE, message, text.whole()),)
        if self.evidence:
            message = f"read with the generic dialect, because: {trouble}"
            return (
                Finding("PA03", "parse.generic", Severity.NOTE, message, text.whole(), help="check the dialect of this file"),
            )
        return ()


def _with_data(tokens: Sequence[Token]) -> int:
    """How many words ``with [no] data`` has behind a materialized view: sqlglot gives up on the whole for them."""
    if "MATERIALIZED" not in (token.text.upper() for token in tokens[:4]):
        return 0
    last = [token.text.upper() for token in tokens[-3:]]
    return 3 if last == ["WITH", "NO", "DATA"] else 2 if last[-2:] == ["WITH", "DATA"] else 0


def _words(text: StatementText) -> Sequence[Token]:
    """Without the mark that sqlglot sets before statements of Athena's Hive half."""
    return text.tokens[1:] if text.tokens and not text.tokens[0].text else text.tokens


def _attempts(piece: Piece, text: StatementText, dialect: Dialect, patience: Patience) -> Iterator[_Attempt]:
    """As it stands; without the holes that stand where no expression can (``from t {{ where_clause() }}``); as generic SQL.
    Word by word: first, where only we know the statement, or after the parser, where it knows some of that kind. At last, what
    sqlfluff makes of it.
    """
    if not piece.tokens:
        return
    leading = words_of(_words(text)[:_LEADING])
    own = led_by(leading, words())
    if own is not None:
        yield _Attempt(dialect.name, reads=own)
    yield _Attempt(dialect.name)
    own = led_by(leading, rescues())
    if own is not None:
        yield _Attempt(dialect.name, reads=own)
    first, last = text.bounds()
    holes = tuple(word for word in text.holes if word in text.sql[first:last])
    if holes:
        yield _Attempt(dialect.name, blank=holes)
    if dialect.name:
        yield _Attempt("", (Evidence(EvidenceKind.SECOND_PARSER, "the generic dialect"),))
    if not _DATA.isdisjoint(words_of(piece.tokens)):
        with _quiet():
            found = mended(_words(text), piece.sql, dialect.name, patience)
        if found is not None:
            less = ", ".join(found.reduced(text))
            yield _Attempt(dialect.name, (Evidence(EvidenceKind.MENDED, less),), mended=found)


def _compile(tree: exp.Expr | None, scope: Scope) -> Statement | None:
    """What the statement does; None when that is nothing."""
    if tree is None:
        return None
    if moves_nothing(tree):
        return None
    if isinstance(tree, exp.Command):
        raise UnsupportedSyntaxError(str(tree.this).upper())
    compile_statement = statements().get(type(tree))
    if compile_statement is None:
        raise UnsupportedSyntaxError(tree.key.upper())
    found: Statement | None = compile_statement(tree, scope)
    if found is not None:
        found = found._replace(clauses=of_statement(tree, scope))
        if found.clauses:
            scope.tell(0)
    if found is not None and scope.writes:  # with moved as (delete from t returning *) insert into …
        return found._replace(writes=(*scope.writes, *found.writes))
    return found


def _by_tokens(
    text: StatementText,
    dialect: Dialect,
    ordinal: int,
    evidence: tuple[Evidence, ...],
    *,
    unsupported: str = "",
    trouble: str = "",
    fault: str = "",
) -> Outcome:
    """The tables of a statement that no parser or no file here understands, with a finding that says so."""
    first, last = text.bounds()
    read, written = tables_of(text.sql[first:last], dialect, text.names)
    span = text.whole()
    if unsupported:
        message = f"{unsupported} is not understood yet: its tables are in the graph, its columns are not"
        finding = Finding("PA02", "parse.unsupported", Severity.WARNING, message, span)
    elif fault:
        message = f"sqllineage-scan failed on this statement ({fault})"
        finding = Finding("PA05", "parse.fault", Severity.ERROR, message, span, help="please report it, with the statement")
    else:
        message = f"cannot be parsed: {trouble}"
        finding = Finding(
            "PA01", "parse.failed", Severity.ERROR, message, span, help="check the dialect, or the statement itself"
        )
    unit = None
    if read or written:
        reason = Evidence(EvidenceKind.TOKENS, unsupported or trouble or fault)
        writes = tuple(Write(name, None, None, span=span) for name in written)
        if not writes and _QUERY.match(text.sql[first:last]):
            writes = (Write(RelationName(NameKind.THIS, ()), None, DatasetKind.QUERY, span=span),)
        unit = Unit(
            JobKind.BLOCK,
            ordinal,
            span,
            dialect.name,
            writes=writes,
            reads=read,
            evidence=(*evidence, reason),
            fingerprint=text.fingerprint(),
        )
    return Outcome(unit, understood=False, findings=(finding,))


def faulty(piece: Piece, way: Rendered, dialect: Dialect, ordinal: int, error: Exception) -> Outcome:
    """A part of a script that we failed on: its tables, and a finding that says so."""
    return _by_tokens(statement_text(piece, way), dialect, ordinal, (), fault=f"{type(error).__name__}: {error}"[:200])


def not_parsed(piece: Piece, way: Rendered, what: str) -> Outcome:
    """A part of a script that no parser understands, said as any other statement that does not parse."""
    text = statement_text(piece, way)
    finding = Finding("PA01", "parse.failed", Severity.ERROR, f"cannot be parsed: {what}", text.whole(), help="check the dialect")
    return Outcome(None, understood=False, findings=(finding,))


def statement_text(piece: Piece, way: Rendered) -> StatementText:
    holes = {hole.token: hole for hole in way.holes}
    return StatementText(piece.sql, piece.offset, piece.tokens, way.source_map, way.names, holes)


def _in_words(error: Exception) -> str:
    """One line of what a parser says in many: its message and the place, without terminal colours."""
    if isinstance(error, RecursionError):
        return TOO_DEEP
    details = getattr(error, "errors", None)
    if details:
        first = details[0]
        lacking = _LACKING.search(str(first.get("description")))
        if lacking:
            return f"{lacking[1].upper()} is not complete"
        near = str(first.get("highlight") or "").strip()
        return f"{str(first.get('description') or 'unexpected input').rstrip('.')}" + (f", near `{near[:40]}`" if near else "")
    return str(error).split("\n", maxsplit=1)[0][:200]


@contextmanager
def _quiet() -> Iterator[None]:
    """sqlglot logs a warning for syntax it keeps as text; we turn that into a finding."""
    logger = logging.getLogger("sqlglot")
    before, logger.disabled = logger.disabled, True
    try:
        yield
    finally:
        logger.disabled = before
