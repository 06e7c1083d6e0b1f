"""The shard of names to search: one long text is searched faster than any index is loaded."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sqllineage_scan.outputs.site.book import Book

BETWEEN_COLUMNS, BETWEEN_DATASETS = "\n", "\x1e"
_SEPARATORS = str.maketrans({BETWEEN_COLUMNS: " ", BETWEEN_DATASETS: " "})


def search(book: Book) -> dict[str, str]:
    """All column names and all descriptions, dataset by dataset in the order of ``core``."""
    described = ((dataset.description, *(column.description for column in dataset.columns or ())) for dataset in book.datasets)
    return {
        "columns": BETWEEN_DATASETS.join(BETWEEN_COLUMNS.join(map(_plain, names)) for names in book.columns),
        "text": BETWEEN_DATASETS.join(BETWEEN_COLUMNS.join(_plain(text) for text in texts if text) for texts in described),
    }


def _plain(text: str) -> str:
    return text.translate(_SEPARATORS)
