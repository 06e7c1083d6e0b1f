"""What OpenLineage calls our datasets and jobs: namespaces by the spec's rules for each platform, or as configured.

    [naming]
    account = "acme-eu"                       # snowflake://{account}
    jobs = "floe.{environment}.{domain}"      # namespace of jobs
    environment = "dev"                       # any other key is a word for patterns
    [naming.domains]
    "models/finance/**" = "finance"           # {domain}, by the file of a job or dataset
    [naming.targets.prod]                     # what export --target prod says instead
    environment = "prod"

Source: openlineage.io/docs/spec/naming, "Dataset Naming"; what it leaves open (DuckDB, ClickHouse, Databricks) as
OpenLineage's dbt integration has it.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import urlsplit

from sqllineage_scan.domain.dataset import DatasetKind
from sqllineage_scan.errors import ConfigurationError, UsageError
from sqllineage_scan.graph.selector.pattern import path_fits

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from sqllineage_scan.domain.dataset import Dataset
    from sqllineage_scan.domain.job import Job
    from sqllineage_scan.domain.names import DatasetId
    from sqllineage_scan.graph.content import Content


class Name(NamedTuple):
    namespace: str
    name: str


PLATFORMS: Mapping[str, str] = {
    "athena": "awsathena://athena.{region}.amazonaws.com",
    "bigquery": "bigquery",
    "clickhouse": "clickhouse://{host}:{port}",
    "databricks": "databricks://{host}",
    "duckdb": "duckdb://{path}",
    "hive": "hive://{host}:{port}",
    "mysql": "mysql://{host}:{port}",
    "oracle": "oracle://{host}:{port}",
    "postgres": "postgres://{host}:{port}",
    "redshift": "redshift://{host}:{port}",
    "snowflake": "snowflake://{account}",
    "spark": "spark://{host}:{port}",
    "sqlite": "sqlite://{path}",
    "teradata": "teradata://{host}:{port}",
    "trino": "trino://{host}:{port}",
    "tsql": "sqlserver://{host}:{port}",
}
"""Namespaces by dialect. What is in braces comes from the configuration, else from the dbt profile."""

_PORTS = {
    "clickhouse": "8123",
    "hive": "10000",
    "mysql": "3306",
    "oracle": "1521",
    "postgres": "5432",
    "redshift": "5439",
    "spark": "10000",
    "teradata": "1025",
    "trino": "8080",
    "tsql": "1433",
}
_ADAPTERS = {"sqlserver": "tsql", "synapse": "tsql", "fabric": "tsql", "postgresql": "postgres"}
_OF_THE_REPOSITORY = (DatasetKind.QUERY, DatasetKind.TEMPORARY, DatasetKind.TEST, DatasetKind.EPHEMERAL)
_WORD = re.compile(r"\{(\w+)\}")
_CASES: Mapping[str, Callable[[str], str]] = {"keep": str.__str__, "lower": str.lower, "upper": str.upper}
_KEYS = ("datasets", "names", "jobs", "job_names", "case", "platform")


@dataclass(frozen=True, slots=True)
class Naming:
    """The patterns; ``""`` where the spec's own rule is meant."""

    datasets: str = ""  # namespace
    names: str = ""
    jobs: str = "{project}"
    job_names: str = "{name}"
    case: str = "keep"
    platform: str = ""  # of every dataset, whatever its dialect
    words: Mapping[str, str] = field(default_factory=dict)
    profile: Mapping[str, str] = field(default_factory=dict)  # what the dbt profile says of its own platform
    domains: Mapping[str, str] = field(default_factory=dict)


def naming_of(table: Mapping[str, Any], target: str | None = None, profile: Mapping[str, Any] | None = None) -> Naming:
    """From ``[naming]`` of the configuration. ``profile``: words of the dbt profile, which come last."""
    targets = _texts_by_name(table, "targets")
    if target is not None and target not in targets and not profile:
        known = f"known are {', '.join(sorted(targets))}" if targets else "the configuration has no [naming.targets]"
        raise UsageError(f"there is no naming target {target!r}; {known}")
    said = {key: value for key, value in table.items() if key not in ("targets", "domains")} | dict(targets.get(target or "", {}))
    for key, value in said.items():
        if not isinstance(value, (str, int)) or isinstance(value, bool):
            raise ConfigurationError(f"naming.{key} must be a text")
    texts = {key: str(value) for key, value in said.items()}
    if texts.get("case", "keep") not in _CASES:
        raise ConfigurationError(f"naming.case must be one of {', '.join(_CASES)}, not {texts['case']!r}")
    if texts.get("platform", "duckdb") not in PLATFORMS:
        raise ConfigurationError(f"naming.platform {texts['platform']!r} is none of {', '.join(PLATFORMS)}")
    of_profile = {str(key): str(value) for key, value in (profile or {}).items() if isinstance(value, (str, int))}
    words = {key: value for key, value in texts.items() if key not in _KEYS}
    if target is not None:
        words.setdefault("target", target)
    domains = table.get("domains", {})
    if not isinstance(domains, dict) or not all(isinstance(value, str) for value in domains.values()):
        raise ConfigurationError("naming.domains must be a table of texts: path pattern = domain")
    return Naming(**{key: texts[key] for key in _KEYS if key in texts}, words=words, profile=of_profile, domains=domains)


def _texts_by_name(table: Mapping[str, Any], key: str) -> Mapping[str, Mapping[str, Any]]:
    found = table.get(key, {})
    if not isinstance(found, dict) or not all(isinstance(value, dict) for value in found.values()):
        raise ConfigurationError(f"naming.{key} must be a table of tables")
    return found


