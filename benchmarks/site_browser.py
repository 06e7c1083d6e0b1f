"""How fast a large site answers in a browser: python benchmarks/site_browser.py FOLDER

FOLDER is a site that ``benchmarks/site.py 10000 --keep FOLDER`` has left. Debian's Chromium opens it from disk, headless. Times
are of the page itself, from the call to behind the next painted frame: the median of five, and the slowest.
"""

from __future__ import annotations

import argparse
import json
import shutil
import statistics
from collections import Counter
from pathlib import Path
from typing import Any

from selenium import webdriver
from selenium.webdriver.chrome.service import Service

_PAINTED = "await new Promise((done) => requestAnimationFrame(() => setTimeout(done)));"
_ARRIVED = "while (LINEAGE.shown !== location.hash) await new Promise((done) => setTimeout(done, 1));"
_CARDS = 300
_ROUNDS = 5


class Page:
    def __init__(self, driver: webdriver.Chrome, site: Path) -> None:
        self._driver, self._site = driver, site

    def opened(self) -> float:
        """Milliseconds from the beginning to where the graph can be used."""
        self._driver.get("about:blank")
        self._driver.get(f"{self._site.resolve().as_uri()}/graph.html")
        ready = "while (!document.body.dataset.ready) await new Promise((done) => setTimeout(done, 1)); return performance.now()"
        return float(self.run(ready))

    def run(self, statements: str) -> Any:
        code = (
            "const done = arguments[0]; (async () => {"
            + statements
            + "})().then(done, (error) => done('failed: ' + error.stack))"
        )
        found = self._driver.execute_async_script(code)
        if isinstance(found, str) and found.startswith("failed: "):
            raise RuntimeError(found)
        return found

    def times(self, action: str, before: str = "") -> list[float]:
        clock = f"{before}; const from = performance.now(); {action}; return performance.now() - from"
        return [float(self.run(clock)) for _ in range(_ROUNDS)]


def busiest(site: Path) -> str:
    """The dataset that the most others are made from."""
    found: Counter[str] = Counter()
    for path in sorted((site / "api" / "dataset").iterdir()):
        columns = json.loads(path.read_text())["columns"]
        found.update({source.rpartition(".")[0] for column in columns for source in column.get("sources", ())})
    return found.most_common(1)[0][0]


def a_column(site: Path, name: str) -> str:
    document = json.loads((site / "api" / "dataset" / f"{name}.json").read_text())
    return str(document["columns"][0]["name"])


def actions(page: Page, name: str, column: str) -> list[tuple[str, int, list[float]]]:
    """What is done, the limit in milliseconds, and what it took."""
    found = [("first view can be used", 1000, [page.opened() for _ in range(_ROUNDS)])]
    page.run("await LINEAGE.store.later(); await LINEAGE.search.find('warm')")
    found.extend(
        (f"search `{query}`", 50, page.times(f"await LINEAGE.search.find({query!r})"))
        for query in ("amount_status_2", "model_09716", "e", "marts_9 order")
    )
    away = f"LINEAGE.route.focus(LINEAGE.store.core.datasets.id[0]); {_ARRIVED} {_PAINTED}"
    to = f"LINEAGE.route.focus({name!r}); {_ARRIVED} {_PAINTED}"
    found.append(("focus on the busiest dataset", 300, page.times(to, away)))
    size = page.run("return LINEAGE.graph.view.nodes.length")
    found[-1] = (f"focus on the busiest dataset, {size} cards", *found[-1][1:])
    if size > _CARDS:  # one that has fewer neighbours
        page.run(f"LINEAGE.route.focus({name!r}, {{up: 2, down: 0}}); {_ARRIVED}")
        size = page.run("return LINEAGE.graph.view.nodes.length")
    grown = 1
    while size < _CARDS and grown < 9:  # the largest view of at most so many cards
        grown += 1
        page.run(f"LINEAGE.route.focus({name!r}, {{up: {grown}, down: {grown}}}); {_ARRIVED}")
        size = page.run("return LINEAGE.graph.view.nodes.length")
    if size > _CARDS:
        page.run(f"LINEAGE.route.focus({name!r}, {{up: {grown - 1}, down: {grown - 1}}}); {_ARRIVED}")
        size = page.run("return LINEAGE.graph.view.nodes.length")
    row = f"LINEAGE.route.go({{edges: LINEAGE.route.state.edges === 'value' ? 'value,row' : 'value'}}); {_ARRIVED} {_PAINTED}"
    sure = f"LINEAGE.route.go({{min: LINEAGE.route.state.min ? 0 : 90}}, true); {_ARRIVED} {_PAINTED}"
    unfold = f"LINEAGE.route.go({{open: LINEAGE.route.state.open.length ? [] : [{name!r}]}}); {_ARRIVED} {_PAINTED}"
    trace = f"LINEAGE.route.go({{c: LINEAGE.route.state.c ? '' : {column!r}, open: [{name!r}]}}); {_ARRIVED} {_PAINTED}"
    page.run("await new Promise((done) => setTimeout(done, 3000))")  # as long as nobody acts the page reads ahead
    for what, action in (
        ("click a column, first of all", trace),
        ("pan", f"LINEAGE.graph.camera.pan(0, 300); {_PAINTED}"),
        ("switch row edges", row),
        ("move the slider", sure),
        ("unfold its columns", unfold),
    ):
        found.append((f"{what}, {size} cards in view", 100, page.times(action)))
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("site", type=Path)
    site = parser.parse_args().site
    name = busiest(site)
    options = webdriver.ChromeOptions()
    for argument in ("--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--window-size=1280,800"):
        options.add_argument(argument)
    options.binary_location = shutil.which("chromium") or "chromium"
    with webdriver.Chrome(options=options, service=Service(shutil.which("chromedriver") or "chromedriver")) as driver:
        driver.set_script_timeout(60)
        print("| what | limit | median | slowest |\n|---|---|---|---|")
        for what, limit, times in actions(Page(driver, site), name, a_column(site, name)):
            print(f"| {what} | {limit} ms | **{statistics.median(times):.0f} ms** | {max(times):.0f} ms |", flush=True)


if __name__ == "__main__":
    main()
