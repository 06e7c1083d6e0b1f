"""A folder into a ``Project``: its files, its dbt projects, and the dialect of each."""

from __future__ import annotations

import posixpath
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from sqllineage_scan.dialects import of_adapter
from sqllineage_scan.discover.artifacts import MANIFEST, target_of_manifest
from sqllineage_scan.discover.dbt import PROJECT_FILES, read_projects
from sqllineage_scan.discover.dialect import Guess, from_sqlfluff, guess_by_folder, nearest
from sqllineage_scan.discover.packages import with_packages
from sqllineage_scan.discover.profiles import Profiles, files_beside, read_profiles
from sqllineage_scan.discover.walk import list_files
from sqllineage_scan.domain.finding import Finding, Severity
from sqllineage_scan.domain.source import DbtProject, FileKind, Project, SourceFile
from sqllineage_scan.domain.span import whole_file

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from pathlib import Path

    from sqllineage_scan.discover.dbt import ProjectFolder

_PLAIN_SQL = (".sql", ".ddl", ".hql")
_NO_DIALECT = frozenset({FileKind.SEED, FileKind.PROPERTIES, FileKind.PROJECT, FileKind.DOCS})


@dataclass(frozen=True, slots=True, kw_only=True)
class DiscoverOptions:
    dialect: str | None = None  # of everything
    dialects: Mapping[str, str] = field(default_factory=dict)  # by .gitignore pattern; the first that fits counts
    include: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    profiles_dir: str | None = None  # the only folder to look for profiles.yml in, absolute or from the scanned root
    profile: str | None = None  # over what dbt_project.yml says
    target: str | None = None  # over what profiles.yml says
    artifacts: bool = True  # whether a manifest.json may say what a missing profile would
    listed: Sequence[str] | None = None  # the files that git would show, where that is known already


def as_written(value: Any) -> Any:
    """A setting as far as it is known without rendering it: None where it holds Jinja."""
    return None if isinstance(value, str) and ("{{" in value or "{%" in value) else value


def discover(root: Path, options: DiscoverOptions, evaluate: Callable[[Any], Any] = as_written) -> Project:
    """Look at every file below ``root`` once, and say what it is.

    ``evaluate`` gives the value of a setting that may hold Jinja, None where that cannot be known.
    """
    listing = list_files(root, options.include, options.exclude, options.listed)
    findings = list(listing.findings)
    projects = read_projects(root, listing.paths, evaluate, findings)
    installed = tuple(f"{folder.project.packages_path}/" for folder in projects)
    projects = [folder for folder in projects if not folder.project.root.startswith(installed)]
    beside = [path for folder in projects for path in files_beside(root, folder.project.root)]
    paths = sorted({*beside, *(path for path in listing.paths if not path.startswith(installed))})
    by_file = read_profiles(root, paths, options.profiles_dir, findings)
    projects = _with_targets(projects, Profiles(evaluate, by_file, options.profile, options.target))
    if options.artifacts:
        projects = [_with_manifests_target(root, folder, findings) for folder in projects]
    found = with_packages(root, projects, evaluate, findings)
    paths = sorted({*listing.paths, *(path for files in found.files.values() for path in files)})
    files = _files(root, paths, found.folders)
    dialects = _dialects(root, files, listing.paths, found.folders, options)
    return Project(
        name=_name(root, found.folders),
        files=tuple(_spoken(file, dialects.get(file.path)) for file in files),
        dbt_projects=tuple(_with_dialect(folder.project, files, dialects) for folder in found.folders),
        findings=tuple(findings),
    )


def _with_targets(folders: Sequence[ProjectFolder], profiles: Profiles) -> list[ProjectFolder]:
    """Each project with the output that it runs with."""
    found = [
        replace(folder, project=replace(folder.project, target=profiles.output_of(folder.project.root, folder.project.settings)))
        for folder in folders
    ]
    profiles.check_choice()
    return found


def _with_manifests_target(root: Path, folder: ProjectFolder, findings: list[Finding]) -> ProjectFolder:
    """A project that has no profile here, with the target that its manifest was made for."""
    project = folder.project
    known = {} if project.target.get("type") else target_of_manifest(root, project)
    if not known:
        return folder
    path = posixpath.join(project.target_path, MANIFEST)
    message = f"there is no profile for {project.name}: adapter, database and schema are those of {path}"
    findings.append(Finding("AR02", "artifacts.used", Severity.NOTE, message, whole_file(path), path))
    return replace(folder, project=replace(project, target={**known, **project.target}))


def _name(root: Path, folders: Sequence[ProjectFolder]) -> str:
    """What the repository calls itself: its dbt project at the root, else its folder."""
    return next((folder.project.name for folder in folders if not folder.project.root), root.resolve().name)


def _files(root: Path, paths: Iterable[str], folders: Sequence[ProjectFolder]) -> list[SourceFile]:
    innermost = sorted(folders, key=lambda folder: -len(folder.project.root))
    left_out = tuple(f"{path}/" for folder in folders for path in folder.left_out)
    installed = frozenset(folder.project.root for folder in folders if _is_installed(folder, folders))
    packages = tuple(f"{place}/" for place in installed)
    found = []
    for path in paths:
        if path.startswith(left_out) and not path.startswith(packages):
            continue
        file = _file(path, innermost, installed)
        if file is not None and (file.kind is not FileKind.DOCS or _holds_docs(root / path)):
            found.append(file)
    return found


def _is_installed(folder: ProjectFolder, folders: Sequence[ProjectFolder]) -> bool:
    """Whether `dbt deps` put it there; a local package is a part of the repository like any other."""
    place = folder.project.root
    return folder.project.parent is not None and any(place.startswith(f"{other.project.packages_path}/") for other in folders)


def _file(path: str, innermost: Sequence[ProjectFolder], installed: frozenset[str]) -> SourceFile | None:
    for folder in innermost:
        project = folder.project
        if project.root and not path.startswith(f"{project.root}/"):
            continue
        if path in (posixpath.join(project.root, name) for name in PROJECT_FILES):
            return SourceFile(path, FileKind.PROJECT, project.root)
        if folder.ignores(path):
            return None
        kind = folder.kind_of(path)
        if kind is not None:
            return SourceFile(path, kind, project.root)
        if project.root in installed:
            return None
        break  # inside a nested project, and nothing to it: nothing to the outer ones either
    return SourceFile(path, FileKind.SQL) if path.lower().endswith(_PLAIN_SQL) else None


def _holds_docs(path: Path) -> bool:
    """{% docs orders %} … {% enddocs %}: other Markdown is nothing to dbt."""
    try:
        return b"enddocs" in path.read_bytes()
    except OSError:
        return False


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
    found.update(guess_by_folder(root, open_question, {path: guess.dialect for path, guess in found.items()}))
    return found


def _with_dialect(project: DbtProject, files: Sequence[SourceFile], dialects: Mapping[str, Guess]) -> DbtProject:
    """A project speaks what its models speak."""
    spoken = [dialects[file.path].dialect for file in files if file.dbt_project == project.root and file.path in dialects]
    return replace(project, dialect=max(sorted(set(spoken)), key=spoken.count) if spoken else "")


def _spoken(file: SourceFile, guess: Guess | None) -> SourceFile:
    return file if guess is None else replace(file, dialect=guess.dialect, dialect_guess=guess.signs)
