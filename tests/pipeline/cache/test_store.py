"""The store: whatever is wrong with it costs time, never a result."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from sqllineage_scan.pipeline.cache.folder import default_folder
from sqllineage_scan.pipeline.cache.store import FILE, Store

if TYPE_CHECKING:
    from pathlib import Path

MANY = {number.to_bytes(32, "big"): b"value %d" % number for number in range(2_345)}


def filled(folder: Path, **options: object) -> None:
    with Store(folder, **options) as store:  # type: ignore[arg-type]
        store.write("compiled", MANY)


def test_values_come_back_in_another_scan(tmp_path: Path) -> None:
    filled(tmp_path)
    with Store(tmp_path) as store:
        assert store.read("compiled", [*MANY, b"unknown"]) == MANY
        assert store.read("linked", MANY) == {}


def test_a_later_value_takes_the_place_and_forgotten_ones_are_gone(tmp_path: Path) -> None:
    first, second, *_ = MANY
    filled(tmp_path)
    with Store(tmp_path) as store:
        store.write("compiled", {first: b"new"})
        store.forget("compiled", [second])
        assert store.read("compiled", [first, second]) == {first: b"new"}


def test_the_folder_is_marked_as_a_cache(tmp_path: Path) -> None:
    filled(tmp_path / "deep" / "cache")
    folder = tmp_path / "deep" / "cache"
    assert (folder / ".gitignore").read_text() == "*\n"
    assert (folder / "CACHEDIR.TAG").read_text().startswith("Signature: 8a477f597d28d172789f06886806bc55\n")


def damages() -> list[object]:
    return [
        pytest.param(lambda data: b"", id="empty"),
        pytest.param(lambda data: data[: len(data) // 2], id="cut off"),
        pytest.param(lambda data: data[:100], id="only its header"),
        pytest.param(lambda data: b"no database" * 1000, id="no database"),
        pytest.param(lambda data: data[:68] + b"\0\0\0\0" + data[72:], id="of another program"),
        pytest.param(lambda data: data[:4096] + b"\xff" * (len(data) - 4096), id="overwritten"),
        pytest.param(lambda data: data[:100] + b"\x7f" * 4000 + data[4100:], id="no schema"),
    ]


@pytest.mark.parametrize("damage", damages())
def test_a_damaged_file_is_made_anew(tmp_path: Path, damage: object) -> None:
    filled(tmp_path)
    file = tmp_path / FILE
    file.write_bytes(damage(file.read_bytes()))  # type: ignore[operator]
    with Store(tmp_path) as store:
        found = store.read("compiled", MANY)
        assert found.items() <= MANY.items()
    filled(tmp_path)
    with Store(tmp_path) as store:
        assert store.read("compiled", MANY) == MANY


def test_every_flipped_byte_is_noticed(tmp_path: Path) -> None:
    filled(tmp_path)
    intact = (tmp_path / FILE).read_bytes()
    for place in range(0, len(intact), 1_009):
        (tmp_path / FILE).write_bytes(intact[:place] + bytes([intact[place] ^ 0x55]) + intact[place + 1 :])
        with Store(tmp_path) as store:
            assert store.read("compiled", MANY).items() <= MANY.items()


def forged(folder: Path, sql: str) -> None:
    with sqlite3.connect(folder / FILE) as connection:
        connection.execute(sql)
    connection.close()


def test_a_forged_value_is_not_taken(tmp_path: Path) -> None:
    filled(tmp_path)
    forged(tmp_path, "UPDATE entry SET value = x'00112233445566778899aabbccddeeff' || value")
    with Store(tmp_path) as store:
        assert store.read("compiled", MANY) == {}


def test_values_that_changed_places_are_not_taken(tmp_path: Path) -> None:
    filled(tmp_path)
    forged(tmp_path, "UPDATE entry SET namespace = 'linked'")
    with Store(tmp_path) as store:
        assert store.read("linked", MANY) == {}


@pytest.mark.parametrize(
    "sql",
    [
        "CREATE TRIGGER t AFTER INSERT ON entry BEGIN DELETE FROM entry; END",
        "CREATE VIEW v AS SELECT load_extension('x')",
        "ALTER TABLE entry ADD COLUMN more TEXT",
    ],
)
def test_a_file_that_holds_more_than_our_table_is_made_anew(tmp_path: Path, sql: str) -> None:
    filled(tmp_path)
    forged(tmp_path, sql)
    with Store(tmp_path) as store:
        assert store.is_open
        assert store.read("compiled", MANY) == {}


def test_with_a_secret_only_its_holder_writes(tmp_path: Path) -> None:
    filled(tmp_path)
    with Store(tmp_path, secret=b"ours") as store:
        assert store.read("compiled", MANY) == {}
    filled(tmp_path, secret=b"ours")
    with Store(tmp_path, secret=b"theirs") as store:
        assert store.read("compiled", MANY) == {}
    with Store(tmp_path, secret=b"ours") as store:
        assert store.read("compiled", MANY) == MANY


def test_it_forgets_what_was_not_used_for_longest(tmp_path: Path) -> None:
    old = {b"old %d" % number: bytes(10_000) for number in range(100)}
    new = {b"new %d" % number: bytes(10_000) for number in range(50)}
    with Store(tmp_path) as store:
        store.write("compiled", old)
    forged(tmp_path, "UPDATE entry SET used = used - 7")
    with Store(tmp_path) as store:
        assert len(store.read("compiled", [b"old 3"])) == 1
    with Store(tmp_path, limit=1_000_000) as store:
        store.write("compiled", new)
    assert (tmp_path / FILE).stat().st_size < 1_000_000
    with Store(tmp_path) as store:
        assert store.read("compiled", new) == new
        assert set(store.read("compiled", old)) >= {b"old 3"}
        assert len(store.read("compiled", old)) < 40


def test_a_link_is_not_followed(tmp_path: Path) -> None:
    elsewhere = tmp_path / "precious.sqlite"
    elsewhere.write_bytes(b"mine")
    (tmp_path / "cache").mkdir()
    (tmp_path / "cache" / FILE).symlink_to(elsewhere)
    with Store(tmp_path / "cache") as store:
        store.write("compiled", MANY)
        assert not store.is_open
    assert elsewhere.read_bytes() == b"mine"


def test_two_at_once(tmp_path: Path) -> None:
    code = (
        "import sys; from pathlib import Path; from sqllineage_scan.pipeline.cache.store import Store\n"
        "own = sys.argv[2].encode()\n"
        "with Store(Path(sys.argv[1])) as store:\n"
        "    for number in range(30):\n"
        "        store.write('compiled', {own + b'%d' % number: own * 1000})\n"
        "        store.read('compiled', [b'a%d' % number, b'b%d' % number])\n"
        "    assert store.is_open\n"
    )
    both = [subprocess.Popen([sys.executable, "-c", code, str(tmp_path), own]) for own in "ab"]
    assert [process.wait() for process in both] == [0, 0]
    with Store(tmp_path) as store:
        keys = [own + b"%d" % number for own in (b"a", b"b") for number in range(30)]
        assert len(store.read("compiled", keys)) == 60


def test_locked_for_good(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sqllineage_scan.pipeline.cache.store._PATIENCE", 0.05)
    filled(tmp_path)
    other = sqlite3.connect(tmp_path / FILE, isolation_level=None)
    other.execute("BEGIN EXCLUSIVE")
    with Store(tmp_path) as store:
        assert store.read("compiled", MANY) == {}
        store.write("compiled", MANY)
    other.execute("ROLLBACK")
    other.close()
    with Store(tmp_path) as store:
        assert store.read("compiled", MANY) == MANY


def test_a_folder_that_cannot_be_made(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with Store(tmp_path / "file" / "cache") as store:
        store.write("compiled", MANY)
        assert store.read("compiled", MANY) == {}


def test_the_users_own_folder(tmp_path: Path) -> None:
    assert default_folder({"SQLLINEAGE_SCAN_CACHE_DIR": str(tmp_path)}) == tmp_path
    found = default_folder({})
    assert found is not None
    assert found.is_absolute()
    assert found.name == "sqllineage-scan"
