"""Where a site may be written, and what of an older one goes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from conftest import NoTexts

from sqllineage_scan.domain.dataset import Dataset, DatasetKind
from sqllineage_scan.domain.names import DatasetId
from sqllineage_scan.errors import UsageError
from sqllineage_scan.graph.build import build_graph
from sqllineage_scan.outputs.site.folder import MARKER
from sqllineage_scan.outputs.site.write import SiteOptions, write_site

if TYPE_CHECKING:
    from pathlib import Path


def graph_of(*names: str):
    return build_graph(name="made up", datasets=[Dataset(DatasetId("", name), DatasetKind.TABLE) for name in names])


def write(folder: Path, *names: str, force: bool = False) -> None:
    write_site(graph_of(*names), folder, NoTexts(), SiteOptions(force=force))


def pages(folder: Path) -> list[str]:
    return sorted(path.stem for path in (folder / "dataset").iterdir())


def test_the_pages_of_datasets_that_are_gone_are_removed(tmp_path: Path) -> None:
    site = tmp_path / "site"
    write(site, "a", "b")
    (site / "CNAME").write_text("lineage.example")
    write(site, "b", "c")
    assert pages(site) == ["b", "c"]
    assert not (site / "api" / "dataset" / "a.json").exists()
    assert (site / "CNAME").read_text() == "lineage.example"


def test_an_empty_folder_is_taken(tmp_path: Path) -> None:
    write(tmp_path, "a")
    assert (tmp_path / MARKER).is_file()


def test_a_folder_of_somebody_elses_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "thesis.txt").write_text("years of work")
    with pytest.raises(UsageError, match="is no site of ours and not empty"):
        write(tmp_path, "a")
    assert [path.name for path in tmp_path.iterdir()] == ["thesis.txt"]


def test_force_writes_over_and_removes_nothing(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "mine.csv").write_text("1")
    write(tmp_path, "a", force=True)
    assert (tmp_path / "data" / "mine.csv").read_text() == "1"
    assert pages(tmp_path) == ["a"]


def test_a_link_is_not_followed(tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / "index.html").write_text("mine")
    site = tmp_path / "site"
    write(site, "a")
    (site / "index.html").unlink()
    (site / "index.html").symlink_to(elsewhere / "index.html")
    write(site, "a")
    assert (elsewhere / "index.html").read_text() == "mine"
    (site / "dataset" / "a.html").unlink()
    (site / "dataset").rmdir()
    (site / "dataset").symlink_to(elsewhere)
    with pytest.raises(UsageError, match="its dataset is a link to somewhere else"):
        write(site, "a")


def test_a_file_is_no_folder(tmp_path: Path) -> None:
    (tmp_path / "site").write_text("")
    with pytest.raises(UsageError, match="it is a file"):
        write(tmp_path / "site", "a")


def test_the_same_graph_gives_the_same_bytes(tmp_path: Path, shop_graph) -> None:
    from conftest import SHOP

    from sqllineage_scan.api import load, write_site
    from sqllineage_scan.api import write as write_document

    write_document(shop_graph, tmp_path / "lineage.json")
    write_site(shop_graph, tmp_path / "one", source=SHOP)
    write_site(load(tmp_path / "lineage.json"), tmp_path / "two", source=SHOP)

    def contents(folder: Path) -> dict[str, bytes]:
        return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}

    assert contents(tmp_path / "one") == contents(tmp_path / "two")
