"""dbt's own options as its command line has them: where the profile is, which target, which vars."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from sqllineage_scan.errors import UsageError

if TYPE_CHECKING:
    from pathlib import Path

    from sqllineage_scan.pipeline.options import ScanOptions


@dataclass(frozen=True, slots=True, kw_only=True)
class DbtOptions:
    """What was said on the command line; None for what was not."""

    profiles_dir: Path | None = None
    profile: str | None = None
    target: str | None = None
    vars: str | None = None
    artifacts: bool | None = None

    def over(self, options: ScanOptions) -> ScanOptions:
        """``options`` with what the command line says instead; vars are set one by one."""
        return replace(
            options,
            profiles_dir=options.profiles_dir if self.profiles_dir is None else str(self.profiles_dir.absolute()),
            profile=options.profile if self.profile is None else self.profile,
            target=options.target if self.target is None else self.target,
            vars=options.vars if self.vars is None else {**options.vars, **variables(self.vars)},
            artifacts=options.artifacts if self.artifacts is None else self.artifacts,
        )


def variables(text: str) -> dict[str, Any]:
    """--vars '{start: 2024-01-01, countries: [nl, de]}'   YAML, as dbt reads it"""
    import yaml

    try:
        given = yaml.safe_load(text)
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        problem = str(getattr(error, "problem", None) or error).split("\n")[0]
        raise UsageError(f"--vars is no YAML: {problem}; write --vars '{{name: value}}'") from error
    if not isinstance(given, dict):
        raise UsageError(f"--vars must be a mapping, not {text!r}; write --vars '{{name: value}}'")
    return {str(name): value for name, value in given.items()}
