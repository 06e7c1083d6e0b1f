"""Ways of knowing less. Each takes some of what a world says away; what is right stays what it was."""

from __future__ import annotations

import re
import tempfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.calibration.sites import Edit
from benchmarks.calibration.world import in_dialect
from sqllineage_scan.discover.dialect import guess_by_folder
from sqllineage_scan.domain.evidence import EvidenceKind
from sqllineage_scan.domain.names import NameKind

if TYPE_CHECKING:
    from random import Random

    from benchmarks.calibration.sites import Known
    from benchmarks.calibration.world import Script


@dataclass
class Hidden:
    """What is taken away, collected from several ways of hiding before any of it is carried out."""

    edits: dict[str, list[Edit]] = field(default_factory=dict)
    dialects: dict[str, tuple[str, str]] = field(default_factory=dict)  # path -> dialect, and why it was guessed
    unlisted: set[str] = field(default_factory=set)  # datasets whose columns nobody lists
    partly: dict[str, tuple[str, ...]] = field(default_factory=dict)  # … of which some columns are listed
    undeclared: set[str] = field(default_factory=set)  # datasets that nothing in the repository mentions but their readers
    stale: dict[str, str] = field(default_factory=dict)  # datasets with a column that their list lacks
    absent: set[str] = field(default_factory=set)  # files that are not there
    meaning: dict[str, set[str]] = field(default_factory=dict)  # a name the scan has to use -> the datasets it stands for

    def edit(self, path: str, edit: Edit) -> bool:
        """Take an edit, unless one is there already that touches the same text."""
        taken = self.edits.setdefault(path, [])
        if any(edit.start < other.end and other.start < edit.end for other in taken):
            return False
        taken.append(edit)
        return True


Hide = "Callable[[Known, Random, Hidden], None]"


def share_of(rng: Random) -> float:
    return rng.choice((0.3, 0.6, 1.0))


