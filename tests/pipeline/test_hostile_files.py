"""Files that somebody made to hurt: too deep, too long, too many, not what they seem, not where they seem, gone meanwhile."""

from __future__ import annotations

import json
import os
import resource
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from sqllineage_scan.outputs.files import write_file
from sqllineage_scan.pipeline.options import ScanOptions
from sqllineage_scan.pipeline.scan import scan_repository

GOOD = "create view good as select o.id, o.amount from raw.orders o"
GOOD_EDGES = {("raw.orders.id", "good.id"), ("raw.orders.amount", "good.amount")}


def edges(graph) -> set[tuple[str, str]]:
    return {(str(edge.source), str(edge.target)) for edge in graph.column_edges}


def scanned(root: Path, **files: str | bytes):
    for name, content in {"good": GOOD, **files}.items():
        (root / f"{name}.sql").write_bytes(content if isinstance(content, bytes) else content.encode())
    graph = scan_repository(root, ScanOptions())
    assert edges(graph) >= GOOD_EDGES
    return graph


def ctes(count: int, step: str, last: str) -> str:
    steps = ["c0 as (select o.id from raw.o o)", *(f"c{n} as ({step.format(n - 1)})" for n in range(1, count))]
    return f"create view bad as with {', '.join(steps)} {last.format(count - 1)}"


WIDE = ", ".join(f"c{number}" for number in range(3000))
LARGE = {
    "10,000 parentheses": ("create view bad as select " + "(" * 10_000 + "t.a" + ")" * 10_000 + " as a from t", 1),
    "10,000 subqueries": ("create view bad as select a from " + "(select a from " * 10_000 + "t" + ") x" * 10_000, 1),
    "5,000 terms": ("create view bad as select " + " + ".join(f"t.c{n}" for n in range(5000)) + " as x from t", 5000),
    "5,000 conditions": ("create view bad as select t.a from t where " + " and ".join(f"t.c{n} > {n}" for n in range(5000)), 1),
    "3,000 cases in each other": (
        "create view bad as select " + "case when t.a then " * 3000 + "t.b" + " end" * 3000 + " as x from t",
        2,
    ),
    "5,000 calls in each other": ("create view bad as select " + "coalesce(" * 5000 + "t.b" + ", 1)" * 5000 + " as x from t", 1),
    "2,000 arms": ("create view bad as " + " union all ".join(f"select s{n}.a from s{n}" for n in range(2000)), 2000),
    "2,000 joins": (
        "create view bad as select t0.a from t0 " + " ".join(f"join t{n} on t{n}.a = t0.a" for n in range(1, 2000)),
        1,
    ),
    "a value of a million letters": (f"create view bad as select '{'x' * 1_000_000}' as x, t.a from t", 1),
    "a name of a hundred thousand letters": (f"create view bad as select t.{'x' * 100_000} as x from t", 1),
    "3,000 columns through 100 CTEs": (
        f"create table t ({WIDE.replace(',', ' int,')} int);\n"
        + ctes(100, "select * from c{}", "select * from c{}").replace("select o.id from raw.o o", "select * from t"),
        3000,
    ),
    "two to the sixtieth": (ctes(60, "select a.id from c{0} a join c{0} b on a.id = b.id", "select id from c{}"), 1),
    "two to the sixtieth, united": (ctes(60, "select id from c{0} union all select id from c{0}", "select id from c{}"), 1),
    "twenty thousand statements": (
        ";\n".join(f"drop table t{n}" for n in range(20_000)) + f";\n{GOOD.replace('good', 'bad')}",
        2,
    ),
}


@pytest.mark.parametrize("name", LARGE)
def test_what_is_large_is_read_whole(tmp_path: Path, name: str) -> None:
    sql, count = LARGE[name]
    graph = scanned(tmp_path, bad=sql)
    assert graph.findings == ()
    assert len([edge for edge in graph.column_edges if str(edge.target.dataset) == "bad"]) == count


