"""Loops over the columns of another relation: which columns they make is known once that relation's are."""

from __future__ import annotations

import pytest

from sqllineage_scan import scan

ORDERS = "select 1 as id, 2 as amount, 3 as tax, now() as _synced"
CASES = {
    "each of them aggregated, but for some": (
        """
        select o.id, {% for c in adapter.get_columns_in_relation(ref('orders')) if c.name not in ['id', '_synced'] %}
          max({{ c.name }}) as {{ c.name }}_max {% if not loop.last %},{% endif %}
        {% endfor %}
        from {{ ref('orders') }} o group by 1
        """,
        {"orders.id -> id IDENTITY", "orders.amount -> amount_max AGGREGATION", "orders.tax -> tax_max AGGREGATION"},
    ),
    "qualified by an alias of something that passes them on": (
        """
        with s as (select * from {{ ref('orders') }})
        select {% for c in dbt_utils.get_filtered_columns_in_relation(from=ref('orders'), except=['_synced', 'id']) %}
          coalesce(s.{{ c | lower }}, s.id) as {{ adapter.quote(c) }},
        {% endfor %} 1 as one from s
        """,
        {
            "orders.amount -> amount TRANSFORMATION",
            "orders.id -> amount TRANSFORMATION",
            "orders.tax -> tax TRANSFORMATION",
            "orders.id -> tax TRANSFORMATION",
        },
    ),
    "as a list of names": (
        """
        {% set names = adapter.get_columns_in_relation(ref('orders')) | map(attribute='name') | reject('in', ['id', '_synced']) %}
        select {{ names | join(', ') }} from {{ ref('orders') }}
        """,
        {"orders.amount -> amount IDENTITY", "orders.tax -> tax IDENTITY"},
    ),
    "all of them in one expression": (
        """
        {% set columns = adapter.get_columns_in_relation(ref('orders')) %}
        select md5(concat({% for c in columns %}{{ c.name }}, {% endfor %} 'x')) as row_hash
        from {{ ref('orders') }}
        """,
        {f"orders.{column} -> row_hash TRANSFORMATION" for column in ("id", "amount", "tax", "_synced")},
    ),
    "beside a name that is made of theirs, which is anybody's guess": (
        """
        select {% for c in adapter.get_columns_in_relation(ref('orders')) if c.name not in ['id', '_synced'] %}
          coalesce(o.{{ c.name }}, {{ c.name }}_before) as {{ c.name }},
        {% endfor %} o.id from {{ ref('orders') }} o
        """,
        {"orders.amount -> amount TRANSFORMATION", "orders.tax -> tax TRANSFORMATION", "orders.id -> id IDENTITY"},
    ),
    "of one side of a join": (
        """
        select {% for c in adapter.get_columns_in_relation(ref('orders')) if c.name != 'id' %}o.{{ c.name }}, {% endfor %} p.id
        from {{ ref('payments') }} p join {{ ref('orders') }} o on p.id = o.id
        """,
        {
            "orders.amount -> amount IDENTITY",
            "orders.tax -> tax IDENTITY",
            "orders._synced -> _synced IDENTITY",
            "payments.id -> id IDENTITY",
        },
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_a_loop_over_columns_makes_what_they_turn_out_to_be(tmp_path, case):
    template, expected = CASES[case]
    for name, text in {
        "dbt_project.yml": "name: shop",
        "models/orders.sql": ORDERS,
        "models/payments.sql": "select 1 as id, 2 as paid",
        "models/made.sql": template,
    }.items():
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text)
    edges = {
        f"{edge.source} -> {edge.target.column} {edge.transformation.subtype.name}".removeprefix("shop.")
        for edge in scan(tmp_path).column_edges
        if edge.target.dataset.name == "shop.made"
    }
    assert edges == expected
