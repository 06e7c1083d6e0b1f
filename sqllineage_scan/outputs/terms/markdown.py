"""Two versions of a contract as Markdown, for a pull request."""

from __future__ import annotations

from typing import TYPE_CHECKING, TextIO

from sqllineage_scan.outputs.changes._words import code, prose

if TYPE_CHECKING:
    from sqllineage_scan.domain.contract import ContractDiff


def write(diff: ContractDiff, out: TextIO) -> None:
    old, new = diff.old.version or "?", diff.new.version or "?"
    out.write(f"### {prose(diff.new.label)} {prose(old)} → {prose(new)}\n\n")
    if not diff.changes:
        out.write("The two promise the same.\n")
        return
    if diff.judged:
        out.write(f"**{prose(diff.judged)}**\n\n")
    out.write("| change | of | before | after | takes | why |\n|---|---|---|---|---|---|\n")
    for change in diff.changes:
        cells = (
            change.kind,
            code(change.subject),
            code(change.before) if change.before else "",
            code(change.after) if change.after else "",
            f"**{change.bump.value}**" if change.breaking else change.bump.value,
            prose(change.why),
        )
        out.write(f"| {' | '.join(cells)} |\n")
