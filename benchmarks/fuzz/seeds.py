"""Where fuzzing starts: our own published SQL, the examples' templates, and one document of each kind."""

from __future__ import annotations

import re
import sys
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

from sqllineage_scan.dialects import own_files

if TYPE_CHECKING:
    from collections.abc import Iterator

_ROOT = Path(__file__).parents[2]
_SQL = re.compile(r"^```sql ?(\w*)[^\n]*\n(.*?)^```", re.MULTILINE | re.DOTALL)
_EXTRA = (
    "{{ config(materialized='incremental') }} select * from {{ ref('a') }} {% if is_incremental() %} where x > 1 {% endif %}",
    "{% set ns = namespace(x=1) %}{% for i in range(3) %}{% set ns.x = ns.x ~ i %}{% endfor %}{{ ns.x }}",
    "{{ modules.re.sub('a', 'b', 'c') }} {{ env_var('CANARY_TOKEN', 'x') }} {{ var('columns') | join(', ') }}",
    "{% macro f(n) %}{{ return(n + 1) }}{% endmacro %}{{ f(1) }} {% call statement('x') %}select 1{% endcall %}",
    "{{ ''.__class__ }} {{ config.__init__.__globals__ }} {{ self }} {{ ref('a')|attr('x') }} {{ '%s'|format(1) }}",
    "{% snapshot s %}{{ config(strategy='check', check_cols='all') }}select * from {{ source('r', 'o') }}{% endsnapshot %}",
    "{{ dbt_utils.star(from=ref('a'), except=['b']) }} {{ dbt_utils.union_relations([ref('a'), ref('b')]) }}",
)

_RULE = b"""code: XX01
severity: warning
scope: graph
summary: A dataset of a name.
each: dataset
where: {name: {any: [a]}, columns: {more_than: $most}}
message: "`{name}` has more than {most}"
help: none of {most}
similar: [another]
options: {most: {default: 3, description: columns}}
why: because
"""


def write_seeds(target: str, folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for data in {"render": _templates, "parse": statements, "documents": documents}[target]():
        (folder / sha256(data).hexdigest()[:16]).write_bytes(data)
    known = Path(__file__).parent / "corpus" / target
    if known.is_dir():
        for path in known.iterdir():
            (folder / path.name).write_bytes(path.read_bytes())


def statements() -> Iterator[bytes]:
    """Every SQL block of our pages, in the dialect that it is said to be in."""
    names = ("", *own_files())
    for page in sorted((_ROOT / "tests" / "sql").glob("*.md")):
        for spoken, text in _SQL.findall(page.read_text(encoding="utf-8")):
            yield bytes([names.index(spoken) if spoken in names else 0]) + text.encode()


def _templates() -> Iterator[bytes]:
    for text in _EXTRA:
        yield b"\0" + text.encode()
    kinds = {".sql": b"\0", ".yml": b"\5", ".py": b"\6"}
    for path in sorted((_ROOT / "examples").rglob("models/**/*")):
        if path.suffix in kinds:
            yield kinds[path.suffix] + path.read_bytes()


def documents() -> Iterator[bytes]:
    """One of each kind that is read, the number of its reader (``targets.readers``) before it."""
    import io
    from tempfile import TemporaryDirectory

    from sqllineage_scan.api import scan
    from sqllineage_scan.domain.source import FileKind, SourceFile
    from sqllineage_scan.outputs.formats import is_binary, writer
    from sqllineage_scan.pipeline.cache.compiled import codec
    from sqllineage_scan.pipeline.work import read_file
    from sqllineage_scan.pipeline.workshop import Workshop

    with TemporaryDirectory() as name:
        root = Path(name)
        (root / "a.sql").write_text(
            "create table a as select o.id, sum(o.x) as x from raw.o o join raw.p p on p.id = o.id group by 1"
        )
        graph = scan(root)
        for number, form in enumerate(("json", "openlineage", "graphml", "sqlite")):
            out = io.BytesIO() if is_binary("lineage", form) else io.StringIO()
            writer("lineage", form)(graph, out)
            data = out.getvalue()
            yield bytes([number]) + (data if isinstance(data, bytes) else data.encode())
        yield bytes([13]) + codec().encode(read_file(SourceFile("a.sql", FileKind.SQL), Workshop(root)))
        other = scan(root)
        from sqllineage_scan.api import compare

        out = io.StringIO()
        writer("changes", "json")(compare(graph, other), out)
        yield bytes([4]) + out.getvalue().encode()
    yield bytes([5]) + (
        b'{"metadata": {"dbt_schema_version": "https://schemas.getdbt.com/dbt/manifest/v12.json", "adapter_type": "duckdb"},'
        b'"nodes": {"model.shop.m": {"resource_type": "model", "package_name": "shop", "name": "m", "database": "d",'
        b' "schema": "s",'
        b'"alias": "m", "original_file_path": "models/m.sql", "checksum": {"name": "sha256", "checksum": "x"}, "config": {},'
        b'"depends_on": {"nodes": ["model.shop.orders"]}, "compiled_code": "select 1 as id from s.orders", "extra_ctes": []}},'
        b'"sources": {}}'
    )
    yield bytes([6]) + (
        b'{"metadata": {}, "nodes": {"model.shop.orders": {"columns": {"ID": {"name": "ID", "type": "INT",'
        b' "index": 1}}}}, "sources": {}}'
    )
    yield (
        bytes([7])
        + b"name: shop\nversion: '1'\nmodel-paths: [models]\nvars: {a: 1}\nmodels:\n  shop:\n    +schema: x\n    +tags: [a]\n"
    )
    yield bytes([8]) + b"shop:\n  target: dev\n  outputs:\n    dev: {type: duckdb, path: x.duckdb, schema: main, password: p}\n"
    yield bytes([9]) + b"packages:\n  - package: dbt-labs/dbt_utils\n    version: 1.1.1\n  - local: ../x\n"
    for path in sorted((_ROOT / "examples").rglob("*.yml")):
        yield bytes([10]) + path.read_bytes()
    yield bytes([11]) + b'dialect = "duckdb"\n[rules]\nall = "off"\n[paths."models/**"]\nrules = {all = "off"}\n[vars]\na = 1\n'
    yield bytes([12]) + _RULE
    for path in sorted((_ROOT / "rules").rglob("*.yml"))[:5]:
        yield bytes([12]) + path.read_bytes()


if __name__ == "__main__":
    write_seeds(sys.argv[1], Path(sys.argv[2]))
