"""Who says it: the ``producer`` of every event and facet."""

from __future__ import annotations

from sqllineage_scan.bundled import version

PRODUCER = f"https://github.com/sqllineage-scan/sqllineage-scan/tree/v{version()}"
