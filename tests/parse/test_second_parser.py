"""What sqlfluff is asked, and when: tests/sql/second_parser.md says what comes of it."""

from __future__ import annotations

import subprocess
import sys

from sqllineage_scan.parse.grammar import tokenizer
from sqllineage_scan.parse.second_parser import Mended, Patience, mended

SLIP = "select a from t where b = = 3"


def asked(sql: str, dialect: str = "postgres", patience: Patience | None = None) -> Mended | None:
    return mended(tokenizer(dialect).tokenize(sql), sql, dialect, patience or Patience())


def test_what_sqlglot_reads_is_not_asked_about() -> None:
    assert asked("select a from t where b = 3") is None


def test_what_is_left_out_is_said() -> None:
    found = asked(SLIP)
    assert found is not None
    assert [SLIP[first:last] for first, last in found.places] == ["= = 3"]
    assert found.broken


def test_a_file_has_so_many_questions() -> None:
    patience = Patience(left=len(SLIP))
    assert asked(SLIP, patience=patience) is not None
    assert asked(SLIP, patience=patience) is None


def test_long_statements_are_not_asked_about() -> None:
    assert asked(f"select {', '.join(['a'] * 5000)} from t where b = = 3") is None


def test_a_dialect_that_sqlfluff_does_not_have() -> None:
    assert asked(SLIP, "dremio") is None


def test_a_parenthesis_that_never_closes() -> None:
    assert asked("select (a from t") is None


def test_it_is_imported_when_something_failed() -> None:
    code = "from sqllineage_scan import analyze_sql; import sys; analyze_sql({!r}); print('sqlfluff' in sys.modules)"
    for sql, imported in (("select a from t", "False"), (SLIP, "True")):
        done = subprocess.run([sys.executable, "-c", code.format(sql)], capture_output=True, text=True, check=True)
        assert done.stdout.strip() == imported
