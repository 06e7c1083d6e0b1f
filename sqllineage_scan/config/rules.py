"""The configuration's keys about rules, as the linting stage knows them.

[rules]
columns.ambiguous = "error"             a severity: error, warning, note, off; by name, code, group, or "all"
privacy = "off"

[rules.columns.renamed]                 or the rule's own options
severity = "note"
most = 5

[paths."models/legacy/**".rules]        the same for some files
all = "off"
"""

from __future__ import annotations

from dataclasses import fields
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any

from sqllineage_scan.domain.finding import Severity
from sqllineage_scan.errors import ConfigurationError
from sqllineage_scan.linting import selectors
from sqllineage_scan.linting.settings import Boundary, Chosen, Privacy, RuleSettings

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

    from sqllineage_scan.config.settings import Settings
    from sqllineage_scan.domain.rule import Rule

SEVERITIES = (*(severity.value for severity in Severity), "off")
_TYPES = {
    "layers": {"layers", "direct"},
    "forbidden": {"from", "to", "by_columns", "direct", "masked"},
    "independence": {"members", "by_columns", "direct"},
    "protected": {"datasets", "readers"},
    "interface": {"datasets", "columns", "readers"},
}
_ANY_TYPE = {"name", "type", "ignore"}
_FLAGS = ("by_columns", "direct", "masked")


def rule_folders(settings: Settings, root: Path) -> tuple[Path, ...]:
    return tuple(root / folder for folder in settings.rule_folders)


def rule_settings(settings: Settings, rules: Sequence[Rule]) -> RuleSettings:
    """Every name that the configuration uses is checked: a rule that nobody has is a slip of the pen."""
    names = {name for rule in rules for name in (rule.name, rule.code, rule.group)} | {"all"}
    return RuleSettings(
        rules=_chosen(settings.rules, names, rules, "rules"),
        paths=tuple(
            (pattern, _chosen(_table(said, f"paths.{pattern!r}").get("rules") or {}, names, rules, f"paths.{pattern!r}.rules"))
            for pattern, said in settings.paths.items()
        ),
        boundaries=tuple(_boundary(number, said) for number, said in enumerate(settings.boundaries, 1)),
        privacy=_privacy(settings.privacy),
        protected=tuple(_selectors(settings.protected, "protected")),
    )


def _chosen(said: Any, names: set[str], rules: Sequence[Rule], place: str) -> dict[str, Chosen]:
    found: dict[str, Chosen] = {}
    for key, value in _flat(_table(said, place), {rule.group for rule in rules}):
        if key not in names:
            close = get_close_matches(key, names, n=1)
            hint = f"; did you mean {close[0]!r}?" if close else "; `sqllineage-scan rules list` shows them"
            raise ConfigurationError(f"{place}: there is no rule {key!r}{hint}")
        found[key] = _choice(value, next((rule for rule in rules if key in (rule.name, rule.code)), None), f"{place}.{key}")
    return found


def _flat(said: Mapping[str, Any], groups: set[str]) -> Iterable[tuple[str, Any]]:
    """TOML makes tables of names with dots: ``columns.ambiguous = "off"`` is ``{columns: {ambiguous: off}}``."""
    for key, value in said.items():
        if key in groups and isinstance(value, dict):
            yield from ((f"{key}.{name}", inner) for name, inner in value.items())
        else:
            yield key, value


def _choice(value: Any, rule: Rule | None, place: str) -> Chosen:
    if isinstance(value, dict):
        severity = value.get("severity", "")
        options = {name: given for name, given in value.items() if name != "severity"}
        for name, given in options.items():
            known = rule.options if rule is not None else {}
            if name not in known:
                raise ConfigurationError(f"{place}: no option {name!r}; known are {', '.join(sorted({'severity', *known}))}")
            wanted = type(known[name].default)
            if not isinstance(given, wanted):
                raise ConfigurationError(f"{place}.{name} must be like {known[name].default!r}, not {given!r}")
        return Chosen(_severity(severity, place) if severity else "", options)
    return Chosen(_severity(value, place), {})


