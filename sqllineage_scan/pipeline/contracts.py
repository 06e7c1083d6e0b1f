"""The contracts of a repository: found by the patterns of the configuration, or named one by one."""

from __future__ import annotations

import subprocess
from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import NAMESPACE_URL, uuid5

from sqllineage_scan.discover.git import git
from sqllineage_scan.discover.walk import list_files
from sqllineage_scan.domain.contract import Contract, Contracts
from sqllineage_scan.errors import ConfigurationError, UsageError
from sqllineage_scan.linting.material import Material
from sqllineage_scan.linting.promises import promised_by_sql
from sqllineage_scan.pipeline.decode import decode, read_text
from sqllineage_scan.pipeline.memory import no_collection
from sqllineage_scan.pipeline.scan import examine_repository

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from pathlib import Path

    from sqllineage_scan.domain.finding import Finding
    from sqllineage_scan.linting.settings import RuleSettings
    from sqllineage_scan.pipeline.options import ScanOptions

    Progress = Callable[[str, int, int], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """What a contract says that SQL does not, and how to find out the rest."""

    settings: RuleSettings
    version: str = "1.0.0"
    status: str = "draft"
    name: str = ""  # without one, the first dataset's
    id: str = ""  # without one, a UUID of the datasets' names
    progress: Progress | None = None


def find_contracts(root: Path, patterns: Sequence[str]) -> tuple[str, ...]:
    """Their paths below the root. A pattern that fits nothing is a slip: what checks no contract says nothing of any."""
    found: set[str] = set()
    for pattern in patterns:
        listed = list_files(root, include=[pattern]).paths
        if not listed:
            raise ConfigurationError(f"contracts: no file fits {pattern!r}")
        found.update(listed)
    return tuple(sorted(found))


def read_contracts(root: Path, paths: Iterable[str]) -> Contracts:
    """``paths`` from the root, or absolute. Without any, nothing is imported."""
    listed = tuple(paths)
    if not listed:
        return Contracts()
    from sqllineage_scan.inputs.odcs import check_installed, read_contract

    check_installed()
    contracts: list[Contract] = []
    findings: list[Finding] = []
    for path in listed:
        decoded = read_text(root, path)
        findings += decoded.findings
        if decoded.text is not None:
            contract, found = read_contract(decoded.text, path)
            findings += found
            contracts += [contract] if contract is not None else []
    return Contracts(tuple(contracts), tuple(findings))


def read_one(root: Path, path: str) -> tuple[Contract, tuple[Finding, ...]]:
    """A contract that is asked for: that it is none is misuse."""
    read = read_contracts(root, [path])
    if not read.contracts:
        first = read.findings[0] if read.findings else None
        raise UsageError(f"{first.span}: {first.message}" if first is not None else f"{path} is no contract")
    return read.contracts[0], read.findings


def revised(root: Path, text: str) -> tuple[Contract, tuple[Finding, ...]]:
    """``contracts/orders.yaml``, or the same of a revision: ``main:contracts/orders.yaml``, read from git's objects."""
    revision, colon, path = text.partition(":")
    if not colon or (root / text).is_file():
        if not (root / text).is_file():
            raise UsageError(f"no such file: {text}")
        return read_one(root, text)
    from sqllineage_scan.inputs.odcs import check_installed, read_contract

    check_installed()
    within = path if path.startswith(("./", "/")) else f"./{path}"
    command = git(root, "show", "--end-of-options", f"{revision}:{within}")
    done = subprocess.run(command, capture_output=True, check=False, timeout=120)  # noqa: S603 -- git with fixed words, and a name
    if done.returncode:
        reason = done.stderr.decode(errors="replace").strip().removeprefix("fatal: ").partition("\n")[0]
        raise UsageError(f"{text}: {reason}")
    decoded = decode(text, done.stdout)
    read = read_contract(decoded.text or "", text)
    if read.contract is None:
        raise UsageError(f"{read.findings[0].span}: {read.findings[0].message}")
    return read.contract, read.findings


def contract_of_sql(root: Path, names: Sequence[str], options: ScanOptions, words: Words) -> Contract:
    """A contract that promises what the SQL of ``root`` makes of some datasets today."""
    with no_collection():
        examined = examine_repository(root, options, words.progress)
        graph = examined.graph
        material = Material(graph, examined.facts, words.settings)
        datasets = []
        for name in names:
            found = graph.dataset(name)
            promised = promised_by_sql(material, found)
            if not promised.columns:
                raise UsageError(f"nothing is known of the columns of {found.id} that a contract could promise")
            datasets.append(promised)
    first = datasets[0]
    told = words.id or str(uuid5(NAMESPACE_URL, "\0".join(dataset.names[0] for dataset in datasets)))
    return Contract("", told, words.name or first.name, words.version, words.status, tuple(datasets))
