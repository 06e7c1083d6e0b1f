"""What a repository says about rules, as plain values: which run, how severe they are, what they need to know."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from sqllineage_scan.domain.finding import Severity


class Chosen(NamedTuple):
    """What the configuration says of a rule, a code or a group. ``severity`` "" leaves it as it is."""

    severity: Severity | str = ""  # a severity, "off", or ""
    options: Mapping[str, Any] = {}


@dataclass(frozen=True, slots=True)
class Boundary:
    """A contract between parts of the repository, as import-linter has them. Which keys say something depends on ``type``."""

    name: str
    type: str  # layers, forbidden, independence, protected, interface
    layers: tuple[tuple[str, ...], ...] = ()  # in the order of the data: staging before marts
    source: tuple[str, ...] = ()  # forbidden: from
    target: tuple[str, ...] = ()  # forbidden: to
    members: tuple[tuple[str, ...], ...] = ()  # independence
    datasets: tuple[str, ...] = ()  # protected, interface: of which it speaks
    readers: tuple[str, ...] = ()  # protected, interface: who may read all the same
    columns: tuple[str, ...] = ()  # interface: what everybody may read
    by_columns: bool = False  # forbidden, independence: a value has to flow; else any dependency counts
    direct: bool = False  # forbidden, independence: only without anything between
    masked: bool = False  # forbidden, by columns: a masked value counts too
    ignore: tuple[str, ...] = ()  # "marts.a -> staging.b"


@dataclass(frozen=True, slots=True)
class Privacy:
    """What personal data is, by tags and by names, and who is the public."""

    tags: tuple[str, ...] = ("pii", "personal", "sensitive", "confidential", "gdpr")
    patterns: tuple[str, ...] = (
        r"(^|_)e?_?mail(_?addr(ess)?)?$",
        r"(^|_)(first|last|full|middle|sur|family|given)_?name$",
        r"(^|_)(phone|mobile|fax)(_?(number|no|nr))?$",
        r"(^|_)(ssn|social_security(_number)?|passport(_number)?|tax_id|iban|credit_card(_number)?|card_number)$",
        r"(^|_)(date_of_birth|birth_?da(te|y)|dob)$",
        r"(^|_)(street(_address)?|home_address|postal_address|ip_?addr(ess)?)$",
    )
    public: tuple[str, ...] = ()  # selectors; beside what exposures use and what dbt calls public


@dataclass(frozen=True, slots=True)
class RuleSettings:
    rules: Mapping[str, Chosen] = field(default_factory=dict)  # by name, code or group; "all" is all
    paths: tuple[tuple[str, Mapping[str, Chosen]], ...] = ()  # for files of a pattern; the last that speaks of a rule decides
    folders: tuple[Path, ...] = ()
    boundaries: tuple[Boundary, ...] = ()
    privacy: Privacy = field(default_factory=Privacy)
    protected: tuple[str, ...] = ()  # selectors: whose columns should be certain, beside what exposures use
