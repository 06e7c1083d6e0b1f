"""A repository compiled in parts, by machines that know nothing of each other, and linked by one: ``scan --shard 2/8``, ``link``.

Which shard a file belongs to hangs on its path alone, so a cache of a shard serves it from commit to commit. dbt's YAML is
read by each: what it says of a model, that model's file must know.
"""

from __future__ import annotations

import re
from dataclasses import replace
from functools import cache
from hashlib import sha256
from typing import IO, TYPE_CHECKING, NamedTuple

from sqllineage_scan.domain.shard import Shard
from sqllineage_scan.errors import UsageError
from sqllineage_scan.linting.codeowners import CodeOwners, read_code_owners
from sqllineage_scan.pipeline.cache.codec import Codec, DamagedError
from sqllineage_scan.pipeline.cache.store import opened
from sqllineage_scan.pipeline.cache.versions import programs
from sqllineage_scan.pipeline.governance import with_governance
from sqllineage_scan.pipeline.memory import rare_collection
from sqllineage_scan.pipeline.scan import compile_repository, link_files, link_options
from sqllineage_scan.resolve.link import LinkOptions

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from sqllineage_scan.domain.source import SourceFile
    from sqllineage_scan.graph.model import LineageGraph
    from sqllineage_scan.pipeline.options import ScanOptions

MAGIC = b"sqllineage-scan shard 1\n"
_WANTED = re.compile(r"([1-9][0-9]*)/([1-9][0-9]*)")


class Part(NamedTuple):
    """The second of eight: 2/8"""

    number: int
    of: int

    def holds(self, path: str) -> bool:
        digest = sha256(path.encode(errors="surrogateescape")).digest()
        return int.from_bytes(digest[:8], "big") % self.of == self.number - 1


def part(text: str) -> Part:
    found = _WANTED.fullmatch(text.strip())
    if found is None or int(found[1]) > int(found[2]):
        raise UsageError(f"--shard {text!r}: write K/N, as in 1/4 to 4/4")
    return Part(int(found[1]), int(found[2]))


def compile_shard(
    root: Path, options: ScanOptions, wanted: Part, progress: Callable[[str, int, int], None] | None = None
) -> Shard:
    """dbt's artifacts have no part in it: they would have to be looked at by whoever links."""
    owners = read_code_owners(root)
    asked = (options.governance, owners)
    settings = (options.profile, options.target, sorted(options.env.items()), sorted(options.vars.items()), asked)
    state = sha256(programs() + repr(settings).encode(errors="replace"))

    def is_wanted(file: SourceFile) -> bool:  # asked of every file, in order
        size = (root / file.path).stat().st_size if (root / file.path).is_file() else -1
        state.update(f"{file.path}\0{file.kind}\0{file.dialect}\0{size}\n".encode(errors="surrogateescape"))
        return wanted.holds(file.path)

    with rare_collection(), opened(options.cache_dir, options.cache_secret) as store:
        compiled = compile_repository(root, replace(options, artifacts=False), progress, store, wanted=is_wanted)
    linked = link_options(options, {})
    return Shard(
        state.hexdigest(),
        *wanted,
        compiled.name,
        compiled.findings,
        tuple(compiled.files),
        options.namespace,
        linked.default_catalog,
        linked.default_schema,
        options.targets,
        options.governance,
        None if owners is None else (owners.path, owners.rules),
    )


def write_shard(shard: Shard, out: IO[bytes]) -> None:
    """As the writers of ``outputs`` are."""
    out.write(MAGIC)
    out.write(_codec().encode(shard))


def is_shard(path: Path) -> bool:
    """Told by how it begins. What cannot be read is for whoever reads it next to say."""
    try:
        with path.open("rb") as file:
            return file.read(len(MAGIC)) == MAGIC
    except OSError:
        return False


def read_shard(path: Path) -> Shard:
    """Raises ``UsageError`` for a file that is damaged, or of another version."""
    try:
        data = path.read_bytes()
        return _codec().decode(data.removeprefix(MAGIC))
    except OSError as error:
        raise UsageError(f"cannot read {path}: {error.strerror or error}") from error
    except DamagedError as error:
        raise UsageError(f"{path}: a damaged shard, or one of another version; scan again") from error


def link_shards(paths: Sequence[Path]) -> LineageGraph:
    """The graph of the repository that these are all shards of."""
    shards = [read_shard(path) for path in paths]
    first = shards[0]
    for path, shard in zip(paths, shards, strict=True):
        if (shard.state, shard.count) != (first.state, first.count):
            raise UsageError(
                f"{path} and {paths[0]} are shards of different scans; scan all of them at one commit, with one version"
            )
    numbers = sorted(shard.number for shard in shards)
    missing = sorted(set(range(1, first.count + 1)) - set(numbers))
    if missing or len(numbers) > first.count:
        what = f"shard {missing[0]}/{first.count} is missing" if missing else "a shard is there twice"
        raise UsageError(f"{what}; give every shard of the scan once")
    files = sorted((file for shard in shards for file in shard.files), key=lambda file: file.path)
    options = LinkOptions(first.namespace, first.default_catalog, first.default_schema, first.targets)
    owners = None if first.owners is None else CodeOwners(*first.owners)
    with rare_collection():
        return with_governance(link_files(first.name, files, first.findings, options), owners, first.governance)


@cache
def _codec() -> Codec[Shard]:
    return Codec(Shard)
