"""dbt projects: where they are, which of their files is what, and which profile's output they run with."""

from __future__ import annotations

import posixpath
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqllineage_scan.domain.finding import Finding, Severity
from sqllineage_scan.domain.source import DbtProject, FileKind
from sqllineage_scan.domain.span import Span, whole_file

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

_FOLDERS: tuple[tuple[FileKind, tuple[str, ...], tuple[str, ...]], ...] = (
    # kind, keys in dbt_project.yml (the newer first), default (docs.getdbt.com/reference/dbt_project.yml)
    (FileKind.MODEL, ("model-paths", "source-paths"), ("models",)),
    (FileKind.SEED, ("seed-paths", "data-paths"), ("seeds",)),
    (FileKind.SNAPSHOT, ("snapshot-paths",), ("snapshots",)),
    (FileKind.ANALYSIS, ("analysis-paths",), ("analyses", "analysis")),
    (FileKind.TEST, ("test-paths",), ("tests",)),
    (FileKind.MACRO, ("macro-paths",), ("macros",)),
)
_RESOURCES = frozenset({FileKind.MODEL, FileKind.SEED, FileKind.SNAPSHOT, FileKind.ANALYSIS, FileKind.MACRO, FileKind.TEST})


@dataclass(frozen=True, slots=True)
class ProjectFolder:
    """A dbt project with the folders its files are told apart by."""

    project: DbtProject
    folders: tuple[tuple[str, FileKind], ...]  # (path relative to the scanned root, what lies below it), longest first
    left_out: tuple[str, ...]  # target and package folders

    def kind_of(self, path: str) -> FileKind | None:
        """What a file is to this project; None when it is nothing to it."""
        for folder, kind in self.folders:
            if not path.startswith(f"{folder}/"):
                continue
            ending = posixpath.splitext(path)[1].lower()
            if ending in (".yml", ".yaml"):
                return FileKind.PROPERTIES
            if kind is FileKind.SEED:
                return FileKind.SEED if ending == ".csv" else None
            if kind is FileKind.MODEL and ending == ".py":
                return FileKind.PYTHON_MODEL
            if ending != ".sql":
                return None
            generic = kind is FileKind.TEST and path.startswith(f"{folder}/generic/")
            return FileKind.MACRO if generic else kind
        return None


def read_projects(root: Path, paths: Iterable[str]) -> tuple[list[ProjectFolder], list[Finding]]:
    """Every ``dbt_project.yml`` among ``paths``, with the profile found for it."""
    findings: list[Finding] = []
    everything = list(paths)
    profiles = {path: _yaml(root, path, findings) for path in everything if posixpath.basename(path) == "profiles.yml"}
    found: list[ProjectFolder] = []
    for path in everything:
        if posixpath.basename(path) not in ("dbt_project.yml", "dbt_project.yaml"):
            continue
        settings = _yaml(root, path, findings)
        if settings:
            found.append(_folder(posixpath.dirname(path), settings, profiles))
    inside = tuple(f"{path}/" for folder in found for path in folder.left_out)  # installed packages, where git does not hide them
    own = [folder for folder in found if not folder.project.root.startswith(inside)]
    return sorted(own, key=lambda folder: folder.project.root), findings


def packages_folder(settings: Mapping[str, Any]) -> str:
    """Where ``dbt deps`` installs packages."""
    given = settings.get("packages-install-path") or settings.get("modules-path")
    return given if isinstance(given, str) and not given.startswith(("/", "..")) else "dbt_packages"


def _folder(root: str, settings: Mapping[str, Any], profiles: Mapping[str, Mapping[str, Any]]) -> ProjectFolder:
    name = settings.get("name")
    project = DbtProject(
        root,
        name if isinstance(name, str) else posixpath.basename(root) or "project",
        settings,
        _target(root, settings, profiles),
    )
    folders: list[tuple[str, FileKind]] = []
    for kind, keys, default in _FOLDERS:
        given = next((settings[key] for key in keys if isinstance(settings.get(key), list)), list(default))
        folders.extend((posixpath.normpath(posixpath.join(root, path)), kind) for path in given if isinstance(path, str))
    folders.sort(key=lambda folder: (-len(folder[0]), folder[0]))
    target = settings.get("target-path")
    out = (target if isinstance(target, str) else "target", packages_folder(settings), "logs")
    return ProjectFolder(project, tuple(folders), tuple(posixpath.join(root, path) for path in out))


def _target(root: str, settings: Mapping[str, Any], profiles: Mapping[str, Mapping[str, Any]]) -> Mapping[str, Any]:
    """The output that ``dbt run`` would use: of the project's profile, in the profiles.yml that lies nearest."""
    wanted = settings.get("profile") or settings.get("name")
    nearest = sorted(profiles, key=lambda path: (_distance(root, posixpath.dirname(path)), path))
    for path in nearest:
        profile = profiles[path].get(wanted) if isinstance(wanted, str) else None
        outputs = profile.get("outputs") if isinstance(profile, dict) else None
        if not isinstance(profile, dict) or not isinstance(outputs, dict) or not outputs:
            continue
        chosen = profile.get("target")
        output = outputs.get(chosen) if isinstance(chosen, str) and chosen in outputs else None
        if output is None:  # target: "{{ env_var('DBT_TARGET', 'dev') }}" and the like
            output = next((outputs[name] for name in ("dev", "default", *outputs) if isinstance(outputs.get(name), dict)), None)
            chosen = next((name for name in outputs if outputs[name] is output), "")
        if isinstance(output, dict):
            return {**output, "name": chosen, "profile_name": wanted}
    return {}


def _distance(root: str, folder: str) -> tuple[bool, int]:
    """Steps between two folders; one inside the project is nearer than any outside."""
    ours, theirs = [part for part in root.split("/") if part], [part for part in folder.split("/") if part]
    shared = len(posixpath.commonprefix([ours, theirs]))
    return theirs[: len(ours)] != ours, len(ours) + len(theirs) - 2 * shared


def _yaml(root: Path, path: str, findings: list[Finding]) -> Mapping[str, Any]:
    import yaml

    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    try:
        loaded = yaml.load((root / path).read_bytes(), Loader=loader)  # noqa: S506 -- a safe loader, in C where there is one
    except OSError as error:
        findings.append(_unreadable(path, str(error.strerror or error), whole_file(path)))
        return {}
    except (yaml.YAMLError, UnicodeDecodeError, ValueError, RecursionError) as error:
        mark = getattr(error, "problem_mark", None)
        span = Span(path, mark.line + 1, mark.column + 1, mark.line + 1, mark.column + 2) if mark else whole_file(path)
        findings.append(_unreadable(path, str(getattr(error, "problem", None) or error).split("\n")[0], span))
        return {}
    if not isinstance(loaded, dict):
        findings.append(_unreadable(path, "it holds no mapping", whole_file(path)))
        return {}
    return loaded


def _unreadable(path: str, why: str, span: Span) -> Finding:
    return Finding("DI02", "discover.unreadable_project", Severity.ERROR, f"{path} cannot be read: {why}", span, subject=path)
