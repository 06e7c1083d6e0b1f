"""dbt's own compiled SQL in place of a rendering that has holes."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from sqllineage_scan.domain.source import Rendered, SourceMap, line_starts

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqllineage_scan.domain.names import RelationName


def from_compiled(path: str, text: str, compiled: str, names: Mapping[str, RelationName]) -> Rendered:
    """What dbt made of the template ``text``, with the relations in it named as the template names them.

    select * from "shop"."prod"."stg_orders"   ->   select * from ref__0        ref__0: ref('stg_orders')

    ``names``: what stands for a relation in ``compiled``, and its meaning. All of it comes from the whole template, since
    nobody knows which piece made what.
    """
    tokens: dict[str, RelationName] = {}
    written: dict[str, str] = {}
    number = 0
    for relation in sorted(names, key=lambda name: (-len(name), name)):  # the longest first: one may begin another
        while (token := f"{names[relation].kind.value}__{number}") in compiled.lower():
            number += 1
        number += 1
        tokens[token], written[relation] = names[relation], token
    if written:
        pattern = "|".join(map(re.escape, written))
        compiled = re.sub(rf"(?<![\w.\"`])(?:{pattern})(?![\w\"`])", lambda found: written[found[0]], compiled)
    place = SourceMap(path, line_starts(text), (0,), (0,), (max(len(text), 1),))
    return Rendered(compiled, place, names=tokens, artifact="its SQL is what dbt compiled")
