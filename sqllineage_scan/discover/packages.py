"""Packages of dbt projects: installed by ``dbt deps``, local ones of the same repository, and those that are missing."""

from __future__ import annotations

import posixpath
import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, NamedTuple

from sqllineage_scan.discover.dbt import PROJECT_FILES, read_projects
from sqllineage_scan.discover.walk import below
from sqllineage_scan.discover.yaml_file import read_mapping
from sqllineage_scan.domain.finding import Finding, Severity
from sqllineage_scan.domain.span import Span, whole_file

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from pathlib import Path

    from sqllineage_scan.discover.dbt import ProjectFolder
    from sqllineage_scan.domain.source import DbtProject

_FILES = ("packages.yml", "dependencies.yml")


class Declared(NamedTuple):
    """One entry of packages.yml."""

    file: str
    name: str  # as far as it can be told from the entry: dbt_utils of dbt-labs/dbt_utils
    certain: bool = True  # whether the package is really called so; a repository of git may hold one of any name
    local: str | None = None  # its folder from the scanned root, where it is one


@dataclass(frozen=True, slots=True)
class Found:
    """The projects with all packages that are there: which files are an installed package's, and what is missing."""

    folders: list[ProjectFolder]
    files: dict[str, list[str]]  # root of an installed package -> its files


def with_packages(root: Path, folders: Sequence[ProjectFolder], evaluate: Callable[[Any], Any], findings: list[Finding]) -> Found:
    """Each project with the roots of the packages it sees; the installed packages are added."""
    declared = {folder.project.root: _declared(root, folder, evaluate, findings) for folder in folders}
    installed: dict[str, list[ProjectFolder]] = {}
    files: dict[str, list[str]] = {}
    for folder in folders:
        installed[folder.project.root] = _installed(root, folder, evaluate, findings, files)
    local = {place: _local_roots(place, declared) for place in declared}
    linked = [_linked(folder, installed, local) for folder in folders]
    for folder in folders:
        names = {
            package.project.name for place in (folder.project.root, *local[folder.project.root]) for package in installed[place]
        }
        findings.extend(_missing(root, folder, declared[folder.project.root], names))
    owned = [_owned(folder, linked, local) for folder in linked]
    packages = [
        replace(package, project=replace(package.project, parent=_top(folder.project), target=folder.project.target))
        for folder in owned
        for package in installed[folder.project.root]
    ]
    return Found([*owned, *packages], files)


def _top(project: DbtProject) -> str:
    """The project that is run, of a project or of a local package that belongs to one."""
    return project.root if project.parent is None else project.parent


def _installed(
    root: Path,
    folder: ProjectFolder,
    evaluate: Callable[[Any], Any],
    findings: list[Finding],
    files: dict[str, list[str]],
) -> list[ProjectFolder]:
    """What ``dbt deps`` has put below the project: a folder a package. A package inside a package counts where dbt has not
    put it beside the others; a package's tests of itself (``integration_tests/``) never do.
    """
    paths = below(root, folder.project.packages_path)
    inner = read_projects(root, [path for path in paths if posixpath.basename(path) in PROJECT_FILES], evaluate, findings)
    inner = [package for package in inner if _is_package(package.project.root, folder.project.packages_path)]
    found: dict[str, ProjectFolder] = {}
    for package in sorted(inner, key=lambda package: (package.project.root.count("/"), package.project.root)):
        if package.project.name not in found and package.project.name != folder.project.name:
            found[package.project.name] = package
            files[package.project.root] = [path for path in paths if path.startswith(f"{package.project.root}/")]
    return sorted(found.values(), key=lambda package: package.project.root)


def _is_package(place: str, folder: str) -> bool:
    """dbt_packages/dbt_utils is one, dbt_packages/a/dbt_packages/b too, dbt_packages/dbt_utils/integration_tests is not."""
    steps = place.removeprefix(f"{folder}/").split("/")
    return len(steps) == 1 or (len(steps) % 2 == 1 and all(step in ("dbt_packages", "dbt_modules") for step in steps[1::2]))


def _declared(root: Path, folder: ProjectFolder, evaluate: Callable[[Any], Any], findings: list[Finding]) -> list[Declared]:
    found: list[Declared] = []
    for name in _FILES:
        path = posixpath.join(folder.project.root, name)
        if not (root / path).is_file():
            continue
        listed = read_mapping(root, path, findings).get("packages")
        entries = evaluate(listed) if name == "packages.yml" else listed  # dbt renders no Jinja in dependencies.yml
        entries = entries if isinstance(entries, list) else []
        found.extend(_entry(path, folder.project.root, entry) for entry in entries if isinstance(entry, dict))
    return found


