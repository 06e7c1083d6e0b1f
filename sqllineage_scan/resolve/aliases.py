"""Names that mean an item of the SELECT list: ``select a + 1 as b, b * 2 as c``, ``group by b``, ``order by b``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqllineage_scan.domain.unit import AliasRule, Projection, Reference
from sqllineage_scan.resolve.scope import inputs_called, lists

if TYPE_CHECKING:
    from sqllineage_scan.resolve.scope import NameScope


def alias_of(
    reference: Reference, scope: NameScope, rule: AliasRule, own: Projection | None
) -> tuple[Projection, NameScope] | None:
    """The item that a name means, and the scope that it stands in; ``own`` is the item that the name stands in itself.

    select a as b, (select max(u.x) from u where u.k = b) from t      -- b of the query around, if u has none
    """
    level: NameScope | None = scope
    while level is not None:
        item = _named(reference, level) if rule is not AliasRule.NEVER else None
        if item is not None and item is not own and (rule is AliasRule.BEFORE_COLUMNS or not _is_column(reference, level, item)):
            return item, level
        name = (*reference.qualifier, reference.name)[0]
        if reference.qualifier or any(source.open or lists(source, name) for source in level.inputs):
            return None
        level = level.outer
        rule = level.alias_rule if level is not None else rule
    return None


def _named(reference: Reference, scope: NameScope) -> Projection | None:
    """``total``, and ``doc`` in ``doc.total`` where no input is called that."""
    if not reference.qualifier:
        return scope.aliases.get(reference.name)
    first = reference.qualifier[0]
    alias = scope.aliases.get(first)
    return None if alias is None or inputs_called(first, scope) else alias


def _is_column(reference: Reference, scope: NameScope, item: Projection) -> bool:
    """Whether a name that is also an alias means a column. Where the inputs' columns are not known, an alias that is
    built from its own name shows that there is one: ``select lower(name) as name, name || '!' as loud from t``.
    """
    name = (*reference.qualifier, reference.name)[0]
    if any(lists(source, name) for source in scope.inputs):
        return True
    if not any(source.open for source in scope.inputs):
        return False
    return any(isinstance(use, Reference) and use.name == name for use in item.uses)
