"""A dataset's definition, put together from all the statements that write it."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING, Protocol

from sqllineage_scan.domain.definition import ColumnForm, Definition, Definitions, Form, digest, in_any_order, joined

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from sqllineage_scan.domain.job import Job
    from sqllineage_scan.domain.names import DatasetId


class Written(Protocol):
    """A job, with the definitions of what it writes; those may be unpacked when they are asked for."""

    @property
    def job(self) -> Job: ...
    @property
    def definitions(self) -> tuple[tuple[DatasetId, Definition], ...]: ...


def definitions_of(jobs: Iterable[Written], contents: Mapping[DatasetId, str]) -> Definitions:
    """The statements of one file count in their order; those of several files, and the files, in none: to move a script is no
    change. ``contents``: digests of files that stand for rows, of seeds and Python models.
    """
    makers: dict[DatasetId, list[Written]] = {}
    for job in jobs:
        for dataset in job.job.writes:
            makers.setdefault(dataset, []).append(job)

    def make(dataset: DatasetId) -> Definition | None:
        if dataset in contents:
            return Definition(Form(f"content {contents[dataset]}"), words=digest(contents[dataset]))
        written = [
            (job.job.span.path, definition)
            for job in makers.get(dataset, ())
            for target, definition in job.definitions
            if target == dataset
        ]
        return _of_all(written)

    return Definitions((*makers, *contents), make)


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
    missing = tuple(sorted({name for _, definition in written for name in definition.missing}))
    return Definition(rows.compact(), made, rules, missing, digest(" ".join(definition.words for _, definition in written)))


def _together(forms: Sequence[tuple[str, Form]]) -> Form:
    """Ways of rendering that agree are one, and so is what one script does twice."""
    each = [
        joined("then", "", list(dict.fromkeys(form for _, form in group))) for _, group in groupby(forms, key=lambda it: it[0])
    ]
    if len({form for _, form in forms}) == 1:
        return forms[0][1]
    return each[0] if len(each) == 1 else joined("beside", "", in_any_order(each))
