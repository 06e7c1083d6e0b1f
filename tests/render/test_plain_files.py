"""Files without Jinja need none."""

from __future__ import annotations

import subprocess
import sys

from sqllineage_scan.domain.source import FileKind, SourceFile
from sqllineage_scan.render.file import render_file

WITHOUT_JINJA = """
import sys
from sqllineage_scan.domain.source import FileKind, SourceFile
from sqllineage_scan.render.file import render_file
file = render_file(SourceFile("a.sql", FileKind.SQL), "select 1", None)
assert file.variants[0].text == "select 1"
assert "jinja2" not in sys.modules, "jinja2 was imported"
assert "yaml" not in sys.modules, "yaml was imported"
"""


def test_plain_sql_does_not_import_jinja() -> None:
    subprocess.run([sys.executable, "-c", WITHOUT_JINJA], check=True)


def test_plain_sql_is_itself() -> None:
    file = render_file(SourceFile("a.sql", FileKind.SQL), "select 1;\nselect '}}' as a", None)
    (way,) = file.variants
    assert (way.text, way.condition, way.names, way.holes) == ("select 1;\nselect '}}' as a", "", {}, ())
    assert (file.node, file.findings) == (None, ())
    assert str(way.source_map.span(10, 16)) == "a.sql:2:1"


def test_plain_sql_inside_a_dbt_project_is_rendered_without_being_a_node(shop) -> None:
    file = shop().file("select {{ var('a', 1) }}", "scripts/a.sql", FileKind.SQL)
    assert file.variants[0].text == "select 1"
    assert file.node is None


def test_files_that_are_no_sql_render_to_nothing(shop) -> None:
    for kind in (FileKind.MACRO, FileKind.PROPERTIES, FileKind.PROJECT):
        assert shop().file("{{ x }}", "x", kind).variants == ()


def test_rendering_twice_gives_the_same(shop) -> None:
    text = "{% for i in set(['b', 'a', 'c']) %}{{ i }}{{ unknown(i) }}{{ ref(i) }}{% endfor %}"
    assert shop().file(text) == shop().file(text)
