"""SECURITY.md promises nothing that no test holds."""

from __future__ import annotations

import ast
import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "SECURITY.md").read_text(encoding="utf-8")
_PROMISE = re.compile(r"^\| (?:\*\*[A-Z].*\*\*)? ?\| (.+) \| `(tests/[\w/]+\.py)::(\w+)` \|$", re.MULTILINE)


def promised_rows() -> list[str]:
    table = PAGE.partition("## What is promised")[2].partition("## What is not promised")[0]
    return [row for row in table.splitlines() if row.startswith("|") and not row.startswith(("| | promise", "|---"))]


def test_every_promise_names_a_test_that_exists() -> None:
    rows = promised_rows()
    assert len(rows) > 40
    for row in rows:
        found = _PROMISE.fullmatch(row)
        assert found is not None, row
        path, name = ROOT / found[2], found[3]
        tests = {node.name for node in ast.parse(path.read_text(encoding="utf-8")).body if isinstance(node, ast.FunctionDef)}
        assert name in tests, row


def test_no_promise_rests_on_a_test_that_is_skipped() -> None:
    for row in promised_rows():
        found = _PROMISE.fullmatch(row)
        assert found is not None
        tree = ast.parse((ROOT / found[2]).read_text(encoding="utf-8"))
        (test,) = (node for node in tree.body if isinstance(node, ast.FunctionDef) and node.name == found[3])
        marks = [ast.unparse(mark) for mark in test.decorator_list]
        assert not any(".skip(" in mark or "xfail" in mark for mark in marks), row
        assert (
            any(isinstance(node, ast.Assert) for node in ast.walk(test))
            or "raises" in ast.unparse(test)
            or "survives" in ast.unparse(test)
        ), row


def test_every_command_of_what_was_tried_is_there() -> None:
    tried = PAGE.partition("## What was tried")[2]
    for path in re.findall(r"pytest (tests/[\w/]+\.py)", tried):
        assert (ROOT / path).exists(), path
    for module in re.findall(r"-m ([\w.]+)", tried):
        assert (ROOT / f"{module.replace('.', '/')}.py").exists() or (ROOT / module.replace(".", "/") / "__main__.py").exists(), (
            module
        )
