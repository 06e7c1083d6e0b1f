"""``--run-record`` and ``--metrics``, of every command that scans: what it did is watched, and told when it ends."""

from __future__ import annotations

import sys
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING
from uuid import uuid4

from sqllineage_scan.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterator

    import typer

    from sqllineage_scan.domain.run import Run
    from sqllineage_scan.pipeline.watch import Watch

RUN_RECORD, METRICS, RUN_ID = "sqllineage_scan.run_record", "sqllineage_scan.metrics", "sqllineage_scan.run_id"
OPTIONS = ("run_record", "metrics", "run_id")  # may stand before a command that scans, or after it
MARK = "SCANS"  # a command's module says so, and has these options then
_MISUSE, _FAULT, _FROM_SIGNALS, _INTERRUPTED = 2, 3, 128, 130  # as a shell has them
_OUTCOMES = {0: "clean", 1: "findings", _MISUSE: "misuse", _FAULT: "fault"}


def note_file(context: typer.Context, key: str, path: Path | None) -> Path | None:
    """A file that cannot be written is said before an hour's work, not after it."""
    if path is not None:
        from sqllineage_scan.outputs.files import check_writable

        check_writable(path)
        context.meta[key] = path
    return path


def note_id(context: typer.Context, name: str | None) -> str | None:
    if name is not None:
        if not name.strip():
            raise UsageError("--run-id is empty")
        context.meta[RUN_ID] = name
    return name


def is_recorded(context: typer.Context) -> bool:
    """Whether the command has to do its work even where its outcome is known from the last time."""
    return RUN_RECORD in context.meta or METRICS in context.meta


@contextmanager
def recorded(context: typer.Context) -> Iterator[None]:
    """Around a command. Whatever ends it, it is told."""
    from sqllineage_scan.pipeline.watch import watching

    started, since = datetime.now(UTC), monotonic()
    code = 0
    with watching() as watch:
        try:
            yield
        except BaseException as error:
            code = _code_of(error)
            raise
        finally:
            if is_recorded(context) and context.invoked_subcommand:
                run = _run(context, watch, started, monotonic() - since, code)
                _tell(context, run)


def _code_of(error: BaseException) -> int:
    if isinstance(error, KeyboardInterrupt):
        return _INTERRUPTED
    if isinstance(error, SystemExit):
        return error.code if isinstance(error.code, int) else 1
    if isinstance(error, UsageError):
        return _MISUSE
    code = getattr(error, "exit_code", _FAULT)  # of typer's own: Exit, BadParameter
    return code if isinstance(code, int) else _FAULT


def _run(context: typer.Context, watch: Watch, started: datetime, seconds: float, code: int) -> Run:
    from sqllineage_scan.discover.host import checkout, differs
    from sqllineage_scan.domain.run import Run
    from sqllineage_scan.graph.understood import understood
    from sqllineage_scan.pipeline.watch import configuration_digest

    options = watch.options
    clone = checkout(watch.root) if watch.root is not None else None
    labels = options.labels if options is not None else {}
    return Run(
        id=context.meta.get(RUN_ID) or str(uuid4()),
        command=context.invoked_subcommand or "",
        started=started.isoformat(timespec="milliseconds").replace("+00:00", "Z"),
        seconds=seconds,
        outcome="interrupted" if code > _FROM_SIGNALS else _OUTCOMES.get(code, "findings"),
        exit_code=code,
        role=labels.get("role", ""),
        environment=labels.get("environment", ""),
        revision=watch.revision or (clone.revision if clone is not None else None),
        branch=clone.branch if clone is not None and watch.revision is None else "",
        changed=None if watch.root is None or watch.revision is not None else differs(watch.root),
        configuration=None if options is None else configuration_digest(options),
        stages=watch.told(),
        understood=None if watch.graph is None else understood(watch.graph),
        drift=watch.drift,
        open_findings=watch.open_findings,
    )


def _tell(context: typer.Context, run: Run) -> None:
    from sqllineage_scan.outputs.files import write_file
    from sqllineage_scan.outputs.run._append import append
    from sqllineage_scan.outputs.run.prometheus import write

    record, metrics = context.meta.get(RUN_RECORD), context.meta.get(METRICS)
    if record is not None and not append(record, run):
        print(f"note: {record} has a record of run {run.id} already", file=sys.stderr)  # noqa: T201
    if metrics is not None:
        write_file(Path(metrics), run, write)