def test_views_of_views_of_views(tmp_path: Path) -> None:
    views = ["create view c0 as select o.id from raw.o o"]
    views += [
        f"create view c{n} as select a.id + b.id as id from c{n - 1} a join c{n - 1} b on a.id = b.id" for n in range(1, 60)
    ]
    graph = scanned(tmp_path, bad=";\n".join(views))
    assert len(graph.column_edges) == 60 + len(GOOD_EDGES)


def test_rows_of_an_insert_are_skimmed(tmp_path: Path) -> None:
    """Two hundred thousand rows of calls and numbers, of which no tree is made."""
    rows = ",\n".join(["(1, 'a name', 2.5, null, now())"] * 200_000)
    graph = scanned(
        tmp_path, bad=f"insert into t (id, name, price, gone, at) values {rows};\ncreate view after as select t.id from t;\n"
    )
    assert graph.findings == ()
    assert ("t.id", "after.id") in edges(graph)


ENCODED = {
    "UTF-8 with a mark": b"\xef\xbb\xbf" + b"create view bad as select t.a from t",
    "UTF-16": "create view bad as select t.a from t".encode("utf-16"),
    "UTF-16, the other way": b"\xfe\xff" + "create view bad as select t.a from t".encode("utf-16-be"),
    "UTF-32": "create view bad as select t.a from t".encode("utf-32"),
    "line ends of three systems": b"create view bad\r\nas select\rt.a\nfrom t -- x\r\n",
    "Latin 1": b"create view bad as select t.a, '\xe9' as e from t",
    "half a letter at the end": b"create view bad as select t.a from t -- \xc3",
    "marks inside": "create view bad as select\ufeff t.a from t".encode(),
}


@pytest.mark.parametrize("name", ENCODED)
def test_text_in_any_encoding(tmp_path: Path, name: str) -> None:
    graph = scanned(tmp_path, bad=ENCODED[name])
    assert ("t.a", "bad.a") in edges(graph)


@pytest.mark.parametrize("data", [b"select 1\0 from t", b"\0" * 5000, b"\xff\xfe\0", b"\xff" * 3000, "a\0b".encode("utf-16")])
def test_bytes_that_are_no_text_cost_nothing(tmp_path: Path, data: bytes) -> None:
    graph = scanned(tmp_path, bad=data)
    assert {finding.span.path for finding in graph.findings} == {"bad.sql"}


def test_names_that_look_alike_are_several(tmp_path: Path) -> None:
    """Latin a, Cyrillic a; one that is turned around; one with a space that nobody sees."""
    names = ("orders", "\u043erders", "ord\u200bers", "orders\u202e", "\uff4frders")
    graph = scanned(tmp_path, **{f"n{n}": f'create view v{n} as select x.id from "{name}" x' for n, name in enumerate(names)})
    sources = {edge[0].rpartition(".")[0] for edge in edges(graph) if edge[1].startswith("v")}
    assert len(sources) == len(names)


def test_names_of_files(tmp_path: Path) -> None:
    names = ("a\nb", "..", "...x", "-o", "--help", "$(id)", "a\x1b[31m", "\u202egnp", " ", "a'b\"c", "%0A", "CON", "a\\b")
    for name in names:
        (tmp_path / f"{name}.sql").write_text(f"create view v{names.index(name)} as select t.a from t")
    (tmp_path / os.fsdecode(b"caf\xe9.sql")).write_text("create view cafe as select t.a from t")
    graph = scanned(tmp_path)
    assert len(graph.coverage.files) == len(names) + 2
    assert len(graph.column_edges) == len(names) + 1 + len(GOOD_EDGES)
    out = tmp_path / "lineage.json"
    from sqllineage_scan.outputs.lineage.json import write

    write_file(out, graph, write)
    assert len(json.loads(out.read_text())["stats"]["files"]) == len(names) + 2


