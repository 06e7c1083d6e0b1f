"""A file rendered in several ways: what holds in one way only says so, statement by statement."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqllineage_scan.dialects import dialect
from sqllineage_scan.domain.source import CompiledFile, FileKind, FileStatus, Rendered, identity_map
from sqllineage_scan.lineage.edges import trace_all
from sqllineage_scan.parse.file import parse_file
from sqllineage_scan.resolve.link import LinkOptions, link

if TYPE_CHECKING:
    from sqllineage_scan.lineage.edges import Lineage

BOTH = "create view a as select x.id, {amount} from x; create view b as select y.id from y"


def lineage(*ways: tuple[str, str]) -> Lineage:
    rendered = [Rendered(text, identity_map("f.sql", text), condition) for text, condition in ways]
    parsed = parse_file(rendered, dialect(""))
    file = CompiledFile("f.sql", FileKind.SQL, "", FileStatus.READ, parsed.statements, parsed.units)
    return trace_all(link([file], LinkOptions()).bound)


def conditions(found: Lineage) -> dict[str, list[str]]:
    return {
        str(edge.source): [item.note for item in edge.evidence if item.kind == "conditional_render"]
        for edge in found.column_edges
    }


def test_several_statements_in_two_ways() -> None:
    found = lineage((BOTH.format(amount="x.net as amount"), ""), (BOTH.format(amount="x.gross as amount"), "flag()"))
    assert conditions(found) == {
        "x.id": [],
        "x.net": ["only when not flag()"],
        "x.gross": ["only when flag()"],
        "y.id": [],
    }
    assert len(found.jobs) == 2


def test_a_statement_that_only_one_way_has() -> None:
    found = lineage(
        ("create view a as select x.id from x", ""),
        ("create view a as select x.id from x; create view b as select y.id from y", "flag()"),
    )
    assert conditions(found) == {"x.id": [], "y.id": ["only when flag()"]}
