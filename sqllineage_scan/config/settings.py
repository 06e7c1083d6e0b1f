"""The keys of ``sqllineage-scan.toml``: one field a key, its description beside it."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqllineage_scan.config.environment import allowed
from sqllineage_scan.config.governance import governance_rules
from sqllineage_scan.pipeline.cache.folder import SECRET, VARIABLE, default_folder
from sqllineage_scan.pipeline.options import ScanOptions

if TYPE_CHECKING:
    from collections.abc import Mapping


def _key(description: str, *examples: object, default: Any = None) -> Any:
    metadata = {"description": description, "examples": examples}
    if isinstance(default, (dict, list)):
        return field(default_factory=type(default), metadata=metadata)
    return field(default=default, metadata=metadata)


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """Everything that a repository can say. A key that is absent is found out or left alone."""

    dialect: str | None = _key(
        "SQL dialect of every file. Without it: the adapter of dbt's profile, .sqlfluff, else a guess from the SQL itself.",
        "snowflake",
    )
    dialects: Mapping[str, str] = _key(
        "Dialect by path pattern, for repositories that speak several; the first pattern that fits decides.",
        {"warehouse/bigquery/**": "bigquery"},
        default={},
    )
    include: tuple[str, ...] = _key(
        "Path patterns (as in .gitignore) of the files to scan; without any, all SQL and dbt files.", ["sql/**"], default=()
    )
    exclude: tuple[str, ...] = _key(
        "Path patterns (as in .gitignore) of files to leave out, beside what .gitignore leaves out.", ["archive/"], default=()
    )
    default_catalog: str | None = _key("Catalog (database, project) of tables named without one.", "analytics")
    default_schema: str | None = _key("Schema (dataset) of tables named without one.", "public")
    namespace: str = _key(
        "Where the warehouse is, in OpenLineage's words; part of the id of every dataset.", "snowflake://acme", default=""
    )
    targets: tuple[str, ...] = _key(
        "Path patterns that name the table which a file's bare SELECT fills.",
        ["sql/{catalog}/{schema}/{table}/query.sql"],
        default=(),
    )
    profiles_dir: str | None = _key(
        "Folder of the profiles.yml to use, from the root; without it the nearest one of the repository.", "ci/profiles"
    )
    profile: str | None = _key("Profile of every dbt project, whatever its dbt_project.yml says.", "warehouse")
    target: str | None = _key("Target of the profile, whatever profiles.yml says; also what `target.name` is.", "prod")
    artifacts: bool = _key(
        "Whether dbt's manifest.json and catalog.json are used where they are there and fresh.", False, default=True
    )
    vars: Mapping[str, Any] = _key("Values of dbt's var(), over those of dbt_project.yml.", {"start": "2024-01-01"}, default={})
    env: tuple[str, ...] = _key(
        "Names of the environment variables that templates may read with env_var(). No others are, and none that may be secret, "
        "unless SQLLINEAGE_SCAN_ENV names it, in the environment of whoever starts the scan.",
        ["DBT_TARGET"],
        default=(),
    )
    cache: bool = _key(
        "Whether what was read before is kept and used again, as long as nothing of it has changed.", False, default=True
    )
    cache_dir: str | None = _key(
        "Folder of the cache, from the root and below it; without it the user's own cache folder.", ".sqllineage-scan/cache"
    )
    naming: Mapping[str, Any] = _key(
        "What OpenLineage calls datasets and jobs: patterns, and the words in them (docs/openlineage.md).",
        {"account": "acme-eu", "jobs": "{project}.{domain}"},
        default={},
    )
    aliases: Mapping[str, str] = _key(
        "Datasets with two names, where repositories are linked: the other name, and the one that is meant; * on both sides.",
        {"prod.raw.*": "raw.*"},
        default={},
    )
    processes: int = _key(
        "Processes that read files; 0 is as many as the machine has cores, when there is enough work.", 4, default=0
    )
    max_seconds: int = _key(
        "Seconds of CPU time that one file may take before it is left out, with a finding; 0 is no limit.", 300, default=60
    )
    max_memory: int = _key(
        "Megabytes that a process which reads files may take before it is ended and replaced; 0 is no limit.", 8192, default=4096
    )
    rules: Mapping[str, Any] = _key(
        "Severity of rules (error, warning, note, off) and their options, by name, code or group; `all` is all.",
        {"columns.ambiguous": "error", "privacy": "off", "columns.renamed": {"severity": "note", "most": 5}},
        default={},
    )
    paths: Mapping[str, Any] = _key(
        "By path pattern, the same for some files; a later pattern goes before an earlier one.",
        {"models/legacy/**": {"rules": {"all": "off"}}},
        default={},
    )
    rule_folders: tuple[str, ...] = _key(
        "Folders, from the root, of rules of your own: <folder>/<group>/<name>.yml.", ["lint/rules"], default=()
    )
    baseline: str | None = _key(
        "File of findings that are known and fail nothing; `check --write-baseline` writes it.", "baseline.json"
    )
    boundaries: tuple[Mapping[str, Any], ...] = _key(
        "Contracts between parts of the repository: layers, forbidden, independence, protected, interface.",
        [{"name": "layers", "type": "layers", "layers": ["path:models/staging", "path:models/marts"]}],
        default=(),
    )
    contracts: tuple[str, ...] = _key(
        "Path patterns (as in .gitignore) of ODCS contracts that `check` holds the SQL against; dbt's own need no word.",
        ["contracts/*.yaml"],
        default=(),
    )
    privacy: Mapping[str, Any] = _key(
        "What personal data is (`tags`, `patterns` of column names) and which datasets are `public`, beside exposures.",
        {"tags": ["pii"], "patterns": ["email$"], "public": ["schema:reporting"]},
        default={},
    )
    governance: tuple[Mapping[str, Any], ...] = _key(
        "Owners, stewards, tags and glossary terms by path or name; with `columns` of columns (docs/governance.md).",
        [{"paths": ["models/finance/"], "owner": "finance-data", "tags": ["finance"]}],
        default=(),
    )
    role: str = _key("What this repository or job is for, as a label of its run records and metrics.", "warehouse", default="")
    environment: str = _key("Where it runs, as a label of its run records and metrics.", "production", default="")
    protected: tuple[str, ...] = _key(
        "Datasets (selectors) whose lineage should be certain, beside those that exposures use.", ["tag:finance"], default=()
    )


def options_from(settings: Settings, environment: Mapping[str, str] | None = None, root: Path = Path()) -> ScanOptions:
    """What the pipeline is told of the repository at ``root``. Only here is the environment read: the variables that the
    settings name, and our own.
    """
    surroundings = os.environ if environment is None else environment
    return ScanOptions(
        dialect=settings.dialect,
        dialects=settings.dialects,
        include=settings.include,
        exclude=settings.exclude,
        default_catalog=settings.default_catalog,
        default_schema=settings.default_schema,
        namespace=settings.namespace,
        targets=settings.targets,
        governance=governance_rules(settings.governance),
        profiles_dir=settings.profiles_dir,
        profile=settings.profile,
        target=settings.target,
        artifacts=settings.artifacts,
        vars=settings.vars,
        env=allowed(settings.env, surroundings),
        processes=settings.processes,
        max_seconds=settings.max_seconds,
        max_memory=settings.max_memory,
        cache_dir=_cache_folder(settings, root, surroundings) if settings.cache else None,
        cache_secret=surroundings.get(SECRET, ""),
        labels={key: said for key, said in (("role", settings.role), ("environment", settings.environment)) if said},
    )


def _cache_folder(settings: Settings, root: Path, environment: Mapping[str, str]) -> Path | None:
    """The environment's before the configuration's: it is the person's who runs this, the other the repository's."""
    if settings.cache_dir is None or environment.get(VARIABLE):
        return default_folder(environment)
    return root / settings.cache_dir
