"""Static SQL lineage for repositories: what feeds a column, what breaks if it changes, and how sure that is.

The public face (ARCHITECTURE.md, "Public face") is loaded when first used, so that ``import sqllineage_scan`` stays cheap.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sqllineage_scan.api import (
        ScanOptions,
        analyze_sql,
        check,
        compare,
        compare_contracts,
        contract_of,
        drift,
        load,
        scan,
        write,
        write_diff,
        write_diff_site,
        write_site,
    )

__version__ = "0.1.0"

__all__ = [
    "ScanOptions",
    "__version__",
    "analyze_sql",
    "check",
    "compare",
    "compare_contracts",
    "contract_of",
    "drift",
    "load",
    "scan",
    "write",
    "write_diff",
    "write_diff_site",
    "write_site",
]


def __getattr__(name: str) -> Any:
    if name in __all__:
        from sqllineage_scan import api

        return getattr(api, name)
    msg = f"module {__name__!r} has no attribute {name!r}"
    raise AttributeError(msg)