def _severity(value: Any, place: str) -> Severity | str:
    if value not in SEVERITIES:
        raise ConfigurationError(f"{place} must be {', '.join(SEVERITIES)}, not {value!r}")
    return "off" if value == "off" else Severity(value)


def _boundary(number: int, said: Any) -> Boundary:
    place = f"boundaries[{number}]"
    table = _table(said, place)
    kind = table.get("type")
    if kind not in _TYPES:
        raise ConfigurationError(f"{place}.type must be {', '.join(_TYPES)}, not {kind!r}")
    for key in table:
        if key not in _TYPES[kind] | _ANY_TYPE:
            raise ConfigurationError(
                f"{place}: a {kind} boundary has no {key!r}; known are {', '.join(sorted(_TYPES[kind] | _ANY_TYPE))}"
            )
    for key in sorted(_TYPES[kind] - {*_FLAGS, "readers"} - ({"datasets"} if kind == "layers" else set())):
        if not table.get(key):
            raise ConfigurationError(f"{place}: a {kind} boundary needs {key!r}")
    for key in _FLAGS:
        if not isinstance(table.get(key, False), bool):
            raise ConfigurationError(f"{place}.{key} must be true or false, not {table[key]!r}")
    return Boundary(
        name=str(table.get("name") or f"{kind} {number}"),
        type=kind,
        layers=tuple(_groups(table.get("layers"), f"{place}.layers")),
        source=tuple(_selectors(table.get("from"), f"{place}.from")),
        target=tuple(_selectors(table.get("to"), f"{place}.to")),
        members=tuple(_groups(table.get("members"), f"{place}.members")),
        datasets=tuple(_selectors(table.get("datasets"), f"{place}.datasets")),
        readers=tuple(_selectors(table.get("readers"), f"{place}.readers")),
        columns=tuple(_texts(table.get("columns"), f"{place}.columns")),
        by_columns=bool(table.get("by_columns")),
        direct=bool(table.get("direct")),
        masked=bool(table.get("masked")),
        ignore=tuple(_texts(table.get("ignore"), f"{place}.ignore")),
    )


def _groups(value: Any, place: str) -> Iterable[tuple[str, ...]]:
    """``layers = ["path:models/staging", ["path:models/marts", "path:models/reports"]]``"""
    if value is None:
        return
    if not isinstance(value, (list, tuple)):
        raise ConfigurationError(f"{place} must be a list, not {value!r}")
    for item in value:
        yield tuple(_selectors(item, place))


def _selectors(value: Any, place: str) -> Iterable[str]:
    for text in _texts(value, place):
        try:
            selectors.check(text)
        except ConfigurationError as error:
            raise ConfigurationError(f"{place}: {error}") from error
        yield text


def _texts(value: Any, place: str) -> list[str]:
    listed = (
        [] if value is None else [value] if isinstance(value, str) else list(value) if isinstance(value, (list, tuple)) else None
    )
    if listed is None or any(not isinstance(item, str) for item in listed):
        raise ConfigurationError(f"{place} must be a text or a list of texts, not {value!r}")
    return listed


def _privacy(said: Any) -> Privacy:
    table = _table(said, "privacy")
    known = [item.name for item in fields(Privacy)]
    for key in table:
        if key not in known:
            raise ConfigurationError(f"privacy: unknown key {key!r}; known are {', '.join(known)}")
    given = {key: tuple(_texts(value, f"privacy.{key}")) for key, value in table.items()}
    for selector in given.get("public", ()):
        selectors.check(selector)
    return Privacy(**given)


def _table(value: Any, place: str) -> Mapping[str, Any]:
    if not isinstance(value, dict):
        raise ConfigurationError(f"{place} must be a table, not {value!r}")
    return value
