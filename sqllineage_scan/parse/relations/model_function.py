"""BigQuery's ``ml.predict(model m, table t)``: the columns of t pass through, the predictions are made of all of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlglot import exp

from sqllineage_scan.domain.transformation import TransformationSubtype as Subtype
from sqllineage_scan.domain.unit import Input, Relation, RowUse, Star
from sqllineage_scan.parse.names import relation_name

if TYPE_CHECKING:
    from sqllineage_scan.parse.scope import Scope

MODEL_FUNCTIONS = tuple(
    getattr(exp, name)
    for name in ("Predict", "MLForecast", "GenerateEmbedding", "MLTranslate", "GenerateText", "GenerateTable", "FeaturesAtTime")
    if hasattr(exp, name)
)
_MADE = "(?=predicted_|ml_generate_|centroid_id|nearest_centroids)"  # names that are no column of t, whatever t has


def read_model_function(function: exp.Expr, scope: Scope) -> Input:
    """Of ``ml.forecast(model m)``, which reads no table, the columns are the model's."""
    span = scope.text.node_span(function)
    model = function.this if isinstance(function.this, exp.Table) else None
    data = function.args.get("expression")
    if data is None:
        return Input("", relation_name(model, scope), span) if model is not None else Input("", scope.add(Relation()), span)
    inputs = list(scope.from_item(data).inputs)
    if model is not None:
        inputs.append(Input("", relation_name(model, scope), span, visible=False))
    row = RowUse(None, Subtype.TRANSFORMATION, masking=False, span=span)
    predicted = Star("", span, uses=(row,), family="predicted_*", pattern=_MADE)
    return Input("", scope.add(Relation(tuple(inputs), (Star(None, span), predicted))), span)
