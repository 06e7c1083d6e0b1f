"""What dbt's own artifacts know better: used where our rendering has holes, and where the file is still what dbt has seen."""

from __future__ import annotations

from dataclasses import dataclass, replace
from hashlib import sha256
from typing import TYPE_CHECKING, NamedTuple

from sqllineage_scan.dialects import dialect
from sqllineage_scan.discover.artifacts import CATALOG, MANIFEST, artifact, catalog_columns, manifest_nodes
from sqllineage_scan.domain.dataset import Column
from sqllineage_scan.domain.evidence import Evidence, EvidenceKind
from sqllineage_scan.domain.finding import Finding, Severity
from sqllineage_scan.domain.job import JobKind
from sqllineage_scan.domain.names import NameKind, RelationName
from sqllineage_scan.domain.source import FileKind
from sqllineage_scan.domain.span import whole_file
from sqllineage_scan.domain.unit import Unit, Write
from sqllineage_scan.render.compiled import from_compiled
from sqllineage_scan.render.node import canonical_parts

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

    from sqllineage_scan.domain.artifact import ManifestNode
    from sqllineage_scan.domain.dbt import DbtNode
    from sqllineage_scan.domain.source import CompiledFile, DbtProject, Project
    from sqllineage_scan.pipeline.workshop import Workshop

_THIS = RelationName(NameKind.THIS, ())
_INJECTED = "__dbt__cte__known_"
_AGREED = 0.9  # of the names that both know, so that the manifest is of the same target


class Used(NamedTuple):
    """The files as the artifacts complete them, the columns of tables that nothing else describes, and what should be said."""

    files: list[CompiledFile]
    columns: dict[str, tuple[Column, ...]]  # by dbt's unique id
    findings: tuple[Finding, ...]


def use_artifacts(project: Project, files: Sequence[CompiledFile], workshop: Workshop) -> Used:
    """Artifacts are never needed and never trusted blindly: the checksum of each file must be that of the manifest."""
    found = list(files)
    columns: dict[str, tuple[Column, ...]] = {}
    findings: list[Finding] = []
    for owner in project.dbt_projects:
        if owner.parent is None:
            _Artifacts(owner, workshop).complete(found, columns, findings)
    return Used(found, columns, tuple(findings))


@dataclass(slots=True)
class _Tally:
    compiled: int = 0
    listed: int = 0  # whose parents or names the manifest gives, having no compiled SQL
    stale: int = 0


