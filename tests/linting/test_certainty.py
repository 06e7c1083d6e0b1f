"""A finding that rests on an uncertain edge is a warning that names the edge, never an error."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqllineage_scan.domain.finding import Severity
from tests.linting.repositories import write

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from sqllineage_scan.domain.report import Report

YAML = """
models:
  - name: customers
    columns: [{name: email, tags: [pii]}]
exposures:
  - {name: board, type: dashboard, owner: {name: Ann}, depends_on: [ref('report')]}
"""
PROJECT = {"dbt_project.yml": "name: shop\nversion: '1'\n", "models/all.yml": YAML}
CUSTOMERS = {"models/customers.sql": "select id, email from raw.customers"}


def exposed(report: Report) -> list[tuple[Severity, str]]:
    return [(each.finding.severity, each.finding.message) for each in report.open if each.finding.name == "privacy.exposed"]


def test_certain_is_an_error(checked: Callable[..., Report]) -> None:
    files = {**PROJECT, **CUSTOMERS, "models/report.sql": "select c.email from {{ ref('customers') }} c"}
    (found,) = exposed(checked(files))
    assert found == (Severity.ERROR, "shop.report.email shows shop.customers.email, tagged pii; the exposure board uses it")


def test_one_of_two_is_a_warning_that_names_the_edge(checked: Callable[..., Report]) -> None:
    visits = {"models/visits.sql": "select id, email from raw.visits"}
    report = "select email from {{ ref('customers') }} c join {{ ref('visits') }} v on v.id = c.id"
    (found,) = exposed(checked({**PROJECT, **CUSTOMERS, **visits, "models/report.sql": report}))
    assert found[0] is Severity.WARNING
    assert "not certain: " in found[1]
    assert "email -> " in found[1]
    assert "candidate: email may come from c or v" in found[1]


def test_only_when_incremental_is_a_warning(checked: Callable[..., Report]) -> None:
    report = "select {% if is_incremental() %} email {% else %} 'x' as email {% endif %} from {{ ref('customers') }}"
    (found,) = exposed(checked({**PROJECT, **CUSTOMERS, "models/report.sql": report}))
    assert found[0] is Severity.WARNING
    assert "only when is_incremental()" in found[1]


def test_a_boundary_is_no_exception(tmp_path: Path, checked: Callable[..., Report]) -> None:
    boundary = '[[boundaries]]\nname = "b"\ntype = "forbidden"\nfrom = ["raw.orders"]\nto = ["schema:out"]\n'
    write(tmp_path, {"ddl.sql": "create table raw.orders (id int); create table crm.orders (id int);"})
    report = checked({"v.sql": "create view out.v as select id from orders", "sqllineage-scan.toml": boundary})
    (found,) = [each.finding for each in report.open if each.finding.name == "boundaries.forbidden"]
    assert found.severity is Severity.WARNING
    assert "orders may be crm.orders or raw.orders" in found.message
