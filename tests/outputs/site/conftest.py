from __future__ import annotations

import base64
import gzip
import json
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest

from sqllineage_scan.api import scan, write_site

SHOP = Path(__file__).parents[3] / "examples" / "shop"


@pytest.fixture(scope="session")
def shop_graph():
    return scan(SHOP)


@pytest.fixture(scope="session")
def site(shop_graph, tmp_path_factory) -> Path:
    """The site of examples/shop."""
    folder = tmp_path_factory.mktemp("shop") / "site"
    write_site(shop_graph, folder, source=SHOP)
    return folder


class NoTexts:
    def lines(self, path: str, dialect: str) -> list[list[tuple[str, str]]]:
        return []


def shard(site: Path, name: str) -> Any:
    """What a shard holds, read as a browser would."""
    text = (site / "data" / f"{name}.js").read_text(encoding="ascii")
    head, tail = f'LINEAGE.put("{name}","', '")\n'
    assert text.startswith(head)
    assert text.endswith(tail)
    return json.loads(gzip.decompress(base64.b64decode(text[len(head) : -len(tail)])))


class Page(HTMLParser):
    """A page's tags, anchors, links and text."""

    def __init__(self, path: Path) -> None:
        super().__init__()
        self.path = path
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.feed(path.read_text(encoding="utf-8"))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.text += data

    @property
    def ids(self) -> list[str]:
        return [attributes["id"] for _, attributes in self.tags if attributes.get("id")]

    @property
    def links(self) -> list[str]:
        return [attributes["href"] or "" for tag, attributes in self.tags if tag == "a" and "href" in attributes]
