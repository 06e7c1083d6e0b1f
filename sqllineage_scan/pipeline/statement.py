"""SQL text without a repository: the same stages, for one text."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from sqllineage_scan.dialects import default_part
from sqllineage_scan.dialects import dialect as dialect_of
from sqllineage_scan.discover.dialect import Guess, guess_by_text
from sqllineage_scan.domain.source import FileKind, SourceFile
from sqllineage_scan.linting.material import Material
from sqllineage_scan.linting.noqa import suppressions
from sqllineage_scan.linting.run import run_rules
from sqllineage_scan.linting.suppress import Suppressions
from sqllineage_scan.pipeline.given_schema import given_columns
from sqllineage_scan.pipeline.linked import Nothing, examine_all
from sqllineage_scan.pipeline.remarks import acknowledgements
from sqllineage_scan.pipeline.scan import link_files
from sqllineage_scan.pipeline.work import compile_sql
from sqllineage_scan.resolve.link import LinkOptions

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sqllineage_scan.domain.finding import Finding
    from sqllineage_scan.domain.rule import Rule
    from sqllineage_scan.graph.model import LineageGraph
    from sqllineage_scan.linting.settings import RuleSettings

QUERY = "<query>"
"""The path that spans of such a text carry, and the name of the dataset that a bare SELECT writes."""


def analyze(
    sql: str,
    *,
    dialect: str | None,
    schema: Mapping[str, Any] | None,
    default_catalog: str | None,
    default_schema: str | None,
) -> LineageGraph:
    """The lineage of ``sql``; ``schema`` says which columns its tables have, in any of the forms of ``given_columns``. Without
    ``dialect`` it is guessed; ``""`` is the parser's own superset.
    """
    text = sql.replace("\r\n", "\n").replace("\r", "\n")
    guess = Guess(dialect, "") if dialect is not None else guess_by_text(text)
    file = compile_sql(SourceFile(QUERY, FileKind.SQL, dialect=guess.dialect, dialect_guess=guess.signs), text, None)
    file = replace(file, acknowledgements=acknowledgements(QUERY, text))
    around = (default_part(default_catalog, file.dialect), default_part(default_schema, file.dialect))
    options = LinkOptions("", *around, (), given_columns(schema or {}, dialect_of(file.dialect)))
    return link_files(QUERY, [file], (), options)


def check_text(path: str, sql: str, dialect: str, rules: Sequence[Rule], settings: RuleSettings) -> tuple[Finding, ...]:
    """What rules find in one text alone, a template or not; without what a comment in it suppresses."""
    text = sql.replace("\r\n", "\n").replace("\r", "\n")
    file = compile_sql(SourceFile(path, FileKind.SQL, dialect=dialect), text, None)
    examined = examine_all(path, [file], (), LinkOptions(), Nothing())
    run = run_rules(rules, Material(examined.graph, examined.facts, settings))
    comments = Suppressions(suppressions(path, text))
    names = {rule.name for rule in rules}
    return tuple(each for each in run.findings if each.name in names and comments.over(each) is None)
