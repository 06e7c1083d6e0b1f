"""The contracts of a repository: found by the patterns of the configuration, or named one by one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqllineage_scan.discover.walk import list_files
from sqllineage_scan.domain.contract import Contract, Contracts
from sqllineage_scan.errors import ConfigurationError, UsageError
from sqllineage_scan.pipeline.decode import read_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from sqllineage_scan.domain.finding import Finding


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
