"""Statements that move no values: they are understood, and there is nothing to say."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlglot import exp

if TYPE_CHECKING:
    from sqllineage_scan.parse.scope import Scope, Statement

STATEMENTS = tuple(
    kind
    for name in (
        "Set", "Use", "Grant", "Revoke", "Transaction", "Commit", "Rollback", "Drop", "Comment", "Describe", "Show", "Pragma",
        "Analyze", "Semicolon", "Kill", "Uncache", "Refresh", "Attach", "Detach", "Heredoc", "Summarize", "Install",
    )
    if isinstance(kind := getattr(exp, name, None), type)
)  # fmt: skip


def compile_statement(node: exp.Expr, scope: Scope) -> Statement | None:  # noqa: ARG001 -- the registry's signature
    """Nothing: DROP takes away, GRANT and SET are no data."""
    return None
