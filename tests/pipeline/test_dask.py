"""A Dask cluster of separate processes: the same bytes, also when one of them is killed meanwhile."""

from __future__ import annotations

import json
import os
import signal
from typing import TYPE_CHECKING, Any

import pytest
from distributed import Client, LocalCluster

from benchmarks.generate import generate
from sqllineage_scan.cli.shell.application import run
from sqllineage_scan.errors import UsageError
from sqllineage_scan.pipeline import hands
from sqllineage_scan.pipeline.executors.dask import DaskExecutor, connected
from sqllineage_scan.pipeline.executors.processes import LostWorkerError
from sqllineage_scan.pipeline.options import ScanOptions
from sqllineage_scan.pipeline.scan import scan_repository

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

pytestmark = pytest.mark.filterwarnings("ignore")  # Dask's own: sockets of a worker that was killed


@pytest.fixture(scope="module")
def cluster() -> Iterator[Any]:
    with LocalCluster(n_workers=2, threads_per_worker=1, processes=True, dashboard_address=None, silence_logs=60) as found:
        yield found


@pytest.fixture(scope="module")
def warehouse(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("warehouse")
    generate(folder, 120)
    return folder


def test_a_worker_is_killed_midway(cluster: Any, warehouse: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hands, "_REMOTE_FILES", 4)  # many tasks, so that the lost worker has some
    here = json.dumps(scan_repository(warehouse, ScanOptions()).to_dict())
    killed: list[int] = []
    with Client(cluster) as client:
        pids = client.run(os.getpid)
        assert len({*pids.values(), os.getpid()}) == 3

        def kill_one(stage: str, done: int, total: int) -> None:
            del stage
            if not killed and total // 4 < done:
                killed.append(next(iter(pids.values())))
                os.kill(killed[0], signal.SIGKILL)

        options = ScanOptions(executor=DaskExecutor(client))
        there = json.dumps(scan_repository(warehouse, options, progress=kill_one).to_dict())
        assert killed
        assert there == here
        client.wait_for_workers(2)


def test_from_the_command_line(cluster: Any, warehouse: Path, tmp_path: Path) -> None:
    def scanned(name: str, *words: str) -> bytes:
        out = tmp_path / name
        assert run(["scan", str(warehouse), "-q", "--no-cache", "-o", str(out), *words]) == 0
        return out.read_bytes()

    assert scanned("there.json", "--executor", "dask", "--scheduler", cluster.scheduler_address) == scanned("here.json")


def test_a_task_that_ends_every_worker_it_is_given_to(cluster: Any) -> None:
    with Client(cluster) as client:
        client.wait_for_workers(2)
        executor = DaskExecutor(client)
        with pytest.raises(LostWorkerError):
            executor.submit(os._exit, 1).result()
        client.wait_for_workers(2)  # a cluster that is closed while it starts workers trips over them


def test_nobody_answers() -> None:
    with pytest.raises(UsageError, match=r"no Dask scheduler answers at tcp://127\.0\.0\.1:9"), connected("tcp://127.0.0.1:9"):
        pass
