"""Reading YAML entries that may be of any type: what is not as dbt wants it is skipped, with a remark."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqllineage_scan.domain.dataset import Column
from sqllineage_scan.domain.finding import Finding, Severity
from sqllineage_scan.domain.names import NameKind
from sqllineage_scan.render.evaluation import is_template, is_true, known_value
from sqllineage_scan.render.lexical import relation_named
from sqllineage_scan.render.located import Located

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqllineage_scan.domain.names import RelationName
    from sqllineage_scan.domain.span import Span
    from sqllineage_scan.render.subject import Subject


class Reader:
    """Reads the entries of one YAML file and collects what was wrong with them."""

    def __init__(self, subject: Subject) -> None:
        self.subject = subject
        self.findings: list[Finding] = []

    def span(self, entry: Located) -> Span:
        return self.subject.span(*entry.place)

    def unexpected(self, entry: Located, key: str, wanted: str) -> None:
        message = f"`{key}` should be {wanted}"
        self.findings.append(Finding("RN11", "properties.unexpected", Severity.WARNING, message, self.span(entry), key))

    @property
    def package(self) -> str:
        return self.subject.owner.name

    def entries(self, parent: Located, key: str) -> Iterator[Located]:
        """The mappings of a list: ``columns:`` of a model. Nothing is fine, anything else is not."""
        listed = parent.get(key)
        if listed is None:
            return
        if not isinstance(listed, list):
            self.unexpected(parent, key, "a list")
            return
        for entry in listed:
            if isinstance(entry, Located):
                yield entry
            else:
                self.unexpected(parent, key, "a list of mappings")

    def named(self, parent: Located, key: str) -> Iterator[tuple[str, Located]]:
        """The entries that have a name, with it."""
        for entry in self.entries(parent, key):
            name = self.text(entry, "name")
            if name:
                yield name, entry
            elif not isinstance(entry.get("name"), (dict, list)):
                self.unexpected(entry, f"{key}.name", "a text")

    def text(self, entry: Located, key: str, default: str = "") -> str:
        """A text, its Jinja rendered; ``default`` where it is missing or cannot be known."""
        given = entry.get(key)
        if given is None:
            return default
        if isinstance(given, (dict, list)):
            self.unexpected(entry, key, "a text")
            return default
        if is_template(given):
            given = known_value(given, self.subject)
        return default if given is None else str(given)

    def mapping(self, entry: Located, key: str) -> Located:
        given = entry.get(key)
        if isinstance(given, Located):
            return given
        if given is not None:
            self.unexpected(entry, key, "a mapping")
        empty = Located()
        empty.place = entry.place
        return empty

    def settings(self, entry: Located, key: str) -> Iterator[Any]:
        """What an entry says itself and what its ``config:`` says: dbt moved ``tags`` and ``meta`` there."""
        for place in (entry, self.mapping(entry, "config")):
            if place.get(key) is not None:
                yield place[key]

    def tags(self, entry: Located) -> tuple[str, ...]:
        found: set[str] = set()
        for given in self.settings(entry, "tags"):
            listed = given if isinstance(given, list) else [given]
            if any(not isinstance(tag, str) for tag in listed):
                self.unexpected(entry, "tags", "a list of texts")
            found.update(tag for tag in listed if isinstance(tag, str))
        return tuple(sorted(found))

    def stewards(self, entry: Located) -> tuple[str, ...]:
        """``meta: {steward: ann}``, or ``stewards: [ann, bob]``: who looks after what it means."""
        return tuple(sorted(set(self._meta_texts(entry, ("steward", "stewards", "data_steward", "data_stewards")))))

    def terms(self, entry: Located) -> tuple[str, ...]:
        """``meta: {terms: [Net revenue]}``, ``glossary_term: Net revenue``: what the glossary calls it."""
        return tuple(sorted(set(self._meta_texts(entry, ("term", "terms", "glossary_term", "glossary_terms", "glossary")))))

    def _meta_texts(self, entry: Located, keys: tuple[str, ...]) -> Iterator[str]:
        for meta in self.settings(entry, "meta"):
            for key in keys if isinstance(meta, dict) else ():
                listed = meta.get(key)
                for given in listed if isinstance(listed, list) else [listed]:
                    said = given.get("name") or given.get("email") if isinstance(given, dict) else given
                    if isinstance(said, str) and said.strip():
                        yield said.strip()

    def owner(self, entry: Located) -> str | None:
        """``meta: {owner: ann}``, or ``owner: {name: Ann, email: ann@example.com}`` as exposures have it."""
        candidates = [entry.get("owner"), *(meta.get("owner") for meta in self.settings(entry, "meta") if isinstance(meta, dict))]
        for owner in candidates:
            if isinstance(owner, dict):
                owner = owner.get("name") or owner.get("email")  # noqa: PLW2901 -- the name is what we want of it
            if isinstance(owner, str) and owner:
                return owner
        return None

    def enabled(self, entry: Located, *, default: bool = True) -> bool:
        for given in self.settings(entry, "enabled"):
            return is_true(known_value(given, self.subject, default))
        return default

    def references(self, entry: Located, key: str) -> Iterator[RelationName]:
        """The relations that a text or a list of texts names: ``depends_on: [ref('orders'), source('raw', 'orders')]``"""
        listed = entry.get(key)
        for item in listed if isinstance(listed, list) else [listed]:
            name = relation_named(item.strip().strip("{}").strip()) if isinstance(item, str) else None
            if name is not None and name.kind in (NameKind.REF, NameKind.SOURCE):
                yield name

    def columns(self, entry: Located) -> tuple[Column, ...]:
        return tuple(self._column(name, column) for name, column in self.named(entry, "columns"))

    def column_places(self, entry: Located) -> dict[str, Span]:
        """Where each of them is listed."""
        return {name: self.span(column) for name, column in self.named(entry, "columns")}

    def _column(self, name: str, column: Located) -> Column:
        return Column(
            name=name,
            type=self.text(column, "data_type") or None,
            description=self.text(column, "description").strip(),
            tags=self.tags(column),
            tests=self._tests(column),
            terms=self.terms(column),
        )

    def _tests(self, column: Located) -> tuple[str, ...]:
        """``tests: [unique, {accepted_values: {values: [a]}}]``  ->  unique, accepted_values"""
        found: list[str] = []
        for key in ("tests", "data_tests"):
            listed = column.get(key)
            if listed is not None and not isinstance(listed, list):
                self.unexpected(column, key, "a list")
                continue
            for test in listed or ():
                name = _test_name(test)
                if name:
                    found.append(name)
                else:
                    self.unexpected(column, key, "a list of test names or of mappings from a test's name")
        return tuple(dict.fromkeys(found))


def _test_name(test: Any) -> str:
    if isinstance(test, str):
        return test
    if not isinstance(test, dict) or not test:
        return ""
    named = test.get("test_name")
    return named if isinstance(named, str) else str(next(iter(test)))
