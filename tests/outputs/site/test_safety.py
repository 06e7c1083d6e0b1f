"""Whatever a repository calls its things, on the site it is text."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from conftest import NoTexts, Page, shard

from sqllineage_scan.domain.coverage import Coverage, Gap, GapKind
from sqllineage_scan.domain.dataset import Column, Dataset, DatasetKind, SchemaOrigin
from sqllineage_scan.domain.edge import ColumnEdge, DatasetEdge
from sqllineage_scan.domain.evidence import Evidence, EvidenceKind
from sqllineage_scan.domain.finding import Finding, Severity
from sqllineage_scan.domain.job import Exposure, Job, JobKind
from sqllineage_scan.domain.names import ColumnId, DatasetId, JobId
from sqllineage_scan.domain.span import Span
from sqllineage_scan.domain.transformation import Transformation, TransformationSubtype
from sqllineage_scan.graph.build import build_graph
from sqllineage_scan.outputs.site.markdown import paragraphs, phrase
from sqllineage_scan.outputs.site.write import SiteOptions, write_site
from sqllineage_scan.pipeline.texts import RepositoryTexts

if TYPE_CHECKING:
    from pathlib import Path

HOSTILE = [
    "</script><script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    '"><svg onload=alert(1)>',
    "a\u2028b\u2029c",
    "\u202egnp.exe\u202c",
    "../../../etc/passwd",
    "javascript:alert(1)",
    "{{ 7 * 7 }}{% raw %}",
    "]]><!--",
    "half a pair \udc80",
    "nul",
    "ORDERS",
    "orders",
]


def hostile_graph():
    ids = [DatasetId("", text) for text in HOSTILE]
    columns = tuple(Column(text, text, place, text, (text,), (text,)) for place, text in enumerate(HOSTILE, 1))
    datasets = [
        Dataset(
            name,
            DatasetKind.MODEL,
            columns,
            SchemaOrigin.DDL,
            Span(name.name, 1, 1, 1, 2),
            name.name,
            (name.name,),
            name.name,
            name.name,
        )
        for name in ids
    ]
    reasons = tuple(Evidence(EvidenceKind.HOLE, text) for text in HOSTILE)
    jobs = [Job(JobId("", name.name), JobKind.QUERY, "", Span(name.name, 1, 1, 1, 1), (ids[0],), (name,)) for name in ids]
    edges = [
        ColumnEdge(
            ColumnId(ids[0], text),
            ColumnId(name, text),
            JobId("", name.name),
            Transformation(TransformationSubtype.TRANSFORMATION, text),
            reasons,
            Span(text, 1, 1, 1, 2),
        )
        for name in ids[1:]
        for text in HOSTILE
    ]
    tables = [DatasetEdge(ids[0], name, JobId("", name.name), ()) for name in ids[1:]]
    exposures = [Exposure(text, text, text, text, tuple(ids), Span(text, 1, 1, 1, 2), text) for text in HOSTILE]
    findings = [Finding("XX01", text, Severity.ERROR, text, Span(text, 1, 1, 1, 2), text, text) for text in HOSTILE]
    gaps = tuple(Gap(GapKind.HOLE, text, text, 1, text, Span(text, 1, 1, 1, 2)) for text in HOSTILE)
    return build_graph(
        name=HOSTILE[0],
        datasets=datasets,
        jobs=jobs,
        column_edges=edges,
        dataset_edges=tables,
        exposures=exposures,
        findings=findings,
        coverage=Coverage(gaps=gaps),
    )


class HostileTexts:
    def lines(self, path: str, dialect: str) -> list[list[tuple[str, str]]]:
        return [[("k", text), ("", text), ("s", text)] for text in HOSTILE]


@pytest.fixture(scope="module")
def hostile(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("hostile") / "deep" / "site"
    write_site(hostile_graph(), folder, HostileTexts(), SiteOptions(title=HOSTILE[1], source_url="https://h/{path}#L{line}"))
    return folder


def test_names_are_text_in_every_page(hostile: Path) -> None:
    """The tags of a page are those of its templates: the same as of a page whose names are harmless."""
    pages = [Page(path) for path in hostile.rglob("*.html")]
    assert len(list((hostile / "dataset").iterdir())) == len(HOSTILE)
    for page in pages:
        assert not {"img", "script", "svg"} & {
            tag for tag, attributes in page.tags if "onerror" in attributes or "onload" in attributes
        }
        assert all(attributes.get("src", "").endswith(".js") for tag, attributes in page.tags if tag == "script")
        assert not any(name.startswith("on") for _, attributes in page.tags for name in attributes)
        assert not any(link.lower().startswith("javascript:") for link in page.links)
        source = page.path.read_text(encoding="utf-8")
        assert "<script>" not in source
        assert "onerror=alert(1)>" not in source
    orders = Page(hostile / "dataset" / "orders.html")
    for text in HOSTILE[:-4]:
        assert text in orders.text


def test_no_file_leaves_the_folder(hostile: Path) -> None:
    above = hostile.parent.parent
    assert {path.relative_to(above).parts[:2] for path in above.rglob("*") if path.is_file()} == {("deep", "site")}
    names = [path.relative_to(hostile).as_posix() for path in hostile.rglob("*")]
    assert len({name.casefold() for name in names}) == len(names)


def test_shards_are_base64_and_nothing_else(hostile: Path) -> None:
    core = shard(hostile, "core")
    assert sorted(core["datasets"]["id"]) == sorted(HOSTILE)
    assert all(exposure["url"] is None for exposure in core["exposures"])
    for path in (hostile / "data").iterdir():
        assert set(path.read_bytes()) <= set(b'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/=-(),."\n')


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("One row per *order*.", "<p>One row per <em>order</em>.</p>\n"),
        ("plain words, with a comma", "<p>plain words, with a comma</p>\n"),
        ("<b onclick=x>bold</b>", "<p>&lt;b onclick=x&gt;bold&lt;/b&gt;</p>\n"),
        ("[go](javascript:alert(1))", "<p>[go](javascript:alert(1))</p>\n"),
        ("[go](data:text/html;base64,xx)", "<p>[go](data:text/html;base64,xx)</p>\n"),
        ("[go](JaVaScRiPt&colon;alert(1))", "<p>[go](JaVaScRiPt:alert(1))</p>\n"),
        ("[go](//evil.example/x)", "<p>[go](//evil.example/x)</p>\n"),
        ("[docs](https://docs.example/a?b=1&c=2)", '<p><a href="https://docs.example/a?b=1&amp;c=2">docs</a></p>\n'),
        ("# Title", "<h4>Title</h4>\n"),
        ("", ""),
    ],
)
def test_descriptions_are_markdown_without_html(text: str, shown: str) -> None:
    assert str(paragraphs(text)) == shown


def test_images_are_links_at_most() -> None:
    """![x](https://…) would tell a third party who reads the page."""
    assert "<img" not in paragraphs("![x](https://tracker.example/x.png)")
    assert str(phrase("two\nlines & <i>`code`</i>")) == "two lines &amp; &lt;i&gt;<code>code</code>&lt;/i&gt;"


@pytest.mark.parametrize("path", ["../secret.sql", "/etc/hostname", "link.sql", "folder", "missing.sql", "nul\0.sql", ""])
def test_a_document_cannot_publish_what_is_not_in_the_repository(tmp_path: Path, path: str) -> None:
    """``site lineage.json --source .`` shows the files that the document names: those below the folder."""
    root = tmp_path / "repository"
    (root / "folder").mkdir(parents=True)
    (root / "known.sql").write_text("select 1\n")
    (tmp_path / "secret.sql").write_text("secret")
    (root / "link.sql").symlink_to(tmp_path / "secret.sql")
    texts = RepositoryTexts(root)
    assert texts.lines("known.sql", "") == [[("k", "select"), ("", " "), ("n", "1")]]
    assert texts.lines(path, "") == []
    assert RepositoryTexts(None).lines("known.sql", "") == []


def test_an_empty_graph_is_a_site_too(tmp_path: Path) -> None:
    write_site(build_graph(name="nothing"), tmp_path / "site", NoTexts(), SiteOptions())
    assert "nothing" in Page(tmp_path / "site" / "index.html").text
    assert shard(tmp_path / "site", "core")["datasets"]["id"] == []
