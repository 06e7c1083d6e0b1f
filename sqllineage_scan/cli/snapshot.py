"""Write down the lineage and schemas as they are today, to compare with another day.

NAME_DATE.json in the folder of snapshots is the lineage document with digests of
what it says, so `diff` compares any two, and a snapshot with a document. A second
one of a day takes the place of the first.

\b
Examples:
  sqllineage-scan snapshot                  snapshots/shop_2026-03-01.json
  sqllineage-scan snapshot release-4 -o history
  sqllineage-scan diff snapshots/a_2026-03-01.json snapshots/a_2026-04-01.json
"""  # noqa: D301, \b tells click to leave the lines alone

from __future__ import annotations

import sys
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from sqllineage_scan.cli.shell import scan_options as say
from sqllineage_scan.cli.shell.progress import ProgressBar
from sqllineage_scan.cli.shell.terminal import Terminal

if TYPE_CHECKING:
    from sqllineage_scan.graph.snapshot import Snapshot
    from sqllineage_scan.outputs.lines import Line

SCANS = True


def command(
    context: typer.Context,
    name: Annotated[str | None, typer.Argument(metavar="NAME", help="Of the snapshot.", show_default="the project's")] = None,
    path: Annotated[Path, typer.Argument(metavar="PATH", help="The repository.", show_default="here")] = Path(),
    *,
    folder: Annotated[
        Path | None, typer.Option("--output", "-o", metavar="DIR", help="Folder of snapshots.", show_default="PATH/snapshots")
    ] = None,
    day: Annotated[str | None, typer.Option("--date", metavar="DATE", help="YYYY-MM-DD.", show_default="today (UTC)")] = None,
    dialect: say.Dialect = None,
    target_: say.Target = None,
    variables: say.Variables = None,
    cache_dir: say.CacheDir = None,
    no_cache: say.NoCache = False,
    config: say.Config = None,
) -> None:
    from sqllineage_scan.outputs.files import check_writable, write_file
    from sqllineage_scan.outputs.snapshot.json import write
    from sqllineage_scan.pipeline.snapshot import file_name, last_before, take

    terminal = Terminal.of(context)
    when = _day(day)
    place = folder if folder is not None else path / "snapshots"
    check_writable(place / "x")
    options = say.scan_options(
        path, dialect=dialect, target=target_, variables=variables, cache_dir=cache_dir, no_cache=no_cache, config=config
    )
    with ProgressBar(terminal) as progress:
        snapshot = take(path, name, when, options, progress)
    file = place / file_name(snapshot.name, when)
    before = last_before(place, snapshot.name, when)
    write_file(file, snapshot, write)
    if not terminal.quiet:
        terminal.show(_told(snapshot, file, before), sys.stdout)


def _day(text: str | None) -> str:
    from sqllineage_scan.errors import UsageError

    if text is None:
        return datetime.now(UTC).date().isoformat()
    try:
        return date.fromisoformat(text).isoformat()
    except ValueError:
        raise UsageError(f"--date must be YYYY-MM-DD, not {text!r}") from None


def _told(snapshot: Snapshot, file: Path, before: Path | None) -> list[Line]:
    from sqllineage_scan.outputs.lines import Piece, Role, counted, line
    from sqllineage_scan.pipeline.snapshot import digests_of

    graph = snapshot.graph
    edges = counted(graph.edge_counts.columns, "column edge")
    said = [line(Piece(str(file), Role.NAME), f": {counted(len(graph.datasets), 'dataset')}, {edges}.")]
    known = digests_of(before) if before is not None else None
    if before is not None and known is not None:
        words = ("schema", "lineage", "versions")
        differ = [word for word in words if known.get(word) != getattr(snapshot.hashes, word)]
        if differ:
            told = f"{' and '.join(differ)} differ from {before.name}:  sqllineage-scan diff {before} {file}"
        else:
            told = f"Nothing differs from {before.name}."
        said.append(line(Piece(told[:1].upper() + told[1:], Role.QUIET)))
    return said
