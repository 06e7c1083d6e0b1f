"""Nothing that reads a repository opens a connection: no telemetry, no update check, no download.

Where the system lets us, commands run in a network namespace that has no route and no address. Everywhere they also run with a
hook of Python's own on every socket, in every process that they start, which tells what was tried.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
HOOK = """
import os, sys
def _told(event, arguments):
    if event in ("socket.getaddrinfo", "socket.gethostbyname", "socket.gethostbyaddr", "socket.getnameinfo") or (
        event in ("socket.connect", "socket.bind", "socket.sendto", "socket.sendmsg")
        and not isinstance(arguments[1], (str, bytes))  # a path: a socket of this machine
        and arguments[1][:2] != ("::1", 0)  # urllib3 tries at import whether there is IPv6
    ):
        with open(os.environ["CONNECTIONS"], "a") as out:
            out.write(f"{event} {arguments[1:]!r}\\n")
        raise ConnectionRefusedError(event)
sys.addaudithook(_told)
"""
COMMANDS = {
    "scan": ["scan", ".", "--processes", "2", "--no-cache", "-o", "lineage.json"],
    "check": ["check", "."],
    "site": ["site", ".", "-o", "site"],
    "export": ["export", ".", "--format", "mermaid"],
    "openlineage": ["export", ".", "--format", "openlineage"],
    "show": ["show", "orders", "."],
    "diff": ["diff", "HEAD~1", "HEAD", "--format", "json"],
    "rules": ["rules", "list"],
    "comment": ["comment", "report.json", "--dry-run"],
}


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("offline") / "shop"
    shutil.copytree(ROOT / "examples" / "shop", folder)

    def git(*words: str) -> None:
        subprocess.run(
            ["git", "-C", str(folder), "-c", "user.name=a", "-c", "user.email=a@b", *words], check=True, capture_output=True
        )

    git("init", "-q")
    git("add", "-A")
    git("commit", "-qm", "one")
    (folder / "extra.sql").write_text("create view extra as select 1 as one;\n")
    git("add", "-A")
    git("commit", "-qm", "two")
    tool = [sys.executable, "-m", "sqllineage_scan"]
    done = subprocess.run([*tool, "diff", "HEAD~1", "HEAD", "--format", "json"], cwd=folder, capture_output=True, check=True)
    (folder / "report.json").write_bytes(done.stdout)
    return folder


def has_namespaces() -> bool:
    program = shutil.which("unshare")
    return program is not None and subprocess.run([program, "-rn", "true"], capture_output=True, check=False).returncode == 0


def run(shop: Path, tmp_path: Path, before: list[str], words: list[str]) -> subprocess.CompletedProcess[str]:
    (tmp_path / "sitecustomize.py").write_text(HOOK)
    environment = {**os.environ, "PYTHONPATH": str(tmp_path), "CONNECTIONS": str(tmp_path / "connections")}
    command = [*before, sys.executable, "-m", "sqllineage_scan", *words]
    return subprocess.run(command, cwd=shop, env=environment, capture_output=True, text=True, check=False, timeout=300)


@pytest.mark.parametrize("name", COMMANDS)
def test_no_connection_is_tried(shop: Path, tmp_path: Path, name: str) -> None:
    before = ["unshare", "-rn"] if has_namespaces() else []
    done = run(shop, tmp_path, before, COMMANDS[name])
    assert done.returncode in (0, 1), done.stderr
    assert not (tmp_path / "connections").exists(), (tmp_path / "connections").read_text()


def test_the_hook_would_tell(shop: Path, tmp_path: Path) -> None:
    """Else the test above could not fail."""
    run(shop, tmp_path, [], ["--version"])
    environment = {**os.environ, "PYTHONPATH": str(tmp_path), "CONNECTIONS": str(tmp_path / "connections")}
    code = "import socket; socket.create_connection(('192.0.2.1', 9), timeout=1)"
    done = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, check=False)
    assert done.returncode == 1
    assert "socket.getaddrinfo" in (tmp_path / "connections").read_text()


@pytest.mark.skipif(not has_namespaces(), reason="the system gives no network namespaces")
def test_the_namespace_has_no_way_out() -> None:
    code = "import socket; socket.socket(socket.AF_INET, socket.SOCK_DGRAM).connect(('192.0.2.1', 9))"
    done = subprocess.run(["unshare", "-rn", sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert "unreachable" in done.stderr
