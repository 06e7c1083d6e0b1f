"""What is reached from every column at once is what is reached from each alone."""

from __future__ import annotations

from pathlib import Path

import pytest

from sqllineage_scan.api import analyze_sql, scan
from sqllineage_scan.domain.names import ColumnId
from sqllineage_scan.graph.far import Reaches
from sqllineage_scan.graph.traverse import Direction, network, reach

SHOP = Path(__file__).parents[2] / "examples" / "shop"
# a diamond of which one way is longer and surer; a struct and its field; a dataset that reads itself
STRUCTS = """
create table raw (id int, address struct<zip string, city string>);
create table a as select id, address.zip as zip, address from raw where id > 0;
create table b as select a.id, x.zip from a, elsewhere as x where zip <> '';
insert into b select id, zip from a;
insert into b select id, zip from b where id in (select id from raw);
"""


@pytest.fixture(scope="module", params=["shop", "structs"])
def graph(request):
    return scan(SHOP) if request.param == "shop" else analyze_sql(STRUCTS, "bigquery")


def told(found):
    return [(item.id, item.distance, item.confidence) for item in found]


def test_every_column_reaches_what_it_reaches_alone(graph) -> None:
    index = graph.index
    reaches = Reaches(graph, index)
    values, rows = network(graph, index, rows=False), network(graph, index, rows=True)
    columns = [ColumnId(dataset, name) for dataset, names in index.columns.items() for name in names]
    assert any(reaches.rows_decided(column) for column in columns)
    for column in columns:
        assert told(reaches.upstream(column)) == told(reach(values, column, Direction.UPSTREAM))
        assert told(reaches.downstream(column)) == told(reach(values, column, Direction.DOWNSTREAM))
        everything = reach(rows, column, Direction.DOWNSTREAM)
        assert told(reaches.rows_decided(column)) == told(item for item in everything if not isinstance(item.id, ColumnId))
