"""Installed dbt packages: their models are nodes, their macros are called, and they see the variables of who uses them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqllineage_scan.pipeline.options import ScanOptions
from sqllineage_scan.pipeline.scan import scan_repository

if TYPE_CHECKING:
    from pathlib import Path

FILES = {
    "dbt_project.yml": "name: shop\nvars: {pack_schema: landing}\n",
    "models/m.sql": "select {{ pack.doubled('p.amount') }} as twice from {{ ref('pack', 'p') }} p",
    ".gitignore": "dbt_packages/\n",
    "dbt_packages/pack/dbt_project.yml": "name: pack\nvars: {pack_schema: own}\n",
    "dbt_packages/pack/macros/doubled.sql": "{% macro doubled(a) %}{{ a }} * 2{% endmacro %}",
    "dbt_packages/pack/models/p.sql": "select s.amount from {{ source('raw', 's') }} s",
    "dbt_packages/pack/models/s.yml": "sources: [{name: raw, schema: \"{{ var('pack_schema') }}\", tables: [{name: s}]}]",
}


def test_across_packages(tmp_path: Path) -> None:
    for name, text in FILES.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    graph = scan_repository(tmp_path, ScanOptions())
    assert {(str(edge.source), str(edge.target)) for edge in graph.column_edges} == {
        ("landing.s.amount", "shop.p.amount"),
        ("shop.p.amount", "shop.m.twice"),
    }
    assert graph.dataset("shop.p").unique_id == "model.pack.p"
