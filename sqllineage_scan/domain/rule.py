"""A rule: which things it looks at, which of them it finds fault with, and what it says to whom."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqllineage_scan.domain.finding import Severity


_PLACE = re.compile(r"\{([a-z_]+)\}")


class RuleScope(StrEnum):
    """How much has to be known for it."""

    SCAN = "scan"  # a stage of the scan says it: parse.failed, dbt.unknown_ref
    STATEMENT = "statement"  # one file is enough, so sqlfluff can run it
    GRAPH = "graph"  # needs the repository
    CHANGE = "change"  # needs a state to compare with


class Condition(NamedTuple):
    """``evidence: {any: [candidate]}``. A value that begins with ``$`` is one of the rule's options."""

    attribute: str
    test: str
    value: Any


class Option(NamedTuple):
    """What a user may set of a rule: ``[rules.columns.renamed] most = 5``."""

    default: Any
    description: str


class Example(NamedTuple):
    """A small repository, and how often the rule finds fault with it."""

    flags: int
    files: Mapping[str, str]
    config: Mapping[str, Any]
    title: str = ""
    at: str = ""  # where the first finding is: models/orders.sql:3
    before: Mapping[str, str] | None = None  # of a rule about changes: the files as they were


@dataclass(frozen=True, slots=True)
class Rule:
    """One file of ``rules/``, whose path is the rule's ``name``. ``severity`` is None where the scan itself decides it."""

    name: str  # columns.ambiguous
    code: str  # CL02
    scope: RuleScope
    severity: Severity | None  # None: off, unless the configuration says otherwise
    summary: str
    why: str
    each: str
    where: tuple[Condition, ...]
    message: str
    help: str = ""
    similar: tuple[str, ...] = ()  # in other tools: "sqlfluff AM04"
    options: Mapping[str, Option] = field(default_factory=dict, hash=False)
    origin: str = ""  # where its file is, when it is not one of ours

    @property
    def remedy(self) -> str:
        """What to do, said of no finding: ``check the query that makes <datasets>``."""
        return _PLACE.sub(lambda place: f"<{place[1].replace('_', ' ')}>", self.help)

    @property
    def group(self) -> str:
        return self.name.partition(".")[0]
