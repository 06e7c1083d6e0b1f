"""``sqllineage-scan site`` from outside."""

from __future__ import annotations

from pathlib import Path

from sqllineage_scan.cli.shell.application import run

DOCUMENT = str(Path(__file__).parents[1] / "graph" / "shop.lineage.json")


def test_a_document_becomes_a_site(capsys, tmp_path: Path) -> None:
    site = tmp_path / "site"
    assert run(["site", DOCUMENT, "-o", str(site), "--title", "Our shop"]) == 0
    printed = capsys.readouterr()
    assert printed.err == ""
    assert printed.out.endswith(f" datasets: open {site / 'index.html'}\n")
    assert "Our shop" in (site / "index.html").read_text(encoding="utf-8")


def test_a_repository_shows_its_sql(capsys, tmp_path: Path) -> None:
    repository = tmp_path / "repository"
    repository.mkdir()
    (repository / "v.sql").write_text("create view v as select id from t;\n")
    assert run(["site", str(repository), "-o", str(tmp_path / "site"), "--quiet"]) == 0
    assert capsys.readouterr().out == ""
    assert "select</i> id" in (tmp_path / "site" / "dataset" / "v.html").read_text(encoding="utf-8")


def test_misuse_is_told_before_the_scan(capsys, tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("")
    for arguments, said in (
        (("-o", str(tmp_path)), "is no site of ours and not empty"),
        (("-o", str(tmp_path / "mine.txt")), "it is a file"),
        (("-o", str(tmp_path / "site"), "--templates", str(tmp_path / "none")), "there is no folder"),
        (("-o", str(tmp_path / "site"), "--source", str(tmp_path / "none")), "there is no folder"),
    ):
        assert run(["site", DOCUMENT, *arguments]) == 2
        printed = capsys.readouterr()
        assert printed.out == ""
        assert printed.err.count("\n") == 1
        assert said in printed.err
    assert run(["site", str(tmp_path / "nowhere"), "-o", str(tmp_path / "site")]) == 2
    assert not (tmp_path / "site").exists()
