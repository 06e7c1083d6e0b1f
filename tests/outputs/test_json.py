"""The document's text is the standard library's, only sooner."""

from __future__ import annotations

import io
import json
from typing import TYPE_CHECKING, Any

from hypothesis import given
from hypothesis import strategies as some

from sqllineage_scan.outputs.lineage.json import _item, indented, write

if TYPE_CHECKING:
    from sqllineage_scan.graph.model import LineageGraph

TEXTS = some.text(some.characters(codec="utf-8"))
PLAIN = some.none() | some.booleans() | some.integers() | some.floats(allow_nan=False, allow_infinity=False) | TEXTS
VALUES = some.recursive(PLAIN, lambda inner: some.lists(inner) | some.dictionaries(TEXTS, inner))


def standard(value: Any) -> str:
    return json.dumps(value, indent=2, ensure_ascii=False)


@given(VALUES)
def test_any_value(value: Any) -> None:
    assert indented(value, "\n") == standard(value)


def test_the_document(shop: LineageGraph) -> None:
    out = io.StringIO()
    write(shop, out)
    assert out.getvalue() == standard(shop.to_dict()) + "\n"


ODD = (
    TEXTS
    | some.text(some.characters(categories=["Cc", "Cs", "Zl", "Zp", "Lu"]))
    | some.sampled_from(['"', "\\", "\ud800", "\x85"])
)
CONFIDENCES = some.floats(0, 1).map(lambda value: round(value, 4))
ITEMS = some.recursive(
    some.none() | some.booleans() | some.integers(-(2**53), 2**53) | CONFIDENCES | ODD,
    lambda inner: some.lists(inner, max_size=4) | some.dictionaries(ODD, inner, max_size=4),
    max_leaves=15,
)


@given(some.dictionaries(ODD, ITEMS, max_size=5))
def test_an_item_of_the_document(value: dict[str, Any]) -> None:
    assert _item(value) == standard(value).replace("\n", "\n    ")
