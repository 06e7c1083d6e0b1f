"""A lineage database (``--format sqlite``) read back."""

from __future__ import annotations

import json
import sqlite3
from collections import defaultdict
from contextlib import closing
from typing import TYPE_CHECKING, Any

from sqllineage_scan.errors import UsageError
from sqllineage_scan.graph.document import from_dict

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from sqllineage_scan.graph.model import LineageGraph

Json = dict[str, Any]
OURS = 0x53514C53
_SINGLE = ("owner_origin", "access")  # texts; all else that governance says is lists of them
_PLACE = {"path": "path", "line": "line", "column": "column_", "end_line": "end_line", "end_column": "end_column"}


def read(path: Path) -> LineageGraph:
    try:
        with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro&immutable=1", uri=True)) as database:
            database.row_factory = sqlite3.Row
            if database.execute("pragma application_id").fetchone()[0] != OURS:
                raise UsageError("a SQLite file, but not one that sqllineage-scan wrote")
            return from_dict(_Database(database).document())
    except (sqlite3.Error, json.JSONDecodeError) as error:
        raise UsageError(f"not a lineage database: {error}") from error


class _Database:
    """The document's parts, table by table; every list in the order that it was written in."""

    def __init__(self, database: sqlite3.Connection) -> None:
        self._database = database

    def _rows(self, table: str, order: str = "rowid") -> Iterator[sqlite3.Row]:
        return iter(self._database.execute(f"select * from {table} order by {order}"))  # noqa: S608 -- our own names

    def _lists(self, table: str, key: str, value: str, order: str) -> defaultdict[Any, list[str]]:
        found: defaultdict[Any, list[str]] = defaultdict(list)
        for row in self._rows(table, f"{key}, {order}"):
            found[row[key]].append(row[value])
        return found

    def document(self) -> Json:
        project = {row["key"]: row["value"] for row in self._rows("project", "key")}
        return {
            "schema_version": project.get("schema_version"),
            "project": {
                "name": project.get("name"),
                "revision": project.get("revision"),
                "dialects": {row["dialect"]: row["files"] for row in self._rows("dialects", "dialect")},
            },
            "datasets": self._datasets(),
            "jobs": self._jobs(),
            **self._edges(),
            "exposures": self._exposures(),
            "dbt": {"nodes": [json.loads(row["node"]) for row in self._rows("dbt_nodes")]},
            "findings": [_dict(row, "code", "name", "severity", "message", "subject", "help") for row in self._rows("findings")],
            "stats": self._stats(project),
        }

    def _datasets(self) -> list[Json]:
        tags = self._lists("dataset_tags", "dataset", "tag", "position")
        column_tags = self._lists("column_tags", "column_id", "tag", "position")
        tests = self._lists("column_tests", "column_id", "test", "position")
        terms = self._lists("column_terms", "column_id", "term", "position") if self._has("column_terms") else defaultdict(list)
        said = self._governance()
        columns: defaultdict[str, list[Json]] = defaultdict(list)
        for row in self._database.execute("select * from columns where position is not null order by dataset, position"):
            column = _dict(row, "name", "type", "ordinal", "description")
            marks = {"tags": column_tags[row["id"]], "tests": tests[row["id"]], "terms": terms[row["id"]]}
            columns[row["dataset"]].append({**column, **marks})
        return [
            {
                **_dict(row, "id", "namespace", "name", "kind", "schema_origin", "owner", "description", "version"),
                **({"columns": columns[row["id"]]} if row["has_columns"] else {}),
                "tags": tags[row["id"]],
                **said[row["id"]],
                **_dbt(row),
            }
            for row in self._rows("datasets", "id")
        ]

    def _governance(self) -> defaultdict[str, Json]:
        found: defaultdict[str, Json] = defaultdict(dict)
        for row in self._rows("dataset_governance", "dataset, kind, position") if self._has("dataset_governance") else ():
            if row["kind"] in _SINGLE:
                found[row["dataset"]][row["kind"]] = row["text"]
            else:
                found[row["dataset"]].setdefault(row["kind"], []).append(row["text"])
        return found

    def _has(self, table: str) -> bool:
        """Databases that were written before there was such a table are read too."""
        return self._database.execute("select 1 from sqlite_master where name = ?", (table,)).fetchone() is not None

    def _jobs(self) -> list[Json]:
        reads = self._lists("job_reads", "job", "dataset", "dataset")
        writes = self._lists("job_writes", "job", "dataset", "dataset")
        return [
            {
                **_dict(row, "id", "namespace", "name", "kind", "dialect"),
                "reads": reads[row["id"]],
                "writes": writes[row["id"]],
                **_dbt(row),
            }
            for row in self._rows("jobs", "id")
        ]

    def _edges(self) -> Json:
        columns = {row["id"]: {"dataset": row["dataset"], "column": row["name"]} for row in self._rows("columns")}
        because: dict[str, defaultdict[int, list[Json]]] = {
            kind: defaultdict(list) for kind in ("column_edge", "row_edge", "dataset_edge")
        }
        for row in self._rows("evidence"):
            for kind, reasons in because.items():
                if row[kind] is not None:
                    reasons[row[kind]].append(_dict(row, "kind", "note", "among"))

        def edges(kind: str, *keys: str) -> list[Json]:
            return [{**_dict(row, *keys), "evidence": because[kind][row["id"]]} for row in self._rows(f"{kind}s")]

        of_columns = edges("column_edge", "source", "target", "job", "subtype", "masking", "expression")
        for edge in of_columns:
            edge.update(source=columns[edge["source"]], target=columns[edge["target"]], masking=bool(edge["masking"]))
        of_rows = edges("row_edge", "source", "target", "job", "subtype")
        for edge in of_rows:
            edge.update(source=columns[edge["source"]])
        return {
            "column_edges": of_columns,
            "row_edges": of_rows,
            "dataset_edges": edges("dataset_edge", "source", "target", "job"),
        }

    def _exposures(self) -> list[Json]:
        reads = self._lists("exposure_datasets", "exposure", "dataset", "dataset")
        return [
            {**_dict(row, "name", "kind", "owner", "url", "description"), "depends_on": reads[row["id"]], **_dbt(row)}
            for row in self._rows("exposures")
        ]

    def _stats(self, project: dict[str, str]) -> Json:
        def number(key: str) -> int:
            return int(project.get(key, 0))

        return {
            "files": [_dict(row, "path", "kind", "status", "statements") for row in self._rows("files")],
            "statements": {"total": number("statements"), "understood": number("statements_understood")},
            "references": {"total": number("references"), "resolved": number("references_resolved")},
            "gaps": [_dict(row, "kind", "subject", "reason", "hides", "help") for row in self._rows("gaps")],
        }


def _dict(row: sqlite3.Row, *keys: str) -> Json:
    """The values of these columns, and the span where the table has places and this row has one."""
    found = {key: row[key] for key in keys if row[key] is not None}
    names = row.keys()
    if "end_column" in names and "path" not in keys and row["end_column"] is not None:
        found["span"] = {key: row[column] for key, column in _PLACE.items()}
    return found


def _dbt(row: sqlite3.Row) -> Json:
    return {"dbt": {"unique_id": row["dbt_unique_id"]}} if row["dbt_unique_id"] else {}