class _Artifacts:
    """What one project's last run has left."""

    def __init__(self, project: DbtProject, workshop: Workshop) -> None:
        self._project, self._workshop = project, workshop
        self._environment = workshop.environments[project.root]
        self._manifest = artifact(workshop.root, project, MANIFEST)
        self._catalog = artifact(workshop.root, project, CATALOG)
        self._meanings: dict[str, tuple[str, RelationName]] = {}  # unique id -> as dbt writes it into SQL, and what it is

    def complete(self, files: list[CompiledFile], columns: dict[str, tuple[Column, ...]], findings: list[Finding]) -> None:
        wanting = {
            file.node.unique_id: number
            for number, file in enumerate(files)
            if file.node is not None and self._is_ours(file.node) and _wants_help(file)
        }
        helped: set[str] = set()
        tally = _Tally()
        if wanting and self._manifest is not None:
            nodes, same_target = self._read(wanting, files, findings)
            for unique_id, number in wanting.items():
                node = nodes.get(unique_id)
                if node is None or not self._is_fresh(files[number], node):
                    tally.stale += bool(self._meanings)  # changed, or new
                    continue
                files[number] = self._helped(files[number], node, tally, same_target=same_target)
                if not node.compiled:
                    helped.add(unique_id)
        described = self._describe(columns, helped, findings)
        findings.extend(self._remarks(tally, len(wanting), described))

    def _is_ours(self, node: DbtNode) -> bool:
        return node.enabled and node.sight.project == self._project.root

    def _read(
        self, wanting: Mapping[str, int], files: Sequence[CompiledFile], findings: list[Finding]
    ) -> tuple[dict[str, ManifestNode], bool]:
        """The nodes that want help, and whether the manifest calls the others as we do: it may be of another target."""
        assert self._manifest is not None
        ours = {file.node.unique_id: file.node.names for file in files if file.node is not None and self._is_ours(file.node)}
        nodes: dict[str, ManifestNode] = {}
        both = alike = 0
        for node in manifest_nodes(self._workshop.root, self._manifest, findings):
            self._meanings[node.unique_id] = node.relation_name, _meaning(node)
            if node.unique_id in wanting:
                nodes[node.unique_id] = node
            elif node.unique_id in ours and node.relation_name:
                both += 1
                alike += all(
                    not own or own.lower() == name.lower() for own, name in zip(ours[node.unique_id], node.names, strict=True)
                )
        return nodes, alike >= _AGREED * both

    def _is_fresh(self, file: CompiledFile, node: ManifestNode) -> bool:
        return bool(node.checksum) and node.checksum == _checksum(self._workshop.root / file.path)

    def _helped(self, file: CompiledFile, node: ManifestNode, tally: _Tally, *, same_target: bool) -> CompiledFile:
        parents = tuple(dict.fromkeys(self._meanings[parent][1] for parent in node.parents if parent in self._meanings))
        assert file.node is not None
        known = replace(file.node, depends_on=parents, places=())
        if same_target and all(node.names[1:]):
            known = replace(known, relation=canonical_parts(self._environment, node.names), names=node.names)
        if node.compiled and file.kind is not FileKind.PYTHON_MODEL:
            tally.compiled += 1
            return self._recompiled(replace(file, node=known), node)
        more = _of_parents(file, parents)
        tally.listed += bool(more) or known.relation != file.node.relation
        return replace(file, node=known, units=(*file.units, *more))

    def _recompiled(self, file: CompiledFile, node: ManifestNode) -> CompiledFile:
        """The file with dbt's SQL in place of ours; what we know of other ways of rendering it stays."""
        from sqllineage_scan.parse.file import parse_file

        text = self._workshop.root.joinpath(file.path).read_text(encoding="utf-8", errors="replace")
        names = {self._meanings[parent][0]: self._meanings[parent][1] for parent in node.parents if parent in self._meanings}
        names[node.relation_name] = _THIS
        names |= {_name_of(sql): self._meanings[parent][1] for parent, sql in node.injected if parent in self._meanings}
        compiled = node.compiled
        for number, (_, sql) in enumerate(node.injected):  # an ephemeral parent is read by its name, as in the template
            compiled = compiled.replace(sql.strip(), f"{_INJECTED}{number} as (select 1)")
        rendered = from_compiled(file.path, text, compiled, {name: of for name, of in names.items() if name})
        parsed = parse_file((rendered,), dialect(file.dialect))
        otherwise = next((unit.condition for unit in file.units if unit.condition.startswith("not ")), "")
        conditional = [unit for unit in file.units if unit.condition and not unit.condition.startswith("not ")]
        return replace(
            file,
            status=parsed.status,
            statements=parsed.statements,
            understood=parsed.understood,
            units=(*(replace(unit, condition=otherwise) for unit in parsed.units), *conditional),
            holes=(),
            findings=(*(finding for finding in file.findings if not finding.code.startswith("PA")), *parsed.findings),
        )

    def _describe(self, columns: dict[str, tuple[Column, ...]], helped: Iterable[str], findings: list[Finding]) -> int:
        """The columns of sources, which nothing here makes, and of nodes whose own SQL does not tell them."""
        if self._catalog is None:
            return 0
        spoken = dialect(self._project.dialect)
        listed = catalog_columns(self._workshop.root, self._catalog, findings)
        wanted = {*helped, *(unique_id for unique_id in listed if unique_id.startswith("source."))}
        for unique_id in sorted(wanted & listed.keys()):
            columns.setdefault(
                unique_id,
                tuple(
                    Column(spoken.column(column.name, quoted=True), column.type, number)
                    for number, column in enumerate(listed[unique_id], 1)
                ),
            )
        return len(wanted & listed.keys())

    def _remarks(self, tally: _Tally, wanting: int, described: int) -> Iterable[Finding]:
        if tally.compiled or tally.listed:
            done = [f"{tally.compiled} by its compiled SQL"] * bool(tally.compiled)
            done += [f"{tally.listed} by the parents and names that it lists"] * bool(tally.listed)
            what = f"of {wanting} files that could not be rendered in full, {self._manifest} completes {' and '.join(done)}"
            yield self._remark("artifacts.used", self._manifest, what)
        if described:
            yield self._remark("artifacts.used", self._catalog, f"the columns of {described} tables are those of {self._catalog}")
        if tally.stale:
            what = f"{self._manifest} was made of other versions of {tally.stale} of {wanting} files that it could complete"
            yield self._remark("artifacts.stale", self._manifest, what, "run `dbt compile` again, or leave it: it is not needed")

    def _remark(self, name: str, path: str | None, message: str, fix: str = "") -> Finding:
        assert path is not None
        return Finding("AR02", name, Severity.NOTE, message, whole_file(path), path, fix)


def _wants_help(file: CompiledFile) -> bool:
    return file.kind is FileKind.PYTHON_MODEL or any(not hole.star for hole in file.holes)


def _checksum(path: Path) -> str:
    """As dbt has it (dbt-core, ``load_source_file``): of the text without white space around it."""
    try:
        return sha256(path.read_bytes().decode("utf-8").strip().encode("utf-8")).hexdigest()
    except (OSError, UnicodeDecodeError):
        return ""


def _meaning(node: ManifestNode) -> RelationName:
    if node.resource_type == "source":
        return RelationName(NameKind.SOURCE, (node.source_name, node.name))
    return RelationName(NameKind.REF, (node.package, node.name, node.version))


def _of_parents(file: CompiledFile, parents: Iterable[RelationName]) -> tuple[Unit, ...]:
    """A statement of which no more is known than that it reads the parents which the file's own units do not mention."""
    read: set[RelationName] = set()
    for unit in file.units:
        inputs = (source.source for relation in unit.relations for source in relation.inputs)
        read.update(_plain(name) for name in (*inputs, *unit.reads) if not isinstance(name, int))
    left = tuple(name for name in parents if _plain(name) not in read)
    if not left:
        return ()
    span = whole_file(file.path)
    evidence = (Evidence(EvidenceKind.ARTIFACT, "the manifest lists it among the parents"),)
    ordinal = 1 + max((unit.ordinal for unit in file.units), default=0)  # not a way of the others
    writes = (Write(_THIS, None, None, span=span),)
    return (Unit(JobKind.QUERY, ordinal, span, file.dialect, writes=writes, reads=left, evidence=evidence),)


def _name_of(injected: str) -> str:
    """The name of an ephemeral parent in compiled SQL: ``__dbt__cte__taxes as (…)``."""
    return injected.split(maxsplit=1)[0] if injected.strip() else ""


def _plain(name: RelationName) -> RelationName:
    """``ref('shop', 'orders')`` and ``ref('orders')`` are the same for this comparison."""
    return name._replace(parts=("", *name.parts[1:2])) if name.kind is NameKind.REF else name
