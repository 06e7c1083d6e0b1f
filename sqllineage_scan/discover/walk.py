"""The files of a repository, as git sees them: tracked or not, but not ignored."""

from __future__ import annotations

import os
import stat
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from sqllineage_scan.discover.git import git
from sqllineage_scan.domain.finding import Finding, Severity
from sqllineage_scan.domain.span import whole_file

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from pathspec import GitIgnoreSpec

_ALWAYS_OUT = frozenset(
    {".git", ".hg", ".svn", ".venv", "venv", "node_modules", "__pycache__", ".tox", ".mypy_cache", ".sqllineage-scan"}
)


class Listing(NamedTuple):
    """Regular files below the root, as paths with ``/``, sorted; and what could not be followed."""

    paths: tuple[str, ...]
    findings: tuple[Finding, ...]


def list_files(root: Path, include: Sequence[str] = (), exclude: Sequence[str] = ()) -> Listing:
    """All files below ``root`` that git would show, narrowed by ``include`` and ``exclude`` (.gitignore patterns).

    Without git, or outside a work tree, the .gitignore files are read here to the same effect.
    """
    listed = _from_git(root)
    candidates = sorted(set(listed if listed is not None else _from_disk(root)))
    wanted, unwanted = _spec(include), _spec(exclude)
    paths: list[str] = []
    findings: list[Finding] = []
    above = os.fspath(root)
    for path in candidates:
        if _ALWAYS_OUT.intersection(path.split("/")[:-1]):
            continue
        if (wanted is not None and not wanted.match_file(path)) or (unwanted is not None and unwanted.match_file(path)):
            continue
        try:
            mode = os.lstat(f"{above}/{path}").st_mode
        except (OSError, ValueError):
            continue
        if stat.S_ISLNK(mode):
            findings.extend(_symlink(root, path))
        elif stat.S_ISREG(mode):
            paths.append(path)
        elif not stat.S_ISDIR(mode):
            findings.append(_remark(path, "is no regular file and is left out", "discover.special_file"))
    return Listing(tuple(paths), tuple(findings))


def below(root: Path, folder: str) -> tuple[str, ...]:
    """Every file below a folder, ignored or not: installed dbt packages are ignored by git and still count.

    A link right in it is what ``dbt deps`` makes of ``local: ../shared``. It is followed to where the same repository
    has it outside ``root``; below ``root`` the package is found where it is.
    """
    found: list[str] = []
    for base, folders, names in _walk(root, root / folder):
        folders[:] = sorted(name for name in folders if name not in _ALWAYS_OUT)
        relative = Path(base).relative_to(root).as_posix()
        found.extend(f"{relative}/{name}" for name in names if not (Path(base) / name).is_symlink())
    return tuple(sorted(found))


def _walk(root: Path, folder: Path) -> Iterator[tuple[str, list[str], list[str]]]:
    yield from os.walk(folder)
    links = [path for path in folder.iterdir() if path.is_symlink() and path.is_dir()] if folder.is_dir() else []
    if links:
        inside = root.resolve()
        repository = next((above for above in inside.parents if (above / ".git").exists()), inside)
        for link in links:
            target = link.resolve()
            if target.is_relative_to(repository) and not target.is_relative_to(inside) and not inside.is_relative_to(target):
                yield from os.walk(link)


def _from_git(root: Path) -> list[str] | None:
    # core.fsmonitor may name a program: a scan runs nothing that the repository chose
    command = git(root, "ls-files", "-z", "--cached", "--others", "--exclude-standard")
    try:
        done = subprocess.run(command, capture_output=True, check=True, timeout=120)  # noqa: S603 -- fixed words and a path
    except (OSError, subprocess.SubprocessError):
        return None
    return [os.fsdecode(name) for name in done.stdout.split(b"\0") if name]


def _from_disk(root: Path) -> Iterator[str]:
    specs: dict[str, GitIgnoreSpec] = {}  # by folder, from the root: "" or "models/"
    top = len(os.fspath(root)) + 1
    for base, folders, names in os.walk(root):
        here = f"{base[top:].replace(os.sep, '/')}/" if len(base) > top else ""
        if ".gitignore" in names and (spec := _spec(_lines(Path(base) / ".gitignore"))) is not None:
            specs[here] = spec
        kept = []
        for name in sorted(folders):
            if name in _ALWAYS_OUT or _ignored(f"{here}{name}/", specs):
                continue
            if os.path.islink(f"{base}/{name}"):  # noqa: PTH114 -- a Path for each of a thousand folders
                yield f"{here}{name}"
            else:
                kept.append(name)
        folders[:] = kept
        for name in names:
            if not _ignored(f"{here}{name}", specs):
                yield f"{here}{name}"


def _ignored(path: str, specs: Mapping[str, GitIgnoreSpec]) -> bool:
    """The nearest .gitignore that says anything of a path decides (gitignore(5)). That of a folder ends in a slash."""
    folder = path.rstrip("/")
    while specs and folder:
        folder = folder.rpartition("/")[0]
        base = f"{folder}/" if folder else ""
        spec = specs.get(base)
        verdict = None if spec is None else spec.check_file(path[len(base) :]).include
        if verdict is not None:
            return bool(verdict)
    return False


def _lines(path: Path) -> list[str]:
    try:
        return path.read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return []


def _spec(patterns: Sequence[str]) -> GitIgnoreSpec | None:
    if not patterns:
        return None
    from pathspec import GitIgnoreSpec

    return GitIgnoreSpec.from_lines(patterns)


def _symlink(root: Path, path: str) -> list[Finding]:
    """Links are not followed: what they point at is scanned where it is, or lies outside, or nowhere."""
    try:
        target = (root / path).resolve(strict=True)
    except (OSError, RuntimeError):
        return [_remark(path, "is a symbolic link to itself or to nothing, and is left out", "discover.broken_link")]
    if not target.is_relative_to(root.resolve()):
        return [_remark(path, "is a symbolic link out of the scanned folder, and is left out", "discover.outside_link")]
    return []


def _remark(path: str, what: str, name: str) -> Finding:
    return Finding("DI01", name, Severity.WARNING, f"{path} {what}", whole_file(path), subject=path)
