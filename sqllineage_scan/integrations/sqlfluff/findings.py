"""What is found in one file that sqlfluff lints: by itself, and by the last check of its repository."""

from __future__ import annotations

import logging
import os
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from sqllineage_scan.config.load import load_settings
from sqllineage_scan.config.rules import rule_folders, rule_settings
from sqllineage_scan.dialects import canonical_name
from sqllineage_scan.domain.rule import RuleScope
from sqllineage_scan.linting.load import load_rules
from sqllineage_scan.pipeline.remembered import fresh_findings
from sqllineage_scan.pipeline.statement import check_text

if TYPE_CHECKING:
    from sqllineage_scan.domain.finding import Finding
    from sqllineage_scan.domain.rule import Rule
    from sqllineage_scan.linting.settings import RuleSettings

log = logging.getLogger("sqlfluff.rules")
_NO_FILE = ("", "stdin", "<string input>", "<string>")


@lru_cache(maxsize=1)
def in_file(path: str, text: str, dialect: str, graph: bool) -> tuple[Finding, ...]:  # noqa: FBT001 -- a key of the cache
    """All findings, for each of our classes to take its own: sqlfluff asks one rule after another about one file.

    A check that is not fresh, or was never made, is one line in the log, and no fault of the file's.
    """
    file = None if path in _NO_FILE else Path(path).resolve()
    root = _root(file) if file is not None else None
    rules, settings = _configured(root)
    name = file.relative_to(root).as_posix() if file is not None and root is not None else path
    alone = tuple(rule for rule in rules if rule.scope is RuleScope.STATEMENT)
    if graph and root is not None:
        known = _of_last_check(root)
        if known is not None:
            return known.get(name, ())  # it knows the other files, and so more of this one
    return check_text(name, text, canonical_name(dialect) or "", alone, settings)


@lru_cache(maxsize=8)
def _of_last_check(root: Path) -> dict[str, tuple[Finding, ...]] | None:
    known = fresh_findings(root, os.environ)
    if known is None:
        log.warning("lineage: rules that need the repository did not run: `sqllineage-scan check %s` first", root)
    return known


@lru_cache(maxsize=8)
def _configured(root: Path | None) -> tuple[tuple[Rule, ...], RuleSettings]:
    settings = load_settings(root or Path())
    rules = load_rules(rule_folders(settings, root or Path()))
    return rules, rule_settings(settings, rules)


@lru_cache(maxsize=256)
def _root(file: Path) -> Path | None:
    """The repository of a file: where our configuration is, or git's folder."""
    for folder in file.parents:
        if (folder / "sqllineage-scan.toml").is_file() or (folder / ".git").exists():
            return folder
    return None
