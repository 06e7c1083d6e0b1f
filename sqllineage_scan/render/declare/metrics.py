"""``metrics:``, ``semantic_models:``, ``saved_queries:``, ``groups:``, ``unit_tests:``: nodes that hold no rows.

Source: docs.getdbt.com/docs/build/semantic-models, …/metrics-overview, …/saved-queries, …/unit-tests.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqllineage_scan.domain.dbt import DeclaredNode
from sqllineage_scan.domain.names import NameKind, RelationName

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqllineage_scan.render.declare.reader import Reader
    from sqllineage_scan.render.located import Located


def other_nodes(reader: Reader, document: Located) -> Iterator[DeclaredNode]:
    for name, entry in reader.named(document, "semantic_models"):
        measures = tuple(measure for measure, _ in reader.named(entry, "measures"))
        yield _node(reader, "semantic_model", name, entry, refs=tuple(reader.references(entry, "model")), columns=measures)
    for name, entry in reader.named(document, "metrics"):
        yield _node(reader, "metric", name, entry, needs=tuple(_metric_needs(entry)))
    for name, entry in reader.named(document, "saved_queries"):
        wanted = reader.mapping(entry, "query_params").get("metrics")
        needs = tuple(("metric", str(metric)) for metric in wanted) if isinstance(wanted, list) else ()
        yield _node(reader, "saved_query", name, entry, needs=needs)
    for name, entry in reader.named(document, "groups"):
        yield _node(reader, "group", name, entry, owner=reader.owner(entry))
    for name, entry in reader.named(document, "unit_tests"):
        model = reader.text(entry, "model")
        yield _node(reader, "unit_test", f"{model}.{name}", entry, refs=(RelationName(NameKind.REF, ("", model, "")),))


def _node(
    reader: Reader,
    resource_type: str,
    name: str,
    entry: Located,
    *,
    refs: tuple[RelationName, ...] = (),
    needs: tuple[tuple[str, str], ...] = (),
    columns: tuple[str, ...] = (),
    owner: str | None = None,
) -> DeclaredNode:
    return DeclaredNode(
        unique_id=f"{resource_type}.{reader.package}.{name}",
        resource_type=resource_type,
        package=reader.package,
        name=name.rpartition(".")[2],
        span=reader.span(entry),
        depends_on=tuple(dict.fromkeys(refs)),
        needs=needs,
        columns=columns,
        owner=owner,
        enabled=reader.enabled(entry),
        sight=reader.subject.sight,
    )


def _metric_needs(entry: Located) -> Iterator[tuple[str, str]]:
    """A metric is made of measures, each of one semantic model, or of other metrics.

    type: simple      type_params: {measure: revenue}
    type: ratio       type_params: {numerator: revenue, denominator: {name: orders}}
    type: derived     type_params: {expr: revenue - cost, metrics: [revenue, {name: cost}]}
    """
    params = entry.get("type_params")
    if not isinstance(params, dict):
        return
    kind = entry.get("type")
    conversion = params.get("conversion_type_params")
    places = (params, conversion) if isinstance(conversion, dict) else (params,)
    for place in places:
        for key in ("measure", "base_measure", "conversion_measure"):
            if (name := _name(place.get(key))) is not None:
                yield "measure", name
    for key in ("numerator", "denominator"):
        if kind == "ratio" and (name := _name(params.get(key))) is not None:
            yield "metric", name
    for each in params.get("metrics") or ():
        if (name := _name(each)) is not None:
            yield "metric", name


def _name(given: Any) -> str | None:
    given = given.get("name") if isinstance(given, dict) else given
    return given if isinstance(given, str) else None
