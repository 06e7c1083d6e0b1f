"""Join lineage of several repositories, or the shards of one, into one graph.

Datasets meet by namespace and name; --alias says that two names are one
dataset, and * on both sides stands for the same text. Jobs and paths get the
name of their repository before them. What crosses is printed. The shards that
`scan --shard` wrote of one repository are one file of it.

\b
Examples:
  sqllineage-scan link shop/lineage.json crm/lineage.json
  sqllineage-scan link eu=a.json us=b.json -o all.json
  sqllineage-scan link a.json b.json --alias 'prod.raw.*=raw.*'
  sqllineage-scan link a.json b.json --format json | jq .crossings
  sqllineage-scan link lineage-*.shard -o lineage.json
"""  # noqa: D301, \b tells click to leave the lines alone

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from sqllineage_scan.cli.shell.answer import check_form, show_answer
from sqllineage_scan.cli.shell.terminal import Terminal
from sqllineage_scan.errors import UsageError

if TYPE_CHECKING:
    from sqllineage_scan.graph.model import LineageGraph

STANDARD_OUTPUT = "-"


def command(
    context: typer.Context,
    files: Annotated[
        list[str],
        typer.Argument(metavar="[NAME=]FILE…", help="Files of lineage; NAME instead of the project's.", show_default=False),
    ],
    *,
    output: Annotated[str, typer.Option("--output", "-o", metavar="FILE", help="Where to write; - is stdout.")] = "linked.json",
    alias: Annotated[
        list[str] | None, typer.Option("--alias", metavar="OLD=NEW", help="OLD is the dataset NEW (repeatable).")
    ] = None,
    form: Annotated[str, typer.Option("--format", metavar="FORMAT", help="Of what is printed: text or json.")] = "text",
) -> None:
    from sqllineage_scan.config.load import load_settings
    from sqllineage_scan.graph.join.crossings import crossings
    from sqllineage_scan.graph.join.join import join
    from sqllineage_scan.outputs.files import check_writable, write_file
    from sqllineage_scan.outputs.lineage.json import write
    from sqllineage_scan.pipeline.shards import is_shard, link_shards

    check_form("crossings", form)
    terminal = Terminal.of(context)
    if output != STANDARD_OUTPUT:
        check_writable(Path(output))
    aliases = dict(load_settings(Path()).aliases) | dict(map(_alias, alias or ()))
    whole, shards = [file for file in files if not is_shard(Path(file))], [Path(file) for file in files if is_shard(Path(file))]
    graphs = [*map(_graph, whole), *([link_shards(shards)] if shards else [])]
    graph = join(graphs, aliases) if len(graphs) > 1 or aliases or not shards else graphs[0]
    if output == STANDARD_OUTPUT:
        terminal.as_data(sys.stdout)
        write(graph, sys.stdout)
        return
    write_file(Path(output), graph, write)
    show_answer("crossings", form, crossings(graph), terminal)
    if form == "text":
        terminal.talk(f"{graph.name}: {len(graph.datasets)} datasets, written to {output}")


def _graph(file: str) -> LineageGraph:
    """eu=a.json is a.json as the repository eu; a file whose own name has a = is one all the same."""
    from sqllineage_scan import api

    name, equals, path = file.partition("=")
    if not equals or Path(file).exists():
        return api.load(file)
    if not name or "/" in name:
        raise UsageError(f"{file!r} is neither a file nor NAME=FILE")
    graph = api.load(path)
    if graph.members:
        raise UsageError(f"{path} is linked of several repositories already, and each keeps its name")
    return replace(graph, name=name)


def _alias(text: str) -> tuple[str, str]:
    old, equals, new = text.partition("=")
    if not equals or not old or not new:
        raise UsageError(f"--alias {text!r}: write OLD=NEW, as in 'prod.raw.*=raw.*'")
    return old, new
