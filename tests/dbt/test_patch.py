"""``--format dbt`` as dbt takes it: with every properties file of the example replaced by ours, it parses and finds the meta."""

from __future__ import annotations

import json
import shutil
import subprocess
from typing import TYPE_CHECKING

import pytest
from runs import PYTHON, ROOT

from sqllineage_scan.api import scan, write

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.xdist_group("dbt-patch")
def test_dbt_parses_our_properties_file(tmp_path: Path) -> None:
    graph = scan(ROOT / "examples" / "shop")
    here = shutil.copytree(ROOT / "examples" / "shop" / "warehouse", tmp_path / "warehouse")
    for folder in ("models", "seeds", "snapshots"):
        for path in (here / folder).rglob("*.yml"):
            path.unlink()
    write(graph, here / "models" / "lineage.yml", format="dbt")
    words = ["--no-version-check", "--no-send-anonymous-usage-stats", "parse", "--no-partial-parse", "--profiles-dir", "."]
    program = "import sys; from dbt.cli.main import dbtRunner; sys.exit(not dbtRunner().invoke(sys.argv[1:]).success)"
    done = subprocess.run([PYTHON, "-c", program, *words], cwd=here, capture_output=True, text=True, check=False, timeout=600)
    assert done.returncode == 0, done.stdout + done.stderr
    manifest = json.loads((here / "target" / "manifest.json").read_text())
    orders = manifest["nodes"]["model.shop.orders"]
    assert "shop.staging.stg_orders" in orders["config"]["meta"]["lineage"]["upstream"]
    sources = {edge["from"] for edge in orders["columns"]["net_amount"]["config"]["meta"]["lineage"]}
    assert sources == {str(edge.source) for edge in graph.column_edges if str(edge.target) == "shop.analytics.orders.net_amount"}
    assert "source.shop.raw.payments" in manifest["sources"]
