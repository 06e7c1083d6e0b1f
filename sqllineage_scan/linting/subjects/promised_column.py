"""A column that a contract promises: a property of an ODCS schema, or what YAML lists of a dbt model under contract."""

from __future__ import annotations

from difflib import get_close_matches
from typing import TYPE_CHECKING

from sqllineage_scan.domain.finding import Step
from sqllineage_scan.domain.names import ColumnId
from sqllineage_scan.domain.types import is_logical, types_agree
from sqllineage_scan.linting.item import Item
from sqllineage_scan.linting.promises import ODCS, find_promises, plain, tags_in_repository, type_in_sql
from sqllineage_scan.linting.types import made_type

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqllineage_scan.domain.contract import PromisedColumn
    from sqllineage_scan.domain.dataset import Dataset
    from sqllineage_scan.linting.material import Material
    from sqllineage_scan.linting.promises import Promise

NEEDS = ("facts",)
ATTRIBUTES = {
    "name": "its name",
    "dataset": "the dataset that should have it",
    "contract": "the contract by name: the contract orders, dbt's contract",
    "by": "whose contract it is: dbt or odcs",
    "produced": "whether the SQL, or the seed's header, has a column of that name",
    "all_known": "whether all columns of the SQL are known",
    "type": "the type that is promised",
    "made_type": "the type that the SQL makes it: by a cast, or as that of what it passes on; of a table the declared one",
    "type_agrees": "whether the two are one type but for spelling and length, or one is not known",
    "untold": "tags that it has in the repository, or that personal data bring along, and that an ODCS contract does not say",
    "unfounded": "tags of an ODCS contract that nothing in the repository gives it, where the repository tags columns",
    "similar": "columns that the SQL does have under nearly that name",
}


def each(material: Material) -> Iterator[Item]:
    for promise in material.once(find_promises):
        dataset = promise.dataset
        if dataset is None or not material.looks_at(dataset.id):
            continue
        names = {plain(column.name): column.name for column in dataset.columns or ()}
        for name in material.index.columns.get(dataset.id, ()):
            if material.index.column_edges_into.get(ColumnId(dataset.id, name)):
                names.setdefault(plain(name), name)
        for column in promise.promised.columns:
            yield _item(material, promise, dataset, column, names=names)


def _item(material: Material, promise: Promise, dataset: Dataset, column: PromisedColumn, *, names: dict[str, str]) -> Item:
    known = names.get(plain(column.name))
    key = ColumnId(dataset.id, known) if known is not None else None
    made = "" if key is None else type_in_sql(material, key) if promise.by == ODCS else made_type(material, key)
    untold, unfounded = _tags(material, column, key) if promise.by == ODCS and key is not None else ((), ())
    return Item(
        column.span,
        f"{dataset.id}.{column.name}",
        {
            "name": column.name,
            "dataset": dataset.id,
            "contract": promise.contract,
            "by": promise.by,
            "produced": known is not None,
            "all_known": dataset.origin.complete,
            "type": column.shown_type,
            "made_type": made,
            "type_agrees": (not column.type or types_agree(column.type, made)) and is_logical(column.logical_type, made),
            "untold": untold,
            "unfounded": unfounded,
            "similar": lambda: tuple(get_close_matches(column.name, list(names.values()), n=2, cutoff=0.7)),
        },
        (Step(f"{dataset.id} is made here", dataset.span),) if dataset.span is not None else (),
        of=dataset.id,
    )


def _tags(material: Material, column: PromisedColumn, key: ColumnId) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """What only the repository says, and what only the contract says. Any classification but public tells of personal data."""
    sensitive = {tag.casefold() for tag in material.settings.privacy.tags}
    own = {tag.casefold(): tag for tag in tags_in_repository(material, key)}
    told = {tag.casefold(): tag for tag in (*column.tags, *filter(None, [column.classification]))}
    warned = not sensitive.isdisjoint(told) or column.classification.casefold() not in ("", "public")
    untold = [tag for folded, tag in own.items() if folded not in told and not (folded in sensitive and warned)]
    is_personal = not sensitive.isdisjoint(own)
    said = {tag.casefold(): tag for tag in column.tags}
    unfounded = [
        tag
        for folded, tag in said.items()
        if folded not in own and not (folded in sensitive and is_personal) and material.all_tags
    ]
    return tuple(sorted(untold)), tuple(sorted(unfounded))
