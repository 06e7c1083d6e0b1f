"""Rules from their files: ours, those of packages that are installed, and the user's own folders."""

from __future__ import annotations

import re
from difflib import get_close_matches
from functools import cache
from importlib.metadata import entry_points
from importlib.resources import files
from typing import TYPE_CHECKING, Any

import yaml

from sqllineage_scan.bundled import folder
from sqllineage_scan.domain.finding import Severity
from sqllineage_scan.domain.rule import Condition, Example, Option, Rule, RuleScope
from sqllineage_scan.errors import ConfigurationError
from sqllineage_scan.linting.vocabulary import TESTS, subjects, word

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from importlib.resources.abc import Traversable
    from pathlib import Path

ENTRY_POINTS = "sqllineage_scan.rules"
_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_NAME = re.compile(r"[a-z][a-z._]+")
_CODE = re.compile(r"[A-Z]{2}[0-9]{2}")
_KEYS = ("code", "severity", "scope", "summary", "why", "each", "where", "message", "help", "similar", "options", "examples")
_NEEDED = ("code", "severity", "scope", "summary", "why", "each", "message")
_EXAMPLES = re.compile(r"^examples:", re.MULTILINE)
_PLACE = re.compile(r"\{([a-z_]+)\}")


def load_rules(folders: Sequence[Path] = ()) -> tuple[Rule, ...]:
    """All rules by name. A rule of a user's folder takes the place of ours of the same name."""
    found = dict(_bundled())
    for place in (*_packaged(), *folders):
        if not place.is_dir():
            raise ConfigurationError(f"there is no folder of rules {place}")
        for name, file in _files(place):
            found[name] = _read(name, _text(file), str(file), own=False)
    _check_codes(found.values())
    return tuple(found[name] for name in sorted(found))


def _text(file: Traversable) -> str:
    try:
        return file.read_text(encoding="utf-8")
    except (UnicodeDecodeError, OSError) as error:
        why = error.strerror if isinstance(error, OSError) else "not UTF-8 text"
        raise ConfigurationError(f"{file}: {why}") from error


@cache
def _bundled() -> Mapping[str, Rule]:
    return {
        name: _read(name, file.read_text(encoding="utf-8"), f"rules/{name.replace('.', '/')}.yml", own=True)
        for name, file in _files(folder("rules"))
    }


def _packaged() -> Iterator[Traversable]:
    """A package offers a folder of rules: ``[project.entry-points."sqllineage_scan.rules"] acme = "acme_rules"``."""
    for entry in sorted(entry_points(group=ENTRY_POINTS), key=lambda entry: entry.name):
        module, _, inside = entry.value.partition(":")
        place = files(module)
        yield place.joinpath(inside) if inside else place


def _files(place: Traversable) -> Iterator[tuple[str, Traversable]]:
    """``rules/columns/ambiguous.yml`` is ``columns.ambiguous``."""
    for group in sorted(place.iterdir(), key=lambda item: item.name):
        if group.is_dir() and not group.name.startswith((".", "_")):
            for file in sorted(group.iterdir(), key=lambda item: item.name):
                if file.name.endswith(".yml"):
                    yield f"{group.name}.{file.name.removesuffix('.yml')}", file


def examples(name: str, folders: Sequence[Path] = ()) -> tuple[Example, ...]:
    """The examples of a rule; they are the larger half of its file, and only asked for to be shown or run."""
    for place in (*reversed(folders), *_packaged(), folder("rules")):
        for found, file in _files(place):
            if found == name:
                return tuple(_examples(yaml.load(file.read_text(encoding="utf-8"), _LOADER), str(file)))  # noqa: S506 -- a safe loader
    return ()


def _examples(document: Mapping[str, Any], place: str) -> Iterator[Example]:
    for number, given in enumerate(document.get("examples") or (), 1):
        unknown = set(given) - {"flags", "sql", "schema", "files", "config", "title", "at", "before"}
        if unknown or not isinstance(given.get("flags"), int):
            raise ConfigurationError(f"{place}: example {number} needs `flags` and `sql` or `files`; unknown: {sorted(unknown)}")
        yield Example(
            given["flags"],
            {
                **_ddl(given.get("schema") or {}),
                **({"query.sql": given["sql"]} if "sql" in given else {}),
                **(given.get("files") or {}),
            },
            given.get("config") or {},
            str(given.get("title") or ""),
            str(given.get("at") or ""),
            given.get("before"),
        )


def _ddl(schema: Mapping[str, Any]) -> dict[str, str]:
    """``schema: {orders: [id, amount]}``, ``schema: {orders: {id: int}}``: a file of CREATE TABLEs."""
    statements = []
    for table, columns in schema.items():
        typed = columns if isinstance(columns, dict) else dict.fromkeys(columns, "int")
        statements.append(f"create table {table} ({', '.join(f'{name} {kind}' for name, kind in typed.items())});\n")
    return {"schema.sql": "".join(statements)} if statements else {}