def test_names_that_differ_in_case_only(tmp_path: Path) -> None:
    graph = scanned(tmp_path, Orders="create view one as select t.a from t", orders="create view two as select t.a from t")
    if len(list(tmp_path.glob("*.sql"))) == 3:  # the file system tells them apart
        assert edges(graph) == {*GOOD_EDGES, ("t.a", "one.a"), ("t.a", "two.a")}


@pytest.mark.skipif(os.name == "nt", reason="symbolic links need rights there")
def test_links_out_of_the_repository_are_not_followed(tmp_path: Path) -> None:
    secret = tmp_path / "outside"
    secret.mkdir()
    (secret / "canary.sql").write_text("create view canary_leaked as select t.a from t")
    (secret / "macros").mkdir()
    (secret / "macros" / "m.sql").write_text("{% macro leak() %}canary_leaked{% endmacro %}")
    (secret / "dbt_project.yml").write_text("name: canary_leaked\n")
    root = tmp_path / "repository"
    (root / "models").mkdir(parents=True)
    (root / "models" / "linked.sql").symlink_to(secret / "canary.sql")
    (root / "folder").symlink_to(secret, target_is_directory=True)
    (root / "macros").symlink_to(secret / "macros", target_is_directory=True)
    (root / "models" / "up.sql").symlink_to("../../outside/canary.sql")
    (root / "models" / "passwd.sql").symlink_to("/etc/passwd")
    (root / "models" / "m.sql").write_text("select '{{ leak() }}' as x from t")
    (root / "dbt_project.yml").write_text(
        "name: shop\nmodel-paths: [models, ../outside]\nmacro-paths: [macros, ../outside/macros]\n"
    )
    graph = scanned(root)
    document = repr(graph.to_dict())
    assert "canary_leaked" not in document
    assert "root:x:0" not in document


def test_a_path_of_the_configuration_leads_nowhere_else(tmp_path: Path) -> None:
    (tmp_path / "outside").mkdir()
    (tmp_path / "outside" / "canary.sql").write_text("create view canary_leaked as select t.a from t")
    (tmp_path / "outside" / "profiles.yml").write_text("shop: {target: d, outputs: {d: {type: duckdb, schema: canary_leaked}}}\n")
    root = tmp_path / "repository"
    root.mkdir()
    (root / "dbt_project.yml").write_text(
        "name: shop\nprofile: shop\nmodel-paths: ['../outside', '.']\ntarget-path: ../outside\n"
    )
    (root / "packages.yml").write_text("packages: [{local: ../outside}]\n")
    (root / "m.sql").write_text("select t.a from t")
    graph = scan_repository(root, ScanOptions(include=("../outside/**", "**")))
    assert "canary_leaked" not in repr(graph.to_dict())


def test_a_folder_that_may_not_be_read(tmp_path: Path) -> None:
    """Root may read everything, so somebody else scans where we are root."""
    (tmp_path / "good.sql").write_text(GOOD)
    (tmp_path / "locked.sql").write_text("select 1")
    (tmp_path / "closed").mkdir()
    (tmp_path / "closed" / "x.sql").write_text("select 1")
    tmp_path.chmod(0o755)
    for parent in list(tmp_path.parents)[:3]:
        if parent.stat().st_uid == os.getuid() and parent != Path("/"):
            parent.chmod(parent.stat().st_mode | 0o755)
    (tmp_path / "locked.sql").chmod(0)
    (tmp_path / "closed").chmod(0)
    code = (
        "import os, sys\n"
        "from pathlib import Path\n"
        "from sqllineage_scan.pipeline.scan import scan_repository\n"
        "from sqllineage_scan.pipeline.options import ScanOptions\n"
        "import sqlglot, sqllineage_scan.parse.file\n"
        "os.getuid() or os.setuid(65534)\n"
        "graph = scan_repository(Path(sys.argv[1]), ScanOptions())\n"
        "print(sorted((f.name, f.span.path) for f in graph.findings), len(graph.column_edges))\n"
    )
    try:
        done = subprocess.run(
            [sys.executable, "-c", code, str(tmp_path)], capture_output=True, text=True, check=False, timeout=120
        )
    finally:
        (tmp_path / "closed").chmod(0o755)
    assert done.returncode == 0, done.stderr
    assert "('read.failed', 'locked.sql')" in done.stdout
    assert done.stdout.rstrip().endswith(" 2")