def _entry(path: str, place: str, entry: Mapping[str, Any]) -> Declared:
    """package: dbt-labs/dbt_utils   git: https://github.com/acme/dbt-tools.git   local: ../shared   tarball: …, name: tools"""
    local = entry.get("local")
    if isinstance(local, str):
        folder = posixpath.normpath(posixpath.join(place, local))
        return Declared(path, posixpath.basename(folder), local="" if folder == "." else folder)
    said = next((entry[key] for key in ("name", "package", "git", "private", "tarball") if isinstance(entry.get(key), str)), "")
    subdirectory = entry.get("subdirectory")
    last = posixpath.basename((subdirectory if isinstance(subdirectory, str) else said).rstrip("/"))
    return Declared(path, last.removesuffix(".git"), certain="package" in entry or "name" in entry)


def _local_roots(place: str, declared: Mapping[str, Sequence[Declared]]) -> tuple[str, ...]:
    """The local packages of a project and those of these, each once, in the order of their declaration."""
    found: dict[str, None] = {}
    waiting = [place]
    while waiting:
        for entry in declared.get(waiting.pop(0), ()):
            if entry.local is not None and entry.local in declared and entry.local not in (*found, place):
                found[entry.local] = None
                waiting.append(entry.local)
    return tuple(found)


def _linked(
    folder: ProjectFolder, installed: Mapping[str, Sequence[ProjectFolder]], local: Mapping[str, tuple[str, ...]]
) -> ProjectFolder:
    """A project with the roots of all it sees: its installed packages, its local ones, and what is installed for these."""
    place = folder.project.root
    seen = dict.fromkeys(package.project.root for package in installed[place])
    seen |= dict.fromkeys(local[place])
    seen |= dict.fromkeys(package.project.root for other in local[place] for package in installed[other])
    return replace(folder, project=replace(folder.project, packages=tuple(seen)))


def _owned(folder: ProjectFolder, folders: Sequence[ProjectFolder], local: Mapping[str, tuple[str, ...]]) -> ProjectFolder:
    """A local package with no profile of its own belongs to the one project that uses it, as an installed one would.

    A package's tests of itself (``integration_tests/`` with ``local: ../``) use it, but do not own it.
    """
    place = folder.project.root
    users = [other for other in folders if place in local[other.project.root]]
    outside = [other for other in users if place and not other.project.root.startswith(f"{place}/")]
    owners = [other for other in outside if not any(other.project.root in local[more.project.root] for more in outside)]
    if len(owners) != 1 or folder.project.target.get("type"):
        return folder
    owner = owners[0].project
    return replace(folder, project=replace(folder.project, parent=owner.root, target=owner.target))


def _missing(root: Path, folder: ProjectFolder, declared: Sequence[Declared], installed: set[str]) -> Iterable[Finding]:
    """One remark a project on packages that it wants and that are not there."""
    place = folder.project.root
    gone = [entry for entry in declared if entry.local is None and not _is_there(entry.name, installed)]
    unsure = [entry for entry in gone if not entry.certain]
    if len(_spare(declared, installed)) >= len(unsure):
        gone = [entry for entry in gone if entry.certain]
    away = [entry for entry in declared if entry.local is not None and not (root / entry.local / PROJECT_FILES[0]).is_file()]
    missing = sorted({entry.name for entry in (*gone, *away) if entry.name})
    if not missing:
        return
    several = len(missing) > 1
    listed = ", ".join(f"`{name}`" for name in missing)
    yield Finding(
        "DI03",
        "discover.packages_missing",
        Severity.NOTE,
        f"{'packages' if several else 'package'} {listed} {'are' if several else 'is'} declared but not installed: "
        f"{'their' if several else 'its'} models, seeds and sources are not in the graph, and what a macro of "
        f"{'theirs' if several else 'its'} writes is a hole unless it is one we have built in",
        _place_of(root, (*gone, *away)[0].file, missing[0]),
        subject=place or folder.project.name,
        help=f"run `dbt deps`{f' in {place}' if place else ''}; dbt_packages/ may stay ignored by git",
    )


def _spare(declared: Sequence[Declared], installed: set[str]) -> list[str]:
    """What is there and nobody asks for by name: a package from git may be called otherwise than its repository."""
    asked = {_plain(entry.name) for entry in declared}
    return [name for name in installed if _plain(name) not in asked and f"dbt_{_plain(name)}" not in asked]


def _is_there(name: str, installed: set[str]) -> bool:
    """A repository dbt-audit-helper holds the package audit_helper, dbt_shopify holds shopify."""
    plain = _plain(name)
    return any(plain in (_plain(found), f"dbt_{_plain(found)}") for found in installed)


def _plain(name: str) -> str:
    return name.lower().replace("-", "_")


def _place_of(root: Path, path: str, name: str) -> Span:
    """The line of a packages.yml that names a package."""
    try:
        lines = (root / path).read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return whole_file(path)
    for number, line in enumerate(lines, 1):
        found = re.search(rf"\b{re.escape(name)}\b", line)
        if found:
            return Span(path, number, found.start() + 1, number, found.end() + 1)
    return whole_file(path)
