"""Files that fit a repository: a commented configuration, a hook, a workflow. ``sqllineage-scan init`` writes them."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING, Any, NamedTuple

from sqllineage_scan.bundled import folder, version
from sqllineage_scan.config.environment import may_be_secret
from sqllineage_scan.config.load import OWN_FILE
from sqllineage_scan.domain.source import FileKind

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from sqllineage_scan.domain.source import Project

HOME = "https://github.com/sqllineage-scan/sqllineage-scan"
_LAYERS = (
    ("sources", "source", "raw", "landing", "bronze"),
    ("staging", "stage", "stg", "base", "silver"),
    ("intermediate", "int", "transform", "core"),
    ("marts", "mart", "gold", "reporting", "reports", "presentation"),
)
_ENV_VAR = re.compile(r"env_var\(\s*['\"](\w+)['\"]")
_LEGACY = ("legacy", "deprecated", "archive", "old")


class Suggestion(NamedTuple):
    """``path``: where it would go, "" for what has to be added by hand, since a file is there already."""

    path: str
    text: str
    why: str


def suggestions(root: Path, project: Project) -> Iterator[Suggestion]:
    """What a repository lacks; what it has stays as it is."""
    values = {**_values(root, project), "version": version(), "home": HOME}
    yield Suggestion(OWN_FILE, _rendered("sqllineage-scan.toml.j2", values), "the configuration")
    hook = _rendered("pre-commit.yaml.j2", values)
    if (root / ".pre-commit-config.yaml").exists():
        block = hook.partition("\n")[2]
        yield Suggestion("", block, "add it to `repos:` of .pre-commit-config.yaml")
    else:
        yield Suggestion(".pre-commit-config.yaml", hook, "the hook; `pre-commit install` switches it on")
    if (root / ".gitlab-ci.yml").exists():
        yield Suggestion("", _rendered("gitlab.yml.j2", values), "add it to .gitlab-ci.yml")
    elif (root / ".github").is_dir() or not (root / ".git").exists() or _on_github(root):
        yield Suggestion(".github/workflows/lineage.yml", _rendered("github.yml.j2", values), "the workflow")


def _on_github(root: Path) -> bool:
    settings = root / ".git" / "config"
    return not settings.is_file() or "gitlab" not in settings.read_text(encoding="utf-8", errors="replace")


def _rendered(name: str, values: dict[str, Any]) -> str:
    import jinja2

    text = folder("templates").joinpath("init", name).read_text(encoding="utf-8")
    environment = jinja2.Environment(  # noqa: S701 -- no HTML
        undefined=jinja2.StrictUndefined, trim_blocks=True, lstrip_blocks=True, keep_trailing_newline=True
    )
    return environment.from_string(text).render(values)


def _values(root: Path, project: Project) -> dict[str, Any]:
    statements = [
        file for file in project.files if file.kind in (FileKind.SQL, FileKind.MODEL, FileKind.ANALYSIS, FileKind.SNAPSHOT)
    ]
    spoken = Counter(file.dialect for file in statements if file.dialect)
    guessed = any(file.dialect and file.dialect_guess for file in statements)
    dialect = spoken.most_common(1)[0][0] if spoken else ""
    layers = list(_layers(project))
    quoted = [f'"path:{layer}"' for layer in layers]
    return {
        "found": _found(project, len(statements)),
        "dialect": dialect,
        "dialect_sure": guessed and len(spoken) == 1,
        "several": len(spoken) > 1,
        "dialect_why": _why(guessed=guessed, several=len(spoken) > 1) if spoken else "Nothing here tells which it is.",
        "dbt": bool(project.dbt_projects),
        "env": ", ".join(f'"{name}"' for name in _environment(root, project)) or '"DBT_TARGET"',
        "baseline": "",
        "layers": ", ".join(quoted) if len(quoted) > 1 else "",
        "first_layer": quoted[0] if quoted else '"path:models/staging"',
        "legacy": next((f"{path}/**" for path in _folders(project) if path.rpartition("/")[2] in _LEGACY), "models/legacy/**"),
    }


def _why(*, guessed: bool, several: bool) -> str:
    if several:
        return "Several are spoken here; `dialects` has them by path."
    return (
        "Guessed from the SQL itself: say it, and nothing rests on the guess."
        if guessed
        else "Found in the profile or .sqlfluff."
    )


def _found(project: Project, statements: int) -> str:
    names = [found.name for found in project.dbt_projects if found.parent is None]
    told = f"{statements} SQL files"
    return f"{told}, dbt project{'s' if len(names) > 1 else ''} {', '.join(names[:5])}" if names else told


def _folders(project: Project) -> list[str]:
    found = {file.path.rpartition("/")[0] for file in project.files if file.kind in (FileKind.SQL, FileKind.MODEL)}
    return sorted(
        {"/".join(parts[: length + 1]) for path in found if path for parts in [path.split("/")] for length in range(len(parts))}
    )


def _layers(project: Project) -> Iterator[str]:
    """Folders with the usual names, in the usual order: those that lie beside most others of such names."""
    named = {
        path: number for path in _folders(project) for number, names in enumerate(_LAYERS) if path.rpartition("/")[2] in names
    }
    beside = Counter(path.rpartition("/")[0] for path in named)
    if beside:
        place = min(beside, key=lambda folder: (-beside[folder], folder.count("/"), folder))
        yield from sorted((path for path in named if path.rpartition("/")[0] == place), key=lambda path: (named[path], path))


def _environment(root: Path, project: Project) -> list[str]:
    """The variables that dbt's own files ask for."""
    found: set[str] = set()
    for file in project.files:
        if file.kind in (FileKind.PROJECT, FileKind.PROPERTIES):
            found.update(_ENV_VAR.findall((root / file.path).read_text(encoding="utf-8", errors="replace")))
    return sorted(name for name in found if not may_be_secret(name))[:10]
