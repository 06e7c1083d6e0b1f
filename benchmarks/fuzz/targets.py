"""What is fuzzed: functions of some bytes that raise when a promise is broken, and do nothing else.

They need no fuzzer, so that tests run what it has found again, with any sqlglot (tests/properties/test_fuzz_corpus.py).
"""

from __future__ import annotations

import atexit
import contextlib
import os
import shutil
import tempfile
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqllineage_scan.dialects import dialect, own_files
from sqllineage_scan.domain.source import DbtProject, FileKind, Rendered, SourceFile, identity_map
from sqllineage_scan.errors import UsageError
from sqllineage_scan.parse.file import parse_file
from sqllineage_scan.pipeline.cache.codec import DamagedError, UncodableError
from sqllineage_scan.pipeline.cache.compiled import codec
from sqllineage_scan.pipeline.work import compile_bytes
from sqllineage_scan.pipeline.workshop import Workshop
from sqllineage_scan.render.environment import build_environment

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqllineage_scan.pipeline.work import Compiled

CANARY = "canary-9f31c7e2"
"""Stands in the environment, in a file and in the settings of this process: it must never come out."""

_RENDERED = (
    FileKind.MODEL,
    FileKind.SQL,
    FileKind.SNAPSHOT,
    FileKind.TEST,
    FileKind.ANALYSIS,
    FileKind.PROPERTIES,
    FileKind.PYTHON_MODEL,
    FileKind.PROJECT,
)
_MACROS = """
{% macro cents(column, places=2) %}round({{ column }} / 100, {{ places }}){% endmacro %}
{% macro all_of(relation) %}{% for c in adapter.get_columns_in_relation(relation) %}{{ c.name }},{% endfor %}{% endmacro %}
{% macro given(name) %}{{ return(var(name, 'none')) }}{% endmacro %}
"""


def render(data: bytes) -> None:
    """The first byte says what kind of file the rest is."""
    kind = _RENDERED[data[0] % len(_RENDERED)] if data else FileKind.MODEL
    path = f"models/f.{'yml' if kind in (FileKind.PROPERTIES, FileKind.PROJECT) else 'py' if 'python' in kind else 'sql'}"
    _check(compile_bytes(SourceFile(path, kind, "", "duckdb"), data[1:], _workshop()))


def parse(data: bytes) -> None:
    """The first byte says which dialect the rest is in."""
    spoken = _names()[data[0] % len(_names())] if data else ""
    text = data[1:].decode("utf-8", "replace").replace("\r", "\n").replace("\0", " ")
    parsed = parse_file((Rendered(text, identity_map("f.sql", text)),), dialect(spoken))
    assert 0 <= parsed.understood <= parsed.statements
    assert parsed.understood == parsed.statements or parsed.findings, "a statement is lost, and nobody says so"
    lines = text.count("\n") + 1
    for span in [unit.span for unit in parsed.units] + [finding.span for finding in parsed.findings]:
        assert 1 <= span.line <= span.end_line <= lines, span
    _check(compile_bytes(SourceFile("f.sql", FileKind.SQL, None, spoken), text.encode("utf-8", "replace"), Workshop(_folder())))


def documents(data: bytes) -> None:
    """The first byte says who reads the rest."""
    found = readers()
    with contextlib.suppress(UsageError):
        found[data[0] % len(found) if data else 0](data[1:])


TARGETS: dict[str, Callable[[bytes], None]] = {"render": render, "parse": parse, "documents": documents}


def _check(compiled: Compiled) -> None:
    """What came of a file goes through the cache and comes back equal, and holds no secret."""
    assert compiled.parts
    with contextlib.suppress(UncodableError):
        written = codec().encode(compiled.parts)
        assert CANARY.encode() not in written, "a secret got out"
        assert codec().decode(written) == compiled.parts
    assert CANARY not in repr(compiled.parts), "a secret got out"


def _names() -> tuple[str, ...]:
    return ("", *own_files())


@cache
def _folder() -> Path:
    """A folder with a secret beside it."""
    folder = Path(tempfile.mkdtemp(prefix="sqllineage-scan-fuzz-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    os.environ["CANARY_TOKEN"] = CANARY
    (folder / "secret.txt").write_text(CANARY)
    root = folder / "repository"
    (root / "target").mkdir(parents=True)
    (root / "models").mkdir()
    return root


@cache
def _workshop() -> Workshop:
    root = _folder()
    project = DbtProject("", "shop", {"vars": {"columns": ["a", "b"]}}, {"type": "duckdb", "schema": "main"}, "duckdb")
    environment = build_environment(project, {"macros/all.sql": ("shop", _MACROS)}, (), {"STAGE": "prod"})
    return Workshop(root, {"": environment})


@cache
def readers() -> tuple[Callable[[bytes], Any], ...]:
    return (
        _lineage("json"),
        _lineage("openlineage"),
        _lineage("graphml"),
        _lineage("sqlite"),
        _diff,
        _artifact("manifest.json"),
        _artifact("catalog.json"),
        _project_file("dbt_project.yml"),
        _project_file("profiles.yml"),
        _project_file("packages.yml"),
        _project_file("models/schema.yml"),
        _settings,
        _rule,
        _cached,
    )


def _lineage(form: str) -> Callable[[bytes], Any]:
    def read(data: bytes) -> None:
        from importlib import import_module

        path = _folder() / f"lineage.{form}"
        path.write_bytes(data)
        graph = import_module(f"sqllineage_scan.inputs.{form}").read(path)
        graph.to_dict()

    return read


def _diff(data: bytes) -> None:
    from sqllineage_scan.integrations.report import read_report

    path = _folder() / "diff.json"
    path.write_bytes(data)
    read_report(str(path))


_PROJECT = "name: shop\nprofile: shop\nmodels:\n  shop:\n    +materialized: view\n"
_MODEL = "select o.id, {{ nobody_knows() }} from {{ ref('orders') }} o"


def _artifact(name: str) -> Callable[[bytes], Any]:
    return _project_file(f"target/{name}")


def _project_file(name: str) -> Callable[[bytes], Any]:
    """A scan of a small project, one of whose files is the given bytes."""

    def read(data: bytes) -> None:
        from sqllineage_scan.pipeline.options import ScanOptions
        from sqllineage_scan.pipeline.scan import scan_repository

        root = _folder() / "project"
        shutil.rmtree(root, ignore_errors=True)
        for path, text in {"dbt_project.yml": _PROJECT, "models/orders.sql": "select 1 as id", "models/m.sql": _MODEL}.items():
            (root / path).parent.mkdir(parents=True, exist_ok=True)
            (root / path).write_text(text)
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_bytes(data)
        graph = scan_repository(root, ScanOptions())
        assert CANARY not in repr(graph.to_dict()), "a secret got out"

    return read


def _settings(data: bytes) -> None:
    from sqllineage_scan.config.load import load_settings

    path = _folder() / "sqllineage-scan.toml"
    path.write_bytes(data)
    load_settings(_folder(), path)


def _rule(data: bytes) -> None:
    from sqllineage_scan.linting.load import load_rules

    path = _folder() / "rules" / "own" / "one.yml"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    load_rules((_folder() / "rules",))


def _cached(data: bytes) -> None:
    with contextlib.suppress(DamagedError):
        codec().decode(data)
