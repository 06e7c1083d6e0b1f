"""What the pages say is what the code does: tables in docs/ are compared with their source."""

from __future__ import annotations

import dataclasses
import json
import re
import runpy
from pathlib import Path

from sqllineage_scan.config.settings import Settings
from sqllineage_scan.domain.evidence import FACTORS, TOGETHER

ROOT = Path(__file__).parents[1]


def toml(value: object) -> str:
    if isinstance(value, dict):
        return "{ " + ", ".join(f"{json.dumps(key)} = {toml(item)}" for key, item in value.items()) + " }"
    if isinstance(value, list):
        return "[" + ", ".join(map(toml, value)) + "]"
    return json.dumps(value)


def test_configuration_page() -> None:
    page = (ROOT / "docs" / "configuration.md").read_text()
    for field in dataclasses.fields(Settings):
        example = f"`{field.name} = {toml(field.metadata['examples'][0])}`"
        assert f"| `{field.name}` | {field.metadata['description']} | {example} |" in page


def test_confidence_page() -> None:
    page = (ROOT / "docs" / "confidence.md").read_text()
    rows = [f"| `{kind.value}` | {factor.value} | {factor.basis} |" for kind, factor in FACTORS.items()]
    rows += [
        f"| {' and '.join(f'`{kind}`' for kind in sorted(kinds))} | {factor.value} | {factor.basis} |"
        for kinds, factor in TOGETHER.items()
    ]
    assert "\n".join(rows) in page


def test_links_lead_somewhere() -> None:
    pages = [
        *ROOT.glob("*.md"),
        *(ROOT / "docs").glob("*.md"),
        ROOT / "benchmarks" / "README.md",
        ROOT / "examples" / "shop" / "README.md",
    ]
    assert len(pages) > 7
    for page in pages:
        for target in re.findall(r"\]\(([^)#]+)", page.read_text()):
            assert "://" in target or (page.parent / target).exists(), f"{page.name}: {target}"


def test_the_rules_page() -> None:
    """``python docs/rules.py`` writes it."""
    assert (ROOT / "docs" / "rules.md").read_text() == runpy.run_path(str(ROOT / "docs" / "rules.py"))["page"]()


def test_the_list_of_what_is_understood() -> None:
    """``python docs/sql.py`` writes it."""
    written = runpy.run_path(str(ROOT / "docs" / "sql.py"))["listing"]()
    assert (ROOT / "docs" / "sql.md").read_text() == written
    assert written.count("\n| [") >= 80
