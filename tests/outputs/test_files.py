"""Files are written all at once or not at all."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from sqllineage_scan.errors import UsageError
from sqllineage_scan.outputs.files import write_file
from sqllineage_scan.outputs.formats import formats, writer


def put(thing: str, out) -> None:
    out.write(thing)


def interrupted(thing: str, out) -> None:
    out.write(thing)
    raise KeyboardInterrupt


def test_written(tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    write_file(path, "Ü\n\udc80", put)
    assert path.read_bytes() == "Ü\n\\udc80".encode()
    assert list(tmp_path.iterdir()) == [path]
    mask = os.umask(0)
    os.umask(mask)
    assert stat.S_IMODE(path.stat().st_mode) == 0o666 & ~mask


def test_interrupted_leaves_what_was_there(tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    path.write_text("old")
    with pytest.raises(KeyboardInterrupt):
        write_file(path, "new", interrupted)
    assert path.read_text() == "old"
    assert list(tmp_path.iterdir()) == [path]


def test_a_link_stays_a_link_and_rights_stay(tmp_path: Path) -> None:
    real, link = tmp_path / "real.json", tmp_path / "link.json"
    real.write_text("old")
    real.chmod(0o600)
    link.symlink_to(real)
    write_file(link, "new", put)
    assert link.is_symlink()
    assert real.read_text() == "new"
    assert stat.S_IMODE(real.stat().st_mode) == 0o600


def test_no_file_is_written_to_in_place() -> None:
    write_file(Path("/dev/null"), "x", put)
    assert not Path("/dev/null").is_file()


@pytest.mark.parametrize(("path", "said"), [("", "it is a folder"), ("a.json/b.json", "is a file")])
def test_what_cannot_be_written(tmp_path: Path, path: str, said: str) -> None:
    (tmp_path / "a.json").write_text("")
    with pytest.raises(UsageError, match=f"cannot write .*{said}"):
        write_file(tmp_path / path, "x", put)


def test_folders_are_made(tmp_path: Path) -> None:
    write_file(tmp_path / "some" / "where" / "a.json", "x", put)
    assert [path.name for path in (tmp_path / "some" / "where").iterdir()] == ["a.json"]


def test_formats_are_the_modules_of_the_folder() -> None:
    assert {"csv", "json", "sqlite", "summary"} <= set(formats("lineage"))
    assert formats("subject") == ("json", "text")
    with pytest.raises(UsageError, match=r"no format is called 'jsn'; did you mean 'json'\?"):
        writer("lineage", "jsn")
    with pytest.raises(UsageError, match=r"no format is called '\.\./x'; known are csv, dbt, dot,"):
        writer("lineage", "../x")
