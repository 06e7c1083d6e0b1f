"""Every value that a compile gives comes back from its bytes, and nothing else comes from bytes at all."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sqllineage_scan.domain.source import CompiledFile, FileKind, FileStatus, SourceFile
from sqllineage_scan.pipeline.cache.codec import Codec, DamagedError, UncodableError
from sqllineage_scan.pipeline.cache.loose import read_loose, write_loose
from sqllineage_scan.pipeline.options import ScanOptions
from sqllineage_scan.pipeline.scan import compile_repository
from sqllineage_scan.pipeline.work import compile_sql

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

EXAMPLES = Path(__file__).parents[3] / "examples"
CODEC: Codec[CompiledFile] = Codec(CompiledFile)


@pytest.fixture(scope="module")
def compiled(tmp_path_factory: pytest.TempPathFactory) -> Sequence[CompiledFile]:
    """The examples, and every SQL block of the pages of tests/sql: each construct that we understand."""
    folder = tmp_path_factory.mktemp("pages")
    for page in (EXAMPLES.parent / "tests" / "sql").glob("*.md"):
        for number, block in enumerate(page.read_text(encoding="utf-8").split("```sql")[1:]):
            (folder / f"{page.stem}_{number}.sql").write_text(block.partition("```")[0], encoding="utf-8")
    found = [file for name in ("shop", "bakery") for file in compile_repository(EXAMPLES / name, ScanOptions()).files]
    row = compile_sql(SourceFile("row.sql", FileKind.SQL, dialect="snowflake"), "select object_construct(*) as o from t", None)
    return [*found, row, *compile_repository(folder, ScanOptions(artifacts=False)).files]


def test_what_was_compiled_comes_back(compiled: Sequence[CompiledFile]) -> None:
    kinds = {type(use).__name__ for use in _uses(compiled)}
    assert kinds >= {"Reference", "SubqueryUse", "HoleUse", "RowUse", "ItemUse", "FunctionUse", "ArgumentUse"}
    for file in compiled:
        back = CODEC.decode(CODEC.encode(file))
        assert back == file
        assert repr(back) == repr(file)  # the types too: a tuple equals a named tuple


def test_bytes_are_those_of_the_value(compiled: Sequence[CompiledFile]) -> None:
    again = [CODEC.decode(CODEC.encode(file)) for file in compiled]
    assert [CODEC.encode(file) for file in again] == [CODEC.encode(file) for file in compiled]


def test_damaged_bytes_are_refused(compiled: Sequence[CompiledFile]) -> None:
    data = CODEC.encode(max(compiled, key=lambda file: len(file.units)))
    for cut in range(0, len(data), 97):
        with pytest.raises(DamagedError):
            CODEC.decode(data[:cut])


@given(st.data())
def test_whatever_is_done_to_the_bytes_a_compiled_file_comes_out_or_an_error(data: st.DataObject) -> None:
    file = CompiledFile("a.sql", *_sample())
    encoded = bytearray(CODEC.encode(file))
    for _ in range(data.draw(st.integers(1, 4))):
        encoded[data.draw(st.integers(0, len(encoded) - 1))] = data.draw(st.integers(0, 255))
    try:
        back = CODEC.decode(bytes(encoded))
    except DamagedError:
        return
    assert type(back) is CompiledFile
    assert type(back.path) is str
    assert type(back.statements) is int


@pytest.mark.parametrize("depth", [10, 100_000])
def test_nested_without_end(depth: int) -> None:
    with pytest.raises(DamagedError):
        CODEC.decode(b"\x92\x90" + b"\x91" * depth + b"\xc0")


MOMENTS = st.datetimes().map(lambda moment: moment.replace(fold=0))
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**60), 2**60) | st.floats(allow_nan=False) | st.text() | st.dates() | MOMENTS,
    lambda inner: st.lists(inner) | st.dictionaries(st.text() | st.integers(-(2**60), 2**60), inner),
    max_leaves=20,
)


@given(VALUES)
def test_values_of_yaml_come_back(value: Any) -> None:
    packed = msgspec.msgpack.encode(write_loose(value))
    assert read_loose(msgspec.msgpack.decode(packed)) == value
    assert repr(read_loose(msgspec.msgpack.decode(packed))) == repr(value)


@pytest.mark.parametrize("value", [object(), [object()], {"a": dt.timedelta(1)}])
def test_what_yaml_does_not_give_is_not_kept(value: Any) -> None:
    with pytest.raises(TypeError):
        write_loose(value)


def test_a_value_that_has_no_bytes() -> None:
    with pytest.raises(UncodableError):
        CODEC.encode(CompiledFile("a.sql", FileKind.SQL, "", FileStatus.READ, statements=2**80))


def _sample() -> tuple[Any, ...]:
    file = compile_sql(SourceFile("a.sql", FileKind.SQL), "select a.x, (select 1 from b where b.i = a.i) y, t.* from a, t", None)
    return (file.kind, file.dialect, file.status, file.statements, file.units)


def _uses(files: Sequence[CompiledFile]) -> Iterator[Any]:
    for file in files:
        for unit in file.units:
            for relation in unit.relations:
                yield from _tuples((relation.projections, relation.influences))


def _tuples(value: Any) -> Iterator[Any]:
    if isinstance(value, tuple):
        yield value
        for item in value:
            yield from _tuples(item)
