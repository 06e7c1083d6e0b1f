"""Every document that is read, with each of its values taken for one of another kind, and cut off anywhere: what is wrong with it
is a finding or one clear line, never an exception of another kind.
"""

from __future__ import annotations

import copy
import json
import tomllib
from typing import TYPE_CHECKING, Any

import pytest
import yaml

from benchmarks.fuzz.seeds import documents
from benchmarks.fuzz.targets import readers
from sqllineage_scan.config.load import settings_from
from sqllineage_scan.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

WRONG = (
    None,
    True,
    -1,
    2**70,
    1.5,
    float("nan"),
    "",
    "text",
    "{{ x }}",
    [],
    [1],
    [None],
    ["a"],
    {},
    {"a": 1},
    {"name": []},
    [[[]]],
)
_GONE = object()
JSON = {0: "lineage", 4: "diff", 5: "manifest", 6: "catalog"}
YAML = {7: "dbt_project", 8: "profiles", 9: "packages", 10: "properties", 12: "rule"}
ALL = list(documents())


def places(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Of every value in a document; of lists the first two items stand for all."""
    yield path
    items = value.items() if isinstance(value, dict) else enumerate(value[:2]) if isinstance(value, list) else ()
    for key, item in items:
        yield from places(item, (*path, key))


def changed(document: Any, path: tuple[Any, ...], value: Any) -> Any:
    if not path:
        return value
    document = copy.deepcopy(document)
    inner = document
    for key in path[:-1]:
        inner = inner[key]
    inner[path[-1]] = value
    return document


def without(document: Any, path: tuple[Any, ...]) -> Any:
    document = copy.deepcopy(document)
    inner = document
    for key in path[:-1]:
        inner = inner[key]
    del inner[path[-1]]
    return document


def survives(read: Callable[[bytes], Any], data: bytes) -> None:
    said = ""
    try:
        read(data)
    except UsageError as error:
        said = str(error) or "nothing\nat all"
    assert "\n" not in said


_MOST = 400  # changes of a kind that are tried, evenly spread


def wrong(number: int) -> Iterator[tuple[Any, bool]]:
    """The documents of a kind with one value changed or gone."""
    read = json.loads if number in JSON else yaml.safe_load
    read_in = [read(data[1:]) for data in ALL if data[0] == number]
    changes = [(document, path, value) for document in read_in for path in places(document) for value in (*WRONG, _GONE)]
    for document, path, value in changes[:: max(1, len(changes) // _MOST)]:
        if value is not _GONE:
            yield changed(document, path, value), number in JSON
        elif path:
            yield without(document, path), number in JSON


@pytest.mark.parametrize("number", [*JSON, *YAML], ids=[*JSON.values(), *YAML.values()])
def test_a_value_of_another_kind(number: int) -> None:
    count = 0
    for document, as_json in wrong(number):
        text = json.dumps(document) if as_json else yaml.safe_dump(document)
        survives(readers()[number], text.encode())
        count += 1
    assert count > 50


@pytest.mark.parametrize("number", sorted({data[0] for data in ALL}))
def test_cut_off_anywhere(number: int) -> None:
    for data in [data[1:] for data in ALL if data[0] == number][:3]:
        for length in range(0, len(data), max(1, len(data) // 40)):
            survives(readers()[number], data[:length])


@pytest.mark.parametrize("number", sorted({data[0] for data in ALL}))
@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\xff\xfe\x00",
        b"\x93\x94",
        b"null",
        b"[" * 100_000,
        b"{'a':" * 50_000,
        b'{"a":' * 50_000,
        b"- " * 20_000,
        b"a: &a [*a, *a]",
        b"\0" * 100,
        b"&a [" * 5_000,
        b"<a>" * 50_000,
        b'{"a": NaN}',
        b'{"a": 1, "a": 2}',
        b"1" * 10_000,
    ],
    ids=lambda data: repr(data[:12]),
)
def test_no_document_at_all(number: int, data: bytes) -> None:
    survives(readers()[number], data)


def test_settings_of_another_kind(tmp_path: Path) -> None:
    (data,) = (data[1:] for data in ALL if data[0] == 11)
    document = tomllib.loads(data.decode())
    for path in places(document):
        for value in WRONG:
            values = changed(document, path, value)
            if isinstance(values, dict):
                survives(lambda _, values=values: settings_from(values, tmp_path / "sqllineage-scan.toml"), b"")
