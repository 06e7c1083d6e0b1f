"""Who touched a place last: ``git blame`` of its lines."""

from __future__ import annotations

import re
import subprocess
from collections import defaultdict
from datetime import UTC, datetime, timedelta, timezone
from typing import TYPE_CHECKING

from sqllineage_scan.discover.git import git
from sqllineage_scan.domain.commit import Commit

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

    from sqllineage_scan.domain.span import Span

_HEADER = re.compile(r"(?P<hash>[0-9a-f]{40,64}) \d+ (?P<line>\d+)(?: \d+)?")
_LONGEST = 60  # seconds for one file


def last_commits(root: Path, spans: Iterable[Span]) -> dict[Span, Commit]:
    """The newest commit of the lines of each place; nothing for a file that git does not know, or that is not there.

    Lines that are not committed yet have a commit whose hash is all zeros.
    """
    by_path: defaultdict[str, list[Span]] = defaultdict(list)
    for span in dict.fromkeys(spans):
        by_path[span.path].append(span)
    found: dict[Span, Commit] = {}
    for path, places in by_path.items():
        lines = _blamed(root, path, places)
        for span in places:
            touched = [lines[number] for number in range(span.line, span.end_line + 1) if number in lines]
            if touched:
                found[span] = max(touched, key=lambda item: (item[0], item[1].hash))[1]
    return found


def _blamed(root: Path, path: str, spans: Sequence[Span]) -> Mapping[int, tuple[int, Commit]]:
    """By line the time and the commit. A path that begins with a dash, or leads out of the repository, is only a path."""
    ranges = [f"-L{span.line},{span.end_line}" for span in spans]
    command = git(root, "blame", "--porcelain", *ranges, "--", path)
    try:
        done = subprocess.run(command, capture_output=True, check=True, timeout=_LONGEST)  # noqa: S603 -- fixed words and a path
    except (OSError, ValueError, subprocess.SubprocessError):
        return {}
    return _parsed(done.stdout.decode("utf-8", "replace"))


def _parsed(text: str) -> dict[int, tuple[int, Commit]]:
    """git-scm.com, git-blame, "The porcelain format": the facts of a commit stand at its first line only."""
    facts: defaultdict[str, dict[str, str]] = defaultdict(dict)
    numbers: dict[int, str] = {}
    current = ""
    for row in text.split("\n"):
        header = _HEADER.fullmatch(row)
        if header:
            current = header["hash"]
            numbers[int(header["line"])] = current
        elif not row.startswith("\t") and current:
            key, _, value = row.partition(" ")
            facts[current].setdefault(key, value)
    commits = {name: _commit(name, said) for name, said in facts.items()}
    return {number: commits[name] for number, name in numbers.items() if name in commits}


def _commit(name: str, said: Mapping[str, str]) -> tuple[int, Commit]:
    seconds = int(said.get("committer-time", "0"))
    zone = said.get("committer-tz", "+0000")
    minutes = int(f"{zone[0]}1") * (int(zone[1:3]) * 60 + int(zone[3:5]))
    when = datetime.fromtimestamp(seconds, UTC).astimezone(timezone(timedelta(minutes=minutes)))
    return seconds, Commit(name, said.get("author", ""), when.isoformat(), said.get("summary", ""))