def forget_schemas(known: Known, rng: Random, hidden: Hidden) -> None:
    """Nobody lists the columns of some tables; of some, YAML lists a part."""
    share = share_of(rng)
    for parts, columns in sorted(known.gold.schema.items()):
        if rng.random() < share:
            name = ".".join(parts)
            hidden.unlisted.add(name)
            if rng.random() < 0.3:
                hidden.partly[name] = tuple(sorted(rng.sample(columns, len(columns) // 2)))


def forget_files(known: Known, rng: Random, hidden: Hidden) -> None:
    """The files that make some datasets are in another repository."""
    for path in sorted(known.gold.world.scripts):
        if rng.random() < 0.2:
            hidden.absent.add(path)


def age_schemas(known: Known, rng: Random, hidden: Hidden) -> None:
    """Tables have a column that was added after their list was written."""
    read = {(key.source, key.column) for key in known.gold.edges}
    for parts, columns in sorted(known.gold.schema.items()):
        name = ".".join(parts)
        used = [column for column in columns if (name, column) in read]
        if used and rng.random() < 0.5:
            hidden.stale[name] = rng.choice(used)


def drop_qualifiers(known: Known, rng: Random, hidden: Hidden) -> None:
    """``o.amount`` is written ``amount``, wherever that means the same."""
    share = share_of(rng)
    for path, found in known.qualifiers.items():
        if rng.random() < share:
            for edit in found:
                hidden.edit(path, edit)


def shorten_names(known: Known, rng: Random, hidden: Hidden) -> None:
    """``raw.orders`` and ``{{ source('raw', 'orders') }}`` are written ``orders``; of some tables nothing else is known."""
    share = share_of(rng)
    for parts in sorted(known.gold.schema):
        if len(parts) > 1 and rng.random() < 0.25:
            hidden.undeclared.add(".".join(parts))
    for site in known.tables:
        bare = site.dataset.rsplit(".", 1)[-1]
        if rng.random() < share and len(site.dataset.split(".")) > 1 and hidden.edit(site.path, site.edit(bare)):
            hidden.meaning.setdefault(bare, set()).add(site.dataset)


def withhold_values(known: Known, rng: Random, hidden: Hidden) -> None:
    """A template expression that nobody can render stands where a table, a part of its name, a column or an item stood."""
    count = 0
    for site in known.tables:
        if rng.random() < 0.08 and site.aliased:
            count += 1
            name = f"{{{{ withheld_{count}() }}}}"
            if rng.random() < 0.4 and len(site.written) > 1 and site.kind is NameKind.TABLE:
                name = f"{site.written[-2]}.{name}"
            if hidden.edit(site.path, site.edit(name)):
                hidden.meaning.setdefault(name, set()).add(site.dataset)
    for spot in known.spots:
        if rng.random() < 0.06:
            count += 1
            hidden.edit(spot.path, Edit(spot.start, spot.end, spot.as_hole(f"{{{{ withheld_{count}() }}}}")))


_TYPOS = (
    (r"\bfrom\b", "form"),
    (r"\bselect\b", "select select"),
    (r"\)", ""),
    (r",", ", ,"),
    (r"=", "= ="),
    (r"\bas\b", "as as"),
)


def break_statements(known: Known, rng: Random, hidden: Hidden) -> None:
    """A slip of the pen: no parser understands the statement any more."""
    for path in known.scripts:
        script = known.gold.world.scripts[path]
        if rng.random() > 0.25:
            continue
        pattern, slip = rng.choice(_TYPOS)
        places = [match for match in re.finditer(pattern, script.text, re.IGNORECASE) if not _in_tag(script.text, match.start())]
        if places:
            place = rng.choice(places)
            hidden.edit(path, Edit(place.start(), place.end(), slip))


def _in_tag(text: str, position: int) -> bool:
    return text.rfind("{", 0, position) > text.rfind("}", 0, position)


def guess_dialects(known: Known, _rng: Random, hidden: Hidden) -> None:
    """Nobody says which dialect it is; it is told by its words."""
    scripts = {path: known.gold.world.scripts[path] for path in known.scripts}
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        for path, script in scripts.items():
            (root / path).parent.mkdir(parents=True, exist_ok=True)
            (root / path).write_text(script.text)
        for path, guess in guess_by_folder(root, sorted(scripts)).items():
            hidden.dialects[path] = (guess.dialect, guess.signs if guess.dialect else "")


_DIALECTS = ("", "bigquery", "snowflake", "postgres", "tsql", "mysql", "spark", "duckdb", "clickhouse", "oracle")


def mistake_dialects(known: Known, rng: Random, hidden: Hidden) -> None:
    """A few files are taken for another dialect than they speak."""
    for path in known.scripts:
        script = known.gold.world.scripts[path]
        if rng.random() < 0.15:
            hidden.dialects[path] = (rng.choice([name for name in _DIALECTS if name != script.file.dialect]), "")


def misread_statements(known: Known, rng: Random, hidden: Hidden) -> None:
    """Some files are taken for a dialect whose parser does not understand them."""
    world = known.gold.world
    for path in rng.sample(known.scripts, min(len(known.scripts), 40)):
        for name in rng.sample(_DIALECTS, 4):
            compiled = world.compile(in_dialect(world.scripts[path], name))
            if any(item.kind is EvidenceKind.SECOND_PARSER for unit in compiled.units for item in unit.evidence):
                hidden.dialects[path] = (name, "")
                break


def forget_column_lists(known: Known, _rng: Random, hidden: Hidden) -> None:
    """``insert into t (a, b) select …`` is written ``insert into t select …``, and nobody lists the columns of t."""
    for path in known.scripts:
        script = known.gold.world.scripts[path]
        for match in re.finditer(
            r"\binsert\s+into\s+([\w.]+)(\s*\([\w\s,]+\))\s*(?=select\b|with\b)", script.text, re.IGNORECASE
        ):
            hidden.unlisted.add(match[1].lower())
            hidden.edit(path, Edit(match.start(2), match.end(2), " "))
        for match in re.finditer(r"\binsert\s+into\s+([\w.]+)\s+(?=select\b|with\b)", script.text, re.IGNORECASE):
            hidden.unlisted.add(match[1].lower())


def nothing(_known: Known, _rng: Random, _hidden: Hidden) -> None:
    """All is known, but for the two ways of rendering a conditional template."""


def edited(script: Script, hidden: Hidden) -> Script:
    """The file as it stands after hiding."""
    text = script.text
    for edit in sorted(hidden.edits.get(script.file.path, ()), reverse=True):
        text = text[: edit.start] + edit.text + text[edit.end :]
    return in_dialect(script, *hidden.dialects.get(script.file.path, (script.file.dialect, "")))._replace(text=text)
