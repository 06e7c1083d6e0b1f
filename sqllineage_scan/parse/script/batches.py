"""T-SQL's batches, whose statements need no semicolon between them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqllineage_scan.parse.words import words_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqllineage_scan.parse.split import Piece

_ALWAYS = frozenset("IF WHILE BEGIN DECLARE PRINT RAISERROR THROW TRUNCATE GOTO WAITFOR DEALLOCATE".split())
_STARTERS = _ALWAYS | frozenset(
    "SELECT INSERT UPDATE DELETE MERGE CREATE ALTER DROP WITH SET EXEC EXECUTE ELSE END USE RETURN OPEN FETCH CLOSE COMMIT "
    "ROLLBACK BREAK CONTINUE GRANT REVOKE BULK".split()
)
_GOES_ON = frozenset(
    "UNION ALL EXCEPT INTERSECT AS THEN DO FOR ON BY NOT OR AND WITH , ( = . OF AFTER INSTEAD GRANT REVOKE DENY TRY CATCH IS "
    "NO".split()
)
_VERBS = frozenset("SELECT INSERT UPDATE DELETE MERGE VALUES EXEC EXECUTE".split())


def without_semicolons(piece: Piece) -> list[Piece]:
    """A batch whose statements just follow each other:

    select a into #x from t
    insert into y (p) select a from #x
    if @n > 1 begin update y set p = 0 end else delete from y
    """
    pieces: list[Piece] = []
    start = 0
    tokens = piece.tokens
    words = words_of(tokens)
    cases = depth = 0
    for index in range(len(tokens)):
        depth += (words[index] == "(") - (words[index] == ")")
        if words[index] == "CASE":
            cases += 1
        elif words[index] == "END" and cases:
            cases -= 1
        elif depth == 0 and cases == 0 and words[index] in _STARTERS and _begins(words, tokens, start, index):
            pieces.append(piece._replace(tokens=tokens[start:index]))
            start = index
    return [*pieces, piece._replace(tokens=tokens[start:])]


def _begins(words: Sequence[str], tokens: Sequence[object], start: int, index: int) -> bool:
    """Whether a new statement begins at ``index``, in a stretch whose current statement began at ``start``."""
    word, before, verb = words[index], words[index - 1], words[start]
    if index == start or (before, word) in (("UPDATE", "SET"), ("IF", "UPDATE"), ("BULK", "INSERT")):
        return False
    if verb in ("BEGIN", "END", "ELSE", "TRY", "CATCH") and index - start <= _behind_block(words, start):
        return word not in ("TRY", "CATCH")
    if before in _GOES_ON and not (verb == "SET" and before == "ON"):  # set nocount on
        return before in ("TRY", "CATCH")
    if word in _ALWAYS or word in ("ELSE", "END", "RETURN", "BREAK"):
        return True
    seen = set(_at_top(words, start, index))
    if word == "SET":
        return verb not in ("UPDATE", "MERGE", "ALTER", "WITH") or "SET" in seen or (verb == "WITH" and "UPDATE" not in seen)
    if word == "WITH":
        return index + 2 < len(words) and words[index + 2] in ("AS", "(") and verb not in ("CREATE", "ALTER")
    if word in _VERBS and verb in ("CREATE", "ALTER", "INSERT", "WITH"):
        return _is_full(verb, word, seen)
    if verb == "ALTER" and word in ("ALTER", "DROP", "WITH"):
        return _on_new_line(tokens, index) and words[index + 1 : index + 2] not in (["COLUMN"], ["CONSTRAINT"])
    if verb == "DECLARE" and word == "SELECT":
        return "CURSOR" not in seen
    if word in ("FETCH", "CLOSE", "OPEN", "USE", "EXECUTE"):
        return _on_new_line(tokens, index)
    return not (verb == "MERGE" and word in ("INSERT", "UPDATE", "DELETE") and not _on_new_line(tokens, index))


def _is_full(verb: str, word: str, seen: set[str]) -> bool:
    """Whether what began with ``verb`` has had its own query, so that the next verb is another statement's."""
    if verb in ("CREATE", "ALTER"):  # create view v as with c as (…) select …
        return word != "SELECT" or "SELECT" in seen or "AS" not in seen
    if verb == "INSERT":
        return bool(seen & {"SELECT", "VALUES", "EXEC", "EXECUTE"})
    return bool(seen & {"SELECT", "UPDATE", "DELETE", "MERGE"}) or ("INSERT" in seen and word != "SELECT")


def _behind_block(words: Sequence[str], start: int) -> int:
    """How many words a BEGIN, END or ELSE takes: ``begin try`` two."""
    return 2 if words[start + 1 : start + 2] in (["TRY"], ["CATCH"]) else 1


def _at_top(words: Sequence[str], start: int, end: int) -> list[str]:
    depth, found = 0, []
    for index in range(start, end):
        depth += (words[index] == "(") - (words[index] == ")")
        if depth == 0:
            found.append(words[index])
    return found


def _on_new_line(tokens: Sequence[object], index: int) -> bool:
    return bool(tokens[index].line > tokens[index - 1].line)  # type: ignore[attr-defined]
