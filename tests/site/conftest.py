"""A real browser on a site that was written to disk, without a network."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from selenium import webdriver
from selenium.webdriver.chrome.service import Service

from sqllineage_scan.api import scan, write_site
from tests.site.reader import PATIENCE, Reader, screen

if TYPE_CHECKING:
    from collections.abc import Iterator

SHOP = Path(__file__).parents[2] / "examples" / "shop"


@pytest.fixture(scope="session")
def shop_site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    site = tmp_path_factory.mktemp("site") / "shop site"  # a blank in the path is no trouble
    write_site(scan(SHOP), site, source=SHOP)
    return site


@pytest.fixture(scope="session")
def driver(tmp_path_factory: pytest.TempPathFactory) -> Iterator[webdriver.Chrome]:
    """Debian's Chromium. There is no skipping where it is missing: what nobody clicked is not tested."""
    chromium = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    steered = shutil.which("chromedriver")
    assert chromium, "the tests of the site need Chromium: apt-get install chromium chromium-driver"
    assert steered, "the tests of the site need chromedriver: apt-get install chromium-driver"
    options = webdriver.ChromeOptions()
    options.binary_location = chromium
    downloads = str(tmp_path_factory.getbasetemp() / "downloads")
    options.add_experimental_option("prefs", {"download.default_directory": downloads})
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    for argument in (
        "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--window-size=1280,800",
        "--host-resolver-rules=MAP * ~NOTFOUND", "--no-first-run", "--disable-background-networking",
    ):  # fmt: skip
        options.add_argument(argument)
    with webdriver.Chrome(options=options, service=Service(steered)) as browser:
        browser.set_script_timeout(PATIENCE)
        browser.downloads = Path(downloads)
        yield browser


@pytest.fixture
def reader(driver: webdriver.Chrome, shop_site: Path) -> Iterator[Reader]:
    """At 1280 by 800, in light; after the test the browser has nothing to complain of."""
    screen(driver, 1280, 800)
    driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": [{"name": "prefers-color-scheme", "value": "light"}]})
    someone = Reader(driver, shop_site)
    yield someone
    assert someone.faults() == []
