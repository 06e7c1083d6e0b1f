"""Files compiled elsewhere: the same bytes, whoever does it and whatever becomes of them."""

from __future__ import annotations

import json
import multiprocessing
import os
import signal
import subprocess
import sys
import time
from concurrent.futures import BrokenExecutor, Executor, Future, ProcessPoolExecutor, ThreadPoolExecutor
from pathlib import Path

import pytest

from benchmarks.generate import generate
from sqllineage_scan.pipeline.executors.processes import LostWorkerError, Processes
from sqllineage_scan.pipeline.hands import Missing, batches
from sqllineage_scan.pipeline.limits import Limits
from sqllineage_scan.pipeline.options import ScanOptions
from sqllineage_scan.pipeline.scan import scan_repository

EXAMPLES = Path(__file__).parents[2] / "examples"


def document(root: Path, **options: object) -> str:
    return json.dumps(scan_repository(root, ScanOptions(**options)).to_dict())  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def warehouse(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("warehouse")
    generate(folder, 60)
    return folder


@pytest.mark.parametrize("example", ["shop", "bakery"])
def test_an_executor_of_the_standard_library(example: str) -> None:
    here = document(EXAMPLES / example)
    with ThreadPoolExecutor(2) as threads:
        assert document(EXAMPLES / example, executor=threads) == here
    with ProcessPoolExecutor(2, mp_context=multiprocessing.get_context("spawn")) as processes:
        assert document(EXAMPLES / example, executor=processes) == here


class Elsewhere(Executor):
    """Another machine: in another folder, given nothing but what was sent."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def submit(self, function, /, *arguments, **named):
        import pickle

        future: Future[object] = Future()
        here = Path.cwd()
        os.chdir(self.folder)
        try:
            function, arguments, named = pickle.loads(pickle.dumps((function, arguments, named)))
            future.set_result(pickle.loads(pickle.dumps(function(*arguments, **named))))
        finally:
            os.chdir(here)
        return future


def test_a_machine_that_has_no_such_folder(warehouse: Path, tmp_path: Path) -> None:
    assert document(warehouse, executor=Elsewhere(tmp_path)) == document(warehouse)


def test_an_executor_that_breaks(warehouse: Path) -> None:
    """What it cannot do is done by processes of our own."""
    with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn")) as broken:
        with pytest.raises(BrokenExecutor):
            broken.submit(os._exit, 9).result()
        assert document(warehouse, executor=broken, processes=2) == document(warehouse)


def test_workers_that_are_killed_midway(warehouse: Path) -> None:
    killed: list[int] = []

    def kill_some(stage: str, done: int, total: int) -> None:
        del stage, total
        if done in (3, 20):
            for child in multiprocessing.active_children()[:1]:
                os.kill(child.pid or 0, signal.SIGKILL)
                killed.append(child.pid or 0)

    graph = scan_repository(warehouse, ScanOptions(processes=2), progress=kill_some)
    assert len(set(killed)) == 2
    assert json.dumps(graph.to_dict()) == document(warehouse)


def test_a_process_that_ends_costs_its_task_an_exception() -> None:
    with Processes(2) as executor:
        first = executor.submit(os.getpid).result()
        lost = [executor.submit(os._exit, 3), executor.submit(os.kill, first, signal.SIGKILL)]
        fine = [executor.submit(pow, 2, number) for number in range(50)]
        assert [future.result() for future in fine] == [2**number for number in range(50)]
        codes = {error.code for future in lost if isinstance(error := future.exception(), LostWorkerError)}
        assert 3 in codes


def test_what_a_task_raises_is_raised() -> None:
    with Processes(1) as executor:
        with pytest.raises(ZeroDivisionError):
            executor.submit(divmod, 1, 0).result()
        assert executor.submit(divmod, 7, 2).result() == (3, 1)


def test_a_process_that_takes_too_much_memory() -> None:
    with Processes(1, limits=Limits(memory=1 << 30)) as executor, pytest.raises(MemoryError):
        executor.submit(bytearray, 2 << 30).result()


def test_a_process_that_waits_for_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Limits, "patience", 0.2)
    with Processes(1, limits=Limits()) as executor:
        with pytest.raises(LostWorkerError) as lost:
            executor.submit(time.sleep, 3600).result()
        assert lost.value.late
        assert executor.submit(pow, 2, 5).result() == 32


def test_given_up_work_is_cancelled() -> None:
    executor = Processes(1)
    futures = [executor.submit(time.sleep, 3600) for _ in range(4)]
    executor.shutdown(cancel_futures=True)
    assert all(future.cancelled() for future in futures)
    assert not multiprocessing.active_children()
    with pytest.raises(RuntimeError):
        executor.submit(pow, 1, 1)


@pytest.mark.parametrize("processes", [1, 2])
def test_a_file_that_takes_too_long_costs_itself(processes: int, tmp_path: Path) -> None:
    many = ", ".join(f"case when a{number} > 1 then b{number} + c{number} end as d{number}" for number in range(60_000))
    (tmp_path / "endless.sql").write_text(f"select {many} from t")
    for number in range(5):
        (tmp_path / f"good_{number}.sql").write_text(f"create table t{number} as select a from s{number}")
    graph = scan_repository(tmp_path, ScanOptions(processes=processes, max_seconds=1, cache_dir=tmp_path / ".cache"))
    (finding,) = graph.findings
    assert (finding.code, finding.subject) == ("RD03", "endless.sql")
    assert "takes more than 1 seconds to read" in finding.message
    assert len(graph.column_edges) == 5


def test_the_largest_first_in_batches() -> None:
    files = [Missing(f"f{size}", size) for size in (90, 50, 20, 10, 5, 5, 1)]  # type: ignore[arg-type]
    assert [[item.size for item in batch] for batch in batches(files, 3, 60)] == [[90], [50, 20], [10, 5, 5], [1]]


def test_a_script_that_does_not_guard_its_work(warehouse: Path, tmp_path: Path) -> None:
    """Its processes begin with the script, and cannot start any themselves: each does all the work, and says the same."""
    script = tmp_path / "script.py"
    script.write_text(
        "import sys; from pathlib import Path; from sqllineage_scan import ScanOptions, scan\n"
        "print(len(scan(sys.argv[1], options=ScanOptions(processes=2)).column_edges))\n"
    )
    done = subprocess.run([sys.executable, str(script), str(warehouse)], check=True, capture_output=True, text=True)
    assert set(done.stdout.split()) == {str(len(scan_repository(warehouse, ScanOptions()).column_edges))}
    assert "Exception" not in done.stderr
