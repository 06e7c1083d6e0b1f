"""A dataset's definition, put together from all the statements that write it."""

from __future__ import annotations

from dataclasses import replace
from itertools import groupby
from typing import TYPE_CHECKING

from sqllineage_scan.domain.definition import ColumnForm, Definition, Form, digest, in_any_order, joined

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from sqllineage_scan.domain.dataset import Dataset
    from sqllineage_scan.domain.linked import JobEdges
    from sqllineage_scan.domain.names import DatasetId


def with_definitions(datasets: Iterable[Dataset], jobs: Iterable[JobEdges], contents: Mapping[DatasetId, str]) -> list[Dataset]:
    """``datasets``, each with its definition. The statements of one file count in their order; those of several files, and the
    files, in none: to move a script is no change. ``contents``: digests of files that stand for rows, of seeds and Python models.
    """
    found: dict[DatasetId, list[tuple[str, Definition]]] = {}
    for job in jobs:
        for dataset_id, definition in job.definitions:
            found.setdefault(dataset_id, []).append((job.job.span.path, definition))
    opaque = {
        dataset: Definition(Form(f"content {content}"), words=digest(content))
        for dataset, content in contents.items()
        if dataset not in found
    }
    return [replace(dataset, definition=opaque.get(dataset.id) or _of_all(found.get(dataset.id, ()))) for dataset in datasets]


def _of_all(written: Sequence[tuple[str, Definition]]) -> Definition | None:
    if len(written) < 2:  # noqa: PLR2004 -- nearly all
        return written[0][1] if written else None
    rows = _together([(path, definition.rows) for path, definition in written])
    columns: dict[str, list[tuple[str, ColumnForm]]] = {}
    for path, definition in written:
        for column in definition.columns:
            columns.setdefault(column.name, []).append((path, column))
    made = tuple(
        makers[0][1]._replace(form=_together([(path, maker.form) for path, maker in makers]).compact())
        for makers in columns.values()
    )
    rules = tuple(dict.fromkeys(rule for _, definition in written for rule in definition.rules))
    return Definition(rows.compact(), made, rules, digest(" ".join(definition.words for _, definition in written)))


def _together(forms: Sequence[tuple[str, Form]]) -> Form:
    """Ways of rendering that agree are one, and so is what one script does twice."""
    each = [
        joined("then", "", list(dict.fromkeys(form for _, form in group))) for _, group in groupby(forms, key=lambda it: it[0])
    ]
    if len({form for _, form in forms}) == 1:
        return forms[0][1]
    return each[0] if len(each) == 1 else joined("beside", "", in_any_order(each))
