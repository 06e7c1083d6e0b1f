"""A folder into a ``Project``: its files, its dbt projects, and the dialect of each."""

from __future__ import annotations

import posixpath
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from sqllineage_scan.dialects import of_adapter
from sqllineage_scan.discover.dbt import ProjectFolder, local_packages, packages_folder, read_projects
from sqllineage_scan.discover.dialect import Guess, from_sqlfluff, guess_by_folder, nearest
from sqllineage_scan.discover.walk import below, list_files
from sqllineage_scan.domain.source import DbtProject, FileKind, Project, SourceFile

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

    from sqllineage_scan.domain.finding import Finding

_PLAIN_SQL = (".sql", ".ddl", ".hql")
_NO_DIALECT = frozenset({FileKind.SEED, FileKind.PROPERTIES, FileKind.PROJECT})


@dataclass(frozen=True, slots=True, kw_only=True)
class DiscoverOptions:
    dialect: str | None = None  # of everything
    dialects: Mapping[str, str] = field(default_factory=dict)  # by .gitignore pattern; the first that fits counts
    include: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()


def discover(root: Path, options: DiscoverOptions) -> Project:
    """Look at every file below ``root`` once, and say what it is."""
    listing = list_files(root, options.include, options.exclude)
    folders, findings = read_projects(root, listing.paths)
    folders = _with_owners(root, folders)
    packages, more = _installed(root, folders)
    folders = folders + [package for package, _ in packages]
    paths = sorted({*listing.paths, *(path for _, found in packages for path in found)})
    files = _files(paths, folders)
    dialects = _dialects(root, files, listing.paths, folders, options)
    projects = tuple(_with_dialect(folder.project, files, dialects) for folder in folders)
    return Project(
        name=_name(root, folders),
        files=tuple(_spoken(file, dialects.get(file.path)) for file in files),
        dbt_projects=projects,
        findings=(*listing.findings, *findings, *more),
    )


def _name(root: Path, folders: Sequence[ProjectFolder]) -> str:
    """What the repository calls itself: its dbt project at the root, else its folder."""
    return next((folder.project.name for folder in folders if not folder.project.root), root.resolve().name)


def _with_owners(root: Path, folders: Sequence[ProjectFolder]) -> list[ProjectFolder]:
    """The projects of a monorepo, those that another one installs from their folder marked as its packages.

    A package's own tests stand inside it and install it from there: ``integration_tests/packages.yml``, ``local: ../``.
    """
    owners: dict[str, DbtProject] = {}
    for folder in folders:
        for package in local_packages(root, folder.project):
            if package and not folder.project.root.startswith(f"{package}/") and package != folder.project.root:
                owners.setdefault(package, folder.project)
    return [_owned(folder, owners) for folder in folders]


def _owned(folder: ProjectFolder, owners: Mapping[str, DbtProject]) -> ProjectFolder:
    """dbt installs the packages of packages beside each other: all belong to the outermost project."""
    owner, seen = owners.get(folder.project.root), {folder.project.root}
    while owner is not None and owner.root not in seen and owner.root in owners:
        seen.add(owner.root)
        owner = owners[owner.root]
    if owner is None or owner.root in seen:
        return folder
    return replace(folder, project=replace(folder.project, parent=owner.root, target=owner.target))


def _installed(root: Path, folders: Sequence[ProjectFolder]) -> tuple[list[tuple[ProjectFolder, list[str]]], list[Finding]]:
    """The packages that ``dbt deps`` has put below each project."""
    found: list[tuple[ProjectFolder, list[str]]] = []
    findings: list[Finding] = []
    for folder in folders:
        paths = below(root, posixpath.join(folder.project.root, packages_folder(folder.project.settings)))
        inner, trouble = read_projects(root, [path for path in paths if posixpath.basename(path).startswith("dbt_project.y")])
        findings.extend(trouble)
        for package in inner:
            if "integration_tests" in package.project.root:
                continue
            owner = replace(package.project, parent=folder.project.parent or folder.project.root, target=folder.project.target)
            own = [path for path in paths if path.startswith(f"{package.project.root}/")]
            found.append((replace(package, project=owner), own))
    return found, findings


def _files(paths: Iterable[str], folders: Sequence[ProjectFolder]) -> list[SourceFile]:
    innermost = sorted(folders, key=lambda folder: -len(folder.project.root))
    left_out = tuple(f"{path}/" for folder in folders for path in folder.left_out)
    packages = tuple(f"{folder.project.root}/" for folder in folders if folder.project.parent is not None)
    found = []
    for path in paths:
        if path.startswith(left_out) and not path.startswith(packages):
            continue
        file = _file(path, innermost, packages)
        if file is not None:
            found.append(file)
    return found


def _file(path: str, innermost: Sequence[ProjectFolder], packages: tuple[str, ...]) -> SourceFile | None:
    for folder in innermost:
        project = folder.project
        if project.root and not path.startswith(f"{project.root}/"):
            continue
        kind = folder.kind_of(path)
        if kind is not None:
            return SourceFile(path, kind, project.root)
        if path == posixpath.join(project.root, "dbt_project.yml"):
            return SourceFile(path, FileKind.PROJECT, project.root)
        break  # inside a nested project, and nothing to it: nothing to the outer ones either
    is_plain = path.lower().endswith(_PLAIN_SQL) and not path.startswith(packages or ("\0",))
    return SourceFile(path, FileKind.SQL) if is_plain else None


def _dialects(
    root: Path, files: Sequence[SourceFile], listed: Sequence[str], folders: Sequence[ProjectFolder], options: DiscoverOptions
) -> dict[str, Guess]:
    """By path. In order: configured, the dbt profile's adapter, .sqlfluff, a guess from the words of the folder."""
    from pathspec import GitIgnoreSpec

    configured = [(GitIgnoreSpec.from_lines([pattern]), name) for pattern, name in options.dialects.items()]
    adapters = {
        folder.project.root: spoken
        for folder in folders
        if (spoken := of_adapter(str(folder.project.target.get("type", "")))) is not None
    }
    sqlfluff = from_sqlfluff(root, listed)
    found: dict[str, Guess] = {}
    open_question: list[str] = []
    for file in files:
        said = next((name for spec, name in configured if spec.match_file(file.path)), options.dialect)
        if said is None and file.dbt_project is not None:
            said = adapters.get(file.dbt_project)
        if said is None:
            said = nearest(sqlfluff, file.path)
        if said is not None:
            found[file.path] = Guess(said, "")
        elif file.kind not in _NO_DIALECT:
            open_question.append(file.path)
    found.update(guess_by_folder(root, open_question))
    return found


def _with_dialect(project: DbtProject, files: Sequence[SourceFile], dialects: Mapping[str, Guess]) -> DbtProject:
    """A project speaks what its models speak."""
    spoken = [dialects[file.path].dialect for file in files if file.dbt_project == project.root and file.path in dialects]
    return replace(project, dialect=max(sorted(set(spoken)), key=spoken.count) if spoken else "")


def _spoken(file: SourceFile, guess: Guess | None) -> SourceFile:
    return file if guess is None else replace(file, dialect=guess.dialect, dialect_guess=guess.signs if guess.dialect else "")
