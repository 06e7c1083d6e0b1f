"""Which column a name means, where it stands: SQL's rules of visibility."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from sqllineage_scan.domain.evidence import Evidence, EvidenceKind
from sqllineage_scan.domain.names import NameKind
from sqllineage_scan.domain.unit import AliasRule
from sqllineage_scan.resolve.inputs import DatasetSource, Found, RelationSource, Source

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqllineage_scan.domain.span import Span
    from sqllineage_scan.domain.unit import Projection, Reference


@dataclass(slots=True)
class NameScope:
    """The names in sight inside one SELECT: its inputs, the items of its list so far, and the query around it."""

    inputs: Sequence[Source]
    outer: NameScope | None = None
    alias_rule: AliasRule = AliasRule.NEVER
    aliases: dict[str, Projection] = field(default_factory=dict)
    left_wins: bool = False  # of two inputs that have the name
    variables: bool = False  # no query, but the variables of a script or the parameters of a function
    _named: dict[str, Source | None] = field(default_factory=dict)
    _counted: int = -1

    def named(self, alias: str) -> Source | None:
        """The input of this SELECT that has ``alias``; None where there is none, or where two have it."""
        return self._by_alias().get(alias)

    def calls(self, alias: str) -> bool:
        """Whether any of its inputs has that alias."""
        return alias in self._by_alias()

    def _by_alias(self) -> dict[str, Source | None]:
        inputs = self.inputs
        if self._counted != len(inputs):
            self._counted = len(inputs)
            self._named = {}
            for source in inputs:
                called = source.spec.alias
                self._named[called] = None if called in self._named else source
        return self._named

    def now(self) -> NameScope:
        """The scope as it is, whatever is added to it later."""
        return NameScope(tuple(self.inputs), self.outer, self.alias_rule, dict(self.aliases), self.left_wins)

    def before(self, projection: Projection) -> NameScope:
        """The scope as it was when ``projection`` was bound: without its own alias and those behind it."""
        earlier: dict[str, Projection] = {}
        for name, item in self.aliases.items():
            if item is projection:
                break
            earlier[name] = item
        return NameScope(self.inputs, self.outer, self.alias_rule, earlier, self.left_wins, self.variables)


def lookup(reference: Reference, scope: NameScope, *, condition: bool = False) -> Found | None:
    """What ``reference`` means by its inputs; None when nothing here can have it. Aliases are the caller's affair.
    ``condition``: it stands in a WHERE or ON, where a subquery speaks of the query around it.

    select o.amount, name from orders o join customers c on …
           qualified  unqualified: whichever input has it
    """
    levels = _outwards(scope)
    if reference.piped:
        found = next((behind for source in scope.inputs if (behind := _behind(source, reference)) is not None), None)
        return found or lookup(reference._replace(qualifier=(), piped=False), scope, condition=condition)
    if not reference.qualifier:
        found = _outwards_lookup(reference.name, levels, reference)
        if found is not None and condition and not found.certain:
            return _or_around(found, reference, levels)
        return found or _not_in_schema(reference, scope)
    names = (*reference.qualifier, reference.name)
    for last in range(len(reference.qualifier) - 1, -1, -1):  # raw.orders.amount; o.address.zip: column address of o
        for level in levels:
            named = _called(names[: last + 1], level)
            if named:
                return _along(_of_input(names[last + 1], named, level, reference), names[last + 2 :])
    return _along(_outwards_lookup(names[0], levels, reference), names[1:])  # address.zip: a column, and a field of it


def plain_lookup(reference: Reference, scope: NameScope, rule: AliasRule) -> tuple[Found, EvidenceKind] | None:
    """What ``lookup`` says of most references, for a tenth of the cost: ``o.amount`` where one input is called o, ``amount``
    where one input lists it, or where there is one input, and nothing else has that name. None: it takes a closer look.
    """
    qualifier = reference.qualifier
    if qualifier:
        source = scope.named(qualifier[0]) if len(qualifier) == 1 and not reference.piped else None
        found = source.find(reference.name) if source is not None else None
        return None if found is None else (found, EvidenceKind.QUALIFIED)
    name = reference.name
    if reference.piped or (rule is not AliasRule.NEVER and name in scope.aliases):
        return None
    level: NameScope | None = scope
    while level is not None:
        if level.calls(name):
            return None
        level = level.outer
    return _plain_owner(name, scope)


def _plain_owner(name: str, scope: NameScope) -> tuple[Found, EvidenceKind] | None:
    inputs = scope.inputs
    owner: Source | None = None
    for source in inputs:
        if not source.spec.by_alias_only and lists(source, name):
            if owner is not None:
                return None
            owner = source
    if owner is None:
        if len(inputs) != 1 or scope.outer is not None or inputs[0].spec.by_alias_only or not inputs[0].open:
            return None
        found = inputs[0].find(name)
        return None if found is None else (found, EvidenceKind.SOLE_INPUT)
    found = owner.find(name)
    if found is None or (scope.outer is not None and (owner.computed or not found.certain)):
        return None
    return found, EvidenceKind.SCHEMA


def _of_input(name: str, named: Sequence[Source], level: NameScope, reference: Reference) -> Found | None:
    for source in named:
        found = source.find(name)
        if found is not None:
            return _with(found, EvidenceKind.QUALIFIED, reference.span)
    return _not_in_schema(reference, level)


def _behind(source: Source, reference: Reference) -> Found | None:
    """What a step of a pipeline passes on from the table that had this alias in an earlier one."""
    if not isinstance(source, RelationSource):
        return None
    for inner in source.draft.sources:
        found = inner.find(reference.name) if inner.alias == reference.qualifier[0] else _behind(inner, reference)
        if found is not None:
            return _with(found, EvidenceKind.QUALIFIED, reference.span)
    return None


def _along(found: Found | None, path: tuple[str, ...]) -> Found | None:
    return found._replace(path=path) if path and found is not None else found


def _outwards_lookup(name: str, levels: Sequence[NameScope], reference: Reference) -> Found | None:
    for depth, level in enumerate(levels):
        found = unqualified(name, level, reference.span)
        if found is None:
            continue
        if not found.certain and any(level.variables and _lists_any(level, name) for level in levels[depth + 1 :]):
            continue  # a declared variable rather than a column that nobody lists
        outer = [source for above in levels[depth + 1 :] for source in above.inputs]
        if not outer:
            return found
        if _only_computed(name, level) and any(lists(source, name) for source in outer):
            continue  # a column of the query around rather than one that a table function might return
        return found
    return None


def _or_around(found: Found, reference: Reference, levels: Sequence[NameScope]) -> Found:
    """A name that the inner query may have, as nobody lists its columns, and that the query around has:

    select o.id from orders o where exists (select 1 from payments where order_id = id)
    """
    for level in levels[1:]:
        if _lists_any(level, reference.name):
            outer = unqualified(reference.name, level, reference.span)
            if outer is not None and outer.certain and not set(outer.origins) & set(found.origins):
                return _candidates([found, outer], reference.name, levels[0], reference.span)
    return found


def _lists_any(scope: NameScope, name: str) -> bool:
    return any(lists(source, name) for source in scope.inputs if not source.spec.by_alias_only)


def _only_computed(name: str, scope: NameScope) -> bool:
    may = [source for source in scope.inputs if source.open or lists(source, name)]
    return all(source.computed and name not in (source.alias, *source.spec.columns) for source in may)


def whole_row(name: str, scope: NameScope) -> Source | None:
    """The input that an unqualified name means as a whole: ``select to_json(o) from orders o``. A column of that name wins,
    also one that an input may have whose columns are not all known.
    """
    levels = _outwards(scope)
    if not any(source.spec.alias == name for level in levels for source in level.inputs):
        return None
    for level in levels:
        if any(lists(source, name) for source in level.inputs):
            return None
        rows = (source for source in level.inputs if not source.computed or source.spec.columns)  # unnest(a) as u(x)
        found = next((source for source in rows if source.alias == name), None)
        if found is not None and (not found.open or _renamed(found)):
            return found
        if any(source.open for source in level.inputs):
            return None
    return None


def _renamed(source: Source) -> bool:
    """Whether the input has a name that the statement gave it, which then is hardly a column too."""
    written = source.spec.source
    return isinstance(written, int) or written.last != source.alias


def inputs_called(name: str, scope: NameScope) -> list[Source]:
    """The inputs that answer to an alias, in the nearest scope that has any."""
    for level in _outwards(scope):
        named = [source for source in level.inputs if source.alias == name] or [
            source for source in level.inputs if _rendered_as(source) == name
        ]
        if named:
            return named
    return []


def _outwards(scope: NameScope | None) -> list[NameScope]:
    """The scope and those around it, the nearest first."""
    levels = []
    while scope is not None:
        levels.append(scope)
        scope = scope.outer
    return levels


def _called(qualifier: tuple[str, ...], scope: NameScope) -> list[Source]:
    """The inputs that answer to ``o`` in ``o.amount``, to ``raw.orders`` in ``raw.orders.amount``."""
    last = qualifier[-1]
    named = [source for source in scope.inputs if source.spec.alias == last] or [
        source for source in scope.inputs if _rendered_as(source) == last
    ]
    if len(named) > 1 and len(qualifier) > 1:
        return [source for source in named if _ends_with(source, qualifier)] or named
    return named


def _rendered_as(source: Source) -> str:
    """What a ``ref`` without an alias is called once dbt has written the relation: ``ref('invoices_v2')`` is shop.invoices."""
    written = source.spec.source
    if not isinstance(source, DatasetSource) or isinstance(written, int) or written.kind not in (NameKind.REF, NameKind.SOURCE):
        return ""
    return source.meaning.datasets[0].name.rpartition(".")[2] if source.spec.alias == written.last else ""


def unqualified(name: str, scope: NameScope, span: Span | None = None) -> Found | None:
    """Valid SQL has one input with that column, or merges them by USING; so an input known to have it settles the matter."""
    certain: list[tuple[Source, Found]] = []
    possible: list[Source] = []
    for source in scope.inputs:
        if source.spec.by_alias_only:
            continue
        if lists(source, name):
            found = source.find(name)
            if found is not None:
                certain.append((source, found))
        elif source.open:
            possible.append(source)
    if len(certain) == 1:
        return _with(certain[0][1], EvidenceKind.SCHEMA, span)
    shown = [(source, found) for source, found in certain if source.spec.visible]
    certain = shown or certain  # a semi join b: outside of its condition only a is seen
    if certain:
        one = merged(certain, name) or (certain[0][1] if scope.left_wins else None)
        return _with(one, EvidenceKind.SCHEMA, span) if one else _candidates([found for _, found in certain], name, scope, span)
    itself = [source for source in possible if source.computed and source.alias == name]  # unnest(o.items) as item
    tables = [source for source in possible if not source.computed]  # a table rather than what a table function may return
    answers = [(source, found) for source in itself or tables or possible if (found := source.find(name)) is not None]
    if not answers:
        return None
    if len(answers) == 1:
        return _with(answers[0][1], EvidenceKind.SOLE_INPUT if len(scope.inputs) == 1 else EvidenceKind.SCHEMA, span)
    one = merged(answers, name)
    return _with(one, EvidenceKind.SCHEMA, span) if one else _candidates([found for _, found in answers], name, scope, span)


def merged(answers: Sequence[tuple[Source, Found]], name: str) -> Found | None:
    """The one column that several inputs of a USING or NATURAL join share; None where they do not share it.

    Its value is the left one's, the right one's after a RIGHT JOIN, and either's after a FULL JOIN.
    """
    value = answers[0][1]
    for source, found in answers[1:]:
        if not (name in source.spec.using or source.spec.natural):
            return None
        if source.spec.side == "right":
            value = found
        elif source.spec.side == "full":
            value = Found((*value.origins, *found.origins), value.certain, (*value.evidence, *found.evidence))
    return value


def lists(source: Source, name: str) -> bool:
    """Whether an input is known to have a column, as against: may have it."""
    if isinstance(source, DatasetSource):
        return source.lists(name)
    assert isinstance(source, RelationSource)
    if name[:1] == "$" and name[1:].isdigit() and not source.open:  # select $2 from (values (1, 'x'))
        return int(name[1:]) <= len(source.draft.columns)
    return name in source.spec.columns or name in source.draft.index


def _candidates(answers: Sequence[Found], name: str, scope: NameScope, span: Span | None) -> Found:
    origins = tuple(dict.fromkeys(origin for found in answers for origin in found.origins))
    aliases = " or ".join(sorted({source.alias for source in scope.inputs if source.alias}))
    evidence = tuple(item for found in answers for item in found.evidence)
    choice = Evidence(EvidenceKind.CANDIDATE, f"{name} may come from {aliases}", span, among=len(answers))
    return Found(origins, certain=False, evidence=(*evidence, choice))


def _not_in_schema(reference: Reference, scope: NameScope) -> Found | None:
    """A column of a table whose known columns lack it: the list is out of date, or the query is broken. Kept, with the doubt."""
    inputs = [source for source in scope.inputs if isinstance(source, DatasetSource) and not source.spec.columns]
    if reference.qualifier:
        inputs = [source for source in inputs if source.alias == reference.qualifier[-1]]
    else:
        inputs = [source for source in inputs if not source.spec.by_alias_only]
    answers = [_demanded(reference, source) for source in inputs]
    if len(answers) > 1 and not reference.qualifier:
        return _candidates(answers, reference.name, scope, reference.span)
    return answers[0] if len(answers) == 1 else None


def _demanded(reference: Reference, source: DatasetSource) -> Found:
    dataset = source.meaning.datasets[0]
    note = f"{dataset} has no column {reference.name} that is known"
    return Found(
        (source.demand(dataset, reference.name),),
        certain=False,
        evidence=(*source.meaning.evidence, Evidence(EvidenceKind.NOT_IN_SCHEMA, note, reference.span)),
    )


def _ends_with(source: Source, qualifier: tuple[str, ...]) -> bool:
    name = source.spec.source
    return not isinstance(name, int) and name.parts[-len(qualifier) :] == qualifier


def _with(found: Found, kind: EvidenceKind, span: Span | None) -> Found:
    origins, certain, evidence, path = found
    own = Evidence(kind, "", span)
    return Found(origins, certain, (own, *evidence) if evidence else (own,), path)
