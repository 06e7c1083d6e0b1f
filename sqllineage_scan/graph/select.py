"""What a user's NAME means: a dataset or a column, by the shortest name that only it has.

Tried in this order, first as written, then without regard to case, then to quotes; the first rule that anything meets decides:
  1. the id itself            raw.public.orders        raw.public.orders.amount
  2. dbt's unique id          model.shop.orders        model.shop.orders.amount
  3. dbt's own name           orders                   orders.amount; sources as raw.orders
  4. any ending of the id     public.orders            public.orders.amount
"""

from __future__ import annotations

from difflib import get_close_matches
from typing import TYPE_CHECKING

from sqllineage_scan.domain.names import ColumnId, DatasetId
from sqllineage_scan.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from sqllineage_scan.domain.dataset import Dataset
    from sqllineage_scan.graph.index import Index

MOST_MATCHES = 5
_CLOSE = 0.6


def find(index: Index, name: str) -> DatasetId | ColumnId:
    """The dataset, else the column, that ``name`` means."""
    wanted = name.strip()
    for same in _SAME:
        for rule in RULES:
            found = _datasets(index, wanted, rule, same) or _columns(index, wanted, rule, same)
            if found:
                return _only(name, found)
    raise UsageError(unknown(index, wanted))


def find_dataset(index: Index, name: str) -> DatasetId:
    wanted = name.strip()
    for same in _SAME:
        for rule in RULES:
            found = _datasets(index, wanted, rule, same)
            if found:
                dataset = _only(name, found)
                assert isinstance(dataset, DatasetId)
                return dataset
    raise UsageError(unknown(index, wanted))


def _exactly(text: str) -> str:
    return text


def _without_case(text: str) -> str:
    return text.casefold()


def _without_quotes(text: str) -> str:
    """``Sales.Total`` for what needs quotes in SQL, and ``"sales"."total"`` for what does not."""
    return text.casefold().translate(_QUOTES)


_QUOTES = str.maketrans("", "", '"`')
_SAME = (_exactly, _without_case, _without_quotes)


def _by_id(dataset: Dataset) -> Iterator[str]:
    yield str(dataset.id)
    yield dataset.id.name


def _by_unique_id(dataset: Dataset) -> Iterator[str]:
    if dataset.unique_id:
        yield dataset.unique_id


def _by_dbt_name(dataset: Dataset) -> Iterator[str]:
    """``model.shop.orders`` is ``orders``, ``source.shop.raw.orders`` is ``raw.orders``; also with the package before it."""
    parts = (dataset.unique_id or "").split(".", 2)
    if len(parts) == len(("model", "shop", "orders")):
        yield parts[2]
        yield f"{parts[1]}.{parts[2]}"


def _by_ending(dataset: Dataset) -> Iterator[str]:
    name = dataset.id.name
    position = name.find(".")
    while position >= 0:
        yield name[position + 1 :]
        position = name.find(".", position + 1)


RULES = (_by_id, _by_unique_id, _by_dbt_name, _by_ending)


def _datasets(
    index: Index, name: str, rule: Callable[[Dataset], Iterator[str]], same: Callable[[str], str]
) -> list[DatasetId | ColumnId]:
    wanted = same(name)
    return [dataset.id for dataset in index.datasets.values() if any(same(label) == wanted for label in rule(dataset))]


def _columns(
    index: Index, name: str, rule: Callable[[Dataset], Iterator[str]], same: Callable[[str], str]
) -> list[DatasetId | ColumnId]:
    """``dataset.column``, cut at every dot: both halves may have dots of their own (``events.address.zip``)."""
    found: list[DatasetId | ColumnId] = []
    cuts = {same(name[:position]): same(name[position + 1 :]) for position, letter in enumerate(name) if letter == "."}
    for dataset in index.datasets.values() if cuts else ():
        for wanted in {cuts[same(label)] for label in rule(dataset) if same(label) in cuts}:
            found += [ColumnId(dataset.id, column) for column in index.columns[dataset.id] if same(column) == wanted]
    return found


def _only(name: str, found: Sequence[DatasetId | ColumnId]) -> DatasetId | ColumnId:
    if len(found) == 1:
        return found[0]
    raise UsageError(f"{name!r} is ambiguous: it could be {_listed([str(item) for item in found])}")


def _listed(names: Sequence[str]) -> str:
    shown = ", ".join(names[:MOST_MATCHES])
    more = len(names) - MOST_MATCHES
    return f"{shown} or {more} more" if more > 0 else shown


def unknown(index: Index, name: str) -> str:
    """Say what there is instead: the columns of the dataset that was meant, who has such a column, close names."""
    before, _, column = name.rpartition(".")
    meant = _meant(index, before) if before else None
    if meant is not None:
        columns = index.columns[meant]
        close = get_close_matches(column, columns, n=MOST_MATCHES, cutoff=_CLOSE)
        hint = f"did you mean {_listed(close)}?" if close else f"it has {_listed(columns) or 'none that are known'}"
        return f"{meant} has no column {column!r}; {hint}"
    holders = [str(ColumnId(dataset, name)) for dataset, columns in index.columns.items() if name in columns]
    if holders:
        return f"no dataset is called {name!r}; as a column there is {_listed(holders)}"
    close = _close_datasets(index, before) if before else []
    close = list(dict.fromkeys([*_close_datasets(index, name), *close]))
    return f"no dataset or column is called {name!r}" + (f"; did you mean {_listed(close)}?" if close else "")


def _meant(index: Index, name: str) -> DatasetId | None:
    """The dataset called ``name``, if there is just one."""
    for same in _SAME:
        for rule in RULES:
            found = _datasets(index, name, rule, same)
            if found:
                only = found[0]
                return only if len(found) == 1 and isinstance(only, DatasetId) else None
    return None


def _close_datasets(index: Index, name: str) -> list[str]:
    labels: dict[str, str] = {}
    for rule in RULES:
        for dataset in index.datasets.values():
            for label in rule(dataset):
                labels.setdefault(label.casefold(), str(dataset.id))
    return [labels[label] for label in get_close_matches(name.casefold(), labels, n=MOST_MATCHES, cutoff=_CLOSE)]
