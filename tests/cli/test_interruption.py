"""Ctrl-C and SIGTERM at any moment: a word's exit code, nothing half done, and what was finished need not be done again."""

from __future__ import annotations

import json
import os
import signal
import sqlite3
import subprocess
import sys
import time
from typing import TYPE_CHECKING

import pytest

from benchmarks.generate import generate
from sqllineage_scan.pipeline.cache.store import FILE
from sqllineage_scan.pipeline.options import ScanOptions
from sqllineage_scan.pipeline.scan import scan_repository

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(scope="module")
def warehouse(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("warehouse")
    generate(folder, 200)
    return folder


def started(warehouse: Path, folder: Path, processes: int) -> subprocess.Popen[str]:
    """As from a terminal: its processes are a group, and Ctrl-C is for all of them."""
    code = "from sqllineage_scan.cli import main; main()"
    words = [
        "scan",
        str(warehouse),
        "-o",
        str(folder / "out.json"),
        "--cache-dir",
        str(folder / "cache"),
        "--processes",
        str(processes),
    ]
    return subprocess.Popen(
        [sys.executable, "-c", code, *words], start_new_session=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )


def entries(folder: Path) -> int:
    try:
        with sqlite3.connect(f"file:{folder / 'cache' / FILE}?mode=ro", uri=True) as connection:
            return int(connection.execute("SELECT count(*) FROM entry WHERE namespace = 'compiled'").fetchone()[0])
    except sqlite3.Error:
        return 0


def is_empty(group: int) -> bool:
    try:
        os.killpg(group, 0)
    except ProcessLookupError:
        return True
    return False


@pytest.mark.parametrize(("sent", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
@pytest.mark.parametrize("processes", [1, 2])
def test_a_scan_that_is_stopped(warehouse: Path, tmp_path: Path, processes: int, sent: signal.Signals, code: int) -> None:
    process = started(warehouse, tmp_path, processes)
    while not entries(tmp_path) and process.poll() is None:
        time.sleep(0.01)
    if sent is signal.SIGINT:
        os.killpg(process.pid, sent)
    else:
        process.send_signal(sent)
    output, talk = process.communicate(timeout=120)
    assert (process.returncode, output, talk) == (code, "", "")
    while not is_empty(process.pid):  # the last to leave is Python's own keeper of semaphores
        time.sleep(0.01)
    assert [path.name for path in tmp_path.iterdir()] == ["cache"]
    done = entries(tmp_path)
    assert done > 0
    again = started(warehouse, tmp_path, 1)
    again.communicate(timeout=300)
    assert again.returncode == 0
    whole = scan_repository(warehouse, ScanOptions()).to_dict()
    assert json.loads((tmp_path / "out.json").read_text()) == json.loads(json.dumps(whole))


@pytest.mark.parametrize("delay", [0.0, 0.05, 0.2, 0.4, 0.7])
def test_stopped_at_any_moment(warehouse: Path, tmp_path: Path, delay: float) -> None:
    process = started(warehouse, tmp_path, 2)
    time.sleep(delay)
    os.killpg(process.pid, signal.SIGTERM)
    output, talk = process.communicate(timeout=120)
    assert (output, talk) == ("", "")
    assert process.returncode in (143, -signal.SIGTERM)  # the latter before we were there to hear it
    assert not (tmp_path / "out.json").exists()


def test_two_scans_share_a_cache(warehouse: Path, tmp_path: Path) -> None:
    both = [started(warehouse, tmp_path, 1), started(warehouse, tmp_path, 2)]
    for process in both:
        _, talk = process.communicate(timeout=600)
        assert (process.returncode, talk) == (0, "")
    assert entries(tmp_path) > 200