def test_a_repository_that_changes_while_it_is_scanned(tmp_path: Path) -> None:
    """Each time a file is done, another is gone, or a folder, a link, or twice as long."""
    for number in range(40):
        (tmp_path / f"f{number:02}.sql").write_text(f"create view f{number:02} as select t.a from t")
    (tmp_path / "a_good.sql").write_text(GOOD)
    changes = iter(range(39, 0, -1))

    def progress(stage: str, done: int, total: int) -> None:
        number = next(changes, 0)
        path = tmp_path / f"f{number:02}.sql"
        if not path.is_file() or stage != "compile":
            return
        if number % 4 == 3:
            path.write_text(path.read_text() * 2)
            return
        path.unlink()
        if number % 4 == 0:
            path.mkdir()
        elif number % 4 == 1:
            path.symlink_to("/etc/passwd")

    graph = scan_repository(tmp_path, ScanOptions(), progress)
    assert edges(graph) >= GOOD_EDGES
    assert len(graph.coverage.files) == 41
    assert "root:x:0" not in repr(graph.to_dict())


def command(root: Path, *words: str, limit: int | None = None, cwd: Path | None = None) -> subprocess.CompletedProcess[str]:
    def bound() -> None:
        if limit is not None:
            resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))
            signal.signal(signal.SIGXFSZ, signal.SIG_IGN)

    tool = [sys.executable, "-m", "sqllineage_scan"]
    return subprocess.run(
        [*tool, *words], cwd=cwd or root, capture_output=True, text=True, check=False, timeout=120, preexec_fn=bound
    )


@pytest.mark.parametrize("words", [["scan", "-o", "out.json"], ["export", "--format", "sqlite", "-o", "out.json"]])
def test_a_disk_that_is_full_leaves_what_was_there(tmp_path: Path, words: list[str]) -> None:
    """As far as a process is concerned: no file of it may grow beyond 4 kB, the cache's neither."""
    (tmp_path / "wide.sql").write_text("create view wide as select " + ", ".join(f"t.c{n}" for n in range(500)) + " from t")
    (tmp_path / "out.json").write_text("old")
    done = command(tmp_path, *words, limit=4096)
    assert done.returncode == 2
    assert "cannot write out.json: File too large" in done.stderr
    assert "Traceback" not in done.stderr
    assert (tmp_path / "out.json").read_text() == "old"
    assert {path.name for path in tmp_path.iterdir()} == {"wide.sql", "out.json"}


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="Linux has such a device")
def test_standard_output_that_is_full(tmp_path: Path) -> None:
    (tmp_path / "good.sql").write_text(GOOD)
    with Path("/dev/full").open("w") as full:
        tool = [sys.executable, "-m", "sqllineage_scan", "scan", "-o", "-"]
        done = subprocess.run(tool, cwd=tmp_path, stdout=full, stderr=subprocess.PIPE, text=True, check=False, timeout=120)
    assert done.returncode == 2
    assert done.stderr.splitlines()[-1] == "sqllineage-scan: error: cannot write standard output: No space left on device"


def test_time_that_is_up_in_a_deep_statement_ends_its_thread() -> None:
    import threading
    import time

    from sqllineage_scan.parse.room import with_room
    from sqllineage_scan.pipeline.limits import OutOfTimeError, bounded

    def endless() -> None:
        since = time.monotonic()
        while time.monotonic() - since < 60:
            sum(range(1000))

    with pytest.raises(OutOfTimeError), bounded(1):
        with_room(endless)
    assert not any(thread.name == "sqllineage-scan-deep" for thread in threading.enumerate())
