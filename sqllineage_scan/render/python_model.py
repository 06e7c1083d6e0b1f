"""dbt's Python models: what they read and how they are configured, from their syntax tree. They are never run."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Any

from sqllineage_scan.domain.finding import Finding, Severity
from sqllineage_scan.domain.names import NameKind, RelationName
from sqllineage_scan.domain.source import RenderedFile
from sqllineage_scan.domain.span import Span
from sqllineage_scan.render.attempt import Failure, attempt
from sqllineage_scan.render.node import node_of
from sqllineage_scan.render.rendering import Rendering
from sqllineage_scan.render.subject import Subject

if TYPE_CHECKING:
    from sqllineage_scan.domain.source import SourceFile
    from sqllineage_scan.render.environment import RenderEnvironment


def read_python_model(file: SourceFile, text: str, environment: RenderEnvironment) -> RenderedFile:
    """``def model(dbt, session): return dbt.ref("orders")``: a node that reads orders, and no SQL."""
    rendering = Rendering(Subject(file, text, environment), parsing=True)
    tree = attempt(lambda: ast.parse(text))
    findings: tuple[Finding, ...] = ()
    if isinstance(tree, Failure):
        line = getattr(tree.error, "lineno", None) or 1
        span = Span(file.path, line, 1, line, 1)
        findings = (Finding("RN01", "render.failed", Severity.ERROR, f"not readable as Python: {tree.reason}", span),)
    else:
        calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call) and _is_dbt(node.func)]
        for call in sorted(calls, key=lambda node: (node.lineno, node.col_offset)):
            _read_call(call, rendering)
    return RenderedFile((), node_of(rendering), findings)


def _is_dbt(function: ast.expr) -> bool:
    return isinstance(function, ast.Attribute) and isinstance(function.value, ast.Name) and function.value.id == "dbt"


def _read_call(call: ast.Call, rendering: Rendering) -> None:
    function = call.func.attr if isinstance(call.func, ast.Attribute) else ""
    arguments = [_constant(argument) for argument in call.args]
    options = {option.arg: _constant(option.value) for option in call.keywords}
    known = {str(name): given for name, given in options.items() if not isinstance(given, Failure)}
    if function == "config":
        rendering.config.update(known)
    elif arguments and all(isinstance(argument, str) for argument in arguments):
        _read_relation(function, arguments, known, rendering)


def _constant(expression: ast.expr) -> Any:
    return attempt(lambda: ast.literal_eval(expression))


def _read_relation(function: str, names: list[str], options: dict[str, Any], rendering: Rendering) -> None:
    if function == "ref":
        version = options.get("v", options.get("version", ""))
        name = RelationName(NameKind.REF, (names[0] if len(names) > 1 else "", names[-1], str(version)))
    elif function == "source" and len(names) > 1:
        name = RelationName(NameKind.SOURCE, (names[0], names[1]))
    else:
        return
    rendering.relation(name, lambda: ("", "", name.last))
