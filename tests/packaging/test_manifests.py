"""What other programs read of this repository: action, workflows, hooks. Against published schemas, and our promises."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).parents[2]
ACTION = ROOT / "action.yml"
EXAMPLES = sorted((ROOT / "examples" / "workflows").glob("*.yml"))
WORKFLOWS = [*EXAMPLES, *sorted((ROOT / ".github" / "workflows").glob("*.yml"))]
OURSELVES = "sqllineage-scan/sqllineage-scan@v0"


def checked(schema: str, *files: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "check_jsonschema", "--builtin-schema", schema, *map(str, files)]
    return subprocess.run(command, check=False, capture_output=True, text=True, timeout=120)


def test_the_action() -> None:
    done = checked("vendor.github-actions", ACTION)
    assert done.returncode == 0, done.stdout


def test_workflows() -> None:
    assert len(EXAMPLES) == 6
    done = checked("vendor.github-workflows", *WORKFLOWS)
    assert done.returncode == 0, done.stdout


def test_the_schemas_refuse(tmp_path: Path) -> None:
    wrong = tmp_path / "wrong.yml"
    wrong.write_text("name: x\nruns: {using: composite}\n")
    assert checked("vendor.github-actions", wrong).returncode == 1
    assert checked("vendor.github-workflows", wrong).returncode == 1


def test_hooks() -> None:
    hooks = ROOT / ".pre-commit-hooks.yaml"
    command = [sys.executable, "-m", "pre_commit", "validate-manifest", str(hooks)]
    done = subprocess.run(command, check=False, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stdout


def test_the_action_is_small_and_runs_only_us() -> None:
    text = ACTION.read_text()
    assert len(text.splitlines()) < 80
    steps = yaml.safe_load(text)["runs"]["steps"]
    used = [step["uses"].partition("@")[0] for step in steps if "uses" in step]
    assert used == ["actions/setup-python", "actions/cache"]
    for step in steps:
        assert "${{" not in step.get("run", ""), "inputs reach the shell through env alone"
        assert "\n" not in step.get("run", "").strip(), "logic is the tool's"
    assert [step.get("id") for step in steps if "GITHUB_TOKEN" in step.get("env", {})] == ["comment"]


@pytest.mark.parametrize("path", [ACTION, *WORKFLOWS], ids=lambda path: path.name)
def test_everything_used_is_pinned(path: Path) -> None:
    used = re.findall(r"uses: (\S+)(.*)", path.read_text())
    assert used
    for action, comment in used:
        assert action == OURSELVES or (
            re.fullmatch(r"[\w./-]+@[0-9a-f]{40}", action) and re.fullmatch(r" # v\d[\d.]*", comment)
        ), action


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.name)
def test_examples_ask_for_no_more_than_they_need(path: Path) -> None:
    workflow = yaml.safe_load(path.read_text())
    granted = {
        **workflow["permissions"],
        **{k: v for job in workflow["jobs"].values() for k, v in job.get("permissions", {}).items()},
    }
    writes = {name for name, level in granted.items() if level == "write"}
    wanted = {
        "lineage.yml": {"pull-requests"},
        "lineage-fork-compare.yml": set(),
        "lineage-fork-comment.yml": {"pull-requests"},
        "lineage-site.yml": {"pages", "id-token"},
        "lineage-code-scanning.yml": {"security-events"},
        "lineage-shards.yml": set(),
    }
    assert writes == wanted[path.name]
    events = workflow[True]  # YAML reads `on` so
    assert "pull_request_target" not in events
    if "workflow_run" in events:
        assert "actions/checkout" not in path.read_text()


@pytest.mark.parametrize("path", [path for path in EXAMPLES if path.name != "lineage-shards.yml"], ids=lambda path: path.name)
def test_examples_use_what_the_action_has(path: Path) -> None:
    action = yaml.safe_load(ACTION.read_text())
    workflow = yaml.safe_load(path.read_text())
    steps = [step for job in workflow["jobs"].values() for step in job["steps"]]
    ours = [step for step in steps if step.get("uses") == OURSELVES]
    assert len(ours) == 1
    assert set(ours[0].get("with", {})) <= set(action["inputs"])
    assert set(re.findall(r"steps\.lineage\.outputs\.([\w-]+)", path.read_text())) <= set(action["outputs"])


def test_the_page_names_every_input_and_output() -> None:
    page = (ROOT / "docs" / "pull_requests.md").read_text()
    action = yaml.safe_load(ACTION.read_text())
    _, inputs, outputs = re.split(r"^## (?:Inputs|Outputs)$", page, flags=re.MULTILINE)
    outputs = outputs.partition("\n## ")[0]
    rows = [name for row in re.findall(r"^\| (`.*?) \|", inputs, re.MULTILINE) for name in re.findall(r"`([\w-]+)`", row)]
    assert sorted(rows) == sorted(action["inputs"])
    assert set(action["outputs"]) <= set(re.findall(r"`([\w-]+)`", outputs))
