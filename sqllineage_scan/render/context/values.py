"""Functions on plain values: ``fromjson``, ``toyaml``, ``zip``, ``set``, ``local_md5`` …"""

from __future__ import annotations

import json
from hashlib import md5
from itertools import islice
from typing import TYPE_CHECKING, Any

from sqllineage_scan.render.attempt import Failure, attempt
from sqllineage_scan.render.bounds import MAX_RANGE, check_size

if TYPE_CHECKING:
    from sqllineage_scan.render.rendering import Rendering


def fromjson(string: Any, default: Any = None) -> Any:
    loaded = attempt(lambda: json.loads(string))
    return default if isinstance(loaded, Failure) else loaded


def tojson(value: Any, default: Any = None, sort_keys: bool = False) -> Any:  # noqa: FBT001, FBT002 -- dbt's signature
    written = attempt(lambda: json.dumps(check_size(value), sort_keys=sort_keys))
    return default if isinstance(written, Failure) else written


def fromyaml(value: Any, default: Any = None) -> Any:
    import yaml

    loaded = attempt(lambda: yaml.safe_load(value))
    return default if isinstance(loaded, Failure) else loaded


def toyaml(value: Any, default: Any = None, sort_keys: bool = False) -> Any:  # noqa: FBT001, FBT002 -- dbt's signature
    import yaml

    written = attempt(lambda: yaml.safe_dump(check_size(value), sort_keys=sort_keys))
    return default if isinstance(written, Failure) else written


def set_(value: Any = (), default: Any = None) -> Any:
    """A list without repeats, in order: a Python set's order changes from run to run."""
    made = attempt(lambda: list(dict.fromkeys(islice(value, MAX_RANGE))))
    return default if isinstance(made, Failure) else made


def set_strict(value: Any) -> list[Any]:
    return list(dict.fromkeys(islice(value, MAX_RANGE)))


def zip_(*lists: Any, default: Any = None) -> Any:
    made = attempt(lambda: zip_strict(*lists))
    return default if isinstance(made, Failure) else made


def zip_strict(*lists: Any) -> list[Any]:
    return list(islice(zip(*lists, strict=False), MAX_RANGE))


def local_md5(value: Any) -> str:
    return md5(str(check_size(value)).encode(errors="replace"), usedforsecurity=False).hexdigest()


def diff_of_two_dicts(first: dict[str, list[Any]], second: dict[str, list[Any]]) -> dict[str, list[Any]]:
    kept = {str(key).lower(): {str(item).lower() for item in items} for key, items in second.items()}
    diff = {key: [item for item in items if str(item).lower() not in kept.get(key.lower(), ())] for key, items in first.items()}
    return {key: items for key, items in diff.items() if items}


def doc(rendering: Rendering, *names: Any) -> str:
    """The text of a docs block; nothing for one that no file at hand holds."""
    return rendering.environment.docs.get(str(names[-1]), "") if names else ""
