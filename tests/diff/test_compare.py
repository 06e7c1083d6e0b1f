"""What a change does to each reader, on scripts small enough to know the answer."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from sqllineage_scan.api import analyze_sql, compare, scan
from sqllineage_scan.domain.change import ChangeKind, Effect, ReaderKind, Verdict

if TYPE_CHECKING:
    from sqllineage_scan.domain.change import Change, Diff

TABLES = "create table o (id int, amount int, tax int, status text); create table u (id int, name text);"


def _diff(before: str, after: str, dialect: str = "postgres") -> Diff:
    return compare(analyze_sql(before, dialect), analyze_sql(after, dialect))


def _told(diff: Diff) -> list[tuple[str, str, str]]:
    return [(change.kind.value, str(change.subject), change.effect.value) for change in diff.changes]


def _readers(change: Change) -> list[tuple[str, str]]:
    return [(reader.name, reader.effect.value) for reader in change.impact.readers]


def test_a_chain_of_models_that_pass_a_column_on_is_one_change() -> None:
    tail = "create view b as select x from a; create view c as select x as y from b; create view d as select y from c;"
    diff = _diff(
        f"{TABLES} create view a as select amount - tax as x from o; {tail}",
        f"{TABLES} create view a as select amount + tax as x from o; {tail}",
    )
    assert _told(diff) == [("redefined", "a.x", "review")]
    assert _readers(diff.changes[0]) == [("b.x", "pass_through"), ("c.y", "pass_through"), ("d.y", "pass_through")]
    assert diff.changes[0].impact.readers[2].why == "is made of c.y"


def test_a_filter_is_said_once_for_the_dataset() -> None:
    tail = "create view b as select id, amount from a;"
    diff = _diff(
        f"{TABLES} create view a as select id, amount from o where status = 'paid'; {tail}",
        f"{TABLES} create view a as select id, amount from o where status <> 'paid'; {tail}",
    )
    assert _told(diff) == [("rows_changed", "a", "review")]
    assert diff.changes[0].details == ("- filter status = 'paid'", "+ filter status <> 'paid'")
    assert _readers(diff.changes[0]) == [("b", "pass_through")]


def test_a_migration_that_drops_what_is_read_breaks_the_reader_and_what_is_made_of_it() -> None:
    views = "create view a as select amount - tax as net from o; create view b as select net from a where net > 0;"
    diff = _diff(f"{TABLES} {views}", f"{TABLES} alter table o drop column tax; {views}")
    assert _told(diff) == [("removed", "o.tax", "breaking")]
    assert ("a.net", "breaking") in _readers(diff.changes[0])
    assert ("b.net", "breaking") in _readers(diff.changes[0])
    assert diff.changes[0].impact.readers[0].why == "reads it in `amount - tax`"
    assert diff.changes[0].impact.readers[0].span is not None


def test_a_column_that_nobody_reads_may_go() -> None:
    diff = _diff(f"{TABLES} create view a as select id, tax from o;", f"{TABLES} create view a as select id from o;")
    assert _told(diff) == [("removed", "a.tax", "none")]
    assert diff.verdict is Verdict.SAFE
    assert diff.seen.references == diff.seen.references_resolved


def test_another_type_under_a_join_breaks_and_under_an_expression_is_to_be_looked_at() -> None:
    views = "create view j as select o.amount from o join u on o.id = u.id; create view e as select id + 1 as n from o;"
    diff = _diff(f"{TABLES} {views}", f"{TABLES.replace('o (id int', 'o (id text')} {views}")
    assert _told(diff) == [("retyped", "o.id", "breaking")]
    assert _readers(diff.changes[0]) == [("j", "breaking"), ("e.n", "review")]
    assert diff.changes[0].impact.readers[0].why == "joins on it: u.id is int"


def test_an_insert_by_position_breaks_when_the_columns_move() -> None:
    tail = "create table t (a int, b int); insert into t select * from v;"
    diff = _diff(
        f"{TABLES} create view v as select id, amount from o; {tail}",
        f"{TABLES} create view v as select amount, id from o; {tail}",
    )
    assert _told(diff) == [("reordered", "v", "breaking")]
    assert ("t.a", "breaking") in _readers(diff.changes[0])


def test_a_union_by_position_breaks_when_one_arm_grows() -> None:
    tail = "create view w as select id from u; create view b as select * from v union all select * from w;"
    diff = _diff(
        f"{TABLES} create view v as select id from o; {tail}", f"{TABLES} create view v as select id, tax from o; {tail}"
    )
    assert _told(diff) == [("added", "v.tax", "breaking")]


def test_a_star_passes_a_new_column_on_and_harms_nobody() -> None:
    tail = "create view b as select * from a;"
    diff = _diff(
        f"{TABLES} create view a as select id from o; {tail}", f"{TABLES} create view a as select id, tax from o; {tail}"
    )
    assert _told(diff) == [("added", "a.tax", "pass_through")]
    assert diff.verdict is Verdict.SAFE


def test_a_renamed_view_whose_readers_follow_is_no_break() -> None:
    diff = _diff(
        f"{TABLES} create view a as select id, tax from o; create view b as select tax + 1 as t from a;",
        f"{TABLES} create view z as select id, tax from o; create view b as select tax + 1 as t from z;",
    )
    assert _told(diff) == [("renamed", "z", "pass_through")]


def test_a_doubtful_way_is_to_be_looked_at_and_names_its_weak_edge() -> None:
    views = "create view a as select amount as n from x join y on x.k = y.k; create view b as select n from a;"
    schema = "create table x (k int, amount int);"
    diff = _diff(f"{schema} {views}", f"{schema.replace(', amount int', '')} {views}", "duckdb")
    assert diff.verdict is not Verdict.SAFE
    assert all(change.effect is not Effect.NONE for change in diff.changes if change.kind is ChangeKind.REMOVED)


def test_a_meant_break_is_acknowledged_where_it_is_said_and_stale_where_nothing_needs_it() -> None:
    views = "create view a as select tax as t from o;"
    said = '-- lineage: allow-break tax "no taxes any more"\n-- lineage: allow-break nothing "old"\n'
    before, after = f"{TABLES} {views}", f"{said}{TABLES} alter table o drop column tax; {views}"
    diff = _diff(before, after)
    (change,) = diff.changes
    assert change.acknowledged is not None
    assert change.acknowledged.reason == "no taxes any more"
    assert diff.verdict is Verdict.SAFE
    assert [item.subject for item in diff.stale] == ["nothing"]


def test_two_documents_compare_as_the_graphs_do(tmp_path) -> None:
    from sqllineage_scan.api import write

    views = "create view a as select amount - tax as x from o where status = 'paid';"
    before, after = (
        analyze_sql(f"{TABLES} {text}", "postgres") for text in (views, views.replace("-", "+").replace("paid", "sent"))
    )
    write(before, tmp_path / "base.json")
    write(after, tmp_path / "head.json")
    diff = compare(tmp_path / "base.json", tmp_path / "head.json")
    assert _told(diff) == _told(compare(before, after)) == [("redefined", "a.x", "review"), ("rows_changed", "a", "review")]
    assert (diff.base.label, diff.head.label) == ("base.json", "head.json")


def test_documents_from_before_definitions_are_compared_by_their_edges(tmp_path) -> None:
    views = "create view a as select amount - tax as x from o;"
    for name, text in (("base", views), ("same", views.upper()), ("head", views.replace("-", "+"))):
        document = analyze_sql(f"{TABLES} {text}", "postgres").to_dict()
        for dataset in document["datasets"]:
            dataset.pop("definition", None)
        (tmp_path / f"{name}.json").write_text(json.dumps({**document, "schema_version": "1.0"}))
    assert _told(compare(tmp_path / "base.json", tmp_path / "same.json")) == []
    assert _told(compare(tmp_path / "base.json", tmp_path / "head.json")) == [("redefined", "a.x", "review")]


@pytest.mark.parametrize("form", ["text", "markdown", "json", "github", "sarif", "mermaid", "dbt"])
def test_the_same_comparison_gives_the_same_bytes(form, tmp_path) -> None:
    from sqllineage_scan.api import write_diff

    before, after = f"{TABLES} create view a as select tax as t from o;", TABLES.replace(", tax int", "")
    after = f"{after} create view a as select tax as t from o;"
    for name in ("one", "two"):
        write_diff(_diff(before, after), tmp_path / name, format=form)
    assert (tmp_path / "one").read_bytes() == (tmp_path / "two").read_bytes()


def test_the_same_edge_that_is_believed_less_is_told(tmp_path) -> None:
    document = analyze_sql(f"{TABLES} create view a as select amount as x from o;", "postgres").to_dict()
    (tmp_path / "base.json").write_text(json.dumps(document))
    [edge] = [edge for edge in document["column_edges"] if edge["target"]["dataset"] == "a"]
    edge |= {"confidence": 0.8, "band": "likely", "evidence": [{"kind": "conditional_render"}]}
    [dataset] = [dataset for dataset in document["datasets"] if dataset["id"] == "a"]
    dataset["version"] = f"sha256:{'0' * 64}"
    (tmp_path / "head.json").write_text(json.dumps(document))
    less = compare(tmp_path / "base.json", tmp_path / "head.json")
    assert [(change.kind, str(change.subject)) for change in less.changes] == [(ChangeKind.EVIDENCE_CHANGED, "a")]
    assert less.verdict is Verdict.REVIEW
    assert "conditional render" in less.changes[0].details[0]
    more = compare(tmp_path / "head.json", tmp_path / "base.json")
    assert [change.kind for change in more.changes] == [ChangeKind.EVIDENCE_CHANGED]
    assert more.verdict is Verdict.SAFE


def test_a_model_under_contract_whose_columns_its_query_no_longer_has_breaks(tmp_path) -> None:
    for name, column in (("base", "amount"), ("head", "amount as total")):
        models = tmp_path / name / "models"
        models.mkdir(parents=True)
        (models.parent / "dbt_project.yml").write_text("name: shop\nprofile: shop\n")
        (models / "a.sql").write_text(f"select id, {column} from raw.o\n")
        (models / "a.yml").write_text(
            "models:\n  - name: a\n    config: {contract: {enforced: true}}\n"
            "    columns:\n      - {name: id, data_type: int}\n      - {name: amount, data_type: int}\n"
        )
    diff = compare(scan(tmp_path / "base"), scan(tmp_path / "head"))
    assert diff.verdict is Verdict.BREAKING
    assert any(reader.kind is ReaderKind.CONTRACT for change in diff.changes for reader in change.impact.readers)
