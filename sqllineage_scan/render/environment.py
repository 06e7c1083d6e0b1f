"""What the files of one dbt project can see while they are rendered: settings, variables, macros, target."""

from __future__ import annotations

from dataclasses import dataclass, field
from hashlib import sha256
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from sqllineage_scan.dialects import dialect
from sqllineage_scan.render.blocks import NO_MARKERS, blocks

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqllineage_scan.domain.source import DbtProject

_NOTHING: Mapping[str, Any] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class RenderEnvironment:
    """Plain, picklable data; macros are text here and compiled when first called, once per process.

    ``digest`` stands for all of it: environments of equal digest render every file alike.
    """

    digest: str
    project: DbtProject = field(compare=False)
    packages: tuple[DbtProject, ...] = field(compare=False)
    macros: Mapping[str, Mapping[str, str]] = field(compare=False)  # package -> macro -> its text
    docs: Mapping[str, str] = field(compare=False)  # docs block -> its text
    allowed_env: Mapping[str, str] = field(compare=False)
    vars: Mapping[str, Any] = field(compare=False)  # from the command line or the configuration
    target: Mapping[str, Any] = field(compare=False)  # the profile's output, as far as it can be known
    adapter: str = field(compare=False)

    def owner(self, root: str | None) -> DbtProject:
        """The project that a file belongs to: the scanned one, or one of its installed packages."""
        return next((package for package in self.packages if package.root == root), self.project)


def build_environment(
    project: DbtProject,
    macro_files: Mapping[str, tuple[str, str]],
    packages: tuple[DbtProject, ...],
    allowed_env: Mapping[str, str] = _NOTHING,
    vars: Mapping[str, Any] = _NOTHING,  # noqa: A002 -- dbt's word, and its option's
) -> RenderEnvironment:
    """Put together what the files of ``project`` can see.

    ``macro_files``: path -> (package, text), of the project and of its packages; Markdown holds docs blocks only.
    ``allowed_env``: the only environment variables that templates may read. ``vars`` override the project's own.
    """
    macros, docs = _indexed(macro_files)
    return RenderEnvironment(
        digest=_digest((_facts(project), tuple(map(_facts, packages)), macros, docs, allowed_env, vars)),
        project=project,
        packages=packages,
        macros=macros,
        docs=docs,
        allowed_env=dict(allowed_env),
        vars=dict(vars),
        target=project.target,
        adapter=_adapter(project),
    )


def _facts(project: DbtProject) -> tuple[Any, ...]:
    return (project.root, project.name, project.settings, project.target, project.dialect, project.parent)


def _indexed(macro_files: Mapping[str, tuple[str, str]]) -> tuple[dict[str, dict[str, str]], dict[str, str]]:
    """Macros by package and name, docs blocks by name."""
    macros: dict[str, dict[str, str]] = {}
    docs: dict[str, str] = {}
    for path in sorted(macro_files):
        package, text = macro_files[path]
        if not path.endswith(".md"):
            macros.setdefault(package, {}).update(
                (found.name, text[found.start : found.end].translate(NO_MARKERS)) for found in blocks(text, "macro")
            )
        for found in blocks(text, "docs"):
            docs[found.name] = text[found.start : found.last].partition("%}")[2].strip()
    return macros, docs


def _adapter(project: DbtProject) -> str:
    """``snowflake``, ``bigquery``, …: as the profile says, else as the project's dialect suggests."""
    named = project.target.get("type")
    if isinstance(named, str) and named:
        return named
    spoken = dialect(project.dialect)
    return next(iter(spoken.dbt_adapters), spoken.name) or "default"


def _digest(value: Any) -> str:
    return sha256(_Digester().bytes_of(value)).hexdigest()


class _Digester:
    """Digests nested values, each shared part once: YAML's aliases may repeat a part exponentially often."""

    def __init__(self) -> None:
        self._seen: dict[int, bytes] = {}

    def bytes_of(self, value: Any) -> bytes:
        if not isinstance(value, (dict, list, tuple)) and not hasattr(value, "items"):
            return f"{type(value).__name__}:{value!r}".encode(errors="replace")
        known = self._seen.get(id(value))
        if known is None:
            self._seen[id(value)] = b"itself"  # a YAML anchor may hold itself
            known = self._seen[id(value)] = sha256(b"\x00".join(self._parts(value))).hexdigest().encode()
        return known

    def _parts(self, value: Any) -> list[bytes]:
        if hasattr(value, "items"):
            return [b"{", *sorted(self.bytes_of(str(key)) + b"=" + self.bytes_of(item) for key, item in value.items())]
        return [b"[", *map(self.bytes_of, value)]
