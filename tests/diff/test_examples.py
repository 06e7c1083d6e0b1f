"""Edits of the examples, each of a known effect."""

from __future__ import annotations

import re
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from sqllineage_scan.api import compare, scan
from sqllineage_scan.config.load import load_settings
from sqllineage_scan.config.settings import options_from
from sqllineage_scan.domain.change import Effect, Verdict

if TYPE_CHECKING:
    from sqllineage_scan.domain.change import Diff
    from sqllineage_scan.graph.model import LineageGraph

EXAMPLES = Path(__file__).parents[2] / "examples"
_STRING_OR_TEMPLATE = re.compile(r"('[^']*'|\{[{%#].*?[}%#]\}|\"[^\"]*\"|--[^\n]*|/\*.*?\*/|\$\$.*?\$\$)", re.DOTALL)
_KEYWORDS = re.compile(r"\b(select|from|where|join|on|and|group by|order by|as|case|when|then|else|end|with|inner|left)\b")


def _outside(text: str, change) -> str:
    """``change`` of all that is neither text, template nor comment."""
    pieces = _STRING_OR_TEMPLATE.split(text)
    pieces[::2] = [change(piece) for piece in pieces[::2]]
    return "".join(pieces)


COSMETIC = {
    "comments": lambda text: f"-- looked at again\n{text.rstrip()}\n/* the end */\n",
    "layout": lambda text: _outside(text, lambda piece: piece.replace("\n", "\n\n  ").replace(", ", "  ,  ")),
    "the case of words": lambda text: _outside(text, lambda piece: _KEYWORDS.sub(lambda word: word[0].upper(), piece)),
}

BREAKING = {  # file, what stands there, what stands there then, what is gone
    "a staged amount": ("warehouse/models/staging/stg_payments.sql", "as amount,", "as euros,", "stg_payments.euros"),
    "a price": ("warehouse/models/staging/stg_products.sql", "    list_price,\n", "", "stg_products.list_price"),
    "a key under USING": ("warehouse/models/staging/stg_order_lines.sql", "    product_id,\n", "", "stg_order_lines.product_id"),
    "a sum of a CTE's star": ("warehouse/models/staging/stg_order_lines.sql", "    quantity,\n", "", "stg_order_lines.quantity"),
    "a column of DDL that a view reads": (
        "ops/ddl/02_orders.sql",
        "    unit_cost numeric(10, 2) not null\n",
        "    cost text\n",
        "",
    ),
    "a filter behind a view's star": ("ops/views/order_totals.sql", "    o.status,\n", "", "ops.order_totals.status"),
    "a model that is read": ("warehouse/models/intermediate/int_order_payments.sql", None, None, "int_order_payments"),
}

REVIEW = {
    "a value": ("warehouse/models/staging/stg_refunds.sql", "'not given'", "'unknown'", "redefined", "stg_refunds.reason"),
    "a filter": ("warehouse/models/staging/stg_payments.sql", "'settled'", "'paid'", "rows_changed", "stg_payments"),
    "a macro": ("warehouse/macros/cents_to_euros.sql", "100", "1000", "redefined", "stg_payments.amount"),
    "rows of a seed": ("warehouse/seeds/country_regions.csv", "NL", "XX", "rows_changed", "country_regions"),
}


@pytest.fixture(scope="module")
def cache(tmp_path_factory) -> Path:
    return tmp_path_factory.mktemp("cache")


def _scan(folder: Path, cache: Path) -> LineageGraph:
    from dataclasses import replace

    return scan(folder, options=replace(options_from(load_settings(folder), root=folder), processes=1, cache_dir=cache))


def _edited(name: str, tmp_path: Path, cache: Path, edit) -> Diff:
    folder = tmp_path / name
    shutil.copytree(EXAMPLES / name, folder, ignore=shutil.ignore_patterns("target", "logs"))
    before = _scan(folder, cache)
    edit(folder)
    return compare(before, _scan(folder, cache))


@pytest.mark.parametrize("example", ["shop", "bakery"])
@pytest.mark.parametrize("what", COSMETIC)
def test_a_cosmetic_edit_of_every_file_is_silent(example, what, tmp_path, cache) -> None:
    edited = []

    def edit(folder: Path) -> None:
        for path in sorted(folder.rglob("*.sql")):
            text = path.read_text(encoding="utf-8", errors="surrogateescape")
            if "macros" not in path.parts:  # white space of a macro is a part of what it writes
                path.write_text(COSMETIC[what](text), encoding="utf-8", errors="surrogateescape")
                edited.append(path)

    diff = _edited(example, tmp_path, cache, edit)
    assert len(edited) > 10
    assert [(str(change.subject), change.kind.value, change.details) for change in diff.changes] == []


@pytest.mark.parametrize("what", BREAKING)
def test_no_breaking_edit_is_called_safe(what, tmp_path, cache) -> None:
    path, old, new, subject = BREAKING[what]

    def edit(folder: Path) -> None:
        if old is None:
            (folder / path).unlink()
            return
        text = (folder / path).read_text()
        assert old in text
        (folder / path).write_text(text.replace(old, new, 1))

    diff = _edited("shop", tmp_path, cache, edit)
    assert diff.verdict is Verdict.BREAKING
    broken = [str(change.subject) for change in diff.changes if change.effect is Effect.BREAKING]
    assert any(name.endswith(subject) for name in broken), broken


@pytest.mark.parametrize("what", REVIEW)
def test_another_meaning_is_told_where_it_was_made(what, tmp_path, cache) -> None:
    path, old, new, kind, subject = REVIEW[what]

    def edit(folder: Path) -> None:
        text = (folder / path).read_text()
        assert old in text
        (folder / path).write_text(text.replace(old, new, 1))

    diff = _edited("shop", tmp_path, cache, edit)
    assert diff.verdict is Verdict.REVIEW
    assert (kind, True) in [(change.kind.value, str(change.subject).endswith(subject)) for change in diff.changes]
