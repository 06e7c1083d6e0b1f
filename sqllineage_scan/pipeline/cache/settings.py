"""Settings that hold Jinja (``target: "{{ env_var('DBT_TARGET', 'dev') }}"``): their values, so that Jinja need not be loaded."""

from __future__ import annotations

from hashlib import sha256
from typing import TYPE_CHECKING, Any

import msgspec

from sqllineage_scan.pipeline.cache.loose import read_loose, write_loose
from sqllineage_scan.pipeline.cache.versions import programs
from sqllineage_scan.render.project_settings import holds_template

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from sqllineage_scan.pipeline.cache.store import Store

_NAMESPACE = "settings"


def remembered(
    evaluate: Callable[[Any], Any], store: Store | None, env: Mapping[str, str], variables: Mapping[str, Any]
) -> Callable[[Any], Any]:
    """``evaluate``, which sees nothing but ``env`` and ``variables``, asked once a value."""
    if store is None:
        return evaluate
    seen = sha256(programs() + repr((sorted(env.items()), sorted(variables.items()))).encode(errors="replace"))

    def evaluated(value: Any) -> Any:
        if not holds_template(value):
            return evaluate(value)
        try:
            key = seen.copy()
            key.update(msgspec.msgpack.encode(write_loose(value)))
        except (TypeError, ValueError, OverflowError, RecursionError):
            return evaluate(value)
        known = store.read(_NAMESPACE, [key.digest()])
        for data in known.values():
            try:
                return read_loose(msgspec.msgpack.decode(data))
            except (TypeError, ValueError, RecursionError, msgspec.MsgspecError):
                break
        found = evaluate(value)
        try:
            written = write_loose(found)
            store.write(_NAMESPACE, {key.digest(): msgspec.msgpack.encode(written)})
        except (TypeError, ValueError, OverflowError, RecursionError):
            return found
        return read_loose(written)  # the same value, now and next time

    return evaluated
