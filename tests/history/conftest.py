"""Real git repositories, made commit by commit."""

from __future__ import annotations

import subprocess
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

DDL = "create table raw.orders (id int, amount int, tax int, status text);\n"
STAGING = "create view staging.orders as select id, amount from raw.orders where status = 'paid';\n"
TOTAL = "create table marts.total as select sum(amount) as total, count(*) as n from staging.orders;\n"


class Repository:
    """A folder with its history. ``commit`` takes files by path; None removes one."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir(parents=True)
        self.git("init", "-q", "-b", "main")
        self._day = 1

    def git(self, *words: str) -> str:
        identity = ("-c", "user.name=Ann", "-c", "user.email=ann@example.com", "-c", "commit.gpgsign=false")
        done = subprocess.run(["git", *identity, "-C", str(self.folder), *words], capture_output=True, check=True, text=True)
        return done.stdout.strip()

    def commit(self, message: str, files: dict[str, str | None], author: str = "Ann") -> str:
        for name, text in files.items():
            path = self.folder / name
            if text is None:
                path.unlink(missing_ok=True)
            else:
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text(text)
        self.git("add", "-A")
        date = f"2024-01-{self._day:02}T12:00:00Z"
        self._day += 1
        command = ["-c", f"user.name={author}", "commit", "-q", "--allow-empty", "-m", message, "--date", date]
        subprocess.run(
            ["git", "-c", "user.email=a@example.com", "-c", "commit.gpgsign=false", "-C", str(self.folder), *command],
            check=True,
            env={"GIT_COMMITTER_DATE": date, "PATH": "/usr/bin:/bin:/usr/local/bin", "HOME": str(self.folder.parent)},
        )
        return self.git("rev-parse", "HEAD")


@pytest.fixture
def make(tmp_path: Path) -> Callable[[str], Repository]:
    return lambda name: Repository(tmp_path / name)


@pytest.fixture
def shop(make: Callable[[str], Repository]) -> Repository:
    """Seven commits: two of them mean nothing, one renames a dataset and one a column."""
    repository = make("shop")
    repository.commit("First", {"ddl.sql": DDL, "a.sql": STAGING})
    repository.commit("Totals", {"b.sql": TOTAL}, author="Bob")
    repository.commit("Net amounts", {"a.sql": STAGING.replace("id, amount", "id, amount - tax as amount")})
    repository.commit(
        "Layout", {"a.sql": "-- net\n" + STAGING.replace("id, amount", "id,\n  amount - tax as amount"), "README.md": "hi"}
    )
    renamed = STAGING.replace("id, amount", "id, amount - tax as amount").replace("staging.orders", "staging.paid")
    repository.commit("Another name", {"a.sql": None, "c.sql": renamed, "b.sql": TOTAL.replace("staging.orders", "staging.paid")})
    repository.commit("Open ones", {"c.sql": renamed.replace("'paid'", "'open'")}, author="Bob")
    repository.commit("A README", {"README.md": "hello"})
    return repository
