"""Two versions of a contract: what changed, what that is to readers, and whether the number says so."""

from __future__ import annotations

import pytest

from sqllineage_scan.diff.contracts import compare_contracts
from sqllineage_scan.domain.contract import Bump, Contract
from sqllineage_scan.inputs.odcs import read_contract


def contract(properties: str, version: str = "1.0.0", *, more: str = "", id_: str = "shop") -> Contract:
    text = (
        f"version: '{version}'\nkind: DataContract\napiVersion: v3.1.0\nid: {id_}\nstatus: active\n"
        f"schema: [{{name: orders, properties: [{properties}]}}{more}]\n"
    )
    read, findings = read_contract(text, "c.yaml")
    assert findings == ()
    assert read is not None
    return read


BASE = "{name: id, physicalType: bigint, required: true, unique: true}, {name: note, logicalType: string, tags: [a]}"


@pytest.mark.parametrize(
    ("now", "kind", "subject", "bump"),
    [
        ("{name: id, physicalType: bigint, required: true, unique: true}", "missing", "orders.note", Bump.MAJOR),
        (BASE + ", {name: more}", "extra", "orders.more", Bump.MINOR),
        (BASE.replace("bigint", "text"), "type", "orders.id", Bump.MAJOR),
        (BASE.replace("bigint", "INT64"), "type", "orders.id", Bump.MINOR),
        (BASE.replace("bigint", "mood"), "type", "orders.id", Bump.MAJOR),
        (BASE.replace("physicalType: bigint, ", ""), "type", "orders.id", Bump.MAJOR),
        (BASE.replace("logicalType: string", "logicalType: integer"), "type", "orders.note", Bump.MAJOR),
        (BASE.replace("required: true", "required: false"), "required", "orders.id", Bump.MAJOR),
        (BASE.replace("unique: true", "unique: false"), "unique", "orders.id", Bump.MAJOR),
        (BASE.replace("tags: [a]", "tags: [a], required: true"), "required", "orders.note", Bump.MINOR),
        (BASE.replace("tags: [a]", "tags: [b]"), "tags", "orders.note", Bump.MINOR),
        (BASE.replace("tags: [a]", "tags: [a], classification: secret"), "tags", "orders.note", Bump.MINOR),
        (BASE.replace("tags: [a]", "tags: [a], description: words"), "description", "orders.note", Bump.PATCH),
    ],
)
def test_one_change(now: str, kind: str, subject: str, bump: Bump) -> None:
    diff = compare_contracts(contract(BASE), contract(now))
    assert [(each.kind, each.subject, each.bump) for each in diff.changes] == [(kind, subject, bump)]
    assert diff.needed is bump
    assert bool(diff.breaking) is (bump is Bump.MAJOR)
    assert diff.judged.startswith("1.0.0 -> 1.0.0 is no step; this takes ")


def test_case_and_order_are_nothing() -> None:
    turned = "{name: NOTE, logicalType: string, tags: [a]}, {name: Id, physicalType: BIGINT, required: true, unique: true}"
    diff = compare_contracts(contract(BASE), contract(turned))
    assert (diff.changes, diff.needed, diff.judged) == ((), Bump.NONE, "")


def test_datasets_and_ids() -> None:
    diff = compare_contracts(contract(BASE, more=", {name: customers}"), contract(BASE, more=", {name: items}", id_="other"))
    assert [(each.kind, each.subject) for each in diff.changes] == [
        ("missing", "customers"),
        ("id", "other"),
        ("extra", "items"),
    ]


LESS = "{name: id, physicalType: bigint, required: true, unique: true}"


@pytest.mark.parametrize(
    ("old", "new", "now", "judged"),
    [
        ("1.0.0", "2.0.0", LESS, ""),
        ("1.0.0", "2.0.0-rc.1", LESS, ""),
        ("1.4.2", "1.5.0", LESS, "1.4.2 -> 1.5.0 is a minor step; this takes 2.0.0"),
        ("1.4.2", "1.4.3", BASE + ", {name: x}", "1.4.2 -> 1.4.3 is a patch step; this takes 1.5.0"),
        ("1.4.2", "1.5.0", BASE + ", {name: x}", ""),
        ("0.4.2", "0.5.0", LESS, ""),  # before 1.0.0 a minor version may break
        ("0.4.2", "0.4.3", LESS, "0.4.2 -> 0.4.3 is a patch step; this takes 0.5.0"),
        ("2.0.0", "1.9.0", BASE, "2.0.0 -> 1.9.0 goes back"),
        ("1.0.0", "1.1.0", BASE, ""),
        ("spring", "spring", LESS, "spring -> spring: the contract changed, its version did not"),
        ("spring", "summer", LESS, ""),
    ],
)
def test_what_the_number_says(old: str, new: str, now: str, judged: str) -> None:
    assert compare_contracts(contract(BASE, old), contract(now, new)).judged == judged
