"""profiles.yml: which output a project runs with, as ``dbt`` would choose it, and what that output says."""

from __future__ import annotations

import posixpath
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqllineage_scan.discover.adapters import named_alike
from sqllineage_scan.discover.yaml_file import read_mapping
from sqllineage_scan.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from sqllineage_scan.domain.finding import Finding

_FILES = ("profiles.yml", "profiles.yaml")
_USUAL_TARGETS = ("default", "dev")  # dbt takes "default" where nothing is said


@dataclass(slots=True)
class Profiles:
    """All profiles of a repository, by the file they stand in.

    ``profile`` and ``target`` are what the caller chose, over what projects and profiles say.
    """

    evaluate: Callable[[Any], Any]
    by_file: Mapping[str, Mapping[str, Any]]
    profile: str | None = None
    target: str | None = None
    chosen: list[tuple[str, str]] = field(default_factory=list)  # profile and target, one a project

    def output_of(self, root: str, settings: Mapping[str, Any]) -> dict[str, Any]:
        """The output that ``dbt run`` would use in the project at ``root``; without a profile no more than the caller says."""
        wanted = self.profile or self.evaluate(settings.get("profile")) or settings.get("name")
        nearest = sorted(self.by_file, key=lambda path: (_distance(root, posixpath.dirname(path)), path))
        for path in nearest:
            profile = self.by_file[path].get(wanted) if isinstance(wanted, str) else None
            outputs = profile.get("outputs") if isinstance(profile, dict) else None
            if not isinstance(profile, dict) or not isinstance(outputs, dict):
                continue
            name = self._target(profile, outputs)
            if name is not None:
                self.chosen.append((str(wanted), name))
                return {**self._known(outputs[name]), "name": name, "target_name": name, "profile_name": wanted}
        given = {"name": self.target, "target_name": self.target, "profile_name": self.profile}
        return {key: value for key, value in given.items() if value is not None}

    def _target(self, profile: Mapping[str, Any], outputs: Mapping[str, Any]) -> str | None:
        """target: "{{ env_var('DBT_TARGET', 'dev') }}"   the one it names; where that cannot be known, the usual one"""
        said = self.evaluate(profile.get("target"))
        wanted = (self.target, said, *_USUAL_TARGETS, *outputs)
        return next((str(name) for name in wanted if isinstance(name, str) and isinstance(outputs.get(name), dict)), None)

    def _known(self, output: Mapping[str, Any]) -> dict[str, Any]:
        """An output without what it takes from variables that nobody may read."""
        values = {str(key): self.evaluate(value) for key, value in output.items()}
        return named_alike({key: value for key, value in values.items() if value is not None})

    def check_choice(self) -> None:
        """A profile or target that no project has is the caller's mistake, unless profiles are not in the repository at all."""
        if self.by_file and self.profile is not None and not any(self.profile in profiles for profiles in self.by_file.values()):
            raise UsageError(f"no profile is called {self.profile!r}{_known_are(self._all_profiles())}")
        if self.chosen and self.target is not None and not any(target == self.target for _, target in self.chosen):
            raise UsageError(f"no profile has a target called {self.target!r}{_known_are(self._all_targets())}")

    def _all_profiles(self) -> Iterable[str]:
        return (str(name) for profiles in self.by_file.values() for name in profiles if name != "config")

    def _all_targets(self) -> Iterable[str]:
        wanted = {profile for profile, _ in self.chosen}
        for profiles in self.by_file.values():
            for name, profile in profiles.items():
                outputs = profile.get("outputs") if isinstance(profile, dict) and name in wanted else None
                yield from map(str, outputs if isinstance(outputs, dict) else ())


def read_profiles(root: Path, paths: Iterable[str], folder: str | None, findings: list[Finding]) -> dict[str, Mapping[str, Any]]:
    """Every profiles.yml of the repository, or the one of the ``folder`` that the caller names."""
    if folder is None:
        return {path: read_mapping(root, path, findings) for path in paths if posixpath.basename(path) in _FILES}
    found = next((file for name in _FILES if (file := root / folder / name).is_file()), None)
    if found is None:
        raise UsageError(f"there is no profiles.yml in {folder}")
    return {"profiles.yml": read_mapping(Path(found.parent), found.name, findings)}


def files_beside(root: Path, place: str) -> list[str]:
    """The profiles.yml in a project's own folder, which dbt finds whether git ignores it or not."""
    paths = (posixpath.join(place, name) for name in _FILES)
    return [path for path in paths if (root / path).is_file()]


def _known_are(names: Iterable[str]) -> str:
    known = sorted(set(names))
    return f"; known are {', '.join(known)}" if known else ""


def _distance(root: str, folder: str) -> tuple[bool, int]:
    """Steps between two folders; one inside the project is nearer than any outside, its root nearest of all."""
    ours, theirs = [part for part in root.split("/") if part], [part for part in folder.split("/") if part]
    shared = len(posixpath.commonprefix([ours, theirs]))
    return theirs[: len(ours)] != ours, len(ours) + len(theirs) - 2 * shared