def _read(name: str, text: str, place: str, *, own: bool) -> Rule:
    """Examples are left out: they would take more time than all the rest."""
    cut = _EXAMPLES.search(text)
    try:
        said = yaml.load(text[: cut.start()] if cut else text, _LOADER)  # noqa: S506 -- a safe loader
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        raise ConfigurationError(f"{place}: not readable as YAML: {' '.join(str(error).split())}") from error
    if not isinstance(said, dict):
        raise ConfigurationError(f"{place}: a rule is a mapping with {', '.join(_NEEDED)}")
    _check_keys(said, name, place)
    severity = _severity(said["severity"], place)
    rule = Rule(
        name=name,
        code=str(said["code"]),
        scope=_scope(said["scope"], place),
        severity=severity,
        summary=str(said["summary"]).strip(),
        why=str(said["why"]).strip(),
        each=str(said["each"]),
        where=tuple(_conditions(said.get("where") or {}, place)),
        message=" ".join(str(said["message"]).split()),
        help=" ".join(str(said.get("help") or "").split()),
        similar=_similar(said.get("similar") or (), place),
        options=dict(_options(said.get("options") or {}, place)),
        origin="" if own else place,
    )
    if not own:  # ours are checked by a test, once
        check_words(rule, place)
    return rule


def _check_keys(said: dict[str, Any], name: str, place: str) -> None:
    for key in said:
        if key not in _KEYS:
            raise ConfigurationError(f"{place}: unknown key {key!r}{_suggestion(str(key), _KEYS)}")
    for key in _NEEDED:
        if key not in said:
            raise ConfigurationError(f"{place}: a rule needs {key!r}")
    if not _NAME.fullmatch(name):
        raise ConfigurationError(f"{place}: a rule's file and folder have names of small letters and _, not {name!r}")
    if not _CODE.fullmatch(str(said["code"])):
        raise ConfigurationError(f"{place}: code must be two capitals and two digits (CL02), not {said['code']!r}")


def _severity(value: Any, place: str) -> Severity | None:
    if value is False or value == "off":  # YAML 1.1 reads off as false
        return None
    try:
        return Severity(value)
    except ValueError:
        raise ConfigurationError(f"{place}: severity must be error, warning, note or off, not {value!r}") from None


def _scope(value: Any, place: str) -> RuleScope:
    try:
        return RuleScope(value)
    except ValueError:
        raise ConfigurationError(f"{place}: scope must be statement, graph or change, not {value!r}") from None


def _conditions(where: Any, place: str) -> Iterator[Condition]:
    if not isinstance(where, dict):
        raise ConfigurationError(f"{place}: where must be a mapping of attribute: {{test: value}}")
    for attribute, tests in where.items():
        if not isinstance(tests, dict):
            raise ConfigurationError(f"{place}: where.{attribute} must be {{test: value}}; tests are {', '.join(TESTS)}")
        for test, value in tests.items():
            yield Condition(str(attribute), str(test), value)


def _options(options: Any, place: str) -> Iterator[tuple[str, Option]]:
    if not isinstance(options, dict) or not all(isinstance(given, dict) for given in options.values()):
        raise ConfigurationError(f"{place}: options must be a mapping of name: {{default: value, description: text}}")
    for name, given in options.items():
        yield str(name), Option(given.get("default"), str(given.get("description") or ""))


def _similar(names: Any, place: str) -> tuple[str, ...]:
    if not isinstance(names, (list, tuple)) or not all(isinstance(name, str) for name in names):
        raise ConfigurationError(f"{place}: similar must be a list of texts, not {names!r}")
    return tuple(names)


def check_words(rule: Rule, place: str) -> None:
    if rule.each not in subjects():
        raise ConfigurationError(f"{place}: each: nothing is called {rule.each!r}{_suggestion(rule.each, subjects())}")
    known = word(rule.each).attributes
    for condition in rule.where:
        if condition.attribute not in known:
            raise ConfigurationError(
                f"{place}: a {rule.each} has no {condition.attribute!r}{_suggestion(condition.attribute, known)}"
            )
        if condition.test not in TESTS:
            raise ConfigurationError(f"{place}: no test is called {condition.test!r}{_suggestion(condition.test, TESTS)}")
        if isinstance(condition.value, str) and condition.value.startswith("$") and condition.value[1:] not in rule.options:
            raise ConfigurationError(f"{place}: {condition.value} is none of the rule's options")
    for name in (*_PLACE.findall(rule.message), *_PLACE.findall(rule.help)):
        if name not in known and name not in rule.options:
            raise ConfigurationError(
                f"{place}: {{{name}}} in the message: a {rule.each} has no such attribute{_suggestion(name, known)}"
            )


def _check_codes(rules: Iterable[Rule]) -> None:
    """Stages share a code among findings of one kind; rules do not."""
    owners: dict[str, Rule] = {}
    for rule in rules:
        other = owners.setdefault(rule.code, rule)
        if other is not rule and RuleScope.SCAN not in (rule.scope, other.scope):
            raise ConfigurationError(f"{rule.origin or rule.name}: code {rule.code} is {other.name}'s")


def _suggestion(word_: str, known: Iterable[str]) -> str:
    names = list(known)
    close = get_close_matches(word_, names, n=1)
    return f"; did you mean {close[0]!r}?" if close else f"; known are {', '.join(sorted(names))}"
