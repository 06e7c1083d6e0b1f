"""Reading contracts of the Open Data Contract Standard: what is wrong with a file is a finding with its place."""

from __future__ import annotations

import pytest

from sqllineage_scan.inputs.odcs import read_contract

HEAD = "version: 1.0.0\nkind: DataContract\napiVersion: v3.1.0\nid: shop\nstatus: active\n"


def told(text: str) -> list[tuple[str, int, int, str]]:
    return [(each.name, each.span.line, each.span.column, each.message) for each in read_contract(text, "c.yaml").findings]


def test_what_is_read() -> None:
    text = HEAD + (
        "name: the shop\n"
        "servers:\n"
        "  - {server: prod, type: snowflake, account: acme, database: SHOP, schema: PUBLIC}\n"
        "schema:\n"
        "  - name: orders\n"
        "    tags: [finance]\n"
        "    properties:\n"
        "      - name: id\n"
        "        physicalType: NUMBER(38,0)\n"
        "        required: true\n"
        "      - name: mail\n"
        "        physicalName: EMAIL\n"
        "        logicalType: string\n"
        "        classification: restricted\n"
        "        tags: [pii]\n"
    )
    contract, findings = read_contract(text, "c.yaml")
    assert findings == ()
    assert contract is not None
    assert (contract.label, contract.version, contract.status) == ("the shop", "1.0.0", "active")
    (orders,) = contract.datasets
    assert orders.names == ("SHOP.PUBLIC.orders", "orders")
    assert orders.span[1:3] == (10, 5)
    assert [(each.name, each.type, each.logical_type, each.required, each.span.line) for each in orders.columns] == [
        ("id", "NUMBER(38,0)", "", True, 13),
        ("EMAIL", "", "string", None, 16),
    ]
    assert (orders.columns[1].tags, orders.columns[1].classification) == (("pii",), "restricted")


def test_what_the_standard_refuses_is_told_where_it_stands() -> None:
    text = HEAD + (
        "bogus: 1\n"
        "schema:\n"
        "  - name: orders\n"
        "    properties:\n"
        "      - name: id\n"
        "        logicalType: integr\n"
        "      - logicalType: string\n"
    )
    contract, findings = read_contract(text, "c.yaml")
    assert contract is None  # the standard allows nothing else beside its own keys
    assert {(each.name, each.subject, each.span.line) for each in findings} >= {
        ("contracts.invalid", "schema[0].properties[0].logicalType", 11),
        ("contracts.invalid", "schema[0].properties[1]", 12),
        ("contracts.unreadable", "c.yaml", 1),
    }


def test_what_is_invalid_is_still_read_where_it_can_be() -> None:
    text = "kind: DataContract\napiVersion: v3.1.0\nid: shop\nschema: [{name: orders, properties: [{name: id}]}]\n"
    contract, findings = read_contract(text, "c.yaml")
    assert [each.message for each in findings] == ["'version' is a required property"]
    assert contract is not None
    assert [column.name for column in contract.datasets[0].columns] == ["id"]


def test_a_property_needs_no_logical_type() -> None:
    """The schema of 3.2.0 on PyPI wants a map of it (bitol-io/open-data-contract-standard#322)."""
    assert told(HEAD + "schema: [{name: orders, properties: [{name: id, physicalType: int}]}]\n") == []
    assert told(HEAD + "schema: [{name: orders, properties: [{name: id, logicalType: map}]}]\n") != []


def test_dates_stay_texts() -> None:
    assert told(HEAD + "contractCreatedTs: 2024-01-01T00:00:00Z\n") == []


@pytest.mark.parametrize(
    ("text", "line", "why"),
    [
        ("a: [", 2, "did not find expected node content"),
        ("", 1, "it holds no mapping"),
        ("- a\n", 1, "it holds no mapping"),
        ("models: []\n", 1, "it is no ODCS contract: it says neither `kind: DataContract` nor `apiVersion`"),
        ("kind: DataContract\napiVersion: v2.2.0\n", 2, "ODCS v2.2.0 is not read, only v3.x"),
        ("a: &a [*a]\n", 1, "it means more than 200,000 values"),
        ("[" * 5000, 1, "exceeded maximum nesting depth"),
        ("a: !!python/object:os.system x\n", 1, "could not determine a constructor for the tag"),
    ],
)
def test_what_cannot_be_read(text: str, line: int, why: str) -> None:
    (found,) = told(text)
    assert found[0] == "contracts.unreadable"
    assert found[1] == line or why.startswith("exceeded")
    assert why in found[3]


def test_a_few_lines_that_mean_billions() -> None:
    text = "a: &a [1, 2, 3, 4, 5, 6, 7, 8, 9]\n"
    for letter, before in zip("bcdefghi", "abcdefgh", strict=True):
        text += f"{letter}: &{letter} [{', '.join([f'*{before}'] * 9)}]\n"
    assert [each[0] for each in told(text)] == ["contracts.unreadable"]
