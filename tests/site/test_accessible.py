"""axe-core's rules on every view, in light and dark."""

from __future__ import annotations

from importlib.resources import files
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.site.reader import Reader

pytestmark = pytest.mark.xdist_group("browser")

VIEWS = {
    "map": ("graph.html", ""),
    "graph": ("graph.html", "#d=shop.analytics.orders&open=shop.analytics.orders"),
    "column": ("graph.html", "#d=shop.analytics.orders&c=net_amount"),
    "edge": ("graph.html", "#d=shop.analytics.orders&e=shop.staging.stg_refunds>amount>shop.analytics.orders>net_amount>"),
    "list": ("graph.html", "#d=shop.analytics.orders&view=list"),
    "search": ("graph.html", "#q=amount"),
    "home": ("index.html", ""),
    "dataset": ("dataset/shop.analytics.orders.html", ""),
    "governance": ("governance.html", ""),
}


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("view", VIEWS)
def test_axe_finds_no_serious_fault(reader: Reader, view: str, theme: str) -> None:
    assert serious_faults(reader, *VIEWS[view], theme) == []


def serious_faults(reader: Reader, page: str, state: str, theme: str) -> list[tuple[str, str, list[tuple[str, str]]]]:
    features = [{"name": "prefers-color-scheme", "value": theme}]
    reader.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": features})
    reader.open(state, page)
    if page == "graph.html":
        reader.until("LINEAGE.search")
        if "q=" in state:
            reader.until("document.querySelectorAll('#search-results li').length")
        else:
            reader.js("document.body.classList.add('with-options')")
    reader.driver.execute_script(files("axe_core_python").joinpath("axe.min.js").read_text(encoding="utf-8"))
    found = reader.wait_for("return (await axe.run()).violations")
    return [
        (fault["id"], fault["help"], [(node["target"], node["failureSummary"]) for node in fault["nodes"][:3]])
        for fault in found
        if fault["impact"] in ("serious", "critical")
    ]
