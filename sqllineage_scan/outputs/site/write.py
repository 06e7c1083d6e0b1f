"""A lineage graph into a static site: pages, shards, machine side, in order. Read this file first."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from sqllineage_scan.errors import UsageError
from sqllineage_scan.graph.union import union
from sqllineage_scan.outputs.site.book import Comparison, open_book
from sqllineage_scan.outputs.site.columns import column_shards
from sqllineage_scan.outputs.site.comparison import before
from sqllineage_scan.outputs.site.core import core
from sqllineage_scan.outputs.site.dataset import DatasetPages
from sqllineage_scan.outputs.site.folder import open_folder
from sqllineage_scan.outputs.site.governance import governance
from sqllineage_scan.outputs.site.home import home
from sqllineage_scan.outputs.site.machine import write_machine_side
from sqllineage_scan.outputs.site.overview import overview
from sqllineage_scan.outputs.site.pages import Pages
from sqllineage_scan.outputs.site.search import search
from sqllineage_scan.outputs.site.shard import shard
from sqllineage_scan.outputs.site.sql import batches, excerpts, sql_shard

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from sqllineage_scan.domain.run_point import RunPoint
    from sqllineage_scan.graph.model import LineageGraph
    from sqllineage_scan.outputs.site.book import Book, Texts
    from sqllineage_scan.outputs.site.comparison import Compared
    from sqllineage_scan.outputs.site.folder import SiteFolder
    from sqllineage_scan.outputs.site.sql import Excerpt

    Progress = Callable[[str, int, int], None]


@dataclass(frozen=True, slots=True)
class SiteOptions:
    title: str = ""  # the project's name when empty
    source_url: str | None = None  # of a file on its repository host, with {path} and {line}
    templates: Path | None = None  # a folder whose files stand in for those of the same name of templates/site
    force: bool = False  # write into a folder that is no site
    runs: tuple[RunPoint, ...] = ()  # what is drawn over time, the oldest first


def write_site(
    graph: LineageGraph,
    path: Path,
    texts: Texts,
    options: SiteOptions,
    *,
    progress: Progress | None = None,
    compared: Compared | None = None,
) -> None:
    """Everything of the site below ``path``. The same graph and texts give the same bytes. ``compared``: with another state
    of the repository, whose parts are then in the site too, with marks on all that differs.
    """
    book = _opened(graph, texts, options, compared)
    try:
        folder = open_folder(path, force=options.force)
        pages = Pages(book, options.templates)
        values = core(book)
        _write_shards(book, values, folder)
        _write_datasets(book, pages, folder, progress)
        folder.write_text("index.html", pages.render("home.html", root="", map=overview(book, values), **home(book)))
        folder.write_text("governance.html", pages.render("governance.html", root="", **governance(book, options.runs)))
        for name in pages.standalone():
            folder.write_text(name, pages.render(name, root=""))
        for name, data in pages.assets():
            folder.write(f"assets/{name}", data)
        write_machine_side(book, folder, progress)
        folder.remove_stale()
    except OSError as error:
        raise UsageError(f"cannot write {path}: {error.strerror or error}") from error


def _opened(graph: LineageGraph, texts: Texts, options: SiteOptions, compared: Compared | None) -> Book:
    title = options.title or graph.name
    if compared is None:
        return open_book(graph, title, texts, options.source_url)
    both = union(compared.base, graph, compared.diff)
    base = open_book(compared.base, title, compared.texts, compared.source_url)
    return replace(
        open_book(both.graph, title, texts, options.source_url), comparison=Comparison(compared.diff, base, graph, both)
    )


def _write_shards(book: Book, values: dict[str, Any], folder: SiteFolder) -> None:
    folder.write("data/core.js", shard("core", values))
    folder.write("data/search.js", shard("search", search(book)))
    for name, columns in column_shards(book):
        folder.write(f"data/{name}.js", shard(name, columns))


def _write_datasets(book: Book, pages: Pages, folder: SiteFolder, progress: Progress | None) -> None:
    """The SQL of some datasets at a time: all of it need not fit into memory."""
    told = DatasetPages(book)
    for batch in batches(book):
        found = [excerpts(book, number) for number in batch]
        name, values = sql_shard(batch.start, found, _before(book, batch))
        folder.write(f"data/{name}.js", shard(name, values))
        for number, sql in zip(batch, found, strict=True):
            folder.write_text(
                f"dataset/{book.slug[number]}.html", pages.render("dataset.html", root="../", **told.page(number, sql))
            )
        if progress is not None:
            progress("pages", batch.stop, len(book.datasets))


def _before(book: Book, batch: range) -> list[list[Excerpt]]:
    """Base's SQL of each dataset that has changed; of a removed one it is all there is."""
    if book.comparison is None:
        return [[] for _ in batch]
    return [before(book.comparison, book.datasets[number].id) for number in batch]