class Names:
    """The names of one graph's datasets and jobs. ``missing``: words that a platform's rule wants and nobody said."""

    def __init__(self, content: Content, naming: Naming) -> None:
        self._naming = naming
        self._project = content.name
        self._datasets = {dataset.id: dataset for dataset in content.datasets}
        self._dialects = _dialects(content)
        self._known: dict[DatasetId, Name] = {}
        self.missing: defaultdict[str, set[str]] = defaultdict(set)  # by platform

    def dataset(self, dataset: DatasetId) -> Name:
        if dataset not in self._known:
            self._known[dataset] = self._named(self._datasets[dataset])
        return self._known[dataset]

    def column(self, column: str) -> str:
        return _CASES[self._naming.case](column)

    def job(self, job: Job) -> Name:
        words = {
            "name": job.id.name,
            "dialect": job.dialect or "ansi",
            "path": job.span.path,
            "domain": self._domain(job.span.path),
        }
        namespace = job.id.namespace or self._filled(self._naming.jobs, words, "jobs")
        return Name(namespace, self._filled(self._naming.job_names, words, "jobs"))

    def of_path(self, path: str, name: str) -> Name:
        """An exposure, a test: a job that is not one of ours."""
        return Name(self._filled(self._naming.jobs, {"domain": self._domain(path), "name": name, "path": path}, "jobs"), name)

    def platform(self, dataset: DatasetId) -> str:
        return self._naming.platform or self._dialects.get(dataset, "")

    def _named(self, dataset: Dataset) -> Name:
        spelled = _CASES[self._naming.case]
        stored = _storage(dataset)
        if stored is not None:
            return stored
        path = dataset.span.path if dataset.span else ""
        if dataset.kind in _OF_THE_REPOSITORY and not dataset.id.namespace:
            return Name(self.of_path(path, "").namespace, dataset.id.name)
        platform = self.platform(dataset.id)
        parts = dataset.id.name.split(".")
        words = {
            "name": dataset.id.name,
            "table": parts[-1],
            "schema": parts[-2] if len(parts) > 1 else "",
            "catalog": parts[-3] if len(parts) > 2 else "",  # noqa: PLR2004 -- catalog.schema.table
            "domain": self._domain(path) or (parts[-2] if len(parts) > 1 else ""),
            "dialect": platform,
        }
        if self._naming.datasets:
            namespace = self._filled(self._naming.datasets, words, "datasets")
        else:
            namespace = dataset.id.namespace or self._by_rule(platform, words)
        name = self._filled(self._naming.names, words, "names") if self._naming.names else dataset.id.name
        return Name(namespace, spelled(name))

    def _by_rule(self, platform: str, words: Mapping[str, str]) -> str:
        """Where not all of it is known, the platform alone: a made-up host would be somebody's."""
        pattern = PLATFORMS.get(platform)
        if pattern is None:
            return platform or "unknown"
        profile = self._naming.profile
        of_profile = profile if _ADAPTERS.get(profile.get("type", ""), profile.get("type")) == platform else {}
        known = {"port": _PORTS.get(platform, ""), **words, **of_profile, **self._naming.words}
        missing = [word for word in _WORD.findall(pattern) if not known.get(word)]
        if missing:
            self.missing[platform].update(missing)
        return platform if missing else _WORD.sub(lambda found: known[found[1]], pattern)

    def _domain(self, path: str) -> str:
        """The first pattern that fits, else ``naming.domain``."""
        fitting = (domain for pattern, domain in self._naming.domains.items() if path_fits(path, pattern))
        return next(fitting, self._naming.words.get("domain", ""))

    def _filled(self, pattern: str, words: Mapping[str, str], key: str) -> str:
        """A pattern whose domain nobody knows loses that part: floe.prod.{domain} is floe.prod."""
        known = {"project": self._project, **self._naming.words, **{word: value for word, value in words.items() if value}}
        unknown = {word for word in _WORD.findall(pattern) if word not in known} - words.keys()
        if unknown:
            raise UsageError(f"naming.{key} = {pattern!r} wants {', '.join(sorted(unknown))}, which [naming] does not say")
        filled = _WORD.sub(lambda found: known.get(found[1], ""), pattern)
        return re.sub(r"\.{2,}", ".", filled).strip(".") or self._project or "default"


def _dialects(content: Content) -> dict[DatasetId, str]:
    """The dialect of whoever writes a dataset, else of whoever reads it, else what most of the repository speaks."""
    usual = max(content.dialects, key=lambda dialect: (content.dialects[dialect], dialect), default="")
    writers: dict[DatasetId, Counter[str]] = {}
    readers: dict[DatasetId, Counter[str]] = {}
    for job in content.jobs:
        for found, datasets in ((writers, job.writes), (readers, job.reads)):
            for dataset in datasets:
                found.setdefault(dataset, Counter())[job.dialect or usual] += 1
    spoken = {dataset.id: writers.get(dataset.id) or readers.get(dataset.id) for dataset in content.datasets}
    return {
        dataset: max(counts, key=lambda dialect: (counts[dialect], dialect)) if counts else usual
        for dataset, counts in spoken.items()
    }


def _storage(dataset: Dataset) -> Name | None:
    """s3://bucket/key, gs://…, abfss://…: the bucket is the namespace; a file of the repository or of a machine is ``file``."""
    if dataset.kind is not DatasetKind.FILE or dataset.id.namespace:
        return None
    name = dataset.id.name
    parts = urlsplit(name) if "://" in name else None
    if parts is not None and parts.netloc:
        return Name(f"{parts.scheme}://{parts.netloc}", name.partition("://")[2].partition("/")[2] or "/")
    return None if name.startswith("@") else Name("file", name.removeprefix("file://"))
