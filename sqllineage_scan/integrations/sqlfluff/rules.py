"""A class for every rule whose findings stand in SQL, made from its file. sqlfluff pickles classes by name for its worker
processes, so each is a name of this module; and it has every class of every plugin made in every run, so no more is read here
than the first lines of the files.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from sqlfluff.core.rules import BaseRule, LintResult
from sqlfluff.core.rules.crawlers import RootOnlyCrawler

from sqllineage_scan.bundled import folder
from sqllineage_scan.integrations.sqlfluff import SECTION

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlfluff.core.parser import BaseSegment
    from sqlfluff.core.rules import RuleContext

    from sqllineage_scan.domain.finding import Finding

_HEAD = re.compile(r"^(code|scope|summary): (.+)$", re.MULTILINE)
_SCOPES = ("statement", "graph")


class _Reporting:
    """What all of our classes do: ask what is found in the file, and show those findings that are theirs."""

    def _eval(self, context: RuleContext) -> list[LintResult]:
        config, path = context.config, context.path
        if context.templated_file is None or not _is_on(config.get("enabled", section=SECTION, default=False)):
            return []
        from sqllineage_scan.integrations.sqlfluff.findings import in_file

        graph = _is_on(config.get("graph", section=SECTION, default=True))
        text = context.templated_file.source_str
        found = in_file("" if path is None else str(path), text, context.dialect.name, graph)
        return [_result(finding, context.segment, text) for finding in found if finding.name == self.lineage_name]  # type: ignore[attr-defined]


def _is_on(value: Any) -> bool:
    return str(value).strip().lower() in ("true", "1", "yes", "on")


def _result(finding: Finding, root: BaseSegment, text: str) -> LintResult:
    help_ = f" {finding.help[:1].upper()}{finding.help[1:]}." if finding.help else ""
    return LintResult(anchor=_segment(finding, root, text), description=f"{finding.message}.{help_}")


def _segment(finding: Finding, root: BaseSegment, text: str) -> BaseSegment:
    """The smallest piece of SQL that came from where the finding is; the file itself where that is only template."""
    lines = text.split("\n")
    offset = sum(len(line) + 1 for line in lines[: finding.span.line - 1]) + finding.span.column - 1
    behind = None
    for segment in root.raw_segments:
        marker = segment.pos_marker
        if marker is None or segment.is_meta or segment.is_whitespace:
            continue
        if marker.source_slice.start <= offset < marker.source_slice.stop:
            return segment
        if behind is None and marker.source_slice.start >= offset:
            behind = segment
    return behind or root


def _classes() -> Iterator[tuple[str, type[BaseRule]]]:
    for group in sorted(folder("rules").iterdir(), key=lambda item: item.name):
        for file in sorted(group.iterdir(), key=lambda item: item.name) if group.is_dir() else ():
            said = dict(_HEAD.findall(file.read_text(encoding="utf-8")[:400]))
            if file.name.endswith(".yml") and said.get("scope") in _SCOPES:
                name = f"{group.name}.{file.name.removesuffix('.yml')}"
                yield _class(name, said["code"], said["summary"])


def _class(name: str, code: str, summary: str) -> tuple[str, type[BaseRule]]:
    words = {
        "__doc__": f"{summary}\n\n    ``sqllineage-scan rules explain {code}`` has the reason, and bad and good examples.\n    ",
        "__module__": __name__,
        "name": f"lineage.{name}",
        "lineage_name": name,
        "groups": ("all", "lineage"),
        "config_keywords": [],
        "crawl_behaviour": RootOnlyCrawler(),
        "is_fix_compatible": False,
    }
    title = f"Rule_Lineage_{code}"
    metaclass: Any = type(BaseRule)
    return title, metaclass(title, (_Reporting, BaseRule), words)


RULES = []
for _title, _made in _classes():
    globals()[_title] = _made
    RULES.append(_made)
