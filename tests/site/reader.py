"""Somebody who reads the site in a browser."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.by import By

if TYPE_CHECKING:
    from pathlib import Path

    from selenium import webdriver

PATIENCE = 15  # seconds, on a machine with other work


class Reader:
    """Opens pages, clicks, types, and waits for what comes of it."""

    def __init__(self, driver: webdriver.Chrome, site: Path) -> None:
        self.driver = driver
        self.site = site

    def open(self, state: str = "", page: str = "graph.html", site: Path | None = None) -> None:
        self.driver.get("about:blank")  # else only the hash changes, and the page is not loaded anew
        self.driver.get_log("browser")
        self.driver.get(f"{(site or self.site).as_uri()}/{page}{state}")
        if page == "graph.html":
            self.until("document.body.dataset.ready")

    def js(self, expression: str, *arguments: Any) -> Any:
        return self.driver.execute_script(f"return {expression}", *arguments)

    def wait_for(self, statements: str) -> Any:
        """The value that ``statements`` of an async function return."""
        code = "const done = arguments[0]; (async () => {" + statements + "})().then(done, (e) => done('failed: ' + e.stack))"
        return self.driver.execute_async_script(code)

    def until(self, expression: str) -> Any:
        end = time.monotonic() + PATIENCE
        while not (value := self.js(expression)):
            assert time.monotonic() < end, f"never came true: {expression}\n{self.driver.get_log('browser')}"
            time.sleep(0.02)
        return value

    def settled(self) -> None:
        """The state of the hash is on the screen."""
        self.until("LINEAGE.shown === location.hash")

    def find(self, css: str) -> Any:
        return self.driver.find_element(By.CSS_SELECTOR, css)

    def click(self, css: str) -> None:
        self.until(f"document.querySelector({css!r})")
        ActionChains(self.driver, duration=0).move_to_element(self.find(css)).click().perform()
        self.settled()

    def press(self, *keys: str) -> None:
        ActionChains(self.driver, duration=0).send_keys(*keys).perform()
        self.settled()

    def texts(self, css: str) -> list[str]:
        return self.js("Array.from(document.querySelectorAll(arguments[0]), (element) => element.textContent)", css)

    def cards(self) -> set[str]:
        return set(self.js("LINEAGE.graph.view.nodes.map((node) => LINEAGE.store.core.datasets.id[node.i])"))

    def lines(self) -> set[tuple[str, str, str]]:
        """Each drawn edge between columns: source, target, what happens; of a row edge the target is the dataset."""
        named = "(i, c) => LINEAGE.store.core.datasets.name[i] + (c < 0 ? '' : '.' + LINEAGE.store.columnName(i, c))"
        found = self.js(
            f"(() => {{ const name = {named}; return LINEAGE.graph.view.edges.filter((line) => line.edge)"
            ".map(({ edge }) => [name(edge.s, edge.sc), name(edge.t, edge.tc), edge.subtype]) })()"
        )
        return {tuple(line) for line in found}

    def state(self) -> dict[str, Any]:
        return self.js("LINEAGE.route.state")

    def faults(self) -> list[str]:
        """What the browser complains of: an exception, a file that is not there, a breach of the security policy."""
        return [entry["message"] for entry in self.driver.get_log("browser") if entry["level"] == "SEVERE"]


def screen(driver: webdriver.Chrome, width: int, height: int) -> None:
    size = {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": False}
    driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)
