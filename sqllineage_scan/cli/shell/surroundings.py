"""What a command that writes OpenLineage knows beside the graph: the SQL, the clone, the configured names, the time."""

from __future__ import annotations

import os
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from sqllineage_scan.errors import UsageError
from sqllineage_scan.outputs.surroundings import NO_TIME, Surroundings

EPOCH = "SOURCE_DATE_EPOCH"  # reproducible-builds.org/specs/source-date-epoch


def surroundings_of(path: Path, *, target: str | None = None, event_time: str | None = None) -> Surroundings:
    """Of the repository at ``path``; for a file of lineage only the configuration here and no SQL."""
    from sqllineage_scan.config.load import load_settings
    from sqllineage_scan.config.settings import options_from
    from sqllineage_scan.discover.host import checkout
    from sqllineage_scan.outputs.naming import naming_of
    from sqllineage_scan.pipeline.profile import profile_words
    from sqllineage_scan.pipeline.texts import RepositoryTexts

    root = path if path.is_dir() else None
    settings = load_settings(root or Path())
    options = options_from(settings)
    named = target if target in settings.naming.get("targets", {}) else None
    profile = profile_words(root, replace(options, target=target or options.target) if named is None else options) if root else {}
    clone = checkout(root) if root else None
    return Surroundings(
        text=RepositoryTexts(root).between,
        checkout=clone,
        event_time=_time(event_time, clone.committed if clone else ""),
        naming=naming_of(settings.naming, target, profile),
    )


def job_namespace(root: Path, target: str | None) -> str:
    """Of a run that is no job of the repository's: what [naming] says of jobs, with no file to tell the domain by."""
    from sqllineage_scan.config.load import load_settings
    from sqllineage_scan.graph.content import Content
    from sqllineage_scan.outputs.naming import Names, naming_of

    settings = load_settings(root)
    named = target if target in settings.naming.get("targets", {}) else None
    return Names(Content(name=root.resolve().name), naming_of(settings.naming, named)).of_path("", "").namespace


def _time(said: str | None, committed: str) -> str:
    """No clock: the same repository gives the same bytes."""
    if said is not None:
        try:
            return _utc(datetime.fromisoformat(said))
        except ValueError:
            raise UsageError(f"--event-time is no time: {said!r}; write 2024-01-31T12:00:00Z") from None
    epoch = os.environ.get(EPOCH, "")
    if epoch:
        if not epoch.isdecimal():
            raise UsageError(f"{EPOCH} must be a number of seconds, not {epoch!r}")
        return _utc(datetime.fromtimestamp(int(epoch), UTC))
    return _utc(datetime.fromisoformat(committed)) if committed else NO_TIME


def _utc(time: datetime) -> str:
    known = time if time.tzinfo else time.replace(tzinfo=UTC)
    return known.astimezone(UTC).isoformat().replace("+00:00", "Z")
