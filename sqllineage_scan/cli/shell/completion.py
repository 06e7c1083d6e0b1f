"""What the shell offers when somebody presses the tab key."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable


def complete_dialect(incomplete: str) -> list[str]:
    from sqllineage_scan.config.dialect_names import known_dialects

    return [name for name in known_dialects() if name.startswith(incomplete)]


def complete_format(thing: str) -> Callable[[str], list[str]]:
    def complete(incomplete: str) -> list[str]:
        from sqllineage_scan.outputs.formats import formats

        return [name for name in formats(thing) if name.startswith(incomplete)]

    return complete
