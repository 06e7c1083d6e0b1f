"""The data of the site is the graph."""

from __future__ import annotations

from conftest import shard

from sqllineage_scan.domain.evidence import EvidenceKind
from sqllineage_scan.outputs.site.sql import Excerpt, sql_shard


def test_core_has_every_dataset_and_lists_of_equal_length(site, shop_graph) -> None:
    core = shard(site, "core")
    assert core["version"] == 1
    assert core["datasets"]["id"] == [str(dataset.id) for dataset in shop_graph.datasets]
    assert {len(values) for values in core["datasets"].values()} == {len(shop_graph.datasets)}
    assert len({len(values) for values in core["edges"].values()}) == 1
    assert [core["kinds"][number] for number in core["datasets"]["kind"]] == [item.kind.value for item in shop_graph.datasets]
    assert set(core["evidence"]) == {kind.value for kind in EvidenceKind}
    assert all(0 <= confidence <= 100 for confidence in core["edges"]["confidence"])


def test_core_has_every_edge_between_datasets(site, shop_graph) -> None:
    core = shard(site, "core")
    ids = core["datasets"]["id"]
    found = {(ids[s], ids[t]) for s, t in zip(core["edges"]["source"], core["edges"]["target"], strict=True)}
    wanted = {(str(edge.source), str(edge.target)) for edge in shop_graph.dataset_edges}
    wanted |= {(str(edge.source.dataset), str(edge.target.dataset)) for edge in shop_graph.column_edges}
    wanted |= {(str(edge.source.dataset), str(edge.target)) for edge in shop_graph.row_edges}
    assert found == wanted


def test_the_flags_of_an_edge(site) -> None:
    """ops/load/03_refunds.sql reads inbound.refunds_{{ params.region }}, which nobody can render."""
    core = shard(site, "core")
    ids, edges = core["datasets"]["id"], core["edges"]
    flags = {
        (ids[source], ids[target]): flag
        for source, target, flag in zip(edges["source"], edges["target"], edges["flags"], strict=True)
    }
    assert flags["inbound.refunds_{{ params.region }}", "shop.ops.refunds"] & 8
    assert flags["shop.staging.stg_orders", "shop.analytics.orders"] & 15 == 3


def test_first_counts_columns(site, shop_graph) -> None:
    datasets = shard(site, "core")["datasets"]
    total = 0
    for first, count, dataset in zip(datasets["first"], datasets["columns"], shop_graph.datasets, strict=True):
        assert first == total
        assert count == len(shop_graph.index.columns[dataset.id])
        total += count


def test_column_edges_come_back(site, shop_graph) -> None:
    """Read as the browser reads them: names by number."""
    core, data = shard(site, "core"), shard(site, "columns-0")
    ids, texts = core["datasets"]["id"], data["texts"]
    names = {number: [column[0] for column in values["columns"]] for number, values in data["datasets"].items()}
    found = set()
    for target, values in data["datasets"].items():
        for source, column, into, subtype, confidence, flags, expression, job, span, evidence in values["value"]:
            found.add(
                (
                    f"{ids[source]}.{names[str(source)][column]}",
                    f"{ids[int(target)]}.{names[target][into]}",
                    core["subtypes"][subtype],
                    confidence,
                    bool(flags & 1),
                    bool(flags & 2),
                    texts[expression] if expression >= 0 else "",
                    texts[job],
                    (texts[span[0]], *span[1:]) if span else None,
                    tuple(texts[kind] for kind, *_ in evidence),
                )
            )
    assert found == {
        (
            str(edge.source),
            str(edge.target),
            edge.transformation.subtype.value,
            int(edge.confidence * 100 + 1e-9),
            edge.transformation.masking,
            edge.source.column != edge.target.column,
            edge.transformation.description,
            str(edge.job),
            tuple(edge.span) if edge.span else None,
            tuple(item.kind.value for item in edge.evidence),
        )
        for edge in shop_graph.column_edges
    }


def test_row_edges_come_back(site, shop_graph) -> None:
    data = shard(site, "columns-0")["datasets"]
    assert sum(len(values["row"]) for values in data.values()) == len(shop_graph.row_edges)


def test_sql_is_the_file_word_for_word(site) -> None:
    core, sql = shard(site, "core"), shard(site, "sql-0")
    orders = sql[str(core["datasets"]["id"].index("shop.analytics.orders"))]
    assert [(item["path"], item["first_line"]) for item in orders] == [("warehouse/models/marts/orders.sql", 1)]
    from conftest import SHOP

    assert orders[0]["text"] + "\n" == (SHOP / "warehouse/models/marts/orders.sql").read_text(encoding="utf-8")
    looks = orders[0]["looks"].split(",")
    assert orders[0]["text"].split("\n")[3] == "    select * from {{ ref('stg_orders') }}"
    assert looks[3] == ".4k6.1o1.1k4.1t23"
    assert len(looks) == orders[0]["text"].count("\n") + 1


def test_letters_are_counted_as_javascript_does() -> None:
    [(_, values)] = [sql_shard(0, [[Excerpt("a.sql", "a.sql", 1, [[("s", "'😀é'"), ("", " ")], []])]])]
    assert (values["0"][0]["text"], values["0"][0]["looks"]) == ("'😀é' \n", "s5.1,")


def test_of_a_script_only_the_statement(site) -> None:
    core, sql = shard(site, "core"), shard(site, "sql-0")
    refunds = sql[str(core["datasets"]["id"].index("shop.ops.refunds"))]
    load = next(item for item in refunds if item["path"] == "ops/load/03_refunds.sql")
    assert (load["first_line"], load["text"].count("\n") + 1) == (2, 9)


def test_search_is_in_the_order_of_core(site) -> None:
    core, found = shard(site, "core"), shard(site, "search")
    groups = found["columns"].split("\x1e")
    assert len(groups) == len(core["datasets"]["id"])
    assert [len(group.split("\n")) if group else 0 for group in groups] == core["datasets"]["columns"]
    assert "net_amount" in groups[core["datasets"]["id"].index("shop.analytics.orders")].split("\n")
    assert "One row per order" in found["text"].split("\x1e")[core["datasets"]["id"].index("shop.analytics.orders")]
