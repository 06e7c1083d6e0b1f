"""``contract init`` writes what the standard's own schema and classes take, and what the SQL then keeps."""

from __future__ import annotations

import io
import json
import re
import shutil
from importlib.resources import files
from pathlib import Path

import pytest
import yaml
from jsonschema import Draft201909Validator
from open_data_contract_standard.model import OpenDataContractStandard

from sqllineage_scan import check, contract_of
from sqllineage_scan.outputs.contract.odcs import write as write_contract
from tests.linting.repositories import write

SHOP = Path(__file__).parents[2] / "examples" / "shop"
SCHEMA = json.loads(files("open_data_contract_standard").joinpath("schema.json").read_text(encoding="utf-8"))
TYPES = {
    "snowflake": "number(38, 0) number(12, 2) varchar(20) boolean date timestamp_ntz(9) timestamp_tz float time binary variant",
    "bigquery": "int64 numeric string bool date timestamp datetime float64 time bytes json array<string> struct<x int64>",
    "postgres": "bigint numeric(12, 2) varchar(20) boolean date timestamptz float8 time bytea jsonb text[] uuid",
    "duckdb": "hugeint decimal(12,2) varchar boolean date timestamp double time blob json varchar[] uuid map(varchar, int)",
    "databricks": "bigint decimal(12,2) string boolean date timestamp double binary array<string> map<string,int>",
    "tsql": "int decimal(12,2) nvarchar(20) bit date datetime2 float time varbinary(10) uniqueidentifier datetimeoffset money",
    "clickhouse": "Int64 Decimal(12,2) String Bool Date DateTime64(3) Nullable(Int8) LowCardinality(String) UUID Array(String)",
}


def written(*names: str, path: Path) -> str:
    out = io.StringIO()
    write_contract(contract_of(names, path), out)
    return out.getvalue()


def names_of(kinds: str) -> list[str]:
    """Split at spaces outside of brackets."""
    return re.findall(r"(?:[^\s(<]|\([^)]*\)|<[^>]*>)+", kinds)


@pytest.mark.parametrize("dialect", TYPES)
def test_types_of_every_dialect_come_back(dialect: str, tmp_path: Path) -> None:
    columns = ", ".join(f"c{number} {kind}" for number, kind in enumerate(names_of(TYPES[dialect])))
    write(tmp_path, {"sqllineage-scan.toml": f'dialect = "{dialect}"\n', "t.sql": f"create table shop.t ({columns});\n"})
    text = written("shop.t", path=tmp_path)
    promised = yaml.safe_load(text)["schema"][0]["properties"]
    assert len(promised) == len(names_of(TYPES[dialect]))
    assert all("physicalType" in each for each in promised)
    write(tmp_path, {"contracts/t.yaml": text})
    report = check(tmp_path, only=["contracts"], contracts=["contracts/t.yaml"])
    assert [each.finding.message for each in report.findings] == []
    assert report.promises == 1


@pytest.mark.parametrize("names", [("customers",), ("orders", "revenue_daily"), ("shop.ops.orders",)])
def test_the_standard_takes_it_and_the_sql_keeps_it(names: tuple[str, ...]) -> None:
    text = written(*names, path=SHOP)
    assert text == written(*names, path=SHOP)
    document = yaml.safe_load(text)
    untyped = {
        f"{number}.{place}"
        for number, each in enumerate(document["schema"])
        for place, column in enumerate(each["properties"])
        if "logicalType" not in column
    }
    # as it is on PyPI the schema wants a map of properties without a logical type (bitol-io/open-data-contract-standard#322)
    wrong = {".".join(str(key) for key in error.absolute_path) for error in Draft201909Validator(SCHEMA).iter_errors(document)}
    assert wrong == {f"schema.{place.replace('.', '.properties.')}" for place in untyped}
    assert OpenDataContractStandard.from_string(text).to_yaml() == text


def test_a_contract_of_the_shop_is_kept(tmp_path: Path) -> None:
    root = shutil.copytree(SHOP, tmp_path / "shop")
    write(root, {"contracts/shop.yaml": written("customers", "shop.analytics.orders", "shop.ops.orders", path=root)})
    report = check(root, only=["contracts"], contracts=["contracts/shop.yaml"])
    assert [each.finding.message for each in report.findings] == []
    assert report.promises == 3
    whole = yaml.safe_load((root / "contracts/shop.yaml").read_text())
    columns = {each["name"]: each for each in whole["schema"][0]["properties"]}
    assert columns["customer_id"] == {
        "name": "customer_id", "physicalType": "bigint", "logicalType": "integer", "required": True, "unique": True,
    }  # fmt: skip
    assert columns["full_name"]["tags"] == ["pii"]
