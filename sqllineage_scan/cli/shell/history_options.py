"""What ``log`` and ``blame`` share: which commits, how they are scanned, and the answer while it is found."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from sqllineage_scan.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqllineage_scan.domain.names import ColumnId, DatasetId
    from sqllineage_scan.pipeline.history.walk import Walk
    from sqllineage_scan.pipeline.options import ScanOptions

Name = Annotated[str, typer.Argument(metavar="NAME", help="A dataset or a column.", show_default=False)]
Where = Annotated[Path, typer.Argument(metavar="PATH", help="The repository, or a folder of it.", show_default="here")]
Revision = Annotated[str, typer.Option("--revision", metavar="REV", help="From which commit back.")]
Since = Annotated[str | None, typer.Option(metavar="DATE", help="No older commits: 2024-01-01, '2 weeks ago', as git takes it.")]
Most = Annotated[int | None, typer.Option("--max-count", "-n", metavar="N", min=1, help="Look at the newest N commits.")]
Format = Annotated[str, typer.Option("--format", metavar="FORMAT", help="text or json.")]
Json = Annotated[bool, typer.Option("--json", help="The same as --format json.")]
Processes = Annotated[
    int | None, typer.Option(metavar="N", min=0, help="Processes that walk commits; 0: as many as the machine has cores.")
]
CacheDir = Annotated[Path | None, typer.Option("--cache-dir", metavar="DIR", help="Where commits that were walked are kept.")]
NoCache = Annotated[bool, typer.Option("--no-cache", help="Walk every commit anew, and keep nothing.")]
Config = Annotated[
    Path | None, typer.Option("--config", metavar="FILE", help="Configuration, for all commits, instead of the work tree's.")
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Commits:
    """Which are wanted."""

    revision: str
    since: str | None
    most: int | None


@contextmanager
def history_of(path: Path, wanted: Commits, options: ScanOptions) -> Iterator[Walk]:
    from sqllineage_scan.discover.revision import GitRepository
    from sqllineage_scan.pipeline.history.walk import Range, walked

    git = GitRepository(path, instead="there is no history to look at")
    if not git.has_commits:
        raise UsageError(f"{path.resolve()} has no commits yet")
    head = git.commit(wanted.revision, fetch=False)
    with walked(git, Range(head, wanted.since, wanted.most), options) as walk:
        if not walk.head.datasets and not walk.changes:
            raise UsageError(f"no commit of {path.resolve()} since {wanted.since}")
        yield walk


def subject_of(name: str, walk: Walk) -> DatasetId | ColumnId:
    """Of the newest commit; what is gone is looked for in the others."""
    from sqllineage_scan.graph.history import former_subject

    try:
        return walk.head.find(name)
    except UsageError as error:
        try:
            return former_subject(name, walk.pasts())
        except UsageError:
            raise error from None
