"""A piece of data as a script: under ``file://`` a page may load scripts and nothing else."""

from __future__ import annotations

import gzip
import json
from base64 import b64encode
from typing import Any

LEVEL = 6  # 9 takes three times as long for two per cent


def shard(name: str, values: Any) -> bytes:
    """``LINEAGE.put("core","<base64 of gzip of JSON>")``. Base64 holds nothing that HTML or JavaScript could misread."""
    packed = b64encode(compressed(encoded(values)))
    return b'LINEAGE.put("%s","%s")\n' % (name.encode("ascii"), packed)


def encoded(values: Any) -> bytes:
    """Compact JSON. Half a surrogate pair, which is no Unicode, stays the escape that it is in JSON."""
    text = json.dumps(values, ensure_ascii=False, separators=(",", ":"))
    return text.encode("utf-8", "backslashreplace")


def compressed(data: bytes) -> bytes:
    """Without the time of day, so that the same data gives the same bytes."""
    return gzip.compress(data, LEVEL, mtime=0)
