"""One row a column edge as a Parquet file, typed. Needs pyarrow: ``pip install 'sqllineage-scan[parquet]'``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, BinaryIO

from sqllineage_scan.errors import UsageError
from sqllineage_scan.outputs.edge_rows import EdgeRow, edge_rows
from sqllineage_scan.outputs.harmless import encodable

if TYPE_CHECKING:
    from sqllineage_scan.graph.content import Content

BINARY = True


def write(graph: Content, out: BinaryIO) -> None:
    try:
        import pyarrow as pa
        from pyarrow import parquet
    except ImportError as error:
        raise UsageError("--format parquet needs pyarrow: pip install 'sqllineage-scan[parquet]'") from error
    types = {"masking": pa.bool_(), "confidence": pa.float64(), "line": pa.int32()}
    schema = pa.schema([pa.field(name, types.get(name, pa.string()), nullable=name == "line") for name in EdgeRow._fields])
    write_table: Any = parquet.write_table
    rows = [
        {name: encodable(value) if isinstance(value, str) else value for name, value in row._asdict().items()}
        for row in edge_rows(graph)
    ]
    write_table(pa.Table.from_pylist(rows, schema=schema), out)
