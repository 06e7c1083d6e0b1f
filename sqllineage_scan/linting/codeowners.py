"""CODEOWNERS as GitHub and GitLab read it: the last pattern that fits a path says who owns it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from pathspec import GitIgnoreSpec

if TYPE_CHECKING:
    from pathlib import Path

PLACES = (".github/CODEOWNERS", "CODEOWNERS", "docs/CODEOWNERS", ".gitlab/CODEOWNERS")


@dataclass(frozen=True)
class CodeOwners:
    path: str
    rules: tuple[tuple[str, tuple[str, ...]], ...]  # in the order of the file

    @cached_property
    def _specs(self) -> list[tuple[GitIgnoreSpec, tuple[str, ...]]]:
        return [(GitIgnoreSpec.from_lines([pattern]), owners) for pattern, owners in reversed(self.rules)]

    @cached_property
    def everyone(self) -> frozenset[str]:
        """All owners that are named, as people write them elsewhere: without @, in small letters, teams by their last part."""
        return frozenset(label for _, owners in self.rules for owner in owners for label in labels(owner))

    def of(self, path: str) -> tuple[str, ...]:
        return next((owners for spec, owners in self._specs if spec.match_file(path)), ())


def labels(owner: str) -> tuple[str, ...]:
    """``@acme/data-team`` is also ``data-team`` and ``data team``; ``ann@acme.com`` is also ``ann``."""
    plain = owner.strip().lower().removeprefix("@")
    last = plain.partition("@")[0].rpartition("/")[2]
    return tuple(dict.fromkeys((plain, last, last.replace("-", " ").replace("_", " ").replace(".", " "))))


def read_code_owners(root: Path) -> CodeOwners | None:
    """None where the repository has no such file."""
    for place in PLACES:
        file = root / place
        if file.is_file():
            text = file.read_text(encoding="utf-8", errors="replace")
            return CodeOwners(place, tuple(_rules(text)))
    return None


def _rules(text: str) -> list[tuple[str, tuple[str, ...]]]:
    found = []
    default: tuple[str, ...] = ()
    for line in text.splitlines():
        words = line.split(" #", 1)[0].split()
        if not words or words[0].startswith("#"):
            continue
        if words[0].startswith(("[", "^[")):  # GitLab's sections: [Data] @data-team
            default = tuple(word for word in words[1:] if "@" in word)
            continue
        found.append((words[0], tuple(words[1:]) or default))
    return found
