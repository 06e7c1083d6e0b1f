"""dbt projects: where they are, and which of their files is what."""

from __future__ import annotations

import posixpath
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqllineage_scan.discover.yaml_file import read_mapping
from sqllineage_scan.domain.source import DbtProject, FileKind

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from pathlib import Path

    from pathspec import GitIgnoreSpec

    from sqllineage_scan.domain.finding import Finding

PROJECT_FILES = ("dbt_project.yml", "dbt_project.yaml")
_FOLDERS: tuple[tuple[FileKind, tuple[str, ...], tuple[str, ...]], ...] = (
    # kind, keys in dbt_project.yml (the newer first), default (docs.getdbt.com/reference/dbt_project.yml)
    (FileKind.MODEL, ("model-paths", "source-paths"), ("models",)),
    (FileKind.SEED, ("seed-paths", "data-paths"), ("seeds",)),
    (FileKind.SNAPSHOT, ("snapshot-paths",), ("snapshots",)),
    (FileKind.ANALYSIS, ("analysis-paths",), ("analyses", "analysis")),
    (FileKind.TEST, ("test-paths",), ("tests",)),
    (FileKind.MACRO, ("macro-paths",), ("macros",)),
)
_NOT_PROPERTIES = frozenset(
    {*PROJECT_FILES, "profiles.yml", "packages.yml", "dependencies.yml", "package-lock.yml", "selectors.yml", "dbt_cloud.yml"}
)
_PATH_KEYS = (*(key for _, keys, _ in _FOLDERS for key in keys), "docs-paths", "asset-paths", "target-path", "log-path")
_INSTALL_KEYS = ("packages-install-path", "modules-path")


@dataclass(frozen=True, slots=True)
class ProjectFolder:
    """A dbt project with the folders its files are told apart by."""

    project: DbtProject
    folders: tuple[tuple[str, FileKind], ...]  # (path relative to the scanned root, what lies below it), longest first
    docs: tuple[str, ...]  # where Markdown may hold docs blocks
    left_out: tuple[str, ...]  # target, log and package folders
    ignored: GitIgnoreSpec | None = None  # its .dbtignore

    def kind_of(self, path: str) -> FileKind | None:
        """What a file is to this project; None when it is nothing to it."""
        ending = posixpath.splitext(path)[1].lower()
        if ending == ".md":
            return FileKind.DOCS if any(_below(path, folder) for folder in self.docs) else None
        for folder, kind in self.folders:
            if _below(path, folder):
                return self._kind_in(folder, kind, path, ending)
        return None

    def _kind_in(self, folder: str, kind: FileKind, path: str, ending: str) -> FileKind | None:
        if ending in (".yml", ".yaml"):
            plain = posixpath.dirname(path) != self.project.root or posixpath.basename(path) not in _NOT_PROPERTIES
            return FileKind.PROPERTIES if plain else None
        if kind is FileKind.SEED:
            return FileKind.SEED if ending == ".csv" else None
        if kind is FileKind.MODEL and ending == ".py":
            return FileKind.PYTHON_MODEL
        if ending != ".sql":
            return None
        inside = path.removeprefix(f"{folder}/").split("/")[0]
        if kind is FileKind.TEST and inside == "fixtures":  # rows for unit tests
            return None
        return FileKind.MACRO if kind is FileKind.TEST and inside == "generic" else kind

    def ignores(self, path: str) -> bool:
        """Whether the project's .dbtignore leaves a file out."""
        root = self.project.root
        return self.ignored is not None and self.ignored.match_file(path.removeprefix(f"{root}/") if root else path)


def read_projects(
    root: Path, paths: Iterable[str], evaluate: Callable[[Any], Any], findings: list[Finding]
) -> list[ProjectFolder]:
    """Every ``dbt_project.yml`` among ``paths``; no profile is looked for yet."""
    found: list[ProjectFolder] = []
    for path in paths:
        if posixpath.basename(path) in PROJECT_FILES:
            settings = read_mapping(root, path, findings)
            if settings:
                found.append(_folder(root, posixpath.dirname(path), settings, evaluate))
    return sorted(found, key=lambda folder: folder.project.root)


def _folder(root: Path, place: str, given: Mapping[str, Any], evaluate: Callable[[Any], Any]) -> ProjectFolder:
    settings = {**given, **_rendered(given, evaluate)}
    name = settings.get("name")
    folders: list[tuple[str, FileKind]] = []
    for kind, keys, default in _FOLDERS:
        listed = next((texts for key in keys if (texts := _texts(settings.get(key))) is not None), default)
        folders.extend((_joined(place, path), kind) for path in listed)
    folders.sort(key=lambda folder: (-len(folder[0]), folder[0]))
    docs = _texts(settings.get("docs-paths"))
    project = DbtProject(
        place,
        name if isinstance(name, str) else posixpath.basename(place) or "project",
        settings,
        {},
        target_path=_joined(place, _inside(settings.get("target-path"), "target")),
        packages_path=_joined(place, _inside(next(filter(None, map(settings.get, _INSTALL_KEYS)), None), "dbt_packages")),
    )
    return ProjectFolder(
        project,
        tuple(folders),
        tuple(_joined(place, path) for path in docs) if docs is not None else tuple(folder for folder, _ in folders),
        (project.target_path, project.packages_path, _joined(place, _inside(settings.get("log-path"), "logs"))),
        _dbtignore(root / place / ".dbtignore"),
    )


def _rendered(settings: Mapping[str, Any], evaluate: Callable[[Any], Any]) -> dict[str, Any]:
    """The settings that discovery needs, with their Jinja rendered: target-path: "{{ env_var('OUT', 'target') }}"."""
    wanted = ("name", *_PATH_KEYS, *_INSTALL_KEYS)
    return {key: evaluate(settings[key]) for key in wanted if settings.get(key) is not None}


def _texts(value: Any) -> Sequence[str] | None:
    """``models`` and ``[models, marts]`` are both fine."""
    listed = [value] if isinstance(value, str) else value
    return [text for text in listed if isinstance(text, str)] if isinstance(listed, list) else None


def _inside(value: Any, default: str) -> str:
    """A folder of the project; one outside of it is none that a scan looks into."""
    return value if isinstance(value, str) and value and not value.startswith(("/", "..", "~")) else default


def _joined(place: str, path: str) -> str:
    """A folder of a project, from the scanned root; "" for that itself: ``model-paths: ["."]``."""
    joined = posixpath.normpath(posixpath.join(place, path))
    return "" if joined == "." else joined


def _below(path: str, folder: str) -> bool:
    return not folder or path.startswith(f"{folder}/")


def _dbtignore(path: Path) -> GitIgnoreSpec | None:
    if not path.is_file():
        return None
    from pathspec import GitIgnoreSpec

    return GitIgnoreSpec.from_lines(path.read_text(encoding="utf-8", errors="replace").splitlines())
