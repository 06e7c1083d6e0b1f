"""A site of any size with made-up data, for what a real scan is too slow or too well behaved to show.

Folders follow each other as in a warehouse: sources, staging, marts; every column is read by the same column of the next.
"""

from __future__ import annotations

import base64
import gzip
import json
import shutil
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pathlib import Path

LAYERS = ("sources", "staging", "marts")
PER_SHARD = 200


def write(folder: Path, site: Path, datasets: int, columns: int) -> None:
    """The page and scripts of ``site`` with other data: the first source is read by a twentieth of all others."""
    folder.mkdir()
    shutil.copytree(site / "assets", folder / "assets")
    shutil.copy(site / "graph.html", folder)
    (folder / "data").mkdir()
    edges = _edges(datasets)
    _shard(folder, "core", _core(datasets, columns, edges))
    names = "\n".join(_column(c) for c in range(columns))
    _shard(folder, "search", {"columns": "\x1e".join([names] * datasets), "text": "\x1e".join([""] * datasets)})
    into: list[list[int]] = [[] for _ in range(datasets)]
    for source, target in edges:
        into[target].append(source)
    for start in range(0, datasets, PER_SHARD):
        members = range(start, min(datasets, start + PER_SHARD))
        shard = {
            "texts": ["number", "id + 1", "models/a.sql#0", "models/a.sql", "qualified"],
            "datasets": {str(i): _dataset(i, into[i], columns) for i in members},
        }
        _shard(folder, f"columns-{start // PER_SHARD}", shard)


def _column(number: int) -> str:
    return f"measured_value_{number}"


def _edges(datasets: int) -> list[tuple[int, int]]:
    third = datasets // 3
    edges = {(i - third, i) for i in range(third, datasets)} | {(i * 7 % third, i) for i in range(third, 2 * third)}
    edges |= {(third + i * 11 % third, i) for i in range(2 * third, datasets)} | {(0, i) for i in range(third, datasets, 20)}
    return sorted(edges)


def _core(datasets: int, columns: int, edges: list[tuple[int, int]]) -> dict[str, Any]:
    layer = [min(2, 3 * i // datasets) for i in range(datasets)]
    starts = [layer.index(n) for n in range(3)]
    rows = max(12, int((datasets / 3) ** 0.5) * 2)
    across = [(i - starts[layer[i]]) // rows for i in range(datasets)]
    wide = max(across) + 2
    nothing = [0] * datasets
    return {
        "version": 1,
        "project": {"name": "made up", "revision": None, "source_url": None},
        "kinds": ["source", "model", "table"],
        "subtypes": ["IDENTITY", "TRANSFORMATION", "FILTER"],
        "evidence": {"qualified": ["the statement names the input", 1.0]},
        "folders": list(LAYERS), "owners": [], "tags": [],
        "datasets": {
            "id": [f"shop.{LAYERS[layer[i]]}_{i}" for i in range(datasets)],
            "name": [f"{LAYERS[layer[i]]}_{i}" for i in range(datasets)],
            "kind": layer, "folder": layer, "owner": [-1] * datasets, "tags": [[] for _ in range(datasets)],
            "column_tags": [[] for _ in range(datasets)],
            "slug": [f"d{i}" for i in range(datasets)], "description": [""] * datasets,
            "columns": [columns] * datasets, "first": [i * columns for i in range(datasets)],
            "lowest": [100] * datasets, "findings": nothing, "layer": layer,
            "x": [(layer[i] * wide + across[i]) * 220 for i in range(datasets)],
            "y": [(i - starts[layer[i]]) % rows * 40 for i in range(datasets)],
        },
        "bands": [{"label": name, "x": n * wide * 220, "width": wide * 220 - 80} for n, name in enumerate(LAYERS)],
        "below": None, "node": [160, 28],
        "edges": {
            "source": [source for source, _ in edges], "target": [target for _, target in edges],
            "confidence": [100] * len(edges), "flags": [3] * len(edges),
        },
        "exposures": [], "columns_per_shard": PER_SHARD, "sql_per_shard": 50,
    }  # fmt: skip


def _dataset(number: int, sources: list[int], columns: int) -> dict[str, Any]:
    evidence = [[4, -1]]
    span = [3, 1, 1, 1, 9]
    value = [[sources[c % len(sources)], c, c, c % 2, 100, 0, 1, 2, span, evidence] for c in range(columns) if sources]
    row = [[source, 0, 2, 100, 2, span, evidence] for source in sources]
    return {"columns": [[_column(c), 0, -1, [], []] for c in range(columns)], "value": value, "row": row}


def _shard(folder: Path, name: str, value: Any) -> None:
    packed = base64.b64encode(gzip.compress(json.dumps(value, separators=(",", ":")).encode(), 1)).decode()
    (folder / "data" / f"{name}.js").write_text(f'LINEAGE.put("{name}","{packed}")\n')


BUSIEST = "shop.sources_0"


def readers_of_busiest(datasets: int) -> int:
    return sum(source == 0 for source, _ in _edges(datasets))
